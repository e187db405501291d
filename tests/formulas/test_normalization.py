import inspect

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from snippets.normalization import (
    batch_renorm,
    group_norm,
    instance_norm,
    layer_norm,
    layer_norm_backward,
    layer_norm_rnn_step,
    layer_norm_weight_invariance,
    rms_norm,
    spectral_norm,
    spectral_norm_regularization,
    weight_norm,
)
from yansuan.proof.witness import derivative, no_derivative, witness


@witness(layer_norm)
def test_layer_norm(z, gamma, beta, eps):
    return F.layer_norm(z, gamma.shape, gamma, beta, eps)


def varied(rng):
    return rng.standard_normal((5, 4))


def four_features(rng, scale, offset):
    return scale * rng.standard_normal((5, 4)) + offset


def one_scale_each(rng):
    return rng.uniform(0.2, 3, 4)


@witness(layer_norm_backward, z=four_features, dz_hat=varied, gamma=one_scale_each)  # with two features dz is 0
@derivative(layer_norm_backward, z=varied, dz_hat=varied, gamma=one_scale_each)
def test_layer_norm_backward(dz_hat, z, gamma, eps):
    return torch.autograd.functional.vjp(
        lambda z, gamma, beta: F.layer_norm(z, gamma.shape, gamma, beta, eps),
        (z, gamma, 0 * gamma),
        dz_hat,
        create_graph=True,
    )[1]


def inputs(rng, scale):
    return scale * rng.standard_normal((5, 3))


def nonzero(rng):
    return rng.choice([-1, 1]) * rng.uniform(0.1, 10)


CHANGED = {
    "x": inputs,
    "W": lambda rng: rng.standard_normal((4, 3)),
    "a": nonzero,
    "c": lambda rng: rng.standard_normal(3),
}


@witness(layer_norm_weight_invariance, **CHANGED)
def test_layer_norm_weight_invariance(x, W, a, c, eps):
    z = F.linear(x, a * W + c)
    return z, F.layer_norm(z, (len(W),), eps=eps)


def test_weights_scaled_by_0_are_refused():
    with pytest.raises(ValueError, match=r"^a: expected a factor other than 0, got 0$"):
        layer_norm_weight_invariance(np.ones((1, 2)), np.ones((3, 2)), 0.0, np.zeros(2))


STEP = {
    **{"h": lambda rng: rng.uniform(-1, 1, 4), "x": lambda rng, scale: scale * rng.standard_normal(3)},
    **{"W_hh": lambda rng: rng.standard_normal((4, 4)), "W_xh": lambda rng: rng.standard_normal((4, 3))},
    **{"gamma": one_scale_each, "beta": lambda rng: rng.uniform(-1, 1, 4)},
}


@witness(layer_norm_rnn_step, **STEP)
def test_layer_norm_rnn_step(h, x, W_hh, W_xh, gamma, beta, eps):
    return torch.tanh(F.layer_norm(F.linear(h, W_hh) + F.linear(x, W_xh), h.shape, gamma, beta, eps))


@witness(rms_norm)
def test_rms_norm(z, gamma, eps):
    return F.rms_norm(z, gamma.shape, gamma, eps)


@witness(rms_norm)
def test_rms_norm_by_the_length_of_each_example(z, gamma, eps):
    d = z.shape[1]
    return gamma * z * d**0.5 / torch.hypot(z.norm(dim=1), torch.tensor(d * eps) ** 0.5)[:, None]


@witness(instance_norm)
def test_instance_norm(z, eps):
    return F.instance_norm(z, eps=eps)


def channels(rng, scale, offset):
    scales = 10.0 ** rng.uniform(-1, 1, (1, 6, 1, 1))
    return scale * scales * rng.standard_normal((3, 6, 2, 5)) + offset


def divisor(rng):
    return int(rng.choice([2, 3]))


@witness(group_norm, z=channels, groups=divisor)
def test_group_norm(z, groups, eps):
    return F.group_norm(z, groups, eps=eps)


@witness(group_norm, z=channels, groups=lambda z: z.shape[1])
def test_group_norm_with_a_group_for_each_channel_is_instance_norm(z, eps):
    return F.instance_norm(z, eps=eps)


@witness(group_norm, z=channels, groups=lambda: 1)
def test_group_norm_with_one_group_is_layer_norm_over_the_whole_image(z, eps):
    return F.layer_norm(z, z.shape[1:], eps=eps)


def above_one(rng):
    return 1 + rng.uniform(0.1, 2)


def positive(rng, scale):
    return scale * rng.uniform(0.2, 3, 3)


def numbers(rng, scale, offset):
    return scale * 10.0 ** rng.uniform(-1, 1, 3) * rng.standard_normal((5, 3)) + offset


RENORM = {
    "z": numbers,
    "mu_bar": lambda rng, scale, offset: offset + scale * rng.standard_normal(3),
    "sigma_bar": positive,
}


@witness(batch_renorm, **RENORM, r_max=above_one, d_max=lambda rng: rng.uniform(0.1, 2))
def test_batch_renorm(z, mu_bar, sigma_bar, r_max, d_max, eps):
    sigma = torch.sqrt(torch.var(z, dim=0, correction=0) + eps)
    r = torch.clamp(sigma / sigma_bar, 1 / r_max, r_max)
    d = torch.clamp((z.mean(dim=0) - mu_bar) / sigma_bar, -d_max, d_max)
    return F.batch_norm(z, None, None, r, d, training=True, eps=eps)


@witness(batch_renorm, **RENORM, r_max=lambda: 1.0, d_max=lambda: 0.0)
def test_batch_renorm_with_the_tightest_limits_is_batch_norm(z, eps):
    return F.batch_norm(z, None, None, training=True, eps=eps)


@witness(batch_renorm, **RENORM, r_max=lambda: 1e300, d_max=lambda: 1e300)
def test_batch_renorm_without_limits_is_inference(z, mu_bar, sigma_bar):
    return F.batch_norm(z, mu_bar, sigma_bar**2 - 1e-30, training=False, eps=1e-30)


no_derivative(batch_renorm, "the paper takes r and d as constants, so its gradient is not the slope of the formula")


@pytest.mark.parametrize(("r_max", "d_max"), [(0.5, 1.0), (1.0, -1.0)])
def test_limits_that_are_none_are_refused(r_max, d_max):
    z, one = np.ones((2, 1)), np.ones(1)
    with pytest.raises(ValueError, match=rf"^r_max, d_max: expected .* got {r_max} and {d_max}$"):
        batch_renorm(z, one, one, r_max, d_max)
    assert batch_renorm(z, one, one, 1.0, 0.0).shape == (2, 1)


@witness(weight_norm)
def test_weight_norm(v, g, dw):
    layer = torch.nn.utils.parametrizations.weight_norm(torch.nn.Linear(len(v), 1, bias=False, dtype=torch.float64))
    parameters = layer.parametrizations.weight
    with torch.no_grad():
        parameters.original0.fill_(g), parameters.original1.copy_(v[None])
    (layer.weight[0] @ dw).backward()
    return layer.weight[0], parameters.original0.grad[0, 0], parameters.original1.grad[0]


@witness(weight_norm)
def test_weight_norm_by_autograd(v, g, dw):
    def w(v, g):
        return g * F.normalize(v, dim=0)

    g = torch.as_tensor(g)
    of_v, of_g = torch.autograd.functional.vjp(w, (v, g), dw, create_graph=True)[1]
    return w(v, g), of_g, of_v


def test_the_slope_along_the_direction_is_orthogonal_to_it():
    v = np.array([1.0, -2.0, 5.0])
    assert weight_norm(v, 3.0, np.array([1.0, 1.0, 0.0]))[2] @ v == pytest.approx(0, abs=1e-14)
    with pytest.raises(ValueError, match=r"^v: expected a direction, got only zeros$"):
        weight_norm(np.zeros(2), 1.0, np.ones(2))


def weights(rng, scale):
    return scale * rng.standard_normal((4, 3))


def some_vector(rng):
    return rng.standard_normal(4)


@witness(spectral_norm, W=weights, u=some_vector)
def test_spectral_norm(W, u):
    v = F.normalize(W.T @ u, dim=0)
    u = F.normalize(W @ v, dim=0)
    return W / torch.linalg.vecdot(u, W @ v), u


@witness(spectral_norm, W=weights, u=lambda W: np.linalg.svd(W)[0][:, 0])
def test_spectral_norm_at_the_singular_vector(W, u):
    return W / torch.linalg.matrix_norm(W, ord=2), u


def test_repeated_steps_find_the_largest_singular_value_at_the_expected_rate():
    rng = np.random.default_rng(0)
    left, right = np.linalg.qr(rng.normal(size=(4, 4)))[0], np.linalg.qr(rng.normal(size=(4, 4)))[0]
    W, u, gaps = left @ np.diag([3.0, 2.0, 1.0, 0.5]) @ right, rng.normal(size=4), []
    for _ in range(30):
        W_bar, u = spectral_norm(W, u)
        gaps.append(np.linalg.norm(u - np.sign(u @ left[:, 0]) * left[:, 0]))
    assert gaps[20] / gaps[19] == pytest.approx((2 / 3) ** 2, rel=1e-3)
    assert np.linalg.norm(W_bar, 2) == pytest.approx(1, rel=1e-9)
    said = r"^u: expected a vector not led to 0; draw another \(none helps W = 0\)$"
    for W in (np.array([[0.0, 0.0], [0.0, 1.0]]), np.zeros((2, 2))):
        with pytest.raises(ValueError, match=said):
            spectral_norm(W, np.array([1.0, 0.0]))
    assert np.array_equal(spectral_norm(np.eye(2), np.array([1.0, 0.0]))[0], np.eye(2))


@witness(spectral_norm_regularization, W=weights, lam=lambda rng: rng.uniform(0.1, 1))
def test_spectral_norm_regularization(W, lam):
    W = W.clone().requires_grad_()
    penalty = lam / 2 * torch.linalg.matrix_norm(W, ord=2) ** 2
    return penalty.detach(), torch.autograd.grad(penalty, W)[0]


@witness(spectral_norm_regularization, W=weights, lam=lambda rng: rng.uniform(0.1, 1))
def test_spectral_norm_regularization_by_the_largest_eigenvalue(W, lam):
    values, vectors = torch.linalg.eigh(W.T @ W)
    return lam / 2 * values[-1], lam * W @ torch.outer(vectors[:, -1], vectors[:, -1])


@derivative(
    spectral_norm_regularization, W=lambda rng: rng.standard_normal((4, 3)), lam=lambda rng: rng.uniform(0.1, 1)
)
def by_svd(W, lam):
    U, S, Vh = torch.linalg.svd(W, full_matrices=False)
    return lam / 2 * S[0] ** 2, lam * S[0] * torch.outer(U[:, 0], Vh[0])


@pytest.mark.parametrize(
    "snippet",
    [
        layer_norm,
        layer_norm_backward,
        layer_norm_rnn_step,
        layer_norm_weight_invariance,
        instance_norm,
        group_norm,
        rms_norm,
    ],
)
def test_epsilon_is_pytorchs_by_default(snippet):
    assert inspect.signature(snippet).parameters["eps"].default == torch.nn.LayerNorm(1).eps
    assert inspect.signature(batch_renorm).parameters["eps"].default == torch.nn.BatchNorm1d(1).eps


def test_what_pytorch_refuses_is_refused():
    with pytest.raises(ValueError, match=r"^z: expected maps of more than 1 place, got 1$"):
        instance_norm(np.ones((2, 3, 1, 1)))
    with pytest.raises(ValueError, match="Expected more than 1 spatial element"):
        F.instance_norm(torch.ones(2, 3, 1, 1))
    for shape in [(1, 1, 1, 2), (1, 1, 2, 1)]:
        assert instance_norm(np.ones(shape)).shape == shape
    with pytest.raises(ValueError, match=r"^groups: expected a divisor of the 4 channels, got 3$"):
        group_norm(np.ones((1, 4, 3, 3)), groups=3)


def test_what_each_is_blind_to():
    z, one, zero = np.random.default_rng(0).normal(size=(5, 4)), np.ones(4), np.zeros(4)
    whole = layer_norm(z, one, zero, eps=0.0)
    assert layer_norm(z * np.arange(1, 6)[:, None], one, zero, eps=0.0) == pytest.approx(whole)
    assert layer_norm(z * np.arange(1, 5), one, zero, eps=0.0) != pytest.approx(whole)

import inspect

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch.nn.utils import parametrizations

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
    weight_norm_backward,
)
from yansuan.proof.witness import derivative, no_derivative, witness


@witness(layer_norm, by="torch.nn.functional.layer_norm")
def test_layer_norm(z, gamma, beta, eps):
    return F.layer_norm(z, z.shape[-1:], gamma, beta, eps)


def varied(rng, z):
    return rng.standard_normal(z.shape)


def four_features(rng, scale, offset):
    """Of several examples, of a batch of sequences. The mean of four multiples of a power of 2 is exact, so that what
    is left of them beside a large offset has all its digits: dz is a small difference."""
    z = scale * rng.standard_normal((*rng.integers(2, 5, rng.integers(1, 3)), 4))
    return np.round(2**20 * z) / 2**20 + offset if offset else z


def one_scale_each(rng):
    return rng.uniform(0.2, 3, 4)


@witness(  # with two features dz is 0
    layer_norm_backward,
    by="torch.nn.functional.layer_norm",
    z=four_features,
    dz_hat=varied,
    gamma=one_scale_each,
)
@derivative(layer_norm_backward, z=lambda rng: rng.standard_normal((5, 4)), dz_hat=varied, gamma=one_scale_each)
def test_layer_norm_backward(dz_hat, z, gamma, eps):
    return torch.autograd.functional.vjp(
        lambda z, gamma, beta: F.layer_norm(z, gamma.shape, gamma, beta, eps),
        (z, gamma, 0 * gamma),
        dz_hat,
        create_graph=True,
    )[1]


def test_one_example_goes_back_like_a_row_of_many():
    z, dz_hat, gamma = np.random.default_rng(0).standard_normal((3, 5, 4))
    dz, dgamma, dbeta = layer_norm_backward(dz_hat[:1], z[:1], gamma[0])
    alone = layer_norm_backward(dz_hat[0], z[0], gamma[0])
    for one, row in zip(alone, (dz[0], dgamma, dbeta), strict=True):
        assert one == pytest.approx(row, rel=1e-12)


def inputs(rng, scale):
    return scale * rng.standard_normal((*rng.integers(1, 5, rng.integers(3)), 3))


def nonzero(rng):
    return float(rng.choice([-1, 1]) * rng.uniform(0.1, 10))


CHANGED = {
    "x": inputs,
    "W": lambda rng: rng.standard_normal((4, 3)),
    "a": nonzero,
    "c": lambda rng: rng.standard_normal(3),
}


@witness(layer_norm_weight_invariance, by="torch.nn.functional.layer_norm", **CHANGED)
def test_layer_norm_weight_invariance(x, W, a, c, eps):
    z = F.linear(x, a * W + c)
    return z, F.layer_norm(z, (len(W),), eps=eps)


STEP = {
    "x": inputs,
    "h": lambda rng, x: rng.uniform(-1, 1, (*x.shape[:-1], 4)),
    **{"W_hh": lambda rng: rng.standard_normal((4, 4)), "W_xh": lambda rng: rng.standard_normal((4, 3))},
    **{"gamma": one_scale_each, "beta": lambda rng: rng.uniform(-1, 1, 4)},
}


@witness(layer_norm_rnn_step, by="torch.nn.functional.layer_norm", **STEP)
def test_layer_norm_rnn_step(h, x, W_hh, W_xh, gamma, beta, eps):
    return torch.tanh(F.layer_norm(F.linear(h, W_hh) + F.linear(x, W_xh), h.shape[-1:], gamma, beta, eps))


@witness(
    layer_norm_rnn_step, by="torch.nn.functional.layer_norm", **{**STEP, "gamma": lambda: None, "beta": lambda: None}
)
def test_layer_norm_rnn_step_without_scale_and_shift(h, x, W_hh, W_xh, eps):
    return torch.tanh(F.layer_norm(h @ W_hh.T + x @ W_xh.T, h.shape[-1:], eps=eps))


@witness(rms_norm, by="torch.nn.functional.rms_norm")
def test_rms_norm(z, gamma, eps):
    return F.rms_norm(z, z.shape[-1:], gamma, eps)


@witness(rms_norm)
def test_rms_norm_by_the_length_of_each_example(z, gamma, eps):
    d = z.shape[-1]
    length = torch.hypot(z.norm(dim=-1, keepdim=True), torch.tensor(d * eps) ** 0.5)
    return (1 if gamma is None else gamma) * z * d**0.5 / length


def channels(rng, scale, offset):
    """Six channels of unequal scale at one, some or many places, each of several values."""
    places = rng.integers(2, 5, rng.integers(1, 4))
    scales = 10.0 ** rng.uniform(-1, 1, (6, *[1 for _ in places]))
    return scale * scales * rng.standard_normal((3, 6, *places)) + offset


def of_channels(rng, z):
    return rng.standard_normal(z.shape[1])


AFFINE = {"z": channels, "gamma": of_channels, "beta": of_channels}
PLAIN = {"z": channels, "gamma": lambda: None, "beta": lambda: None}


@witness(instance_norm, by="torch.nn.functional.instance_norm", **AFFINE)
def test_instance_norm(z, gamma, beta, eps):
    return F.instance_norm(z, weight=gamma, bias=beta, eps=eps)


@witness(instance_norm, by="torch.nn.functional.instance_norm", **PLAIN)
def test_instance_norm_without_scale_and_shift(z, eps):
    return F.instance_norm(z, eps=eps)


def divisor(rng):
    return int(rng.choice([2, 3]))


@witness(group_norm, by="torch.nn.functional.group_norm", **AFFINE, groups=divisor)
def test_group_norm(z, groups, gamma, beta, eps):
    return F.group_norm(z, groups, gamma, beta, eps)


@witness(group_norm, by="torch.nn.functional.group_norm", **PLAIN, groups=divisor)
def test_group_norm_without_scale_and_shift(z, groups, eps):
    return F.group_norm(z, groups, eps=eps)


@witness(group_norm, by="torch.nn.functional.instance_norm", **PLAIN, groups=lambda z: z.shape[1])
def test_group_norm_with_a_group_for_each_channel_is_instance_norm(z, eps):
    return F.instance_norm(z, eps=eps)


@witness(group_norm, by="torch.nn.functional.layer_norm", **PLAIN, groups=lambda: 1)
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
    "gamma": lambda rng: rng.standard_normal(3),
    "beta": lambda rng: rng.standard_normal(3),
}
NO_RENORM = RENORM | {"gamma": lambda: None, "beta": lambda: None}


@witness(batch_renorm, **RENORM, r_max=above_one, d_max=lambda rng: rng.uniform(0.1, 2))
def test_batch_renorm(z, mu_bar, sigma_bar, r_max, d_max, gamma, beta, alpha, eps):
    mu, sigma = z.mean(dim=0), torch.sqrt(torch.var(z, dim=0, correction=0) + eps)
    r = torch.clamp(sigma / sigma_bar, 1 / r_max, r_max)
    d = torch.clamp((mu - mu_bar) / sigma_bar, -d_max, d_max)
    z_hat = F.batch_norm(z, None, None, gamma * r, gamma * d + beta, training=True, eps=eps)
    return z_hat, torch.lerp(mu_bar, mu, alpha), torch.lerp(sigma_bar, sigma, alpha)


@witness(batch_renorm, **NO_RENORM, r_max=lambda: 1.0, d_max=lambda: 0.0)
def test_batch_renorm_with_the_tightest_limits_is_batch_norm(z, mu_bar, sigma_bar, alpha, eps):
    layer = torch.nn.BatchNorm1d(3, eps=eps, momentum=alpha)
    layer.running_mean.copy_(mu_bar)
    sigma = torch.sqrt(torch.var(z, dim=0, correction=0) + eps)
    return layer.train()(z), layer.running_mean, (1 - alpha) * sigma_bar + alpha * sigma


@witness(batch_renorm, **NO_RENORM, r_max=lambda: 1e300, d_max=lambda: 1e300, alpha=lambda: 0.0)
def test_batch_renorm_without_limits_is_inference(z, mu_bar, sigma_bar):
    return F.batch_norm(z, mu_bar, sigma_bar**2 - 1e-30, training=False, eps=1e-30), mu_bar, sigma_bar


no_derivative(batch_renorm, "the paper takes r and d as constants, so its gradient is not the slope of the formula")


@pytest.mark.parametrize(("r_max", "d_max", "culprit"), [(0.5, 1.0, "r_max"), (1.0, -1.0, "d_max")])
def test_limits_that_are_none_are_refused(r_max, d_max, culprit):
    z, one = np.ones((2, 1)), np.ones(1)
    with pytest.raises(ValueError, match=rf"^{culprit}: expected a number of at least [01], got "):
        batch_renorm(z, one, one, r_max, d_max)
    assert batch_renorm(z, one, one, 1.0, 0.0)[0].shape == (2, 1)


def test_the_moving_averages_of_the_paper_move_by_a_hundredth():
    z_hat, mu, sigma = batch_renorm(np.array([[0.0], [2.0]]), np.zeros(1), np.ones(1), 1, 0, eps=0.0)
    assert z_hat.ravel().tolist() == [-1, 1]
    assert (mu, sigma) == (0.01, 1)
    assert inspect.signature(batch_renorm).parameters["alpha"].default == 0.01


class Layer(torch.nn.Module):
    """Weights, for torch.nn.utils to normalize."""

    def __init__(self, weight):
        super().__init__()
        self.weight = torch.nn.Parameter(weight.clone())

    def forward(self):
        return self.weight


def kernels(rng, scale):
    """A vector, a matrix, kernels."""
    return scale * rng.standard_normal(rng.integers(2, 5, rng.integers(1, 5)))


def some_axis(rng, v):
    return int(rng.integers(v.ndim)) if v.ndim > 1 else None


def lengths(rng, v, axis):
    return float(rng.uniform(0.1, 9)) if axis is None else rng.uniform(0.1, 9, v.shape[axis])


UNITS = {"v": kernels, "axis": some_axis, "g": lengths}
ONE_UNIT = {"v": lambda rng: rng.standard_normal(4), "axis": lambda: None, "g": lambda rng: float(rng.uniform(0.1, 9))}


@witness(weight_norm, by="torch.nn.utils.parametrizations.weight_norm", **UNITS)
def test_weight_norm(v, g, axis):
    layer = parametrizations.weight_norm(Layer(v), dim=axis)
    length = layer.parametrizations.weight.original0
    length.data = torch.as_tensor(g).reshape(length.shape).clone()
    return layer()


@derivative(weight_norm, **ONE_UNIT)
def along_a_direction(v, g, axis):
    return g * F.normalize(v, dim=0)


def slopes_of(rng, v):
    return rng.standard_normal(v.shape)


@witness(weight_norm_backward, by="torch.nn.utils.parametrizations.weight_norm", **UNITS, dw=slopes_of)
def test_weight_norm_backward(dw, v, g, axis):
    layer = parametrizations.weight_norm(Layer(v), dim=axis)
    length, direction = layer.parametrizations.weight.original0, layer.parametrizations.weight.original1
    length.data = torch.as_tensor(g).reshape(length.shape).clone()
    layer().backward(dw)
    return length.grad.reshape(torch.as_tensor(g).shape), direction.grad


@derivative(weight_norm_backward, **ONE_UNIT, dw=slopes_of)
def by_autograd(dw, v, g, axis):
    length = torch.as_tensor(g)
    return torch.autograd.functional.vjp(lambda g, v: g * F.normalize(v, dim=0), (length, v), dw, create_graph=True)[1]


def test_the_slope_along_the_direction_is_orthogonal_to_it():
    v, dw = np.random.default_rng(0).standard_normal((2, 4, 3))
    dg, dv = weight_norm_backward(dw, v, np.arange(1.0, 5.0))
    assert dg.shape == (4,)
    assert np.sum(dv * v, axis=1) == pytest.approx(0, abs=1e-14)


def test_the_length_of_weights_is_taken_in_the_shape_that_pytorch_stores():
    v, g = np.random.default_rng(0).standard_normal((4, 3, 2)), np.arange(1.0, 5.0)
    w = weight_norm(v, g)
    assert np.array_equal(weight_norm(v, g.reshape(4, 1, 1)), w)
    assert np.sqrt(np.sum(w**2, axis=(1, 2))) == pytest.approx(g)
    with pytest.raises(ValueError, match="cannot reshape"):
        weight_norm(v, g[:3])


def weights(rng, scale):
    """A matrix, or a kernel: at least as many inputs as outputs."""
    return scale * rng.standard_normal((4, 3, *rng.integers(1, 3, rng.integers(3))))


def some_vector(rng):
    return rng.standard_normal(4)


@witness(spectral_norm, by="torch.nn.utils.spectral_norm", W=weights, u=some_vector)
def test_spectral_norm_as_of_old(W, u):
    layer = torch.nn.utils.spectral_norm(Layer(W))
    layer.weight_u.copy_(u)
    return layer.train()(), layer.weight_u


@witness(
    spectral_norm,
    by="torch.nn.utils.parametrizations.spectral_norm",
    W=weights,
    u=lambda W: np.linalg.svd(W.reshape(len(W), -1))[0][:, 0],
)
def test_spectral_norm_at_the_singular_vector(W, u):
    layer = parametrizations.spectral_norm(Layer(W))
    layer.parametrizations.weight[0]._u.copy_(u)
    layer.parametrizations.weight[0]._v.copy_(F.normalize(u @ W.flatten(1), dim=0))
    return layer.eval()(), u


@derivative(spectral_norm, W=lambda rng: rng.standard_normal((4, 3)), u=some_vector)
def by_normalize(W, u):
    v = F.normalize(u @ W, dim=0)
    u = F.normalize(W @ v, dim=0)
    return W / torch.linalg.vecdot(u, W @ v), u


def test_repeated_steps_find_the_largest_singular_value_at_the_expected_rate():
    rng = np.random.default_rng(0)
    left, right = np.linalg.qr(rng.normal(size=(4, 4)))[0], np.linalg.qr(rng.normal(size=(4, 4)))[0]
    W, u, gaps = left @ np.diag([3.0, 2.0, 1.0, 0.5]) @ right, rng.normal(size=4), []
    for _ in range(30):
        W_bar, u = spectral_norm(W, u)
        gaps.append(np.linalg.norm(u - np.sign(u @ left[:, 0]) * left[:, 0]))
    assert gaps[20] / gaps[19] == pytest.approx((2 / 3) ** 2, rel=1e-3)
    assert np.linalg.norm(W_bar, 2) == pytest.approx(1, rel=1e-9)
    assert np.array_equal(spectral_norm(np.eye(2), np.array([1.0, 0.0]))[0], np.eye(2))


@witness(
    spectral_norm_regularization,
    by="torch.linalg.matrix_norm",
    W=weights,
    lam=lambda rng: rng.uniform(0.1, 1),
)
def test_spectral_norm_regularization(W, lam):
    W = W.clone().requires_grad_()
    penalty = lam / 2 * torch.linalg.matrix_norm(W.flatten(1), ord=2) ** 2
    return penalty.detach(), torch.autograd.grad(penalty, W)[0]


@witness(spectral_norm_regularization, W=weights, lam=lambda rng: rng.uniform(0.1, 1))
def test_spectral_norm_regularization_by_the_largest_eigenvalue(W, lam):
    matrix = W.flatten(1)
    values, vectors = torch.linalg.eigh(matrix.T @ matrix)
    slope = lam * matrix @ torch.outer(vectors[:, -1], vectors[:, -1])
    return lam / 2 * values[-1], slope.reshape(W.shape)


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


def test_what_pytorch_refuses():
    z, beta = np.array([[[[7.0]], [[-3.0]]]]), np.array([1.0, 2.0])
    assert np.array_equal(instance_norm(z, beta, beta).ravel(), beta), "one place: the input is lost"
    with pytest.raises(ValueError, match="Expected more than 1 spatial element"):
        F.instance_norm(torch.tensor(z))
    for groups in (0, -1):
        with pytest.raises(ValueError, match=rf"^groups: expected a number of at least 1, got {groups}$"):
            group_norm(np.ones((1, 4, 3, 3)), groups)
    with pytest.raises(ValueError, match="array split does not result in an equal division"):
        group_norm(np.ones((1, 4, 3, 3)), groups=3)  # 36 numbers could be divided by 3


@pytest.mark.parametrize("norm", [layer_norm, rms_norm])
def test_half_precision_gives_what_pytorch_gives(norm):
    z = np.float16([[300, 0, -300], [30000, 0, -30000]])
    theirs = getattr(F, norm.__name__)(torch.tensor(z), (3,)).numpy()
    assert norm(z) == pytest.approx(theirs, abs=2e-3)
    assert np.abs(theirs).max() == pytest.approx(1.225, abs=1e-3)


def test_group_and_instance_norm_do_not_overflow_in_half_precision():
    z = np.float16([[[300, 0, -300]]])
    for norm in (instance_norm, lambda z: group_norm(z, 1)):
        assert norm(z).ravel() == pytest.approx([1.225, 0, -1.225], abs=1e-3)


def test_what_each_is_blind_to():
    z, one, zero = np.random.default_rng(0).normal(size=(5, 4)), np.ones(4), np.zeros(4)
    whole = layer_norm(z, one, zero, eps=0.0)
    assert layer_norm(z * np.arange(1, 6)[:, None], one, zero, eps=0.0) == pytest.approx(whole)
    assert layer_norm(z * np.arange(1, 5), one, zero, eps=0.0) != pytest.approx(whole)

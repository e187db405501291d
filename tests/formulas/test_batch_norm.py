import inspect

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch.nn.utils.fusion import fuse_conv_bn_weights, fuse_linear_bn_weights

from snippets.batch_norm import (
    batch_mean,
    batch_norm_2d,
    batch_norm_2d_backward,
    batch_norm_algorithm_2,
    batch_norm_backward,
    batch_norm_backward_simplified,
    batch_norm_identity,
    batch_norm_inference,
    batch_norm_inference_affine,
    batch_norm_jacobian,
    batch_norm_train,
    batch_normalize,
    batch_variance,
    fold_batch_norm_conv,
    fold_batch_norm_linear,
    scale_and_shift,
    variance_as_difference,
    weight_scale_invariance,
)
from yansuan.proof.witness import derivative, witness


@witness(batch_mean, by="torch.mean")
def test_batch_mean(z):
    return torch.mean(z, dim=0)


@witness(batch_variance, by="torch.var")
def test_batch_variance(z):
    return torch.var(z, dim=0, correction=0)


@witness(
    batch_normalize,
    by="torch.nn.functional.batch_norm",
    z=lambda rng, scale, offset: scale * rng.standard_normal(rng.integers(2, 9, 2)) + offset,
    mu=lambda z: z.mean(axis=0),
    var=lambda z: z.var(axis=0),
)
def test_batch_normalize(z, eps):
    return F.batch_norm(z, None, None, training=True, eps=eps)


@witness(batch_normalize, by="torch.nn.functional.batch_norm")
def test_batch_normalize_with_any_statistics(z, mu, var, eps):
    return F.batch_norm(z, mu, var, training=False, eps=eps)


@derivative(batch_normalize)
def with_rsqrt(z, mu, var, eps):  # F.batch_norm takes mu and var as constants
    return (z - mu) * torch.rsqrt(var + eps)


@witness(scale_and_shift, by="torch.addcmul")
def test_scale_and_shift(z_tilde, gamma, beta):
    return torch.addcmul(beta, z_tilde, gamma)


@witness(batch_norm_train, by="torch.nn.functional.batch_norm")
def test_batch_norm_train(z, gamma, beta, eps):
    return F.batch_norm(z, None, None, gamma, beta, training=True, eps=eps)


@witness(batch_norm_inference, by="torch.nn.functional.batch_norm")
def test_batch_norm_inference(z, mu_bar, var_bar, gamma, beta, eps):
    return F.batch_norm(z, mu_bar, var_bar, gamma, beta, training=False, eps=eps)


@witness(batch_norm_inference_affine, by="torch.nn.functional.batch_norm")
def test_batch_norm_inference_affine(z, mu_bar, var_bar, gamma, beta, eps):
    return F.batch_norm(z, mu_bar, var_bar, gamma, beta, training=False, eps=eps)


@derivative(batch_norm_inference)
@derivative(batch_norm_inference_affine)
def with_addcmul(z, mu_bar, var_bar, gamma, beta, eps):
    scale = gamma * torch.rsqrt(var_bar + eps)
    return torch.addcmul(beta, scale, z.movedim(1, -1) - mu_bar).movedim(-1, 1)


@witness(variance_as_difference, by="torch.var")
def test_variance_as_difference(z):
    return torch.var(z, dim=0, correction=0)


@witness(batch_norm_identity)
def test_batch_norm_identity(z, eps):
    return torch.sqrt(torch.var(z, dim=0, correction=0) + eps), torch.mean(z, dim=0), z


@witness(batch_norm_identity, by="torch.nn.functional.batch_norm")
def test_batch_norm_identity_through_the_layer(z, eps):
    var, mu = torch.var_mean(z, dim=0, correction=0)
    gamma = torch.sqrt(var + eps)
    return gamma, mu, F.batch_norm(z, None, None, gamma, mu, training=True, eps=eps)


# From here on m is at least 3: with two examples all slopes but that of beta are 0, up to rounding and epsilon.


def feature(rng, scale, offset):
    """One feature of a batch."""
    return scale * rng.uniform(0.1, 30) * rng.standard_normal(rng.integers(3, 9)) + offset


def batch(rng, scale, offset):
    """A batch of features of unequal scale, one of them constant."""
    m, d = rng.permutation(np.arange(3, 9))[:2]
    z = scale * 10.0 ** rng.uniform(-1, 1.5, d) * rng.standard_normal((m, d)) + offset
    z[:, rng.integers(d)] = 2.0 ** rng.integers(-3, 4)
    return z


def varied(rng, scale):
    """A batch without a constant feature: there roots have a bend, and the slope along the weight of it is 0."""
    m, d = rng.permutation(np.arange(3, 9))[:2]
    return scale * 10.0 ** rng.uniform(-1, 1.5, d) * (rng.standard_normal((m, d)) + rng.uniform(-9, 9, d))


def slopes(rng, scale, z):
    """Slopes of a loss along each entry of a batch: no feature of them is constant."""
    return scale * 10.0 ** rng.uniform(-1, 1.5, z.shape[1]) * (rng.standard_normal(z.shape) + rng.uniform(-3, 3))


def scales(rng, scale, z):
    return scale * rng.uniform(0.1, 9, z.shape[1]) * rng.choice([-1, 1], z.shape[1])


@witness(batch_norm_jacobian, by="torch.nn.functional.batch_norm", z=feature)
def test_batch_norm_jacobian(z, eps):
    return torch.autograd.functional.jacobian(
        lambda z: F.batch_norm(z[:, None], None, None, training=True, eps=eps)[:, 0], z, create_graph=True
    )


@witness(batch_norm_jacobian, z=feature)
def test_batch_norm_jacobian_as_a_square_root_of_its_own(z, eps):
    centering = torch.eye(len(z)) - 1 / len(z)
    c, s = centering @ z, torch.sqrt(torch.var(z, correction=0) + eps)
    return centering / s - torch.outer(c, c) / (len(z) * s**3)


@witness(batch_norm_backward, by="torch.nn.functional.batch_norm", z=batch, dz_hat=slopes, gamma=scales)
@derivative(batch_norm_backward, z=varied, dz_hat=slopes, gamma=scales)
def test_batch_norm_backward(dz_hat, z, gamma, eps):
    return torch.autograd.functional.vjp(
        lambda z, gamma, beta: F.batch_norm(z, None, None, gamma, beta, training=True, eps=eps),
        (z, gamma, 0 * gamma),
        dz_hat,
        create_graph=True,
    )[1]


@witness(batch_norm_backward_simplified, by="torch.nn.functional.batch_norm", z=batch, dz_hat=slopes, gamma=scales)
@derivative(batch_norm_backward_simplified, z=varied, dz_hat=slopes, gamma=scales)
def test_batch_norm_backward_simplified(dz_hat, z, gamma, eps):
    return torch.autograd.functional.vjp(
        lambda z: F.batch_norm(z, None, None, gamma, training=True, eps=eps), z, dz_hat, create_graph=True
    )[1]


def weights(rng, u):
    d = rng.integers(2, 5)
    return 10.0 ** rng.uniform(-1, 1, (d, 1)) * rng.standard_normal((d, u.shape[1]))


def factor(rng):
    return float(rng.choice([-1, 1]) * 10.0 ** rng.uniform(-2, 2))


@witness(
    weight_scale_invariance,
    by="torch.nn.functional.batch_norm",
    u=varied,
    W=weights,
    a=factor,
    dz_tilde=lambda rng, scale, u, W: slopes(rng, scale, u @ W.T),
)
def test_weight_scale_invariance(u, W, a, dz_tilde, eps):
    return torch.autograd.functional.vjp(
        lambda V: F.batch_norm(u @ V.T, None, None, training=True, eps=eps), a * W, dz_tilde, create_graph=True
    )


def maps(rng, scale, offset):
    """Values of several channels of unequal scale at no, some or many places; two or more a channel, one channel constant."""
    N, C, *places = rng.integers(1, 5, rng.integers(2, 6))
    N += N * np.prod(places) == 1
    scales = scale * 10.0 ** rng.uniform(-1, 1.5, (C, *[1 for _ in places]))
    z = scales * rng.standard_normal((N, C, *places)) + offset
    z[:, rng.integers(C)] = 2.0 ** rng.integers(-3, 4)
    return z


def of_channels(rng, z):
    return rng.uniform(0.1, 9, z.shape[1]) * rng.choice([-1, 1], z.shape[1])


@witness(batch_norm_2d, by="torch.nn.functional.batch_norm", z=maps, gamma=of_channels, beta=of_channels)
def test_batch_norm_2d(z, gamma, beta, eps):
    return F.batch_norm(z, None, None, gamma, beta, training=True, eps=eps)


@witness(batch_norm_2d, by="torch.nn.functional.batch_norm", z=maps, gamma=lambda: None, beta=lambda: None)
def test_batch_norm_2d_without_scale_and_shift(z, eps):
    return F.batch_norm(z, None, None, training=True, eps=eps)


@witness(batch_norm_2d, z=maps, gamma=of_channels, beta=of_channels)
def test_batch_norm_2d_channel_by_channel(z, gamma, beta, eps):
    channels = [F.layer_norm(z[:, c], z[:, c].shape, eps=eps) * gamma[c] + beta[c] for c in range(len(gamma))]
    return torch.stack(channels, dim=1)


def many_places(rng, scale, offset):
    """Three places of two images at least, no channel constant."""
    N, C, *places = rng.integers(2, 5, rng.integers(3, 6))
    z = rng.standard_normal((N, C, *places)) + rng.uniform(-3, 3)
    return scale * 10.0 ** rng.uniform(-1, 1.5, (C, *[1 for _ in places])) * z + offset


def of_places(rng, z):
    return rng.standard_normal(z.shape) + rng.uniform(-3, 3)


@witness(
    batch_norm_2d_backward,
    rtol=1e-7,  # a gradient, of channels that lie 10000 off and spread by 0.1
    by="torch.nn.functional.batch_norm",
    z=many_places,
    dz_hat=of_places,
    gamma=of_channels,
)
def test_batch_norm_2d_backward(dz_hat, z, gamma, eps):
    return torch.autograd.functional.vjp(
        lambda z, gamma, beta: F.batch_norm(z, None, None, gamma, beta, training=True, eps=eps),
        (z, gamma, 0 * gamma),
        dz_hat,
        create_graph=True,
    )[1]


@witness(
    batch_norm_algorithm_2,
    by="torch.nn.BatchNorm1d",
    batches=lambda rng, scale, offset: scale * rng.standard_normal((4, 5, 3)) + offset,
    z="(n, 3)",
    gamma="(3,)",
    beta="(3,)",
)
def test_batch_norm_algorithm_2(batches, z, gamma, beta, eps):
    layer = torch.nn.BatchNorm1d(3, eps=eps, momentum=None)
    layer.load_state_dict({"weight": gamma, "bias": beta}, strict=False)
    trained = torch.stack([layer.train()(batch) for batch in batches])
    return trained, layer.eval()(z)


@derivative(
    batch_norm_algorithm_2,
    batches=lambda rng: rng.standard_normal((4, 5, 3)),
    z=lambda rng: rng.standard_normal((6, 3)),
    gamma=lambda rng: rng.standard_normal(3),
    beta=lambda rng: rng.standard_normal(3),
)
def by_standard_deviations(batches, z, gamma, beta, eps):
    mean, var = batches.mean(dim=1, keepdim=True), batches.var(dim=1, correction=0, keepdim=True)
    trained = gamma * (batches - mean) * torch.rsqrt(var + eps) + beta
    stored = batches.var(dim=1, correction=1).mean(dim=0)
    return trained, gamma * (z - batches.mean(dim=(0, 1))) * torch.rsqrt(stored + eps) + beta


@witness(fold_batch_norm_linear, by="torch.nn.utils.fusion.fuse_linear_bn_weights")
def test_fold_batch_norm_linear(W, b, mu_bar, var_bar, gamma, beta, eps):
    return fuse_linear_bn_weights(W, b, mu_bar, var_bar, eps, gamma, beta)


@witness(fold_batch_norm_conv, by="torch.nn.utils.fusion.fuse_conv_bn_weights")
def test_fold_batch_norm_conv(W, b, mu_bar, var_bar, gamma, beta, eps):
    return fuse_conv_bn_weights(W, b, mu_bar, var_bar, eps, gamma, beta)


@derivative(fold_batch_norm_linear)
@derivative(fold_batch_norm_conv)
def with_a_diagonal_matrix(W, b, mu_bar, var_bar, gamma, beta, eps):
    scale = torch.diag(gamma * torch.rsqrt(var_bar + eps))
    return torch.tensordot(scale, W, 1), torch.addmv(beta, scale, b - mu_bar)


@pytest.mark.parametrize(
    "snippet",
    [
        *(batch_normalize, batch_norm_train, batch_norm_inference, batch_norm_inference_affine, batch_norm_identity),
        *(batch_norm_jacobian, batch_norm_backward, batch_norm_backward_simplified, weight_scale_invariance),
        *(batch_norm_2d, batch_norm_2d_backward, batch_norm_algorithm_2),
        *(fold_batch_norm_linear, fold_batch_norm_conv),
    ],
)
def test_epsilon_is_pytorchs_by_default(snippet):
    assert inspect.signature(snippet).parameters["eps"].default == torch.nn.BatchNorm1d(1).eps


def test_a_training_batch_of_one_is_refused_as_pytorch_does():
    z, one = np.array([[7.0, -3.0]]), np.ones(2)
    with pytest.raises(ValueError, match="Expected more than 1 value per channel when training"):
        F.batch_norm(torch.tensor(z), None, None, training=True)
    with pytest.raises(ValueError, match=r"^z: expected shape \(m, d\), m at least 2, d at least 1; got \(1, 2\)$"):
        batch_norm_train(z, one, one)
    assert batch_norm_train(np.vstack([z, z + 1]), one, one).shape == (2, 2)
    assert batch_norm_inference(z, one, one, one, one).shape == (1, 2)


def test_one_value_per_channel_is_lost():
    z, beta = np.array([[[[7.0]], [[-3.0]]]]), np.array([1.0, 2.0])
    assert np.array_equal(batch_norm_2d(z, beta, beta).ravel(), beta)
    with pytest.raises(ValueError, match="Expected more than 1 value per channel when training"):
        F.batch_norm(torch.tensor(z), None, None, training=True)


def test_feature_maps_of_one_place_are_a_table():
    z, gamma, beta = np.random.default_rng(0).standard_normal((3, 5, 4))
    gamma, beta = gamma[0], beta[0]
    for shape in [(5, 4), (5, 4, 1), (5, 4, 1, 1), (5, 4, 1, 1, 1)]:
        table = batch_norm_2d(z.reshape(shape), gamma, beta)
        assert table.reshape(5, 4) == pytest.approx(batch_norm_train(z, gamma, beta), rel=1e-12)
        later = batch_norm_inference(z.reshape(shape), beta, gamma**2, gamma, beta)
        assert np.array_equal(later.reshape(5, 4), batch_norm_inference(z, beta, gamma**2, gamma, beta))


def test_one_example_alone_moves_nothing():
    assert batch_norm_jacobian(np.array([7.0])) == 0
    dz, dgamma, dbeta = batch_norm_backward(np.array([[2.0]]), np.array([[7.0]]), np.array([3.0]))
    assert (dz, dgamma, dbeta) == (0, 0, 2)
    assert batch_norm_backward_simplified(np.array([[2.0]]), np.array([[7.0]]), np.array([3.0])) == 0

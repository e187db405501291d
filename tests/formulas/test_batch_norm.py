import inspect

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch.nn.utils.fusion import fuse_conv_bn_weights, fuse_linear_bn_weights

from snippets.batch_norm import (
    batch_mean,
    batch_norm_2d,
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


@witness(batch_mean)
def test_batch_mean(z):
    return torch.mean(z, dim=0)


@witness(batch_variance)
def test_batch_variance(z):
    return torch.var(z, dim=0, correction=0)


@witness(batch_normalize, mu=lambda z: z.mean(axis=0), var=lambda z: z.var(axis=0))
def test_batch_normalize(z, eps):
    return F.batch_norm(z, None, None, training=True, eps=eps)


@witness(batch_normalize)
def test_batch_normalize_with_any_statistics(z, mu, var, eps):
    return F.batch_norm(z, mu, var, training=False, eps=eps)


@derivative(batch_normalize)
def with_rsqrt(z, mu, var, eps):  # F.batch_norm takes mu and var as constants
    return (z - mu) * torch.rsqrt(var + eps)


@witness(scale_and_shift)
def test_scale_and_shift(z_tilde, gamma, beta):
    return torch.addcmul(beta, z_tilde, gamma)


@witness(batch_norm_train)
def test_batch_norm_train(z, gamma, beta, eps):
    return F.batch_norm(z, None, None, gamma, beta, training=True, eps=eps)


@witness(batch_norm_inference)
def test_batch_norm_inference(z, mu_bar, var_bar, gamma, beta, eps):
    return F.batch_norm(z, mu_bar, var_bar, gamma, beta, training=False, eps=eps)


@witness(batch_norm_inference_affine)
def test_batch_norm_inference_affine(z, mu_bar, var_bar, gamma, beta, eps):
    return F.batch_norm(z, mu_bar, var_bar, gamma, beta, training=False, eps=eps)


@derivative(batch_norm_inference)
@derivative(batch_norm_inference_affine)
def with_addcmul(z, mu_bar, var_bar, gamma, beta, eps):
    return torch.addcmul(beta, gamma * torch.rsqrt(var_bar + eps), z - mu_bar)


@witness(variance_as_difference)
def test_variance_as_difference(z):
    return torch.var(z, dim=0, correction=0)


@witness(batch_norm_identity)
def test_batch_norm_identity(z, eps):
    return torch.sqrt(torch.var(z, dim=0, correction=0) + eps), torch.mean(z, dim=0), z


@witness(batch_norm_identity)
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


@witness(batch_norm_jacobian, z=feature)
def test_batch_norm_jacobian(z, eps):
    return torch.autograd.functional.jacobian(
        lambda z: F.batch_norm(z[:, None], None, None, training=True, eps=eps)[:, 0], z, create_graph=True
    )


@witness(batch_norm_jacobian, z=feature)
def test_batch_norm_jacobian_as_a_square_root_of_its_own(z, eps):
    centering = torch.eye(len(z)) - 1 / len(z)
    c, s = centering @ z, torch.sqrt(torch.var(z, correction=0) + eps)
    return centering / s - torch.outer(c, c) / (len(z) * s**3)


@witness(batch_norm_backward, z=batch, dz_hat=slopes, gamma=scales)
@derivative(batch_norm_backward, z=varied, dz_hat=slopes, gamma=scales)
def test_batch_norm_backward(dz_hat, z, gamma, eps):
    return torch.autograd.functional.vjp(
        lambda z, gamma, beta: F.batch_norm(z, None, None, gamma, beta, training=True, eps=eps),
        (z, gamma, 0 * gamma),
        dz_hat,
        create_graph=True,
    )[1]


@witness(batch_norm_backward_simplified, z=batch, dz_hat=slopes, gamma=scales)
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
    u=varied,
    W=weights,
    a=factor,
    dz_tilde=lambda rng, scale, u, W: slopes(rng, scale, u @ W.T),
)
def test_weight_scale_invariance(u, W, a, dz_tilde, eps):
    return torch.autograd.functional.vjp(
        lambda V: F.batch_norm(u @ V.T, None, None, training=True, eps=eps), a * W, dz_tilde, create_graph=True
    )


@witness(batch_norm_2d)
def test_batch_norm_2d(z, gamma, beta, eps):
    return F.batch_norm(z, None, None, gamma, beta, training=True, eps=eps)


@witness(batch_norm_2d)
def test_batch_norm_2d_channel_by_channel(z, gamma, beta, eps):
    channels = [F.layer_norm(z[:, c], z[:, c].shape, eps=eps) * gamma[c] + beta[c] for c in range(len(gamma))]
    return torch.stack(channels, dim=1)


@witness(fold_batch_norm_linear)
def test_fold_batch_norm_linear(W, b, mu_bar, var_bar, gamma, beta, eps):
    return fuse_linear_bn_weights(W, b, mu_bar, var_bar, eps, gamma, beta)


@witness(fold_batch_norm_conv)
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
        *(batch_norm_2d, fold_batch_norm_linear, fold_batch_norm_conv),
    ],
)
def test_epsilon_is_pytorchs_by_default(snippet):
    assert inspect.signature(snippet).parameters["eps"].default == torch.nn.BatchNorm1d(1).eps


def test_a_training_batch_of_one_is_refused_as_pytorch_does():
    z, one = np.array([[7.0, -3.0]]), np.ones(2)
    with pytest.raises(ValueError, match="Expected more than 1 value per channel when training"):
        F.batch_norm(torch.tensor(z), None, None, training=True)
    with pytest.raises(ValueError, match=r"^z: expected more than 1 example in a training batch, got 1$"):
        batch_norm_train(z, one, one)
    assert batch_norm_train(np.vstack([z, z + 1]), one, one).shape == (2, 2)
    assert batch_norm_inference(z, one, one, one, one).shape == (1, 2)


def test_feature_maps_with_one_value_per_channel_are_refused_as_pytorch_does():
    z, one = np.ones((1, 3, 1, 1)), np.ones(3)
    with pytest.raises(ValueError, match="Expected more than 1 value per channel when training"):
        F.batch_norm(torch.tensor(z), None, None, training=True)
    with pytest.raises(ValueError, match=r"^z: expected more than 1 value per channel in a training batch, got 1$"):
        batch_norm_2d(z, one, one)
    for shape in [(2, 3, 1, 1), (1, 3, 2, 1), (1, 3, 1, 2), (2, 1, 1, 1)]:
        assert batch_norm_2d(np.ones(shape), one[: shape[1]], one[: shape[1]]).shape == shape


def test_weights_scaled_by_0_are_refused():
    with pytest.raises(ValueError, match=r"^a: expected a factor other than 0, got 0$"):
        weight_scale_invariance(np.ones((3, 2)), np.ones((1, 2)), 0.0, np.ones((3, 1)))


def test_one_example_alone_moves_nothing():
    assert batch_norm_jacobian(np.array([7.0])) == 0
    dz, dgamma, dbeta = batch_norm_backward(np.array([[2.0]]), np.array([[7.0]]), np.array([3.0]))
    assert (dz, dgamma, dbeta) == (0, 0, 2)
    assert batch_norm_backward_simplified(np.array([[2.0]]), np.array([[7.0]]), np.array([3.0])) == 0

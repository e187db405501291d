import inspect

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from snippets.batch_norm import (
    batch_mean,
    batch_norm_inference,
    batch_norm_inference_affine,
    batch_norm_train,
    batch_normalize,
    batch_variance,
    scale_and_shift,
    variance_as_difference,
)
from tests.witness import derivative, witness


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


@pytest.mark.parametrize(
    "snippet", [batch_normalize, batch_norm_train, batch_norm_inference, batch_norm_inference_affine]
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

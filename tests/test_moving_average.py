import inspect

import numpy as np
import pytest
import torch

from snippets.moving_average import running_mean, running_variance
from tests.witness import derivative, witness


def after_one_batch(z, momentum, mu_bar=None, var_bar=None):
    """A BatchNorm1d whose running statistics were these before it saw the batch."""
    layer = torch.nn.BatchNorm1d(z.shape[1], momentum=momentum)
    for buffer, value in ((layer.running_mean, mu_bar), (layer.running_var, var_bar)):
        if value is not None:
            buffer.copy_(value)
    layer.train()(z)
    return layer


@witness(running_mean, z="(m, d)", mu=lambda z: z.mean(axis=0))
def test_running_mean(z, mu_bar, p):
    return after_one_batch(z, momentum=1 - p, mu_bar=mu_bar).running_mean


@witness(running_variance, z="(m, d)", var=lambda z: z.var(axis=0), m=lambda z: z.shape[0])
def test_running_variance(z, var_bar, p):
    return after_one_batch(z, momentum=1 - p, var_bar=var_bar).running_var


@derivative(running_mean)
def lerp(mu_bar, mu, p):  # PyTorch's layer takes the batch, not its mean
    return torch.lerp(mu, mu_bar, p)


@derivative(running_variance, m=lambda rng: int(rng.integers(2, 9)))
def lerp_unbiased(var_bar, var, m, p):
    return torch.lerp(var * m / (m - 1), var_bar, p)


@pytest.mark.parametrize("snippet", [running_mean, running_variance])
def test_p_is_one_minus_pytorchs_momentum_by_default(snippet):
    assert inspect.signature(snippet).parameters["p"].default == 1 - torch.nn.BatchNorm1d(1).momentum


def test_a_batch_of_one_has_no_unbiased_variance():
    with pytest.raises(ValueError, match=r"^m: expected more than 1 example in a training batch, got 1$"):
        running_variance(np.ones(2), np.zeros(2), m=1)
    assert running_variance(np.ones(1), np.ones(1), m=2, p=0.5) == 0.5 + 0.5 * 2

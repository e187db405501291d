import inspect
import itertools
import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from snippets.initialization import (
    heuristic_uniform,
    kaiming_normal,
    kaiming_uniform,
    prelu_second_moment,
    variance_through_layers,
    xavier_normal,
    xavier_uniform,
    xavier_variance,
)
from yansuan.proof.witness import derivative, witness


@witness(prelu_second_moment)
def test_prelu_second_moment(z, a):
    return F.leaky_relu(torch.cat([z, -z]), a).square().mean()


@derivative(prelu_second_moment)
def after_both_signs(z, a):
    return F.prelu(torch.cat([z, -z]), torch.as_tensor(a)).square().mean()


def widths(rng):
    return rng.integers(1, 9, 5).astype(float)


@witness(variance_through_layers, n=widths, var=lambda rng: rng.uniform(0.01, 9, 5))
def test_variance_through_layers(v, n, var, a):
    return v * torch.exp(torch.sum(torch.log(n) + torch.log(var))) * (0.5 + a**2 / 2) ** len(n)


def mean_square_over_all_signs(v, var, a):
    """Two units of variance v, two layers; each unit and each weight has either sign. The mean square of what comes out."""
    found = []
    for signs in itertools.product((-1.0, 1.0), repeat=8):
        y = v**0.5 * torch.tensor(signs[:2])
        W = var[0] ** 0.5 * torch.tensor(signs[2:6]).reshape(2, 2)
        w = var[1] ** 0.5 * torch.tensor(signs[6:])
        found.append((w @ F.leaky_relu(W @ F.leaky_relu(y, a), a)) ** 2)
    return torch.stack(found).mean()


@witness(
    variance_through_layers,
    v=lambda rng: rng.uniform(0.1, 3),
    n=lambda: np.array([2.0, 2.0]),
    var=lambda rng: rng.uniform(0.01, 9, 2),
    a=lambda rng: rng.uniform(-1, 1),
)
def test_variance_through_two_layers_by_enumeration(v, var, a):
    return mean_square_over_all_signs(v, var, a)


SHAPE = (4, 6)


def generator():
    return torch.Generator().manual_seed(3)


def torchs_normal():
    return torch.randn(SHAPE, generator=generator(), dtype=torch.float64).numpy()


def torchs_uniform():
    return torch.rand(SHAPE, generator=generator(), dtype=torch.float64).numpy()


@witness(kaiming_normal, noise=torchs_normal)
def test_kaiming_normal(a):
    return torch.nn.init.kaiming_normal_(torch.empty(SHAPE), a, generator=generator())


@witness(kaiming_uniform, u=torchs_uniform)
def test_kaiming_uniform(a):
    return torch.nn.init.kaiming_uniform_(torch.empty(SHAPE), a, generator=generator())


@witness(xavier_normal, noise=torchs_normal)
def test_xavier_normal():
    return torch.nn.init.xavier_normal_(torch.empty(SHAPE), generator=generator())


@witness(xavier_uniform, u=torchs_uniform)
def test_xavier_uniform():
    return torch.nn.init.xavier_uniform_(torch.empty(SHAPE), generator=generator())


@witness(heuristic_uniform, u=torchs_uniform)
def test_heuristic_uniform():
    return torch.nn.init.kaiming_uniform_(torch.empty(SHAPE), math.sqrt(5), generator=generator())


@witness(kaiming_normal)
def test_kaiming_normal_of_any_noise(noise, a):
    return noise / torch.sqrt(torch.tensor(noise.shape[1]) * (1 + torch.as_tensor(a) ** 2) / 2)


@witness(kaiming_uniform)
def test_kaiming_uniform_of_any_number(u, a):
    c = torch.sqrt(3 * 2 / (1 + torch.as_tensor(a) ** 2) / u.shape[1])
    return torch.lerp(-c, c, u)


@witness(xavier_normal)
def test_xavier_normal_of_any_noise(noise):
    return noise / (torch.tensor(sum(noise.shape)) / 2) ** 0.5


@witness(xavier_uniform)
def test_xavier_uniform_of_any_number(u):
    c = (3 * 2 / torch.tensor(sum(u.shape))) ** 0.5
    return torch.lerp(-c, c, u)


@witness(heuristic_uniform)
def test_heuristic_uniform_of_any_number(u):
    c = torch.tensor(u.shape[1]) ** -0.5
    return torch.lerp(-c, c, u)


def count(rng):
    return float(rng.integers(1, 1000))


@witness(xavier_variance, n=count, k=count)
def test_xavier_variance_is_the_harmonic_mean_of_one_over_n_and_one_over_k(n, k):
    var = 1 / ((n + k) / 2)
    return var, 1 + (n - k) / (n + k), 1 + (k - n) / (n + k)


def test_pytorchs_linear_layer_starts_with_the_heuristic():
    torch.manual_seed(0)
    layer = torch.nn.Linear(6, 4, dtype=torch.float64)
    torch.manual_seed(0)
    u = torch.rand(4, 6, dtype=torch.float64).numpy()
    assert layer.weight.detach().numpy() == pytest.approx(heuristic_uniform(u), rel=1e-12)
    assert kaiming_uniform(u, a=math.sqrt(5)) == pytest.approx(heuristic_uniform(u), rel=1e-12)


@pytest.mark.parametrize("snippet", [kaiming_normal, kaiming_uniform])
def test_relu_is_the_default(snippet):
    own = inspect.signature(snippet).parameters["a"].default
    assert own == inspect.signature(getattr(torch.nn.init, f"{snippet.__name__}_")).parameters["a"].default == 0


def test_uniform_and_normal_have_the_same_variance():
    rng = np.random.default_rng(0)
    u, noise = rng.uniform(size=(1000, 100)), rng.normal(size=(1000, 100))
    for uniform, normal, variance in [
        (kaiming_uniform, kaiming_normal, 2 / 100),
        (xavier_uniform, xavier_normal, 2 / 1100),
    ]:
        assert uniform(u).var() == pytest.approx(variance, rel=0.02)
        assert normal(noise).var() == pytest.approx(variance, rel=0.02)

import inspect
import itertools
import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from snippets.initialization import (
    gradient_through_layers,
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


@witness(prelu_second_moment, by="torch.nn.functional.leaky_relu")
def test_prelu_second_moment(z, a):
    z = torch.as_tensor(z)
    return F.leaky_relu(torch.stack([z, -z]), a).square().mean()


@derivative(prelu_second_moment)
def after_both_signs(z, a):
    z = torch.as_tensor(z)
    return F.prelu(torch.stack([z, -z]), torch.as_tensor(a)).square().mean()


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


@witness(gradient_through_layers, k=widths, var=lambda rng: rng.uniform(0.01, 9, 5))
def test_gradient_through_layers(g, k, var, a):
    return g * torch.exp(torch.sum(torch.log(k) + torch.log(var))) * (0.5 + a**2 / 2) ** len(k)


@witness(
    gradient_through_layers,
    by="torch.autograd.grad",
    g=lambda rng: rng.uniform(0.1, 3),
    k=lambda: np.array([1.0, 2.0]),
    var=lambda rng: rng.uniform(0.01, 9, 2),
    a=lambda rng: rng.uniform(0.1, 1),
)
def test_gradient_through_two_layers_by_enumeration(g, var, a):
    """Two inputs, one unit, two outputs; each weight and each gradient at the end has either sign."""
    found = []
    for signs in itertools.product((-1.0, 1.0), repeat=6):
        x = torch.tensor([1.0, 3.0], requires_grad=True)
        W = var[0] ** 0.5 * torch.tensor(signs[:2]).reshape(1, 2)
        w = var[1] ** 0.5 * torch.tensor(signs[2:4]).reshape(2, 1)
        out = F.leaky_relu(w @ F.leaky_relu(W @ x, a), a)
        found.append(torch.autograd.grad(out, x, g**0.5 * torch.tensor(signs[4:]))[0][0] ** 2)
    return torch.stack(found).mean()


def generator():
    return torch.Generator().manual_seed(3)


def some_shape(rng):
    """Of weights: a matrix, or a kernel of one to three axes."""
    return torch.Size(rng.integers(1, 5, rng.integers(2, 6)).tolist())


def torchs_normal(shape):
    return torch.randn(shape, generator=generator(), dtype=torch.float64).numpy()


def torchs_uniform(shape):
    return torch.rand(shape, generator=generator(), dtype=torch.float64).numpy()


def some_mode(rng):
    return str(rng.choice(["fan_in", "fan_out"]))


NORMAL, UNIFORM = ({"shape": some_shape, name: way} for name, way in [("noise", torchs_normal), ("u", torchs_uniform)])


@witness(kaiming_normal)
def test_kaiming_normal_of_any_noise(noise, a):
    return noise / torch.sqrt(torch.tensor(noise[0].numel()) * (1 + torch.as_tensor(a) ** 2) / 2)


@witness(kaiming_normal, by="torch.nn.init.kaiming_normal_", **NORMAL, mode=some_mode)
def test_kaiming_normal(shape, a, mode):
    return torch.nn.init.kaiming_normal_(torch.empty(shape), a, mode, generator=generator())


@witness(kaiming_uniform)
def test_kaiming_uniform_of_any_number(u, a):
    c = torch.sqrt(3 * 2 / (1 + torch.as_tensor(a) ** 2) / u[0].numel())
    return torch.lerp(-c, c, u)


@witness(kaiming_uniform, by="torch.nn.init.kaiming_uniform_", **UNIFORM, mode=some_mode)
def test_kaiming_uniform(shape, a, mode):
    return torch.nn.init.kaiming_uniform_(torch.empty(shape), a, mode, generator=generator())


@witness(xavier_normal)
def test_xavier_normal_of_any_noise(noise, gain):
    return noise * gain / (torch.tensor(noise[0].numel() + noise[:, 0].numel()) / 2) ** 0.5


@witness(xavier_normal, by="torch.nn.init.xavier_normal_", **NORMAL, gain=lambda rng: rng.uniform(0.1, 3))
def test_xavier_normal(shape, gain):
    return torch.nn.init.xavier_normal_(torch.empty(shape), gain, generator=generator())


@witness(xavier_uniform)
def test_xavier_uniform_of_any_number(u, gain):
    c = gain * (3 * 2 / torch.tensor(u[0].numel() + u[:, 0].numel())) ** 0.5
    return torch.lerp(-c, c, u)


@witness(xavier_uniform, by="torch.nn.init.xavier_uniform_", **UNIFORM, gain=lambda rng: rng.uniform(0.1, 3))
def test_xavier_uniform(shape, gain):
    return torch.nn.init.xavier_uniform_(torch.empty(shape), gain, generator=generator())


@witness(heuristic_uniform)
def test_heuristic_uniform_of_any_number(u):
    c = torch.tensor(u[0].numel()) ** -0.5
    return torch.lerp(-c, c, u)


@witness(heuristic_uniform, by="torch.nn.init.kaiming_uniform_", **UNIFORM)
def test_heuristic_uniform(shape):
    return torch.nn.init.kaiming_uniform_(torch.empty(shape), math.sqrt(5), generator=generator())


@witness(xavier_variance)
def test_xavier_variance_is_the_harmonic_mean_of_one_over_n_and_one_over_k(n, k):
    var = 1 / ((n + k) / 2)
    return var, 1 + (n - k) / (n + k), 1 + (k - n) / (n + k)


def width(rng):
    return float(rng.integers(1, 50))


@witness(xavier_variance, by="torch.nn.init.xavier_normal_", n=width, k=width)
def test_xavier_variance(n, k):
    W = torch.nn.init.xavier_normal_(torch.empty(int(k), int(n)), generator=generator())
    noise = torch.randn(int(k), int(n), generator=generator())
    var = torch.mean((W / noise) ** 2)
    return var, n * var, k * var


def test_pytorchs_linear_layer_starts_with_the_heuristic():
    torch.manual_seed(0)
    layer = torch.nn.Linear(6, 4, dtype=torch.float64)
    torch.manual_seed(0)
    u = torch.rand(4, 6, dtype=torch.float64).numpy()
    assert layer.weight.detach().numpy() == pytest.approx(heuristic_uniform(u), rel=1e-12)
    assert kaiming_uniform(u, a=math.sqrt(5)) == pytest.approx(heuristic_uniform(u), rel=1e-12)


@pytest.mark.parametrize("snippet", [kaiming_normal, kaiming_uniform, xavier_normal, xavier_uniform])
def test_settings_and_their_defaults_are_those_of_torch(snippet):
    theirs = inspect.signature(getattr(torch.nn.init, f"{snippet.__name__}_")).parameters
    for name, own in list(inspect.signature(snippet).parameters.items())[1:]:
        assert own.default == theirs[name].default


def test_a_mode_that_torch_does_not_have_is_no_mode():
    for snippet in (kaiming_normal, kaiming_uniform):
        with pytest.raises(KeyError, match="fan_avg"):
            snippet(np.ones((2, 3)), mode="fan_avg")


def test_a_nonlinearity_of_torch_is_a_slope():
    noise, a = torchs_normal((3, 5)), {"relu": 0.0, "linear": 1.0}
    for name in a:
        theirs = torch.nn.init.kaiming_normal_(
            torch.empty(3, 5, dtype=torch.float64), nonlinearity=name, generator=generator()
        )
        assert kaiming_normal(noise, a[name]) == pytest.approx(theirs.numpy(), rel=1e-12)


def test_uniform_and_normal_have_the_same_variance():
    rng = np.random.default_rng(0)
    u, noise = rng.uniform(size=(1000, 100)), rng.normal(size=(1000, 100))
    for uniform, normal, variance in [
        (kaiming_uniform, kaiming_normal, 2 / 100),
        (xavier_uniform, xavier_normal, 2 / 1100),
    ]:
        assert uniform(u).var() == pytest.approx(variance, rel=0.02)
        assert normal(noise).var() == pytest.approx(variance, rel=0.02)

import inspect

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from snippets.explanations import (
    batch_norm_lipschitz,
    effective_beta_smoothness,
    gradient_predictiveness,
    internal_covariate_shift,
    loss_variation_along_gradient,
    lp_normalize,
    noisy_batch_norm,
)
from yansuan.proof.witness import derivative, no_derivative, witness


def spread_out(rng, scale, offset):
    return scale * 10.0 ** rng.uniform(-1, 1, 3) * rng.standard_normal((6, 3)) + offset


@witness(noisy_batch_norm, by="torch.nn.functional.batch_norm")
def test_noisy_batch_norm(z, gamma, beta, scale, shift, eps):
    return torch.addcmul(shift, scale, F.batch_norm(z, None, None, gamma, beta, training=True, eps=eps))


@witness(
    noisy_batch_norm,
    by="torch.nn.functional.batch_norm",
    z=spread_out,
    gamma=lambda rng: rng.standard_normal(3),
    beta=lambda rng: rng.standard_normal(3),
    scale=lambda rng: np.broadcast_to(rng.uniform(1, 2, 3), (6, 3)).copy(),
    shift=lambda rng: np.broadcast_to(rng.uniform(1, 2, 3), (6, 3)).copy(),
)
def test_noise_that_is_the_same_for_all_examples_is_another_gamma_and_beta(z, gamma, beta, scale, shift, eps):
    return F.batch_norm(z, None, None, scale[0] * gamma, scale[0] * beta + shift[0], training=True, eps=eps)


@witness(internal_covariate_shift, by="torch.dist")
def test_internal_covariate_shift(G, G_prime):
    return torch.dist(torch.as_tensor(G), torch.as_tensor(G_prime))


@witness(internal_covariate_shift)
def test_internal_covariate_shift_by_a_loop(G, G_prime):
    pairs = zip(np.ravel(G), np.ravel(G_prime), strict=True)
    return torch.tensor(sum((a - b) ** 2 for a, b in pairs)) ** 0.5


@derivative(internal_covariate_shift, G=lambda rng: rng.standard_normal((2, 3)), G_prime=lambda rng: np.eye(2, 3))
def as_a_product(G, G_prime):
    return torch.sqrt(((G - G_prime) * (G - G_prime)).sum())


def test_internal_covariate_shift_of_a_small_network_by_autograd():
    """Two linear layers: the second one's gradient, before and after the first has taken its step."""
    rng = np.random.default_rng(0)
    x, y = torch.tensor(rng.normal(size=(8, 3))), torch.tensor(rng.normal(size=(8, 2)))
    first, second = (torch.tensor(rng.normal(size=shape), requires_grad=True) for shape in ((3, 4), (4, 2)))
    loss = ((x @ first @ second - y) ** 2).mean()
    of_first, of_second = torch.autograd.grad(loss, (first, second))
    moved = ((x @ (first - 0.1 * of_first) @ second - y) ** 2).mean()
    (after,) = torch.autograd.grad(moved, second)
    h, h_moved = (x @ w.detach() for w in (first, first - 0.1 * of_first))
    by_hand = [2 * h.T @ (h @ second.detach() - y) / y.numel() for h in (h, h_moved)]
    shift = internal_covariate_shift(of_second.numpy(), after.numpy())
    assert shift == pytest.approx(internal_covariate_shift(*(g.numpy() for g in by_hand)), rel=1e-12)
    assert shift > 0


# losses of which everything is known: x A x / 2
QUADRATIC = {
    "A": lambda rng: np.diag(rng.uniform(0.1, 3, 4)),
    "loss": lambda A: lambda x: x @ A.astype(x.dtype) @ x / 2,
    "gradient": lambda A: lambda x: A.astype(x.dtype) @ x,
    "x": lambda rng, scale: scale * rng.standard_normal(4),
    "steps": lambda rng: rng.uniform(0.6, 2, 5),  # none is 0 if rounded
}
GRADIENT = {name: value for name, value in QUADRATIC.items() if name != "loss"}
PLAIN = {  # the sum of the fourth powers
    "gradient": lambda: lambda x: 4 * x**3,
    "x": lambda rng, scale: np.clip(scale, 0.1, 10) * rng.standard_normal(rng.integers(1, 4, rng.integers(1, 4))),
    "steps": lambda rng, scale: rng.uniform(0.001, 0.02, 5) / np.clip(scale, 0.1, 10) ** 2,
}


@witness(loss_variation_along_gradient, **QUADRATIC)
def test_loss_variation_along_gradient(A, x, steps):
    a = torch.diag(A)
    losses = (a * ((1 - torch.outer(steps, a)) * x) ** 2).sum(dim=1) / 2
    return losses.max() - losses.min()


@witness(loss_variation_along_gradient, loss=lambda: lambda x: (x**4).sum(), **PLAIN)
def test_loss_variation_along_gradient_by_autograd_and_a_loop(x, steps):
    x = x.clone().requires_grad_()
    (g,) = torch.autograd.grad((x**4).sum(), x)
    losses = []
    for step in steps:
        losses.append(((x - step * g) ** 4).sum().detach())
    return torch.stack(sorted(losses))[-1] - torch.stack(sorted(losses))[0]


@witness(gradient_predictiveness, **GRADIENT)
def test_gradient_predictiveness(A, x, steps):
    return steps.max() * torch.linalg.vector_norm(A @ A @ x)


def gradient_at(x):
    x = x.clone().requires_grad_()
    return torch.autograd.grad((x**4).sum(), x)[0]


@witness(gradient_predictiveness, **PLAIN)
def test_gradient_predictiveness_by_autograd(x, steps):
    g = gradient_at(x)
    return torch.stack([torch.dist(g, gradient_at(x - step * g)) for step in steps]).max()


@witness(effective_beta_smoothness, **GRADIENT)
def test_effective_beta_smoothness(A, x):
    return torch.linalg.vector_norm(A @ A @ x) / torch.linalg.vector_norm(A @ x)


@witness(effective_beta_smoothness, **PLAIN)
def test_effective_beta_smoothness_by_autograd(x, steps):
    g = gradient_at(x)
    return torch.stack([torch.dist(g, gradient_at(x - s * g)) / torch.linalg.vector_norm(s * g) for s in steps]).max()


def test_the_effective_smoothness_is_the_largest_curvature_along_its_direction():
    A, steps = np.diag([1.0, 5.0]), np.array([0.3])
    assert effective_beta_smoothness(lambda x: A @ x, np.array([0.0, 2.0]), steps) == pytest.approx(5)
    assert effective_beta_smoothness(lambda x: A @ x, np.array([2.0, 0.0]), steps) == pytest.approx(1)


for snippet in (loss_variation_along_gradient, gradient_predictiveness, effective_beta_smoothness):
    no_derivative(snippet, "a maximum over functions that the reader gives")


@witness(
    batch_norm_lipschitz,
    by="torch.nn.functional.batch_norm",
    rtol=1e-7,
    z=spread_out,
    dz_hat=lambda rng: rng.standard_normal((6, 3)),
    gamma=lambda rng: rng.standard_normal(3),
)
def test_batch_norm_lipschitz(dz_hat, z, gamma):
    def normalized(z):
        return F.batch_norm(z, None, None, gamma, None, training=True, eps=1e-30)

    return (torch.autograd.functional.vjp(normalized, z, dz_hat)[1] ** 2).sum(dim=0)


@witness(
    batch_norm_lipschitz,
    rtol=1e-7,
    z=spread_out,
    dz_hat=lambda rng: rng.standard_normal((6, 3)),
    gamma=lambda rng: rng.standard_normal(3),
)
def test_batch_norm_lipschitz_as_a_projection(dz_hat, z, gamma):
    """What is left of the slope when its parts along 1 and along z are taken away."""
    found = []
    for column, slope, factor in zip(z.T, dz_hat.T, gamma, strict=True):
        basis = torch.linalg.qr(torch.stack([torch.ones_like(column), column - column.mean()], dim=1))[0]
        found.append(
            (factor * torch.linalg.vector_norm(slope - basis @ (basis.T @ slope))) ** 2 / column.var(correction=0)
        )
    return torch.stack(found)


@derivative(
    batch_norm_lipschitz,
    z=lambda rng: rng.standard_normal((6, 3)),
    dz_hat=lambda rng: rng.standard_normal((6, 3)),
    gamma=lambda rng: rng.standard_normal(3),
)
def by_correlation(dz_hat, z, gamma):
    t = (z - z.mean(dim=0)) / z.std(dim=0, correction=0)
    rest = (dz_hat**2).mean(dim=0) - dz_hat.mean(dim=0) ** 2 - (dz_hat * t).mean(dim=0) ** 2
    return len(z) * gamma**2 / z.var(dim=0, correction=0) * rest


def test_one_over_the_root_of_m_would_be_no_bound():
    rng, broken = np.random.default_rng(0), 0
    for _ in range(200):
        m = int(rng.integers(4, 40))
        z, slope, one = rng.normal(size=(m, 1)), rng.normal(size=(m, 1)) + 1, np.ones(1)
        t = (z - z.mean()) / z.std()
        variant = ((slope**2).sum() - slope.sum() ** 2 / m - (slope * t).sum() ** 2 / np.sqrt(m)) / z.var()
        broken += batch_norm_lipschitz(slope, z, one)[0] > variant + 1e-9
    assert broken == 200, "a version in circulation; the length would be larger than its bound in every case"


def test_a_power_below_1_is_refused():
    with pytest.raises(ValueError, match=r"^p: expected a number of at least 1, got 0\.5$"):
        lp_normalize(np.array([[1.0], [2.0]]), 0.5)


@witness(lp_normalize, z=spread_out, p=lambda rng: float(rng.choice([1, 1.5, 2, 3])))
def test_lp_normalize(z, p):
    c = z - torch.mean(z, dim=0)
    return c / torch.mean(torch.abs(c) ** p, dim=0) ** (1 / p)


@witness(lp_normalize, by="torch.nn.functional.batch_norm", z=spread_out, p=lambda: 2)
def test_lp_normalize_with_squares_is_batch_norm(z):
    return F.batch_norm(z, None, None, training=True, eps=1e-30)


@witness(lp_normalize, by="torch.linalg.vector_norm", z=spread_out)
def test_lp_normalize_with_any_power_and_with_the_largest(z, p):
    c = z - torch.mean(z, dim=0)
    return c / torch.linalg.vector_norm(c, ord=p, dim=0) * len(z) ** (1 / p)


def test_defaults_and_the_smallest_power():
    assert inspect.signature(noisy_batch_norm).parameters["eps"].default == torch.nn.BatchNorm1d(1).eps
    assert lp_normalize(np.array([[0.0], [2.0]]), 1).ravel().tolist() == [-1, 1]

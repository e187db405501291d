import numpy as np
import pytest
import torch
import torch.nn.functional as F
from scipy.optimize import brentq, minimize_scalar

from snippets.optimization import (
    condition_number,
    gradient_descent_contraction,
    least_squares_hessian,
    linear_model,
    linear_model_gradient,
    warmup_learning_rate,
)
from yansuan.proof.witness import derivative, witness


def positive_definite(rng, scale):
    """A symmetric matrix with known eigenvalues from 1 to 1000, in a random basis."""
    basis, _ = np.linalg.qr(rng.standard_normal((4, 4)))
    return scale * (basis * np.sort(10.0 ** rng.uniform(0, 3, 4))) @ basis.T


def correlated(rng, scale):
    """Hessian of two standardized features with correlation rho."""
    rho = rng.uniform(-0.99, 0.99)
    return scale * np.array([[1, rho], [rho, 1]])


@witness(linear_model)
def test_linear_model(x, y_hat, w, b):
    y = F.linear(x, w[None])[:, 0] + b
    return y, F.mse_loss(y, y_hat, reduction="none"), F.mse_loss(y, y_hat, reduction="sum")


@witness(linear_model_gradient)
def test_linear_model_gradient(x, y_hat, w, b):
    return torch.autograd.functional.jacobian(
        lambda w, b: F.mse_loss(x @ w + b, y_hat, reduction="sum"), (w, torch.as_tensor(b)), create_graph=True
    )


@witness(condition_number, H=positive_definite)
def test_condition_number(H):
    return torch.linalg.cond(H)


@witness(condition_number, H=correlated)
def test_condition_number_of_two_correlated_features(H):
    return (H[0, 0] + abs(H[0, 1])) / (H[0, 0] - abs(H[0, 1]))


@pytest.mark.parametrize("eigenvalues", [(2.0, -1.0), (2.0, 0.0)])
def test_a_matrix_that_is_not_positive_definite_has_no_condition_number_here(eigenvalues):
    message = rf"^H: expected a positive definite matrix, its smallest eigenvalue is {eigenvalues[1]}$"
    with pytest.raises(ValueError, match=message):
        condition_number(np.diag(eigenvalues))


@witness(least_squares_hessian)
def test_least_squares_hessian(x):
    return torch.autograd.functional.hessian(
        lambda w: F.mse_loss(x @ w, x[:, 0]), torch.ones(x.shape[1]), create_graph=True
    )


def slowest(H, eta, steps=3):
    """Gradient descent on wᵀHw/2, once from each principal axis: the largest factor per step for the distance to 0."""
    H = torch.as_tensor(H)
    w = torch.linalg.eigh(H)[1]
    for _ in range(steps):
        w = w.detach().requires_grad_()
        w = w - eta * torch.autograd.grad((w * (H @ w)).sum() / 2, w)[0]
    return (w.detach().norm(dim=0).max() ** (1 / steps)).item()


@witness(gradient_descent_contraction, H=positive_definite)
def test_gradient_descent_contraction_measured(H):
    eta_max = brentq(lambda eta: slowest(H, eta) - 1, 1 / H.trace(), 9 / H.trace(), xtol=1e-300, rtol=1e-14)
    best = minimize_scalar(lambda eta: slowest(H, eta), (0, eta_max / 2, eta_max), method="golden", tol=1e-14)
    return eta_max, best.x, best.fun


@witness(gradient_descent_contraction, H=correlated)
def test_gradient_descent_contraction_of_two_correlated_features(H):
    rho = abs(H[0, 1]) / H[0, 0]
    return 2 / (H[0, 0] * (1 + rho)), 1 / H[0, 0], rho


@derivative(gradient_descent_contraction, H=positive_definite)
def with_spectral_norm(H):
    largest, smallest = torch.linalg.matrix_norm(H, 2), torch.linalg.matrix_norm(H, -2)
    eta = 2 / (largest + smallest)
    return 2 / largest, eta, torch.linalg.matrix_norm(torch.eye(len(H)) - eta * H, 2)


def run(x, y_hat, eta, steps):
    """Real gradient descent of a linear model on data: the mean squared error, step by step."""
    x, y_hat = torch.tensor(x), torch.tensor(y_hat)
    w, losses = torch.zeros(x.shape[1], dtype=torch.float64), []
    for _ in range(steps):
        w = w.detach().requires_grad_()
        loss = F.mse_loss(x @ w, y_hat)
        losses.append(loss.item())
        w = w - eta * torch.autograd.grad(loss, w)[0]
    return np.array(losses)


@pytest.mark.parametrize("seed", range(3))
def test_real_training_is_as_fast_as_the_two_formulas_say(seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((20, 3)) * [1.0, 2.0, 5.0] @ np.linalg.qr(rng.standard_normal((3, 3)))[0]
    y_hat = x @ rng.standard_normal(3)  # can be fitted, so that the loss is the excess
    eta_max, eta, q = gradient_descent_contraction(least_squares_hessian(x))
    best = run(x, y_hat, eta, 60)
    assert best[50] / best[49] == pytest.approx(q**2, rel=1e-3), "the loss shrinks by the square"
    assert run(x, y_hat, 0.99 * eta_max, 500)[-1] < best[0]
    assert run(x, y_hat, 1.01 * eta_max, 500)[-1] > 10 * best[0]
    for other in (0.9 * eta, 1.05 * eta):  # in the long run: for a while a good start may help more
        run_of_other = run(x, y_hat, other, 60)
        assert run_of_other[50] / run_of_other[49] > 1.001 * q**2


def steps(rng, w):
    """Steps before and after the end of the warm-up."""
    return rng.permutation(np.concatenate([rng.uniform(1, w, 3), rng.uniform(w, 10 * w, 3)]))


SCHEDULE = {"d": lambda rng: int(rng.integers(2, 999)), "w": lambda rng: int(rng.integers(2, 9999)), "t": steps}


@witness(warmup_learning_rate, **SCHEDULE)
def test_warmup_learning_rate(t, d, w):
    return torch.where(t < w, t / w, torch.sqrt(w / t)) / (d * w) ** 0.5


def test_the_schedule_is_highest_where_the_warm_up_ends():
    found = minimize_scalar(lambda t: -warmup_learning_rate(np.array([t]), 512, 400)[0], (100.0, 1000.0), tol=1e-12)
    assert found.x == pytest.approx(400, rel=1e-6)
    assert -found.fun == pytest.approx((512 * 400) ** -0.5, rel=1e-6)


@pytest.mark.parametrize(("t", "d", "w"), [(0.5, 4, 10), (1.0, 0, 10), (1.0, 4, 0)])
def test_steps_before_the_first_are_refused(t, d, w):
    with pytest.raises(
        ValueError, match=rf"^t, d, w: expected steps from 1 and positive numbers, got {t}, {d} and {w}$"
    ):
        warmup_learning_rate(np.array([t, 2.0]), d, w)
    assert warmup_learning_rate(np.array([1.0]), 1, 1) == 1
    assert warmup_learning_rate(np.array([1.0, 4.0]), 0.25, 0.5) == pytest.approx([2, 1])

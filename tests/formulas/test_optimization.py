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
    """A symmetric matrix with known eigenvalues from 1 to 1000, in a random basis. No two are nearly equal: where they
    meet, the largest and the smallest have a kink."""
    basis, _ = np.linalg.qr(rng.standard_normal((4, 4)))
    return scale * (basis * 10.0 ** (0.8 * np.arange(4) + rng.uniform(0, 0.5, 4))) @ basis.T


def correlated(rng, scale):
    """Hessian of two standardized features with correlation rho."""
    rho = rng.uniform(-0.99, 0.99)
    return scale * np.array([[1, rho], [rho, 1]])


@witness(linear_model, by="torch.nn.functional.mse_loss", x="(R, d)", y_hat="(R,)")
def test_linear_model(x, y_hat, w, b):
    y = F.linear(x, w[None])[:, 0] + b
    return y, F.mse_loss(y, y_hat, reduction="none"), F.mse_loss(y, y_hat, reduction="sum")


@witness(linear_model)
def test_linear_model_example_by_example(x, y_hat, w, b):
    y = torch.sum(x * w, dim=-1) + b
    return y, y**2 - 2 * y * y_hat + torch.as_tensor(y_hat) ** 2, torch.sum((y_hat - y) ** 2)


@witness(linear_model_gradient, by="torch.nn.functional.mse_loss", x="(R, d)", y_hat="(R,)")
def test_linear_model_gradient(x, y_hat, w, b):
    return torch.autograd.functional.jacobian(
        lambda w, b: F.mse_loss(x @ w + b, y_hat, reduction="sum"), (w, torch.as_tensor(b)), create_graph=True
    )


@witness(linear_model_gradient)
def test_linear_model_gradient_of_any_batch(x, y_hat, w, b):
    return torch.autograd.functional.jacobian(
        lambda w, b: torch.sum((x @ w + b - y_hat) ** 2), (w, torch.as_tensor(b)), create_graph=True
    )


def well_conditioned(rng, scale):
    """Matrices, one or several, wide or tall, whose singular values are from 1 to 1000."""
    leading, (m, n) = rng.integers(1, 4, rng.integers(3)), rng.integers(1, 6, 2)
    k = min(m, n)
    left, right = (np.linalg.qr(rng.standard_normal((*leading, size, k)))[0] for size in (m, n))
    stretching = scale * 10.0 ** rng.uniform(0, 3, (*leading, 1, k))
    return left * stretching @ np.swapaxes(right, -1, -2)


def tall(rng):
    """A matrix of more than one column, so that its condition number is not 1 whatever it is."""
    return positive_definite(rng, 1)[:, :3]


@witness(condition_number, by="torch.linalg.cond", A=well_conditioned)
@derivative(condition_number, A=tall)
def test_condition_number(A):
    return torch.linalg.cond(A)


@witness(condition_number, A=positive_definite)
def test_condition_number_of_a_hessian_is_largest_over_smallest_curvature(A):
    curvature = torch.linalg.eigvalsh(A)
    return curvature[-1] / curvature[0]


@witness(condition_number, A=correlated)
def test_condition_number_of_two_correlated_features(A):
    return (A[0, 0] + abs(A[0, 1])) / (A[0, 0] - abs(A[0, 1]))


def test_the_condition_number_is_that_of_numpy_whatever_the_matrix():
    skewed, flat = np.array([[2.0, 100.0], [0.0, 1.0]]), np.diag([2.0, -1.0])
    assert condition_number(skewed) == pytest.approx(np.linalg.cond(skewed), rel=1e-12)
    assert condition_number(flat) == np.linalg.cond(flat) == 2
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        assert condition_number(np.diag([2.0, 0.0])) == np.linalg.cond(np.diag([2.0, 0.0])) == np.inf


@pytest.mark.parametrize(
    "H",
    [np.diag([2.0, -1.0]), np.diag([2.0, 0.0]), [[2.0, 100.0], [0.0, 1.0]], [[2.0, 0.1], [0.0, 1.0]]],
    ids=["a saddle", "a valley", "not symmetric at all", "not symmetric"],
)
def test_what_is_no_bowl_has_no_best_learning_rate(H):
    with pytest.raises(ValueError, match=r"^H: expected a symmetric, positive definite matrix$"):
        gradient_descent_contraction(H)


def test_what_is_just_symmetric_is_a_bowl():
    assert gradient_descent_contraction([[2.0, 1e-6 * 2.0], [0.0, 1.0]]) == (1, 2 / 3, pytest.approx(1 / 3))


@pytest.mark.parametrize("scale", [1.0, 1e-12, 1e12])
def test_a_bowl_that_is_symmetric_up_to_rounding_is_not_refused(scale):
    H = scale * np.array([[2.0, 0.5], [0.5, 1.0]])
    skewed, worse = H.copy(), H.copy()
    skewed[0, 1] += 1e-6 * scale
    worse[0, 1] += 3e-6 * scale
    assert gradient_descent_contraction(skewed) == pytest.approx(gradient_descent_contraction(H), rel=1e-5)
    with pytest.raises(ValueError, match="symmetric"):
        gradient_descent_contraction(worse)


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
    """Steps before and after the end of the warm-up: one, several, or rows of them."""
    return w * rng.uniform(0.1, 5, rng.integers(1, 5, rng.integers(3)))


SCHEDULE = {"d": lambda rng: int(rng.integers(2, 999)), "w": lambda rng: int(rng.integers(20, 9999)), "t": steps}


@witness(warmup_learning_rate, **SCHEDULE)
def test_warmup_learning_rate(t, d, w):
    t = torch.as_tensor(t)
    return torch.where(t < w, t / w, torch.sqrt(w / t)) / (d * w) ** 0.5


@witness(warmup_learning_rate)
def test_warmup_learning_rate_by_logarithms(t, d, w):
    t, d, w = (torch.log(torch.as_tensor(number)) for number in (t, d, w))
    return torch.exp(-torch.maximum(t, 3 * w - 2 * t) / 2 - d / 2)


def test_the_schedule_is_highest_where_the_warm_up_ends():
    found = minimize_scalar(lambda t: -warmup_learning_rate(np.array([t]), 512, 400)[0], (100.0, 1000.0), tol=1e-12)
    assert found.x == pytest.approx(400, rel=1e-6)
    assert -found.fun == pytest.approx((512 * 400) ** -0.5, rel=1e-6)


@pytest.mark.parametrize(("name", "wrong"), [("t", 0.5), ("d", 0), ("w", 0)])
def test_steps_before_the_first_are_refused(name, wrong):
    with pytest.raises(ValueError, match=rf"^{name}: expected a number .*, got {wrong}$"):
        warmup_learning_rate(**{"t": np.array([1.0, 2.0]), "d": 4, "w": 10} | {name: wrong})
    assert warmup_learning_rate(1, 1, 1) == 1
    assert warmup_learning_rate([1, 4], 0.25, 0.5) == pytest.approx([2, 1])

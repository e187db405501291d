"""Laws of the quadratic bowl, on every one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from snippets.optimization import (
    condition_number,
    gradient_descent_contraction,
    least_squares_hessian,
    linear_model_gradient,
)
from tests.formulas.test_properties import close, factors, hessians, law, tables_and, vectors


@law
@given(tables_and("m", "d"), factors)
def test_the_hessian_of_least_squares_is_a_mean_over_examples(case, c):
    x, order, u = case
    H = least_squares_hessian(x)
    size = np.sqrt(np.outer(H.diagonal(), H.diagonal()))
    assert close(H, H.T, size)
    assert close(least_squares_hessian(x[order]), H, size)
    assert close(least_squares_hessian(np.vstack([x, x])), H, size), "twice the data: the same bowl"
    assert close(least_squares_hessian(c * x), c**2 * H, c**2 * size), "the square of the scale"
    assert close(u @ H @ u, 2 * np.mean((x @ u) ** 2), np.abs(u) @ size @ np.abs(u))


@law
@given(tables_and("d", "d"))
def test_the_hessian_is_how_the_slope_changes(case):
    x, w, u = case
    target = np.zeros(len(x))
    slopes = [linear_model_gradient(x, target, weights, 0.0)[0] / len(x) for weights in (w + u, w)]
    size = 2 / len(x) * np.abs(x).T @ (np.abs(x) @ (np.abs(w) + np.abs(u)))
    assert close(slopes[0] - slopes[1], least_squares_hessian(x) @ u, size)


@law
@given(hessians())
def test_the_contraction_is_of_the_shape_and_the_rates_are_of_the_steepness(case):
    H, rotation, c = case
    eta_max, eta, q = gradient_descent_contraction(H)
    assert 0 < eta <= eta_max
    assert 0 <= q < 1
    assert close(eta * (1 + 1 / condition_number(H)), eta_max, 0)
    for got, want in zip(gradient_descent_contraction(c * H), (eta_max / c, eta / c, q), strict=True):
        assert close(got, want, 0, 1e-7) or abs(got - want) < 1e-12
    turned = rotation @ H @ rotation.T
    for got, want in zip(gradient_descent_contraction((turned + turned.T) / 2), (eta_max, eta, q), strict=True):
        assert close(got, want, 0, 1e-7) or abs(got - want) < 1e-12


@law
@given(hessians(), st.data())
def test_no_start_is_slower_than_the_factor_and_no_other_rate_is_better(case, data):
    H, _, _ = case
    eta_max, eta, q = gradient_descent_contraction(H)
    w = data.draw(vectors(len(H)))
    for _ in range(3):
        step = w - eta * (H @ w)
        assert np.linalg.norm(step) <= q * np.linalg.norm(w) + 1e-9
        w = step
    other = data.draw(st.floats(0, 1.5)) * eta_max
    factor = np.abs(1 - other * np.linalg.eigvalsh(H)).max()
    assert factor >= q - 1e-12
    assert (factor > 1) == (other > eta_max) or abs(other / eta_max - 1) < 1e-9 or other == 0

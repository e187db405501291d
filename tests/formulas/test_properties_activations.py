"""Laws of the activation functions, on every input."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from snippets.activations import relu, sigmoid, sigmoid_derivative
from tests.formulas.test_properties import close, law


def batches(low=-50.0, high=50.0):
    sizes = st.tuples(st.integers(1, 5), st.integers(1, 5))
    return arrays(np.float64, sizes, elements=st.floats(low, high, allow_subnormal=False))


@law
@given(batches(-1000, 1000))
def test_the_sigmoid_and_its_mirror_image_make_1(z):
    assert ((sigmoid(z) >= 0) & (sigmoid(z) <= 1)).all()
    assert close(sigmoid(z) + sigmoid(-z), 1, tolerance=1e-15)


@law
@given(batches(), st.floats(1e-3, 10))
def test_the_sigmoid_rises_and_is_a_logistic_curve(z, step):
    assert (sigmoid(z + step) >= sigmoid(z)).all()
    odds = sigmoid(z) / sigmoid(-z)
    assert close(odds, np.exp(z), 0, 1e-13), "the odds are the exponential"
    assert close(sigmoid(z + step) / sigmoid(-z - step), odds * np.exp(step), 0, 1e-12)


@law
@given(batches())
def test_the_slope_of_the_sigmoid_is_even_and_at_most_a_quarter(z):
    slope = sigmoid_derivative(z)
    assert np.array_equal(slope, sigmoid_derivative(-z))
    assert ((slope > 0) & (slope <= 0.25)).all()
    assert (slope <= np.exp(-np.abs(z))).all(), "it fades like the exponential"
    assert (sigmoid_derivative(2 * z) <= slope).all(), "on both sides"


@law
@given(batches(), st.floats(0.01, 100))
def test_relu_keeps_scale_and_splits_a_number_into_its_two_sides(z, c):
    assert np.array_equal(relu(c * z), c * relu(z))
    assert np.array_equal(relu(z) - relu(-z), z)
    assert np.array_equal(relu(z) + relu(-z), np.abs(z))
    assert np.array_equal(relu(relu(z)), relu(z))


@law
@given(batches(), st.data())
def test_each_number_goes_by_itself(z, data):
    order = data.draw(st.permutations(range(len(z))))
    for activation in (sigmoid, sigmoid_derivative, relu):
        assert np.array_equal(activation(z[order]), activation(z)[order])
        assert np.array_equal(activation(z.T), activation(z).T)

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from scipy.special import expit
from scipy.stats import logistic

from snippets.activations import relu, sigmoid, sigmoid_derivative
from tests.witness import derivative, witness


@witness(sigmoid)
def test_sigmoid(z):
    return torch.sigmoid(z)


@derivative(sigmoid, z=lambda rng: rng.uniform(-4, 4, (5, 3)))
def where_it_slopes(z):  # farther out, a difference of values near 1 has no digits left
    return torch.sigmoid(z)


@witness(sigmoid)
def test_sigmoid_is_half_a_hyperbolic_tangent(z):
    return (1 + torch.tanh(z / 2)) / 2


@witness(sigmoid_derivative)
def test_sigmoid_derivative(z):
    return torch.autograd.functional.jvp(torch.sigmoid, z, torch.ones_like(z))[1]


@witness(sigmoid_derivative)
def test_sigmoid_derivative_is_the_density_of_the_logistic_distribution(z):
    return logistic.pdf(z)


@derivative(sigmoid_derivative)
def with_cosh(z):
    return 1 / (4 * torch.cosh(z / 2) ** 2)


@witness(relu)
def test_relu(z):
    return F.relu(z)


def test_far_from_0_the_sigmoid_neither_overflows_nor_loses_its_digits():
    z = np.array([[0.0, 1000.0, -1000.0, np.inf, -np.inf]])
    with np.errstate(over="raise", invalid="raise"):
        assert sigmoid(z).tolist() == [[0.5, 1, 0, 1, 0]]
    for far in (-40.0, -300.0, -700.0):
        z = np.array([[far]])
        assert sigmoid(z) == pytest.approx(np.exp(far), rel=1e-15)
        assert sigmoid(z) == pytest.approx(expit(z), rel=1e-15)
        assert sigmoid_derivative(z) == sigmoid_derivative(-z) == pytest.approx(np.exp(far), rel=1e-15)
    with pytest.warns(RuntimeWarning, match="overflow encountered in exp"):
        assert 1 / (1 + np.exp(1000.0)) == 0, "the textbook line"


def test_the_slope_of_the_sigmoid_is_a_quarter_at_0():
    assert sigmoid_derivative(np.zeros((1, 1))) == 0.25


@pytest.mark.parametrize("snippet", [sigmoid, sigmoid_derivative, relu])
def test_the_type_is_kept(snippet):
    z = np.float32([[-1.0, 0.0, 2.0]])
    assert snippet(z).dtype == np.float32


def test_relu_of_0_is_0():
    assert relu(np.zeros((2, 3))).tolist() == [[0, 0, 0], [0, 0, 0]]

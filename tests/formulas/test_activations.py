import numpy as np
import pytest
import torch
import torch.nn.functional as F
from scipy.special import expit
from scipy.stats import logistic

from snippets.activations import prelu, prelu_gradient, relu, sigmoid, sigmoid_derivative, softsign
from yansuan.proof.witness import derivative, witness


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


@witness(prelu)
def test_prelu(z, a):
    return F.prelu(z, a)


@witness(prelu)
def test_prelu_is_the_value_times_one_of_two_slopes(z, a):
    return z * torch.where(z > 0, 1.0, a)


@witness(prelu_gradient)
def test_prelu_gradient(g, z, a):
    return torch.autograd.functional.vjp(F.prelu, (z, a), g, create_graph=True)[1]


@witness(softsign)
def test_softsign(z):
    return F.softsign(z)


@witness(softsign)
def test_softsign_by_the_sign(z):
    return torch.sign(z) * (1 - 1 / (1 + z.abs()))


def test_at_0_prelu_takes_the_slope_of_the_negative_side_as_pytorch_does():
    zero, one, a = np.zeros((1, 1)), np.ones((1, 1)), np.array([0.25])
    assert prelu_gradient(one, zero, a)[0] == 0.25
    z = torch.zeros((1, 1), dtype=torch.float64, requires_grad=True)
    F.prelu(z, torch.tensor(a)).backward()
    assert z.grad == 0.25


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


@pytest.mark.parametrize("snippet", [sigmoid, sigmoid_derivative, relu, softsign])
def test_the_type_is_kept(snippet):
    z = np.float32([[-1.0, 0.0, 2.0]])
    assert snippet(z).dtype == np.float32


def test_relu_of_0_is_0():
    assert relu(np.zeros((2, 3))).tolist() == [[0, 0, 0], [0, 0, 0]]

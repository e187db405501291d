import numpy as np
import pytest
import torch
import torch.nn.functional as F
from scipy.special import expit

from snippets.activations import prelu, prelu_gradient, relu, sigmoid, sigmoid_derivative, softsign
from yansuan.proof.witness import derivative, witness


@witness(sigmoid, by="torch.sigmoid")
def test_sigmoid(z):
    return torch.sigmoid(torch.as_tensor(z))


@derivative(sigmoid, z=lambda rng: rng.uniform(-4, 4, (5, 3)))
def where_it_slopes(z):  # farther out, a difference of values near 1 has no digits left
    return torch.sigmoid(z)


@witness(sigmoid, by="scipy.special.expit")
def test_sigmoid_by_scipy(z):
    return expit(np.asarray(z))


# autograd takes 1 - a, which has no digits farther out; there SciPy judges alone
@witness(
    sigmoid_derivative,
    by="torch.autograd.functional.jvp",
    z=lambda rng: rng.uniform(-4, 4, rng.integers(1, 5, rng.integers(4))),
)
def test_sigmoid_derivative(z):
    z = torch.as_tensor(z)
    return torch.autograd.functional.jvp(torch.sigmoid, z, torch.ones_like(z))[1]


@witness(sigmoid_derivative, by="scipy.stats.logistic.pdf")
def test_sigmoid_derivative_is_the_density_of_the_logistic_distribution(z):
    from scipy.stats import logistic  # takes half a second

    return logistic.pdf(z)


@derivative(sigmoid_derivative)
def with_cosh(z):
    return 1 / (4 * torch.cosh(z / 2) ** 2)


@witness(relu, by="torch.nn.functional.relu")
def test_relu(z):
    return F.relu(torch.as_tensor(z))


@derivative(relu, z=lambda rng: rng.standard_normal((5, 3)))
def positive_part(z):
    return (z + z.abs()) / 2


def slopes(rng, z):
    """One for each channel, or one for all."""
    channels = np.shape(z)[1] if np.ndim(z) > 1 else 1
    return rng.uniform(-1, 1, [(channels,), (1,), ()][rng.integers(3)])


@witness(prelu, a=slopes, by="torch.nn.functional.prelu")
def test_prelu(z, a):
    return F.prelu(torch.as_tensor(z), torch.as_tensor(a))


@witness(prelu, z=lambda rng: rng.standard_normal((5, 3, 2, 4)), a=slopes)
def test_prelu_is_the_value_times_one_of_two_slopes(z, a):
    return z * torch.where(z > 0, 1.0, a.reshape(-1, 1, 1))


@derivative(prelu, z=lambda rng: rng.standard_normal((5, 3)), a=lambda rng: rng.standard_normal(3))
def with_absolute_values(z, a):
    return ((1 + a) * z + (1 - a) * z.abs()) / 2


@witness(prelu_gradient, by="torch.autograd.functional.vjp")
def test_prelu_gradient(g, z, a):
    return torch.autograd.functional.vjp(F.prelu, (z, a), g, create_graph=True)[1]


@witness(softsign, by="torch.nn.functional.softsign")
def test_softsign(z):
    return F.softsign(torch.as_tensor(z))


@witness(softsign)
def test_softsign_by_the_sign(z):
    z = torch.as_tensor(z)
    return torch.sign(z) * (1 - 1 / (1 + z.abs()))


@derivative(softsign)
def by_division(z):
    return z / (1 + z.abs())


def test_at_0_prelu_takes_the_slope_of_the_negative_side_as_pytorch_does():
    zero, one, a = np.zeros((1, 1)), np.ones((1, 1)), np.array([0.25])
    assert prelu_gradient(one, zero, a)[0] == 0.25
    z = torch.zeros((1, 1), dtype=torch.float64, requires_grad=True)
    F.prelu(z, torch.tensor(a)).backward()
    assert z.grad == 0.25


def test_prelu_takes_what_pytorchs_takes():
    rng = np.random.default_rng(0)
    for shape in ((), (3,), (2, 3), (2, 3, 4), (2, 3, 4, 5)):
        z = rng.standard_normal(shape)
        for a in (np.array(0.25), np.array([0.25]), rng.uniform(size=3)):
            if a.size == 1 or len(shape) > 1:
                theirs = F.prelu(torch.tensor(z), torch.tensor(a)).numpy()
                assert prelu(z, a).shape == theirs.shape
                assert prelu(z, a) == pytest.approx(theirs, rel=1e-15)
    z, a = rng.standard_normal(3), rng.uniform(size=3)
    assert np.array_equal(prelu(z, a), prelu(z[None], a)[0]), "one example alone may have a slope for each channel"


@pytest.mark.parametrize("ours", [sigmoid, sigmoid_derivative, relu, softsign])
def test_a_number_alone_and_a_list_will_do(ours):
    assert ours(2) == ours([2])[0] == ours(np.array([[2.0]]))[0, 0]
    assert np.shape(ours(-1000.0)) == ()


def test_nothing_overflows_in_either_precision():
    for kind in (np.float32, np.float64):
        z = kind([-1000, -89, 0, 89, 1000])
        with np.errstate(all="raise", under="ignore"):
            assert sigmoid(z)[[0, 2, 4]].tolist() == [0, 0.5, 1]
            assert sigmoid_derivative(z)[[0, 2, 4]].tolist() == [0, 0.25, 0]


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

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from snippets.losses import cross_entropy, label_smoothing, softmax, softmax_cross_entropy_gradient, softmax_jacobian
from yansuan.proof.witness import derivative, witness


def scores(rng, scale):
    return np.clip(scale, 0.1, 30) * rng.standard_normal((5, 3))


def probabilities(rng):
    p = rng.uniform(0.01, 1, (5, 3))
    return p / p.sum(axis=1, keepdims=True)


def one_of(rng):
    return rng.dirichlet(np.ones(4))


@witness(softmax)
def test_softmax(z):
    return F.softmax(z, dim=1)


@witness(softmax, z=scores)
def test_softmax_in_moderate_scores(z):
    return torch.exp(z - torch.logsumexp(z, dim=1, keepdim=True))


@witness(softmax_jacobian, p=one_of)
def test_softmax_jacobian(p):
    return torch.autograd.functional.jacobian(lambda z: F.softmax(z, dim=0), torch.log(p), create_graph=True)


@derivative(softmax_jacobian, p=one_of)
def diagonal_minus_outer(p):
    return torch.diag(p) - torch.outer(p, p)


@witness(cross_entropy, p=probabilities, y=probabilities)
def test_cross_entropy(p, y):
    return F.cross_entropy(torch.log(p), y)


@derivative(cross_entropy, p=probabilities, y=probabilities)
def without_normalizing(p, y):
    return torch.special.xlogy(-y, p).sum() / len(y)


@witness(cross_entropy, p=probabilities, y=lambda rng: np.eye(3)[rng.integers(3, size=5)])
def test_cross_entropy_of_one_right_class(p, y):
    return -torch.log(p[y == 1]).mean()


@witness(softmax_cross_entropy_gradient, z=scores, y=probabilities)
def test_softmax_cross_entropy_gradient(z, y):
    z = z.clone().requires_grad_()
    return torch.autograd.grad(F.cross_entropy(z, y), z)[0]


@derivative(softmax_cross_entropy_gradient, z=lambda rng: rng.standard_normal((5, 3)), y=probabilities)
def probabilities_minus_targets(z, y):
    return (F.softmax(z, dim=1) - y) / len(z)


def test_a_class_that_is_impossible_and_not_wanted_costs_nothing():
    p, y = np.array([[1.0, 0.0], [0.5, 0.5]]), np.array([[1.0, 0.0], [0.0, 1.0]])
    assert cross_entropy(p, y) == pytest.approx(np.log(2) / 2, rel=1e-15)


@pytest.mark.parametrize("shift", [-1000.0, 0.0, 1000.0])
def test_softmax_does_not_mind_one_number_added_to_all_scores(shift):
    z = np.array([[1.0, 2.0, 4.0], [0.0, 0.0, -7.0]])
    assert softmax(z + shift) == pytest.approx(softmax(z), rel=1e-12)
    assert softmax(z + shift).sum(axis=1) == pytest.approx(1, rel=1e-15)
    assert softmax_cross_entropy_gradient(z + shift, softmax(z)) == pytest.approx(0, abs=1e-12)


def share(rng):
    return rng.uniform(0.05, 0.95)


@witness(label_smoothing, y=probabilities, alpha=share)
def test_label_smoothing(y, alpha):
    return torch.lerp(y, torch.full_like(y, 1 / y.shape[1]), torch.as_tensor(alpha))


@witness(label_smoothing, y=lambda rng: np.eye(3)[rng.integers(3, size=5)], alpha=share)
def test_label_smoothing_as_the_slope_of_pytorchs_loss(y, alpha):
    z = torch.zeros_like(y).requires_grad_()
    loss = F.cross_entropy(z, y.argmax(dim=1), label_smoothing=alpha, reduction="sum")
    return F.softmax(z, dim=1).detach() - torch.autograd.grad(loss, z)[0]


@pytest.mark.parametrize("alpha", [-0.1, 1.1])
def test_a_share_that_is_none_is_refused(alpha):
    y = np.eye(2)
    with pytest.raises(ValueError, match=rf"^alpha: expected a number from 0 to 1, got {alpha}$"):
        label_smoothing(y, alpha)
    assert np.array_equal(label_smoothing(y, 0.0), y)
    assert np.array_equal(label_smoothing(y, 1.0), np.full((2, 2), 0.5))

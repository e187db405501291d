import numpy as np
import pytest
import scipy.special
import torch
import torch.nn.functional as F

from snippets.losses import (
    cross_entropy,
    cross_entropy_of_probabilities,
    label_smoothing,
    log_softmax,
    logsumexp,
    softmax,
    softmax_cross_entropy_gradient,
    softmax_jacobian,
)
from yansuan.proof.witness import derivative, witness


def leading(rng):
    """Sizes of no, one or two axes."""
    return tuple(rng.integers(1, 4, rng.integers(3)))


def scores(rng, scale, z):
    return np.clip(scale, 0.1, 30) * rng.standard_normal(z.shape)


def moderate(rng, scale):
    return np.clip(scale, 0.1, 30) * rng.standard_normal((*leading(rng), 3))


def like(z, rng):
    """Probabilities of the shape of z; some are 0."""
    y = rng.dirichlet(np.ones(z.shape[-1]), z.shape[:-1])
    y = np.where(y < 0.1, 0, y)
    return y / y.sum(axis=-1, keepdims=True)


def probabilities(rng):
    return rng.dirichlet(np.ones(4), leading(rng))


@witness(softmax, by="torch.nn.functional.softmax")
def test_softmax(z):
    return F.softmax(z, dim=-1)


@derivative(softmax, z=moderate)
def power_over_sum(z):
    return torch.exp(z) / torch.exp(z).sum(dim=-1, keepdim=True)


@witness(softmax, z=moderate)
def test_softmax_in_moderate_scores(z):
    return torch.exp(z - torch.logsumexp(z, dim=-1, keepdim=True))


@witness(softmax_jacobian, p=probabilities, by="torch.autograd.functional.jacobian")
def test_softmax_jacobian(p):
    each = [torch.autograd.functional.jacobian(lambda z: F.softmax(z, dim=0), torch.log(q)) for q in p.reshape(-1, 4)]
    return torch.stack(each).reshape(*p.shape, 4)


@derivative(softmax_jacobian, p=probabilities)
def diagonal_minus_outer(p):
    return torch.diag_embed(p) - p.unsqueeze(-1) * p.unsqueeze(-2)


@witness(logsumexp, by="torch.logsumexp")
def test_logsumexp(z):
    return torch.logsumexp(z, dim=-1)


@witness(logsumexp, by="scipy.special.logsumexp", z=lambda rng, scale: minus_infinity(rng, moderate(rng, scale)))
def test_logsumexp_where_some_scores_are_minus_infinity(z):
    return scipy.special.logsumexp(z, axis=-1)


def rivals(rng, some):
    """Two scores of each example are near each other and above all others: the logarithm of a probability of nearly 1
    has no digits."""
    z, top = some.copy(), some.max(axis=-1)
    for k in range(min(2, z.shape[-1])):
        z[..., k] = top + rng.uniform(0, 2, top.shape)
    return z


RIVALS = {"some": "(..., K)", "z": rivals}


@witness(log_softmax, **RIVALS, by="torch.nn.functional.log_softmax")
def test_log_softmax(z):
    return F.log_softmax(z, dim=-1)


@witness(log_softmax, **RIVALS, by="scipy.special.log_softmax")
def test_log_softmax_by_scipy(z):
    return scipy.special.log_softmax(z, axis=-1)


def minus_infinity(rng, z):
    """Some scores replaced by −∞, of no example all."""
    hidden = rng.random(z.shape) < 0.4
    hidden[..., 0] = False
    return np.where(hidden, -np.inf, z)


def images(rng, scale):
    """Scores in each of PyTorch's shapes: (K,), (m, K), (m, K, …)."""
    shape = [(3,), (5, 3), (1, 4, 2), (2, 3, 4, 5)][rng.integers(4)]
    return np.clip(scale, 0.1, 30) * rng.standard_normal(shape)


def targets(rng, z):
    y = like(np.moveaxis(z, min(1, z.ndim - 1), -1), rng)
    return np.moveaxis(y, -1, min(1, z.ndim - 1))


def classes(rng, z):
    axis = min(1, z.ndim - 1)
    return rng.integers(z.shape[axis], size=np.delete(z.shape, axis))


@witness(
    cross_entropy,
    z=lambda rng: rng.standard_normal((5, 3)),
    y=lambda rng: rng.dirichlet(np.ones(3), 5),
    by="torch.nn.functional.cross_entropy",
)
def test_cross_entropy(z, y):
    return F.cross_entropy(z, y)


@witness(cross_entropy, z=images, y=targets, by="torch.nn.functional.cross_entropy")
def test_cross_entropy_of_probabilities_in_every_shape(z, y):
    return F.cross_entropy(z, y)


@witness(cross_entropy, z=images, y=classes, by="torch.nn.functional.cross_entropy")
def test_cross_entropy_of_classes_in_every_shape(z, y):
    return F.cross_entropy(z, torch.as_tensor(y))


@witness(
    cross_entropy_of_probabilities, p=lambda rng: like(np.ones((5, 4)), rng) / 2 + 1 / 8, y=lambda rng, p: like(p, rng)
)
def test_cross_entropy_of_probabilities(p, y):
    return F.cross_entropy(torch.log(p), y)


@witness(cross_entropy_of_probabilities, p=probabilities, y=lambda rng, p: like(p, rng))
def test_cross_entropy_of_probabilities_along_the_last_axis(p, y):
    return -torch.special.xlogy(y, p).sum(dim=-1).mean()


@derivative(
    cross_entropy_of_probabilities,
    p=lambda rng: rng.dirichlet(np.ones(3), 5),
    y=lambda rng: rng.dirichlet(np.ones(3), 5),
)
def without_normalizing(p, y):
    return -(y * torch.log(p)).sum() / len(p)


@witness(
    cross_entropy_of_probabilities,
    p=lambda rng: rng.dirichlet(np.ones(3), 5),
    y=lambda rng: np.eye(3)[rng.integers(3, size=5)],
    by="sklearn.metrics.log_loss",
)
def test_cross_entropy_of_one_right_class_by_scikit_learn(p, y):
    from sklearn.metrics import log_loss  # takes a second

    return log_loss(y.argmax(dim=1), p, labels=[0, 1, 2])


@witness(softmax_cross_entropy_gradient, z=moderate, y=lambda rng, z: like(z, rng), by="torch.autograd.grad")
def test_softmax_cross_entropy_gradient(z, y):
    z = z.clone().requires_grad_()
    loss = F.cross_entropy(z.reshape(-1, z.shape[-1]), y.reshape(-1, y.shape[-1]))
    return torch.autograd.grad(loss, z)[0]


@derivative(
    softmax_cross_entropy_gradient,
    z=lambda rng: rng.standard_normal((5, 3)),
    y=lambda rng: rng.dirichlet(np.ones(3), 5),
)
def probabilities_minus_targets(z, y):
    return (F.softmax(z, dim=1) - y) / len(z)


def test_a_class_that_is_impossible_and_not_wanted_costs_nothing():
    p, y = np.array([[1.0, 0.0], [0.5, 0.5]]), np.array([[1.0, 0.0], [0.0, 1.0]])
    z = np.array([[0.0, -np.inf], [2.0, 2.0]])
    assert cross_entropy_of_probabilities(p, y) == pytest.approx(np.log(2) / 2, rel=1e-15)
    assert cross_entropy(z, y) == cross_entropy(z, np.array([0, 1])) == pytest.approx(np.log(2) / 2, rel=1e-15)
    assert torch.isnan(F.cross_entropy(torch.tensor(z), torch.tensor(y))), "PyTorch, from probabilities"
    assert F.cross_entropy(torch.tensor(z), torch.tensor([0, 1])) == pytest.approx(np.log(2) / 2)


def test_scores_that_are_all_minus_infinity_sum_to_0():
    z = np.array([[-np.inf, -np.inf], [np.inf, 0.0], [1.0, -np.inf]])
    with np.errstate(all="raise", under="ignore"):
        ours = logsumexp(z)
    assert ours.tolist() == torch.logsumexp(torch.tensor(z), 1).tolist() == [-np.inf, np.inf, 1.0]


@pytest.mark.parametrize("ours", [softmax, log_softmax, logsumexp])
def test_the_classes_may_be_another_axis(ours):
    theirs = getattr(torch, ours.__name__)
    z = np.random.default_rng(0).standard_normal((2, 3, 4))
    for axis in range(-3, 3):
        assert ours(z, axis) == pytest.approx(theirs(torch.tensor(z), axis).numpy(), rel=1e-12)


@pytest.mark.parametrize("shift", [-1000.0, 0.0, 1000.0])
def test_softmax_does_not_mind_one_number_added_to_all_scores(shift):
    z = np.array([[1.0, 2.0, 4.0], [0.0, 0.0, -7.0]])
    assert softmax(z + shift) == pytest.approx(softmax(z), rel=1e-12)
    assert softmax(z + shift).sum(axis=1) == pytest.approx(1, rel=1e-15)
    assert softmax_cross_entropy_gradient(z + shift, softmax(z)) == pytest.approx(0, abs=1e-12)
    assert logsumexp(z + shift) - shift == pytest.approx(logsumexp(z), rel=1e-12)


@pytest.mark.parametrize("ours", [softmax, softmax_jacobian, log_softmax, logsumexp])
def test_the_type_is_kept(ours):
    assert ours(np.float32([0.2, 0.8])).dtype == np.float32


def test_lists_and_small_integers_are_scores_too():
    assert cross_entropy([[0, 2], [1, 0]], [1, 0]) == pytest.approx(F.cross_entropy(torch.tensor([[0.0, 2], [1, 0]]), torch.tensor([1, 0])).item())  # fmt: skip
    assert cross_entropy([[0, 2]], [[0, 1]]) == cross_entropy(np.uint8([[0, 2]]), np.uint8([1]))
    assert softmax(np.uint8([0, 10])) == pytest.approx(softmax(np.array([0.0, 10.0])))


def test_targets_that_name_no_class_are_refused():
    z = np.zeros((2, 3))
    with pytest.raises(ValueError, match=r"^y: expected a number of at least 0, got -100$"):
        cross_entropy(z, np.array([-100, 0]))
    with pytest.raises(IndexError):
        cross_entropy(z, np.array([3, 0]))
    with pytest.raises(IndexError):
        cross_entropy(z, np.ones((3, 2)))


@pytest.mark.parametrize(
    ("z", "y"),
    [((5, 3), (1,)), ((1, 3), (5,)), ((2, 3, 4), (2, 1)), ((2, 3, 4), (1, 4)), ((5, 3), ()), ((5, 3), (5, 1))],
)
def test_cross_entropy_refuses_targets_that_would_have_to_be_stretched(z, y):
    """As PyTorch does; NumPy would take one class for every example."""
    scores, classes = np.zeros(z), np.zeros(y, int)
    with pytest.raises((ValueError, IndexError, RuntimeError)):
        F.cross_entropy(torch.tensor(scores), torch.tensor(classes))
    with pytest.raises((ValueError, IndexError)):
        cross_entropy(scores, classes)


@pytest.mark.parametrize(("total", "refused"), [(1.0, False), (1.004, False), (1.006, True), (0.994, True)])
def test_what_is_no_distribution_is_refused(total, refused):
    p, y = np.array([[0.5, 0.5], [0.3, 0.7]]) * [[1], [total]], np.eye(2)
    p = np.minimum(p, 1)
    if refused:
        with pytest.raises(ValueError, match=r"^p: expected probabilities, which sum to 1$"):
            cross_entropy_of_probabilities(p, y)
    else:
        assert cross_entropy_of_probabilities(p, y) == pytest.approx(-np.log([0.5, 0.7 * total]).mean())
    with pytest.raises(ValueError, match=r"^p: expected a number from 0 to 1, got 2.0$"):
        cross_entropy_of_probabilities(np.array([[2.0, -1.0]]), np.eye(2)[:1])


@witness(label_smoothing, y=probabilities, by="torch.nn.functional.cross_entropy")
def test_label_smoothing_as_the_slope_of_pytorchs_loss(y, alpha):
    z = torch.zeros_like(y).reshape(-1, 4).requires_grad_()
    loss = F.cross_entropy(z, y.reshape(-1, 4), label_smoothing=alpha, reduction="sum")
    return 1 / 4 - torch.autograd.grad(loss, z)[0].reshape(y.shape)


@witness(label_smoothing, y=probabilities)
def test_label_smoothing(y, alpha):
    return torch.lerp(y, torch.full_like(y, 1 / y.shape[-1]), torch.as_tensor(alpha))


@pytest.mark.parametrize("alpha", [-0.1, 1.1])
def test_a_share_that_is_none_is_refused(alpha):
    y = np.eye(2)
    with pytest.raises(ValueError, match=rf"^alpha: expected a number from 0 to 1, got {alpha}$"):
        label_smoothing(y, alpha)
    assert np.array_equal(label_smoothing(y, 0.0), y)
    assert np.array_equal(label_smoothing(y, 1.0), np.full((2, 2), 0.5))

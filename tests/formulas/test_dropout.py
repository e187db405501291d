import itertools

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch.distributions import AffineTransform

from snippets.dropout import (
    dropout,
    dropout_as_published,
    dropout_least_squares,
    dropout_sum_moments,
    gaussian_dropout,
    geometric_mean_prediction,
    max_norm,
    mc_dropout,
)
from yansuan.proof.witness import derivative, witness


def torchs_mask(x, p):
    torch.manual_seed(0)
    return (F.dropout(torch.ones(np.shape(x)), p) > 0).numpy()


@witness(dropout, mask=torchs_mask, by="torch.nn.functional.dropout")
def test_dropout(x, p):
    torch.manual_seed(0)
    return F.dropout(torch.as_tensor(x), p)


@witness(dropout, mask=lambda x: np.ones(np.shape(x)), p=lambda: 0.0, by="torch.nn.functional.dropout")
def test_nothing_dropped_is_inference(x):
    return F.dropout(torch.as_tensor(x), training=False)


@derivative(dropout)
def divided(x, p, mask):
    return mask * (x / (1 - p))


@witness(dropout_as_published, mask=lambda x, q: torchs_mask(x, 1 - q), by="torch.nn.functional.dropout")
def test_as_published_it_is_the_librarys_times_q_and_its_mean(x, q):
    torch.manual_seed(0)
    x = torch.as_tensor(x)
    return q * F.dropout(x, 1 - q), (1 - q) * torch.zeros_like(x) + q * x


@derivative(dropout_as_published)
def multiplied(x, q, mask):
    return torch.mul(mask, x), torch.mul(x, torch.as_tensor(q))


@witness(gaussian_dropout, by="torch.distributions.AffineTransform")
def test_gaussian_dropout(x, p, noise):
    p, x = torch.as_tensor(p), torch.as_tensor(x)
    return AffineTransform(x, x * torch.sqrt(1 / (1 - p) - 1))(torch.as_tensor(noise))


def test_gaussian_dropout_has_the_moments_of_dropout():
    rng, x, p = np.random.default_rng(0), np.full(400_000, 2.0), 0.3
    noisy, dropped = gaussian_dropout(x, p, rng.standard_normal(x.size)), dropout(x, p, rng.random(x.size) >= p)
    assert noisy.mean() == pytest.approx(dropped.mean(), rel=0.01) == pytest.approx(2, rel=0.01)
    assert noisy.var() == pytest.approx(dropped.var(), rel=0.02)


def some_bound(W, rng):
    """Between the shortest and the longest row, as often as not."""
    lengths = np.sqrt(np.sum(W**2, axis=1))
    return float(rng.uniform(0.5, 1.2) * lengths.mean()) + 1e-12


@witness(max_norm, by="torch.nn.functional.normalize", c=some_bound)
def test_max_norm(W, c):
    too_long = torch.linalg.vector_norm(W, dim=1, keepdim=True) > c
    return torch.where(too_long, c * F.normalize(W, dim=1, eps=0), W)


def test_max_norm_is_torchs_renorm_but_for_its_epsilon():
    W = np.random.default_rng(0).normal(size=(6, 5))
    assert max_norm(W, 2.0) == pytest.approx(torch.renorm(torch.tensor(W), 2, 0, 2.0).numpy(), rel=1e-6)
    assert max_norm([[0, 0]], 2.0).tolist() == [[0, 0]]


@witness(mc_dropout, by="torch.var_mean", tau=lambda rng: float(rng.uniform(0.1, 10)))
def test_mc_dropout(y, tau):
    variance, mean = torch.var_mean(y, dim=0, correction=0)
    return mean, variance + torch.reciprocal(torch.as_tensor(tau))


def masks_and_chances(d, p):
    """Every mask, and how likely each is."""
    masks = torch.tensor(list(itertools.product((0.0, 1.0), repeat=d)))
    kept = masks.sum(dim=1)
    return masks, (1 - p) ** kept * p ** (d - kept)


@witness(dropout_sum_moments)
def test_dropout_sum_moments_over_all_masks(x, w, p):
    masks, chance = masks_and_chances(len(w), p)
    sums = torch.einsum("...d,sd,d->s...", x, masks, w) / (1 - p)
    mean = torch.tensordot(chance, sums, 1)
    return mean, torch.tensordot(chance, (sums - mean) ** 2, 1)


@witness(dropout_least_squares)
def test_dropout_least_squares_over_all_masks(x, y, w, p):
    masks, chance = masks_and_chances(len(w), p)
    errors = y - torch.einsum("sd,md,d->sm", masks, x, w) / (1 - p)
    return chance @ errors.square().sum(dim=1)


def predictions(rng):
    return rng.dirichlet(np.ones(4), (5, *rng.integers(1, 4, rng.integers(3))))


def some_impossible(rng):
    """Each network rules some classes out, none all of them."""
    P = rng.dirichlet(np.ones(4), (5, 3))
    P[:, :, 1:][rng.random((5, 3, 3)) < 0.1] = 0
    return P / P.sum(axis=-1, keepdims=True)


@witness(geometric_mean_prediction, P=lambda rng: rng.dirichlet(np.ones(4), 5))
def test_geometric_mean_is_the_softmax_of_mean_logarithms(P):
    return F.softmax(torch.log(P).mean(dim=0), dim=-1)


@witness(geometric_mean_prediction, P=predictions, by="scipy.stats.gmean")
def test_geometric_mean_by_scipy(P):
    from scipy.stats import gmean  # takes half a second

    return gmean(P) / gmean(P).sum(axis=-1, keepdims=True)


@witness(geometric_mean_prediction, P=some_impossible, by="scipy.stats.gmean")
def test_geometric_mean_where_some_classes_are_impossible(P):
    from scipy.stats import gmean

    return gmean(P) / gmean(P).sum(axis=-1, keepdims=True)


def test_where_every_class_is_ruled_out_there_is_no_geometric_mean():
    with np.errstate(invalid="ignore"):
        both = geometric_mean_prediction([[[1, 0], [1, 0]], [[0, 1], [1, 0]]])
    assert np.isnan(both[0]).all()
    assert both[1].tolist() == [1, 0]


def test_the_geometric_mean_of_tiny_probabilities_does_not_underflow():
    P = np.full((50, 2), [1e-300, 1.0])
    assert geometric_mean_prediction(P) == pytest.approx(np.array([1e-300, 1.0]), rel=1e-9)


X, Y, W = np.ones((2, 3)), np.ones(2), np.ones(3)


@pytest.mark.parametrize("p", [-0.1, 1.0])
def test_a_p_that_is_none_is_refused(p):
    for call in (
        lambda p: dropout(X, p, X),
        lambda p: dropout_sum_moments(W, W, p),
        lambda p: dropout_least_squares(X, Y, W, p),
    ):
        with pytest.raises(ValueError, match=rf"^p: expected a number from 0 to below 1, got {p}$"):
            call(p)
        assert np.all(np.isfinite(call(0.0)))


def test_the_mean_square_is_larger_in_training():
    x, p = np.ones((1000, 100)), 0.2
    y = dropout(x, p, np.random.default_rng(0).random(x.shape) >= p)
    assert y.mean() == pytest.approx(1, rel=0.01)
    assert np.mean(y**2) == pytest.approx(1 / (1 - p), rel=0.01)


def test_a_mask_is_of_zeros_and_ones():
    for wrong in (np.full((2, 3), 0.3), np.random.default_rng(0).random((2, 3)), 2 * X, -X):
        with pytest.raises(ValueError, match=r"^mask: expected 0 or 1 everywhere, got "):
            dropout(X, 0.5, wrong)
        with pytest.raises(ValueError, match=r"^mask: expected 0 or 1 everywhere, got "):
            dropout_as_published(X, 0.5, wrong)
    for kind in (bool, int, np.uint8, np.float32, list):
        mask = [1, 0, 1] if kind is list else np.array([1, 0, 1], kind)
        assert dropout(np.float32([1, 2, 3]), 0.5, mask).tolist() == [2, 0, 6]
        assert dropout(np.float32([1, 2, 3]), 0.5, mask).dtype == np.float32


def test_scaling_a_feature_and_its_weight_back_leaves_the_penalty():
    rng = np.random.default_rng(0)
    x, y, w, c = rng.normal(size=(5, 3)), rng.normal(size=5), rng.normal(size=3), np.array([10.0, 1.0, 0.1])
    assert dropout_least_squares(x * c, y, w / c, 0.3) == pytest.approx(dropout_least_squares(x, y, w, 0.3), rel=1e-12)

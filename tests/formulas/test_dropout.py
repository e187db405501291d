import itertools

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from scipy.stats import gmean

from snippets.dropout import (
    dropout,
    dropout_as_published,
    dropout_least_squares,
    dropout_sum_moments,
    geometric_mean_prediction,
)
from yansuan.proof.witness import derivative, witness


def torchs_mask(x, p):
    torch.manual_seed(0)
    return np.float64(F.dropout(torch.ones(x.shape, dtype=torch.float64), p) > 0)


@witness(dropout, mask=torchs_mask)
def test_dropout(x, p):
    torch.manual_seed(0)
    return F.dropout(x, p)


@witness(dropout, mask=lambda x: np.ones(x.shape), p=lambda: 0.0)
def test_nothing_dropped_is_inference(x):
    return F.dropout(x, training=False)


@derivative(dropout)
def divided(x, mask, p):
    return mask * (x / (1 - p))


def keep(rng):
    return rng.uniform(0.1, 0.9)


@witness(dropout_as_published, q=keep, mask=lambda x, q: torchs_mask(x, 1 - q))
def test_as_published_it_is_the_librarys_times_q_and_its_mean(x, q):
    torch.manual_seed(0)
    return q * F.dropout(x, 1 - q), (1 - q) * torch.zeros_like(x) + q * x


@derivative(dropout_as_published)
def multiplied(x, mask, q):
    return torch.mul(mask, x), torch.mul(x, torch.as_tensor(q))


def masks_and_chances(d, p):
    """Every mask, and how likely each is."""
    masks = torch.tensor(list(itertools.product((0.0, 1.0), repeat=d)))
    kept = masks.sum(dim=1)
    return masks, (1 - p) ** kept * p ** (d - kept)


@witness(dropout_sum_moments)
def test_dropout_sum_moments_over_all_masks(x, w, p):
    masks, chance = masks_and_chances(len(x), p)
    sums = (F.dropout(x, training=False) * masks / (1 - p)) @ w
    mean = chance @ sums
    return mean, chance @ (sums - mean) ** 2


@witness(dropout_least_squares)
def test_dropout_least_squares_over_all_masks(x, y, w, p):
    masks, chance = masks_and_chances(len(w), p)
    errors = y - torch.einsum("sd,md,d->sm", masks, x, w) / (1 - p)
    return chance @ errors.square().sum(dim=1)


def predictions(rng):
    return rng.dirichlet(np.ones(4), 5)


@witness(geometric_mean_prediction, P=predictions)
def test_geometric_mean_is_the_softmax_of_mean_logarithms(P):
    return F.softmax(torch.log(P).mean(dim=0), dim=0)


@witness(geometric_mean_prediction, P=predictions)
def test_geometric_mean_by_scipy(P):
    return gmean(P) / gmean(P).sum()


X, Y, W = np.ones((2, 3)), np.ones(2), np.ones(3)


@pytest.mark.parametrize("p", [-0.1, 1.0])
def test_a_p_that_is_none_is_refused(p):
    for call in (
        lambda p: dropout(X, X, p),
        lambda p: dropout_sum_moments(W, W, p),
        lambda p: dropout_least_squares(X, Y, W, p),
    ):
        with pytest.raises(ValueError, match=rf"^p: expected a probability from 0 to below 1, got {p}$"):
            call(p)
        assert np.all(np.isfinite(call(0.0)))


def test_the_mean_square_is_larger_in_training():
    x, p = np.ones((1000, 100)), 0.2
    y = dropout(x, np.random.default_rng(0).uniform(size=x.shape) >= p, p)
    assert y.mean() == pytest.approx(1, rel=0.01)
    assert np.mean(y**2) == pytest.approx(1 / (1 - p), rel=0.01)


def test_scaling_a_feature_and_its_weight_back_leaves_the_penalty():
    rng = np.random.default_rng(0)
    x, y, w, c = rng.normal(size=(5, 3)), rng.normal(size=5), rng.normal(size=3), np.array([10.0, 1.0, 0.1])
    assert dropout_least_squares(x * c, y, w / c, 0.3) == pytest.approx(dropout_least_squares(x, y, w, 0.3), rel=1e-12)

"""Laws of softmax, its loss and what is made of it, attention, on every input and shape."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from snippets.attention import multi_head_attention, scaled_dot_product_attention
from snippets.dropout import dropout, dropout_as_published, geometric_mean_prediction
from snippets.losses import (
    cross_entropy,
    cross_entropy_of_probabilities,
    label_smoothing,
    log_softmax,
    logsumexp,
    softmax,
    softmax_cross_entropy_gradient,
)
from tests.formulas.test_properties import close, law


def scores(low=-700.0, high=700.0, axes=3):
    shapes = array_shapes(min_dims=1, max_dims=axes, min_side=1, max_side=4)
    return arrays(np.float64, shapes, elements=st.floats(low, high, allow_subnormal=False))


@law
@given(scores())
def test_the_probabilities_are_some_and_sum_to_1(z):
    p = softmax(z)
    assert ((p >= 0) & (p <= 1)).all()
    assert close(p.sum(axis=-1), 1, tolerance=1e-14)
    assert close(np.log(np.maximum(p, 1e-300)), np.maximum(log_softmax(z), np.log(1e-300)), tolerance=1e-12)


@law
@given(scores(), st.floats(-100, 100))
def test_a_number_added_to_all_scores_comes_out_of_the_logarithm(z, c):
    assert close(logsumexp(z + c), logsumexp(z) + c, size=1000, tolerance=1e-14)
    top = z.max(axis=-1)
    assert (logsumexp(z) >= top).all()
    assert (logsumexp(z) <= top + np.log(z.shape[-1]) + 1e-12).all(), "a smooth maximum"


@law
@given(scores(-30, 30, axes=2), st.data())
def test_one_class_or_its_probabilities_or_their_logarithms_cost_the_same(z, data):
    K = z.shape[-1]
    right = np.array(data.draw(st.lists(st.integers(0, K - 1), min_size=z.size // K, max_size=z.size // K)))
    y = np.eye(K)[right].reshape(z.shape)
    loss = cross_entropy(z, right.reshape(z.shape[:-1]))
    assert loss >= 0
    assert close(cross_entropy(z, y), loss, tolerance=1e-13)
    assert close(cross_entropy_of_probabilities(softmax(z), y), loss, tolerance=1e-12)
    assert close(cross_entropy(log_softmax(z), y), loss, size=30, tolerance=1e-13)
    assert close(softmax_cross_entropy_gradient(z, y).sum(axis=-1), 0, tolerance=1e-14)


@law
@given(scores(), st.floats(0, 1))
def test_smoothed_targets_are_targets(z, alpha):
    y = label_smoothing(softmax(z), alpha)
    assert close(y.sum(axis=-1), 1, tolerance=1e-14)
    assert (y >= alpha / z.shape[-1] * (1 - 1e-15)).all()


@law
@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(1, 5))
def test_attention_averages_the_values_that_may_be_seen(seed, n, s):
    rng = np.random.default_rng(seed)
    q, k, v = rng.normal(size=(2, n, 3)), rng.normal(size=(2, s, 3)), rng.normal(size=(2, s, 4))
    mask = rng.random((n, s)) < 0.7
    y = scaled_dot_product_attention(q, k, v, mask)
    for i in range(n):
        seen = v[:, mask[i]]
        if seen.size:
            assert (y[:, i] >= seen.min(axis=1) - 1e-12).all()
            assert (y[:, i] <= seen.max(axis=1) + 1e-12).all()
        else:
            assert not y[:, i].any()
    changed = np.where(mask.any(axis=0)[:, None], v, 1e9)
    assert np.array_equal(scaled_dot_product_attention(q, k, changed, mask), y), "what nobody sees is of no importance"


@law
@given(st.integers(0, 10**6), st.integers(1, 6))
def test_the_past_does_not_mind_the_future(seed, n):
    rng = np.random.default_rng(seed)
    x, W = rng.normal(size=(n, 4)), rng.normal(size=(4, 4, 4))
    later = np.vstack([x[:-1], x[-1:] + 1])
    y, changed = (multi_head_attention(z, z, z, 2, *W, attn_mask=np.tri(n, dtype=bool)) for z in (x, later))
    assert np.array_equal(y[:-1], changed[:-1])
    assert np.array_equal(
        scaled_dot_product_attention(x, x, x, is_causal=True)[:-1],
        scaled_dot_product_attention(later, later, later, is_causal=True)[:-1],
    )


@law
@given(scores(), st.floats(0, 0.99), st.integers(0, 10**6))
def test_a_number_is_dropped_or_enlarged(x, p, seed):
    mask = np.random.default_rng(seed).random(x.shape) >= p
    y = dropout(x, p, mask)
    assert not y[~mask].any()
    assert close(y[mask] * (1 - p), x[mask], tolerance=1e-14)
    train, test = dropout_as_published(x, 1 - p, mask)
    assert close(train, y * (1 - p), tolerance=1e-14)
    assert close(test, (1 - p) * x, tolerance=1e-14)


@law
@given(scores(-5, 5, axes=2), st.integers(0, 10**6))
def test_networks_that_agree_give_their_own_prediction(z, seed):
    p = softmax(z)
    assert close(geometric_mean_prediction(np.stack([p, p, p])), p, tolerance=1e-13)
    P = np.where(np.random.default_rng(seed).random((3, *p.shape)) < 0.3, 0, p)
    with np.errstate(invalid="ignore"):
        G = geometric_mean_prediction(P)
    nothing_left = np.any(P == 0, axis=0).all(axis=-1)
    assert close(G[~nothing_left].sum(axis=-1), 1, tolerance=1e-14)
    assert np.isnan(G[nothing_left]).all()
    assert np.isfinite(G[~nothing_left]).all()

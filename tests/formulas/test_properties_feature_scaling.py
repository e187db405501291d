"""Laws of scaling and whitening, on every table."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from snippets.batch_norm import batch_mean
from snippets.feature_scaling import min_max_scale, pca_whiten, standardize, zca_whiten
from tests.formulas.test_properties import close, factors, law, of_columns, tables, tables_and


@law
@given(tables_and("+", "d", "m"))
def test_min_max_scaling_fills_the_unit_interval_and_sees_neither_scale_nor_shift(case):
    x, a, b, order = case
    scaled = min_max_scale(x)
    assert (scaled.min(axis=0) == 0).all()
    assert (scaled.max(axis=0) == 1).all()
    assert close(min_max_scale(a * x + b * of_columns(x)), scaled)
    assert close(min_max_scale(-x), 1 - scaled), "a mirror image is mirrored"
    assert np.array_equal(min_max_scale(x[order]), scaled[order])
    assert close(min_max_scale(scaled), scaled)


@law
@given(tables())
def test_min_max_scaling_and_standardization_differ_by_scale_and_shift_alone(x):
    assert close(standardize(min_max_scale(x)), standardize(x))
    assert close(min_max_scale(standardize(x)), min_max_scale(x))


@st.composite
def clouds(draw):
    """(a cloud of points with axes of variance 1, 4, 16 …; a rotation of it; a shift; a seed): never nearly singular."""
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    d = draw(st.integers(1, 4))
    turn, other, frame = (np.linalg.qr(rng.standard_normal((n, d)))[0] for n in (d, d, d + draw(st.integers(2, 9))))
    frame = np.linalg.qr(frame - batch_mean(frame))[0]
    scale, shift = draw(st.floats(1e-3, 1e3)), draw(st.floats(-100, 100))
    return scale * frame * 2.0 ** np.arange(d) @ turn + scale * shift, other


@law
@given(clouds(), st.data())
def test_whitening_leaves_nothing_of_location_scale_and_correlation(case, data):
    x, _ = case
    c, shift = data.draw(factors), data.draw(st.floats(-10, 10))
    for whiten in (pca_whiten, zca_whiten):
        white = whiten(x)
        assert close(white.mean(axis=0), 0, tolerance=1e-8)
        assert close(white.T @ white / len(x), np.eye(x.shape[1]), tolerance=1e-8)
        assert close(whiten(abs(c) * x + shift * of_columns(x)), white, tolerance=1e-7)
    assert close(zca_whiten(-x), -zca_whiten(x), tolerance=1e-8)
    assert close(zca_whiten(zca_whiten(x)), zca_whiten(x), tolerance=1e-7)


@law
@given(clouds())
def test_zca_turns_with_the_data_and_pca_does_not_see_the_turn_but_for_signs(case):
    x, rotation = case
    assert close(zca_whiten(x @ rotation), zca_whiten(x) @ rotation, tolerance=1e-7)
    turned, white = pca_whiten(x @ rotation), pca_whiten(x)
    signs = np.sign(np.sum(turned * white, axis=0))
    assert close(turned, white * signs, tolerance=1e-7)


@law
@given(clouds())
def test_both_whitenings_are_one_cloud_turned(case):
    x, _ = case
    pca, zca = pca_whiten(x), zca_whiten(x)
    assert close(pca @ pca.T, zca @ zca.T, len(x), 1e-8), "the same distances between examples"
    assert np.trace(zca.T @ (x - x.mean(axis=0))) >= np.trace(pca.T @ (x - x.mean(axis=0))) - 1e-9 * np.abs(x).sum()

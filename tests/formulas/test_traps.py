"""The numerical traps, each shown: the naive form fails, with the number, and the function of the site holds or says how.

What the cards call `Trap:` is tested here, number for number. scikit-learn is imported where it is used: it takes most
of a second, and `yansuan check` collects this module for every formula.
"""

import ast
import inspect
import re
import textwrap

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from snippets.activations import sigmoid, sigmoid_derivative
from snippets.attention import scaled_dot_product_attention
from snippets.batch_norm import (
    batch_mean,
    batch_norm_backward_simplified,
    batch_norm_inference,
    batch_norm_inference_affine,
    batch_norm_train,
    batch_normalize,
    batch_variance,
    variance_as_difference,
    weight_scale_invariance,
)
from snippets.feature_scaling import pca_whiten, standardize, standardize_fit
from snippets.losses import cross_entropy, cross_entropy_of_probabilities, log_softmax, logsumexp, softmax
from snippets.moving_average import merge_statistics, population_statistics, running_mean, running_variance
from snippets.normalization import layer_norm, rms_norm
from yansuan.formula.formula import load_all

FORMULAS = load_all("snippets")
TRAPS = {
    1: "one-pass variance",
    2: "float16: overflow, stalled sums",
    3: "zero variance",
    4: "epsilon inside or outside the root",
    5: "division by m or by m - 1",
    6: "exp overflows in softmax",
    7: "oracles refuse what NumPy computes",
    8: "statistics that change under way; unsigned integers wrap",
    9: "a moving average weighs a small batch like a full one",
    10: "the mean of variances is not the variance of the whole",
    11: "half-precision averages stall; sums in float32 drift",
    12: "sigmoid' is lost in float32",
    13: "epsilon breaks scale invariance",
    14: "libraries differ in epsilon and in the meaning of momentum",
    15: "a mask of booleans has two meanings; one of zeros and ones hides nothing",
}
NOT_YET: dict[int, str] = {}
TESTED = {}  # trap: {card: the tests that show its numbers}


def trap(number, *cards):
    """This test shows that trap; these formulas have a line `Trap:` about it."""

    def register(test):
        entry = TESTED.setdefault(number, {})
        for card in cards:
            name = f"{card.__module__.rpartition('.')[2]}.{card.__name__}"
            entry.setdefault(name, []).append(test)
        return test

    return register


def one_pass(z):
    """What not to write: the mean square minus the squared mean."""
    return np.mean(z**2, axis=0) - np.mean(z, axis=0) ** 2


def float32_batches():
    """{mean: 4096 numbers in float32 of that mean and variance about 1}."""
    rng = np.random.default_rng(0)
    return {mean: np.float32(rng.standard_normal((4096, 1)) + mean) for mean in (0, 10, 100, 1000, 4096, 1e4, 1e5)}


# 1


@trap(1, batch_variance, variance_as_difference)
def test_one_pass_variance_is_negative_in_float32():
    z = float32_batches()[10000]
    assert one_pass(z) == -16
    with np.errstate(invalid="ignore"):
        assert np.isnan(np.sqrt(one_pass(z)))
    assert one_pass(float32_batches()[4096]) == 0
    assert one_pass(float32_batches()[1000]) == 1
    for snippet in (batch_variance, variance_as_difference):
        assert snippet(z) == pytest.approx(1.0038, abs=5e-5)


@trap(1)
@pytest.mark.parametrize("snippet", [batch_variance, variance_as_difference])
def test_the_code_subtracts_the_mean_first_at_every_mean(snippet):
    for mean, z in float32_batches().items():
        assert snippet(z) == pytest.approx(np.var(z.astype(np.float64), axis=0), rel=2e-5), mean


@trap(1, batch_norm_inference_affine)
def test_the_affine_form_cancels_in_float32():
    z = np.float32(np.random.default_rng(0).standard_normal((64, 1)) + 10000)
    arguments = [np.full(1, value, np.float32) for value in (10000, 1, 1, 0)]
    right = batch_norm_inference(np.float64(z), *map(np.float64, arguments))
    subtracted = np.abs(batch_norm_inference(z, *arguments) - right).max()
    multiplied = np.abs(batch_norm_inference_affine(z, *arguments) - right).max()
    assert subtracted < 1e-7
    assert multiplied > 100 * subtracted


# 2


@trap(2, batch_norm_train)
def test_float16_overflows_at_300():
    assert np.finfo(np.float16).max == 65504 < 300**2
    z, one, zero = np.float16([[300], [0], [-300]]), np.ones(1, np.float16), np.zeros(1, np.float16)
    with pytest.warns(RuntimeWarning, match="overflow"):
        assert np.isinf(batch_variance(z))
    with pytest.warns(RuntimeWarning, match="overflow"):
        assert not batch_norm_train(z, one, zero).any()
    with pytest.warns(RuntimeWarning, match="overflow"):
        assert not standardize(z).any()
    wanted = np.array([[1.225], [0], [-1.225]])
    assert np.allclose(batch_norm_train(np.float32(z), one, zero), wanted, atol=5e-4)
    assert np.allclose(F.batch_norm(torch.tensor(z), None, None, training=True), wanted, atol=5e-4), "sums in float32"


@trap(2, layer_norm, rms_norm)
def test_a_row_of_300_in_float16_is_computed_in_float32():
    assert np.finfo(np.float16).max == 65504 < 300**2
    z, both = np.float16([300, 0, -300]), np.float16([300, 300])
    with pytest.warns(RuntimeWarning, match="overflow"):
        assert not ((z - np.mean(z)) / np.sqrt(np.var(z))).any(), "all 0"
    with pytest.warns(RuntimeWarning, match="overflow"):
        assert not (both / np.sqrt(np.mean(both**2))).any()
    assert layer_norm(z) == pytest.approx([1.225, 0, -1.225], abs=5e-4)
    assert rms_norm(both) == pytest.approx([1, 1])
    assert layer_norm(z).dtype == rms_norm(both).dtype == np.float32
    assert F.layer_norm(torch.tensor(z), (3,)).numpy() == pytest.approx([1.225, 0, -1.225], abs=1e-3)
    assert F.rms_norm(torch.tensor(both), (2,)).numpy() == pytest.approx([1, 1], abs=1e-3)


@trap(2)
def test_one_pass_variance_in_float16_is_nan_and_ours_is_not():
    z = np.float16([[299], [300], [301]])
    with np.errstate(over="ignore", invalid="ignore"):
        assert np.isnan(one_pass(z))
    assert batch_variance(z) == pytest.approx(2 / 3, rel=1e-3)


@trap(2, batch_mean)
def test_a_sum_of_ones_in_float16_stalls_at_2048():
    assert np.float16(2048) + np.float16(1) == 2048
    ones = np.ones((4096, 2), np.float16)
    assert np.array_equal(batch_mean(ones), [0.5, 0.5]), "NumPy adds row by row, in the type it is given"
    assert np.array_equal(batch_mean(ones[:, :1]), [1]), "but a single column in pairs"
    for wider in (np.float32, np.float64):
        assert np.array_equal(batch_mean(wider(ones)), [1, 1])
    with np.errstate(over="ignore", invalid="ignore"):
        assert np.isnan(batch_mean(np.ones((70000, 1), np.float16))), "sum and m are both beyond 65504"


@trap(2)
def test_a_small_epsilon_is_0_in_float16():
    assert np.float16(1e-8) == 0 < np.float16(1e-5)
    z, one, zero = np.ones((2, 1), np.float16), np.ones(1, np.float16), np.zeros(1, np.float16)
    assert not batch_normalize(z, one, zero).any()
    with pytest.warns(RuntimeWarning, match="invalid value"):
        assert np.isnan(batch_normalize(z, one, zero, eps=1e-8)).all()
    assert not batch_normalize(np.float32(z), one, zero, eps=np.float32(1e-8)).any()


# 3


@trap(3, standardize_fit)
def test_a_constant_float32_feature_becomes_minus_1_if_divided_by_its_computed_sigma():
    from sklearn.preprocessing import StandardScaler

    x = np.full((1000, 1), 0.1, np.float32)
    sigma = np.std(x, axis=0)
    assert sigma == pytest.approx(1.5e-8, rel=0.01)
    assert ((x - np.mean(x, axis=0)) / sigma == -1).all()
    assert not standardize(x).any()
    assert not StandardScaler().fit_transform(x).any()


@trap(3)
def test_a_constant_float64_feature_is_0_over_0():
    x = np.full((10, 1), 0.1)
    with np.errstate(invalid="ignore"):
        assert np.isnan((x - np.mean(x, axis=0)) / np.std(x, axis=0)).all()
    assert not standardize(x).any()


@trap(3)
def test_the_three_constant_pixels_of_the_digits():
    from sklearn.datasets import load_digits

    x = load_digits().data
    z = standardize(x)
    assert np.flatnonzero(np.ptp(x, axis=0) == 0).tolist() == [0, 32, 39]
    assert not z[:, [0, 32, 39]].any()
    assert np.abs(z).max() == pytest.approx(np.sqrt(len(x) - 1)) == pytest.approx(42.38, abs=0.005)


@trap(3, standardize_fit)
def test_a_feature_that_is_constant_up_to_rounding_is_not_constant_here():
    from sklearn.preprocessing import StandardScaler

    x = np.array([[0.3], [0.1 + 0.2]])
    assert np.mean(x) == x[1], "the mean is rounded, so not even the result has mean 0"
    assert standardize(x).ravel() == pytest.approx([-1.414, 0], abs=5e-4)
    assert np.abs(StandardScaler().fit_transform(x)).max() < 1e-16, "scikit-learn takes it for constant"


@trap(3)
def test_epsilon_makes_a_constant_feature_harmless_in_batch_normalization():
    one, zero = np.ones(1), np.zeros(1)
    assert not batch_norm_train(np.full((10, 1), 0.1), one, zero).any()
    assert np.abs(batch_norm_train(np.full((1000, 1), 0.1, np.float32), one, zero)).max() < 1e-5, "not exactly 0"


# 4


@trap(4, batch_normalize)
def test_epsilon_inside_the_root_is_not_epsilon_outside():
    sigma, eps = 0.001, 1e-5
    z, mu = np.full((1, 1), 0.001), np.zeros(1)
    assert 0.001 / (sigma + eps) == pytest.approx(0.990, abs=5e-4)
    assert batch_normalize(z, mu, np.array([sigma**2]), eps) == pytest.approx(0.3015, abs=5e-5)
    theirs = F.batch_norm(torch.tensor(z), torch.tensor(mu), torch.tensor(mu + sigma**2), eps=eps)
    assert theirs.item() == pytest.approx(0.3015, abs=5e-5)
    assert 0.001 / (0 + eps) == pytest.approx(100)
    assert batch_normalize(z, mu, np.zeros(1), eps) == pytest.approx(0.3162, abs=5e-5)


@trap(4)
def test_the_gradient_of_a_bare_root_is_nan_at_0_and_epsilon_inside_makes_it_0():
    def gradient(sigma):
        z = torch.full((4,), 2.0, dtype=torch.float64, requires_grad=True)
        return torch.autograd.grad(sigma(z), z)[0]

    assert torch.isnan(gradient(lambda z: torch.sqrt(torch.mean((z - z.mean()) ** 2)))).all()
    assert not gradient(lambda z: torch.sqrt(torch.var(z, correction=0) + 1e-5)).any()
    z, step = np.full((3, 1), 2.0), 1e-6 * np.array([[1.0], [0.0], [-1.0]])
    ahead, behind = (batch_norm_train(z + t, np.ones(1), np.zeros(1)) for t in (step, -step))
    assert (ahead - behind)[0] / 2e-6 == pytest.approx(1e-5**-0.5, rel=1e-6), "finite, where a bare root jumps"


# 5


@trap(5, batch_variance)
def test_numpy_divides_by_m_and_torch_by_m_minus_1():
    z = np.array([[1.0], [2.0], [4.0]])
    assert np.var(z) == pytest.approx(1.556, abs=5e-4)
    assert torch.var(torch.tensor(z)).item() == pytest.approx(2.333, abs=5e-4)
    assert batch_variance(z) == np.var(z)


@trap(5, running_variance)
def test_the_moving_average_wants_the_variance_that_normalizes_and_stores_the_other():
    from sklearn.preprocessing import StandardScaler

    z = np.array([[1.0], [2.0], [4.0]])
    layer = torch.nn.BatchNorm1d(1, momentum=1.0, dtype=torch.float64)
    output = layer(torch.tensor(z)).detach()
    stored = running_variance(np.zeros(1), batch_variance(z), m=3, p=0)
    assert stored == pytest.approx(2.333, abs=5e-4)
    assert stored == pytest.approx(layer.running_var.item())
    assert running_variance(np.zeros(1), np.var(z, axis=0, ddof=1), m=3, p=0) == pytest.approx(3.5), "corrected twice"
    assert np.allclose(batch_norm_train(z, np.ones(1), np.zeros(1)), output), "normalized with division by m"
    assert np.allclose(output, (z - z.mean()) / np.sqrt(np.var(z) + layer.eps))
    assert np.allclose(standardize(z), StandardScaler().fit_transform(z)), "scikit-learn divides by R here"


@trap(5)
def test_one_value_has_no_unbiased_variance():
    with np.errstate(invalid="ignore", divide="ignore"), pytest.warns(RuntimeWarning, match="Degrees of freedom"):
        assert np.isnan(np.std([3.0], ddof=1))
    with pytest.raises(ValueError, match="expected a number of at least 2"):
        running_variance(np.ones(1), np.zeros(1), m=1)


@trap(5, pca_whiten)
def test_scikit_learns_whitening_divides_by_r_minus_1():
    from sklearn.decomposition import PCA

    x = np.array([[0.0, 1.0], [2.0, 0.0], [7.0, 8.0]])
    assert len(x) == 3
    theirs = PCA(whiten=True).fit_transform(x)
    assert theirs / pca_whiten(x) == pytest.approx(0.8165, abs=5e-5)
    assert np.cov(theirs.T, bias=False) == pytest.approx(np.eye(2), abs=1e-12)
    assert np.cov(pca_whiten(x).T, bias=True) == pytest.approx(np.eye(2), abs=1e-12)
    assert np.allclose(PCA(whiten=True).fit_transform(standardize(x)).var(axis=0), 2 / 3), "and its own scaler by R"


# 6


@trap(6, softmax)
def test_a_power_overflows_and_softmax_does_not():
    with np.errstate(over="ignore", invalid="ignore"):
        for score, kind in ((1000, np.float64), (89, np.float32)):
            z = np.array([[score, 0]], kind)
            assert np.isnan(np.exp(z) / np.exp(z).sum())[0, 0]
            assert softmax(z)[0, 0] == 1


@trap(6, logsumexp)
def test_the_logarithm_of_a_sum_of_exponentials_is_lost_in_both_directions():
    with np.errstate(over="ignore", divide="ignore"):
        for score, naive, right in ((1000, np.inf, 1000.693), (-1000, -np.inf, -999.307)):
            z = np.array([score, score], float)
            assert np.log(np.exp(z).sum()) == naive
            assert logsumexp(z) == pytest.approx(right, abs=5e-4)


@trap(6, log_softmax)
def test_the_logarithm_of_softmax_loses_small_probabilities():
    for score, kind in ((-1000, np.float64), (-200, np.float32)):
        z = np.array([0, score], kind)
        with np.errstate(divide="ignore"):
            assert np.isneginf(np.log(softmax(z))[1])
        assert log_softmax(z).tolist() == [0, score]


@trap(6, cross_entropy_of_probabilities)
def test_a_probability_that_is_rounded_to_zero_makes_the_loss_infinite():
    scores, y = np.array([[0.0, -200.0]]), np.array([[0.0, 1.0]])
    assert cross_entropy_of_probabilities(softmax(scores), y) == pytest.approx(200)
    with np.errstate(divide="ignore"):
        assert np.isinf(cross_entropy_of_probabilities(softmax(np.float32(scores)), y))
    theirs = F.cross_entropy(torch.tensor(scores, dtype=torch.float32), torch.tensor([1]))
    assert theirs.item() == cross_entropy(np.float32(scores), [1]) == pytest.approx(200)


@trap(6, cross_entropy)
def test_probabilities_in_the_place_of_scores_train_on_another_loss():
    p = np.array([0.1, 0.9])
    assert cross_entropy(p, 1) == pytest.approx(0.371, abs=5e-4)
    assert F.cross_entropy(torch.tensor(p), torch.tensor(1)) == pytest.approx(0.371, abs=5e-4), "PyTorch says nothing"
    assert cross_entropy_of_probabilities(p, np.array([0, 1])) == pytest.approx(0.105, abs=5e-4)
    with pytest.raises(ValueError, match=r"^p: expected"):
        cross_entropy_of_probabilities(np.array([1.0, 2.0]), p)


# 7


@trap(7, batch_normalize)
def test_torch_refuses_epsilon_0_and_ours_is_nan_for_a_constant_feature_only():
    z, eps = np.array([[1.0, 5.0], [3.0, 5.0]]), 0
    with pytest.raises(ValueError, match=r"eps must be positive during training, but got 0\.0"):
        F.batch_norm(torch.tensor(z), None, None, training=True, eps=float(eps))
    with pytest.warns(RuntimeWarning, match="invalid value"):
        output = batch_normalize(z, batch_mean(z), batch_variance(z), eps)
    assert output[:, 0].tolist() == [-1, 1]
    assert np.isnan(output[:, 1]).all()
    assert batch_normalize(z, batch_mean(z), batch_variance(z), 1e-30).tolist() == [[-1, 0], [1, 0]]


@trap(7)
def test_torch_refuses_integers_and_ours_computes_in_floats():
    z = np.array([[1], [2], [6]])
    with pytest.raises(NotImplementedError, match="not implemented for 'Long'"):
        F.batch_norm(torch.tensor(z), None, None, training=True)
    one, zero = np.ones(1), np.zeros(1)
    assert np.array_equal(batch_norm_train(z, one, zero), batch_norm_train(np.float64(z), one, zero))


# 8


@trap(8)
def test_standardizing_in_place_with_statistics_that_change_under_way():
    x = np.array([1.0, 2.0, 3.0, 4.0])
    naive = x.copy()
    for r in range(len(naive)):
        naive[r] = (naive[r] - naive.mean()) / naive.std()
    assert naive.mean() == pytest.approx(0.258, abs=5e-4)
    assert naive.std() == pytest.approx(1.076, abs=5e-4)
    z = standardize(x[:, None])
    assert z.mean() == pytest.approx(0, abs=1e-15)
    assert z.std() == pytest.approx(1)
    assert x.tolist() == [1, 2, 3, 4], "the input is as it was"


@trap(8, batch_norm_inference)
def test_unsigned_integers_wrap():
    z, mu = np.array([[1]], np.uint8), np.array([2], np.uint8)
    assert z - mu == 255
    one, zero = np.ones(1), np.zeros(1)
    copied = inspect.unwrap(batch_norm_inference)
    assert copied(z, mu, one, one, zero) == pytest.approx(255, rel=1e-4), "a copy does not convert"
    assert copied(z, mu * 1.0, one, one, zero) == pytest.approx(-1, rel=1e-4)
    assert batch_norm_inference(z, mu, one, one, zero) == pytest.approx(-1, rel=1e-4)


@trap(8)
def test_statistics_that_the_code_computes_are_floats_so_nothing_wraps():
    z = np.array([[1], [2], [6], [255]], np.uint8)
    one, zero = np.ones(1), np.zeros(1)
    for snippet in (batch_mean, batch_variance, variance_as_difference, standardize):
        assert np.array_equal(snippet(z), snippet(np.float64(z)))
    assert np.array_equal(batch_norm_train(z, one, zero), batch_norm_train(np.float64(z), one, zero))
    assert batch_mean(np.full((300, 1), 255, np.uint8)) == 255
    assert running_mean(np.array([1], np.uint8), np.array([0], np.uint8)) == pytest.approx(0.9)


# 9


@trap(9, running_mean)
def test_a_small_last_batch_counts_like_a_full_one():
    batches = [np.full((64, 1), 0.0), np.full((2, 1), 100.0)]
    layer, mu_bar = torch.nn.BatchNorm1d(1, dtype=torch.float64), np.zeros(1)
    for z in batches:
        layer(torch.tensor(z))
        mu_bar = running_mean(mu_bar, batch_mean(z))
    assert mu_bar == pytest.approx(10.0)
    assert layer.running_mean.item() == pytest.approx(10.0), "PyTorch does the same"
    everything = np.concatenate(batches)
    assert len(everything) == 66
    assert batch_mean(everything) == pytest.approx(3.03, abs=0.005)


# 10


@trap(10, running_variance, population_statistics, merge_statistics)
def test_the_mean_of_batch_variances_is_not_the_variance_of_all():
    batches = [np.array([[0.0], [1.0]]), np.array([[10.0], [11.0]])]
    within = [batch_variance(z) for z in batches]
    means = np.array([batch_mean(z) for z in batches])
    assert within == [0.25, 0.25]
    assert batch_variance(np.concatenate(batches)) == 25.25
    assert np.mean(within, axis=0) + batch_variance(means) == 25.25, "what is missing is the variance of the means"
    assert population_statistics(means, np.array(within), m=2)[1] == 2 * 0.25
    assert merge_statistics(np.array([2, 2]), means, np.array(within))[1] == 25.25
    var_bar = np.zeros(1)
    for _ in range(200):
        for var in within:
            var_bar = running_variance(var_bar, var, m=2)
    assert var_bar == pytest.approx(2 * 0.25), "2/(2 - 1) of it, however many batches come: never near the whole"


# 11


@trap(11, running_mean)
def test_a_moving_average_stalls_in_half_precision():
    old, new = torch.tensor([1.0], dtype=torch.bfloat16), torch.tensor([1.5], dtype=torch.bfloat16)
    assert new - old == 0.5
    assert old + 0.001 * (new - old) == 1.0
    copied = inspect.unwrap(running_mean)
    assert copied(old, new, p=1 - 0.001) == 1.0, "NumPy has no bfloat16: the same code on tensors"
    settled = {}
    for kind, p, steps in ((np.float16, 0.9999, 10), (np.float32, 0.9999, 10), (np.float32, 0.999, 20000)):
        mu_bar = np.ones(1, kind)
        for _ in range(steps):
            mu_bar = running_mean(mu_bar, np.full(1, 1.5, kind), p)
        settled[kind, p] = mu_bar
    assert settled[np.float16, 0.9999] == 1.0, "not a step in any number of them"
    assert settled[np.float32, 0.9999] > 1.0
    assert settled[np.float32, 0.999] == pytest.approx(1.5, rel=1e-4)


@trap(11, batch_mean)
def test_a_mean_of_many_rows_drifts_in_float32():
    rows = np.full((1000000, 2), 0.1, np.float32)
    assert batch_mean(rows) == pytest.approx(0.101, abs=5e-5)
    assert np.mean(rows, axis=0) == pytest.approx(0.101, abs=5e-5), "np.mean drifts alike"
    assert batch_mean(rows.astype(np.float64)) == pytest.approx(0.1, rel=1e-7)


# 12


@trap(12, sigmoid, sigmoid_derivative)
def test_1_minus_the_sigmoid_is_lost_in_float32():
    z = np.float32([[20]])
    s = sigmoid(z)
    assert s == 1
    assert 1 - s == s * (1 - s) == 0
    assert sigmoid(-z) == pytest.approx(2.06e-9, rel=1e-3)
    assert sigmoid_derivative(z) == pytest.approx(2.06e-9, rel=1e-3)
    assert sigmoid_derivative(np.float64(z)) == pytest.approx(sigmoid_derivative(z), rel=1e-6)
    tensor = torch.tensor(z, requires_grad=True)
    assert torch.autograd.grad(torch.sigmoid(tensor), tensor)[0] == 0, "PyTorch's backward uses s (1 - s)"


# 13


@trap(13, batch_norm_train)
def test_epsilon_breaks_scale_invariance_for_small_inputs():
    z, one, zero = np.array([[1.0], [-1.0]]), np.ones(1), np.zeros(1)
    assert np.abs(batch_norm_train(z, one, zero)) == pytest.approx(1.0, abs=1e-5)
    assert np.abs(batch_norm_train(0.001 * z, one, zero)) == pytest.approx(0.3015, abs=5e-5)
    assert batch_norm_train(0.001 * z, one, zero, eps=1e-30) == pytest.approx(batch_norm_train(z, one, zero, eps=1e-30))
    scaled = batch_norm_train(0.001 * z, one, zero, eps=0.001**2 * 1e-5)
    assert scaled == pytest.approx(batch_norm_train(z, one, zero, eps=1e-5)), "an epsilon that scales along"


@trap(13, weight_scale_invariance)
def test_epsilon_breaks_the_invariance_of_output_and_slope_for_small_weights():
    u, W = np.array([[1.0, 0.0], [0.0, 2.0], [3.0, 1.0]]), np.array([[1.0, -1.0]])
    slope = np.array([[1.0], [0.0], [0.0]])
    z_tilde, dW = weight_scale_invariance(u, W, 1.0, slope, eps=1e-5)
    small, small_dW = weight_scale_invariance(u, W, 0.001, slope, eps=1e-5)
    assert z_tilde[0] == pytest.approx(0.3922, abs=5e-5)
    assert small[0] == pytest.approx(0.1857, abs=5e-5)
    assert small_dW / dW == pytest.approx(np.array([[265, 584]]), abs=0.5)
    for eps, other in ((1e-30, 1e-30), (1e-5, 1e-5 * 0.001**2)):  # as epsilon goes to 0, or if it scales along
        want, want_dW = weight_scale_invariance(u, W, 1.0, slope, eps)
        got, got_dW = weight_scale_invariance(u, W, 0.001, slope, other)
        assert got == pytest.approx(want)
        assert got_dW == pytest.approx(1000 * want_dW)


@trap(13, batch_norm_backward_simplified)
def test_epsilon_lets_the_slope_along_the_output_through():
    z, slope, one = np.array([[1.0], [0.0], [-1.0]]), np.array([[1.0], [0.0], [0.0]]), np.ones(1)
    for eps, weighted in ((1e-5, 0.0000225), (1.0, 0.36), (1e-30, 0)):
        dz = batch_norm_backward_simplified(slope, z, one, eps)
        assert np.sum(dz) == pytest.approx(0, abs=1e-15)
        z_tilde = batch_normalize(z, batch_mean(z), batch_variance(z), eps)
        assert np.sum(dz * z_tilde) == pytest.approx(weighted, rel=1e-4, abs=1e-15)


# 14

KERAS_EPSILON, KERAS_MOMENTUM = 0.001, 0.99  # keras.layers.BatchNormalization; not installed here


@trap(14, batch_norm_inference)
def test_epsilon_differs_between_libraries():
    epsilon = inspect.signature(batch_norm_inference).parameters["eps"].default
    assert epsilon == torch.nn.BatchNorm1d(1).eps == 0.00001
    z, mu_bar, var_bar, one, zero = np.ones((1, 1)), np.zeros(1), np.array([0.0001]), np.ones(1), np.zeros(1)
    ours = batch_norm_inference(z, mu_bar, var_bar, one, zero)
    assert KERAS_EPSILON == 0.001
    keras = batch_norm_inference(z, mu_bar, var_bar, one, zero, eps=KERAS_EPSILON)
    assert ours / keras == pytest.approx(3.16, abs=0.005)


@trap(14)
def test_momentum_means_the_old_weight_or_the_new_one():
    zero, twelve = np.zeros(1), np.array([12.0])
    layer = torch.nn.BatchNorm1d(1, dtype=torch.float64)
    layer(torch.tensor([[11.0], [13.0]], dtype=torch.float64))
    assert running_mean(zero, twelve, p=1 - layer.momentum) == pytest.approx(layer.running_mean.item())
    assert running_mean(zero, twelve, p=layer.momentum) == pytest.approx(9 * layer.running_mean.item()), "p is not it"
    assert running_mean(zero, twelve, p=KERAS_MOMENTUM) == pytest.approx(0.12)


# 15


@trap(15, scaled_dot_product_attention)
def test_a_mask_means_one_thing_here_and_the_opposite_there():
    one, v = np.ones((2, 1)), np.array([[0.0], [1.0]])
    mask, tensor = np.array([[True, False], [True, True]]), torch.tensor
    here = scaled_dot_product_attention(one, one, v, mask)
    assert here.ravel().tolist() == [0, 0.5]
    assert np.array_equal(here, F.scaled_dot_product_attention(tensor(one), tensor(one), tensor(v), tensor(mask)))
    layer = torch.nn.MultiheadAttention(1, 1, dtype=torch.float64)
    _, there = layer(tensor(one), tensor(one), tensor(v), attn_mask=~tensor(mask))
    assert there.tolist() == [[1, 0], [0.5, 0.5]]
    added = F.scaled_dot_product_attention(tensor(one), tensor(one), torch.eye(2).double(), tensor(mask * 1.0))
    assert added[0].tolist() == pytest.approx([0.731, 0.269], abs=5e-4), "PyTorch adds them, too"
    with pytest.raises(ValueError, match=r"^attn_mask: numbers are added: for 0 and 1 use bool$"):
        scaled_dot_product_attention(one, one, v, mask * 1)


# the list, and the lines on the cards


def numbers(text):
    """The numbers in a sentence, without the names of types and the exponents of the mathematics."""
    return {float(n) for n in re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?:e-?\d+)?", text, re.A)}


def constants(test):
    tree = ast.parse(textwrap.dedent(inspect.getsource(test)))
    return {
        abs(float(n.value)) for n in ast.walk(tree) if isinstance(n, ast.Constant) and type(n.value) in (int, float)
    }


def lines(name):
    return FORMULAS[name].fields.get("Trap", [])


def test_every_trap_is_shown_or_said_to_be_of_no_formula_here():
    assert sorted([*TESTED, *NOT_YET]) == sorted(TRAPS) == list(range(1, 16))


def test_the_formulas_that_a_trap_concerns_say_so():
    assert {name for name in FORMULAS if lines(name)} == {name for cards in TESTED.values() for name in cards}


@pytest.mark.parametrize("name", [name for name in FORMULAS if lines(name)])
def test_what_a_card_says_of_a_trap_is_what_its_tests_show(name):
    shown = {n for cards in TESTED.values() for test in cards.get(name, []) for n in constants(test)}
    for line in lines(name):
        assert numbers(line["en"]) == numbers(line["zh"]), f"{name}: the two languages give different numbers"
        assert numbers(line["en"]), f"{name}: a trap without a number: {line['en']}"
        assert numbers(line["en"]) <= shown, f"{name}: {numbers(line['en']) - shown} is in no test of its traps"


def test_numbers_are_found_in_sentences():
    assert numbers("float16 下 300² 是 inf，1e-5、−16 和 10000。0.5 也是") == {300, 1e-5, 16, 10000, 0.5}
    assert numbers("In float32 uint8 $x_1$: -3.03.") == {3.03}

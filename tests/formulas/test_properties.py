"""Laws that the formulas obey on every input: hypothesis looks for one that breaks them."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from snippets.batch_norm import (
    batch_mean,
    batch_norm_inference,
    batch_norm_inference_affine,
    batch_norm_train,
    batch_normalize,
    batch_variance,
    scale_and_shift,
    variance_as_difference,
)
from snippets.feature_scaling import standardize
from snippets.moving_average import running_mean, running_variance
from snippets.optimization import condition_number, linear_model, linear_model_gradient

law = settings(
    derandomize=True, deadline=None, max_examples=50, database=None, suppress_health_check=[HealthCheck.too_slow]
)

epsilons = st.floats(1e-6, 1e-1)
weights = st.floats(0.05, 0.95)  # p
factors = st.floats(0.1, 10) | st.floats(-10, -0.1)


def vectors(d, low=-10.0, high=10.0):
    return arrays(np.float64, d, elements=st.floats(low, high).map(lambda number: round(number, 3)))


@st.composite
def tables(draw, least=3, columns=None):
    """(rows, features) of float64: each feature has its scale, its offset and its order of rows; none is constant."""
    m, d = draw(st.integers(least, 9)), columns or draw(st.integers(1, 5))
    ranks = np.array([draw(st.permutations(range(m))) for _ in range(d)], float).T
    spread = ranks + draw(arrays(np.float64, (m, d), elements=st.floats(-0.4, 0.4, allow_subnormal=False)))
    scale = 10.0 ** draw(vectors(d, -2, 3))
    return scale * (spread + draw(vectors(d)))


@st.composite
def tables_and(draw, *lengths):
    """A table, and vectors of as many numbers as it has features ("d"), positive ones ("+"), or an order of its rows ("m")."""
    z = draw(tables())
    m, d = z.shape
    kinds = {"d": vectors(d), "+": vectors(d, 0.1, 10), "m": st.permutations(range(m)).map(list)}
    return z, *(draw(kinds[length]) for length in lengths)


def normalized(z, eps=1e-5):
    return batch_normalize(z, batch_mean(z), batch_variance(z), eps)


def close(got, want, size=1.0, tolerance=1e-9):
    """Equal but for rounding, relative to a size: of what is wanted, or of what was rounded on the way."""
    return np.all(np.abs(np.asarray(got) - want) <= tolerance * np.maximum(np.abs(want), size))


def of_columns(z):
    return np.abs(z).max(axis=0)


# batch mean and variance


@law
@given(tables_and("d", "d"))
def test_mean_and_variance_of_a_scaled_and_shifted_batch(case):
    z, a, b = case
    size = np.abs(a) * of_columns(z) + np.abs(b)
    assert close(batch_mean(a * z + b), a * batch_mean(z) + b, size)
    for variance in (batch_variance, variance_as_difference):
        assert close(variance(a * z + b), a**2 * variance(z), size**2)


@law
@given(tables())
def test_the_variance_is_what_its_other_forms_say(z):
    mu, var = batch_mean(z), batch_variance(z)
    assert close(var, batch_mean(z**2) - mu**2, of_columns(z) ** 2)
    pairs = (z[:, None] - z) ** 2
    assert close(var, pairs.mean(axis=(0, 1)) / 2, 0), "half the mean squared distance of two examples"
    assert close(variance_as_difference(z), var, 0)
    assert (var > 0).all()


@law
@given(tables_and("d"))
def test_no_other_center_has_a_smaller_mean_square(case):
    z, shift = case
    around = np.mean((z - (batch_mean(z) + shift)) ** 2, axis=0)
    assert close(around, batch_variance(z) + shift**2, of_columns(z) ** 2 + shift**2)


@law
@given(tables_and("m"))
def test_statistics_do_not_know_the_order_of_the_examples(case):
    z, order = case
    assert close(batch_mean(z[order]), batch_mean(z), of_columns(z))
    for variance in (batch_variance, variance_as_difference):
        assert close(variance(z[order]), variance(z), 0)


@law
@given(tables(columns=2), tables(columns=2))
def test_two_batches_make_one(z, y):
    m, n, both = len(z), len(y), np.vstack([z, y])
    mean = (m * batch_mean(z) + n * batch_mean(y)) / (m + n)
    between = m * n / (m + n) ** 2 * (batch_mean(z) - batch_mean(y)) ** 2
    assert close(batch_mean(both), mean, of_columns(both))
    within = (m * batch_variance(z) + n * batch_variance(y)) / (m + n)
    assert close(batch_variance(both), within + between, of_columns(both) ** 2)


# normalization


@law
@given(tables(), epsilons)
def test_a_normalized_batch_has_mean_0_and_variance_just_under_1(z, eps):
    var, output = batch_variance(z), normalized(z, eps)
    assert close(output.mean(axis=0), 0)
    assert close(output.var(axis=0), var / (var + eps))
    assert (output.var(axis=0) < 1).all()


@law
@given(tables_and("d"), epsilons)
def test_normalization_does_not_see_a_shift(case, eps):
    z, shift = case
    assert close(normalized(z + shift * of_columns(z), eps), normalized(z, eps))


@law
@given(tables_and("+"), epsilons, st.integers(-20, 20))
def test_normalization_does_not_see_a_scale_if_epsilon_scales_along(case, eps, power):
    z, a = case
    scale = a[0]
    assert close(normalized(scale * z, scale**2 * eps), normalized(z, eps))
    assert close(normalized(-scale * z, scale**2 * eps), -normalized(z, eps))
    two = 2.0**power  # no rounding: to the last bit
    assert np.array_equal(normalized(two * z, two**2 * eps), normalized(z, eps))
    assert close(normalized(a * z, 1e-30), normalized(z, 1e-30)), (
        "and of any scale of each feature as epsilon goes to 0"
    )


@law
@given(tables_and("m"), epsilons)
def test_examples_in_another_order_come_out_in_that_order(case, eps):
    z, order = case
    assert close(normalized(z[order], eps), normalized(z, eps)[order])
    assert close(standardize(z[order]), standardize(z)[order])


@law
@given(tables(), st.floats(-1e6, 1e6), st.sampled_from([0.0, 1e-5]))
def test_no_normalized_value_exceeds_the_root_of_m_minus_1(z, outlier, eps):
    z = np.vstack([z, np.full(z.shape[1], outlier)])
    bound = np.sqrt(len(z) - 1)
    assert (np.abs(normalized(z, eps)) <= bound * (1 + 1e-12)).all()
    alone = np.zeros((len(z), 1))
    alone[0] = 1
    assert close(normalized(alone, 0).max(), bound), "one example far from equal others reaches it"


@law
@given(tables_and("d", "d", "+"), epsilons)
def test_normalizing_is_one_step_for_each_entry(case, eps):
    z, gamma, mu, var = case
    output = batch_normalize(z, mu, var, eps)
    assert close(output * np.sqrt(var + eps) + mu, z, of_columns(z) + np.abs(mu))
    assert np.array_equal(output[:2], batch_normalize(z[:2], mu, var, eps))
    assert np.array_equal(scale_and_shift(output, gamma, mu)[1:2], scale_and_shift(output[1:2], gamma, mu))


@law
@given(tables(), epsilons)
def test_scale_and_shift_can_undo_the_normalization(z, eps):
    mu, var = batch_mean(z), batch_variance(z)
    assert close(scale_and_shift(normalized(z, eps), np.sqrt(var + eps), mu), z, of_columns(z))
    assert close(batch_norm_train(z, np.sqrt(var + eps), mu, eps), z, of_columns(z))
    assert close(batch_norm_inference(z, mu, var, np.sqrt(var + eps), mu, eps), z, of_columns(z))


@law
@given(tables_and("d", "d", "d", "d"))
def test_scales_and_shifts_compose(case):
    z, gamma, beta, c, shift = case
    once = scale_and_shift(scale_and_shift(z, gamma, beta), c, shift)
    size = np.abs(c * gamma) * of_columns(z) + np.abs(c * beta) + np.abs(shift)
    assert close(once, scale_and_shift(z, c * gamma, c * beta + shift), size)
    assert np.array_equal(scale_and_shift(z, np.ones_like(gamma), np.zeros_like(beta)), z)


# batch normalization


@law
@given(tables_and("d", "d"), epsilons)
def test_the_output_has_mean_beta_and_standard_deviation_gamma(case, eps):
    z, gamma, beta = case
    output, var = batch_norm_train(z, gamma, beta, eps), batch_variance(z)
    assert close(output.mean(axis=0), beta)
    size = np.abs(gamma) + np.abs(beta)
    assert close(output.std(axis=0), np.abs(gamma) * np.sqrt(var / (var + eps)), size, 1e-8)


@law
@given(tables_and("m", "d", "d"), epsilons)
def test_the_order_of_the_batch_does_not_matter_in_training(case, eps):
    z, order, gamma, beta = case
    assert close(batch_norm_train(z[order], gamma, beta, eps), batch_norm_train(z, gamma, beta, eps)[order], 10)


@law
@given(tables_and("d", "d", "d"), epsilons)
def test_a_bias_before_the_normalization_has_no_effect(case, eps):
    z, gamma, beta, bias = case
    shifted = batch_norm_train(z + bias * of_columns(z), gamma, beta, eps)
    assert close(shifted, batch_norm_train(z, gamma, beta, eps), 10)


@law
@given(tables_and("d", "d", "d", "+"), epsilons)
def test_in_inference_no_example_depends_on_another(case, eps):
    z, gamma, beta, mu_bar, var_bar = case
    for inference in (batch_norm_inference, batch_norm_inference_affine):
        together = inference(z, mu_bar, var_bar, gamma, beta, eps)
        alone = [inference(z[r : r + 1], mu_bar, var_bar, gamma, beta, eps) for r in range(len(z))]
        assert np.array_equal(together, np.vstack(alone))
    others = np.vstack([z[:-1], z[-1:] + 10 * np.ptp(z, axis=0)])
    one = np.ones_like(gamma)
    trained = batch_norm_train(others, one, beta, eps)[0], batch_norm_train(z, one, beta, eps)[0]
    assert not close(*trained, tolerance=1e-6), "in training each does, even on the last"


@law
@given(tables_and("d", "d", "d", "+"), epsilons)
def test_both_forms_of_inference_agree_and_with_the_batchs_own_statistics_it_is_training(case, eps):
    z, gamma, beta, mu_bar, var_bar = case
    scale = np.abs(gamma) / np.sqrt(var_bar + eps)
    size = scale * (of_columns(z) + np.abs(mu_bar)) + np.abs(beta)
    affine = batch_norm_inference_affine(z, mu_bar, var_bar, gamma, beta, eps)
    assert close(batch_norm_inference(z, mu_bar, var_bar, gamma, beta, eps), affine, size)
    own = batch_norm_inference(z, batch_mean(z), batch_variance(z), gamma, beta, eps)
    assert np.array_equal(own, batch_norm_train(z, gamma, beta, eps))


# standardization


@law
@given(tables())
def test_standardizing_twice_is_standardizing_once(x):
    once = standardize(x)
    assert close(standardize(once), once)
    assert close(once.mean(axis=0), 0)
    assert close(once.var(axis=0), 1)


@law
@given(tables_and("d", "d"), st.data())
def test_standardizing_does_not_see_an_affine_change_but_for_its_sign(case, data):
    x, b, _ = case
    a = np.array([data.draw(factors) for _ in b])
    assert close(standardize(a * x + b * of_columns(x)), np.sign(a) * standardize(x))


@law
@given(tables(), st.integers(0, 4), st.floats(-1e3, 1e3))
def test_a_constant_feature_becomes_0_and_does_not_touch_the_others(x, place, value):
    place = min(place, x.shape[1])
    with_constant, with_another = (standardize(np.insert(x, place, v, axis=1)) for v in (value, value + 1))
    assert not with_constant[:, place].any()
    assert np.array_equal(with_constant, with_another)
    # of an array with fewer columns NumPy adds the rows in another order: the last digit may differ
    assert close(np.delete(with_constant, place, axis=1), standardize(x))


# moving averages


@law
@given(tables_and("d", "d"), weights)
def test_the_running_mean_lies_between_the_old_and_the_new(case, p):
    _, old, new = case
    average = running_mean(old, new, p)
    low, high = np.minimum(old, new), np.maximum(old, new)
    assert (average >= low - 1e-12 * np.abs(low)).all()
    assert (average <= high + 1e-12 * np.abs(high)).all()
    assert close(np.abs(average - new), p * np.abs(old - new), 10), "p of the way is left"
    assert close(running_mean(old, old, p), old, 0), "fixed point"


@law
@given(tables_and("d"), weights, st.integers(1, 50))
def test_from_0_on_a_constant_the_average_is_c_times_1_minus_p_to_the_t(case, p, t):
    _, c = case
    mean, variance = np.zeros_like(c), np.zeros_like(c)
    for _ in range(t):
        mean, variance = running_mean(mean, c, p), running_variance(variance, c**2, 2, p)
    assert close(mean, c * (1 - p**t), 0)
    assert close(variance, 2 * c**2 * (1 - p**t), 0)


@law
@given(tables(), weights)
def test_the_running_variance_averages_unbiased_variances(z, p):
    var, unbiased, m = batch_variance(z), np.var(z, axis=0, ddof=1), len(z)
    assert close(running_variance(np.zeros_like(var), var, m, p=0), unbiased, 0)
    assert close(running_variance(unbiased, var, m, p), unbiased, 0), "fixed point"
    assert close(running_variance(var, var, m, p), var * (p + (1 - p) * m / (m - 1)), 0)
    assert close(running_variance(var, var, 10**9, p), var, 0, 1e-8), "a huge batch needs no correction"


@law
@given(tables_and("d"), weights, st.lists(st.floats(-100, 100, allow_subnormal=False), min_size=1, max_size=8))
def test_the_running_mean_is_a_weighted_sum_that_forgets(case, p, batches):
    _, start = case
    average = start
    for mu in batches:
        average = running_mean(average, np.full_like(start, mu), p)
    ages = np.arange(len(batches))[::-1]
    assert close(average, p ** len(batches) * start + (1 - p) * np.sum(p**ages * batches), 100)


# the linear model


@st.composite
def linear_problems(draw):
    x, w, order = draw(tables_and("d", "m"))
    return x, draw(vectors(len(x))), w, draw(st.floats(-10, 10, allow_subnormal=False)), order


@law
@given(linear_problems())
def test_the_loss_does_not_know_the_order_of_the_examples(case):
    x, y_hat, w, b, order = case
    y, e, loss = linear_model(x, y_hat, w, b)
    moved_y, moved_e, moved_loss = linear_model(x[order], y_hat[order], w, b)
    size = np.abs(x) @ np.abs(w) + np.abs(y_hat) + abs(b)
    assert close(moved_y, y[order], size[order])
    assert close(moved_e, e[order], size[order] ** 2)
    assert close(moved_loss, loss, np.sum(size**2))
    for moved, here, weight in zip(
        linear_model_gradient(x[order], y_hat[order], w, b),
        linear_model_gradient(x, y_hat, w, b),
        (np.abs(x), 1),
        strict=True,
    ):
        assert close(moved, here, np.sum((size * np.transpose(weight)).T, axis=0))


@law
@given(linear_problems(), factors)
def test_scaling_a_feature_scales_its_slope(case, c):
    x, y_hat, w, b, _ = case
    scaled = x * np.where(np.arange(len(w)) == 0, c, 1)
    size = 2 * (np.abs(x) @ np.abs(w) + np.abs(y_hat) + abs(b)) @ np.abs(x)
    for here, there in (
        (w, np.where(np.arange(len(w)) == 0, w / c, w)),  # the weight scaled back
        (np.where(np.arange(len(w)) == 0, 0, w), np.where(np.arange(len(w)) == 0, 0, w)),  # or of no weight
    ):
        dw, db = linear_model_gradient(x, y_hat, here, b)
        scaled_dw, scaled_db = linear_model_gradient(scaled, y_hat, there, b)
        assert close(scaled_dw[0], c * dw[0], abs(c) * size[0])
        assert close(scaled_dw[1:], dw[1:], size[1:])
        assert close(scaled_db, db, np.sum(np.abs(2 * (np.abs(x) @ np.abs(here) + np.abs(y_hat) + abs(b)))))


@law
@given(linear_problems(), st.floats(-1, 1), st.data())
def test_the_loss_is_a_parabola_with_that_slope(case, step, data):
    x, y_hat, w, b, _ = case
    u, v = data.draw(vectors(len(w), -1, 1)), data.draw(st.floats(-1, 1))
    (dw, db), loss = linear_model_gradient(x, y_hat, w, b), linear_model(x, y_hat, w, b)[2]
    exact = loss + step * (dw @ u + db * v) + step**2 * np.sum((x @ u + v) ** 2)
    size = np.sum((np.abs(x) @ (np.abs(w) + np.abs(u)) + np.abs(y_hat) + abs(b) + 1) ** 2)
    assert close(linear_model(x, y_hat, w + step * u, b + step * v)[2], exact, size)


@law
@given(linear_problems())
def test_at_a_perfect_fit_nothing_is_lost_and_nothing_slopes(case):
    x, _, w, b, _ = case
    target = linear_model(x, np.zeros(len(x)), w, b)[0]
    y, e, loss = linear_model(x, target, w, b)
    dw, db = linear_model_gradient(x, target, w, b)
    assert np.array_equal(y, target)
    assert not e.any()
    assert loss == db == 0
    assert not dw.any()


# the condition number


@st.composite
def hessians(draw):
    """(H, a rotation of the same size, a positive number): the smallest curvature is at least 0.1."""
    d = draw(st.integers(1, 5))
    matrix, other = (draw(arrays(np.float64, (d, d), elements=st.floats(-3, 3, allow_subnormal=False))) for _ in "ab")
    return matrix @ matrix.T + 0.1 * np.eye(d), np.linalg.qr(other)[0], draw(st.floats(1e-3, 1e3))


@law
@given(hessians())
def test_the_condition_number_is_of_the_shape_of_the_bowl_alone(case):
    H, rotation, c = case
    kappa = condition_number(H)
    assert kappa >= 1
    assert close(condition_number(c * H), kappa, 0), "not of its steepness"
    turned = rotation @ H @ rotation.T
    assert close(condition_number((turned + turned.T) / 2), kappa, 0), "nor of how it is turned"
    inverse = np.linalg.inv(H)
    assert close(condition_number((inverse + inverse.T) / 2), kappa, 0)
    assert close(condition_number(H @ H), kappa**2, 0, 1e-6)


@law
@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=5))
def test_the_condition_number_of_a_diagonal_is_its_largest_over_its_smallest(diagonal):
    assert close(condition_number(np.diag(diagonal)), max(diagonal) / min(diagonal), 0)
    assert close(condition_number(diagonal[0] * np.eye(3)), 1), "a round bowl"

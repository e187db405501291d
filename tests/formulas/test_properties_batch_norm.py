"""Laws of batch normalization backward, in convolutions and folded, on every batch."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from snippets.batch_norm import (
    batch_mean,
    batch_norm_2d,
    batch_norm_backward,
    batch_norm_backward_simplified,
    batch_norm_identity,
    batch_norm_inference,
    batch_norm_jacobian,
    batch_norm_train,
    batch_normalize,
    batch_variance,
    fold_batch_norm_conv,
    fold_batch_norm_linear,
    weight_scale_invariance,
)
from tests.formulas.test_properties import close, epsilons, factors, law, of_columns, tables, tables_and

seeds = st.integers(0, 10**6).map(np.random.default_rng)


def normalized(z, eps):
    return batch_normalize(z, batch_mean(z), batch_variance(z), eps)


def unit(z, eps=0.0):
    """1 / sqrt(var + eps) of each feature: the size of its slopes."""
    return 1 / np.sqrt(batch_variance(z) + eps)


# the identity


@law
@given(tables_and("d", "+"), epsilons)
def test_gamma_and_beta_that_undo_it_follow_the_scale_of_the_batch(case, eps):
    z, shift, a = case
    gamma, beta, z_hat = batch_norm_identity(z, eps)
    assert close(z_hat, z, of_columns(z))
    scaled_gamma, scaled_beta, scaled = batch_norm_identity(a[0] * z + shift, a[0] ** 2 * eps)
    size = a[0] * of_columns(z) + np.abs(shift)
    assert close(scaled_gamma, a[0] * gamma, size)
    assert close(scaled_beta, a[0] * beta + shift, size)
    assert close(scaled, a[0] * z + shift, size)


# the Jacobian


@law
@given(tables(columns=1), st.sampled_from([0.0, 1e-5, 0.1]))
def test_the_jacobian_is_symmetric_and_gives_nothing_for_a_shift_and_little_for_a_stretch(table, eps):
    z = table[:, 0]
    J, s = batch_norm_jacobian(z, eps), unit(table, eps)
    z_tilde = normalized(table, eps)[:, 0]
    assert np.array_equal(J, J.T)
    assert close(J @ np.ones_like(z), 0, s), "the same number added to every example changes nothing"
    assert close(J @ z_tilde, eps * s**3 * z_tilde, s * len(z)), "away from the mean: only what epsilon lets through"


@law
@given(tables(least=2, columns=1))
def test_without_epsilon_the_jacobian_projects_onto_m_minus_2_directions(table):
    J, s, m = batch_norm_jacobian(table[:, 0], eps=0.0), unit(table), len(table)
    assert close(J @ J, s * J, s**2), "but for its size a projection"
    assert close(np.trace(J), (m - 2) * s, s)
    assert np.linalg.matrix_rank(J, tol=1e-6 * s[0]) == m - 2


@law
@given(st.floats(-10, 10), st.floats(1e-2, 10), epsilons)
def test_of_two_examples_only_epsilon_lets_anything_through(first, distance, eps):
    z = np.array([first, first + distance])
    s = 1 / np.sqrt((z[1] - z[0]) ** 2 / 4 + eps)
    assert close(batch_norm_jacobian(z, eps), eps * s**3 / 2 * np.array([[1, -1], [-1, 1]]), s)
    assert close(batch_norm_jacobian(z, 0.0), 0, 1 / distance)


@law
@given(tables(columns=1), st.data())
def test_examples_in_another_order_permute_the_jacobian(table, data):
    z, order = table[:, 0], data.draw(st.permutations(range(len(table))).map(list))
    assert close(batch_norm_jacobian(z[order]), batch_norm_jacobian(z)[np.ix_(order, order)], unit(table))


# backward


@law
@given(tables_and("d"), epsilons, seeds)
def test_both_ways_of_writing_it_and_the_jacobian_agree(case, eps, rng):
    z, gamma = case
    dz_hat = rng.standard_normal(z.shape)
    dz, dgamma, dbeta = batch_norm_backward(dz_hat, z, gamma, eps)
    size = 10 * np.abs(gamma) * unit(z, eps)
    assert close(dz, batch_norm_backward_simplified(dz_hat, z, gamma, eps), size)
    by_jacobian = [g * batch_norm_jacobian(x, eps) @ d for g, x, d in zip(gamma, z.T, dz_hat.T, strict=True)]
    assert close(dz, np.transpose(by_jacobian), size)
    output = batch_norm_train(z, gamma, np.zeros_like(gamma), eps)
    assert close(np.sum(dz_hat * output, axis=0), gamma * dgamma, 100), "the output is linear in gamma"
    assert close(dbeta, len(z) * batch_mean(dz_hat))


@law
@given(tables_and("d"), st.sampled_from([0.0, 1e-5, 0.1]), seeds)
def test_slopes_sum_to_0_and_weighted_with_the_output_only_epsilon_is_left(case, eps, rng):
    z, gamma = case
    z_tilde, dz_hat = normalized(z, eps), rng.standard_normal(z.shape)
    size = 100 * np.abs(gamma) * unit(z, eps)
    for dz in (
        batch_norm_backward(dz_hat, z, gamma, eps)[0],
        batch_norm_backward_simplified(dz_hat, z, gamma, eps),
    ):
        assert close(dz.sum(axis=0), 0, size)
        left = eps * unit(z, eps) ** 3 * gamma * np.sum(dz_hat * z_tilde, axis=0)
        assert close(np.sum(dz * z_tilde, axis=0), left, size)


@law
@given(tables_and("d", "d", "m"), epsilons, seeds)
def test_backward_is_linear_in_the_slopes_and_does_not_see_order_shift_or_a_common_slope(case, eps, rng):
    z, gamma, shift, order = case
    one, two = rng.standard_normal((2, *z.shape))
    size = 100 * np.abs(gamma) * unit(z, eps)

    def dz(slopes, batch=z):
        return batch_norm_backward_simplified(slopes, batch, gamma, eps)

    assert close(dz(2 * one - 3 * two), 2 * dz(one) - 3 * dz(two), size)
    assert close(dz(one + shift), dz(one), 20 * size), "what all examples have in common is lost"
    assert close(dz(one[order], z[order]), dz(one)[order], size)
    assert close(dz(one, z + shift * of_columns(z)), dz(one), size)


@law
@given(tables_and("d"), epsilons, st.floats(0.1, 10), seeds)
def test_a_step_against_the_slopes_lowers_the_loss_as_much_as_they_say(case, eps, step, rng):
    z, gamma = case
    dz_hat, beta = rng.standard_normal(z.shape), np.zeros_like(gamma)
    change = 1e-6 * step * rng.standard_normal(z.shape) / unit(z)

    def loss(batch):
        return np.sum(dz_hat * batch_norm_train(batch, gamma, beta, eps), axis=0)

    measured = (loss(z + change) - loss(z - change)) / 2e-6
    promised = np.sum(change * batch_norm_backward(dz_hat, z, gamma, eps)[0], axis=0) / 1e-6
    assert close(measured, promised, 100 * np.abs(gamma) + 1e-3, 1e-6)


# the scale of the weights


@law
@given(tables(least=4), st.integers(1, 3), factors, epsilons, seeds)
def test_scaled_weights_are_another_epsilon_and_slopes_stand_at_right_angles_to_them(u, d, a, eps, rng):
    u = u / of_columns(u)
    W, slopes = rng.standard_normal((d, u.shape[1])), rng.standard_normal((len(u), d))
    if (batch_variance(u @ W.T) < 1e-4).any():
        return  # the features cancel
    size = 100 * unit(u @ W.T)[:, None]
    z_tilde, dW = weight_scale_invariance(u, W, 1.0, slopes, eps)
    scaled, scaled_dW = weight_scale_invariance(u, W, a, slopes, a**2 * eps)
    assert close(scaled, np.sign(a) * z_tilde, size.T)
    assert close(abs(a) * scaled_dW, dW, size)
    for got, direct in zip(
        weight_scale_invariance(u, W, a, slopes, eps), weight_scale_invariance(u, a * W, 1.0, slopes, eps), strict=True
    ):
        assert close(got, direct, 100 * size.max() * (1 + 1 / abs(a)))
    across = np.sum(W * weight_scale_invariance(u, W, 1.0, slopes, 0.0)[1], axis=1)
    assert close(across, 0, 10 * size[:, 0]), "without epsilon the slope says nothing about the length of the weights"


# feature maps


@st.composite
def maps(draw):
    """(N, C, H, W) with two values or more in each channel, of unequal scale; gamma; beta; the generator."""
    rng = draw(seeds)
    N, C, H, W = (draw(st.integers(1, 4)) for _ in range(4))
    N += N * H * W == 1
    scale = 10.0 ** rng.uniform(-2, 3, (C, 1, 1))
    return scale * (rng.standard_normal((N, C, H, W)) + 3), *rng.standard_normal((2, C)), rng


@law
@given(maps(), epsilons)
def test_feature_maps_are_a_batch_of_all_their_places(case, eps):
    z, gamma, beta, _ = case
    N, C, H, W = z.shape
    rows = np.stack([z[n, :, h, w] for n in range(N) for h in range(H) for w in range(W)])
    places = batch_norm_train(rows, gamma, beta, eps).reshape(N, H, W, C)
    assert close(batch_norm_2d(z, gamma, beta, eps), np.moveaxis(places, -1, 1), 10)


@law
@given(maps(), epsilons)
def test_it_does_not_matter_where_in_which_image_a_value_stands(case, eps):
    z, gamma, beta, rng = case
    N, C, H, W = z.shape
    output, images = batch_norm_2d(z, gamma, beta, eps), rng.permutation(N)
    moved = z.copy()
    moved[0] = np.roll(z[0], (1, 1), axis=(1, 2))
    assert close(batch_norm_2d(moved, gamma, beta, eps)[0], np.roll(output[0], (1, 1), axis=(1, 2)), 10)
    assert close(batch_norm_2d(moved, gamma, beta, eps)[1:], output[1:], 10)
    assert close(batch_norm_2d(z[images], gamma, beta, eps), output[images], 10)
    assert close(batch_norm_2d(np.swapaxes(z, 2, 3), gamma, beta, eps), np.swapaxes(output, 2, 3), 10)
    tall = z.reshape(N, C, 1, H * W)
    assert close(batch_norm_2d(tall, gamma, beta, eps), output.reshape(tall.shape), 10)


@law
@given(maps(), epsilons)
def test_no_channel_knows_another(case, eps):
    z, gamma, beta, rng = case
    changed = z.copy()
    changed[:, 0] = rng.standard_normal(z[:, 0].shape)
    output = batch_norm_2d(changed, gamma, beta, eps)
    assert np.array_equal(output[:, 1:], batch_norm_2d(z, gamma, beta, eps)[:, 1:])


@law
@given(maps(), epsilons)
def test_each_channel_gets_mean_beta_and_its_own_scale(case, eps):
    z, gamma, beta, _ = case
    output, var = batch_norm_2d(z, gamma, beta, eps), z.var(axis=(0, 2, 3))
    assert close(output.mean(axis=(0, 2, 3)), beta, 10)
    assert close(output.std(axis=(0, 2, 3)), np.abs(gamma) * np.sqrt(var / (var + eps)), 10)


# folded


def statistics(rng, d):
    """mu_bar, var_bar, gamma, beta."""
    return rng.standard_normal(d), rng.uniform(0.1, 9, d), *rng.standard_normal((2, d))


@law
@given(st.tuples(*[st.integers(1, 4)] * 3), epsilons, seeds)
def test_a_folded_layer_does_what_the_two_did(sizes, eps, rng):
    m, d, n = sizes
    x, W, b, layer = (
        rng.standard_normal((m, n)),
        rng.standard_normal((d, n)),
        rng.standard_normal(d),
        statistics(rng, d),
    )
    W_new, b_new = fold_batch_norm_linear(W, b, *layer, eps)
    assert close(x @ W_new.T + b_new, batch_norm_inference(x @ W.T + b, *layer, eps), 10)
    plain = np.zeros(d), np.ones(d), np.ones(d), np.zeros(d)
    assert close(fold_batch_norm_linear(W, b, *plain, 0.0)[0], W), "a layer that does nothing is folded into nothing"
    assert close(fold_batch_norm_linear(W, b, *plain, 0.0)[1], b)


def convolve(x, W, b):
    """Every window of every image, times the kernel."""
    windows = np.lib.stride_tricks.sliding_window_view(x, W.shape[2:], axis=(2, 3))
    return np.einsum("ndhwpq,cdpq->nchw", windows, W) + b[:, None, None]


@law
@given(st.tuples(*[st.integers(1, 3)] * 5), epsilons, seeds)
def test_a_folded_convolution_does_what_the_two_did(sizes, eps, rng):
    N, C, D, P, Q = sizes
    x, W, b = rng.standard_normal((N, D, 4, 5)), rng.standard_normal((C, D, P, Q)), rng.standard_normal(C)
    layer = statistics(rng, C)
    z = convolve(x, W, b)
    rows = batch_norm_inference(np.moveaxis(z, 1, -1).reshape(-1, C), *layer, eps)
    want = np.moveaxis(rows.reshape(N, *z.shape[2:], C), -1, 1)
    assert close(convolve(x, *fold_batch_norm_conv(W, b, *layer, eps)), want, 10)


@law
@given(st.integers(1, 4), st.integers(1, 4), epsilons, seeds)
def test_a_convolution_of_1_by_1_folds_like_a_linear_layer(d, n, eps, rng):
    W, b, layer = rng.standard_normal((d, n)), rng.standard_normal(d), statistics(rng, d)
    kernel, bias = fold_batch_norm_conv(W[:, :, None, None], b, *layer, eps)
    assert np.array_equal(kernel[:, :, 0, 0], fold_batch_norm_linear(W, b, *layer, eps)[0])
    assert np.array_equal(bias, fold_batch_norm_linear(W, b, *layer, eps)[1])

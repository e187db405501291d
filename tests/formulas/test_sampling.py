import itertools
import math

import numpy as np
import pytest
import torch
from torch.distributions import Categorical, MixtureSameFamily, Normal

from snippets.moving_average import average_window
from snippets.sampling import (
    effective_sample_size,
    gaussian_weight_second_moment,
    importance_sampling,
    importance_sampling_variance,
    optimal_proposal,
    self_normalized,
    self_normalized_bias,
)
from yansuan.proof.witness import derivative, witness


def values(rng, scale, p):
    """Some of them 0."""
    return scale * rng.standard_normal(p.shape) * (rng.random(p.shape) < 0.7)


def with_zeros(rng, shape, may_be=True):
    """Weights, some of them 0 where they may be; the last two are not."""
    zero = may_be & (rng.random(shape) < 0.5)
    zero[..., -2:] = False
    return np.where(zero, 0, rng.gamma(3.0, size=shape))


def chances(rng, f):
    weights = with_zeros(rng, f.shape)
    return weights / weights.sum(axis=-1, keepdims=True)


def proposal(rng, f, p):
    """0 only where nothing is lost."""
    weights = with_zeros(rng, f.shape, f * p == 0)
    return weights / weights.sum(axis=-1, keepdims=True)


def certain_proposal(rng, f, p):
    weights = with_zeros(rng, f.shape, p == 0)
    return weights / weights.sum(axis=-1, keepdims=True)


def some_weights(rng, f):
    return with_zeros(rng, f.shape)


# p, which need not sum to 1, is drawn first, its edges too; the chances of q sum to 1
DISCRETE = {"f": values, "q": proposal}
INSIDE = {
    "f": lambda rng: rng.standard_normal(4),
    "p": lambda rng: rng.dirichlet(np.full(4, 3.0)),
    "q": lambda rng: rng.dirichlet(np.full(4, 3.0)),
}


@witness(importance_sampling)
def test_importance_sampling(f, p, q):
    return torch.mean(torch.exp(torch.log(p) - torch.log(q)) * f, dim=-1)


@witness(importance_sampling)
def test_importance_sampling_as_a_slope(f, p, q):
    """Of the mean weight, as the target is tilted by f."""
    tilt = torch.zeros(())
    return torch.autograd.functional.jacobian(lambda tilt: torch.mean(p * torch.exp(tilt * f) / q, dim=-1), tilt)


@derivative(importance_sampling)
def weighted(f, p, q):
    return torch.mean(f * p / q, dim=-1)


@witness(importance_sampling_variance, by="torch.distributions.MixtureSameFamily", **DISCRETE)
def test_importance_sampling_variance(f, p, q):
    draw = torch.where(q > 0, f * p / q, 0.0)
    no_width = torch.full_like(draw, 1e-200)
    return MixtureSameFamily(Categorical(q), Normal(draw, no_width)).variance


def over_all_draws(q, n, estimate):
    """How likely each sequence of n draws is, and the estimate from it."""
    draws = torch.tensor(list(itertools.product(range(q.shape[-1]), repeat=n)))
    return q[..., draws].prod(dim=-1), estimate(draws)


@witness(importance_sampling_variance, **DISCRETE)
def test_importance_sampling_variance_over_all_pairs_of_draws(f, p, q):
    draw = torch.where(q > 0, f * p / q, 0.0)
    chance, estimates = over_all_draws(q, 2, lambda k: draw[..., k].mean(dim=-1))
    return 2 * torch.sum(chance * (estimates - torch.sum(f * p, dim=-1, keepdim=True)) ** 2, dim=-1)


@derivative(importance_sampling_variance, **INSIDE)
def squares_over_chances(f, p, q):
    mean = torch.sum(f * p)
    return torch.sum((f * p) ** 2 / q) - 2 * mean**2 + mean**2 * torch.sum(q)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_estimate_is_unbiased(n):
    f, p, q = drawn_inside(0)
    draws = np.array(list(itertools.product(range(4), repeat=n)))
    assert q[draws].prod(axis=-1) @ importance_sampling(f[draws], p[draws], q[draws]) == pytest.approx(f @ p, rel=1e-12)


def drawn_inside(seed):
    rng = np.random.default_rng(seed)
    return [draw(rng) for draw in INSIDE.values()]


@witness(optimal_proposal, by="torch.nn.functional.normalize", p=chances)
def test_optimal_proposal(f, p):
    return torch.nn.functional.normalize(torch.abs(torch.mul(f, p)), p=1, dim=-1)


@derivative(optimal_proposal, f=INSIDE["f"], p=INSIDE["p"])
def share_of_the_whole(f, p):
    return torch.abs(f) * p / torch.sum(torch.abs(f) * p)


@pytest.mark.parametrize("seed", range(5))
def test_no_other_proposal_has_a_smaller_variance(seed):
    f, p, _ = drawn_inside(seed)
    best = importance_sampling_variance(f, p, optimal_proposal(f, p))
    assert best == pytest.approx((np.abs(f) @ p) ** 2 - (f @ p) ** 2, rel=1e-9)
    assert all(importance_sampling_variance(f, p, drawn_inside(other)[2]) > best for other in range(100))
    assert importance_sampling_variance(f**2, p, optimal_proposal(f**2, p)) < 1e-30


def test_what_is_neither_proposed_nor_needed_adds_nothing():
    f, p = [0, 1], [0.99, 0.01]
    assert importance_sampling_variance(f, p, optimal_proposal(f, p)) == 0
    assert importance_sampling_variance([[2.0, 5.0], [0.0, 1.0]], [[1, 0], p], [[1, 0], [0, 1]]).tolist() == [0, 0]
    assert importance_sampling_variance([0.0, 0.0], p, [1, 0]) == 0
    assert self_normalized_bias([2.0, 5.0], [1, 0], [1, 0], 10) == 0
    assert importance_sampling([1.0, 5.0], [1, 0], [1, 2]) == 0.5
    assert self_normalized([1.0, 5.0], [2, 0]) == effective_sample_size([2, 0]) == 1


def test_what_is_never_proposed_and_needed_is_infinite():
    with np.errstate(divide="ignore"):
        assert importance_sampling_variance([1.0, 1.0], [0.5, 0.5], [1, 0]) == np.inf


def test_nothing_to_propose_has_no_best_proposal():
    with np.errstate(invalid="ignore"):
        assert np.isnan(optimal_proposal([0, 0], [0.5, 0.5])).all()


@witness(self_normalized, by="torch.distributions.MixtureSameFamily", w=some_weights)
def test_self_normalized(f, w):
    return MixtureSameFamily(Categorical(w), Normal(f, torch.ones_like(f))).mean


@witness(self_normalized, w=some_weights)
def test_self_normalized_as_softmax(f, w):
    return torch.sum(torch.softmax(torch.log(w), dim=-1) * f, dim=-1)


@derivative(self_normalized, f=INSIDE["f"], w=INSIDE["p"])
def weighted_mean(f, w):
    return torch.sum(w * f) / torch.sum(w)


def each_row(function, *arrays):
    """The function of every vector along the last axis."""
    leading, rows = arrays[0].shape[:-1], zip(*(a.reshape(-1, a.shape[-1]) for a in arrays), strict=True)
    return torch.stack([function(*row) for row in rows]).reshape(leading)


@witness(self_normalized_bias, p=chances, q=certain_proposal)
def test_self_normalized_bias_is_half_the_curvature_of_a_ratio(f, p, q, n):
    def bias(f, p, q):
        draw = torch.where(q > 0, torch.stack([f * p, p]) / q, 0.0)
        mean = draw @ q
        covariance = q * (draw - mean[:, None]) @ (draw - mean[:, None]).T / n
        curvature = torch.autograd.functional.hessian(lambda ab: ab[0] / ab[1], mean)
        return torch.sum(curvature * covariance) / 2

    return each_row(bias, f, p, q)


@witness(self_normalized_bias, p=chances, q=certain_proposal)
def test_self_normalized_bias_as_a_covariance(f, p, q, n):
    """Of the weight and the error, over draws."""
    w = torch.where(q > 0, p / q, 0.0)
    error = w * (f - torch.sum(p * f, dim=-1, keepdim=True))
    return -torch.sum(q * (w - 1) * error, dim=-1) / n


@derivative(self_normalized_bias, **INSIDE)
def mean_times_variance_minus_covariance(f, p, q, n):
    w, mean = p / q, torch.sum(p * f)
    return (mean * torch.sum(p * w) - torch.sum(p * w * f)) / n


def test_the_leading_term_is_the_bias_as_n_grows():
    f, p, q = torch.tensor([0.0, 1.0]), torch.tensor([0.5, 0.5]), torch.tensor([0.6, 0.4])
    gaps = []
    for n in (4, 8, 12):
        chance, estimates = over_all_draws(q, n, lambda k: ((p / q)[k] * f[k]).sum(dim=-1) / (p / q)[k].sum(dim=-1))
        bias = float(chance @ estimates - p @ f)
        gaps.append(abs(bias / self_normalized_bias(f.numpy(), p.numpy(), q.numpy(), n) - 1))
    assert gaps[0] > gaps[1] > gaps[2]
    assert gaps[2] < 0.15


def weights_alone(rng):
    leading = rng.integers(1, 4, rng.integers(3)).tolist()
    return with_zeros(rng, (*leading, int(rng.integers(1, 9))))


@witness(effective_sample_size, w=weights_alone)
def test_effective_sample_size(w):
    return w.shape[-1] / (1 + torch.var(w, dim=-1, correction=0) / torch.mean(w, dim=-1) ** 2)


@derivative(effective_sample_size, w=INSIDE["p"])
def sum_squared_over_squares(w):
    return torch.sum(w) ** 2 / torch.sum(w**2)


@witness(effective_sample_size, w=weights_alone)
def test_effective_sample_size_as_an_angle(w):
    """Between the weights and equal ones."""
    return w.shape[-1] * torch.nn.functional.cosine_similarity(w, torch.ones_like(w), dim=-1) ** 2


def test_the_effective_sample_size_of_a_moving_average():
    assert effective_sample_size(0.9 ** np.arange(1000)) == pytest.approx(average_window(0.9)[1], rel=1e-12)


@witness(gaussian_weight_second_moment)
def test_gaussian_weight_second_moment_by_integration(var, d):
    from scipy.integrate import quad

    def mean(var):
        def square(x):  # p²/q of the densities of the standard normal, p, and the proposal, q
            return math.sqrt(var / (2 * math.pi)) * math.exp(x**2 * (1 / (2 * var) - 1))

        return 2 * quad(square, 0, np.inf, epsabs=0, epsrel=1e-12)[0]

    return np.vectorize(mean)(var) ** d


@witness(gaussian_weight_second_moment)
def test_gaussian_weight_second_moment_by_precisions(var, d):
    precision = 2 - 1 / torch.as_tensor(var)
    return torch.exp(d * (torch.log(torch.as_tensor(var)) - torch.log(precision)) / 2)


def test_from_a_proposal_too_narrow_the_mean_square_is_infinite():
    for var in (0.5, 0.4, -1.0):
        with pytest.raises(ValueError, match=rf"^var: expected a number above 0.5, got {var}$"):
            gaussian_weight_second_moment(var, 1)
    assert gaussian_weight_second_moment(0.5 + 1e-9, 1) > 1e3

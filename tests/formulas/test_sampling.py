import itertools

import numpy as np
import pytest
import torch
from scipy.integrate import quad
from scipy.stats import norm

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


def densities(rng):
    return rng.uniform(0.1, 3, 6)


def chances(rng):
    return rng.dirichlet(np.full(4, 3.0))


def values(rng, scale):
    return scale * rng.standard_normal(4)


DISCRETE = {"f": values, "p": chances, "q": chances}


@witness(importance_sampling, f=lambda rng, scale: scale * rng.standard_normal(6), p=densities, q=densities)
def test_importance_sampling(f, p, q):
    return torch.sum(torch.exp(torch.log(p) - torch.log(q)) * f) / len(f)


def over_all_draws(q, n, estimate):
    """[(how likely, the estimate)] of every sequence of n draws."""
    draws = torch.tensor(list(itertools.product(range(len(q)), repeat=n)))
    return q[draws].prod(dim=1), torch.stack([estimate(draw) for draw in draws])


@witness(importance_sampling_variance, **DISCRETE)
def test_importance_sampling_variance_over_all_pairs_of_draws(f, p, q):
    chance, estimates = over_all_draws(q, 2, lambda k: torch.mean(f[k] * p[k] / q[k]))
    return 2 * chance @ (estimates - f @ p) ** 2


@derivative(importance_sampling_variance, **DISCRETE)
def second_moment_minus_square(f, p, q):
    return torch.sum(q * (f * p / q) ** 2) - torch.sum(f * p) ** 2


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_estimate_is_unbiased(n):
    rng = np.random.default_rng(0)
    f, p, q = rng.normal(size=4), chances(rng), chances(rng)
    draws = map(list, itertools.product(range(4), repeat=n))
    assert sum(q[k].prod() * importance_sampling(f[k], p[k], q[k]) for k in draws) == pytest.approx(f @ p, rel=1e-12)


@witness(optimal_proposal, f=values, p=chances)
def test_optimal_proposal(f, p):
    return torch.nn.functional.normalize(torch.abs(torch.mul(f, p)), p=1, dim=0)


@pytest.mark.parametrize("seed", range(5))
def test_no_other_proposal_has_a_smaller_variance(seed):
    rng = np.random.default_rng(seed)
    f, p = rng.normal(size=4), chances(rng)
    best = importance_sampling_variance(f, p, optimal_proposal(f, p))
    assert best == pytest.approx((np.abs(f) @ p) ** 2 - (f @ p) ** 2, rel=1e-9)
    assert all(importance_sampling_variance(f, p, chances(rng)) > best for _ in range(100))
    assert importance_sampling_variance(f**2, p, optimal_proposal(f**2, p)) == pytest.approx(0, abs=1e-12)


def test_nothing_to_propose_is_refused():
    with pytest.raises(ValueError, match=r"^f: expected a value that is not 0 and has a chance, got none$"):
        optimal_proposal(np.zeros(2), np.ones(2) / 2)


@witness(self_normalized, f=lambda rng, scale: scale * rng.standard_normal(6), w=densities)
def test_self_normalized(f, w):
    return torch.softmax(torch.log(w), dim=0) @ f


@witness(self_normalized_bias, **DISCRETE, n=lambda rng: int(rng.integers(1, 100)))
def test_self_normalized_bias_is_half_the_curvature_of_a_ratio(f, p, q, n):
    draw = torch.stack([f * p / q, p / q])
    covariance = torch.cov(draw, aweights=q, correction=0) / n
    curvature = torch.autograd.functional.hessian(lambda ab: ab[0] / ab[1], draw @ q)
    return torch.sum(curvature * covariance) / 2


@derivative(self_normalized_bias, **DISCRETE, n=lambda rng: int(rng.integers(1, 100)))
def mean_times_variance_minus_covariance(f, p, q, n):
    w, mean = p / q, torch.sum(p * f)
    return (mean * torch.sum(p * w) - torch.sum(p * w * f)) / n


def test_the_leading_term_is_the_bias_as_n_grows():
    f, p, q = torch.tensor([0.0, 1.0]), torch.tensor([0.5, 0.5]), torch.tensor([0.6, 0.4])
    gaps = []
    for n in (4, 8, 12):
        chance, estimates = over_all_draws(q, n, lambda k: torch.sum((p / q)[k] * f[k]) / torch.sum((p / q)[k]))
        bias = float(chance @ estimates - p @ f)
        gaps.append(abs(bias / self_normalized_bias(f.numpy(), p.numpy(), q.numpy(), n) - 1))
    assert gaps[0] > gaps[1] > gaps[2]
    assert gaps[2] < 0.15


@witness(effective_sample_size, w=densities)
def test_effective_sample_size(w):
    return len(w) / (1 + torch.var(w, correction=0) / torch.mean(w) ** 2)


def test_the_effective_sample_size_of_a_moving_average():
    assert effective_sample_size(0.9 ** np.arange(1000)) == pytest.approx(average_window(0.9)[3], rel=1e-12)


def wide_enough(rng):
    return rng.uniform(0.8, 3)


def some_axes(rng):
    return int(rng.integers(1, 4))


@witness(gaussian_weight_second_moment, var=wide_enough, d=some_axes)
def test_gaussian_weight_second_moment_by_integration(var, d):
    return quad(lambda x: norm.pdf(x) ** 2 / norm.pdf(x, scale=var**0.5), -25, 25, epsabs=0, epsrel=1e-12)[0] ** d


@witness(gaussian_weight_second_moment, var=wide_enough, d=some_axes)
def test_gaussian_weight_second_moment_by_precisions(var, d):
    precision = 2 - 1 / torch.as_tensor(var)
    return torch.exp(d * (torch.log(torch.as_tensor(var)) - torch.log(precision)) / 2)


def test_from_a_proposal_too_narrow_the_mean_square_is_infinite():
    for var in (0.5, 0.4, -1.0):
        with pytest.raises(ValueError, match=rf"^var: expected more than 1/2, else the mean is infinite, got {var}$"):
            gaussian_weight_second_moment(var, 1)
    assert gaussian_weight_second_moment(0.5 + 1e-9, 1) > 1e3

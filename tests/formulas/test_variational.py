import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch.distributions import (
    AffineTransform,
    LowRankMultivariateNormal,
    MultivariateNormal,
    Normal,
    kl_divergence,
)

from snippets.variational import (
    aevb_gradient,
    elbo,
    gaussian_kl,
    gaussian_log_likelihood,
    importance_weighted_bound,
    linear_gaussian_elbo,
    linear_gaussian_evidence,
    reparameterization_gradient,
    reparameterize,
)
from yansuan.proof.witness import derivative, witness

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(40)  # expectations under the standard normal
WEIGHTS = WEIGHTS / np.sqrt(2 * np.pi)


def log_variances(mu, rng):
    return rng.uniform(-3, 3, np.shape(mu))


def standard(mu, rng):
    return rng.standard_normal(np.shape(mu))


@witness(gaussian_kl, by="torch.distributions.kl_divergence", log_var=log_variances)
def test_gaussian_kl(mu, log_var):
    return kl_divergence(Normal(mu, torch.exp(log_var / 2)), Normal(0.0, 1.0)).sum(dim=-1)


@witness(gaussian_kl, log_var=log_variances)
def test_gaussian_kl_as_an_expectation(mu, log_var):
    q, nodes = Normal(mu[..., None], torch.exp(log_var / 2)[..., None]), torch.tensor(NODES)
    z = q.mean + q.stddev * nodes
    return ((q.log_prob(z) - Normal(0.0, 1.0).log_prob(z)) * torch.tensor(WEIGHTS)).sum(dim=(-2, -1))


@pytest.mark.parametrize("log_var", [1e-3, 1e-6, -1e-8])
def test_near_the_prior_the_divergence_keeps_its_digits(log_var):
    series = log_var**2 / 4 + log_var**3 / 12 + log_var**4 / 48
    assert gaussian_kl(np.zeros((1, 1)), np.full((1, 1), log_var)) == pytest.approx(series, rel=1e-7)
    assert gaussian_kl(np.zeros((2, 3)), np.zeros((2, 3))).tolist() == [0, 0]


@witness(reparameterize, by="torch.distributions.AffineTransform", log_var=log_variances, noise=standard)
def test_reparameterize(mu, log_var, noise):
    return AffineTransform(mu, torch.exp(log_var).sqrt())(noise)


@witness(reparameterize, log_var=log_variances, noise=standard)
def test_reparameterize_by_quantiles(mu, log_var, noise):
    return Normal(mu, torch.exp(log_var).sqrt()).icdf(Normal(0.0, 1.0).cdf(noise))


@witness(
    reparameterization_gradient,
    by="torch.autograd.grad",
    log_var=lambda dz, rng: rng.uniform(-3, 3, np.shape(dz)),
)
def test_reparameterization_gradient(dz, log_var, noise):
    mu, log_var = torch.zeros_like(log_var).requires_grad_(), log_var.requires_grad_()
    z = mu + torch.exp(log_var).sqrt() * noise
    return torch.autograd.grad(z, (mu, log_var), torch.as_tensor(dz))


@derivative(reparameterization_gradient, log_var=lambda dz, rng: rng.uniform(-3, 3, np.shape(dz)))
def by_the_chain_rule(dz, log_var, noise):
    return 1 * dz, torch.exp(log_var).sqrt() * noise * dz / 2


def pixels(mu, rng):
    shape = (*mu.shape[:-1], int(rng.integers(1, 7)))
    return np.where(rng.random(shape) < 0.8, rng.integers(2, size=shape), rng.random(shape))


def probabilities(x, rng):
    """Some of them certain, and right."""
    certain = (rng.random(x.shape) < 0.4) & ((x == 0) | (x == 1))
    return np.where(certain, x, rng.uniform(0.01, 0.99, x.shape))


@witness(elbo, by="torch.nn.functional.binary_cross_entropy", x=pixels, y=probabilities, log_var=log_variances)
def test_elbo(x, y, mu, log_var):
    prior = kl_divergence(Normal(mu, torch.exp(log_var / 2)), Normal(0.0, 1.0)).sum(dim=-1)
    return -F.binary_cross_entropy(y, x, reduction="none").sum(dim=-1) - prior


@witness(elbo, x=lambda mu, rng: np.round(pixels(mu, rng)), y=probabilities, log_var=log_variances)
def test_elbo_pixel_by_pixel(x, y, mu, log_var):
    right = torch.where(x == 1, y, 1 - y).log().sum(dim=-1)
    return right - (mu**2 / 2 + torch.exp(log_var) / 2 - 1 / 2 - log_var / 2).sum(dim=-1)


@derivative(
    elbo,
    mu=lambda rng: rng.standard_normal((3, 2)),
    x=lambda mu, rng: rng.uniform(0.01, 0.99, (3, 6)),
    y=lambda rng: rng.uniform(0.01, 0.99, (3, 6)),
    log_var=log_variances,
)
def by_hand(x, y, mu, log_var):
    right = (torch.xlogy(x, y) + torch.xlogy(1 - x, 1 - y)).sum(dim=-1)
    return right - (mu**2 + torch.exp(log_var) - 1 - log_var).sum(dim=-1) / 2


def test_a_certain_pixel_costs_nothing_if_it_is_right_and_everything_if_not():
    prior = np.zeros(1)
    assert elbo([1, 0], [1, 0], prior, prior) == 0
    for kind in (np.float32, np.float64):
        y = 1 / (1 + np.exp(kind([40, -40])))
        assert elbo(np.array([0, 1], kind), y, prior.astype(kind), prior.astype(kind)) == pytest.approx(0, abs=1e-16)
    with np.errstate(divide="ignore"):
        assert elbo([0, 1], [0, 0], prior, prior) == -np.inf
    for wrong in ({"x": [-0.1]}, {"y": [1.5]}, {"y": [np.nan]}):
        with pytest.raises(ValueError, match=r"^[xy]: expected a number from 0 to 1, got"):
            elbo(**{"x": [1], "y": [0.5], "mu": prior, "log_var": prior} | wrong)


def log_variances_of(dz, rng):
    return rng.uniform(-3, 3, np.shape(dz))


@witness(aevb_gradient, by="torch.autograd.grad", log_var=log_variances_of)
def test_aevb_gradient(dz, mu, log_var, noise):
    mu, log_var = (torch.as_tensor(a).clone().requires_grad_() for a in (mu, log_var))
    q = Normal(mu, torch.exp(log_var).sqrt())
    bound = (torch.as_tensor(dz) * (mu + q.stddev * noise)).sum() - kl_divergence(q, Normal(0.0, 1.0)).sum()
    return torch.autograd.grad(bound, (mu, log_var))


@derivative(aevb_gradient, log_var=log_variances_of)
def both_forces(dz, mu, log_var, noise):
    return dz - mu, (torch.exp(log_var).sqrt() * noise * dz - torch.exp(log_var) + 1) / 2


@witness(gaussian_log_likelihood, by="torch.nn.functional.gaussian_nll_loss")
def test_gaussian_log_likelihood(x, y, var):
    var = torch.as_tensor(var) * torch.ones_like(x)
    return -F.gaussian_nll_loss(y, x, var, full=True, eps=0, reduction="none").sum(dim=-1)


@derivative(gaussian_log_likelihood)
def by_its_density(x, y, var):
    return Normal(y, torch.as_tensor(var).sqrt()).log_prob(x).sum(dim=-1)


@witness(importance_weighted_bound, by="torch.logsumexp")
def test_importance_weighted_bound(log_w):
    return log_w.mean(dim=0), torch.logsumexp(log_w, dim=0) - torch.log(torch.tensor(len(log_w)))


def test_more_draws_bring_the_bound_closer_on_average():
    rng, W, var = np.random.default_rng(0), np.array([[1.0], [2.0]]), 1.0
    x, y = np.array([1.0, 2.0]), rng.standard_normal((64, 4000, 1)) @ W.T  # q is the prior
    log_w = gaussian_log_likelihood(np.broadcast_to(x, y.shape), y, var)
    evidence = linear_gaussian_evidence(x, W, var)
    means = [importance_weighted_bound(log_w[:k])[1].mean() for k in (1, 4, 64)]
    assert means == sorted(means)
    assert means[-1] == pytest.approx(evidence, abs=0.05)
    assert importance_weighted_bound(log_w)[0].mean() == pytest.approx(means[0], rel=0.05)


def decoder(x, rng):
    return rng.standard_normal((x.shape[-1], int(rng.integers(1, 4))))


@witness(linear_gaussian_evidence, by="torch.distributions.LowRankMultivariateNormal", W=decoder)
def test_linear_gaussian_evidence(x, W, var):
    noise = torch.as_tensor(var) * torch.ones(len(W))
    return LowRankMultivariateNormal(torch.zeros(len(W)), W, noise).log_prob(x)


@witness(
    linear_gaussian_evidence,
    x=lambda rng: rng.standard_normal((*rng.integers(1, 4, rng.integers(3)), 4)),
    W=lambda rng: rng.uniform(-0.5, 0.5, (4, 1)),
    var=lambda rng: rng.uniform(1, 2),
)
def test_linear_gaussian_evidence_as_an_integral(x, W, var):
    likelihood = Normal(W * torch.tensor(NODES), torch.tensor(var).sqrt()).log_prob(x[..., None]).sum(dim=-2)
    return torch.log((torch.exp(likelihood) * torch.tensor(WEIGHTS)).sum(dim=-1))


MODEL = {
    "log_var": log_variances,
    "W": lambda mu, rng: rng.standard_normal((int(rng.integers(1, 6)), mu.shape[-1])),
    "x": lambda mu, W, rng, scale: scale * rng.standard_normal((*mu.shape[:-1], len(W))),
}


@witness(linear_gaussian_elbo, **MODEL)
def test_linear_gaussian_elbo(x, W, var, mu, log_var):
    """The evidence minus the divergence of q from the true posterior."""
    q = MultivariateNormal(mu, torch.diag_embed(torch.exp(log_var)))
    precision = torch.eye(W.shape[1]) + W.T @ W / var
    mean = torch.linalg.solve(precision, (x @ W / var)[..., None])[..., 0]
    posterior = MultivariateNormal(mean, precision_matrix=precision)
    evidence = MultivariateNormal(torch.zeros(len(W)), W @ W.T + var * torch.eye(len(W))).log_prob(x)
    return evidence - kl_divergence(q, posterior)


@witness(linear_gaussian_elbo, **{"mu": lambda rng: rng.standard_normal((3, 2))} | MODEL)
def test_linear_gaussian_elbo_as_an_expectation(x, W, var, mu, log_var):
    grid = torch.cartesian_prod(torch.tensor(NODES), torch.tensor(NODES))
    weight = torch.outer(torch.tensor(WEIGHTS), torch.tensor(WEIGHTS)).ravel()
    z = mu[:, None] + torch.exp(log_var / 2)[:, None] * grid
    joint = Normal(z @ W.T, var**0.5).log_prob(x[:, None]).sum(dim=-1) + Normal(0.0, 1.0).log_prob(z).sum(dim=-1)
    return (joint - Normal(mu[:, None], torch.exp(log_var / 2)[:, None]).log_prob(z).sum(dim=-1)) @ weight


@settings(derandomize=True, deadline=None, max_examples=50, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6), st.floats(-3, 3), st.floats(0.1, 3))
def test_the_bound_is_below_the_evidence_and_reaches_it_at_the_posterior(seed, shift, stretch):
    rng = np.random.default_rng(seed)
    x, var = rng.standard_normal(5), rng.uniform(0.1, 2)
    W = np.linalg.qr(rng.standard_normal((5, 2)))[0] * rng.uniform(0.1, 3, 2)  # orthogonal: a diagonal posterior
    precision = 1 + (W**2).sum(axis=0) / var
    mu = W.T @ x / var / precision
    evidence = linear_gaussian_evidence(x, W, var)
    assert linear_gaussian_elbo(x, W, var, mu, -np.log(precision)) == pytest.approx(evidence, rel=1e-12, abs=1e-12)
    for other in (
        linear_gaussian_elbo(x, W, var, mu + shift, -np.log(precision)),
        linear_gaussian_elbo(x, W, var, mu, -np.log(precision * stretch)),
    ):
        assert other <= evidence + 1e-12

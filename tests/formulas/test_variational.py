import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch.distributions import LowRankMultivariateNormal, MultivariateNormal, Normal, kl_divergence

from snippets.variational import (
    elbo,
    gaussian_kl,
    linear_gaussian_elbo,
    linear_gaussian_evidence,
    reparameterization_gradient,
    reparameterize,
)
from yansuan.proof.witness import derivative, witness

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(40)  # expectations under the standard normal
WEIGHTS = WEIGHTS / np.sqrt(2 * np.pi)


def log_variances(mu, rng):
    return rng.uniform(-3, 3, mu.shape)


def standard(mu, rng):
    return rng.standard_normal(mu.shape)


@witness(gaussian_kl, log_var=log_variances)
def test_gaussian_kl(mu, log_var):
    return kl_divergence(Normal(mu, torch.exp(log_var / 2)), Normal(0.0, 1.0)).sum(dim=1)


@witness(gaussian_kl, log_var=log_variances)
def test_gaussian_kl_as_an_expectation(mu, log_var):
    q, nodes = Normal(mu[..., None], torch.exp(log_var / 2)[..., None]), torch.tensor(NODES)
    z = q.mean + q.stddev * nodes
    return ((q.log_prob(z) - Normal(0.0, 1.0).log_prob(z)) * torch.tensor(WEIGHTS)).sum(dim=(1, 2))


@pytest.mark.parametrize("log_var", [1e-3, 1e-6, -1e-8])
def test_near_the_prior_the_divergence_keeps_its_digits(log_var):
    series = log_var**2 / 4 + log_var**3 / 12 + log_var**4 / 48
    assert gaussian_kl(np.zeros((1, 1)), np.full((1, 1), log_var)) == pytest.approx(series, rel=1e-7)
    assert gaussian_kl(np.zeros((2, 3)), np.zeros((2, 3))).tolist() == [0, 0]


@witness(reparameterize, log_var=log_variances, noise=standard)
def test_reparameterize(mu, log_var, noise):
    return Normal(mu, torch.exp(log_var).sqrt()).icdf(Normal(0.0, 1.0).cdf(noise))


@derivative(reparameterize, log_var=log_variances, noise=standard)
def scaled_and_shifted(mu, log_var, noise):
    return torch.addcmul(mu, torch.exp(log_var).sqrt(), noise)


@witness(
    reparameterization_gradient,
    mu="(m, d)",
    log_var=log_variances,
    noise=standard,
    dz=lambda mu, log_var, noise: np.cos(mu + np.exp(log_var / 2) * noise),
)
def test_reparameterization_gradient(mu, log_var, noise):
    mu, log_var = mu.requires_grad_(), log_var.requires_grad_()
    return torch.autograd.grad(torch.sin(mu + torch.exp(log_var).sqrt() * noise).sum(), (mu, log_var))


@derivative(reparameterization_gradient, log_var=lambda dz, rng: rng.uniform(-3, 3, dz.shape))
def by_the_chain_rule(dz, log_var, noise):
    return 1 * dz, torch.exp(log_var).sqrt() * noise * dz / 2


def pixels(mu, rng):
    return rng.integers(2, size=(len(mu), 6)).astype(float)


def probabilities(mu, rng):
    return rng.uniform(0.01, 0.99, (len(mu), 6))


@witness(elbo, x=pixels, y=probabilities, log_var=log_variances)
def test_elbo(x, y, mu, log_var):
    prior = kl_divergence(Normal(mu, torch.exp(log_var / 2)), Normal(0.0, 1.0)).sum(dim=1)
    return -F.binary_cross_entropy_with_logits(torch.logit(y), x, reduction="none").sum(dim=1) - prior


@witness(elbo, x=pixels, y=probabilities, log_var=log_variances)
def test_elbo_pixel_by_pixel(x, y, mu, log_var):
    right = torch.where(x == 1, y, 1 - y).log().sum(dim=1)
    return right - (mu**2 / 2 + torch.exp(log_var) / 2 - 1 / 2 - log_var / 2).sum(dim=1)


@derivative(
    elbo,
    mu=lambda rng: rng.standard_normal((3, 2)),
    x=lambda mu, rng: rng.uniform(0, 1, (3, 6)),
    y=probabilities,
    log_var=log_variances,
)
def by_hand(x, y, mu, log_var):
    return (torch.xlogy(x, y) + torch.xlogy(1 - x, 1 - y)).sum(dim=1) - (mu**2 + torch.exp(log_var) - 1 - log_var).sum(
        dim=1
    ) / 2


def example(rng):
    return rng.standard_normal(4)


def decoder(rng):
    return rng.standard_normal((4, 2))


def noise_variance(rng):
    return rng.uniform(0.1, 2)


MODEL = {"x": example, "W": decoder, "var": noise_variance}
Q = {"mu": lambda rng: rng.standard_normal(2), "log_var": lambda rng: rng.uniform(-3, 3, 2)}


@witness(linear_gaussian_evidence, **MODEL)
def test_linear_gaussian_evidence(x, W, var):
    noise = torch.as_tensor(var) * torch.ones(len(x))
    return LowRankMultivariateNormal(torch.zeros(len(x)), W, noise).log_prob(x)


@witness(
    linear_gaussian_evidence, x=example, W=lambda rng: rng.uniform(-0.5, 0.5, (4, 1)), var=lambda rng: rng.uniform(1, 2)
)
def test_linear_gaussian_evidence_as_an_integral(x, W, var):
    likelihood = Normal(W * torch.tensor(NODES), torch.tensor(var).sqrt()).log_prob(x[:, None]).sum(dim=0)
    return torch.log((torch.exp(likelihood) * torch.tensor(WEIGHTS)).sum())


@witness(linear_gaussian_elbo, **MODEL, **Q)
def test_linear_gaussian_elbo(x, W, var, mu, log_var):
    """The evidence minus the divergence of q from the true posterior."""
    q = MultivariateNormal(mu, torch.diag(torch.exp(log_var)))
    precision = torch.eye(2) + W.T @ W / var
    posterior = MultivariateNormal(torch.linalg.solve(precision, W.T @ x / var), precision_matrix=precision)
    evidence = MultivariateNormal(torch.zeros(4), W @ W.T + var * torch.eye(4)).log_prob(x)
    return evidence - kl_divergence(q, posterior)


@witness(linear_gaussian_elbo, **MODEL, **Q)
def test_linear_gaussian_elbo_as_an_expectation(x, W, var, mu, log_var):
    grid = torch.cartesian_prod(torch.tensor(NODES), torch.tensor(NODES))
    weight = torch.outer(torch.tensor(WEIGHTS), torch.tensor(WEIGHTS)).ravel()
    z = mu + torch.exp(log_var / 2) * grid
    joint = Normal(z @ W.T, var**0.5).log_prob(x).sum(dim=1) + Normal(0.0, 1.0).log_prob(z).sum(dim=1)
    return weight @ (joint - Normal(mu, torch.exp(log_var / 2)).log_prob(z).sum(dim=1))


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

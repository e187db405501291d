import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF
from torch.distributions import MultivariateNormal

from snippets.gaussian_process import (
    gp_posterior,
    log_marginal_likelihood,
    log_marginal_likelihood_gradient,
    rbf_kernel,
)
from yansuan.proof.witness import derivative, witness


def some_points(rng):
    return rng.uniform(-2, 2, (5, 2))


def other_points(rng):
    return rng.uniform(-2, 2, (3, 2))


def kernel(x):
    return rbf_kernel(x, x, 1.0)


def of_new(x_star):
    return rbf_kernel(x_star, x_star, 1.0)


def across(x, x_star):
    return rbf_kernel(x, x_star, 1.0)


def some_values(rng, scale):
    return scale * rng.standard_normal(5)


def noise_variance(rng):
    return rng.uniform(0.01, 1)


def length_slope(x, K):
    return K * ((x[:, None] - x) ** 2).sum(axis=2)


DATA = {"x": some_points, "K": kernel, "y": some_values, "var": noise_variance}
NEW = {"x_star": other_points, "K_star": across, "K_test": of_new}


def lengths_of(rng, x):
    """One for each entry of a point."""
    return rng.uniform(0.3, 3, x.shape[1:])


def near(rng, x):
    """Points of which some are near to some of x."""
    return (x[:1] + 2 * rng.standard_normal((3, *x.shape[1:]))).reshape(3, *x.shape[1:])


@witness(rbf_kernel, by="torch.cdist", x=some_points, z=other_points, length=lambda rng: rng.uniform(0.3, 3))
def test_rbf_kernel_of_distances(x, z, length):
    return torch.exp(-(torch.cdist(x, z) ** 2) / (2 * length**2))


@witness(rbf_kernel, by="sklearn.gaussian_process.kernels.RBF", x=some_points, z=other_points, length=lengths_of)
def test_rbf_kernel(x, z, length):
    return RBF(length.numpy())(x.numpy(), z.numpy())


@witness(
    rbf_kernel, x=lambda rng: rng.uniform(-2, 2, (5, *rng.integers(1, 4, rng.integers(3)))), z=near, length=lengths_of
)
def test_rbf_kernel_as_a_product_over_the_entries(x, z, length):
    factors = torch.exp(-((x[:, None] / length - z[None] / length) ** 2) / 2)
    return factors.reshape(5, 3, -1).prod(dim=2)


@derivative(rbf_kernel, x=some_points, z=other_points, length=lengths_of)
def with_a_matrix(x, z, length):
    precision = torch.diag(length**-2)
    return torch.exp(
        x @ precision @ z.T - torch.diag(x @ precision @ x.T)[:, None] / 2 - torch.diag(z @ precision @ z.T) / 2
    )


SKLEARN = "sklearn.gaussian_process.GaussianProcessRegressor"


@witness(gp_posterior, by=SKLEARN, **DATA, **NEW)
def test_gp_posterior(x, y, var, x_star):
    regressor = GaussianProcessRegressor(RBF(1.0), alpha=var, optimizer=None).fit(x.numpy(), y.numpy())
    return regressor.predict(x_star.numpy(), return_cov=True)


@witness(gp_posterior, **DATA, **NEW)
def test_gp_posterior_one_observation_after_another(K, K_star, K_test, y, var):
    mean, cov = torch.zeros(8), torch.cat([torch.cat([K, K_star], 1), torch.cat([K_star.T, K_test], 1)])
    for i, value in enumerate(y):
        gain = cov[:, i] / (cov[i, i] + var)
        mean, cov = mean + gain * (value - mean[i]), cov - torch.outer(gain, cov[i])
    return mean[5:], cov[5:, 5:]


@derivative(gp_posterior, **DATA, **NEW)
def with_an_inverse(K, K_star, K_test, y, var):
    inverse = torch.linalg.inv(K + var * torch.eye(len(y)))
    return K_star.T @ inverse @ y, K_test - K_star.T @ inverse @ K_star


@witness(log_marginal_likelihood, by=SKLEARN, **DATA)
def test_log_marginal_likelihood(x, y, var):
    regressor = GaussianProcessRegressor(RBF(1.0), alpha=var, optimizer=None)
    return regressor.fit(x.numpy(), y.numpy()).log_marginal_likelihood_value_


@witness(log_marginal_likelihood, by="torch.distributions.MultivariateNormal", **DATA)
def test_log_marginal_likelihood_as_a_density(K, y, var):
    return MultivariateNormal(torch.zeros(len(y)), K + var * torch.eye(len(y))).log_prob(y)


@derivative(log_marginal_likelihood, **DATA)
def by_determinant(K, y, var):
    A = K + var * torch.eye(len(y))
    return -(y @ torch.linalg.solve(A, y) + torch.logdet(A) + len(y) * np.log(2 * np.pi)) / 2


@witness(log_marginal_likelihood_gradient, by=SKLEARN, **DATA, dK=length_slope)
def test_log_marginal_likelihood_gradient(x, y, var):
    """Along the logarithm of the length, which is 1: the same slope."""
    regressor = GaussianProcessRegressor(RBF(1.0), alpha=var, optimizer=None).fit(x.numpy(), y.numpy())
    return regressor.log_marginal_likelihood(np.zeros(1), eval_gradient=True)[1][0]


@witness(log_marginal_likelihood_gradient, by="torch.distributions.MultivariateNormal", **DATA, dK=length_slope)
def test_log_marginal_likelihood_gradient_by_autograd(x, y, var):
    length = torch.ones((), requires_grad=True)
    K = torch.exp(-((x[:, None] - x) ** 2).sum(dim=2) / (2 * length**2))
    density = MultivariateNormal(torch.zeros(len(y)), K + var * torch.eye(len(y))).log_prob(y)
    return torch.autograd.grad(density, length)[0]


@derivative(log_marginal_likelihood_gradient, **DATA, dK=length_slope)
def with_inverses(K, y, var, dK):
    inverse = torch.linalg.inv(K + var * torch.eye(len(y)))
    return ((torch.outer(inverse @ y, inverse @ y) - inverse) * dK.T).sum() / 2


law = settings(
    derandomize=True, deadline=None, max_examples=50, database=None, suppress_health_check=[HealthCheck.too_slow]
)
seeds, lengths = st.integers(0, 10**6), st.floats(0.2, 2)


@law
@given(seeds, lengths)
def test_a_kernel_is_symmetric_and_has_no_negative_eigenvalue(seed, length):
    x = np.random.default_rng(seed).uniform(-2, 2, (6, 2))
    K = rbf_kernel(x, x, length)
    assert np.array_equal(K, K.T)
    assert np.diag(K).tolist() == [1] * 6
    assert np.linalg.eigvalsh(K).min() > -1e-12
    assert rbf_kernel(3 * x, 3 * x, 3 * length) == pytest.approx(K, rel=1e-9)


@law
@given(seeds, lengths, st.floats(0.01, 1))
def test_observing_never_makes_a_prediction_less_certain(seed, length, var):
    rng = np.random.default_rng(seed)
    x, new, y = rng.uniform(-2, 2, (6, 1)), rng.uniform(-3, 3, (4, 1)), rng.standard_normal(6)

    def deviation(n):
        arguments = rbf_kernel(x[:n], x[:n], length), rbf_kernel(x[:n], new, length), rbf_kernel(new, new, length)
        return np.diag(gp_posterior(*arguments, y[:n], var)[1])

    assert (deviation(6) <= deviation(3) + 1e-12).all()
    assert (deviation(3) <= 1).all()
    assert (deviation(6) > -1e-12).all()


def test_without_noise_the_mean_goes_through_the_values_and_nothing_is_uncertain_there():
    x, y = np.array([[0.0], [1.0], [3.0]]), np.array([1.0, -2.0, 0.5])
    K = rbf_kernel(x, x, 1.0)
    mu, cov = gp_posterior(K, K, K, y, 0.0)
    assert mu == pytest.approx(y, rel=1e-12)
    assert cov == pytest.approx(0, abs=1e-12)


def refused(K, var):
    """All three refuse a kernel that is singular, so that none of them answers with what rounding makes of it."""
    y = np.sin(np.arange(len(K)))
    for formula in (
        lambda: gp_posterior(K, K, K, y, var),
        lambda: log_marginal_likelihood(K, y, var),
        lambda: log_marginal_likelihood_gradient(K, y, var, np.eye(len(K))),
    ):
        with pytest.raises(np.linalg.LinAlgError, match="not positive definite"):
            formula()


def test_the_same_point_twice_has_no_density_without_noise():
    refused(np.ones((2, 2)), 0.0)


def test_points_close_together_have_no_density_without_noise():
    x = np.linspace(0, 1, 20)
    refused(rbf_kernel(x, x, 1.0), 0.0)


def test_a_noise_of_negative_variance_is_refused():
    K = kernel(np.arange(3.0))
    others = {gp_posterior: {"K_star": K, "K_test": K}, log_marginal_likelihood_gradient: {"dK": K}}
    for formula in (gp_posterior, log_marginal_likelihood, log_marginal_likelihood_gradient):
        with pytest.raises(ValueError, match=r"^var: expected a number of at least 0, got -0\.01$"):
            formula(K=K, y=np.ones(3), var=-0.01, **others.get(formula, {}))


def test_points_that_are_numbers_are_columns_of_one():
    rng = np.random.default_rng(0)
    x, z = rng.uniform(-2, 2, 6), rng.uniform(-2, 2, 4)
    assert np.array_equal(rbf_kernel(x, z, 0.7), rbf_kernel(x[:, None], z[:, None], 0.7))
    with pytest.raises(ValueError, match=r"^length: expected a number above 0, got 0"):
        rbf_kernel(x, z, 0.0)

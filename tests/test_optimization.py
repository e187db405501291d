import numpy as np
import pytest
import torch
import torch.nn.functional as F

from snippets.optimization import condition_number, linear_model, linear_model_gradient
from tests.witness import witness


def positive_definite(rng, scale):
    """A symmetric matrix with known eigenvalues from 1 to 1000, in a random basis."""
    basis, _ = np.linalg.qr(rng.standard_normal((4, 4)))
    return scale * (basis * np.sort(10.0 ** rng.uniform(0, 3, 4))) @ basis.T


def correlated(rng, scale):
    """Hessian of two standardized features with correlation rho."""
    rho = rng.uniform(-0.99, 0.99)
    return scale * np.array([[1, rho], [rho, 1]])


@witness(linear_model)
def test_linear_model(x, y_hat, w, b):
    y = F.linear(x, w[None])[:, 0] + b
    return y, F.mse_loss(y, y_hat, reduction="none"), F.mse_loss(y, y_hat, reduction="sum")


@witness(linear_model_gradient)
def test_linear_model_gradient(x, y_hat, w, b):
    return torch.autograd.functional.jacobian(
        lambda w, b: F.mse_loss(x @ w + b, y_hat, reduction="sum"), (w, torch.as_tensor(b)), create_graph=True
    )


@witness(condition_number, H=positive_definite)
def test_condition_number(H):
    return torch.linalg.cond(H)


@witness(condition_number, H=correlated)
def test_condition_number_of_two_correlated_features(H):
    return (H[0, 0] + abs(H[0, 1])) / (H[0, 0] - abs(H[0, 1]))


@pytest.mark.parametrize("eigenvalues", [(2.0, -1.0), (2.0, 0.0)])
def test_a_matrix_that_is_not_positive_definite_has_no_condition_number_here(eigenvalues):
    message = rf"^H: expected a positive definite matrix, its smallest eigenvalue is {eigenvalues[1]}$"
    with pytest.raises(ValueError, match=message):
        condition_number(np.diag(eigenvalues))

import numpy as np
import torch
import torch.nn.functional as F

from snippets.residual import (
    projection_block,
    residual_backward,
    residual_block,
    residual_jacobian,
    residual_paths,
    residual_variance,
)
from yansuan.proof.witness import derivative, no_derivative, witness


def normal(*shape):
    return lambda rng, scale: scale * rng.standard_normal(shape)


def unit(*shape):
    return lambda rng: rng.standard_normal(shape)


BLOCK = {"x": normal(3), "W_1": unit(5, 3), "W_2": unit(3, 5)}


@witness(residual_block, **BLOCK)
def test_residual_block(x, W_1, W_2):
    return torch.addmv(x, W_2, F.relu(F.linear(x, W_1)))


@witness(residual_block, **BLOCK)
def test_residual_block_unit_by_unit(x, W_1, W_2):
    return x + sum(max(W_1[k] @ x, 0) * W_2[:, k] for k in range(5))


@witness(projection_block, **BLOCK | {"W_2": unit(4, 5)}, W_s=unit(4, 3))
def test_projection_block(x, W_1, W_2, W_s):
    return F.linear(F.relu(F.linear(x, W_1)), W_2) + F.linear(x, W_s)


@witness(projection_block, **BLOCK, W_s=lambda: np.eye(3))
def test_projection_block_with_the_identity_is_the_residual_block(x, W_1, W_2):
    return torch.addmv(x, W_2, F.relu(F.linear(x, W_1)))


@witness(residual_jacobian, **BLOCK)
def test_residual_jacobian(x, W_1, W_2):
    return torch.autograd.functional.jacobian(lambda x: x + F.linear(F.relu(F.linear(x, W_1)), W_2), x)


no_derivative(residual_jacobian, "with ReLU the Jacobian is constant between kinks: its slope along x is 0")


@witness(residual_backward, **BLOCK, dy=unit(3))
def test_residual_backward(dy, x, W_1, W_2):
    return torch.autograd.functional.vjp(
        lambda x, W_1, W_2: x + F.linear(F.relu(F.linear(x, W_1)), W_2), (x, W_1, W_2), dy, create_graph=True
    )[1]


@witness(residual_paths, A=unit(3, 3), B=unit(3, 3))
def test_residual_paths(A, B):
    def both(x):
        y = x + F.linear(x, A)
        return y + F.linear(y, B)

    return torch.autograd.functional.jacobian(both, torch.zeros(3), create_graph=True)


@derivative(residual_paths, A=unit(3, 3), B=unit(3, 3))
def four_paths(A, B):
    return torch.eye(3) + A + B + B @ A


GROWTH = {"alpha": lambda rng: rng.uniform(0.1, 2), "L": lambda rng: int(rng.integers(1, 20))}


@witness(residual_variance, **GROWTH)
def test_residual_variance(v, alpha, L):
    for _ in range(L):
        v = v + alpha**2 * v
    return torch.as_tensor(v)


@witness(residual_variance, **GROWTH)
def test_residual_variance_by_logarithms(v, alpha, L):
    return v * torch.exp(L * torch.log1p(torch.as_tensor(alpha) ** 2))


def test_a_unit_exactly_at_0_is_not_active():
    x, W_1, W_2 = np.array([1.0, 1.0]), np.array([[1.0, -1.0]]), np.ones((2, 1))
    assert np.array_equal(residual_jacobian(x, W_1, W_2), np.eye(2))
    assert np.array_equal(residual_backward(np.ones(2), x, W_1, W_2)[0], np.ones(2))

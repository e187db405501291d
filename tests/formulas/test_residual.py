import numpy as np
import pytest
import torch
import torch.nn.functional as F

from snippets.batch_norm import batch_norm_train
from snippets.residual import (
    pre_activation_block,
    projection_block,
    residual_backward,
    residual_block,
    residual_block_2015,
    residual_jacobian,
    residual_paths,
    residual_variance,
)
from yansuan.proof.witness import derivative, no_derivative, witness


def unit(*shape):
    return lambda rng: rng.standard_normal(shape)


def weights(rng, x, rows, columns):
    return rng.standard_normal([n or x.shape[-1] for n in (rows, columns)])


BLOCK = {"W_1": lambda rng, x: weights(rng, x, 5, None), "W_2": lambda rng, x: weights(rng, x, None, 5)}


@witness(residual_block, **BLOCK)
def test_residual_block(x, W_1, W_2):
    return x + F.linear(F.relu(F.linear(x, W_1)), W_2)


@witness(residual_block, **BLOCK)
def test_residual_block_unit_by_unit(x, W_1, W_2):
    return x + sum(torch.clamp(x @ W_1[k], min=0)[..., None] * W_2[:, k] for k in range(5))


@witness(residual_block_2015, **BLOCK)
def test_residual_block_2015(x, W_1, W_2):
    return F.relu(x + F.linear(F.relu(F.linear(x, W_1)), W_2))


@witness(residual_block_2015, **BLOCK)
def test_residual_block_2015_unit_by_unit(x, W_1, W_2):
    y = x + sum(torch.clamp(x @ W_1[k], min=0)[..., None] * W_2[:, k] for k in range(5))
    return (y + torch.abs(y)) / 2


BATCH = {"x": lambda rng: rng.standard_normal((6, 3)), "g": unit(3), "b": unit(3), "G": unit(5), "B": unit(5)}


@witness(
    pre_activation_block,
    **BATCH | BLOCK,
    norm_1=lambda g, b: lambda z: batch_norm_train(z, g, b),
    norm_2=lambda G, B: lambda z: batch_norm_train(z, G, B),
    by="torch.nn.functional.batch_norm",
)
def test_pre_activation_block(x, W_1, W_2, g, b, G, B):
    h = F.linear(F.relu(F.batch_norm(x, None, None, g, b, training=True)), W_1)
    return x + F.linear(F.relu(F.batch_norm(h, None, None, G, B, training=True)), W_2)


no_derivative(pre_activation_block, "its normalizations are functions: theirs is judged with batch_norm_train")


@witness(projection_block, **BLOCK | {"W_2": unit(4, 5)}, W_s=lambda rng, x: weights(rng, x, 4, None))
def test_projection_block(x, W_1, W_2, W_s):
    return F.linear(F.relu(F.linear(x, W_1)), W_2) + F.linear(x, W_s)


@witness(projection_block, **BLOCK, W_s=lambda x: np.eye(x.shape[-1]))
def test_projection_block_with_the_identity_is_the_residual_block(x, W_1, W_2):
    return x + F.linear(F.relu(F.linear(x, W_1)), W_2)


def by_vmap(function, x):
    """A function of vectors, of each vector of a batch."""
    for _ in range(x.ndim - 1):
        function = torch.func.vmap(function)
    return function(x)


@witness(residual_jacobian, by="torch.func.jacrev", **BLOCK)
def test_residual_jacobian(x, W_1, W_2):
    return by_vmap(torch.func.jacrev(lambda x: x + F.linear(F.relu(F.linear(x, W_1)), W_2)), x)


no_derivative(residual_jacobian, "with ReLU the Jacobian is constant between kinks: its slope along x is 0")


@witness(residual_backward, **BLOCK, dy=lambda rng, x: rng.standard_normal(x.shape))
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


def test_the_variance_law_is_of_the_block_without_a_relu_after_the_addition():
    growth = {residual_block: [], residual_block_2015: []}
    for seed in range(10):
        rng = np.random.default_rng(seed)
        W_1 = np.sqrt(2 / 100) * rng.standard_normal((10, 100, 100))
        W_2 = np.sqrt(1 / 100) * rng.standard_normal((10, 100, 100))
        start = rng.standard_normal((16, 100))
        for block, found in growth.items():
            x = start
            for first, second in zip(W_1, W_2, strict=True):
                x = block(x, first, second)
            found.append(np.mean(x**2))
    assert np.mean(growth[residual_block]) == pytest.approx(residual_variance(1.0, 1.0, 10), rel=0.2)
    assert 100 < np.mean(growth[residual_block_2015]) < 200

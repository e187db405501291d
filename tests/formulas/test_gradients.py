"""The derivative of some formulas, beyond what the rules ask of each: published ways to differentiate them wrongly."""

import numpy as np
import pytest
import torch

from snippets.batch_norm import batch_norm_train
from snippets.feature_scaling import standardize
from snippets.optimization import condition_number, linear_model, linear_model_gradient
from yansuan.proof.derivative import RTOL, SEEDS, autograd, in_torch, point, slope, worst
from yansuan.proof.witness import as_tensor, relative_error


def frozen_statistics(z, gamma, beta, eps):
    """Batch normalization differentiated as if the statistics were constants."""
    return frozen(z, z.detach().mean(0), z.detach().var(0, correction=0), gamma, beta, eps)


def frozen_mean(z, gamma, beta, eps):
    """The variance moves with z, and the mean does not."""
    return frozen(z, z.detach().mean(0), z.var(0, correction=0), gamma, beta, eps)


def frozen_variance(z, gamma, beta, eps):
    return frozen(z, z.mean(0), z.detach().var(0, correction=0), gamma, beta, eps)


def frozen(z, mu, var, gamma, beta, eps):
    return gamma * (z - mu) / torch.sqrt(var + eps) + beta


@pytest.mark.parametrize("wrong", [frozen_statistics, frozen_mean, frozen_variance])
def test_a_gradient_that_does_not_go_through_the_statistics_is_noticed(wrong):
    name = "batch_norm.batch_norm_train"
    arguments = point(name, 0)
    value = wrong(**{n: as_tensor(v) for n, v in arguments.items()})
    assert relative_error(batch_norm_train(**arguments), value) < 1e-9, "the value is right: only the slope can tell"
    assert worst(name, oracle=wrong) > 1e3 * RTOL


@pytest.mark.parametrize("seed", SEEDS)
def test_the_gradient_of_the_linear_model_is_the_slope_of_its_loss(seed):
    arguments = point("optimization.linear_model", seed)
    x, y_hat, w, b = arguments.values()
    dw, db = linear_model_gradient(**arguments)

    def loss(w, b):
        return linear_model(x, y_hat, w, b)[2]

    at = {"w": w, "b": b}
    for i, unit in enumerate(np.eye(len(w))):
        assert slope(loss, at, {"w": unit}) == pytest.approx(dw[i], rel=RTOL)
        assert slope(loss, at, {"w": unit}) != pytest.approx(dw[i] / 2, rel=RTOL), "the lost factor 2 is noticed"
    assert slope(loss, at, {"b": 1.0}) == pytest.approx(db, rel=RTOL)


def test_a_constant_feature_has_a_slope_in_batch_normalization_thanks_to_epsilon():
    arguments = {"z": np.array([[1.0, 2.0], [1.0, 3.0], [1.0, 7.0]]), "gamma": np.ones(2), "beta": np.zeros(2)}
    direction = {"z": np.array([[1.0, 1.0], [0.0, 0.0], [-1.0, 2.0]])}
    arguments["eps"] = 1e-2
    want = autograd(in_torch("batch_norm.batch_norm_train")[0].function, arguments, direction)
    assert relative_error(slope(batch_norm_train, arguments, direction), want) <= RTOL
    assert np.allclose(want[:, 0], [10, 0, -10], rtol=RTOL)  # dz / sqrt(eps)


def test_where_there_is_no_slope_the_formula_jumps_or_has_a_kink():
    rows = np.arange(3.0)[:, None]
    assert np.ptp(standardize(1 + 1e-3 * rows)) > 2  # a constant feature gives 0; one that is almost constant does not
    assert not standardize(1 + 0 * rows).any()
    round_bowl, tilt = np.eye(2), np.diag([1.0, -1.0])  # two equal eigenvalues: a step either way makes κ larger
    assert condition_number(round_bowl + 1e-3 * tilt) == pytest.approx(1.002002, rel=1e-6)
    assert condition_number(round_bowl - 1e-3 * tilt) == pytest.approx(1.002002, rel=1e-6)

"""The derivative of every formula: finite differences of the function against autograd of something in torch.

A formula may be right in value and be differentiated wrongly on paper; here its slope is measured. Along one random
direction in all its float arguments at once, the four-point central difference of the NumPy function must equal the
Jacobian-vector product of a torch function. The settings eps, p and m are held fixed.
"""

import functools
import importlib
import inspect
from collections import defaultdict

import numpy as np
import pytest
import torch

from snippets.batch_norm import batch_norm_train
from snippets.feature_scaling import standardize
from snippets.optimization import condition_number, linear_model, linear_model_gradient
from yansuan.proof.draw import REGIMES, draw, feature_axis
from yansuan.proof.rules import FORMULAS, must
from yansuan.proof.witness import (
    DERIVATIVES,
    NO_DERIVATIVE,
    as_tensor,
    float64_by_default,
    relative_error,
    shapes_of,
    witnesses,
)

SEEDS = range(6)
STEP = 1e-5  # relative to the size of each argument
RTOL = 1e-6
SETTINGS = {"eps", "p"}  # and whole numbers and functions: nothing is differentiated by them


def snippet_of(name):
    family, _, function = name.partition(".")
    return getattr(importlib.import_module(f"snippets.{family}"), function)


WHY_NOT = defaultdict(list)  # formula: why no witness serves autograd


@functools.cache
def in_torch(name):
    """(the formula in torch, how special arguments are drawn): `@derivative`, or the first witness fit for autograd."""
    known = witnesses(name)
    if name in DERIVATIVES or name in NO_DERIVATIVE:
        return DERIVATIVES.get(name)
    for w in known:
        arguments, taken = moving(drawn(name, 0, w.given)), inspect.signature(w.oracle).parameters
        if missing := arguments - taken.keys():
            WHY_NOT[name].append(f"{w.oracle.__name__} does not take {', '.join(sorted(missing))}")
        if arguments and arguments <= taken.keys() <= w.shapes.keys():
            try:
                value = autograd(w.oracle, (at := drawn(name, 0, w.given)), direction_at(at, 0))
            except (TypeError, AttributeError, RuntimeError, UserWarning) as error:
                # it goes through NumPy, or stops the gradient
                WHY_NOT[name].append(f"{w.oracle.__name__}: {str(error).splitlines()[0]}")
                continue
            if any(np.any(np.asarray(v)) for v in (value if isinstance(value, tuple) else (value,))):
                return w.oracle, w.given
    return None


def moving(arguments):
    """The arguments that a formula is differentiated by."""
    return {n for n, v in arguments.items() if not callable(v) and not is_setting(n, np.asarray(v))}


def is_setting(name, value):
    return (name in SETTINGS and value.ndim == 0) or not np.issubdtype(value.dtype, np.floating)


def drawn(name, seed, given):
    """Arguments of the ordinary regime, without the constant feature: some formulas have a kink there."""
    rng = np.random.default_rng([seed, *name.encode()])
    values = draw(rng, shapes := shapes_of(name), given, *REGIMES["ordinary"])
    for n in shapes:
        if n not in given and np.ndim(values[n]) > 1:
            others = tuple(i for i in range(np.ndim(values[n])) if i != feature_axis(np.ndim(values[n])))
            constant = np.ptp(values[n], axis=others, keepdims=True) == 0
            values[n] = np.where(constant, rng.standard_normal(values[n].shape), values[n])
    return {n: values[n] for n in shapes}


def point(name, seed):
    return drawn(name, seed, in_torch(name)[1])


def direction_at(arguments, seed):
    """A random direction in every float argument, of each entry's own size; symmetric where the argument is."""
    rng, direction = np.random.default_rng([seed, 7]), {}
    for n in sorted(moving(arguments)):
        value = np.asarray(arguments[n])
        u = rng.standard_normal(value.shape) * (np.abs(value) + np.abs(np.atleast_1d(value)).mean(axis=0))
        symmetric = value.ndim == 2 and value.shape[0] == value.shape[1] and np.allclose(value, value.T, rtol=1e-12)
        direction[n] = (u + u.T) / 2 if symmetric else u
    return direction


def combine(weights, results):
    """A weighted sum of results, each an array or a tuple of arrays."""
    if isinstance(results[0], tuple):
        return tuple(combine(weights, parts) for parts in zip(*results, strict=True))
    return sum(c * np.asarray(r) for c, r in zip(weights, results, strict=True))


def slope(function, arguments, direction, step=STEP):
    """Derivative of a NumPy function along a direction: central differences at two steps, their h² error removed."""
    at = [
        function(**arguments | {n: arguments[n] + t * step * u for n, u in direction.items()}) for t in (-2, -1, 1, 2)
    ]
    return combine(np.array([1, -8, 8, -1]) / (12 * step), at)


def autograd(function, arguments, direction):
    """The same from torch: its Jacobian-vector product."""
    names = list(direction)

    def of_those(*tensors):
        values = given | dict(zip(names, tensors, strict=True))
        return function(**{n: values[n] for n in inspect.signature(function).parameters})

    with float64_by_default():
        given = {n: as_tensor(v) for n, v in arguments.items()}
        inputs = tuple(torch.as_tensor(given[n]) for n in names)
        tangents = tuple(torch.as_tensor(direction[n]) for n in names)
        _, product = torch.autograd.functional.jvp(of_those, inputs, tangents)
    return product


def worst(name, snippet=None, oracle=None, without=()):
    """The largest relative error of the slope over all seeds; `without` hides arguments' directions from torch."""
    error = 0.0
    for seed in SEEDS:
        arguments = point(name, seed)
        direction = direction_at(arguments, seed)
        hidden = {n: np.zeros_like(u) if n in without else u for n, u in direction.items()}
        want = autograd(oracle or in_torch(name)[0], arguments, hidden)
        error = max(error, relative_error(slope(snippet or snippet_of(name), arguments, direction), want))
    return error


DIFFERENTIATED = [name for name in FORMULAS if in_torch(name)]
every_derivative = pytest.mark.parametrize("name", DIFFERENTIATED)


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
def test_every_formula_has_its_derivative_tested_or_none(formula):
    must(
        (formula.id in DIFFERENTIATED) != (formula.id in NO_DERIVATIVE),
        f"{formula.module.path}:{formula.line}: {formula.node.name}: no witness that autograd can follow takes all of its "
        f"arguments ({'; '.join(WHY_NOT[formula.id])}): in tests/formulas/test_{formula.module.path.stem}.py write the function in torch under "
        f"@derivative({formula.node.name}), or say no_derivative({formula.node.name}, 'why')",
    )


@every_derivative
def test_the_slope_is_autograds(name):
    error = worst(name)
    assert error <= RTOL, f"{name}: finite differences and autograd differ: relative error {error:.1e}"


@every_derivative
def test_a_slope_wrong_by_a_factor_is_noticed(name):
    def larger(**arguments):
        results = snippet_of(name)(**arguments)
        return tuple(r * (1 + 1e-5) for r in results) if isinstance(results, tuple) else results * (1 + 1e-5)

    assert worst(name, snippet=larger) > RTOL


@pytest.mark.parametrize(
    ("name", "argument"),
    [(name, p) for name in DIFFERENTIATED for p in sorted(moving(point(name, 0)))],
)
def test_a_derivative_left_out_is_noticed(name, argument):
    assert worst(name, without={argument}) > 1e3 * RTOL


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
    want = autograd(in_torch("batch_norm.batch_norm_train")[0], arguments, direction)
    assert relative_error(slope(batch_norm_train, arguments, direction), want) <= RTOL
    assert np.allclose(want[:, 0], [10, 0, -10], rtol=RTOL)  # dz / sqrt(eps)


def test_where_there_is_no_slope_the_formula_jumps_or_has_a_kink():
    rows = np.arange(3.0)[:, None]
    assert np.ptp(standardize(1 + 1e-3 * rows)) > 2  # a constant feature gives 0; one that is almost constant does not
    assert not standardize(1 + 0 * rows).any()
    round_bowl, tilt = np.eye(2), np.diag([1.0, -1.0])  # two equal eigenvalues: a step either way makes κ larger
    assert condition_number(round_bowl + 1e-3 * tilt) == pytest.approx(1.002002, rel=1e-6)
    assert condition_number(round_bowl - 1e-3 * tilt) == pytest.approx(1.002002, rel=1e-6)

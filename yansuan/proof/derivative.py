"""The derivative of a formula: finite differences of the function against autograd of something in torch.

A formula may be right in value and be differentiated wrongly on paper; here its slope is measured. Along one random
direction in all its float arguments at once, the four-point central difference of the NumPy function must equal the
Jacobian-vector product of a torch function. The settings eps and p, whole numbers and functions are held fixed.
"""

import functools
import inspect
import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from yansuan.proof.draw import draw, feature_axis, generator
from yansuan.proof.witness import (
    REGISTRY,
    Function,
    Given,
    as_tensor,
    float64_by_default,
    imported,
    relative_error,
    rows_of,
    witnesses,
)

SEEDS = range(6)
STEPS = (1e-5, 1e-6)  # relative to the size of each argument; a large one may meet a kink or a bend, a small one has
# fewer digits: the one that comes nearer counts, and to a wrong slope none comes near
RTOL = 1e-6
SETTINGS = {"eps", "p"}  # nothing is differentiated by them

Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class InTorch:
    """A formula in torch, for autograd, and how special arguments are drawn."""

    function: Function
    given: Given


@functools.cache
def in_torch(name: str) -> tuple[InTorch | None, tuple[str, ...]]:
    """`@derivative`, or the first witness that autograd can follow; and why other witnesses are not it."""
    known = witnesses(name)  # they come with the module that has the derivatives
    if name in REGISTRY.derivatives:
        return InTorch(*REGISTRY.derivatives[name]), ()
    if name in REGISTRY.no_derivative:
        return None, ()
    why_not = []
    for w in known:
        at = drawn(name, 0, w.given)
        arguments, taken = moving(at), inspect.signature(w.oracle).parameters
        if missing := arguments - taken.keys():
            why_not.append(f"{w.oracle.__name__} does not take {', '.join(sorted(missing))}")
        elif arguments and taken.keys() <= w.rows.keys():
            if not (why := _cannot_follow(w.oracle, at)):
                return InTorch(w.oracle, w.given), ()
            why_not.append(f"{w.oracle.__name__}: {why}")
    return None, tuple(why_not)


def _cannot_follow(oracle: Function, at: Arguments) -> str | None:
    """Why autograd cannot follow a witness: it goes through NumPy, or stops the gradient."""
    try:
        with warnings.catch_warnings(action="error"):
            value = autograd(oracle, at, direction_at(at, 0))
    except (TypeError, AttributeError, RuntimeError, Warning) as error:
        return str(error).splitlines()[0]
    parts = value if isinstance(value, tuple) else (value,)
    return None if any(np.any(np.asarray(part)) for part in parts) else "its slope is 0 everywhere"


def moving(arguments: Arguments) -> set[str]:
    """The arguments that a formula is differentiated by."""
    return {n for n, v in arguments.items() if not callable(v) and not _is_setting(n, np.asarray(v))}


def _is_setting(name: str, value: np.ndarray) -> bool:
    return (name in SETTINGS and value.ndim == 0) or not np.issubdtype(value.dtype, np.floating)


def drawn(name: str, seed: int, given: Given) -> Arguments:
    """Arguments of the ordinary regime, without the constant feature: some formulas have a kink there."""
    rng = generator(name, seed)
    values = draw(rng, rows := rows_of(name), given)
    for n in rows:
        if n in values and n not in given and np.ndim(values[n]) > 1 and not _is_setting(n, values[n]):
            others = tuple(i for i in range(np.ndim(values[n])) if i != feature_axis(np.ndim(values[n])))
            constant = np.ptp(values[n], axis=others, keepdims=True) == 0
            values[n] = np.where(constant, rng.standard_normal(values[n].shape), values[n])
    return {n: values[n] for n in rows if n in values}


def point(name: str, seed: int) -> Arguments:
    """Where a formula that has a derivative is differentiated."""
    torch_one, _ = in_torch(name)
    assert torch_one, f"{name} has nothing in torch to compare its slope with"
    return drawn(name, seed, torch_one.given)


def direction_at(arguments: Arguments, seed: int) -> Arguments:
    """A random direction in every float argument, of each entry's own size; symmetric where the argument is."""
    rng, direction = generator("", seed, 7), {}
    for n in sorted(moving(arguments)):
        value = np.asarray(arguments[n])
        u = rng.standard_normal(value.shape) * (np.abs(value) + np.abs(np.atleast_1d(value)).mean(axis=0))
        symmetric = value.ndim == 2 and value.shape[0] == value.shape[1] and np.allclose(value, value.T, rtol=1e-12)
        direction[n] = (u + u.T) / 2 if symmetric else u
    return direction


def combine(weights: np.ndarray, results: Sequence[Any]) -> Any:
    """A weighted sum of results, each an array or a tuple of arrays."""
    if isinstance(results[0], tuple):
        return tuple(combine(weights, parts) for parts in zip(*results, strict=True))
    return sum(c * np.asarray(r) for c, r in zip(weights, results, strict=True))


def slope(function: Function, arguments: Arguments, direction: Arguments, step: float = STEPS[0]) -> Any:
    """Derivative of a NumPy function along a direction: central differences at two steps, their h² error removed."""

    def at(t: int) -> Any:
        return function(**{**arguments, **{n: arguments[n] + t * step * u for n, u in direction.items()}})

    return combine(np.array([1, -8, 8, -1]) / (12 * step), [at(t) for t in (-2, -1, 1, 2)])


def autograd(function: Function, arguments: Arguments, direction: Arguments) -> Any:
    """The same from torch: its Jacobian-vector product."""
    names = list(direction)

    def of_those(*tensors: torch.Tensor) -> Any:
        values = given | dict(zip(names, tensors, strict=True))
        return function(**{n: values[n] for n in inspect.signature(function).parameters})

    with float64_by_default():
        given = {n: as_tensor(v) for n, v in arguments.items()}
        inputs = tuple(torch.as_tensor(given[n]) for n in names)
        tangents = tuple(torch.as_tensor(direction[n]) for n in names)
        _, product = torch.autograd.functional.jvp(of_those, inputs, tangents)
    return product


def worst(
    name: str, snippet: Function | None = None, oracle: Function | None = None, without: Collection[str] = ()
) -> float:
    """The largest relative error of the slope over all seeds; `without` hides arguments' directions from torch."""
    error = 0.0
    for seed in SEEDS:
        arguments = point(name, seed)
        direction = direction_at(arguments, seed)
        hidden = {n: np.zeros_like(u) if n in without else u for n, u in direction.items()}
        other = oracle or in_torch(name)[0].function  # type: ignore[union-attr]  # `point` has seen it
        want = autograd(other, arguments, hidden)
        got = (slope(snippet or imported(name), arguments, direction, step) for step in STEPS)
        error = max(error, min(relative_error(one, want) for one in got))
    return error


def larger(name: str, factor: float = 1 + 1e-5) -> Function:
    """The function with a slope that is wrong by a factor."""

    def scaled(**arguments: Any) -> Any:
        results = imported(name)(**arguments)
        return tuple(r * factor for r in results) if isinstance(results, tuple) else results * factor

    return scaled

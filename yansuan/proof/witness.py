"""`@witness(snippet)`: the decorated function, written with something independent, must give the same answer.

    @witness(batch_variance)
    def test_batch_variance(z):
        return torch.var(z, dim=0, correction=0)

Arguments are drawn from the shapes in the snippet's docstring: float64, read-only, sizes that differ and change,
features of unequal scale, one feature constant, in four regimes; text is never drawn. Keywords of `@witness` override
or add: a callable computes an argument from others of its parameters' names (or from `rng`), a string such as "(m, d)"
draws one more array. The witness gets arrays as tensors and names the arguments it wants. What it computes is printed
on the card. A witness in torch that takes every argument also judges the derivative (tests/test_gradients.py); where
there is none, `@derivative(snippet)` decorates one that autograd can follow, or `no_derivative(snippet, "why")` says
why not.
"""

import ast
import functools
import importlib
import inspect
import textwrap
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from yansuan.base.errors import shown
from yansuan.base.settings import settings
from yansuan.formula.formula import load, modules
from yansuan.proof.draw import REGIMES, draw, feature_axis

DRAWS = 8  # inputs per regime
RTOL = 1e-9


@dataclass
class Witness:
    formula: str
    claim: str
    check: object  # () -> None, and CHECKED has an entry more
    oracle: object
    shapes: dict  # of the snippet's arguments
    given: dict  # how arguments are computed that are not simply drawn


REGISTERED = []  # every witness there is, by import
DERIVATIVES = {}  # formula: (the same in torch, given) where no witness serves autograd
NO_DERIVATIVE = {}  # formula: why it has none
CHECKED = []  # (formula, report entry) of every witness that agreed in this run
WILD = []  # for the report: published bugs, and the witness that noticed each


def witness(snippet, rtol=RTOL, **given):
    """Make the decorated function a test that compares it with the snippet on random inputs."""
    name = name_of(snippet)
    shapes = shapes_of(name)

    def decorate(oracle):
        claim = claim_of(oracle)

        def test():
            worst, inputs = 0.0, 0
            for regime, (scale, offset) in REGIMES.items():
                for seed in range(DRAWS):
                    values = draw(np.random.default_rng([seed, *name.encode()]), shapes, given, scale, offset)
                    try:
                        got = snippet(**{n: values[n] for n in shapes})
                    except ValueError as refusal:
                        if "read-only" in str(refusal):  # it writes into its argument
                            raise
                        cure = f"say how it is drawn: @witness({snippet.__name__}, name=lambda rng: …)"
                        raise AssertionError(f"{where(name)}: refuses what was drawn: {refusal}: {cure}") from refusal
                    with float64_by_default():
                        want = oracle(**{n: as_tensor(values[n]) for n in inspect.signature(oracle).parameters})
                    if why := other_type(got, want):
                        raise AssertionError(f"{where(name)}: gives {why}: return float64, as the witness does")
                    error = relative_error(got, want)
                    if error > rtol:
                        its = f"its witness, {shown(inspect.getsourcefile(oracle))}:{oracle.__code__.co_firstlineno}"
                        found = f"{brief(got)} and {brief(want)}, relative error {error:.1e} ({regime}, seed {seed})"
                        raise AssertionError(f"{where(name)}: not what {its}, computes: {found}: mend one of the two")
                    worst, inputs = max(worst, error), inputs + 1
            CHECKED.append((name, {"claim": claim, "inputs": inputs, "max_rel_error": worst, "rtol": rtol}))

        REGISTERED.append(Witness(name, claim, test, oracle, shapes, given))
        test.__module__, test.__doc__ = oracle.__module__, f"{name} = {claim}"
        return test

    return decorate


def derivative(snippet, **given):
    """The decorated function is the snippet in torch, for autograd to differentiate."""

    def decorate(function):
        DERIVATIVES[name_of(snippet)] = (function, given)
        return function

    return decorate


def no_derivative(snippet, why):
    NO_DERIVATIVE[name_of(snippet)] = why


def where(name):
    formula = load(settings().snippets, name)
    return f"{shown(formula.module.path)}:{formula.line}: {formula.node.name}"


def brief(value):
    text = " ".join(str(value.detach().numpy() if isinstance(value, torch.Tensor) else value).split())
    return text if len(text) <= 60 else f"{text[:57]}…"


def name_of(snippet):
    return f"{snippet.__module__.rpartition('.')[2]}.{snippet.__name__}"


def function(formula):
    """The function itself, imported."""
    return getattr(importlib.import_module(f"{settings().package}.{formula.module.path.stem}"), formula.node.name)


def shapes_of(name):
    """{argument: shape} of a formula, as its docstring declares them; a text has no size."""
    formula = load(settings().snippets, name)
    arguments = {a.arg for a in (*formula.node.args.args, *formula.node.args.kwonlyargs)}
    return {s.name: s.shape.replace("(text)", "()") for s in formula.symbols if s.name in arguments}


@functools.cache
def families():
    """Import every family's tests, so that REGISTERED and DERIVATIVES are complete."""
    project = settings()
    for path in modules(project.snippets):
        if Path(project.tests, f"test_{path.stem}.py").is_file():
            importlib.import_module(f"{project.tests_package}.test_{path.stem}")


def witnesses(name):
    """The witnesses of one formula, in the order of its family's tests."""
    family = f"test_{name.partition('.')[0]}"
    if Path(settings().tests, f"{family}.py").is_file():
        importlib.import_module(f"{settings().tests_package}.{family}")
    return [w for w in REGISTERED if w.formula == name]


@contextmanager
def float64_by_default():
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def claim_of(oracle):
    """What the witness computes, as text: a line for each statement, its docstring aside, and what it returns."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(oracle)))
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    said = function.body[1:] if ast.get_docstring(function) else function.body
    return "\n".join(ast.unparse(node.value if isinstance(node, ast.Return) and node.value else node) for node in said)


def as_tensor(value):
    if isinstance(value, list):
        return [as_tensor(v) for v in value]
    return torch.tensor(value) if isinstance(value, np.ndarray) else value


def other_type(got, want):
    """How the type of an answer differs from float64, where numbers are wanted; None if it does not."""
    if isinstance(want, tuple) and isinstance(got, tuple):
        return next((why for g, w in zip(got, want, strict=False) if (why := other_type(g, w))), None)
    if isinstance(want, str | list | dict | tuple) or isinstance(got, str | list | dict | tuple):
        return None
    given = np.asarray(got)
    if given.dtype == np.float64:
        return None
    name = (
        f"an array of {given.dtype}"
        if given.ndim
        else f"{'an' if type(got).__name__[0] in 'aeiou' else 'a'} {type(got).__name__}"
    )
    return f"{name} where float64 is wanted"


def relative_error(got, want):
    """Largest difference relative to the largest wanted value of the same feature; inf if shape, type or nan differ.

    Text, lists and dictionaries are equal or not: 0 or inf.
    """
    if isinstance(want, str | list | dict):
        return 0.0 if type(got) is type(want) and got == want else np.inf
    if isinstance(want, tuple):
        if not isinstance(got, tuple) or len(got) != len(want):
            return np.inf
        return max(relative_error(g, w) for g, w in zip(got, want, strict=True))
    got, want = np.asarray(got), np.asarray(want.detach() if isinstance(want, torch.Tensor) else want)
    if got.shape != want.shape or got.dtype != np.float64 or not np.isfinite(got).all():
        return np.inf
    others = tuple(i for i in range(want.ndim) if i != feature_axis(want.ndim))
    size = np.abs(want).max(axis=others, keepdims=True) if want.ndim > 1 else np.abs(want)
    difference = np.abs(got - want)
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.where(difference == 0, 0.0, difference / size).max())

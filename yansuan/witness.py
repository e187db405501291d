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
import re
import textwrap
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from yansuan.errors import shown
from yansuan.formula import load, modules
from yansuan.settings import settings

REGIMES = {"ordinary": (1.0, 0.0), "tiny": (1e-4, 0.0), "huge": (1e6, 0.0), "large offset": (1.0, 1e4)}
DRAWS = 8  # inputs per regime
FUNCTION = "(function)"  # the shape of an argument that is a function
SIZE = re.compile(r"\w+")
RTOL = 1e-9

# what a name means everywhere: arguments that are not any real number
DOMAIN = {
    "eps": lambda rng, scale, shape: 10.0 ** rng.uniform(-6, -1),
    "p": lambda rng, scale, shape: rng.uniform(0.05, 0.95),
    "var": lambda rng, scale, shape: scale**2 * rng.uniform(0.01, 9, shape),
    "var_bar": lambda rng, scale, shape: scale**2 * rng.uniform(0.01, 9, shape),
}


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
            importlib.import_module(f"{project.tests}.test_{path.stem}")


def witnesses(name):
    """The witnesses of one formula, in the order of its family's tests."""
    family = f"test_{name.partition('.')[0]}"
    if Path(settings().tests, f"{family}.py").is_file():
        importlib.import_module(f"{settings().tests}.{family}")
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


def draw(rng, shapes, given, scale, offset):
    """One set of arguments: drawn where a shape is known, computed where `given` says how."""
    declared = {**shapes, **{n: s for n, s in given.items() if isinstance(s, str)}}
    letters = list(dict.fromkeys(re.findall(r"[A-Za-z]\w*", " ".join(declared.values()))))
    sizes = dict(zip(letters, rng.permutation(np.arange(2, max(9, 2 + len(letters)))).tolist(), strict=False))
    values = {"rng": rng, "scale": scale, "offset": offset}
    for name, shape in declared.items():
        if not callable(given.get(name)):
            if shape == FUNCTION:
                raise ValueError(f"{name}: a function is not drawn; give one: @witness(…, {name}=lambda rng: …)")
            values[name] = draw_one(rng, name, [sizes.get(n) or int(n) for n in SIZE.findall(shape)], scale, offset)
    for name, compute in given.items():
        if callable(compute):
            values[name] = read_only(compute(**{n: values[n] for n in inspect.signature(compute).parameters}))
    return values


def draw_one(rng, name, shape, scale, offset):
    if name in DOMAIN:
        return read_only(DOMAIN[name](rng, scale, shape))
    if not shape:
        return float(scale * rng.standard_normal() + offset)
    axis = feature_axis(len(shape))
    feature_scales = 10.0 ** rng.uniform(-1, 1.5, [size if i == axis else 1 for i, size in enumerate(shape)])
    array = scale * feature_scales * rng.standard_normal(shape) + offset
    if len(shape) > 1:  # one constant feature, a power of two so that its mean is exact
        np.moveaxis(array, axis, 0)[rng.integers(shape[axis])] = 2.0 ** rng.integers(-3, 4)
    return read_only(array)


def feature_axis(ndim):
    """Which axis is the feature: the channel of an (N, C, H, W) array, else the last."""
    return 1 if ndim == 4 else ndim - 1


def read_only(value):
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    return value


def as_tensor(value):
    if isinstance(value, list):
        return [as_tensor(v) for v in value]
    return torch.tensor(value) if isinstance(value, np.ndarray) else value


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

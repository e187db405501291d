"""`@witness(snippet)`: the decorated function, written with something independent, must give the same answer.

    @witness(batch_variance)
    def test_batch_variance(z):
        return torch.var(z, dim=0, correction=0)

Arguments are drawn from the rows of the snippet's docstring: float64, read-only, sizes that differ and change, no, one
or two leading axes for `...`, features of unequal scale, one feature constant, in the regimes of draw.py; what is None
by default, or an array with a number for a default, is left out now and then; text, integers and options are never
drawn. Keywords of `@witness` override or add: a callable computes an argument from others of its parameters' names (or
from `rng`), a string such as "(m, d)" draws one more array. The witness gets arrays as tensors and names the arguments
it wants. What it computes is printed on the card. A witness in torch that takes every argument also judges the
derivative (yansuan/proof/derivative.py); where there is none, `@derivative(snippet)` decorates one that autograd can
follow, or `no_derivative(snippet, "why")` says why not.
"""

import ast
import importlib
import importlib.util
import inspect
import pkgutil
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from yansuan.base.errors import YansuanError, shown
from yansuan.base.settings import settings
from yansuan.evidence import LOOSEST
from yansuan.formula.formula import Formula, load
from yansuan.formula.shapes import FUNCTION, OPTION
from yansuan.proof.draw import REGIMES, Declared, draw, feature_axis, generator
from yansuan.proof.findings import WITNESS

DRAWS = 8  # inputs per regime
RTOL = 1e-9


Function = Callable[..., Any]
Given = Mapping[str, Any]  # how arguments are computed that are not simply drawn


@dataclass(frozen=True)
class Witness:
    """Something independent that one formula is compared with."""

    formula: str
    claim: str
    snippet: Function
    oracle: Function
    rows: Mapping[str, Declared]  # of the snippet's arguments
    by: str  # whose function it is, as in torch.nn.functional.softmax; empty: a derivation of ours
    given: Given
    rtol: float

    @property
    def place(self) -> str:
        return f"{shown(self.oracle.__code__.co_filename)}:{self.oracle.__code__.co_firstlineno}"

    def check(self) -> dict[str, Any]:
        """Compare on random inputs: what was found, for the evidence. Raises AssertionError where the two differ."""
        if self.by and not resolves(self.by):
            raise YansuanError(self.oracle.__code__.co_filename, self.oracle.__code__.co_firstlineno, unknown(self.by))
        worst, inputs = 0.0, 0
        for number, (name, regime) in enumerate(REGIMES.items()):
            for seed in range(DRAWS):  # other numbers in each regime, also where only lambdas draw
                rng = generator(self.formula, seed, number)
                got, want = self._both(draw(rng, self.rows, self.given, regime, whole=False))
                if why := other_type(got, want):
                    raise AssertionError(f"{where(self.formula)}: gives {why}: return float64, as the witness does")
                error = relative_error(got, want)
                if not error <= self.rtol:
                    found = f"{brief(got)} and {brief(want)}, relative error {error:.1e} ({name}, seed {seed})"
                    its = f"its witness, {self.place}, computes"
                    raise AssertionError(f"{where(self.formula)}: not what {its}: {found}: mend one of the two")
                worst, inputs = max(worst, error), inputs + 1
        entry = {"formula": self.formula, "claim": self.claim, "by": self.by, "inputs": inputs, "rtol": self.rtol}
        return entry | {"max_rel_error": worst}

    def _both(self, values: Mapping[str, Any]) -> tuple[Any, Any]:
        """What the snippet and the witness give."""
        try:
            absent = {n for n, row in self.rows.items() if row.optional and values.get(n) is None}
            got = self.snippet(**{n: values[n] for n in self.rows if n in values and n not in absent})
        except ValueError as refusal:
            if "read-only" in str(refusal):  # it writes into its argument
                raise
            cure = f"say how it is drawn: @witness({self.snippet.__name__}, name=lambda rng: …)"
            raise AssertionError(f"{where(self.formula)}: refuses what was drawn: {refusal}: {cure}") from refusal
        with float64_by_default():
            return got, self.oracle(**{n: as_tensor(values[n]) for n in inspect.signature(self.oracle).parameters})


@dataclass
class Registry:
    """What test modules say by their decorators, when they are imported. A run adds nothing."""

    witnesses: list[Witness] = field(default_factory=list)
    derivatives: dict[str, tuple[Function, Given]] = field(default_factory=dict)
    no_derivative: dict[str, str] = field(default_factory=dict)  # formula: why it has none

    def add(self, new: Witness) -> None:
        """Once, even if pytest and we import the same file under two names."""

        def stands(one: Witness) -> tuple[str, str, int]:
            code = one.oracle.__code__
            return one.formula, code.co_filename, code.co_firstlineno

        others = [old for old in self.witnesses if old.oracle.__module__ != new.oracle.__module__]
        if stands(new) not in map(stands, others):
            self.witnesses.append(new)


REGISTRY = Registry()


def witness(snippet: Function, /, rtol: float = RTOL, by: str = "", **given: Any) -> Callable[[Function], Function]:
    """Make the decorated function a test that compares it with the snippet on random inputs.

    `by` is the function of a third party that it calls, by its full name: `by="torch.nn.functional.softmax"`. Without
    one it counts as a derivation of the project's own. Raises YansuanError if there is no such function, if the witness
    does not use it, or if `rtol` is loose.
    """
    name = name_of(snippet)

    def decorate(oracle: Function) -> Function:
        found = Witness(name, claim_of(oracle), snippet, oracle, rows_of(name), by, given, rtol)
        loose = None if 0 <= rtol <= LOOSEST else f"rtol={rtol} proves little: allow {LOOSEST:.0e} at most"
        if fault := loose or (other_party(by, oracle) if by else None):
            raise YansuanError(oracle.__code__.co_filename, oracle.__code__.co_firstlineno, fault)
        REGISTRY.add(found)

        def test(record_property: Callable[[str, object], None]) -> None:
            record_property(WITNESS, found.check())

        test.__module__, test.__doc__ = oracle.__module__, f"{name} = {found.claim}"
        test.place_as = oracle  # type: ignore[attr-defined]  # where pytest says that it stands
        test.witness_of = name  # type: ignore[attr-defined]
        return test

    return decorate


def other_party(by: str, oracle: Function) -> str | None:
    """What is wrong with the claim that a witness is the function of a third party; None if nothing is."""
    module, _, name = by.rpartition(".")
    own = {settings().package.partition(".")[0], "yansuan", "tests", "numpy", ""}
    if module.partition(".")[0] in own:
        return f"by={by!r} is no third party: name a function of another package, or leave it out"
    package = module.partition(".")[0]
    # what nothing has imported yet is resolved when the witness is checked: other tests need not wait for it
    loaded = ".".join(module.split(".")[:2]) in sys.modules
    if not (resolves(by) if loaded else importlib.util.find_spec(package)):
        return unknown(by)
    tree = ast.parse(textwrap.dedent(inspect.getsource(oracle)))
    used = {
        n.attr if isinstance(n, ast.Attribute) else n.id
        for n in ast.walk(tree)
        if isinstance(n, ast.Attribute | ast.Name)
    }
    if name not in used:
        return f"by={by!r}: the witness does not use {name}: call it there, or leave `by` out"
    return None


def resolves(by: str) -> bool:
    """Whether there is a function of that full name."""
    try:
        pkgutil.resolve_name(by)
    except (ImportError, AttributeError, ValueError):
        return False
    return True


def unknown(by: str) -> str:
    return f"by={by!r}: there is no such function: write its full name, as in torch.nn.functional.softmax"


def derivative(snippet: Function, **given: Any) -> Callable[[Function], Function]:
    """The decorated function is the snippet in torch, for autograd to differentiate."""

    def decorate(function: Function) -> Function:
        REGISTRY.derivatives[name_of(snippet)] = (function, given)
        return function

    return decorate


def no_derivative(snippet: Function, why: str) -> None:
    """Say why a snippet has no derivative that could be compared."""
    REGISTRY.no_derivative[name_of(snippet)] = why


def where(name: str) -> str:
    """`file:line: function` of a formula."""
    formula = load(settings().snippets, name)
    return f"{shown(formula.module.path)}:{formula.line}: {formula.node.name}"


def brief(value: Any) -> str:
    text = " ".join(str(value.detach().numpy() if isinstance(value, torch.Tensor) else value).split())
    return text if len(text) <= 60 else f"{text[:57]}…"


def name_of(snippet: Function) -> str:
    return f"{snippet.__module__.rpartition('.')[2]}.{snippet.__name__}"


def function(formula: Formula) -> Function:
    """The function itself, imported."""
    return imported(formula.id)


def imported(name: str) -> Function:
    """A function of the snippets, imported, by family.function."""
    family, _, function_name = name.partition(".")
    found: Function = getattr(importlib.import_module(f"{settings().package}.{family}"), function_name)
    return found


def rows_of(name: str) -> dict[str, Declared]:
    """{argument: what its row says} of a formula; a text has no size."""
    formula = load(settings().snippets, name)
    given = formula.node.args
    defaults = dict(zip(reversed(given.args), reversed(given.defaults), strict=False))
    defaults |= {a: d for a, d in zip(given.kwonlyargs, given.kw_defaults, strict=True) if d}
    arguments = {a.arg for a in (*given.args, *given.kwonlyargs)}
    shapes = {s.name: s for s in formula.symbols if s.name in arguments}
    arrays = {n for n, s in shapes.items() if s.shape.strip("()") and s.shape not in (FUNCTION, OPTION)}
    optional = {  # by default None, or a number in the place of an array
        a.arg for a, d in defaults.items() if isinstance(d, ast.Constant) and (d.value is None or a.arg in arrays)
    }
    return {n: Declared(s.shape.replace("(text)", "()"), s.values, n in optional) for n, s in shapes.items()}


def witnesses(name: str) -> list[Witness]:
    """The witnesses of one formula, in the order of its family's tests."""
    family = f"test_{name.partition('.')[0]}"
    if Path(settings().tests, f"{family}.py").is_file():
        importlib.import_module(f"{settings().tests_package}.{family}")
    return [w for w in REGISTRY.witnesses if w.formula == name]


@contextmanager
def float64_by_default() -> Iterator[None]:
    """Python numbers become tensors of float64."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def claim_of(oracle: Function) -> str:
    """What the witness computes, as text: a line for each statement, its docstring aside, and what it returns."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(oracle)))
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    said = function.body[1:] if ast.get_docstring(function) else function.body
    return "\n".join(ast.unparse(node.value if isinstance(node, ast.Return) and node.value else node) for node in said)


def as_tensor(value: Any) -> Any:
    """Arrays, also in lists, as tensors."""
    if isinstance(value, list):
        return [as_tensor(v) for v in value]
    return torch.tensor(value) if isinstance(value, np.ndarray) else value


def other_type(got: Any, want: Any) -> str | None:
    """How the type of an answer differs from float64, where numbers are wanted; None if it does not."""
    if isinstance(want, tuple) and isinstance(got, tuple):
        return next((why for g, w in zip(got, want, strict=False) if (why := other_type(g, w))), None)
    if isinstance(want, str | list | dict | tuple) or isinstance(got, str | list | dict | tuple):
        return None
    given = np.asarray(got)
    if given.dtype == np.float64:
        return None
    name = type(got).__name__
    what = f"an array of {given.dtype}" if given.ndim else f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
    return f"{what} where float64 is wanted"


def relative_error(got: Any, want: Any) -> float:
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
    if got.shape != want.shape or got.dtype != np.float64 or not (np.isfinite(got).all() and np.isfinite(want).all()):
        return np.inf
    others = tuple(i for i in range(want.ndim) if i != feature_axis(want.ndim))
    size = np.abs(want).max(axis=others, keepdims=True) if want.ndim > 1 else np.abs(want)
    difference = np.abs(got - want)
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.where(difference == 0, 0.0, difference / size).max())

"""The typeset LaTeX of a formula, executed on what its function is given, and compared with what that returns."""

import functools
import inspect
import sys
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import Any

import numpy as np

from yansuan.base.errors import YansuanError
from yansuan.base.settings import settings
from yansuan.formula.formula import load
from yansuan.formula.spec import Symbol
from yansuan.proof.draw import Declared, Regime, draw, generator
from yansuan.proof.sized import sized
from yansuan.proof.witness import RTOL, Function, brief, function, relative_error, rows_of, witnesses
from yansuan.tex.evaluate import execute
from yansuan.tex.tokens import TexError, equations, lex

# the largest axis of each input: numbers are computed one by one, and an array of 8 × 7 × 6 takes long for each change
LARGEST = (8,) * 4 + (4,) * 4
GIVEN: dict[
    str, Mapping[str, Any]
] = {}  # formula: arguments for its LaTeX, where those of its first witness are a special case in the code


def run(function: Function, arguments: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """What the function returns, and its local variables when it does."""
    seen: dict[str, Any] = {}
    before, code = sys.getprofile(), inspect.unwrap(function).__code__

    def watch(frame: FrameType, event: str, _: object) -> None:
        if event == "return" and frame.f_code is code:
            seen.update(frame.f_locals)

    sys.setprofile(watch)
    try:
        return function(**arguments), seen
    finally:
        sys.setprofile(before)


@functools.cache  # like the inputs: the same for each change
def symbols_of(name: str) -> Sequence[Symbol]:
    return sized(load(settings().snippets, name))


@functools.cache
def inputs(name: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """[(what the LaTeX is given, what it must compute)], the smallest first: most changes are noticed there.

    Arguments are drawn as for witnesses; what must be computed is what the function then does. Raises YansuanError
    if it returns before a symbol of its own has a value.
    """
    formula = load(settings().snippets, name)
    symbols = symbols_of(name)
    shapes = {s.name: s.shape for s in symbols}
    rows = {n: Declared(shapes.get(n, row.shape), row.values) for n, row in rows_of(name).items()}
    special = GIVEN.get(name) or witnesses(name)[0].given
    defined = [chain.members[0] for chain in equations(formula.tex)]
    found = []
    for seed, largest in enumerate(LARGEST):
        regime = Regime(largest=largest)
        drawn = draw(generator(name, seed), rows, special, regime)
        arguments = {n: drawn[n] for n in rows if n in drawn}
        returned, known = run(function(formula), arguments)
        results = [s.name for s in symbols if s.name.startswith("->")]
        called = [s.name for s in symbols if s.shape == "(function)" and s.name not in rows]
        known |= {n: inspect.unwrap(function(formula)).__globals__[n] for n in called}
        known |= dict(zip(results, returned if isinstance(returned, tuple) else (returned,), strict=True))
        local = {s.name: lex(s.tex) in defined for s in symbols if s.name not in rows}
        if missing := ", ".join(n for n in local if n not in known):
            fault = f"{formula.node.name} returns before {missing} has a value: remove the row, or draw other arguments"
            raise YansuanError(formula.module.path, formula.line, f"{fault} (GIVEN in yansuan/proof/typeset.py)")
        given = {n: v for n, v in arguments.items() if n in shapes} | {
            n: known[n] for n in local if not local[n] and n not in results
        }
        found.append((given, {n: known[n] for n in local if local[n] or n in results}))
    return sorted(found, key=numbers)


def numbers(sides: tuple[dict[str, Any], dict[str, Any]]) -> int:
    """How many numbers are in these arrays."""
    return sum(value.size for side in sides for value in side.values() if isinstance(value, np.ndarray))


def worst(name: str, tex: str) -> float:
    """The largest relative error of the LaTeX on all inputs. Raises TexError if it cannot be executed."""
    error, symbols = 0.0, symbols_of(name)
    for given, wanted in inputs(name):
        got = execute(tex, symbols, given)
        error = max(error, *(relative_error(got[n], wanted[n]) for n in wanted))
        if error > RTOL:
            break
    return error


def difference(name: str, tex: str) -> str:
    """Where the LaTeX and the function differ most on the first inputs on which they do: symbol and both values."""
    for given, wanted in inputs(name):
        got = execute(tex, symbols_of(name), given)
        errors = {n: relative_error(got[n], wanted[n]) for n in wanted}
        symbol = max(errors, key=lambda n: errors[n])
        if errors[symbol] > RTOL:
            what = "what is returned" if symbol == "->" else symbol
            return f"{what} is {brief(got[symbol])} by the LaTeX and {brief(wanted[symbol])} in the code"
    return "nothing"


def caught(name: str, tex: str) -> str | None:
    """Why the LaTeX is not what the function computes; None if it is."""
    try:
        error = worst(name, tex)
    except TexError as refusal:
        return str(refusal)
    return f"relative error {error:.1e}" if error > RTOL else None

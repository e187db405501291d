"""The value of each symbol of a formula in its example: recorded as that runs, shown in the table of its card."""

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import numpy as np

from yansuan.formula.formula import Formula

MOST = 12  # numbers of an array that a table has room for
LONGEST = 48  # characters of anything else
NOISE = 1e-13  # relative to the largest number of the call: what rounding leaves, which differs between processors

Call = dict[str, Any]  # names, and what they stand for


@contextmanager
def watched(function: Callable[..., Any]) -> Iterator[list[tuple[Call, Any]]]:
    """The calls of a function that end while this is open: (its variables, what it returns). Arguments are as given."""
    calls: list[tuple[Call, Any]] = []
    given: dict[int, Call] = {}
    before, code = sys.getprofile(), inspect.unwrap(function).__code__

    def watch(frame: FrameType, event: str, result: object) -> None:
        if frame.f_code is not code:
            return
        if event == "call":
            given[id(frame)] = dict(frame.f_locals)
        elif event == "return":
            calls.append(({**frame.f_locals, **given.pop(id(frame), {})}, result))

    sys.setprofile(watch)
    try:
        yield calls
    finally:
        sys.setprofile(before)


def of_symbols(formula: Formula, call: tuple[Call, Any]) -> dict[str, str]:
    """{symbol of the docstring: its value in this call}; empty text for what a table has no room for."""
    known, returned = dict(call[0]), call[1]
    results = [s.name for s in formula.symbols if s.name.startswith("->")]
    known |= dict(zip(results, returned if len(results) > 1 else (returned,), strict=True))
    largest = max((float(np.abs(v).max()) for v in map(finite, known.values()) if v.size), default=1.0)
    return {s.name: shown(known[s.name], NOISE * largest) if s.name in known else "" for s in formula.symbols}


def finite(value: Any) -> Any:
    """The finite numbers of a value, if it is made of numbers."""
    array = np.asarray(value) if isinstance(value, np.ndarray | np.generic | int | float) else np.zeros(0)
    return array[np.isfinite(array)] if array.dtype.kind in "iuf" else np.zeros(0)


def shown(value: Any, nothing: float) -> str:
    """A value in a few characters: four digits, and 0 for what is not above `nothing`."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        if value.size > MOST:
            return ""
        return str(written(value, nothing)).replace("'", "")
    if isinstance(value, bool | int | np.bool_ | np.integer):
        return str(value)
    if isinstance(value, float | np.floating):
        number = float(value)
        return "0" if abs(number) <= nothing else f"{number:.4g}"
    if callable(value):
        name = str(getattr(value, "__name__", ""))
        return name if name.isidentifier() else ""  # a lambda has none
    text = repr(value)
    return text if len(text) <= LONGEST and not isinstance(value, np.ndarray) else ""


def written(array: Any, nothing: float) -> Any:
    """An array as lists of texts."""
    return shown(array[()], nothing) if array.ndim == 0 else [written(part, nothing) for part in array]

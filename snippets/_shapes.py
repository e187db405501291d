"""The one check that every formula makes: are its arguments what the rows of its docstring say?"""

import functools
import inspect
import itertools
import re
from typing import NamedTuple

import numpy as np

# a parameter, its shape and, maybe, its values: "z (..., K)", "p () in [0, 1): $p$"
VALUES = r" in (?:([\[(]) *([^ ,]+), *([^ ,]+) *([\])])|(integers)|(\{0, 1\}))"
ROW = re.compile(rf"^(\w+) +\(([^()]*)\)(?:{VALUES})?(?::|$)", re.M)
AXIS = re.compile(r"(\.\.\.|\*|\w+)(?: *> *(\d+))?")


class Row(NamedTuple):
    """What the docstring says of one parameter."""

    axes: tuple  # letters, numbers, "..." or "*"
    least: tuple = ()  # (axis, its smallest size), if that is not 1
    interval: tuple = ()  # of its values: ("[", 0.0, 1.0, ")")
    integers: bool = False
    mask: bool = False  # of zeros and ones, or of booleans


def checked(function):
    """The function, which now raises ValueError unless each argument is what its row says.

    A letter is one size throughout, a number is that size, no size is 0, and `m > 1` is at
    least 2. `...` are any axes, the same throughout; `*` are any axes at all. A text has no size.
    What has no row, is None, a default, a function, a `(list)` or an option is not looked at. Lists
    become arrays, and integers float64, so that no small one overflows, except where the row says
    `in integers`. `in [0, 1)` bounds the values; `in {0, 1}` are zeros and ones, or booleans.
    """
    rows = declared(function.__doc__)
    parameters = inspect.signature(function).parameters
    names = [*parameters]
    defaults = {
        n: p.default for n, p in parameters.items() if p.default is not p.empty
    }

    @functools.wraps(function)
    def checks(*args, **kwargs):
        named = [*itertools.zip_longest(names[: len(args)], args)]
        given = {**dict(named), **kwargs}.items()
        usual = {n for n, v in given if n in defaults and same(v, defaults[n])}
        check(rows, {n: v for n, v in given if n not in usual})
        args = [converted(value, rows.get(name)) for name, value in named]
        named = {n: converted(v, rows.get(n)) for n, v in kwargs.items()}
        return function(*args, **named)

    return checks


def same(value, default):
    """Whether an argument is the number that stands in its place if it is left out."""
    return np.ndim(value) == 0 and value == default


def declared(docstring):
    """{name: Row} of the parameters in a docstring that are arrays, numbers or texts."""
    text = inspect.cleandoc(docstring or "").partition(">>>")[0]
    found = {}
    for row in ROW.findall(text):
        name, shape, left, low, high, right, integers, mask = row
        if shape not in ("function", "option", "list"):
            axes = AXIS.findall("" if shape == "text" else shape)
            found[name] = Row(
                axes=tuple(axis for axis, _ in axes),
                least=tuple((axis, int(n) + 1) for axis, n in axes if n),
                interval=(left, float(low), float(high), right) if left else (),
                integers=bool(integers),
                mask=bool(mask),
            )
    return found


def check(rows, given):
    """Raise ValueError unless each argument given is what its row says."""
    least = dict(pair for row in rows.values() for pair in row.least)
    numbers = [n for row in rows.values() for n in row.axes if n.isdigit()]
    sizes = {n: int(n) for n in numbers}
    for name, row in rows.items():
        value = given.get(name)
        if value is None:
            continue
        if row.axes or not isinstance(value, str):
            check_shape(name, row.axes, np.shape(value), sizes, least)
        if row.integers or row.mask or row.interval:
            check_values(name, row, value)


def check_shape(name, axes, actual, sizes, least):
    """Raise ValueError unless `actual` has these axes; `sizes` learns what they measure."""
    letters, lengths, middle = fit(axes, actual)
    known = dict(sizes)
    fits = len(letters) == len(lengths) and 0 not in actual
    for axis, size in zip(letters, lengths):  # noqa: B905  # as far as both go
        fits = fits and size >= least.get(axis, 1)
    if "..." in axes:
        letters, lengths = (*letters, "..."), (*lengths, middle)
    if not fits or tuple(map(known.setdefault, letters, lengths)) != lengths:
        shape = f"({axes[0]},)" if len(axes) == 1 else f"({', '.join(axes)})"
        named = [n for n in dict.fromkeys(axes) if n != "*" and not n.isdigit()]
        said = [f"{n} = {known[n]}" for n in named if n in known]
        new = [n for n in named if n not in {"...", *known}]
        said += [f"{n} at least {least.get(n, 1)}" for n in new]
        wanted = ", ".join([shape, *said])
        raise ValueError(f"{name}: expected shape {wanted}; got {actual}")
    sizes.update(known)


def fit(axes, actual):
    """(letters, the sizes in their places, the sizes in the place of `...` or `*`)."""
    letters = tuple(axis for axis in axes if axis not in ("...", "*"))
    if len(letters) == len(axes):
        return letters, actual, ()
    at = next(i for i, axis in enumerate(axes) if axis in ("...", "*"))
    end = at + len(actual[len(letters) :])  # what is more than the letters
    return letters, actual[:at] + actual[end:], actual[at:end]


def check_values(name, row, given):
    """Raise ValueError unless what is given is what its row says: integers, 0 or 1, an interval."""
    given = np.asarray(given)
    if row.integers and given.dtype.kind not in "iu":
        raise ValueError(f"{name}: expected integers, got {given.dtype}")
    if row.mask:
        for wrong in given[(given != 0) & (given != 1)].flat:
            raise ValueError(f"{name}: expected 0 or 1 everywhere, got {wrong}")
    if row.interval:
        left, low, high, right = row.interval
        above = given >= low if left == "[" else given > low
        below = given <= high if right == "]" else given < high
        if not np.all(above & below):
            wrong = given[~(above & below)].flat[0]
            wanted = in_words(*row.interval)
            raise ValueError(f"{name}: expected {wanted}, got {wrong}")


def in_words(left, low, high, right):
    """An interval in words."""
    if high == np.inf:
        return f"a number {'of at least' if left == '[' else 'above'} {low:g}"
    start = "from" if left == "[" else "above"
    end = "to" if right == "]" else "to below"
    return f"a number {start} {low:g} {end} {high:g}"


def converted(value, row):
    """The argument as the function gets it: integers as float64, lists as arrays."""
    if row is None or row.axes == ():
        return value
    array = np.asarray(value)
    # a number of Python has no precision of its own
    if array.dtype.kind not in "biuf" or isinstance(value, int | float):
        return value
    kept = row.integers or row.axes == ("*",) or array.dtype.kind not in "iu"
    return array if kept else array.astype(float)

"""The one check that every formula makes: are its arguments what the rows of its docstring say?"""

import functools
import inspect
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
    least: dict = {}  # noqa: RUF012  # the smallest size of an axis, if that is not 1
    interval: tuple = ()  # of its values: ("[", 0.0, 1.0, ")")
    integers: bool = False
    mask: bool = False  # of zeros and ones, or of booleans


def checked(function):
    """The function, which now raises ValueError unless each argument is what its row says.

    A letter is one size throughout, a number is that size, no size is 0, and `m > 1` is at
    least 2. `...` are any axes, the same throughout; `*` are any axes at all. A text has no size.
    What has no row, is None, a function or an option is not looked at. Lists become arrays, and
    integers float64, so that no small one overflows, except where the row says `in integers`.
    `in [0, 1)` bounds the values; `in {0, 1}` are zeros and ones, or booleans.
    """
    rows = declared(function.__doc__)
    names = [*inspect.signature(function).parameters]

    def convert(name, value):
        return converted(value, rows[name]) if name in rows else value

    @functools.wraps(function)
    def checks(*args, **kwargs):
        check(rows, {**dict(zip(names, args)), **kwargs})  # noqa: B905
        return function(
            *map(convert, names, args),
            *args[len(names) :],  # Python refuses them
            **{name: convert(name, value) for name, value in kwargs.items()},
        )

    return checks


def declared(docstring):
    """{name: Row} of the parameters in a docstring that are arrays, numbers or texts."""
    text = inspect.cleandoc(docstring or "").partition(">>>")[0]
    found = {}
    for name, shape, left, low, high, right, *kind in ROW.findall(text):
        if shape not in ("function", "option"):
            axes = AXIS.findall("" if shape == "text" else shape)
            least = {letter: int(size) + 1 for letter, size in axes if size}
            interval = (left, float(low), float(high), right) if left else ()
            found[name] = Row(
                tuple(n for n, _ in axes), least, interval, *map(bool, kind)
            )
    return found


def check(rows, given):
    """Raise ValueError unless each argument given is what its row says."""
    least = {
        letter: size
        for row in rows.values()
        for letter, size in row.least.items()
    }
    sizes = {
        n: int(n) for row in rows.values() for n in row.axes if n.isdigit()
    }
    for name, row in rows.items():
        if given.get(name) is not None:
            check_shape(name, row.axes, np.shape(given[name]), sizes, least)
            check_values(name, row, given[name])


def check_shape(name, axes, actual, sizes, least):
    """Raise ValueError unless `actual` has these axes; `sizes` learns what they measure."""
    letters, lengths, middle = fit(axes, actual)
    known = dict(sizes)
    fits = len(letters) == len(lengths) and 0 not in actual
    fits = fits and all(
        size >= least.get(n, 1)
        for n, size in zip(letters, lengths, strict=True)
    )
    if "..." in axes:
        letters, lengths = (*letters, "..."), (*lengths, middle)
    if not fits or tuple(map(known.setdefault, letters, lengths)) != lengths:
        shape = f"({axes[0]},)" if len(axes) == 1 else f"({', '.join(axes)})"
        named = [n for n in dict.fromkeys(axes) if n != "*" and not n.isdigit()]
        said = [f"{n} = {known[n]}" for n in named if n in known]
        said += [
            f"{n} at least {least.get(n, 1)}"
            for n in named
            if n not in {"...", *known}
        ]
        raise ValueError(
            f"{name}: expected shape {', '.join([shape, *said])}; got {actual}"
        )
    sizes.update(known)


def fit(axes, actual):
    """(letters, the sizes in their places, the sizes in the place of `...` or `*`)."""
    at = next((i for i, axis in enumerate(axes) if axis in ("...", "*")), None)
    if at is None:
        return axes, actual, ()
    end = len(actual) - len(axes[at + 1 :])
    return (
        axes[:at] + axes[at + 1 :],
        actual[:at] + actual[max(at, end) :],
        actual[at:end],
    )


def check_values(name, row, given):
    """Raise ValueError unless what is given is what its row says: integers, 0 or 1, an interval."""
    given = np.asarray(given)
    if row.integers and given.dtype.kind not in "iu":
        raise ValueError(f"{name}: expected integers, got {given.dtype}")
    if row.mask and not np.all((given == 0) | (given == 1)):
        wrong = given[(given != 0) & (given != 1)].flat[0]
        raise ValueError(f"{name}: expected 0 or 1 everywhere, got {wrong}")
    if row.interval:
        left, low, high, right = row.interval
        above = given >= low if left == "[" else given > low
        below = given <= high if right == "]" else given < high
        if not np.all(above & below):
            wrong = given[~(above & below)].flat[0]
            raise ValueError(
                f"{name}: expected {numbers(*row.interval)}, got {wrong}"
            )


def numbers(left, low, high, right):
    """An interval in words."""
    if high == np.inf:
        return f"a number {'of at least' if left == '[' else 'above'} {low:g}"
    below = "to" if right == "]" else "to below"
    return f"a number {'from' if left == '[' else 'above'} {low:g} {below} {high:g}"


def converted(value, row):
    """The argument as the function gets it: integers as float64, lists of numbers as arrays."""
    array = np.asarray(value)
    if array.dtype.kind not in "biuf" or row.axes == ():
        return value
    if row.axes == ("*",) or array.dtype.kind == "b":
        return array if isinstance(value, list) else value
    return (
        array
        if row.integers or array.dtype.kind == "f"
        else array.astype(float)
    )

"""The one check that every formula makes: have its arguments the shapes in its docstring?"""

import functools
import inspect
import re

import numpy as np

# a parameter and its shape, as in "z (m, d)" or "z (m, d): $z_i^r$"
ROW = re.compile(r"^(\w+) +\(([^()]*)\)(?::|$)", re.M)
SIZE = re.compile(r"\w+")


def checked(function):
    """The function, which now raises ValueError unless each argument has the shape of its row.

    A letter is one size throughout, a number is that size, and no size is 0. A text has no size.
    What has no row, or is a function, is not looked at.
    """
    shapes = declared(function.__doc__)
    signature = inspect.signature(function)

    @functools.wraps(function)
    def checks(*args, **kwargs):
        check_shapes(shapes, signature.bind(*args, **kwargs).arguments)
        return function(*args, **kwargs)

    return checks


def declared(docstring):
    """{name: its sizes, as letters or numbers} of the rows in a docstring, but of functions."""
    text = inspect.cleandoc(docstring or "").partition(">>>")[0]
    rows = {
        name: () if shape == "text" else SIZE.findall(shape) for name, shape in ROW.findall(text)
    }
    return {name: tuple(sizes) for name, sizes in rows.items() if sizes != ["function"]}


def check_shapes(shapes, given):
    """Raise ValueError unless each argument given has its shape, as in {"z": ("m", "d")}."""
    sizes = {n: int(n) for letters in shapes.values() for n in letters if n.isdigit()}
    for name in (name for name in shapes if name in given):
        letters, actual = shapes[name], np.shape(given[name])
        fits = len(letters) == len(actual) and 0 not in actual
        if not fits or tuple(map(sizes.setdefault, letters, actual)) != actual:
            named = [n for n in dict.fromkeys(letters) if not n.isdigit()]
            known = [f"{n} = {sizes[n]}" if n in sizes else f"{n} at least 1" for n in named]
            shape = f"({letters[0]},)" if len(letters) == 1 else f"({', '.join(letters)})"
            expected = ", ".join([shape, *known])
            raise ValueError(f"{name}: expected shape {expected}; got {actual}")

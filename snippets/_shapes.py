"""The one check that every formula makes: have its arguments the shapes in its docstring?"""

import functools
import inspect
import re

import numpy as np

# a parameter and its shape, as in "z (m, d)" or "z (m, d): $z_i^r$"
ROW = re.compile(r"^(\w+) +\(([^()]*)\)(?::|$)", re.M)


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
    """{name: shape} of the rows in a docstring, the shape without its parentheses."""
    text = inspect.cleandoc(docstring or "").partition(">>>")[0]
    rows = {name: "" if shape == "text" else shape for name, shape in ROW.findall(text)}
    return {name: shape for name, shape in rows.items() if shape != "function"}


def check_shapes(shapes, given):
    """Raise ValueError unless each argument given has its shape, as in {"z": "m, d", "eps": ""}."""
    sizes = {number: int(number) for number in re.findall(r"\b\d+\b", " ".join(shapes.values()))}
    for name in (name for name in shapes if name in given):
        letters, actual = re.findall(r"\w+", shapes[name]), np.shape(given[name])
        fits = len(letters) == len(actual) and 0 not in actual
        if not fits or tuple(map(sizes.setdefault, letters, actual)) != actual:
            named = [n for n in dict.fromkeys(letters) if not n.isdigit()]
            known = [f"{n} = {sizes[n]}" if n in sizes else f"{n} at least 1" for n in named]
            expected = ", ".join([f"({shapes[name]})", *known])
            raise ValueError(f"{name}: expected shape {expected}; got {actual}")

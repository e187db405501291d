"""The one check every formula makes: do the arrays have the shapes it is about?"""

import re

import numpy as np


def check_shapes(spec, *arrays):
    """Raise ValueError unless each array has the shape that `spec` names, as in "z (m, d), gamma (d,)".

    A letter is one size throughout, and no size is 0.
    """
    sizes = {}
    for (name, shape), array in zip(re.findall(r"(\w+) \((.*?)\)", spec), arrays, strict=True):
        letters, actual = re.findall(r"\w+", shape), np.shape(array)
        fits = len(letters) == len(actual) and 0 not in actual
        if not fits or tuple(map(sizes.setdefault, letters, actual)) != actual:
            known = [f"{n} = {sizes[n]}" if n in sizes else f"{n} at least 1" for n in dict.fromkeys(letters)]
            raise ValueError(f"{name}: expected shape ({shape}){', '.join(['', *known])}; got {actual}")

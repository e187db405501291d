import inspect
import re

import numpy as np
import pytest

from snippets._shapes import check_shapes, checked, declared


@pytest.mark.parametrize(
    ("shapes", "arrays", "message"),
    [
        ({"z": ("m", "d")}, [np.ones(3)], "z: expected shape (m, d), m at least 1, d at least 1; got (3,)"),
        ({"z": ("m", "d")}, [np.ones((0, 3))], "z: expected shape (m, d), m at least 1, d at least 1; got (0, 3)"),
        ({"z": ("m", "d"), "g": ("d",)}, [np.ones((2, 3)), np.ones(2)], "g: expected shape (d,), d = 3; got (2,)"),
        ({"H": ("d", "d")}, [np.ones((2, 3))], "H: expected shape (d, d), d = 2; got (2, 3)"),
        ({"eps": ()}, [np.ones(2)], "eps: expected shape (); got (2,)"),
        ({"a": ("k", "2")}, [np.ones((2, 3))], "a: expected shape (k, 2), k = 2; got (2, 3)"),
        ({"a": ("2", "k")}, [np.ones(2)], "a: expected shape (2, k), k at least 1; got (2,)"),
        (
            {"a": ("k", "2"), "b": ("k2",)},
            [np.ones((3, 2)), np.ones(0)],
            "b: expected shape (k2,), k2 at least 1; got (0,)",
        ),
    ],
)
def test_what_does_not_fit_is_named(shapes, arrays, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        check_shapes(shapes, dict(zip(shapes, arrays, strict=True)))


def test_what_fits_passes_lists_and_numbers_too():
    check_shapes({"z": ("m", "2"), "g": ("m",), "e": ()}, {"z": [[1, 2], [3, 4], [5, 6]], "g": np.ones(3), "e": 1e-5})


def test_what_is_not_given_is_not_looked_at():
    check_shapes({"z": ("m", "d"), "eps": ()}, {"z": np.ones((2, 3)), "other": np.ones(0)})


DOCSTRING = r"""Title
    题目

    $$ y = f (x) $$

    z (m, d): $z$
        en: of some (kind)
            eps (m,)
    g (d,)
    f (function): $f$
        en: a function
    word (text)
    eps ()
    local (m,)
    -> (m,): $y$
    -> dz (m,): $x$

    Source: g (2015)

    >>> print(1)
    late (m)
    """


def test_shapes_are_those_of_the_rows():
    wanted = {"z": ("m", "d"), "g": ("d",), "word": (), "eps": (), "local": ("m",)}
    assert declared(DOCSTRING) == declared(inspect.cleandoc(DOCSTRING)) == wanted
    assert declared(None) == {}


def scale(z, g, f=None, word="a", eps=1e-5):
    return z * g


scale.__doc__ = DOCSTRING


def test_a_checked_function_is_the_function_but_for_what_it_refuses():
    safe = checked(scale)
    z, g = np.ones((2, 3)), np.arange(3.0)
    assert (safe.__name__, safe.__doc__, safe.__module__) == ("scale", DOCSTRING, __name__)
    assert inspect.signature(safe) == inspect.signature(scale)
    assert inspect.unwrap(safe) is scale
    assert np.array_equal(safe(z, g=g), z * g)
    assert np.array_equal(safe(z, g, len, "b", eps=1.0), z * g)
    for given, fault in (
        (((z, g[:2]), {}), "g: expected shape (d,), d = 3; got (2,)"),
        (((z,), {"g": g[:2]}), "g: expected shape (d,), d = 3; got (2,)"),
        (((z, g), {"eps": g}), "eps: expected shape (); got (3,)"),
        (((z, g, len, ["a", "b"]), {}), "word: expected shape (); got (2,)"),
    ):
        with pytest.raises(ValueError, match=f"^{re.escape(fault)}$"):
            safe(*given[0], **given[1])
    with pytest.raises(TypeError, match="missing a required argument: 'g'"):
        safe(z)
    with pytest.raises(TypeError, match="too many positional arguments"):
        safe(z, g, len, "b", 1.0, 2)

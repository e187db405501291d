import inspect
import re

import numpy as np
import pytest

from snippets._shapes import Row, check, checked, converted, declared, in_words


def rows(**shapes):
    """{name: Row} of shapes and intervals, written as in a docstring."""
    return declared("\n".join(f"{name} {shape}: $x$" for name, shape in shapes.items()))


@pytest.mark.parametrize(
    ("shapes", "arrays", "message"),
    [
        ({"z": "(m, d)"}, [np.ones(3)], "z: expected shape (m, d), m at least 1, d at least 1; got (3,)"),
        ({"z": "(m, d)"}, [np.ones((0, 3))], "z: expected shape (m, d), m at least 1, d at least 1; got (0, 3)"),
        ({"z": "(m, d)", "g": "(d,)"}, [np.ones((2, 3)), np.ones(2)], "g: expected shape (d,), d = 3; got (2,)"),
        ({"z": "(m,)"}, ["a text"], "z: expected shape (m,), m at least 1; got ()"),
        ({"H": "(d, d)"}, [np.ones((2, 3))], "H: expected shape (d, d), d = 2; got (2, 3)"),
        ({"eps": "()"}, [np.ones(2)], "eps: expected shape (); got (2,)"),
        ({"a": "(k, 2)"}, [np.ones((2, 3))], "a: expected shape (k, 2), k = 2; got (2, 3)"),
        ({"a": "(2, k)"}, [np.ones(2)], "a: expected shape (2, k), k at least 1; got (2,)"),
        (
            {"a": "(k, 2)", "b": "(k2,)"},
            [np.ones((3, 2)), np.ones(0)],
            "b: expected shape (k2,), k2 at least 1; got (0,)",
        ),
        ({"z": "(m > 1, d)"}, [np.ones((1, 3))], "z: expected shape (m, d), m at least 2, d at least 1; got (1, 3)"),
        (
            {"z": "(m, d)", "y": "(m > 2,)"},
            [np.ones((2, 1)), np.ones(2)],
            "z: expected shape (m, d), m at least 3, d at least 1; got (2, 1)",
        ),
        ({"z": "(..., K)"}, [np.float64(1)], "z: expected shape (..., K), K at least 1; got ()"),
        ({"z": "(..., T, K)"}, [np.ones(3)], "z: expected shape (..., T, K), T at least 1, K at least 1; got (3,)"),
        ({"z": "(..., K)"}, [np.ones((2, 0, 3))], "z: expected shape (..., K), K at least 1; got (2, 0, 3)"),
        (
            {"z": "(..., K)", "y": "(...)"},
            [np.ones((2, 4, 3)), np.ones(2)],
            "y: expected shape (...,), ... = (2, 4); got (2,)",
        ),
        (
            {"z": "(..., K)", "y": "(..., K)"},
            [np.ones((2, 3)), np.ones(3)],
            "y: expected shape (..., K), ... = (2,), K = 3; got (3,)",
        ),
        ({"z": "(m, *, d)"}, [np.ones(3)], "z: expected shape (m, *, d), m at least 1, d at least 1; got (3,)"),
        ({"z": "(N, C, *)"}, [np.ones(3)], "z: expected shape (N, C, *), N at least 1, C at least 1; got (3,)"),
        ({"p": "() in [0, 1)"}, [1.0], "p: expected a number from 0 to below 1, got 1.0"),
        ({"p": "() in [0, 1)"}, [-0.1], "p: expected a number from 0 to below 1, got -0.1"),
        ({"p": "(...) in (0, 1]"}, [[0.5, 0.0]], "p: expected a number above 0 to 1, got 0.0"),
        ({"p": "(...) in [0, 1]"}, [[0.5, np.nan]], "p: expected a number from 0 to 1, got nan"),
        ({"t": "() in (0, inf)"}, [0], "t: expected a number above 0, got 0"),
        ({"t": "() in [1, inf)"}, [0], "t: expected a number of at least 1, got 0"),
        ({"y": "(m,) in integers"}, [np.ones(2)], "y: expected integers, got float64"),
        ({"b": "(...) in {0, 1}"}, [[[0, 1, 0.3]]], "b: expected 0 or 1 everywhere, got 0.3"),
    ],
)
def test_what_does_not_fit_is_named(shapes, arrays, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        check(rows(**shapes), dict(zip(shapes, arrays, strict=True)))


def test_what_fits_passes_lists_and_numbers_too():
    check(rows(z="(m, 2)", g="(m,)", e="()"), {"z": [[1, 2], [3, 4], [5, 6]], "g": np.ones(3), "e": 1e-5})
    check(rows(z="(m, d)"), {"z": np.ones((1, 1))})
    check(rows(z="(m > 1, d)"), {"z": np.ones((2, 1))})
    for leading in ((), (2,), (2, 1, 5)):
        check(
            rows(z="(..., K)", y="(...)", w="(K,)"),
            {"z": np.ones((*leading, 3)), "y": np.ones(leading), "w": [1, 2, 3]},
        )
        check(rows(z="(N, C, *)", w="(*)"), {"z": np.ones((4, 3, *leading)), "w": np.ones((7, *leading))})
    check(rows(p="(...) in [0, 1]", q="() in (0, 1)", t="() in (-1, inf)"), {"p": [0, 1], "q": 0.5, "t": 1e9})
    check(rows(y="(m,) in integers"), {"y": np.array([0, 255], np.uint8)})
    for mask in ([0, 1], [[0.0, 1.0]], np.array([True, False]), np.uint8([1])):
        check(rows(b="(...) in {0, 1}"), {"b": mask})


def test_what_is_not_given_is_not_looked_at():
    check(rows(z="(m, d)", eps="()"), {"z": np.ones((2, 3)), "other": np.ones(0)})
    check(rows(z="(m, d)", gamma="(d,)"), {"z": np.ones((2, 3)), "gamma": None})


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        (("[", 0, 1, "]"), "a number from 0 to 1"),
        (("(", 0, 1, ")"), "a number above 0 to below 1"),
        (("(", -0.5, 1, "]"), "a number above -0.5 to 1"),
        (("[", 1, np.inf, ")"), "a number of at least 1"),
        (("(", 1, np.inf, ")"), "a number above 1"),
    ],
)
def test_an_interval_in_words(interval, words):
    assert in_words(*interval) == words


@pytest.mark.parametrize("kind", ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"])
def test_integers_become_floats_unless_the_row_wants_them(kind):
    value = np.array([0, 200 if kind != "int8" else 100]).astype(kind)
    assert converted(value, Row(("m",))).dtype == float
    assert np.array_equal(converted(value, Row(("m",))), value)
    assert converted(value, Row(("...",)))[1].dtype == float
    assert converted(value, Row(("m",), integers=True)) is value
    assert converted(value, Row(("*",))) is value


def test_what_is_no_array_of_integers_stays():
    for kind in (np.float16, np.float32, np.float64):
        value = np.ones(3, kind)
        assert converted(value, Row(("m",))) is value
    assert converted(3, Row(())) == 3
    assert isinstance(converted(3, Row(())), int), "a number of things may be counted with"
    assert converted(np.uint8(3), Row(("...",))).dtype == float
    assert converted([[1, 2]], Row(("m", "d"))).dtype == float
    for number in (3, 0.5):
        assert converted(number, Row(("...",))) is number, "beside float32 it is no float64"
        assert converted(number, Row(("*",))) is number
    for words in (["a", "b"], "word", [("a", "b")], np.array([True]), None):
        assert converted(words, Row(("m",))) is words


def test_a_list_becomes_an_array_whatever_its_axes_and_integers_stay_there():
    for row in (Row(("*",)), Row(("*",), mask=True)):
        assert converted([[True, False]], row).dtype == bool
        assert np.issubdtype(converted([0, 2], row).dtype, np.integer)
    assert converted([True], Row(("m",), mask=True)).dtype == bool
    assert converted(0.5, Row(("*",))) == 0.5


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
    assert declared(DOCSTRING) == declared(inspect.cleandoc(DOCSTRING)) == {n: Row(axes) for n, axes in wanted.items()}
    assert rows(
        z="(..., K)", y="(N, C, *) in integers", p="(m > 2,) in [0, 0.5)", f="(function)", o="(option)", l="(list)"
    ) == {
        "z": Row(("...", "K")),
        "y": Row(("N", "C", "*"), integers=True),
        "p": Row(("m",), (("m", 3),), ("[", 0.0, 0.5, ")")),
    }
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
    assert safe([[1, 2]], np.array([100, 3], np.uint8)).tolist() == [[100.0, 6.0]]
    assert safe(np.array([[100, 1]], np.int8), np.array([2, 3], np.int8)).tolist() == [[200.0, 3.0]], "-56 otherwise"
    assert checked(lambda z, *, power: z**power)(np.array([3.0]), power=2) == 9
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'g'"):
        safe(z)
    with pytest.raises(TypeError, match="positional arguments but 6 were given"):
        safe(z, g, len, "b", 1.0, 2)


def test_the_number_that_stands_for_what_is_left_out_may_be_handed_on():
    def layer(z, gamma=1.0, word="a"):
        return gamma * z

    layer.__doc__ = "z (m, d): $z$\ngamma (d,): $g$\nword (text): $w$"
    safe, z = checked(layer), np.ones((2, 3))
    assert np.array_equal(safe(z, 1.0), z)
    assert np.array_equal(safe(z, 1, "a"), z)
    for number in (2.0, np.array(0.0), [1.0]):
        with pytest.raises(ValueError, match=r"^gamma: expected shape \(d,\)"):
            safe(z, number)


def test_a_number_keeps_its_type():
    def twice(p):
        return 2 * p

    twice.__doc__ = "p (): $p$"
    assert type(checked(twice)(np.float32(1))) is np.float32
    assert checked(twice)(np.int8(3)).dtype == np.int8

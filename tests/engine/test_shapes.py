"""Shapes and intervals as rows declare them, what is drawn from them, and how the LaTeX sees them."""

from pathlib import Path

import numpy as np
import pytest

from yansuan.formula.formula import load
from yansuan.formula.shapes import Interval, Shape
from yansuan.proof.draw import REGIMES, Declared, draw
from yansuan.proof.sized import sized
from yansuan.tex.evaluate import execute


def test_a_shape_is_read():
    shape = Shape.of("(m > 1, ..., d, 2)")
    assert (shape.axes, shape.letters, shape.pack, shape.least) == (
        ("m", "...", "d", "2"),
        ("m", "d", "2"),
        "...",
        {"m": 2},
    )
    assert str(shape.filled("a", "b")) == "(m, a, b, d, 2)"
    assert str(shape.filled()) == "(m, d, 2)"
    assert [str(Shape.of(text)) for text in ("()", "(d,)", "(*)", "(text)")] == ["()", "(d,)", "(*,)", "()"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("(m; d)", "'m; d' is no axis"),
        ("(m-1,)", "'m-1' is no axis"),
        ("(... > 1,)", "'... > 1' is no axis"),
        ("(m > n,)", "'m > n' is no axis"),
        ("(..., *)", "more than one of"),
    ],
)
def test_what_is_no_shape_is_refused(text, why):
    with pytest.raises(ValueError, match="^" + why.replace(".", r"\.")):
        Shape.of(text)


def test_an_interval_is_read():
    assert Interval.of("[0, 1)").ends == [0.0]
    assert Interval.of("(-inf, 0.5]").ends == [0.5]
    assert Interval.of("(0, inf)").ends == []
    for wrong in ("[0; 1]", "[0, 1", "0 to 1", "[a, 1]"):
        with pytest.raises(ValueError, match="is no interval: write"):
            Interval.of(wrong)
    for empty in ("[1, 1]", "(1, 0)"):
        with pytest.raises(ValueError, match="is empty"):
            Interval.of(empty)


def drawn(rows, regime="ordinary", whole=True, times=60):
    return [draw(np.random.default_rng(i), rows, {}, REGIMES[regime], whole) for i in range(times)]


def test_leading_axes_are_the_same_throughout_and_of_any_number():
    rows = {"z": Declared("(..., K)"), "y": Declared("(...)"), "w": Declared("(K,)")}
    for values in drawn(rows):
        assert np.shape(values["z"]) == (*np.shape(values["y"]), *np.shape(values["w"]))
    assert {np.ndim(values["y"]) for values in drawn(rows)} == {0, 1, 2}


def test_any_axes_are_each_rows_own():
    rows = {"z": Declared("(N, C, *)"), "w": Declared("(*)")}
    assert {np.ndim(values["z"]) for values in drawn(rows)} == {2, 3, 4}
    assert any(np.shape(values["z"])[2:] != np.shape(values["w"]) for values in drawn(rows))


def test_sizes_differ_but_in_the_regime_of_sizes_of_one():
    rows = {"z": Declared("(m > 1, d)"), "y": Declared("(..., d)")}
    for values in drawn(rows):
        assert 1 not in (*values["z"].shape, *values["y"].shape)
        assert values["z"].shape[0] != values["z"].shape[1]
    ones = [values["z"].shape for values in drawn(rows, "sizes of one")]
    assert {shape[1] == 1 for shape in ones} == {True, False}
    assert all(shape[0] > 1 for shape in ones)
    assert any(1 in values["y"].shape[:-1] for values in drawn(rows, "sizes of one"))


def test_numbers_are_in_their_interval_and_at_its_ends():
    rows = {"p": Declared("(m,)", "[0, 1)"), "q": Declared("()", "(0, inf)"), "r": Declared("()", "[-1, 2]")}
    for regime in REGIMES:
        for values in drawn(rows, regime):
            assert np.all((values["p"] >= 0) & (values["p"] < 1))
            assert values["q"] > 0
            assert -1 <= values["r"] <= 2
            assert isinstance(values["r"], float)
    edges = drawn(rows, "edges")
    assert any(0 in values["p"] for values in edges)
    assert {-1.0, 2.0} < {values["r"] for values in edges}
    assert not any(0 in values["p"] for values in drawn(rows))


def test_what_may_be_left_out_is_so_now_and_then():
    rows = {"z": Declared("(m,)"), "g": Declared("(m,)", optional=True)}
    assert {values["g"] is None for values in drawn(rows, whole=False)} == {True, False}
    assert all(values["z"] is not None for values in drawn(rows, whole=False))
    assert all(values["g"] is not None for values in drawn(rows))


def test_a_mask_is_drawn_of_booleans():
    values = [value["b"] for value in drawn({"b": Declared("(m, d)", "{0, 1}")})]
    assert {b.dtype for b in values} == {np.dtype(bool)}
    assert 0.4 < np.mean([b.mean() for b in values]) < 0.6


def test_an_option_is_not_drawn_and_integers_are_asked_for():
    assert "axis" not in drawn({"axis": Declared("(option)")})[0]
    with pytest.raises(ValueError, match="merges: a list is not drawn; give one"):
        drawn({"merges": Declared("(list)")})
    with pytest.raises(ValueError, match="y: integers are not drawn; give some"):
        drawn({"y": Declared("(m,)", "integers")})


SNIPPET = '''r"""Family
一家
"""

import numpy as np


def mean(x, y, keep=True):
    r"""Mean
    均值

    $$ {tex} $$

    x {x}
        en: a number
        zh: 一个数
    y {y}
        en: a number
        zh: 一个数
    keep (option)
        en: whether to keep it
        zh: 是否保留
    -> (): $L$
        en: a mean
        zh: 均值

    Source: nobody 1900

    >>> print(mean(1, 2))
    1
    """
    return 1
'''


def symbols(tmp_path, tex, x, y):
    text = SNIPPET.replace("{tex}", tex).replace("{x}", x).replace("{y}", y)
    folder = Path(tmp_path, "snippets")
    folder.mkdir(exist_ok=True)
    (folder / "family.py").write_text(text, "utf-8")
    return sized(load(folder, "family.mean"))


def test_leading_axes_are_what_the_latex_has_indices_for(tmp_path):
    tex = r"L = \frac{1}{m} \sum_{r=1}^{m} \sum_{j=1}^{K} x_j^r y^r"
    found = symbols(tmp_path, tex, "(..., K): $x_j^r$", "(...): $y^r$")
    assert [(s.name, s.shape) for s in found] == [("x", "(m, K)"), ("y", "(m,)"), ("->", "()")]
    x, y = np.arange(6.0).reshape(2, 3), np.array([1.0, 10.0])
    assert execute(tex, found, {"x": x, "y": y})["->"] == pytest.approx((3 + 120) / 2)

    tex = r"L = \sum_{j=1}^{K} x_j y"
    found = symbols(tmp_path, tex, "(..., K): $x_j$", "(...): $y$")
    assert [s.shape for s in found] == ["(K,)", "()", "()"]

    tex = r"L = \sum_{r=1}^{N} \sum_{h=1}^{H} \sum_{w=1}^{W} x_{hw}^r y"
    assert [s.shape for s in symbols(tmp_path, tex, "(N, *): $x_{hw}^r$", "(): $y$")] == ["(N, H, W)", "()", "()"]

import re

import numpy as np
import pytest

from yansuan.formula.spec import Symbol
from yansuan.tex.evaluate import execute
from yansuan.tex.tokens import TexError, Undefined, equations, lex

rng = np.random.default_rng(0)
X, A = rng.normal(size=(4, 3)), rng.normal(size=(3, 3))
H = A @ A.T
VALUES = {
    **{"X": X, "x": X, "H": H, "W": rng.normal(size=(3, 2)), "J": A},
    **{"v": X[0], "w": X[1], "u": X[:, 0], "c": 0.3, "k": 2.0, "T4": rng.normal(size=(2, 3, 4))},
}
SYMBOLS = {
    "X": ("(m, d)", "X"),
    "x": ("(m, d)", "x_i^r"),
    "H": ("(d, d)", "H"),
    "J": ("(d, d)", "J_{ij}"),
    "W": ("(d, n)", "W"),
    "v": ("(d,)", "v_i"),
    "w": ("(d,)", r"\mathbf w"),
    "u": ("(m,)", "u^r"),
    "c": ("()", "c"),
    "k": ("()", r"\sigma^2"),
    "T4": ("(a, d, b)", "t_{qip}"),
}
x, v, w, u, c, k, W, J, T4 = (VALUES[n] for n in ("x", "v", "w", "u", "c", "k", "W", "J", "T4"))


def symbols(*rows):
    return tuple(Symbol(name, shape, tex, {}) for name, shape, tex in rows)


def value(tex, names, result="()", left="y"):
    """Execute `tex`, which defines the symbol `left`, with the named inputs."""
    rows = [(n, *SYMBOLS[n]) for n in names.split()] + [("->", result, left)]
    return execute(tex, symbols(*rows), {n: VALUES[n] for n in names.split()}, {"m": 4, "d": 3, "n": 2})["->"]


@pytest.mark.parametrize(
    ("right", "names", "wanted"),
    [
        ("-c + 2 - 1", "c", 1 - c),
        (r"2 c \cdot c \times c", "c", 2 * c**3),
        (r"\frac12 c + \dfrac{c}{4} + \tfrac1{20}", "c", 0.75 * c + 0.05),
        (r"1 / c - (1 / c) \cdot 2", "c", -1 / c),
        (r"c^{2} + c^3 + \left(c + 1\right)^2 + c^{-1}", "c", c**2 + c**3 + (c + 1) ** 2 + 1 / c),
        (r"2\bigl[c + \{1 + c\}\bigr]", "c", 2 * (1 + 2 * c)),
        (r"\sqrt{c} \sqrt 2 \pi", "c", np.sqrt(2 * c) * np.pi),
        (r"\sigma^2 + c^2", "c k", k + c**2),
        (r"\exp(c) + e^{-c} + \log c + \ln(2) + \tanh\left(c\right)", "c", 2 * np.cosh(c) + np.log(2 * c) + np.tanh(c)),
        (r"\tanh^2(c)", "c", np.tanh(c) ** 2),
        (r"\left|c - 1\right| + |{-c}|", "c", 1.0),
        (r"\max(c, 0, 0.1) - \min\{c, 0\}", "c", c),
        (r"\sum_{i=1}^{d} v_i \sum_{j=1}^{d} v_j", "v", v.sum() ** 2),
        (r"\sum_{i=1}^{d} v_i c + c", "v c", v.sum() * c + c),
        (r"\sum^{d}_{i=1} v_i^2", "v", (v**2).sum()),
        (r"\sum_i v_i \, + v_1 - v_{3}", "v", v.sum() + v[0] - v[2]),
        (r"\prod_{i=1}^{d} v_i", "v", v.prod()),
        (r"\sum_{r,i} x_i^r v_i u^r", "x v u", np.einsum("ri,i,r", x, v, u)),
        (r"\sum_{i=2}^{d} (v_i - v_{i-1})^2", "v", ((v[1:] - v[:-1]) ** 2).sum()),
        (r"\sum_{i} \sum_{j \neq i} v_i v_j", "v", v.sum() ** 2 - (v**2).sum()),
        (r"\max_i v_i - \min_{j} v_j", "v", np.ptp(v)),
        (r"\sum_{r=1}^{m} \max_{i} x_i^r", "x", x.max(axis=1).sum()),
        (r"\operatorname{mean}_i (v_i) + \operatorname{Var}_{i}(v_i)", "v", v.mean() + v.var()),
        (r"\operatorname{Var}(\mathbf w)", "w", w.var()),
        (r"\sum_{i=1}^{d} \sum_{j=1}^{d} J_{ij} \delta_{ij}", "J", np.trace(J)),
        (r"\sum_{i,j} J_{ij} \mathbf 1[i < j] + \mathbb{1}_{\{1 \le 2\}}", "J", np.triu(J, 1).sum() + 1),
        (r"\operatorname{tr}(H) + \mathrm{tr}(J_{ij}) \det(H)", "H", None),
        (r"\operatorname{tr}(H) + \det(H)", "H", np.trace(H) + np.linalg.det(H)),
        (r"\frac{\lambda_{\max}(H)}{\lambda_{\min}(H)}", "H", np.linalg.cond(H)),
        (r"\mathbf w^\top H \mathbf w + \mathbf w^{T} \mathbf w", "H w", w @ H @ w + w @ w),
        (r"\operatorname{tr}(\mathbf w \mathbf w^\top)", "w", w @ w),
        (
            r"\lVert \mathbf w \rVert^2 + \|\mathbf w\|_1 + \left\|\mathbf w\right\|_\infty",
            "w",
            w @ w + abs(w).sum() + abs(w).max(),
        ),
        (r"\lVert X \rVert_F", "X", np.linalg.norm(X)),
        (r"\sum_{i} H_{ii} + H_{1,2}", "H", np.trace(H) + H[0, 1]),
        (
            r"\sum_{i=1}^{d} (H \mathbf w)_i + \operatorname{softmax}(\mathbf w)_1",
            "H w",
            (H @ w).sum() + np.exp(w[0]) / np.exp(w).sum(),
        ),
        (r"\begin{cases} \frac12 c^2 & \text{if } |c| \leq 1, \\ c & \text{otherwise.} \end{cases}", "c", c**2 / 2),
        (r"\begin{cases} 0 & c < 0 \\ c & 0 \le c < 1 \\ 1 & c \geq 1 \end{cases}", "c", c),
        (r"\operatorname{clip}(c, 0.5, 1) + \operatorname{sign}(-c) + \operatorname{relu}(-c)", "c", -0.5),
        (r"\frac{m - 1}{m} c", "c", 0.75 * c),
        (r"\sin(c) + 2 \cos\left(c\right)", "c", np.sin(c) + 2 * np.cos(c)),
        (r"\lfloor c + \frac{3}{2} \rfloor + 7 \bmod 4 - 10 c \bmod 2", "c", 3.0),
        (r"\sum_{i=1}^{d} v_i \mathbf 1[i \bmod 2 = 1]", "v", v[0] + v[2]),
    ],
)
def test_a_number(right, names, wanted):
    if wanted is None:  # J is not declared here
        with pytest.raises(TexError, match=r"cannot read 'J"):
            value(f"y = {right}", names)
    else:
        assert value(f"y = {right}", names) == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize(
    ("tex", "names", "shape", "left", "wanted"),
    [
        (r"y_i = \sum_{r=1}^{m} x_i^r", "x", "(d,)", "y_i", x.sum(axis=0)),
        (r"y^r = \sum_i x_i^r v_i", "x v", "(m,)", "y^r", x @ v),
        (r"y_i^r = x_i^r - v_i", "x v", "(m, d)", "y_i^r", x - v),
        (r"y^r_i = x^r_{i} - v_{i}", "x v", "(m, d)", "y_i^r", x - v),
        (r"y^{(r)} = u^r + u^1", "u", "(m,)", "y^{(r)}", u + u[0]),
        (r"y_i = v_i + \sum_{j=1}^{d} v_j", "v", "(d,)", "y_i", v + v.sum()),
        (r"y_{ij} = v_i (\delta_{ij} - v_j)", "v", "(d, d)", "y_{ij}", np.diag(v) - np.outer(v, v)),
        (r"\frac{\partial y_i}{\partial v_j} = J_{ji}", "J", "(d, d)", r"\frac{\partial y_i}{\partial v_j}", J.T),
        (r"y_i = \frac{e^{v_i}}{\sum_{j} e^{v_j}}", "v", "(d,)", "y_i", np.exp(v) / np.exp(v).sum()),
        (r"y_{pq} = \sum_{i=1}^{d} t_{qip} v_i", "T4 v", "(b, a)", "y_{pq}", np.einsum("qip,i->pq", T4, v)),
        ("y_{ij} = H_{ij} + J_{ij}", "H J", "(d, d)", "y", H + J),
        (r"y = X^\top X", "X", "(d, d)", "y", X.T @ X),
        (r"y = X W", "X W", "(m, n)", "y", X @ W),
        (r"y = H^{-1} \mathbf w", "H w", "(d,)", "y", np.linalg.solve(H, w)),
        (r"y = \mathbf w \odot \frac{X - \mathbf w}{\sqrt{\exp(\mathbf w) + 1}}", "X w", "(m, d)", "y", w * (X - w) / np.sqrt(np.exp(w) + 1)),
        (r"y = \operatorname{softmax}(X)", "X", "(m, d)", "y", np.exp(X) / np.exp(X).sum(axis=1, keepdims=True)),
        (r"y = \operatorname{sigmoid}(-\mathbf{w})", "w", "(d,)", "y", 1 / (1 + np.exp(w))),
        (r"y = \operatorname{diag}(\mathbf w) H", "H w", "(d, d)", "y", np.diag(w) @ H),
    ],
)  # fmt: skip
def test_an_array(tex, names, shape, left, wanted):
    got = value(tex, names, shape, left)
    assert got.shape == wanted.shape
    np.testing.assert_allclose(got, wanted, rtol=1e-10)


def test_equations_in_any_order_rows_and_separators():
    table = symbols(
        ("x", "(m, d)", "x_i^r"), ("mu", "(d,)", r"\mu_i"), ("-> a", "(m, d)", "a_i^r"), ("-> b", "()", "b")
    )
    for tex in (
        r"a_i^r = x_i^r - \mu_i, \qquad \mu_i = \frac{1}{m} \sum_{r=1}^{m} x_i^r; \quad b = \sum_{i=1}^{d} \mu_i.",
        r"\begin{aligned} b &= \sum_{i=1}^{d} \mu_i \\[2pt] a_i^r &= x_i^r \\ &\quad - \mu_i \\ \mu_i &= \frac1m \sum_{r=1}^{m} x_i^r \end{aligned}",
    ):
        got = execute(tex, table, {"x": x})
        assert got.keys() == {"-> a", "mu", "-> b"}
        np.testing.assert_allclose(got["-> a"], x - x.mean(axis=0))
        np.testing.assert_allclose(got["-> b"], x.mean(axis=0).sum())


def test_an_update_has_the_old_value_on_the_right():
    table = symbols(("old", "(d,)", r"\bar\mu_i"), ("p", "()", "p"), ("->", "(d,)", r"\bar{\mu}_i"))
    got = execute(r"\bar\mu_i \leftarrow p\,\bar\mu_i + (1 - p)", table, {"old": v, "p": 0.25})
    np.testing.assert_allclose(got["->"], 0.25 * v + 0.75)
    with pytest.raises(TexError, match=r"written alike; write \\leftarrow after '\\bar"):
        execute(r"\bar\mu_i = p\,\bar\mu_i", table, {"old": v, "p": 0.25})


def test_members_of_a_chain_are_computed_and_compared():
    assert value("y = (c + 1)^2 = c^2 + 2c + 1", "c") == pytest.approx((c + 1) ** 2)
    assert value(r"\begin{aligned} y &= c + c \\ &= 2 c \end{aligned}", "c") == 2 * c
    with pytest.raises(TexError, match=r"^y is another value in the member 'c \^ 2 \+ 1'$"):
        value("y = (c + 1)^2 = c^2 + 1", "c")
    with pytest.raises(TexError, match=r"^y is another value in the member '3 c'$"):
        value(r"y = 2 c, \quad y = 3 c", "c")


def test_an_input_that_the_latex_also_defines_must_agree():
    table = symbols(("x", "(m, d)", "x_i^r"), ("mu", "(d,)", r"\mu_i"), ("->", "(m, d)", "y_i^r"))
    tex = r"\mu_i = \frac{1}{m} \sum_{r=1}^{m} x_i^r, \quad y_i^r = x_i^r - \mu_i"
    execute(tex, table, {"x": x, "mu": x.mean(axis=0)})
    with pytest.raises(TexError, match=r"\\mu_i is another value"):
        execute(tex, table, {"x": x, "mu": x.mean(axis=0) + 1})


def test_the_longest_symbol_wins():
    table = symbols(("s", "(d,)", r"\sigma_i"), ("var", "(d,)", r"\sigma_i^2"), ("->", "(d,)", "y_i"))
    got = execute(r"y_i = \sigma_i^2 + \sigma_i + (\sigma_i)^2 + \sigma_i^3", table, {"s": v, "var": w})
    np.testing.assert_allclose(got["->"], w + v + v**2 + v**3)


@pytest.mark.parametrize(
    ("tex", "names", "shape", "left", "message"),
    [
        (r"y = \foo c", "c", "()", "y", r"cannot read '\foo c'"),
        ("y = c + z", "c", "()", "y", "cannot read 'z'"),
        ("y = c +", "c", "()", "y", "cannot read 'the end'"),
        (r"y = c \approx 2", "c", "()", "y", r"cannot read '\approx 2'"),
        (r"y = \frac{c}{2", "c", "()", "y", "unbalanced"),
        (r"y = (c + 2", "c", "()", "y", "unbalanced: no ')'"),
        (r"y = c)", "c", "()", "y", "unbalanced ')' after 'y = c'"),
        (r"y = |c", "c", "()", "y", "expected '|', found 'the end'"),
        (r"y = c^", "c", "()", "y", "nothing after '= c ^'"),
        ("c + 1", "c", "()", "y", "not an equation: 'c + 1'"),
        ("y = c = ", "c", "()", "y", "empty side"),
        ("c + 1 = y", "c", "()", "y", "the left side is not a symbol with free indices: 'c + 1'"),
        ("z = c", "c", "()", "y", "the left side is not one declared symbol: 'z'"),
        (r"y = c, \quad c = 0.3", "c w", "()", "y", "never uses w"),
        ("y = 1", "c", "()", "y", "never uses c"),
        ("c = 0.3", "c", "()", "y", "does not define ->"),
        ("y = y + c", "c", "()", "y", "each needs another of these, or itself: y"),
        ("y_i^r = x_r^i - v_i", "x v", "(m, d)", "y_i^r", "x _ r ^ i: index"),
        ("y_i^r = x_i^r - v_r", "x v", "(m, d)", "y_i^r", "v _ r: index"),
        (r"y^i = \sum_{r=1}^{m} x_i^r", "x", "(m,)", "y^i", "its shape is (m, d), but elsewhere"),
        (r"y_i = \sum_{r=1}^{d} x_i^r v_r", "x v", "(d,)", "y_i", "its shape is (m, d), but elsewhere"),
        ("y_i = x_i^r", "x", "(d,)", "y_i", "the shape is (3, 4) and should be (3,)"),
        (r"y_i = \sum_r x_i^r + u^r", "x u", "(d,)", "y_i", "u ^ r: the index r is neither on the left side nor bound"),
        (r"y_i = \sum_{i=1}^{d} v_i", "v", "(d,)", "y_i", "'i' cannot be bound here, or is an index already"),
        (r"y_i = v_i + v_4", "v", "(d,)", "y_i", "v _ 4: index 4 out of range 1 to 3"),
        (r"y_i = v_{i-1}", "v", "(d,)", "y_i", "index 0 out of range 1 to 3"),
        (r"y = \sum_{i=1}^{5} v_i", "v", "()", "y", "index 4 out of range 1 to 3"),
        (r"y = \sum_{i=1}^{c} v_i", "v c", "()", "y", "bound 0.3 of an index is not a whole number"),
        (r"y = \sum_i c", "c", "()", "y", "cannot tell which size the index i runs over"),
        (r"y = \sum c", "c", "()", "y", r"\sum without an index"),
        (r"y = c / 2 c", "c", "()", "y", "where does the divisor end"),
        (r"y = \log 2 c", "c", "()", "y", r"where does the argument of \log end"),
        (r"y = \log(c)^2", "c", "()", "y", r"is \log raised to a power"),
        (r"y = \tanh^{-1}(c)", "c", "()", "y", r"is \tanh inverted or raised to a power"),
        (r"y = \max_i(v_i, c)", "c v", "()", "y", r"\max over an index, of 2 arguments"),
        (r"y = \sum_{d=1}^{2} d c", "c", "()", "y", "an index is written like a symbol: 'd c'"),
        (r"y = \max(X)", "X", "()", "y", r"\max takes a vector"),
        (r"y = \sqrt[3]{c}", "c", "()", "y", r"cannot read a root"),
        (r"y = \mathbf w^2", "w", "(d,)", "y", "the power of an array"),
        (r"y = \mathbf w \mathbf w", "w", "(d,)", "y", "a vector times an array"),
        (r"y = \mathbf w^\top + 1", "w", "(d,)", "y", "a transposed vector can only be multiplied"),
        (r"y = |\mathbf w|", "w", "(d,)", "y", "|…| of an array"),
        (r"y = \lVert X \rVert", "X", "()", "y", "the norm 2 of an array of shape (4, 3)"),
        (r"y = \lambda_{\max}(X)", "X", "()", "y", "not a symmetric matrix"),
        (r"y = H X", "H X", "(d, d)", "y", "mismatch"),
        (r"y = \mathbf w + W", "w W", "(d, n)", "y", "the shapes (3,) and (3, 2) do not fit"),
        (r"y = \mathbf w", "w", "(m,)", "y", "the shape is (3,) and should be (4,)"),
        (r"y = H_{123}", "H", "()", "y", "for the shape (d, d)"),
        (r"y = 5 \bmod 2 c", "c", "()", "y", "where does the modulus end"),
        (r"y = \begin{cases} c & c < 0 \end{cases}", "c", "()", "y", "no case applies"),
        (r"y = \begin{cases} c & c \end{cases}", "c", "()", "y", "expected a comparison"),
        (r"y = \frac{c - 0.3}{0}", "c", "()", "y", "invalid value"),
        (r"y = \log(-c)", "c", "()", "y", "invalid value"),
    ],
)  # fmt: skip
def test_what_is_refused_and_why(tex, names, shape, left, message):
    with pytest.raises(TexError, match=re.escape(message)):
        value(tex, names, shape, left)


def test_no_value_is_another_error_than_no_meaning():
    with pytest.raises(Undefined):
        value(r"y = \frac{1}{c - c}", "c")


def test_an_index_that_may_run_over_either_size_is_refused_only_if_it_matters():
    table = symbols(("x", "(m, d)", "x_i^r"), ("->", "(m, d)", "y_i^r"))
    np.testing.assert_allclose(execute("y_i^r = 2 x_i^r", table, {"x": x})["->"], 2 * x)
    table = symbols(("x", "(m, d)", "x_i^r"), ("->", "()", "y"))
    with pytest.raises(TexError, match="cannot tell which sizes the indices run over"):
        execute(r"y = \sum_{i,r} i x_i^r", table, {"x": x})


def test_shapes_and_names_of_what_is_given():
    table = symbols(("a", "(d,)", "a_i"), ("b", "(d,)", "b_i"), ("->", "(d,)", "y_i"))
    with pytest.raises(TexError, match=r"^b: expected the shape \(d,\), got \(4,\)"):
        execute("y_i = a_i + b_i", table, {"a": v, "b": np.ones(4)})
    with pytest.raises(TexError, match=r"^values for no symbol: z$"):
        execute("y_i = a_i + b_i", table, {"a": v, "b": v, "z": 1.0})


def test_a_number_that_is_called_like_a_size_is_that_size():
    table = symbols(("d", "()", "d"), ("c", "()", "c"), ("->", "(d,)", "y_i"))
    assert execute(r"y_i = c + \frac{i}{d}", table, {"d": 4, "c": c})["->"] == pytest.approx(c + np.arange(1, 5) / 4)
    with pytest.raises(TexError, match=r"the bound 1\.5 of an index is not a whole number"):
        execute(r"y_i = c + \frac{i}{d}", table, {"d": 1.5, "c": c})
    table = symbols(("d", "()", "d"), ("v", "(d,)", "v_i"), ("->", "(d,)", "y_i"))
    with pytest.raises(TexError, match=r"^v: expected the shape \(d,\), got \(3,\)"):
        execute(r"y_i = v_i + d", table, {"d": 4, "v": v})


def test_a_function_is_applied_and_a_text_is_equal_or_not():
    table = symbols(("f", "(function)", "f"), ("s", "(text)", "s"), ("t", "(n,)", "t_j"), ("->", "()", "y"))
    given = {"f": str.upper, "s": "one", "t": ["two", "one", "ONE"]}
    assert execute(r"y = \sum_{j=1}^{n} \mathbf{1}[f(t_j) = f(s)]", table, given)["->"] == 2
    assert execute(r"y = \sum_{j=1}^{n} j \, \mathbf{1}[t_j = s] + \mathbf{1}[f(s) \neq s]", table, given)["->"] == 3
    assert execute(r"y = \max_j f(s, t_j)", table, given | {"f": lambda s, t: float(s in t)})["->"] == 1
    for wrong in ("f(s)", "s + 1", "2 s", "f(s, s)", "f", "f s", r"\max(s, 1)", "t_1", "|s|", r"\sqrt{s}"):
        with pytest.raises(TexError):
            execute(rf"y = \sum_j \mathbf{{1}}[f(t_j) = s] + {wrong}", table, given)


def test_tokens():
    assert lex(r"\left( \bar{\mu}_{i} \right)^{2}") == ["(", r"\bar", r"\mu", "_", "i", ")", "^", "2"]
    assert lex(r"x^{r}_i") == lex("x_i^r") == ["x", "_", "i", "^", "r"]
    assert lex(r"\frac12 x^23 {12}") == [r"\frac", "1", "2", "x", "^", "2", "3", "12"]
    assert lex(" ".join(lex(r"\dfrac{12}{m} x^{12} \operatorname{tr}(x)"))) == lex(r"\frac{12}{m} x^{12} \text{tr}(x)")
    assert [chain.members for chain in equations(r"a = b, \quad c &= d \\ &= e")] == [
        [["a"], ["b"]],
        [["c"], ["d"], ["e"]],
    ]

"""What is drawn is what is executed: one LaTeX, read by the renderer and by the evaluator, has one meaning or none."""

import contextlib
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.engine.test_bad_input import CARD, TEX, edit_snippet, project, render  # noqa: F401
from yansuan.base.errors import YansuanError
from yansuan.formula.formula import load_all
from yansuan.formula.spec import INLINE, Symbol
from yansuan.tex.drawn import differs
from yansuan.tex.evaluate import execute
from yansuan.tex.mathml import LatexFault, convert, to_html
from yansuan.tex.symbols import COMMAND, ROWS
from yansuan.tex.tokens import TexError, contains, lex

FORMULAS = load_all("snippets")
TYPESET = {name: formula for name, formula in FORMULAS.items() if not formula.steps}
EXECUTED = {name: formula for name, formula in TYPESET.items() if "Read" not in formula.fields}


@pytest.mark.parametrize("name", FORMULAS)
def test_every_formula_is_drawn_as_it_is_written(name):
    formula = FORMULAS[name]
    said = [text for step in formula.steps for text in step.text.values()]
    said += [text for s in formula.symbols for text in s.meaning.values()]
    said += [text for field in formula.fields.values() for texts in field for text in texts.values()]
    inline = [s.tex for s in formula.symbols] + [tex for text in said for tex in INLINE.findall(text)]
    assert differs(formula.tex, convert(formula.tex, True)) is None
    assert [tex for tex in inline if differs(tex, convert(tex, False))] == []


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac12 + \tfrac ab - \dfrac{10}{x y}",
        r"\sqrt 23 + \sqrt[3]{x + 1} + \sqrt{\frac{a}{b}}",
        r"x^23 + x^{23} + x_1^2 + x^2_1 + {x_1}^2",
        r"f' + f'' + f'_i + f_i' + f'^2 + x^\prime + x^{\prime\prime 2}",
        r"\bar{\mu}^r_i + \tilde z_i + \hat{\mathbf x} + \dot x + \ddot x + \vec v + \overline{x y} + \underline x",
        r"\mathbf x + \mathbf{xy}_i + \mathbf{x_i} + \boldsymbol\mu + \mathbf\Sigma + \mathbb R + \mathcal L + \mathscr L",
        r"\mathrm{d}x + \mathrm{KL}(p) + \mathrm{a b} + \operatorname{arg max}_i + \operatorname*{soft}_i x",
        r"\left( \frac{a}{b} \right)^2 + \bigl[ a \bigr] + \left\{ a \right\} + \lfloor x \rfloor + \left\lceil x \right\rceil",
        r"|x| + \left| x \right| + \lvert x \rvert + \bigl| x \bigr| + \|x\|_2 + \left\| x \right\|^2 + \lVert x \rVert",
        r"\left. f \right|_{x = 0} + p(a \mid b) + \left( a \middle| b \right)",
        r"\sum_{i=1}^{n} x_i + \sum\nolimits_i + \prod\limits_i x + \max_{i, j} x + \int_0^1 f\,\mathrm{d}x",
        r"a \bmod b + a \equiv b \pmod n + n! + \binom{n}{k}^2",
        r"a \le b \ne c \ge d \not= e \to f \gets g := h",
        r"1, \dots, n, \ldots ... \cdots",
        r"a \quad b \qquad c \quad\quad d \, e \; f \: g \! h ~ i \ j",
        r"\text{if } x, \text{ for  each } y, \text{it's “so”}, \text{50\%}",
        r"\begin{cases} a, & \text{if } x > 0 \\ b & \text{otherwise} \end{cases}",
        r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}^\top + \begin{bmatrix} 1 \\ \vdots \end{bmatrix}",
        r"\overset{?}{=} + \underset{x}{\max} f + \underbrace{a + b}_{c} + \overbrace{a}^n + \stackrel{a}{\to}",
        r"\displaystyle \sum_i a {\textstyle b}",
        "x × y − z ≤ α",
        r"1{,}000 + 1\,000 + (1, 2)",
        r"\phantom{x} + \mathop{x}_i",
        r"\varGamma \Gamma \mathit{ab} \mathrm\mu \Re \mathfrak R \imath \emptyset \varnothing",
    ],
)
def test_the_drawing_reads_as_the_latex(tex):
    for display in (True, False):
        assert differs(tex, convert(tex, display)) is None
    aligned = rf"\begin{{aligned}} {tex} \\ & {tex} \\ \end{{aligned}}"  # the renderer has other rules in a table
    assert differs(aligned, convert(aligned, True)) is None


def test_all_symbols_are_those_of_the_renderer():
    for character, *names in ROWS:
        for name in names:
            drawn = "".join(ElementTree.fromstring(convert(f"\\{name}", False)).itertext())
            assert drawn.rstrip("\ufe00\ufe01") == character, name
            assert lex(rf"\{name}") == lex(character) == [COMMAND[character]]


ROWS_CURE = r"put the rows into \begin{aligned} … \end{aligned}"


@pytest.mark.parametrize(
    ("tex", "message"),
    [
        (r"y = \max_i x_i \\ z = 3 y", ROWS_CURE),
        (r"a, \\ b", ROWS_CURE),
        (r"a \newline b", ROWS_CURE),
        (r"a \cr b", "Unknown command"),
        (r"a & b", "may only appear in a table"),
        (r"\begin{gathered} a = 1 \\[1.5em] b = 2 \end{gathered}", r"write \\ without a length"),
        (r"\begin{align} a &= b \\ c &= d \end{align}", "write aligned, gathered, cases or a matrix, without lines"),
        (r"\begin{equation} a = b \end{equation}", "write aligned"),
        (r"\begin{array}{l|c} a & b \\ \hline c & d \end{array}", "a table with lines"),
        (r"a^{b}^{c}", "Duplicate subscript or superscript"),
        (r"{a^b}^c", "two scripts '^' at one place"),
        (r"x_1_2", "Duplicate"),
        (r"{x + y \over z}", r"write \frac{a}{b}"),
        ("12 345", r"write a number in one piece, and \cdot between two"),
        ("7{8}9", "write a number in one piece"),
        ("0.5 .5", "draws the number 0.5.5"),
        (r"\bf w + b", r"write \mathbf{x}"),
        (r"\rm d x", r"write \mathbf{x}"),
        (r"\Big| a \Big|", r"write \bigl before the left bar"),
        (r"\newcommand{\two}{2} \two x", "write it out"),
        (r"\def\y{x} \y", "write it out"),
        (r"a \hspace{2em} b", r"write \, or \quad"),
        (r"a \kern-1em b", r"write \, or \quad"),
        (r"a \hspace{1cm} b", r"write \, or \quad"),
        (r"a \mkern9mu b", r"write \, or \quad"),
        (r"a\!\!b", r"more than one \! in a row"),
        (r"\textcolor{blue}{x} + 1", "delete it"),
        (r"{\color{white} 2} x", "delete it"),
        (r"\boxed{x}", r"\boxed draws <menclose>, which cannot be compared"),
        (r"\cancel{x} y", "<menclose>"),
        (r"\text{\textbf{or} x}", "<b> in text"),
        (r"x \label{eq} + 1", "may only appear in a numbered equation"),
        (r"x \tag{1}", "may only appear in a numbered equation"),
        (r"x \not\subset y", "write it in another way"),
        (r"\prescript{a}{b}{c}", "<mmultiscripts>"),
        ('x = "a"', "write quotation marks outside the formula"),
        (r"{}_i x", "nothing before '_'"),
        (r"\xrightarrow{n}", "write it in another way"),
        ("x " + "{" * 100 + "y" + "}" * 100, "braces within braces"),
    ],
)
def test_what_is_not_drawn_as_it_is_written_is_refused(tex, message):
    for display in (True, False):
        with pytest.raises(LatexFault, match=re.escape(message)):
            to_html(tex, display)


@pytest.mark.usefixtures("project")
class TestPages:
    def test_a_card_says_which_line(self):
        tex = "\\mu &= \\frac{1}{m} \\sum_{r=1}^{m} z^r \\\\\n    &= \\bf \\mu"
        edit_snippet(TEX, f"    $$ \\begin{{aligned}} {tex} \\end{{aligned}} $$\n")
        with pytest.raises(YansuanError) as error:
            render(f"# T\n\n{CARD}")
        assert str(error.value).startswith(r"snippets/family.py:9: mean: LaTeX: '\bf \mu \end{aligned}' is written, ")

    def test_a_symbol_is_drawn_as_it_is_written(self):
        edit_snippet("(m,): $z^r$", r"(m,): $z\!\!^r$")
        with pytest.raises(YansuanError, match=r"^snippets/family\.py:10: mean: LaTeX: this draws more than one"):
            render(f"# T\n\n{CARD}")

    def test_inline_math_is_drawn_as_it_is_written(self):
        with pytest.raises(YansuanError, match=r"^docs/zh/page\.md:3: LaTeX: '\\\\ y' is written, 'y' would be drawn"):
            render("# T\n\nSome text, $x \\\\ y$.\n")


def value(tex, result="()"):
    table = [("c", "()", "c"), ("v", "(n,)", "v_i"), ("->", result, "y")]
    known = {name: given for name, given in (("c", 0.3), ("v", np.array([1.0, -2.0, 4.0]))) if name in tex}
    symbols = [Symbol(name, shape, tex, {}) for name, shape, tex in table if name in known or name == "->"]
    return execute(tex, symbols, known, {"n": 3})["->"]


@pytest.mark.parametrize(
    ("tex", "wanted"),
    [
        ("y = 2 {c + 1}", 1.6),  # braces are not drawn: this looks like 2c + 1
        ("y = {c + 1}^2", 1.3),
        ("y = -2^2 c", -1.2),
        (r"y = \sqrt 12 c", 0.6),
        (r"y = \frac12 c", 0.15),
        (r"y = c^23", 0.27),
        (r"y = c × 2 − 1", -0.4),
        (r"y \coloneqq c + 1", 1.3),
        (r"y = \operatorname{exp}(c) - \exp(c) + c", 0.3),
        (r"y = \ln(c) - \log(c) + c", 0.3),
        (r"y = \sum_i {v_i + c}", None),  # looks like (Σ v) + c, in which c is counted once
        (r"y = \max_{i} |v_i|", 4.0),
        (r"y = 7 c \mod 2", 0.1),
        (r"\begin{gather*} y = 2 c \\ y = c + c \end{gather*}.", 0.6),
    ],
)
def test_what_is_executed_is_what_is_drawn(tex, wanted):
    to_html(tex, True)
    assert value(tex) == pytest.approx(3.3 if wanted is None else wanted)


@pytest.mark.parametrize(
    ("tex", "message"),
    [
        (r"y = c + 1\,000", "two numbers side by side"),
        (r"y = c + 1{,}000", "cannot read '{,} 000'"),
        (r"y = \max(c, 1,000)", "cannot read '000 )'"),
        ("y = c + 0,5", "not an equation: '5'"),
        (r"y = 2\frac34 c", "a mixed number or a product?"),
        (r"y = \left| c \left| c - 1 \right| c \right|", "bars within bars, which look alike"),
        (r"y = \left\| c \lVert c \rVert \right\|", "bars within bars"),
        (r"y = ||c| - 1|", "bars within bars"),
        (r"y = |c", "expected '|'"),
        ("y = c!", "cannot read '!'"),
        ("y = c'", "cannot read '''"),
        ("y = c · 2", r"cannot read '\cdotp 2'"),
        (r"y = \mathbf c", "expected '1'"),
        (r"y = \boldsymbol c", r"cannot read '\boldsymbol c'"),
        (r"y = \mathrm c", r"cannot read '\operatorname{c}'"),
        (r"y = \dot c", r"cannot read '\dot c'"),
        (r"y = c \mid 2", r"cannot read '\mid 2'"),
        (r"y = c + \dots + c", r"cannot read '\dots + c'"),
        (r"y = c \phantom{+ 1}", r"cannot read '\phantom"),
        (r"y = \begin{aligned} c \\ c \end{aligned}", "rows within an equation"),
        (r"y = \begin{matrix} c \\ c \end{matrix}", r"cannot read '\begin{matrix}"),
        (r"y = c, \quad \begin{aligned} y &= c \end{aligned}", "rows within an equation"),
    ],
)
def test_what_a_reader_could_take_for_something_else_is_not_executed(tex, message):
    to_html(tex, True)  # it may be drawn
    with pytest.raises(TexError, match=re.escape(message)):
        value(tex)


def test_an_index_between_commas_may_be_a_sum():
    table = [Symbol("w", "(m, n)", "E'_{i,j}", {}), Symbol("->", "(m,)", "y_i", {})]
    w = np.arange(12.0).reshape(3, 4)
    for tex in (r"y_i = \sum_{j=2}^{4} E'_{i,j-1}", r"y_i = \sum_{j=1}^{3} E'_{i,{j + 1 - 1}}"):
        np.testing.assert_allclose(execute(tex, table, {"w": w})["->"], w[:, :3].sum(axis=1))
    table[0] = Symbol("w", "(m, n)", "E_{ij}", {})
    with pytest.raises(TexError):  # looks like the index i j + 1
        execute(r"y_i = \sum_{j=1}^{3} E_{i{j+1}}", table, {"w": w})


# every change of one token of a formula


def visible(mathml):
    """What can be seen of MathML: its characters and how they are put together; said another way than `drawn` does."""
    marks = {"msub": "_", "msup": "^", "msubsup": "_^", "munder": "_", "mover": "^", "munderover": "_^"}

    def seen(element):
        parts = list(map(seen, element))
        if element.tag == "mspace":
            return "␣" if element.get("width", "").startswith(("1em", "2em")) else ""
        if element.tag == "mtext":
            text = " ".join((element.text or "").split())
            return text and f"<{text}>"
        if element.tag in marks and "true" not in (element.get("accent"), element.get("accentunder")):
            return parts[0] + "".join(f"{m}«{s}»" for m, s in zip(marks[element.tag], parts[1:], strict=True))
        if element.tag in ("math", "mrow", "mpadded"):
            return "".join(parts)
        if len(element) or element.tag in ("mtr", "mtd", "msqrt"):
            return f"{element.tag}«{('¦' if element.tag in ('mfrac', 'mover', 'mtable', 'mtr') else '').join(parts)}»"
        upright = element.get("mathvariant", "") or ("word" if len(element.text or "") > 1 else "")
        text = re.sub("[\u2061-\u2064\\s]", "", element.text or "")
        return f"{upright[:1] if text.isalpha() else ''}{text}"

    drawn = seen(ElementTree.fromstring(mathml))
    return re.sub("␣+", "␣", re.sub("¦mtr«(mtd«»)?»(?=»)", "", drawn))


WRITTEN = re.compile(r"\\(?:begin|end)\{[^}]*\}|\\(?:text|operatorname)\{[^}]*\}|\\[a-zA-Z]+|\\.|\d|\S")
INSTEAD = (
    "1",
    "x",
    "^",
    "{",
    "}",
    r"\\",
    "&",
    "'",
    "|",
    r"\quad ",
    r"\, ",
    r"\mathbf ",
    r"\left| ",
    ",",
    "=",
    "-",
    "~",
)


def places():
    """{formula: the numbers of its tokens that are to be changed}: what stands between the same two tokens, once.

    What is tested is the engine, which sees no more of a place than that; and so formulas like others cost nothing.
    """
    seen, found = set(), {}
    for name, formula in EXECUTED.items():
        tokens = ["", *(m[0] for m in WRITTEN.finditer(formula.tex)), ""]
        for number, three in enumerate(zip(tokens, tokens[1:], tokens[2:], strict=False)):
            if three not in seen:
                seen.add(three)
                found.setdefault(name, []).append(number)
    return found


PLACES = places()


def changes(tex, numbers):
    """The formula without a token or with another in its place; with a token twice or with another before it."""
    spans = [m.span() for m in WRITTEN.finditer(tex)]
    for number in numbers:
        start, end = spans[number]
        token, before, after = tex[start:end], tex[:start], tex[end:]
        other = INSTEAD[number % len(INSTEAD)]
        yield f"{before} {after}" if number % 2 else f"{before}{token} {token} {after}"
        yield f"{before} {other} {after}" if number % 3 else f"{before} {other} {token} {after}"


@pytest.mark.parametrize("name", PLACES)
def test_every_change_of_a_token_changes_the_drawing_and_the_tokens_or_neither(name):
    tex = EXECUTED[name].tex
    drawings, meanings = {}, {}
    for changed in (tex, *changes(tex, PLACES[name])):
        try:
            drawn, meant = visible(to_html(changed, True)), tuple(lex(changed))
        except LatexFault:
            continue  # refused, which is a third way
        meant = tuple({r"\lvert": "|", r"\rvert": "|", "{,}": ","}.get(token, token) for token in meant)
        assert meanings.setdefault(drawn, meant) == meant, f"drawn alike: {changed}"
        assert drawings.setdefault(meant, drawn) == drawn, f"executed alike: {changed}"


def test_most_changes_of_a_token_are_drawn():
    """Or the test before would see little. Of every eighth place."""
    tried = [tex for name in PLACES for tex in changes(EXECUTED[name].tex, PLACES[name][::8])]
    drawn = 0
    for tex in tried:
        with contextlib.suppress(LatexFault):
            drawn += bool(to_html(tex, True))
    assert len(tried) > 200
    assert drawn > len(tried) / 2


def test_every_token_between_its_two_neighbours_is_changed_somewhere():
    def threes(name, numbers=None):
        tokens = ["", *WRITTEN.findall(EXECUTED[name].tex), ""]
        every = list(zip(tokens, tokens[1:], tokens[2:], strict=False))
        return {every[n] for n in (range(len(every)) if numbers is None else numbers)}

    chosen = set().union(*(threes(name, numbers) for name, numbers in PLACES.items()))
    assert chosen == set().union(*map(threes, EXECUTED))
    assert len(chosen) > 1000


# whatever is written


ATOMS = [("c", 0.3), ("d", -1.7), ("2", 2.0), ("0.5", 0.5), (r"\pi", np.pi)]
BRACKETS = [("(", ")"), (r"\left(", r"\right)"), (r"\bigl[", r"\bigr]"), (r"\left\{", r"\right\}")]
TIMES, FRACTIONS, TANH = (
    [r"\cdot", r"\times", "×"],
    [r"\frac", r"\dfrac", r"\tfrac"],
    [r"\tanh", r"\operatorname{tanh}"],
)
BARS = [("|", "|"), (r"\lvert ", r"\rvert "), (r"\left|", r"\right|"), (r"\Bigl| ", r"\Bigr|")]


@st.composite
def expressions(draw, depth=4):
    """(LaTeX in one of its spellings, its value by Python)."""

    def one(of):
        return draw(st.sampled_from(of))

    kind = one(["atom", "sum", "product", "fraction", "power", "root", "function"]) if depth else "atom"
    if kind == "atom":
        return one(ATOMS)
    tex, number = draw(expressions(depth - 1))
    other, second = draw(expressions(depth - 1)) if kind in ("sum", "product", "fraction") else ("", 0.0)
    left, right = one(BRACKETS)
    if kind == "sum":
        sign = one("+-−")
        return f"{left}{tex} {sign} {other}{right}", number + second if sign == "+" else number - second
    if kind == "product":
        return f"{tex} {one(TIMES)} {other}", number * second
    if kind == "fraction":
        return f"{one(FRACTIONS)}{{{tex}}}{{|{left}{other}{right}| + 1}}", number / (abs(second) + 1)
    if kind == "power":
        return f"{left}{tex}{right}^{one(['2', '{2}', ' 2'])}", number**2
    if kind == "root":
        left, right = one(BARS)
        return rf"\sqrt{{{left}({tex}){right}}}", abs(number) ** 0.5
    return f"{one(TANH)}{left}{tex}{right}", np.tanh(number)


# always the same expressions; how long they take says how busy the machine is
law = settings(derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])


@law
@given(expressions())
def test_random_expressions_are_drawn_and_executed_alike(expression):
    tex, wanted = expression
    assume(len(tex) < 1000 and abs(wanted) < 1e6)
    assert differs(f"y = {tex}", to_html(f"y = {tex}", True)) is None
    table = [Symbol(name, "()", name, {}) for name in "cd"] + [Symbol("->", "()", "y", {})]
    got = execute(f"y = {tex} + c - c + d - d", table, {"c": 0.3, "d": -1.7})["->"]
    assert got == pytest.approx(wanted, rel=1e-9, abs=1e-9)


@law
@given(st.lists(st.sampled_from([*"xy12+-=^_{}()[]|',.&~! :", r"\frac", r"\\", r"\sqrt ", r"\bar ", r"\left(", r"\right)", r"\mathbf", r"\sum", r"\quad ", r"\dots ", r"\max ", r"\operatorname{f}", r"\text{a b}", r"\!", r"\|", r"\begin{cases}", r"\end{cases}", "−", "α"]), max_size=14).map("".join))  # fmt: skip
def test_whatever_is_written_is_drawn_as_it_is_read_or_refused(tex):
    try:
        drawn = to_html(tex, False)
    except LatexFault:
        return
    again = " ".join(lex(tex))
    assert lex(again) == lex(tex), "one way to write it stays as it is"
    assert visible(to_html(again, False)) == visible(drawn)


@pytest.mark.parametrize(
    ("tex", "symbol", "there"),
    [
        (r"\mu_i = 1", "m", False),
        (r"\mu_i = 1", r"\mu", True),
        (r"z^r_{i} + 1", "z_i^r", True),
        (r"\left( \bar{\mu} \right)", r"\bar\mu", True),
        (r"a &= b", "a = b", True),
        (r"\operatorname{mean}(x)", "m", False),
        (r"\mathbf{x} + 1", r"\mathbf x", True),
        (r"\mathbf{x} + 1", "", False),
        (r"\frac{a}{", "a", True),  # a fault is reported where the formula is drawn
        (r"E_{i,j}' ", "E'_{i,j}", True),
    ],
)
def test_contains(tex, symbol, there):
    assert contains(tex, symbol) is there

"""Faults that people report of other sites and libraries: each kind here on an example of its own."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import markdown
import numpy as np
import pytest
import torch

from tests.engine.test_bad_input import CARD, edit_snippet, project, render  # noqa: F401  `project` is a fixture
from yansuan.base.errors import YansuanError
from yansuan.formula.formula import load
from yansuan.html.foreign import DIALECTS
from yansuan.proof.draw import DOMAIN, Declared, draw
from yansuan.proof.witness import other_type
from yansuan.render.extension import YansuanExtension
from yansuan.runs.runs import Runs
from yansuan.tex.plain import NoPlainForm, plain

pytestmark = pytest.mark.usefixtures("project")
FOREIGN = Path(__file__).parents[1] / "whole/foreign"  # a project of one language
MKDOCS = """site_name: Notes
theme: {name: material, font: false}
plugins: [search, yansuan]
markdown_extensions: [yansuan]
"""
INDEX = r"""# The root $\sqrt[3]{x+1}$ {#top}

The gradient $\frac{\partial L}{\partial w_i}$ shrinks like $e^{-t}$, and so on.

## What $\hat\sigma_i^2$ is {#spread}

Between $\log x$ and $2$.

/// formula | family.harmonic
///
"""


def refused(text, **options):
    with pytest.raises(YansuanError) as error:
        render(text, **options)
    return str(error.value).removeprefix("docs/zh/page.md:")


# headings, search, another project


@pytest.fixture
def site():
    """What MkDocs and Material make of a project of four lines: its one page, and the entries of its search."""
    Path("mkdocs.yml").write_text(MKDOCS, "utf-8")
    Path("pyproject.toml").write_text('[tool.yansuan]\nlanguages = ["en"]\n', "utf-8")
    Path("docs/index.md").write_text(INDEX, "utf-8")
    shutil.copy(FOREIGN / "formulas/waves.py", "snippets/family.py")
    for path in ("docs/zh", "docs/labs", "docs/figures"):
        for file in Path(path).glob("*"):
            file.unlink()
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    index = Path("site/search/entries.json")  # this project's own, if it has made one
    found = json.loads((index if index.is_file() else Path("site/search/search_index.json")).read_text("utf-8"))
    return Path("site/index.html").read_text("utf-8"), found["docs"]


def test_formulas_in_headings_and_search_and_a_project_of_four_lines(site):
    html, entries = site
    assert re.search(r"<title>[^<]*</title>", html)
    assert "What σ̂_i^2 is" in re.sub(r"<[^>]*>", "", html[html.index('class="md-nav') : html.index("<article")])
    titles, texts = [e["title"] for e in entries], " ".join(e["text"] for e in entries)
    assert titles[:2] == ["The root ∛(x+1)", "What σ̂_i^2 is"]
    assert "The gradient ∂L/∂w_i shrinks like e^(-t), and so on." in texts
    assert "Between log x and 2." in texts
    assert "¶" not in texts + "".join(titles)
    assert "verified</p>" not in texts, "the word for its status is no part of its name"
    article = html[html.index("<article") : html.index("</article>")]
    assert not re.search(r"\{ ?#|\{ ?download", article)
    assert 'id="spread"' in article
    assert '<a download="" href="code/family.harmonic.py">' in article
    drawn = article.count('<annotation encoding="text/plain">')
    assert drawn == article.count("<semantics>") >= 6


def test_navigation_and_title_are_plain():
    md = markdown.Markdown(extensions=["toc", YansuanExtension(lang="en")])
    Path("docs/zh/page.md").write_text("# About $x_0<\\bar y$ & `f` {#a}\n\n## $\\binom{n}{k}$ {#b}\n", "utf-8")
    md.path = "docs/zh/page.md"
    html = md.convert(Path("docs/zh/page.md").read_text("utf-8"))
    (one,) = md.toc_tokens
    assert (one["name"], one["children"][0]["name"]) == ("About x_0 &lt; ȳ &amp; f", "(n choose k)")
    assert html.count("<math>") == 2, "and the headings themselves are drawn"


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\frac{a+b}{2c}", "(a+b)/(2c)"),
        (r"\frac{x}{n!}", "x/(n!)"),
        (r"z_{ij}^{(l)}", "z_ij^(l)"),
        (r"\sqrt{\sigma^2+\epsilon}", "√(σ^2+ε)"),
        (r"\operatorname{ReLU}(x)", "ReLU(x)"),
        (r"a \log b", "a log b"),
        (r"\sum_{k=0}^{K} p_k", "∑_(k=0)^K p_k"),
        (r"x \in \mathbb{R}^d", "x ∈ R^d"),
        (r"\lVert w \rVert_2", "‖w‖_2"),
        (r"f''(x)", "f″(x)"),
        (r"\tilde{z} \le 1", "z̃ ≤ 1"),
        (r"P(A \mid B)", "P(A | B)"),
    ],
)
def test_a_formula_on_one_line_means_the_same(tex, text):
    assert plain(tex) == text


def test_a_formula_without_such_a_form_stays_out_of_headings():
    with pytest.raises(NoPlainForm):
        plain(r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}")
    md = markdown.Markdown(extensions=[YansuanExtension(lang="zh")])
    md.path = "docs/zh/page.md"
    Path("docs/zh/page.md").write_text("# T\n\n## Of $\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}$\n", "utf-8")
    why = (
        r"^docs/zh/page\.md:3: \$\\begin.* in a heading: contents, navigation and search show plain text, and it has no"
    )
    with pytest.raises(YansuanError, match=why):
        md.treeprocessors["yansuan-plain-titles"].plain("\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}")


# dollars


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Lunch is \\$12, not $x$.", "Lunch is $12, not "),
        ("\\$a\\$ and \\$b\\$", "$a$ and $b$"),
        ("一张 \\$5，两张 \\$9。", "一张 $5，两张 $9。"),
        ("A backslash \\\\$x$ before math", "A backslash \\<span"),
        ("| price |\n|---|\n| \\$3 |", "$3</td>"),
    ],
)
def test_an_escaped_dollar_is_a_dollar(text, shown):
    html = render(f"# T\n\n{text}\n")
    assert shown in html
    assert "\\$" not in html


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("内存 $8G、显存 24G$ 起", "、显存"),
        ("每月$20，每年$200", None),
        ("値段は$5円から$まで", "円から"),
        ("가격 $5부터$까지", "부터"),
        ("费用为$a（含税）$元", "（含税）"),
        ("Pay $5 per hour and$ no more", "per hour"),
    ],
)
def test_text_between_dollars_is_no_formula(text, words):
    if words is None:
        assert "<math" not in render(f"# T\n\n{text}\n")
        return
    said = refused(f"# T\n\n{text}\n")
    assert said.startswith(f"3: text inside $…$: '{words}")
    cure = "or \\text{…} for words in a formula" if words.isascii() else "and words outside of formulas"
    assert said.endswith(f": write \\$ for a dollar sign, {cure}")


def test_words_that_a_formula_marks_as_words_are_fine():
    assert render("# T\n\n$L_{\\text{held out set}}$ and $\\operatorname{argmax} x$\n")


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("| a | b |\n|---|---|\n| $\\{x | x>0\\}$ | 1 |", 5),
        ("| a | b | c |\n|---|---|---|\n| 1 | $E[X|Y]$ |", 5),
        ("| $|w|$ | b | c | d |\n|---|---|---|---|\n| 1 | 2 | 3 | 4 |", 3),
    ],
)
def test_a_bar_in_a_cell_is_not_mended_by_another_bar(table, line):
    said = refused(f"# T\n\n{table}\n")
    assert said.startswith(f"{line}: a | inside $")
    assert "\\mid (given), or \\lvert … \\rvert" in said


def test_bars_that_end_no_cell_stay():
    html = render("# T\n\n| a | b |\n|---|---|\n| `x|y` $P(A \\mid B)$ | $\\lvert x \\rvert$ |\n")
    assert html.count("<td>") == 2


# other dialects


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_what_nothing_renders_is_refused_where_it_stands(dialect):
    said = refused(f"# T\n\nText.\n\n{dialect.example}\n")
    line = 6 if dialect.name in ("a definition", "a table") else 5
    assert said.startswith(f"{line}: {dialect.name} left as text: ")
    indented = "\n".join(f"    {line}" for line in dialect.example.splitlines())
    assert render(f"# T\n\n```\n{dialect.example}\n```\n\n{indented}\n"), "not so in code"
    if "\n" not in dialect.example:
        assert render(f"# T\n\nAs `` {dialect.example} `` shows.\n")


@pytest.mark.parametrize(
    "dialect", [d for d in DIALECTS if d.extension and "snippets" not in d.extension and "plugin" not in d.extension]
)
def test_what_the_project_has_switched_on_is_rendered(dialect):
    text = f"# T\n\nText.\n\n{dialect.example}\n"
    Path("docs/zh/page.md").write_text(text, "utf-8")
    md = markdown.Markdown(extensions=[dialect.extension, YansuanExtension(lang="en")])
    md.path = "docs/zh/page.md"
    assert md.convert(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("So ==**this**== it is", "marked text"),
        ("- [x] done\n- [ ] not", "a box to tick"),
        ("1. [X] done", "a box to tick"),
        ("> [!warning]- Folded\n> text", "a callout"),
        ("这是~~错的~~对的", "struck text"),
        ("这是==重点==内容", "marked text"),
        ("Price: {{ page.title }}.", "a template"),
        ("{% include 'x' %}", "a template"),
        ("See [[Other page|this]].", "a wiki link"),
        (":material-account-circle: me", "an emoji or a role"),
        ("as in [@kingma2013, p. 4]", "a citation"),
        (":::note\nText\n:::", "a container"),
        ('===! "First"', "a content tab"),
        ("; --8<-- 'x'", None),
        ("-8<- 'a.md'", "an included file"),
    ],
)
def test_siblings_too(text, kind):
    if kind:
        assert f": {kind} left as text: " in refused(f"# T\n\n{text}\n")


@pytest.mark.parametrize(
    "text",
    [
        "if a == b and c == d, or a==b==c, or x === y",
        "C++ and D++ and i++ + ++j",
        "at 10:30:15, 1:2:3, a::b, `:x:`, http://a.b:80/c:d",
        "[1] and [x] and - [link](a.md) and [i, j]",
        "~5 or ~10, a ~ b, 2^10 and 3^4, a^T b^T",
        "{a} {1, 2} {{1}, {2}} and { }",
        "10 % of 20 %, 100%",
        "x: y\ny: z",
        "a | b | c",
        "- --8\n- <--",
        "he wrote :- and :)",
    ],
)
def test_near_misses_are_text(text):
    assert render(f"# T\n\n{text}\n")


# figures


@pytest.mark.parametrize(
    "alt",
    [
        "Curve #1 and curve #2, from # to ##",
        "Left: raw. Right: scaled # twice",
        "*Both* curves & [one] {two}: 50% `x` - \"three\" 'four' \\n",
        "- a dash, ? a question, ! a bang",
        "yes",
        "3.0",
    ],
)
def test_a_description_is_text_to_its_end(alt, monkeypatch):
    drawn = {"svg": '<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>', "numbers": {}}
    monkeypatch.setattr(Runs, "figure", lambda *_: drawn)  # it is drawn below, where one description is enough
    html = render(f"# T\n\n/// figure | good\n    alt: {alt}\nCaption.\n///\n")
    (label,) = re.findall(r'aria-label="([^"]*)"', html)
    assert markdown.util.code_escape(alt).replace('"', "&quot;") == label.replace("&#39;", "'")


def test_a_description_of_several_lines_or_in_quotation_marks():
    html = render("# T\n\n/// figure | good\n    alt: one # two\n      three: four\nCaption.\n///\n")
    assert 'aria-label="one # two three: four"' in html
    html = render("# T\n\n/// figure | good\n    alt: 'it''s # one'\nCaption.\n///\n")
    assert 'aria-label="it\'s # one"' in html


# copied programs, messages


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (">>> print(mean(np.array([1.0, 3.0])))\n", ">>> float(mean(np.array([1.0, 3.0])))\n", "'float(mean("),
        (
            ">>> print(mean(np.array([1.0, 3.0])))\n    2.0\n",
            ">>> print(1)\n    1\n    >>> m = mean(np.array([1.0, 3.0]))\n    >>> m == 2\n    True\n",
            "'m == 2'",
        ),
    ],
)
def test_an_example_that_only_a_prompt_prints_is_refused(old, new, fault):
    edit_snippet(old, new)
    with pytest.raises(YansuanError) as error:
        load("snippets", "family.mean")
    said = str(error.value)
    line = next(
        n for n, line in enumerate(Path("snippets/family.py").read_text("utf-8").splitlines(), 1) if fault[1:-1] in line
    )
    assert said.startswith(f"snippets/family.py:{line}: mean: example: {fault}")
    assert said.endswith("prints nothing when the card is copied and run as a program: write 'print(…)'")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "a\n\nb $\\cancel{x+1}$\n",
            "5: LaTeX: \\cancel draws <menclose>, which cannot be compared with what is written: leave it out",
        ),
        ("a\n\n![The curve $y=x^2$](a.png)\n", "5: $y=x^2$ in the description of an image, which is plain text"),
        ("a\n\nb\n[x](b.md 'the $k$th')\n", "6: $k$ in the title of a link, which is plain text"),
        ("a\n\n1. first\n    /// formula | family.mean\n    ///\n", "6: a block right under a line of a list"),
        (
            "a\n\n- first\n    /// figure | good\n        alt: x\n    Caption.\n    ///\n",
            "6: a block right under a line of a list",
        ),
        ("a[^n]\n\n[^n]: note\n", "5: this admonition or footnote was not understood: switch on footnotes"),
    ],
)
def test_a_message_names_the_place_and_the_thing(text, fault):
    assert refused(f"# T\n\n{text}").startswith(fault)


def test_a_card_may_hold_no_formula_that_browsers_draw_in_part():
    edit_snippet("\\frac{1}{m} \\sum_{r=1}^{m} z^r", "\\bcancel{\\frac{1}{m}} \\sum_{r=1}^{m} z^r")
    with pytest.raises(YansuanError, match=r"^snippets/family\.py:\d+: mean: LaTeX: \\bcancel draws <menclose>, which"):
        render(f"# T\n\n{CARD}")


@pytest.mark.parametrize(
    ("got", "want", "said"),
    [
        (5, torch.tensor(5.0), "an int where float64 is wanted"),
        (np.float32(1.5), torch.tensor(1.5), "a float32 where float64 is wanted"),
        (np.arange(3), torch.arange(3.0), "an array of int64 where float64 is wanted"),
        ((1.0, True), (torch.tensor(1.0), torch.tensor(1.0)), "a bool where float64 is wanted"),
        (2.0, torch.tensor(2.0), None),
        ("a", "b", None),
        ([1], [2], None),
    ],
)
def test_an_answer_of_another_type_is_called_so(got, want, said):
    assert other_type(got, want) == said


@pytest.mark.parametrize("name", DOMAIN)
@pytest.mark.parametrize("shape", ["()", "(K,)", "(m, K)"])
def test_an_argument_has_its_declared_shape_whatever_its_name(name, shape):
    value = draw(np.random.default_rng(0), {name: Declared(shape)}, {})[name]
    assert np.ndim(value) == shape.count(",") + (shape == "(m, K)")
    either_sign = name in ("gamma", "beta")
    assert np.all(np.asarray(value) > 0) or (either_sign and np.all(np.asarray(value) != 0))

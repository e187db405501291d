"""The grammar of a docstring: what it may say, and the line and the cure where it does not keep to it."""

from pathlib import Path

import pytest

from tests.engine.test_bad_input import CARD, FIRST, SNIPPET, STEPS, TEX, in_steps, render
from tests.engine.test_bad_input import project as project  # the fixture
from yansuan.base.errors import YansuanError
from yansuan.formula.bilingual import joined
from yansuan.formula.formula import Formula, load
from yansuan.formula.module import read

FAMILY = '''r"""Family
一家

Superscript: which example.

Symbols:
    z: $z^r$
        en: any number,
            of many
        zh: 任何一个数，
            有很多
    mu: $\\mu$
        en: a mean
        zh: 均值
"""

'''
ONE = '''"""Family

Symbols:
    mu: $\\mu$ a mean
"""

import numpy as np


def mean(z):
    r"""Mean

    $$ \\mu = \\frac{1}{m} \\sum_{r=1}^{m} z^r $$

    z (m,): $z^r$ a number
    -> mu ()

    Source: nobody 1900
    Trap:
        none,
        as far as we know

    >>> print(mean(np.array([1.0, 3.0])))
    2.0
    """
    return np.sum(z) / len(z)
'''


@pytest.fixture
def english(project):
    Path("pyproject.toml").write_text('[tool.yansuan]\nlanguages = ["en"]\n', "utf-8")


def mean(text: str) -> Formula:
    Path("snippets/family.py").write_text(text, "utf-8")
    return load("snippets", "family.mean")


def fault(text: str) -> str:
    with pytest.raises(YansuanError) as error:
        mean(text)
    assert "\n" not in str(error.value)
    return str(error.value).removeprefix("snippets/family.py:")


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["a b", "  c"], "a b c"),
        (["第一，", "第二"], "第一，第二"),
        (["各行按输入", "的类型"], "各行按输入的类型"),
        (["各行按", "float32"], "各行按 float32"),
        (["$m$", "个数"], "$m$ 个数"),
        (["论文，", "arXiv:1"], "论文，arXiv:1"),
        (["他说", "“好”"], "他说“好”"),
        (["he said", "“well”", "or so"], "he said “well” or so"),
        (["", "a", "", "b"], "a b"),
        ([], ""),
    ],
)
def test_lines_are_joined_as_each_language_is_written(lines, text):
    assert joined(lines) == text


@pytest.mark.usefixtures("project")
class TestFamily:
    def test_a_row_takes_tex_and_meaning_from_its_family(self):
        formula = mean(FAMILY + SNIPPET.replace(FIRST, "    z (m,)\n"))
        z = formula.symbols[0]
        assert (z.name, z.shape, z.tex) == ("z", "(m,)", "z^r")
        assert z.meaning == {"en": "any number, of many", "zh": "任何一个数，有很多"}
        lines = formula.module.lines
        assert lines[z.line - 1] == "    z (m,)"
        assert lines[z.tex_line - 1] == "    z: $z^r$"

    @pytest.mark.parametrize(
        ("row", "tex", "meaning"),
        [
            (FIRST, "z^r", "a number"),
            ("    z (m,): $z$\n", "z", "any number, of many"),
            ("    z (m,)\n        en: mine\n        zh: 我的\n", "z^r", "mine"),
            ("    z (m,):\n        en: mine\n            too\n        zh: 我的\n", "z^r", "mine too"),
        ],
    )
    def test_a_row_may_say_otherwise(self, row, tex, meaning):
        z = mean(FAMILY + SNIPPET.replace(FIRST, row)).symbols[0]
        assert (z.tex, z.meaning["en"]) == (tex, meaning)

    def test_a_result_may_have_a_name_that_the_family_knows(self):
        result = "    -> (): $\\mu$\n        en: their mean\n        zh: 它们的均值\n"
        assert result in SNIPPET
        symbol = mean(FAMILY + SNIPPET.replace(result, "    -> mu ()\n")).symbols[1]
        assert (symbol.name, symbol.tex, symbol.meaning["zh"]) == ("-> mu", "\\mu", "均值")

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("z: $z^r$", "z: $z^r \\fraq$", "7: mean: LaTeX: "),
            ("任何一个数", "任何<b onclick=x>一个</b>数", "10: the attribute 'onclick' of <b> is not for pages"),
            ("有很多", "有<b onclick=x>很</b>多", "11: the attribute 'onclick' of <b> is not for pages"),
        ],
    )
    def test_what_a_card_cannot_show_has_its_line_in_the_family(self, old, new, said):
        text = FAMILY.replace(old, new) + SNIPPET.replace(FIRST, "    z (m,)\n")
        Path("snippets/family.py").write_text(
            text.replace("z^r $$", "z^r \\fraq $$" if "fraq" in new else "z^r $$"), "utf-8"
        )
        with pytest.raises(YansuanError) as error:
            render(f"# T\n\n{CARD}")
        assert str(error.value).startswith(f"snippets/family.py:{said}")

    @pytest.mark.filterwarnings("ignore:.*invalid escape")
    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("    z: $z^r$\n", "    z: z^r\n", "7: not a symbol of the family: write 'name: $TeX$', got 'z: z^r'"),
            ("    z: $z^r$\n", "    z (m,): $z^r$\n", "7: not a symbol of the family"),
            ("    mu: ", "    z: ", "12: the symbol z is here twice: delete one"),
            ("        zh: 均值\n", "", "12: the symbol mu in one language: add 'zh: …' under it"),
            (
                "        en: a mean\n        zh: 均值\n",
                "",
                "12: no meaning of the symbol mu: write 'en: …' and 'zh: …'",
            ),
            ('r"""', '"""', '1: backslashes in a docstring that is not raw: begin it with r"""'),
            (
                "Symbols:",
                "Symbol:",
                "26: mean: no TeX of the symbol z: write 'z (m,): $TeX$', or define it under 'Symbols:'",
            ),
        ],
    )
    def test_what_is_wrong_with_it_is_said(self, old, new, said):
        assert old in FAMILY
        assert fault(FAMILY.replace(old, new, 1) + SNIPPET.replace(FIRST, "    z (m,)\n")).startswith(said)


@pytest.mark.usefixtures("project")
class TestGrammar:
    def test_a_field_may_occur_several_times_and_go_on_in_deeper_lines(self):
        fields = """    Source: one,
        and on
    Source:
        en: two
        zh: 二，
            接着
    Note:
        en: three
        zh: 三
    Raises: never
    Source: nobody 1900
"""
        formula = mean(SNIPPET.replace("    Source: nobody 1900\n", fields))
        one, last = (dict.fromkeys(("zh", "en"), text) for text in ("one, and on", "nobody 1900"))
        assert formula.spec.sources == (one, {"en": "two", "zh": "二，接着"}, last)
        assert formula.fields["Note"] == [{"en": "three", "zh": "三"}]
        assert list(formula.fields) == ["Source", "Raises", "Note"]

    @pytest.mark.parametrize("shape", ["(text)", "(list)", "(function)", "()", "(m, 2)", "(..., d)"])
    def test_a_shape_stands_once_in_its_row(self, shape):
        assert mean(SNIPPET.replace("z (m,)", f"z {shape}")).symbols[0].shape == shape

    def test_latex_may_go_on_in_deeper_lines_and_a_fault_knows_which(self):
        tex = "    $$\n    \\mu = \\frac{1}{m}\n        \\sum_{r=1}^{m} z^r\n    $$\n"
        formula = mean(SNIPPET.replace(TEX, tex))
        assert formula.tex == "\\mu = \\frac{1}{m}\n\\sum_{r=1}^{m} z^r"
        assert formula.module.lines[formula.tex_line - 1] == "    \\mu = \\frac{1}{m}"

    def test_a_docstring_that_begins_on_the_next_line_has_the_lines_that_it_has(self):
        formula = mean(SNIPPET.replace('r"""Mean', 'r"""\n    Mean'))
        assert formula.title == {"en": "Mean", "zh": "均值"}
        assert formula.module.lines[formula.symbols[0].line - 1] == "    z (m,): $z^r$"

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            (
                "Mean\n    均值",
                "Mean | 均值",
                "5: mean: no title in two languages: begin the docstring with the title in English",
            ),
            (
                "    均值\n",
                "    均值\n    Durchschnitt\n",
                "7: mean: no card shows 'Durchschnitt': a title is one line a",
            ),
            ("    均值\n", "        均值\n", ""),
            ("        en: a number", "    en: a number", "10: mean: no meaning of the symbol z"),
            (
                "        en: a number",
                "        a number",
                "11: mean: no card shows 'a number': begin it with 'en:' or 'zh:'",
            ),
            (
                "        en: a number\n",
                "        en: a number\n        or two\n",
                "12: mean: no card shows 'or two': begin",
            ),
            (
                "        en: a number\n",
                "        en: a number\n      or two\n",
                "12: mean: no card shows 'or two': begin",
            ),
            (
                "        en: a number\n",
                "        en: a number\n        en: b\n",
                "12: mean: 'en:' is here twice: delete one",
            ),
            ("        en: a number\n", "        en:\n", "11: mean: 'en:' says nothing: write it, or delete it"),
            (
                "z (m,): $z^r$\n",
                "z (m,): $z^r$ a number\n",
                "10: mean: the symbol z has a text behind it and others under",
            ),
            (FIRST, "    z (m,): $z^r$\n", "10: mean: no meaning of the symbol z: write 'en: …' and 'zh: …' under it"),
            (FIRST, "    z (m,): $z^r$\n        a number\n", "10: mean: the symbol z in one language: write 'en: …'"),
            (
                "z (m,): $z^r$",
                "z (m,): $z^r",
                "10: mean: not a symbol row: write 'name (shape): $TeX$', got 'z (m,): $z^r'",
            ),
            ("z (m,): $z^r$", "z(m,): $z^r$", "10: mean: not a symbol row"),
            ("z (m,): $z^r$", "z (m,) : $z^r$", "10: mean: not a symbol row"),
            ("Source: nobody", "Source:", ""),
            ("Source: nobody 1900", "Source:", "17: mean: 'Source:' says nothing"),
            (
                "Source: nobody 1900",
                "Source:\n        en: one",
                "17: mean: 'Source:' in one language: add 'zh: …' under it",
            ),
            (
                "Source: nobody 1900",
                "Source: x\n    Note: one",
                "18: mean: 'Note:' in one language: write 'en: …' and 'zh:",
            ),
            (
                "    >>> print(mean(np.array([1.0, 3.0])))\n    ",
                "        >>> print(1)\n        ",
                "19: mean: the example is indented deeper than the title: move it to the",
            ),
            ("    Source:", "    Step 1:\n        en: a\n        zh: 一\n    Source:", "5: mean: LaTeX and steps"),
        ],
    )
    def test_what_is_wrong_is_said_with_its_line(self, old, new, said):
        assert old in SNIPPET
        if said:
            assert fault(SNIPPET.replace(old, new, 1)).startswith(said)
        else:
            assert mean(SNIPPET.replace(old, new, 1))


TWO = STEPS + STEPS.replace("1:", "2:")


@pytest.mark.usefixtures("project")
class TestMarks:
    BODY = "    return np.sum(z) / len(z)\n"

    def stepped(self, body: str, steps: str = TWO) -> str:
        assert self.BODY in SNIPPET
        return SNIPPET.replace(TEX, steps).replace(self.BODY, body)

    @pytest.mark.parametrize(
        "body",
        [
            "    a = np.sum(z)  # step 1\n    b = len(z)\n    return a / b  # step 2\n",
            "    # step 1\n    a = np.sum(z)\n    b = len(z)\n    # step 2\n    return a / b\n",
            "    a = np.sum(z)  # Step 1\n    b = len(z)\n    #  step 2\n    return a / b\n",
        ],
    )
    def test_a_step_lasts_until_the_next_mark_and_no_card_shows_it(self, body):
        formula = mean(self.stepped(body))
        assert [(s.first, s.last) for s in formula.steps] == [(2, 3), (4, 4)]
        assert formula.code == "def mean(z):\n    a = np.sum(z)\n    b = len(z)\n    return a / b"
        assert "step" not in formula.copy

    def test_another_comment_stays(self):
        formula = mean(self.stepped("    # steps are small\n    return np.sum(z) / len(z)  # step size 1\n", TEX))
        assert formula.code.endswith("    # steps are small\n    return np.sum(z) / len(z)  # step size 1")

    @pytest.mark.parametrize(
        ("body", "steps", "said"),
        [
            (
                "    a = np.sum(z)\n    return a / len(z)  # step 1\n",
                STEPS,
                "24: mean: this line of the code belongs to no step",
            ),
            (
                "    # sum\n    return np.sum(z) / len(z)  # step 1\n",
                STEPS,
                "24: mean: this line of the code belongs to no",
            ),
            (
                "    a = np.sum(z)  # step 1\n    return a  # step 3\n",
                TWO,
                "11: mean: no line of the code begins step 2",
            ),
            (
                "    a = np.sum(z)  # step 2\n    return a  # step 1\n",
                TWO,
                "27: mean: the mark of step 2 where '# step 1' is",
            ),
            (
                "    a = np.sum(z)  # step 1\n    return a  # step 1\n",
                STEPS,
                "25: mean: the mark of step 1 where '# step 2'",
            ),
            (
                "    a = 1  # step 1\n    b = 2  # step 2: x\n    return a  # step 2\n",
                TWO,
                "28: mean: a comment that looks like",
            ),
            (
                "    # step 1\n    return np.sum(z)  # step 2\n",
                TWO,
                "28: mean: step 2 begins where step 1 does: give each",
            ),
            (
                "    a = 1  # step 1\n    return a  # step 2\n",
                STEPS,
                "25: mean: a mark of step 2, which the docstring does not",
            ),
            (
                "    return np.sum(z) / len(z)  # step 1\n",
                TEX,
                "22: mean: a mark of step 1, which the docstring does not have",
            ),
        ],
    )
    def test_marks_and_steps_are_the_same_in_the_same_order(self, body, steps, said):
        assert fault(self.stepped(body, steps)).startswith(said)


@pytest.mark.usefixtures("english")
class TestOneLanguage:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("", ""),
            ("z (m,): $z^r$ a number", "z (m,): $z^r$\n        a number"),
            ("z (m,): $z^r$ a number", "z (m,): $z^r$\n        a\n        number"),
            ("z (m,): $z^r$ a number", "z (m,): $z^r$ a\n        number"),
            ("z (m,): $z^r$ a number", "z (m,): $z^r$\n        en: a number"),
            ("    mu: $\\mu$ a mean", "    mu: $\\mu$\n        a mean"),
            ("    Trap:\n        none,\n        as", "    Trap: none,\n        as"),
            ("    Trap:\n        none,\n        as", "    Trap: none, as"),
            ("    Trap:\n        none,\n        as", "    Trap:\n        en: none,\n            as"),
        ],
    )
    def test_a_text_stands_behind_its_head_or_under_it(self, old, new):
        spec = mean(ONE.replace('"""Family', 'r"""Family').replace(old, new)).spec
        assert [s.meaning["en"] for s in spec.symbols] == ["a number", "a mean"]
        assert spec.traps[0]["en"] == "none, as far as we know"
        assert spec.title["en"] == "Mean"
        assert read(Path("snippets/family.py")).title["en"] == "Family"

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            (
                "Mean\n",
                "Mean\n    均值\n",
                "12: mean: no card shows '均值': a title is one line a language, and a blank line",
            ),
            ('r"""Mean', 'r"""', "11: mean: no title: begin the docstring with a title"),
            (
                "$z^r$ a number",
                "$z^r$",
                "15: mean: no meaning of the symbol z: write it behind it, or under it, indented",
            ),
            (
                "$z^r$ a number",
                "$z^r$\n        zh: 一个数",
                "16: mean: the symbol z in Chinese, which is no language of this",
            ),
        ],
    )
    def test_what_is_wrong_is_said_with_its_line(self, old, new, said):
        assert fault(ONE.replace('"""Family', 'r"""Family').replace(old, new, 1)).startswith(said)


@pytest.mark.usefixtures("project")
def test_the_decorator_that_checks_is_no_part_of_what_is_shown():
    check = "import functools\n\n\ndef checked(f):\n    return f\n"
    Path("snippets/_shapes.py").write_text(check, "utf-8")
    text = SNIPPET.replace(
        "import numpy as np\n", "import functools\n\nimport numpy as np\n\nfrom snippets._shapes import checked\n"
    )
    plain = load("snippets", "family.mean")
    formula = mean(text.replace("def mean", "@checked\ndef mean"))
    assert (formula.code, formula.copy, formula.digest) == (plain.code, plain.copy, plain.digest)
    called = mean(text.replace("def mean", "@checked(\n    1\n)\ndef mean"))
    assert (called.code, called.copy) == (plain.code, plain.copy)
    other = mean(text.replace("def mean", "@functools.cache\n@checked\ndef mean"))
    assert other.code == "@functools.cache\n" + plain.code
    assert other.copy.startswith("import functools\nimport numpy as np\n")


@pytest.mark.usefixtures("project")
def test_the_text_of_a_step_that_is_alone_needs_no_more_than_its_mark():
    formula = mean(in_steps(SNIPPET))
    assert [(s.first, s.last) for s in formula.steps] == [(2, 2)]

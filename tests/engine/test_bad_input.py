"""Each thing an author can get wrong stops the build with one line: the file, the line, what is wrong, the cure."""

import re
from pathlib import Path

import markdown
import pytest

from yansuan.base.errors import YansuanError
from yansuan.formula.formula import load, load_all
from yansuan.render.extension import YansuanExtension
from yansuan.site.check import site_faults
from yansuan.site.csp import protect
from yansuan.site.search import of_cards

SNIPPET = '''import numpy as np


def mean(z):
    r"""Mean
    均值

    $$ \\mu = \\frac{1}{m} \\sum_{r=1}^{m} z^r $$

    z (m,): $z^r$
        en: a number
        zh: 一个数
    -> (): $\\mu$
        en: their mean
        zh: 它们的均值

    Source: nobody 1900

    >>> print(mean(np.array([1.0, 3.0])))
    2.0
    """
    return np.sum(z) / len(z)
'''
SET = """import matplotlib.pyplot as plt

symbol, choices, chosen = "p", ["1", "2"], "2"


def draw(choice):
    plt.plot([1, int(choice)])
    return {"n": choice * 2}
"""
LAB = '# %% [markdown] tags=["zh"]\n# # 实验 {#x}\n\n# %% [markdown] tags=["en"]\n# # Lab {#x}\n'
SOURCES = """source,place,en,zh,page,anchor,reason
S1,L1,a mean,均值,page.md,family.mean,
S1,L2,a heading,标题,page.md,a,
S1,L3,a greeting,问候,,,no content | 没有内容
S2,L1,a,一,nowhere.md,a,
S3,L1,a,一,page.md,b,
S4,L1,a,一,page.md,a,both | 都有
S5,L1,a,一,,,
S6,L1,a,一,labs/lab.ipynb,x,
S7,L1,a,一,labs/nolab.ipynb,x,
S8,L1,a,一,labs/lab.ipynb,y,
"""
CARD = "/// formula | family.mean\n///\n"
FIRST = "    z (m,): $z^r$\n        en: a number\n        zh: 一个数\n"
SYMBOLS = FIRST + "    -> (): $\\mu$\n        en: their mean\n        zh: 它们的均值\n"
TEX = "    $$ \\mu = \\frac{1}{m} \\sum_{r=1}^{m} z^r $$\n"
STEPS = """    Step 1:
        en: Add all $z^r$ and divide: $\\mu$.
        zh: 把所有 $z^r$ 相加再相除：$\\mu$。
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A site of one formula and, through `render`, one page."""
    monkeypatch.chdir(tmp_path)
    Path("snippets").mkdir()
    Path("snippets/family.py").write_text(SNIPPET, "utf-8")
    Path("docs/zh").mkdir(parents=True)
    Path("docs/figures").mkdir()
    Path("docs/labs").mkdir()
    Path("docs/labs/lab.py").write_text(LAB, "utf-8")
    Path("docs/figures/set.py").write_text(SET, "utf-8")
    Path("docs/sources.csv").write_text(SOURCES, "utf-8")
    Path("docs/figures/good.py").write_text(
        "import matplotlib.pyplot as plt\n\nplt.plot([1, 2])\nnumbers = {'n': '2'}\n", "utf-8"
    )


def render(text, lang="zh"):
    """Markdown to HTML, as if it stood in docs/zh/page.md."""
    Path("docs/zh/page.md").write_text(text, "utf-8")
    extension = YansuanExtension(lang=lang)
    md = markdown.Markdown(
        extensions=["attr_list", "md_in_html", "tables", "admonition", "toc", "pymdownx.superfences", extension]
    )
    md.path = "docs/zh/page.md"
    return md.convert(text)


def edit_snippet(old, new, text=SNIPPET):
    assert old in text
    Path("snippets/family.py").write_text(text.replace(old, new), "utf-8")


def in_steps(text, steps=STEPS):
    """The last function of this text as an algorithm of one step."""
    return steps.join(text.rsplit(TEX, 1)).rstrip("\n") + "  # step 1\n"


@pytest.mark.usefixtures("project")
class TestPages:
    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            (
                "# T\n\n/// formula | family.maen\n///\n",
                "3: formula: there is no 'family.maen' in snippets; did you mean 'family.mean'?: write",
            ),
            (
                "# T\n\n/// formula | famly.mean\n///\n",
                "3: formula: there is no 'famly.mean' in snippets; did you mean 'family.mean'?",
            ),
            (
                "# T\n\n/// formula\n///\n",
                "3: formula: there is no '' in snippets: write '/// formula | family.function'",
            ),
            (
                f"# T\n\n{CARD}\n{CARD}",
                "6: formula 'family.mean' has its card on this page already: link to #family.mean",
            ),
            (
                "# T\n\n/// formula | family.mean\n\nText.\n",
                "3: the block 'family.mean' is not closed: end it with a line '///'",
            ),
            ("# T\n\n/// formla | family.mean\n///\n", "3: this block was not understood"),
            ("# T\n\n/// formula | family.mean\n    colour: red\n///\n", "3: this block was not understood"),
            ("# T\n\n/// figure | good\nCaption.\n///\n", "3: figure 'good' has no 'alt: …'"),
            (
                "# T\n\n/// figure | bad\n    alt: lines\nCaption.\n///\n",
                "3: there is no figure 'bad' in docs/figures; there are good, set",
            ),
            (
                "# T\n\nText.\n\n$$ a = b $$\n",
                "5: display math by hand: write a function in snippets/ and show it with",
            ),
            ("# T\n\n$$\na = b\n$$\n", "3: display math by hand"),
            ("# T\n\nSo $$a = b$$ holds.\n", "3: display math by hand"),
            ("# T\n\nText\n\\[ a = b \\]\n", "4: display math by hand"),
            ("# T\n\nText \\(a\\)\n", "3: display math by hand"),
            ("# T\n\n\\begin{align} a &= b \\end{align}\n", "3: display math by hand"),
            ("# T $$a$$\n", "1: display math by hand"),
            ("# T\n\n| a |\n|---|\n| $$a$$ |\n", "5: display math by hand"),
            ("# T\n\n- one\n- two $$a$$\n", "4: display math by hand"),
            ("# T\n\n!!! note\n    $$a$$\n", "4: display math by hand"),
            ("# T\n\n> $$a$$\n", "3: display math by hand"),
            ("# T\n\n<div>\n$$a$$\n</div>\n", "4: display math by hand"),
            ('# T\n\n<div markdown="1">\n\n$$a$$\n\n</div>\n', "5: display math by hand"),
            ("# T\n\n```\n$$ code $$\n```\n\n`$$ code $$`\n\nThen $$a$$\n", "9: display math by hand"),
            ('# T\n\n<math display="block"><mi>x</mi></math>\n', "3: a card or display math in hand-written HTML"),
            (
                '# T\n\n<div class="ys-card" data-formula="family.mean" data-status="verified"></div>\n',
                "3: a card or display",
            ),
            (
                "# T\n\n/// figure | set\n    alt: lines\n[=set.n]\n///\n\nText [=set.n].\n",
                "8: a number that depends on the frame belongs into the figure's caption",
            ),
            ("# T\n\n/// derivation | family.mean\n///\n", "3: derivation 'family.mean': no steps: begin each line"),
            ("# T\n\n/// verification\n\nText.\n", "3: the block 'verification' is not closed"),
            ("# T\n\n/// wild-bugs\n\nText.\n", "3: the block 'wild-bugs' is not closed"),
            ("# T\n\nText.\n\n/// sources | S9\n///\n", "5: sources: docs/sources.csv has no rows of the source 'S9'"),
            ("# T\n\n/// sources | S2\n///\n", "3: sources: there is no page docs/zh/nowhere.md"),
            ("# T\n\n/// sources | S3\n///\n", "3: sources: there is no heading {#b} on docs/zh/page.md"),
            ("# T\n\n/// sources | S7\n///\n", "3: sources: there is no page docs/labs/nolab.py"),
            ("# T\n\n/// sources | S8\n///\n", "3: sources: there is no heading {#y} on docs/labs/lab.py"),
            ("# T\n\nInline $\\foo$.\n", "3: LaTeX: Unknown command"),
            ("# T\n\nInline $\\frac{1}$.\n", "3: LaTeX: "),
            ("# T\n\nValue [=good.k].\n", "3: [=good.k]: docs/figures/good.py computes n"),
            ("# T\n\nValue [=bad.k].\n", "3: [=bad.k]: there is no figure 'bad'"),
        ],
    )
    def test_stops_the_build_with_its_place(self, text, fault):
        with pytest.raises(YansuanError) as error:
            render(text)
        message = str(error.value)
        assert message.startswith(f"docs/zh/page.md:{fault}")
        assert "\n" not in message

    @pytest.mark.parametrize(("source", "line"), [("S4", 7), ("S5", 8)])
    def test_a_source_is_treated_somewhere_or_says_why_not(self, source, line):
        with pytest.raises(YansuanError, match=rf"^docs/sources\.csv:{line}: either a page and an anchor or a reason"):
            render(f"# T {{#a}}\n\n/// sources | {source}\n///\n")

    def test_a_derivation_that_is_read_is_refused(self):
        edit_snippet("$$ \\mu = ", "$$\n    \\mu &= \\mu \\\\\n    &= ")
        text = Path("snippets/family.py").read_text("utf-8")
        read = "    Read:\n        en: no\n        zh: 不\n    Source:"
        Path("snippets/family.py").write_text(text.replace("    Source:", read), "utf-8")
        with pytest.raises(
            YansuanError, match=r"page\.md:3: derivation 'family\.mean': its steps are read, not executed"
        ):
            render("# T\n\n/// derivation | family.mean\n///\n")

    def test_a_failing_figure_stops_the_build_at_its_line(self):
        Path("docs/figures/broken.py").write_text("a = 1\nb = a / 0\n", "utf-8")
        with pytest.raises(YansuanError, match=r"^docs/figures/broken\.py:2: ZeroDivisionError: division by zero$"):
            render("# T\n\n/// figure | broken\n    alt: nothing\n///\n")

    def test_an_unknown_language_is_refused(self):
        with pytest.raises(YansuanError, match=r"lang is 'fr', not one of \['en', 'zh'\]"):
            render("# T\n", lang="fr")

    @pytest.mark.parametrize(
        "text",
        [
            "```\n/// formula | family.mean\n$$ a $$\n```\n",
            "Costs $5 and then $6.\n",
            "`[=good.k]` and `\\[`\n",
            "```` { .python }\n/// figure | x\n````\n",
        ],
    )
    def test_code_and_prices_are_left_alone(self, text):
        assert "<math" not in render(f"# T\n\n{text}")


@pytest.mark.usefixtures("project")
class TestSnippets:
    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            ("Mean\n    均值", "Mean", "5: mean: no title in two languages"),
            ("$$ \\mu = \\frac{1}{m} \\sum_{r=1}^{m} z^r $$", "", "5: mean: no LaTeX: put it between $$ and $$"),
            ("\\frac{1}{m}", "\\fraq{1}{m}", "8: mean: LaTeX: Unknown command"),
            (SYMBOLS, "", "5: mean: no symbol rows"),
            (FIRST, "", "5: mean: symbol rows ['->'] do not start with the parameters ['z']"),
            (SYMBOLS, FIRST, "5: mean: the last symbol rows are what is returned"),
            (
                "    -> ()",
                "    x (): $m$\n        en: count\n        zh: 个数\n    -> ()",
                "5: mean: symbol rows ['x'] are neither parameters nor assigned",
            ),
            ("    z (m,): ", "    z   (m,)  ", "10: mean: not a symbol row: write 'name (shape): $TeX$'"),
            ("        zh: 一个数\n", "", "10: mean: the symbol z in one language: add 'zh: …' under it"),
            ("z (m,): $z^r$", "z (m,): $x^r$", "10: mean: the symbol $x^r$ (z) does not occur in the LaTeX"),
            ("    Source: nobody 1900\n", "", "5: mean: no 'Source:' line"),
            ("    Source:", "    Trap: in one language\n    Source:", "17: mean: 'Trap:' in one language"),
            ("    >>> print(mean(np.array([1.0, 3.0])))\n    2.0\n", "", "5: mean: no example with output"),
            (
                "import numpy as np\n",
                "import numpy as np\nfrom snippets.other import sigma\n",
                "2: no 'sigma' in snippets/other.py",
            ),
            ("def mean(z):", "def mean(z:", "4: not valid Python"),
        ],
    )
    def test_an_incomplete_formula_stops_the_build_at_its_line(self, old, new, fault):
        edit_snippet(old, new)
        if "sigma" in new:
            text = Path("snippets/family.py").read_text("utf-8")
            Path("snippets/family.py").write_text(text.replace("np.sum(z)", "sigma(z)"), "utf-8")
        with pytest.raises(YansuanError) as error:
            render(f"# T\n\n{CARD}")
        assert str(error.value).startswith(f"snippets/family.py:{fault}")
        assert "\n" not in str(error.value)

    @pytest.mark.parametrize(
        ("steps", "fault"),
        [
            (TEX + STEPS, "5: mean: LaTeX and steps: a card shows one of them"),
            (STEPS.rpartition("        zh")[0], "8: mean: a step in one language: add 'zh: …' under it"),
            (STEPS.replace("1:", "2-3:"), "8: mean: not a step: write 'Step 1:', and '# step 1' in the code"),
            (STEPS.replace("1:", "2:"), "8: mean: step 2 where step 1 is expected: number them"),
            (STEPS + STEPS.replace("1:", "2:"), "11: mean: no line of the code begins step 2: write '# step 2' behind"),
            (STEPS.replace("所有 $z^r$", "它们"), "12: mean: the symbol $z^r$ (z) does not occur in the steps"),
            (STEPS.replace("Add all", r"Add $\fraq$"), "8: mean: LaTeX: Unknown command"),
        ],
    )
    def test_steps_that_do_not_suit_the_code_stop_the_build(self, steps, fault):
        Path("snippets/family.py").write_text(in_steps(SNIPPET, steps), "utf-8")
        with pytest.raises(YansuanError) as error:
            render(f"# T\n\n{CARD}", lang="en")
        assert str(error.value).startswith(f"snippets/family.py:{fault}")

    def test_a_symbol_is_found_as_tokens_not_as_letters(self):
        edit_snippet("(m,): $z^r$", "(m,): $u$")
        with pytest.raises(YansuanError, match=re.escape("the symbol $u$ (z) does not occur")):
            load_all("snippets")


@pytest.mark.usefixtures("project")
class TestCards:
    def test_the_card_has_everything(self):
        html = render(f"# T\n\n{CARD}")
        for part in (
            'data-formula="family.mean"',
            'data-status="unverified"',
            'display="block"',
            "一个数",
            "nobody 1900",
            "还没有测试报告",
        ):
            assert part in html

    def test_an_algorithm_has_steps_that_belong_to_lines(self):
        Path("snippets/family.py").write_text(in_steps(SNIPPET), "utf-8")
        html = render(f"# T\n\n{CARD}", lang="en")
        assert "Add all" in html
        assert ">line 2</span>" in html
        assert html.count('data-v="2–2"') == 2, "the step, and its line of the code"
        assert html.count('data-v="z"') == 5, "in the step, in the table, and three times in the code"
        assert "ys-formula" not in html
        assert "ys-tex" not in html

    def test_the_card_speaks_the_language_of_the_page(self):
        html = render(f"# T\n\n{CARD}", lang="en")
        assert "a number" in html
        assert "There is no test report yet" in html
        assert "一个数" not in html

    @pytest.mark.parametrize(
        ("shape", "shown"),
        [("(m,)", "(m,)"), ("()", "标量"), ("(text)", "文本"), ("(list)", "列表"), ("(function)", "函数")],
    )
    def test_the_card_says_what_an_argument_is(self, shape, shown):
        edit_snippet("    z (m,): ", f"    z {shape}: ")
        assert f">{shown}<" in render(f"# T\n\n{CARD}").split("一个数")[0].rpartition("<tr")[2]

    def test_what_is_copied_is_complete_and_bare(self):
        copied = load("snippets", "family.mean").copy
        assert copied == (
            "import numpy as np\n\n\ndef mean(z):\n    return np.sum(z) / len(z)\n\n\nprint(mean(np.array([1.0, 3.0])))\n"
        )

    def test_a_helper_of_another_module_is_copied_too_and_counts_for_the_digest(self):
        Path("snippets/_help.py").write_text(
            "SCALE = 2.0\n\n\ndef twice(z):\n    '''Doc.'''\n    return SCALE * z\n", "utf-8"
        )
        edit_snippet("import numpy as np\n", "import numpy as np\n\nfrom snippets._help import twice\n")
        text = Path("snippets/family.py").read_text("utf-8")
        Path("snippets/family.py").write_text(text.replace("np.sum(z)", "np.sum(twice(z))"), "utf-8")
        formula = load("snippets", "family.mean")
        assert "SCALE = 2.0\n\n\ndef twice(z):\n    return SCALE * z\n\n\ndef mean" in formula.copy
        Path("snippets/_help.py").write_text("SCALE = 2.50\n\n\ndef twice(z):\n    return SCALE * z\n", "utf-8")
        assert load("snippets", "family.mean").digest != formula.digest

    def test_a_figure_with_choices_has_a_frame_a_button_and_a_number_for_each(self):
        html = render("# T\n\n/// figure | set\n    alt: 一条线\n图注 [=set.n]。\n///\n")
        assert html.count("<svg") == html.count('type="radio"') == 2
        assert re.search(r'<input [^>]*checked[^>]*value="1"', html), "the chosen one"
        assert '<span data-frame="0">11</span><span data-frame="1">22</span>' in html

    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            ('{"n": choice * 2}', '{"n": 2}', "1: TypeError: `numbers` maps names to text"),
            ('{"n": choice * 2}', '{choice: "2"}', "1: ValueError: each frame returns the same names"),
            ("plt.plot([1, int(choice)])", "pass", "1: ValueError: the script draws nothing"),
            ('"2"\n', '"3"\n', "1: ValueError: '3' is not in list"),
        ],
    )
    def test_a_figure_with_wrong_choices_stops_the_build(self, old, new, fault):
        assert old in SET
        Path("docs/figures/set.py").write_text(SET.replace(old, new), "utf-8")
        with pytest.raises(YansuanError) as error:
            render("# T\n\n/// figure | set\n    alt: 一条线\n///\n")
        assert str(error.value).startswith(f"docs/figures/set.py:{fault}")

    def test_a_rendered_figure_follows_the_page(self):
        html = render("# T\n\n/// figure | good\n    alt: 一条线\n图注 [=good.n]。\n///\n")
        assert 'role="img"' in html
        assert 'aria-label="一条线"' in html
        assert '<data class="ys-run" value="good.n">2</data>' in html
        assert "#1f5fbf" not in html
        assert "var(--ys-blue)" in html


@pytest.mark.usefixtures("project")
class TestNothingIsLost:
    """Text that no reader would see, characters that nobody sees."""

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("# T\n\n| a |\n|---|\n| 1 | 2 |\n", "5: more cells than the head of the table: '2'"),
            ("# T\n\nText.\n\n[a]: b\n", "5: a link definition that nothing uses: delete [a]:"),
            ("# T\n\n[x][a]\n\n[a]: b\n\n[A]: c\n", "7: [a]: is defined twice: delete one"),
            ("# T\n\nText[^1].\n", "3: this admonition or footnote was not understood"),
            ('# T\n\n!!! note "a" b\n    c\n', "3: this admonition or footnote was not understood"),
            ("# T\n\nText.\n//// x-y\n", "4: this block was not understood"),
            ("# T\n\n/// formulas | x\n///\n", "3: formulas: it takes no argument: delete 'x'"),
            ("# T\n\n/// wild-bugs\n///\n\n/// wild-bugs\n///\n", "6: wild-bugs: it is on this page already"),
            (
                "# T {#a}\n\n/// formula | family.mean\n///\n\n/// sources | S1\n\nText.\n",
                "6: the block 'sources | S1' is not closed",
            ),
            ("# T\n\n# U {b}\n", "3: the attribute 'b' of <h1> is not for pages"),
            ("# T\n\nif a <b and c> d\n", "3: the attribute 'and' of <b> is not for pages"),
            ("# T\n\n<!-- later -->\n", "3: a comment, or no tag that every browser reads alike: delete it"),
            ("# T\n\n<details>\n\nText.\n", "3: <details> is not closed: close it"),
            ("# T\n\nIt is $`x` 5$.\n", "3: code inside $…$: write \\$ for a dollar sign"),
            ("# T\n\nInline $x % y$.\n", "3: LaTeX: % begins a comment"),
            ("# T\n\nA\u2028B\n", "3: the invisible character U+2028: delete it"),
            ("# T\n\nA\x00B\n", "3: the invisible character U+0000"),
            ("# T\n\nA \u202eB\n", "3: the invisible character U+202E"),
            ("# T\n\nText.\n\n" + "\n".join("    " * i + "- x" for i in range(400)), "404: nested too deeply"),
            (
                "# T\n\n$" + "\\sqrt{" * 9999 + "x" + "}" * 9999 + "$\n",
                "3: LaTeX: longer than 2000 characters: split it",
            ),
            (f"# T\n\n/// formula | {'a' * 300}.b\n///\n", "3: formula: there is no 'aaa"),
            (f"# T\n\n/// figure | {'a' * 300}\n///\n", "3: figure 'aaa"),
        ],
    )
    def test_a_page_is_refused(self, text, fault):
        with pytest.raises(YansuanError) as error:
            render(text)
        assert str(error.value).startswith(f"docs/zh/page.md:{fault}")

    @pytest.mark.parametrize(
        "front",
        [
            "---\ntitle: <b>x</b>\n---\n\n",
            '---\ntitle: "\\x3cb>"\n---\n',
            '---\ndescription: 0;url=x" http-equiv="refresh\n---\n',
            "Note: this vanishes\n\n",
        ],
    )
    def test_settings_of_a_page_are_refused(self, front):
        """MkDocs takes them away before anything else sees the page, and a theme prints a title as it is."""
        Path("docs/zh/page.md").write_text(f"{front}# T\n", "utf-8")
        md = markdown.Markdown(extensions=[YansuanExtension(lang="zh")])
        md.path = "docs/zh/page.md"
        with pytest.raises(YansuanError, match=r"page\.md:1: settings of a page"):
            md.convert("# T\n")

    def test_the_record_of_the_twin_is_a_setting(self):
        Path("docs/zh/page.md").write_text("---\ntwin:\n  t: 'a'\n---\n\n# T\n", "utf-8")
        md = markdown.Markdown(extensions=[YansuanExtension(lang="zh")])
        md.path = "docs/zh/page.md"
        assert md.convert("# T\n")

    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            ("    Source:", "    A remark.\n    Source:", "17: mean: no card shows 'A remark.'"),
            ("    Source:", "    Sorce: x\n    Source:", "17: mean: no card shows 'Sorce: x'"),
            ("    z (m,)", "    $$ x $$\n\n    z (m,)", "10: mean: no card shows '$$ x $$'"),
            ("    2.0\n", "    2.0\n\n    So there.\n", "5: mean: no card shows 'So there.': an example ends the"),
            ("print(mean(", "print(mean((", "19: mean: example: not valid Python"),
            (">>> print", ">>>print", "5: mean: example: line 15 of the docstring"),
            ("    return np.sum(z) / len(z)\n", "", "5: mean: the docstring stands on lines of its own"),
            ("(m,): $z^r$", "(m,): $\\frac$", "10: mean: LaTeX: "),
            ("一个数", "一<b onclick=x>个</b>数", "12: the attribute 'onclick' of <b> is not for pages"),
            ("nobody 1900", "[x](javascript:x)", "17: the address 'javascript:x' of <a> runs"),
            ("their mean", "their\u2028mean", "14: the invisible character U+2028"),
            ("import numpy as np\n", f"x = {'(' * 150}\n", "1: not valid Python"),
            ("import numpy as np\n", f"x = {'-' * 20_000}1\n", "1: nested too deeply for Python"),
        ],
    )
    def test_a_docstring_is_refused(self, old, new, fault):
        edit_snippet(old, new)
        if "frac" in new:
            text = Path("snippets/family.py").read_text("utf-8")
            Path("snippets/family.py").write_text(text.replace("\\sum_{r=1}^{m} z^r", "z"), "utf-8")
        with pytest.raises(YansuanError) as error:
            render(f"# T\n\n{CARD}")
        assert str(error.value).startswith(f"snippets/family.py:{fault}")

    @pytest.mark.filterwarnings("ignore:.*invalid escape")
    def test_a_docstring_whose_backslashes_python_reads_is_refused(self):
        """`\\nu` would be a new line and a u."""
        edit_snippet('r"""Mean', '"""Mean')
        with pytest.raises(
            YansuanError, match=r"^snippets/family\.py:5: mean: backslashes in a docstring that is not raw"
        ):
            render(f"# T\n\n{CARD}")

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("snippets/family.py", CARD),
            ("docs/sources.csv", "/// sources | S1\n///\n"),
            ("docs/labs/lab.py", "/// verdict | lab.x\n///\n"),
            ("docs/figures/set.py", "/// figure | set\n    alt: x\n///\n"),
            ("tests/evidence.json", CARD),
        ],
    )
    def test_a_file_that_is_not_utf8_stops_the_build_at_the_byte(self, path, text):
        Path(path).parent.mkdir(exist_ok=True)
        Path(path).write_bytes("# a\n# 均值\n".encode("gb18030"))
        with pytest.raises(YansuanError, match=rf"^{path}:2: the byte 0xbe is not UTF-8: save the file as UTF-8$"):
            render(f"# T\n\n{text}")

    def test_a_mark_at_the_beginning_and_ends_of_lines_of_windows_are_no_fault(self):
        Path("snippets/family.py").write_bytes(b"\xef\xbb\xbf" + SNIPPET.replace("\n", "\r\n").encode())
        assert "np.sum(z) / len(z)\n" in load("snippets", "family.mean").copy

    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            (",reason\n", "\n", "1: no column 'reason'"),
            ("S1,L2,a heading", "S1,L2,a heading, or two", "3: not as many columns as the first line has"),
            ("S1,L2,a heading,标题,page.md,a,", "S1,L2", "3: not as many columns as the first line has"),
            ("a mean,", '"a mean"x,', "2: not a table"),
            ("no content | 没有内容", "no content", "4: a reason in one language"),
        ],
    )
    def test_a_row_of_the_sources_is_refused(self, old, new, fault):
        assert old in SOURCES
        Path("docs/sources.csv").write_text(SOURCES.replace(old, new), "utf-8")
        with pytest.raises(YansuanError, match=rf"^docs/sources\.csv:{fault}"):
            render(f"# T {{#a}}\n\n{CARD}\n/// sources | S1\n///\n")

    @pytest.mark.parametrize(
        ("script", "fault"),
        [
            ("def (", "1: not valid Python: invalid syntax"),
            ("import sys\nsys.exit(3)\n", "2: SystemExit: 3"),
            (SET.replace('["1", "2"], "2"', "[1, 2], 2"), "1: TypeError: `symbol` and `choices` are text"),
            (
                SET.replace("choice * 2", r'"\0"'),
                "1: TypeError: `numbers` maps names to text",
            ),
        ],
    )
    def test_a_figure_is_refused(self, script, fault):
        Path("docs/figures/bad.py").write_text(script, "utf-8")
        with pytest.raises(YansuanError) as error:
            render("# T\n\n/// figure | bad\n    alt: x\n///\n")
        assert str(error.value).startswith(f"docs/figures/bad.py:{fault}")

    def test_an_empty_lab_is_refused(self):
        Path("docs/labs/lab.py").write_text("\n", "utf-8")
        with pytest.raises(YansuanError, match=r"^docs/labs/lab\.py:1: an empty lab"):
            render("# T\n\n/// verdict | lab.x\n///\n")


@pytest.mark.usefixtures("project")
class TestNothingRuns:
    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("<script>alert(1)</script>", "<script> is not for pages"),
            ("<iframe src=x></iframe>", "<iframe> is not for pages"),
            ("<style>p{}</style>", "<style> is not for pages: the style sheet"),
            ("<svg><animate/></svg>", "<animate> is not for pages"),
            ("<img src=x onerror=alert(1)>", "the attribute 'onerror' of <img>"),
            ("<svg onload=alert(1)></svg>", "the attribute 'onload' of <svg>"),
            ("**x**{: onclick=alert(1) }", "the attribute 'onclick' of <strong>"),
            ("[x](javascript:alert(1))", "the address 'javascript:alert(1)' of <a> runs"),
            ("![x](https://e.org/x.png)", "the address 'https://e.org/x.png' of <img> runs, or loads"),
            ('<p style="background:url(x.png)">x</p>', "style='background:url(x.png)' of <p> loads"),
            ('<svg><path fill="url(//e.org/x)"/></svg>', "fill='url(//e.org/x)' of <path> loads"),
            ('<div id="__config">{}</div>', "the id '__config' of <div> belongs to the theme"),
            ('<div data-md-component="search">x</div>', "the attribute 'data-md-component' of <div>"),
            (
                "<div title='<span class=\"k\" data-v=\"' onclick=alert(1) '\">x</span>' >x</div>",
                "a comment, or no tag",
            ),
            ('<div><mi id="__config">x</mi></div>', "the id '__config' of <mi> belongs to the theme"),
            ('<svg><path style="mask:image-set(x)"/></svg>', "style='mask:image-set(x)' of <path> loads"),
            ("<img/onerror=alert(1)>", "a comment, or no tag that every browser reads alike"),
            ('<p data-figure="x">x</p>', "a card or display math in hand-written HTML"),
            ('<p data-copy="rm -r x">x</p>', "a card or display math in hand-written HTML"),
        ],
    )
    def test_what_runs_or_loads_is_refused(self, text, fault):
        with pytest.raises(YansuanError) as error:
            render(f"# T\n\n{text}\n")
        assert str(error.value).startswith(f"docs/zh/page.md:3: {fault}")

    @pytest.mark.parametrize(
        "text",
        [
            "<details><summary>more</summary>x</details>",
            'a<br>b <kbd>Tab</kbd> x<sub>i</sub> <a href="../x.json" title="y">z</a> <abbr title="a">b</abbr>',
            '<ruby>验<rt>yàn</rt></ruby> <span lang="en" dir="ltr" class="x">y</span>',
            '<img src="a.png" alt="x" width="9"> ![x](data:image/png;base64,AA==)',
            '<svg viewBox="0 0 1 1"><path d="M0 0" fill="url(#g)" style="stroke: red"/></svg>',
            "[x](https://e.org) <https://e.org> <a@e.org> [y](#t){ .x title=z download }",
            "| a |\n|:-:|\n| <b>1</b> |",
            "a &lt; b, `<script>`, c < d, &nbsp; $a<b$",
        ],
    )
    def test_html_that_shows_something_is_left_alone(self, text):
        assert render(f"# T {{#t}}\n\n{text}\n")

    def test_a_finished_page_is_looked_at_whoever_made_it(self, tmp_path):
        page = tmp_path / "index.html"
        page.write_text("<script>theme()</script>\n<article>\n<p>x</p>\n<script>evil()</script></article>", "utf-8")
        assert [f.partition("index.html")[2] for f in site_faults(tmp_path)] == [
            ":4: <script> is not for pages: delete it, or write &lt; for <"
        ]

    def test_search_knows_no_card_on_a_page_that_is_not_in_nav(self):
        Path("docs/zh/page.md").write_text(CARD, "utf-8")
        formulas = load_all("snippets")
        assert [e["location"] for e in of_cards("docs/zh", "zh", formulas, {"page/"})] == ["page/#family.mean"]
        with pytest.raises(YansuanError, match=r"page\.md:1: .*add the page to nav"):
            list(of_cards("docs/zh", "zh", formulas, set()))

    def test_the_policy_lets_no_script_of_an_author_through(self, tmp_path):
        page = tmp_path / "index.html"
        page.write_text('<meta charset="utf-8"><script>theme</script><article><script>evil</script></article>', "utf-8")
        protect(tmp_path)
        assert page.read_text("utf-8").count("sha256-") == 1

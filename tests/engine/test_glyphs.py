"""A character that the math font lacks stops the build, and the font has all that notes need."""

import re
import unicodedata
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from tests.engine.test_bad_input import CARD, TEX, edit_snippet, project, render  # noqa: F401
from yansuan.base.errors import YansuanError
from yansuan.site.font import math_font
from yansuan.tex.glyphs import COMMON, RARE, missing
from yansuan.tex.mathml import LatexFault, to_html
from yansuan.tex.symbols import ACCENTS, BELOW, FONTS, GREEK, NAMED, ROWS

GROW = "∑∏∐∫⋃⋂⋁⋀⨁⨂⨀⨆⨄"


def characters(ranges):
    return {chr(code) for first, last in ranges for code in range(first, last + 1)}


def test_the_font_has_what_the_ranges_promise():
    original = TTFont(next(Path(find_spec("ziamath").origin).parent.glob("fonts/STIXTwoMath*.ttf")))
    has = {chr(code) for code in original.getBestCmap()}
    used = {c for c in characters(COMMON + RARE) if unicodedata.name(c, "")}  # ℬ is kept free in the script alphabet
    assert used <= has
    assert not characters(COMMON) & characters(RARE)
    cut = {chr(code) for part in (COMMON, RARE) for code in TTFont(BytesIO(math_font(part))).getBestCmap()}
    assert used <= cut


def test_what_stands_in_every_style_sheet_is_small():
    assert len(math_font(COMMON)) <= 42772, "this is fetched for each page: put rare characters into RARE"


@pytest.mark.parametrize("part", [COMMON, RARE], ids=["common", "rare"])
def test_sums_grow_in_a_display(part):
    font = TTFont(BytesIO(math_font(part)))
    names, table = font.getBestCmap(), font["MATH"].table.MathVariants
    variants = dict(zip(table.VertGlyphCoverage.glyphs, table.VertGlyphConstruction, strict=True))
    for character in set(GROW) & characters(part):
        sizes = [v.AdvanceMeasurement for v in variants[names[ord(character)]].MathGlyphVariantRecord]
        assert max(sizes) > 1.2 * min(sizes), character


@pytest.mark.parametrize("letters", ["ABCXYZ", "abcxyz", "0123456789"])
def test_all_alphabets_have_glyphs(letters):
    for command in {*FONTS.values(), r"\mathscr", r"\mathrm"}:
        for letter in letters:
            to_html(rf"{command}{{{letter}}}", False)


def test_all_commands_have_glyphs():
    commands = [f"\\{name}" for _, *names in ROWS for name in names] + [f"\\{name}" for name in NAMED]
    commands += [f"{accent}{{x}}" for accent in (*ACCENTS.values(), *BELOW.values())]
    commands += [
        rf"{font}{letter}" for font in (r"\boldsymbol", r"\mathbf") for letter in GREEK - {r"\digamma", r"\omicron"}
    ]
    for command in commands:
        to_html(command, True)


def test_letters_are_slanted_by_the_browser_and_need_those_glyphs():
    """A browser draws `<mi>x</mi>` as 𝑥, which no page writes."""
    for name in map(unicodedata.name, "aZαΩϵϑϰϕϱϖ∂∇"):
        kind = name.removeprefix("LATIN ").removeprefix("GREEK ").replace(" LETTER", "").replace("LUNATE ", "")
        assert not missing(unicodedata.lookup(f"MATHEMATICAL ITALIC {kind}")), name
    assert not missing("ℎ𝚤𝚥√")


@pytest.mark.parametrize(
    ("tex", "message"),
    [
        (r"x = \text{若 } y", "no glyph for 若 (U+82E5): write words outside the formula"),
        ("ｙ + 1", "no glyph for ｙ (U+FF59): write words outside the formula, and letters as on an English"),
        (
            "a，b",
            "no glyph for ， (U+FF0C): write it in words outside the formula, or add its range to yansuan/tex/glyphs",
        ),
        (r"x \gtreqqless y", "no glyph for ⪌ (U+2A8C)"),
        ("🙂", "no glyph for 🙂 (U+1F642)"),
    ],
)
def test_a_character_without_a_glyph_is_refused(tex, message):
    with pytest.raises(LatexFault, match=re.escape(message)):
        to_html(tex, False)


@pytest.mark.usefixtures("project")
class TestPages:
    def test_on_a_page(self):
        with pytest.raises(
            YansuanError, match=r"^docs/zh/page\.md:5: LaTeX: no glyph for 长 \(U\+957F\): write words .* in "
        ):
            render("# T\n\nText.\n\nMore, $x_{\\text{长}}$.\n")

    def test_in_a_card(self):
        edit_snippet(TEX, TEX.replace(" $$\n", "\n    \\text{ 对} $$\n"))
        with pytest.raises(YansuanError, match=r"^snippets/family\.py:9: mean: LaTeX: no glyph for 对 \(U\+5BF9\)"):
            render(f"# T\n\n{CARD}")

    def test_what_is_rare_is_drawn(self):
        html = render(
            r"# T"
            + "\n\n"
            + r"$a \perp b \models \bigoplus_i \mathfrak g_i \hookrightarrow \ddots \mathsf x \mathtt y$"
        )
        assert "⨁" in html


def test_what_chooses_a_shape_is_no_character():
    assert missing("ℒ\ufe00 ℒ\ufe01\u2061") == []
    assert missing("若x若⟂") == ["若"]

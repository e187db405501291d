"""LaTeX to MathML, at build time: the one place that knows the renderer.

In: LaTeX, and whether it is a display. Out: MathML that shows exactly what is written, in characters that the site's
font has; otherwise LatexFault. All that a page draws comes from here: formulas, symbols, steps, inline math.
"""

import html
import re
from functools import cache

from math_core import LatexError, LatexToMathML

from yansuan.base.textfile import hidden
from yansuan.tex.drawn import Unreadable, differs
from yansuan.tex.glyphs import missing
from yansuan.tex.raw import Token
from yansuan.tex.symbols import COMMAND
from yansuan.tex.tokens import TexError, text

RENDERER = LatexToMathML(fancy_error=False)
COMMENT = re.compile(r"(?<!\\)(?:\\\\)*%")
LONGEST = 2000  # the renderer, and what reads its output, follow nested braces until their stack is full
NAMED = {"&ApplyFunction;": "\u2061", "&InvisibleTimes;": "\u2062"}
CURES = {  # how what is written first and not drawn so begins: what to write instead
    r"\\\\$|&": r"put the rows into \begin{aligned} … \end{aligned}, all of the display",
    r"\\begin": r"write aligned, gathered, cases or a matrix, without lines and numbers",
    r"[.\d]": r"write a number in one piece, and \cdot between two",
    r"\\(hspace|hskip|kern|m?kern|mskip|hfill)": r"write \, or \quad",
    r"\\over$": r"write \frac{a}{b}",
    r"\\[bB]igg?$": r"write \bigl before the left bar and \bigr before the right one",
    r"\\(new|renew|provide)?(command|def|let)": "write it out",
    r"\\(bf|rm|it|tt|sf|cal)$": r"write \mathbf{x}, \mathrm{x} …, with braces",
    r"\\(tag|label|ref|eqref|nonumber|notag|hline|(text)?color|style)": "delete it",
    r'["`]': r"write quotation marks outside the formula",
}
OTHERWISE = "write it in another way: yansuan/tex/symbols.py has the commands that are known"


class LatexFault(ValueError):
    """What is wrong, and how many lines into the LaTeX."""

    def __init__(self, message: str, line: int) -> None:
        self.line = line
        super().__init__(message)


@cache
def to_html(latex: str, display: bool) -> str:
    """MathML for one formula. Raises LatexFault, also where it would show something other than what is written."""
    refuse_unseen(latex)
    mathml = convert(latex, display)
    if lacks := missing(html.unescape(re.sub("<[^>]*>", "", mathml))):
        raise no_glyph(latex, lacks[0])
    try:
        found = differs(latex, mathml)
    except TexError as error:
        raise LatexFault(f"LaTeX: {error}", 0) from None
    except Unreadable as error:
        command, line = drawer(latex, str(error))
        why = f"draws {error}, which cannot be compared with what is written: leave it out"
        raise LatexFault(f"LaTeX: {command} {why}", line) from None
    if found:
        raise another(latex, *found)
    return mathml


def drawer(latex: str, element: str) -> tuple[str, int]:
    """The command of some LaTeX that draws an element, and how many lines into it."""
    for m in re.finditer(r"\\[a-zA-Z]+", latex):
        for trial in (m[0], m[0] + "{x}", m[0] + "{x}" * 2, m[0] + "{x}" * 3):
            try:
                drawn = convert(trial, False)
            except LatexFault:
                continue
            if element.rstrip(">") in drawn:
                return m[0], latex.count("\n", 0, m.start())
    return "this", 0


def refuse_unseen(latex: str) -> None:
    """What an author can write and a reader cannot see."""
    if len(latex) > LONGEST:
        raise LatexFault(f"LaTeX: longer than {LONGEST} characters: split it", 0)
    if found := hidden(latex):
        raise LatexFault(f"LaTeX: {found[1]}", found[0] - 1)
    if m := COMMENT.search(latex):
        line = latex.count("\n", 0, m.end())
        raise LatexFault("LaTeX: % begins a comment, which nobody would see: write \\% or delete it", line)


def convert(latex: str, display: bool) -> str:
    try:
        mathml = RENDERER.convert_with_local_state(latex, displaystyle=display)
    except LatexError as error:
        offset, _, message = str(error).partition(": ")
        before, after = latex[: int(offset)], latex[int(offset) :]
        raise LatexFault(
            f"LaTeX: {message} At {after.splitlines()[0][:20]!r}" if after.strip() else f"LaTeX: {message}",
            before.count("\n"),
        ) from None
    for name, character in NAMED.items():
        mathml = mathml.replace(name, character)
    return mathml


def no_glyph(latex: str, character: str) -> LatexFault:
    """The font has no such character, so that a page would show another font's, or an empty box."""
    at = max(latex.find(character), latex.find(COMMAND.get(character, character)), 0)
    cure = "write it in words outside the formula, or add its range to yansuan/tex/glyphs.py if STIX Two Math has it"
    if character.isalpha():
        cure = "write words outside the formula, and letters as on an English keyboard"
    return LatexFault(f"LaTeX: no glyph for {character} (U+{ord(character):04X}): {cure}", latex.count("\n", 0, at))


def another(latex: str, written: list[str], drawn: list[str]) -> LatexFault:
    """The renderer draws something other than what is written."""
    first = written[0] if written else ""
    suspects = [first, *(token for token in written[1:6] if token.startswith("\\"))]
    cures = (cure for token in suspects for pattern, cure in CURES.items() if re.match(pattern, token))
    cure = next(cures, OTHERWISE)
    if drawn[:1] == ["["] and re.search(r"\\\\\s*\[", latex):
        cure = r"write \\ without a length"
    line = latex.count("\n", 0, first.at) if isinstance(first, Token) else 0
    pair = [text(tokens[:6]) or "nothing" for tokens in (written, drawn)]
    return LatexFault(f"LaTeX: '{pair[0]}' is written, '{pair[1]}' would be drawn: {cure}", line)

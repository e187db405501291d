r"""What a reader sees: MathML read back as LaTeX.

In: the MathML that the renderer made. Out: LaTeX of the same drawing, written without any knowledge of the LaTeX that
it was made from:

    latex("<math><msup><mi>x</mi><mn>2</mn></msup><mo>×</mo><mi>y</mi></math>")  ->  x^{2}\times y

`differs` compares the tokens of both, so that nothing is drawn that is not also executed, and the other way round. What
is not known here is not guessed: it raises Unreadable.
"""

import itertools
import re
import unicodedata
from collections.abc import Callable
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from yansuan.tex.symbols import ACCENTS, BELOW, COMMAND, FONTS, GREEK, UPRIGHT
from yansuan.tex.tokens import has_limits, lex

INVISIBLE = set("\u2061\u2062\u2063\u2064")  # f of x, times, a separator
STYLE = re.compile(
    rf"(?:MATHEMATICAL )?({'|'.join(sorted([*FONTS, 'ITALIC'], reverse=True))}) (?!BOLD|ITALIC|SCRIPT|FRAKTUR)"
)
VARIANTS = {"\ufe00": r"\mathcal", "\ufe01": r"\mathscr"}  # which of two shapes a script letter has
QUAD = 0.99  # em: from this width a space separates equations
OVERLAP = -0.17  # em: a thin space back; more puts one thing over another
LOOKS = re.compile(r"(text-align|justify-items|padding(-\w+)?|width)\s*:")  # of a table
LOST = {r"\lvert": "|", r"\rvert": "|", r"\lVert": r"\|", r"\rVert": r"\|", "{,}": ","}  # which is no longer seen


class Unreadable(ValueError):
    """MathML that cannot be read back."""


def latex(mathml: str) -> str:
    """The LaTeX of a drawing. Raises Unreadable."""
    try:
        found = row(ElementTree.fromstring(mathml))
    except ElementTree.ParseError as error:
        raise Unreadable(f"MathML with a fault ({error})") from None
    if re.search(r"\\! *\\! ", found):
        raise Unreadable(r"more than one \! in a row")
    return found.replace(r"\cdotp \cdotp \cdotp ", r"\dots ")  # so it is drawn between operators


def differs(tex: str, mathml: str) -> tuple[list[str], list[str]] | None:
    """From where on the tokens that are written and those that are drawn differ; None if they are the same.

    Raises TexError if the LaTeX has no tokens, Unreadable if the MathML cannot be read back.
    """
    written, drawn = lex(tex), lex(latex(mathml))
    for at, (one, other) in enumerate(itertools.zip_longest(written, drawn, fillvalue="")):
        if LOST.get(one, one) != LOST.get(other, other):
            return written[at:], drawn[at:]
    return None


def read(element: Element) -> str:
    if element.tag not in READ:
        raise Unreadable(f"<{element.tag}>")
    return READ[element.tag](element)


def row(element: Element) -> str:
    if "color" in element.get("style", ""):
        return rf"\coloured {parts(element)}"
    children = list(element)
    cases = [child.tag for child in children] == ["mo", "mtable", "mo"] and children[2].text == "\u2063"
    return table(children[1], "cases") if cases and children[0].text == "{" else parts(element)


def parts(element: Element) -> str:
    return "".join(map(read, element))


def letters(element: Element) -> str:
    """A letter, or upright letters as one word, also where it is an operator."""
    name = "".join((element.text or "").split())
    if len(name) > 1 and (element.tag == "mi" or name.isalpha()) and re.fullmatch(r"[a-zA-Z0-9.,'*′−-]+", name):
        return rf"\operatorname{{{name.replace('−', '-').replace('′', chr(39))}}}"
    if element.get("mathvariant") == "normal":
        if name.isascii() and name.isalpha():
            return rf"\operatorname{{{name}}}"
        command = COMMAND.get(name, name)
        return f"{command} " if command in UPRIGHT else rf"\mathrm{{{command}}}"
    if element.tag == "mi" and (command := COMMAND.get(name, "")) in UPRIGHT & GREEK:
        return rf"\var{command[1:]} "
    return characters(name)


def number(element: Element) -> str:
    written = (element.text or "").strip()
    if written.count(".") > 1:
        raise Unreadable(f"the number {written}")
    return characters(written)


def characters(written: str) -> str:
    found = ""
    for at, character in enumerate(written):
        if character not in VARIANTS:
            found += one(character, VARIANTS.get(written[at + 1 : at + 2], ""))
    return found


def one(character: str, alphabet: str = "") -> str:
    """A character: its command, or its letter in its alphabet."""
    if character in INVISIBLE:
        return ""
    if character in COMMAND:
        return f"{COMMAND[character]} "
    kind, _, code = unicodedata.decomposition(character).partition(" ")  # "<font>" and the letter itself
    style = STYLE.match(unicodedata.name(character, ""))
    if kind != "<font>" or not style:
        return character
    plain = chr(int(code, 16))
    letter = COMMAND.get(plain, plain)
    return f"{letter} " if style[1] == "ITALIC" else rf"{alphabet or FONTS[style[1]]}{{{letter}}}"


def words(element: Element) -> str:
    if len(element):
        raise Unreadable(f"<{element[0].tag}> in text")
    written = (element.text or "").replace("\xa0", " ")
    return rf"\text{{{written}}}" if written.strip() else " "


def space(element: Element) -> str:
    if "margin-left:-" in element.get("style", ""):
        back = re.search(r"margin-left:(-[\d.]+)em", element.get("style", ""))
        return r"\! " if back and float(back[1]) >= OVERLAP else r"\overlap "
    width = re.fullmatch(r"([\d.]+)em", element.get("width", "0em"))
    if not width:
        return r"\space "  # in another unit, as no command of the lexer has it
    return r"\quad " if float(width[1]) >= QUAD else " "


def padded(element: Element) -> str:
    if element.get("voffset"):
        raise Unreadable("<mpadded>")
    hidden = [child for child in element if child.tag == "mphantom"]
    side = "v" if element.get("width") == "0" else "h" if element.get("height") == "0" else ""
    return rf"\{side}phantom{{{parts(hidden[0])}}}" if hidden and side else parts(element)


def fraction(element: Element) -> str:
    command = r"\genfrac" if element.get("linethickness") in ("0", "0pt") else r"\frac"
    return command + "".join(f"{{{read(part)}}}" for part in element)


def scripts(element: Element) -> str:
    marks = {"msub": "_", "msup": "^", "msubsup": "_^"}[element.tag]
    return read(element[0]) + "".join(f"{m}{{{read(s)}}}" for m, s in zip(marks, element[1:], strict=True))


def limits(element: Element) -> str:
    """What stands above or below: an accent, the limits of a sum, or something put there."""
    base, *around = element
    accents = {"mover": ACCENTS, "munder": BELOW}.get(element.tag, {})
    sign = (around[0].text or "").strip() if around[0].tag == "mo" else ""
    if "true" in (element.get("accent"), element.get("accentunder")):
        if sign not in accents:
            raise Unreadable(f"the accent {sign!r}")
        return f"{accents[sign]}{{{read(base)}}}"
    marks = {"mover": "^", "munder": "_", "munderover": "_^"}[element.tag]
    found = read(base)
    operator = re.match(r"\\(over|under)brace\{", found) or (len(tokens := lex(found)) == 1 and has_limits(tokens[0]))
    for mark, script in zip(marks, around, strict=True):
        command = r"\overset" if mark == "^" else r"\underset"
        found = f"{found}{mark}{{{read(script)}}}" if operator else f"{command}{{{read(script)}}}{{{found}}}"
    return found


def table(element: Element, name: str = "") -> str:
    name = name or ("aligned" if element.get("displaystyle") == "true" else "matrix")
    found = [[cell(c) for c in line if not (is_margin(c) and not len(c))] for line in element]
    if len(found) > 1 and not "".join(found[-1]).strip():
        found.pop()  # after a last \\
    return rf"\begin{{{name}}}" + r"\\ ".join("&".join(line) for line in found) + rf"\end{{{name}}}"


def cell(element: Element) -> str:
    style = element.get("style", "")
    if LOOKS.sub("", re.sub(r":[^;]*", ":", style)).strip("; "):
        raise Unreadable("a table with lines")
    return rf"\tag{{{parts(element)}}}" if is_margin(element) else parts(element)


def is_margin(element: Element) -> bool:
    """Beside a display, where a number of an equation may stand."""
    return element.get("style", "").startswith("width")


READ: dict[str, Callable[[Element], str]] = {
    **dict.fromkeys(("math", "mrow"), row),
    **dict.fromkeys(("mi", "mo"), letters),
    **dict.fromkeys(("msub", "msup", "msubsup"), scripts),
    **dict.fromkeys(("munder", "mover", "munderover"), limits),
    "mn": number,
    "mtext": words,
    "mspace": space,
    "mpadded": padded,
    "mphantom": lambda element: rf"\phantom{{{parts(element)}}}",
    "mfrac": fraction,
    "msqrt": lambda element: rf"\sqrt{{{parts(element)}}}",
    "mroot": lambda element: rf"\sqrt[{read(element[1])}]{{{read(element[0])}}}",
    "mtable": table,
}

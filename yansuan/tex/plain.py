"""A formula as one line of plain text, for what shows no MathML: contents, titles, search. `m/(m-1)`, `A_i^2`, `√2`."""

import re
import unicodedata
from functools import cache
from xml.etree.ElementTree import Element, fromstring

from yansuan.tex.mathml import to_html

ACCENTS = {"ˆ": "\u0302", "^": "\u0302", "¯": "\u0304", "‾": "\u0304", "\u0332": "\u0304", "˜": "\u0303", "~": "\u0303"}
ACCENTS |= {
    "˙": "\u0307",
    "¨": "\u0308",
    "→": "\u20d7",
    "ˇ": "\u030c",
    "˘": "\u0306",
    "´": "\u0301",
    "`": "\u0300",
    "\u20d7": "\u20d7",
}
BRACES = "⏞⏟⎴⎵⏜⏝"
RELATION = re.compile(r"[=<>≤≥≠≈≡∼≃≅∝∈∉⊂⊆⊃⊇→←↦⇒⇐⇔↔≪≫≔∣]|:=")
ROOTS = {"3": "∛", "4": "∜"}
WRITTEN = str.maketrans({"−": "-", "⋅": "·", "∗": "*", "\u2061": "", "\u2062": "", "\ufe00": "", "\ufe01": ""})
EDGE = "\x1f"  # around a word, which needs a space where a letter does not
ATOM = rf"[∂√∛∜]?(?:\d+(?:\.\d+)?|{EDGE}\w+{EDGE}|[^\W\d_][\u0300-\u036f\u20d7]?|[^\w√∛∜])′*"

PRODUCT = re.compile(rf"(?:[\w√′^∂∇]|{EDGE}|[\u0300-\u036f])+")


class NoPlainForm(ValueError):
    """A matrix, cases, several rows: nothing that fits on a line."""


@cache
def plain(latex: str) -> str:
    """The formula as plain text. Raises LatexFault, and NoPlainForm for what has rows."""
    text = linear(fromstring(to_html(latex, False)))
    text = re.sub(rf"(?<=[^\W_)]){EDGE}+(?=[^\W_]|√)|(?<=\)){EDGE}+(?=[^\W_])", " ", text)
    text = re.sub(rf"(?<=[^\W_]){EDGE}+(?=[^\W_])", " ", text).replace(EDGE, "").replace("∣", "|")
    return unicodedata.normalize("NFC", " ".join(text.split()))


def plain_or_latex(latex: str) -> str:
    """The formula as plain text, or as it is typed where it has no such form."""
    try:
        return plain(latex)
    except NoPlainForm:
        return " ".join(latex.split())


def with_plain_math(text: str) -> str:
    """A sentence with each `$formula$` of it as plain text."""
    return re.sub(r"\$([^$]+)\$", lambda m: plain_or_latex(m[1]), text)


def linear(element: Element) -> str:
    """One element of MathML and what is in it."""
    parts, text = list(element), element.text or ""
    match element.tag:
        case "mi" | "mn" | "mo":
            text = (text if element.tag == "mo" else unicodedata.normalize("NFKC", text)).translate(WRITTEN)
            return f"{EDGE}{text}{EDGE}" if len(text) > 1 and text.isalpha() else text
        case "mtext":
            return text.replace("\xa0", " ")
        case "mspace":
            return " " if element.get("width", "0") != "0" else ""
        case "mphantom" | "annotation":
            return ""
        case "mfrac" if element.get("linethickness") == "0":
            return f"{linear(parts[0])} choose {linear(parts[1])}"
        case "mfrac":
            above, below = map(linear, parts)
            return f"{above if PRODUCT.fullmatch(above) else grouped(above)}/{grouped(below, scripted=True)}"
        case "msqrt":
            return f"√{grouped(row(parts))}"
        case "mroot":
            base, degree = map(linear, parts)
            return f"{ROOTS[degree]}{grouped(base)}" if degree in ROOTS else f"{grouped(base)}^(1/{grouped(degree)})"
        case "msub" | "msup" | "msubsup" | "munder" | "mover" | "munderover":
            return scripts(element, parts)
        case "mtable" | "menclose" | "mmultiscripts" | "merror":
            raise NoPlainForm("it has no form on one line")
        case _:
            return row(parts)


def row(parts: list[Element]) -> str:
    """Elements one after the other, with a space around a relation and after a comma."""
    text = ""
    for part in parts:
        piece = linear(part)
        if part.tag == "mo" and RELATION.fullmatch(piece) and part.get("form") is None:
            text = f"{text.rstrip()} {piece} " if text else piece
        else:
            text += ", " if piece == "," else piece
    return text


def scripts(element: Element, parts: list[Element]) -> str:
    """A base with what stands above and below it: `x_i^2`, `x̂`, `∑_(i = 1)^n`."""
    base, marks = linear(parts[0]), [re.sub(r" (\W) ", r"\1", linear(part).strip()) for part in parts[1:]]
    if element.tag in ("mover", "munder") and (marks[0] in ACCENTS or unicodedata.combining(marks[0][:1] or " ")):
        accent = ACCENTS.get(marks[0], marks[0]) if element.tag == "mover" else "\u0332"
        return "".join(c + accent if c.isalnum() else c for c in base)
    if marks[0] in BRACES and len(marks) == 1:
        return base
    text = grouped(base, scripted=element.tag.startswith("mu"))
    for sign, mark in zip("^" if element.tag in ("msup", "mover") else "_^", marks, strict=False):
        if sign == "^" and re.fullmatch("[′″‴]+", mark):
            text += mark
        elif mark == "∘":
            text += "°"
        elif mark:
            text += sign + (
                mark if re.fullmatch(rf"[\w{EDGE}′\u0300-\u036f]+|\W", mark) or whole(mark) else f"({mark})"
            )
    return text + EDGE


def grouped(text: str, scripted: bool = False) -> str:
    """In brackets, unless it is one symbol (with its indices, if `scripted`) or in brackets already."""
    if not text.strip(EDGE):
        return ""
    bare = text.rstrip(EDGE) + EDGE * text.startswith(EDGE)
    if re.fullmatch(rf"{ATOM}(?:[_^]{ATOM})*" if scripted else ATOM, bare) or whole(bare.lstrip("√∛∜")):
        return text
    return f"({text.strip()})"


def whole(text: str) -> bool:
    """Whether one pair of brackets holds all of it."""
    depth = 0
    for at, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if depth == 0:
            return at == len(text) - 1 and at > 0
    return False

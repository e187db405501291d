r"""The tokens of LaTeX in the order in which they are written.

In: LaTeX as an author writes it. Out: its tokens with their places, without spaces and sizes, and each under one name
whatever it is called: `\ne` and `\neq`, `\text{if}` and `\operatorname{if}`. How TeX groups them is for `tokens`.
"""

import re
from collections.abc import Iterator

from yansuan.tex.symbols import NAMED, SAME

END = r"(?![a-zA-Z])"  # of a command
LETTER = r"[a-zA-Z0-9.,'*-]"  # of what an operator can be called
BAR, DOUBLE = rf"(?:\||\\[lr]?vert{END})", rf"(?:\\\||\\[lr]?Vert{END})"
SIDES = {"left": r"\\(?:left|[bB]igg?l)\s*", "right": r"\\(?:right|[bB]igg?r)\s*"}
KINDS = {  # what a token can be; the first that suits
    "environment": r"\\(?P<edge>begin|end)\s*\{(?P<name>\w+\*?)\}(?:(?<=\{array\})\s*\{[lcr\s]*\})?",
    "lvert": SIDES["left"] + BAR,
    "rvert": SIDES["right"] + BAR,
    "lVert": SIDES["left"] + DOUBLE,
    "rVert": SIDES["right"] + DOUBLE,
    "nothing": r"\\(?:left|right)\s*\.",  # a bracket that is not drawn
    "size": rf"\\[bB]igg?(?:[lrm]{END}|{END}(?!\s*(?:{BAR}|{DOUBLE})))",  # \big| does not say on which side it stands
    "neq": r"\\not\s*=",
    "notin": rf"\\not\s*\\in{END}",
    "operator": rf"\\(?:operatorname\*?|mathrm(?=\s*\{{\s*[a-zA-Z]))\s*\{{(?P<letters>(?:{LETTER}|\s|\\[,!;: ])*)\}}",
    "text": r"\\text\s*\{(?P<words>[^{}]*)\}",
    "row": rf"\\\\\*?(?:\[-?[\d.]+\s*[a-z]{{2}}\])?|\\(?:newline|cr){END}",
    "other": r"\\[a-zA-Z]+|\\(?s:.)|:\s*=|\.\.\.|\d+(?:\.\d+)?|\.\d+|\S",
}
RAW = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in KINDS.items()))
INVISIBLE = {rf"\{c}" for c in ",!;:> \n\t"} | {"~", r"\left", r"\right", r"\middle", r"\limits", r"\nolimits"}
INVISIBLE |= {rf"\{style}style" for style in ("display", "text", "script", "scriptscript")}
INVISIBLE |= {rf"\{space}space" for space in ("thin", "med", "thick", "negthin", "en")}
INVISIBLE |= {rf"\math{kind}" for kind in ("op", "bin", "rel", "ord", "open", "close", "punct", "inner")}
ALIAS = SAME | {r"\qquad": r"\quad", r"\dfrac": r"\frac", r"\tfrac": r"\frac", r"\cfrac": r"\frac"}
ALIAS |= {r"\tbinom": r"\binom", r"\dbinom": r"\binom", r"\stackrel": r"\overset", r"\bm": r"\boldsymbol"}
ROWS = ("aligned", "align*", "gathered", "gather*")
EDGES = dict.fromkeys(ROWS, ("aligned", "", "")) | dict.fromkeys(("cases", "dcases"), ("cases", "", ""))
EDGES |= {"matrix": ("matrix", "", ""), "array": ("matrix", "", ""), "pmatrix": ("matrix", "(", ")")}
EDGES |= {"bmatrix": ("matrix", "[", "]"), "Bmatrix": ("matrix", r"\{", r"\}")}
EDGES |= {"vmatrix": ("matrix", r"\lvert", r"\rvert"), "Vmatrix": ("matrix", r"\lVert", r"\rVert")}

KNOWN: dict[tuple[str, str], list[str]] = {}  # by kind, and as it is written: there are few, and asked for often


class Token(str):
    """A token, and where in the LaTeX it stands."""

    at: int

    def __new__(cls, token: str, at: int) -> "Token":
        self = super().__new__(cls, token)
        self.at = at
        return self


def raw(tex: str) -> Iterator[Token]:
    """The tokens in the order in which they are written, each under its one name."""
    for match in RAW.finditer(tex):
        written = match.lastgroup or "", match[0]
        if (names := KNOWN.get(written)) is None:
            names = KNOWN[written] = named(match)
        for name in names:
            yield Token(name, match.start())


def named(match: re.Match[str]) -> list[str]:
    """The token that was found, under its one name; none if nothing is drawn for it."""
    kind = match.lastgroup or ""
    if kind == "environment":
        return edge(match)
    if kind == "operator":
        return word(re.sub(r"\\.|\s", "", match["letters"]))
    if kind == "text":
        return word(plain_text(match["words"]))
    if kind == "row":
        return [r"\\"]
    if kind in ("nothing", "size") or match[0] in INVISIBLE:
        return []
    token = "".join(match[0].split())
    return [ALIAS.get(token, token) if kind == "other" else f"\\{kind}"]


def edge(match: re.Match[str]) -> list[str]:
    """The beginning or the end of an environment, with the brackets that it draws."""
    name, left, right = EDGES.get(match["name"], (match["name"], "", ""))
    token = rf"\{match['edge']}{{{name}}}"
    return [t for t in ((left, token) if match["edge"] == "begin" else (token, right)) if t]


def word(written: str) -> list[str]:
    """The token of upright letters; `\\operatorname{exp}` and `\\text{exp}` are drawn as `\\exp` is."""
    if written in NAMED:
        return [f"\\{written}"]
    if written == "mod":
        return [r"\bmod"]
    command = r"\operatorname" if re.fullmatch(f"{LETTER}+", written) else r"\text"
    return [f"{command}{{{written}}}"] if written else []


def plain_text(written: str) -> str:
    """What `\\text` draws, with one kind of space and of quotation marks."""
    written = re.sub(r"\\([%&$#_{} ])", r"\1", written).translate(str.maketrans("’‘`”“~\xa0", "'''\"\"  "))
    return " ".join(written.split())

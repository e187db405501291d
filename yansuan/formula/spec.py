"""What the docstring of a formula may hold: rows of symbols, steps, fields."""

import re
from dataclasses import dataclass

ROW = re.compile(r"(?P<name>->(?: \w+)?|\w+)\s+(?P<shape>\([^()]*\))\s+\$(?P<tex>[^$]+)\$\s+(?P<meaning>.+)")
FIELD = re.compile(r"(Source|Raises|Note|Trap|Read): (.+)")
STEP = re.compile(r"Step (?P<first>\d+)(?:-(?P<last>\d+))?: (?P<text>.+)")
INLINE = re.compile(r"\$([^$]+)\$")
BOTH = ("Note", "Trap", "Read")  # fields that need both languages
TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|[^\s{}]")
INVISIBLE = {r"\,", r"\!", r"\;", r"\:", r"\left", r"\right", r"\big", r"\Big", "&"}


@dataclass(frozen=True)
class Symbol:
    name: str  # a parameter, a local variable, "->", or "-> name" in a tuple of results
    shape: str
    tex: str
    meaning: dict[str, str]  # by language
    line: int = 0


@dataclass(frozen=True)
class Step:
    """A step of an algorithm, and the lines of the function, its docstring aside, that do it."""

    first: int
    last: int
    text: dict[str, str]  # by language
    line: int = 0


def tokens(tex):
    """The TeX tokens that matter for finding a symbol: no spaces, braces or sizes."""
    return [t for t in TOKEN.findall(tex) if t not in INVISIBLE]


def contains(tex, symbol):
    """Whether the symbol's tokens occur in a row in the formula's: `m` is not in `\\mu`."""
    whole, part = tokens(tex), tokens(symbol)
    return bool(part) and any(whole[i : i + len(part)] == part for i in range(len(whole) - len(part) + 1))

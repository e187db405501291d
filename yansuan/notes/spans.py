"""What stands within a line of Markdown: code, `$math$`, `[=run.values]`, links, footnotes.

The patterns are those by which a page is rendered (yansuan/render/inline.py uses them), and each takes time that is
linear in the text: none can begin at many places and run on from each.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

CODE = "\x02"  # in the place of each character of a code span: no text has it (yansuan/base/textfile.py)
MATH = r"(?<!\$)\$(?![\s$])(?P<tex>(?:\\.|[^\\$])+?)(?<!\s)\$(?![\d$])"
ESCAPED = r"\\(?P<escaped>[\\$])"
VALUE = r"\[=(?P<value>[^\]\n]{0,99})\]"
FOOTNOTE = r"\[\^(?P<note>[^\[\]\n]+)\]"
ADDRESS = r"<[^<>\n]*+>|[^\s()<>]*+(?:\([^\s()<>]*+\)[^\s()<>]*+)*+"
TARGET = rf"\]\(\s*+(?P<target>{ADDRESS})(?:\s++(?:\"[^\"\n]*+\"|'[^'\n]*+'))?\s*+\)"
TOKEN = re.compile(rf"\\.|{MATH}|{VALUE}|{FOOTNOTE}|{TARGET}|(?P<open>\[)|(?P<close>\])", re.S)
WORDS = re.compile(r"\\(?:text|mathrm|operatorname)\w*\s*\*?\s*\{[^{}]*\}")
NO_MATH = re.compile("[\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]+")
PROSE = re.compile(
    r"(?<![\\A-Za-z])[A-Za-z]{2,}\s+[A-Za-z]{3,}(?![A-Za-z{])|(?<![\\A-Za-z])[A-Za-z]{3,}\s+[A-Za-z]{2,}"
)


@dataclass(frozen=True)
class Span:
    """A piece of a line; `text` is the whole of it, `inside` what its marks enclose (of a link, its address)."""

    kind: str  # code, math, value, link or footnote
    start: int
    end: int
    line: int
    text: str
    inside: str
    label: str = ""  # of a link


def code_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """(start, end, ticks) of each code span of a stretch of text, paired as Python-Markdown pairs backticks."""
    runs = [(m.start(), m.end()) for m in re.finditer("`+", text[start:end])]
    at = 0
    while at < len(runs):
        opens, begins = runs[at]
        opens += escaped(text, start + opens, start)
        ticks, closing, fallback = begins - opens, None, None
        for other in range(at + 1, len(runs) if ticks else 0):
            length = runs[other][1] - runs[other][0]
            if length == ticks:
                closing = other
                break
            if fallback is None or length > runs[fallback][1] - runs[fallback][0]:
                fallback = other
        if closing is None and fallback is not None and runs[fallback][1] - runs[fallback][0] < ticks:
            closing, ticks = fallback, runs[fallback][1] - runs[fallback][0]
        if closing is not None:
            yield start + opens, start + runs[closing][1], ticks
        at = at + 1 if closing is None else closing + 1


def escaped(text: str, at: int, start: int = 0) -> bool:
    """Whether a character stands behind a backslash that is none itself."""
    first = at
    while first > start and text[first - 1] == "\\":
        first -= 1
    return (at - first) % 2 == 1


def not_math(tex: str) -> str | None:
    """What stands in `$…$` that is running text and no formula, or None."""
    bare = WORDS.sub(" ", tex)
    found = NO_MATH.search(bare) or PROSE.search(bare)
    return found[0] if found else None


def spans(text: str, start: int, end: int, line: Callable[[int], int]) -> Iterator[Span]:
    """What stands in one stretch of text: a paragraph, a heading, a cell. `line` gives the line of a position."""
    hidden, last = [], start
    for first, after, ticks in code_spans(text, start, end):
        inside = text[first + ticks : after - ticks].strip()
        yield Span("code", first, after, line(first), text[first:after], inside)
        hidden += [text[last:first], CODE * (after - first)]
        last = after
    masked = "".join([*hidden, text[last:end]])
    brackets: list[int] = []
    for m in TOKEN.finditer(masked):
        first, after = start + m.start(), start + m.end()
        whole = text[first:after]
        if m["open"]:
            brackets.append(first)
        elif m["target"] is not None or m["close"]:
            opened = brackets.pop() if brackets else None
            if m["target"] is not None and opened is not None:
                label = text[opened + 1 : first]
                whole = text[opened:after]
                yield Span("link", opened, after, line(first), whole, m["target"].strip("<>"), label)
        elif m["tex"] is not None:
            yield Span("math", first, after, line(first), whole, text[start + m.start("tex") : start + m.end("tex")])
        elif m["value"] is not None:
            yield Span("value", first, after, line(first), whole, m["value"].strip())
        elif m["note"] is not None:
            yield Span("footnote", first, after, line(first), whole, m["note"])


def table_math(row: str) -> str | None:
    """The first formula of a table's row that has a bare `|` in it, where the cell would end; or None."""
    for span in spans(row, 0, len(row), lambda _: 0):
        if span.kind == "math" and re.search(r"(?<!\\)(?:\\\\)*\|", span.inside):
            return span.text
    return None

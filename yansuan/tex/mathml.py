"""LaTeX to HTML, at build time: the one place that knows the renderer."""

import re
from functools import cache

from math_core import LatexError, LatexToMathML

from yansuan.base.textfile import hidden

RENDERER = LatexToMathML(fancy_error=False)
COMMENT = re.compile(r"(?<!\\)(?:\\\\)*%")
LONGEST = 2000  # the renderer, and what reads its output, follow nested braces until their stack is full
NAMED = {"&ApplyFunction;": "\u2061", "&InvisibleTimes;": "\u2062"}


class LatexFault(ValueError):
    """What is wrong, and how many lines into the LaTeX."""

    def __init__(self, message, line):
        self.line = line
        super().__init__(message)


@cache
def to_html(latex, display):
    """MathML for one formula. Raises LatexFault."""
    if len(latex) > LONGEST:
        raise LatexFault(f"LaTeX: longer than {LONGEST} characters: split it", 0)
    if found := hidden(latex):
        raise LatexFault(f"LaTeX: {found[1]}", found[0] - 1)
    if m := COMMENT.search(latex):
        line = latex.count("\n", 0, m.end())
        raise LatexFault("LaTeX: % begins a comment, which nobody would see: write \\% or delete it", line)
    try:
        html = RENDERER.convert_with_local_state(latex, displaystyle=display)
    except LatexError as error:
        offset, _, message = str(error).partition(": ")
        before, after = latex[: int(offset)], latex[int(offset) :]
        raise LatexFault(
            f"LaTeX: {message} At {after.splitlines()[0][:20]!r}" if after.strip() else f"LaTeX: {message}",
            before.count("\n"),
        ) from None
    for name, character in NAMED.items():
        html = html.replace(name, character)
    return html

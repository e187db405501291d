"""LaTeX to MathML that a page may hold and every browser draws."""

import re
from functools import cache

from yansuan.html import allowed
from yansuan.tex.mathml import LatexFault, to_html

COMMAND = re.compile(r"\\[a-zA-Z]+")


@cache
def drawable(latex: str, display: bool) -> str:
    """MathML for one formula. Raises LatexFault, which names the command, for what no page may hold."""
    html = to_html(latex, display)
    for why, *_ in allowed.faults(html):
        command, line = culprit(latex, why)
        raise LatexFault(f"LaTeX: {command} is not for pages, since browsers do not all draw it: leave it out", line)
    return html


def culprit(latex: str, why: str) -> tuple[str, int]:
    """The command of some LaTeX that is not allowed on a page, and how many lines into it."""
    for m in COMMAND.finditer(latex):
        for trial in (f"{m[0]}{{x}}", f"{m[0]}{{x}}{{x}}", m[0]):
            try:
                faults = [fault for fault, *_ in allowed.faults(to_html(trial, False))]
            except LatexFault:
                continue
            if why in faults:
                return m[0], latex.count("\n", 0, m.start())
    return why, 0

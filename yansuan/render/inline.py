"""What stands within a line: `$inline math$`, `[=figure.number]`, definitions of links, rows of tables."""

import logging
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions.tables import TableProcessor
from markdown.inlinepatterns import InlineProcessor
from markdown.util import ETX, STX, AtomicString

from yansuan.base.settings import settings
from yansuan.base.textfile import is_file
from yansuan.html.document import HAND_TYPED
from yansuan.html.math import annotated
from yansuan.notes.spans import ESCAPED, MATH, VALUE, not_math, table_math
from yansuan.render.context import PageContext
from yansuan.render.source import CURES, NOTE, PageSource
from yansuan.runs.child import NotRun
from yansuan.runs.runs import Running
from yansuan.tex.mathml import LatexFault, to_html
from yansuan.tex.plain import plain_or_latex

log = logging.getLogger("mkdocs.yansuan")


class InlineMath(InlineProcessor):
    """`$x_i^r$` becomes MathML, `\\$` a dollar sign."""

    def __init__(self, page: PageContext, md: Markdown) -> None:
        super().__init__(rf"{ESCAPED}|{MATH}", md)
        self.page = page

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | str, int, int]:
        if m["escaped"]:  # as Markdown writes a character that means nothing more
            return f"{STX}{ord(m['escaped'])}{ETX}", m.start(0), m.end(0)
        if STX in m["tex"]:  # what Markdown puts in the place of a code span
            why = "code inside $…$: write \\$ for a dollar sign"
            raise self.page.source.near(why, m[0].rpartition(ETX)[2], m[0])
        if words := not_math(m["tex"]):
            cure = "or \\text{…} for words in a formula" if words.isascii() else "and words outside of formulas"
            why = f"text inside $…$: {words!r} in {' '.join(m[0].split())}: write \\$ for a dollar sign, {cure}"
            raise self.page.source.near(why, m[0])
        try:
            html = annotated(to_html(m["tex"], False), plain_or_latex(m["tex"]))
        except LatexFault as fault:
            raise self.page.source.near(f"{fault} in {m[0]}", m[0]) from None
        span = Element("span", {"class": "ys-math"})
        span.text = AtomicString(self.md.htmlStash.store(html))
        self.page.typeset[span.text] = m["tex"]
        return span, m.start(0), m.end(0)


class HandTypedMath(InlineProcessor):
    """Display math typed into a page stops the build."""

    def __init__(self, page: PageContext, md: Markdown) -> None:
        super().__init__(HAND_TYPED, md)
        self.page = page

    def handleMatch(self, m: re.Match[str], data: str) -> NoReturn:
        raise self.page.source.near(CURES["math"], data[m.start(0) :])


class RunValue(InlineProcessor):
    """`[=landscape.kappa_raw]` becomes the number that the figure's script computed."""

    def __init__(self, page: PageContext, md: Markdown) -> None:
        super().__init__(VALUE, md)
        self.page = page

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:
        name, _, key = m["value"].strip().partition(".")
        lab = Path(settings().labs, f"{name}.py")
        try:
            made = (self.page.lab if is_file(lab) else self.page.figure)(name)
            numbers = made["numbers"] | made.get("by_frame", {})
        except ValueError as error:
            raise self.page.source.near(f"{m[0]}: {error}", m[0]) from None
        except Running:
            numbers = {key: "…"}
        except NotRun as error:
            log.warning("%s: %s", m[0], error)
            numbers = {key: "?"}
        if key not in numbers:
            script = lab if is_file(lab) else Path(settings().figures, f"{name}.py")
            raise self.page.source.near(f"{m[0]}: {script.as_posix()} computes {', '.join(numbers)}", m[0])
        shown = Element("data", {"class": "ys-run", "value": m["value"].strip()})
        if isinstance(numbers[key], list):  # one for each frame
            for number, text in enumerate(numbers[key]):
                SubElement(shown, "span", {"data-frame": str(number)}).text = AtomicString(text)
        else:
            shown.text = AtomicString(numbers[key])
        return shown, m.start(0), m.end(0)


class References(dict[str, tuple[str, str | None]]):
    """Definitions `[id]: address`: each defined once, and used."""

    def __init__(self, source: PageSource) -> None:
        self.source = source
        self.used: set[str] = set()

    def __setitem__(self, id: str, value: tuple[str, str | None]) -> None:
        if id.startswith("^"):  # for Markdown alone a link called ^1
            raise self.source.near(f"{NOTE}: switch on footnotes in markdown_extensions", f"[{id}]:")
        if id in self:
            raise self.source.fault(f"[{id}]: is defined twice: delete one", rf"(?i)^ {{0,3}}\[{re.escape(id)}\]:", 1)
        super().__setitem__(id, value)

    def __getitem__(self, id: str) -> tuple[str, str | None]:
        self.used.add(id)
        return super().__getitem__(id)

    def unused(self) -> list[str]:
        """Those that no link of the page has asked for."""
        return [id for id in self if id not in self.used]


class Table(TableProcessor):
    """A table whose rows lose no cell."""

    def __init__(self, page: PageContext, md: Markdown) -> None:
        super().__init__(md.parser, {"use_align_attribute": False})
        self.page = page

    def test(self, parent: Element, block: str) -> bool:
        head, under = [*block.split("\n"), ""][:2]
        if "-" in under and set(under) <= set("|:- "):
            self.whole(head)
        return bool(super().test(parent, block))

    def whole(self, row: str) -> None:
        """No cell of a row ends within a formula."""
        if torn := table_math(row):
            why = f"a | inside {torn} ends the cell: write \\mid (given), or \\lvert … \\rvert (absolute value)"
            raise self.page.source.near(why, torn, row)

    def _build_row(self, row: str, parent: Element, align: Sequence[str | None]) -> None:
        self.whole(row)
        if lost := [cell.strip() for cell in self._split_row(row)[len(align) :] if cell.strip()]:
            why = f"more cells than the head of the table: {lost[0][:40]!r}: add a column, or write \\| for |"
            raise self.page.source.near(why, row)
        super()._build_row(row, parent, align)

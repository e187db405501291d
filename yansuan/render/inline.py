"""What stands within a line: `$inline math$`, `[=figure.number]`, definitions of links, rows of tables."""

import logging
import re
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

from markdown.extensions.tables import TableProcessor
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

from yansuan.base.settings import settings
from yansuan.base.textfile import is_file
from yansuan.html.document import HAND_TYPED
from yansuan.render.source import CURES
from yansuan.runs.child import NotRun
from yansuan.tex.mathml import LatexFault, to_html

log = logging.getLogger("mkdocs.yansuan")
INLINE_MATH = r"(?<![\\$])\$(?![\s$])((?:\\.|[^\\$])+?)(?<!\s)\$(?![\d$])"
RUN_VALUE = r"\[=([^\]\n]{0,99})\]"


class InlineMath(InlineProcessor):
    """`$x_i^r$` becomes MathML."""

    def __init__(self, site, md):
        super().__init__(INLINE_MATH, md)
        self.site = site

    def handleMatch(self, m, data):
        if "\x02" in m[1]:  # what Markdown puts in the place of a code span
            why = "code inside $…$: write \\$ for a dollar sign"
            raise self.site.source.near(why, m[0].rpartition("\x03")[2], m[0])
        try:
            html = to_html(m[1], False)
        except LatexFault as fault:
            raise self.site.source.near(f"{fault} in {m[0]}", m[0]) from None
        span = Element("span", {"class": "ys-math", "data-search-exclude": ""})
        span.text = AtomicString(self.md.htmlStash.store(html))
        return span, m.start(0), m.end(0)


class HandTypedMath(InlineProcessor):
    """Display math typed into a page stops the build."""

    def __init__(self, site, md):
        super().__init__(HAND_TYPED, md)
        self.site = site

    def handleMatch(self, m, data):
        raise self.site.source.near(CURES["math"], data[m.start(0) :])


class RunValue(InlineProcessor):
    """`[=landscape.kappa_raw]` becomes the number that the figure's script computed."""

    def __init__(self, site, md):
        super().__init__(RUN_VALUE, md)
        self.site = site

    def handleMatch(self, m, data):
        name, _, key = m[1].strip().partition(".")
        lab = Path(settings().labs, f"{name}.py")
        try:
            made = (self.site.lab if is_file(lab) else self.site.figure)(name)
            numbers = made["numbers"] | made.get("by_frame", {})
        except ValueError as error:
            raise self.site.source.near(f"{m[0]}: {error}", m[0]) from None
        except NotRun as error:
            log.warning("%s: %s", m[0], error)
            numbers = {key: "?"}
        if key not in numbers:
            script = lab if is_file(lab) else Path(settings().figures, f"{name}.py")
            raise self.site.source.near(f"{m[0]}: {script.as_posix()} computes {', '.join(numbers)}", m[0])
        data = Element("data", {"class": "ys-run", "value": m[1].strip()})
        if isinstance(numbers[key], list):  # one for each frame
            for number, text in enumerate(numbers[key]):
                SubElement(data, "span", {"data-frame": str(number)}).text = AtomicString(text)
        else:
            data.text = AtomicString(numbers[key])
        return data, m.start(0), m.end(0)


class References(dict):
    """Definitions `[id]: address`: each defined once, and used."""

    def __init__(self, source):
        self.source, self.used = source, set()

    def __setitem__(self, id, value):
        if id in self:
            raise self.source.fault(f"[{id}]: is defined twice: delete one", rf"(?i)^ {{0,3}}\[{re.escape(id)}\]:", 1)
        super().__setitem__(id, value)

    def __getitem__(self, id):
        self.used.add(id)
        return super().__getitem__(id)

    def unused(self):
        return [id for id in self if id not in self.used]


class Table(TableProcessor):
    """A table whose rows lose no cell."""

    def __init__(self, site, md):
        super().__init__(md.parser, {"use_align_attribute": False})
        self.site = site

    def _build_row(self, row, parent, align):
        if lost := [cell.strip() for cell in self._split_row(row)[len(align) :] if cell.strip()]:
            why = f"more cells than the head of the table: {lost[0][:40]!r}: add a column, or write \\| for |"
            raise self.site.source.near(why, row)
        super()._build_row(row, parent, align)

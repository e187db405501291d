"""Before and after a page: what it says of itself, and a last look at its finished HTML."""

import json
import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from yansuan.base.errors import YansuanError
from yansuan.base.textfile import hidden
from yansuan.html import allowed, foreign
from yansuan.html.document import Document, lean
from yansuan.notes.scan import FRONT, Scan, scan
from yansuan.notes.spans import MATH
from yansuan.render.context import PageContext
from yansuan.render.inline import References
from yansuan.render.source import CURES, NOTE

DIALECTS = {dialect.name: dialect.cure for dialect in foreign.DIALECTS}
# which extension reads a note that begins so, and what it calls its processor
NOTES = {"!": ("admonition", "admonition"), "?": ("pymdownx.details", "details"), "[": ("footnotes", "footnote")}


class Gate(Postprocessor):
    """Nothing unchecked leaves: the last look at the finished HTML of a page."""

    def __init__(self, page: PageContext, md: Markdown) -> None:
        super().__init__(md)
        self.page = page

    def run(self, html: str) -> str:
        if not self.page.tree_done:  # the table of contents sends each heading through here by itself
            return html
        source = self.page.source
        for why, *pieces in allowed.faults(html):
            raise source.near(why, *pieces)
        document = Document(lean(html))
        made = {"formula": [name for name, _ in document.cards], "figure": document.figures}
        made |= {"table": document.tables, "claim": document.claims}
        if made != self.page.used or document.copies != len(document.cards):
            raise source.fault(CURES["forged"], r"data-(formula|derivation|figure|table|claim|copy)")
        if unused := self.md.references.unused():
            raise source.near(f"a link definition that nothing uses: delete [{unused[0]}]:", f"[{unused[0]}]:")
        for kind, text, _ in document.faults:
            if kind == "open":
                pattern = rf"^\s*/{{3,}}\s*(\w+\s*\|\s*)?{re.escape(text)}\s*$"
                raise source.fault(f"the block {text!r} is not closed: end it with a line '///'", pattern)
            if kind == "frame":
                raise source.fault(CURES[kind], rf"\[=\s*{re.escape(text)}", nth=len(document.faults) + 99)
            if cure := self.cure(kind, text):
                raise source.near(f"{cure}: {text.partition(chr(10))[0][:60]!r}", text)
        return html

    def cure(self, kind: str, text: str) -> str | None:
        """What to do about a piece of text that nothing has understood; None if it is no fault of a page."""
        if kind == "block" and self.page.source.tight(text):
            return "a block right under a line of a list belongs to that line: leave a blank line above it"
        if kind == "note":
            extension, processor = NOTES[text[0]]
            switched_on = processor in self.md.parser.blockprocessors
            return CURES[kind] if switched_on else f"{NOTE}: switch on {extension} in markdown_extensions"
        return CURES.get(kind) or DIALECTS.get(kind)


class TreeDone(Treeprocessor):
    """After all other tree processors: what is postprocessed next is the whole page."""

    def __init__(self, page: PageContext, md: Markdown) -> None:
        super().__init__(md)
        self.page = page

    def run(self, root: Element) -> None:
        self.page.tree_done = True


class Start(Preprocessor):
    """Before each page: forget the page before, and look at what no HTML would show."""

    def __init__(self, page: PageContext, md: Markdown) -> None:
        super().__init__(md)
        self.page = page

    def run(self, lines: list[str]) -> list[str]:
        self.page.begin()
        source, text = self.page.source, "\n".join(lines).replace("\r", "")
        source.lines_given = list(lines)
        self.md.references = References(source)
        if found := hidden(text):
            raise YansuanError(source.path, *found)
        self.settings(text)
        read = scan(text)
        self.attributes(read)
        return literal(lines, read)

    def settings(self, text: str) -> None:
        """What MkDocs has taken away from the file is its settings."""
        source = self.page.source
        whole = source.text()
        if source.path.suffix == ".md" and whole.endswith(text):
            front = whole.removesuffix(text)
            if front.strip() and (not FRONT.fullmatch(front) or re.search(r"[<\\=]", front)):  # themes do not escape it
                why = "settings of a page: write them between '---' and '---' without < = \\, or begin with the title"
                raise YansuanError(source.path, 1, why)

    def attributes(self, read: Scan) -> None:
        """An image's description and a link's title are attributes, which hold no formula."""
        for link in read.of("link"):
            image = read.masked[link.start - 1 : link.start] == "!"
            held = link.text if image else link.text[len(link.label) + 2 :]
            if m := re.search(MATH, held):
                what = "description of an image" if image else "title of a link"
                why = f"{m[0]} in the {what}, which is plain text: write it in words, or \\$ for a dollar sign"
                raise self.page.source.near(why, link.text, m[0])


def literal(lines: list[str], read: Scan) -> list[str]:
    """The lines of a page with each `alt:` of a figure in quotation marks, so that YAML finds no comment in it."""
    kept: list[str | None] = list(lines)
    for block in read.blocks:
        for option in block.options if block.kind == "figure" else ():
            if option.key == "alt" and option.value[:1] not in ("", "'", '"', "|", ">"):
                line = lines[option.first - 1]
                space = line[: len(line) - len(line.lstrip())]
                kept[option.first - 1] = f"{space}alt: {json.dumps(option.value, ensure_ascii=False)}"
                kept[option.first : option.last] = [None] * (option.last - option.first)
    return [line for line in kept if line is not None]

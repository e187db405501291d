"""Before and after a page: what it says of itself, and a last look at its finished HTML."""

import json
import re

from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from yansuan.base.errors import YansuanError
from yansuan.base.textfile import hidden
from yansuan.html import allowed, foreign
from yansuan.html.document import Document, lean
from yansuan.notes.scan import FRONT, scan
from yansuan.notes.spans import MATH
from yansuan.render.inline import References
from yansuan.render.source import CURES, NOTE

DIALECTS = {dialect.name: dialect.cure for dialect in foreign.DIALECTS}


class Gate(Postprocessor):
    """Nothing unchecked leaves: the last look at the finished HTML of a page."""

    def __init__(self, site, md):
        super().__init__(md)
        self.site = site

    def run(self, html):
        if not self.site.tree_done:  # the table of contents sends each heading through here by itself
            return html
        for why, *pieces in allowed.faults(html):
            raise self.site.source.near(why, *pieces)
        page, source, used = Document(lean(html)), self.site.source, self.site.used
        made = {"formula": [name for name, _ in page.cards], "figure": page.figures}
        made |= {"table": page.tables, "claim": page.claims}
        if made != used or page.copies != len(page.cards):
            raise source.fault(CURES["forged"], r"data-(formula|derivation|figure|table|claim|copy)")
        if unused := self.md.references.unused():
            raise source.near(f"a link definition that nothing uses: delete [{unused[0]}]:", f"[{unused[0]}]:")
        for kind, text, _ in page.faults:
            if kind == "open":
                pattern = rf"^\s*/{{3,}}\s*(\w+\s*\|\s*)?{re.escape(text)}\s*$"
                raise source.fault(f"the block {text!r} is not closed: end it with a line '///'", pattern)
            if kind == "frame":
                raise source.fault(CURES[kind], rf"\[=\s*{re.escape(text)}", nth=len(page.faults) + 99)
            if cure := self.cure(kind, text):
                raise source.near(f"{cure}: {text.partition(chr(10))[0][:60]!r}", text)
        return html

    def cure(self, kind, text):
        """What to do about a piece of text that nothing has understood."""
        if kind == "block" and self.site.source.tight(text):
            return "a block right under a line of a list belongs to that line: leave a blank line above it"
        needed = "footnotes" if text.startswith("[^") else "admonition" if text.startswith("!!!") else None
        if kind == "note" and needed and not any(needed.startswith(name) for name in self.switched_on()):
            return f"{NOTE}: switch on {needed} in markdown_extensions"
        return CURES.get(kind) or DIALECTS.get(kind)

    def switched_on(self):
        return [name for name in ("footnote", "admonition") if name in self.md.parser.blockprocessors]


class TreeDone(Treeprocessor):
    """After all other tree processors: what is postprocessed next is the whole page."""

    def __init__(self, site, md):
        super().__init__(md)
        self.site = site

    def run(self, root):
        self.site.tree_done = True


class Start(Preprocessor):
    """Before each page: remember its text, forget the page before."""

    def __init__(self, site, md):
        super().__init__(md)
        self.site = site

    def run(self, lines):
        self.md.lines = list(lines)
        self.site.begin()
        self.md.references = References(self.site.source)
        text, source = "\n".join(lines).replace("\r", ""), self.site.source
        whole = source.text(source.lang)
        if found := hidden(text):
            raise YansuanError(source.path, *found)
        page = scan(text)
        self.attributes(page)
        if source.path.suffix == ".md" and whole.endswith(text):  # what MkDocs has taken away is its settings
            front = whole.removesuffix(text)
            if front.strip() and (not FRONT.fullmatch(front) or re.search(r"[<\\=]", front)):  # themes do not escape it
                why = "settings of a page: write them between '---' and '---' without < = \\, or begin with the title"
                raise YansuanError(source.path, 1, why)
        return literal(lines, page)

    def attributes(self, page):
        """An image's description and a link's title are attributes, which hold no formula."""
        for link in page.of("link"):
            image = page.masked[link.start - 1 : link.start] == "!"
            held = link.text if image else link.text[len(link.label) + 2 :]
            if m := re.search(MATH, held):
                what = "description of an image" if image else "title of a link"
                why = f"{m[0]} in the {what}, which is plain text: write it in words, or \\$ for a dollar sign"
                raise self.site.source.near(why, link.text, m[0])


def literal(lines, page):
    """The lines of a page with each `alt:` of a figure in quotation marks, so that YAML finds no comment in it."""
    lines = list(lines)
    for block in page.blocks:
        for option in block.options if block.kind == "figure" else ():
            if option.key == "alt" and option.value[:1] not in ("", "'", '"', "|", ">"):
                line = lines[option.first - 1]
                space = line[: len(line) - len(line.lstrip())]
                lines[option.first - 1] = f"{space}alt: {json.dumps(option.value, ensure_ascii=False)}"
                lines[option.first : option.last] = [None] * (option.last - option.first)
    return [line for line in lines if line is not None]

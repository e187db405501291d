"""Before and after a page: what it says of itself, and a last look at its finished HTML."""

import re

from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from yansuan.base.errors import YansuanError
from yansuan.base.textfile import hidden
from yansuan.html import allowed
from yansuan.html.document import Document, lean
from yansuan.notes.scan import FRONT
from yansuan.render.inline import References
from yansuan.render.source import CURES


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
            if kind in CURES:
                raise source.near(f"{CURES[kind]}: {text.partition(chr(10))[0][:60]!r}", text)
        return html


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
        if source.path.suffix == ".md" and whole.endswith(text):  # what MkDocs has taken away is its settings
            front = whole.removesuffix(text)
            if front.strip() and (not FRONT.fullmatch(front) or re.search(r"[<\\=]", front)):  # themes do not escape it
                why = "settings of a page: write them between '---' and '---' without < = \\, or begin with the title"
                raise YansuanError(source.path, 1, why)
        return lines

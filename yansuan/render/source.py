"""The Markdown file behind the page being rendered, to give every fault a line."""

import re
from pathlib import Path

from yansuan.base.errors import YansuanError
from yansuan.base.textfile import read
from yansuan.notes.scan import scan
from yansuan.runs.lab import of_page

NOTE = "this admonition or footnote was not understood"
CURES = {
    "math": "display math by hand: write a function in snippets/ and show it with '/// formula | family.function'",
    "block": "this block was not understood: check its name, its options and its '///'",
    "value": "this run value was not understood: write [=figure.number]",
    "note": f"{NOTE}: check its quotation marks, or define the footnote",
    "frame": "a number that depends on the frame belongs into the figure's caption",
    "forged": "a card or display math in hand-written HTML: show it with '/// formula | family.function'",
}


class Source:
    """The Markdown file behind the page being rendered, to give every fault a line."""

    def __init__(self, md, options):
        self.md, self.lang = md, options["lang"]
        self.formulas = []  # whose cards are on the page: their docstrings are text of the page too

    @property
    def file(self):
        """MkDocs' file of the page, if it is MkDocs that renders."""
        return self.md.treeprocessors["relpath"].file if "relpath" in self.md.treeprocessors else None

    @property
    def zensical(self):
        """The page's path, if it is Zensical that renders: from a copy of this folder, see yansuan/site/zensical.py."""
        if "rendering_context" not in self.md.preprocessors:
            return None
        context = self.md.preprocessors["rendering_context"]
        return Path(context.config["docs_dir"], context.page.path)

    @property
    def lab(self):
        """The lab that the page shows, if it does."""
        if self.file:
            return of_page(Path(self.file.src_uri))
        return of_page(Path(self.zensical.parent.name, self.zensical.name)) if self.zensical else None

    @property
    def path(self):
        if self.lab:
            return self.lab.path
        return Path(self.file.abs_src_path if self.file else self.zensical or getattr(self.md, "path", "page.md"))

    def text(self, lang):
        if self.lab:
            return self.lab.prose(lang)
        return read(self.path) if self.path.is_file() else "\n".join(self.md.lines)

    def lines(self):
        """(number, text) of the lines outside fenced code."""
        text = self.text(self.lang)
        page = scan(text)
        code = {n for fence in page.fences for n in range(fence.line, page.line(fence.end) + 1)}
        return [(number, line) for number, line in enumerate(text.split("\n"), 1) if number not in code]

    def tight(self, text):
        """Whether the line that this text begins is indented, right under another."""
        lines = dict(self.lines())
        first = text.partition("\n")[0].strip()
        number = next((n for n, line in lines.items() if line.strip() == first), 0)
        return lines.get(number, "").startswith((" ", "\t")) and bool(lines.get(number - 1, "").strip())

    def fault(self, message, pattern, nth=0):
        """An error at the nth line outside code that the pattern matches."""
        found = [number for number, line in self.lines() if re.search(pattern, line)]
        return YansuanError(self.path, found[min(nth, len(found) - 1)] if found else 1, message)

    def directive(self, message, kind, name, nth=0):
        """An error at the nth line `/// kind | name`."""
        return self.fault(message, rf"^\s*/{{3,}}\s*{kind}\b[\s|]*{re.escape(name)}\s*$", nth)

    def near(self, message, *texts):
        """An error at the line that holds one of these pieces of running text, or its beginning."""
        pieces = [piece for text in texts if (piece := re.split(r"[\x02\n]", text)[0].strip())]
        for length in (60, 20, 2):
            for path, lines in self.places():
                for piece in pieces if length > 2 else pieces[:1]:
                    if found := next((number for number, line in lines if piece[:length] in line), None):
                        return YansuanError(path, found, message)
        return YansuanError(self.path, 1, message)

    def deepest(self, message):
        """An error at the line that begins farthest to the right."""
        depth = {number: len(re.split(r"[^\s>*+\-\d.]", line)[0]) for number, line in self.lines()}
        return YansuanError(self.path, max(depth, key=lambda number: depth[number], default=1), message)

    def places(self):
        """(path, numbered lines) of all that an author wrote for the page."""
        yield self.path, self.lines()
        for formula in self.formulas:
            yield formula.module.path, formula.written

"""The Markdown file behind the page being rendered, to give every fault a line."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from markdown import Markdown

from yansuan.base.errors import YansuanError
from yansuan.base.textfile import read
from yansuan.formula.formula import Formula
from yansuan.notes.scan import scan
from yansuan.runs.lab import Lab, of_page

NOTE = "this admonition or footnote was not understood"
CURES = {
    "math": "display math by hand: write a function in snippets/ and show it with '/// formula | family.function'",
    "block": "this block was not understood: check its name, its options and its '///'",
    "value": "this run value was not understood: write [=figure.number]",
    "note": f"{NOTE}: check its quotation marks, or define the footnote",
    "frame": "a number that depends on the frame belongs into the figure's caption",
    "forged": "a card or display math in hand-written HTML: show it with '/// formula | family.function'",
}


class PageSource:
    """The Markdown file behind the page being rendered, to give every fault a line."""

    def __init__(self, md: Markdown, lang: str) -> None:
        self.md, self.lang = md, lang
        self.lines_given: list[str] = []  # where it is no file
        self.formulas: list[Formula] = []  # whose cards are on the page: their docstrings are text of the page too

    @property
    def file(self) -> Any:
        """MkDocs' file of the page, if it is MkDocs that renders."""
        return self.md.treeprocessors["relpath"].file if "relpath" in self.md.treeprocessors else None

    @property
    def zensical(self) -> Path | None:
        """The page's path, if it is Zensical that renders: from a copy of this folder, see yansuan/site/zensical.py."""
        if "rendering_context" not in self.md.preprocessors:
            return None
        context = self.md.preprocessors["rendering_context"]
        return Path(context.config["docs_dir"], context.page.path)

    @property
    def lab(self) -> Lab | None:
        """The lab that the page shows, if it does."""
        if self.file:
            return of_page(Path(self.file.src_uri))
        return of_page(Path(self.zensical.parent.name, self.zensical.name)) if self.zensical else None

    @property
    def path(self) -> Path:
        """The file that an author edits."""
        if self.lab:
            return self.lab.path
        if self.file:
            # a page that a plugin has made has no file
            return Path(str(self.file.abs_src_path or self.file.src_uri))
        return self.zensical or Path(str(getattr(self.md, "path", "page.md")))

    def text(self) -> str:
        """What the author wrote, with the lines of the file."""
        if self.lab:
            return self.lab.prose(self.lang)
        return read(self.path) if self.path.is_file() else "\n".join(self.lines_given)

    def lines(self) -> list[tuple[int, str]]:
        """(number, text) of the lines outside fenced code."""
        text = self.text()
        page = scan(text)
        code = {n for fence in page.fences for n in range(fence.line, page.line(fence.end) + 1)}
        return [(number, line) for number, line in enumerate(text.split("\n"), 1) if number not in code]

    def tight(self, text: str) -> bool:
        """Whether the line that this text begins is indented, right under another."""
        lines = dict(self.lines())
        first = text.partition("\n")[0].strip()
        number = next((n for n, line in lines.items() if line.strip() == first), 0)
        return lines.get(number, "").startswith((" ", "\t")) and bool(lines.get(number - 1, "").strip())

    def fault(self, message: str, pattern: str, nth: int = 0) -> YansuanError:
        """An error at the nth line outside code that the pattern matches."""
        found = [number for number, line in self.lines() if re.search(pattern, line)]
        return YansuanError(self.path, found[min(nth, len(found) - 1)] if found else 1, message)

    def directive(self, message: str, kind: str, name: str, nth: int = 0) -> YansuanError:
        """An error at the nth line `/// kind | name`."""
        return self.fault(message, rf"^\s*/{{3,}}\s*{kind}\b[\s|]*{re.escape(name)}\s*$", nth)

    def near(self, message: str, *texts: str) -> YansuanError:
        """An error at the line that holds one of these pieces of running text, or its beginning."""
        pieces = [piece for text in texts if (piece := re.split(r"[\x02\n]", text)[0].strip())]
        for length in (60, 20, 2):
            for path, lines in self.places():
                for piece in pieces if length > 2 else pieces[:1]:
                    if found := next((number for number, line in lines if piece[:length] in line), None):
                        return YansuanError(path, found, message)
        return YansuanError(self.path, 1, message)

    def deepest(self, message: str) -> YansuanError:
        """An error at the line that begins farthest to the right."""
        depth = {number: len(re.split(r"[^\s>*+\-\d.]", line)[0]) for number, line in self.lines()}
        return YansuanError(self.path, max(depth, key=lambda number: depth[number], default=1), message)

    def places(self) -> Iterator[tuple[Path, list[tuple[int, str]]]]:
        """(path, numbered lines) of all that an author wrote for the page."""
        yield self.path, self.lines()
        for formula in self.formulas:
            yield formula.module.path, formula.written

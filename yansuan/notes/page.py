"""One Markdown page: its sections, its code, its cards, and what it recorded of its twin."""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from yansuan.base.errors import YansuanError
from yansuan.base.settings import settings
from yansuan.base.textfile import read
from yansuan.notes.scan import Block, Fence, Heading, Scan, scan

LANGS = ("zh", "en")
RECORD = re.compile(r"^twin:\n((?:  .*\n)*)", re.M)


@dataclass(frozen=True)
class Section:
    id: str
    level: int
    line: int
    text: str

    @property
    def hash(self) -> str:
        text = "\n".join(line.rstrip() for line in self.text.strip().splitlines())
        return hashlib.sha256(text.encode()).hexdigest()[:8]


def cards(docs: Path | str) -> dict[str, Path]:
    """{formula: the first page, by path, with its card} of the pages of one language."""
    paths = (os.path.join(folder, name) for folder, _, names in os.walk(docs) for name in names if name.endswith(".md"))
    found = ((path, os.stat(path)) for path in sorted(paths))
    return dict(_cards(os.getcwd(), *((path, at.st_mtime_ns, at.st_size) for path, at in found)))


@lru_cache(maxsize=8)  # each page asks, of all pages
def _cards(folder: str, *stamps: tuple[str, int, int]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for page in sorted(Path(path) for path, _, _ in stamps):
        for block in blocks(page):
            if block.is_card:
                found.setdefault(block.name, page)
    return found


def blocks(page: Path) -> tuple[Block, ...]:
    """The blocks of a page, which is read again only when it has changed."""
    return of_file(page)[0]


def headings(page: Path) -> tuple[Heading, ...]:
    """Its headings, likewise."""
    return of_file(page)[1]


def of_file(page: Path) -> tuple[tuple[Block, ...], tuple[Heading, ...]]:
    at = page.stat()
    return _of_file(page.absolute(), at.st_mtime_ns, at.st_size)


@lru_cache(maxsize=4096)
def _of_file(page: Path, changed: int, size: int) -> tuple[tuple[Block, ...], tuple[Heading, ...]]:
    found = scan(read(page))
    return found.blocks, found.headings


class Page:
    """One Markdown page: its sections, its code, and what it recorded of its twin.

    Raises YansuanError for text before the title, a heading without an id, and an id that two headings have.
    """

    def __init__(self, path: Path | str, text: str | None = None) -> None:
        self.path = Path(path)
        self.text = read(self.path) if text is None else text
        self.scan: Scan = scan(self.text)
        front = self.scan.front or ""
        record = RECORD.search(front)
        rows = [line.strip().partition(": ") for line in record[1].splitlines()] if record else []
        self.record = {name: value.strip("'\"") for name, _, value in rows}
        self.front = RECORD.sub("", front)
        self.sections = self._split()

    @property
    def twin(self) -> Path:
        """The same page in the other language."""
        parts = list(self.path.parts)
        at = max(i for i, part in enumerate(parts[:-1]) if part in LANGS)
        parts[at] = LANGS[1 - LANGS.index(parts[at])]
        return Path(*parts)

    @property
    def fences(self) -> tuple[Fence, ...]:
        return self.scan.fences

    def _split(self) -> list[Section]:
        headings, text = self.scan.headings, self.text
        if not headings or text[self.scan.offset : headings[0].start].strip():
            raise YansuanError(self.path, 1, "a page begins with its title: '# Title {#id}'")
        ends = [heading.start for heading in headings[1:]] + [len(text)]
        sections: dict[str, Section] = {}
        for h, end in zip(headings, ends, strict=True):
            if not h.id:
                raise YansuanError(self.path, h.line, f"heading without an id: write '{h.text.rstrip()} {{#an-id}}'")
            if h.id in sections:
                raise YansuanError(self.path, h.line, f"the id {h.id!r} is used twice on this page")
            sections[h.id] = Section(h.id, h.level, h.line, text[h.start : end])
        return list(sections.values())

    def in_order(self) -> Iterator[tuple[str, list[tuple[str, int]]]]:
        """(kind, [(what, line)]) of all that must be the same in both languages, in the same order."""
        blocks = self.scan.blocks
        yield "heading", [(f"{'#' * s.level} {{#{s.id}}}", s.line) for s in self.sections]
        yield "code block", [(fence.text, fence.line) for fence in self.fences]
        yield "card", [(f"{b.kind} | {b.name}", b.line) for b in blocks if b.is_card]
        yield "figure", [(b.name, b.line) for b in blocks if b.kind == "figure"]
        yield "verdict", [(b.name, b.line) for b in blocks if b.kind == "verdict"]
        yield "table", [(f"{b.kind} | {b.name}", b.line) for b in blocks if not b.is_card and b.kind not in NAMED]
        yield "admonition", [(a.kind, a.line) for a in self.scan.admonitions]

    def in_any_order(self) -> Iterator[tuple[str, list[tuple[str, int]]]]:
        """The same of what sentences hold, which differ in their order."""
        for kind, name in (("math", "inline math"), ("value", "run value"), ("footnote", "footnote")):
            yield name, [(" ".join(span.text.split()), span.line) for span in self.scan.of(kind)]
        yield "link", [(span.inside, span.line) for span in self.scan.of("link")]


NAMED = ("figure", "verdict")


def pages() -> list[Path]:
    """Every page of every language."""
    return [p for folder in settings().page_folders for p in sorted(folder.rglob("*.md"))]

"""One Markdown page: its sections, its code, its cards, and what it recorded of its twin."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from yansuan.base.errors import YansuanError
from yansuan.base.settings import settings
from yansuan.base.textfile import read
from yansuan.notes.scan import FENCE, FRONT, HEADING, blank

LANGS = ("zh", "en")
RECORD = re.compile(r"^twin:\n((?:  .*\n)*)", re.M)

# what must be the same, in the same order
IN_ORDER = {
    "card": re.compile(r"^/// ((?:formula|derivation) \| \S+)$", re.M),
    "figure": re.compile(r"^/// figure \| (\S+)$", re.M),
    "verdict": re.compile(r"^/// verdict \| (\S+)$", re.M),
    "admonition": re.compile(r"^(?:!!!|\?\?\?\+?) (\w+)", re.M),
}


@dataclass
class Section:
    id: str
    level: int
    line: int
    text: str

    @property
    def hash(self):
        text = "\n".join(line.rstrip() for line in self.text.strip().splitlines())
        return hashlib.sha256(text.encode()).hexdigest()[:8]


def cards(docs):
    """{formula: the page with its card} of the pages of one language."""
    card = re.compile(r"^/// (?:formula|derivation) \| (\S+)\s*$", re.M)
    return {name: page for page in sorted(Path(docs).rglob("*.md")) for name in card.findall(read(page))}


class Page:
    """One Markdown page: its sections, its code, and what it recorded of its twin."""

    def __init__(self, path, text=None):
        self.path = Path(path)
        text = read(self.path) if text is None else text
        front = FRONT.match(text)
        self.offset = front.end() if front else 0
        record = RECORD.search(front[1]) if front else None
        rows = [line.strip().partition(": ") for line in record[1].splitlines()] if record else []
        self.record = {name: value.strip("'\"") for name, _, value in rows}
        self.front = RECORD.sub("", front[1]) if front else ""
        self.text = text
        self.fences = [(m.start(), m[0]) for m in FENCE.finditer(text)]
        # same length, so that positions and lines still hold
        self.prose = blank(FENCE, text)
        self.sections = self._split()

    @property
    def twin(self):
        """The same page in the other language."""
        parts = list(self.path.parts)
        at = max(i for i, part in enumerate(parts[:-1]) if part in LANGS)
        parts[at] = LANGS[1 - LANGS.index(parts[at])]
        return Path(*parts)

    def line(self, position):
        return self.text.count("\n", 0, position) + 1

    def _split(self):
        headings = [m for m in HEADING.finditer(self.prose) if m.start() >= self.offset]
        if not headings or self.prose[self.offset : headings[0].start()].strip():
            raise YansuanError(self.path, 1, "a page begins with its title: '# Title {#id}'")
        ends = [m.start() for m in headings[1:]] + [len(self.text)]
        sections = []
        for m, end in zip(headings, ends, strict=True):
            if not m[3]:
                raise YansuanError(self.path, self.line(m.start()), f"heading without an id: write '{m[0]} {{#an-id}}'")
            if m[3] in {s.id for s in sections}:
                raise YansuanError(self.path, self.line(m.start()), f"the id {m[3]!r} is used twice on this page")
            sections.append(Section(m[3], len(m[1]), self.line(m.start()), self.text[m.start() : end]))
        return sections

    def found(self, pattern):
        """(what, line) of each match outside code."""
        return [(m[1], self.line(m.start())) for m in pattern.finditer(self.prose, self.offset)]

    def in_order(self):
        yield "heading", [(f"{'#' * s.level} {{#{s.id}}}", s.line) for s in self.sections]
        yield "code block", [(text.strip(), self.line(start)) for start, text in self.fences]
        for kind, pattern in IN_ORDER.items():
            yield kind, self.found(pattern)


def pages():
    """Every page of every language."""
    return [p for folder in settings().page_folders for p in sorted(folder.rglob("*.md"))]

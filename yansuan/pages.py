"""Two languages, one book: `docs/zh` and `docs/en` hold the same pages, section by section.

A page's front matter records, for each section, the hash its twin's section had when the two were last matched:

    twin:
      landscape: 1f3a9c02

Editing one language alone makes the other page's record stale, until somebody has looked at both and run
`python -m yansuan match docs/en/….md`.
"""

import difflib
import hashlib
import os
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from yansuan.errors import YansuanError, shown
from yansuan.settings import settings
from yansuan.text import read

LANGS = ("zh", "en")
FENCE = re.compile(r"^(?P<indent> *)(?P<mark>`{3,}|~{3,})[^\n]*\n.*?^(?P=indent)(?P=mark)[ ]*$", re.M | re.S)
FRONT = re.compile(r"\A---\n(.*?)^---\n\s*", re.M | re.S)
HEADING = re.compile(r"^(#{1,6})[ ]+(.*?)(?:[ ]*\{[ ]*#([\w.-]+)[ ]*\})?[ ]*$", re.M)
CODE = re.compile(r"(`+)[^`\n]+\1")
LINK = re.compile(r"\]\(((?![a-z]+:)[^)\s#]*\.md(?:#[^)\s]+)?|#[^)\s]+)[^)]*\)")  # to a page, or on this one
RECORD = re.compile(r"^twin:\n((?:  .*\n)*)", re.M)

# what must be the same, in the same order
IN_ORDER = {
    "card": re.compile(r"^/// ((?:formula|derivation) \| \S+)$", re.M),
    "figure": re.compile(r"^/// figure \| (\S+)$", re.M),
    "verdict": re.compile(r"^/// verdict \| (\S+)$", re.M),
    "admonition": re.compile(r"^(?:!!!|\?\?\?\+?) (\w+)", re.M),
}
# what must be the same, in any order, because sentences differ
ANY_ORDER = {
    "inline math": re.compile(r"(?<![\\$])(\$[^$\n]+\$)"),
    "run value": re.compile(r"(\[=[^\]]*\])"),
    "link": re.compile(r"\]\(([^)\s]+)"),
    "footnote": re.compile(r"(\[\^[^\]]+\])"),
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


def blank(pattern, text):
    """The text with spaces in the place of what matches, so that lines and positions still hold."""
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)


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


def differences(one, other):
    """What the page `one` has and its twin has not, and the other way round, as `file:line: …` lines."""
    faults = []
    for (kind, here), (_, there) in zip(one.in_order(), other.in_order(), strict=True):
        for i in range(max(len(here), len(there))):
            left, right = (side[i] if i < len(side) else ("nothing", None) for side in (here, there))
            if left[0] != right[0]:
                page, (what, line), twin, (instead, _) = (
                    (one, left, other, right) if left[1] else (other, right, one, left)
                )
                faults.append(
                    f"{shown(page.path)}:{line}: {kind} {what.splitlines()[0]!r} where {shown(twin.path)} has "
                    f"{instead.splitlines()[0]!r}{hint(what, instead)}: make them the same"
                )
                break
    for kind, pattern in ANY_ORDER.items():
        here, there = (Counter(what for what, _ in page.found(pattern)) for page in (one, other))
        for page, twin, extra in ((one, other, here - there), (other, one, there - here)):
            for what, count in extra.items():
                line = next(line for found, line in page.found(pattern) if found == what)
                faults.append(
                    f"{shown(page.path)}:{line}: {kind} {what!r} {count} time(s) more than in {shown(twin.path)}: "
                    "say the same in both languages"
                )
    return faults


def hint(what, instead):
    """The first line in which two code blocks of the same opening differ."""
    if what.splitlines()[0] != instead.splitlines()[0]:
        return ""
    pairs = zip(what.splitlines(), instead.splitlines(), strict=False)
    return next((f", differing at {a!r} against {b!r}" for a, b in pairs if a != b), ", and longer")


def stale(page):
    """Sections whose twin has been edited since the two were last matched, as `file:line: …` lines."""
    other = Page(page.twin)
    faults = []
    for section in page.sections:
        now = {s.id: s.hash for s in other.sections}.get(section.id)
        if now is not None and page.record.get(section.id) != now:
            why = "has changed since this was matched with it" if section.id in page.record else "was never matched"
            faults.append(
                f"{shown(page.path)}:{section.line}: #{section.id}: its twin in {shown(other.path)} {why}: "
                f"compare the two, then run 'python -m yansuan match {shown(page.path)}'"
            )
    return faults


def dead_links(page):
    """Links to pages that are not there, or to no heading or card of theirs, as `file:line: …` lines."""
    text, faults = read(page), []
    for m in LINK.finditer(blank(CODE, blank(FENCE, text))):
        name, _, anchor = m[1].partition("#")
        path = Path(os.path.normpath(page.parent / name)) if name else page
        if why := nothing_at(path, anchor):
            faults.append(f"{shown(page)}:{text.count(chr(10), 0, m.start()) + 1}: link {m[1]!r}: {why}")
    return faults


def nothing_at(path, anchor):
    """Why a link leads nowhere, and the cure; None if it leads to a place."""
    if not path.is_file():
        near = difflib.get_close_matches(path.name, [p.name for p in path.parent.glob("*.md")], 1)
        cure = f"did you mean {near[0]!r}?" if near else "write it, or correct the link"
        return f"no page {shown(path)}: {cure}"
    if not anchor or len(settings().languages) == 1:  # in one language headings need no ids of their own
        return None
    if anchor in (known := places(path)):
        return None
    near = difflib.get_close_matches(anchor, known, 1)
    cure = f"did you mean '#{near[0]}'?" if near else "give its heading that id, or correct the link"
    return f"no #{anchor} on {shown(path)}: {cure}"


def places(path):
    """What a link can lead to on a page: headings and whatever else has an id, cards, verdicts."""
    text = read(path)
    ids = re.findall(r"\{[^}\n]*#([\w.-]+)|\bid=\"([^\"]+)\"|^/// (?:formula|derivation) \| (\S+)", text, re.M)
    verdicts = re.findall(r"^/// verdict \| (\S+)", text, re.M)
    return {name for groups in ids for name in groups if name} | {f"verdict-{name}" for name in verdicts}


def match(path):
    """Record that a page and its twin say the same as they stand now, in both. Returns the ids that were stale."""
    page = Page(path)
    if not page.twin.is_file():
        raise YansuanError(path, 1, f"no twin: write {shown(page.twin)}")
    if faults := differences(page, Page(page.twin)):
        raise ValueError("\n".join(faults))
    changed = set()
    for this in (page, Page(page.twin)):
        hashes = {s.id: s.hash for s in Page(this.twin).sections}
        changed |= {name for name, value in hashes.items() if this.record.get(name) != value}
        rows = "".join(f"  {name}: '{value}'\n" for name, value in hashes.items())
        this.path.write_text(f"---\n{this.front}twin:\n{rows}---\n\n{this.text[this.offset :]}", "utf-8")
    return sorted(changed)


def pages():
    """Every page of every language."""
    return [p for folder in settings().page_folders for p in sorted(folder.rglob("*.md"))]

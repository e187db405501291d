"""How Markdown is read: the one place that knows fences, headings, blocks, `$math$`, links and the rest of a page.

`scan(text)` gives typed records with their lines, in time that is linear in the text. It reads as the renderer does
(Python-Markdown with superfences and pymdownx.blocks): tests/engine/test_scan.py compares the two on every page.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from yansuan.notes.spans import Span, code_spans, escaped, spans

FRONT = re.compile(r"\A---\n(.*?)^---\n\s*", re.M | re.S)
FENCE = re.compile(r"(?P<prefix>[> \t]*)(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>[^\n]*)")
CLASS = re.compile(r"\.([\w+#-]+)")
HEADING = re.compile(r"(?P<marks>#{1,6})(?!#)[ ]*(?P<title>.*)")
DIRECTIVE = re.compile(r"(?P<mark>/{3,})[ ]*(?:(?P<kind>[\w-]+)[ ]*(?:\|[ ]*(?P<name>.*))?)?")
OPTION = re.compile(r"(?P<key>[\w-]+):(?:[ ]+(?P<value>.*))?")
ADMONITION = re.compile(r"(?:!!!|\?\?\?\+?)[ ]?(?P<kind>[\w-]+)(?P<title>.*)")
ITEM = re.compile(r"(?:[*+-]|\d+\.)[ ]+")
DEFINITION = re.compile(r"\[(?P<note>\^)?(?P<id>[^\[\]\n]+)\]:[ \t]*(?P<target>\S*)")
QUOTE = re.compile(r"(?:[ ]{0,3}>[ ]?)+")
RAW = re.compile(
    r"<(?P<tag>address|article|aside|blockquote|details|div|dl|figure|form|h[1-6]|iframe|math|nav|ol|pre|p|script|section|"
    r"style|svg|table|ul)\b(?P<rest>[^>]*)",
    re.I,
)
ATTRIBUTES = re.compile(r"\{:?(?P<list>[^{}\n]*)\}")
ID = re.compile(r"(?<![^\s{:])#([\w.-]+)")
TAB = 4  # how far the content of a list item or an admonition is indented


@dataclass(frozen=True)
class Fence:
    """Code between ``` and ```, with what its first line says of it."""

    start: int
    end: int
    line: int
    lang: str
    classes: tuple[str, ...]
    text: str  # all of it
    body: str  # the code, without the fence's own indentation

    def speaks(self, language: str) -> bool:
        return language in (self.lang, *self.classes)


@dataclass(frozen=True)
class Heading:
    start: int
    line: int
    level: int
    title: str  # Markdown, without its attributes
    id: str | None
    text: str  # the line


@dataclass(frozen=True)
class Option:
    """`    key: value` under the first line of a block, with the lines that go on with the value."""

    key: str
    value: str  # as text: nothing in it is a comment or a mark of YAML, unless it is in quotation marks
    first: int  # lines
    last: int


@dataclass(frozen=True)
class Block:
    """`/// kind | name`, its options, and whether a `///` closes it."""

    start: int
    end: int
    line: int
    kind: str
    name: str
    options: tuple[Option, ...]
    closed: bool

    @property
    def is_card(self) -> bool:
        return self.kind in ("formula", "derivation")


@dataclass(frozen=True)
class Admonition:
    start: int
    line: int
    kind: str
    title: str


@dataclass(frozen=True)
class Scan:
    """A page of Markdown, read once. Positions are those of `text`; lines count from 1."""

    text: str
    offset: int  # where the page begins, behind its front matter
    front: str | None
    starts: Sequence[int] = field(repr=False)  # of the lines
    fences: tuple[Fence, ...]
    headings: tuple[Heading, ...]
    blocks: tuple[Block, ...]
    admonitions: tuple[Admonition, ...]
    definitions: tuple[Span, ...]  # `[id]: address`
    stretches: tuple[tuple[int, int], ...] = field(repr=False)  # of running text: paragraphs, cells, titles
    masked: str = field(repr=False)  # the text with spaces in the place of all that is no running text

    def line(self, position: int) -> int:
        return bisect_right(self.starts, position)

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """All that stands within lines, in order."""
        found = [s for start, end in self.stretches for s in spans(self.masked, start, end, self.line)]
        return tuple(sorted([*found, *self.definitions], key=lambda s: (s.start, s.end)))

    def of(self, kind: str) -> list[Span]:
        return [span for span in self.spans if span.kind == kind]

    @cached_property
    def prose(self) -> str:
        """The running text alone, without code, on its lines and in its places."""
        return blank(self.masked, [(s.start, s.end) for s in self.spans if s.kind == "code"])

    @property
    def ids(self) -> set[str]:
        """What a link to this page can name: headings and other elements with an id, cards, verdicts."""
        given = {id for m in ATTRIBUTES.finditer(self.prose) for id in ID.findall(m["list"])}
        given |= set(re.findall(r"\bid=\"([^\"\n]+)\"", self.text))
        given |= {h.id for h in self.headings if h.id} | {b.name for b in self.blocks if b.is_card}
        return given | {f"verdict-{b.name}" for b in self.blocks if b.kind == "verdict"}


def blank(text: str, stretches: Sequence[tuple[int, int]]) -> str:
    """The text with spaces in the place of these stretches, so that lines and positions still hold."""
    parts, last = [], 0
    for start, end in stretches:
        parts += [text[last:start], re.sub(r"[^\n]", " ", text[max(start, last) : end])]
        last = max(last, end)
    return "".join([*parts, text[last:]])


def scan(text: str) -> Scan:
    """Read a page, with or without its front matter."""
    return Reader(text).read()


def fenced(lines: Sequence[str], first: int) -> Iterator[tuple[int, int, re.Match[str]]]:
    """(first line, last line, opening) of each fence. One that is not closed, or left by its indentation, is none."""
    opened: tuple[int, re.Match[str]] | None = None
    for n in range(first, len(lines)):
        if opened is None:
            m = FENCE.match(lines[n])
            if m and not (m["mark"][0] == "`" and "`" in m["info"]):
                opened = n, m
            continue
        start, m = opened
        inner = without(lines[n], m["prefix"])
        if inner is None:
            opened = None
        elif inner.rstrip(" \t") == m["mark"]:
            yield start, n, m
            opened = None


def without(line: str, prefix: str) -> str | None:
    """A line of a fence without what stands in front of the fence; None if it is indented less."""
    if not line.strip(" \t>"):
        return ""
    width, at = len(prefix.expandtabs(TAB)), 0
    while len(line[:at].expandtabs(TAB)) < width and line[at : at + 1] in (" ", "\t", ">"):
        at += 1
    return None if len(line[:at].expandtabs(TAB)) < width and ">" not in prefix else line[at:]


class Reader:
    """One pass over the lines of a page: what is code, what a block, and where running text stands."""

    def __init__(self, text: str) -> None:
        front = FRONT.match(text)
        self.text, self.offset, self.front = text, front.end() if front else 0, front[1] if front else None
        self.lines, self.starts = text.split("\n"), [0, *(m.end() for m in re.finditer("\n", text))]
        self.fences: list[Fence] = []
        self.headings: list[Heading] = []
        self.blocks: list[Block] = []
        self.admonitions: list[Admonition] = []
        self.definitions: list[Span] = []
        self.stretches: list[tuple[int, int]] = []
        self.kept: list[tuple[int, int]] = []  # the running text, a line at a time
        self.paragraph: list[tuple[int, int]] = []
        self.open: list[tuple[int, int]] = []  # (length of its mark, which of the blocks) where `///` is to come
        self.inside: list[int] = []  # where the content of the open list items and admonitions begins
        self.raw, self.depth = "", 0  # an element of HTML, to be left alone
        self.blank, self.code, self.item, self.top = True, False, False, True

    def read(self) -> Scan:
        n = bisect_right(self.starts, self.offset) - 1
        fences = {first: (last, m) for first, last, m in fenced(self.lines, n)}
        while n < len(self.lines):
            if n in fences:
                self.fence(n, *fences[n])
                n = fences[n][0] + 1
            else:
                n = self.step(n)
        self.end()
        masked, last = [], 0
        for start, end in self.kept:
            masked += [re.sub(r"[^\n]", " ", self.text[last:start]), self.text[start:end]]
            last = end
        masked.append(re.sub(r"[^\n]", " ", self.text[last:]))
        return Scan(
            self.text,
            self.offset,
            self.front,
            self.starts,
            tuple(self.fences),
            tuple(self.headings),
            tuple(self.blocks),
            tuple(self.admonitions),
            tuple(self.definitions),
            tuple(self.stretches),
            "".join(masked),
        )

    def fence(self, first: int, last: int, m: re.Match[str]) -> None:
        self.end()
        start, end = self.starts[first] + m.start("mark"), self.starts[last] + len(self.lines[last])
        head, _, braces = m["info"].partition("{")
        classes = tuple(CLASS.findall(braces))
        lang = head.split()[0].lstrip(".") if head.strip() else next(iter(classes), "")
        inner = [without(line, m["prefix"]) or "" for line in self.lines[first + 1 : last]]
        body = "".join(f"{line}\n" for line in inner)
        text = "\n".join([self.lines[first][m.start("mark") :], *inner, m["mark"]])
        self.fences.append(Fence(start, end, first + 1, lang, classes, text, body))
        self.blank = False

    def step(self, n: int) -> int:
        """Read a line, and give the number of the next."""
        line, after_blank = self.lines[n], self.blank
        if self.raw:
            self.html(line)
            return n + 1
        self.blank = not line.strip(" \t>")
        if self.blank:
            self.end()
            return n + 1
        content = line.lstrip(" \t")
        indent = len(line[: len(line) - len(content)].expandtabs(TAB))
        if after_blank:
            while self.inside and indent < self.inside[-1]:
                self.inside.pop()
        base = self.inside[-1] if self.inside else 0
        self.code = (after_blank or self.code) and indent >= base + TAB
        if self.code:
            return n + 1
        quote = QUOTE.match(content)
        content = content[quote.end() :] if quote else content
        self.top = not quote and indent == 0
        at = self.starts[n] + len(line) - len(content)
        if indent >= base + TAB:  # goes on with a paragraph
            self.paragraph.append((at, at + len(content)))
            return n + 1
        return self.begins(n, at, content, indent, base)

    def begins(self, n: int, at: int, content: str, indent: int, base: int) -> int:
        """Read a line that may begin something; `at` is where its content stands."""
        if self.item and self.paragraph and indent >= base > 0 and not ITEM.match(content):  # goes on with the item
            self.paragraph.append((at, at + len(content)))
            return n + 1
        if m := DIRECTIVE.fullmatch(content.rstrip()):
            return self.directive(n, at, m, base)
        if m := HEADING.match(content):
            self.end()
            self.heading(n, at, len(m["marks"]), m["title"], content)
        elif m := ADMONITION.match(content):
            self.end()
            self.admonitions.append(Admonition(at, n + 1, m["kind"], m["title"].strip(' "')))
            self.stretch(at + m.start("title"), at + len(content))
            self.inside.append(base + TAB)
        elif (m := ITEM.match(content)) and (not self.paragraph or self.item):
            self.end()
            self.item = True
            while self.inside and self.inside[-1] > indent:
                self.inside.pop()
            self.inside.append(indent // TAB * TAB + TAB)
            self.paragraph.append((at + m.end(), at + len(content)))
        elif m := DEFINITION.match(content):
            self.end()
            if m["note"]:
                self.paragraph.append((at, at + len(content)))
                self.inside.append(base + TAB)
            else:
                target = m["target"].strip("<>")
                self.definitions.append(Span("link", at, at + m.end(), n + 1, content, target, m["id"]))
        elif m := RAW.match(content):
            self.end()
            if not re.search(r"\bmarkdown\b", m["rest"]):
                self.raw, self.depth = m["tag"].lower(), 0
                self.html(content)
        else:
            self.paragraph.append((at, at + len(content)))
        return n + 1

    def html(self, line: str) -> None:
        """A line of raw HTML: up to the end of the element that began it."""
        self.depth += len(re.findall(rf"<{self.raw}\b", line, re.I)) - len(re.findall(rf"</{self.raw}\b", line, re.I))
        if self.depth <= 0:
            self.raw = ""

    def directive(self, n: int, at: int, m: re.Match[str], base: int) -> int:
        """`/// kind | name` with the options under it, or the `///` that ends it."""
        self.end()
        mark, after = len(m["mark"]), n + 1
        if not m["kind"]:
            for place in reversed(range(len(self.open))):
                if self.open[place][0] == mark:
                    which = self.open[place][1]
                    del self.open[place:]
                    self.blocks[which] = replace(self.blocks[which], end=at + mark, closed=True)
                    break
            return after
        while after < len(self.lines) and indentation(self.lines[after]) >= base + TAB:
            after += 1
        options = tuple(read_options(self.lines[n + 1 : after], n + 2))
        end = self.starts[after - 1] + len(self.lines[after - 1])
        self.open.append((mark, len(self.blocks)))
        self.blocks.append(Block(at, end, n + 1, m["kind"].lower(), (m["name"] or "").strip(), options, False))
        return after

    def heading(self, n: int, at: int, level: int, title: str, text: str) -> None:
        """A heading, and its title as running text; those inside lists and quotes are no sections of the page."""
        bare = title.rstrip()
        self.stretch(at + len(text) - len(text.lstrip("# ")), at + len(text))
        opened = bare.rfind("{")
        attributes = ATTRIBUTES.fullmatch(bare, max(opened, 0)) if opened >= 0 else None
        id = ID.search(attributes["list"]) if attributes else None
        if self.top:
            said = bare[:opened].rstrip() if id else bare
            self.headings.append(Heading(at, n + 1, level, said.rstrip("#").rstrip(), id[1] if id else None, text))

    def stretch(self, start: int, end: int) -> None:
        self.stretches.append((start, end))
        self.kept.append((start, end))

    def end(self) -> None:
        """The paragraph ends: it is a table, a heading with a line under it, or running text."""
        rows, self.paragraph, self.item = self.paragraph, [], False
        if not rows:
            return
        under = self.text[slice(*rows[1])].strip() if len(rows) > 1 else ""
        if "-" in under and "|" in under and set(under) <= set("|:- "):
            for row in (rows[0], *rows[2:]):
                self.kept.append(row)
                self.stretches += cells(self.text, *row)
            return
        if under and set(under) in ({"="}, {"-"}):
            line = self.text[slice(*rows[0])]
            self.heading(bisect_right(self.starts, rows[0][0]) - 1, rows[0][0], 1 + (under[0] == "-"), line, line)
            del rows[:2]
        if rows:
            self.kept += rows
            self.stretches.append((rows[0][0], rows[-1][1]))


def indentation(line: str) -> int:
    """How far a line is indented; -1 if it is empty."""
    content = line.lstrip(" \t")
    return len(line[: len(line) - len(content)].expandtabs(TAB)) if content else -1


def read_options(lines: Sequence[str], first: int) -> Iterator[Option]:
    """The options of a block: `key: value`, where deeper lines go on with the value."""
    found: list[tuple[str, list[str], int]] = []
    least = min(map(indentation, lines), default=0)
    for n, line in enumerate(lines, first):
        m = OPTION.fullmatch(line.strip()) if indentation(line) == least else None
        if m:
            found.append((m["key"], [m["value"] or ""], n))
        elif found:
            found[-1][1].append(line.strip())
    for key, parts, n in found:
        yield Option(key, " ".join(part for part in parts if part), n, n + len(parts) - 1)


def cells(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The cells of a row of a table: a pipe in code, or behind a backslash, ends none."""
    code = iter([*code_spans(text, start, end), (end, end, 0)])
    (first, last, _), at = next(code), start
    for m in re.finditer(r"\|", text[start:end]):
        pipe = start + m.start()
        while last <= pipe < end and first < end:
            first, last, _ = next(code)
        if not (first <= pipe < last or escaped(text, pipe, start)):
            yield at, pipe
            at = pipe + 1
    yield at, end

"""What matters of one page of finished HTML, whoever made it: this site, a notebook plugin, another generator."""

import re
from collections import Counter
from html.parser import HTMLParser

from yansuan.html import allowed
from yansuan.html.foreign import HIDDEN, foreign

HAND_TYPED = r"\$\$|\\\[|\\\(|\\begin\s*\{"
ARTICLE = re.compile(r"<article\b[^>]*>(.*?)</article>", re.S)  # what authors write of a page
HEADING = re.compile(r'<h([1-6]) id="([^"]+)"[^>]*>(.*?)</h\1>', re.S)
LEFT_OVER = {
    "math": HAND_TYPED,
    "block": r"^[^\S\n]*/{3,}[^\n]*",
    "note": r"^(?:!!!|\?\?\?\+?)[^\S\n]+\w[^\n]*|\[\^[^\]\n]+\]",
    "value": r"\[=[^\n]*",
    "traceback": r"Traceback \(most recent call last\)[^\n]*",
}
SUSPECT = re.compile(r"\$\$|\\|///|!!!|\?\?\?|\[[\^=]|Traceback")  # one of these is in any of them
VERBATIM = ("pre", "code", "script", "style", "math", "svg", "textarea")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# what a line of text goes on through
WITHIN = re.compile(
    "a|abbr|b|bdi|cite|code|data|del|dfn|em|i|img|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup|time|u|var|wbr|"
    "annotation|math|mfrac|mi|mn|mo|mover|mpadded|mphantom|mroot|mrow|mspace|msqrt|mstyle|msub|msubsup|msup|mtable|mtd|"
    "mtext|mtr|munder|munderover|semantics"
)
MADE = ("data-formula", "data-derivation", "data-figure", "data-table", "data-claim")
Attributes = dict[str, str]


# a drawing with nothing to read in it, and a formula whose parts are nothing but parts of it
SAYS_NOTHING = r'(?: (?!data-(?!v=|search-exclude=)|class)[a-zA-Z:-]++="[^"<>]*+")*+ ?/?>'
SILENT = re.compile(
    rf"(<svg\b[^<>]*+>)(?:\s*+(?:</?(?:g|path|use|defs|clipPath|rect){SAYS_NOTHING}"
    r'|<style type="text/css">[^<]*+</style>))*+\s*+(?=</svg>)'
)
FORMULA = re.compile(
    rf"(<math\b[^<>]*+>)((?:[^<]++|</?(?:m(?!ath\b)[a-z]++|semantics|annotation){SAYS_NOTHING})*+)(?=</math>)"
)


def lean(html: str) -> str:
    """A page that has passed allowed.faults, without most of the elements that can have no fault: faster to read."""
    html = SILENT.sub(r"\1", allowed.COMMON.sub(r"\1\3", html))
    return FORMULA.sub(lambda m: m[1] + re.sub("<[^<>]*+>", "", m[2]), html)


def balanced(html: str, start: int) -> int:
    """Where the div that begins at `start` ends."""
    depth = 0
    for tag in re.compile(r"<(/?)div\b").finditer(html, start):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return html.index(">", tag.end()) + 1
    return len(html)


class Document(HTMLParser):
    """What matters of one page: ids, links, cards, figures, code with a copy button, and faults."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.stack: list[tuple[str, Attributes]] = []  # of the open elements
        self.open: Counter[str] = Counter()  # how many of each name they are
        self.lang: str | None = None
        self.ids: dict[str, int] = {}
        self.links: list[tuple[str, int]] = []
        self.sources: list[tuple[str, int]] = []
        self.cards: list[tuple[str, str | None]] = []
        self.figures: list[str] = []
        self.math: list[str] = []
        self.headings: list[tuple[str, str]] = []
        self.tables: list[str] = []
        self.claims: list[str] = []
        self.copies = 0
        self.copied: list[tuple[str | None, str, int]] = []  # (card, code, line)
        self.outputs: dict[str, str] = {}
        self.drawn: dict[str, str | None] = {}
        self.faults: list[tuple[str, str, int]] = []  # (kind, text, line)
        self.block: list[str] = []  # the text of a paragraph, a cell, an item; code and formulas are hidden
        self.block_line = 0
        self.feed(html)
        self.close()
        self.end_block()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        a = {k: v or "" for k, v in attributes}
        line = self.getpos()[0]
        if tag == "br":
            self.block.append("\n")
        elif not WITHIN.fullmatch(tag):
            self.end_block()
        self.addresses(tag, a, line)
        self.made(a, line)
        if tag == "html":
            self.lang = a.get("lang")
        if re.fullmatch("h[1-6]", tag) and "id" in a:
            self.headings.append((tag, a["id"]))
        if tag == "svg" and (name := self.inside("data-figure")):
            self.drawn[name] = self.inside("aria-label")
        if tag == "math":
            self.math.append("")
            if a.get("display") == "block" and not self.card():
                self.faults.append(("forged", "<math", line))
        if tag == "code" and self.stack and self.stack[-1][0] == "pre" and not self.has("no-copy"):
            self.copied.append((self.card(), self.inside("data-copy") or "", line))
        if tag not in VOID:
            self.stack.append((tag, a))
            self.open[tag] += 1

    def addresses(self, tag: str, a: Attributes, line: int) -> None:
        """Ids, links, and what the page loads."""
        if "id" in a:
            self.ids.setdefault(a["id"], line)
        if tag == "a" and "href" in a:
            self.links.append((a["href"], line))
        if tag in ("img", "script", "iframe", "source") and a.get("src"):
            self.sources.append((a["src"], line))
        if tag == "link" and a.get("href") and a.get("rel") not in ("canonical", "prev", "next"):
            self.sources.append((a["href"], line))

    def made(self, a: Attributes, line: int) -> None:
        """Cards, figures and the like, and what is wrong with one."""
        if "ys-open" in a.get("class", "").split():
            self.faults.append(("open", next((a[name] for name in MADE if a.get(name)), ""), line))
        if name := a.get("data-formula") or a.get("data-derivation"):
            self.cards.append((name, a.get("data-status")))
        for names, found in (("data-figure", self.figures), ("data-table", self.tables), ("data-claim", self.claims)):
            if names in a:
                found.append(a[names])
        self.copies += "data-copy" in a
        if "data-frame" in a and not self.inside("data-figure"):
            self.faults.append(("frame", self.inside("value") or "", line))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:  # <br />
            return
        if not WITHIN.fullmatch(tag):
            self.end_block()
        while self.stack:
            name, _ = self.stack.pop()
            self.open[name] -= 1
            if name == tag:
                break

    def handle_data(self, text: str) -> None:
        tags = self.open
        if tags["math"] and not tags["annotation"]:
            self.math[-1] += text
        if tags["samp"] and (its := self.card()):
            self.outputs[its] = self.outputs.get(its, "") + text
        code = tags["pre"] and tags["code"] and self.copied
        if code and not self.inside("data-copy") and not self.has("no-copy"):
            card, copied, line = self.copied[-1]
            self.copied[-1] = card, copied + text, line
        verbatim = any(tags[tag] for tag in VERBATIM)
        if not self.block:
            self.block_line = self.getpos()[0]
        if self.block or not text.isspace():
            self.block.append(HIDDEN if verbatim else text)
        if not SUSPECT.search(text):
            return
        session = self.has("gt")  # a `>>>` session on a page, which the tests run: they expect what it shows
        for kind, pattern in LEFT_OVER.items():
            if verbatim and not (kind == "traceback" and tags["pre"] and not session):
                continue
            if m := re.search(pattern, text, re.M):
                line = self.getpos()[0] + text.count("\n", 0, m.start())
                self.faults.append((kind, text[m.start() :].lstrip(), line))

    def end_block(self) -> None:
        """A block of text is complete: is there syntax in it that nothing has rendered?"""
        text, self.block = "".join(self.block), []
        if found := foreign(text):
            self.faults.append((found[0].name, found[1], self.block_line))

    def card(self) -> str | None:
        """The formula or derivation whose card is open."""
        return self.inside("data-formula") or self.inside("data-derivation")

    def inside(self, attribute: str) -> str | None:
        """The nearest open element's value of an attribute."""
        return next((a[attribute] for _, a in reversed(self.stack) if attribute in a), None)

    def has(self, name: str) -> bool:
        """Whether an open element has this class."""
        return any(name in a.get("class", "").split() for _, a in self.stack)

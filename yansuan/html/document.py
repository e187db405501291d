"""What matters of one page of finished HTML, whoever made it: this site, a notebook plugin, another generator."""

import re
from html.parser import HTMLParser

from yansuan.html import allowed

HAND_TYPED = r"\$\$|\\\[|\\\(|\\begin\s*\{"
ARTICLE = re.compile(r"<article\b[^>]*>(.*?)</article>", re.S)  # what authors write of a page
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


def lean(html):
    """A page that has passed allowed.faults, without most of the elements that can have no fault: faster to read."""
    return allowed.COMMON.sub(r"\1\3", html)


class Document(HTMLParser):
    """What matters of one page: ids, links, cards, figures, code with a copy button, and faults."""

    def __init__(self, html):
        super().__init__()
        self.stack = []  # (tag, attributes) of the open elements
        self.lang, self.ids, self.links, self.sources, self.twins = None, {}, [], [], {}
        self.cards, self.figures, self.math, self.headings = [], [], [], []
        self.tables, self.claims, self.copies = [], [], 0
        self.copied, self.outputs, self.drawn = [], {}, {}
        self.faults = []  # (kind, text, line)
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        a = {k: v or "" for k, v in attributes}
        line = self.getpos()[0]
        if "id" in a:
            self.ids.setdefault(a["id"], line)
        if tag == "html":
            self.lang = a.get("lang")
        if tag == "a" and "href" in a:
            self.links.append((a["href"], line))
        if tag in ("img", "script", "iframe", "source") and a.get("src"):
            self.sources.append((a["src"], line))
        if tag == "link" and a.get("href") and a.get("rel") == "alternate ":
            self.twins[a["hreflang"]] = a["href"]
        elif tag == "link" and a.get("href") and a.get("rel") not in ("canonical", "prev", "next"):
            self.sources.append((a["href"], line))
        if re.fullmatch("h[1-6]", tag) and "id" in a:
            self.headings.append((tag, a["id"]))
        if "ys-open" in a.get("class", "").split():
            self.faults.append(
                (
                    "open",
                    a.get("data-formula")
                    or a.get("data-derivation")
                    or a.get("data-figure")
                    or a.get("data-table")
                    or a.get("data-claim"),
                    line,
                )
            )
        if name := a.get("data-formula") or a.get("data-derivation"):
            self.cards.append((name, a.get("data-status")))
        if "data-figure" in a:
            self.figures.append(a["data-figure"])
        if "data-table" in a:
            self.tables.append(a["data-table"])
        if "data-claim" in a:
            self.claims.append(a["data-claim"])
        self.copies += "data-copy" in a
        if "data-frame" in a and not self.inside("data-figure"):
            self.faults.append(("frame", self.inside("value") or "", line))
        if tag == "svg" and (name := self.inside("data-figure")):
            self.drawn[name] = self.inside("aria-label")
        if tag == "math":
            self.math.append("")
            if a.get("display") == "block" and not self.card():
                self.faults.append(("forged", "<math", line))
        if tag == "code" and self.stack and self.stack[-1][0] == "pre" and not self.inside(cls="no-copy"):
            self.copied.append([self.card(), self.inside("data-copy") or "", line])
        if tag not in VOID:
            self.stack.append((tag, a))

    def handle_endtag(self, tag):
        if tag in VOID:  # <br />
            return
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, text):
        tags = {tag for tag, _ in self.stack}
        if "math" in tags:
            self.math[-1] += text
        if "samp" in tags and (card := self.card()):
            self.outputs[card] = self.outputs.get(card, "") + text
        code = "pre" in tags and "code" in tags and self.copied
        if code and not self.inside("data-copy") and not self.inside(cls="no-copy"):
            self.copied[-1][1] += text
        if not SUSPECT.search(text):
            return
        verbatim = any(tag in VERBATIM for tag in tags)
        session = self.inside(cls="gt")  # a `>>>` session on a page, which the tests run: they expect what it shows
        for kind, pattern in LEFT_OVER.items():
            if verbatim and not (kind == "traceback" and "pre" in tags and not session):
                continue
            if m := re.search(pattern, text, re.M):
                line = self.getpos()[0] + text.count("\n", 0, m.start())
                self.faults.append((kind, text[m.start() :].lstrip(), line))

    def card(self):
        """The formula or derivation whose card is open."""
        return self.inside("data-formula") or self.inside("data-derivation")

    def inside(self, attribute=None, cls=None):
        """The nearest open element's value of an attribute, or whether one has a class."""
        for _, a in reversed(self.stack):
            if attribute and attribute in a:
                return a[attribute]
            if cls and cls in a.get("class", "").split():
                return True
        return None

"""Formulas in headings: contents, navigation and `<title>` hold plain text, so they read one while they are made."""

from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from yansuan.render.context import PageContext
from yansuan.tex.plain import NoPlainForm, plain

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class PlainTitles(Treeprocessor):
    """Before whoever reads headings: a formula is its plain text."""

    def __init__(self, page: PageContext, md: Markdown) -> None:
        super().__init__(md)
        self.page = page
        self.shown: list[tuple[Element, str]] = []

    def run(self, root: Element) -> None:
        self.shown = []
        for span in (span for h in root.iter() if h.tag in HEADINGS for span in h.iter("span")):
            if span.text in self.page.typeset:
                tex = self.page.typeset[span.text]
                self.shown.append((span, span.text))
                span.text = AtomicString(self.plain(tex))

    def plain(self, tex: str) -> str:
        try:
            return plain(tex)
        except NoPlainForm as reason:
            why = f"${tex}$ in a heading: contents, navigation and search show plain text, and {reason}: write words"
            raise self.page.source.near(why, f"${tex}$") from None


class DrawnTitles(Treeprocessor):
    """After them: it is drawn again."""

    def __init__(self, plain: PlainTitles, md: Markdown) -> None:
        super().__init__(md)
        self.plain = plain

    def run(self, root: Element) -> None:
        for span, drawn in self.plain.shown:
            span.text = AtomicString(drawn)

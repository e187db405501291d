"""At the end of a page: the pages that build on it, by their lines "You need"."""

from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from yansuan.base.words import PAGE
from yansuan.notes import needs
from yansuan.notes.page import headings
from yansuan.render.context import PageContext
from yansuan.tex.plain import with_plain_math


class Leads(Treeprocessor):
    """Before MkDocs makes addresses of links to files."""

    def __init__(self, page: PageContext, md: Markdown) -> None:
        super().__init__(md)
        self.page = page

    def run(self, root: Element) -> None:
        docs, path = self.page.docs, self.page.source.path
        if path.suffix != ".md" or not path.is_relative_to(docs) or not path.is_file():
            return
        later = needs.users(docs).get(path.relative_to(docs).as_posix(), [])
        if not later:
            return
        words = PAGE[self.page.lang]
        line = SubElement(root, "p", {"class": "ys-next", "data-search-exclude": ""})
        line.text = AtomicString(words["builds on this"])
        for number, name in enumerate(later):
            link = SubElement(line, "a", {"href": self.page.relative(docs / name)})
            link.text = AtomicString(with_plain_math(headings(docs / name)[0].title))
            link.tail = words["comma"] if number < len(later) - 1 else ""

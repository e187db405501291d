"""A table of terms, with the columns 中文 and English: each row is a place to link to, and an entry of search."""

import re
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor


class Terms(Treeprocessor):
    """`| 方差 | variance | … |` gets the id `term-variance`, the same in both languages."""

    def run(self, root: Element) -> None:
        for table in root.iter("table"):
            if [text(cell) for cell in table.iter("th")][:2] != ["中文", "English"]:
                continue
            taken = set[str]()
            for row in table.iterfind("tbody/tr"):
                name = re.sub("[^a-z0-9]+", "-", text(row[1]).lower()).strip("-")
                if name and name not in taken:
                    row.set("id", f"term-{name}")
                    taken.add(name)


def text(element: Element) -> str:
    return "".join(element.itertext()).strip()

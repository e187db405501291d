"""What the parts of the extension share while one page is rendered."""

import os
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from markdown import Markdown

from yansuan import evidence
from yansuan.base.settings import settings
from yansuan.base.store import Value
from yansuan.base.textfile import is_file
from yansuan.formula.formula import Formula, load_all, stamps
from yansuan.notes.page import cards, headings
from yansuan.render.program import address
from yansuan.render.source import PageSource
from yansuan.runs.lab import of_page
from yansuan.runs.runs import Runs
from yansuan.tex.plain import with_plain_math


@dataclass(frozen=True)
class Options:
    """How a project uses the extension: `markdown_extensions: {yansuan: …}`."""

    lang: str  # of the cards
    programs: bool  # whether the site has each card's code as code/family.function.py
    address: str  # of the site in this language; empty: it has none
    runs: Runs  # figures and labs


class PageContext:
    """One page while it is rendered: its source, what it has used so far, and where the rest of the book is."""

    def __init__(self, md: Markdown, options: Options) -> None:
        self.options, self.lang = options, options.lang
        self.source = PageSource(md, options.lang)
        self.begin()

    def begin(self) -> None:
        """Forget the page before."""
        self.used: dict[str, list[str]] = {"formula": [], "figure": [], "table": [], "claim": []}
        self.typeset: dict[str, str] = {}  # {what stands in the tree for a formula within a line: its LaTeX}
        self.tree_done = False
        self._figures: dict[str, Value] = {}
        self._labs: dict[str, Value] = {}
        self.source.formulas.clear()
        for kept in ("folder", "formulas", "report", "where"):  # made once a page
            self.__dict__.pop(kept, None)

    @cached_property
    def folder(self) -> object:
        """What the snippets are as long as the page is rendered."""
        return stamps(settings().snippets)

    @cached_property
    def formulas(self) -> dict[str, Formula]:
        """Every formula, by name."""
        return load_all(settings().snippets)

    @cached_property
    def report(self) -> evidence.Evidence | None:
        """What the last green test run proved, or None."""
        return proved(os.getcwd(), *map(stamp, (settings().evidence, settings().report)))

    @cached_property
    def where(self) -> dict[str, Path]:
        """{formula: the page with its card}."""
        return cards(self.docs)

    @property
    def docs(self) -> Path:
        """The folder of this language's pages, of which the page is one."""
        here, project = self.source.path, settings()
        folder = Path(project.docs).name if len(project.languages) == 1 else self.lang
        return next((p for p in here.parents if p.name == folder), here.parent)

    def count(self, kind: str, name: str) -> int:
        """How often the page has used this name before."""
        self.used[kind].append(name)
        return self.used[kind].count(name) - 1

    def link(self, name: str) -> str:
        """Where a formula's card is, as a link from this page."""
        return self.relative(self.where[name]) + f"#{name}" if name in self.where else f"#{name}"

    def address(self, name: str) -> str:
        """Where a formula's card is on the web, if the site has an address."""
        return address(self.options.address, self.docs, self.where[name], name) if name in self.where else ""

    def anchor(self, page: str, anchor: str) -> tuple[str, str]:
        """(link, title) of a place given as a page's path and the id of a heading or a card.

        Raises ValueError if there is no such page or place.
        """
        path = self.docs / page
        text = Path(settings().labs, f"{path.stem}.py") if path.suffix == ".ipynb" else path
        if not is_file(text):
            raise ValueError(f"there is no page {text.as_posix()}")
        if anchor in self.formulas:
            return f"{self.relative(path)}#{anchor}", self.formulas[anchor].title[self.lang]
        lab = of_page(Path(page))
        found = lab.headings(self.lang) if lab else headings(path)
        title = next((heading.title for heading in found if heading.id == anchor), None)
        if title is None:
            raise ValueError(f"there is no heading {{#{anchor}}} on {text.as_posix()}")
        return f"{self.relative(path)}#{anchor}", with_plain_math(re.sub(r"[`*]", "", title))

    def relative(self, page: Path) -> str:
        """The path of a page as a link from this one."""
        path = os.path.relpath(page, self.source.path.parent).replace(os.sep, "/")
        return path.replace(".ipynb", ".md") if self.source.zensical else path

    def lab(self, slug: str) -> Value:
        """What a lab computed."""
        if slug not in self._labs:
            self._labs[slug] = self.options.runs.lab(slug)
        return self._labs[slug]

    def figure(self, name: str) -> Value:
        """What a figure's script drew and computed."""
        if name not in self._figures:
            self._figures[name] = self.options.runs.figure(name)
        return self._figures[name]


def stamp(path: str) -> tuple[int, int] | None:
    """What a file has another of when it has changed."""
    return ((at := os.stat(path)).st_mtime_ns, at.st_size) if is_file(path) else None


@lru_cache(maxsize=4)
def proved(folder: str, *stamps: tuple[int, int] | None) -> evidence.Evidence | None:
    """The evidence, read again when one of its files has changed."""
    return evidence.read()

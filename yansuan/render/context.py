"""What the parts of the extension share while one page is rendered."""

import os
import re
from functools import cached_property
from pathlib import Path

from yansuan import evidence
from yansuan.base.settings import settings
from yansuan.base.textfile import is_file, read
from yansuan.formula.formula import load_all
from yansuan.notes.page import cards
from yansuan.render.source import Source
from yansuan.runs.lab import of_page


class Site:
    """What the parts of the extension share while one page is rendered."""

    def __init__(self, md, options):
        self.source, self.options = Source(md, options), options
        self.begin()

    def begin(self):
        self.used = {"formula": [], "figure": [], "table": [], "claim": []}
        self.figures, self.labs, self._report = {}, {}, ...
        self.source.formulas.clear()
        self.tree_done = False
        self.typeset = {}  # {what stands in the tree for a formula within a line: its LaTeX}
        for kept in ("formulas", "where"):  # made once a page
            self.__dict__.pop(kept, None)

    @property
    def lang(self):
        return self.options["lang"]

    @cached_property
    def formulas(self):
        return load_all(settings().snippets)

    @property
    def report(self):
        if self._report is ...:
            self._report = evidence.read(settings().evidence)
        return self._report

    def count(self, kind, name):
        """How often the page has used this name before."""
        self.used[kind].append(name)
        return self.used[kind].count(name) - 1

    def link(self, name):
        """Where a formula's card is, as a link from this page."""
        return self.relative(self.where[name]) + f"#{name}" if name in self.where else f"#{name}"

    def anchor(self, page, anchor):
        """(link, title) of a place given as a page's path and the id of a heading or a card."""
        path = self.docs / page
        text = Path(settings().labs, f"{path.stem}.py") if path.suffix == ".ipynb" else path
        if not is_file(text):
            raise ValueError(f"there is no page {text.as_posix()}")
        if anchor in self.formulas:
            title = self.formulas[anchor].title[self.lang]
        else:
            lab = of_page(Path(page))
            prose = lab.prose(self.lang) if lab else read(path)
            found = re.search(rf"^#+ (.+?) *\{{#{re.escape(anchor)}\}}$", prose, re.M)
            if not found:
                raise ValueError(f"there is no heading {{#{anchor}}} on {text.as_posix()}")
            title = re.sub(r"[`*]", "", found[1])
        return f"{self.relative(path)}#{anchor}", title

    @property
    def docs(self):
        here, project = self.source.path, settings()
        if len(project.languages) == 1:
            return next((p for p in here.parents if p.name == Path(project.docs).name), here.parent)
        return next((p for p in here.parents if p.name == self.lang), here.parent)

    @cached_property
    def where(self):
        """{formula: the page with its card}."""
        return cards(self.docs)

    def relative(self, page):
        path = os.path.relpath(page, self.source.path.parent).replace(os.sep, "/")
        return path.replace(".ipynb", ".md") if self.source.zensical else path

    def lab(self, slug):
        if slug not in self.labs:
            self.labs[slug] = self.options["runs"].lab(slug)
        return self.labs[slug]

    def figure(self, name):
        if name not in self.figures:
            self.figures[name] = self.options["runs"].figure(name)
        return self.figures[name]

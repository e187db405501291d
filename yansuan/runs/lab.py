"""The text of one lab: its cells, with their lines, and what its code depends on."""

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from yansuan.base.errors import YansuanError
from yansuan.base.settings import settings
from yansuan.base.store import Inputs, code, source
from yansuan.base.textfile import read
from yansuan.formula.module import Module, names_in
from yansuan.formula.needs import Needs, local
from yansuan.notes.page import LANGS, Page
from yansuan.notes.scan import Heading, scan
from yansuan.runs.inputs import used

LIBRARIES = ("numpy", "sklearn", "matplotlib")
PAGES = "labs"  # the folder of a site that has the pages of labs
FORMAT = {"extension": ".py", "format_name": "percent", "comment_magics": False}  # for jupytext
MARK = re.compile(
    r"""# %%(?:[ ]\[markdown\][ ]tags=\[["'](?P<lang>\w+)["']\]|[ ]tags=\[["'](?P<fold>\w+)["']\])?[ ]*"""
)
FOLDS = ("figure", "table", "verdict", "code")  # what code is about that a page folds away
HERE, ENGINE = Path(__file__).parent, ("work", "execute", "shell", "svg", "verdict", "words")  # what runs a lab
ALT = re.compile(r"alt: (.*)")


class Cell(NamedTuple):
    """A cell of a lab: prose in a language, or code, which has none."""

    lang: str | None
    line: int  # of its first line
    text: str
    fold: str | None = None  # of code that a page folds away: one of FOLDS
    alt: str = ""  # of prose after a drawing: what is drawn


class Step(NamedTuple):
    """A cell of code as it is executed, and for each of its lines the line in the file of its author."""

    text: str
    lines: Sequence[int]


class Code:
    """Cells of code that are executed together: of a lab, or of a notebook."""

    path: Path
    code: list[tuple[int, str]]  # (line, text)

    @property
    def needs(self) -> Needs:
        """What the code uses of the project's own modules. Raises YansuanError if the code is no Python."""
        return self._uses()[1]

    @property
    def inputs(self) -> Inputs:
        """All that decides what a run gives: what is executed, what it uses, libraries, and what runs it."""
        texts = [step.text for step in self.steps()]
        cells = [[code(text), bool(re.search(r";\s*(#.*)?$", text))] for text in texts]  # `;` shows nothing
        engine = source(*(HERE / f"{name}.py" for name in ENGINE))
        return {"slug": self.path.stem, "cells": cells, "engine": engine, **used(*self._uses(), LIBRARIES)}

    def steps(self) -> list[Step]:
        """What is executed, one after the other."""
        return [Step(text, range(line, line + text.count("\n") + 1)) for line, text in self.code]

    def _uses(self) -> tuple[Module, Needs]:
        blank = [""] * max((line + text.count("\n") for line, text in self.code), default=0)
        for line, text in self.code:
            blank[line - 1 : line + text.count("\n")] = text.split("\n")
        module, needs = Module(self.path, "\n".join(blank)), Needs(local)
        module.defined = {}  # its own names are in the notebook
        needs.follow(module, names_in(module.tree))
        if twice := needs.twice():
            raise YansuanError(self.path, 1, f"needs two different definitions of {twice}: rename one")
        return module, needs


class Lab(Code):
    """A lab as its author writes it, in jupytext's percent format. Raises YansuanError for what is none."""

    def __init__(self, path: Path | str) -> None:
        self.path, self.slug = Path(path), Path(path).stem
        self._headings: dict[str, tuple[Heading, ...]] = {}
        self.text = read(self.path)
        self.cells = list(self._cells(self.text.splitlines()))
        self.code = [(cell.line, cell.text) for cell in self.cells if cell.lang is None and cell.text.strip()]
        for cell, following in zip(self.cells, [*self.cells[1:], None], strict=True):
            if cell.lang == "zh" and (following is None or following.lang != "en"):
                raise YansuanError(path, cell.line - 1, "a zh cell without its en twin right after it: write it")
        if sum(cell.lang == "zh" for cell in self.cells) != sum(cell.lang == "en" for cell in self.cells):
            raise YansuanError(path, 1, "an en cell without its zh twin right before it: write it")

    def _cells(self, lines: list[str]) -> Iterator[Cell]:
        """What jupytext reads, with the line of each cell; refused is what it would only guess at."""
        try:
            import jupytext
        except ModuleNotFoundError:
            raise YansuanError(self.path, 1, "labs are read by jupytext: pip install 'yansuan[site]'") from None
        marks = self._marks(lines)
        cells = jupytext.reads("\n".join(lines[min(marks) - 1 :]), fmt=FORMAT).cells
        if len(cells) != len(marks):
            raise YansuanError(self.path, 1, f"{len(marks)} lines '# %%' and {len(cells)} cells: is one in a text?")
        for (number, (lang, fold)), cell in zip(marks.items(), cells, strict=True):
            text = cell.source.rstrip("\n")
            alt = ALT.match(text) if lang else None
            yield Cell(lang, number + 1, text[alt.end() :] if alt else text, fold, alt[1].strip() if alt else "")

    def _marks(self, lines: list[str]) -> dict[int, tuple[str | None, str | None]]:
        """{line that begins a cell: (language of the cell, what it is folded as)}"""
        marks: dict[int, tuple[str | None, str | None]] = {}
        prose = False
        for number, line in enumerate(lines, 1):
            if line.startswith("# %%"):
                found = MARK.fullmatch(line)
                if not found or found["lang"] not in (None, *LANGS):
                    why = "not a cell: write '# %%' or '# %% [markdown] tags=[\"zh\"]' or [\"en\"]"
                    raise YansuanError(self.path, number, why)
                if found["fold"] not in (None, *FOLDS):
                    why = f"a page folds code as {', '.join(FOLDS)}, not as {found['fold']!r}"
                    raise YansuanError(self.path, number, why)
                marks[number] = found["lang"], found["fold"]
                prose = found["lang"] is not None
            elif line.strip() and not marks:
                why = "text before the first cell: begin with '# %% [markdown] tags=[\"zh\"]'"
                raise YansuanError(self.path, number, why)
            elif prose and line.strip() and not re.match("#( |$)", line):
                raise YansuanError(self.path, number, "prose in a lab begins with '# '")
        if not marks:
            raise YansuanError(self.path, 1, "an empty lab: begin with '# %% [markdown] tags=[\"zh\"]'")
        return marks

    def prose(self, lang: str) -> str:
        """The Markdown of one language, on the lines that it has in the file."""
        lines = [""] * (self.text.count("\n") + 1)
        for cell in self.cells:
            if cell.lang == lang:
                for i, line in enumerate(cell.text.splitlines()):
                    lines[cell.line - 1 + i] = line
        return "\n".join(lines)

    def headings(self, lang: str) -> tuple[Heading, ...]:
        """Those of its page in one language."""
        if lang not in self._headings:
            self._headings[lang] = scan(self.prose(lang)).headings
        return self._headings[lang]

    def page(self, lang: str) -> Page:
        """The lab in one language as a page, to compare with its twin."""
        return Page(self.path, self.prose(lang).lstrip("\n"))

    def steps(self) -> list[Step]:
        """The code cells for a reader without this project: what they import from it is defined in the first.

        These very cells are executed, and offered for download."""
        needs = self.needs
        definitions = [m.source(m.defined[name], docstring=False) for m, name in needs.definitions()]
        steps, imports = [], set(needs.imports)
        for line, text in self.code:
            drop = {row for node in ast.parse(text).body if taken(node) for row in rows(node)}
            kept = [(row, words) for row, words in enumerate(text.splitlines(), 1) if row not in drop]
            filled = [at for at, (_, words) in enumerate(kept) if words] or [0]
            kept = kept[filled[0] : filled[-1] + 1]
            steps.append(Step("\n".join(words for _, words in kept), [line + row - 1 for row, _ in kept] or [line]))
        first = "\n\n\n".join(["\n".join(sorted(imports)), *definitions])
        begin = self.code[0][0] if self.code else 1
        return [Step(first, [begin] * (first.count("\n") + 1)), *steps] if definitions else steps


def taken(node: ast.stmt) -> bool:
    """Whether a statement only takes names from a module of the project: a reader gets their definitions."""
    return isinstance(node, ast.ImportFrom) and bool(local(node.module or "")) and node.names[0].name != "*"


def rows(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


@cache
def _lab(path: Path, stamp: tuple[int, int]) -> Lab:
    return Lab(path)


def lab(path: Path) -> Lab:
    """The lab, read again when the file has changed."""
    stat = path.stat()
    return _lab(path, (stat.st_mtime_ns, stat.st_size))


def every() -> dict[str, Lab]:
    """{slug: lab} of the project; files that begin with _ are helpers that labs import."""
    return {path.stem: lab(path) for path in sorted(Path(settings().labs).glob("[!_]*.py"))}


def of_page(page: Path) -> Lab | None:
    """The lab that a page of the site shows, given its path below the pages of a language: labs/<slug>.ipynb."""
    text = Path(settings().labs, f"{page.stem}.py")
    return lab(text) if page.parent == Path(PAGES) and page.suffix in (".ipynb", ".md") and text.is_file() else None

"""The text of one lab: its cells, with their lines, and what its code depends on."""

import ast
import hashlib
import re
from importlib import metadata
from pathlib import Path

from yansuan.base.errors import YansuanError
from yansuan.base.textfile import read
from yansuan.formula.module import Module, names_in
from yansuan.formula.needs import Needs, local
from yansuan.notes.page import LANGS, Page

VERDICTS = ("reproduced", "partly", "not reproduced")
LIBRARIES = ("numpy", "scikit-learn", "matplotlib")
BEFORE = """\
%config InlineBackend.figure_formats = ["svg"]
%config InlineBackend.print_figure_kwargs = {{"bbox_inches": None, "metadata": {{"Date": None, "Creator": None}}}}
from yansuan.runs.svg import style
style({slug!r})
"""
AFTER = """\
import json, time
told = {"numbers": globals().get("numbers", {}), "verdicts": globals().get("verdicts", {})}
print(json.dumps(told | {"seconds": round(time.process_time(), 1)}))
"""
CELL = re.compile(r"^# %%(?P<kind> \[markdown\])?(?: tags=\[(?P<tags>[^\]]*)\])?[ ]*$")


class Lab:
    """The text of one lab: its cells, with their lines, and what its code depends on."""

    def __init__(self, path):
        self.path, self.slug = Path(path), Path(path).stem
        self.cells = []  # (language or None for code, line, text)
        for number, line in enumerate(read(self.path).splitlines(), 1):
            if line.startswith("# %%"):
                mark = CELL.match(line)
                lang = (mark["tags"] or "").strip("\"' ") if mark else None
                if not mark or (lang not in LANGS if mark["kind"] else lang):
                    raise YansuanError(
                        path, number, "not a cell: write '# %%' or '# %% [markdown] tags=[\"zh\"]' or [\"en\"]"
                    )
                self.cells.append((lang or None, number + 1, []))
            elif self.cells:
                self.cells[-1][2].append(line)
            elif line.strip():
                raise YansuanError(
                    path, number, "text before the first cell: begin with '# %% [markdown] tags=[\"zh\"]'"
                )
        if not self.cells:
            raise YansuanError(path, 1, "an empty lab: begin with '# %% [markdown] tags=[\"zh\"]'")
        self.cells = [(lang, line, self._text(lang, line, text)) for lang, line, text in self.cells]
        for (lang, line, _), following in zip(self.cells, [*self.cells[1:], (None, 0, "")], strict=True):
            if lang == "zh" and following[0] != "en":
                raise YansuanError(path, line - 1, "a zh cell without its en twin right after it: write it")
        if sum(lang == "zh" for lang, _, _ in self.cells) != sum(lang == "en" for lang, _, _ in self.cells):
            raise YansuanError(path, 1, "an en cell without its zh twin right before it: write it")

    def _text(self, lang, first, lines):
        if lang:
            for number, line in enumerate(lines, first):
                if line.strip() and not re.match("#( |$)", line):
                    raise YansuanError(self.path, number, "prose in a lab begins with '# '")
            lines = [line[2:] for line in lines]
        return "\n".join(lines).rstrip("\n")

    @property
    def code(self):
        """[(line, text)] of the code cells."""
        return [(line, text) for lang, line, text in self.cells if lang is None and text.strip()]

    def prose(self, lang):
        """The Markdown of one language, on the lines that it has in the file."""
        lines = [""] * (read(self.path).count("\n") + 1)
        for language, first, text in self.cells:
            if language == lang:
                for i, line in enumerate(text.splitlines()):
                    lines[first - 1 + i] = line
        return "\n".join(lines)

    def page(self, lang):
        """The lab in one language as a page, to compare with its twin."""
        return Page(self.path, self.prose(lang).lstrip("\n"))

    @property
    def needs(self):
        """What the code uses of the project's own modules."""
        blank = [""] * max((line + text.count("\n") for line, text in self.code), default=0)
        for line, text in self.code:
            blank[line - 1 : line + text.count("\n")] = text.split("\n")
        module = Module(self.path, "\n".join(blank))
        module.defined = {}  # its own names are in the notebook
        needs = Needs(local)
        needs.follow(module, names_in(module.tree))
        if twice := needs.twice():
            raise YansuanError(self.path, 1, f"needs two different definitions of {twice}: rename one")
        return needs

    @property
    def key(self):
        """A hash of all that decides what a run gives."""
        parts = [text for _, text in self.code] + [BEFORE, AFTER, Path(__file__).read_text("utf-8")]
        parts += [m.source(m.defined[name], docstring=False) for m, name in self.needs.definitions()]
        parts += [f"{p} {version(p)}" for p in LIBRARIES]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]

    def alone(self):
        """The code cells for a reader without this project: what they import from it is defined in the first."""
        needs = self.needs
        definitions = [m.source(m.defined[name], docstring=False) for m, name in needs.definitions()]
        cells, imports = [], set(needs.imports)
        for _, text in self.code:
            tree, drop = ast.parse(text), set()
            for node in tree.body:
                if isinstance(node, ast.ImportFrom) and local(node.module or ""):
                    drop |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
            kept = [line for i, line in enumerate(text.splitlines(), 1) if i not in drop]
            cells.append("\n".join(kept).strip("\n"))
        first = "\n\n\n".join(["\n".join(sorted(imports)), *definitions])
        return [first, *cells] if definitions else cells


def version(package):
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "absent"


def all_of(folder):
    """{slug: Lab} of a folder; files that begin with _ are helpers that labs import."""
    return {p.stem: Lab(p) for p in sorted(Path(folder).glob("[!_]*.py"))}

"""Labs: notebooks as text, `docs/labs/<slug>.py`, executed once for both languages and shown through mkdocs-jupyter.

Percent format: code cells are shared; a Markdown cell is tagged with its language and its twin follows it:

    # %% [markdown] tags=["zh"]        # %% [markdown] tags=["en"]

A lab may set `numbers = {name: text}`, which pages show with `[=slug.name]`, and `verdicts = {claim: verdict}`, shown
with `/// verdict | slug.claim`; a verdict is computed by a rule stated in the code. What a run depends on (the code
cells, all that they import of this project, the libraries) is hashed: an unchanged lab is never run again.

`python -m yansuan.labs docs/labs .cache/labs` executes the stale ones, two at a time.
"""

import ast
import hashlib
import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from pathlib import Path

from yansuan.errors import YansuanError, shown
from yansuan.figure import slim
from yansuan.formula import Module, Needs, local, names_in
from yansuan.pages import LANGS, Page
from yansuan.text import hidden, read

VERDICTS = ("reproduced", "partly", "not reproduced")
LIBRARIES = ("numpy", "scikit-learn", "matplotlib")
TIMEOUT = 120  # seconds a cell may take
BEFORE = """\
%config InlineBackend.figure_formats = ["svg"]
%config InlineBackend.print_figure_kwargs = {{"bbox_inches": None, "metadata": {{"Date": None, "Creator": None}}}}
from yansuan.figure import style
style({slug!r})
"""
AFTER = """\
import json, time
told = {"numbers": globals().get("numbers", {}), "verdicts": globals().get("verdicts", {})}
print(json.dumps(told | {"seconds": round(time.process_time(), 1)}))
"""
CELL = re.compile(r"^# %%(?P<kind> \[markdown\])?(?: tags=\[(?P<tags>[^\]]*)\])?[ ]*$")


may_wait = False  # whether a past run may be shown for now
_not_run = {}  # {where the run would be: why there is none}, so as to try once


class NotRun(Exception):
    """The libraries that labs need are not installed."""


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


def load(folder, cache, slug):
    """A lab's run: {"outputs": …, "numbers": …, "verdicts": …, "seconds": …}, executed if stale. Raises NotRun."""
    labs = all_of(folder)
    if slug not in labs:
        raise ValueError(f"there is no lab {slug!r} in {folder}; there are {', '.join(labs)}")
    stored = Path(cache, f"{slug}-{labs[slug].key}.json")
    if not stored.is_file() and may_wait and (old := runs(cache, slug)):
        return json.loads(old[0].read_text("utf-8"))
    if not stored.is_file():
        if stored not in _not_run:
            try:
                execute_stale(labs, cache)
            except NotRun as error:
                _not_run.update({Path(cache, f"{s}-{lab.key}.json"): error for s, lab in labs.items()})
        if stored in _not_run:
            raise _not_run[stored]
    try:
        return json.loads(stored.read_text("utf-8"))
    except ValueError as error:
        raise YansuanError(stored, 1, f"damaged ({error}): delete it") from None


def runs(cache, slug):
    """The runs of one lab that are stored, present or past."""
    return [p for p in Path(cache).glob(f"{slug}-*.json") if re.fullmatch(rf"{re.escape(slug)}-[0-9a-f]{{16}}", p.stem)]


def execute_stale(labs, cache):
    """Execute every lab whose run is not stored, two at a time, each in a process of its own."""
    if missing := [p for p in LIBRARIES if version(p) == "absent"]:
        raise NotRun(f"{', '.join(missing)}: not installed")
    Path(cache).mkdir(parents=True, exist_ok=True)
    absent = []
    stale = [lab for lab in labs.values() if not Path(cache, f"{lab.slug}-{lab.key}.json").is_file()]

    def run(lab):
        if absent:
            return absent[0]
        command = [sys.executable, "-m", "yansuan.labs", str(lab.path), str(cache)]
        for _ in range(2):  # a kernel may die for reasons of its own: once more
            done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
            if done.returncode in (0, 3) or place(done):
                break
        absent.extend([done] * (done.returncode == 3))  # then nothing else will run either
        return done

    def place(done):
        """Where in the lab the fault is, if it is in the lab. A kernel may have warned first."""
        return re.fullmatch(r"(.+\.py):(\d+)", ["", "", *done.stderr.strip().splitlines()][-2])

    with ThreadPoolExecutor(2) as pool:
        for lab, done in zip(stale, pool.map(run, stale), strict=True):
            if done.returncode == 3:
                raise NotRun(done.stderr.strip().splitlines()[-1])
            if done.returncode:
                path, line = found.groups() if (found := place(done)) else (lab.path, 1)
                raise YansuanError(path, line, (done.stderr.strip() or "nothing was said").splitlines()[-1])


def execute(lab):
    """Run a lab's code cells in a fresh kernel."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    v4 = nbformat.v4
    code = [v4.new_code_cell(text) for _, text in lab.code]
    notebook = v4.new_notebook(
        cells=[v4.new_code_cell(BEFORE.format(slug=lab.slug)), *code, v4.new_code_cell(AFTER)],
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}},
    )
    client = NotebookClient(notebook, timeout=TIMEOUT, record_timing=False)
    try:
        client.execute()
    except CellExecutionError as error:
        if error.ename == "ModuleNotFoundError" and re.search(r"\b(numpy|sklearn|matplotlib)\b", error.evalue):
            raise NotRun(error.evalue) from None
        at = next(i for i, cell in enumerate(notebook.cells) if any(o.output_type == "error" for o in cell.outputs))
        line = lab.code[min(max(at - 1, 0), len(lab.code) - 1)][0]
        raised = re.findall(r"Cell In\[\d+\], line (\d+)", re.sub(r"\x1b\[[\d;]*m", "", error.traceback))
        where = line + int(raised[0]) - 1 if raised else line
        raise YansuanError(lab.path, where, f"{error.ename}: {error.evalue}") from None
    *shown_cells, last = notebook.cells[1:]
    told = json.loads(last.outputs[0].text)
    for name, value in told["numbers"].items():
        if not isinstance(value, str) or hidden(value):
            raise YansuanError(lab.path, 1, f'numbers[{name!r}] is not text: write f"{{value:.1f}}"')
    for claim, verdict in told["verdicts"].items():
        if verdict not in VERDICTS:
            raise YansuanError(lab.path, 1, f"verdicts[{claim!r}] is {verdict!r}, not one of {VERDICTS}")
    drawn = 0
    outputs = []
    for (line, _), cell in zip(lab.code, shown_cells, strict=True):
        mine = []
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stdout":
                text = output.text.rstrip("\n")
                if mine and mine[-1][0] == "text":  # a progress bar came between
                    text = f"{mine.pop()[1]}\n{text}"
                mine.append(("text", text))
            elif "image/svg+xml" in (data := output.get("data", {})):
                drawn += 1
                mine.append(("svg", slim(data["image/svg+xml"], f"{lab.slug}-{drawn}")))
            elif "text/plain" in data:
                mine.append(("text", data["text/plain"]))
        for kind, text in mine:
            if kind == "text" and (found := hidden(text)):
                raise YansuanError(lab.path, line, f"this cell prints {found[1].replace('delete', 'do not print')}")
        outputs.append(mine)
    return {"outputs": outputs, **told}


def notebook(lab, run, lang):
    """The lab in one language, with its outputs, as a notebook for mkdocs-jupyter (a dict)."""
    cells, outputs = [], iter(run["outputs"] if run else [])
    for language, _, text in lab.cells:
        if language == lang:
            cells.append({"cell_type": "markdown", "metadata": {}, "source": text})
        elif language is None and text.strip():
            out = [
                {"output_type": "stream", "name": "stdout", "text": content}
                if kind == "text"
                else {"output_type": "display_data", "metadata": {}, "data": {"image/svg+xml": content}}
                for kind, content in (next(outputs) if run else [])
            ]
            cells.append({"cell_type": "code", "metadata": {}, "source": text, "execution_count": None, "outputs": out})
    return whole(cells)


def download(lab, lang):
    """(notebook, script) that run elsewhere, with nothing but the libraries: texts."""
    cells, code = [], iter(lab.alone())
    prose = [(language, text) for language, _, text in lab.cells if language in (None, lang) and text.strip()]
    extra = len(lab.alone()) - len(lab.code)
    for at, (language, text) in enumerate(prose):
        if at == 1 and extra:
            cells.append(("code", next(code)))
        cells.append(("markdown", plain(text)) if language else ("code", next(code)))
    as_json = [
        {"cell_type": kind, "metadata": {}, "source": text}
        | ({"execution_count": None, "outputs": []} if kind == "code" else {})
        for kind, text in cells
        if text.strip()
    ]
    script = "\n\n".join(
        "# %% [markdown]\n" + "\n".join(f"# {line}".rstrip() for line in text.splitlines())
        if kind == "markdown"
        else f"# %%\n{text}"
        for kind, text in cells
        if text.strip()
    )
    return json.dumps(whole(as_json), ensure_ascii=False, indent=1) + "\n", script + "\n"


def plain(text):
    """Prose without what only this site understands: ids of headings, blocks, links between pages, run values."""
    text = re.sub(r"[ ]*\{#[^}]*\}", "", text)
    text = re.sub(r"^/// .*?^///$\n?", "", text, flags=re.M | re.S)
    text = re.sub(r"\[([^\]]+)\]\((?!https?:)[^)]*\)", r"\1", text)
    return re.sub(r"\[=[\w-]+\.([\w-]+)\]", r"`\1`", text)


def whole(cells):
    cells = [cell | {"id": f"cell-{i}"} for i, cell in enumerate(cells)]
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def main(path, cache):
    """Execute one lab and store its run. Exit 3 if the libraries are missing, 1 with a place if it fails."""
    lab = Lab(path)
    try:
        run = execute(lab)
    except NotRun as error:
        print(error, file=sys.stderr)
        return 3
    except YansuanError as error:
        print(f"{shown(error.path)}:{error.line}\n{error.fault}", file=sys.stderr)
        return 1
    Path(cache).mkdir(parents=True, exist_ok=True)
    for old in runs(cache, lab.slug):
        old.unlink()
    Path(cache, f"{lab.slug}-{lab.key}.json").write_text(json.dumps(run, ensure_ascii=False), "utf-8")
    print(f"ran {lab.slug}: {run['seconds']} s of processor time")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

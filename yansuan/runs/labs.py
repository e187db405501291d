"""Labs: notebooks as text, `docs/labs/<slug>.py`, executed once for both languages and shown through mkdocs-jupyter.

Percent format: code cells are shared; a Markdown cell is tagged with its language and its twin follows it:

    # %% [markdown] tags=["zh"]        # %% [markdown] tags=["en"]

A lab may set `numbers = {name: text}`, which pages show with `[=slug.name]`, and `verdicts = {claim: verdict}`, shown
with `/// verdict | slug.claim`; a verdict is computed by a rule stated in the code. What a run depends on (the code
cells, all that they import of this project, the libraries) is hashed: an unchanged lab is never run again.

`python -m yansuan.runs.labs docs/labs .cache/labs` executes the stale ones, two at a time.
"""

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from yansuan.base.errors import YansuanError, shown
from yansuan.base.textfile import hidden
from yansuan.runs.lab import AFTER, BEFORE, LIBRARIES, VERDICTS, Lab, all_of, version
from yansuan.runs.svg import slim

TIMEOUT = 120  # seconds a cell may take


may_wait = False  # whether a past run may be shown for now
_not_run = {}  # {where the run would be: why there is none}, so as to try once


class NotRun(Exception):
    """The libraries that labs need are not installed."""


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
        command = [sys.executable, "-m", "yansuan.runs.labs", str(lab.path), str(cache)]
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

"""The program that executes: `python -m yansuan.runs.execute RESULTS LAB`; yansuan/runs/labs.py calls it."""

import json
import re
import sys
from pathlib import Path
from typing import Any

from yansuan.base.errors import YansuanError
from yansuan.base.store import Value
from yansuan.base.textfile import hidden
from yansuan.runs.child import NotRun, answer
from yansuan.runs.lab import VERDICTS, Code, Lab
from yansuan.runs.notebook import KERNEL, Notebook, Output
from yansuan.runs.svg import slim

SECONDS = 120  # that a cell may take
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


def executed(path: Path) -> Value:
    """The run of a lab, or of a notebook where it stands: {"outputs", "numbers", "verdicts", "seconds"}."""
    if path.suffix == ".ipynb":
        return execute(Notebook(path), path.parent)
    return execute(Lab(path), Path())


def execute(cells: Code, folder: Path) -> Value:
    """Run the code in a fresh kernel. Raises YansuanError at the line that failed, NotRun without a library."""
    _, *ran, last = run(cells, folder)
    told: Value = json.loads(last.outputs[0].text)
    check(cells.path, told)
    outputs: list[list[Output]] = []
    for (line, _), cell in zip(cells.code, ran, strict=True):
        drawn = sum(kind == "svg" for mine in outputs for kind, _ in mine)
        outputs.append(mine := shown(cell.outputs, cells.path.stem, drawn))
        for kind, text in mine:
            if kind == "text" and (found := hidden(text)):
                why = f"this cell prints {found[1].replace('delete', 'do not print')}"
                raise YansuanError(cells.path, line, why)
    return {"outputs": outputs, **told}


def run(cells: Code, folder: Path) -> list[Any]:
    """The executed cells of a notebook: ours before, the code, ours after."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError
    from nbformat import v4

    texts = [BEFORE.format(slug=cells.path.stem), *(text for _, text in cells.code), AFTER]
    notebook = v4.new_notebook(cells=[v4.new_code_cell(text) for text in texts], metadata=KERNEL)
    where = {"metadata": {"path": str(folder)}}
    try:
        NotebookClient(notebook, timeout=SECONDS, record_timing=False, resources=where).execute()
    except CellExecutionError as error:
        if error.ename == "ModuleNotFoundError" and re.search(r"\b(numpy|sklearn|matplotlib)\b", error.evalue):
            raise NotRun(error.evalue) from None
        at = next(i for i, cell in enumerate(notebook.cells) if any(o.output_type == "error" for o in cell.outputs))
        line = cells.code[min(max(at - 1, 0), len(cells.code) - 1)][0]
        raised = re.findall(r"Cell In\[\d+\], line (\d+)", re.sub(r"\x1b\[[\d;]*m", "", error.traceback))
        if raised and cells.path.suffix != ".ipynb":  # of whose file a person knows no lines
            line += int(raised[0]) - 1
        raise YansuanError(cells.path, line, f"{error.ename}: {error.evalue}") from None
    return list(notebook.cells)


def check(path: Path, told: Value) -> None:
    """Raise YansuanError unless all numbers are text and all verdicts are verdicts."""
    for name, value in told["numbers"].items():
        if not isinstance(value, str) or hidden(value):
            raise YansuanError(path, 1, f'numbers[{name!r}] is not text: write f"{{value:.1f}}"')
    for claim, verdict in told["verdicts"].items():
        if verdict not in VERDICTS:
            raise YansuanError(path, 1, f"verdicts[{claim!r}] is {verdict!r}, not one of {VERDICTS}")


def shown(outputs: list[Any], slug: str, drawn: int) -> list[Output]:
    """What a reader sees of a cell's outputs: text and drawings."""
    mine: list[Output] = []
    for output in outputs:
        data = output.get("data", {})
        if output.output_type == "stream" and output.name == "stdout":
            text = output.text.rstrip("\n")
            if mine and mine[-1][0] == "text":  # a progress bar came between
                text = f"{mine.pop()[1]}\n{text}"
            mine.append(("text", text))
        elif "image/svg+xml" in data:
            drawn += 1
            mine.append(("svg", slim(data["image/svg+xml"], f"{slug}-{drawn}")))
        elif "text/plain" in data:
            mine.append(("text", data["text/plain"]))
    return mine


if __name__ == "__main__":
    sys.exit(answer(executed))

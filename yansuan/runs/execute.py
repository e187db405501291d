"""The program that executes: `python -m yansuan.runs.execute RESULTS LAB`; yansuan/runs/labs.py calls it.

A lab is executed as its reader gets it: the cells of the notebook to download, in an empty folder, with the project
nowhere on the path. A notebook that somebody put among the pages is executed where it stands.
"""

import json
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yansuan.base.errors import YansuanError
from yansuan.base.store import Value
from yansuan.base.textfile import hidden
from yansuan.runs.child import NotRun, answer
from yansuan.runs.lab import VERDICTS, Code, Lab
from yansuan.runs.notebook import KERNEL, Notebook, Output
from yansuan.runs.svg import slim

if TYPE_CHECKING:
    from nbclient.exceptions import CellExecutionError

SECONDS = 120  # that a cell may take
BEFORE = """\
%config InlineBackend.figure_formats = ["svg"]
%config InlineBackend.print_figure_kwargs = {{"bbox_inches": None, "metadata": {{"Date": None, "Creator": None}}}}
def begin():
    import sys
    sys.path.insert(0, {engine!r})
    from yansuan.runs.svg import style
    sys.path.remove({engine!r})
    style({slug!r})
begin()
del begin
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
    with tempfile.TemporaryDirectory() as empty:
        return execute(Lab(path), Path(empty))


def execute(cells: Code, folder: Path) -> Value:
    """Run the code in a fresh kernel. Raises YansuanError at the line that failed, NotRun without a library."""
    _, *ran, last = run(cells, folder)
    told: Value = json.loads(last.outputs[0].text)
    check(cells.path, told)
    outputs: list[list[Output]] = []
    before = len(ran) - len(cells.code)  # a cell of definitions, which a page does not show
    if any(shown(cell.outputs, "", 0) for cell in ran[:before]):
        raise YansuanError(cells.path, 1, "a module that it imports from prints something: let it only define")
    for (line, _), cell in zip(cells.code, ran[before:], strict=True):
        drawn = sum(kind == "svg" for mine in outputs for kind, _ in mine)
        outputs.append(mine := shown(cell.outputs, cells.path.stem, drawn))
        for kind, text in mine:
            if kind == "text" and (found := hidden(text)):
                why = f"this cell prints {found[1].replace('delete', 'do not print')}"
                raise YansuanError(cells.path, line, why)
        if isinstance(cells, Lab) and any(map(shows_value, cell.outputs)):
            raise YansuanError(cells.path, line, "this cell shows a value, which its script would not: print it")
    return {"outputs": outputs, **told}


def run(cells: Code, folder: Path) -> list[Any]:
    """The executed cells of a notebook: ours before, the steps, ours after."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError
    from nbformat import v4

    steps = cells.steps()
    before = BEFORE.format(slug=cells.path.stem, engine=str(Path(__file__).parents[2]))
    texts = [before, *(step.text for step in steps), AFTER]
    notebook = v4.new_notebook(cells=[v4.new_code_cell(text) for text in texts], metadata=KERNEL)
    where = {"metadata": {"path": str(folder)}}
    try:
        NotebookClient(notebook, timeout=SECONDS, record_timing=False, resources=where).execute(env=environment(cells))
    except CellExecutionError as error:
        if error.ename == "ModuleNotFoundError" and re.search(r"\b(numpy|sklearn|matplotlib)\b", error.evalue):
            raise NotRun(error.evalue) from None
        at = next(i for i, cell in enumerate(notebook.cells) if any(o.output_type == "error" for o in cell.outputs))
        lines = steps[min(max(at - 1, 0), len(steps) - 1)].lines
        raised = re.findall(r"Cell In\[\d+\], line (\d+)", re.sub(r"\x1b\[[\d;]*m", "", error.traceback))
        known = raised and cells.path.suffix != ".ipynb"  # of whose file a person knows no lines
        line = lines[min(int(raised[0]), len(lines)) - 1] if known else lines[0]
        raise YansuanError(cells.path, line, f"{error.ename}: {error.evalue}{cure(error)}") from None
    return list(notebook.cells)


def environment(cells: Code) -> dict[str, str]:
    """The environment of the kernel: for a lab, without the project on Python's path."""
    path = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if isinstance(cells, Lab):
        path = [place for place in path if place and Path(place).resolve() != Path.cwd()]
    return os.environ | {"PYTHONPATH": os.pathsep.join(path)}


def cure(error: "CellExecutionError") -> str:
    """What to write, where a lab asks for a module that its reader has not."""
    asked = re.fullmatch(r"No module named '([\w.]+)'", error.evalue)
    if not asked or not Path(asked[1].partition(".")[0]).is_dir():
        return ""
    return ", where a reader has none of this project: write 'from module import name', not indented"


def check(path: Path, told: Value) -> None:
    """Raise YansuanError unless all numbers are text and all verdicts are verdicts."""
    for name, value in told["numbers"].items():
        if not isinstance(value, str) or hidden(value):
            raise YansuanError(path, 1, f'numbers[{name!r}] is not text: write f"{{value:.1f}}"')
    for claim, verdict in told["verdicts"].items():
        if verdict not in VERDICTS:
            raise YansuanError(path, 1, f"verdicts[{claim!r}] is {verdict!r}, not one of {VERDICTS}")


def shows_value(output: Any) -> bool:
    """Whether an output is that of an expression at the end of a cell, and no drawing."""
    data = output.get("data", {})
    return "text/plain" in data and "image/svg+xml" not in data


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
        elif shows_value(output):
            mine.append(("text", data["text/plain"]))
    return mine


if __name__ == "__main__":
    sys.exit(answer(executed))

"""What the program yansuan/runs/work.py does about a lab or a notebook, in a process of its own.

A lab is executed as its reader gets it: the cells of the notebook to download, in an empty folder, with the project
nowhere on the path. A notebook that somebody put among the pages is executed where it stands.
"""

import io
import itertools
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yansuan.base.errors import YansuanError
from yansuan.base.store import Value
from yansuan.base.textfile import hidden
from yansuan.runs import shell, verdict
from yansuan.runs.child import NotRun
from yansuan.runs.lab import LIBRARIES, Code, Lab
from yansuan.runs.notebook import Notebook, Output
from yansuan.runs.svg import slim, style
from yansuan.runs.words import LANGUAGES, OPEN, Drawing, drawn_in, in_language, words

if TYPE_CHECKING:
    from nbformat import NotebookNode

BEFORE = """\
%config InlineBackend.figure_formats = ["svg"]
%config InlineBackend.print_figure_kwargs = {"bbox_inches": None, "metadata": {"Date": None, "Creator": None}}
"""
AFTER = """\
import json, time
told = {"numbers": globals().get("numbers", {}), "verdicts": globals().get("verdicts", {})}
told |= {"seconds": round(time.process_time(), 1)}
print(json.dumps(told, default=lambda value: value.tolist() if hasattr(value, "tolist") else repr(value)))
"""


def executed(path: Path) -> Value:
    """The run of a lab, or of a notebook where it stands: {"outputs", "numbers", "verdicts", "seconds"}."""
    if path.suffix == ".ipynb":
        return execute(Notebook(path), path.parent)
    lab = Lab(path)
    leave(Path.cwd())
    with tempfile.TemporaryDirectory() as empty:
        return execute(lab, Path(empty))


def execute(cells: Code, folder: Path) -> Value:
    """Run the code. Raises YansuanError at the line that failed, NotRun without a library."""
    *ran, last = run(cells, folder)
    told: Value = json.loads(last[0].text)
    check(cells, told)
    outputs: list[list[Output]] = []
    before = len(ran) - len(cells.code)  # a cell of definitions, which a page does not show
    if any(map(shown, ran[:before])):
        raise YansuanError(cells.path, 1, "a module that it imports from prints something: let it only define")
    for (line, _), given in zip(cells.code, ran[before:], strict=True):
        outputs.append(mine := shown(given))
        for kind, text in mine:
            if kind == "text" and (found := hidden(str(text))):
                why = f"this cell prints {found[1].replace('delete', 'do not print')}"
                raise YansuanError(cells.path, line, why)
        if isinstance(cells, Lab) and any(map(shows_value, given)):
            raise YansuanError(cells.path, line, "this cell shows a value, which its script would not: print it")
    return {"outputs": outputs, **told}


def run(cells: Code, folder: Path) -> "list[list[NotebookNode]]":
    """The outputs of the steps, and of one cell of ours after them."""
    steps, root = cells.steps(), Path.cwd()
    ran = shell.execute([BEFORE, *(step.text for step in steps), AFTER], folder)
    try:
        next(ran)
        style(cells.path.stem)
        draw_for_pages(cells.path.stem)
        done = []
        for outputs in ran:
            done.append(outputs)
            in_both_languages(cells, len(done) == 1)
        return done
    except shell.CellFailed as failed:
        if isinstance(failed.error, ModuleNotFoundError) and failed.error.name in LIBRARIES:
            raise NotRun(str(failed.error)) from None
        lines = steps[min(max(failed.number - 1, 0), len(steps) - 1)].lines
        known = failed.line and cells.path.suffix != ".ipynb"  # of whose file a person knows no lines
        line = lines[min(failed.line, len(lines)) - 1] if known else lines[0]
        raise YansuanError(root / cells.path, line, f"{failed}{cure(failed.error, root)}") from None


def draw_for_pages(name: str) -> None:
    """From here on a figure is displayed as the site shows it, as JSON: one drawing, or one for each language."""
    from matplotlib.figure import Figure

    numbers = itertools.count(1)

    def drawn(figure: Figure) -> str:
        number, made = next(numbers), dict[str, str]()
        for lang in LANGUAGES:
            svg = io.StringIO()
            with drawn_in(lang) as met:
                figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
            made[lang] = slim(svg.getvalue(), f"{name}-{number}")
            if not met:
                break
        return json.dumps(made if met else made[lang])

    formatter: Any = shell.Shell.instance().display_formatter
    formatter.formatters["image/svg+xml"].for_type(Figure, drawn)


def in_both_languages(cells: Code, defined: bool) -> None:
    """`words(en=…, zh=…)`, which takes the English ones in a reader's notebook, takes both here."""
    names = shell.Shell.instance().user_ns
    if defined and isinstance(cells, Lab) and "words" in names:
        names["words"] = words


def leave(root: Path) -> None:
    """Leave the project: from here on this process can import none of its modules."""
    sys.path[:] = [place for place in sys.path if Path(place).resolve() != root]
    for name in [name for name in sys.modules if Path(root, name.partition(".")[0]).is_dir()]:
        del sys.modules[name]


def cure(error: BaseException, root: Path) -> str:
    """What to write, where a lab asks for a module that its reader has not."""
    asked = error.name if isinstance(error, ModuleNotFoundError) else None
    if not asked or not Path(root, asked.partition(".")[0]).is_dir():
        return ""
    return ", where a reader has none of this project: write 'from module import name', not indented"


def check(cells: Code, told: Value) -> None:
    """Raise YansuanError unless all numbers are text, and all verdicts have a claim and a count that is computed."""
    for name, value in told["numbers"].items():
        if not isinstance(value, str) or hidden(value):
            why = f'numbers[{name!r}] is not text: write f"{{value:.1f}}"'
            raise YansuanError(cells.path, line_of(cells, name), why)
    for claim, found in told["verdicts"].items():
        if why := verdict.fault(found, told["numbers"]) or "":
            raise YansuanError(cells.path, line_of(cells, claim), f"verdicts[{claim!r}]{why}")
    if told["verdicts"] and (line := verdict.typed(cells.code)):
        raise YansuanError(cells.path, line, '"cases" are written down: compute them from what the lab measured')


def line_of(cells: Code, name: str) -> int:
    """The last line of the code that has a name in quotes; 1 if none has."""
    found = [
        line + row
        for line, text in cells.code
        for row, words in enumerate(text.split("\n"))
        if f'"{name}"' in words or f"'{name}'" in words
    ]
    return found[-1] if found else 1


def shows_value(output: Any) -> bool:
    """Whether an output is that of an expression at the end of a cell, and no drawing."""
    data = output.get("data", {})
    return "text/plain" in data and "image/svg+xml" not in data


def shown(outputs: list[Any]) -> list[Output]:
    """What a reader sees of a cell's outputs: text and drawings."""
    mine: list[Output] = []
    text = ""
    for output in outputs:
        data = output.get("data", {})
        if output.output_type == "stream" and output.name == "stdout":
            new = output.text.rstrip("\n")
            if mine and mine[-1][0] == "text":  # a progress bar came between
                mine.pop()
                new = f"{text}\n{new}"
            mine.append(("text", for_pages(text := new)))
        elif "image/svg+xml" in data:
            mine.append(("svg", json.loads(data["image/svg+xml"])))
        elif shows_value(output):
            mine.append(("text", for_pages(text := data["text/plain"])))
    return mine


def for_pages(text: str) -> Drawing:
    """What is printed, for each language if it has words in both."""
    return {lang: in_language(text, lang) for lang in LANGUAGES} if OPEN in text else text

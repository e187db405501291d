"""Figures: `docs/figures/<name>.py` draws with matplotlib and the snippets, and may set `numbers = {name: text}`.

A figure that a reader can set has `symbol = "p"` (TeX), `choices = ["0.5", "0.9"]` and `draw(choice)`, which draws one
frame and returns its numbers; `chosen = "0.9"` is the frame shown at first. All frames are drawn at build.
"""

from importlib.util import find_spec
from pathlib import Path

from yansuan.base.settings import settings
from yansuan.base.store import Inputs, Store, Value, code, source
from yansuan.base.textfile import is_file
from yansuan.formula.module import Module, names_in
from yansuan.formula.needs import Needs
from yansuan.runs.child import NotRun, Task, every_result
from yansuan.runs.draw import LIBRARIES
from yansuan.runs.inputs import of_project, used

SECONDS = 120  # that a figure may take
HERE, ENGINE = Path(__file__).parent, ("work", "draw", "svg", "words")  # what draws it


def store() -> Store:
    return Store(Path(settings().cache, "figures"))


def script(name: str) -> Path:
    """The script of a figure. Raises ValueError if there is none."""
    folder = Path(settings().figures)
    path = folder / f"{name}.py"
    if not is_file(path):
        known = ", ".join(p.stem for p in every())
        raise ValueError(f"there is no figure {name!r} in {folder.as_posix()}; there are {known}")
    return path


def stored(name: str) -> Value | None:
    """The figure as its script draws it today, if it has been drawn: {"svg": …, "numbers": {…}}, or with "frames"."""
    return store().get(name, inputs(script(name)))


def load(name: str) -> Value:
    """The figure, drawn if it has to be, together with all others that have to be. Raises ValueError, YansuanError,
    NotRun."""
    if (known := stored(name)) is not None:
        return known
    libraries()
    first = script(name)
    made = every_result([task(first), *(task(path) for path in every() if path != first and stored(path.stem) is None)])
    return made["figure", name]


def libraries() -> None:
    """Raise NotRun unless what draws is installed."""
    if missing := [package for package in LIBRARIES if not find_spec(package)]:
        raise NotRun(f"{', '.join(missing)}: not installed")


def every() -> list[Path]:
    """The scripts of the project; files that begin with _ are helpers that they import."""
    return sorted(Path(settings().figures).glob("[!_]*.py"))


def task(path: Path) -> Task:
    return Task("figure", path.stem, path, store(), lambda: inputs(path), SECONDS, size=0.5)


def inputs(path: Path) -> Inputs:
    """All that decides how a figure looks: its script, what it uses, libraries, and what draws it."""
    module, needs = Module(path), Needs(of_project)
    needs.follow(module, names_in(module.tree))
    engine = source(*(HERE / f"{name}.py" for name in ENGINE))
    return {"script": code(module.text), "engine": engine, **used(module, needs, LIBRARIES)}

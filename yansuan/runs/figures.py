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
from yansuan.formula.needs import Needs, local
from yansuan.runs.child import NotRun, ask
from yansuan.runs.draw import LIBRARIES
from yansuan.runs.inputs import used

SECONDS = 300  # that all figures may take
HERE = Path(__file__).parent


def store() -> Store:
    return Store(Path(settings().cache, "figures"))


def script(name: str) -> Path:
    """The script of a figure. Raises ValueError if there is none."""
    folder = Path(settings().figures)
    path = folder / f"{name}.py"
    if not is_file(path):
        known = ", ".join(sorted(p.stem for p in folder.glob("[!_]*.py")))
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
    if missing := [package for package in LIBRARIES if not find_spec(package)]:
        raise NotRun(f"{', '.join(missing)}: not installed")
    first, made = script(name), {}
    others = (p for p in sorted(first.parent.glob("[!_]*.py")) if p != first and stored(p.stem) is None)
    stale = {path: inputs(path) for path in (first, *others)}
    for path, drawing in ask("yansuan.runs.draw", list(stale), SECONDS):
        made[path] = drawing
        if inputs(path) == stale[path]:  # not edited meanwhile
            store().put(path.stem, stale[path], drawing)
    return made[first]


def inputs(path: Path) -> Inputs:
    """All that decides how a figure looks: its script, what it uses, libraries, and what draws it."""
    module, needs = Module(path), Needs(local)
    needs.follow(module, names_in(module.tree))
    engine = source(HERE / "draw.py", HERE / "svg.py")
    return {"script": code(module.text), "engine": engine, **used(module, needs, LIBRARIES)}

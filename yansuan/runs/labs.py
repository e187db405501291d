"""Labs: notebooks as text, `docs/labs/<slug>.py`, executed once for both languages and shown through mkdocs-jupyter.

Percent format: code cells are shared; a Markdown cell is tagged with its language and its twin follows it:

    # %% [markdown] tags=["zh"]        # %% [markdown] tags=["en"]

A lab may set `numbers = {name: text}`, which pages show with `[=slug.name]`, and `verdicts` (yansuan/runs/verdict.py),
shown with `/// verdict | slug.claim`. A lab is run again when what decides its run has changed: the code cells, all
that they use of this project, libraries.
"""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from yansuan.base.settings import settings
from yansuan.base.store import Store, Value
from yansuan.runs.child import NotRun, Task, every_result
from yansuan.runs.lab import LIBRARIES, Lab, every
from yansuan.runs.lab import lab as read
from yansuan.runs.notebook import Notebook

NEEDED = (*LIBRARIES, "IPython", "matplotlib_inline")
SECONDS = 300  # that a lab may take


def store() -> Store:
    return Store(Path(settings().cache, "labs"))


def lab(slug: str) -> Lab:
    """One lab. Raises ValueError if there is none."""
    labs = every()
    if slug not in labs:
        raise ValueError(f"there is no lab {slug!r} in {settings().labs}; there are {', '.join(labs)}")
    return labs[slug]


def stored(slug: str) -> Value | None:
    """A lab's run, if it has been run as it is today: {"outputs": …, "numbers": …, "verdicts": …, "seconds": …}."""
    return store().get(slug, lab(slug).inputs)


def load(slug: str) -> Value:
    """A lab's run; if it has to be run, together with all others that have to be. Raises ValueError, YansuanError,
    NotRun."""
    if (known := stored(slug)) is not None:
        return known
    libraries()
    return every_result([task(lab(name)) for name in every() if stored(name) is None])["lab", slug]


def of_notebook(notebook: Notebook) -> Value:
    """The run of a notebook that somebody put among the pages."""
    one = task(notebook)
    if (known := one.kept()) is not None:
        return known
    libraries()
    return every_result([one])["lab", one.name]


def libraries() -> None:
    """Raise NotRun unless what runs a lab is installed."""
    if missing := [package for package in NEEDED if not find_spec(package)]:
        raise NotRun(f"{', '.join(missing)}: not installed")


def every_task() -> Iterator[Task]:
    return map(task, every().values())


def task(cells: Lab | Notebook) -> Task:
    """A lab, or a notebook, to be executed: as long as the last time, or as its code."""
    kept = store() if isinstance(cells, Lab) else Store(Path(settings().cache, "notebooks"))
    name = cells.slug if isinstance(cells, Lab) else cells.name
    last = kept.last(name) or {"seconds": sum(len(text) for _, text in cells.code) / 100}
    today = (lambda: read(cells.path)) if isinstance(cells, Lab) else (lambda: Notebook(cells.path))
    return Task("lab", name, cells.path, kept, lambda: today().inputs, SECONDS, 1 + last["seconds"])

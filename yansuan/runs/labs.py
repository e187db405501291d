"""Labs: notebooks as text, `docs/labs/<slug>.py`, executed once for both languages and shown through mkdocs-jupyter.

Percent format: code cells are shared; a Markdown cell is tagged with its language and its twin follows it:

    # %% [markdown] tags=["zh"]        # %% [markdown] tags=["en"]

A lab may set `numbers = {name: text}`, which pages show with `[=slug.name]`, and `verdicts = {claim: verdict}`, shown
with `/// verdict | slug.claim`; a verdict is computed by a rule stated in the code. A lab is run again when what
decides its run has changed: the code cells, all that they use of this project, libraries.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

from yansuan.base.settings import settings
from yansuan.base.store import Store, Value
from yansuan.runs.child import Died, NotRun, ask
from yansuan.runs.lab import LIBRARIES, Lab, every
from yansuan.runs.notebook import Notebook

NEEDED = (*LIBRARIES, "nbclient", "ipykernel")


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
    return run(name for name in every() if stored(name) is None)[slug]


def run(slugs: Iterable[str]) -> dict[str, Value]:
    """Execute these labs, two at a time, each in a process of its own; {slug: its run}."""
    wanted = list(slugs)
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(wanted, pool.map(lambda slug: executed(lab(slug), store(), slug), wanted), strict=True))


def of_notebook(notebook: Notebook) -> Value:
    """The run of a notebook that somebody put among the pages."""
    kept = Store(Path(settings().cache, "notebooks"))
    if (known := kept.get(notebook.name, notebook.inputs)) is not None:
        return known
    return executed(notebook, kept, notebook.name)


def executed(cells: Lab | Notebook, kept: Store, name: str) -> Value:
    """Execute, and keep the run under a name."""
    if missing := [package for package in NEEDED if not find_spec(package)]:
        raise NotRun(f"{', '.join(missing)}: not installed")
    before = cells.inputs
    try:
        ((_, made),) = ask("yansuan.runs.execute", [cells.path])
    except Died:  # a kernel may die for reasons of its own: once more
        ((_, made),) = ask("yansuan.runs.execute", [cells.path])
    if type(cells)(cells.path).inputs == before:  # not edited meanwhile
        kept.put(name, before, made)
    return made

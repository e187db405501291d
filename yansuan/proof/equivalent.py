"""What nothing can notice, because it computes the same: `equivalent_mutants.py` beside a project's witnesses lists it.

EQUIVALENT = {function: {change of its code: why}}
EQUIVALENT_LATEX = {formula: {a part of the changed LaTeX, a blank between its tokens: why}}
"""

import runpy
from pathlib import Path

from yansuan.base.settings import settings

Listed = dict[str, str]


def listed_in() -> Path:
    """The file that lists them. It may be missing."""
    return Path(settings().tests, "equivalent_mutants.py")


def equivalent(label: str) -> Listed:
    """The changes of a function's code that are listed, each with the reason."""
    return _read("EQUIVALENT").get(label, {})


def equivalent_latex(name: str) -> Listed:
    """The changes of a formula's LaTeX that are listed."""
    return _read("EQUIVALENT_LATEX").get(name, {})


def all_listed() -> tuple[dict[str, Listed], dict[str, Listed]]:
    """What is listed of the code, and of the LaTeX, by function."""
    return _read("EQUIVALENT"), _read("EQUIVALENT_LATEX")


def _read(variable: str) -> dict[str, Listed]:
    path = listed_in()
    found: dict[str, Listed] = runpy.run_path(str(path)).get(variable, {}) if path.is_file() else {}
    return found


def entry(label: str, change: str) -> str:
    """What an author adds to list a change of the code."""
    return f'add "{label}": {{{change!r}: "why"}} to EQUIVALENT in {listed_in().as_posix()}'


def entry_latex(name: str) -> str:
    """What an author adds to list a change of the LaTeX."""
    return f'add "{name}": {{"a part of it": "why"}} to EQUIVALENT_LATEX in {listed_in().as_posix()}'

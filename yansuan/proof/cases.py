"""What the rules loop over: the cases of `pytest.mark.yansuan("formula")` and of its kind."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

import pytest

from yansuan.base.settings import settings
from yansuan.base.textfile import read
from yansuan.formula.formula import Formula, load_all
from yansuan.notes.page import pages
from yansuan.notes.scan import scan

MARK = "yansuan"


class Cases:
    """The formulas, pages and sessions of a project, as they are when tests are collected."""

    def __init__(self, concerned: Callable[[str], bool]) -> None:
        self.concerned = concerned  # whether a formula is to be looped over, by its name

    @cached_property
    def formulas(self) -> Mapping[str, Formula]:
        return {name: f for name, f in load_all(settings().snippets).items() if self.concerned(name)}

    def of(self, over: str) -> tuple[str, list[Any]]:
        """(names of arguments, the values of each case) of what a test says that it loops over."""
        typeset = [name for name, f in self.formulas.items() if not f.steps]
        known: dict[str, tuple[str, Callable[[], list[Any]]]] = {
            "formula": ("formula", lambda: [pytest.param(f, id=name) for name, f in self.formulas.items()]),
            "name": ("name", lambda: list(self.formulas)),
            "typeset": ("name", lambda: typeset),
            "executed": ("name", lambda: [name for name in typeset if "Read" not in self.formulas[name].fields]),
            "path": ("path", lambda: [pytest.param(path, id=str(path)) for path in pages()]),
            "docs": ("docs", lambda: [pytest.param(path, id=str(path)) for path in settings().page_folders]),
            "session": ("path, line, text", lambda: list(sessions())),
        }
        if over not in known:
            raise ValueError(f"pytest.mark.{MARK} loops over {', '.join(known)}, not {over!r}")
        names, values = known[over]
        return names, values()


def sessions() -> Iterator[Any]:
    """(page, line, text) of every `>>>` session; those that both languages share, once."""
    seen = set()
    for path in pages():
        for fence in scan(read(path)).fences:
            if fence.speaks("pycon") and fence.body not in seen:
                seen.add(fence.body)
                yield pytest.param(path, fence.line, fence.body, id=f"{path}:{fence.line}")

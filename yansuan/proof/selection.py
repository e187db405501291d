"""Which of the collected tests concern what has changed."""

from pathlib import Path
from typing import Any

import pytest

from yansuan.proof.changed import KINDS, Changes, Prints, checked, twins

RULES = "yansuan.proof.rules"


def split(items: list[pytest.Item], new: Changes, now: Prints) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """(tests that concern what has changed, the others)."""
    keep, others = [], []
    pages = new.pages | {twin for page in new.pages for twin in twins(page)}
    for item in items:
        mine = concerns(item, new, now, pages) and not item.get_closest_marker("own_process")
        (keep if mine else others).append(item)
    return keep, others


def concerns(item: pytest.Item, new: Changes, now: Prints, pages: set[str] | frozenset[str]) -> bool:
    """Whether a test has something to say of a changed function or page."""
    given = params(item)
    name = getattr(given.get("formula"), "id", None) or given.get("name")
    if name in now["functions"]:
        return name in new.sources or (is_rule(item) and name in new.callers)
    path = given.get("path")
    its = any(f"{item.path.stem}.{item.name}".startswith(f"test_{n.replace('.', '.test_')}") for n in new.callers)
    witnessed = getattr(getattr(item, "function", None), "witness_of", None)
    family = item.path.stem in {f"test_{source.partition('.')[0]}" for source in new.sources}
    family = family and (witnessed is None or new.concern(witnessed))  # others of the family are as they were
    page = isinstance(path, Path) and path.as_posix() in pages
    every = is_rule(item) and not given
    pages_together = new.pages and item.get_closest_marker("pages") and not isinstance(path, Path)
    return bool(its or family or page or every or pages_together)


def tested(items: list[pytest.Item], keep: list[pytest.Item], now: Prints) -> Prints:
    """What is green if those that are kept are: of the families that they are of; of pages, if the rules are here."""
    before = checked()
    modules = {item.path.stem for item in keep}
    rules = any(is_rule(item) for item in items)
    for kind in KINDS:
        for name, value in now[kind].items():
            if rules if kind == "pages" else f"test_{name.partition('.')[0]}" in modules:
                before[kind][name] = value
    return before


def is_rule(item: pytest.Item) -> bool:
    """Whether a test is one of yansuan/proof/rules.py."""
    return getattr(getattr(item, "function", None), "__module__", None) == RULES


def params(item: pytest.Item) -> dict[str, Any]:
    """The parameters of a test's case."""
    return dict(item.callspec.params) if hasattr(item, "callspec") else {}

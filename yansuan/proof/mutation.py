"""Mutation: every change of every snippet must be noticed by some test, or be listed as equivalent, with a reason.

A mutant is a code object swapped into the living function: no import, no process, one torch. It is shown to one test
after another, the cheapest first, until one fails. A test may judge once it has passed twice without any mutant, and
those that noticed something must pass again when all is undone.
"""

import ast
import contextlib
import importlib
import inspect
import time
import types
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest

from yansuan.base.settings import settings
from yansuan.proof.deadline import OutOfTime, deadline
from yansuan.proof.equivalent import entry, equivalent
from yansuan.proof.judges import Function, families, users
from yansuan.proof.mutants import mutants

PATIENCE, TIMES = 1.0, 20  # seconds of processor time that a test may take with a mutant, and times the usual
UNKNOWN = 0.01  # seconds that a test may take of which nothing is known
LONG = 1.0  # seconds of a test that waits until the quick ones have seen a mutant
DEAR = 10  # times what the first test takes: one that takes longer waits for its turn, whatever it has noticed


@dataclass(frozen=True)
class Score:
    """What became of the mutants of one function."""

    total: int
    killed: int
    listed: int
    survivors: tuple[str, ...] = ()  # a line each, for the author


class NotGreen(Exception):
    """A test fails without any mutant, so that a score would mean nothing."""


class Mutation:
    """The tests that one process has collected, and what it has learned about them."""

    def __init__(
        self, items: Sequence[pytest.Item], seconds: Callable[[str], float | None] = lambda nodeid: None
    ) -> None:
        self.seconds = seconds  # how long a test took in this run, by its nodeid, if it has run in this process
        self._usual: dict[pytest.Item, float | None] = {}  # of those that have passed; None for one that was skipped
        self._runs: Counter[pytest.Item] = Counter()  # how often each has run here without a mutant
        self._globals = {
            item: dict(item.dtest.globs) for item in items if hasattr(item, "dtest")
        }  # a doctest empties it
        self._families, self._formulas = defaultdict(list), defaultdict(list)
        for item in items:
            # not those that start processes of their own: they import the snippets anew, unchanged
            if item.get_closest_marker("own_process") or item.get_closest_marker("xfail"):
                continue
            formula: Any = item.callspec.params.get("formula") if hasattr(item, "callspec") else None
            if hasattr(formula, "id"):
                self._formulas[formula.id].append(item)
            elif item.path.stem.startswith("test_"):
                self._families[item.path.stem.removeprefix("test_")].append(item)

    @cached_property
    def users(self) -> Mapping[tuple[Any, str], set[str]]:
        return users()

    def families(self, function: Function) -> set[str]:
        """The families whose tests judge this function."""
        return families(function, self.users.get((function.path, function.node.name), ()))

    def concerned(self, function: Function) -> list[pytest.Item]:
        """The tests that may notice a change: of its families, and rules for formulas that need it."""
        users = self.users.get((function.path, function.node.name), ())
        of_families = [item for family in sorted(self.families(function)) for item in self._families[family]]
        return of_families + [item for user in sorted(users) for item in self._formulas[user]]

    def judges(self, function: Function) -> list[pytest.Item]:
        """The same, those about the function first, and then the cheapest; what takes long comes last in any case."""
        chosen, name = self.concerned(function), function.node.name

        def about(item: pytest.Item) -> bool:
            return item.name.startswith(f"test_{name}") and item.path.stem == f"test_{function.path.stem}"

        def rank(item: pytest.Item) -> tuple[bool, bool, bool, float]:
            rule = f"[{function.label}" in item.name
            return self._cost(item) > LONG, not about(item), not rule, self._cost(item)

        for item in chosen:
            if about(item) and not self._known(item):  # it may be asked of nearly every mutant
                self._run(item)
        return sorted(chosen, key=rank)

    def _known(self, item: pytest.Item) -> float | None:
        """How long a test has taken in this process, if it has run."""
        return self._usual.get(item) or self.seconds(item.nodeid)

    def _cost(self, item: pytest.Item) -> float:
        return self._known(item) or UNKNOWN

    def score(self, function: Function) -> Score:
        """Show every mutant of one function to the tests. Raises NotGreen if one of those fails without a mutant."""
        module = importlib.import_module(f"{settings().package}.{function.path.stem}")
        living = inspect.unwrap(getattr(module, function.node.name))
        listed = equivalent(function.label)
        total, killed, excused, survivors, seen, noticed = 0, 0, 0, [], set(), {}
        with quiet(self.concerned(function)):
            judges = self.judges(function)
            for line, change, new in mutants(function.node):
                total += 1
                seen.add(change)
                killer = self._noticed(living, new, function, judges)
                if isinstance(killer, pytest.Item):
                    if self._cost(killer) <= DEAR * self._cost(judges[0]):
                        judges.remove(killer)
                        judges.insert(0, killer)  # what has noticed one is likely to notice the next
                    noticed[killer] = change
                if killer and change not in listed:
                    killed += 1
                elif change in listed and not killer:
                    excused += 1
                else:
                    survivors.append(f"{function.path}:{line}: {complaint(function, change, killer)}")
            for item, change in noticed.items():
                if self._passes(item) is False:
                    raise NotGreen(
                        f"{item.nodeid} fails after the last mutant was undone: since {change!r}, or by chance"
                    )
        gone = [c for c in listed if c not in seen]
        survivors += [
            f"{function.path}:{function.node.lineno}: no such mutant any more: {c!r}: unlist it" for c in gone
        ]
        return Score(total, killed, excused, tuple(survivors))

    def _noticed(
        self, living: types.FunctionType, new: Any, function: Function, judges: Sequence[pytest.Item]
    ) -> pytest.Item | str | None:
        """The first test that fails with this mutant; or why it cannot even be defined; None if nothing notices it."""
        scope = dict(living.__globals__)
        try:
            exec(compile(ast.Module([new], []), str(function.path), "exec"), scope)
        except Exception as error:
            return f"it cannot be defined: {error}"
        for item in judges:
            if (usual := self._proved(item)) is not None:
                with replaced(living, inspect.unwrap(scope[function.node.name])):
                    if self._passes(item, PATIENCE + TIMES * usual) is False:
                        return item
        return None

    def _proved(self, item: pytest.Item) -> float | None:
        """What a test usually takes, having passed twice without a mutant; None if it was skipped."""
        before = self.seconds(item.nodeid) is not None  # it is one of the tests that this process has run
        while self._runs[item] < (1 if before else 2):  # one that cannot be repeated would seem to notice everything
            self._run(item)
        return self._usual[item]

    def _run(self, item: pytest.Item) -> None:
        """Run a test without a mutant, and learn what it takes."""
        begin = time.process_time()
        passes = self._passes(item)
        if passes is False:
            raise NotGreen(f"{item.nodeid} fails before any mutation, so a score would mean nothing")
        self._usual[item] = time.process_time() - begin if passes else None
        self._runs[item] += 1

    def _passes(self, item: pytest.Item, seconds: float | None = None) -> bool | None:
        """Whether a test passes now, in the time it is given; None if it is skipped. Nobody hears of it."""
        if item in self._globals:
            item.dtest.globs = dict(self._globals[item])  # type: ignore[attr-defined]
        properties, sections = list(item.user_properties), list(item._report_sections)
        if hasattr(item, "_initrequest"):
            item._initrequest()
        passes: bool | None = True
        try:
            with deadline(seconds) if seconds else contextlib.nullcontext():
                item.ihook.pytest_runtest_setup(item=item)
                item.ihook.pytest_runtest_call(item=item)
        except pytest.skip.Exception:
            passes = None
        except (KeyboardInterrupt, pytest.exit.Exception):
            raise
        except BaseException:  # OutOfTime among them
            passes = False
        try:
            with deadline(seconds) if seconds else contextlib.nullcontext():
                item.ihook.pytest_runtest_teardown(item=item, nextitem=None)
        except (Exception, OutOfTime):
            passes = False
        item.user_properties[:], item._report_sections[:] = properties, sections
        return passes


def complaint(function: Function, change: str, killer: object) -> str:
    """What is wrong with a mutant that is neither killed nor excused, and the cure."""
    if killer:
        by = killer.name if isinstance(killer, pytest.Item) else killer
        return f"{change!r} is listed as equivalent, but {by} notices it: unlist it"
    return f"no test notices {change!r}: test it, or, if nothing can notice it, {entry(function.label, change)}"


@contextlib.contextmanager
def replaced(living: types.FunctionType, other: types.FunctionType) -> Iterator[None]:
    """A function does in the block what another does, for whoever has imported it."""
    names = ("__code__", "__defaults__", "__kwdefaults__")
    before = {name: getattr(living, name) for name in names}
    try:
        for name in names:
            setattr(living, name, getattr(other, name))
        yield
    finally:
        for name, value in before.items():
            setattr(living, name, value)


@contextlib.contextmanager
def quiet(items: Sequence[pytest.Item]) -> Iterator[None]:
    """Without what pytest does for whoever reads the outcome of a test: warnings, and what libraries log."""
    manager = items[0].config.pluginmanager if items else None
    logging = manager.get_plugin("logging-plugin") if manager else None
    if any("caplog" in getattr(item, "fixturenames", ()) for item in items):
        logging = None
    if manager and logging:
        manager.unregister(logging)
    try:
        with warnings.catch_warnings(action="ignore"):  # a warning is no failure, whatever the project says: it may go
            yield
    finally:
        if manager and logging:
            manager.register(logging, "logging-plugin")

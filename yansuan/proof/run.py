"""A run of pytest in a project that proves formulas.

A whole green run, mutants included, writes the evidence that the cards show; in CI it compares instead what is tracked
with what it has found itself. `--changed` runs only the tests that concern functions and pages changed since they were
last green, and mutates those; tests that start processes of their own are left to a whole run.

All state is in the one object that is registered with pytest. With `pytest -n 2` each process has one: what tests find
travels with their reports, and what else there is to say a worker says at its end.
"""

import gc
import sys
from collections.abc import Generator, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from yansuan import evidence
from yansuan.base.errors import YansuanError
from yansuan.base.settings import settings
from yansuan.base.store import Store
from yansuan.proof import selection
from yansuan.proof.cases import MARK, Cases
from yansuan.proof.changed import Changes, Prints, Seen, fingerprints, record
from yansuan.proof.draw import OTHER
from yansuan.proof.findings import SCORE, Begun, Findings
from yansuan.proof.items import Mutants
from yansuan.proof.judges import Function, Keys, functions
from yansuan.proof.mutation import Mutation
from yansuan.proof.sources import Sources, in_ci

MARKERS = (
    f"{MARK}(over): run for each formula, name, typeset or executed formula, path of a page, docs folder or session",
    "own_process: starts processes of its own, which no mutant can reach",
    "pages: about all pages together: `--changed` runs it if one has changed",
)


def begin(config: pytest.Config) -> None:
    """Have pytest know the markers, the project's modules and what this run is about."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    sys.path.insert(0, str(Path.cwd()))
    OTHER[:] = [] if config.option.seed is None else [config.option.seed]
    try:
        config.pluginmanager.register(ProofRun(config), "yansuan-run")
    except YansuanError as error:
        raise pytest.UsageError(str(error)) from None


class ProofRun:
    """What one process knows of the run."""

    def __init__(self, config: pytest.Config) -> None:
        self.config, self.option = config, config.option
        self.findings = Findings()
        seen = self._seen() if self.option.changed else None
        self.prints: Prints | None = seen.prints if seen else None
        self.changes: Changes | None = seen.changes if seen else None
        self.sources = seen.sources if seen else Sources()
        self.before: Begun | None = None  # as things were before tests were collected
        self.after: Begun | None = None  # and when they had been
        self.tested: Prints | None = None  # with `--changed`, what counts as green if this run is
        self.left_out = False  # whether a test was deselected
        self.failed = False  # whether a test has failed in this process, mutants aside
        self.seconds: dict[str, float] = {}  # how long each test took
        self.workers: list[dict[str, Any]] = []  # what each said at its end
        self.found: evidence.Evidence | None = None
        self.cases = Cases(lambda name: not self.changes or self.changes.concern(name))

    def _seen(self) -> Seen:
        """What has changed; whoever has started this process may have looked already."""
        given = (plugin for plugin in self.config.pluginmanager.get_plugins() if isinstance(plugin, Seen))
        return next(given, None) or Seen.now()

    @property
    def is_worker(self) -> bool:
        return hasattr(self.config, "workerinput")

    @cached_property
    def asked_for_all(self) -> bool:
        """Whether this run was asked for every test: no paths, nothing ignored, and not only to collect."""
        if self.is_worker:
            return bool(self.config.workerinput[MARK])  # type: ignore[attr-defined]
        option, source = self.option, pytest.Config.ArgsSource
        less = option.ignore or option.ignore_glob or option.collectonly or getattr(option, "lf", False) or OTHER
        each = getattr(option, "dist", "no") == "each"  # every test in every process
        whole = self.config.args_source in (source.TESTPATHS, source.INVOCATION_DIR)
        return whole and not (less or each or option.changed)

    @property
    def is_whole(self) -> bool:
        return self.asked_for_all and not self.left_out

    # with xdist: this process starts others

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput[MARK] = self.asked_for_all

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        self.workers.append(getattr(node, "workeroutput", {}).get(MARK, {}))

    # which tests

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        if self.asked_for_all:
            self.prints, self.before = self._as_it_is()

    def _as_it_is(self) -> tuple[Prints | None, Begun | None]:
        try:
            return fingerprints(self.sources), Begun.now()
        except YansuanError:  # a fault in a docstring: the rules, which read the same, say so
            return None, None

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        for mark in metafunc.definition.iter_markers(MARK):
            try:
                names, values = self.cases.of(*mark.args)
            except YansuanError as error:
                raise pytest.Collector.CollectError(str(error)) from None
            metafunc.parametrize(names, values)

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        self.left_out = self.left_out or bool(items)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        if self.changes is not None and self.prints is not None:
            keep, others = selection.split(items, self.changes, self.prints)
            self.tested = selection.tested(items, keep, self.prints)
            if others:
                self.config.hook.pytest_deselected(items=others)
            items[:] = keep
        if self.is_whole:
            _, self.after = self._as_it_is()
        if self.is_whole or self.option.mutants or self.changes is not None:
            items += self.mutants(session, list(items))

    def pytest_collection_finish(self) -> None:
        """What was imported stays to the end: the garbage collector need not look at it again and again."""
        gc.collect()
        gc.freeze()

    def mutants(self, session: pytest.Session, items: list[pytest.Item]) -> Iterator[Mutants]:
        """A test for each function whose mutants this run is about."""
        families = {item.path.stem.removeprefix("test_") for item in items}
        try:
            every, keys = functions(), Keys(self.sources)
        except YansuanError:
            return
        mutation = Mutation(items, self.seconds.get)
        for function in every:
            if self.changes is not None and function.label not in self.changes.sources:
                continue
            if self.is_whole or function.path.stem in families:
                key = keys.of_score(function, mutation.families(function))
                yield Mutants.of(session, function, key, mutation, self)

    def kept(self, function: Function, key: str) -> evidence.Record | None:
        """The score of this very function with these very tests, from a run before. CI believes none."""
        return self.store.get(function.label, {"judges": key}) if self.is_whole and not in_ci() else None

    @property
    def store(self) -> Store:
        return Store(Path(settings().cache, "mutants"))

    # the tests

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        return item.show() if isinstance(item, Mutants) else None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        about_mutants = any(name == SCORE for name, _ in report.user_properties)
        self.failed = self.failed or (report.failed and not about_mutants)
        if report.passed and report.when == "call":
            self.findings.add(report)
            self.seconds[report.nodeid] = report.duration

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        done = yield
        if not self.is_worker and not session.testsfailed and self._all_whole():
            self._conclude(session)
        return done

    # the end

    def _said(self) -> dict[str, Any]:
        begun = self.before if self.before == self.after else None
        return {"whole": self.is_whole, "begun": begun and begun.plain(), "prints": self.prints, "tested": self.tested}

    def _agreed(self) -> dict[str, Any]:
        """What the processes that ran the tests say with one voice."""
        first, *others = self.workers or [self._said()]
        return first if all(other == first for other in others) else {}

    def _all_whole(self) -> bool:
        return self.asked_for_all and all(said.get("whole") for said in self.workers or [self._said()])

    def _conclude(self, session: pytest.Session) -> None:
        """Every test is green: one more, about the evidence, which fails in CI where it is not what this run found."""
        begun = self._agreed().get("begun")
        try:
            if not begun:
                raise YansuanError(settings().snippets, 1, "edited while the tests were collected: run them again")
            self.found = self.findings.evidence(Begun.of(begun))
            faults = evidence.differences(self.found) if in_ci() else []
        except YansuanError as error:
            faults = [str(error)]
        if faults:
            where = (settings().evidence, 0, "what is tracked is what this run found")
            report = pytest.TestReport(f"{where[0]}::{where[2]}", where, {}, "failed", "\n".join(faults), "call")
            session.testscollected += 1  # or the progress goes beyond 100 %
            self.config.hook.pytest_runtest_logreport(report=report)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.is_worker:
            self.config.workeroutput[MARK] = self._said()  # type: ignore[attr-defined]
            return
        green, said = session.exitstatus == pytest.ExitCode.OK, self._agreed()
        if self._all_whole():
            for label, score in self.findings.scores.items():
                self.store.put(label, {"judges": score["key"]}, score)
            if green and self.found:
                (evidence.write_report if in_ci() else evidence.write)(self.found)
            elif session.exitstatus == pytest.ExitCode.TESTS_FAILED:
                Path(settings().report).unlink(missing_ok=True)  # what the last green run here measured is past
            if green and said.get("prints"):
                record(said["prints"])
        elif green and said.get("tested") and not (OTHER or self.option.keyword or self.option.markexpr):
            record(said["tested"])

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if scores := self.findings.scores.values():
            total, killed, listed = (sum(score[k] for score in scores) for k in evidence.MUTANTS)
            terminalreporter.write_line(f"mutants: {killed} of {total} killed, {listed} listed as equivalent")

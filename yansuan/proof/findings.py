"""What the tests of a run say that they found. It travels with their reports, from whatever process ran them."""

import datetime
import platform
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from yansuan.base.errors import YansuanError
from yansuan.base.settings import settings
from yansuan.base.store import version
from yansuan.evidence import MUTANTS, Evidence, Record, Run
from yansuan.formula.formula import load_all
from yansuan.proof.judges import functions

# the properties of a test's report
WITNESS, LATEX, SCORE, WILD = "yansuan.witness", "yansuan.latex", "yansuan.mutants", "yansuan.wild"
VALUES = "yansuan.values"


@dataclass(frozen=True)
class Begun:
    """The formulas and functions as they were when the run began: an edit during it is not tested."""

    digests: Mapping[str, str]
    algorithms: frozenset[str]  # formulas that are steps, without LaTeX
    functions: frozenset[str]  # every function that has mutants

    @classmethod
    def now(cls) -> "Begun":
        formulas = load_all(settings().snippets)
        digests = {name: formula.digest for name, formula in formulas.items()}
        steps = frozenset(name for name, formula in formulas.items() if formula.steps)
        return cls(digests, steps, frozenset(function.label for function in functions()))

    def plain(self) -> Record:
        """As it travels from one process to another."""
        return {"digests": dict(self.digests), **{n: sorted(getattr(self, n)) for n in ("algorithms", "functions")}}

    @classmethod
    def of(cls, plain: Record) -> "Begun":
        return cls(plain["digests"], frozenset(plain["algorithms"]), frozenset(plain["functions"]))


class Findings:
    """Gathered from the reports of tests that passed."""

    def __init__(self) -> None:
        self.witnesses: dict[str, list[tuple[Any, Record]]] = defaultdict(list)  # with where each stands
        self.latex: dict[str, str] = {}
        self.values: dict[str, dict[str, str]] = {}
        self.scores: dict[str, Record] = {}
        self.wild: list[Record] = []

    def add(self, report: pytest.TestReport) -> None:
        """Remember what a test found."""
        for name, value in report.user_properties:
            found: Any = value
            if name == WITNESS:
                self.witnesses[found["formula"]].append((report.location[:2], found))
            elif name == LATEX:
                self.latex[found["formula"]] = found["latex"]
            elif name == VALUES:
                self.values[found["formula"]] = found["values"]
            elif name == SCORE:
                self.scores[found["function"]] = found
            elif name == WILD:
                self.wild.append(found)

    def evidence(self, begun: Begun) -> Evidence:
        """What this run proves. Raises YansuanError if a formula lacks a part: then it proves nothing of the whole."""
        formulas, measured = {}, {}
        for name, digest in begun.digests.items():
            witnesses = [found for _, found in sorted(self.witnesses[name], key=lambda pair: pair[0])]
            formulas[name] = {
                "digest": digest,
                "witnesses": [{key: w[key] for key in ("claim", "by", "inputs", "rtol")} for w in witnesses],
                "latex": "algorithm" if name in begun.algorithms else self.latex.get(name),
                "mutants": self._mutants(name),
                "values": self.values.get(name),
            }
            self._complete(name, formulas[name])
            errors = [{key: w[key] for key in ("claim", "max_rel_error")} for w in witnesses]
            measured[name] = {"digest": digest, "witnesses": errors}
        helpers = {}
        for label in sorted(begun.functions - begun.digests.keys()):
            self._complete(label, {"mutants": self._mutants(label)})
            helpers[label] = self._mutants(label) or {}
        versions = {"Python": platform.python_version()} | {name: version(name.lower()) for name in ("NumPy", "torch")}
        today = datetime.datetime.now(datetime.UTC).date().isoformat()
        return Evidence(formulas, helpers, tuple(self.wild), Run(today, versions, measured))

    def _mutants(self, label: str) -> Record | None:
        score = self.scores.get(label)
        return {name: score[name] for name in MUTANTS} if score else None

    def _complete(self, name: str, entry: Record) -> None:
        lacks = [part for part, found in entry.items() if not found]
        if lacks == ["latex"] or (lacks and not self.latex):
            cure = "write a test module with 'from yansuan.proof.rules import *'"
            raise YansuanError(settings().tests, 1, f"{name}: no rules were run, so nothing is proved: {cure}")
        if lacks:
            what = f"{name}: this run has no {' and no '.join(lacks)} of it, so nothing is proved"
            raise YansuanError(settings().tests, 1, f"{what}: was a test skipped?")

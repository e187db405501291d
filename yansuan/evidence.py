"""What the tests have proved: written by a whole green test run and by nothing else, read by cards and tables.

Two files. `tests/evidence.json` is tracked; a formula is a line of it, and nothing in it differs between machines, so
that a clone knows what was proved and CI can compare it with what it finds itself:
{"formulas": {name: {"digest": …, "witnesses": [{"claim": …, "by": a third party's function or "", "inputs": n,
"rtol": x}], "latex": "executed", "read" or "algorithm", "mutants": {"total": n, "killed": n, "listed": n},
"values": {symbol: its value in the example, or "" if that is long}}},
"helpers": {function: {"total": …}}, "wild": […]}

`build/report.json` is of the last green run on this machine, and is not tracked:
{"date": …, "versions": {package: version}, "formulas": {name: {"digest": …, "witnesses": [{"claim": …,
"max_rel_error": x}]}}}
"""

import ast
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yansuan.base import textfile
from yansuan.base.errors import YansuanError
from yansuan.base.settings import settings

VERIFIED, NO_REPORT, NOT_COVERED, EDITED = "verified", "no report", "not covered", "edited since"
LOOSEST = 1e-7  # the largest relative error that a witness may allow

ANY = object()  # any other key
MUTANTS = {"total": int, "killed": int, "listed": int}
WITNESS = {"claim": str, "by": str, "inputs": int, "rtol": float}
ENTRY = {
    "digest": str,
    "witnesses": [WITNESS],
    "latex": ("executed", "read", "algorithm"),
    "mutants": MUTANTS,
    "values": {ANY: str},
}
WILD = {
    "id": str,
    "where": str,
    "link": re.compile(r"https?://\S+"),
    "formula": str,
    "noticed_by": str,
    "en": str,
    "zh": str,
}
EVIDENCE = {"formulas": {ANY: ENTRY}, "helpers": {ANY: MUTANTS}, "wild": [WILD]}
MEASURED = {"digest": str, "witnesses": [{"claim": str, "max_rel_error": float}]}
RUN = {"date": str, "versions": {ANY: str}, "formulas": {ANY: MEASURED}}

CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7})(?: |$)", re.M)

Record = dict[str, Any]  # an object of one of these files


@dataclass(frozen=True)
class Run:
    """The last green run on this machine."""

    date: str
    versions: Mapping[str, str]
    formulas: Mapping[str, Record]  # of each formula, the digest and what each witness measured


@dataclass(frozen=True)
class Evidence:
    """What is tracked, and the last run on this machine, if there was one."""

    formulas: Mapping[str, Record]
    helpers: Mapping[str, Record]  # the mutants of functions that are no formulas
    wild: tuple[Record, ...]  # published bugs, each with the witness that noticed it
    run: Run | None = None


@dataclass(frozen=True)
class Proof:
    """What is proved about one formula's present source: VERIFIED, or why not; with what, if so."""

    state: str
    witnesses: tuple[Record, ...] = ()
    latex: str = ""
    mutants: Mapping[str, int] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)  # of each symbol in the example; "": too long
    errors: tuple[float, ...] = ()  # of each witness, as a run on this machine measured it; none: its rtol is the bound

    @property
    def mark(self) -> str:
        return "verified" if self.state == VERIFIED else "unverified"


def read(path: Path | str | None = None, report: Path | str | None = None) -> Evidence | None:
    """What is proved, or None if no test run has written it. Raises YansuanError for a file of another kind."""
    path, report = Path(path or settings().evidence), Path(report or settings().report)
    if not path.is_file():
        return None
    tracked = _json(path, EVIDENCE, "not the evidence of a test run", "run the tests, which write it anew")
    for name, entry in tracked["formulas"].items():
        if why := _impossible(entry):
            fault = f"{name}: {why}, and no green run writes that: run the tests, which write it anew"
            raise YansuanError(path, _line(path, name), fault)
    run = None
    if report.is_file():
        found = _json(report, RUN, "not a test report", "delete it and run the tests again")
        run = Run(found["date"], found["versions"], found["formulas"])
    return Evidence(tracked["formulas"], tracked["helpers"], tuple(tracked["wild"]), run)


def _json(path: Path, kind: Record, what: str, cure: str) -> Record:
    text = textfile.read(path)
    if found := CONFLICT.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise YansuanError(path, line, f"a merge left both sides here: take either one, then {cure}")
    try:
        value: Record = json.loads(text, object_pairs_hook=_no_key_twice)
        check(value, kind, "it")
    except (ValueError, RecursionError) as error:
        raise YansuanError(path, getattr(error, "lineno", 1), f"{what} ({error}): {cure}") from None
    return value


def _no_key_twice(pairs: list[tuple[str, Any]]) -> Record:
    value = dict(pairs)
    if len(value) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"{next(k for k in keys if keys.count(k) > 1)!r:.60} stands twice in one object")
    return value


def _impossible(entry: Record) -> str | None:
    """What of a formula's line no green run could have found."""
    total, killed, listed = (entry["mutants"][name] for name in MUTANTS)
    if killed + listed != total:
        return f"{killed} of {total} mutants are killed and {listed} listed"
    for witness in entry["witnesses"]:
        if not witness["inputs"]:
            return "a witness has seen no input"
        if witness["rtol"] > LOOSEST:
            return f"a witness allows a relative error of {witness['rtol']:.0e}"
    return None if entry["witnesses"] else "it has no witness"


def check(value: Any, kind: Any, what: str) -> None:
    """Raise ValueError unless the value is of that kind: a type, the values allowed, or the kinds of what it holds."""
    if isinstance(kind, dict):
        if not isinstance(value, dict):
            raise ValueError(f"{what} is not an object")
        if missing := kind.keys() - value.keys() - {ANY}:
            raise ValueError(f"{what} has no {min(missing)!r}")
        for key, part in value.items():
            check(key, str, f"a key of {what}")
            if (within := kind.get(key, kind.get(ANY))) is None:
                raise ValueError(f"{what} has a {key!r:.40}, which nothing reads")
            check(part, within, key)
    elif isinstance(kind, list):
        if not isinstance(value, list):
            raise ValueError(f"{what} is not a list")
        for part in value:
            check(part, kind[0], f"an entry of {what}")
    elif isinstance(kind, tuple):
        if value not in kind:
            raise ValueError(f"{what} is {value!r:.40}, not one of {kind}")
    elif isinstance(kind, re.Pattern):
        if not isinstance(value, str) or textfile.hidden(value) or not kind.fullmatch(value):
            raise ValueError(f"{what} is {value!r:.40}, not an address")
    elif kind is str:
        if not isinstance(value, str) or textfile.hidden(value):
            raise ValueError(f"{what} is not text, or has an invisible character")
    elif type(value) not in (int, kind) or not 0 <= value < 1e300:  # neither NaN nor what no float can hold
        raise ValueError(f"{what} is {value!r:.40}, not a number from 0 up")


def write(evidence: Evidence) -> None:
    """Write both files, each whole or not at all. Only a whole green test run may call this, or `write_report`."""
    _replace(Path(settings().evidence), text(evidence))
    write_report(evidence)


def write_report(evidence: Evidence) -> None:
    """Write what the run on this machine measured."""
    assert evidence.run
    _replace(Path(settings().report), json.dumps(vars(evidence.run), indent=1, ensure_ascii=False) + "\n")


def _replace(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f"{path.name}.{os.getpid()}")
    made.write_bytes(content.encode())  # the same bytes on every system
    made.replace(path)


def text(evidence: Evidence) -> str:
    """The tracked file: a formula a line, in order."""

    def rows(named: Mapping[str, Record]) -> list[str]:
        return [f"{_compact(name)}: {_compact(named[name])}" for name in sorted(named)]

    wild = [_compact(bug) for bug in sorted(evidence.wild, key=lambda bug: (bug["formula"], bug["id"]))]
    parts = [
        _block('"formulas": {', rows(evidence.formulas), "}"),
        _block('"helpers": {', rows(evidence.helpers), "}"),
        _block('"wild": [', wild, "]"),
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _block(begin: str, rows: list[str], end: str) -> str:
    return "\n".join([begin, *([",\n".join(rows)] if rows else []), end])


def differences(found: Evidence) -> list[str]:
    """What the tracked file says and a whole run did not find, or the other way round, a line each."""
    path, cure = Path(settings().evidence), "run 'python -m pytest' on the code as it is, and commit that file"
    try:
        tracked = read(path)
    except YansuanError as error:
        return [str(error)]
    if tracked is None:
        return [f"{path.as_posix()}:1: missing: {cure}"]
    faults = []
    for name, said, is_so in _pairs(tracked, found):
        if _meaning(said) == _meaning(is_so):
            continue
        if said is None:
            what = "not there, and this run proves it"
        elif is_so is None:
            what = "this run knows nothing of it"
        else:
            keys = [key for key in {**said, **is_so} if _meaning(said.get(key)) != _meaning(is_so.get(key))]
            what = ", ".join(f"{k} is {_short(said.get(k))}, this run finds {_short(is_so.get(k))}" for k in keys)
        faults.append(f"{path.as_posix()}:{_line(path, name)}: {name}: {what}: {cure}")
    return faults


def _pairs(tracked: Evidence, found: Evidence) -> Iterator[tuple[str, Record | None, Record | None]]:
    """(name, what is tracked, what was found) of each line."""
    wild = [{bug["id"]: bug for bug in side.wild} for side in (tracked, found)]
    for said, is_so in ((tracked.formulas, found.formulas), (tracked.helpers, found.helpers), wild):
        yield from ((name, said.get(name), is_so.get(name)) for name in sorted({**said, **is_so}))


def _meaning(value: Any) -> Any:
    """The same for all ways in which versions of Python write the code of a witness."""
    if isinstance(value, dict):
        return {key: _code(part) if key in ("claim", "noticed_by") else _meaning(part) for key, part in value.items()}
    return [_meaning(part) for part in value] if isinstance(value, list) else value


def _code(text: str) -> str:
    try:
        return ast.dump(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text


def _short(value: object) -> str:
    whole = _compact(value)
    return whole if len(whole) <= 120 else f"{whole[:119]}…"


def _line(path: Path, name: str) -> int:
    """The line of a formula or a bug in the tracked file."""
    start = (f"{_compact(name)}:", f'{{"id": {_compact(name)},')
    lines = textfile.read(path).splitlines()
    return next((n for n, line in enumerate(lines, 1) if line.lstrip().startswith(start)), 1)


def proof(evidence: Evidence | None, formula: Any) -> Proof:
    """What is proved about this very source."""
    if evidence is None:
        return Proof(NO_REPORT)
    entry = evidence.formulas.get(formula.id)
    if not entry:
        return Proof(NOT_COVERED)
    if entry["digest"] != formula.digest:
        return Proof(EDITED)
    witnesses = tuple(entry["witnesses"])
    errors = _errors(evidence.run, formula, witnesses)
    return Proof(VERIFIED, witnesses, entry["latex"], entry["mutants"], entry["values"], errors)


def _errors(run: Run | None, formula: Any, witnesses: tuple[Record, ...]) -> tuple[float, ...]:
    """What a run on this machine measured of the same source and the same witnesses."""
    here = run.formulas.get(formula.id) if run else None
    if not here or here["digest"] != formula.digest or len(here["witnesses"]) != len(witnesses):
        return ()
    both = list(zip(witnesses, here["witnesses"], strict=True))
    same = all(w["claim"] == m["claim"] and m["max_rel_error"] <= w["rtol"] for w, m in both)
    return tuple(m["max_rel_error"] for _, m in both) if same else ()


def bound(number: float) -> str:
    """A bound on a relative error as one writes it: 1e-9."""
    return re.sub(r"e-0", "e-", f"{number:.0e}")


def for_machines(evidence: Evidence | None, formulas: Mapping[str, Any]) -> Record:
    """The content of /verification.json: every formula that is verified as it stands, with what, and who says so."""
    proofs = {name: proof(evidence, formula) for name, formula in formulas.items()}
    run = evidence.run if evidence else None
    return {
        "evidence": Path(settings().evidence).as_posix() if evidence else None,
        "date": run and run.date,  # of the test run on the machine that built the site; without one, CI is who says so
        "versions": run and run.versions,
        "formulas": {
            name: {
                "witnesses": [w["claim"] for w in p.witnesses],
                "third_parties": [w["by"] for w in p.witnesses if w["by"]],
                "inputs": sum(w["inputs"] for w in p.witnesses),
                "rtol": max(w["rtol"] for w in p.witnesses),
                "max_rel_error": max(p.errors, default=None),
                "mutants": p.mutants,
                "latex": p.latex,
            }
            for name, p in proofs.items()
            if p.state == VERIFIED
        },
        "unverified": {name: p.state for name, p in proofs.items() if p.state != VERIFIED},
    }

"""The report of the last green test run, and what it says about a formula as it stands now.

`build/evidence.json`, written by yansuan/proof/plugin.py and by nothing else:
{"date": …, "versions": {package: version}, "formulas": {name: {"digest": …, "witnesses": [{"claim": …, "inputs": n,
"max_rel_error": x, "rtol": x}], "latex": "executed", "read" or "algorithm", "mutants": {"total": n, "killed": n,
"listed": n}}}, …}
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from yansuan.base import textfile
from yansuan.base.errors import YansuanError

VERIFIED, NO_REPORT, NOT_COVERED, EDITED = "verified", "no report", "not covered", "edited since"

ANY = object()  # any other key
MUTANTS = {"total": int, "killed": int, "listed": int}
WITNESS = {"claim": str, "inputs": int, "max_rel_error": float, "rtol": float}
ENTRY = {"digest": str, "witnesses": [WITNESS], "latex": ("executed", "read", "algorithm"), "mutants": MUTANTS}
WILD = {
    "id": str,
    "where": str,
    "link": re.compile(r"https?://\S+"),
    "formula": str,
    "noticed_by": str,
    "en": str,
    "zh": str,
}
REPORT = {
    "date": str,
    "versions": {ANY: str},
    "formulas": {ANY: ENTRY},
    "mutants": {ANY: MUTANTS},
    "wild": [WILD],
}


@dataclass(frozen=True)
class Proof:
    """What the report proves about one formula's present source: VERIFIED, or why not; with what, if so."""

    state: str
    witnesses: list = field(default_factory=list)
    latex: str = ""
    mutants: dict = field(default_factory=dict)

    @property
    def mark(self):
        return "verified" if self.state == VERIFIED else "unverified"


def read(path):
    """The report, or None if no tests have run."""
    path = Path(path)
    if not path.is_file():
        return None
    try:
        report = json.loads(textfile.read(path))
        check(report, REPORT, "the report")
    except (ValueError, RecursionError) as error:
        raise YansuanError(path, 1, f"not a test report ({error}): delete it and run the tests again") from None
    return report


def check(value, kind, what):
    """Raise ValueError unless the value is of that kind: a type, the values allowed, or the kinds of what it holds."""
    if isinstance(kind, dict):
        if not isinstance(value, dict):
            raise ValueError(f"{what} is not an object")
        if missing := kind.keys() - value.keys() - {ANY}:
            raise ValueError(f"{what} has no {min(missing)!r}")
        for key, part in value.items():
            check(key, str, f"a key of {what}")
            if (within := kind.get(key, kind.get(ANY))) is not None:
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


def proof(report, formula):
    """What the report proves about this very source."""
    if report is None:
        return Proof(NO_REPORT)
    entry = report["formulas"].get(formula.id)
    if not entry or not entry["witnesses"]:
        return Proof(NOT_COVERED)
    if entry["digest"] != formula.digest:
        return Proof(EDITED)
    return Proof(VERIFIED, entry["witnesses"], entry["latex"], entry["mutants"])


def for_machines(report, formulas):
    """The content of /verification.json: every formula that is verified as it stands, and with what."""
    verified = {name: proof(report, formula) for name, formula in formulas.items()}
    return {
        "date": report and report["date"],
        "versions": report and report["versions"],
        "formulas": {
            name: {
                "witnesses": [w["claim"] for w in p.witnesses],
                "inputs": sum(w["inputs"] for w in p.witnesses),
                "max_rel_error": max(w["max_rel_error"] for w in p.witnesses),
                "mutants": p.mutants,
                "latex": p.latex,
            }
            for name, p in verified.items()
            if p.state == VERIFIED
        },
        "unverified": {name: p.state for name, p in verified.items() if p.state != VERIFIED},
    }

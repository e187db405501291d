"""The report of the last green test run, and what it says about a formula as it stands now.

`build/evidence.json`, written by yansuan/plugin.py and by nothing else:
{"date": …, "versions": {package: version}, "formulas": {name: {"digest": …, "witnesses": [{"claim": …, "inputs": n,
"max_rel_error": x, "rtol": x}], "latex": "executed" or "read", "mutants": {"total": n, "killed": n, "listed": n}}}, …}
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

from yansuan.errors import YansuanError

VERIFIED, NO_REPORT, NOT_COVERED, EDITED = "verified", "no report", "not covered", "edited since"


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
        report = json.loads(path.read_text("utf-8"))
        for entry in report["formulas"].values():
            for witness in entry["witnesses"]:
                int(witness["inputs"]), float(witness["max_rel_error"]), float(witness["rtol"]), str(witness["claim"])
            if entry["latex"] not in ("executed", "read"):
                raise ValueError("latex: " + entry["latex"])
            str(entry["digest"]), [int(entry["mutants"][k]) for k in ("total", "killed", "listed")]
        dict(report["versions"]), str(report["date"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise YansuanError(path, 1, f"not a test report ({error!r}): delete it and run the tests again") from None
    return report


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

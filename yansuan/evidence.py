"""The report of the last green test run, and what it says about a formula as it stands now.

`build/evidence.json`, written by tests/conftest.py and by nothing else:
{"versions": {package: version}, "formulas": {name: {"digest": …, "witnesses": [{"claim": …, "inputs": n,
"max_rel_error": x, "rtol": x}]}}}
"""

import json
from pathlib import Path

from yansuan.errors import YansuanError

VERIFIED, NO_REPORT, NOT_COVERED, EDITED = "verified", "no report", "not covered", "edited since"


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
            str(entry["digest"])
        dict(report["versions"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise YansuanError(path, 1, f"not a test report ({error!r}): delete it and run the tests again") from None
    return report


def status(report, formula):
    """What the report proves about this very source: (VERIFIED or why not, the witnesses)."""
    if report is None:
        return NO_REPORT, []
    entry = report["formulas"].get(formula.id)
    if not entry or not entry["witnesses"]:
        return NOT_COVERED, []
    if entry["digest"] != formula.digest:
        return EDITED, []
    return VERIFIED, entry["witnesses"]

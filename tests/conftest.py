"""A whole green run writes the evidence that the site's cards show; a whole red one withdraws it."""

import json
import platform
from importlib.metadata import version

import pytest

from tests.project import Project
from yansuan.formula import load_all

deselected = []


@pytest.fixture
def project(tmp_path):
    """A copy of the whole project, to break and build."""
    return Project(tmp_path / "project")


def pytest_deselected(items):
    deselected.extend(items)


def pytest_sessionfinish(session, exitstatus):
    if not hasattr(session.config, "workerinput") and is_whole(session.config):
        report = session.config.rootpath / "build" / "evidence.json"
        if exitstatus == pytest.ExitCode.OK:
            report.parent.mkdir(exist_ok=True)
            report.write_text(json.dumps(evidence(), indent=1, ensure_ascii=False) + "\n", "utf-8")
        elif exitstatus == pytest.ExitCode.TESTS_FAILED:
            report.unlink(missing_ok=True)


def is_whole(config):
    """Whether this run was asked for every test: no paths, no -k or -m, nothing left out."""
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not deselected and not config.option.collectonly


def evidence():
    """For each formula the digest of its source and what it agreed with in this run."""
    from tests.witness import CHECKED

    formulas = {}
    for name, formula in load_all("snippets").items():
        witnesses = [entry for checked, entry in CHECKED if checked == name]
        formulas[name] = {"digest": formula.digest, "witnesses": witnesses}
    versions = {"Python": platform.python_version()} | {p: version(p.lower()) for p in ("NumPy", "torch")}
    return {"versions": versions, "formulas": formulas}

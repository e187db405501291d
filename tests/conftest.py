"""A whole green run, mutants included, writes the evidence that the cards show; a whole red one withdraws it."""

import datetime
import json
import platform
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.project import Project
from yansuan import formula
from yansuan.formula import load_all

if Path.cwd().name == "mutants":  # mutmut's copy, where functions are wrapped and have lost their docstrings
    read = formula.read
    formula.read = lambda path: read(Path("..", path) if Path.cwd().name == "mutants" else path)

REPORT = Path("build/evidence.json")
deselected, mutants = [], {}


@pytest.fixture
def project(tmp_path):
    """A copy of the whole project, to break and build."""
    return Project(tmp_path / "project")


def pytest_addoption(parser):
    parser.addoption("--mutants", action="store_true", help="mutate the snippets even if only a part of the tests runs")


def pytest_deselected(items):
    deselected.extend(items)


def is_whole(config):
    """Whether this run was asked for every test: no paths, no -k or -m, nothing left out."""
    left_out = deselected or config.option.ignore or config.option.ignore_glob or config.option.collectonly
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not left_out


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session):
    done = yield
    if not session.testsfailed and (is_whole(session.config) or session.config.option.mutants):
        checked = list(witness().CHECKED)
        known = last_report().get("mutants", {}) if is_whole(session.config) else {}
        mutants.update(known)
        mutate(session, known)
        witness().CHECKED[:] = checked
    return done


def witness():
    from tests import witness

    return witness


def last_report():
    return json.loads(REPORT.read_text("utf-8")) if REPORT.is_file() else {}


def mutate(session, known):
    """One more test per function of the snippets: all its mutants are killed or listed."""
    from tests import mutation

    hook = session.config.hook
    for label, path, line, key, score, seconds in mutation.run(session.items, known):
        summary = {"total": score.total, "killed": score.killed, "listed": score.listed}
        where = (str(path), line - 1, f"mutants of {label}")
        longrepr = "\n".join(score.survivors) or None
        outcome = "failed" if score.survivors else "passed"
        properties = [("mutants", summary)]
        report = pytest.TestReport(
            f"{path}::{label}", where, {}, outcome, longrepr, "call", duration=seconds, user_properties=properties
        )
        hook.pytest_runtest_logreport(report=report)
        if not score.survivors:
            mutants[label] = {"key": key, **summary}


def pytest_terminal_summary(terminalreporter):
    if mutants:
        total, killed, listed = (sum(m[k] for m in mutants.values()) for k in ("total", "killed", "listed"))
        terminalreporter.write_line(f"mutants: {killed} of {total} killed, {listed} listed as equivalent")


def pytest_sessionfinish(session, exitstatus):
    if is_whole(session.config):
        if exitstatus == pytest.ExitCode.OK:
            REPORT.parent.mkdir(exist_ok=True)
            REPORT.write_text(json.dumps(evidence(), indent=1, ensure_ascii=False) + "\n", "utf-8")
        elif exitstatus == pytest.ExitCode.TESTS_FAILED:
            REPORT.unlink(missing_ok=True)


def evidence():
    """What this run proves: of each formula its witnesses, LaTeX and mutants, keyed to the digest of its source."""
    from tests.test_latex import LATEX
    from tests.test_wild_bugs import KILLED

    formulas = {}
    for name, snippet in load_all("snippets").items():
        formulas[name] = {
            "digest": snippet.digest,
            "witnesses": [entry for checked, entry in witness().CHECKED if checked == name],
            "latex": LATEX[name],
            "mutants": {k: mutants[name][k] for k in ("total", "killed", "listed")},
        }
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "versions": {"Python": platform.python_version()} | {p: version(p.lower()) for p in ("NumPy", "torch")},
        "formulas": formulas,
        "wild": KILLED,
        "mutants": {label: score for label, score in mutants.items() if label in current_functions()},
    }


def current_functions():
    from tests.mutation import functions

    return {label for _, _, label, _ in functions()}

"""The pytest plugin, by entry point: it does nothing where there are no snippets.

A whole green run, mutants included, writes the evidence that the cards show; a whole red one withdraws it.
`--changed` runs only the tests that concern functions and pages changed since they were last green, and mutates those;
tests that start processes of their own are left to a whole run.
"""

import contextlib
import datetime
import json
import platform
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from yansuan.base.errors import YansuanError
from yansuan.base.settings import settings
from yansuan.formula.formula import load_all
from yansuan.proof.changed import changed, checked, fingerprints, record, twins

pytest.register_assert_rewrite("yansuan.proof.rules", "yansuan.proof.witness")
deselected, mutants = [], {}
# as they were when the run began, for an edit during it is not tested: fingerprints, what of them had changed, digests
now: dict = {}
new: dict = {}
begun: dict = {}


def pytest_addoption(parser):
    group = parser.getgroup("yansuan")
    group.addoption("--mutants", action="store_true", help="mutate the families tested, even if only a part is tested")
    group.addoption("--changed", action="store_true", help="only what concerns changed functions and pages")


def pytest_configure(config):
    config.addinivalue_line("markers", "own_process: starts processes of its own, which no mutant can reach")
    config.addinivalue_line("markers", "pages: about all pages together: `--changed` runs it if one has changed")
    if is_project():
        sys.path.insert(0, str(Path.cwd()))
        for kept in (now, new, begun):
            kept.clear()
        if config.option.changed:
            try:
                now.update(fingerprints())
            except YansuanError as error:
                raise pytest.UsageError(str(error)) from None
            new.update(changed(now))


def concerned(name):
    """Whether tests loop over this formula: over every one, or over the changed ones and those that use them."""
    return not new or name in new["functions"] | new["sources"]


def is_project():
    return Path(settings().snippets).is_dir()


def pytest_deselected(items):
    deselected.extend(items)


def is_whole(config):
    """Whether this run was asked for every test: no paths, no -k or -m, nothing left out."""
    left_out = deselected or config.option.ignore or config.option.ignore_glob or config.option.collectonly
    whole = config.args_source in (pytest.Config.ArgsSource.TESTPATHS, pytest.Config.ArgsSource.INVOCATION_DIR)
    return is_project() and whole and not left_out


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    if is_project():
        with contextlib.suppress(YansuanError):  # the rules, which read the same, have failed with it
            now.update(now or fingerprints())
            begun.update({name: formula.digest for name, formula in load_all(settings().snippets).items()})
    if not config.option.changed:
        return
    known, keep = now["functions"], []
    families = {f"test_{name.partition('.')[0]}" for name in new["sources"]}
    changed_pages = new["pages"] | {twin for page in new["pages"] for twin in twins(page)}
    callers = new["functions"] - new["sources"]  # of a changed function: tested, but not by all that tests them
    for item in items:
        given = params(item)
        formula, path = given.get("formula"), given.get("path")
        name = getattr(formula, "id", None) or given.get("name")
        if name in known:
            mine = name in new["sources"] or (is_rule(item) and name in callers)
        else:
            its = any(f"{item.path.stem}.{item.name}".startswith(f"test_{n.replace('.', '.test_')}") for n in callers)
            mine = its or item.path.stem in families or (isinstance(path, Path) and path.as_posix() in changed_pages)
            mine = mine or (is_rule(item) and not given) or (new["pages"] and item.get_closest_marker("pages"))
        if mine and not item.get_closest_marker("own_process"):
            keep.append(item)
    deselected.extend(item for item in items if item not in keep)
    config.hook.pytest_deselected(items=[item for item in items if item not in keep])
    items[:] = keep


def tested(items):
    """The fingerprints as they were, with those of the families that these tests are of; of pages, if the rules ran."""
    before = checked()
    modules = {item.path.stem for item in items}
    rules = any(is_rule(item) for item in [*items, *deselected])
    for kind, prints in now.items():
        for name, value in prints.items():
            if rules if kind == "pages" else f"test_{name.partition('.')[0]}" in modules:
                before[kind][name] = value
    return before


def is_rule(item):
    return getattr(getattr(item, "function", None), "__module__", None) == "yansuan.proof.rules"


def params(item):
    return item.callspec.params if hasattr(item, "callspec") else {}


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session):
    done = yield
    options = session.config.option
    if not session.testsfailed and is_project() and (is_whole(session.config) or options.mutants or options.changed):
        from yansuan.proof import witness

        agreed = list(witness.CHECKED)
        known = last_report().get("mutants", {}) if is_whole(session.config) else {}
        if options.changed:
            known = {name: {"key": key} for name, key in now["functions"].items() if name not in new["sources"]}
        mutants.update(last_report().get("mutants", {}) if is_whole(session.config) else {})
        mutate(session, known)
        witness.CHECKED[:] = agreed
    return done


def last_report():
    report = Path(settings().evidence)
    return json.loads(report.read_text("utf-8")) if report.is_file() else {}


def mutate(session, known):
    """One more test per function of the snippets: all its mutants are killed or listed."""
    from yansuan.proof import mutation

    hook = session.config.hook
    families = None if is_whole(session.config) else {item.path.stem for item in session.items}
    for label, path, line, key, score, seconds in mutation.run(session.items, known, families):
        summary = {"total": score.total, "killed": score.killed, "listed": score.listed}
        where = (str(path), line - 1, f"mutants of {label}")
        longrepr = "\n".join(score.survivors) or None
        properties = [("mutants", summary)]
        report = pytest.TestReport(
            f"{path}::{label}",
            where,
            {},
            "failed" if score.survivors else "passed",
            longrepr,
            "call",
            duration=seconds,
            user_properties=properties,
        )
        session.testscollected += 1  # or the progress goes beyond 100 %
        hook.pytest_runtest_logreport(report=report)
        if not score.survivors:
            mutants[label] = {"key": key, **summary}


def pytest_terminal_summary(terminalreporter):
    if mutants:
        total, killed, listed = (sum(m[k] for m in mutants.values()) for k in ("total", "killed", "listed"))
        terminalreporter.write_line(f"mutants: {killed} of {total} killed, {listed} listed as equivalent")


def pytest_sessionfinish(session, exitstatus):
    whole, green = is_whole(session.config), exitstatus == pytest.ExitCode.OK
    option = session.config.option
    if green and whole and now:
        record(now)
    elif green and now and option.changed and not (option.keyword or option.markexpr):
        record(tested(session.items))
    report = Path(settings().evidence)
    if whole and green:
        report.parent.mkdir(exist_ok=True)
        report.write_text(json.dumps(evidence(), indent=1, ensure_ascii=False) + "\n", "utf-8")
    elif whole and exitstatus == pytest.ExitCode.TESTS_FAILED:
        report.unlink(missing_ok=True)


def evidence():
    """What this run proves: of each formula its witnesses, LaTeX and mutants, keyed to the digest of its source."""
    from yansuan.proof import witness
    from yansuan.proof.mutation import functions

    rules = sys.modules.get("yansuan.proof.rules")
    if not rules:
        cure = "write a test module with 'from yansuan.proof.rules import *'"
        raise YansuanError(settings().tests, 1, f"no rules were run, so nothing is proved: {cure}")
    formulas = {}
    for name, digest in begun.items():
        formulas[name] = {
            "digest": digest,
            "witnesses": [entry for formula, entry in witness.CHECKED if formula == name],
            "latex": "algorithm" if rules.FORMULAS[name].steps else rules.LATEX[name],
            "mutants": {k: mutants[name][k] for k in ("total", "killed", "listed")},
        }
    present = {label for _, _, label, _ in functions()}
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "versions": {"Python": platform.python_version()} | {p: version(p.lower()) for p in ("NumPy", "torch")},
        "formulas": formulas,
        "wild": witness.WILD,
        "mutants": {label: score for label, score in mutants.items() if label in present},
    }

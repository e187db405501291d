"""How a project that knows the engine as a package only is proved: in one process or two, with or without signals, in CI."""

import json
import os
import re
import shutil

import pytest

from tests.whole.project import Project, wait
from yansuan.base.store import key

TRACKED, REPORT = "tests/evidence.json", "build/report.json"

# a helper with a loop, one mutant of which never ends
LOOP = """def steps(n):
    k = 0
    while k < n:
        k += 1
    return k
"""
LOOP_TEST = """from formulas._loop import steps


def test_steps():
    assert steps(3) == 3
    assert steps(0) == 0
"""
# what some system has not
LACKING = """
import os, signal
for module, name in ((signal, "SIGALRM"), (signal, "setitimer"), (signal, "alarm"), (os, "fork"), (os, "forkpty")):
    delattr(module, name)
"""


def with_loop(root):
    (root / "formulas/_loop.py").write_text(LOOP, "utf-8")
    (root / "tests/test__loop.py").write_text(LOOP_TEST, "utf-8")


def lacking(foreign, tmp_path):
    """The environment of a system without alarms and without fork."""
    (tmp_path / "lacking").mkdir()
    (tmp_path / "lacking/sitecustomize.py").write_text(LACKING, "utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(tmp_path / "lacking"), str(foreign.installed)])}


def test_two_processes_find_what_one_finds(foreign):
    with_loop(foreign.root)
    found = []
    for processes in ((), ("-n", "2")):
        shutil.rmtree(foreign.root / ".cache", ignore_errors=True)
        said = foreign.run("pytest", "-q", *processes)
        assert "exit 0" in said, said
        assert re.search(r"mutants: (\d+) of \1 killed", said), said
        report = json.loads((foreign.root / REPORT).read_text("utf-8"))
        found.append(((foreign.root / TRACKED).read_text("utf-8"), report["formulas"]))
        for path in (TRACKED, REPORT):
            (foreign.root / path).unlink()
    assert found[0] == found[1]
    assert '"_loop.steps": {"total": ' in found[0][0]
    one = ("pytest", "-q", "-n", "1")  # process beside the one that writes: as much as it takes
    assert "exit 0" in foreign.run(*one, "-k", "harmonic")
    assert "exit 0" in foreign.run(*one, "tests/test_waves.py")
    assert not (foreign.root / TRACKED).exists(), "a part proves nothing of the whole"
    foreign.edit("formulas/waves.py", "return n * f", "return n * f + 1e-3")
    assert "exit 1" in foreign.run(*one)
    assert not (foreign.root / TRACKED).exists()


def test_another_seed_draws_other_numbers_and_writes_nothing(foreign):
    shown = "\n\n@witness(harmonic, n=lambda rng: 2)\ndef test_shown(n, f):\n    print('drawn', f)\n    return n * f\n"
    path = foreign.root / "tests/test_waves.py"
    path.write_text(path.read_text("utf-8") + shown, "utf-8")
    (foreign.root / TRACKED).unlink(missing_ok=True)
    first, again, other = (
        re.findall("drawn .*", foreign.run("pytest", "-q", "-s", *seed))
        for seed in (("--seed", "1"),) * 2 + (("--seed", "2"),)
    )
    assert len(first) > 40
    assert first == again
    assert not {*first} & {*other}
    assert not (foreign.root / TRACKED).exists()


def test_without_alarms_and_without_fork(foreign, tmp_path):
    with_loop(foreign.root)
    environment = lacking(foreign, tmp_path)
    assert "exit 1" in foreign.run("-c", "import signal; signal.SIGALRM", **environment)
    said = foreign.run("pytest", "-v", **environment)
    assert "exit 0" in said, said
    assert "formulas/_loop.py::_loop.steps PASSED" in said
    tracked = (foreign.root / TRACKED).read_text("utf-8")
    total = json.loads(tracked)["helpers"]["_loop.steps"]["total"]
    assert f'"_loop.steps": {{"total": {total}, "killed": {total}, "listed": 0}}' in tracked, "the endless one too"
    foreign.edit("formulas/waves.py", "return n * f", "return f * n")
    said = foreign.run("yansuan", "check", **environment)
    assert "exit 0" in said, said
    assert re.search(r"mutants: (\d+) of \1 killed", said), said


def test_without_fork_an_edit_is_watched_too(foreign, tmp_path):
    environment = lacking(foreign, tmp_path)
    foreign.run("pytest", "-q", "--changed", **environment)
    log = foreign.root / "log.txt"
    process = foreign.start(log, "yansuan", "check", "--watch", **environment)
    try:
        wait(lambda: "watching" in log.read_text("utf-8"), 120, log)
        foreign.edit("formulas/waves.py", "return n * f", "return f * n")
        wait(lambda: re.search(r"mutants: (\d+) of \1 killed", log.read_text("utf-8")), 120, log)
    finally:
        process.kill()
        process.wait()
    assert "Traceback" not in log.read_text("utf-8")


class TestInCI:
    """Everything is run again, and what is tracked is compared, not believed and not mended."""

    @pytest.fixture
    def clone(self, proved, tmp_path):
        """A fresh clone of what is green at home."""
        return proved.copied(tmp_path / "clone", "build", ".cache")

    def test_the_same_is_green_and_measured(self, clone):
        before = (clone.root / TRACKED).read_bytes()
        said = clone.run("pytest", "-q", fresh=True, CI="true")
        assert "exit 0" in said, said
        assert (clone.root / TRACKED).read_bytes() == before
        assert (clone.root / REPORT).is_file()

    @pytest.mark.parametrize(
        ("path", "old", "new", "fault"),
        [
            (TRACKED, '"inputs": 48', '"inputs": 96', "sound.level: witnesses is "),
            (TRACKED, '"waves.harmonic"', '"waves.beat"', "waves.beat: this run knows nothing of it"),
            (TRACKED, '"waves.harmonic"', '"waves.beat"', "waves.harmonic: not there, and this run proves it"),
            (TRACKED, '{"total": 3, "killed": 3', '{"total": 9, "killed": 9', "waves.harmonic: mutants is "),
            ("formulas/waves.py", "return n * f", "return f * n", "waves.harmonic: digest is "),
            (TRACKED, "{\n", "<<<<<<< HEAD\n{\n", "a merge left both sides here"),
        ],
    )
    def test_what_no_run_has_found_does_not_survive(self, clone, path, old, new, fault):
        clone.edit(path, old, new)
        before = (clone.root / TRACKED).read_bytes()
        said = clone.run("pytest", "-q", CI="true")
        assert "exit 1" in said, said
        assert re.search(rf"^tests/evidence\.json:\d+: {re.escape(fault)}", said, re.M), said
        assert re.search(r"run '?(python -m pytest|the tests)", said)
        assert said.count("\nFAILED ") == 1, said
        assert (clone.root / TRACKED).read_bytes() == before, "CI mends nothing"
        assert not (clone.root / REPORT).exists(), "and a red run has measured nothing"

    def test_a_missing_file_is_named(self, clone):
        (clone.root / TRACKED).unlink()
        said = clone.run("pytest", "-q", "-n", "1", CI="true")
        assert "exit 1" in said
        assert "tests/evidence.json:1: missing: run 'python -m pytest'" in said

    def test_a_score_that_is_kept_is_believed_at_home_and_not_here(self, clone):
        assert "exit 0" in clone.run("pytest", "-q")
        kept = clone.root / ".cache/mutants/waves.harmonic.json"
        entry = json.loads(kept.read_text("utf-8"))
        assert entry["key"] == key({"judges": entry["value"]["key"]})
        entry["value"] |= {"total": 99, "killed": 99}
        kept.write_text(json.dumps(entry), "utf-8")
        assert "exit 0" in clone.run("pytest", "-q")
        assert '"total": 99' in (clone.root / TRACKED).read_text("utf-8")
        said = clone.run("pytest", "-q", CI="true")
        assert "exit 1" in said
        assert "waves.harmonic: mutants is" in said


def test_a_wrong_derivative_is_refused(foreign):
    foreign.edit("tests/test_sound.py", "return 20 * torch.log10", "return 10 * torch.log10")
    said = foreign.run("pytest", "-q", "-k", "derivative")
    assert "exit 1" in said
    assert re.search(r"formulas/sound\.py:\d+: level: finite differences and autograd differ: relative error \d", said)
    foreign.edit("tests/test_sound.py", "@derivative(level, **POSITIVE)\n", "")
    said = foreign.run("pytest", "-q", "-k", "derivative")
    assert re.search(r"level: no witness that autograd can follow .*test_level: .*@derivative\(level\)", said), said


def test_a_change_of_the_latex_that_nothing_notices_is_refused(foreign):
    foreign.edit("formulas/waves.py", "f_n = n f", "f_n = n f + 0 f")
    said = foreign.run("pytest", "-q", "-k", "latex")
    assert "exit 1" in said
    assert re.search(r"formulas/waves\.py:\d+: harmonic: nothing notices the change to 'f _ n = n f - 0 f'", said), said
    assert "to EQUIVALENT_LATEX in tests/equivalent_mutants.py" in said


def test_a_mutant_that_nothing_notices_is_refused_and_other_functions_are_mutated_all_the_same(foreign):
    with_loop(foreign.root)
    foreign.edit("tests/test__loop.py", "    assert steps(0) == 0\n", "")
    said = foreign.run("pytest", "-v")
    assert "exit 1" in said
    assert "formulas/_loop.py:2: no test notices '0 -> 1': test it, or, if nothing can notice it, add " in said
    assert "formulas/waves.py::waves.harmonic PASSED" in said
    assert not (foreign.root / TRACKED).exists()
    listed = 'EQUIVALENT = {"_loop.steps": {"0 -> 1": "it counts all the same"}}\n'
    (foreign.root / "tests/equivalent_mutants.py").write_text(listed, "utf-8")
    said = foreign.run("pytest", "-q")
    assert "exit 0" in said, said
    assert "1 listed as equivalent" in said
    foreign.edit("tests/equivalent_mutants.py", "0 -> 1", "k < n -> k > n")
    said = foreign.run("pytest", "-q", "--mutants", "tests/test__loop.py")
    assert "is listed as equivalent, but test_steps notices it: unlist it" in said, said


def test_a_test_that_cannot_be_repeated_judges_nothing(foreign):
    with_loop(foreign.root)
    start, _, asserted = LOOP_TEST.partition(
        "def test_steps():\n"
    )  # the only judge: one beside it might be asked first
    fickle = f"seen = []\n\n\ndef test_steps_once():\n{asserted}    seen.append(1)\n    assert len(seen) < 2\n"
    (foreign.root / "tests/test__loop.py").write_text(start + fickle, "utf-8")
    said = foreign.run("pytest", "-q")
    assert "exit 1" in said
    assert "test_steps_once fails before any mutation, so a score would mean nothing" in said, said


def test_nothing_is_mutated_while_a_test_is_red(foreign):
    foreign.edit("tests/test_waves.py", "torch.ones", "torch.zeros")
    said = foreign.run("pytest", "-q", "-rs")
    assert "exit 1" in said
    assert re.search(r"SKIPPED \[2\] .*: a test has failed here: nothing is mutated before all are green", said), said
    assert "2 failed, 17 passed, 2 skipped" in said, said


def test_the_tests_need_not_be_a_package(foreign):
    assert "exit 0" in foreign.run("pytest", "-q")
    before = (foreign.root / TRACKED).read_text("utf-8")
    (foreign.root / "tests/__init__.py").unlink()
    shutil.rmtree(foreign.root / ".cache")
    said = foreign.run("pytest", "-q")
    assert "exit 0" in said, said
    assert (foreign.root / TRACKED).read_text("utf-8") == before


STRANGER = """
import sys

before = list(sys.path)


def pytest_addoption(parser):
    parser.addoption("--changed", action="store_true")
    parser.addoption("--mutants", action="store_true")


def pytest_sessionfinish():
    loaded = [name for name in sys.modules if name.startswith(("yansuan", "numpy", "torch"))]
    assert loaded == ["yansuan", "yansuan.proof", "yansuan.proof.plugin"], loaded
"""


def test_a_project_that_does_not_ask_for_it_is_left_alone(installed, server, tmp_path):
    """It has folders of the names that we use, and options of these names."""
    files = {
        "pyproject.toml": '[project]\nname = "stranger"\n',
        "snippets/a.py": "def f(:\n",
        "docs/a.md": "$$ not ours $$\n",
        "build/evidence.json": "theirs\n",
        "build/report.json": "theirs\n",
        "tests/conftest.py": STRANGER,
        "tests/test_a.py": "def test_a():\n    assert False\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    said = Project(tmp_path, installed, server).run("pytest", "-q", "-p", "no:cacheprovider", fresh=True)
    assert "exit 1" in said
    assert "1 failed" in said, said
    assert "INTERNALERROR" not in said
    assert {p.name for p in tmp_path.iterdir()} == {name.partition("/")[0] for name in files}
    for name, text in files.items():
        assert (tmp_path / name).read_text("utf-8") == text


def test_rules_in_a_project_that_does_not_ask_for_them_say_what_to_write(foreign):
    (foreign.root / "pyproject.toml").write_text("", "utf-8")
    said = foreign.run("pytest", "-q")
    assert "pyproject.toml:1: no [tool.yansuan]: add it, even if it is empty" in said, said


STATE = """
import importlib, pathlib, sys
import pytest, yansuan.proof

names = [path.stem for path in pathlib.Path(yansuan.proof.__file__).parent.glob("*.py") if path.stem not in ("__init__", "rules")]
modules = [importlib.import_module(f"yansuan.proof.{name}") for name in names]


class Watch:
    def look(self):
        kinds = (list, dict, set, int, str, float, tuple, type(None))
        held = {f"{m.__name__}.{k}": repr(v) for m in modules for k, v in vars(m).items() if isinstance(v, kinds) and not k.startswith("__")}
        return held | {"registry": repr(sys.modules["yansuan.proof.witness"].REGISTRY)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self):
        self.before = self.look()


watch = Watch()
assert pytest.main(["-q"], plugins=[watch]) == 0
after = watch.look()
changed = [name for name in after if watch.before[name] != after[name]]
assert not changed, changed
print("no module has changed")
"""


def test_a_run_changes_no_module_of_the_engine(foreign):
    said = foreign.run("-c", STATE)
    assert "no module has changed" in said, said


def test_the_plugin_costs_next_to_nothing_where_it_is_not_asked_for(installed, server, tmp_path):
    code = (
        "import pytest, time; begin = time.process_time(); import yansuan.proof.plugin as p; p.declared(); "
        "print(time.process_time() - begin)"
    )
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'yansuan-like'\n", "utf-8")
    said = Project(tmp_path, installed, server).run("-c", code, fresh=True)
    assert float(said.split()[-1]) < 0.02, said

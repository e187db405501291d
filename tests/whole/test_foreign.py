"""The engine serves other people's notes: tests/whole/foreign is a repository of three pages that knows it as a package only."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.whole.test_serving import wait
from yansuan.site.check import documents, site_faults

ROOT = Path(__file__).parents[2]
WITHOUT = """
import sys
for name in ("mkdocs", "material", "numpy", "torch", "matplotlib", "nbformat", "jieba", "fontTools", "ziamath"):
    sys.modules[name] = None
import markdown
print(markdown.markdown(open("docs/waves.md", encoding="utf-8").read(), extensions=["yansuan"]))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The package as `pip install .` puts it somewhere, without its dependencies."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("installed")
    shutil.copytree(ROOT / "yansuan", source / "yansuan", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture
def foreign(installed, tmp_path):
    """run(*command) in a copy of the repository: 'exit <code>' and what was said."""
    root = tmp_path / "notes"
    shutil.copytree(ROOT / "tests/whole/foreign", root, ignore=shutil.ignore_patterns("__pycache__"))
    return runner(installed, root)


def runner(installed, root):
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    environment = kept | {"PYTHONPATH": str(installed), "NO_MKDOCS_2_WARNING": "1", "PYTHONUNBUFFERED": "1", "CI": ""}
    where = {"cwd": root, "env": environment, "text": True}

    def run(*command, **more):
        here = where | {"env": environment | more}
        done = subprocess.run([sys.executable, *command], **here, capture_output=True, check=False)
        return f"exit {done.returncode}\n{done.stdout}{done.stderr}"

    run.root, run.where = root, where
    return run


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_its_tests_run_by_the_plugin_and_its_site_shows_what_they_proved(foreign):
    assert len((foreign.root / "mkdocs.yml").read_text("utf-8").splitlines()) == 4
    assert "exit 0" in foreign("-m", "mkdocs", "build", "--strict")
    assert statuses(foreign) == {"unverified"}
    said = foreign("-m", "pytest")
    assert "exit 0" in said, said
    assert re.search(r"mutants: (\d+) of \1 killed", said), said
    assert "exit 0" in (said := foreign("-m", "mkdocs", "build", "--strict")), said
    assert statuses(foreign) == {"verified"}
    pages = documents(foreign.root / "site")
    assert [name for page in pages.values() for name, _ in page.cards] == ["sound.level", "waves.harmonic"]
    assert not site_faults(foreign.root / "site", pages)
    style = (foreign.root / "site/waves/index.html").read_text("utf-8")
    assert "assets/yansuan.css" in style
    assert (foreign.root / "site/code/waves.harmonic.py").is_file()


def statuses(foreign):
    return {status for page in documents(foreign.root / "site").values() for _, status in page.cards}


def test_status_is_evidence(foreign):
    """An edit, a partial run, a red run: what each card says, and what the tests say."""
    report, tracked = foreign.root / "build/report.json", foreign.root / "tests/evidence.json"
    assert "exit 0" in foreign("-m", "pytest", "-q", "-k", "harmonic")
    assert not report.exists(), "a partial run proves nothing about the whole"
    assert not tracked.exists()
    assert "exit 0" in foreign("-m", "pytest", "-q")
    before = [path.read_text("utf-8") for path in (report, tracked)]
    edit(foreign.root / "formulas/waves.py", "return n * f", "return n * f + 1e-3")
    assert "exit 0" in foreign("-m", "mkdocs", "build", "--strict")
    html = (foreign.root / "site/waves/index.html").read_text("utf-8")
    assert 'data-status="unverified"' in html
    assert "changed since it was last tested" in html
    assert 'data-status="verified"' in (foreign.root / "site/sound/decibels/index.html").read_text("utf-8")
    assert "exit 0" in foreign("-m", "pytest", "-q", "tests/test_sound.py")
    assert [path.read_text("utf-8") for path in (report, tracked)] == before
    said = foreign("-m", "pytest", "-q")
    assert "exit 1" in said
    assert re.search(
        r"formulas/waves\.py:\d+: harmonic: not what its witness, tests/test_waves\.py:\d+, computes: "
        r"\S+ and \S+, relative error \S+ \(ordinary, seed 0\): mend one of the two",
        said,
    ), said
    assert not report.exists(), "what the last green run here measured is past"
    assert tracked.read_text("utf-8") == before[1], "its line is of another source than the edited one"
    edit(foreign.root / "formulas/waves.py", "return n * f + 1e-3", "return n * f")
    for made in ("site", ".cache"):
        shutil.rmtree(foreign.root / made, ignore_errors=True)
    assert "exit 0" in foreign("-m", "mkdocs", "build", "--strict")
    assert statuses(foreign) == {"verified"}, "as in a fresh clone, before any test has run"
    assert "in the repository (tests/evidence.json), confirmed by CI" in (
        foreign.root / "site/waves/index.html"
    ).read_text("utf-8")


def test_only_what_has_changed_is_tested(foreign):
    assert "exit 0" in foreign("-m", "pytest", "-q", "--changed"), "nothing is known yet, so everything is new"
    assert "nothing has changed" in foreign("-m", "yansuan", "check")
    edit(foreign.root / "formulas/waves.py", "return n * f", "return f * n")
    said = foreign("-m", "pytest", "-v", "--changed")
    assert "exit 0" in said, said
    assert "test_harmonic" in said
    assert "formulas/waves.py::waves.harmonic PASSED" in said, "its mutants"
    assert "test_level" not in said
    edit(foreign.root / "formulas/waves.py", "return f * n", "return f + n")
    assert "exit 1" in foreign("-m", "pytest", "-q", "--changed")
    assert "exit 1" in foreign("-m", "pytest", "-q", "--changed"), "still red, still new"


def test_each_edit_is_tested_as_long_as_somebody_watches(foreign):
    foreign("-m", "pytest", "-q", "--changed")
    code, log = foreign.root / "formulas/waves.py", foreign.root / "log.txt"
    with log.open("w") as out:
        command = [sys.executable, "-m", "yansuan", "check", "--watch"]
        process = subprocess.Popen(command, **foreign.where, stdout=out, stderr=subprocess.STDOUT)
    try:
        wait(lambda: "watching" in log.read_text("utf-8"), 120, log)
        edits = [
            ("return n * f", "return f * n", r"mutants: (\d+) of \1 killed"),
            ("return f * n", "return f + n", r"FAILED tests/test_waves\.py::test_harmonic"),
            ("return f + n", "return f * (n", r"formulas/waves\.py:\d+: not valid Python"),
            ("return f * (n", "return f  * n", r"mutants: (\d+) of \1 killed"),
        ]
        for old, new, wanted in edits:
            before = len(log.read_text("utf-8"))
            edit(code, old, new)
            wait(lambda wanted=wanted, before=before: re.search(wanted, log.read_text("utf-8")[before:]), 60, log)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    finally:
        process.kill()
    assert "Traceback" not in log.read_text("utf-8")
    assert "nothing has changed" in foreign("-m", "yansuan", "check")


def test_a_test_with_a_process_of_its_own_is_left_to_a_whole_run(foreign):
    test = "\n\n@pytest.mark.own_process\ndef test_elsewhere():\n    assert False\n"
    with (foreign.root / "tests/test_waves.py").open("a", encoding="utf-8") as tests:
        tests.write("\n\nimport pytest" + test)
    assert "exit 0" in (said := foreign("-m", "pytest", "-q", "--changed")), said
    assert "test_elsewhere" in foreign("-m", "pytest", "-q")


def test_an_edit_during_a_run_is_not_tested(foreign):
    slow = """

def test_slow():
    code = __import__("pathlib").Path("formulas/waves.py")
    code.write_text(code.read_text("utf-8").replace("return n * f", "return f * n"), "utf-8")
"""
    with (foreign.root / "tests/test_waves.py").open("a", encoding="utf-8") as tests:
        tests.write(slow)
    code = foreign.root / "formulas/waves.py"
    for command in (["--changed"], []):
        assert "exit 0" in (said := foreign("-m", "pytest", "-q", *command)), said
        assert "nothing has changed" not in foreign("-m", "yansuan", "check"), "the edit counted as tested"
        edit(code, "return f * n", "return n * f")
    edit(code, "return n * f", "return f * n")
    assert "exit 0" in foreign("-m", "mkdocs", "build")
    assert "changed since it was last tested" in (foreign.root / "site/waves/index.html").read_text("utf-8")


def test_check_sees_what_an_edited_page_does_to_others(installed, tmp_path):
    """Two languages, no formula: the twin, links, lists of pages, what is still to write."""
    files = {
        "pyproject.toml": "[tool.yansuan]\n",
        "snippets/__init__.py": "",
        "tests/__init__.py": "",
        "tests/test_rules.py": "from yansuan.proof.rules import *\n",
        "tests/test_list.py": "import pathlib, pytest\n\n\n@pytest.mark.pages\ndef test_no_b():\n"
        "    assert not pathlib.Path('docs/en/b.md').exists()\n",
        "docs/en/a.md": "# A {#a}\n\nText.\n",
        "docs/zh/a.md": "# 甲 {#a}\n\n正文。\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    run = runner(installed, tmp_path)
    page = tmp_path / "docs/en/a.md"
    assert "docs/en/a.md: matched #a" in run("-m", "yansuan", "match", "docs/en/a.md")
    assert "exit 0" in (said := run("-m", "yansuan", "check")), said
    edit(page, "Text.", "Another text.")
    said = run("-m", "yansuan", "check")
    assert "exit 1" in said
    assert "docs/zh/a.md:6: #a: its twin in docs/en/a.md has changed since" in said
    for text, fault in (
        ("See [b](b.md).", "docs/en/a.md:8: link 'b.md': no page docs/en/b.md"),
        ("TODO", "docs/en/a.md:8: still to write: 'TODO'"),
    ):
        edit(page, "Another text.", text)
        assert fault in (said := run("-m", "yansuan", "check")), said
        edit(page, text, "Another text.")
    for lang in ("zh", "en"):
        (tmp_path / "docs" / lang / "b.md").write_text("# B {#b}\n", "utf-8")
    assert "test_no_b" in (said := run("-m", "yansuan", "check")), said


def test_in_a_fresh_clone_what_was_committed_is_not_tested_again(foreign):
    for command in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"]):
        subprocess.run(["git", *command], cwd=foreign.root, check=True)
    assert "nothing has changed" in foreign("-m", "yansuan", "check")
    edit(foreign.root / "formulas/waves.py", "return n * f", "return f * n")
    said = foreign("-m", "yansuan", "check")
    assert "exit 0" in said, said
    assert re.search(r"mutants: (\d+) of \1 killed", said), said


@pytest.mark.parametrize(
    ("path", "old", "new", "fault"),
    [
        (
            "docs/waves.md",
            "# Standing waves\n",
            "# Standing waves\n\n$$ a = b $$\n",
            "docs/waves.md:3: display math by hand",
        ),
        (
            "docs/waves.md",
            "waves.harmonic",
            "waves.harmonics",
            "docs/waves.md:5: formula: there is no 'waves.harmonics'",
        ),
        ("formulas/waves.py", "f_n = n f", r"f_n = \fraq n", "formulas/waves.py:7: harmonic: LaTeX:"),
        ("formulas/waves.py", 'r"""Frequency of a harmonic', 'r"""', "formulas/waves.py:5: harmonic: no title: begin"),
        ("pyproject.toml", 'snippets = "formulas"', 'snipets = "formulas"', "pyproject.toml:2: [tool.yansuan] knows"),
        ("pyproject.toml", '["en"]', '["fr"]', "pyproject.toml:3: languages is ['fr']: write"),
    ],
)
def test_its_author_is_told_file_line_and_cure(foreign, path, old, new, fault):
    edit(foreign.root / path, old, new)
    said = foreign("-m", "mkdocs", "build")
    assert "exit 1" in said
    assert fault in said, said
    assert "Traceback" not in said, said


def test_the_engine_needs_no_more_than_markdown(foreign):
    said = foreign("-c", WITHOUT)
    assert "exit 0" in said, said
    assert 'data-formula="waves.harmonic"' in said
    assert "<math" in said


def test_a_new_formula_is_green_but_for_what_its_author_has_to_say(foreign):
    assert "wrote formulas/waves.py" in foreign("-m", "yansuan", "formula", "waves.beat")
    page = foreign.root / "docs/waves.md"
    page.write_text(page.read_text("utf-8") + "\n/// formula | waves.beat\n\n///\n", "utf-8")
    said = foreign("-m", "pytest", "-q")
    assert "exit 1" in said
    assert re.search(r"formulas/waves\.py:\d+: still to write: 'r\"\"\"TODO its name'", said), said
    assert said.count("\nFAILED ") == 1, said
    for path in (foreign.root / "formulas/waves.py", foreign.root / "tests/test_waves.py"):
        path.write_text(path.read_text("utf-8").replace("TODO ", ""), "utf-8")
    assert "exit 0" in (said := foreign("-m", "pytest", "-q")), said


def test_what_was_not_tested_stays_new(foreign):
    assert "exit 0" in foreign("-m", "pytest", "-q", "--changed")
    edit(foreign.root / "formulas/waves.py", "return n * f", "return f * n")
    edit(foreign.root / "formulas/sound.py", "return 20 * np.log10", "return np.log10")
    assert "exit 0" in foreign("-m", "pytest", "-q", "--changed", "tests/test_waves.py")
    said = foreign("-m", "pytest", "-q", "--changed")
    assert "exit 1" in said, "sound.level has changed, and only waves.harmonic was tested"
    assert "level: not what its witness" in said, said

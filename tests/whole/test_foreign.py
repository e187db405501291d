"""The engine serves other people's notes: tests/whole/foreign is a repository of three pages that knows it as a package only."""

import re
import shutil
import signal
import subprocess

import pytest

from tests.whole.project import Project, wait
from yansuan.site.check import documents, site_faults

WITHOUT = """
import sys
for name in ("mkdocs", "material", "numpy", "torch", "matplotlib", "nbformat", "fontTools", "ziamath"):
    sys.modules[name] = None
import markdown
print(markdown.markdown(open("docs/waves.md", encoding="utf-8").read(), extensions=["yansuan"]))
"""


def test_its_tests_run_by_the_plugin_and_its_site_shows_what_they_proved(foreign):
    assert len((foreign.root / "mkdocs.yml").read_text("utf-8").splitlines()) == 4
    assert "exit 0" in foreign.run("mkdocs", "build", "--strict", fresh=True)
    assert statuses(foreign) == {"unverified"}
    said = foreign.run("pytest")
    assert "exit 0" in said, said
    assert re.search(r"mutants: (\d+) of \1 killed", said), said
    assert "exit 0" in (said := foreign.run("mkdocs", "build", "--strict")), said
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
    assert "exit 0" in foreign.run("pytest", "-q", "-k", "harmonic")
    assert not report.exists(), "a partial run proves nothing about the whole"
    assert not tracked.exists()
    assert "exit 0" in foreign.run("pytest", "-q")
    before = [path.read_text("utf-8") for path in (report, tracked)]
    foreign.edit("formulas/waves.py", "return n * f", "return n * f + 1e-3")
    assert "exit 0" in foreign.run("mkdocs", "build", "--strict")
    html = (foreign.root / "site/waves/index.html").read_text("utf-8")
    assert 'data-status="unverified"' in html
    assert "changed since it was last tested" in html
    assert 'data-status="verified"' in (foreign.root / "site/sound/decibels/index.html").read_text("utf-8")
    assert "exit 0" in foreign.run("pytest", "-q", "tests/test_sound.py")
    assert [path.read_text("utf-8") for path in (report, tracked)] == before
    said = foreign.run("pytest", "-q")
    assert "exit 1" in said
    assert re.search(
        r"formulas/waves\.py:\d+: harmonic: not what its witness, tests/test_waves\.py:\d+, computes: "
        r"\S+ and \S+, relative error \S+ \(ordinary, seed 0\): mend one of the two",
        said,
    ), said
    assert not report.exists(), "what the last green run here measured is past"
    assert tracked.read_text("utf-8") == before[1], "its line is of another source than the edited one"
    foreign.edit("formulas/waves.py", "return n * f + 1e-3", "return n * f")
    for made in ("site", ".cache"):
        shutil.rmtree(foreign.root / made, ignore_errors=True)
    assert "exit 0" in foreign.run("mkdocs", "build", "--strict")
    assert statuses(foreign) == {"verified"}, "as in a fresh clone, before any test has run"
    assert "in the repository (tests/evidence.json), confirmed by CI" in (
        foreign.root / "site/waves/index.html"
    ).read_text("utf-8")


def test_only_what_has_changed_is_tested(foreign):
    assert "exit 0" in foreign.run("pytest", "-q", "--changed"), "nothing is known yet, so everything is new"
    assert "nothing has changed" in foreign.run("yansuan", "check")
    foreign.edit("formulas/waves.py", "return n * f", "return f * n")
    said = foreign.run("pytest", "-v", "--changed")
    assert "exit 0" in said, said
    assert "test_harmonic" in said
    assert "formulas/waves.py::waves.harmonic PASSED" in said, "its mutants"
    assert "test_level" not in said
    foreign.edit("formulas/waves.py", "return f * n", "return f + n")
    assert "exit 1" in foreign.run("pytest", "-q", "--changed")
    assert "exit 1" in foreign.run("pytest", "-q", "--changed"), "still red, still new"


def test_each_edit_is_tested_as_long_as_somebody_watches(foreign):
    foreign.run("pytest", "-q", "--changed")
    log = foreign.root / "log.txt"
    process = foreign.start(log, "yansuan", "check", "--watch")
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
            foreign.edit("formulas/waves.py", old, new)
            wait(lambda wanted=wanted, before=before: re.search(wanted, log.read_text("utf-8")[before:]), 60, log)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    finally:
        process.kill()
    assert "Traceback" not in log.read_text("utf-8")
    assert "nothing has changed" in foreign.run("yansuan", "check")


def test_a_test_with_a_process_of_its_own_is_left_to_a_whole_run(foreign):
    test = "\n\n@pytest.mark.own_process\ndef test_elsewhere():\n    assert False\n"
    with (foreign.root / "tests/test_waves.py").open("a", encoding="utf-8") as tests:
        tests.write("\n\nimport pytest" + test)
    assert "exit 0" in (said := foreign.run("pytest", "-q", "--changed")), said
    assert "test_elsewhere" in foreign.run("pytest", "-q")


def test_an_edit_during_a_run_is_not_tested(foreign):
    slow = """

def test_slow():
    code = __import__("pathlib").Path("formulas/waves.py")
    code.write_text(code.read_text("utf-8").replace("return n * f", "return f * n"), "utf-8")
"""
    with (foreign.root / "tests/test_waves.py").open("a", encoding="utf-8") as tests:
        tests.write(slow)
    code = "formulas/waves.py"
    for command in (["--changed"], []):
        assert "exit 0" in (said := foreign.run("pytest", "-q", *command)), said
        assert "nothing has changed" not in foreign.run("yansuan", "check"), "the edit counted as tested"
        foreign.edit(code, "return f * n", "return n * f")
    foreign.edit(code, "return n * f", "return f * n")
    assert "exit 0" in foreign.run("mkdocs", "build")
    assert "changed since it was last tested" in (foreign.root / "site/waves/index.html").read_text("utf-8")


def test_check_sees_what_an_edited_page_does_to_others(installed, server, tmp_path):
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
    pages, page = Project(tmp_path, installed, server), "docs/en/a.md"
    assert "docs/en/a.md: matched #a" in pages.run("yansuan", "match", "docs/en/a.md")
    assert "exit 0" in (said := pages.run("yansuan", "check")), said
    pages.edit(page, "Text.", "Another text.")
    said = pages.run("yansuan", "check")
    assert "exit 1" in said
    assert "docs/zh/a.md:6: #a: its twin in docs/en/a.md has changed since" in said
    for text, fault in (
        ("See [b](b.md).", "docs/en/a.md:8: link 'b.md': no page docs/en/b.md"),
        ("TODO", "docs/en/a.md:8: still to write: 'TODO'"),
    ):
        pages.edit(page, "Another text.", text)
        assert fault in (said := pages.run("yansuan", "check")), said
        pages.edit(page, text, "Another text.")
    for lang in ("zh", "en"):
        (tmp_path / "docs" / lang / "b.md").write_text("# B {#b}\n", "utf-8")
    assert "test_no_b" in (said := pages.run("yansuan", "check")), said


def test_in_a_fresh_clone_what_was_committed_is_not_tested_again(foreign):
    for command in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"]):
        subprocess.run(["git", *command], cwd=foreign.root, check=True)
    assert "nothing has changed" in foreign.run("yansuan", "check")
    foreign.edit("formulas/waves.py", "return n * f", "return f * n")
    said = foreign.run("yansuan", "check", fresh=True)
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
    foreign.edit(path, old, new)
    said = foreign.run("mkdocs", "build")
    assert "exit 1" in said
    assert fault in said, said
    assert "Traceback" not in said, said


def test_the_engine_needs_no_more_than_markdown(foreign):
    said = foreign.run("-c", WITHOUT, fresh=True)
    assert "exit 0" in said, said
    assert 'data-formula="waves.harmonic"' in said
    assert "<math" in said


def test_a_new_formula_is_green_but_for_what_its_author_has_to_say(foreign):
    assert "wrote formulas/waves.py" in foreign.run("yansuan", "formula", "waves.beat")
    page = foreign.root / "docs/waves.md"
    page.write_text(page.read_text("utf-8") + "\n/// formula | waves.beat\n\n///\n", "utf-8")
    said = foreign.run("pytest", "-q")
    assert "exit 1" in said
    assert re.search(r"formulas/waves\.py:\d+: still to write: 'r\"\"\"TODO its name'", said), said
    assert said.count("\nFAILED ") == 1, said
    for path in (foreign.root / "formulas/waves.py", foreign.root / "tests/test_waves.py"):
        path.write_text(path.read_text("utf-8").replace("TODO ", ""), "utf-8")
    assert "exit 0" in (said := foreign.run("pytest", "-q")), said


def test_what_was_not_tested_stays_new(foreign):
    assert "exit 0" in foreign.run("pytest", "-q", "--changed")
    foreign.edit("formulas/waves.py", "return n * f", "return f * n")
    foreign.edit("formulas/sound.py", "return 20 * np.log10", "return np.log10")
    assert "exit 0" in foreign.run("pytest", "-q", "--changed", "tests/test_waves.py")
    said = foreign.run("pytest", "-q", "--changed")
    assert "exit 1" in said, "sound.level has changed, and only waves.harmonic was tested"
    assert "level: not what its witness" in said, said

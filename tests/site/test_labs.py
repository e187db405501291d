"""The labs of this site: both languages the same, their verdicts as they were found, what is executed what is offered."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from yansuan.notes.page import LANGS
from yansuan.notes.twins import differences
from yansuan.runs import execute, labs, notebook, shell
from yansuan.runs.lab import every

LABS = every()
every_lab = pytest.mark.parametrize("slug", LABS)
# a verdict that a rerun changes fails here: look at the run, then at the words on the pages, then change this
FOUND = {
    "batch-statistics": {
        "moving-average-works": "reproduced",
        "small-test-batch-fails": "reproduced",
        "small-training-batch-fails": "partly",
    },
    "before-or-after": {"little-difference": "partly"},
    "covariate-shift": {
        "reduces-shift": "partly",
        "directions-agree": "partly",
        "noisy-still-trains": "reproduced",
    },
    "depth-and-sigmoid": {"fails-without": "reproduced", "only-with": "not reproduced"},
    "feature-scaling": {"faster": "reproduced"},
    "learning-rate": {"tolerates-larger": "reproduced", "x30-worse-than-x5": "partly"},
    "loss-landscape": {"smoother": "partly", "explains-training": "partly"},
    "synchronized": {"needs-merging": "reproduced"},
}


def run(slug):
    return labs.load(slug)


@every_lab
def test_both_languages_say_the_same(slug):
    faults = differences(LABS[slug].page("zh"), LABS[slug].page("en"))
    assert not faults, "\n".join(faults)


@every_lab
def test_the_verdicts_are_those_that_were_found(slug):
    assert run(slug)["verdicts"] == FOUND[slug]


def test_every_lab_is_expected_to_find_something():
    assert FOUND.keys() == LABS.keys()
    assert all(FOUND.values())


@every_lab
def test_runs_in_time(slug):
    """Processor time: a busy machine is no fault of the lab."""
    assert run(slug)["seconds"] < 20


@every_lab
@pytest.mark.parametrize("lang", LANGS)
def test_every_verdict_and_number_is_in_the_text(slug, lang):
    text = LABS[slug].prose(lang)
    assert set(re.findall(rf"^/// verdict \| {slug}\.(\S+)$", text, re.M)) == run(slug)["verdicts"].keys()
    pages = text + "".join(p.read_text("utf-8") for p in Path("docs", lang).rglob("*.md"))
    assert set(re.findall(rf"\[={slug}\.([\w-]+)\]", pages)) == run(slug)["numbers"].keys()


def offered(lab, lang):
    """(the code cells of the notebook to download, the script)"""
    book, script = notebook.download(lab, lang)
    return [cell.source for cell in nbformat.reads(book, as_version=4).cells if cell.cell_type == "code"], script


@every_lab
def test_what_is_executed_is_what_is_downloaded(slug, monkeypatch, tmp_path):
    """Byte for byte, so that a run of the lab is a run of its notebook, in an empty folder."""
    executed = []

    def taken(cells, _):
        executed.extend(cells[1:-1])  # without ours
        return iter([[]])

    monkeypatch.setattr(shell, "execute", taken)
    monkeypatch.setattr(execute, "style", lambda _: None)
    execute.run(LABS[slug], tmp_path)
    for lang in LANGS:
        cells, script = offered(LABS[slug], lang)
        assert cells == [text for text in executed if text.strip()]
        assert all(f"# %%\n{cell}\n" in script for cell in cells)
        assert "snippets" not in re.sub(r"#.*", "", "\n".join(cells))


def test_the_scripts_are_plain_python(tmp_path):
    """No magic and no name that only a notebook has, such as display."""
    for slug, lab in LABS.items():
        (tmp_path / f"{slug}.py").write_text(offered(lab, "en")[1], "utf-8")
    ruff = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--isolated",
        "--select",
        "F821,F704,F706",
        "--output-format",
        "concise",
        ".",
    ]
    done = subprocess.run(ruff, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout

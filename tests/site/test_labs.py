"""The labs of this site: both languages the same, their verdicts as they were found, what is executed what is offered."""

import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import nbformat
import pytest

from yansuan.notes.page import LANGS
from yansuan.notes.twins import differences
from yansuan.runs import execute, labs, notebook, shell, verdict
from yansuan.runs.lab import every
from yansuan.runs.words import of

LABS = every()
every_lab = pytest.mark.parametrize("slug", LABS)
# in how many cases a claim holds; when a rerun changes it, look at the run, then at the words on the pages, then here
FOUND = {
    "batch-statistics": {
        "moving-average-works": (4, 5),  # not with p = 0.999 and 220 steps
        "small-test-batch-fails": (4, 6),  # batches of 20 and 40 do
        "small-training-batch-fails": (1, 4),  # only batches of 2
    },
    "before-or-after": {"little-difference": (6, 9)},
    "covariate-shift": {"reduces-shift": (1, 5), "directions-agree": (8, 10), "noisy-still-trains": (5, 5)},
    "depth-and-sigmoid": {
        "fails-without": (1, 2),  # 4 layers train after 100 epochs
        "only-with": (0, 2),
    },
    "feature-scaling": {"faster": (2, 4)},  # not when features are correlated at one scale
    "learning-rate": {
        "tolerates-larger": (2, 2),
        "x30-worse-than-x5": (1, 2),  # the change of +0.001 at the base 0.03 is none
        "better-at-best": (10, 10),
    },
    "loss-landscape": {"smoother": (2, 5), "explains-training": (2, 5)},
    "synchronized": {"needs-merging": (2, 3)},  # shards of 16 lose nothing
}


def run(slug):
    return labs.load(slug)


@every_lab
def test_both_languages_say_the_same(slug):
    faults = differences(LABS[slug].page("zh"), LABS[slug].page("en"))
    assert not faults, "\n".join(faults)


@every_lab
def test_the_verdicts_are_those_that_were_found(slug):
    found = {claim: (sum(one["cases"]), len(one["cases"])) for claim, one in run(slug)["verdicts"].items()}
    assert found == FOUND[slug]


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
    measured = " ".join(one.get("measured", {}).get(lang, "") for one in run(slug)["verdicts"].values())
    named = {*re.findall(rf"\[={slug}\.([\w-]+)\]", pages), *verdict.SLOT.findall(measured)}
    assert named == run(slug)["numbers"].keys()


@every_lab
@pytest.mark.parametrize("lang", LANGS)
def test_a_lab_opens_with_its_verdicts(slug, lang):
    """After the title and the question; what follows says how they were found."""
    top = LABS[slug].prose(lang).partition("\n## ")[0]
    assert re.findall(rf"^/// verdict \| {slug}\.(\S+)$", top, re.M) == list(FOUND[slug])


@every_lab
def test_a_description_is_of_a_figure(slug):
    """The other way round, a figure without one stops the build (yansuan/runs/notebook.py)."""
    drawings = sum(kind == "svg" for mine in run(slug)["outputs"] for kind, _ in mine)
    assert [sum(bool(cell.alt) for cell in LABS[slug].cells if cell.lang == lang) for lang in LANGS] == [drawings] * 2


@every_lab
def test_code_and_what_it_prints_fit_a_page(slug):
    """80 columns; a Chinese character takes two."""
    texts = [text for _, text in LABS[slug].code]
    texts += [
        of(text, lang) for mine in run(slug)["outputs"] for kind, text in mine if kind == "text" for lang in LANGS
    ]
    wide = [line for text in texts for line in text.splitlines() if columns(line) > 80]
    assert not wide, f"docs/labs/{slug}.py: wider than 80 columns: {wide[0]!r}: break it"


def columns(line):
    return sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in line)


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

"""A new formula and a new note, as an author makes them: complete at once, and every TODO is found."""

import re
import shutil
from pathlib import Path

import pytest

from yansuan.__main__ import main
from yansuan.formula import load_all
from yansuan.pages import Page, differences

NOTE = ["note", "papers/new-2020", "--title", "New | 新", "--paper", "A New Thing", "--authors", "A. Nobody"]
NOTE += ["--year", "2020", "--arxiv", "2001.00001"]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The project without its pages but one."""
    for name in ("mkdocs.yml", "mkdocs.en.yml"):
        shutil.copy(name, tmp_path)
    shutil.copytree("snippets", tmp_path / "snippets")
    monkeypatch.chdir(tmp_path)
    Path("tests").mkdir()
    Path("docs").mkdir()
    Path("docs/papers.csv").write_text("title,arxiv,page\nA New Thing,2001.00001,\nAn Old One,1901.00001,\n", "utf-8")
    return tmp_path


def test_a_new_formula_is_complete(here):
    main(["formula", "brand_new.first"])
    main(["formula", "brand_new.second"])
    formulas = load_all("snippets")
    assert formulas["brand_new.first"].output == formulas["brand_new.second"].output == "2.0"
    tests = Path("tests/test_brand_new.py").read_text("utf-8")
    assert "from snippets.brand_new import first, second" in tests
    assert tests.count("@witness(") == 2
    compile(tests, "tests", "exec")


def test_a_new_formula_joins_its_family(here):
    before = Path("snippets/losses.py").read_text("utf-8")
    Path("tests/test_losses.py").write_text("from snippets.losses import (\n    softmax,\n)\n", "utf-8")
    main(["formula", "losses.hinge"])
    assert Path("snippets/losses.py").read_text("utf-8").startswith(before)
    assert "    hinge,\n    softmax,\n" in Path("tests/test_losses.py").read_text("utf-8")


def test_a_new_note_is_the_same_in_both_languages_and_listed(here):
    main([*NOTE, "--formulas", "losses.softmax"])
    zh, en = Page("docs/zh/papers/new-2020.md"), Page("docs/en/papers/new-2020.md")
    assert not differences(zh, en)
    assert [card for card, _ in zh.found(re.compile(r"^/// formula \| (\S+)$", re.M))] == ["losses.softmax"]
    for config in ("mkdocs.yml", "mkdocs.en.yml"):
        assert Path(config).read_text("utf-8").count("- papers/new-2020.md\n") == 1
    assert "A New Thing,2001.00001,papers/new-2020.md\nAn Old One,1901.00001,\n" in Path("docs/papers.csv").read_text()


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["formula", "softmax"], "'softmax' is not a name for a formula: write family.function"),
        (["formula", "losses.softmax"], r"snippets/losses\.py:\d+: softmax is here already: choose another name"),
        ([*NOTE[:1], "new", *NOTE[2:]], "'new' is not a place for a note: write folder/name-year"),
        ([*NOTE[:3], "New", *NOTE[4:]], "--title needs both languages: 'English | 中文'"),
        (
            [*NOTE, "--formulas", "losses.nothing"],
            "there is no formula 'losses.nothing': run 'python -m yansuan formula",
        ),
    ],
)
def test_what_cannot_be_made_is_said_in_one_line(here, arguments, fault):
    with pytest.raises(SystemExit, match=fault) as stop:
        main(arguments)
    assert "\n" not in str(stop.value)


def test_nothing_is_overwritten(here):
    main(NOTE)
    with pytest.raises(SystemExit, match=r"docs/zh/papers/new-2020\.md:1: is here already"):
        main(NOTE)

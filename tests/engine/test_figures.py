"""Figures: drawn once, again when something that decides how they look has changed, and each by itself."""

import subprocess
from pathlib import Path

import pytest

from yansuan.base.errors import YansuanError
from yansuan.runs import child, draw, figures, words
from yansuan.runs.child import NotRun
from yansuan.runs.runs import Running, Runs, stale

TOOLS = '"""Tools."""\n\nRATE = 2.0\n\n\ndef twice(x):\n    return RATE * x\n\n\ndef unused(x):\n    return x\n'
WAVE = "import matplotlib.pyplot as plt\n\nfrom helpers.tools import twice\n\nplt.plot([1, twice(2)])\nnumbers = {'n': f'{twice(2):.0f}'}\n"


@pytest.fixture(autouse=True)
def _project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("helpers", "docs/figures"):
        Path(folder).mkdir(parents=True)
    Path("helpers/tools.py").write_text(TOOLS, "utf-8")
    Path("docs/figures/wave.py").write_text(WAVE, "utf-8")


def edit(path, old, new):
    text = Path(path).read_text("utf-8")
    assert old in text
    Path(path).write_text(text.replace(old, new, 1), "utf-8")


def test_a_drawing_does_not_delete_that_of_a_figure_whose_name_begins_the_same():
    Path("docs/figures/wave-2.py").write_text(WAVE.replace("[1,", "[3,"), "utf-8")
    figures.load("wave-2")
    edit("docs/figures/wave.py", "[1,", "[5,")
    figures.load("wave")
    assert figures.stored("wave-2")
    assert figures.stored("wave")


def test_only_what_decides_how_it_looks_draws_it_again():
    assert figures.load("wave")["numbers"] == {"n": "4"}
    edit("docs/figures/wave.py", "plt.plot", "# a line\nplt.plot")
    edit("helpers/tools.py", "return x\n", "return x + 1\n")
    edit("helpers/tools.py", "def twice(x):\n", 'def twice(x):\n    """Twice."""\n')
    assert figures.stored("wave")
    edit("helpers/tools.py", "RATE = 2.0", "RATE = 3.0")
    assert figures.stored("wave") is None
    assert figures.load("wave")["numbers"] == {"n": "6"}


@pytest.mark.parametrize("name", ["draw.py", "svg.py", "words.py", "work.py"])
def test_what_draws_it_decides_how_it_looks_but_for_comments(monkeypatch, tmp_path, name):
    script, engine = Path("docs/figures/wave.py"), tmp_path / "engine"
    engine.mkdir()
    before, here = figures.inputs(script), figures.HERE
    monkeypatch.setattr(figures, "HERE", engine)
    for added, same in (("", True), ("\n# a comment\n", True), ("\nTHIS = 1\n", False)):
        for other in ("draw.py", "svg.py", "words.py", "work.py"):
            (engine / other).write_text((here / other).read_text("utf-8") + added * (other == name), "utf-8")
        assert (figures.inputs(script) == before) is same


@pytest.mark.parametrize("statement", ["from helpers import tools", "from helpers.tools import *"])
def test_a_module_that_is_imported_whole_decides_how_it_looks(statement):
    edit("docs/figures/wave.py", "from helpers.tools import twice", statement)
    before = figures.inputs(Path("docs/figures/wave.py"))
    edit("helpers/tools.py", "return x\n", "return x + 1\n")
    assert figures.inputs(Path("docs/figures/wave.py")) != before


def test_the_version_of_every_library_that_it_imports_decides_how_it_looks():
    edit("docs/figures/wave.py", "import matplotlib", "import yaml\nimport sklearn.datasets\nimport matplotlib")
    versions = figures.inputs(Path("docs/figures/wave.py"))["versions"]
    assert versions.keys() == {"matplotlib", "numpy", "sklearn", "yaml"}
    assert "absent" not in versions.values()


def test_while_an_author_waits_the_last_drawing_will_do():
    """And a page says so where there is none; a build waits for the drawing as it is today."""
    runs = Runs(wait=False, page=("zh", "index.md"))
    with pytest.raises(Running):
        runs.figure("wave")
    assert runs.asked == {("figure", "wave"): {("zh", "index.md")}}
    before = Runs().figure("wave")
    edit("docs/figures/wave.py", "[1,", "[5,")
    assert runs.figure("wave") == before
    assert Runs().figure("wave") != before


def test_before_a_build_all_is_computed_at_once_but_not_twice():
    Path("docs/figures/other.py").write_text(WAVE, "utf-8")
    assert [task.name for task in stale()] == ["other", "wave"]
    Runs().prepare()
    assert not list(stale())


def test_one_that_fails_stops_the_build_and_those_before_it_are_kept():
    Path("docs/figures/bad.py").write_text("1 / 0\n", "utf-8")
    with pytest.raises(YansuanError, match=r"^docs/figures/bad\.py:1: ZeroDivisionError: division by zero$"):
        Runs().prepare()


def test_a_figure_that_takes_too_long_is_named_and_those_before_it_are_kept(monkeypatch):
    Path("docs/figures/slow.py").write_text("import time\n\ntime.sleep(60)\n", "utf-8")
    monkeypatch.setattr(figures, "SECONDS", 5)
    with pytest.raises(YansuanError, match=r"^docs/figures/slow\.py:1: not ready in 5 s: make it faster$"):
        figures.load("wave")
    assert figures.stored("wave")


def test_a_script_that_ends_its_process_is_named():
    Path("docs/figures/rude.py").write_text("import os\n\nos._exit(0)\n", "utf-8")
    with pytest.raises(child.Died, match=r"^docs/figures/rude\.py:1: nothing was said$"):
        figures.load("rude")


def test_what_a_script_prints_is_no_part_of_its_result():
    edit(
        "docs/figures/wave.py",
        "plt.plot",
        "import sys\nprint('docs/figures/other.py:7')\nsys.stderr.write('x')\nplt.plot",
    )
    assert figures.load("wave")["numbers"] == {"n": "4"}


def test_without_a_library_nothing_is_drawn_and_nothing_is_tried(monkeypatch):
    monkeypatch.setattr(figures, "LIBRARIES", ("numpy", "no_such_library"))
    monkeypatch.setattr(subprocess, "Popen", None)
    with pytest.raises(NotRun, match="no_such_library: not installed"):
        figures.load("wave")


def test_a_library_that_fails_to_import_is_a_fault_of_the_script_unless_it_draws():
    edit("docs/figures/wave.py", "import matplotlib", "import no_such_library\nimport matplotlib")
    with pytest.raises(YansuanError, match=r"^docs/figures/wave\.py:1: ModuleNotFoundError: No module named 'no_such"):
        figures.load("wave")
    assert draw.LIBRARIES == ("numpy", "matplotlib")


def test_every_path_is_a_setting():
    """A project that has its figures and its cache elsewhere."""
    Path("pyproject.toml").write_text('[tool.yansuan]\nfigures = "drawings"\ncache = "made"\n', "utf-8")
    Path("docs/figures").rename("drawings")
    assert figures.load("wave")
    assert Path("made/figures/wave.json").is_file()
    assert not Path(".cache").exists()


def test_a_figure_that_is_edited_while_it_is_drawn_is_drawn_again():
    tools = "from pathlib import Path\n\nPath('helpers/tools.py').write_text(Path('helpers/tools.py').read_text().replace('RATE = 2', 'RATE = 3'))\n"
    edit("docs/figures/wave.py", "plt.plot", f"{tools}plt.plot")
    figures.load("wave")
    assert figures.stored("wave") is None
    edit("helpers/tools.py", "RATE = 3", "RATE = 2")
    assert figures.stored("wave") is None, "nobody knows which of the two was drawn"


def test_a_library_that_only_the_program_lacks_is_named(monkeypatch, tmp_path):
    (tmp_path / "path").mkdir()
    (tmp_path / "path/sitecustomize.py").write_text("import sys\nsys.modules['matplotlib'] = None\n", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "path"))
    with pytest.raises(NotRun, match=r"^matplotlib is not installed$"):
        figures.load("wave")


WORDS = """import matplotlib.pyplot as plt

from yansuan.runs.words import words

plt.plot([1, 2])
plt.title(f"{words(en='loss', zh='损失')} 1")
plt.xlabel("$t$")
"""


def test_words_are_text_in_the_language_of_the_page_and_formulas_are_drawn():
    Path("docs/figures/wave.py").write_text(WORDS, "utf-8")
    drawn = figures.load("wave")["svg"]
    assert drawn.keys() == {"en", "zh"}
    assert ">loss 1</text>" in words.of(drawn, "en")
    assert ">损失 1</text>" in words.of(drawn, "zh")
    assert all("font-family" not in svg and "STIX" in svg and "t</text>" not in svg for svg in drawn.values())


def test_chinese_words_are_measured_an_em_a_character():
    assert words.measured("批量, a") == "——, a"


@pytest.mark.parametrize("pair", [("", "损失"), ("loss", " "), ("loss $L$", "损失"), ("loss", "损失 $L$")])
def test_words_are_words_in_both_languages(pair):
    with pytest.raises(ValueError, match="both are words"):
        words.words(en=pair[0], zh=pair[1])


def test_where_the_engine_lies_decides_nothing():
    """Here it is a folder of the project, elsewhere a package: the same drawing."""
    script = Path("docs/figures/wave.py")
    script.write_text(WORDS, "utf-8")
    package = figures.inputs(script)
    Path("yansuan/runs").mkdir(parents=True)
    Path("yansuan/runs/words.py").write_text("def words(en, zh):\n    return en\n", "utf-8")
    assert figures.inputs(script) == package

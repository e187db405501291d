"""Labs, on a small project: run once, rerun when what they use changes, refused if they would not run elsewhere."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from tests.engine.test_bad_input import render
from yansuan.base.errors import YansuanError
from yansuan.runs import execute, labs, notebook, shell, svg, verdict, words, work
from yansuan.runs import lab as labtext
from yansuan.runs.lab import Lab

HELPER = "import numpy as np\n\nRATE = 2.0\n\n\ndef twice(x):\n    return RATE * np.asarray(x)\n\n\ndef unused(x):\n    return x\n"
LAB = """# %% [markdown] tags=["zh"]
# # 题 {#lab}

# %% [markdown] tags=["en"]
# # Title {#lab}

# %%
from pathlib import Path

from helpers.tools import twice

with Path(COUNT).open("a") as file:
    file.write("x")
print(twice(21.0))

# %%
cases = [twice(n) > 3 for n in (1, 2, 3)]
numbers = {"n": "42"}
verdicts = {
    "claim": {
        "en": "doubled, they are large",
        "zh": "加倍之后都很大",
        "cases": cases,
        "of": {"en": "numbers", "zh": "个数"},
        "measured": {"en": "21 gives {n}", "zh": "21 得 {n}"},
    },
}

# %% [markdown] tags=["zh"]
# 值 [=lab.n]。
#
# /// verdict | lab.claim
# ///

# %% [markdown] tags=["en"]
# Value [=lab.n].
#
# /// verdict | lab.claim
# ///
"""


@pytest.fixture
def lab(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(Path(labs.__file__).parents[2]))
    for folder in ("helpers", "docs/labs", "docs/zh"):
        Path(folder).mkdir(parents=True)
    Path("helpers/tools.py").write_text(HELPER, "utf-8")
    path = Path("docs/labs/lab.py")
    path.write_text(LAB.replace("COUNT", repr(str(tmp_path / "count.txt"))), "utf-8")
    return path


CLAIM = {
    "en": "doubled, they are large",
    "zh": "加倍之后都很大",
    "cases": [False, True, True],
    "of": {"en": "numbers", "zh": "个数"},
    "measured": {"en": "21 gives {n}", "zh": "21 得 {n}"},
}
FOUND = {"outputs": [[["text", "42.0"]], []], "verdicts": {"claim": CLAIM}, "numbers": {"n": "42"}, "seconds": 1.0}


@pytest.fixture
def found(lab):
    """A lab with the run that it would have."""
    labs.store().put("lab", Lab(lab).inputs, FOUND)


def load():
    return labs.load("lab")


def edit(path, old, new):
    text = Path(path).read_text("utf-8")
    assert old in text
    Path(path).write_text(text.replace(old, new, 1), "utf-8")


def test_runs_once_and_again_only_when_what_it_uses_has_changed(lab):
    assert load() == FOUND | {"seconds": load()["seconds"]}
    assert Path("count.txt").read_text() == "x"
    edit("helpers/tools.py", "return x\n", "return x + 1\n")  # not used
    edit(lab, "# 值 ", "# 数 ")  # prose
    load()
    assert Path("count.txt").read_text() == "x"
    edit("helpers/tools.py", "RATE = 2.0", "RATE = 3.0")
    assert load()["outputs"][0] == [["text", "63.0"]]
    assert Path("count.txt").read_text() == "xx"
    assert [path.name for path in Path(".cache/labs").iterdir()] == ["lab.json"], "old runs are not kept"


def test_what_decides_nothing_does_not_run_a_lab_again(lab, found):
    edit("helpers/tools.py", "def twice(x):\n", 'def twice(x):\n    """Twice."""\n    # two times\n')
    edit(lab, "print(twice(21.0))", "print(twice(21.0))  # 42")
    assert labs.stored("lab")


@pytest.mark.parametrize("module", [execute, shell, svg, verdict, words, work])
def test_what_runs_it_and_draws_it_decides_a_run(lab, monkeypatch, module):
    """A comment there is no reason to run a lab again. Before, it was; and an edit of how drawings are made was not."""
    before, file = Lab(lab).inputs, Path(module.__file__)
    text = file.read_text("utf-8")
    for added, same in (("\n# a comment\n", True), ("\nTHIS = 1\n", False)):
        for name in ("execute.py", "shell.py", "svg.py", "verdict.py", "words.py", "work.py"):
            Path(name).write_text(Path(execute.__file__).with_name(name).read_text("utf-8"), "utf-8")
        Path(file.name).write_text(text + added, "utf-8")
        monkeypatch.setattr(labtext, "HERE", Path())
        assert (Lab(lab).inputs == before) is same


@pytest.mark.usefixtures("lab")
def test_a_module_that_a_notebook_imports_whole_decides_a_run():
    cell = v4.new_code_cell("from helpers import tools\nprint(tools.twice(21.0))")
    Path("note.ipynb").write_text(nbformat.writes(v4.new_notebook(cells=[cell])), "utf-8")
    before = notebook.Notebook(Path("note.ipynb")).inputs
    edit("helpers/tools.py", "RATE = 2.0", "RATE = 3.0")
    assert notebook.Notebook(Path("note.ipynb")).inputs != before


def test_a_lab_that_is_edited_while_it_runs_is_run_again(lab):
    tools = f"tools = Path({str(Path('helpers/tools.py').resolve())!r})"
    edit(
        lab,
        "print(twice(21.0))",
        f"{tools}; tools.write_text(tools.read_text().replace('RATE = 2', 'RATE = 3'))\nprint(twice(21.0))",
    )
    load()
    assert not labs.stored("lab")
    edit("helpers/tools.py", "RATE = 3", "RATE = 2")
    assert not labs.stored("lab"), "nobody knows which of the two was run"


@pytest.mark.parametrize("lives", [False, True])
def test_a_process_that_dies_is_tried_once_more(lab, tmp_path, lives):
    died = tmp_path / "died.txt"
    first = f"import os\nwith open({str(died)!r}, 'a') as file:\n    file.write('x')\n"
    again = f"if os.path.getsize({str(died)!r}) < {2 if lives else 9}:\n    os._exit(1)\n"
    edit(lab, "print(twice(21.0))", f"{first}{again}print(twice(21.0))")
    if lives:
        assert load()["verdicts"] == {"claim": CLAIM}
    else:
        with pytest.raises(YansuanError, match=r"^docs/labs/lab\.py:1: nothing was said$"):
            load()
    assert died.read_text() == "xx"


@pytest.mark.usefixtures("found")
def test_a_page_shows_numbers_and_verdicts():
    html = render("# T\n\n[=lab.n]\n\n/// verdict | lab.claim\n///\n")
    assert '<data class="ys-run" value="lab.n">42</data>' in html
    assert 'data-verdict="partly"' in html
    assert read(html).endswith("部分成立 说法：加倍之后都很大 3 个数中 2 个如此 · 21 得 42 · 见实验")
    assert 'href="labs/lab.ipynb#verdict-lab.claim"' in html
    in_english = read(render("# T\n\n/// verdict | lab.claim\n///\n", "en"))
    assert in_english.endswith(
        "Holds in part Claim: doubled, they are large True in 2 of 3 numbers · 21 gives 42 · the experiment"
    )


def read(html):
    return " ".join(re.sub("<[^>]*>", " ", html).split())


@pytest.mark.parametrize(
    ("cases", "label"),
    [
        ([True, True], "reproduced"),
        ([True, False], "partly"),
        ([True, False, False], "mostly not"),
        ([False], "not reproduced"),
    ],
)
def test_a_claim_is_reproduced_if_it_holds_in_all_cases(cases, label):
    assert verdict.label(CLAIM | {"cases": cases}) == label


@pytest.mark.usefixtures("found")
def test_a_run_kept_from_before_verdicts_had_a_claim_is_being_run_again(lab):
    labs.store().put("lab", Lab(lab).inputs, FOUND | {"verdicts": {"claim": "partly"}})
    assert 'data-verdict="running"' in render("# T\n\n/// verdict | lab.claim\n///\n")


def test_what_is_downloaded_defines_what_the_lab_imports(lab):
    _, script = notebook.download(Lab(lab), "zh")
    assert script.startswith("# %% [markdown]\n# # 题\n\n# %%\nfrom pathlib import Path\nimport numpy as np\n")
    assert "RATE = 2.0\n\n\ndef twice(x):" in script
    assert "helpers" not in script
    assert "Title" not in script
    assert "# 值 `n`。" in script


def test_what_is_downloaded_runs_elsewhere(lab, tmp_path):
    """The script in an empty folder, with no path to the project, prints what the page shows."""
    _, script = notebook.download(Lab(lab), "en")
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/lab.py").write_text(script, "utf-8")
    environment = {"PATH": os.environ["PATH"], "OMP_NUM_THREADS": "1", "PYTHONUTF8": "1"}
    command = [sys.executable, "-I", "lab.py"]
    done = subprocess.run(command, cwd=tmp_path / "empty", env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    printed = [text for outputs in load()["outputs"] for kind, text in outputs if kind == "text"]
    assert done.stdout.splitlines() == printed


ELSEWHERE = {  # what a reader has not, and what is said
    "open('helpers/tools.py')": "FileNotFoundError",
    "import helpers.tools": "ModuleNotFoundError",
    "__import__('helpers.tools')": "ModuleNotFoundError",
    "style": "NameError",
    "begin": "NameError",
    "import os; assert os.listdir() == []": "nothing",
}


def test_a_lab_is_executed_in_an_empty_folder_without_the_project(lab):
    attempts = f"""for text in {list(ELSEWHERE)}:
    try:
        exec(text)
        print('nothing')
    except Exception as error:
        print(type(error).__name__)"""
    edit(lab, "print(twice(21.0))", attempts)
    assert load()["outputs"][0] == [["text", "\n".join(ELSEWHERE.values())]]


@pytest.mark.parametrize(
    "new", ["import helpers.tools", "from helpers.tools import *", "def f():\n    from helpers.tools import twice"]
)
def test_only_names_are_taken_from_a_module(lab, new):
    edit(lab, "print(twice(21.0))", new)
    assert new in Lab(lab).steps()[-2].text


@pytest.mark.parametrize(
    ("new", "fault"),
    [
        (
            "from helpers import tools",
            "14: ModuleNotFoundError: No module named 'helpers', where a reader has none of this project: write",
        ),
        ("twice(21.0)", "8: this cell shows a value, which its script would not: print it"),
    ],
)
def test_a_lab_that_would_not_run_elsewhere_is_refused(lab, new, fault):
    edit(lab, "print(twice(21.0))", new)
    with pytest.raises(YansuanError) as error:
        load()
    assert str(error.value).startswith(f"docs/labs/lab.py:{fault}")


def test_a_module_that_prints_when_it_is_imported_is_refused(lab):
    edit("helpers/tools.py", "RATE = 2.0", "RATE = print('loaded') or 2.0")
    with pytest.raises(YansuanError, match=r"^docs/labs/lab\.py:1: a module that it imports from prints something"):
        load()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('# %% [markdown] tags=["zh"]', "# %% [markdown]", "1: not a cell: write"),
        ('# %% [markdown] tags=["zh"]', '# %% [markdown] tags=["fr"]', "1: not a cell: write"),
        ('# %% [markdown] tags=["zh"]', 'import os\n# %% [markdown] tags=["zh"]', "1: text before the first cell"),
        ('# %% [markdown] tags=["en"]\n# # Title {#lab}\n', "", "1: a zh cell without its en twin"),
        ('# %% [markdown] tags=["zh"]\n# # 题 {#lab}\n', "", "1: an en cell without its zh twin"),
        ("# # Title", "Title", "5: prose in a lab begins with '# '"),
        ("import twice", "import thrice", "10: no 'thrice' in helpers/tools.py"),
        ("print(twice(21.0))", "print(twice(21.0)", "14: not valid Python"),
        ("print(twice(21.0))", "print(1 / 0)", "14: ZeroDivisionError: division by zero"),
        ("numbers = {", "raise ValueError('no')\nnumbers = {", "18: ValueError: no"),
        ('"claim": {', '"claim": "partly" or {', "20: verdicts['claim'] is 'partly' and has no claim: write {\"en\":"),
        ('        "en": "doubled, they are large",\n', "", "20: verdicts['claim'] says nothing in 'en': add \"en\": "),
        (', "zh": "个数"', "", "20: verdicts['claim']['of'] says nothing in 'zh': add \"zh\": "),
        ('"zh": "21 得 {n}"', '"zh": " "', "20: verdicts['claim']['measured'] says nothing in 'zh': add"),
        (
            '        "cases": cases,\n',
            "",
            "20: verdicts['claim'] has no count: give \"cases\" a list with True or False",
        ),
        ('"cases": cases', '"cases": cases[:0]', "20: verdicts['claim'] has no count: give"),
        ('"cases": cases', '"cases": sum(cases)', "20: verdicts['claim'] has no count: give"),
        ('"cases": cases', '"cases": [True, True]', '23: "cases" are written down: compute them'),
        ('"zh": "21 得 {n}"', '"zh": "21 得 42"', "20: verdicts['claim']['measured'] measures nothing in 'zh': name a"),
        ('"en": "21 gives {n}"', '"en": "{m}"', "20: verdicts['claim']['measured'] names 'm', numbers are n"),
        (
            '"cases": cases',
            '"case": cases, "cases": cases',
            "20: verdicts['claim'] has case, which nothing reads: delete",
        ),
    ],
)
def test_a_fault_stops_the_build_at_its_line(lab, old, new, fault):
    edit(lab, old, new)
    if "thrice" in new:
        edit(lab, "twice(21.0)", "thrice(21.0)")
    with pytest.raises(YansuanError) as error:
        load()
    assert str(error.value).startswith(f"docs/labs/lab.py:{fault}")
    assert "\n" not in str(error.value)


def test_numbers_are_text(lab):
    edit(lab, '{"n": "42"}', '{"n": 42}')
    with pytest.raises(YansuanError, match=r"^docs/labs/lab\.py:18: numbers\['n'\] is not text: write f"):
        load()


def test_cases_may_be_an_array(lab):
    edit(lab, '"cases": cases', '"cases": __import__("numpy").array(cases)')
    assert load()["verdicts"] == {"claim": CLAIM}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("/// verdict | lab.other\n///\n", "3: verdict: the lab 'lab' gives verdicts on claim, not on 'other'"),
        ("/// verdict | nolab.claim\n///\n", "3: verdict: there is no lab 'nolab' in docs/labs; there are lab"),
        ("/// verdict | lab.claim\n\nText.\n", "3: the block 'lab.claim' is not closed"),
        ("[=lab.m]\n", "3: [=lab.m]: docs/labs/lab.py computes n"),
    ],
)
@pytest.mark.usefixtures("found")
def test_a_page_that_asks_for_what_a_lab_has_not_found(text, fault):
    with pytest.raises(YansuanError) as error:
        render(f"# T\n\n{text}")
    assert str(error.value).startswith(f"docs/zh/page.md:{fault}")


def test_without_the_libraries_a_lab_is_not_run(lab, monkeypatch):
    monkeypatch.setattr(labs, "NEEDED", ("numpy", "no_such_library"))
    with pytest.raises(labs.NotRun, match="no_such_library: not installed"):
        load()
    assert "没有运行" in render("# T\n\n/// verdict | lab.claim\n///\n")

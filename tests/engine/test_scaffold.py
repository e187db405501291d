"""A new formula and a new note, as an author makes them: complete at once, and every TODO is found."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.test_pages import nav_faults
from tests.engine.test_tables import page_faults, shelf_faults
from yansuan.author.cli import main
from yansuan.formula.formula import load_all
from yansuan.notes.page import Page
from yansuan.notes.shelf import COLUMNS, all_rows
from yansuan.notes.twins import differences

ROOT = Path(__file__).parents[2]
NOTE = ["note", "papers/new-2020", "--title", "New | 新", "--paper", "A New Thing", "--authors", "A. Nobody"]
NOTE += ["--year", "2020", "--arxiv", "2001.00001"]

SHELF = f"""{",".join(COLUMNS["section"])}
Old,vision,2019-01,An Old One,A. Body,2019-01,,1901.00001,papers/old-2019.md,
New,vision,2020-01,A New Thing,A. Nobody,2020-01,,2001.00001,,
Late,model,2021-01,A Late One,A. Body,2021-01,,2101.00001,,
"""
OURS = ["note", "papers/huber-1964", "--title", "Huber loss, 1964 | Huber 损失（1964）", "--paper", "Robust Estimation"]
OURS += ["--authors", "P. Huber", "--year", "1964"]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The project without its pages but one."""
    shutil.copy("mkdocs.yml", tmp_path)
    shutil.copytree("snippets", tmp_path / "snippets")
    monkeypatch.chdir(tmp_path)
    Path("pyproject.toml").write_text("[tool.yansuan]\n", "utf-8")
    Path("tests").mkdir()
    Path("docs").mkdir()
    Path("docs/papers.csv").write_text(SHELF, "utf-8")
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
    assert [block.name for block in zh.scan.blocks if block.is_card] == ["losses.softmax"]
    assert Path("mkdocs.yml").read_text("utf-8").count("- papers/new-2020.md\n") == 1
    named = SHELF.replace("2020-01,,2001.00001,,", "2020-01,,2001.00001,papers/new-2020.md,")
    assert Path("docs/papers.csv").read_text("utf-8") == named != SHELF


def test_a_paper_is_known_by_its_title_too(here):
    main([*NOTE[: NOTE.index("--arxiv")], "--section", "vision"])
    assert Path("docs/papers.csv").read_text("utf-8").count("\n") == SHELF.count("\n")


@pytest.mark.parametrize("year", ["1000", "9000"])
def test_a_paper_that_is_not_listed_gets_a_row_and_a_place_in_its_section(here, capsys, year):
    """In the tables and nav of this project, first or last of its section."""
    shutil.copy(ROOT / "docs/papers.csv", "docs")
    before = all_rows("docs/papers.csv", "section")
    page, title = f"papers/ours-{year}", f"Our Own Loss, {year} | 我们的损失（{year}）"
    main(["note", page, *OURS[2:3], title, *OURS[4:-1], year, "--section", "optimization"])
    said = capsys.readouterr().out
    assert f"its address: /zh/{page}/, /en/{page}/\n" in said
    assert "move it" not in said
    rows = all_rows("docs/papers.csv", "section")
    (number,) = [number for number, row in rows if row["page"] == f"{page}.md"]
    text = Path("docs/papers.csv").read_text("utf-8")
    assert text.splitlines()[number - 1] == f",optimization,,Robust Estimation,P. Huber,{year},TODO venue,,{page}.md,"
    assert [row for n, row in rows if n != number] == [row for _, row in before]
    assert shelf_faults(rows) == [f"docs/papers.csv:{number}: still to write: replace the TODO"]
    Path("docs/papers.csv").write_text(text.replace("TODO ", ""), "utf-8")
    assert not shelf_faults(all_rows("docs/papers.csv", "section"))
    for lang, title in (("zh", f"# 我们的损失（{year}） {{#"), ("en", f"# Our Own Loss, {year} {{#")):
        assert not [fault for fault in page_faults(rows, lang) if page in fault]
        assert Path(f"docs/{lang}/{page}.md").read_text("utf-8").startswith(title)
    nav = Path("mkdocs.yml").read_text("utf-8")
    docs = ROOT / "docs/zh"
    assert not nav_faults(nav, {f"{page}.md", *(p.relative_to(docs).as_posix() for p in docs.rglob("*.md"))})
    section = [row["page"] for _, row in rows if row["section"] == "optimization" and row["page"]]
    assert section.index(f"{page}.md") in (0, len(section) - 1)
    untitled = re.sub(r"^( +- ).*: (?=\S+\.md$)", r"\1", nav, flags=re.M)
    assert "".join(f"          - {name}\n" for name in section) in untitled


def test_a_section_that_nav_does_not_have_is_left_to_the_author(here, capsys):
    main([*OURS, "--section", "model", "--arxiv", "2102.00001"])
    assert "its line in nav is the last of its folder: move it to its section\n" in capsys.readouterr().out
    assert Path("docs/papers.csv").read_text("utf-8").splitlines()[-1] == (
        ",model,,Robust Estimation,P. Huber,2021-02,,2102.00001,papers/huber-1964.md,"
    )


def test_a_note_that_is_on_no_paper_needs_no_row(here):
    main(["note", "knowledge/huber-loss", *OURS[2:]])
    assert Path("docs/papers.csv").read_text("utf-8") == SHELF


def test_what_is_written_passes_the_rules_when_its_todos_are_replaced(here):
    """All of them, in a project that has nothing else; then a check of the shapes is taken away."""
    for path in Path("snippets").glob("[!_]*.py"):
        path.unlink()
    for name in ("__init__", "formulas/test__shapes", "project/test_rules", "project/test_every_formula"):
        shutil.copy(ROOT / "tests" / f"{name}.py", "tests")
    names = [f"brand_new.{name}" for name in ("first", "second")]
    for name in names:
        main(["formula", name])
    main([*NOTE, "--formulas", *names])
    for path in [*Path("snippets").glob("*.py"), *Path("docs").rglob("*.md")]:
        path.write_text(
            re.sub(r"TODO(: |：| |$)", "some " * (path.suffix == ".md"), path.read_text("utf-8"), flags=re.M), "utf-8"
        )
    main(["match", "docs/en/papers/new-2020.md"])
    assert "exit 0" in (said := pytest_here()), said
    assert re.search(r"mutants: (\d+) of \1 killed", said), said

    code = Path("snippets/brand_new.py")
    code.write_text(code.read_text("utf-8").replace("@checked\n", "", 1), "utf-8")
    said = pytest_here("tests/test_every_formula.py")
    fault = r"it gives a result, where the docstring has x \(m,\): write @checked above it"
    assert re.search(rf"snippets/brand_new\.py:\d+: first: with x \(\d, 2\) {fault}", said), said
    assert "second: with" not in said


def pytest_here(*arguments):
    """Run pytest in the working directory; 'exit <code>' and what it said."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    environment = kept | {"PYTHONPATH": os.pathsep.join([str(Path.cwd()), str(ROOT)]), "CI": ""}
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return f"exit {done.returncode}\n{done.stdout}{done.stderr}"


def test_the_shapes_are_checked_where_there_is_a_check(here):
    Path("snippets/_shapes.py").unlink()
    main(["formula", "brand_new.first"])
    assert "shapes" not in Path("snippets/brand_new.py").read_text("utf-8")


@pytest.mark.parametrize(
    ("imports", "after"),
    [
        ("", "\nimport numpy as np\n\nfrom snippets._shapes import checked\n"),
        ("\nimport numpy as np\n", "\nimport numpy as np\n\nfrom snippets._shapes import checked\n"),
        (
            "\nimport numpy as np\n\nfrom snippets.losses import softmax\n",
            "\nimport numpy as np\n\nfrom snippets._shapes import checked\nfrom snippets.losses import softmax\n",
        ),
        *[2 * ("\nimport numpy as np\n\nfrom snippets._shapes import checked\n",)],
    ],
)
def test_the_check_is_imported_once(here, imports, after):
    Path("snippets/brand_new.py").write_text(f'"""New\n新\n"""\n{imports}', "utf-8")
    main(["formula", "brand_new.first"])
    text = Path("snippets/brand_new.py").read_text("utf-8")
    assert text.startswith(f'"""New\n新\n"""\n{after}\n\n@checked\ndef first(')


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["formula", "softmax"], "'softmax' is not a name for a formula: write family.function"),
        (["formula", "losses.softmax"], r"snippets/losses\.py:\d+: softmax is here already: choose another name"),
        ([*NOTE[:1], "new", *NOTE[2:]], "'new' is not a place for a note: write folder/name-year"),
        ([*NOTE[:3], "New", *NOTE[4:]], "--title needs both languages: 'English | 中文'"),
        (
            [*NOTE, "--section", "model"],
            "docs/papers.csv:3: this paper is in the section 'vision': leave out --section",
        ),
        (
            [*NOTE[:-1], "1901.00001"],
            r"docs/papers.csv:2: this paper has a page already, papers/old-2019\.md: edit that",
        ),
        (OURS, "docs/papers.csv: this paper is not listed: add '--section NAME', one of vision, model"),
        (
            [*OURS, "--section", "x"],
            "docs/papers.csv: there is no section 'x': add '--section NAME', one of vision, model",
        ),
        (
            [*OURS, "--section", "model", "--arxiv", "7"],
            "the row for docs/papers.csv: arxiv is '7': write it as 1502.03167",
        ),
        ([*OURS[:-1], "64", "--section", "model"], "the row for docs/papers.csv: month is '64': write it as 2015-02"),
        (
            ["note", "knowledge/huber-loss", *OURS[2:], "--section", "model"],
            "--section is for a page under papers/ and docs/papers.csv: leave it out",
        ),
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
    assert not Path("docs/zh").exists(), "nothing is written before all is known to be right"
    assert Path("docs/papers.csv").read_text("utf-8") == SHELF


def test_nothing_is_overwritten(here):
    main(NOTE)
    with pytest.raises(SystemExit, match=r"docs/zh/papers/new-2020\.md:1: is here already"):
        main(NOTE)

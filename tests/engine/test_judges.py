"""Which tests judge a function, and the key of all that does: what must change it changes it, and nothing else does."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.test_bad_input import SNIPPET
from tests.engine.test_bad_input import project as project  # the fixture
from yansuan.author.watch import modules_for, packages_of
from yansuan.proof import changed, judges
from yansuan.proof.changed import Changes
from yansuan.proof.judges import Keys, folders, functions, modules_about, users
from yansuan.proof.sources import Sources

ENGINE = Path(judges.__file__).parents[1]
READ = Sources()  # the engine stays as it is from one test to the next
FILES = {
    "pyproject.toml": '[tool.yansuan]\ntests = "tests/formulas"\n\n'
    '[tool.pytest.ini_options]\ntestpaths = ["tests/formulas", "tests/project"]\n',
    "conftest.py": "LIMIT = 1\n",
    "snippets/_help.py": "def half(a):\n    return a / 2\n",
    "tests/helper.py": "NUMBER = 1\n",
    "tests/formulas/test_family.py": "from tests import helper\nfrom tests.project.test_rules import *\n\nX = 1\n",
    "tests/formulas/test_other.py": "Y = 1\n",
    "tests/formulas/equivalent_mutants.py": "EQUIVALENT = {}\n",
    "tests/project/test_rules.py": "from yansuan.proof.rules import *\n\nGIVEN = 1\n",
    "tests/project/test_list.py": "import pytest\n\n\n@pytest.mark.pages\ndef test_list():\n    pass\n",
    "tests/project/test_apart.py": '"""rules import"""\nA = 1\n',
    "tests/whole/test_whole.py": "from yansuan.proof.rules import *\n",
}

pytestmark = pytest.mark.usefixtures("project")


@pytest.fixture(autouse=True)
def tests(project):
    for name, text in FILES.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, "utf-8")


def key(families=("family",)):
    (mean,) = (function for function in functions() if function.label == "family.mean")
    return Keys(READ).of(mean, families)


def test_rules_are_found_wherever_pytest_looks_for_tests():
    assert [path.as_posix() for path in folders()] == ["tests/formulas", "tests/project"]
    about = [path.as_posix() for path in modules_about({"family"})]
    assert about == ["tests/formulas/test_family.py", "tests/project/test_rules.py"]
    pages = [path.as_posix() for path in modules_about((), pages=True)]
    assert pages == ["tests/project/test_list.py", "tests/project/test_rules.py"]


@pytest.mark.parametrize("text", ["", '[tool.pytest.ini_options]\ntestpaths = "tests/formulas  tests/project"\n', None])
def test_where_pytest_looks_may_be_said_otherwise(text):
    Path("pyproject.toml").write_text(text or "", "utf-8")
    if text is None:
        Path("pyproject.toml").unlink()
    assert Path("tests/project/test_rules.py") in modules_about(())


@pytest.mark.parametrize(
    "path",
    [
        "conftest.py",
        "tests/helper.py",
        "tests/formulas/test_family.py",
        "tests/project/test_rules.py",
    ],
)
def test_what_judges_is_in_the_key_and_its_comments_are_not(path):
    before, text = key(), Path(path).read_text("utf-8")
    Path(path).write_text(f'"""Said in words."""\n# and more\n\n{text}', "utf-8")
    assert key() == before
    Path(path).write_text(text + "Z = 2\n", "utf-8")
    assert key() != before


@pytest.mark.parametrize("variable", ["EQUIVALENT", "EQUIVALENT_LATEX"])
def test_what_is_listed_of_a_function_is_in_its_key_and_in_no_other(variable):
    before, path = key(), Path("tests/formulas/equivalent_mutants.py")
    path.write_text(f"{variable} = {{'family.other': {{'a -> b': 'why'}}}}\n", "utf-8")
    assert key() == before
    path.write_text(f"{variable} = {{'family.mean': {{'a -> b': 'why'}}}}\n", "utf-8")
    assert key() != before


@pytest.mark.parametrize(
    "path", ["tests/formulas/test_other.py", "tests/project/test_apart.py", "tests/whole/test_whole.py"]
)
def test_what_does_not_judge_is_not_in_the_key(path):
    before = key()
    Path(path).write_text("Z = 2\n", "utf-8")
    assert key() == before


def test_the_tests_of_a_formula_that_needs_the_function_are_in_the_key():
    before = key({"family", "other"})
    assert before != key()
    Path("tests/formulas/test_other.py").write_text("Z = 2\n", "utf-8")
    assert key({"family", "other"}) != before


def test_who_needs_what_is_known_of_helpers_too():
    text = SNIPPET.replace("import numpy as np\n", "import numpy as np\n\nfrom snippets._help import half\n")
    Path("snippets/family.py").write_text(text.replace("return np.sum", "return half(2) * np.sum"), "utf-8")
    assert users()[Path("snippets/_help.py"), "half"] == {"family.mean"}
    assert {function.label for function in functions()} == {"family.mean", "_help.half"}


def test_the_version_of_whatever_is_installed_is_in_the_key(monkeypatch, tmp_path):
    """A witness may be anything: SciPy, scikit-learn, the package of a paper."""
    before = key()
    monkeypatch.setattr("sys.path", [*sys.path, str(tmp_path / "site-packages")])
    assert key() == before
    (tmp_path / "site-packages/scipy-99.dist-info").mkdir(parents=True)
    assert key() != before


def test_what_a_test_calls_of_other_families_is_in_the_key_of_a_score_and_of_nothing_else():
    """A mutant may be noticed by way of another function, or of the check of shapes."""

    def both():
        (mean,) = (function for function in functions() if function.label == "family.mean")
        return Keys(READ).of_score(mean, ("family",)), Keys(READ).of(mean, ("family",))

    Path("snippets/other.py").write_text("from snippets._help import half\n\nX = 1\n", "utf-8")
    test = Path("tests/formulas/test_family.py")
    test.write_text("from snippets.other import X\n" + test.read_text("utf-8"), "utf-8")
    before = both()
    for path in ("snippets/other.py", "snippets/_help.py"):
        text = Path(path).read_text("utf-8")
        Path(path).write_text(text + "Z = 2\n", "utf-8")
        after = both()
        assert after[0] != before[0], path
        assert after[1] == before[1], path
        Path(path).write_text(text, "utf-8")
        assert both() == before


@pytest.mark.parametrize(
    "name", ["witness", "draw", "sources", "typeset", "rules", "mutants", "mutation", "deadline", "derivative"]
)
def test_every_part_of_the_engine_that_judges_is_in_the_key(name, monkeypatch):
    before, read = key(), Sources.hash
    monkeypatch.setattr(
        Sources, "hash", lambda self, path: "another" if path == ENGINE / f"proof/{name}.py" else read(self, path)
    )
    assert key() != before


def test_so_is_whatever_executes_the_latex(monkeypatch):
    before, read = key(), Sources.hash
    for path in sorted((ENGINE / "tex").glob("*.py")):
        monkeypatch.setattr(Sources, "hash", lambda self, p, path=path: "another" if p == path else read(self, p))
        assert key() != before, path


def test_an_edit_of_the_function_is_in_the_key_and_an_edit_of_prose_is_not():
    before = key()
    text = Path("snippets/family.py").read_text("utf-8")
    Path("snippets/family.py").write_text(text.replace("nobody 1900", "nobody 1901"), "utf-8")
    assert key() == before
    Path("snippets/family.py").write_text(text.replace("len(z)", "z.size"), "utf-8")
    assert key() != before


def test_the_engine_names_no_file_of_this_project():
    own = {path.name for path in (ENGINE.parent / "tests").rglob("test_*.py")}
    for path in ENGINE.rglob("*.py"):
        named = {
            node.value
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Constant) and node.value in own
        }
        assert not named, f"{path}: {named}"


@pytest.mark.parametrize("text", ["", "[]", "{", '{"sources": {}, "functions": {}}', "null"])
def test_a_damaged_record_of_what_was_green_counts_as_none(text):
    prints = changed.fingerprints()
    changed.record(prints)
    assert not changed.changed(prints)
    changed.record_file().write_text(text, "utf-8")
    assert changed.changed(prints).sources == set(prints["sources"]), "no commit here: everything is new"


def test_what_was_read_the_last_time_is_believed_of_the_same_file_by_the_same_code_and_never_in_ci(monkeypatch):
    path, cache = Path("tests/helper.py"), ".cache"
    monkeypatch.setenv("CI", "")

    def read():
        kept = Sources.kept(cache)
        found = kept.hash(path)
        kept.keep(cache)
        return found

    true = read()
    file = Path(cache, "sources.json")
    file.write_text(file.read_text("utf-8").replace(true, "a lie"), "utf-8")
    assert read() == "a lie", "it is kept"
    assert Sources().hash(path) == true, "a whole run reads everything itself"
    monkeypatch.setenv("CI", "true")
    assert Sources.kept(cache).hash(path) == true
    monkeypatch.setenv("CI", "")
    with monkeypatch.context() as other:
        other.setattr("sys.version", "another")
        assert Sources.kept(cache).hash(path) == true
    before = path.stat()
    path.write_text("NUMBER = 3\n", "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert read() not in (true, "a lie")


def test_after_an_edit_only_what_concerns_it_is_collected():
    formula = Changes(sources=frozenset({"family.mean"}), functions=frozenset({"family.mean"}))
    assert modules_for(formula) == ["tests/formulas/test_family.py", "tests/project/test_rules.py"]
    page = Changes(pages=frozenset({"docs/en/a.md"}))
    assert modules_for(page) == ["tests/project/test_list.py", "tests/project/test_rules.py"]
    assert modules_for(formula, pages=True) == sorted({*modules_for(formula), *modules_for(page)})


def test_what_is_collected_after_every_edit_imports_nothing_that_takes_long(monkeypatch):
    """Torch alone takes a second; `yansuan check` takes three, whatever the formula."""
    monkeypatch.chdir(ENGINE.parent)
    every = modules_about(())
    assert Path("tests/project/test_rules.py") in every
    large = {"sklearn", "scipy", "matplotlib", "mkdocs", "jupytext", "nbformat", "nbclient", "playwright", "zensical"}
    for path in every:
        imported = {name.partition(".")[0] for name in packages_of(path)}
        assert not (found := imported & large), f"{path}: import {', '.join(found)} in the tests that need it"


def test_finding_out_what_has_changed_imports_no_torch():
    code = "import sys; from yansuan.author import cli; assert not {'torch', 'numpy', '_pytest'} & {*sys.modules}"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ENGINE.parent)

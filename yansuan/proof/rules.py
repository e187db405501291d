"""Rules for every formula and every page: a test module of a project says `from yansuan.proof.rules import *`.

Every formula has a witness and a card, its example prints what the card shows, its typeset LaTeX, unless it is an
algorithm in steps, computes what the function computes. Every `>>>` session on a page prints what the page shows. With
two languages, both say the same.
"""

import ast
import doctest
import importlib
from pathlib import Path

import pytest

from yansuan.base.settings import settings
from yansuan.base.textfile import read
from yansuan.formula.formula import load_all, modules
from yansuan.notes import links, page, twins
from yansuan.notes.scan import scan
from yansuan.proof.plugin import concerned
from yansuan.proof.typeset import worst
from yansuan.proof.witness import RTOL, witnesses
from yansuan.tex.tokens import TexError

PROJECT = settings()
FORMULAS = {name: formula for name, formula in load_all(PROJECT.snippets).items() if concerned(name)}
PAGES = page.pages()
LATEX = {}  # formula: "executed" or "read" (its docstring says why), by the tests that passed
every_formula = pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
every_name = pytest.mark.parametrize("name", FORMULAS)


def must(holds, message):
    """Like assert, but an author sees the message alone."""
    if not holds:
        pytest.fail(message, pytrace=False)


def test_families_and_tests_mirror_each_other():
    for path in modules(PROJECT.snippets):
        tests = Path(PROJECT.tests, f"test_{path.stem}.py")
        must(tests.is_file(), f"{path}:1: no {tests.as_posix()}: write its witnesses there")


@every_formula
def test_has_a_witness(formula):
    cure = f"write one with @witness({formula.node.name}) in {PROJECT.tests}/test_{formula.module.path.stem}.py"
    must(witnesses(formula.id), f"{formula.module.path}:{formula.line}: {formula.node.name}: no witness: {cure}")


@every_formula
@pytest.mark.parametrize("docs", PROJECT.page_folders, ids=str)
def test_is_on_a_page(formula, docs):
    where = f"{formula.module.path}:{formula.line}: {formula.node.name}"
    cure = f"show it with '/// formula | {formula.id}'"
    must(formula.id in page.cards(docs), f"{where}: on no page of {docs.as_posix()}: {cure}")


@every_formula
def test_example_prints_exactly_what_the_card_shows(formula):
    module = importlib.import_module(f"{PROJECT.package}.{formula.module.path.stem}")
    test = doctest.DocTestParser().get_doctest(
        ast.get_docstring(formula.node) or "", dict(vars(module)), formula.id, str(formula.module.path), formula.line
    )
    said = []
    doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    must(not said, "".join(said))


@pytest.mark.parametrize("name", [name for name in FORMULAS if not FORMULAS[name].steps])
def test_the_latex_computes_what_the_function_computes(name):
    formula = FORMULAS[name]
    where = f"{formula.module.path}:{formula.tex_line}: {formula.node.name}"
    try:
        error, refusal = worst(name, formula.tex), None
    except TexError as reason:
        error, refusal = None, reason
    if "Read" in formula.fields:
        must(refusal, f"{where}: the LaTeX can be executed (relative error {error}): remove the line 'Read:'")
    else:
        must(not refusal, f"{where}: {refusal}: correct it, or say under 'Read:' why it is only read")
        must(error <= RTOL, f"{where}: the LaTeX and the function differ: relative error {error:.1e}: mend one")
    LATEX[name] = "read" if "Read" in formula.fields else "executed"


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_links_lead_to_a_place(path):
    must(not (faults := links.dead_links(path)), "\n".join(faults))


if len(PROJECT.languages) > 1:

    @pytest.mark.parametrize("path", PAGES, ids=str)
    def test_page_says_the_same_as_its_twin(path):
        twin = page.Page(path).twin
        must(twin.is_file(), f"{path}:1: no {twin}: write it, with the same headings")
        must(not (faults := twins.differences(page.Page(path), page.Page(twin))), "\n".join(faults))

    @pytest.mark.parametrize("path", PAGES, ids=str)
    def test_no_translation_is_stale(path):
        must(not (faults := twins.stale(page.Page(path))), "\n".join(faults))


def sessions():
    """(page, line, text) of every `>>>` session; those that both languages share, once."""
    seen = set()
    for path in PAGES:
        for fence in scan(read(path)).fences:
            if fence.speaks("pycon") and fence.body not in seen:
                seen.add(fence.body)
                yield pytest.param(path, fence.line, fence.body, id=f"{path}:{fence.line}")


@pytest.mark.parametrize(("path", "line", "text"), list(sessions()))
def test_session_prints_exactly_what_the_page_shows(path, line, text):
    said = []
    test = doctest.DocTestParser().get_doctest(text, {}, path.name, str(path), line)
    assert test.examples
    doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    must(not said, "".join(said))


def test_nothing_is_left_to_write():
    """What the scaffold leaves to the author is marked TODO."""
    for path in [*PAGES, *modules(PROJECT.snippets)]:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            must("TODO" not in line, f"{path.as_posix()}:{number}: still to write: {line.strip()!r}")

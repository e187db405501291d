"""Rules for every formula and every page: a test module of a project says `from yansuan.proof.rules import *`.

Every formula has a witness and a card, its example prints what the card shows, its typeset LaTeX, unless it is an
algorithm in steps, computes what the function computes, and no small change of it does; its derivative is that of
something in torch. Every `>>>` session on a page prints what the page shows. With two languages, both say the same.

The tests here have no state: `pytest.mark.yansuan("formula")` is given a case for each formula by proof/cases.py.
"""

import ast
import doctest
import importlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from yansuan.base.errors import YansuanError
from yansuan.base.settings import settings
from yansuan.formula.formula import Formula, load, modules
from yansuan.notes import links, page, twins
from yansuan.proof import derivative
from yansuan.proof.equivalent import entry_latex, equivalent_latex
from yansuan.proof.findings import LATEX, VALUES
from yansuan.proof.latex_mutants import latex_mutants
from yansuan.proof.plugin import declared
from yansuan.proof.typeset import caught, difference, worst
from yansuan.proof.values import of_symbols, watched
from yansuan.proof.witness import REGISTRY, RTOL, witnesses
from yansuan.tex.tokens import TexError

if not declared():
    raise YansuanError(
        "pyproject.toml", 1, "no [tool.yansuan]: add it, even if it is empty, to a project with formulas"
    )

Record = Callable[[str, object], None]

every_formula = pytest.mark.yansuan("formula")
every_typeset_formula = pytest.mark.yansuan("typeset")
every_executed_formula = pytest.mark.yansuan("executed")
every_page = pytest.mark.yansuan("path")


def must(holds: object, message: str) -> None:
    """Like assert, but an author sees the message alone."""
    if not holds:
        pytest.fail(message, pytrace=False)


def place(formula: Formula, line: int | None = None) -> str:
    return f"{formula.module.path}:{line or formula.line}: {formula.node.name}"


def test_families_and_tests_mirror_each_other() -> None:
    for path in modules(settings().snippets):
        tests = Path(settings().tests, f"test_{path.stem}.py")
        must(tests.is_file(), f"{path}:1: no {tests.as_posix()}: write its witnesses there")


@every_formula
def test_has_a_witness(formula: Formula) -> None:
    cure = f"write one with @witness({formula.node.name}) in {witness_file(formula)}"
    must(witnesses(formula.id), f"{place(formula)}: no witness: {cure}")


def witness_file(formula: Formula) -> str:
    return Path(settings().tests, f"test_{formula.module.path.stem}.py").as_posix()


@pytest.fixture(scope="session")
def cards() -> Mapping[Path, Mapping[str, Path]]:
    """The cards of each folder of pages: looked for once, not for each formula."""
    return {docs: page.cards(docs) for docs in settings().page_folders}


@every_formula
@pytest.mark.yansuan("docs")
def test_is_on_a_page(formula: Formula, docs: Path, cards: Mapping[Path, Mapping[str, Path]]) -> None:
    cure = f"show it with '/// formula | {formula.id}'"
    must(formula.id in cards[docs], f"{place(formula)}: on no page of {docs.as_posix()}: {cure}")


@every_formula
def test_example_prints_exactly_what_the_card_shows(formula: Formula, record_property: Record) -> None:
    module = importlib.import_module(f"{settings().package}.{formula.module.path.stem}")
    test = doctest.DocTestParser().get_doctest(
        ast.get_docstring(formula.node) or "", dict(vars(module)), formula.id, str(formula.module.path), formula.line
    )
    said: list[str] = []
    with watched(getattr(module, formula.node.name)) as calls:
        doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    must(not said, "".join(said))
    must(calls, f"{place(formula)}: its example does not call it: show what {formula.node.name} gives")
    record_property(VALUES, {"formula": formula.id, "values": of_symbols(formula, calls[0])})


@every_typeset_formula
def test_the_latex_computes_what_the_function_computes(name: str, record_property: Record) -> None:
    formula = load(settings().snippets, name)
    where = place(formula, formula.tex_line)
    error, refusal = 0.0, None
    try:
        error = worst(name, formula.tex)
    except TexError as reason:
        refusal = reason
    except YansuanError as fault:
        must(False, str(fault))
    if "Read" in formula.fields:
        must(refusal, f"{where}: the LaTeX can be executed (relative error {error}): remove the line 'Read:'")
    else:
        must(not refusal, f"{where}: {refusal}: correct it, or say under 'Read:' why it is only read")
        if error > RTOL:
            must(False, f"{where}: the LaTeX and the function differ: {difference(name, formula.tex)}: mend one")
    record_property(LATEX, {"formula": name, "latex": "read" if "Read" in formula.fields else "executed"})


@every_executed_formula
def test_every_small_change_of_the_latex_is_noticed(name: str) -> None:
    formula = load(settings().snippets, name)
    where = place(formula, formula.tex_line)
    fault = caught(name, formula.tex)
    must(not fault, f"{where}: first mend the LaTeX: {fault}")
    every = latex_mutants(formula)
    survivors = [tex for tex in every if not caught(name, tex)]
    same = equivalent_latex(name)
    cure = (
        f"draw other arguments (GIVEN in yansuan/proof/typeset.py), or, if it is the same formula, {entry_latex(name)}"
    )
    unlisted = [tex for tex in survivors if not any(part in tex for part in same)]
    must(not unlisted, "\n".join(f"{where}: nothing notices the change to {tex!r}: {cure}" for tex in unlisted))
    for part in same:
        must(any(part in tex for tex in survivors), f"{where}: {part!r} is listed, but caught or gone: unlist it")
    few = max(1, 0.05 * len(every))
    must(len(survivors) <= few, f"{where}: {len(survivors)} of {len(every)} changes are listed: at most {few:.0f}")


@pytest.mark.yansuan("name")
def test_the_derivative_is_autograds(name: str) -> None:
    formula = load(settings().snippets, name)
    where, short = place(formula), formula.node.name
    torch_one, why_not = derivative.in_torch(name)
    none = name in REGISTRY.no_derivative
    must(
        torch_one or none,
        f"{where}: no witness that autograd can follow takes all of its arguments ({'; '.join(why_not)}): "
        f"in {witness_file(formula)} write the function in torch under @derivative({short}), "
        f"or say no_derivative({short}, 'why')",
    )
    if not torch_one:
        return
    must(not none, f"{where}: it has a derivative, and no_derivative says that it has none: remove one of the two")
    error, allowed = derivative.worst(name), derivative.RTOL
    must(error <= allowed, f"{where}: finite differences and autograd differ: relative error {error:.1e}: mend one")
    # a comparison that sees nothing proves nothing
    must(derivative.worst(name, snippet=derivative.larger(name)) > allowed, f"{where}: a wrong slope is not noticed")
    for argument in sorted(derivative.moving(derivative.point(name, 0))):
        seen = derivative.worst(name, without={argument}) > 1e3 * allowed
        must(seen, f"{where}: nothing notices when the derivative by {argument} is left out: draw other arguments")


@every_page
def test_links_lead_to_a_place(path: Path) -> None:
    must(not (faults := links.dead_links(path)), "\n".join(faults))


if len(settings().languages) > 1:

    @every_page
    def test_page_says_the_same_as_its_twin(path: Path) -> None:
        twin = page.Page(path).twin
        must(twin.is_file(), f"{path}:1: no {twin}: write it, with the same headings")
        must(not (faults := twins.differences(page.Page(path), page.Page(twin))), "\n".join(faults))

    @every_page
    def test_no_translation_is_stale(path: Path) -> None:
        must(not (faults := twins.stale(page.Page(path))), "\n".join(faults))


@pytest.mark.yansuan("session")
def test_session_prints_exactly_what_the_page_shows(path: Path, line: int, text: str) -> None:
    said: list[str] = []
    test = doctest.DocTestParser().get_doctest(text, {}, path.name, str(path), line)
    assert test.examples
    doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    must(not said, "".join(said))


def test_nothing_is_left_to_write() -> None:
    """What the scaffold leaves to the author is marked TODO."""
    for path in [*page.pages(), *modules(settings().snippets)]:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            must("TODO" not in line, f"{path.as_posix()}:{number}: still to write: {line.strip()!r}")

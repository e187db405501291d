"""Rules that hold for every formula and every page: a test module of a project says `from yansuan.rules import *`.

Every formula has a witness and a card, its example prints what the card shows, its typeset LaTeX, unless it is an
algorithm in steps, computes what the function computes. Every `>>>` session on a page prints what the page shows. With
two languages, both say the same.
"""

import ast
import doctest
import functools
import importlib
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from yansuan import pages
from yansuan.formula import Formula, load_all, modules
from yansuan.plugin import concerned
from yansuan.settings import settings
from yansuan.texeval import TexError, equations, execute, lex
from yansuan.witness import REGIMES, RTOL, draw, relative_error, shapes_of, witnesses

PROJECT = settings()
FORMULAS = {name: formula for name, formula in load_all(PROJECT.snippets).items() if concerned(name)}
PAGES = pages.pages()
SESSION = re.compile(r"^( *)``` ?\{[^}\n]*\.pycon[^}\n]*\}\n(.*?)^\1```", re.M | re.S)
SEEDS = 4
LATEX = {}  # formula: "executed" or "read" (its docstring says why), by the tests that passed
GIVEN = {}  # formula: arguments for its LaTeX, where those of its first witness are a special case in the code
every_formula = pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
every_name = pytest.mark.parametrize("name", FORMULAS)


def must(holds, message):
    """Like assert, but an author sees the message alone."""
    if not holds:
        pytest.fail(message, pytrace=False)


def function(formula: Formula):
    return getattr(importlib.import_module(f"{PROJECT.package}.{formula.module.path.stem}"), formula.node.name)


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
    must(formula.id in pages.cards(docs), f"{where}: on no page of {docs.as_posix()}: {cure}")


@every_formula
def test_example_prints_exactly_what_the_card_shows(formula):
    module = importlib.import_module(f"{PROJECT.package}.{formula.module.path.stem}")
    test = doctest.DocTestParser().get_doctest(
        ast.get_docstring(formula.node) or "", dict(vars(module)), formula.id, str(formula.module.path), formula.line
    )
    said = []
    doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    must(not said, "".join(said))


def run(function, arguments):
    """What the function returns, and its local variables when it does."""
    seen, before = {}, sys.getprofile()

    def watch(frame, event, _):
        if event == "return" and frame.f_code is function.__code__:
            seen.update(frame.f_locals)

    sys.setprofile(watch)
    try:
        return function(**arguments), seen
    finally:
        sys.setprofile(before)


@functools.cache
def inputs(name):
    """[(what the LaTeX is given, what it must compute)]: arguments as witnesses draw them, then the function run."""
    formula = FORMULAS[name]
    shapes = shapes_of(name)
    special = GIVEN.get(name) or witnesses(name)[0].given
    defined = [chain.members[0] for chain in equations(formula.tex)]
    found = []
    for seed in range(SEEDS):
        drawn = draw(np.random.default_rng([seed, *name.encode()]), shapes, special, *REGIMES["ordinary"])
        arguments = {n: drawn[n] for n in shapes}
        returned, known = run(function(formula), arguments)
        results = [s.name for s in formula.symbols if s.name.startswith("->")]
        called = [s.name for s in formula.symbols if s.shape == "(function)" and s.name not in shapes]
        known |= {n: function(formula).__globals__[n] for n in called}
        known |= dict(zip(results, returned if isinstance(returned, tuple) else (returned,), strict=True))
        local = {s.name: lex(s.tex) in defined for s in formula.symbols if s.name not in shapes}
        given = arguments | {n: known[n] for n in local if not local[n] and n not in results}
        found.append((given, {n: known[n] for n in local if local[n] or n in results}))
    return found


def worst(name, tex):
    """The largest relative error of the LaTeX on all inputs. Raises TexError if it cannot be executed."""
    error = 0.0
    for given, wanted in inputs(name):
        got = execute(tex, FORMULAS[name].symbols, given)
        error = max(error, *(relative_error(got[n], wanted[n]) for n in wanted))
        if error > RTOL:
            break
    return error


def caught(name, tex):
    """Why the LaTeX is not what the function computes; None if it is."""
    try:
        error = worst(name, tex)
    except TexError as refusal:
        return str(refusal)
    return f"relative error {error:.1e}" if error > RTOL else None


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
        must(not refusal, f"{where}: {refusal}: correct it, or say why it is only read: 'Read: in English | 中文'")
        must(error <= RTOL, f"{where}: the LaTeX and the function differ: relative error {error:.1e}: mend one")
    LATEX[name] = "read" if "Read" in formula.fields else "executed"


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_links_lead_to_a_place(path):
    must(not (faults := pages.dead_links(path)), "\n".join(faults))


if len(PROJECT.languages) > 1:

    @pytest.mark.parametrize("path", PAGES, ids=str)
    def test_page_says_the_same_as_its_twin(path):
        twin = pages.Page(path).twin
        must(twin.is_file(), f"{path}:1: no {twin}: write it, with the same headings")
        must(not (faults := pages.differences(pages.Page(path), pages.Page(twin))), "\n".join(faults))

    @pytest.mark.parametrize("path", PAGES, ids=str)
    def test_no_translation_is_stale(path):
        must(not (faults := pages.stale(pages.Page(path))), "\n".join(faults))


def sessions():
    """(page, line, text) of every `>>>` session; those that both languages share, once."""
    seen = set()
    for path in PAGES:
        text = path.read_text("utf-8")
        for m in SESSION.finditer(text):
            if m[2] not in seen:
                seen.add(m[2])
                yield pytest.param(
                    path, text.count("\n", 0, m.start(2)), m[2], id=f"{path}:{text.count(chr(10), 0, m.start()) + 1}"
                )


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

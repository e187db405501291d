"""Rules that hold for every formula, now and later: by loop over the snippets, not by memory."""

import ast
import doctest
import importlib
import re
from pathlib import Path

import numpy as np
import pytest

from tests import witness
from yansuan.formula import Formula, load_all, modules, read

FORMULAS = load_all("snippets")
every_formula = pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
SIZES = {"m": 4, "d": 3, "R": 5}


def function(formula: Formula):
    return getattr(importlib.import_module(f"snippets.{formula.module.path.stem}"), formula.node.name)


def witnesses():
    for path in sorted(Path("tests").glob("test_*.py")):
        importlib.import_module(f"tests.{path.stem}")
    return witness.REGISTERED


def test_families_and_tests_mirror_each_other():
    for path in modules("snippets"):
        assert Path(f"tests/test_{path.stem}.py").is_file(), f"{path}: write its witnesses in tests/test_{path.stem}.py"


@every_formula
def test_has_a_witness(formula):
    assert formula.id in {w.formula for w in witnesses()}, (
        f"{formula.module.path}:{formula.line}: {formula.node.name}: no witness: "
        f"write one with @witness({formula.node.name}) in tests/test_{formula.module.path.stem}.py"
    )


@every_formula
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_is_on_a_page(formula, lang):
    card = re.compile(rf"^/// (?:formula|derivation) \| {re.escape(formula.id)}$", re.M)
    assert any(card.search(p.read_text("utf-8")) for p in Path("docs", lang).rglob("*.md")), (
        f"{formula.module.path}:{formula.line}: {formula.node.name}: on no page of docs/{lang}: "
        f"show it with '/// formula | {formula.id}'"
    )


@every_formula
def test_example_prints_exactly_what_the_card_shows(formula):
    module = importlib.import_module(f"snippets.{formula.module.path.stem}")
    test = doctest.DocTestParser().get_doctest(
        ast.get_docstring(formula.node), dict(vars(module)), formula.id, str(formula.module.path), formula.line
    )
    said = []
    doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    assert not said, "".join(said)


@every_formula
def test_reads_like_the_formula(formula):
    lines = [line for line in formula.code.splitlines()[1:] if line.strip()]
    assert 1 <= len(lines) <= 8, f"{formula.module.path}:{formula.line}: {len(lines)} lines: split the function"


@pytest.mark.parametrize("path", modules("snippets"), ids=str)
def test_snippets_need_only_numpy(path):
    for statement, _ in read(path).imported.values():
        names = [statement.module] if isinstance(statement, ast.ImportFrom) else [a.name for a in statement.names]
        for name in names:
            assert name.split(".")[0] in ("numpy", "snippets"), (
                f"{path}:{statement.lineno}: snippets use NumPy, not {name}"
            )


@every_formula
def test_checks_the_shapes_its_docstring_promises(formula):
    promised = {s.name: s.shape for s in formula.symbols}
    for call in ast.walk(formula.node):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "check_shapes":
            checked = dict(re.findall(r"(\w+) (\(.*?\))", call.args[0].value))
            assert checked == {name: promised[name] for name in checked}
            assert list(checked) == [a.id for a in call.args[1:]]


def arguments(formula):
    """Ones, in the shapes that the docstring promises; a matrix of one size is the identity, so that it is invertible."""
    parameters = [s for s in formula.symbols if s.name in {a.arg for a in formula.node.args.args}]
    shapes = {s.name: tuple(SIZES[letter] for letter in re.findall(r"\w+", s.shape)) for s in parameters}
    values = {n: np.eye(*s) if len(s) == 2 and s[0] == s[1] else np.ones(s) for n, s in shapes.items()}
    return shapes, values | {n: 4 for n in values if n == "m"}


@every_formula
def test_wrong_shapes_and_empty_arrays_are_refused(formula):
    shapes, good = arguments(formula)
    snippet = function(formula)
    snippet(**good)
    for name, shape in shapes.items():
        bad = [(name, np.ones((*shape, 2)))]
        if shape:
            bad += [(name, np.ones((0, *shape[1:]))), (name, np.ones(()))]
        if shape and sum(shape[-1] in other for other in shapes.values()) > 1:
            bad.append((r"\w+", np.ones((*shape[:-1], shape[-1] + 1))))
        for culprit, value in bad:
            with pytest.raises(ValueError, match=rf"^{culprit}: expected shape \(.*got \(.*\)$"):
                snippet(**good | {name: value})

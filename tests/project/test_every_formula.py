"""What this project asks of every formula beyond the rules of the engine: by loop over the snippets, not by memory."""

import ast
import re
from collections import Counter

import numpy as np
import pytest

from yansuan.formula.formula import modules
from yansuan.formula.module import read
from yansuan.proof.draw import FUNCTION, REGIMES, draw
from yansuan.proof.rules import every_formula
from yansuan.proof.witness import function, witnesses


@every_formula
def test_reads_like_the_formula(formula):
    lines = [line for line in formula.code.splitlines()[1:] if line.strip()]
    assert 1 <= len(lines) <= 8, f"{formula.module.path}:{formula.line}: {len(lines)} lines: split the function"


@pytest.mark.parametrize("path", modules("snippets"), ids=str)
def test_snippets_need_only_numpy(path):
    for statement, _ in read(path).imported.values():
        names = [statement.module] if isinstance(statement, ast.ImportFrom) else [a.name for a in statement.names]
        for name in names:
            assert name.split(".")[0] in ("numpy", "snippets", "re", "string"), (  # text: what every Python has
                f"{path}:{statement.lineno}: snippets use NumPy, not {name}"
            )


@every_formula
def test_checks_the_shapes_its_docstring_promises(formula):
    promised = {s.name: s.shape.replace("(text)", "()") for s in formula.symbols}  # a text has no size
    for call in ast.walk(formula.node):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "check_shapes":
            place = f"{formula.module.path}:{call.lineno}: {formula.node.name}"
            checked = re.findall(r"(\w+) (\(.*?\))", call.args[0].value)
            for name, shape in checked:
                known = f"{name} is {promised[name]}" if name in promised else f"no symbol is called {name}"
                assert shape == promised.get(name), (
                    f"{place}: in the docstring {known}, in check_shapes it is {shape}: make them the same"
                )
            given, names = [ast.unparse(a) for a in call.args[1:]], [name for name, _ in checked]
            assert names == given, f"{place}: check_shapes names {names} and is given {given}: make them the same"


@every_formula
def test_wrong_shapes_and_empty_arrays_are_refused(formula):
    first = witnesses(formula.id)[0]
    shapes = {n: re.findall(r"\w+", shape) for n, shape in first.shapes.items() if shape != FUNCTION}
    good = draw(np.random.default_rng(0), first.shapes, first.given, *REGIMES["ordinary"])
    good = {n: good[n] for n in first.shapes}
    snippet = function(formula)
    snippet(**good)
    promised = ", ".join(f"{n} {first.shapes[n]}" for n in shapes)
    place = f"{formula.module.path}:{formula.line}: {formula.node.name}"
    for name, letters in shapes.items():
        value = np.asarray(good[name])
        bad = [(name, np.stack([value, value], axis=-1))]
        if letters:
            bad += [(name, value[:0]), (name, value[(0,) * value.ndim])]
        for axis, letter in enumerate(letters):
            if sum(row.count(letter) for row in shapes.values()) > 1:  # another argument, or axis, has this size too
                bad.append((r"\w+", np.concatenate([value, value], axis=axis)))
        for culprit, wrong in bad:
            given = good | {name: wrong}
            got = ", ".join(f"{n} {np.shape(given[n])}" for n in shapes)
            refusal = rf"^raises ValueError: {culprit}: expected shape \(.*got \(.*\)$"
            assert re.search(refusal, said := answer(snippet, given)), (
                f"{place}: with {got} it {said}, where the docstring has {promised}: "
                f'begin it with check_shapes("{promised}", {", ".join(shapes)})'
            )


def answer(snippet, given):
    try:
        snippet(**given)
    except Exception as error:
        return f"raises {type(error).__name__}: {error}"
    return "gives a result"


@every_formula
def test_both_languages_have_the_same_math(formula):
    texts = [*(s.meaning for s in formula.symbols), *(s.text for s in formula.steps)]
    texts += [text for field in formula.fields.values() for text in field]
    for text in [formula.title, *texts]:
        en, zh = (Counter(re.findall(r"\$[^$]+\$", text[lang])) for lang in ("en", "zh"))
        assert en == zh, (
            f"{formula.module.path}:{formula.line}: {formula.node.name}: {text['en'][:40]!r}: {en} and {zh}"
        )

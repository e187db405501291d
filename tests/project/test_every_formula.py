"""What this project asks of every formula beyond the rules of the engine: by loop over the snippets, not by memory."""

import ast
import re
import unicodedata
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from yansuan.base import textfile
from yansuan.formula.formula import Formula, modules
from yansuan.formula.module import read
from yansuan.formula.shapes import FUNCTION, INTEGERS, LIST, OPTION, Shape
from yansuan.notes.scan import scan
from yansuan.proof.draw import draw
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


@pytest.mark.parametrize("path", sorted(Path("snippets").glob("*.py")), ids=str)
def test_no_line_of_code_is_wider_than_a_card(path):
    """80 columns, and 100 for prose and LaTeX; a Chinese character takes two."""
    lines = list(enumerate(path.read_text("utf-8").splitlines(), 1))
    long = [n for n, line in lines if columns(line) > 100]
    assert not long, f"{path}:{long[0]}: longer than 100 columns: go on in the next line, indented deeper"
    module = read(path)
    shown = [pair for node in module.defined.values() for pair in module.shown(node)]
    margin = 4 * " "
    shown += [
        (n, line.removeprefix(margin)) for n, line in lines if line.startswith((f"{margin}>>> ", f"{margin}... "))
    ]
    wide = [n for n, line in shown if columns(line) > 80]
    assert not wide, f"{path}:{wide[0]}: wider than 80 columns, so that a card cuts it: break it"


@every_formula
def test_what_is_copied_and_printed_is_no_wider_than_a_card(formula):
    wide = [line for line in f"{formula.copy}{formula.output}".splitlines() if columns(line) > 80]
    assert not wide, f"{formula.module.path}:{formula.line}: wider than 80 columns: {wide[0]!r}"


@pytest.mark.yansuan("path")
def test_no_code_on_a_page_is_wider_than_the_page(path):
    for fence in scan(textfile.read(path)).fences:
        for n, line in enumerate(fence.text.splitlines(), fence.line):
            assert columns(line) <= 80, f"{path}:{n}: wider than 80 columns, so that the page cuts it: break it"


def columns(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


@pytest.mark.parametrize("path", modules("snippets"), ids=str)
def test_what_a_family_defines_more_than_one_function_uses(path):
    module = read(path)
    rows = [s for node in module.functions.values() for s in Formula("snippets", module, node).symbols]
    for name, symbol in module.symbols.items():
        users = [s for s in rows if symbol.line == s.tex_line or s.meaning is symbol.meaning]
        assert len(users) > 1, (
            f"{path}:{symbol.line}: {len(users)} functions use the {name} of the family: define it there"
        )


@every_formula
def test_wrong_shapes_and_empty_arrays_are_refused(formula):
    first = witnesses(formula.id)[0]
    rows = {n: Shape.of(row.shape) for n, row in first.rows.items() if row.shape not in (FUNCTION, LIST, OPTION)}
    drawn = draw(np.random.default_rng(0), first.rows, first.given)
    good = {n: drawn[n] for n in first.rows if n in drawn}
    snippet = function(formula)
    snippet(**good)
    promised = ", ".join(f"{n} {shape}" for n, shape in rows.items())
    place = f"{formula.module.path}:{formula.line}: {formula.node.name}"
    letters = Counter(letter for shape in rows.values() for letter in shape.axes)
    for name, shape in rows.items():
        value = np.asarray(good[name])
        bad = []
        if not shape.pack or (shape.pack == "..." and letters["..."] > 1):
            bad.append((r"\w+", np.stack([value, value], axis=0 if shape.pack else -1)))
        if value.ndim:
            bad.append((name, value[:0]))
        if shape.letters:
            bad.append((name, value[(0,) * (value.ndim - len(shape.letters) + 1)]))
        for at, letter in enumerate(shape.axes):
            # another argument, or axis, has this size too, or it is a number
            if letter != shape.pack and (letter.isdigit() or letters[letter] > 1):
                axis = at if shape.pack not in shape.axes[:at] else at - len(shape.axes)
                bad.append((r"\w+", np.concatenate([value, value], axis=axis)))
        for culprit, wrong in bad:
            given = good | {name: wrong}
            got = ", ".join(f"{n} {np.shape(given[n])}" for n in rows)
            refusal = rf"^raises ValueError: {culprit}: expected shape \(.*got \(.*\)$"
            assert re.search(refusal, said := answer(snippet, given)), (
                f"{place}: with {got} it {said}, where the docstring has {promised}: write @checked above it"
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


def arguments(formula):
    """Arguments of the first witness; and the names of those that are arrays of any numbers, which may have any type."""
    first = witnesses(formula.id)[0]
    drawn = draw(np.random.default_rng(0), first.rows, first.given)
    good = {n: drawn[n] for n in first.rows if n in drawn}
    plain = [n for n, row in first.rows.items() if row.values != INTEGERS and Shape.of(row.shape).axes != ("*",)]
    return good, [n for n in plain if isinstance(good.get(n), np.ndarray) and good[n].dtype == float and good[n].ndim]


def results(snippet, given):
    """What a function returns, as a list; or the error that it raises, as its only entry."""
    try:
        found = snippet(**given)
    except ValueError as error:
        return [str(error).partition(", got ")[0]]  # without the number, which is written otherwise as an integer
    return list(found) if isinstance(found, tuple) else [found]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # rounded, an argument may be 0 where the formula has no value
@every_formula
def test_integers_count_as_floats_and_none_overflows(formula):
    good, arrays = arguments(formula)
    whole = {n: np.clip(np.abs(np.round(good[n])), 0, 100) for n in arrays}
    wanted = results(function(formula), good | whole)
    for kind in ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"):
        got = results(function(formula), good | {n: value.astype(kind) for n, value in whole.items()})
        for one, other in zip(got, wanted, strict=True):
            assert np.array_equal(one, other, equal_nan=np.asarray(one).dtype.kind == "f"), (
                f"{formula.module.path}:{formula.line}: {formula.node.name}: {kind} gives {one}, floats give {other}"
            )


@every_formula
def test_single_precision_stays_single_unless_the_card_says_why(formula):
    good, _ = arguments(formula)
    arrays = [n for n, value in good.items() if isinstance(value, np.ndarray) and value.dtype == float and value.ndim]
    got = results(function(formula), good | {n: good[n].astype(np.float32) for n in arrays})
    wider = {str(part.dtype) for part in got if getattr(part, "dtype", None) == np.float64}
    said = [text["en"] for field in ("Note", "Trap") for text in formula.fields.get(field, [])]
    if arrays and wider:
        assert any("float64" in text for text in said), (
            f"{formula.module.path}:{formula.line}: {formula.node.name}: float32 arrays give float64: "
            "mend it, or say why in a 'Note:' with the word float64"
        )

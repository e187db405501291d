"""The operators of mutation: each makes what its docstring says."""

import ast
import re

import pytest

from yansuan.proof.mutants import NAMES, OPERATORS, SWAP, mutants

MAKERS = {maker.__name__: maker for maker in OPERATORS.values()}
EXAMPLES = [
    (name, before, re.findall(r"`([^`]+)`", after))
    for name, maker in MAKERS.items()
    for before, after in re.findall(r"`([^`]+)`(?:, as a statement)? → ((?:`[^`]+`(?:, )?)+)\.", maker.__doc__)
]


def made_by(maker, source):
    """What an operator makes of this source, as source."""
    function = ast.parse(f"def f():\n    {source}\n").body[0]
    kinds = tuple(kind for kind, found in OPERATORS.items() if found is maker)
    outer = function.body[0] if isinstance(function.body[0], kinds) else function.body[0].value
    for _, change, new in mutants(function):
        made = ast.unparse(new.body[0])
        if change.startswith(f"{' '.join(ast.unparse(outer).split())} -> ") and (made == "None") == (
            kinds == (ast.Expr,)
        ):
            yield made


def test_every_operator_has_examples():
    assert {name for name, _, _ in EXAMPLES} == set(MAKERS)


@pytest.mark.parametrize(("name", "before", "after"), EXAMPLES, ids=[f"{n}: {b}" for n, b, _ in EXAMPLES])
def test_an_operator_makes_what_it_says(name, before, after):
    wanted = [ast.unparse(ast.parse(source)) for source in after]
    assert list(made_by(MAKERS[name], before)) == wanted


def test_what_only_words_an_error_is_left_alone():
    function = ast.parse('def f(a):\n    """1 + 1"""\n    raise ValueError(f"{a + 1}")\n').body[0]
    assert [change for _, change, _ in mutants(function)] == ["a + 1 -> a - 1", "a + 1 -> a", "a + 1 -> 1", "1 -> 2"]


def test_a_swap_is_never_for_the_same():
    assert all(kind not in others for kind, others in SWAP.items())
    assert all(a != b for a, b in NAMES.items())

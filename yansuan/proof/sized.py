r"""The symbols of a formula as its LaTeX is executed: `...` and `*` become the axes that the LaTeX has indices for.

$p_j = e^{z_j}$ with `z (..., K)` is about one vector: (K,). $L = \frac{1}{m} \sum_{r=1}^m \sum_{j=1}^K x_j^r$ with
`x (..., K)` has an index more than sizes, and sums it to m: (m, K).
"""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from yansuan.formula.formula import Formula
from yansuan.formula.shapes import OPTION, Shape
from yansuan.formula.spec import Symbol
from yansuan.tex.arrays import REDUCTIONS
from yansuan.tex.indices import index_letters, script_letters
from yansuan.tex.tokens import Chain, argument_end, equations, lex


def sized(formula: Formula) -> Sequence[Symbol]:
    """The symbols that stand in the LaTeX, with shapes of letters and numbers alone."""
    shapes = _shapes(formula.tex, tuple((s.name, s.shape, s.tex) for s in formula.symbols if s.shape != OPTION))
    return [replace(s, shape=shapes[s.name]) for s in formula.symbols if s.name in shapes]


@functools.cache
def _shapes(tex: str, symbols: tuple[tuple[str, str, str], ...]) -> dict[str, str]:
    chains = equations(tex)
    indices = index_letters(chains)
    known = {n for _, shape, _ in symbols for n in Shape.of(shape).letters} | {name for name, _, _ in symbols}
    names = [n for n in dict.fromkeys(upper_bounds(chains)) if n not in known] + [f"axis{n}" for n in range(9)]
    found = {}
    for name, written, its in symbols:
        shape, tokens = Shape.of(written), lex(its)
        if shape.pack:
            missing = sum(tokens[i] in indices for i in script_letters(tokens)) - len(shape.letters)
            shape = shape.filled(*names[: max(0, missing)])
        found[name] = str(shape) if shape.axes else written.replace("...", "").replace("*", "")
    return found


def upper_bounds(chains: Sequence[Chain]) -> Iterator[str]:
    """The letters that sums, products and the like run to."""
    for chain in chains:
        for member in chain.members:
            for at, token in enumerate(member[:-1]):
                if token in REDUCTIONS and member[at + 1] == "_":
                    end = argument_end(member, at + 2)
                    if member[end : end + 1] == ["^"]:
                        bound = member[end + 1 : argument_end(member, end + 1)]
                        yield "".join(bound).strip("{}")

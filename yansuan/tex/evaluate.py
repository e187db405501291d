r"""Execute the typeset LaTeX of a formula on small NumPy arrays, so that a test can compare it with the function.

    execute(r"\mu_i = \frac{1}{m} \sum_{r=1}^{m} z_i^r", symbols, {"z": z})  ->  {"->": array of shape (d,)}

A symbol is recognized by its own TeX, longest first. Letters in its scripts that are bound by a sum or stand on a left
side are indices: places that also take other letters, numbers and `i - 1`, counted from 1. Which size an index runs
over follows from the bounds of sums and from the declared shapes. A symbol without indices is a whole array: a vector
is a column, matrices multiply, `+ - / \odot` work entry by entry and repeat a vector for each row, softmax is along the
last axis, Var divides by the number of entries. A given number that is called like a size, such as `d`, is that size.
A `(function)` is applied to what stands in brackets after it; a `(text)` can be its argument, or equal to another.

What is unknown, ambiguous or does not fit raises TexError: nothing is guessed. What is executed are the tokens of
`tokens.lex`, and a page shows the LaTeX only if its drawing has the same tokens (`mathml.to_html`). Only the tests
import this module.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from yansuan.tex.arrays import Rule, State, Value, as_value, differs, natural, repeat
from yansuan.tex.indices import Pattern, index_letters, index_sizes, letters_of, size_tex
from yansuan.tex.parser import Parser
from yansuan.tex.tokens import Chain, TexError, Undefined, equations, text


class Symbol(Protocol):
    """What a symbol is called in the code, its shape there, and how it is written."""

    @property
    def name(self) -> str: ...
    @property
    def shape(self) -> str: ...
    @property
    def tex(self) -> str: ...


@dataclass(frozen=True)
class Definition:
    """One member of an equation, for one symbol."""

    pattern: Pattern
    letters: list[str]  # free indices of the left side
    by_axis: bool  # whether they are in the order of the axes
    tex: str
    value: Rule
    needs: set[str]

    def compute(self, state: State) -> Value:
        ranges = [range(1, state.size(letter) + 1) for letter in self.letters]
        array = repeat(state, self.letters, ranges, self.value)
        array = array.reshape([len(r) for r in ranges] + list(array.shape[1:]))
        axes = list(range(len(self.letters))) if self.by_axis else self.pattern.axes(state.runs)
        array = np.moveaxis(array, range(len(self.letters)), axes)[()]
        shape = tuple(state.sizes[letter] for letter in self.pattern.shape)
        if np.shape(array) != shape:
            raise TexError(f"{self.pattern.tex}: the shape is {np.shape(array)} and should be {shape}: '{self.tex}'")
        return array


def measure(symbols: Sequence[Symbol], values: Mapping[str, Value], sizes: Mapping[str, int]) -> dict[str, int]:
    """{size letter: number}, from the shapes of what is given, and from numbers called like a size."""
    known = dict(sizes)
    letters = {letter for symbol in symbols for letter in letters_of(symbol.shape)}
    numbers = [s.name for s in symbols if s.shape == "()" and s.name in letters and s.name in values]
    known |= {name: natural(values[name]) for name in numbers}
    for symbol in symbols:
        if symbol.name in values:
            axes, shape = letters_of(symbol.shape), np.shape(values[symbol.name])
            if len(axes) != len(shape) or tuple(map(known.setdefault, axes, shape)) != shape:
                raise TexError(f"{symbol.name}: expected the shape {symbol.shape}, got {shape}; sizes {known}")
    return known


def patterns_of(symbols: Sequence[Symbol], sizes: Iterable[str], chains: list[Chain]) -> list[Pattern]:
    """How each symbol is recognized, and each size letter that no symbol is written like."""
    indices = index_letters(chains)
    patterns = [Pattern(s.name, s.tex, letters_of(s.shape), indices, s.shape == "(function)") for s in symbols]
    written = [p.tokens for p in patterns]
    letters = [Pattern(f"size {n}", size_tex(n), (), ()) for n in sizes]
    return patterns + [p for p in letters if p.tokens not in written]


def define(parser: Parser, chains: list[Chain]) -> list[Definition]:
    """Every member of every chain, for the symbol on its left side."""
    definitions = []
    for chain in chains:
        pattern, letters, by_axis = parser.left(chain.members[0], chain.update)
        for member in chain.members[1:]:
            value, needs = parser.whole(member, letters, pattern.name if chain.update else None)
            definitions.append(Definition(pattern, letters, by_axis, text(member), value, needs))
    return definitions


def execute(
    tex: str, symbols: Sequence[Symbol], values: Mapping[str, Value], sizes: Mapping[str, int] | None = None
) -> dict[str, Value]:
    """Every left-hand side of the LaTeX, by symbol name. `values`: what is given, by symbol name. Raises TexError."""
    known_sizes = measure(symbols, values, sizes or {})
    if unknown := values.keys() - {s.name for s in symbols}:
        raise TexError(f"values for no symbol: {', '.join(sorted(unknown))}")
    chains = equations(tex)
    patterns = patterns_of(symbols, known_sizes, chains)
    parser = Parser(patterns, values)
    definitions = define(parser, chains)
    defined = {d.pattern.name for d in definitions}
    if unused := [n for n in values if n not in defined.union(*(d.needs for d in definitions))]:
        raise TexError(f"the LaTeX never uses {', '.join(unused)}")
    if missing := [s.name for s in symbols if s.name not in {*values, *defined}]:
        raise TexError(f"the LaTeX does not define {', '.join(missing)}")
    given = {**values, **{f"size {n}": size for n, size in known_sizes.items()}}
    given = {n: as_value(v) for n, v in given.items()}
    ways = index_sizes(patterns, parser.bounds, parser.same)
    results = [run(definitions, State(dict(given), known_sizes, way)) for way in ways]
    for other in results[1:]:
        if any(differs(other[n], results[0][n]) for n in other):
            raise TexError(f"cannot tell which sizes the indices run over: {ways}")
    return results[0]


def run(definitions: list[Definition], state: State) -> dict[str, Value]:
    """Compute the definitions in the order in which they need each other."""
    waiting = list(definitions)
    while waiting:
        ready = [d for d in waiting if d.needs <= state.values.keys()]
        if not ready:
            names = ", ".join(dict.fromkeys(d.pattern.tex for d in waiting))
            raise TexError(f"each needs another of these, or itself: {names}")
        for definition in ready:
            waiting.remove(definition)
            try:
                with np.errstate(all="raise", under="ignore"):
                    value = definition.compute(state)
            except FloatingPointError as error:
                raise Undefined(f"{definition.pattern.tex} = {definition.tex}: {error}") from None
            except (ValueError, TypeError) as error:
                raise TexError(f"{definition.pattern.tex} = {definition.tex}: {error}") from error
            known = state.values.setdefault(definition.pattern.name, value)
            if differs(value, known):
                raise TexError(f"{definition.pattern.tex} is another value in the member '{definition.tex}'")
    return {d.pattern.name: state.values[d.pattern.name] for d in definitions}

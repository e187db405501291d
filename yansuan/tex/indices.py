"""Symbols as they are written, and the sizes that their indices run over.

In: the TeX and the shape of a symbol, the tokens of a formula. Out: where the symbol stands in them and what stands in
the place of its indices (`Pattern`); every way in which index letters can stand for sizes (`index_sizes`).
"""

import itertools
import re
from collections.abc import Collection, Iterable

from yansuan.tex.arrays import REDUCTIONS
from yansuan.tex.tokens import Chain, TexError, argument_end, lex

INDEX = re.compile(r"([a-z]|\d+)([+-]([a-z]|\d+))*")
SEPARATORS = frozenset("{}(),")


def script_letters(tokens: list[str]) -> list[int]:
    """Where index letters may stand: positions of single letters in scripts made of letters, commas and brackets."""
    found: list[int] = []
    for at, token in enumerate(tokens[:-1]):
        if token in ("_", "^"):
            script = range(at + 1, argument_end(tokens, at + 1))
            if all(re.fullmatch(r"[a-z,(){}]", tokens[i]) for i in script):
                found += [i for i in script if tokens[i].isalpha()]
    return found


def index_letters(chains: Iterable[Chain]) -> set[str]:
    """Letters bound by a sum, product, maximum … or free on a left side: the rest of the scripts are labels."""
    letters: set[str] = set()
    for chain in chains:
        letters |= {chain.members[0][i] for i in script_letters(chain.members[0])}
        for member in chain.members[1:]:
            for at, token in enumerate(member[:-2]):
                if token in REDUCTIONS and member[at + 1] == "_":
                    script = member[at + 2 : argument_end(member, at + 2)]
                    letters |= {t for t in script[: 2 if "=" in script else None] if re.fullmatch("[a-z]", t)}
    return letters


class Pattern:
    """How a symbol, or the letter of a size, is recognized in tokens; `places` are those that take an index."""

    def __init__(
        self, symbol: str, tex: str, shape: tuple[str, ...], indices: Collection[str], is_function: bool = False
    ) -> None:
        self.name, self.tex, self.shape, self.is_function = symbol, tex, shape, is_function
        self.tokens = lex(tex)
        self.is_size = symbol.startswith("size ")
        self.places = [i for i in script_letters(self.tokens) if self.tokens[i] in indices] if shape else []
        self.letters = [self.tokens[i] for i in self.places]
        if len(self.letters) > len(set(self.letters)) or len(self.letters) > len(shape):
            raise TexError(f"{tex}: the indices {', '.join(self.letters)} do not suit the shape ({', '.join(shape)})")

    def match(self, tokens: list[str], at: int) -> tuple[int, list[str]] | None:
        """(where the symbol ends, what stands in each place) if the symbol begins here, otherwise None."""
        found: list[str] = []
        for i, own in enumerate(self.tokens):
            if at >= len(tokens):
                return None
            if i not in self.places:
                if tokens[at] != own:
                    return None
                at += 1
                continue
            end = self.place_end(i, tokens, at)
            found.append("".join(tokens[at:end]).strip("{}"))
            if not INDEX.fullmatch(found[-1]):
                return None
            at = end
        return at, found

    def place_end(self, place: int, tokens: list[str], at: int) -> int:
        """Where an index ends; one that stands alone between brackets and commas may be `j + 1`."""
        around = {*self.tokens[place - 1 : place], *self.tokens[place + 1 : place + 2]}
        if self.tokens[place - 1] in ("_", "^") or not around <= SEPARATORS:
            return argument_end(tokens, at)
        return next((end for end in range(at + 1, len(tokens)) if tokens[end] in SEPARATORS), len(tokens))

    def axes(self, runs: dict[str, str]) -> list[int]:
        """Which axis each place is about."""
        free = list(range(len(self.shape)))
        chosen: list[int] = []
        for letter in self.letters:
            chosen.append(next(axis for axis in free if self.shape[axis] == runs[letter]))
            free.remove(chosen[-1])
        return chosen


def orders(pattern: Pattern) -> list[tuple[str, ...]]:
    return sorted(set(itertools.permutations(pattern.shape, len(pattern.letters))))


def index_sizes(
    patterns: Iterable[Pattern], bounds: dict[str, str], same: Iterable[tuple[str, str, str]]
) -> list[dict[str, str]]:
    """Every way {index letter: size letter} in which indices suit all shapes, bounds of sums and uses; usually one."""
    ways = [dict(bounds)]
    for pattern in sorted(patterns, key=lambda p: len(p.letters)):
        extended = []
        for way, axes in itertools.product(ways, orders(pattern)):
            if all(way.get(letter, axis) == axis for letter, axis in zip(pattern.letters, axes, strict=True)):
                extended.append(way | dict(zip(pattern.letters, axes, strict=True)))
        if not extended:
            known = ", ".join(f"{letter} over {ways[0][letter]}" for letter in pattern.letters if letter in ways[0])
            raise TexError(f"{pattern.tex}: its shape is ({', '.join(pattern.shape)}), but elsewhere {known}")
        ways = extended
    for own, used, tex in same:
        fitting = [way | {used: way[own]} for way in ways if way.get(used, way[own]) == way[own]]
        if not fitting:
            raise TexError(f"{tex}: index {used} runs over {ways[0][used]}, its place {own} over {ways[0][own]}")
        ways = fitting
    return ways


def letters_of(shape: str) -> tuple[str, ...]:
    """The sizes of a declared shape such as `(m, d)`."""
    return () if shape in ("(text)", "(list)", "(function)") else tuple(re.findall(r"\w+", shape))


def size_tex(letter: str) -> str:
    head, _, script = letter.partition("_")
    return f"{head}_{{{script}}}" if script else head

"""Symbols in an equation: which one begins here, and which entry of it is meant.

In: tokens at which the cursor stands. Out: for a left side its symbol and its free indices; elsewhere a function from
the state to the symbol's value there. Along the way it is noted which sizes the index letters run over.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from yansuan.tex.arrays import Row, Rule, State, natural, plain
from yansuan.tex.cursor import Cursor
from yansuan.tex.indices import Pattern
from yansuan.tex.tokens import TexError, text

Ranges = Callable[[State], list[Sequence[int]]]  # the numbers that each of the bound indices takes


@dataclass(frozen=True)
class Index:
    """The sum of these letters and a number: counted from 1 in the LaTeX, and from 0 here."""

    letters: list[tuple[int, str]]  # (1 or -1, letter)
    number: int
    where: str

    def __call__(self, state: State, size: int) -> int:
        number = self.number
        for sign, letter in self.letters:
            number += sign * state.index[letter]
        if not 1 <= number <= size:
            raise TexError(f"{self.where}: index {number} out of range 1 to {size}")
        return number - 1


class References(Cursor):
    """The rules about symbols and their indices."""

    def __init__(self, patterns: list[Pattern], given: Iterable[str]) -> None:
        self.patterns, self.given = patterns, set(given)
        self.by_first: dict[str, list[Pattern]] = {}  # an index is never what a symbol begins with
        for pattern in patterns:
            for first in pattern.tokens[:1]:
                self.by_first.setdefault(first, []).append(pattern)
        self.bounds: dict[str, str] = {}  # index letter: size letter
        self.same: list[tuple[str, str, str]] = []  # own index of a symbol, index used there, TeX
        super().__init__()

    def expression(self) -> Rule:
        raise NotImplementedError

    def several(self) -> list[Rule]:
        raise NotImplementedError

    def find(self) -> list[tuple[Pattern, int, list[str]]]:
        """The symbols that begin here, by the longest TeX; where they end, and what stands in their places."""
        here = self.by_first.get(self.peek(), ())
        found = [(p, *match) for p in here if (match := p.match(self.tokens, self.at))]
        best = max(((len(p.tokens), -len(p.places)) for p, *_ in found), default=None)
        return [entry for entry in found if (len(entry[0].tokens), -len(entry[0].places)) == best]

    def left(self, tokens: list[str], update: bool) -> tuple[Pattern, list[str], bool]:
        """The left side of an equation: (pattern, its free letters, whether they are in the order of the axes)."""
        self.start(tokens, ())
        twins = self.find()
        new = [twin for twin in twins if twin[0].name not in self.given] if len(twins) > 1 else twins
        if len(new) != 1:
            raise self.fault("the left side is not one declared symbol:")
        if len(twins) > 1 and not update:
            raise self.fault("two symbols are written alike; write \\leftarrow after")
        pattern, self.at, places = new[0]
        for own, used in zip(pattern.letters, places, strict=True):
            self.same.append((own, used, text(tokens)))
        subscripted = bool(not places and self.take("_"))
        letters = [t for t in self.argument() if t != ","] if subscripted else places
        if subscripted:
            self.fix(letters, pattern.shape)
        if self.peek() or len(set(letters)) < len(letters) or not all(re.fullmatch("[a-z]", t) for t in letters):
            raise TexError(f"the left side is not a symbol with free indices: '{text(tokens)}'")
        return pattern, letters, subscripted

    def fix(self, letters: list[str], shape: tuple[str, ...]) -> None:
        """These indices run over these sizes."""
        if len(letters) != len(shape):
            raise self.fault(f"{len(letters)} indices for the shape ({', '.join(shape)}) before")
        for letter, size in zip(letters, shape, strict=True):
            if letter.isalpha() and self.bounds.setdefault(letter, size) != size:
                raise TexError(f"the index {letter} runs over {self.bounds[letter]} and over {size}")

    def reference(self) -> Rule | None:
        """A symbol with its indices; None if no symbol begins here."""
        twins = self.find()
        if not twins:
            return None
        if len(twins) > 1:
            if self.updated not in [twin[0].name for twin in twins]:
                raise self.fault("two symbols are written alike:")
            twins = [twin for twin in twins if twin[0].name != self.updated]
        pattern, end, places = twins[0]
        where = text(self.tokens[self.at : end])
        if where in self.scope:
            raise self.fault("an index is written like a symbol:")
        self.at = end
        self.used.add(pattern.name)
        if pattern.is_function:
            return self.application(pattern)
        for own, place in zip(pattern.letters, places, strict=True):
            self.same += [(own, letter, where) for letter in re.findall("[a-z]", place)]
        indices = [self.index(place, where) for place in places]

        def value(state: State) -> Any:
            array = state.values[pattern.name]
            if not indices:
                return array
            if pattern.name not in state.axes:
                state.axes[pattern.name] = pattern.axes(state.runs)
            key: list[Any] = [slice(None)] * array.ndim
            for axis, index in zip(state.axes[pattern.name], indices, strict=True):
                key[axis] = index(state, array.shape[axis])
            return array[tuple(key)]

        return self.subscript(value, pattern.shape) if not places and pattern.shape and self.peek() == "_" else value

    def application(self, pattern: Pattern) -> Rule:
        """A function of what stands in brackets behind it."""
        self.expect("(")
        arguments = self.enclosed(self.several, ")")
        return lambda state: state.values[pattern.name](*(plain(argument(state)) for argument in arguments))

    def index(self, place: str, where: str) -> Index:
        """The position that an index such as `i` or `i-1` or `2` names."""
        terms = re.findall(r"([+-]?)([a-z]|\d+)", place)
        for _, term in terms:
            if term.isalpha() and term not in self.scope:
                raise TexError(f"{where}: the index {term} is neither on the left side nor bound by a sum")
        signed = [(-1 if sign == "-" else 1, term) for sign, term in terms]
        number = sum(sign * int(term) for sign, term in signed if term.isdigit())
        return Index([(sign, term) for sign, term in signed if term.isalpha()], number, where)

    def subscript(self, array: Rule, shape: tuple[str, ...] = ()) -> Rule:
        """Entries of a whole array: `H_{ij}`, `(H x)_i`."""
        self.expect("_")
        script = [t for t in self.argument() if t != ","]
        if not all(re.fullmatch(r"[a-z]|\d+", t) for t in script):
            raise self.fault(f"cannot read the index '{text(script)}' before")
        if shape:
            self.fix(script, shape)
        indices = [self.index(t, text(["_", *script])) for t in script]

        def value(state: State) -> Any:
            a = array(state)
            if np.ndim(a) != len(script) or isinstance(a, Row):
                raise TexError(f"{len(script)} indices '{text(script)}' for an array of shape {np.shape(a)}")
            for letter, size in zip(script, np.shape(a), strict=True):
                if letter.isalpha() and state.size(letter) != size:
                    raise TexError(f"the index {letter} runs to {state.size(letter)} on an axis of {size}")
            return a[tuple(index(state, size) for index, size in zip(indices, np.shape(a), strict=True))]

        return value

    def binder(self) -> tuple[list[str], Ranges]:
        r"""The indices under a sum, and the numbers they take: `_{r=1}^{m}`, `_{i}`, `_{i,j}`, `_{j \neq i}`."""
        self.expect("_")
        script = self.argument()
        relation = script[1] if len(script) > 2 and script[1] in ("=", r"\neq") else None
        letters = script[:1] if relation else [t for t in script if t != ","]
        for letter in letters:
            if not re.fullmatch("[a-z]", letter) or letter in self.scope or letters.count(letter) > 1:
                raise self.fault(f"'{letter}' cannot be bound here, or is an index already, before")
        if not relation:
            return letters, lambda state: [range(1, state.size(letter) + 1) for letter in letters]
        first = self.inside(script[2:], self.expression)
        if relation == r"\neq":
            return letters, lambda s: [[n for n in range(1, s.size(letters[0]) + 1) if n != first(s)]]
        self.expect("^")
        upper = self.argument()
        last = self.inside(upper, self.expression)
        sizes = [p.name for p in self.patterns if p.tokens == upper and p.is_size]
        self.fix(letters[: len(sizes)], tuple(size.removeprefix("size ") for size in sizes))
        return letters, lambda state: [range(natural(first(state)), natural(last(state)) + 1)]

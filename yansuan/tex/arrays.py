"""What the operations of a formula do with arrays: a vector is a column, matrices multiply.

In: numbers and arrays. Out: numbers and arrays; what does not fit raises TexError. The tables say which token is which
operation; `repeat` computes a body for all numbers of its indices.
"""

import itertools
import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from yansuan.tex.tokens import TexError

Value = Any  # a number, an array, a Row, a text or a function: which of them a rule takes, it finds out
Operation = Callable[..., Any]

RTOL = 1e-9  # how well the members of a chain a = b = c agree
NORMS: dict[str, Any] = {"1": 1, "2": 2, r"\infty": np.inf, "F": "fro"}
SIGNS: dict[str, Operation] = {"+": np.add, "-": np.subtract}
ENTRYWISE: dict[str, Operation] = {"/": np.divide, r"\odot": np.multiply, r"\bmod": np.mod}
COMPARE: dict[str, Operation] = {
    "=": operator.eq,
    r"\neq": operator.ne,
    "<": operator.lt,
    r"\leq": operator.le,
    ">": operator.gt,
    r"\geq": operator.ge,
}
FUNCTIONS: dict[str, Operation] = {
    r"\exp": np.exp,
    r"\log": np.log,
    r"\ln": np.log,
    r"\sin": np.sin,
    r"\cos": np.cos,
    r"\tanh": np.tanh,
    r"\det": np.linalg.det,
    r"\operatorname{sigmoid}": lambda x: 1 / (1 + np.exp(-x)),
    r"\operatorname{softmax}": lambda x: np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True),
    r"\operatorname{relu}": lambda x: np.maximum(x, 0.0),
    r"\operatorname{ReLU}": lambda x: np.maximum(x, 0.0),
    r"\operatorname{sign}": np.sign,
    r"\operatorname{clip}": np.clip,
    r"\operatorname{diag}": np.diag,
    r"\operatorname{tr}": np.trace,
}
REDUCTIONS: dict[str, Operation] = {
    r"\sum": np.sum,
    r"\prod": np.prod,
    r"\max": np.max,
    r"\min": np.min,
    r"\operatorname{mean}": np.mean,
    r"\operatorname{Var}": np.var,
}


@dataclass
class State:
    """What is known while a formula is computed."""

    values: dict[str, Value]  # of symbols
    sizes: dict[str, int]  # of size letters
    runs: dict[str, str]  # index letter: size letter
    index: dict[str, int] = field(default_factory=dict)  # index letter: its number now
    axes: dict[str, list[int]] = field(default_factory=dict)  # symbol: the axis of each of its places, once asked

    def size(self, letter: str) -> int:
        if letter not in self.runs:
            raise TexError(f"cannot tell which size the index {letter} runs over")
        return self.sizes[self.runs[letter]]


Rule = Callable[[State], Value]  # what the parser makes of a part of the formula


@dataclass(frozen=True)
class Row:
    """A transposed vector."""

    entries: np.ndarray


def entrywise(operation: Operation, a: Value, b: Value) -> Value:
    """Entry by entry: a scalar goes with everything, a vector with each row of a matrix."""
    if type(a) is type(b) is np.float64:  # nearly always, and shapes take longer than the operation
        return operation(a, b)
    short, long = sorted((np.shape(plain(a)), np.shape(plain(b))), key=len)
    if long[len(long) - len(short) :] != short:
        raise TexError(f"the shapes {np.shape(a)} and {np.shape(b)} do not fit")
    return operation(a, b)


def product(a: Value, b: Value) -> Value:
    """What stands side by side: numbers, or matrices, columns and rows."""
    if type(a) is type(b) is np.float64:
        return a * b
    if isinstance(a, Row) and isinstance(b, Row):
        raise TexError("a transposed vector times another")
    if isinstance(a, Row):
        left = np.matmul(a.entries, b) if np.ndim(b) else a.entries * b
        return left if np.ndim(b) == 1 else Row(left)
    if isinstance(b, Row):
        return np.outer(a, b.entries) if np.ndim(a) == 1 else Row(product(a, b.entries))
    if np.ndim(a) and np.ndim(b) and np.ndim(a) != 2:
        raise TexError("a vector times an array: write \\odot, \\top or indices")
    return np.matmul(a, b) if np.ndim(a) and np.ndim(b) else a * b


def transpose(a: Value) -> Value:
    if isinstance(a, Row) or np.ndim(a) == 1:
        return a.entries if isinstance(a, Row) else Row(a)
    if np.ndim(a) != 2:
        raise TexError(f"the transpose of an array of shape {np.shape(a)}")
    return a.T


def power(a: Value, b: Value) -> Value:
    """A number to a power; the inverse of a matrix."""
    if np.ndim(a) == 2 and np.ndim(b) == 0 and b == -1:
        return np.linalg.inv(a)
    return np.power(need(0, a, "the power"), need(0, b, "the exponent"))


def need(dimensions: int, a: Value, what: str) -> Value:
    """The value itself, if it is a number (0) or a vector (1)."""
    if isinstance(a, Row) or np.ndim(a) != dimensions:
        raise TexError(f"{what} of an array: write it with indices" if not dimensions else f"{what} takes a vector")
    return a


def plain(a: Value) -> Value:
    if isinstance(a, Row):
        raise TexError("a transposed vector can only be multiplied")
    return a


def natural(a: Value) -> int:
    if np.ndim(a) or a != int(a):
        raise TexError(f"the bound {a} of an index is not a whole number")
    return int(a)


def norm(a: Value, order: str) -> Value:
    if np.ndim(a) != (2 if order == "F" else 1):
        raise TexError(f"the norm {order} of an array of shape {np.shape(a)}")
    return np.linalg.norm(a, NORMS[order])


def eigenvalue(a: Value, which: str) -> Value:
    if np.ndim(a) != 2 or np.shape(a) != np.shape(a)[::-1] or not np.allclose(a, np.transpose(a), rtol=RTOL):
        raise TexError("\\lambda of something that is not a symmetric matrix")
    return REDUCTIONS[which](np.linalg.eigvalsh(a))


def once(operation: Operation, a: Rule) -> Rule:
    return lambda state: operation(a(state))


def both(operation: Operation, a: Rule, b: Rule) -> Rule:
    return lambda state: operation(a(state), b(state))


def repeat(state: State, letters: Sequence[str], ranges: Iterable[Iterable[int]], body: Rule) -> np.ndarray:
    """The values of the body for all numbers of these indices."""
    values = []
    for numbers in itertools.product(*ranges):
        state.index.update(zip(letters, numbers, strict=True))
        values.append(plain(body(state)))
    return np.array(values, float)


def as_value(given: Value) -> Value:
    """A number, an array of numbers or of texts, a text or a function."""
    if isinstance(given, str) or callable(given):
        return given
    texts = isinstance(given, list) and any(isinstance(entry, str) for entry in given)
    return np.asarray(given, object if texts else float)[()]


def differs(a: Value, b: Value) -> bool:
    """Whether two values of one symbol differ, relative to its largest entry."""
    return not bool(np.max(np.abs(a - b)) <= RTOL * np.max(np.abs(b)))

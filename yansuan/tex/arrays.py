"""What the operations of a formula do with arrays: a vector is a column, matrices multiply."""

import itertools
from dataclasses import dataclass, field

import numpy as np

from yansuan.tex.tokens import TexError

RTOL = 1e-9  # how well the members of a chain a = b = c agree
NORMS: dict = {"1": 1, "2": 2, r"\infty": np.inf, "F": "fro"}

FUNCTIONS: dict = {
    r"\exp": np.exp,
    r"\log": np.log,
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
REDUCTIONS: dict = {r"\sum": np.sum, r"\prod": np.prod, r"\max": np.max, r"\min": np.min}
REDUCTIONS |= {r"\operatorname{mean}": np.mean, r"\operatorname{Var}": np.var}


@dataclass
class State:
    values: dict  # of symbols
    sizes: dict  # of size letters
    runs: dict  # index letter: size letter
    index: dict = field(default_factory=dict)  # index letter: its number now

    def size(self, letter):
        if letter not in self.runs:
            raise TexError(f"cannot tell which size the index {letter} runs over")
        return self.sizes[self.runs[letter]]


@dataclass
class Row:
    """A transposed vector."""

    entries: np.ndarray


def entrywise(operation, a, b):
    """Entry by entry: a scalar goes with everything, a vector with each row of a matrix."""
    short, long = sorted((np.shape(plain(a)), np.shape(plain(b))), key=len)
    if long[len(long) - len(short) :] != short:
        raise TexError(f"the shapes {np.shape(a)} and {np.shape(b)} do not fit")
    return operation(a, b)


def product(a, b):
    """What stands side by side: numbers, or matrices, columns and rows."""
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


def transpose(a):
    if isinstance(a, Row) or np.ndim(a) == 1:
        return a.entries if isinstance(a, Row) else Row(a)
    if np.ndim(a) != 2:
        raise TexError(f"the transpose of an array of shape {np.shape(a)}")
    return a.T


def power(a, b):
    if np.ndim(a) == 2 and np.ndim(b) == 0 and b == -1:
        return np.linalg.inv(a)
    return np.power(need(0, a, "the power"), need(0, b, "the exponent"))


def need(dimensions, a, what):
    if isinstance(a, Row) or np.ndim(a) != dimensions:
        raise TexError(f"{what} of an array: write it with indices" if not dimensions else f"{what} takes a vector")
    return a


def plain(a):
    if isinstance(a, Row):
        raise TexError("a transposed vector can only be multiplied")
    return a


def natural(a):
    if np.ndim(a) or a != int(a):
        raise TexError(f"the bound {a} of an index is not a whole number")
    return int(a)


def norm(a, order):
    if np.ndim(a) != (2 if order == "F" else 1):
        raise TexError(f"the norm {order} of an array of shape {np.shape(a)}")
    return np.linalg.norm(a, NORMS[order])


def eigenvalue(a, which):
    if np.ndim(a) != 2 or np.shape(a) != np.shape(a)[::-1] or not np.allclose(a, np.transpose(a), rtol=RTOL):
        raise TexError("\\lambda of something that is not a symmetric matrix")
    return REDUCTIONS[which](np.linalg.eigvalsh(a))


def once(operation, a):
    return lambda state: operation(a(state))


def both(operation, a, b):
    return lambda state: operation(a(state), b(state))


def repeat(state, letters, ranges, body):
    """The values of the body for all numbers of these indices."""
    values = []
    for numbers in itertools.product(*ranges):
        state.index.update(zip(letters, numbers, strict=True))
        values.append(plain(body(state)))
    return np.array(values, float)


def as_value(given):
    """A number, an array of numbers or of texts, a text or a function."""
    if isinstance(given, str) or callable(given):
        return given
    texts = isinstance(given, list) and any(isinstance(entry, str) for entry in given)
    return np.asarray(given, object if texts else float)[()]


def differs(a, b):
    """Whether two values of one symbol differ, relative to its largest entry."""
    return not np.max(np.abs(a - b)) <= RTOL * np.max(np.abs(b))

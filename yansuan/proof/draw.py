"""Random arguments for a formula, from the shapes that its docstring declares."""

import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from yansuan.formula.shapes import BINARY, FUNCTION, INTEGERS, LIST, OPTION, Interval, Shape


@dataclass(frozen=True)
class Regime:
    """What kind of numbers are drawn, and what sizes."""

    scale: float = 1.0
    offset: float = 0.0
    ones: bool = False  # axes of one entry, as often as not
    edges: bool = False  # of arguments that have an interval, its ends, as often as not
    largest: int = 8  # entries that an axis may have, or more where so many axes have to differ


REGIMES = {
    "ordinary": Regime(),
    "tiny": Regime(scale=1e-4),
    "huge": Regime(scale=1e6),
    "large offset": Regime(offset=1e4),
    "sizes of one": Regime(ones=True),
    "edges": Regime(edges=True),
}
OTHER: list[int] = []  # `pytest --seed N` puts N here: everything drawn is other numbers
ABSENT = 1 / 3  # how often an argument is left out that may be
AXES = 3  # so many axes stand for `...` or `*` at most, less one


def either_sign(rng: np.random.Generator, low: float, high: float, shape: Sequence[int]) -> Any:
    """Numbers of that size, positive or negative."""
    return rng.choice([-1, 1], shape or None) * rng.uniform(low, high, shape or None)


# what a name means everywhere: arguments that are not any real number
DOMAIN: dict[str, Callable[[np.random.Generator, float, Sequence[int]], Any]] = {
    "eps": lambda rng, scale, shape: 10.0 ** rng.uniform(-6, -1, shape or None),
    "p": lambda rng, scale, shape: rng.uniform(0.05, 0.95, shape or None),
    # a scale, and a shift larger than what is scaled: their sum does not cancel, which would cost it digits
    "gamma": lambda rng, scale, shape: scale * either_sign(rng, 0.2, 1, shape),
    "beta": lambda rng, scale, shape: scale * either_sign(rng, 3, 6, shape),
    "var": lambda rng, scale, shape: scale**2 * rng.uniform(0.01, 9, shape),
    "var_bar": lambda rng, scale, shape: scale**2 * rng.uniform(0.01, 9, shape),
}


def generator(name: str, *seed: int) -> np.random.Generator:
    """Random numbers that are the same in every run, and differ from formula to formula, unless `--seed` is given."""
    return np.random.default_rng([*seed, *name.encode(), *OTHER])


@dataclass(frozen=True)
class Declared:
    """What the row of an argument says: its shape, which values it may have, whether it may be left out."""

    shape: str
    values: str = ""  # an interval, "integers" or "{0, 1}"
    optional: bool = False


def draw(
    rng: np.random.Generator,
    rows: Mapping[str, Declared],
    given: Mapping[str, Any],
    regime: Regime = REGIMES["ordinary"],
    whole: bool = True,
) -> dict[str, Any]:
    """One set of arguments: drawn where a shape is known, computed where `given` says how; all of them, or not if one
    may be left out."""
    declared = {**rows, **{n: Declared(s) for n, s in given.items() if isinstance(s, str)}}
    shapes = {n: Shape.of(row.shape) for n, row in declared.items()}
    sizes = Sizes(rng, shapes.values(), regime)
    values: dict[str, Any] = {"rng": rng, "scale": regime.scale, "offset": regime.offset}
    for name, row in declared.items():
        if callable(given.get(name)) or row.shape == OPTION:
            continue
        if row.shape in (FUNCTION, LIST):
            what = row.shape.strip("()")
            raise ValueError(f"{name}: a {what} is not drawn; give one: @witness(…, {name}=lambda rng: …)")
        left_out = not whole and row.optional and rng.random() < ABSENT
        values[name] = None if left_out else draw_one(rng, name, row, sizes.of(shapes[name]), regime)
    for name, compute in given.items():
        if callable(compute):
            values[name] = read_only(compute(**{n: values[n] for n in inspect.signature(compute).parameters}))
    return values


class Sizes:
    """How many entries each axis has, in one draw: letters differ, unless axes of one entry are wanted."""

    def __init__(self, rng: np.random.Generator, shapes: Collection[Shape], regime: Regime) -> None:
        letters = list(dict.fromkeys(n for shape in shapes for n in shape.letters if not n.isdigit()))
        least = {n: size for shape in shapes for n, size in shape.least.items()}
        numbers = rng.permutation(np.arange(2, 2 + max(regime.largest - 1, len(letters)))).tolist()
        self.rng, self.ones = rng, regime.ones
        self.known = {n: max(size, least.get(n, 1)) for n, size in zip(letters, numbers, strict=False)}
        if regime.ones:
            self.known |= {n: 1 for n in letters if n not in least and rng.random() < 0.5}
        self.leading = self.some() if any(shape.pack == "..." for shape in shapes) else []

    def some(self) -> list[int]:
        """Sizes of no, one or two axes."""
        return [int(n) for n in self.rng.integers(1 if self.ones else 2, 5, self.rng.integers(AXES))]

    def of(self, shape: Shape) -> list[int]:
        pack = self.leading if shape.pack == "..." else self.some() if shape.pack else []
        return [n for axis in shape.axes for n in (pack if axis == shape.pack else [self.known.get(axis) or int(axis)])]


def draw_one(rng: np.random.Generator, name: str, row: Declared, sizes: Sequence[int], regime: Regime) -> Any:
    """One argument, by what its row or its name means, or normal with features of unequal scale."""
    if row.values == INTEGERS:
        raise ValueError(f"{name}: integers are not drawn; give some: @witness(…, {name}=lambda rng: …)")
    if row.values == BINARY:
        return read_only(rng.random(sizes) < 0.5)
    if row.values:
        return read_only(between(rng, Interval.of(row.values), sizes, regime))
    if name in DOMAIN:
        return read_only(DOMAIN[name](rng, regime.scale, sizes))
    if not sizes:
        return float(regime.scale * rng.standard_normal() + regime.offset)
    axis = feature_axis(len(sizes))
    feature_scales = 10.0 ** rng.uniform(-1, 1.5, [size if i == axis else 1 for i, size in enumerate(sizes)])
    array = regime.scale * feature_scales * rng.standard_normal(sizes) + regime.offset
    if len(sizes) > 1:  # one constant feature, not large beside the others; a power of two so that its mean is exact
        about = min(0, round(np.log2(regime.scale)))
        np.moveaxis(array, axis, 0)[rng.integers(sizes[axis])] = 2.0 ** (about + rng.integers(-3, 4))
    return read_only(array)


def between(rng: np.random.Generator, interval: Interval, sizes: Sequence[int], regime: Regime) -> Any:
    """Numbers in an interval; in the regime of edges its ends as often as not."""
    low, high = interval.low, interval.high
    if np.isinf(high):  # from small to large
        inside = low + 10.0 ** rng.uniform(-3, 1, sizes)
    else:
        inside = low + (high - low) * rng.uniform(0.02, 0.98, sizes)
    if regime.edges and interval.ends:
        inside = np.where(rng.random(sizes) < 0.5, rng.choice(interval.ends, sizes), inside)
    return inside if sizes else float(inside)


def feature_axis(ndim: int) -> int:
    """Which axis is the feature: the channel of an (N, C, H, W) array, else the last."""
    return 1 if ndim == 4 else ndim - 1


def read_only(value: Any) -> Any:
    """The same; an array can no longer be written to."""
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    return value

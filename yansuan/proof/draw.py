"""Random arguments for a formula, from the shapes that its docstring declares."""

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

REGIMES = {"ordinary": (1.0, 0.0), "tiny": (1e-4, 0.0), "huge": (1e6, 0.0), "large offset": (1.0, 1e4)}
FUNCTION = "(function)"  # the shape of an argument that is a function
SIZE = re.compile(r"\w+")

# what a name means everywhere: arguments that are not any real number
DOMAIN: dict[str, Callable[[np.random.Generator, float, Sequence[int]], Any]] = {
    "eps": lambda rng, scale, shape: 10.0 ** rng.uniform(-6, -1, shape or None),
    "p": lambda rng, scale, shape: rng.uniform(0.05, 0.95, shape or None),
    "var": lambda rng, scale, shape: scale**2 * rng.uniform(0.01, 9, shape),
    "var_bar": lambda rng, scale, shape: scale**2 * rng.uniform(0.01, 9, shape),
}


def draw(
    rng: np.random.Generator,
    shapes: Mapping[str, str],
    given: Mapping[str, Any],
    scale: float,
    offset: float,
    largest: int = 8,
) -> dict[str, Any]:
    """One set of arguments: drawn where a shape is known, computed where `given` says how.

    Sizes differ, and go from 2 to `largest`, or further if there are more of them.
    """
    declared = {**shapes, **{n: s for n, s in given.items() if isinstance(s, str)}}
    letters = list(dict.fromkeys(re.findall(r"[A-Za-z]\w*", " ".join(declared.values()))))
    sizes = dict(zip(letters, rng.permutation(np.arange(2, 2 + max(largest - 1, len(letters)))).tolist(), strict=False))
    values: dict[str, Any] = {"rng": rng, "scale": scale, "offset": offset}
    for name, shape in declared.items():
        if not callable(given.get(name)):
            if shape == FUNCTION:
                raise ValueError(f"{name}: a function is not drawn; give one: @witness(…, {name}=lambda rng: …)")
            values[name] = draw_one(rng, name, [sizes.get(n) or int(n) for n in SIZE.findall(shape)], scale, offset)
    for name, compute in given.items():
        if callable(compute):
            values[name] = read_only(compute(**{n: values[n] for n in inspect.signature(compute).parameters}))
    return values


def draw_one(rng: np.random.Generator, name: str, shape: Sequence[int], scale: float, offset: float) -> Any:
    """One argument, by what its name means, or normal with features of unequal scale."""
    if name in DOMAIN:
        return read_only(DOMAIN[name](rng, scale, shape))
    if not shape:
        return float(scale * rng.standard_normal() + offset)
    axis = feature_axis(len(shape))
    feature_scales = 10.0 ** rng.uniform(-1, 1.5, [size if i == axis else 1 for i, size in enumerate(shape)])
    array = scale * feature_scales * rng.standard_normal(shape) + offset
    if len(shape) > 1:  # one constant feature, a power of two so that its mean is exact
        np.moveaxis(array, axis, 0)[rng.integers(shape[axis])] = 2.0 ** rng.integers(-3, 4)
    return read_only(array)


def feature_axis(ndim: int) -> int:
    """Which axis is the feature: the channel of an (N, C, H, W) array, else the last."""
    return 1 if ndim == 4 else ndim - 1


def read_only(value: Any) -> Any:
    """The same; an array can no longer be written to."""
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    return value

"""The shape of a symbol as its row declares it, and the interval of its values.

`(m, d)`: a letter is one size throughout a function, a number is that size, `m > 1` is at least 2. `(..., K)`: `...`
are any axes, the same throughout. `(N, C, *)`: `*` are any axes at all. `()` is a number. `(text)` and `(function)` are
no arrays; of a `(list)`, maybe an empty one, nothing is asked; an `(option)` is a setting that the formula does not
show. Behind it may stand ` in [0, 1)` or the like, ` in integers`, or ` in {0, 1}`.
"""

import re
from dataclasses import dataclass, field

AXIS = re.compile(r"(\.\.\.|\*|[A-Za-z]\w*|\d+)(?: *> *(\d+))?")
INTERVAL = re.compile(r"([\[(]) *(-?[\d.e-]+|-?inf) *, *(-?[\d.e-]+|-?inf) *([\])])")
TEXT, LIST, FUNCTION, OPTION = "(text)", "(list)", "(function)", "(option)"
NO_ARRAY = (TEXT, LIST, FUNCTION, OPTION)
PACKS = ("...", "*")
INTEGERS = "integers"  # in the place of an interval: an array of integers
BINARY = "{0, 1}"  # an array of zeros and ones, or of booleans


@dataclass(frozen=True)
class Shape:
    axes: tuple[str, ...]  # letters, numbers, at most one of `...` and `*`
    least: dict[str, int] = field(default_factory=dict)  # the smallest size of a letter, if not 1

    @classmethod
    def of(cls, text: str) -> "Shape":
        """The shape written like this. Raises ValueError, with what is wrong, if it is none."""
        if text in NO_ARRAY:
            return cls(())
        parts = [part.strip() for part in text.strip("()").split(",") if part.strip()]
        found = [AXIS.fullmatch(part) for part in parts]
        for part, axis in zip(parts, found, strict=True):
            if not axis or (axis[2] and axis[1] in PACKS):
                raise ValueError(f"{part!r} is no axis: write a letter, a number, m > 1, ... or *")
        axes = tuple(axis[1] for axis in found if axis)
        if sum(axis in PACKS for axis in axes) > 1:
            raise ValueError("more than one of ... and *: which axes are whose?")
        return cls(axes, {axis[1]: int(axis[2]) + 1 for axis in found if axis and axis[2]})

    @property
    def pack(self) -> str:
        """`...`, `*` or nothing."""
        return next((axis for axis in self.axes if axis in PACKS), "")

    @property
    def letters(self) -> tuple[str, ...]:
        """The axes that are named or numbered."""
        return tuple(axis for axis in self.axes if axis not in PACKS)

    def filled(self, *names: str) -> "Shape":
        """With these axes in the place of `...` or `*`."""
        return Shape(tuple(n for axis in self.axes for n in (names if axis in PACKS else [axis])), self.least)

    def __str__(self) -> str:
        return f"({self.axes[0]},)" if len(self.axes) == 1 else f"({', '.join(self.axes)})"


@dataclass(frozen=True)
class Interval:
    """Which values an argument may have."""

    left: str
    low: float
    high: float
    right: str

    @classmethod
    def of(cls, text: str) -> "Interval":
        """The interval written like this. Raises ValueError if it is none."""
        if not (m := INTERVAL.fullmatch(text)):
            raise ValueError(f"{text!r} is no interval: write [0, 1), (0, inf) or the like")
        interval = cls(m[1], float(m[2]), float(m[3]), m[4])
        if not interval.low < interval.high:
            raise ValueError(f"{text!r} is empty")
        return interval

    @property
    def ends(self) -> list[float]:
        """The ends that are themselves allowed."""
        return [end for end, bracket in ((self.low, self.left), (self.high, self.right)) if bracket in "[]"]

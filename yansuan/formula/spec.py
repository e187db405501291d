"""What the docstring of a formula says, as a record; yansuan/formula/docstring.py reads it."""

import re
from dataclasses import dataclass

Text = dict[str, str]  # what is said, by language

INLINE = re.compile(r"\$([^$]+)\$")


@dataclass(frozen=True)
class Symbol:
    name: str  # a parameter, a local variable, "->", or "-> name" in a tuple of results
    shape: str
    tex: str  # empty where it is an option
    meaning: Text
    line: int = 0  # of its row
    tex_line: int = 0  # of its TeX, which may stand in the family's docstring
    values: str = ""  # an interval, where not every number will do


@dataclass(frozen=True)
class Step:
    """A step of an algorithm, and the lines that do it, of the code as the card shows it."""

    first: int
    last: int
    text: Text
    line: int = 0


@dataclass(frozen=True)
class Spec:
    """What one docstring says."""

    title: Text
    tex: str  # empty where there are steps
    tex_line: int
    symbols: tuple[Symbol, ...]
    steps: tuple[Step, ...]
    sources: tuple[Text, ...]
    raises: tuple[Text, ...]
    notes: tuple[Text, ...]
    traps: tuple[Text, ...]
    read: tuple[Text, ...]  # why the LaTeX is read by a person and not executed
    example: str
    output: str

    @property
    def fields(self) -> dict[str, list[Text]]:
        """The fields that the docstring has, by the word that begins them."""
        every = {"Source": self.sources, "Raises": self.raises, "Note": self.notes, "Trap": self.traps}
        return {word: list(texts) for word, texts in (every | {"Read": self.read}).items() if texts}

    @property
    def proved(self) -> tuple[object, ...]:
        """What a run of the tests is about, besides the code: no prose."""
        symbols = [(s.name, s.shape, s.tex, *filter(None, [s.values])) for s in self.symbols]
        return " ".join(self.tex.split()), symbols, self.example, self.output, bool(self.read)

    @property
    def prose(self) -> tuple[object, ...]:
        """The rest: what is read."""
        steps = [(s.first, s.last, s.text) for s in self.steps]
        return self.title, [s.meaning for s in self.symbols], steps, self.fields

"""Words in a drawing, in the language of the page: `axis.set_xlabel(words(en="step", zh="步数"))`.

A drawing that has such words is saved once for each language. They become text that takes the font of the page;
symbols and formulas stay paths. One label is words or a formula, not both: `$` is refused.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

LANGUAGES = ("en", "zh")
Drawing = str | dict[str, str]  # SVG for every page, or for the pages of each language
OPEN, BETWEEN, CLOSE = "\ue000", "\ue001", "\ue002"
BOTH = re.compile(f"{OPEN}([^{CLOSE}]*){BETWEEN}([^{CLOSE}]*){CLOSE}")


def words(*, en: str, zh: str) -> str:
    """A label that is shown in the language of the page. Raises ValueError for an empty one, or one with `$`."""
    for text in (en, zh):
        if not text.strip() or "$" in text:
            raise ValueError(f"words({en!r}, {zh!r}): both are words, without '$': a formula is a label of its own")
    return f"{OPEN}{en}{BETWEEN}{zh}{CLOSE}"


def of(drawing: Drawing, lang: str) -> str:
    """The drawing for a page in this language."""
    return drawing if isinstance(drawing, str) else drawing[lang]


def in_language(text: str, lang: str) -> str:
    return BOTH.sub(lambda m: m[1 + LANGUAGES.index(lang)], text)


def measured(text: str) -> str:
    """What is as wide as the text in matplotlib's own font, which has no Chinese: a dash is one em wide there."""
    return "".join("—" if unicodedata.east_asian_width(c) in "WF" else c for c in text)


@contextmanager
def drawn_in(lang: str) -> Iterator[list[str]]:
    """While matplotlib draws: its labels in this language. Gives the labels with words that were met."""
    from matplotlib.backends.backend_svg import RendererSVG
    from matplotlib.text import Text

    met: list[str] = []
    of_label: Any = Text.get_text
    of_width: Any = RendererSVG.get_text_width_height_descent
    of_drawing: Any = RendererSVG.draw_text

    def get_text(self: Any) -> str:
        text: str = of_label(self)
        if OPEN in text:
            met.append(text)
        return in_language(text, lang)

    def get_width(self: Any, s: str, prop: Any, ismath: Any) -> Any:
        width, height, descent = of_width(self, measured(s), prop, ismath)
        if measured(s) != s:  # a dash is flat
            _, height, descent = of_width(self, "Ág", prop, ismath)
        return width, height, descent

    def draw_text(
        self: Any, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any = False, mtext: Any = None
    ) -> None:
        if mtext is not None and OPEN in of_label(mtext):
            self._draw_text_as_text(gc, x, y, s, prop, angle, False, mtext)
        else:
            of_drawing(self, gc, x, y, s, prop, angle, ismath, mtext)

    names = ("get_text", "get_text_width_height_descent", "draw_text")
    owners = (Text, RendererSVG, RendererSVG)
    try:
        for owner, name, new in zip(owners, names, (get_text, get_width, draw_text), strict=True):
            setattr(owner, name, new)
        yield met
    finally:
        for owner, name, old in zip(owners, names, (of_label, of_width, of_drawing), strict=True):
            setattr(owner, name, old)

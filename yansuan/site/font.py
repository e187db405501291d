"""The math font that the site carries: STIX Two Math (SIL Open Font License), cut down to what notes need.

The characters are a fixed list (`tex/glyphs.py`), not those found on the pages: a subset made from page text drops √,
which MathML draws without writing it, and the page then shows a wrong formula with no error.

What nearly every formula needs is inside the style sheet, so that formulas are there at first paint and nothing moves
when a font arrives. The rest is a file that a browser fetches for a page that has such a character.
"""

import base64
import io
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from yansuan.base.settings import settings
from yansuan.base.store import Store, version
from yansuan.tex.glyphs import COMMON, RARE

Ranges = Sequence[tuple[int, int]]  # first and last of each

FEATURES = ["math", "dtls", "flac", "ccmp", "kern"]  # not ssty: other shapes for small letters, two fifths of the bytes
# Chromium applies to letters what TeX applies to boxes: subscripts of μ and powers of a bracket stood off too far.
# Chosen beside KaTeX and MathJax; rules are a little thinner, as the surd is.
CONSTANTS = {
    "SubscriptBaselineDropMin": 0,
    "SuperscriptBaselineDropMax": 386,
    "FractionNumDisplayStyleGapMin": 180,
    "FractionDenomDisplayStyleGapMin": 180,
    "FractionRuleThickness": 50,
    "RadicalRuleThickness": 50,
}


def math_font(ranges: Ranges) -> bytes:
    """A part of the font as WOFF2 bytes, made once for these characters and versions of the packages."""
    name, store = ("common" if ranges == COMMON else "rare"), Store(Path(settings().cache, "font"))
    inputs = {"ranges": ranges, "features": FEATURES, "constants": CONSTANTS}
    inputs |= {package: version(package) for package in ("ziamath", "fonttools")}
    if kept := store.get(name, inputs):
        return base64.b64decode(kept["woff2"])
    font = cut(ranges)
    store.put(name, inputs, {"woff2": base64.b64encode(font).decode()})
    return font


def cut(ranges: Ranges) -> bytes:
    """The characters of these ranges out of the font that ziamath brings. Raises ModuleNotFoundError without it."""
    import logging

    from fontTools import subset

    logging.getLogger("fontTools").setLevel(logging.ERROR)
    options = subset.Options(flavor="woff2", hinting=False, layout_features=FEATURES)
    ziamath = find_spec("ziamath")  # found, not imported: that takes longer than loading the font
    if not ziamath or not ziamath.origin:
        raise ModuleNotFoundError("ziamath, which brings the math font, is not installed", name="ziamath")
    original = next(Path(ziamath.origin).parent.glob("fonts/STIXTwoMath*.ttf"))
    font = subset.load_font(str(original), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[c for first, last in ranges for c in range(first, last + 1)])
    cutter.subset(font)
    for name, value in CONSTANTS.items():
        getattr(font["MATH"].table.MathConstants, name).Value = value
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    font.close()
    return out.getvalue()


def stylesheet() -> str:
    """`@font-face` rules: the common characters themselves, the rare ones as the file math.woff2 beside it."""
    common = f"data:font/woff2;base64,{base64.b64encode(math_font(COMMON)).decode()}"
    faces = ((common, COMMON), ("math.woff2", RARE))
    return "".join(
        f'@font-face {{ font-family: "Yansuan Math"; src: url("{source}") format("woff2"); font-display: swap; '
        f"unicode-range: {', '.join(f'U+{first:X}-{last:X}' for first, last in ranges)}; }}\n"
        for source, ranges in faces
    )

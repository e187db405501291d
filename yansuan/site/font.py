"""The math font that the site carries: STIX Two Math (SIL Open Font License), cut down to what notes need.

The characters are a fixed list, not those found on the pages: a subset made from page text drops √, which MathML draws
without writing it, and the page then shows a wrong formula with no error.

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

Ranges = Sequence[tuple[int, int]]  # first and last of each

COMMON = (
    (0x20, 0x7E),  # ASCII
    (0xA0, 0xB7),  # ± · ¨ ¯ ´
    (0xD7, 0xD7),
    (0xF7, 0xF7),  # × ÷
    (0x2C6, 0x2DD),
    (0x300, 0x30C),
    (0x332, 0x332),  # accents, spacing and combining
    (0x391, 0x3F6),  # Greek
    (0x2010, 0x2064),  # dashes, dots, primes, invisible operators
    (0x20D6, 0x20D7),  # combining arrows
    (0x210E, 0x210E),  # italic h
    (0x2113, 0x2113),  # ℓ
    (0x2190, 0x2194),  # arrows
    (0x2200, 0x220F),
    (0x2211, 0x2212),
    (0x2215, 0x222B),
    (0x223C, 0x223C),
    (0x2248, 0x2248),
    (0x2260, 0x2265),
    (0x2282, 0x2287),
    (0x2295, 0x2299),
    (0x22A4, 0x22A5),
    (0x22C0, 0x22C6),
    (0x22EE, 0x22EF),  # operators: √ ∑ ∏ ∂ ∇ ∈ ∥ ⊙
    (0x2308, 0x230B),
    (0x23DC, 0x23DF),  # ceilings, braces above and below
    (0x27E8, 0x27E9),  # ⟨ ⟩
    (0x1D434, 0x1D467),  # italic Latin
    (0x1D6A4, 0x1D6A5),
    (0x1D6FC, 0x1D71B),  # italic Greek
)
RARE = (
    (0x131, 0x131),
    (0x237, 0x237),  # dotless i and j
    (0x30D, 0x331),
    (0x333, 0x338),  # accents
    (0x2102, 0x210D),
    (0x210F, 0x2112),
    (0x2114, 0x2135),  # ℂ ℕ ℝ ℤ ℵ
    (0x2195, 0x2199),
    (0x21A6, 0x21A6),
    (0x21D0, 0x21D5),  # arrows
    (0x2210, 0x2210),
    (0x2213, 0x2214),
    (0x222C, 0x223B),
    (0x223D, 0x2247),
    (0x2249, 0x225F),
    (0x2266, 0x2281),
    (0x2288, 0x2294),
    (0x229A, 0x22A3),
    (0x22C7, 0x22ED),
    (0x27E6, 0x27E7),
    (0x27F5, 0x27FA),  # long arrows
    (0x2A7D, 0x2A7E),  # ⩽ ⩾
    (0x1D400, 0x1D433),  # bold Latin
    (0x1D468, 0x1D4B5),  # bold italic, script
    (0x1D538, 0x1D550),  # double-struck capitals
    (0x1D6A8, 0x1D6FB),
    (0x1D71C, 0x1D755),  # bold Greek, italic capitals
    (0x1D7CE, 0x1D7E1),  # bold and double-struck digits
)
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

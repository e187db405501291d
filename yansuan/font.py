"""The math font that the site carries: STIX Two Math (SIL Open Font License), cut down to what notes need.

The characters are a fixed list, not those found on the pages: a subset made from page text drops √, which MathML draws
without writing it, and the page then shows a wrong formula with no error.
"""

import hashlib
import io
from importlib import metadata
from pathlib import Path

RANGES = (
    (0x20, 0x7E),  # ASCII
    (0xA0, 0xB7),  # ± · ¨ ¯ ´
    (0xD7, 0xD7),
    (0xF7, 0xF7),  # × ÷
    (0x131, 0x131),
    (0x237, 0x237),  # dotless i and j, under accents
    (0x2C6, 0x2DD),
    (0x300, 0x338),  # accents, spacing and combining
    (0x391, 0x3F6),  # Greek
    (0x2010, 0x2064),  # dashes, dots, primes, invisible operators
    (0x20D6, 0x20D7),  # combining arrows
    (0x2102, 0x2135),  # ℂ ℓ ℕ ℝ ℤ ℵ
    (0x2190, 0x2199),
    (0x21D0, 0x21D5),
    (0x21A6, 0x21A6),  # arrows
    (0x2200, 0x22A5),
    (0x22C0, 0x22EF),  # operators: √ ∑ ∏ ∂ ∇ ∈ ∥ ⊙
    (0x2308, 0x230B),
    (0x23DC, 0x23DF),  # ceilings, braces above and below
    (0x27E6, 0x27E9),  # ⟦ ⟧ ⟨ ⟩
    (0x27F5, 0x27FA),  # long arrows
    (0x2A7D, 0x2A7E),  # ⩽ ⩾
    (0x1D400, 0x1D49B),  # bold, italic and bold italic Latin
    (0x1D49C, 0x1D4B5),
    (0x1D538, 0x1D550),  # script and double-struck capitals
    (0x1D6A4, 0x1D6A5),
    (0x1D6E2, 0x1D755),  # italic and bold italic Greek
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


def math_font(cache=Path(".cache")):
    """The font as WOFF2 bytes; made once, then kept in the cache."""
    key = f"{RANGES}{FEATURES}{CONSTANTS}{metadata.version('ziamath')}{metadata.version('fonttools')}"
    stored = cache / f"math-{hashlib.sha256(key.encode()).hexdigest()[:16]}.woff2"
    if not stored.is_file():
        import logging

        import ziamath
        from fontTools import subset

        logging.getLogger("fontTools").setLevel(logging.ERROR)
        options = subset.Options(flavor="woff2", hinting=False, layout_features=FEATURES)
        original = next((Path(ziamath.__file__).parent / "fonts").glob("STIXTwoMath*.ttf"))
        font = subset.load_font(str(original), options)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=[c for first, last in RANGES for c in range(first, last + 1)])
        cutter.subset(font)
        for name, value in CONSTANTS.items():
            getattr(font["MATH"].table.MathConstants, name).Value = value
        font.flavor = "woff2"
        out = io.BytesIO()
        font.save(out)
        cache.mkdir(exist_ok=True)
        stored.write_bytes(out.getvalue())
    return stored.read_bytes()

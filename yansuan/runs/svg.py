"""Drawings by matplotlib as the site shows them: its style, colours that follow the page, no dates."""

import re
from typing import Any

INK = {"#000000": "currentColor", "#808080": "var(--ys-grey)", "#d3d3d3": "var(--ys-faint)"}
INK |= {
    "#1f5fbf": "var(--ys-blue)",
    "#c2410c": "var(--ys-red)",
    "#15803d": "var(--ys-green)",
    "#a16207": "var(--ys-gold)",
}
STYLE: dict[Any, Any] = {
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "figure.figsize": (6, 3),
    "figure.constrained_layout.use": True,
    "font.size": 11,
    "mathtext.fontset": "stix",
    "svg.fonttype": "path",
}


def slim(svg: str, name: str) -> str:
    """The drawing alone: colours that follow the page, ids of its own, two decimals, lines to a tenth of a point."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg, flags=re.S)
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    svg = re.sub(r'<svg [^>]*(viewBox="[^"]+")[^>]*>', rf'<svg {names} \1 fill="currentColor">', svg, count=1)
    svg = re.sub(r'(id="|href="#|url\(#)', rf"\1{name}-", svg)
    svg = re.sub(r" font-family: [^;\"]*;?", "", svg)  # words: that of the page
    svg = re.sub(r"-?\d+\.\d{3,}", lambda m: rounded(m[0], 2), svg)
    svg = re.sub(r' d="[^"]*"', lambda path: re.sub(r"-?\d+\.\d\d", lambda m: rounded(m[0], 1), path[0]), svg)
    for colour, variable in INK.items():
        svg = svg.replace(colour, variable)
    return re.sub(r"\s*\n\s*", " ", svg).replace("> <", "><").strip()


def rounded(number: str, digits: int) -> str:
    return f"{float(number):.{digits}f}".rstrip("0").rstrip(".")


def style(salt: str) -> None:
    """Set matplotlib's defaults for this site. `salt` keeps the ids inside a drawing the same from run to run."""
    import matplotlib
    from cycler import cycler

    matplotlib.rcdefaults()
    cycle = cycler("color", ["#1f5fbf", "#c2410c", "#15803d", "#a16207"])
    matplotlib.rcParams.update(STYLE | {"axes.prop_cycle": cycle, "svg.hashsalt": salt})

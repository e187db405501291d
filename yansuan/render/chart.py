"""What builds on what, from top to bottom: an SVG where there is room, elsewhere a list that says the same."""

from collections.abc import Callable, Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString

from yansuan.render.graph import layers

WIDTH, NODE, HEIGHT, GAP, BETWEEN = 1120, 168, 46, 18, 46  # pixels: the picture, a node's two sides, spaces between
IN_A_ROW = 6


def rows_of(uses: Mapping[str, list[str]]) -> list[list[str]]:
    """Layers as rows: a page stands below all that it builds on. A wide layer takes several rows."""
    found = []
    for layer in layers(dict(uses)):
        count = -(-len(layer) // IN_A_ROW)
        size = -(-len(layer) // count)
        found += [layer[at : at + size] for at in range(0, len(layer), size)]
    return found


def direct(name: str, uses: Mapping[str, list[str]]) -> list[str]:
    """What a page builds on without another page between: other lines of the picture lead there too."""
    return [used for used in uses[name] if not any(used in below(other, uses) for other in uses[name] if other != used)]


def below(name: str, uses: Mapping[str, list[str]]) -> set[str]:
    """All that a page builds on, at any remove."""
    found: set[str] = set()
    todo = list(uses[name])
    while todo:
        if (used := todo.pop()) not in found:
            found.add(used)
            todo += uses[used]
    return found


def places(rows: list[list[str]]) -> dict[str, tuple[float, float]]:
    """The upper left corner of each node."""
    found = {}
    for number, row in enumerate(rows):
        left = (WIDTH - len(row) * NODE - (len(row) - 1) * GAP) / 2
        found |= {name: (left + at * (NODE + GAP), number * (HEIGHT + BETWEEN) + 1) for at, name in enumerate(row)}
    return found


def chart(
    parent: Element,
    uses: Mapping[str, list[str]],
    titles: Mapping[str, str],
    link: Callable[[str], str],
    words: Mapping[str, Any],
) -> None:
    """Append both, with these words of the interface."""
    rows = rows_of(uses)
    at = places(rows)
    height = len(rows) * (HEIGHT + BETWEEN) - BETWEEN + 2
    size = {"viewBox": f"0 0 {WIDTH} {height}", "width": str(WIDTH), "height": str(height)}
    svg = SubElement(parent, "svg", size | {"role": "group", "aria-label": words["map"], "class": "ys-chart"})
    for name, (x, y) in at.items():
        for used in direct(name, uses):
            x0, y0 = at[used][0] + NODE / 2, at[used][1] + HEIGHT
            x1, bend = x + NODE / 2, max((y - y0) / 2, BETWEEN / 2)
            path = f"M{x0:.0f} {y0:.0f}C{x0:.0f} {y0 + bend:.0f} {x1:.0f} {y - bend:.0f} {x1:.0f} {y:.0f}"
            SubElement(svg, "path", {"d": path, "data-from": used, "data-to": name})
    for name, (x, y) in at.items():  # HTML links: Material's script trips over those of SVG
        box = {"x": f"{x:.0f}", "y": f"{y:.0f}", "width": str(NODE), "height": str(HEIGHT)}
        node = SubElement(SubElement(svg, "foreignObject", box), "a", {"href": link(name), "data-page": name})
        node.text = AtomicString(titles[name])
    steps = SubElement(parent, "ol", {"class": "ys-chart-list"})
    for name in (name for row in rows for name in row):
        item = SubElement(steps, "li")
        SubElement(item, "a", {"href": link(name)}).text = AtomicString(titles[name])
        if uses[name]:
            small = SubElement(item, "small")
            small.text = AtomicString(words["after"].format(words["comma"].join(titles[used] for used in uses[name])))

"""A picture of what uses what: layers from left to right, an arrow from each formula to those that use it."""

from collections.abc import Callable
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString

LETTER, HEIGHT, ROW, GAP = 6.7, 22, 30, 56  # pixels: a letter's width, a node's height, their distance, between layers
SWEEPS = 12


def layers(uses: dict[str, list[str]]) -> list[list[str]]:
    """[[name, …], …]: a name stands to the right of all it uses; names without links are left out."""
    linked = {n for n, used in uses.items() if used} | {u for used in uses.values() for u in used}
    depth: dict[str, int] = {}

    def place(name: str) -> int:
        if name not in depth:
            depth[name] = 0
            depth[name] = 1 + max((place(u) for u in uses[name]), default=-1)
        return depth[name]

    users = {n: [m for m in uses if n in uses[m]] for n in linked}
    found = {n: place(n) for n in uses if n in linked}
    # what nothing needs early moves next to its users
    for name in sorted(found, key=lambda name: found[name], reverse=True):
        if users[name] and not uses[name]:
            found[name] = min(found[u] for u in users[name]) - 1
    rows = [[n for n in found if found[n] == level] for level in range(max(found.values(), default=-1) + 1)]
    for sweep in range(SWEEPS):  # fewer crossings: order a layer by the middle of its neighbours
        neighbours = (uses, users)[sweep % 2]
        at = {n: i - len(row) / 2 for row in rows for i, n in enumerate(row)}
        for row in rows if sweep % 2 == 0 else rows[::-1]:
            middle = {n: [at[x] for x in neighbours[n] if x in at] for n in row}
            row.sort(key=lambda n: sum(middle[n]) / len(middle[n]) if middle[n] else at[n])
            at |= {n: i - len(row) / 2 for i, n in enumerate(row)}
    return rows


def draw(
    parent: Element, uses: dict[str, list[str]], marks: dict[str, str], link: Callable[[str], str], description: str
) -> None:
    """Append the picture as SVG. `marks` gives each name's status, `link` the address of its card."""
    rows = layers(uses)
    labels = {n: n.partition(".")[2] for row in rows for n in row}
    height = max((len(row) for row in rows), default=0) * ROW
    box, x = {}, 1.0
    for row in rows:
        width = max(len(labels[n]) for n in row) * LETTER + 14
        top = (height - len(row) * ROW) / 2 + (ROW - HEIGHT) / 2
        box |= {n: (x, top + i * ROW, len(labels[n]) * LETTER + 14) for i, n in enumerate(row)}
        x += width + GAP
    width = x - GAP + 1
    svg = SubElement(
        parent,
        "svg",
        {
            "viewBox": f"0 0 {width:.0f} {height:.0f}",
            "width": f"{width:.0f}",
            "height": f"{height:.0f}",
            "role": "group",
        }
        | {"aria-label": description, "class": "ys-graph"},
    )
    for name in box:
        for used in uses[name]:
            (x0, y0, w0), (x1, y1, _) = box[used], box[name]
            start, end, bend = x0 + w0, x1, (x1 - x0 - w0) / 2
            y0, y1 = y0 + HEIGHT / 2, y1 + HEIGHT / 2
            path = f"M{start:.0f} {y0:.0f}C{start + bend:.0f} {y0:.0f} {end - bend:.0f} {y1:.0f} {end - 6:.0f} {y1:.0f}"
            SubElement(svg, "path", {"d": path, "data-edge": f"{used} {name}"})
            SubElement(svg, "path", {"d": f"M{end:.0f} {y1:.0f}l-7 -3.5v7z", "class": "ys-head"})
    for name, (left, top, w) in box.items():  # HTML links: Material's script trips over those of SVG
        place = {"x": f"{left:.0f}", "y": f"{top:.0f}", "width": f"{w:.0f}", "height": str(HEIGHT)}
        node = SubElement(SubElement(svg, "foreignObject", place), "a", {"href": link(name)})
        node.attrib |= {"data-node": name, "data-status": marks[name]}
        node.text = AtomicString(labels[name])

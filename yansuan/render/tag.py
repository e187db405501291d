"""Ties a symbol in the formula, its row in the table and its variable in the code: all three carry `data-v="name"`."""

import ast
import html
import re
from functools import lru_cache
from xml.etree import ElementTree
from xml.etree.ElementTree import Element


def shape(element: Element) -> str:
    """Structure and text of MathML, without what only concerns its looks."""
    return f"{element.tag}({(element.text or '').strip()}{','.join(map(shape, element))})"


def tag_math(markup: str, table: dict[str, str]) -> str:
    """Mark every part of a formula that is a symbol of the table {name: MathML}; the largest parts first.

    Of two names for one symbol, as in an update, the last owns the first place.
    """
    return tagged(markup, tuple(table.items()))


@lru_cache(maxsize=2048)
def tagged(markup: str, table: tuple[tuple[str, str], ...]) -> str:
    """The same in each language."""
    known: dict[tuple[str, ...], list[str]] = {}
    for name, symbol in table:
        known.setdefault(tuple(map(shape, ElementTree.fromstring(symbol))), []).append(name)
    root = ElementTree.fromstring(markup)

    def name_of(parts: tuple[str, ...]) -> str:
        names = known[parts]
        return names.pop() if len(names) > 1 else names[0]

    largest = sorted(known, key=lambda parts: -len("".join(parts)))

    def walk(element: Element) -> None:
        whole, shapes = shape(element), tuple(map(shape, element))
        for parts in largest:
            if len(parts) == 1 and whole == parts[0]:
                element.set("data-v", name_of(parts))
                return
            for at in range(len(element) - len(parts) + 1 if len(parts) > 1 else 0):
                if shapes[at : at + len(parts)] == parts:
                    run = list(element)[at : at + len(parts)]
                    group = ElementTree.Element("mrow", {"data-v": name_of(parts)})
                    group.extend(run)
                    for part in run:
                        element.remove(part)
                    element.insert(at, group)
                    whole, shapes = shape(element), tuple(map(shape, element))
        for child in element:
            if "data-v" not in child.attrib:
                walk(child)

    walk(root)
    return ElementTree.tostring(root, encoding="unicode")


def tag_code(markup: str, source: str, names: set[str]) -> str:
    """Mark every use of these variables in highlighted code; `ast` finds them, so that `x.mean` is not `mean`."""
    lines, starts = source.splitlines(keepends=True), [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    uses = {}
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Name | ast.arg):
            continue
        name = node.id if isinstance(node, ast.Name) else node.arg
        if name in names:
            column = len(lines[node.lineno - 1].encode()[: node.col_offset].decode())
            uses[starts[node.lineno - 1] + column] = name
    position = 0
    out: list[str] = []
    for piece in re.findall(r"<[^>]*>|[^<]+", markup):
        if piece.startswith("<"):
            out.append(piece)
            continue
        text = html.unescape(piece)
        if uses.get(position) == text and out and out[-1].startswith('<span class="'):
            out[-1] = f'{out[-1][:-1]} data-v="{uses.pop(position)}">'
        position += len(text)
        out.append(piece)
    if uses:
        raise ValueError(f"names that the highlighter has split: {sorted(set(uses.values()))}")
    return "".join(out)

"""The marks `# step 1` in the code of an algorithm: from each to the next, or to the end, the lines do that step."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from yansuan.formula.bilingual import Fault
from yansuan.formula.module import Module


@dataclass(frozen=True)
class Mark:
    line: int  # in the file
    number: int | None  # None: it looks like a mark, and is none
    first: int  # the line of the code, as the card shows it, that it stands behind or above


def marks_of(module: Module, node: ast.FunctionDef) -> list[Mark]:
    """The marks of a function, and what looks like one, in order."""
    shown = [number for number, _ in module.shown(node)]
    inside = range(node.lineno, (node.end_lineno or node.lineno) + 1)
    return [
        Mark(line, comment.number, sum(number < line for number in shown) + 1)
        for line, comment in sorted(module.comments.items())
        if line in inside
    ]


def lines_of_steps(module: Module, node: ast.FunctionDef) -> Mapping[int, tuple[int, int]]:
    """{step: its first and last line of the code}."""
    firsts = {mark.number: mark.first for mark in reversed(marks_of(module, node)) if mark.number}
    last = len(module.shown(node))
    following = {first: min((f - 1 for f in firsts.values() if f > first), default=last) for first in firsts.values()}
    return {number: (first, following[first]) for number, first in firsts.items()}


def match(module: Module, node: ast.FunctionDef, steps: int, fault: Fault) -> None:
    """Raise a YansuanError unless each line of the body belongs to one of so many steps, in their order."""
    marks = marks_of(module, node)
    for expected, mark in enumerate(marks, 1):
        if mark.number and mark.number > steps:
            raise fault(f"a mark of step {mark.number}, which the docstring does not have: write it there", mark.line)
        if steps and mark.number != expected:
            got = f"the mark of step {mark.number}" if mark.number else "a comment that looks like a mark"
            raise fault(f"{got} where '# step {expected}' is expected, and nothing else", mark.line)
        if steps and expected > 1 and mark.first == marks[expected - 2].first:
            raise fault(f"step {expected} begins where step {expected - 1} does: give each a line", mark.line)
    if steps:
        header = node.body[0].end_lineno or 0  # the docstring's
        body = [(at, number) for at, (number, line) in enumerate(module.shown(node), 1) if number > header and line]
        if body[0][0] != marks[0].first:
            raise fault("this line of the code belongs to no step: write '# step 1' behind it", body[0][1])

"""What the proof of a formula costs: processor seconds by kind of test, beside the number of each.

It runs pytest in one process, on the paths that follow (the whole suite without any), and asks it what each test took.
"""

import os
import time
from collections import defaultdict

import pytest

from yansuan.author.watch import HERE
from yansuan.formula.formula import load_all
from yansuan.proof.items import Mutants
from yansuan.proof.selection import is_rule

RULES = {"derivative": "derivative", "latex_computes": "LaTeX", "change_of_the_latex": "LaTeX changes"}


class Costs:
    """A plugin: what each test took of the processor, by kind."""

    def __init__(self):
        self.seconds, self.number = defaultdict(float), defaultdict(int)
        self.began = time.process_time()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item):
        self.seconds["collection and imports"] += time.process_time() - self.began if not self.number else 0
        begin = time.process_time()
        result = yield
        kind = kind_of(item)
        self.seconds[kind] += time.process_time() - begin
        self.number[kind] += 1
        return result


def kind_of(item):
    if isinstance(item, Mutants):
        return "mutants, of functions"
    if is_rule(item):
        return next((kind for part, kind in RULES.items() if part in item.name), "other rules")
    if hasattr(getattr(item, "function", None), "place_as"):
        return "witnesses"
    return f"other tests in {item.path.parent.name}/"


def main(arguments):
    costs, formulas = Costs(), len(load_all("snippets"))
    os.environ["CI"] = "true"  # nothing that is kept is believed
    pytest.main([*HERE, "-q", "-p", "no:xdist", *arguments], plugins=[costs])
    print(f"\n{formulas} formulas\n{'processor s':>12}{'number':>8}{'s a formula':>13}")
    for kind, seconds in sorted(costs.seconds.items(), key=lambda pair: -pair[1]):
        print(f"{seconds:12.1f}{costs.number[kind] or '':>8}{seconds / formulas:13.3f}  {kind}")

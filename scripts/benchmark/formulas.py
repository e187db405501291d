"""What the proof of a formula costs: processor seconds by kind of test, beside the number of each.

`python -m scripts.benchmark formulas [--project FOLDER] [PATH …]` runs pytest in one process, of this project or of one
elsewhere, on these paths (the whole suite without any), and asks it what each test took, processes that it starts
included. With `--mutants` the functions of the families that the paths test are mutated, too.
"""

import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from yansuan.author.watch import HERE
from yansuan.base.settings import settings
from yansuan.formula.formula import load_all
from yansuan.proof.items import Mutants
from yansuan.proof.selection import is_rule

RULES = {"derivative": "derivative", "latex_computes": "LaTeX", "change_of_the_latex": "LaTeX changes"}
PROJECT = "--project"


class Costs:
    """A plugin: what each test took of the processor, by kind."""

    def __init__(self):
        self.seconds, self.number = defaultdict(float), defaultdict(int)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item):
        if not self.number:
            self.seconds["collection and imports"] = used()
        begin = used()
        result = yield
        kind = kind_of(item)
        self.seconds[kind] += used() - begin
        self.number[kind] += 1
        return result


def used():
    """Processor seconds of this process, and of those that it has started and seen end."""
    return sum(os.times()[:4])


def kind_of(item):
    if isinstance(item, Mutants):
        return "mutants, of functions"
    if is_rule(item):
        return next((kind for part, kind in RULES.items() if part in item.name), "other rules")
    if hasattr(getattr(item, "function", None), "place_as"):
        return "witnesses"
    return f"other tests in {item.path.parent.name}/"


def elsewhere(arguments):
    """The same in the folder that is named, with the code of this one."""
    at = arguments.index(PROJECT)
    folder, rest = arguments[at + 1], arguments[:at] + arguments[at + 2 :]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "scripts.benchmark", "formulas", *rest]
    return subprocess.run(command, cwd=folder, env=environment, check=False).returncode


def main(arguments):
    if PROJECT in arguments:
        sys.exit(elsewhere(arguments))
    costs, formulas = Costs(), len(load_all(settings().snippets))
    os.environ["CI"] = "true"  # nothing that is kept is believed
    pytest.main([*HERE, "-q", "-p", "no:xdist", *arguments], plugins=[costs])
    print(f"\n{formulas} formulas\n{'processor s':>12}{'number':>8}{'s a test':>10}{'s a formula':>13}")
    for kind, seconds in sorted(costs.seconds.items(), key=lambda pair: -pair[1]):
        number = costs.number[kind] or 1
        print(f"{seconds:12.1f}{number:>8}{seconds / number:10.3f}{seconds / formulas:13.3f}  {kind}")

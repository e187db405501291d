"""Mutation: every change of every snippet must be noticed by some test, or be listed as equivalent, with a reason.

Runs after a whole green `pytest`, in the same process: one import of torch, then each mutant is a code object swapped
into the living function, against the tests of its family and the rules for the formulas that use it. A function whose
source and tests have not changed since the last report keeps its score. `pytest --mutants …`: by a part of the tests.
"""

import ast
import hashlib
import importlib
import inspect
import runpy
import signal
import time
import types
from dataclasses import dataclass
from pathlib import Path

from _pytest.runner import runtestprotocol

from yansuan.base.settings import settings
from yansuan.formula.formula import load_all, modules
from yansuan.formula.module import read
from yansuan.proof.mutants import mutants

FRESH = {}  # the globals of doctest items, which a run empties
PATIENCE = 5  # seconds a mutant may take


@dataclass
class Score:
    total: int = 0
    killed: int = 0
    listed: int = 0
    survivors: tuple = ()


def put(target, source):
    target.__code__, target.__defaults__, target.__kwdefaults__ = (
        source.__code__,
        source.__defaults__,
        source.__kwdefaults__,
    )


def alarm(*_):
    raise TimeoutError("the mutant takes too long")


def failing(items):
    """The first of these tests that fails now, or None."""
    for item in items:
        item._initrequest()
        if hasattr(item, "dtest"):
            item.dtest.globs = dict(FRESH.setdefault(id(item), dict(item.dtest.globs)))
        signal.setitimer(signal.ITIMER_REAL, PATIENCE)
        try:
            if any(r.failed for r in runtestprotocol(item, log=False, nextitem=None)):
                return item
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    return None


def relevant(items, path, name):
    """The tests that may notice a change of this function: its family's, and the rules for formulas that need it.

    Not those that start processes of their own: they import the snippets anew, unchanged.
    """
    users = {
        f.id for f in load_all(settings().snippets).values() if (path, name) in {(m.path, n) for m, n in f.needs[0]}
    }
    families = {f"test_{path.stem}"} | {f"test_{user.partition('.')[0]}" for user in users}
    chosen = []
    for item in items:
        formula = getattr(item, "callspec", None) and item.callspec.params.get("formula")
        mine = getattr(formula, "id", None) in users or item.path.stem in families
        if mine and not item.get_closest_marker("own_process"):
            chosen.append(item)
    return sorted(chosen, key=lambda item: (f"test_{name}" not in item.name, f".{name}]" not in item.name))


def equivalent():
    """{function: {change: why nothing can notice it}}, from tests/equivalent_mutants.py if there is one."""
    path = Path(settings().tests, "equivalent_mutants.py")
    return runpy.run_path(str(path))["EQUIVALENT"] if path.is_file() else {}


def score(items, path, node):
    """Mutate one function in every way and see which tests notice. Raises if the tests are not green to begin with."""
    name = node.name
    living = inspect.unwrap(getattr(importlib.import_module(f"{settings().package}.{path.stem}"), name))
    tests = relevant(items, path, name)
    for _ in range(2):  # twice: a test that cannot be repeated would seem to kill everything
        if item := failing(tests):
            raise AssertionError(f"{item.nodeid} fails before any mutation, so a score would mean nothing")
    saved = types.FunctionType(living.__code__, {}, "saved", living.__defaults__)
    saved.__kwdefaults__ = living.__kwdefaults__
    result, survivors, listed = Score(), [], equivalent().get(f"{path.stem}.{name}", {})
    seen = set()
    for line, change, new in mutants(node):
        scope = dict(living.__globals__)
        try:
            exec(compile(ast.Module([new], []), str(path), "exec"), scope)
            put(living, inspect.unwrap(scope[name]))
            noticed = failing(tests)
        finally:
            put(living, saved)
        result.total += 1
        seen.add(change)
        if noticed and change in listed:
            survivors.append(
                f"{path}:{line}: {change!r} is listed as equivalent, but {noticed.name} notices it: unlist it"
            )
        elif noticed:
            result.killed += 1
        elif change in listed:
            result.listed += 1
        else:
            entry = f'"{path.stem}.{name}": {{{change!r}: "why"}}'
            survivors.append(
                f"{path}:{line}: no test notices {change!r}: test it, or, if nothing can notice it, "
                f"add {entry} to EQUIVALENT in {settings().tests}/equivalent_mutants.py"
            )
    survivors += [f"{path}:{node.lineno}: no such mutant any more: {c!r}: unlist it" for c in listed.keys() - seen]
    result.survivors = tuple(survivors)
    if item := failing(tests):
        raise AssertionError(f"{item.nodeid} fails after the last mutant was undone")
    return result


def key(path, name, digest):
    """What a score depends on: the source, and the tests that judge it."""
    tests, engine = Path(settings().tests), Path(__file__).parent
    files = [tests / f"test_{path.stem}.py", tests / "test_every_formula.py", tests / "equivalent_mutants.py"]
    files += [engine / f"{name}.py" for name in ("witness", "rules", "mutation")]
    files = [file for file in files if file.is_file()]
    text = "\0".join([digest, name, *(f.read_text("utf-8") for f in files)])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def functions():
    """(path, node, name in reports, digest) of every function of the snippets, helpers included."""
    formulas = load_all(settings().snippets)
    for path in [*modules(settings().snippets), *sorted(Path(settings().snippets).glob("_[a-z]*.py"))]:
        module = read(path)
        for name, node in module.defined.items():
            if isinstance(node, ast.FunctionDef):
                label = f"{path.stem}.{name}"
                source = (
                    formulas[label].digest if label in formulas else hashlib.sha256(module.text.encode()).hexdigest()
                )
                yield path, node, label, source


def run(items, known, families=None):
    """(label, key, Score, seconds) of every function whose key is not already known; of these test modules only."""
    signal.signal(signal.SIGALRM, alarm)
    for path, node, label, digest in functions():
        this = key(path, node.name, digest)
        if known.get(label, {}).get("key") != this and (families is None or f"test_{path.stem}" in families):
            start = time.perf_counter()
            yield label, path, node.lineno, this, score(items, path, node), time.perf_counter() - start

"""Mutation: every change of every snippet must be noticed by some test, or be listed as equivalent, with a reason.

Runs after a whole green `pytest`, in the same process: one import of torch, then each mutant is a code object swapped
into the living function, against the tests of its family and the rules for the formulas that use it. A function whose
source and tests have not changed since the last report keeps its score. `pytest --mutants …`: by a part of the tests.
"""

import ast
import copy
import hashlib
import importlib
import runpy
import signal
import time
import types
from dataclasses import dataclass
from pathlib import Path

from _pytest.runner import runtestprotocol

from yansuan.formula import load_all, modules, read
from yansuan.settings import settings

SWAP: dict = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div],
    ast.Div: [ast.Mult],
    ast.Pow: [ast.Mult],
    ast.MatMult: [ast.Mult],
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
    ast.And: [ast.Or],
    ast.Or: [ast.And],
}
PAIRS = (
    *(("mean", "sum"), ("max", "min"), ("argmax", "argmin"), ("maximum", "minimum"), ("any", "all")),
    *(("exp", "expm1"), ("log", "log1p"), ("var", "std"), ("zeros", "ones"), ("sin", "cos")),
)
NAMES = {a: b for pair in PAIRS for a, b in (pair, pair[::-1])} | {"sqrt": "abs"}
FRESH = {}  # the globals of doctest items, which a run empties
PATIENCE = 5  # seconds a mutant may take


@dataclass
class Score:
    total: int = 0
    killed: int = 0
    listed: int = 0
    survivors: tuple = ()


def variants(node):
    """(field or None, replacement) for each small change of one node."""
    if isinstance(node, ast.BinOp | ast.AugAssign):
        yield from (("op", op()) for op in SWAP.get(type(node.op), ()))
    if isinstance(node, ast.BinOp):
        yield from ((None, side) for side in (node.left, node.right))
    elif isinstance(node, ast.BoolOp):
        yield from (("op", op()) for op in SWAP[type(node.op)])
        yield from ((None, value) for value in node.values)
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield from (("ops", [op()]) for op in SWAP.get(type(node.ops[0]), ()))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        yield None, node.operand
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "value", not node.value
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield "value", node.value + 1
        if node.value and isinstance(node.value, float):
            yield "value", node.value * 2
    elif isinstance(node, ast.Attribute):
        if node.attr in NAMES:
            yield "attr", NAMES[node.attr]
        if node.attr == "T":
            yield None, node.value
    elif isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id in NAMES:
            yield "func", ast.Name(NAMES[node.func.id], ast.Load())
        yield from (("keywords", node.keywords[:i] + node.keywords[i + 1 :]) for i in range(len(node.keywords)))
        symmetric = isinstance(node.func, ast.Attribute) and node.func.attr in ("maximum", "minimum")
        same = len(node.args) > 1 and ast.dump(node.args[-1]) == ast.dump(node.args[-2])
        if len(node.args) > 1 and not symmetric and not same and not any(isinstance(a, ast.Starred) for a in node.args):
            yield "args", [*node.args[:-2], node.args[-1], node.args[-2]]
    elif isinstance(node, ast.If):
        yield "body", [ast.Pass()]
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield "value", ast.Constant(None)


class Replace(ast.NodeTransformer):
    def __init__(self, target, new):
        self.target, self.new = target, new

    def visit(self, node):
        return self.new if node is self.target else self.generic_visit(node)


def mutants(function):
    """(line, 'before -> after', changed function) for every small change of a function, its docstring aside."""
    start = 1 if ast.get_docstring(function) else 0
    for part in [function.args, *function.body[start:]]:
        for node in ast.walk(part):
            if isinstance(node, ast.Call | ast.Expr) and is_message(node):
                continue
            for field, value in variants(node):
                before = one_line(node)
                if field:
                    old = getattr(node, field)
                    setattr(node, field, value)
                    new, after = copy.deepcopy(function), one_line(node)
                    setattr(node, field, old)
                else:
                    memo = {}
                    twin = copy.deepcopy(function, memo)
                    new, after = Replace(memo[id(node)], memo[id(value)]).visit(twin), one_line(value)
                yield getattr(node, "lineno", function.lineno), f"{before} -> {after}", ast.fix_missing_locations(new)


def is_message(node):
    """Whether this only builds the text of an error."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.endswith("Error")


def one_line(node):
    return " ".join(ast.unparse(node).split())


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
    living = getattr(importlib.import_module(f"{settings().package}.{path.stem}"), name)
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
            put(living, scope[name])
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

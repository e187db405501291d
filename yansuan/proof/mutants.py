"""Every small change of a function: the operators of mutation, each with its examples."""

import ast
import copy
from collections.abc import Callable, Iterator
from typing import Any

Change = tuple[str | None, Any]  # (field of a node, what it becomes), or (None, what replaces the node)

SWAP: dict[type[ast.AST], list[type[ast.AST]]] = {
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


def of_operation(node: ast.BinOp | ast.AugAssign) -> Iterator[Change]:
    """`a + b` → `a - b`, `a`, `b`. `a += b` → `a -= b`."""
    yield from (("op", op()) for op in SWAP.get(type(node.op), ()))
    if isinstance(node, ast.BinOp):
        yield from ((None, side) for side in (node.left, node.right))


def of_logic(node: ast.BoolOp) -> Iterator[Change]:
    """`a and b` → `a or b`, `a`, `b`."""
    yield from (("op", op()) for op in SWAP[type(node.op)])
    yield from ((None, value) for value in node.values)


def of_comparison(node: ast.Compare) -> Iterator[Change]:
    """`a < b` → `a <= b`, `a > b`."""
    if len(node.ops) == 1:
        yield from (("ops", [op()]) for op in SWAP.get(type(node.ops[0]), ()))


def of_sign(node: ast.UnaryOp) -> Iterator[Change]:
    """`-a` → `a`. `not a` → `a`."""
    if isinstance(node.op, ast.USub | ast.Not):
        yield None, node.operand


def of_constant(node: ast.Constant) -> Iterator[Change]:
    """`True` → `False`. `2` → `3`. `0.5` → `1.5`, `1.0`."""
    if isinstance(node.value, bool):
        yield "value", not node.value
    elif isinstance(node.value, int | float):
        yield "value", node.value + 1
        if node.value and isinstance(node.value, float):
            yield "value", node.value * 2


def of_attribute(node: ast.Attribute) -> Iterator[Change]:
    """`np.max` → `np.min`. `a.T` → `a`."""
    if node.attr in NAMES:
        yield "attr", NAMES[node.attr]
    if node.attr == "T":
        yield None, node.value


def of_call(node: ast.Call) -> Iterator[Change]:
    """`max(a, b, key=f)` → `min(a, b, key=f)`, `max(a, b)`, `max(b, a, key=f)`."""
    if isinstance(node.func, ast.Name) and node.func.id in NAMES:
        yield "func", ast.Name(NAMES[node.func.id], ast.Load())
    yield from (("keywords", node.keywords[:i] + node.keywords[i + 1 :]) for i in range(len(node.keywords)))
    symmetric = isinstance(node.func, ast.Attribute) and node.func.attr in ("maximum", "minimum")
    same = len(node.args) > 1 and ast.dump(node.args[-1]) == ast.dump(node.args[-2])
    if len(node.args) > 1 and not symmetric and not same and not any(isinstance(a, ast.Starred) for a in node.args):
        yield "args", [*node.args[:-2], node.args[-1], node.args[-2]]


def of_branch(node: ast.If) -> Iterator[Change]:
    """`if a: b` → `if a: pass`."""
    yield "body", [ast.Pass()]


def of_statement(node: ast.Expr) -> Iterator[Change]:
    """`check(a)`, as a statement → `None`."""
    if isinstance(node.value, ast.Call):
        yield "value", ast.Constant(None)


OPERATORS: dict[type[ast.AST], Callable[[Any], Iterator[Change]]] = {
    ast.BinOp: of_operation,
    ast.AugAssign: of_operation,
    ast.BoolOp: of_logic,
    ast.Compare: of_comparison,
    ast.UnaryOp: of_sign,
    ast.Constant: of_constant,
    ast.Attribute: of_attribute,
    ast.Call: of_call,
    ast.If: of_branch,
    ast.Expr: of_statement,
}


class Replace(ast.NodeTransformer):
    """A tree with one node for another."""

    def __init__(self, target: ast.AST, new: ast.AST) -> None:
        self.target, self.new = target, new

    def visit(self, node: ast.AST) -> ast.AST:
        found: ast.AST = self.new if node is self.target else self.generic_visit(node)
        return found


def mutants(function: ast.FunctionDef) -> Iterator[tuple[int, str, ast.FunctionDef]]:
    """(line, 'before -> after', changed function) for every small change of a function, its docstring aside."""
    start = 1 if ast.get_docstring(function) else 0
    for part in [function.args, *function.body[start:]]:
        for node in ast.walk(part):
            if type(node) not in OPERATORS or is_message(node):
                continue
            for field, value in OPERATORS[type(node)](node):
                before = one_line(node)
                new: Any
                if field:
                    old = getattr(node, field)
                    setattr(node, field, value)
                    new, after = copy.deepcopy(function), one_line(node)
                    setattr(node, field, old)
                else:
                    memo: dict[int, Any] = {}
                    twin = copy.deepcopy(function, memo)
                    new, after = Replace(memo[id(node)], memo[id(value)]).visit(twin), one_line(value)
                yield getattr(node, "lineno", function.lineno), f"{before} -> {after}", ast.fix_missing_locations(new)


def is_message(node: ast.AST) -> bool:
    """Whether this only builds the text of an error."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.endswith("Error")


def one_line(node: ast.AST) -> str:
    """The source of a node."""
    return " ".join(ast.unparse(node).split())

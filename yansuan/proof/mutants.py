"""Every small change of a function: the operators of mutation."""

import ast
import copy

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

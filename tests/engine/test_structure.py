"""The engine's own shape: imports run in one direction, modules and functions stay short, what is public is typed."""

import ast
from pathlib import Path

import pytest

# A folder may import those of the floors below it, and its own.
FLOORS = (
    ("base",),
    ("formula", "tex", "html", "evidence"),
    ("notes",),
    ("runs", "proof"),
    ("render", "site", "author"),
)
FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names}
LONGEST_MODULE, LONGEST_FUNCTION = 400, 50
MODULES = sorted(Path("yansuan").rglob("*.py"))


def room(module):
    """The folder of a module given by its parts below yansuan, or the module itself."""
    return module[0].removesuffix(".py")


def imports(path, text):
    """(line, room) of each import of the package in a module, wherever it stands in it."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield node.lineno, room(path.relative_to("yansuan").parts)
        elif isinstance(node, ast.ImportFrom):
            top, *rest = (node.module or "").split(".")
            if top == "yansuan":
                yield from ((node.lineno, name) for name in (rest[:1] or [alias.name for alias in node.names]))
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("yansuan."):
                    yield node.lineno, alias.name.split(".")[1]


def arrows(texts):
    """{(room, room it imports): a place} between different rooms."""
    found = {}
    for path, text in texts.items():
        here = room(path.relative_to("yansuan").parts)
        for line, there in imports(path, text):
            if there != here:
                found.setdefault((here, there), f"{path}:{line}")
    return found


def faults(texts):
    """Imports that lead up, or in a circle between rooms of one floor."""
    known = {pair: place for pair, place in arrows(texts).items() if pair[0] not in ("__main__", "__init__")}
    for (here, there), place in known.items():
        if here not in FLOOR or there not in FLOOR:
            yield f"{place}: {here} → {there}: one of them has no floor: give it one here"
        elif FLOOR[there] > FLOOR[here]:
            yield f"{place}: {here} imports {there}, which stands above it"
        elif FLOOR[there] == FLOOR[here] and reaches(known, there, here):
            yield f"{place}: {here} imports {there}, and {there} imports {here}"


def reaches(known, start, goal):
    """Whether imports lead from one room to another."""
    seen, todo = set(), [start]
    while todo:
        now = todo.pop()
        if now == goal:
            return True
        if now not in seen:
            seen.add(now)
            todo += [there for here, there in known if here == now]
    return False


def long_functions(path, text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = node.end_lineno - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{path}:{node.lineno}: {node.name} has {length} lines: split it"


def changed_globals(path, text):
    """Names of a module that one of its functions binds anew: state that a run leaves behind."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Global):
            yield f"{path}:{node.lineno}: global {', '.join(node.names)}: keep it in an object"


def test_imports_run_in_one_direction():
    assert not list(faults({path: path.read_text("utf-8") for path in MODULES}))


@pytest.mark.parametrize(
    ("path", "text", "fault"),
    [
        ("yansuan/base/words.py", "def f():\n    from yansuan.render.card import card\n", "which stands above it"),
        ("yansuan/tex/tokens.py", "import yansuan.notes.scan\n", "which stands above it"),
        ("yansuan/new/thing.py", "from yansuan import base\n", "no floor"),
    ],
)
def test_an_import_that_leads_up_is_noticed(path, text, fault):
    assert any(fault in found for found in faults({Path(path): text}))


def test_a_circle_between_rooms_is_noticed():
    texts = {
        Path("yansuan/site/a.py"): "from yansuan.author.b import c",
        Path("yansuan/author/b.py"): "import yansuan.site.a",
    }
    assert len(list(faults(texts))) == 2


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_is_short_and_so_are_its_functions(path):
    text = path.read_text("utf-8")
    assert text.count("\n") <= LONGEST_MODULE, f"{path}: {text.count(chr(10))} lines: split it"
    assert not list(long_functions(path, text))
    assert not list(changed_globals(path, text))


def test_a_long_function_is_noticed():
    text = "def f():\n" + "    x = 1\n" * LONGEST_FUNCTION
    assert list(long_functions(Path("a.py"), text))
    assert list(changed_globals(Path("a.py"), "x = 1\ndef f():\n    global x\n    x = 2\n"))

"""What decides the result of a figure or a lab, besides its own text: what it uses of the project, and libraries."""

import ast
import sys
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from yansuan.base.store import Inputs, code, version
from yansuan.formula.module import Module, read
from yansuan.formula.needs import Needs, local


def used(module: Module, needs: Needs, always: Iterable[str]) -> Inputs:
    """The definitions that the code of a module uses, and the versions of packages: these, and all that it imports."""
    files = modules(module.tree, {})
    trees = [module.tree, *(read(path).tree for path in files)]
    packages = {*always, *(name for tree in trees for name, _ in imports(tree))}
    packages |= {line.split()[1] for line in needs.imports}
    foreign = {name.partition(".")[0] for name in packages if not of_project(name)} - sys.stdlib_module_names
    return {
        "definitions": [code(m.source(m.defined[n])) for m, n in needs.definitions() if m.path != module.path],
        "imports": needs.imports,
        "modules": {path.as_posix(): code(read(path).text) for path in files},
        "versions": {name: version(name) for name in foreign},
        "python": sys.version_info[:2],
    }


def of_project(package: str) -> Path | None:
    """As `local`; nothing for the engine, which is a folder here and a package elsewhere."""
    return None if package.partition(".")[0] == "yansuan" else local(package)


def modules(tree: ast.AST, found: dict[Path, None]) -> dict[Path, None]:
    """Modules of the project that are imported as such: `from snippets import losses`, `from helpers import *`."""
    for package, name in imports(tree):
        file = f"{package}.{name}" if name else package
        for path in (of_project(file), of_project(package) if name == "*" else None):
            if path and path not in found:
                found[path] = None
                modules(read(path).tree, found)
    return found


@lru_cache(maxsize=1024)  # a module of the project is one of many figures and labs
def imports(tree: ast.AST) -> tuple[tuple[str, str], ...]:
    """(package, name) of each `from package import name`, and (package, "") of each `import package`, anywhere."""
    found: list[tuple[str, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += ((node.module, alias.name) for alias in node.names)
    return tuple(found)

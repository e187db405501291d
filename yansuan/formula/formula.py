"""A formula is a function `snippets/<family>.py:<function>` whose docstring is its specification.

yansuan/formula/docstring.py has the grammar. Files are read with `ast` and never imported, so building a site runs no
snippet and needs no NumPy.
"""

import ast
import difflib
import hashlib
import os
from functools import cached_property, lru_cache
from pathlib import Path

from yansuan.base.errors import YansuanError
from yansuan.base.textfile import is_file
from yansuan.formula import marks
from yansuan.formula.docstring import docstring, read_spec
from yansuan.formula.module import Module, names_in, read
from yansuan.formula.needs import Needs
from yansuan.formula.spec import Spec, Step, Symbol, Text


class Formula:
    """One function of a snippets folder, with what its docstring promises. Raises YansuanError if it lacks a part."""

    def __init__(self, root: str | Path, module: Module, node: ast.FunctionDef) -> None:
        self.root, self.module, self.node = Path(root), module, node
        self.id = f"{module.path.stem}.{node.name}"
        self.line = node.lineno
        if node.name not in module.specs:
            module.specs[node.name] = self._read()
        self.spec: Spec = module.specs[node.name]

    def fault(self, message: str, line: int | None = None) -> YansuanError:
        return YansuanError(self.module.path, line or self.line, f"{self.node.name}: {message}")

    @property
    def title(self) -> Text:
        return self.spec.title

    @property
    def tex(self) -> str:
        return self.spec.tex

    @property
    def tex_line(self) -> int:
        return self.spec.tex_line

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        return self.spec.symbols

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.spec.steps

    @property
    def fields(self) -> dict[str, list[Text]]:
        return self.spec.fields

    @property
    def example(self) -> str:
        return self.spec.example

    @property
    def output(self) -> str:
        return self.spec.output

    def _read(self) -> Spec:
        """What the docstring says, compared with the function that it stands in."""
        first = self.node.body[0].lineno
        lines = docstring(self.node, self.module.text, self.fault)
        before = self.module.lines[first - 1].encode()[: self.node.body[0].col_offset]
        after = [node.lineno for node in self.node.body[1:2]]
        if lines and (before.strip() or not after or after[0] == self.node.body[0].end_lineno):
            raise self.fault("the docstring stands on lines of its own, with code under it", first)
        lines_of_steps = marks.lines_of_steps(self.module, self.node)
        spec = read_spec(lines, first, self.module.symbols, lines_of_steps, self.fault)
        self._match_signature(spec, first)
        marks.match(self.module, self.node, len(spec.steps), self.fault)
        return spec

    def _match_signature(self, spec: Spec, line: int) -> None:
        if not spec.symbols:
            raise self.fault("no symbol rows: for each symbol 'name (shape): $TeX$' and, under it, its meaning", line)
        params = [a.arg for a in (*self.node.args.posonlyargs, *self.node.args.args, *self.node.args.kwonlyargs)]
        names = [s.name for s in spec.symbols]
        if names[: len(params)] != params:
            raise self.fault(f"symbol rows {names} do not start with the parameters {params}, in that order", line)
        results = [n for n in names if n.startswith("->")]
        local = names[len(params) : len(names) - len(results)]
        stored = {n.id for n in ast.walk(self.node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        if names[len(params) + len(local) :] != results or not results:
            raise self.fault("the last symbol rows are what is returned: '-> (shape): $TeX$'", line)
        called = {n.func.id for n in ast.walk(self.node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
        functions = {s.name for s in spec.symbols if s.shape == "(function)"} & called
        if unknown := [n for n in local if n not in stored | functions]:
            why = "neither parameters nor assigned in the function, nor functions that it calls"
            raise self.fault(f"symbol rows {unknown} are {why}", line)

    @cached_property
    def needs(self) -> tuple[list[tuple[Module, str]], list[str]]:
        """The definitions that the function and its example use, callees first, itself last; and their imports."""
        needs = Needs(self._local)
        needs.visit(self.module, self.node.name)
        needs.follow(self.module, names_in(ast.parse(self.example)))  # an example may use more than the function does
        needs.found.append(needs.found.pop(needs.found.index((self.module.path, self.node.name))))
        if twice := needs.twice():
            raise self.fault(f"needs two different definitions of {twice}: rename one")
        return needs.definitions(), needs.imports

    def _local(self, package: str) -> Path | None:
        """The file of a module of this snippets folder."""
        top, *rest = package.split(".")
        return self.root.joinpath(*rest).with_suffix(".py") if top == self.root.name else None

    @cached_property
    def uses(self) -> list[str]:
        """The other formulas that the function calls itself, by name, in order."""
        found = []
        for called in self.module.uses(self.node.name):
            family, name = self.module.path.stem, called
            if called in self.module.imported and called not in self.module.defined:
                statement, alias = self.module.imported[called]
                package, name = getattr(statement, "module", None) or "", alias.name
                family = package.removeprefix(f"{self.root.name}.")
            path = self.root / f"{family}.py"
            known = is_file(path) and not family.startswith("_")  # a family
            if known and name in read(path).functions and f"{family}.{name}" != self.id:
                found.append(f"{family}.{name}")
        return found

    @property
    def written(self) -> list[tuple[int, str]]:
        """The numbered lines that an author wrote for the card: the function, and the beginning of its family."""
        lines, family = list(enumerate(self.module.lines, 1)), self.module.tree.body[0].end_lineno
        return lines[self.line - 1 : self.node.end_lineno] + lines[:family]

    @property
    def code(self) -> str:
        """The function as the card shows it, without its docstring."""
        return self.module.source(self.node, docstring=False)

    @property
    def copy(self) -> str:
        """What the copy button gives: imports, helpers, function and example, complete and runnable."""
        definitions, imports = self.needs
        parts = [m.source(m.defined[name], docstring=False) for m, name in definitions]
        return "\n\n\n".join(filter(None, ["\n".join(imports), *parts, self.example])) + "\n"

    @cached_property
    def digest(self) -> str:
        """A hash of all that a proof is about, and of no prose: the code of the function and of what it needs, LaTeX,
        names, shapes and TeX of the symbols, the example. The key of the evidence."""
        definitions, imports = self.needs
        code = [m.source(m.defined[name], docstring=False) for m, name in definitions]
        return hashed(imports, code, self.spec.proved)

    @cached_property
    def text_digest(self) -> str:
        """A hash of the prose: title, meanings, steps, fields."""
        return hashed(self.spec.prose)


def hashed(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def load(root: str | Path, name: str, folder: object = None) -> Formula:
    """The formula called "family.function". Raises ValueError, with the nearest name, if there is none.

    `folder` is what stamps says of it, if it is known."""
    family, _, function = name.partition(".")
    path = Path(root, f"{family}.py")
    if is_file(path) and function in (module := read(path)).functions:
        return _formula(Path(root), module, function, folder or stamps(root))
    every = [f"{p.stem}.{f}" for p in modules(root) for f in read(p).functions]
    near = difflib.get_close_matches(name, every, 1, 0.5)
    raise ValueError(f"there is no {name!r} in {root}" + (f"; did you mean {near[0]!r}?" if near else ""))


def modules(root: str | Path) -> list[Path]:
    """The families of a snippets folder."""
    return [p for p in sorted(Path(root).glob("*.py")) if not p.name.startswith("_")]


def load_all(root: str | Path) -> dict[str, Formula]:
    """Every formula of a snippets folder, by name."""
    folder, here = stamps(root), Path(root)
    return {f.id: f for p in modules(root) for n in read(p).functions for f in [_formula(here, read(p), n, folder)]}


@lru_cache(maxsize=4096)
def _formula(root: Path, module: Module, name: str, folder: object) -> Formula:
    """The formula; another when any file of the folder has changed, as it may use something of that."""
    return Formula(root, module, module.functions[name])


def stamps(root: str | Path) -> tuple[object, ...]:
    """What a snippets folder has another of when one of its files has changed."""
    files = (os.path.join(folder, name) for folder, _, names in os.walk(root) for name in names)
    found = ((path, os.stat(path)) for path in sorted(files) if path.endswith(".py"))
    return (os.getcwd(), *((path, at.st_mtime_ns, at.st_size) for path, at in found))

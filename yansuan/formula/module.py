"""One file of snippets as source text, read with `ast` and never imported."""

import ast
import io
import os
import re
import tokenize
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from yansuan.base.errors import YansuanError
from yansuan.base.textfile import read as read_text
from yansuan.formula.bilingual import titled
from yansuan.formula.docstring import Meant, docstring, family_symbols
from yansuan.formula.spec import Spec, Text

MARK = re.compile(r"#\s*[Ss]tep\s+(\d{1,3})\s*")
LIKE_MARK = re.compile(r"#\s*[Ss]tep\s*\d")


@dataclass(frozen=True)
class Comment:
    """A comment `# step 1`, or one that looks like it: then without a number."""

    column: int
    number: int | None


class Module:
    """One file of snippets: its functions, constants and imports, as source text."""

    def __init__(self, path: Path, text: str | None = None) -> None:
        self.path, self.text = path, read_text(path) if text is None else text
        try:
            self.tree = tree = ast.parse(self.text)
        except SyntaxError as error:
            raise YansuanError(path, error.lineno or 1, f"not valid Python: {error.msg}") from None
        except (RecursionError, MemoryError):
            raise YansuanError(path, 1, "nested too deeply for Python: split it") from None
        self.lines = self.text.splitlines()
        self.imported: dict[str, tuple[ast.Import | ast.ImportFrom, ast.alias]] = {}
        self.defined: dict[str, ast.stmt] = {}
        self.specs: dict[str, Spec] = {}  # of each function, what its docstring says
        self.used: dict[str, list[str]] = {}  # the names that each definition uses
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                self.defined[node.name] = node
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    self.defined.update({n.id: node for n in ast.walk(target) if isinstance(n, ast.Name)})
            elif isinstance(node, ast.Import | ast.ImportFrom):
                self.imported.update({(a.asname or a.name).partition(".")[0]: (node, a) for a in node.names})

    def fault(self, message: str, line: int) -> YansuanError:
        return YansuanError(self.path, line, message)

    @property
    def title(self) -> Text:
        """The family's name, by language: the first lines of the module's docstring."""
        return titled(docstring(self.tree, self.text, self.fault), 1, self.fault)[0]

    @cached_property
    def symbols(self) -> dict[str, Meant]:
        """The symbols that the module's docstring defines for all its functions."""
        return family_symbols(docstring(self.tree, self.text, self.fault), self.fault)

    @property
    def functions(self) -> dict[str, ast.FunctionDef]:
        """The public functions: each one is a formula."""
        return {n: f for n, f in self.defined.items() if isinstance(f, ast.FunctionDef) and not n.startswith("_")}

    def uses(self, name: str) -> list[str]:
        """The names that a definition uses, but for the decorators that only check what goes in."""
        if name not in self.used:
            node = self.defined[name]
            checks = [d for d in getattr(node, "decorator_list", ()) if self.checks(d)]
            self.used[name] = names_in(node, {id(part) for check in checks for part in ast.walk(check)})
        return self.used[name]

    def checks(self, decorator: ast.expr) -> bool:
        """Whether a decorator comes from a private module, `_name.py`: it checks arguments, and no card shows it."""
        name = decorator.func if isinstance(decorator, ast.Call) else decorator
        statement = self.imported.get(getattr(name, "id", ""), (None, None))[0]
        return isinstance(statement, ast.ImportFrom) and (statement.module or "").rpartition(".")[2].startswith("_")

    def source(self, node: ast.stmt, docstring: bool = True) -> str:
        """The lines of a definition: all of them, or as a card shows them."""
        if not docstring:
            return "\n".join(text for _, text in self.shown(node))
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        return "\n".join(self.lines[first - 1 : node.end_lineno])

    def shown(self, node: ast.stmt) -> list[tuple[int, str]]:
        """The numbered lines of a definition without its docstring, the check of its arguments and marks of steps."""
        first, left_out = node.lineno, set[int]()
        if isinstance(node, ast.FunctionDef):
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            parts: list[ast.stmt | ast.expr] = [d for d in node.decorator_list if self.checks(d)]
            parts += node.body[:1] if ast.get_docstring(node, clean=False) is not None else []
            left_out = {line for part in parts for line in range(part.lineno, (part.end_lineno or part.lineno) + 1)}
        found = []
        for number in range(first, (node.end_lineno or first) + 1):
            mark, line = self.comments.get(number), self.lines[number - 1]
            if mark and mark.number:
                line = line[: mark.column].rstrip()
            if number not in left_out and (line or not mark):
                found.append((number, line))
        return found

    @cached_property
    def comments(self) -> dict[int, Comment]:
        """The marks of steps, by line."""
        return dict(self._comments()) if LIKE_MARK.search(self.text) else {}

    def _comments(self) -> Iterator[tuple[int, Comment]]:
        for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
            if token.type == tokenize.COMMENT and LIKE_MARK.match(token.string):
                mark = MARK.fullmatch(token.string)
                yield token.start[0], Comment(token.start[1], int(mark[1]) if mark else None)


@cache
def _read(path: Path, folder: str, stamp: tuple[int, int]) -> Module:
    return Module(path)


def read(path: Path) -> Module:
    """The parsed module, read again when the file has changed."""
    stat = path.stat()
    return _read(path, os.getcwd(), (stat.st_mtime_ns, stat.st_size))


def names_in(tree: ast.AST, without: Collection[int] = ()) -> list[str]:
    """The names in a tree, each once; without those of the nodes with these ids."""
    return list(dict.fromkeys(n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and id(n) not in without))

"""One file of snippets as source text, read with `ast` and never imported."""

import ast
from functools import cache

from yansuan.base.errors import YansuanError
from yansuan.base.textfile import read as read_text
from yansuan.formula.bilingual import in_two, in_words, languages


class Module:
    """One file of snippets: its functions, constants and imports, as source text."""

    def __init__(self, path, text=None):
        self.path, self.text = path, read_text(path) if text is None else text
        try:
            self.tree = tree = ast.parse(self.text)
        except SyntaxError as error:
            raise YansuanError(path, error.lineno or 1, f"not valid Python: {error.msg}") from None
        except (RecursionError, MemoryError):
            raise YansuanError(path, 1, "nested too deeply for Python: split it") from None
        self.doc, self.imported = ast.get_docstring(tree) or "", {}
        self.defined: dict = {}
        self.parsed: dict = {}  # of each function, what its docstring says
        self.used: dict = {}  # the names that each definition uses
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                self.defined[node.name] = node
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    self.defined.update({n.id: node for n in ast.walk(target) if isinstance(n, ast.Name)})
            elif isinstance(node, ast.Import | ast.ImportFrom):
                self.imported.update({(a.asname or a.name).partition(".")[0]: (node, a) for a in node.names})

    @property
    def title(self):
        """The family's name, by language: the first line of the module's docstring."""
        title = languages(self.doc.partition("\n")[0])
        if not title:
            raise YansuanError(self.path, 1, f"no title{in_two()}: begin the docstring with {in_words()!r}")
        return title

    @property
    def functions(self):
        """The public functions: each one is a formula."""
        return {n: f for n, f in self.defined.items() if isinstance(f, ast.FunctionDef) and not n.startswith("_")}

    def source(self, node, docstring=True):
        """The lines of a definition, decorators included, with or without its docstring."""
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        lines = self.text.splitlines()[: node.end_lineno]
        if not docstring and isinstance(node, ast.FunctionDef) and ast.get_docstring(node, clean=False) is not None:
            del lines[node.body[0].lineno - 1 : node.body[0].end_lineno]
        return "\n".join(lines[first - 1 :])


@cache
def _read(path, stamp):
    return Module(path)


def read(path):
    """The parsed module, read again when the file has changed."""
    stat = path.stat()
    return _read(path, (stat.st_mtime_ns, stat.st_size))


def names_in(tree):
    return list(dict.fromkeys(n.id for n in ast.walk(tree) if isinstance(n, ast.Name)))

"""A formula is a function `snippets/<family>.py:<function>` whose docstring is its specification.

The docstring holds, in this order: a title `English | 中文`; LaTeX between `$$`, or, of an algorithm, a line for each
step, `Step 3-5: English | 中文`, with the lines of the code that it is about; a row per symbol, `name (shape) $TeX$
English | 中文`, parameters first, then local variables and functions that are called, then `->` for what is returned; a
shape may be `(text)` or `(function)`; lines that begin `Source:`, `Raises:`, `Note:`, `Trap:` (a numerical one, and
what the code does about it) or `Read:` (why the LaTeX is read by a person and not executed); an example with `>>>`
that prints.

Files are read with `ast` and never imported, so building a site runs no snippet and needs no NumPy.
"""

import ast
import difflib
import doctest
import hashlib
import re
from functools import cached_property
from pathlib import Path

from yansuan.base.errors import YansuanError
from yansuan.base.settings import Settings
from yansuan.base.textfile import hidden, is_file
from yansuan.formula.bilingual import in_two, in_words, languages
from yansuan.formula.module import names_in, read
from yansuan.formula.needs import Needs
from yansuan.formula.spec import BOTH, FIELD, INLINE, ROW, STEP, Step, Symbol, contains


class Formula:
    """One function of a snippets folder, with what its docstring promises. Raises YansuanError if it lacks a part."""

    def __init__(self, root, module, node):
        self.root, self.module, self.node = Path(root), module, node
        self.id = f"{module.path.stem}.{node.name}"
        self.line = node.lineno
        if node.name not in module.parsed:
            before = set(vars(self))
            self._parse(ast.get_docstring(node) or "")
            module.parsed[node.name] = {name: value for name, value in vars(self).items() if name not in before}
        vars(self).update(module.parsed[node.name])

    def fault(self, message, line=None):
        return YansuanError(self.module.path, line or self.line, f"{self.node.name}: {message}")

    def _parse(self, doc):
        first = self.node.body[0].lineno
        literal = ast.get_source_segment(self.module.text, self.node.body[0]) or ""
        if doc and "\\" in literal and literal[0] not in "rR":
            raise self.fault('backslashes in a docstring that is not raw: begin it with r"""', first)
        before = self.module.text.splitlines()[first - 1].encode()[: self.node.body[0].col_offset]
        after = [node.lineno for node in self.node.body[1:2]]
        if doc and (before.strip() or not after or after[0] == self.node.body[0].end_lineno):
            raise self.fault("the docstring stands on lines of its own, with code under it", first)
        if found := hidden(doc):
            raise self.fault(found[1], first + found[0] - 1)
        self.title = languages(doc.partition("\n")[0])
        if not self.title:
            raise self.fault(f"no title{in_two()}: begin the docstring with {in_words()!r}", first)
        math = re.search(r"^\$\$(.+?)\$\$\s*$", doc, re.M | re.S)
        algorithm = re.search(r"^Step \d", doc, re.M)
        if not algorithm and (not math or not math[1].strip()):
            raise self.fault("no LaTeX: put it between $$ and $$ under the title, or write steps: 'Step 2-3: …'", first)
        if algorithm and math:
            raise self.fault("LaTeX and steps: a card shows one of them", first)
        self.tex = re.sub(r"\s*\n\s*", "\n", math[1].strip()) if math else ""
        self.tex_line = first + (doc[: math.start(1)].count("\n") if math else 0)
        examples = self._examples(doc, first)
        if not any(e.want for e in examples):
            raise self.fault("no example with output: end the docstring with '>>> print(…)' and what it prints", first)
        if silent := next((e for e in examples if e.want and not prints(e.source)), None):
            why = f"example: {silent.source.strip()[:60]!r} prints nothing when the card is copied and run as a program"
            raise self.fault(f"{why}: write 'print(…)'", first + silent.lineno)
        self.example = "\n".join(e.source.rstrip("\n") for e in examples)
        self.output = "".join(e.want for e in examples).rstrip("\n")
        symbols, steps, self.fields = [], [], {}
        rest = doc[: math.start()] + "\n" * math[0].count("\n") + doc[math.end() :] if math else doc
        for number, line in enumerate(rest.splitlines()[1:], first + 1):
            if line.startswith(">>>"):
                break
            if not line.strip():
                continue
            if (row := ROW.fullmatch(line)) and (meaning := languages(row["meaning"])):
                symbols.append(Symbol(row["name"], row["shape"], row["tex"].strip(), meaning, number))
            elif step := STEP.fullmatch(line):
                if not (text := languages(step["text"])):
                    raise self.fault(f"a step in one language: write 'Step 2-3: {in_words()}'", number)
                steps.append(Step(int(step["first"]), int(step["last"] or step["first"]), text, number))
            elif field := FIELD.fullmatch(line):
                text = languages(field[2])
                if field[1] in BOTH and not text:
                    raise self.fault(f"'{field[1]}:' in one language: write '{field[1]}: {in_words()}'", number)
                self.fields.setdefault(field[1], []).append(text or dict.fromkeys(Settings.languages, field[2]))
            elif line.startswith("Step "):
                raise self.fault(f"not a step: write 'Step 2-3: {in_words()}', got {line!r}", number)
            elif re.match(r"(->( \w+)?|\w+)\s+\(|->", line):
                raise self.fault(f"not a symbol row: write 'name (shape) $TeX$ {in_words()}', got {line!r}", number)
            else:
                raise self.fault(f"no card shows {line!r}: begin it with 'Note:' or the like, all on one line", number)
        self.symbols, self.steps = tuple(symbols), tuple(steps)
        self._match_signature(first)
        self._match_steps()
        typeset = [self.tex]
        if steps:
            said = [" ".join(s.text[lang] for s in steps) for lang in steps[0].text]
            typeset = [" ; ".join(INLINE.findall(text)) for text in said]
        for s in symbols:
            if not all(contains(tex, s.tex) for tex in typeset):
                where = "steps" if steps else "LaTeX"
                raise self.fault(f"the symbol ${s.tex}$ ({s.name}) does not occur in the {where}", s.line)
        if "Source" not in self.fields:
            raise self.fault("no 'Source:' line: say which paper, equation or slide the formula is from", first)

    def _examples(self, doc, first):
        """What follows `>>>`, all of which a card shows."""
        try:
            parts = doctest.DocTestParser().parse(doc)
            examples = [part for part in parts if isinstance(part, doctest.Example)]
            for example in examples:
                ast.parse(example.source)
        except ValueError as error:
            raise self.fault(f"example: {error}", first) from None
        except (SyntaxError, RecursionError, MemoryError) as error:
            raise self.fault(f"example: not valid Python: {error}", first + example.lineno) from None
        if text := "".join(part for part in parts[1:] if isinstance(part, str)).strip():
            raise self.fault(f"no card shows {text[:60]!r}: an example ends the docstring", first)
        return examples

    def _match_signature(self, line):
        if not self.symbols:
            raise self.fault(f"no symbol rows: one line a symbol, 'name (shape) $TeX$ {in_words()}'", line)
        params = [a.arg for a in (*self.node.args.posonlyargs, *self.node.args.args, *self.node.args.kwonlyargs)]
        names = [s.name for s in self.symbols]
        if names[: len(params)] != params:
            raise self.fault(f"symbol rows {names} do not start with the parameters {params}, in that order", line)
        results = [n for n in names if n.startswith("->")]
        local = names[len(params) : len(names) - len(results)]
        stored = {n.id for n in ast.walk(self.node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        if names[len(params) + len(local) :] != results or not results:
            raise self.fault(f"the last symbol rows are what is returned: '-> (shape) $TeX$ {in_words()}'", line)
        called = {n.func.id for n in ast.walk(self.node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
        functions = {s.name for s in self.symbols if s.shape == "(function)"} & called
        if unknown := [n for n in local if n not in stored | functions]:
            why = "neither parameters nor assigned in the function, nor functions that it calls"
            raise self.fault(f"symbol rows {unknown} are {why}", line)

    def _match_steps(self):
        """Each line of the code, after those that check the arguments, belongs to one step."""
        if not self.steps:
            return
        length, following = len(self.code.splitlines()), self.steps[0].first
        for step in self.steps:
            if step.first != following:
                raise self.fault(f"the step begins at line {step.first} of the code, expected {following}", step.line)
            if step.last < step.first:
                raise self.fault(f"the step ends at line {step.last} of the code, before it begins", step.line)
            following = step.last + 1
        if following != length + 1:
            why = f"the steps end with line {following - 1} of the code, which ends with line {length}"
            raise self.fault(f"{why}; line 1 is 'def', and the docstring does not count", self.steps[-1].line)

    @cached_property
    def needs(self):
        """The definitions that the function and its example use, callees first, itself last; and their imports."""
        needs = Needs(self._local)
        needs.visit(self.module, self.node.name)
        needs.follow(self.module, names_in(ast.parse(self.example)))  # an example may use more than the function does
        needs.found.append(needs.found.pop(needs.found.index((self.module.path, self.node.name))))
        if twice := needs.twice():
            raise self.fault(f"needs two different definitions of {twice}: rename one")
        return needs.definitions(), needs.imports

    def _local(self, package):
        """The file of a module of this snippets folder."""
        top, *rest = package.split(".")
        return self.root.joinpath(*rest).with_suffix(".py") if top == self.root.name else None

    @cached_property
    def uses(self):
        """The other formulas that the function calls itself, by name, in order."""
        found = []
        for called in names_in(self.node):
            family, name = self.module.path.stem, called
            if called in self.module.imported and called not in self.module.defined:
                statement, alias = self.module.imported[called]
                package, name = getattr(statement, "module", None) or "", alias.name
                family = package.removeprefix(f"{self.root.name}.")
            path = self.root / f"{family}.py"
            if path in modules(self.root) and name in read(path).functions and f"{family}.{name}" != self.id:
                found.append(f"{family}.{name}")
        return found

    @property
    def code(self):
        """The function as the card shows it, without its docstring."""
        return self.module.source(self.node, docstring=False)

    @property
    def copy(self):
        """What the copy button gives: imports, helpers, function and example, complete and runnable."""
        definitions, imports = self.needs
        parts = [m.source(m.defined[name], docstring=False) for m, name in definitions]
        return "\n\n\n".join(["\n".join(imports), *parts, self.example]) + "\n"

    @property
    def digest(self):
        """A hash of the function, its specification and everything it calls: the key of the evidence."""
        definitions, imports = self.needs
        parts = [m.source(m.defined[name]) for m, name in definitions]
        return hashlib.sha256("\0".join([*imports, *parts]).encode()).hexdigest()[:16]


def prints(source):
    """Whether a statement of an example prints in a program too, and not only at a prompt, which shows any value."""
    return any(isinstance(node, ast.Name) and node.id == "print" for node in ast.walk(ast.parse(source)))


def load(root, name):
    """The formula called "family.function". Raises ValueError, with the nearest name, if there is none."""
    family, _, function = name.partition(".")
    path = Path(root, f"{family}.py")
    if is_file(path) and function in (module := read(path)).functions:
        return Formula(root, module, module.functions[function])
    every = [f"{p.stem}.{f}" for p in modules(root) for f in read(p).functions]
    near = difflib.get_close_matches(name, every, 1, 0.5)
    raise ValueError(f"there is no {name!r} in {root}" + (f"; did you mean {near[0]!r}?" if near else ""))


def modules(root):
    """The families of a snippets folder."""
    return [p for p in sorted(Path(root).glob("*.py")) if not p.name.startswith("_")]


def load_all(root):
    """Every formula of a snippets folder, by name."""
    return {f.id: f for p in modules(root) for n in read(p).functions.values() for f in [Formula(root, read(p), n)]}

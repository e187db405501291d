"""The docstring of a function, read into a Spec. Its grammar, in this order:

- the title, a line a language, and a blank line;
- LaTeX between `$$` and `$$`; or, of an algorithm, `Step 1:`, `Step 2:` …, each begun in the code by `# step 1`;
- a row per symbol, `name (shape): $TeX$` and under it what it means: parameters first, then local variables and
  functions that are called, then `-> (shape)`, or `-> name (shape)` in a tuple, for what is returned. Shapes and, as in
  `p () in [0, 1): $p$`, intervals: see `shapes.py`; an `(option)` has no TeX. TeX and meaning that a row leaves out are
  those of the family: see `family_symbols`;
- fields: `Source:`, `Raises:`, `Note:`, `Trap:` (a numerical one, and what the code does about it), `Read:` (why the
  LaTeX is read by a person and not executed); any of them several times;
- an example with `>>>` that prints.

A text stands under its head, indented, a line a language: `en: …`, `zh: …`; deeper lines go on with it. In a project of
one language it needs no `en:`, and may stand behind the head.
"""

import ast
import doctest
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from yansuan.base.textfile import hidden
from yansuan.formula.bilingual import Fault, cure, indent, text_of, titled
from yansuan.formula.shapes import BINARY, INTEGERS, OPTION, Interval, Shape
from yansuan.formula.spec import INLINE, Spec, Step, Symbol, Text
from yansuan.tex.tokens import contains

Lines = Sequence[tuple[int, str]]  # (line of the file, text)
Marks = Mapping[int, tuple[int, int]]  # step: its first and last line of the code

MATH = re.compile(r"^\$\$(.+?)\$\$\s*$", re.M | re.S)
ROW = re.compile(
    r"(?P<name>->(?: \w+)?|\w+) +(?P<shape>\([^()]*\))(?: in (?P<values>[\[(][^\])]*[\])]|integers|\{0, 1\}))?"
    r"(?::\s*+(?:\$(?P<tex>[^$]+)\$\s*+)?(?P<behind>(?!\$).*))?"
)
SHARED = re.compile(r"(?P<name>\w+):\s*\$(?P<tex>[^$]+)\$\s*(?P<behind>.*)")
FIELD = re.compile(r"(Source|Raises|Note|Trap|Read):(?:\s+(.*))?")
STEP = re.compile(r"Step (\d{1,3}):(?:\s+(.*))?")
LIKE_ROW = re.compile(r"(->( \w+)?|\w+)\s*\(|->")
LINE_END = re.compile(r"\r\n|\r|\n")
ONE_TEXT = ("Source", "Raises")  # fields that may say the same in both languages, once


@dataclass(frozen=True)
class Entry:
    """A line at the margin, and the indented ones under it."""

    line: int
    head: str
    under: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Meant:
    """What a family says of a symbol: of every row that does not say otherwise."""

    tex: str
    meaning: Text
    line: int


def docstring(node: ast.FunctionDef | ast.Module, source: str, fault: Fault) -> Lines:
    """The numbered lines of a docstring, without the indentation that they share."""
    doc = ast.get_docstring(node, clean=False)
    if doc is None:
        return []
    first = node.body[0].lineno
    literal = written(node.body[0], source)
    if "\\" in literal and literal[0] not in "rR":
        raise fault('backslashes in a docstring that is not raw: begin it with r"""', first)
    if found := hidden(doc):
        raise fault(found[1], first + found[0] - 1)
    lines = doc.expandtabs().split("\n")
    margin = min((indent(line) for line in lines[1:] if line.strip()), default=0)
    clean = [lines[0].strip(), *(line[margin:].rstrip() for line in lines[1:])]
    start = next((at for at, line in enumerate(clean) if line), len(clean))
    while len(clean) > start and not clean[-1]:
        clean.pop()
    return list(enumerate(clean[start:], first + start))


def written(node: ast.stmt, source: str) -> str:
    """What ast.get_source_segment gives, which reads the whole file a character at a time."""
    lines = LINE_END.split(source)[node.lineno - 1 : node.end_lineno]
    lines[-1] = lines[-1].encode()[: node.end_col_offset].decode()
    lines[0] = lines[0].encode()[node.col_offset :].decode()
    return "\n".join(lines)


def entries(lines: Iterable[tuple[int, str]], fault: Fault) -> Iterator[Entry]:
    """Each line at the margin with what is indented under it."""
    entry = None
    for number, line in lines:
        if not line.strip():
            continue
        if not line[0].isspace():
            if entry:
                yield entry
            entry = Entry(number, line.strip())
        elif entry:
            entry.under.append((number, line))
        else:
            raise fault(f"no card shows {line.strip()[:60]!r}: it is indented under nothing that it belongs to", number)
    if entry:
        yield entry


def family_symbols(lines: Lines, fault: Fault) -> dict[str, Meant]:
    """The symbols that a family's docstring defines, under a line `Symbols:`, for its functions.

    Each is `name: $TeX$`, and under it, or, in a project of one language, behind it, what it means.
    """
    found: dict[str, Meant] = {}
    for section in (entry for entry in entries(lines, fault) if entry.head == "Symbols:"):
        margin = min((indent(line) for _, line in section.under), default=0)
        for entry in entries([(number, line[margin:]) for number, line in section.under], fault):
            if not (row := SHARED.fullmatch(entry.head)):
                raise fault(f"not a symbol of the family: write 'name: $TeX$', got {entry.head!r}", entry.line)
            name = row["name"]
            if name in found:
                raise fault(f"the symbol {name} is here twice: delete one", entry.line)
            meaning = text_of(f"the symbol {name}", row["behind"], entry.under, entry.line, fault)
            if not meaning:
                raise fault(f"no meaning of the symbol {name}: {cure()}", entry.line)
            found[name] = Meant(row["tex"].strip(), meaning, entry.line)
    return found


def read_spec(lines: Lines, first: int, family: Mapping[str, Meant], marks: Marks, fault: Fault) -> Spec:
    """What these lines say. Raises YansuanError where they do not keep to the grammar; `first` is where they begin."""
    title, length = titled(lines, first, fault)
    example, output, lines = examples(lines, fault)
    tex, tex_line, lines = latex(lines, fault)
    reader = Reader(family, marks, fault)
    for entry in entries(lines[length:], fault):
        reader.read(entry)
    reader.finish(first, tex)
    symbols, steps, texts = tuple(reader.symbols), tuple(reader.steps), reader.fields
    return Spec(
        title=title,
        tex=tex,
        tex_line=tex_line,
        symbols=symbols,
        steps=steps,
        sources=tuple(texts["Source"]),
        raises=tuple(texts["Raises"]),
        notes=tuple(texts["Note"]),
        traps=tuple(texts["Trap"]),
        read=tuple(texts["Read"]),
        example=example,
        output=output,
    )


def latex(lines: Lines, fault: Fault) -> tuple[str, int, Lines]:
    """The LaTeX, its line, and the lines with blank ones in its place."""
    doc, first = "\n".join(line for _, line in lines), lines[0][0]
    math, steps = MATH.search(doc), re.search(r"^Step \d", doc, re.M)
    if steps and math:
        raise fault("LaTeX and steps: a card shows one of them", first)
    if steps:
        return "", first, lines
    if not math or not math[1].strip():
        raise fault("no LaTeX: put it between $$ and $$ under the title, or write steps: 'Step 1: …'", first)
    start, end = doc.count("\n", 0, math.start()), doc.count("\n", 0, math.end(1))
    rest = [(number, "" if start <= at <= end else line) for at, (number, line) in enumerate(lines)]
    blank = len(math[1]) - len(math[1].lstrip())
    tex_line = lines[doc.count("\n", 0, math.start(1) + blank)][0]
    return re.sub(r"\s*\n\s*", "\n", math[1].strip()), tex_line, rest


def examples(lines: Lines, fault: Fault) -> tuple[str, str, Lines]:
    """The code of the example, what it prints, and the lines before it."""
    doc, first = "\n".join(line for _, line in lines), lines[0][0]
    try:
        parts = doctest.DocTestParser().parse(doc)
        found = [part for part in parts if isinstance(part, doctest.Example)]
        for example in found:
            ast.parse(example.source)
    except ValueError as error:
        raise fault(f"example: {error}", first) from None
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise fault(f"example: not valid Python: {error}", first + example.lineno) from None
    if text := "".join(part for part in parts[1:] if isinstance(part, str)).strip():
        raise fault(f"no card shows {text[:60]!r}: an example ends the docstring", first)
    if not any(example.want for example in found):
        raise fault("no example with output: end the docstring with '>>> print(…)' and what it prints", first)
    if silent := next((e for e in found if e.want and not prints(e.source)), None):
        why = f"example: {silent.source.strip()[:60]!r} prints nothing when the card is copied and run as a program"
        raise fault(f"{why}: write 'print(…)'", first + silent.lineno)
    start = found[0].lineno
    if lines[start][1][:1].isspace():
        raise fault("the example is indented deeper than the title: move it to the margin", lines[start][0])
    code = "\n".join(example.source.rstrip("\n") for example in found)
    return code, "".join(example.want for example in found).rstrip("\n"), lines[:start]


def prints(source: str) -> bool:
    """Whether a statement of an example prints in a program too, and not only at a prompt, which shows any value."""
    return any(isinstance(node, ast.Name) and node.id == "print" for node in ast.walk(ast.parse(source)))


class Reader:
    """Symbols, steps and fields, entry by entry."""

    def __init__(self, family: Mapping[str, Meant], marks: Marks, fault: Fault) -> None:
        self.family, self.marks, self.fault = family, marks, fault
        self.symbols: list[Symbol] = []
        self.steps: list[Step] = []
        self.fields: dict[str, list[Text]] = {word: [] for word in ("Source", "Raises", "Note", "Trap", "Read")}

    def read(self, entry: Entry) -> None:
        head = entry.head
        if row := ROW.fullmatch(head):
            self.symbol(entry, row)
        elif step := STEP.fullmatch(head):
            self.step(entry, int(step[1]), step[2] or "")
        elif said := FIELD.fullmatch(head):
            shared = said[1] in ONE_TEXT
            text = text_of(f"'{said[1]}:'", said[2] or "", entry.under, entry.line, self.fault, shared)
            if not text:
                raise self.fault(f"'{said[1]}:' says nothing: {cure()}", entry.line)
            self.fields[said[1]].append(text)
        elif head.startswith("Step "):
            raise self.fault(f"not a step: write 'Step 1:', and '# step 1' in the code, got {head!r}", entry.line)
        elif LIKE_ROW.match(head):
            raise self.fault(f"not a symbol row: write 'name (shape): $TeX$', got {head!r}", entry.line)
        else:
            way = "begin it with 'Note:' or the like, or indent it under what it goes on with"
            raise self.fault(f"no card shows {head!r}: {way}", entry.line)

    def symbol(self, entry: Entry, row: re.Match[str]) -> None:
        name, tex, line = row["name"], (row["tex"] or "").strip(), entry.line
        meaning = text_of(f"the symbol {name}", row["behind"] or "", entry.under, line, self.fault)
        shared = self.family.get(name.removeprefix("-> "))
        if shared:
            line = line if tex else shared.line
            tex, meaning = tex or shared.tex, meaning or shared.meaning
        option = row["shape"] == OPTION
        if option and tex:
            raise self.fault(f"{name}: an option has no TeX: delete it, or give its shape", entry.line)
        if not (tex or option) or not meaning:
            what = "meaning" if tex or option else "TeX"
            way = cure() if tex or option else f"write '{name} {row['shape']}: $TeX$'"
            where = "or define it under 'Symbols:' in the docstring of the module"
            raise self.fault(f"no {what} of the symbol {name}: {way}, {where}", entry.line)
        try:
            Shape.of(row["shape"])
            if (values := row["values"] or "") not in ("", INTEGERS, BINARY):
                Interval.of(values)
        except ValueError as error:
            raise self.fault(f"the symbol {name}: {error}", entry.line) from None
        self.symbols.append(Symbol(name, row["shape"], tex, meaning, entry.line, line, values))

    def step(self, entry: Entry, number: int, behind: str) -> None:
        if number != len(self.steps) + 1:
            raise self.fault(f"step {number} where step {len(self.steps) + 1} is expected: number them", entry.line)
        if not (text := text_of("a step", behind, entry.under, entry.line, self.fault)):
            raise self.fault(f"step {number} says nothing: {cure()}", entry.line)
        if number not in self.marks:
            why = f"no line of the code begins step {number}: write '# step {number}' behind it"
            raise self.fault(why, entry.line)
        self.steps.append(Step(*self.marks[number], text, entry.line))

    def finish(self, first: int, tex: str) -> None:
        """What can be seen only when all is read."""
        typeset = [tex]
        if self.steps:
            said = [" ".join(step.text[lang] for step in self.steps) for lang in self.steps[0].text]
            typeset = [" ; ".join(INLINE.findall(text)) for text in said]
        for s in self.symbols:
            if s.tex and not all(contains(tex, s.tex) for tex in typeset):
                where = "steps" if self.steps else "LaTeX"
                raise self.fault(f"the symbol ${s.tex}$ ({s.name}) does not occur in the {where}", s.line)
        if not self.fields["Source"]:
            raise self.fault("no 'Source:' line: say which paper, equation or slide the formula is from", first)

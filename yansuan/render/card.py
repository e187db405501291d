"""A formula as a card: an element tree in the page's language."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from yansuan import evidence
from yansuan.base.settings import settings
from yansuan.base.words import CARD
from yansuan.formula.formula import Formula
from yansuan.formula.shapes import INTEGERS, NO_ARRAY
from yansuan.formula.spec import INLINE, Symbol
from yansuan.html.math import annotated
from yansuan.render.cite import ARXIV, bibtex
from yansuan.render.program import program
from yansuan.render.tag import tag_code, tag_math
from yansuan.tex.mathml import LatexFault, to_html
from yansuan.tex.plain import plain_or_latex

LINE = "line"  # what Pygments calls its lines
SHORT = 24  # characters of a value that stands on one line
NUMBERED = re.compile(rf'<span id="{LINE}-(\d+)">')

Stash = Callable[[str], str]  # hides finished HTML from Markdown
Words = dict[str, Any]  # of the interface, in one language


def card(
    parent: Element,
    formula: Formula,
    report: evidence.Evidence | None,
    lang: str,
    stash: Stash,
    kind: str = "formula",
    file: str | None = None,
    address: str = "",
) -> Element:
    """Append the card to `parent`; `kind` is formula or derivation. `stash` hides finished HTML from Markdown.

    `file` is the address of its program, from this page, and `address` that of the card on the web, if there are any.
    Raises YansuanError if the LaTeX has a fault.
    """
    words, proof = CARD[lang], evidence.proof(report, formula)
    attributes = {"class": "ys-card", "id": formula.id, f"data-{kind}": formula.id, "data-status": proof.mark}
    box = SubElement(parent, "div", attributes)
    tools(title(box, formula.title[lang], words[proof.mark], formula.id, words["link"]), formula, words, file, address)
    table = {variable(s): symbol_math(formula, s) for s in formula.symbols if s.tex}
    if formula.steps:
        steps(box, formula, words, lang, table, stash)
    else:
        attributes = {"class": "ys-formula", "data-search-exclude": ""}
        SubElement(box, "div", attributes).text = stash(tag_math(display_math(formula), table))
    listing(box, formula, program(formula, proof, lang, address), stash)
    symbols(box, formula, proof.values, words, lang, stash)
    folds = SubElement(box, "div", {"class": "ys-folds"})
    example(folds, formula, words, lang, stash)
    if proof.state == evidence.VERIFIED:
        evidence_of(folds, formula, report, proof, lang, kind)
    facts(box, formula, proof, words, lang)
    return box


def title(box: Element, name: str, status: str, id: str, hint: str) -> Element:
    """What the card is called and whether it is verified; search knows the card by its name alone."""
    line = SubElement(box, "div", {"class": "ys-title"})
    SubElement(line, "span", {"class": "ys-name"}).text = AtomicString(name + " ")
    SubElement(line, "span", {"class": "ys-status", "data-search-exclude": ""}).text = AtomicString(status)
    link = SubElement(line, "a", {"class": "headerlink", "href": f"#{id}", "title": hint, "data-search-exclude": ""})
    link.text = AtomicString("¶")
    return line


def tools(line: Element, formula: Formula, words: Words, file: str | None, address: str) -> None:
    """What can be taken from a card: its program by one button, all else from a menu."""
    row = SubElement(line, "span", {"class": "ys-tools", "data-search-exclude": ""})
    copy = {"class": "ys-copy", "type": "button", "data-clipboard-target": f"#{listing_id(formula)}"}
    SubElement(row, "button", copy).text = AtomicString(words["copy"])
    menu = SubElement(row, "details", {"class": "ys-menu", "name": "ys-menu"})
    SubElement(menu, "summary").text = AtomicString(words["more"])
    entries = SubElement(menu, "ul")
    texts = {"copy link": address, "copy tex": formula.tex, "copy bibtex": bibtex(formula)}
    for word, text in texts.items():
        if text:
            button = {"class": f"ys-{word.replace(' ', '-')}", "type": "button", "data-clipboard-text": text}
            SubElement(SubElement(entries, "li"), "button", button).text = AtomicString(words[word])
    stem = (file or "").removesuffix("py")
    for word, suffix in (("program", "py"), ("notebook", "ipynb")) if stem else ():
        link = {"href": f"{stem}{suffix}", "download": ""}
        SubElement(SubElement(entries, "li"), "a", link).text = AtomicString(f"{words[word]} (.{suffix})")


def listing_id(formula: Formula) -> str:
    """Without a dot: the theme makes a CSS selector of the nearest id for its copy button."""
    return f"code-{formula.id.replace('.', '-')}"


def listing(box: Element, formula: Formula, copied: str, stash: Stash) -> None:
    """The code, highlighted, each use of a symbol marked; what is copied is the whole program."""
    attributes = {"class": "ys-code", "id": listing_id(formula), "data-copy": copied}
    steps = tuple((step.first, step.last) for step in formula.steps)
    SubElement(box, "div", attributes).text = stash(coloured(formula, formula.code, steps))


def coloured(formula: Formula, code: str, steps: tuple[tuple[int, int], ...] = ()) -> str:
    try:
        return highlighted(code, frozenset(map(variable, formula.symbols)), steps)
    except ValueError as error:
        raise formula.fault(f"{error}: rename them") from None


def example(box: Element, formula: Formula, words: Words, lang: str, stash: Stash) -> None:
    """The example with its output, and notes: one line that unfolds, as the table has the values of the example."""
    fold = SubElement(box, "details", {"class": "ys-fold ys-example"})
    notes = formula.fields.get("Note", [])
    line = SubElement(fold, "summary", {"data-search-exclude": ""})
    line.text = AtomicString(words["example and notes" if notes else "example"])
    code = SubElement(fold, "div", {"class": "ys-code no-copy"})
    code.text = stash(coloured(formula, formula.example))
    output = SubElement(fold, "pre", {"class": "ys-output"})
    SubElement(output, "samp").text = AtomicString(formula.output)
    if notes:
        rows = Rows(SubElement(fold, "dl", {"class": "ys-facts"}))
        for text in notes:
            rows.add(words["Note"], text[lang], markdown=True)


@lru_cache(maxsize=2048)
def highlighted(code: str, names: frozenset[str], steps: tuple[tuple[int, int], ...]) -> str:
    """Code as HTML, which is the same in each language: uses of these names marked, each line tied to its step.

    Raises ValueError for a name that is in pieces."""
    html = highlight(code, PythonLexer(), HtmlFormatter(cssclass="highlight", wrapcode=True, linespans=LINE))
    owner = {str(n): step_name(*step) for step in steps for n in range(step[0], step[1] + 1)}
    indents = {str(n): indent(text) for n, text in enumerate(code.splitlines(), 1)}
    html = NUMBERED.sub(lambda m: f'<span class="ys-line"{indents[m[1]]}{step_mark(owner.get(m[1]))}>', html)
    return tag_code(html, code, set(names))


def indent(text: str) -> str:
    """How far a line is indented, for the style sheet: where it wraps, what follows hangs below that."""
    spaces = len(text) - len(text.lstrip())
    return f' style="--in:{spaces}"' if spaces else ""


def facts(box: Element, formula: Formula, proof: evidence.Proof, words: Words, lang: str) -> None:
    """Why it is not verified, if so; traps, and the source."""
    rows = Rows(SubElement(box, "dl", {"class": "ys-facts"}))
    if proof.state != evidence.VERIFIED:
        rows.add(words["unverified"], words[proof.state])
    for text in formula.fields.get("Trap", []):
        rows.add(words["Trap"], text[lang], markdown=True)
    sources = "; ".join(source[lang] for source in formula.fields["Source"])
    rows.add(words["source"], ARXIV.sub(r"[arXiv:\1](https://arxiv.org/abs/\1)", sources), markdown=True)


def evidence_of(
    box: Element,
    formula: Formula,
    report: evidence.Evidence | None,
    proof: evidence.Proof,
    lang: str,
    kind: str,
) -> None:
    """The proof of a verified formula: one line, which unfolds."""
    words = CARD[lang]
    fold = SubElement(box, "details", {"class": "ys-fold ys-proof", "data-search-exclude": ""})
    parties = list(dict.fromkeys(w["by"] for w in proof.witnesses if w["by"]))
    inputs = sum(w["inputs"] for w in proof.witnesses)
    line = words["proved by" if parties else "proved by us"]
    line = line.format(by=words["and"].join(map(short, parties)), inputs=inputs, **proof.mutants)
    SubElement(fold, "summary").text = AtomicString(line)
    rows = Rows(SubElement(fold, "dl", {"class": "ys-facts"}))
    for n, witness in enumerate(proof.witnesses):
        rtol = evidence.bound(witness["rtol"])
        known = {"max_rel_error": proof.errors[n], "allowed": rtol} if proof.errors else {"bound": rtol}
        how = words["inputs" if proof.errors else "inputs within"].format(inputs=witness["inputs"], **known)
        by = words["by"].format(by=witness["by"]) if witness["by"] else words["ours"]
        rows.add(words["witness"], by + how, code=witness["claim"])
    rows.add(words["who says so"], origin(words, report, bool(proof.errors)), cls="ys-versions")
    how = "steps" if kind == "derivation" else proof.latex
    why = "; ".join(reason[lang] for reason in formula.fields.get("Read", []))
    rows.add(words["step" if formula.steps else "latex"], words[how].format(why=why))
    listed = words["listed"].format(**proof.mutants) if proof.mutants["listed"] else ""
    rows.add(words["mutants"], words["killed"].format(**proof.mutants) + listed)


def short(party: str) -> str:
    """A function of a third party as one line has room for it: whose it is, and its name."""
    package, _, rest = party.partition(".")
    return f"{package} {rest.rpartition('.')[2]}".rstrip()


def origin(words: Words, report: evidence.Evidence | None, measured: bool) -> str:
    """Where a tick comes from: a test run on this machine, or the repository, which CI confirms."""
    if not (measured and report and report.run):
        return str(words["tracked"]).format(file=Path(settings().evidence).as_posix())
    versions = ", ".join(f"{name} {version}" for name, version in report.run.versions.items())
    return str(words["tested here"]).format(date=report.run.date, versions=versions)


class Rows:
    """A list of terms; a term that repeats is written once."""

    def __init__(self, parent: Element) -> None:
        self.parent, self.term = parent, ""

    def add(
        self,
        term: str,
        text: str,
        code: str | None = None,
        markdown: bool = False,
        cls: str | None = None,
    ) -> None:
        """A line under a term; `code` stands above its text."""
        if term != self.term:
            SubElement(self.parent, "dt").text = AtomicString(term)
            self.term = term
        line = SubElement(self.parent, "dd", {"class": cls} if cls else {})
        text = text if markdown else AtomicString(text)
        if code:
            SubElement(line, "code").text = AtomicString(code)
            SubElement(line, "br").tail = text
        else:
            line.text = text


def step_name(first: int, last: int) -> str:
    return f"{first}–{last}"


def step_mark(name: str | None) -> str:
    """Ties a line of the code to its step, if it has one."""
    return f' data-v="{name}"' if name else ""


def steps(box: Element, formula: Formula, words: Words, lang: str, table: dict[str, str], stash: Stash) -> None:
    """An algorithm: its steps, each with the lines of the code that do it."""
    listing = SubElement(box, "ol", {"class": "ys-steps"})
    for step in formula.steps:
        words_and_math = INLINE.split(step.text[lang])
        for at in range(1, len(words_and_math), 2):
            tex = words_and_math[at]
            html = tag_math(inline_math(formula, tex, step.line), table)
            words_and_math[at] = stash(annotated(html, plain_or_latex(tex)))
        item = SubElement(listing, "li", {"data-v": step_name(step.first, step.last), "tabindex": "0"})
        item.text = "".join(words_and_math) + " "
        one = step.first == step.last
        lines = words["line" if one else "lines"].format(lines=step.first if one else step_name(step.first, step.last))
        SubElement(item, "span", {"class": "ys-lines"}).text = AtomicString(lines)


def variable(symbol: Symbol) -> str:
    """What a symbol is called in the code; `->` for a result without a name."""
    return symbol.name.removeprefix("->").strip() or "->"


def display_math(formula: Formula) -> str:
    """The formula as display math."""
    try:
        return to_html(formula.tex, True)
    except LatexFault as fault:
        raise formula.fault(str(fault), formula.tex_line + fault.line) from None


def symbol_math(formula: Formula, symbol: Symbol) -> str:
    return inline_math(formula, symbol.tex, symbol.tex_line)


def inline_math(formula: Formula, tex: str, line: int) -> str:
    try:
        return to_html(tex, False)
    except LatexFault as fault:
        raise formula.fault(f"{fault} in ${tex}$", line) from None


def symbols(box: Element, formula: Formula, values: Mapping[str, str], words: Words, lang: str, stash: Stash) -> None:
    """The table that ties each symbol to its name in the code, and to its value in the example where that is short."""
    scroll = SubElement(box, "div", {"class": "ys-scroll"})
    table = SubElement(scroll, "table", {"class": "ys-symbols"})
    row = SubElement(SubElement(table, "thead"), "tr")
    for word in [*words["columns"], *([words["value"]] if any(values.values()) else [])]:
        SubElement(row, "th", {"scope": "col"}).text = AtomicString(word)
    body = SubElement(table, "tbody")
    for s in formula.symbols:
        row = SubElement(body, "tr", {"data-v": variable(s), "tabindex": "0"})
        drawn = stash(annotated(symbol_math(formula, s), plain_or_latex(s.tex))) if s.tex else "–"
        SubElement(row, "td").text = drawn
        name = SubElement(row, "td")
        if s.name.startswith("->"):
            name.text = AtomicString(words["return"] + " ")
        if variable(s) != "->":
            SubElement(name, "code").text = AtomicString(variable(s))
        shape = SubElement(row, "td")
        if s.shape in ("()", *NO_ARRAY):
            shape.text = AtomicString(words[s.shape.strip("()") or "scalar"])
        else:
            SubElement(shape, "code").text = AtomicString(s.shape)
        if s.values:
            domain = words["integers"] if s.values == INTEGERS else f"∈ {s.values.replace('inf', '∞')}"
            SubElement(shape, "span").text = AtomicString(f" {domain}")
        SubElement(row, "td", {"class": "ys-meaning"}).text = s.meaning[lang]
        if any(values.values()):
            value = SubElement(row, "td", {"class": "ys-value"})
            if values.get(s.name):
                SubElement(value, "code").text = AtomicString(laid_out(values[s.name]))


def laid_out(value: str) -> str:
    """A short value on one line, else a row a line."""
    return value if len(value) <= SHORT else value.replace("], [", "],\n [")

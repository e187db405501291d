"""The Python-Markdown extension: `/// formula`, `/// figure`, `$inline math$` and `[=figure.number]`, and nothing else.

Display math reaches a page only through a formula card. Whatever is not understood stops the build with
`docs/zh/page.md:12: …`: a page is never published with a directive left as text or a formula that nothing checks.
"""

import logging
import os
import re
from functools import cached_property
from pathlib import Path
from typing import ClassVar
from xml.etree.ElementTree import Element, SubElement

from markdown.extensions.tables import TableProcessor
from markdown.inlinepatterns import InlineProcessor
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from pymdownx.blocks import BlocksExtension
from pymdownx.blocks.block import Block, type_string

from yansuan import evidence, figure, labs, safe
from yansuan.card import WORDS, card
from yansuan.check import HAND_TYPED, Document, lean
from yansuan.errors import YansuanError
from yansuan.formula import load, load_all
from yansuan.latex import LatexFault, to_html
from yansuan.pages import FRONT, cards
from yansuan.settings import settings
from yansuan.tables import TABLES
from yansuan.text import hidden, is_file, read

log = logging.getLogger("mkdocs.yansuan")
INLINE_MATH = r"(?<![\\$])\$(?![\s$])((?:\\.|[^\\$])+?)(?<!\s)\$(?![\d$])"
RUN_VALUE = r"\[=([^\]\n]{0,99})\]"
VERDICT = {
    "en": dict(
        zip(
            (*labs.VERDICTS, "unknown", "lab"),
            ("Reproduced", "Partly reproduced", "Not reproduced", "Not run", "The experiment"),
            strict=True,
        )
    ),
    "zh": dict(
        zip((*labs.VERDICTS, "unknown", "lab"), ("已复现", "部分复现", "未能复现", "没有运行", "见实验"), strict=True)
    ),
}
CHOOSE = {"en": "Choose a value", "zh": "选一个值"}
NOT_DRAWN = {"en": "Not drawn: {why}.", "zh": "未绘制：{why}。"}
CURES = {
    "math": "display math by hand: write a function in snippets/ and show it with '/// formula | family.function'",
    "block": "this block was not understood: check its name, its options (quote text with ': ' in it) and its '///'",
    "value": "this run value was not understood: write [=figure.number]",
    "note": "this admonition or footnote was not understood: check its quotation marks, or define the footnote",
    "frame": "a number that depends on the frame belongs into the figure's caption",
    "forged": "a card or display math in hand-written HTML: show it with '/// formula | family.function'",
}


class Source:
    """The Markdown file behind the page being rendered, to give every fault a line."""

    def __init__(self, md, options):
        self.md, self.lang, self.labs = md, options["lang"], Path(options["labs"])
        self.formulas = []  # whose cards are on the page: their docstrings are text of the page too

    @property
    def file(self):
        """MkDocs' file of the page, if it is MkDocs that renders."""
        return self.md.treeprocessors["relpath"].file if "relpath" in self.md.treeprocessors else None

    @property
    def zensical(self):
        """The page's path, if it is Zensical that renders: from a copy of this folder, see yansuan/zensical.py."""
        if "rendering_context" not in self.md.preprocessors:
            return None
        context = self.md.preprocessors["rendering_context"]
        return Path(context.config["docs_dir"], context.page.path)

    @property
    def lab(self):
        """The lab that the page shows, if it does."""
        if self.zensical and self.zensical.parent.name == "labs":
            return labs.Lab(self.labs / f"{self.zensical.stem}.py")
        return getattr(self.file, "lab", None)

    @property
    def path(self):
        if self.lab:
            return self.lab.path
        return Path(self.file.abs_src_path if self.file else self.zensical or getattr(self.md, "path", "page.md"))

    def text(self, lang):
        if self.lab:
            return self.lab.prose(lang)
        return read(self.path) if self.path.is_file() else "\n".join(self.md.lines)

    def lines(self):
        """(number, text) of the lines outside fenced code."""
        fence = None
        text = self.text(self.lang)
        for number, line in enumerate(text.splitlines(), 1):
            mark = re.match(r"\s*(`{3,}|~{3,})", line)
            if mark and (fence is None or (mark[1].startswith(fence) and line.strip() == mark[1])):
                fence = mark[1] if fence is None else None
            elif fence is None:
                yield number, line

    def fault(self, message, pattern, nth=0):
        """An error at the nth line outside code that the pattern matches."""
        found = [number for number, line in self.lines() if re.search(pattern, line)]
        return YansuanError(self.path, found[min(nth, len(found) - 1)] if found else 1, message)

    def directive(self, message, kind, name, nth=0):
        """An error at the nth line `/// kind | name`."""
        return self.fault(message, rf"^\s*/{{3,}}\s*{kind}\b[\s|]*{re.escape(name)}\s*$", nth)

    def near(self, message, *texts):
        """An error at the line that holds one of these pieces of running text, or its beginning."""
        pieces = [piece for text in texts if (piece := re.split(r"[\x02\n]", text)[0].strip())]
        for length in (60, 20, 2):
            for path, lines in self.places():
                for piece in pieces if length > 2 else pieces[:1]:
                    if found := next((number for number, line in lines if piece[:length] in line), None):
                        return YansuanError(path, found, message)
        return YansuanError(self.path, 1, message)

    def deepest(self, message):
        """An error at the line that begins farthest to the right."""
        depth = {number: len(re.split(r"[^\s>*+\-\d.]", line)[0]) for number, line in self.lines()}
        return YansuanError(self.path, max(depth, key=lambda number: depth[number], default=1), message)

    def places(self):
        """(path, numbered lines) of all that an author wrote for the page."""
        yield self.path, list(self.lines())
        for formula in self.formulas:
            lines = formula.module.text.splitlines()[: formula.node.end_lineno]
            yield formula.module.path, list(enumerate(lines, 1))[formula.line - 1 :]


class CardBlock(Block):
    """`/// formula | family.function`: the card of one function."""

    NAME = "formula"
    ARGUMENT = None  # checked below: pymdownx would quietly print a bad block as text

    def on_create(self, parent):
        site, kind, name = self.config["site"], self.NAME, self.argument or ""
        nth = site.count("formula", name)
        if nth:
            why = f"{kind} {name!r} has its card on this page already: link to #{name}"
            raise site.source.directive(why, kind, name, nth)
        try:
            formula = load(site.options["snippets"], name)
        except ValueError as error:
            cure = f"write '/// {kind} | family.function'"
            raise site.source.directive(f"{kind}: {error}: {cure}", kind, name) from None
        self.check(formula, lambda why: site.source.directive(f"{kind} {name!r}: {why}", kind, name))
        site.source.formulas.append(formula)
        program = site.relative(site.docs / "code" / f"{name}.py") if site.options["programs"] else None
        box = card(parent, formula, site.report, site.lang, self.md.htmlStash.store, kind, program)
        box.set("class", "ys-card ys-open")
        return box

    def check(self, formula, fault):
        pass

    def on_end(self, block):
        block.set("class", "ys-card")


class DerivationBlock(CardBlock):
    """`/// derivation | family.function`: a card whose LaTeX is a chain of steps, each executed by the tests."""

    NAME = "derivation"

    def check(self, formula, fault):
        if not re.search(r"^\s*&?\s*=", formula.tex, re.M):
            raise fault("no steps: begin each line of its LaTeX after the first with '&='")
        if "Read" in formula.fields:
            raise fault("its steps are read, not executed: show it with '/// formula'")


class FigureBlock(Block):
    """`/// figure | name` with `alt:` and a caption: a drawing made by docs/figures/<name>.py."""

    NAME = "figure"
    ARGUMENT = None
    OPTIONS: ClassVar = {"alt": ["", type_string]}

    def on_create(self, parent):
        site, name = self.config["site"], self.argument or ""
        nth = site.count("figure", name)
        if nth:
            raise site.source.directive(f"figure {name!r} is on this page already: link to it", "figure", name, nth)
        if not self.options["alt"].strip():
            why = f"figure {name!r} has no 'alt: …': describe it for who cannot see it"
            raise site.source.directive(why, "figure", name)
        box = SubElement(parent, "figure", {"class": "ys-figure ys-open", "id": f"figure-{name}", "data-figure": name})
        try:
            drawn = site.figure(name)
            if "frames" in drawn:
                self.controls(box, drawn, name)
            drawing = SubElement(box, "div", {"role": "img", "aria-label": self.options["alt"]})
            for number, svg in enumerate(drawn.get("frames", [drawn.get("svg")])):
                frame = SubElement(drawing, "div", {"data-frame": str(number)}) if "frames" in drawn else drawing
                frame.text = self.md.htmlStash.store(svg)
        except ValueError as error:
            raise site.source.directive(str(error), "figure", name) from None
        except figure.NotDrawn as error:
            log.warning("figure %r: %s", name, error)
            SubElement(box, "div").text = AtomicString(NOT_DRAWN[site.lang].format(why=error))
        self.caption = SubElement(box, "figcaption")
        return box

    def controls(self, box, drawn, name):
        """A button for each frame; which is chosen, and so which frame and numbers show, is left to the style sheet."""
        row = SubElement(box, "div", {"class": "ys-choices", "role": "radiogroup", "aria-label": CHOOSE[self.lang]})
        SubElement(row, "span").text = self.md.htmlStash.store(to_html(drawn["symbol"] + "=", False))
        for number, choice in enumerate(drawn["choices"]):
            label = SubElement(row, "label")
            button = {"type": "radio", "name": f"figure-{name}", "value": str(number), "autocomplete": "off"}
            SubElement(label, "input", button | ({"checked": "checked"} if number == drawn["chosen"] else {}))
            SubElement(label, "span").text = AtomicString(choice)

    @property
    def lang(self):
        return self.config["site"].lang

    def on_add(self, block):
        return self.caption

    def on_end(self, block):
        block.set("class", "ys-figure")


class VerdictBlock(Block):
    """`/// verdict | lab.claim`: what a lab found about a claim, by the rule in its code."""

    NAME = "verdict"
    ARGUMENT = None

    def on_create(self, parent):
        site, name = self.config["site"], self.argument or ""
        slug, _, claim = name.partition(".")
        try:
            found = site.lab(slug)["verdicts"]
            if claim not in found:
                raise ValueError(
                    f"the lab {slug!r} gives verdicts on {', '.join(found) or 'nothing'}, not on {claim!r}"
                )
            verdict = found[claim]
        except ValueError as error:
            raise site.source.directive(f"verdict: {error}", "verdict", name) from None
        except labs.NotRun as error:
            log.warning("lab %r: %s", slug, error)
            verdict = "unknown"
        site.used["claim"].append(name)
        attributes = {"class": "ys-verdict ys-open", "id": f"verdict-{slug}.{claim}"}
        box = SubElement(parent, "div", attributes | {"data-verdict": verdict, "data-claim": name})
        line = SubElement(box, "p")
        SubElement(line, "strong").text = AtomicString(VERDICT[site.lang][verdict])
        if site.source.path.stem != slug:
            line[0].tail = " "
            lab = site.relative(site.docs / "labs" / f"{slug}.ipynb")
            link = SubElement(line, "a", {"href": f"{lab}#verdict-{slug}.{claim}"})
            link.text = AtomicString(VERDICT[site.lang]["lab"])
        return box

    def on_end(self, block):
        block.set("class", "ys-verdict")


class TableBlock(Block):
    """`/// verification`, `/// formulas`, …: a table made from the code and the last green test run."""

    ARGUMENT = None

    def on_create(self, parent):
        site, name = self.config["site"], self.argument or ""
        label = f"{self.NAME} | {name}" if name else self.NAME
        box = SubElement(parent, "div", {"class": "ys-table ys-scroll ys-open", "data-table": label})
        nth = site.count("table", label)
        try:
            if nth:
                raise ValueError("it is on this page already: link to it")
            if name and self.NAME not in ("sources", "papers"):
                raise ValueError(f"it takes no argument: delete {name!r}")
            TABLES[self.NAME](box, site, name)
        except ValueError as error:
            raise site.source.directive(f"{self.NAME}: {error}", self.NAME, name, nth) from None
        return box

    def on_end(self, block):
        block.set("class", "ys-table ys-scroll")


class InlineMath(InlineProcessor):
    """`$x_i^r$` becomes MathML."""

    def __init__(self, site, md):
        super().__init__(INLINE_MATH, md)
        self.site = site

    def handleMatch(self, m, data):
        if "\x02" in m[1]:  # what Markdown puts in the place of a code span
            why = "code inside $…$: write \\$ for a dollar sign"
            raise self.site.source.near(why, m[0].rpartition("\x03")[2], m[0])
        try:
            html = to_html(m[1], False)
        except LatexFault as fault:
            raise self.site.source.near(f"{fault} in {m[0]}", m[0]) from None
        span = Element("span", {"class": "ys-math", "data-search-exclude": ""})
        span.text = AtomicString(self.md.htmlStash.store(html))
        return span, m.start(0), m.end(0)


class HandTypedMath(InlineProcessor):
    """Display math typed into a page stops the build."""

    def __init__(self, site, md):
        super().__init__(HAND_TYPED, md)
        self.site = site

    def handleMatch(self, m, data):
        raise self.site.source.near(CURES["math"], data[m.start(0) :])


class RunValue(InlineProcessor):
    """`[=landscape.kappa_raw]` becomes the number that the figure's script computed."""

    def __init__(self, site, md):
        super().__init__(RUN_VALUE, md)
        self.site = site

    def handleMatch(self, m, data):
        name, _, key = m[1].strip().partition(".")
        lab = Path(self.site.options["labs"], f"{name}.py")
        try:
            made = (self.site.lab if is_file(lab) else self.site.figure)(name)
            numbers = made["numbers"] | made.get("by_frame", {})
        except ValueError as error:
            raise self.site.source.near(f"{m[0]}: {error}", m[0]) from None
        except (figure.NotDrawn, labs.NotRun) as error:
            log.warning("%s: %s", m[0], error)
            numbers = {key: "?"}
        if key not in numbers:
            script = lab if is_file(lab) else Path(self.site.options["figures"], f"{name}.py")
            raise self.site.source.near(f"{m[0]}: {script.as_posix()} computes {', '.join(numbers)}", m[0])
        data = Element("data", {"class": "ys-run", "value": m[1].strip()})
        if isinstance(numbers[key], list):  # one for each frame
            for number, text in enumerate(numbers[key]):
                SubElement(data, "span", {"data-frame": str(number)}).text = AtomicString(text)
        else:
            data.text = AtomicString(numbers[key])
        return data, m.start(0), m.end(0)


class Gate(Postprocessor):
    """Nothing unchecked leaves: the last look at the finished HTML of a page."""

    def __init__(self, site, md):
        super().__init__(md)
        self.site = site

    def run(self, html):
        if not self.site.tree_done:  # the table of contents sends each heading through here by itself
            return html
        for why, *pieces in safe.faults(html):
            raise self.site.source.near(why, *pieces)
        page, source, used = Document(lean(html)), self.site.source, self.site.used
        made = {"formula": [name for name, _ in page.cards], "figure": page.figures}
        made |= {"table": page.tables, "claim": page.claims}
        if made != used or page.copies != len(page.cards):
            raise source.fault(CURES["forged"], r"data-(formula|derivation|figure|table|claim|copy)")
        if unused := self.md.references.unused():
            raise source.near(f"a link definition that nothing uses: delete [{unused[0]}]:", f"[{unused[0]}]:")
        for kind, text, _ in page.faults:
            if kind == "open":
                pattern = rf"^\s*/{{3,}}\s*(\w+\s*\|\s*)?{re.escape(text)}\s*$"
                raise source.fault(f"the block {text!r} is not closed: end it with a line '///'", pattern)
            if kind == "frame":
                raise source.fault(CURES[kind], rf"\[=\s*{re.escape(text)}", nth=len(page.faults) + 99)
            if kind in CURES:
                raise source.near(f"{CURES[kind]}: {text.partition(chr(10))[0][:60]!r}", text)
        return html


class TreeDone(Treeprocessor):
    """After all other tree processors: what is postprocessed next is the whole page."""

    def __init__(self, site, md):
        super().__init__(md)
        self.site = site

    def run(self, root):
        self.site.tree_done = True


class Start(Preprocessor):
    """Before each page: remember its text, forget the page before."""

    def __init__(self, site, md):
        super().__init__(md)
        self.site = site

    def run(self, lines):
        self.md.lines = list(lines)
        self.site.begin()
        self.md.references = References(self.site.source)
        text, source = "\n".join(lines).replace("\r", ""), self.site.source
        whole = source.text(source.lang)
        if found := hidden(text):
            raise YansuanError(source.path, *found)
        if source.path.suffix == ".md" and whole.endswith(text):  # what MkDocs has taken away is its settings
            front = whole.removesuffix(text)
            if front.strip() and (not FRONT.fullmatch(front) or re.search(r"[<\\=]", front)):  # themes do not escape it
                why = "settings of a page: write them between '---' and '---' without < = \\, or begin with the title"
                raise YansuanError(source.path, 1, why)
        return lines


class References(dict):
    """Definitions `[id]: address`: each defined once, and used."""

    def __init__(self, source):
        self.source, self.used = source, set()

    def __setitem__(self, id, value):
        if id in self:
            raise self.source.fault(f"[{id}]: is defined twice: delete one", rf"(?i)^ {{0,3}}\[{re.escape(id)}\]:", 1)
        super().__setitem__(id, value)

    def __getitem__(self, id):
        self.used.add(id)
        return super().__getitem__(id)

    def unused(self):
        return [id for id in self if id not in self.used]


class Table(TableProcessor):
    """A table whose rows lose no cell."""

    def __init__(self, site, md):
        super().__init__(md.parser, {"use_align_attribute": False})
        self.site = site

    def _build_row(self, row, parent, align):
        if lost := [cell.strip() for cell in self._split_row(row)[len(align) :] if cell.strip()]:
            why = f"more cells than the head of the table: {lost[0][:40]!r}: add a column, or write \\| for |"
            raise self.site.source.near(why, row)
        super()._build_row(row, parent, align)


class Site:
    """What the parts of the extension share while one page is rendered."""

    def __init__(self, md, options):
        self.source, self.options = Source(md, options), options
        self.begin()

    def begin(self):
        self.used = {"formula": [], "figure": [], "table": [], "claim": []}
        self.figures, self._report = {}, ...
        self.source.formulas.clear()
        self.tree_done = False
        for kept in ("formulas", "where"):  # made once a page
            self.__dict__.pop(kept, None)

    @property
    def lang(self):
        return self.options["lang"]

    @cached_property
    def formulas(self):
        return load_all(self.options["snippets"])

    @property
    def report(self):
        if self._report is ...:
            self._report = evidence.read(self.options["evidence"])
        return self._report

    def count(self, kind, name):
        """How often the page has used this name before."""
        self.used[kind].append(name)
        return self.used[kind].count(name) - 1

    def link(self, name):
        """Where a formula's card is, as a link from this page."""
        return self.relative(self.where[name]) + f"#{name}" if name in self.where else f"#{name}"

    def anchor(self, page, anchor):
        """(link, title) of a place given as a page's path and the id of a heading or a card."""
        path = self.docs / page
        lab = Path(self.options["labs"], f"{path.stem}.py") if path.suffix == ".ipynb" else None
        if not is_file(lab or path):
            raise ValueError(f"there is no page {(lab or path).as_posix()}")
        if anchor in self.formulas:
            title = self.formulas[anchor].title[self.lang]
        else:
            text = labs.Lab(lab).prose(self.lang) if lab else read(path)
            found = re.search(rf"^#+ (.+?) *\{{#{re.escape(anchor)}\}}$", text, re.M)
            if not found:
                raise ValueError(f"there is no heading {{#{anchor}}} on {(lab or path).as_posix()}")
            title = re.sub(r"[`*]", "", found[1])
        return f"{self.relative(path)}#{anchor}", title

    @property
    def docs(self):
        here, project = self.source.path, settings()
        if len(project.languages) == 1:
            return next((p for p in here.parents if p.name == Path(project.docs).name), here.parent)
        return next((p for p in here.parents if p.name == self.lang), here.parent)

    @cached_property
    def where(self):
        """{formula: the page with its card}."""
        return cards(self.docs)

    def relative(self, page):
        path = os.path.relpath(page, self.source.path.parent).replace(os.sep, "/")
        return path.replace(".ipynb", ".md") if self.source.zensical else path

    def lab(self, slug):
        return labs.load(self.options["labs"], self.options["runs"], slug)

    def figure(self, name):
        if name not in self.figures:
            self.figures[name] = figure.load(self.options["figures"], self.options["cache"], name)
        return self.figures[name]


class YansuanExtension(BlocksExtension):
    def __init__(self, **options):
        self.config = {
            "lang": [settings().languages[-1], "language of the cards: " + " or ".join(WORDS)],
            "snippets": [settings().snippets, "folder of the formulas"],
            "figures": ["docs/figures", "folder of the figures' scripts"],
            "evidence": [settings().evidence, "report of the last green test run"],
            "sources": ["docs/sources.csv", "where each place of each source is treated"],
            "papers": ["docs/papers.csv", "the papers on the list and their pages"],
            "programs": [False, "whether the site has each card's code as code/family.function.py"],
            "labs": ["docs/labs", "folder of the labs"],
            "runs": [".cache/labs", "where the runs of labs are kept"],
            "cache": [".cache/figures", "where drawn figures are kept"],
        }
        super().__init__(**options)
        if self.getConfig("lang") not in WORDS:
            raise YansuanError(
                "mkdocs.yml", 1, f"yansuan: lang is {self.getConfig('lang')!r}, not one of {list(WORDS)}"
            )

    def extendMarkdownBlocks(self, md, blocks):
        site = Site(md, self.getConfigs())
        blocks.register(CardBlock, {"site": site})
        blocks.register(DerivationBlock, {"site": site})
        for table in TABLES:
            blocks.register(type(table, (TableBlock,), {"NAME": table}), {"site": site})
        blocks.register(VerdictBlock, {"site": site})
        blocks.register(FigureBlock, {"site": site})
        md.convert = guarded(md.convert, site)
        md.references = References(site.source)
        md.parser.blockprocessors.register(Table(site, md), "table", 75)
        md.preprocessors.register(Start(site, md), "yansuan-start", 1000)
        # after code spans (190), before backslash escapes (180), which would eat the \ of \[
        md.inlinePatterns.register(HandTypedMath(site, md), "yansuan-display", 189)
        md.inlinePatterns.register(InlineMath(site, md), "yansuan-inline", 188)
        md.inlinePatterns.register(RunValue(site, md), "yansuan-value", 187)
        md.treeprocessors.register(TreeDone(site, md), "yansuan-tree-done", -100)
        md.postprocessors.register(Gate(site, md), "yansuan-gate", -10)


def guarded(convert, site):
    """Markdown and the parsers of HTML follow what is nested, by calling themselves."""

    def converted(text):
        try:
            return convert(text)
        except RecursionError:
            raise site.source.deepest("nested too deeply: use fewer levels") from None

    return converted


def makeExtension(**options):
    return YansuanExtension(**options)

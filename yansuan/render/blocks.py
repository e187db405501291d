"""The blocks of a page: `/// formula`, `/// figure`, `/// verdict` and the tables."""

import logging
import re
from collections.abc import Callable
from typing import Any, ClassVar
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString
from pymdownx.blocks.block import Block, type_string

from yansuan.base.errors import YansuanError
from yansuan.base.settings import settings
from yansuan.base.store import Value
from yansuan.base.words import PAGE, VERDICT
from yansuan.formula.formula import Formula, load
from yansuan.html.math import annotated
from yansuan.render.card import card
from yansuan.render.context import PageContext
from yansuan.render.home import PARTS
from yansuan.render.tables import TABLES
from yansuan.runs import verdict as verdicts
from yansuan.runs.child import NotRun
from yansuan.runs.runs import Running
from yansuan.runs.words import of
from yansuan.tex.mathml import to_html
from yansuan.tex.plain import plain_or_latex

log = logging.getLogger("mkdocs.yansuan")


class CardBlock(Block):
    """`/// formula | family.function`: the card of one function."""

    NAME = "formula"
    ARGUMENT = None  # checked below: pymdownx would quietly print a bad block as text

    def on_create(self, parent: Element) -> Element:
        page, kind, name = self.config["page"], self.NAME, self.argument or ""
        nth = page.count("formula", name)
        if nth:
            why = f"{kind} {name!r} has its card on this page already: link to #{name}"
            raise page.source.directive(why, kind, name, nth)
        try:
            formula = load(settings().snippets, name, page.folder)
        except ValueError as error:
            cure = f"write '/// {kind} | family.function'"
            raise page.source.directive(f"{kind}: {error}: {cure}", kind, name) from None
        self.check(formula, lambda why: page.source.directive(f"{kind} {name!r}: {why}", kind, name))
        page.source.formulas.append(formula)
        program = page.relative(page.docs / "code" / f"{name}.py") if page.options.programs else None
        where = page.address(name)
        box = card(parent, formula, page.report, page.lang, self.md.htmlStash.store, kind, program, where)
        box.set("class", "ys-card ys-open")
        return box

    def check(self, formula: Formula, fault: Callable[[str], YansuanError]) -> None:
        pass

    def on_end(self, block: Element) -> None:
        block.set("class", "ys-card")


class DerivationBlock(CardBlock):
    """`/// derivation | family.function`: a card whose LaTeX is a chain of steps, each executed by the tests."""

    NAME = "derivation"

    def check(self, formula: Formula, fault: Callable[[str], YansuanError]) -> None:
        if not re.search(r"^\s*&?\s*=", formula.tex, re.M):
            raise fault("no steps: begin each line of its LaTeX after the first with '&='")
        if "Read" in formula.fields:
            raise fault("its steps are read, not executed: show it with '/// formula'")


class FigureBlock(Block):
    """`/// figure | name` with `alt:` and a caption: a drawing made by docs/figures/<name>.py."""

    NAME = "figure"
    ARGUMENT = None
    OPTIONS: ClassVar[dict[str, list[Any]]] = {"alt": ["", type_string]}

    def on_create(self, parent: Element) -> Element:
        page, name = self.config["page"], self.argument or ""
        nth = page.count("figure", name)
        if nth:
            raise page.source.directive(f"figure {name!r} is on this page already: link to it", "figure", name, nth)
        if not self.options["alt"].strip():
            why = f"figure {name!r} has no 'alt: …': describe it for who cannot see it"
            raise page.source.directive(why, "figure", name)
        box = SubElement(parent, "figure", {"class": "ys-figure ys-open", "id": f"figure-{name}", "data-figure": name})
        try:
            drawn = page.figure(name)
            if "frames" in drawn:
                self.controls(box, drawn, name)
            drawing = SubElement(box, "div", {"role": "img", "aria-label": self.options["alt"]})
            for number, svg in enumerate(drawn.get("frames", [drawn.get("svg")])):
                frame = SubElement(drawing, "div", {"data-frame": str(number)}) if "frames" in drawn else drawing
                frame.text = self.md.htmlStash.store(of(svg, page.lang))
        except ValueError as error:
            raise page.source.directive(str(error), "figure", name) from None
        except Running:
            SubElement(box, "div").text = AtomicString(PAGE[page.lang]["running"])
        except NotRun as error:
            log.warning("figure %r: %s", name, error)
            SubElement(box, "div").text = AtomicString(PAGE[page.lang]["not drawn"].format(why=error))
        self.caption = SubElement(box, "figcaption")
        return box

    def controls(self, box: Element, drawn: Value, name: str) -> None:
        """A button for each frame; which is chosen, and so which frame and numbers show, is left to the style sheet."""
        row = SubElement(
            box, "div", {"class": "ys-choices", "role": "radiogroup", "aria-label": PAGE[self.lang]["choose"]}
        )
        symbol = drawn["symbol"] + "="
        html = annotated(to_html(symbol, False), plain_or_latex(symbol))
        SubElement(row, "span").text = self.md.htmlStash.store(html)
        for number, choice in enumerate(drawn["choices"]):
            label = SubElement(row, "label")
            button = {"type": "radio", "name": f"figure-{name}", "value": str(number), "autocomplete": "off"}
            SubElement(label, "input", button | ({"checked": "checked"} if number == drawn["chosen"] else {}))
            SubElement(label, "span").text = AtomicString(choice)

    @property
    def lang(self) -> str:
        page: PageContext = self.config["page"]
        return page.lang

    def on_add(self, block: Element) -> Element:
        return self.caption

    def on_end(self, block: Element) -> None:
        block.set("class", "ys-figure")


class VerdictBlock(Block):
    """`/// verdict | lab.claim`: the claim, in how many cases a lab found it to hold, what that makes of it."""

    NAME = "verdict"
    ARGUMENT = None

    def on_create(self, parent: Element) -> Element:
        page, name = self.config["page"], self.argument or ""
        slug, _, claim = name.partition(".")
        try:
            run = page.lab(slug)
            if claim not in run["verdicts"]:
                raise ValueError(
                    f"the lab {slug!r} gives verdicts on {', '.join(run['verdicts']) or 'nothing'}, not on {claim!r}"
                )
            verdict = run["verdicts"][claim]
            if isinstance(verdict, str):  # kept from before verdicts had a claim: it is being run again
                raise Running(slug)
            label, found = verdicts.label(verdict), verdicts.found(verdict, run["numbers"], page.lang)
        except ValueError as error:
            raise page.source.directive(f"verdict: {error}", "verdict", name) from None
        except Running:
            verdict, label, found = None, "running", []
        except NotRun as error:
            log.warning("lab %r: %s", slug, error)
            verdict, label, found = None, "unknown", []
        page.used["claim"].append(name)
        words, attributes = VERDICT[page.lang], {"class": "ys-verdict ys-open", "id": f"verdict-{slug}.{claim}"}
        box = SubElement(parent, "div", attributes | {"data-verdict": label, "data-claim": name})
        line = SubElement(box, "p")
        SubElement(line, "strong").text = AtomicString(words[label])
        if verdict:
            line[0].tail = " "
            SubElement(line, "span").text = AtomicString(words["claim"] + verdict[page.lang])
        below = SubElement(box, "p", {"class": "ys-found"})
        below.text = AtomicString(" · ".join(found))
        if page.source.path.stem != slug:
            below.text += " · " if found else ""
            lab = page.relative(page.docs / "labs" / f"{slug}.ipynb")
            link = SubElement(below, "a", {"href": f"{lab}#verdict-{slug}.{claim}"})
            link.text = AtomicString(words["lab"])
        return box

    def on_end(self, block: Element) -> None:
        block.set("class", "ys-verdict")


class TableBlock(Block):
    """`/// verification`, `/// formulas`, …: a table made from the code and the last green test run."""

    ARGUMENT = None
    TAKES = ("sources", "papers")  # which of these take an argument

    def on_create(self, parent: Element) -> Element:
        page, name = self.config["page"], self.argument or ""
        label = f"{self.NAME} | {name}" if name else self.NAME
        box = SubElement(parent, "div", self.attributes() | {"data-table": label})
        nth = page.count("table", label)
        try:
            if nth:
                raise ValueError("it is on this page already: link to it")
            if name and self.NAME not in self.TAKES:
                raise ValueError(f"it takes no argument: delete {name!r}")
            self.fill(box, page, name)
        except ValueError as error:
            raise page.source.directive(f"{self.NAME}: {error}", self.NAME, name, nth) from None
        return box

    def attributes(self) -> dict[str, str]:
        return {"class": "ys-table ys-scroll ys-open"}

    def fill(self, box: Element, page: PageContext, name: str) -> None:
        TABLES[self.NAME](box, page, name)

    def on_end(self, block: Element) -> None:
        block.set("class", block.get("class", "").removesuffix(" ys-open"))


class PartBlock(TableBlock):
    """`/// wall`, `/// claims`, …: a part of the first page, made from all the others."""

    TAKES = ("slips", "bugs")

    def attributes(self) -> dict[str, str]:
        return {"class": f"ys-{self.NAME} ys-open", "data-search-exclude": ""}  # it is said on another page

    def fill(self, box: Element, page: PageContext, name: str) -> None:
        PARTS[self.NAME](box, page, name, self.md.htmlStash.store)

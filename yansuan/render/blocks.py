"""The blocks of a page: `/// formula`, `/// figure`, `/// verdict` and the tables."""

import logging
import re
from typing import ClassVar
from xml.etree.ElementTree import SubElement

from markdown.util import AtomicString
from pymdownx.blocks.block import Block, type_string

from yansuan.base.settings import settings
from yansuan.base.words import PAGE, VERDICT
from yansuan.formula.formula import load
from yansuan.html.math import annotated
from yansuan.render.card import card
from yansuan.render.drawable import drawable
from yansuan.render.tables import TABLES
from yansuan.runs.child import NotRun
from yansuan.tex.plain import plain_or_latex

log = logging.getLogger("mkdocs.yansuan")


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
            formula = load(settings().snippets, name)
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
        except NotRun as error:
            log.warning("figure %r: %s", name, error)
            SubElement(box, "div").text = AtomicString(PAGE[site.lang]["not drawn"].format(why=error))
        self.caption = SubElement(box, "figcaption")
        return box

    def controls(self, box, drawn, name):
        """A button for each frame; which is chosen, and so which frame and numbers show, is left to the style sheet."""
        row = SubElement(
            box, "div", {"class": "ys-choices", "role": "radiogroup", "aria-label": PAGE[self.lang]["choose"]}
        )
        symbol = drawn["symbol"] + "="
        html = annotated(drawable(symbol, False), plain_or_latex(symbol))
        SubElement(row, "span").text = self.md.htmlStash.store(html)
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
        except NotRun as error:
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

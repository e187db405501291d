"""What the first page shows of the whole site: numbers, slips of sources, bugs, claims, every formula, the map."""

import re
from collections.abc import Callable
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString

from yansuan.base.words import HOME, VERDICT
from yansuan.formula.formula import Formula
from yansuan.notes import needs
from yansuan.notes.page import headings
from yansuan.render.chart import chart
from yansuan.render.context import PageContext
from yansuan.render.tables import by_family
from yansuan.render.totals import totals
from yansuan.runs import verdict as verdicts
from yansuan.runs.child import NotRun
from yansuan.runs.lab import PAGES, every
from yansuan.runs.runs import Running
from yansuan.tex.mathml import LatexFault, to_html
from yansuan.tex.plain import with_plain_math

Stash = Callable[[str], str]  # hides finished HTML from Markdown
ROW = r"^\| \[(?P<title>[^\]]+)\]\(#{anchor}\) \| (?P<place>.*?) \| (?P<text>.*?) \|$"
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
LAB = re.compile(r"^(?:Lab: |实验：)")


def numbers(parent: Element, page: PageContext, _: str, stash: Stash) -> None:
    """What the last green test run did, in a few numbers; each leads to where it comes from."""
    words = HOME[page.lang]
    if page.report is None:
        SubElement(parent, "p").text = AtomicString(words["none"])
        return
    sums = totals(page.report, page.formulas)
    row = SubElement(parent, "ul")
    for number, what in words["numbers"]:
        item = SubElement(row, "li")
        SubElement(item, "b").text = AtomicString(number.format(**sums))
        SubElement(item, "span").text = AtomicString(what.format(**sums))


def slips(parent: Element, page: PageContext, which: str, stash: Stash) -> None:
    """Some rows of a page's table of errata: `slips | errata.md momentum batch-of-two`."""
    name, *anchors = which.split()
    path = page.docs / name
    if not path.is_file():
        raise ValueError(f"there is no page {name}: write 'slips | errata.md anchor anchor'")
    text = path.read_text("utf-8")
    cards = SubElement(parent, "ul")
    for anchor in anchors:
        row = re.search(ROW.replace("{anchor}", re.escape(anchor)), text, re.M)
        if not row:
            raise ValueError(f"no row of the table of {name} leads to #{anchor}")
        item = SubElement(cards, "li")
        SubElement(item, "a", {"href": f"{page.relative(path)}#{anchor}"}).text = row["title"]
        SubElement(item, "p").text = LINK.sub(r"\1", row["text"])
        SubElement(item, "small").text = LINK.sub(r"\1", row["place"])


def bugs(parent: Element, page: PageContext, which: str, stash: Stash) -> None:
    """Some bugs that were published, each with the formula whose witness notices it: `bugs | id id`."""
    words, known_bugs = HOME[page.lang], {bug["id"]: bug for bug in (page.report.wild if page.report else ())}
    cards = SubElement(parent, "ul")
    for id in which.split():
        if not known_bugs:
            break
        if not (bug := known_bugs.get(id)):
            raise ValueError(f"there is no bug {id!r}: name some of {', '.join(known_bugs)}")
        item = SubElement(cards, "li", {"data-slip": bug["id"]})
        SubElement(item, "a", {"href": bug["link"]}).text = AtomicString(bug["where"])
        SubElement(item, "p").text = AtomicString(bug[page.lang])
        small = SubElement(item, "small")
        small.text = AtomicString(words["noticed"])
        known = page.formulas.get(bug["formula"])
        link = SubElement(small, "a", {"href": page.link(bug["formula"])})
        link.text = AtomicString(known.title[page.lang] if known else bug["formula"])


def claims(parent: Element, page: PageContext, _: str, stash: Stash) -> None:
    """Every lab with its claims, and what became of each."""
    cards = SubElement(parent, "ul")
    for slug, lab in every().items():
        item = SubElement(cards, "li")
        address = page.relative(page.docs / PAGES / f"{slug}.ipynb")
        title = LAB.sub("", with_plain_math(lab.headings(page.lang)[0].title))
        SubElement(item, "a", {"href": address}).text = AtomicString(title[:1].upper() + title[1:])
        found = SubElement(item, "ul")
        try:
            run = page.lab(slug)
        except (Running, NotRun):
            SubElement(found, "li").text = AtomicString(VERDICT[page.lang]["unknown"])
            continue
        for name, verdict in run["verdicts"].items():
            if isinstance(verdict, str):  # kept from before verdicts had a claim: it is being run again
                continue
            label = verdicts.label(verdict)
            line = SubElement(found, "li", {"data-chip": label, "data-of": f"{slug}.{name}"})
            SubElement(line, "strong").text = AtomicString(VERDICT[page.lang][label])
            SubElement(line, "span").text = AtomicString(verdict[page.lang])


def wall(parent: Element, page: PageContext, _: str, stash: Stash) -> None:
    """Every formula as a tile, by family; a script adds the field that filters them."""
    words = HOME[page.lang]
    parent.set("data-filter", words["filter"])
    parent.set("data-none", words["nothing"])
    for family, names in by_family(page.formulas).items():
        box = SubElement(parent, "div", {"class": "ys-family"})
        SubElement(box, "p").text = AtomicString(family.title[page.lang])
        tiles = SubElement(box, "ul", {"aria-label": family.title[page.lang]})
        for formula in map(page.formulas.__getitem__, names):
            item = SubElement(tiles, "li", {"data-words": searched(formula)})
            link = SubElement(item, "a", {"href": page.link(formula.id), "data-tile": formula.id})
            drawing = SubElement(link, "span", {"class": "ys-tile", "aria-hidden": "true"})
            drawing.text = stash(drawn(formula)) if formula.tex else AtomicString(formula.node.name)
            SubElement(link, "span").text = AtomicString(formula.title[page.lang])


def searched(formula: Formula) -> str:
    """What a tile is found by: its names, in every language."""
    return " ".join([formula.id, formula.node.name.replace("_", " "), *formula.title.values()]).lower()


def drawn(formula: Formula) -> str:
    """A formula within a line."""
    try:
        return to_html(formula.tex, False)
    except LatexFault as fault:
        raise formula.fault(str(fault), formula.tex_line + fault.line) from None


def reading_map(parent: Element, page: PageContext, _: str, stash: Stash) -> None:
    """What builds on what: pages, and the links of their lines "You need"."""
    words, uses = HOME[page.lang], needs.graph(page.docs)
    titles = {name: with_plain_math(headings(page.docs / name)[0].title) for name in uses}
    chart(parent, uses, titles, lambda name: page.relative(page.docs / name), words)


PARTS: dict[str, Callable[[Element, PageContext, str, Stash], None]] = {
    "numbers": numbers,
    "slips": slips,
    "bugs": bugs,
    "claims": claims,
    "wall": wall,
    "map": reading_map,
}

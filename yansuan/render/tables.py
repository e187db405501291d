"""Tables that nobody types: what the last green test run proved, the index of formulas, where the sources went,
which papers have a page."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString

from yansuan import evidence
from yansuan.base.errors import YansuanError
from yansuan.base.settings import settings
from yansuan.base.words import CARD, TABLE
from yansuan.formula.formula import Formula
from yansuan.formula.module import Module
from yansuan.notes.shelf import Row, paper_fault, rows_of
from yansuan.render.card import origin
from yansuan.render.context import PageContext
from yansuan.render.graph import draw
from yansuan.render.totals import totals


def verification(parent: Element, page: PageContext, _: str) -> None:
    """A sentence of totals and a row per formula."""
    words, report, formulas = TABLE[page.lang], page.report, page.formulas
    if report is None:
        SubElement(parent, "p").text = AtomicString(words["none"])
        return
    proofs = {name: evidence.proof(report, formula) for name, formula in formulas.items()}
    good = [p for p in proofs.values() if p.state == evidence.VERIFIED]
    sums = totals(report, formulas)
    steps = words["steps"].format(**sums) if sums["algorithms"] else ""
    where = origin(CARD[page.lang], report, all(p.errors for p in good))
    SubElement(parent, "p").text = AtomicString(words["total"].format(**sums, steps=steps, origin=where))
    for family, names in by_family(formulas).items():
        body = folded(parent, family, [proofs[name] for name in names], words["columns"], page)
        for name in names:
            of_one(body, name, proofs[name], page)


def of_one(body: Element, name: str, proof: evidence.Proof, page: PageContext) -> None:
    """The row of one formula: what was proved, or why nothing."""
    words = TABLE[page.lang]
    cells = row(body, words["columns"], {"data-row": name, "data-status": proof.mark})
    link(next(cells), page.link(name), page.formulas[name].title[page.lang])
    if proof.state != evidence.VERIFIED:
        next(cells).text = AtomicString(words[proof.state])
        return
    unfolding(next(cells), proof, words)
    within = words["within"].format(bound=evidence.bound(max(w["rtol"] for w in proof.witnesses)))
    worst = (f"{max(proof.errors):.1e}" if max(proof.errors) else words["exact"]) if proof.errors else within
    killed = "{killed} / {total}".format(**proof.mutants)
    listed = " (+{listed})".format(**proof.mutants) if proof.mutants["listed"] else ""
    inputs = str(sum(w["inputs"] for w in proof.witnesses))
    for text in (inputs, worst, killed + listed, words[proof.latex]):
        next(cells).text = AtomicString(text)


def witnesses(parent: Element, page: PageContext, _: str) -> None:
    """A row per family: how many of its formulas are compared with a third party, whose, and which are with none."""
    words = TABLE[page.lang]
    if page.report is None:
        SubElement(parent, "p").text = AtomicString(words["none"])
        return
    families: dict[str, dict[str, set[str]]] = {}  # family: formula that is verified: the third parties
    for name, formula in page.formulas.items():
        proof = evidence.proof(page.report, formula)
        if proof.state == evidence.VERIFIED:
            by = {w["by"] for w in proof.witnesses if w["by"]}
            families.setdefault(formula.module.title[page.lang], {})[name] = by
    every = [by for formulas in families.values() for by in formulas.values()]
    packages = Counter(package for by in every for package in {whole.partition(".")[0] for whole in by})
    named = words["comma"].join(f"{package} ({n})" for package, n in packages.most_common())
    sums = {"verified": len(every), "third": sum(map(bool, every)), "ours": every.count(set())}
    SubElement(parent, "p").text = AtomicString(words["by whom"].format(**sums, packages=named or "–"))
    body = table(parent, words["witnesses"])
    for family, formulas in families.items():
        cells = row(body, words["witnesses"], {"data-family": family})
        for text in (family, len(formulas), sum(map(bool, formulas.values()))):
            next(cells).text = AtomicString(str(text))
        cell = next(cells)
        for whole in sorted(set().union(*formulas.values())):
            SubElement(SubElement(cell, "div"), "code").text = AtomicString(whole)
        cell = next(cells)
        for name, by in formulas.items():
            if not by:
                link(SubElement(cell, "div"), page.link(name), page.formulas[name].title[page.lang])


def wild_bugs(parent: Element, page: PageContext, _: str) -> None:
    """A row per published bug, with the witness that noticed it."""
    words = TABLE[page.lang]
    if page.report is None:
        SubElement(parent, "p").text = AtomicString(words["none"])
        return
    body = table(parent, words["wild"])
    for bug in page.report.wild:
        cells = row(body, words["wild"], {"data-bug": bug["id"]})
        link(next(cells), bug["link"], bug["where"])
        next(cells).text = AtomicString(bug[page.lang])
        name = bug["formula"]
        known = page.formulas.get(name)
        link(next(cells), page.link(name), known.title[page.lang] if known else name)
        SubElement(next(cells), "code").text = AtomicString(bug["noticed_by"])


def formulas(parent: Element, page: PageContext, _: str) -> None:
    """Every formula, by family: its card, what it was compared with, and the formulas that it uses."""
    words = TABLE[page.lang]
    for family, names in by_family(page.formulas).items():
        proofs = {name: evidence.proof(page.report, page.formulas[name]) for name in names}
        body = folded(parent, family, list(proofs.values()), words["formulas"], page)
        for name, proof in proofs.items():
            cells = row(body, words["formulas"], {"data-row": name, "data-status": proof.mark})
            link(next(cells), page.link(name), page.formulas[name].title[page.lang])
            SubElement(next(cells), "code").text = AtomicString(name.partition(".")[2])
            if proof.state == evidence.VERIFIED:
                say_by(next(cells), proof, words)
            else:
                next(cells).text = AtomicString(words["unverified"])
            uses = next(cells)
            for used in page.formulas[name].uses:
                link(SubElement(uses, "div"), page.link(used), page.formulas[used].title[page.lang])


def dependencies(parent: Element, page: PageContext, _: str) -> None:
    """The same as a picture, drawn from the code and coloured by status."""
    marks = {name: evidence.proof(page.report, formula).mark for name, formula in page.formulas.items()}
    uses = {name: formula.uses for name, formula in page.formulas.items()}
    draw(parent, uses, marks, page.link, TABLE[page.lang]["graph"])


def sources(parent: Element, page: PageContext, which: str) -> None:
    """Where each place of a source is treated, or why nowhere: the rows of docs/sources.csv of that source."""
    path, rows = rows_of(settings().sources, "source", which)
    words = TABLE[page.lang]
    body = table(parent, words["sources"])
    for line, found in rows:
        if bool(found["page"] and found["anchor"]) == bool(found["reason"]):
            raise YansuanError(path, line, "either a page and an anchor or a reason: fill in one of the two")
        cells = row(body, words["sources"])
        next(cells).text = AtomicString(found["place"])
        next(cells).text = AtomicString(found[page.lang])
        cell = next(cells)
        if found["page"]:
            address, title = page.anchor(found["page"], found["anchor"])
            link(cell, address, title)
        else:
            en, _, zh = found["reason"].partition(" | ")
            if not zh:
                raise YansuanError(path, line, "a reason in one language: write 'English | 中文'")
            cell.text = AtomicString({"en": en, "zh": zh}[page.lang])


def papers(parent: Element, page: PageContext, which: str) -> None:
    """The papers of a section of docs/papers.csv: those with a page, and under one line those without one yet."""
    words = TABLE[page.lang]
    path, rows = rows_of(settings().papers, "section", which)
    bodies: dict[bool, Element] = {}  # of papers with a page, and of the others
    for line, paper in sorted(rows, key=lambda found: not found[1]["page"]):
        if fault := paper_fault(paper):
            raise YansuanError(path, line, fault)
        written = bool(paper["page"])
        if written not in bodies:
            bodies[written] = table(parent if written else unwritten(parent, rows, words), words["papers"])
        cells = row(bodies[written], words["papers"], {"data-paper": paper["name"] or paper["title"]})
        cell = next(cells)
        SubElement(cell, "cite", {"lang": "en"}).text = AtomicString(paper["title"])
        SubElement(cell, "div").text = AtomicString(paper["authors"])
        cell = next(cells)
        if paper["page"]:
            try:
                link(cell, *page.anchor(paper["page"], Path(paper["page"]).stem))
            except ValueError as error:
                raise YansuanError(path, line, f"{error}: write it, or leave the column page empty") from None
        else:
            cell.text = AtomicString(words["not yet"])
        cell = next(cells)
        whole = {"class": "ys-name"}  # not broken at a hyphen
        SubElement(cell, "div", whole).text = AtomicString(paper["month"])
        if paper["venue"]:
            SubElement(cell, "div").text = AtomicString(paper["venue"])
        if paper["arxiv"]:
            link(SubElement(cell, "div", whole), f"https://arxiv.org/abs/{paper['arxiv']}", f"arXiv:{paper['arxiv']}")
        cell = next(cells)
        cell.text = AtomicString(paper["name"] or "—")
        if paper["listed"]:
            SubElement(cell, "div", whole).text = AtomicString(paper["listed"])
        if paper["correction"]:
            en, _, zh = paper["correction"].partition(" | ")
            SubElement(cell, "div").text = AtomicString({"en": en, "zh": zh}[page.lang])


def unwritten(parent: Element, rows: list[tuple[int, Row]], words: dict[str, Any]) -> Element:
    """The line under which the papers are that have no page."""
    box = SubElement(parent, "details", {"class": "ys-family"})
    count = sum(not paper["page"] for _, paper in rows)
    SubElement(box, "summary").text = AtomicString(words["unwritten"].format(count=count))
    return box


TABLES: dict[str, Callable[[Element, PageContext, str], None]] = {
    "verification": verification,
    "witnesses": witnesses,
    "wild-bugs": wild_bugs,
    "formulas": formulas,
    "dependencies": dependencies,
    "sources": sources,
    "papers": papers,
}


def by_family(formulas: dict[str, Formula]) -> dict[Module, list[str]]:
    """The names of the formulas of each family."""
    families: dict[Module, list[str]] = {}
    for name, formula in formulas.items():
        families.setdefault(formula.module, []).append(name)
    return families


def folded(
    parent: Element, family: Module, proofs: list[evidence.Proof], columns: Sequence[str], page: PageContext
) -> Element:
    """A family under one line: its name, its file, how many of its formulas are verified. What holds its rows."""
    box = SubElement(parent, "details", {"class": "ys-family"})
    line = SubElement(box, "summary")
    line.text = AtomicString(family.title[page.lang] + " ")
    SubElement(line, "code").text = AtomicString(family.path.as_posix())
    good = sum(proof.state == evidence.VERIFIED for proof in proofs)
    count = TABLE[page.lang]["all of" if good == len(proofs) else "some of"]
    SubElement(line, "span").text = AtomicString(count.format(good=good, all=len(proofs)))
    return table(box, columns)


def unfolding(cell: Element, proof: evidence.Proof, words: dict[str, Any]) -> None:
    """Who says so in a line, under which the code of each witness is."""
    fold = SubElement(cell, "details", {"class": "ys-claims"})
    say_by(SubElement(fold, "summary"), proof, words)
    box = SubElement(fold, "div", {"class": "no-copy"})  # it names what only the tests have
    for witness in proof.witnesses:
        SubElement(SubElement(box, "pre"), "code").text = AtomicString(witness["claim"])


def say_by(cell: Element, proof: evidence.Proof, words: dict[str, Any]) -> None:
    """The first third party, or that there is none, and how many witnesses there are besides."""
    parties = [witness["by"] for witness in proof.witnesses if witness["by"]]
    if parties:
        SubElement(cell, "code").text = AtomicString(parties[0])
    else:
        SubElement(cell, "span").text = AtomicString(words["our own"])
    if len(proof.witnesses) > 1:
        cell[-1].tail = AtomicString(f" +{len(proof.witnesses) - 1}")


def link(parent: Element, address: str, text: str) -> None:
    SubElement(parent, "a", {"href": address}).text = AtomicString(text)


def row(body: Element, columns: Sequence[str], attributes: dict[str, str] | None = None) -> Iterator[Element]:
    """The cells of a new row, each with the name of its column, which stands beside it where a table is too wide."""
    line = SubElement(body, "tr", attributes or {})
    return (SubElement(line, "td", {"data-label": column}) for column in columns)


def table(parent: Element, columns: Sequence[str]) -> Element:
    whole = SubElement(parent, "table", {"class": "ys-symbols"})
    head = SubElement(SubElement(whole, "thead"), "tr")
    for word in columns:
        SubElement(head, "th", {"scope": "col"}).text = AtomicString(word)
    return SubElement(whole, "tbody")

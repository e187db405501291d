"""Tables that nobody types: what the last green test run proved, the index of formulas, where the sources went,
which papers have a page."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString

from yansuan import evidence
from yansuan.base.errors import YansuanError
from yansuan.base.settings import settings
from yansuan.base.words import CARD, TABLE
from yansuan.notes.shelf import paper_fault, rows_of
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
    body = table(parent, words["columns"])
    for name, proof in proofs.items():
        row = SubElement(body, "tr", {"data-row": name, "data-status": proof.mark})
        link(SubElement(row, "td"), page.link(name), formulas[name].title[page.lang])
        if proof.state != evidence.VERIFIED:
            SubElement(row, "td", {"colspan": "5"}).text = AtomicString(words[proof.state])
            continue
        claims(SubElement(row, "td"), proof)
        within = words["within"].format(bound=evidence.bound(max(w["rtol"] for w in proof.witnesses)))
        worst = f"{max(proof.errors):.1e}" if proof.errors else within
        killed = "{killed} / {total}".format(**proof.mutants)
        listed = " (+{listed})".format(**proof.mutants) if proof.mutants["listed"] else ""
        inputs = str(sum(w["inputs"] for w in proof.witnesses))
        for cell in (inputs, worst, killed + listed, words[proof.latex]):
            SubElement(row, "td").text = AtomicString(cell)


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
    totals = {"verified": len(every), "third": sum(map(bool, every)), "ours": every.count(set())}
    SubElement(parent, "p").text = AtomicString(words["by whom"].format(**totals, packages=named or "–"))
    body = table(parent, words["witnesses"])
    for family, formulas in families.items():
        row = SubElement(body, "tr", {"data-family": family})
        SubElement(row, "td").text = AtomicString(family)
        for number in (len(formulas), sum(map(bool, formulas.values()))):
            SubElement(row, "td").text = AtomicString(str(number))
        cell = SubElement(row, "td")
        for whole in sorted(set().union(*formulas.values())):
            SubElement(SubElement(cell, "div"), "code").text = AtomicString(whole)
        cell = SubElement(row, "td")
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
        row = SubElement(body, "tr", {"data-bug": bug["id"]})
        link(SubElement(row, "td"), bug["link"], bug["where"])
        SubElement(row, "td").text = AtomicString(bug[page.lang])
        name = bug["formula"]
        known = page.formulas.get(name)
        link(SubElement(row, "td"), page.link(name), known.title[page.lang] if known else name)
        SubElement(SubElement(row, "td"), "code").text = AtomicString(bug["noticed_by"])


def formulas(parent: Element, page: PageContext, _: str) -> None:
    """Every formula: its card, its status and witnesses, and the formulas that it uses."""
    words = TABLE[page.lang]
    body = table(parent, words["formulas"])
    family = None
    for name, formula in page.formulas.items():
        if formula.module is not family:
            family = formula.module
            head = SubElement(SubElement(body, "tr"), "th", {"colspan": "5", "scope": "rowgroup"})
            head.text = AtomicString(family.title[page.lang] + " ")
            SubElement(head, "code").text = AtomicString(family.path.as_posix())
        proof = evidence.proof(page.report, formula)
        row = SubElement(body, "tr", {"data-row": name, "data-status": proof.mark})
        link(SubElement(row, "td"), page.link(name), formula.title[page.lang])
        SubElement(SubElement(row, "td"), "code", {"class": "ys-name"}).text = AtomicString(name.partition(".")[2])
        SubElement(row, "td", {"class": "ys-status"}).text = AtomicString(words[proof.mark].lstrip("✓✗ "))
        claims(SubElement(row, "td"), proof)
        uses = SubElement(row, "td")
        for used in formula.uses:
            link(SubElement(uses, "div"), page.link(used), page.formulas[used].title[page.lang])


def dependencies(parent: Element, page: PageContext, _: str) -> None:
    """The same as a picture, drawn from the code and coloured by status."""
    marks = {name: evidence.proof(page.report, formula).mark for name, formula in page.formulas.items()}
    uses = {name: formula.uses for name, formula in page.formulas.items()}
    draw(parent, uses, marks, page.link, TABLE[page.lang]["graph"])


def sources(parent: Element, page: PageContext, which: str) -> None:
    """Where each place of a source is treated, or why nowhere: the rows of docs/sources.csv of that source."""
    path, rows = rows_of(settings().sources, "source", which)
    body = table(parent, TABLE[page.lang]["sources"])
    for line, row in rows:
        if bool(row["page"] and row["anchor"]) == bool(row["reason"]):
            raise YansuanError(path, line, "either a page and an anchor or a reason: fill in one of the two")
        element = SubElement(body, "tr")
        SubElement(element, "td").text = AtomicString(row["place"])
        SubElement(element, "td").text = AtomicString(row[page.lang])
        cell = SubElement(element, "td")
        if row["page"]:
            address, title = page.anchor(row["page"], row["anchor"])
            link(cell, address, title)
        else:
            en, _, zh = row["reason"].partition(" | ")
            if not zh:
                raise YansuanError(path, line, "a reason in one language: write 'English | 中文'")
            cell.text = AtomicString({"en": en, "zh": zh}[page.lang])


def papers(parent: Element, page: PageContext, which: str) -> None:
    """The papers of a section of docs/papers.csv, each with its page, or without one yet."""
    words = TABLE[page.lang]
    path, rows = rows_of(settings().papers, "section", which)
    body = table(parent, words["papers"])
    for line, row in rows:
        if fault := paper_fault(row):
            raise YansuanError(path, line, fault)
        element = SubElement(body, "tr", {"data-paper": row["name"] or row["title"]})
        cell = SubElement(element, "td")
        SubElement(cell, "cite", {"lang": "en"}).text = AtomicString(row["title"])
        SubElement(cell, "div").text = AtomicString(row["authors"])
        cell = SubElement(element, "td")
        if row["page"]:
            try:
                link(cell, *page.anchor(row["page"], Path(row["page"]).stem))
            except ValueError as error:
                raise YansuanError(path, line, f"{error}: write it, or leave the column page empty") from None
        else:
            cell.text = AtomicString(words["not yet"])
        cell = SubElement(element, "td")
        whole = {"class": "ys-name"}  # not broken at a hyphen
        SubElement(cell, "div", whole).text = AtomicString(row["month"])
        if row["venue"]:
            SubElement(cell, "div").text = AtomicString(row["venue"])
        if row["arxiv"]:
            link(SubElement(cell, "div", whole), f"https://arxiv.org/abs/{row['arxiv']}", f"arXiv:{row['arxiv']}")
        cell = SubElement(element, "td")
        cell.text = AtomicString(row["name"] or "—")
        if row["listed"]:
            SubElement(cell, "div", whole).text = AtomicString(row["listed"])
        if row["correction"]:
            en, _, zh = row["correction"].partition(" | ")
            SubElement(cell, "div").text = AtomicString({"en": en, "zh": zh}[page.lang])


TABLES: dict[str, Callable[[Element, PageContext, str], None]] = {
    "verification": verification,
    "witnesses": witnesses,
    "wild-bugs": wild_bugs,
    "formulas": formulas,
    "dependencies": dependencies,
    "sources": sources,
    "papers": papers,
}


def claims(cell: Element, proof: evidence.Proof) -> None:
    for witness in proof.witnesses:
        SubElement(SubElement(cell, "div"), "code").text = AtomicString(witness["claim"])


def link(parent: Element, address: str, text: str) -> None:
    SubElement(parent, "a", {"href": address}).text = AtomicString(text)


def table(parent: Element, columns: Sequence[str]) -> Element:
    whole = SubElement(parent, "table", {"class": "ys-symbols"})
    head = SubElement(SubElement(whole, "thead"), "tr")
    for word in columns:
        SubElement(head, "th", {"scope": "col"}).text = AtomicString(word)
    return SubElement(whole, "tbody")

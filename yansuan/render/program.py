"""What the copy button of a card gives: two lines that say what it is, then the function and its example, to be run."""

import json
from pathlib import Path

from yansuan.base.settings import settings
from yansuan.base.words import PROGRAM
from yansuan.evidence import VERIFIED, Proof
from yansuan.formula.formula import Formula

COLUMNS = 80


def program(formula: Formula, proof: Proof, lang: str, address: str = "") -> str:
    """The program of a card in one language; `address` is where the card is, if the site has an address."""
    words = PROGRAM[lang]
    title = f"# {formula.title[lang]}" + (f"{words['colon']}{address}" if address else "")
    licence = words["licence"].format(licence=settings().licence) if settings().licence else ""
    return f"{title}\n# {compared(proof, lang, COLUMNS - len(licence))}{licence}\n{formula.copy}"


def as_notebook(formula: Formula, text: str, lang: str) -> str:
    """A program as a notebook: its title and its formula, then the program."""
    head = f"# {formula.title[lang]}" + (f"\n\n$$\n{formula.tex}\n$$" if formula.tex else "")
    cells = [
        {"cell_type": "markdown", "id": "formula", "metadata": {}, "source": head},
        {"cell_type": "code", "id": "program", "metadata": {}, "source": text.rstrip("\n")}
        | {"execution_count": None, "outputs": []},
    ]
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    book = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(book, indent=1, ensure_ascii=False) + "\n"


def compared(proof: Proof, lang: str, room: int) -> str:
    """What the function was compared with: functions of third parties, as many as there is room for."""
    words = PROGRAM[lang]
    if proof.state != VERIFIED:
        return str(words["unverified"])
    named = list(dict.fromkeys(witness["by"] for witness in proof.witnesses if witness["by"]))
    while len(named) > 1 and len(words["compared"].format(by=words["and"].join(named))) > room:
        named.pop()
    return str(words["compared"].format(by=words["and"].join(named)) if named else words["ours"])


def address(base: str, docs: Path, page: Path, name: str) -> str:
    """Where the card of a formula is, on a site whose pages are folders; nothing if the site has no address."""
    if not base:
        return ""
    parts = page.relative_to(docs).with_suffix("").parts
    folder = "/".join(parts[:-1] if parts[-1] == "index" else parts)
    return f"{base}{folder}/#{name}" if folder else f"{base}#{name}"

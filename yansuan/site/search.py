"""Search: each section, each card and each term of the glossary is an entry; what readers call it is found too.

The theme has the box and the list. What it asks, a worker of ours answers (search.js), in the place of the theme's,
which ranks a word in passing above the page that is about it, and takes Chinese apart by a dictionary. The entries are
fetched when somebody searches.
"""

import html
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from yansuan.base.errors import YansuanError
from yansuan.base.settings import settings
from yansuan.formula.formula import Formula, load_all
from yansuan.html.document import HEADING, balanced
from yansuan.notes.page import cards, headings
from yansuan.notes.shelf import all_rows
from yansuan.tex.mathml import LatexFault
from yansuan.tex.plain import NoPlainForm, plain, with_plain_math

INDEX, ENTRIES = "search/search_index.json", "search/entries.json"
WORKER = Path(__file__).with_name("search.js")
Entry = dict[str, Any]

SKIPPED = re.compile(r"<(svg|style|script)\b.*?</\1>|<annotation encoding=\"application.*?</annotation>", re.S)
DRAWN = re.compile(r'<semantics data-search-exclude="">.*?</semantics>', re.S)
PERMALINK = re.compile(r'<a class="headerlink".*?</a>', re.S)
LEFT_OUT = re.compile(r"<(\w+)(?=[^<>]*\sdata-search-exclude)[^<>]*>[^<]*</\1>")
CARD = re.compile(r'<div class="ys-card" ')
TABLE = re.compile(r'<div class="ys-table[^"]*" data-table="(?:formulas|verification|dependencies)"')
TERM = re.compile(r'<tr id="(term-[^"]+)">(.*?)</tr>', re.S)
BREAK = re.compile(r"</?(?:p|li|tr|pre|dt|dd|div|figcaption|summary|blockquote|br|h\d)\b[^<>]*>")
CELL = re.compile(r"</t[dh]>")
TAG = re.compile(r"<[^<>]*>")
ROWS = re.compile(r"\\begin\{aligned\}(.*)\\end\{aligned\}", re.S)


def text_of(markup: str) -> str:
    """What a piece of a page says, a block a line; a formula as plain text."""
    markup = DRAWN.sub("", SKIPPED.sub(" ", markup)).replace("\n", " ")
    markup = CELL.sub(" ", BREAK.sub("\n", markup))
    lines = (" ".join(line.split()) for line in html.unescape(TAG.sub("", markup)).split("\n"))
    return "\n".join(filter(None, lines))


def entries(address: str, title: str, content: str, boost: float = 1) -> Iterator[Entry]:
    """The entries of one page but those of its cards: a section each, and each row of a glossary."""
    for cut in (CARD, TABLE):
        content = without(content, cut)
    content = LEFT_OUT.sub("", PERMALINK.sub("", content))
    parts = HEADING.split(content)
    before, heads = parts[0], list(zip(*[iter(parts[1:])] * 4, strict=True))
    if not heads or heads[0][0] != "1":  # a page that does not begin with its title
        heads = [("1", "", html.escape(title), before), *heads]
    for number, (_, anchor, head, text) in enumerate(heads):
        place = f"{address}#{anchor}" if number else address
        terms = TERM.findall(text)
        entry: Entry = {"location": place, "title": text_of(head), "text": text_of(TERM.sub("", text))}
        yield entry | ({"boost": boost} if boost != 1 else {})
        for term, row in terms:
            cells = [text_of(cell) for cell in CELL.split(row)]
            yield {"location": f"{address}#{term}", "title": " · ".join(cells[:2]), "text": cells[2]}


def without(content: str, start: re.Pattern[str]) -> str:
    """A page without the elements that begin so."""
    while found := start.search(content):
        content = content[: found.start()] + content[balanced(content, found.start()) :]
    return content


def of_cards(docs: Path | str, lang: str, formulas: dict[str, Formula], known: set[str]) -> Iterator[Entry]:
    """An entry a card: its names, its formula, what its symbols mean, its notes, its code."""
    for name, page in cards(docs).items():
        address = address_of(page.relative_to(docs))
        if address not in known:
            raise YansuanError(page, 1, "not among the pages that search knows: add the page to nav")
        formula = formulas[name]
        fields = [text[lang] for field in ("Trap", "Note") for text in formula.fields.get(field, [])]
        said = ["; ".join(symbol.meaning[lang] for symbol in formula.symbols), *fields]
        lines = [*map(with_plain_math, said), " ".join(formula.code.split())]
        title = f"{formula.node.name} · {formula.title[lang]}"
        entry = {"location": f"{address}#{name}", "title": title, "text": "\n".join(filter(None, lines))}
        math = one_line(formula.tex)
        yield entry | ({"math": math} if math else {})


def one_line(tex: str) -> str:
    """A formula as plain text, its rows one after the other; nothing where that has no form."""
    rows = ROWS.fullmatch(tex.strip())
    lines = [line.replace("&", "") for line in rows[1].split(r"\\")] if rows else [tex]
    try:
        return ";  ".join(plain(line) for line in lines if line.strip())
    except (NoPlainForm, LatexFault):  # rows within rows
        return ""


def address_of(page: Path) -> str:
    """Of a page below its language, given its path."""
    return re.sub(r"(^|/)index/$", r"\1", page.with_suffix("").as_posix() + "/")


def aliases(docs: Path | str, lang: str) -> dict[str, list[str]]:
    """{address of a page, a section or a card: what readers call it besides}, from docs/aliases.csv.

    Raises YansuanError for a place that is not there, one that is listed twice, and a row in one language only.
    """
    path, found = Path(settings().aliases), dict[str, list[str]]()
    if not path.is_file():
        return found
    where = cards(docs)
    for line, row in all_rows(path, "place"):
        if empty := [name for name in ("en", "zh") if not row[name].strip("; ")]:
            raise YansuanError(path, line, f"no names in the column {empty[0]}: what do its readers type?")
        page, _, anchor = row["place"].partition("#")
        if page in where:
            address = f"{address_of(where[page].relative_to(docs))}#{page}"
        else:
            file = Path(docs, page)
            if not file.is_file() or (anchor and anchor not in {heading.id for heading in headings(file)}):
                raise YansuanError(
                    path, line, f"there is no {row['place']!r}: write page.md, page.md#id or family.function"
                )
            address = address_of(Path(page)) + (f"#{anchor}" if anchor else "")
        if address in found:
            raise YansuanError(path, line, f"{row['place']!r} is here twice: put its names together")
        found[address] = [name.strip() for name in row[lang].split(";") if name.strip()]
    return found


def write(site: Path, docs: Path | str, lang: str, found: list[Entry], synonyms: dict[str, str]) -> None:
    """Give one built site its entries and its worker. `synonyms` is {what a reader may type: our term}."""
    known = {entry["location"] for entry in found}
    found = [*found, *of_cards(docs, lang, load_all(settings().snippets), known)]
    named = aliases(docs, lang)
    for entry in found:
        if names := named.pop(entry["location"], None):
            entry["names"] = "\n".join(names)
    for place in named:  # a page that is not in nav
        raise YansuanError(settings().aliases, 1, f"search knows no {place!r}: add its page to nav")
    (worker,) = Path(site, "assets/javascripts/workers").glob("search.*.min.js")
    worker.write_text(WORKER.read_text("utf-8"), "utf-8")
    worker.with_suffix(".js.map").unlink(missing_ok=True)
    shutil.rmtree(Path(site, "assets/javascripts/lunr"), ignore_errors=True)  # for the theme's worker
    index = json.loads(Path(site, INDEX).read_text("utf-8"))
    for target, content in ((ENTRIES, {"synonyms": synonyms, "docs": found}), (INDEX, index | {"docs": []})):
        Path(site, target).write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), "utf-8")

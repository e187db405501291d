"""What a page says of itself to others: its first lines and a picture; a feed; a small page for each formula.

A link to a card cannot have a picture of its own, as what stands behind # is never sent. So each formula has a page, in
both languages and without a script, `f/family.function.html`, which leads to its card.
"""

import html
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urljoin

from yansuan import evidence
from yansuan.base.errors import YansuanError
from yansuan.base.settings import settings
from yansuan.base.words import PAGE
from yansuan.formula.formula import Formula, load_all
from yansuan.html.document import HEADING
from yansuan.notes.page import cards, headings
from yansuan.notes.shelf import all_rows
from yansuan.runs.lab import of_page
from yansuan.site.picture import kept, picture
from yansuan.site.search import PERMALINK, address_of, text_of
from yansuan.tex.plain import plain_or_latex, with_plain_math

FOLDER, NAME = "f", "yansuan"  # of the small pages, and the picture of the site
CITED = Path("CITATION.cff")
FEED, ENTRIES = "feed.xml", 40
LONGEST = 200  # characters of a description
PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.S)
MARKDOWN = re.compile(r"\[([^\]]*)\]\([^)]*\)|[`*]")
SMALL = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Yansuan</title>
<meta name="description" content="{said}">
{tags}
<style>
:root {{ color-scheme: light dark; }}
body {{ max-width: 44rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif; }}
img {{ width: 100%; height: auto; border: 1px solid #d5d9e0; }} h1 {{ font-size: 1.4rem; }}
p a {{ display: inline-block; padding: .4rem 0; }}
</style>
</head>
<body>
<main>
<h1>{heads}</h1>
<img src="{name}.png" width="1200" height="630" alt="{formula}">
{links}
</main>
</body>
</html>
"""


def described(content: str) -> str:
    """The first lines of a page: its first paragraph, cut behind a sentence or a word."""
    found = PARAGRAPH.search(content)
    text = " ".join(text_of(found[1]).split()) if found else ""
    if len(text) <= LONGEST:
        return text
    cut = text[: LONGEST - 1]
    sentence = max(cut.rfind(end) + 1 for end in ("。", "？", ". ", "? "))
    return cut[:sentence].rstrip() if sentence > LONGEST // 2 else f"{cut[: cut.rfind(' ') % LONGEST]}…"


def title(content: str) -> str:
    """What a page is called above its text; in nav it may have a shorter name."""
    found = HEADING.search(content)
    return text_of(PERMALINK.sub("", found[3])) if found else ""


def first_card(content: str) -> str:
    """The formula whose picture a page shows, or the name of the site's."""
    found = re.search(r'<div class="ys-card[^>]* data-(?:formula|derivation)="([^"]+)"', content)
    return found[1] if found else NAME


@cache
def version() -> str:
    """Of the project in the working directory."""
    path = Path("pyproject.toml")
    project = tomllib.loads(path.read_text("utf-8")).get("project", {}) if path.is_file() else {}
    return str(project.get("version", ""))


def tested() -> str:
    """The day of the last whole test run on this machine, if there was one."""
    known = evidence.read()
    return known.run.date if known and known.run else ""


def today() -> str:
    """The day of this build, or of the commit that it is told to be of."""
    return time.strftime("%Y-%m-%d", time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))))


def pictures() -> dict[str, tuple[str, str]]:
    """{formula, or the name of the site: (LaTeX, a line)}: what is drawn."""
    known, found = evidence.read(), {NAME: ("", "formula · code · witness")}
    for name, formula in load_all(settings().snippets).items():
        verified = evidence.proof(known, formula).state == evidence.VERIFIED
        found[name] = formula.tex, "verified · Yansuan" if verified else "Yansuan"
    return found


def begin_to_draw() -> "subprocess.Popen[bytes] | None":
    """A process that draws what has changed while pages are rendered: a picture takes a twentieth of a second."""
    if all(kept(name, *what) for name, what in pictures().items()):
        return None
    return subprocess.Popen([sys.executable, "-m", "yansuan.site.share"])


def small_pages(site: Path, root: str) -> None:
    """A page and a picture for each formula that has a card; a picture of the site. `root` is above the languages."""
    folder, formulas = site / FOLDER, load_all(settings().snippets)
    shutil.rmtree(folder, ignore_errors=True)  # pages of formulas that are gone
    folder.mkdir(parents=True)
    where = {lang: cards(settings().pages(lang)) for lang in settings().languages}
    for name, what in pictures().items():
        if all(name in pages for pages in where.values()):
            text = small_page(formulas[name], {lang: where[lang][name] for lang in where}, root)
            (folder / f"{name}.html").write_text(text, "utf-8")
        elif name != NAME:
            continue
        (folder / f"{name}.png").write_bytes(picture(name, *what))


def small_page(formula: Formula, pages: dict[str, Path], root: str) -> str:
    languages = list(pages)
    title = " · ".join(dict.fromkeys(with_plain_math(formula.title[lang]) for lang in languages))
    said = " ".join(PAGE[lang]["shared"] for lang in languages)
    heads = "<br>".join(
        f'<span lang="{lang}">{escaped(with_plain_math(formula.title[lang]))}</span>' for lang in languages
    )
    links = "\n".join(
        f'<p lang="{lang}"><a href="../{lang}/{address_of(page.relative_to(settings().pages(lang)))}#{formula.id}">'
        f"{PAGE[lang]['to its card']}</a></p>"
        for lang, page in pages.items()
    )
    shown = {"og:type": "article", "og:title": title, "og:description": said, "og:site_name": "Yansuan · 验算"}
    if root:
        shown |= {"og:url": f"{root}{FOLDER}/{formula.id}.html", "og:image": f"{root}{FOLDER}/{formula.id}.png"}
    tags = [f'<meta property="{key}" content="{escaped(text)}">' for key, text in shown.items()]
    tags.append('<meta name="twitter:card" content="summary_large_image">')
    drawn = plain_or_latex(formula.tex) if formula.tex else formula.node.name
    return SMALL.format(
        lang=languages[-1],
        title=escaped(title),
        said=escaped(said),
        tags="\n".join(tags),
        heads=heads,
        name=formula.id,
        formula=escaped(drawn),
        links=links,
    )


def escaped(text: str) -> str:
    return html.escape(text, quote=True)


def news(docs: Path, lang: str) -> Iterator[tuple[str, str, str]]:
    """(day, address, title) of each row of docs/news.csv, the newest first.

    Raises YansuanError for a place that is not there."""
    path = Path(settings().news)
    rows = all_rows(path, "day") if path.is_file() else []
    for line, row in sorted(rows, key=lambda found: (found[1]["day"], -found[0]), reverse=True):
        page, _, anchor = row["place"].partition("#")
        lab = of_page(Path(page))
        if not (lab or (docs / page).is_file()):
            raise YansuanError(path, line, f"there is no page {page!r}: write page.md or page.md#id")
        found = lab.headings(lang) if lab else headings(docs / page)
        heading = next((head for head in found if not anchor or head.id == anchor), None)
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", row["day"]) or heading is None:
            why = f"no heading {{#{anchor}}} on {page}" if heading is None else f"{row['day']!r} is no day"
            raise YansuanError(path, line, f"{why}: write 2026-11-30,page.md#id")
        title = with_plain_math(MARKDOWN.sub(r"\1", heading.title))
        yield row["day"], address_of(Path(page)) + (f"#{anchor}" if anchor else ""), title


def feed(docs: Path, lang: str, name: str, address: str, said: dict[str, str]) -> str:
    """An Atom feed of new pages and errata. `said` is {address of a page: its first lines}."""
    found = list(news(docs, lang))[:ENTRIES]
    entries = "".join(
        f"<entry><title>{escaped(title)}</title><id>{urljoin(address, place)}</id>"
        f'<link href="{urljoin(address, place)}"/><updated>{day}T00:00:00Z</updated>'
        + (f"<summary>{escaped(said[place])}</summary>" if said.get(place) else "")
        + "</entry>\n"
        for day, place, title in found
    )
    newest = found[0][0] if found else today()
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{lang}">\n'
        f"<title>{escaped(name)}</title><id>{address}</id><updated>{newest}T00:00:00Z</updated>\n"
        f'<link href="{address}"/><link rel="self" href="{urljoin(address, FEED)}"/>\n'
        f"<author><name>Yansuan</name></author>\n{entries}</feed>\n"
    )


def citation(root: str) -> str:
    """CITATION.cff as it is published: the tracked file, if there is one, with the address and the day of the tests."""
    text = CITED.read_text("utf-8") if CITED.is_file() else ""
    return text and text + (f"url: {root}\n" if root else "") + f"date-released: {tested() or today()}\n"


if __name__ == "__main__":
    for name, what in pictures().items():
        picture(name, *what)

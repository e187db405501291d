"""Read a built site, whatever made it, and list, as `file:line: …`, what must not be published."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from yansuan.base.errors import shown
from yansuan.base.words import PAGE
from yansuan.html import allowed
from yansuan.html.document import ARTICLE, Document

WHY = {
    "math": "display math that no card holds",
    "forged": "display math outside a card",
    "block": "a directive left as text",
    "note": "an admonition or a footnote left as text",
    "value": "a run value left as text",
    "traceback": "a traceback",
    "frame": "a number of one frame outside its figure",
}

# while it serves: a figure or a lab that is being computed, a fault to be mended
SERVED = ('data-verdict="running"', "data-fault", *(re.escape(words["running"]) for words in PAGE.values()))
RUNNING = re.compile("|".join(SERVED))


def documents(site: Path | str) -> dict[Path, Document]:
    """{path: Document} of every page of a built site."""
    return {p: Document(p.read_text("utf-8")) for p in sorted(Path(site).rglob("*.html"))}


def site_faults(site: Path | str, found: dict[Path, Document] | None = None) -> list[str]:
    """All that is wrong with a built site, as `file:line: what: cure`."""
    found = found or documents(site)
    root, resolved = Path(site).resolve(), {path.resolve(): page for path, page in found.items()}
    faults = []
    for path, page in found.items():
        for kind, text, line in page.faults:
            faults.append(f"{shown(path)}:{line}: {WHY.get(kind, kind)}: {text.splitlines()[0][:60]!r}")
        html = path.read_text("utf-8")
        for found_here in RUNNING.finditer(html):
            line = html.count("\n", 0, found_here.start()) + 1
            faults.append(f"{shown(path)}:{line}: what only mkdocs serve may show: {found_here[0]!r}")
        for article in ARTICLE.finditer(html):
            for why, piece, *_ in allowed.faults(article[1]):
                line = html.count("\n", 0, max(html.find(piece, article.start(1)), 0)) + 1
                faults.append(f"{shown(path)}:{line}: {why}")
        if path.name == "404.html":  # its links are absolute: it is shown at any address
            continue
        for href, line in page.links + page.sources:
            if fault := broken(root, path.resolve(), href, resolved):
                faults.append(f"{shown(path)}:{line}: {fault}: {href!r}")
    return faults


def broken(site: Path, path: Path, href: str, found: dict[Path, Document]) -> str | None:
    """Why an internal link leads nowhere, or None. A link to another site is not followed. Paths are resolved."""
    url = urlsplit(href)
    if url.scheme or url.netloc or href.startswith(("data:", "javascript:")):
        return None
    if url.path.startswith("/"):
        return "a link from the root of the server, which breaks behind a sub-path"
    target = (path.parent / unquote(url.path)).resolve() if url.path else path
    if target.is_dir():
        target /= "index.html"
    if not target.is_relative_to(site) or not target.is_file():
        return "a link to nothing"
    if url.fragment and target.suffix == ".html":
        page = found.get(target)
        if page and unquote(url.fragment) not in page.ids:
            return "a link to an anchor that is not there"
    return None

"""One language's pages as one PDF, printed by Chromium: `PDF=1 python -m mkdocs build` puts it beside the pages.

Formulas stay text, headings become bookmarks, links between pages lead to places in the book.
`python -m yansuan.site.pdf site/en https://…/en/ book.pdf` prints a site that is there.
"""

import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import PdfMargins

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--no-first-run"]
ARTICLE = re.compile(r"<article[^>]*>(.*?)</article>", re.S)
NEXT = re.compile(r'<link rel="next" href="([^"]+)">')
LINK = re.compile(r'(?<!:)\bhref="([^"]*)"')
MARGIN: "PdfMargins" = {"top": "18mm", "bottom": "18mm", "left": "16mm", "right": "16mm"}
STYLE = """
article { break-before: page; max-width: none; }
.ys-both, .headerlink, .md-clipboard, .md-code__nav, .ys-tex, .md-source-file { display: none; }
"""


def chromium() -> str | None:
    """The path of a browser, or None: $CHROMIUM, one on the PATH, or Playwright's own."""
    from playwright.sync_api import sync_playwright

    names = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    for name in names:
        if name and (path := shutil.which(name)):
            return path
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def in_order(site: Path | str) -> list[str]:
    """The addresses of a language's pages below its root, from the first page along the links to the next."""
    found = [""]
    while step := NEXT.search(Path(site, found[-1], "index.html").read_text("utf-8")):
        found.append(urljoin(f"/{found[-1]}", step[1]).lstrip("/"))
    return found


def whole(site: Path | str, root: str) -> str:
    """All pages as one HTML text. `root` is the published address of this language, for links out of the book."""
    number = {address: f"p{i}-" for i, address in enumerate(in_order(site))}
    first = Path(site, "index.html").read_text("utf-8")
    head = re.sub(r"<script.*?</script>|<meta http-equiv[^>]*>", "", first[: first.index("</head>")], flags=re.S)
    texts = {address: Path(site, address, "index.html").read_text("utf-8") for address in number}
    body = "".join(chapter(address, ARTICLE.split(text)[1], number, root) for address, text in texts.items())
    colours = 'data-md-color-scheme="default" data-md-color-primary="white" data-md-color-accent="indigo"'
    body = f'<body dir="ltr" {colours}><div class="md-typeset">{body}</div></body>'
    return f"{head}<style>{STYLE}</style></head>{body}</html>"


def chapter(address: str, text: str, number: dict[str, str], root: str) -> str:
    """The article of one page, its ids and the links to them made those of the book."""
    here = number[address]

    def place(match: re.Match[str]) -> str:
        url = urlsplit(urljoin(f"/{address}", match[1]))
        if urlsplit(match[1]).scheme:
            return match[0]
        known = number.get(url.path.lstrip("/"))
        return f'href="#{known}{url.fragment}"' if known else f'href="{urljoin(urljoin(root, address), match[1])}"'

    text = text.replace('<details class="ys-family">', '<details class="ys-family" open>')  # paper does not unfold
    text = re.sub(r'\bid="([^"]*)"', rf'id="{here}\1"', text)
    text = re.sub(r"url\(#", f"url(#{here}", text)
    text = re.sub(r'xlink:href="#', f'xlink:href="#{here}', text)
    return f'<article id="{here}">{LINK.sub(place, text)}</article>'


def make(site: Path | str, root: str, target: Path | str) -> None:
    """Print the pages of one built language as `target`. Raises FileNotFoundError without a browser."""
    from playwright.sync_api import sync_playwright

    if not (path := chromium()):
        raise FileNotFoundError("no Chromium to print with: install it, or build without PDF=1")
    book = Path(site, f"book-{os.getpid()}.html")  # beside the first page, whose styles it links to
    book.write_text(whole(site, root), "utf-8")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
            page = browser.new_page()
            page.goto(book.resolve().as_uri())
            page.evaluate("document.fonts.ready.then(() => 0)")
            page.pdf(path=target, format="A4", margin=MARGIN, outline=True, tagged=True, print_background=True)
            browser.close()
    finally:
        book.unlink()


if __name__ == "__main__":
    make(*sys.argv[1:])

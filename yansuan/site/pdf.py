"""One language's pages as one PDF, printed by Chromium: `PDF=1 python -m mkdocs build` puts it beside the pages.

Formulas stay text, headings become bookmarks, links between pages lead to places in the book.
`python -m yansuan.site.pdf site/en https://…/en/ book.pdf` prints a site that is there.
"""

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from urllib.parse import urljoin, urlsplit

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--no-first-run"]
ARTICLE = re.compile(r"<article[^>]*>(.*?)</article>", re.S)
NEXT = re.compile(r'<link rel="next" href="([^"]+)">')
LINK = re.compile(r'(?<!:)\bhref="([^"]*)"')
STYLE = """
article { break-before: page; max-width: none; }
.ys-both, .headerlink, .md-clipboard, .md-code__nav, .ys-tex, .md-source-file { display: none; }
"""


def chromium():
    """The path of a browser, or None: $CHROMIUM, one on the PATH, or Playwright's own."""
    from playwright.sync_api import sync_playwright

    names = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    for name in names:
        if name and (path := shutil.which(name)):
            return path
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def in_order(site):
    """The addresses of a language's pages below its root, from the first page along the links to the next."""
    found = [""]
    while step := NEXT.search(Path(site, found[-1], "index.html").read_text("utf-8")):
        found.append(urljoin(f"/{found[-1]}", step[1]).lstrip("/"))
    return found


def whole(site, root):
    """All pages as one HTML text. `root` is the published address of this language, for links out of the book."""
    pages = in_order(site)
    number = {address: f"p{i}-" for i, address in enumerate(pages)}

    def book(address, text):
        here = number[address]

        def place(match):
            url = urlsplit(urljoin(f"/{address}", match[1]))
            if urlsplit(match[1]).scheme:
                return match[0]
            known = number.get(url.path.lstrip("/"))
            return f'href="#{known}{url.fragment}"' if known else f'href="{urljoin(urljoin(root, address), match[1])}"'

        text = re.sub(r'\bid="([^"]*)"', rf'id="{here}\1"', text)
        text = re.sub(r"url\(#", f"url(#{here}", text)
        text = re.sub(r'xlink:href="#', f'xlink:href="#{here}', text)
        return f'<article id="{here}">{LINK.sub(place, text)}</article>'

    first = Path(site, "index.html").read_text("utf-8")
    head = re.sub(r"<script.*?</script>|<meta http-equiv[^>]*>", "", first[: first.index("</head>")], flags=re.S)
    texts = [Path(site, address, "index.html").read_text("utf-8") for address in pages]
    body = "".join(book(address, ARTICLE.split(text)[1]) for address, text in zip(pages, texts, strict=True))
    colours = 'data-md-color-scheme="default" data-md-color-primary="white" data-md-color-accent="indigo"'
    body = f'<body dir="ltr" {colours}><div class="md-typeset">{body}</div></body>'
    return f"{head}<style>{STYLE}</style></head>{body}</html>"


def make(site, root, target):
    """Print the pages of one built language as `target`."""
    from playwright.sync_api import sync_playwright

    if not (path := chromium()):
        raise FileNotFoundError("no Chromium to print with: install it, or build without PDF=1")
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=site, suffix=".html") as file:
        file.write(whole(site, root))
        file.flush()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
            page = browser.new_page()
            page.goto(Path(file.name).resolve().as_uri())
            page.evaluate("document.fonts.ready.then(() => 0)")
            page.pdf(
                path=target,
                format="A4",
                margin={"top": "18mm", "bottom": "18mm", "left": "16mm", "right": "16mm"},
                outline=True,
                tagged=True,
                print_background=True,
            )
            browser.close()


if __name__ == "__main__":
    make(*sys.argv[1:])

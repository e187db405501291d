"""Zensical makes the same site as MkDocs, page by page. That it refuses the same: tests/whole/test_zensical.py."""

import html
import os
import posixpath
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from tests.site.conftest import LANGS, SITE
from yansuan.runs import lab
from yansuan.site.check import documents

OF_THE_THEME = {"__skip", "__toc"}
OURS = ("math.css", "yansuan.css", "reference.css", "yansuan.js", "reference.js")
PARTS = (
    "docs",
    "snippets",
    "CITATION.cff",
    "mkdocs.yml",
    "mkdocs.en.yml",
    "pyproject.toml",
    "tests/evidence.json",
    "build/report.json",
)
KEPT = (
    ".cache/figures",
    ".cache/labs",
    ".cache/notebooks",
    ".cache/pictures",
)  # drawn and executed for the site that is compared
MADE = ("*.*", "*/code/*", "*/labs/download/*", "*/assets/math.*", "*/sitemap.xml")  # beside the pages


def zensical(root):
    """The site as Zensical builds it, in a copy of what it is built from."""
    for part in PARTS + KEPT:
        (root / part).parent.mkdir(parents=True, exist_ok=True)
        if Path(part).is_dir():
            shutil.copytree(part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
        elif Path(part).exists():
            shutil.copy(part, root / part)
    command = [sys.executable, "-m", "yansuan.site.zensical"]
    environment = os.environ | {"PYTHONPATH": os.getcwd()}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return root / "site"


def below(site, pages):
    """(the pages, what is beside them) by their place in a site."""
    made = {path.relative_to(site).as_posix(): path.read_bytes() for kind in MADE for path in site.glob(kind)}
    return {path.relative_to(site).as_posix(): page for path, page in pages.items()}, made


def target(path, href):
    """Where a link leads: the theme of Zensical writes the same places in another way."""
    url = urlsplit(href)
    place = posixpath.normpath(posixpath.join(posixpath.dirname(path), url.path))
    return href if url.scheme else f"{place}#{url.fragment}"


def links(path, page):
    """Where a page leads."""
    return {target(path, href) for href, _ in page.links if href != "#__skip"}


SAME = {
    "language": lambda path, page: page.lang,
    "cards with their status": lambda path, page: page.cards,
    "figures": lambda path, page: (page.figures, page.drawn),
    "formulas": lambda path, page: page.math,
    "headings": lambda path, page: page.headings,
    "outputs": lambda path, page: page.outputs,
    "what is copied": lambda path, page: [(card, text) for card, text, _ in page.copied],
    "anchors": lambda path, page: page.ids.keys() - OF_THE_THEME,
    "links": lambda path, page: None if path.endswith("404.html") else links(path, page),
    "styles and scripts": lambda path, page: {target(path, s) for s, _ in page.sources if s.endswith(OURS)},
}


def test_zensical_makes_the_same_site(pages, tmp_path):
    """One test, for it takes a whole build: every page, card, formula, link, program and file has to be the same."""
    site = zensical(tmp_path)
    (one, made), (other, again) = below(SITE, pages), below(site, documents(site))
    assert one.keys() == other.keys()
    assert sum("/labs/" in path for path in one) == 2 * len(lab.every())
    faults = [fault for what in SAME for fault in differences(what, one, other)]
    faults += [
        f"{lang}: not the same map of the site" for lang in LANGS if addresses(made, lang) != addresses(again, lang)
    ]
    maps = {f"{lang}/sitemap.xml" for lang in LANGS}
    assert made.keys() >= maps | {"zh/assets/math.css", "en/assets/math.woff2", "verification.json", "snippets.zip"}
    faults += [
        f"{path}: other bytes" for path in (made.keys() | again.keys()) - maps if made.get(path) != again.get(path)
    ]
    faults += [fault for path, page in other.items() for fault in lacking(site, path, page)]
    assert not faults, f"{SITE} as MkDocs and as Zensical make it:\n" + "\n".join(faults)


def differences(what, one, other):
    """The pages that do not have the same."""
    seen = {path: SAME[what](path, page) for path, page in one.items()}
    assert any(seen.values()), f"no page has any {what}"
    return [f"{path}: not the same {what}" for path, page in other.items() if SAME[what](path, page) != seen[path]]


def addresses(made, lang):
    """Every page, and the same page in the other language."""
    text = html.unescape(made[f"{lang}/sitemap.xml"].decode())
    found = re.findall(r"<loc>(.*?)</loc>|hreflang=\"([\w-]+)\" href=\"(.*?)\"", text)
    assert len(found) > 20
    return sorted(found)


def lacking(site, path, page):
    """What a page of Zensical's has not: the button, the policy; and what it loads from elsewhere."""
    text = (site / path).read_text("utf-8")
    if path.endswith("/index.html") and text.count('class="ys-both"') != 1:
        yield f"{path}: not one button for both languages"
    if path.endswith("/index.html") and not 0 < text.find("Content-Security-Policy") < text.index("<script"):
        yield f"{path}: no policy before the first script"
    yield from (f"{path}: loads {source}" for source, _ in page.sources if urlsplit(source).netloc)

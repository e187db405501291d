"""The pages as one PDF: every place that a link leads to is there, once."""

import re
import shutil
import subprocess
import sys
from collections import Counter

import pytest

from tests.site.conftest import LANGS, SITE
from yansuan.formula.formula import load_all
from yansuan.html.document import Document
from yansuan.site import pdf


@pytest.mark.parametrize("lang", LANGS)
def test_the_book_has_every_page_and_every_link_leads_to_a_place_in_it(lang):
    html = pdf.whole(SITE / lang, f"https://example.org/{lang}/")
    page = Document(html)
    assert not page.faults
    assert {name for name, _ in page.cards} == set(load_all("snippets"))
    ids = Counter(re.findall(r'\bid="([^"]+)"', html))
    assert [name for name, count in ids.items() if count > 1] == []
    inside = [href for href, _ in page.links if href.startswith("#")]
    assert len(inside) > 500
    assert [href for href in inside if href[1:] not in ids] == []
    outside = {href for href, _ in page.links if not href.startswith("#")}
    assert all(re.match("https?://|data:", href) for href in outside), outside
    pages = {p.parent.relative_to(SITE / lang).as_posix() for p in (SITE / lang).rglob("index.html")}
    assert {address.rstrip("/") or "." for address in pdf.in_order(SITE / lang)} == pages


@pytest.mark.usefixtures("browser")
def test_the_book_prints(tmp_path):
    """The first pages, with cards and figures: what is printed of one page is printed of all."""
    addresses = pdf.in_order(SITE / "en")[:4]
    shutil.copytree(SITE / "en/assets", tmp_path / "assets")
    for address in addresses:
        text = (SITE / "en" / address / "index.html").read_text("utf-8")
        (tmp_path / address).mkdir(parents=True, exist_ok=True)
        last = address == addresses[-1]
        (tmp_path / address / "index.html").write_text(pdf.NEXT.sub("", text) if last else text, "utf-8")
    target = tmp_path / "book.pdf"
    command = [sys.executable, "-m", "yansuan.site.pdf", str(tmp_path), "https://example.org/en/", str(target)]
    assert subprocess.run(command, check=False, timeout=300).returncode == 0
    printed = target.read_bytes()
    assert len(re.findall(rb"/Type /Page\b(?!s)", printed)) > len(addresses)
    assert b"/Outlines" in printed, "headings as bookmarks"
    assert b"/MarkInfo" in printed, "readable for a screen reader"

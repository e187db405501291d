"""What a page gives to who links to it, cites it, follows it or takes it along."""

import html
import io
import re
import zipfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from tests.site.conftest import LANGS, SITE, origin_of
from yansuan.formula.formula import load_all
from yansuan.notes.page import headings
from yansuan.notes.shelf import all_rows
from yansuan.runs.lab import every
from yansuan.site.artifacts import archive

FORMULAS = load_all("snippets")
ATOM = "{http://www.w3.org/2005/Atom}"


def tags(text):
    """{name: content} of what a page says of itself in its head."""
    head = text.partition("</head>")[0]
    found = re.findall(r'<meta (?:name|property)="([\w:]+)" content="([^"]*)">', head)
    assert [name for name, count in Counter(name for name, _ in found).items() if count > 1] == []
    return {name: html.unescape(content) for name, content in found}


def written(lang):
    return {
        p.parent.relative_to(SITE / lang).as_posix(): p.read_text("utf-8") for p in (SITE / lang).rglob("index.html")
    }


@pytest.mark.parametrize("lang", LANGS)
def test_each_page_says_its_first_lines_and_has_a_picture_that_is_there(lang):
    said, root = Counter(), f"{origin_of(SITE)}/"
    for place, text in written(lang).items():
        found = tags(text)
        assert 20 <= len(found["description"]) <= 200, place
        assert found["og:description"] == found["description"], place
        assert (
            f">{html.escape(found['og:title'], quote=False)}<" in text or "math" in text.partition("</h1>")[0][-900:]
        ), place
        assert found["og:url"] == f"{root}{lang}/{'' if place == '.' else place + '/'}", place
        assert (SITE / found["og:image"].removeprefix(root)).is_file(), place
        assert found["twitter:card"] == "summary_large_image", place
        said[found["description"]] += 1
    assert len(said) > 0.9 * sum(said.values()), "not one sentence for all"


def test_each_formula_has_a_page_and_a_picture():
    for name, formula in FORMULAS.items():
        text = (SITE / "f" / f"{name}.html").read_text("utf-8")
        found = tags(text)
        assert all(found["og:title"].count(part) for part in formula.title["zh"].split("$")[:1]), name
        assert found["og:image"].endswith(f"/f/{name}.png"), name
        for lang in LANGS:
            (href,) = re.findall(rf'href="\.\./({lang}/[^"]*)"', text)
            place, _, anchor = href.partition("#")
            assert anchor == name
            assert f'id="{name}"' in (SITE / place / "index.html").read_text("utf-8"), href
        assert "<script" not in text
        assert "script-src" not in text
        assert "default-src 'none'" in text, "nothing may run there"


def test_a_picture_shows_the_formula():
    for name in FORMULAS:
        path = SITE / "f" / f"{name}.png"
        image = Image.open(path)
        assert image.size == (1200, 630), name
        assert path.stat().st_size < 30_000, name
        grey = image.convert("L").crop((80, 60, 1120, 520))
        dark = sum(grey.histogram()[:128])
        assert 500 < dark < 0.2 * grey.width * grey.height, f"{name}: {dark} dark pixels"
        assert image.convert("L").crop((1190, 0, 1200, 630)).getextrema()[0] > 250, f"{name}: cut at the right"


@pytest.mark.parametrize("lang", LANGS)
def test_each_page_says_how_to_cite_it(lang):
    keys, version = set(), re.search(r'^version = "(.*)"', Path("pyproject.toml").read_text("utf-8"), re.M)[1]
    for place, text in written(lang).items():
        foot = text.partition('<div class="ys-foot">')[2]
        (shown,) = re.findall(r'<pre class="no-copy"><code>(@misc.*?)</code>', foot, re.S)
        (copied,) = re.findall(r'data-clipboard-text="(@misc[^"]*)"', foot)
        assert shown == copied, place
        assert shown.count("{") == shown.count("}"), place
        entry = dict(re.findall(r"^  (\w+) = \{(.*)\},?$", html.unescape(shown), re.M))
        assert entry["title"] == tags(text)["og:title"], place
        assert entry["url"] == tags(text)["og:url"], place
        assert entry["note"].startswith(f"Version {version}"), place
        assert re.fullmatch(r"20\d\d", entry["year"])
        keys.add(shown.split("{")[1].split(",")[0])
        assert "/edit/" not in foot, "the repository is not known here"
    assert len(keys) == len(written(lang))
    cited = (SITE / "CITATION.cff").read_text("utf-8")
    assert f"version: {version}\n" in cited
    assert re.search(r"^date-released: \d{4}-\d\d-\d\d$", cited, re.M)
    assert f"version: {version}\n" in Path("CITATION.cff").read_text("utf-8"), (
        "CITATION.cff: not the version of pyproject"
    )


@pytest.mark.parametrize("lang", LANGS)
def test_the_footer_names_the_licences(lang):
    for place, text in written(lang).items():
        footer = text.partition("<footer")[2]
        assert "CC BY 4.0" in footer, place
        assert "MIT" in footer, place


@pytest.mark.parametrize("lang", LANGS)
def test_the_feed_names_places_that_are_there_the_newest_first(lang):
    feed, root = ElementTree.parse(SITE / lang / "feed.xml").getroot(), f"{origin_of(SITE)}/"
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 40
    days = [entry.find(f"{ATOM}updated").text for entry in entries]
    assert days == sorted(days, reverse=True)
    assert feed.find(f"{ATOM}updated").text == days[0]
    ids = [entry.find(f"{ATOM}id").text for entry in entries]
    assert len(set(ids)) == len(ids)
    for address in ids:
        place, _, anchor = address.removeprefix(root).partition("#")
        text = (SITE / place / "index.html").read_text("utf-8")
        assert not anchor or f'id="{anchor}"' in text, address
    for text in written(lang).values():
        assert re.search(
            r'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="[./]*feed.xml">', text
        )


def test_every_page_and_every_erratum_is_in_the_news():
    news = {row["place"] for _, row in all_rows("docs/news.csv", "day")}
    pages = {path.relative_to("docs/en").as_posix() for path in Path("docs/en").rglob("*.md")}
    pages |= {f"labs/{slug}.ipynb" for slug in every()}
    pages |= {f"errata.md#{head.id}" for head in headings(Path("docs/en/errata.md")) if head.level == 3}
    assert not (missing := sorted(pages - news)), f"docs/news.csv: add a row 'day,{missing[0]}'"
    assert not (gone := sorted(news - pages)), f"docs/news.csv: {gone[0]} is not there"


def test_all_of_it_as_a_zip_works_from_a_folder(browser, tmp_path):
    """The pages of one chapter, packed: what holds of them holds of all. The same bytes each time, nothing fetched."""
    site = tmp_path / "site"
    for path in [SITE / "index.html", *(SITE / "en").rglob("*")]:
        kept = path.is_file() and not {"labs", "papers", "search"} & set(path.relative_to(SITE).parts)
        if kept:
            (site / path.relative_to(SITE)).parent.mkdir(parents=True, exist_ok=True)
            (site / path.relative_to(SITE)).write_bytes(path.read_bytes())
    (site / "yansuan-en.pdf").touch()
    archive(site, "yansuan.zip")
    first = (site / "yansuan.zip").read_bytes()
    archive(site, "yansuan.zip")
    assert (site / "yansuan.zip").read_bytes() == first
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        assert not [name for name in packed.namelist() if name.endswith((".pdf", ".zip"))]
        packed.extractall(tmp_path / "taken")
    context = browser.new_context(locale="en-GB", offline=True)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "taken/yansuan/index.html").as_uri())
    page.wait_for_url(re.compile(r"/yansuan/en/index\.html"))
    page.goto((tmp_path / "taken/yansuan/en/formulas/index.html").as_uri())
    page.locator(".ys-filter input").fill("batch mean")
    page.locator("tr[data-row='batch_norm.batch_mean'] a").first.click()
    page.wait_for_url(re.compile(r"/en/batch-norm/inside-the-network/index\.html#batch_norm\.batch_mean"))
    assert page.locator("[id='batch_norm.batch_mean']").is_visible()
    assert all(url.startswith(("file:", "data:")) for url in asked), asked
    context.close()

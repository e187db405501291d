"""What is published: no formula without a card, no card without evidence, no dead link, the same book twice."""

import base64
import gzip
import json
import re
from collections import Counter
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont

from tests.site.conftest import LANGS, SITE
from yansuan.formula.formula import load_all
from yansuan.site.check import site_faults
from yansuan.site.search import INDEX

FORMULAS = load_all("snippets")
STRETCHES = "()[]{}|‖⌈⌉⌊⌋⟨⟩√∑∏∫⏞⏟‾→←^˜¯"


def test_nothing_unchecked_and_no_dead_link(pages):
    assert not (faults := site_faults(SITE, pages)), "\n".join(faults)


@pytest.mark.parametrize("lang", LANGS)
def test_every_formula_has_a_verified_card_and_none_stands_twice_on_a_page(pages, lang):
    cards = Counter(
        (path, card) for path, page in pages.items() if path.is_relative_to(SITE / lang) for card in page.cards
    )
    assert {card for _, card in cards} == {(name, "verified") for name in FORMULAS}
    assert set(cards.values()) == {1}


def twins(pages):
    for path, page in pages.items():
        if path.is_relative_to(SITE / "zh"):
            yield path, page, pages.get(SITE / "en" / path.relative_to(SITE / "zh"))
        elif path.is_relative_to(SITE / "en"):
            yield path, page, pages.get(SITE / "zh" / path.relative_to(SITE / "en"))


def program(text):
    """What is copied, without the comments that it begins with: they are in the language of the page."""
    return re.sub(r"\A(#.*\n)+", "", text)


def test_both_languages_have_the_same_pages_anchors_formulas_and_figures(pages):
    for path, page, twin in twins(pages):
        assert twin, f"{path}: not in the other language"
        assert page.headings == twin.headings, path
        assert page.cards == twin.cards, path
        assert page.figures == twin.figures, path
        assert Counter(page.math) == Counter(twin.math), path
        programs, others = ([program(text) for _, text, _ in p.copied] for p in (page, twin))
        assert programs == others, path


def repeated_ids(html):
    """Ids that stand twice in a page: a link to one leads to the first."""
    return [name for name, count in Counter(re.findall(r'<[a-zA-Z][^<>]*?\sid="([^"]+)"', html)).items() if count > 1]


def test_an_id_stands_once_in_a_page(pages):
    for path in pages:
        assert not repeated_ids(path.read_text("utf-8")), path
    assert repeated_ids('<p id="a">b</p><p class="c" id="a">d</p><p data-id="a" id="e">f</p>') == ["a"]


def test_pages_say_which_language_they_are_in(pages):
    for path, page in pages.items():
        if path.relative_to(SITE).parts[0] in LANGS:
            assert page.lang == path.relative_to(SITE).parts[0], path


@pytest.mark.parametrize("lang", LANGS)
def test_the_map_of_the_site_names_each_page_and_its_twin(pages, lang):
    """What search engines read. In the pages themselves the theme would take such a link for the start of a site."""
    named = {address: dict(found) for address, found in entries(lang)}
    written = [p for p in pages if p.is_relative_to(SITE / lang) and p.name != "404.html"]
    assert len(named) == len(written) > 20
    for path in written:
        place = path.relative_to(SITE / lang).as_posix().removesuffix("index.html")
        (address,) = [a for a in named if a.endswith(f"/{lang}/{place}")]
        assert re.match("https?://", address), "search engines want whole addresses"
        root = address.removesuffix(f"{lang}/{place}")
        assert named[address] == {"x-default": root} | {other: f"{root}{other}/{place}" for other in LANGS}
        assert all((SITE / other / place / "index.html") in pages for other in LANGS)


def entries(lang):
    """(address, [(language, address of the page in it)]) of each page in sitemap.xml."""
    link = "{http://www.w3.org/1999/xhtml}link"
    for entry in ElementTree.parse(SITE / lang / "sitemap.xml").getroot():
        yield entry[0].text, [(a.get("hreflang"), a.get("href")) for a in entry.iter(link)]


@pytest.mark.parametrize("lang", LANGS)
def test_without_a_script_the_switch_leads_to_the_same_page(pages, lang):
    for path in pages:
        if path.is_relative_to(SITE / lang) and path.name != "404.html":
            text = path.read_text("utf-8")
            switch = dict(re.findall(r'<a href="([^"]+)" hreflang="(\w+)" class="md-select__link"', text))
            for address, other in switch.items():
                target = SITE / other / path.relative_to(SITE / lang)
                assert (path.parent / address).resolve() == target.parent.resolve(), path
            assert sorted(switch.values()) == sorted(LANGS), path


def test_every_figure_was_drawn_and_described(pages):
    drawn = Counter()
    for path, page in pages.items():
        assert list(page.drawn) == page.figures, path
        assert all(len(alt or "") >= 40 for alt in page.drawn.values()), path
        drawn.update(page.drawn.keys())
    assert drawn == {script.stem: 2 for script in Path("docs/figures").glob("[!_]*.py")}


def test_the_math_font_has_every_character_of_every_formula(pages):
    """√ above all: MathML draws it without writing it, so a subset made from the text would lack it."""
    used = {c for page in pages.values() for text in page.math for c in text if not c.isspace()}
    used -= set("\ufe00\ufe01")  # they choose between two shapes of a script letter, where a font has both
    for lang in LANGS:
        style = (SITE / lang / "assets" / "math.css").read_text("utf-8")
        inside = re.search(r"url\(\"data:font/woff2;base64,([^\"]+)", style)[1]
        common, rare = TTFont(BytesIO(base64.b64decode(inside))), TTFont(SITE / lang / "assets" / "math.woff2")
        has, has_too = ({chr(c) for c in font.getBestCmap()} for font in (common, rare))
        assert not (missing := used - has - has_too), f"{sorted(missing)}: add their range to yansuan/tex/glyphs.py"
        assert set(STRETCHES) <= has, "a browser takes what stretches from the first font"
        assert "MATH" in common, "without its MATH table a font does not stretch roots and brackets"


@pytest.mark.parametrize("lang", LANGS)
def test_the_verification_page_has_every_formula_and_every_bug(lang):
    from tests.formulas.test_wild_bugs import BUGS  # it imports torch, which no other test here needs

    html = (SITE / lang / "verification" / "index.html").read_text("utf-8")
    assert re.findall(r'data-row="([^"]+)" data-status="verified"', html) == list(FORMULAS)
    assert re.findall(r'data-bug="([^"]+)"', html) == [
        bug.id for bug in sorted(BUGS, key=lambda bug: (bug.formula, bug.id))
    ]
    assert len(BUGS) >= 9


def test_the_verification_for_machines_has_what_was_promised():
    found = json.loads((SITE / "verification.json").read_text("utf-8"))
    assert list(found["formulas"]) == list(FORMULAS)
    assert found["unverified"] == {}
    for name, entry in found["formulas"].items():
        assert set(entry) == {"witnesses", "third_parties", "inputs", "rtol", "max_rel_error", "mutants", "latex"}, name
        assert entry["witnesses"], name
        assert entry["inputs"] >= 16, name
        assert 0 < entry["rtol"] <= 1e-7, name
        # none: no run on this machine has measured it, and the bound is what is known
        assert entry["max_rel_error"] is None or 0 <= entry["max_rel_error"] <= entry["rtol"], name
        assert entry["mutants"]["killed"] + entry["mutants"]["listed"] == entry["mutants"]["total"] > 0, name
        assert entry["latex"] in (("algorithm",) if FORMULAS[name].steps else ("executed", "read")), name
    total, listed = (sum(e["mutants"][k] for e in found["formulas"].values()) for k in ("total", "listed"))
    assert listed <= 0.05 * total
    latex = [e["latex"] for e in found["formulas"].values()]
    assert latex.count("executed") >= 0.9 * (len(latex) - latex.count("algorithm"))


def test_every_page_allows_scripts_of_this_site_only(pages):
    """Inline scripts only by hash; which of them run is seen by the browser tests, where a refusal is a console error."""
    policies = {}
    for path in pages:
        text = path.read_text("utf-8")
        if path.relative_to(SITE).parts[0] in LANGS:
            (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', text)
            assert text.index("Content-Security-Policy") < text.index("<script"), path
            policies.setdefault(path.relative_to(SITE).parts[0], set()).add(policy)
    for lang in LANGS:
        (policy,) = policies[lang]
        script = re.search(r"script-src ([^;]+);", policy)[1]
        assert "unsafe" not in script
        assert re.fullmatch(r"'self'( 'sha256-[\w+/=]+')+", script), script


def test_nothing_is_loaded_from_elsewhere(pages):
    for path, page in pages.items():
        for source, line in page.sources:
            assert not re.match(r"(https?:)?//", source), f"{path}:{line}: {source}"
    for style in SITE.rglob("*.css"):
        assert not re.search(r"url\([\"']?(https?:)?/|@import", style.read_text("utf-8")), style


def compressed(path):
    data = path.read_bytes()
    return len(data) if path.suffix in (".woff2", ".png") else len(gzip.compress(data, 6))


@pytest.mark.parametrize("lang", LANGS)
def test_no_page_is_heavy(lang):
    """Compressed: 350 kB for a first visit, with fonts, scripts and the search worker; 100 kB for the next page."""
    site = SITE / lang
    page = (site / "batch-norm/training/index.html").read_text("utf-8")
    linked = {
        (site / "batch-norm/training" / href).resolve() for href in re.findall(r'(?:src|href)="([^"#?]+\.\w+)"', page)
    }
    shared = [path for path in linked if path.suffix in (".css", ".js", ".png") and path.is_file()]
    shared += [*site.glob("assets/*.woff2"), site / INDEX, *site.glob("assets/javascripts/workers/*.js")]
    assert len(shared) > 6
    common = sum(map(compressed, shared))
    for path in site.rglob("index.html"):
        own = compressed(path)
        assert own < 100_000, f"{path}: {own} bytes"
        assert common + own < 350_000, f"{path}: {common} + {own} bytes"

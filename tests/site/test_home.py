"""The first page: what it shows of all the others is what they say, and it works without a script."""

import json
import re

import pytest

from tests.site.conftest import LANGS, SITE, until
from yansuan import evidence
from yansuan.formula.formula import load_all
from yansuan.notes import needs
from yansuan.render.totals import totals

FORMULAS = load_all("snippets")
PARTS = ("slips", "bugs", "claims", "wall", "map", "numbers")


def html(lang, page=""):
    return (SITE / lang / page / "index.html").read_text("utf-8")


@pytest.mark.parametrize("lang", LANGS)
def test_its_numbers_are_those_of_the_run_and_of_the_verification_page(lang):
    sums = totals(evidence.read(), FORMULAS)
    shown = [int(n.replace(",", "")) for n in re.findall(r"<b>([\d,]+)</b>", html(lang))]
    assert shown == [sums["verified"], sums["inputs"], sums["killed"], sums["executed"]]
    said = re.sub(r"<[^>]+>", "", html(lang, "verification"))
    for number in (sums["verified"], sums["killed"], sums["executed"]):
        assert re.search(rf"(?<!\d){number}(?!\d)", said)
    machines = json.loads((SITE / "verification.json").read_text("utf-8"))["formulas"]
    assert shown[:2] == [len(machines), sum(entry["inputs"] for entry in machines.values())]


@pytest.mark.parametrize("lang", LANGS)
def test_each_formula_is_a_tile_that_leads_to_its_card(pages, lang):
    page = html(lang)
    assert re.findall(r'data-tile="([^"]+)"', page) == list(FORMULAS)
    for name in FORMULAS:
        address = re.search(rf'<a data-tile="{name}" href="([^"]+)"|<a href="([^"]+)" data-tile="{name}"', page)
        path, _, anchor = (address[1] or address[2]).partition("#")
        assert anchor == name
        assert (name, "verified") in pages[SITE / lang / path / "index.html"].cards


@pytest.mark.parametrize("lang", LANGS)
def test_its_claims_are_those_of_the_labs(pages, lang):
    of_labs = {c for path, page in pages.items() if path.parent.parent == SITE / lang / "labs" for c in page.claims}
    assert set(re.findall(r'data-of="([^"]+)"', html(lang))) == of_labs
    assert len(of_labs) > 10


@pytest.mark.parametrize("lang", LANGS)
def test_the_map_has_every_lesson_that_builds_on_another(lang):
    from pathlib import Path

    graph = needs.graph(Path("docs", lang))
    page = html(lang)
    chart, _, steps = page[page.index('class="ys-chart"') :].partition("ys-chart-list")
    assert len(re.findall("data-page=", chart)) == len(graph) > 20
    edges = set(re.findall(r'data-from="([^"]+)" data-to="([^"]+)"', chart))
    assert edges <= {(used, name) for name, found in graph.items() for used in found}
    assert {name for _, name in edges} == {name for name, found in graph.items() if found}, "each hangs on a line"
    assert steps[: steps.index("</ol>")].count("<li>") == len(graph)


def test_both_languages_build_on_the_same():
    from pathlib import Path

    assert needs.graph(Path("docs/zh")) == needs.graph(Path("docs/en"))


def test_without_a_script_everything_is_there_and_nothing_is_dead(browser, origin):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(f"{origin}/zh/")
    for part in PARTS:
        assert page.locator(f".ys-{part}").is_visible(), part
    assert page.locator(".ys-wall input").count() == 0, "a field that does nothing"
    assert not [button for button in page.locator("article button").all() if button.is_visible()]
    page.locator(".ys-find").click()
    page.wait_for_url(f"{origin}/zh/formulas/")
    context.close()


def test_the_wall_is_filtered_by_typing(context, origin):
    page = context.new_page()
    page.goto(f"{origin}/en/")
    wall, tiles = page.locator(".ys-wall"), page.locator(".ys-wall li:visible")
    assert tiles.count() == len(FORMULAS)
    for typed in ("batch_norm_2d", "2d norm batch", "特征图 归一化"):  # words in any order, in either language
        wall.locator("input").fill(typed)
        names = [link.get_attribute("data-tile") for link in wall.locator("li:visible > a").all()]
        assert "batch_norm.batch_norm_2d" in names, (typed, names)
        assert len(names) < 12
    assert 0 < wall.locator(".ys-family:visible").count() < 4, "families without one left are hidden"
    wall.locator("input").fill("no such formula")
    assert tiles.count() == 0
    assert wall.locator("[role=status]").inner_text()
    wall.locator("input").fill("")
    assert tiles.count() == len(FORMULAS)


def test_the_field_opens_the_search_and_an_example_searches(context, origin):
    page = context.new_page()
    page.goto(f"{origin}/en/")
    page.locator(".ys-find").click()
    until(page, "document.activeElement.matches('.md-search__input')")
    page.keyboard.press("Escape")
    page.locator(".ys-try").first.click()
    page.locator(".md-search-result__item").first.wait_for()
    assert page.locator(".md-search__input").input_value() == "softmax"
    assert page.url == f"{origin}/en/"


def test_by_keyboard(context, origin):
    page = context.new_page()
    page.goto(f"{origin}/en/")
    page.locator(".ys-find").focus()
    page.keyboard.press("Enter")
    until(page, "document.activeElement.matches('.md-search__input')")
    page.keyboard.press("Escape")
    page.locator(".ys-chart a").first.focus()
    assert page.locator(".ys-chart path.ys-lit").count() > 0, "the lines of the page that has the focus"
    page.keyboard.press("Enter")
    page.wait_for_url(f"{origin}/en/batch-norm/landscape/")


@pytest.mark.parametrize("width", [360, 390, 768, 1440])
@pytest.mark.parametrize("lang", LANGS)
def test_it_fits(context, origin, lang, width):
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{origin}/{lang}/")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator(".ys-begin").bounding_box()["y"] < 800, "the way in is on the first screen"
    seen = [page.locator(part).is_visible() for part in (".ys-chart", ".ys-chart-list")]
    assert seen == ([True, False] if width > 960 else [False, True]), "the map, or the list that says the same"

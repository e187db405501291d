"""The pages where one looks things up: whole without a script, filtered by typing, readable on a phone."""

import pytest

from tests.site.conftest import LANGS, SITE
from yansuan.formula.formula import load_all

PAGES = ("formulas", "verification", "errata", "glossary", "papers", "sources")
ROWS = "[...document.querySelectorAll('.reference tbody tr')].filter((row) => row.checkVisibility())"
OPEN = "document.querySelectorAll('.ys-family[open]').length"

# What is wider than its box, with everything unfolded. A listing and a drawing may scroll.
CUT = """() => {
  document.querySelectorAll(".reference details").forEach((fold) => (fold.open = true));
  document.documentElement.getBoundingClientRect(); // begins the turning of arrows
  document.getAnimations().forEach((turning) => turning.finish());
  return [...document.querySelectorAll(".reference *")]
    .filter((e) => !e.closest("pre, svg, math, .highlight") && getComputedStyle(e).display !== "inline")
    .filter((e) => !e.querySelector(":scope svg, :scope pre") && e.scrollWidth > e.clientWidth + 1)
    .map((e) => `${e.tagName}.${e.className}: ${e.textContent.slice(0, 40)}`);
}"""


@pytest.fixture(scope="module")
def page(browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("lang", LANGS)
def test_nothing_is_cut_on_a_phone_and_a_wide_window_is_used(page, origin, lang, name):
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{origin}/{lang}/{name}/")
    assert page.evaluate("document.querySelector('.reference').clientWidth") > 1100
    assert page.evaluate(CUT) == []
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate(CUT) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("lang", LANGS)
def test_typing_leaves_the_formulas_that_have_all_the_words(page, origin, lang):
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{origin}/{lang}/formulas/")
    assert page.evaluate(f"{ROWS}.length") == 0, "families are folded"
    field, status = page.locator(".ys-filter input"), page.locator(".ys-filter [role=status]")
    field.fill("torch SOFTMAX")
    shown = page.evaluate(f"{ROWS}.map((row) => row.dataset.row)")
    assert "losses.softmax" in shown
    assert 3 < len(shown) < 20
    assert str(len(shown)) in status.inner_text()
    assert page.evaluate(f"{ROWS}.every((row) => /torch/i.test(row.innerText) && /softmax/i.test(row.innerText))")
    field.fill("蘑菇煎蛋")
    assert page.evaluate(f"{ROWS}.length") == 0
    assert page.evaluate("[...document.querySelectorAll('.reference h2')].every((h) => h.hidden)")
    field.fill("")
    assert page.evaluate(OPEN) == 0
    assert page.evaluate("document.querySelectorAll('.reference [hidden]').length") == 0
    assert status.inner_text() == ""


@pytest.mark.parametrize(
    ("name", "typed", "stays", "goes"),
    [
        ("errata", "momentum 0.1", "momentum", "same-range"),
        ("papers", "dropout", "model", "vision"),
        ("verification", "nn-zero-to-hero", "wild-bugs", "limits"),
    ],
)
def test_a_heading_goes_with_what_is_under_it(page, origin, name, typed, stays, goes):
    page.goto(f"{origin}/en/{name}/")
    page.locator(".ys-filter input").fill(typed)
    assert page.locator(f"#{stays}").is_visible()
    assert not page.locator(f"#{goes}").is_visible()


@pytest.mark.parametrize("lang", LANGS)
def test_without_a_script_the_page_is_whole(browser, origin, lang):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{origin}/{lang}/formulas/")
    assert not page.locator(".ys-filter").is_visible(), "no field that does nothing"
    assert page.locator("tr[data-row]").count() == len(load_all("snippets"))
    page.locator(".ys-family summary").first.click()
    assert page.locator(".ys-family[open] tr[data-row]").first.is_visible()
    context.close()


@pytest.mark.parametrize("lang", LANGS)
def test_a_formula_is_a_line_with_one_witness(lang):
    html = (SITE / lang / "formulas/index.html").read_text("utf-8")
    rows = html.split("<tr data-row=")[1:]
    assert len(rows) == len(load_all("snippets"))
    assert all(row.partition("</tr>")[0].count("<td") == 4 for row in rows)
    assert "0.0e+00" not in (SITE / lang / "verification/index.html").read_text("utf-8")

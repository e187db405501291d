"""Where one is, and how to get elsewhere: tabs, the sidebar, the drawer of a phone, paths, addresses without a page."""

import re

import pytest

from tests.site.conftest import LANGS, SITE
from yansuan.site.pdf import in_order

TABS = {"en": ["Home", "Lessons", "Papers", "Labs", "Reference"], "zh": ["首页", "课文", "论文", "实验", "查阅"]}
HEIGHT = 900


@pytest.mark.parametrize("lang", LANGS)
def test_tabs_and_a_sidebar_that_does_not_grow(context, origin, lang):
    page = context.new_page()
    for path, tab in (("batch-norm/training/", 1), ("papers/he-2015/", 2), ("labs/synchronized/", 3), ("glossary/", 4)):
        page.goto(f"{origin}/{lang}/{path}")
        assert page.locator(".md-tabs__link").all_inner_texts() == TABS[lang]
        assert page.locator(".md-tabs__item--active").inner_text() == TABS[lang][tab]
        nav = page.locator(".md-nav--primary").bounding_box()
        if path == "glossary/":
            assert nav is None, "pages where one looks things up take the whole width"
        else:
            assert nav["height"] < HEIGHT, "only what is near is listed: the rest is pruned"


@pytest.mark.parametrize("lang", LANGS)
def test_names_of_pages_say_what_they_are_about(lang):
    """No prefix that all have; not the same name twice."""
    page = (SITE / lang / "404.html").read_text("utf-8")  # it lists every page
    names = re.findall(r"<li><a href=\"[^\"]+\">([^<]+)</a>", page[page.index("ys-lost") :])
    assert len(names) == len(set(names)) > 40
    assert not [name for name in names if name.startswith(("Lab:", "实验：", "Paper:", "论文："))]


@pytest.mark.parametrize("lang", LANGS)
def test_next_leads_through_every_page_but_those_before_the_first(lang):
    assert len(in_order(SITE / lang)) == len(list((SITE / lang).rglob("index.html")))


def test_the_drawer_of_a_phone_shows_where_one_is(context, origin):
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{origin}/en/batch-norm/training/")
    page.locator(".md-header [for=__drawer]").click()
    page.wait_for_timeout(400)  # it slides in
    nav = page.locator(".md-nav--primary")
    for text in ("Home", "Lessons", "Batch normalization", "The gradient", "Papers", "Reference"):
        assert nav.get_by_text(text, exact=True).first.is_visible(), text
    here = nav.locator("a.md-nav__link--active")
    box = here.bounding_box()
    assert here.inner_text().strip() == "In training, with γ and β"
    assert 0 < box["y"] < 800
    assert box["x"] >= 0
    assert box["height"] >= 24


def test_a_page_says_what_builds_on_it_and_where_it_stands(context, origin):
    page = context.new_page()
    page.goto(f"{origin}/en/batch-norm/training/")
    assert page.locator(".md-path__item").all_inner_texts() == ["Home", "Lessons", "Batch normalization"]
    assert "Batch normalization in inference" in page.locator(".ys-next a").all_inner_texts()
    page.locator(".ys-next a", has_text="The gradient").click()
    page.wait_for_url(f"{origin}/en/batch-norm/backward/")


def test_back_to_top_covers_nothing(context, origin):
    page = context.new_page()
    page.goto(f"{origin}/en/batch-norm/training/")
    assert page.locator(".md-top").count() == 0
    page.locator(".ys-top a").click()
    assert page.evaluate("scrollY") == 0


@pytest.mark.parametrize("lang", LANGS)
def test_an_address_without_a_page_offers_what_is_near_and_all_there_is(context, origin, lang):
    page = context.new_page()
    served = (SITE / lang / "404.html").read_text("utf-8")
    page.route(
        "**/*",
        lambda route: (
            route.fulfill(body=served, content_type="text/html")
            if "trainning" in route.request.url
            else route.continue_()
        ),
    )
    page.goto(f"{origin}/{lang}/batch-norm/trainning/")
    near = page.locator(".ys-near a")
    near.first.wait_for()
    assert near.first.get_attribute("href").endswith(f"/{lang}/batch-norm/training/")
    assert page.locator(".md-search__input").count() == 1
    other = next(name for name in LANGS if name != lang)
    assert page.locator(f"article a[lang={other}]").get_attribute("href").endswith(f"/{other}/")
    listed = {link.get_attribute("href") for link in page.locator(".ys-lost > ul:last-of-type a").all()}
    assert len(listed) == len(list((SITE / lang).rglob("index.html")))


def test_the_other_language_is_beside_the_switch(context, origin):
    page = context.new_page()
    page.goto(f"{origin}/en/batch-norm/training/")
    assert page.locator("article .ys-both").count() == 0
    button = page.locator(".md-header .ys-both")
    menu = page.locator(".md-header .md-select__inner")
    assert menu.bounding_box()["height"] == 0
    page.locator(".md-header .md-select > button").focus()
    page.wait_for_timeout(400)
    assert menu.bounding_box()["height"] > 50, "by keyboard, too"
    button.click()
    page.locator(".ys-twin").first.wait_for()
    assert button.get_attribute("aria-pressed") == "true"

"""A card: formula and code first, nothing cut, everything to take from it by a word."""

import json

import nbformat
import pytest

from tests.site.conftest import LANGS, SITE
from tests.site.test_browser import copied
from tests.site.test_copy import run_all
from yansuan.formula.formula import load, load_all
from yansuan.render.cite import bibtex

FORMULAS = load_all("snippets")
NAME = "batch_norm.batch_norm_train"
HALF = 500  # pixels: the median card of the first edition had 877 at this width


def test_the_order_of_a_card(context, origin):
    page = context.new_page()
    page.goto(f"{origin}/en/batch-norm/training/")
    parts = page.locator(f"[data-formula='{NAME}'] > *").evaluate_all("all => all.map((e) => e.className)")
    assert parts == ["ys-title", "ys-formula", "ys-code", "ys-scroll", "ys-folds", "ys-facts"]
    folds = page.locator(f"[data-formula='{NAME}'] .ys-folds > details")
    assert folds.evaluate_all("all => all.map((e) => [e.className, e.open])") == [
        ["ys-fold ys-example", False],
        ["ys-fold ys-proof", False],
    ]


def test_cards_are_low(context, origin):
    page = context.new_page()
    page.set_viewport_size({"width": 1440, "height": 900})
    heights = []
    for path in sorted((SITE / "en").rglob("index.html")):
        if "data-formula" in path.read_text("utf-8"):
            page.goto(f"{origin}/{path.parent.relative_to(SITE)}/")
            heights += page.evaluate("[...document.querySelectorAll('.ys-card')].map((e) => e.offsetHeight)")
    assert len(heights) >= len(FORMULAS)
    assert sorted(heights)[len(heights) // 2] <= HALF


@pytest.mark.parametrize("lang", LANGS)
def test_on_a_phone_nothing_of_a_card_is_cut(context, origin, lang):
    page = context.new_page()
    page.set_viewport_size({"width": 360, "height": 800})
    for path in ("batch-norm/training/", "papers/transformer-2017/", "papers/subword-nmt-2015/"):
        page.goto(f"{origin}/{lang}/{path}")
        page.evaluate("document.querySelectorAll('.ys-fold').forEach((fold) => (fold.open = true))")
        cut = page.evaluate(
            "[...document.querySelectorAll('.ys-card :is(pre, pre > code, .ys-scroll, td, samp)')]"
            ".filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline')"
            ".map((e) => e.className + ': ' + e.textContent.slice(0, 60))"
        )
        assert not cut, (path, cut)
        seen = page.evaluate(
            "[...document.querySelectorAll('.ys-value code')].map((e) => e.getBoundingClientRect())"
            ".every((box) => box.width > 0 && box.left >= 0 && box.right <= innerWidth)"
        )
        assert seen, f"{path}: the values of the example are on the screen"


def test_a_line_that_wraps_hangs_below_where_it_begins(context, origin):
    page = context.new_page()
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{origin}/en/papers/transformer-2017/")
    lines = page.evaluate(
        """[...document.querySelectorAll('.ys-card .ys-line')].map((line) => {
          const range = document.createRange(); range.selectNodeContents(line);
          const tops = new Map();
          for (const box of range.getClientRects()) if (box.width > 1)
            tops.set(Math.round(box.top), Math.min(tops.get(Math.round(box.top)) ?? 1e9, box.left));
          const lefts = [...tops].sort((a, b) => a[0] - b[0]).map((pair) => pair[1]);
          const text = line.textContent, indent = text.length - text.trimStart().length;
          return [lefts[0], indent, lefts.slice(1)];
        }).filter((found) => found[2].length)"""
    )
    assert len(lines) > 10
    for first, indent, others in lines:
        for left in others:
            assert left > first + (indent + 3) * 6, (first, indent, left)


@pytest.mark.parametrize(("touch", "width"), [(True, 390), (False, 1300)])
def test_copy_is_a_word_that_can_be_seen_and_hit(browser, origin, touch, width):
    context = browser.new_context(has_touch=touch, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(f"{origin}/zh/batch-norm/training/")
    for button in page.locator(".ys-copy, .ys-menu > summary").all():
        box = button.bounding_box()
        assert box["height"] >= 24
        assert box["width"] >= 24
        assert button.inner_text().strip() in ("复制", "更多")
        assert button.evaluate("(e) => getComputedStyle(e).opacity") == "1"
    context.close()


def test_the_menu_of_a_card(browser, origin):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{origin}/en/batch-norm/training/")
    card, formula = page.locator(f"[data-formula='{NAME}']"), load("snippets", NAME)
    wanted = {"link": f"{origin}/en/batch-norm/training/#{NAME}", "tex": formula.tex, "bibtex": bibtex(formula)}
    for kind, text in wanted.items():
        card.locator(".ys-menu summary").click()
        card.locator(f".ys-copy-{kind}").click()
        assert copied(page) == text
        page.evaluate("navigator.clipboard.writeText('')")
        assert not card.locator(".ys-menu ul").is_visible(), "it closes when its work is done"
    card.locator(".ys-menu summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.ys-copy-link')")
    page.keyboard.press("Escape")
    assert not card.locator(".ys-menu ul").is_visible()
    assert page.evaluate("document.activeElement.localName") == "summary"
    context.close()


def test_without_a_script_the_menu_has_the_files(browser, origin):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{origin}/en/batch-norm/training/")
    card = page.locator(f"[data-formula='{NAME}']")
    card.locator(".ys-menu summary").click()
    assert [link.inner_text() for link in card.locator(".ys-menu li > :visible").all()] == [
        "Program (.py)",
        "Notebook (.ipynb)",
    ]
    context.close()


def test_each_program_is_a_notebook_too(tmp_path):
    for lang in LANGS:
        books = {path.stem: path for path in (SITE / lang / "code").glob("*.ipynb")}
        assert set(books) == set(FORMULAS)
        for name, path in books.items():
            book = nbformat.read(path, as_version=4)
            nbformat.validate(book)
            program = (SITE / lang / "code" / f"{name}.py").read_text("utf-8")
            assert [cell.source for cell in book.cells if cell.cell_type == "code"] == [program.rstrip("\n")], name
            assert FORMULAS[name].title[lang] in book.cells[0].source
    code, out, errors = run_all([json.loads(books[NAME].read_text("utf-8"))["cells"][1]["source"]], tmp_path)[0]
    assert (code, out) == (0, FORMULAS[NAME].output + "\n"), errors


def test_what_is_folded_is_printed(context, origin):
    page = context.new_page()
    page.emulate_media(media="print")
    page.goto(f"{origin}/en/batch-norm/training/")
    card = page.locator(f"[data-formula='{NAME}']")
    assert card.locator(".ys-output").bounding_box()["height"] > 10, "the example"
    assert not card.locator(".ys-tools").is_visible()
    assert card.evaluate("(e) => getComputedStyle(e).breakInside") == "auto", "parts stay whole, not the card"
    assert card.locator("> .ys-code").evaluate("(e) => getComputedStyle(e).breakInside") == "avoid"

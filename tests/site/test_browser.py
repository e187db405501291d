"""Every page in headless Chromium: no error, no request to anywhere else, and what readers do works."""

import os
import re
import shutil
import subprocess
import sys
from functools import partial
from http.server import ThreadingHTTPServer
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.site.conftest import SITE, Quiet, page_names
from tests.site.watch import Watch
from yansuan.formula.formula import load


@pytest.fixture
def context(browser, origin):
    context = browser.new_context(viewport={"width": 1300, "height": 900}, locale="en-GB")
    context.watch = Watch(context, origin)
    yield context
    context.close()


def visits(origin, port, *names):
    """What tests/site/visits.py finds, in a process of its own, and what it says it did."""
    command = [sys.executable, "-m", "tests.site.visits", origin, str(port), *names]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip(), done.stderr


def test_every_page_is_without_a_fault(browser, origin, server, capsys):
    """Light and dark, wide and narrow. `browser` only because it takes one."""
    found, said = visits(origin, server)
    with capsys.disabled():
        print(f" {said.strip()} ", end="")
    pages, looks, kinds, symbols = (int(n) for n in re.findall(r"\d+", said))
    assert pages == len(page_names())
    assert looks > 50
    assert kinds > 50
    assert symbols > 100, "a symbol pinned on each page that has a card, as often as the page is looked at"
    assert not found, found[:4000]


def test_a_foreign_inline_script_is_refused(context, origin):
    page = context.new_page()
    page.goto(f"{origin}/en/", wait_until="networkidle")
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.hacked = 1'; document.body.append(s) }"
    )
    assert page.evaluate("window.hacked") is None


PLANTED = {
    "image-alt": '<img src="data:,">',
    "300 px, light: color-contrast": '<p style="color: #d0d0d0">pale</p>',
    "300 px, dark: color-contrast": '<p style="color: #303030">pale</p>',
    "360 px, dark: color-contrast": '<style>@media (width < 400px) { .planted { color: #303030 } }</style><p class="planted">pale</p>',
    "360 px: scrollable-region-focusable": f'<div style="overflow-x: auto"><p style="white-space: nowrap">{"wide " * 20}</p></div>',
    "360 px, light: scrolls sideways": '<div style="width: 500px">wide</div>',
    "not one h1": "<h1>another</h1>",
}


@pytest.mark.usefixtures("browser")
def test_a_visit_sees_planted_faults(origin, tmp_path):
    """Each in a copy of one page, among its other elements, in a site of its own."""
    text = (SITE / "en/glossary/index.html").read_text("utf-8")
    shutil.copytree(SITE / "en/assets", tmp_path / "en/assets")
    for number, planted in enumerate(PLANTED.values()):
        (tmp_path / f"en/{number}").mkdir()
        page = text.replace("</h1>", f"</h1>{planted}", 1)
        (tmp_path / f"en/{number}/index.html").write_text(page, "utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        for number, fault in enumerate(PLANTED):
            found, _ = visits(origin, server.server_port, f"/en/{number}/")
            assert fault in found, f"{PLANTED[fault]}: {found}"
        server.shutdown()


def test_the_watch_sees_faults(context, origin):
    page = context.new_page()
    page.goto(f"{origin}/en/")
    page.evaluate("console.error('a fault')")
    page.evaluate("fetch('http://elsewhere.invalid/').catch(() => {})")
    page.evaluate("fetch('nowhere').then(() => {})")
    page.wait_for_timeout(500)
    faults = " ".join(context.watch.faults)
    assert "a fault" in faults
    assert "elsewhere.invalid" in faults, "the policy refuses it; without one the request is seen"
    assert "404: " in faults


@pytest.mark.parametrize(("locale", "lang"), [("zh-CN", "zh"), ("en-US", "en"), ("fr-FR", "en")])
def test_the_root_sends_a_reader_to_their_language(browser, origin, locale, lang):
    context = browser.new_context(locale=locale)
    page = context.new_page()
    page.goto(f"{origin}/", wait_until="commit")
    page.wait_for_url(f"{origin}/{lang}/")
    context.close()


def switch(page, lang):
    page.locator(".md-header .md-select button").hover()
    page.locator(f".md-select__link[hreflang={lang}]").click()


def test_the_language_switch_stays_on_the_page_and_section(context, origin):
    page = context.new_page()
    page.goto(f"{origin}/zh/batch-norm/training/#small-batches", wait_until="networkidle")
    switch(page, "en")
    page.wait_for_url(f"{origin}/en/batch-norm/training/#small-batches")
    assert page.locator("html").get_attribute("lang") == "en"


def test_the_language_switch_stays_on_the_page_without_scripts(browser, origin):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{origin}/zh/labs/learning-rate/")
    switch(page, "en")
    page.wait_for_url(f"{origin}/en/labs/learning-rate/")
    context.close()


def test_the_language_switch_stays_on_the_page_after_instant_navigation(context, origin):
    page = context.new_page()
    page.goto(f"{origin}/en/batch-norm/training/", wait_until="networkidle")
    page.evaluate("window.still_here = true")
    page.locator(".md-nav--primary a[href$='inference/']").first.click()
    page.wait_for_url(f"{origin}/en/batch-norm/inference/")
    assert page.evaluate("window.still_here"), "the page was loaded anew: instant navigation is off"
    page.wait_for_load_state("networkidle")
    page.locator(".md-sidebar--secondary a[href$='#folding']").first.click()
    page.wait_for_url(f"{origin}/en/batch-norm/inference/#folding")
    switch(page, "zh")
    page.wait_for_url(f"{origin}/zh/batch-norm/inference/#folding")


def test_the_copy_button_copies_the_whole_program(context, origin, pages):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{origin}/zh/batch-norm/training/", wait_until="networkidle")
    card = page.locator("[data-formula='batch_norm.batch_norm_train']")
    card.locator(".ys-code button[data-md-type=copy]").click()
    page.wait_for_timeout(200)
    wanted = card.locator("[data-copy]").get_attribute("data-copy")
    assert page.evaluate("navigator.clipboard.readText()").rstrip() == wanted.rstrip()
    assert "import numpy as np" in wanted


def test_sessions_and_outputs_have_no_copy_button(context, origin):
    page = context.new_page()
    page.goto(f"{origin}/en/batch-norm/inference/", wait_until="networkidle")
    page.wait_for_timeout(300)
    assert page.locator(".no-copy").count() > 0
    for element in page.locator(".ys-card, .no-copy").all():  # the theme adds a button when a block comes into view
        element.scroll_into_view_if_needed()
        page.wait_for_timeout(100)
    assert page.locator(".no-copy button, .ys-output button").count() == 0
    assert page.locator(".ys-code button").count() == page.locator(".ys-card").count()


def test_formulas_are_laid_out_with_the_math_font(context, origin):
    """A root has its sign and its bar: with a font that lacks √ the box would be far narrower."""
    page = context.new_page()
    page.goto(f"{origin}/en/batch-norm/training/", wait_until="networkidle")
    root = page.locator("[data-formula='batch_norm.batch_norm_train'] msqrt").first
    inner, outer = root.locator("> *").first.bounding_box(), root.bounding_box()
    assert outer["width"] > inner["width"] * 1.1
    assert "Yansuan Math" in page.locator("math").first.evaluate("e => getComputedStyle(e).fontFamily")


SHIFTS = """() => new Promise((resolve) => {
  let moved = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((e) => moved += e.value)).observe({type: "layout-shift", buffered: true});
  setTimeout(() => resolve(moved), 500);
})"""


@pytest.mark.parametrize("width", [1300, 390])
def test_nothing_moves_while_a_page_loads(browser, origin, width):
    """Not when the font of the formulas is ready, nor when scripts have run."""
    for path in ("batch-norm/landscape/", "batch-norm/training/", "formulas/", "labs/learning-rate/"):
        context = browser.new_context(viewport={"width": width, "height": 844})  # an empty cache
        page = context.new_page()
        page.goto(f"{origin}/en/{path}", wait_until="networkidle")
        assert page.evaluate(SHIFTS) < 0.002, path
        context.close()


BOXES = "all => all.map((e) => e.getBoundingClientRect()).map((box) => [box.x, box.y + scrollY, box.width, box.height])"


def test_pointing_at_a_step_lights_its_lines(context, origin):
    page = context.new_page()
    page.goto(f"{origin}/en/papers/subword-nmt-2015/", wait_until="networkidle")
    card = page.locator("[data-formula='tokenization.merge_pair']")
    assert card.locator("[data-v='4–5']").evaluate_all("all => all.map(e => e.tagName)") == ["LI", "SPAN", "SPAN"]
    card.locator("li[data-v='4–5'] .ys-lines").hover()
    assert lit(card, "4–5") == 3
    card.locator("span[data-v='6–7']").first.hover()
    assert lit(card, "4–5") == 0
    assert lit(card, "6–7") == 3


def test_formulas_are_laid_out_the_same_with_scripts_off(browser, origin):
    boxes = []
    for scripts in (True, False):
        context = browser.new_context(java_script_enabled=scripts, viewport={"width": 1300, "height": 844})
        page = context.new_page()
        page.goto(f"{origin}/en/batch-norm/backward/", wait_until="networkidle")
        boxes.append(page.locator("article math, article math *").evaluate_all(BOXES))
        context.close()
    assert len(boxes[0]) > 500
    assert boxes[0] == boxes[1]


def lit(card, name):
    return card.locator(f"[data-v='{name}'].ys-lit, [data-v='{name}'].ys-pinned").count()


def test_pointing_at_a_symbol_lights_its_row_and_its_variable(context, origin):
    page = context.new_page()
    page.goto(f"{origin}/en/batch-norm/training/", wait_until="networkidle")
    card = page.locator("[data-formula='batch_norm.scale_and_shift']")
    parts = card.locator("[data-v='gamma']")
    kinds = parts.evaluate_all("all => all.map(e => e.closest('math') ? 'math' : e.tagName)")
    assert set(kinds) == {"math", "TR", "SPAN"}, "formula, table and code"
    assert lit(card, "gamma") == 0
    for at in range(len(kinds)):
        parts.nth(at).hover()
        assert lit(card, "gamma") == len(kinds)
        card.locator(".ys-title").hover()
        assert lit(card, "gamma") == 0
    card.locator("tr[data-v='beta']").focus()
    assert lit(card, "beta") > 2
    page.keyboard.press("Enter")
    card.locator("tr[data-v='gamma']").focus()
    assert lit(card, "beta") > 2, "a pinned symbol stays"
    card.locator(".ys-formula [data-v='beta']").first.click()
    card.locator(".ys-title").hover()
    assert lit(card, "beta") == 0


def test_symbols_follow_instant_navigation(context, origin):
    page = context.new_page()
    page.goto(f"{origin}/en/batch-norm/training/", wait_until="networkidle")
    page.locator(".md-nav--primary a[href$='inference/']").first.click()
    page.wait_for_url(f"{origin}/en/batch-norm/inference/")
    page.wait_for_load_state("networkidle")
    card = page.locator("[data-formula='moving_average.running_mean']")
    card.locator("tr[data-v='p']").hover()
    assert lit(card, "p") > 2


def test_a_figure_shows_the_chosen_frame_without_a_script(browser, origin):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{origin}/en/batch-norm/inference/")
    figure = page.locator("[data-figure='moving_average']")
    buttons = figure.locator("label")
    seen = []
    for at in range(buttons.count()):
        buttons.nth(at).click()
        frames = figure.locator("div[data-frame]")
        assert [frames.nth(i).is_visible() for i in range(frames.count())] == [i == at for i in range(frames.count())]
        seen.append(figure.locator("figcaption").inner_text())
    assert len(set(seen)) == buttons.count(), "the caption states the numbers of each frame"
    context.close()


def test_the_latex_of_a_formula_can_be_copied(browser, origin):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{origin}/en/batch-norm/training/", wait_until="networkidle")
    page.locator("[data-formula='batch_norm.batch_norm_train'] .ys-tex").click()
    assert page.evaluate("navigator.clipboard.readText()") == load("snippets", "batch_norm.batch_norm_train").tex
    context.close()


def test_a_button_shows_the_other_language_under_each_paragraph(context, origin):
    page = context.new_page()
    for path in ("batch-norm/training/", "course/batch-norm/", "labs/learning-rate/"):
        page.goto(f"{origin}/en/{path}", wait_until="networkidle")
        before = page.locator("article p").count()
        page.locator(".ys-both").click()
        page.locator(".ys-twin").first.wait_for()
        first = page.locator("article h1 ~ p").first
        assert first.get_attribute("lang") is None
        assert re.search("[\u4e00-\u9fff]", page.locator(".ys-twin[lang=zh]").first.inner_text())
        assert page.locator(".ys-twin").count() > 5
        assert not Axe().run(page).response["violations"]
        page.locator(".ys-both").click()
        assert page.locator(".ys-twin").count() == 0
        assert page.locator("article p").count() == before
    assert not context.watch.faults


def test_the_site_works_from_a_folder_without_a_server(context):
    root = SITE.resolve().as_uri()
    page = context.new_page()
    page.goto(f"{root}/index.html")
    page.wait_for_url(f"{root}/en/index.html")
    page.locator("article a[href*='training']").first.click()
    page.wait_for_url(f"{root}/en/batch-norm/training/index.html")
    assert page.evaluate("document.fonts.check('16px \"Yansuan Math\"')")
    page.locator(".ys-card tr[data-v]").first.click()
    assert page.locator(".ys-pinned").count() > 1
    assert page.locator(".md-search, .ys-both").count() == 0, "they need a server"
    switch(page, "zh")
    page.wait_for_url(f"{root}/zh/batch-norm/training/index.html")
    page.locator("article a[href*='backward']").first.click()
    page.wait_for_url(f"{root}/zh/batch-norm/backward/index.html*")
    assert not [fault for fault in context.watch.faults if "third party" in fault and "file:" not in fault]


def test_the_site_works_behind_a_sub_path(browser, tmp_path):
    handler = partial(Quiet, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        root = f"http://127.0.0.1:{server.server_port}/some/where"
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(tmp_path / "some/where/zh")]
        environment = os.environ | {"SITE_URL": f"{root}/zh/", "NO_MKDOCS_2_WARNING": "1"}
        built = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
        assert built.returncode == 0, built.stderr[-2000:]
        context = browser.new_context(locale="en-GB")
        watch, page = Watch(context, root), context.new_page()
        page.goto(f"{root}/", wait_until="commit")
        page.wait_for_url(f"{root}/en/")
        page.wait_for_load_state("networkidle")
        page.evaluate("window.still_here = true")
        page.locator("article a[href*='training']").first.click()
        page.wait_for_url(f"{root}/en/batch-norm/training/")
        assert page.evaluate("window.still_here"), "the page was loaded anew: instant navigation is off"
        page.wait_for_load_state("networkidle")
        switch(page, "zh")
        page.wait_for_url(f"{root}/zh/batch-norm/training/")
        context.close()
        server.shutdown()
    assert not watch.faults


def test_a_page_prints_without_buttons_and_nothing_is_cut_off(context, origin):
    page = context.new_page()
    page.set_viewport_size({"width": 700, "height": 1000})
    page.emulate_media(media="print")
    for path in ("batch-norm/training/", "batch-norm/backward/", "labs/covariate-shift/", "conventions/"):
        page.goto(f"{origin}/en/{path}", wait_until="networkidle")
        buttons = page.locator("button, .headerlink, .md-header, .md-sidebar")
        assert not [i for i in range(buttons.count()) if buttons.nth(i).is_visible()], path
        cut = page.evaluate(
            "[...document.querySelectorAll('article pre, article pre > code, .ys-formula')]"
            ".filter((part) => part.scrollWidth > part.clientWidth + 1).map((part) => part.textContent.slice(0, 60))"
        )
        assert not cut, f"{path}: {cut}"

"""Every page in headless Chromium: no error, no request to anywhere else, and what readers do works."""

import re
import shutil
import subprocess
import sys

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.site.conftest import SITE, page_names, serving, until
from tests.site.visits import IN_PAGE
from yansuan.formula.formula import load


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
    pages, _, looks, kinds, symbols = (int(n) for n in re.findall(r"\d+", said)[:5])
    assert pages == len(page_names())
    assert looks > 50
    assert kinds > 50
    assert symbols > 100, "a symbol pinned on each page that has a card, as often as the page is looked at"
    assert not found, found[:4000]


def test_a_foreign_inline_script_is_refused(context, origin):
    page = context.new_page()
    page.goto(f"{origin}/en/")
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.hacked = 1'; document.body.append(s) }"
    )
    assert page.evaluate("window.hacked") is None


LINKED = (
    "<style>p > .linked { color: #202020 } [data-md-color-scheme=slate] .linked { color: #e0e0e0 !important }</style>"
)
# A fault for each rule that is about the content of a page: (the fault, a page's part without it, the same with it)
PLANTED = [
    ("not one h1", "", "<h1>another</h1>"),
    ("1300 px, light: color-contrast", "", '<p style="color: #d0d0d0">pale</p>'),
    ("1300 px, dark: color-contrast", "", '<p style="color: #303030">pale</p>'),
    (
        "360 px, dark: color-contrast",
        "<style></style><p>pale</p>",
        '<style>@media (width < 400px) { .planted { color: #303031 } }</style><p class="planted">pale</p>',
    ),
    (
        "360 px: scrollable-region-focusable",
        "<div><p>short</p></div>",
        f'<div style="overflow-x: auto"><p style="white-space: nowrap">{"wide " * 20}</p></div>',
    ),
    (
        "1300 px, light: link-in-text-block",
        f'{LINKED}<p>a text with <a href="." class="linked" style="text-decoration: underline">a link</a> in it</p>',
        f'{LINKED}<p>a text with <a href="." class="linked" style="text-decoration: none">a link</a> in it</p>',
    ),
    ("1300 px: code is cut", "<pre><code>short</code></pre>", f"<pre><code>{'wide ' * 30}</code></pre>"),
    ("360 px, light: scrolls sideways", "<div>short</div>", '<div style="width: 500px">wide</div>'),
    ("image-alt", '<img src="data:," alt="what it shows">', '<img src="data:,">'),
    ("link-name", '<p><a href=".">a link</a></p>', '<p><a href="."></a></p>'),
    ("button-name", "<button>press</button>", "<button></button>"),
    ("label", '<p><label for="named">name</label><input id="named"></p>', "<p><label>name</label><input></p>"),
    ("heading-order", "<h2>a</h2><h3>b</h3><h4>c</h4>", "<h2>a</h2><h4>b</h4><h3>c</h3>"),
    ("empty-heading", "<h2>a</h2>", "<h2></h2>"),
    (
        "empty-table-header",
        "<table><tr><th>a</th><td>b</td></tr></table>",
        "<table><tr><th></th><td>b</td></tr></table>",
    ),
    ("list", "<ul><li>a</li></ul>", "<ul>a<li>b</li></ul>"),
    ("summary-name", "<details><summary>a</summary>b</details>", "<details><summary></summary>b</details>"),
    ("valid-lang", '<p lang="zh">a</p>', '<p lang="a language">a</p>'),
]
# and some for rules about how elements stand in each other
STRUCTURE = [
    ("region", "</body>", "<p>outside</p></body>"),
    ("listitem", "</h1>", "</h1><div><li>a</li></div>"),
    ("nested-interactive", "</h1>", "</h1><button>a <a href='.'>b</a></button>"),
    ("aria-roles", "</h1>", "</h1><p role='nonsense'>a</p>"),
    ("aria-valid-attr-value", "</h1>", "</h1><p aria-hidden='maybe'>a</p>"),
    ("aria-allowed-attr", "</h1>", "</h1><p aria-checked='true'>a</p>"),
]


@pytest.mark.usefixtures("browser")
def test_a_visit_sees_planted_faults(origin, tmp_path):
    """Also in a page of a structure that was seen before, which is not asked everything."""
    text = (SITE / "en/glossary/index.html").read_text("utf-8")
    shutil.copytree(SITE / "en/assets", tmp_path / "en/assets")
    good, bad = ("</h1>" + "".join(planted[at] for planted in PLANTED) for at in (1, 2))
    pages = {"good": text.replace("</h1>", good, 1), "bad": text.replace("</h1>", bad, 1), "other": text}
    for _, old, new in STRUCTURE:
        pages["other"] = pages["other"].replace(old, new, 1)
    for name, page in pages.items():
        (tmp_path / "en" / name).mkdir()
        (tmp_path / "en" / name / "index.html").write_text(page, "utf-8")
    with serving(tmp_path) as port:
        found, said = visits(origin, port, *(f"/en/{name}/" for name in pages))
    assert "2 of them with new kinds" in said, "the good page, and the one with another structure"
    for fault, _, planted in PLANTED:
        assert re.search(rf"^/en/bad/.*\b{re.escape(fault)}", found, re.M), f"{planted}: {found}"
    for fault, _, planted in STRUCTURE:
        assert re.search(rf"^/en/other/.*\b{re.escape(fault)}", found, re.M), f"{planted}: {found}"
    assert "/en/good/" not in found, found


def test_the_watch_sees_faults(context, origin):
    page = context.new_page()
    page.goto(f"{origin}/en/")
    page.evaluate("console.error('a fault')")
    page.evaluate("fetch('http://elsewhere.invalid/').catch(() => {})")
    page.evaluate("fetch('nowhere').then(() => {})")
    page.evaluate("0")  # what happened before is told before the answer to this
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
    page.locator(".md-header .md-select > button").hover()
    page.locator(f".md-select__link[hreflang={lang}]").click()


def test_the_language_switch_stays_on_the_page_and_section(context, origin):
    page = context.new_page()
    page.goto(f"{origin}/zh/batch-norm/training/#small-batches")
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


def follow(page, link, address):
    """Click a link by which the theme swaps the contents of a page: it does so once it has read the map of the site."""
    until(page, "window.mapRead")
    page.evaluate("window.stillHere = true")
    page.locator(link).first.click()
    page.wait_for_url(address)
    assert page.evaluate("window.stillHere"), "the page was loaded anew: instant navigation is off"


def test_the_language_switch_stays_on_the_page_after_instant_navigation(context, origin):
    page = context.new_page()
    page.goto(f"{origin}/en/batch-norm/training/")
    follow(page, ".md-nav--primary a[href$='inference/']", f"{origin}/en/batch-norm/inference/")
    page.locator(".md-sidebar--secondary a[href$='#folding']").first.click()
    page.wait_for_url(f"{origin}/en/batch-norm/inference/#folding")
    switch(page, "zh")
    page.wait_for_url(f"{origin}/zh/batch-norm/inference/#folding")


def copied(page):
    """What is in the clipboard as soon as there is something."""
    until(page, "navigator.clipboard.readText()")
    return page.evaluate("navigator.clipboard.readText()")


def test_the_copy_button_copies_the_whole_program(context, origin):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{origin}/zh/batch-norm/training/")
    card = page.locator("[data-formula='batch_norm.batch_norm_train']")
    card.locator(".ys-copy").click()
    wanted = card.locator("[data-copy]").get_attribute("data-copy")
    assert copied(page).rstrip() == wanted.rstrip()
    assert "import numpy as np" in wanted


def test_sessions_and_outputs_have_no_copy_button(context, origin):
    page = context.new_page()
    page.goto(f"{origin}/en/batch-norm/inference/")
    assert page.locator(".no-copy").count() > 0
    # the theme adds buttons when blocks come into view: here all do, and so all at the same time
    page.set_viewport_size({"width": 1300, "height": page.evaluate("document.documentElement.scrollHeight")})
    until(page, "document.querySelectorAll('.ys-code button').length >= document.querySelectorAll('.ys-card').length")
    assert page.locator(".no-copy button, .ys-output button").count() == 0
    shown = [button for button in page.locator(".ys-code button").all() if button.is_visible()]
    assert not shown, "that of a card stands in its title"
    assert page.locator(".ys-copy").count() == page.locator(".ys-card").count()


def test_formulas_are_laid_out_with_the_math_font(context, origin):
    """A root has its sign and its bar: with a font that lacks √ the box would be far narrower."""
    page = context.new_page()
    page.goto(f"{origin}/en/batch-norm/training/")
    page.evaluate("document.fonts.ready.then(() => 0)")
    root = page.locator("[data-formula='batch_norm.batch_norm_train'] msqrt").first
    inner, outer = root.locator("> *").first.bounding_box(), root.bounding_box()
    assert outer["width"] > inner["width"] * 1.1
    assert "Yansuan Math" in page.locator("math").first.evaluate("e => getComputedStyle(e).fontFamily")


SHIFTS = """() => new Promise((resolve) => {
  let moved = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((e) => moved += e.value)).observe({type: "layout-shift", buffered: true});
  document.fonts.ready.then(() => setTimeout(() => resolve(moved), 250)); // what does not happen cannot be awaited
})"""


@pytest.mark.parametrize("width", [1300, 390])
def test_nothing_moves_while_a_page_loads(context, origin, width):
    """Not when the font of the formulas is ready, nor when scripts have run."""
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 844})
    context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})  # as at a first visit
    for path in ("batch-norm/landscape/", "batch-norm/training/", "formulas/", "labs/learning-rate/"):
        page.goto(f"{origin}/en/{path}")
        assert page.evaluate(SHIFTS) < 0.002, path


BOXES = "all => all.map((e) => e.getBoundingClientRect()).map((box) => [box.x, box.y + scrollY, box.width, box.height])"


def test_pointing_at_a_step_lights_its_lines(context, origin):
    page = context.new_page()
    page.goto(f"{origin}/en/papers/subword-nmt-2015/")
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
        page.goto(f"{origin}/en/batch-norm/backward/")
        page.evaluate("document.fonts.ready.then(() => 0)")
        boxes.append(page.locator("article math, article math *").evaluate_all(BOXES))
        context.close()
    assert len(boxes[0]) > 500
    assert boxes[0] == boxes[1]


def lit(card, name):
    return card.locator(f"[data-v='{name}'].ys-lit, [data-v='{name}'].ys-pinned").count()


def test_pointing_at_a_symbol_lights_its_row_and_its_variable(context, origin):
    page = context.new_page()
    page.goto(f"{origin}/en/batch-norm/training/")
    card = page.locator("[data-formula='batch_norm.scale_and_shift']")
    card.locator(".ys-example summary").click()
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
    page.goto(f"{origin}/en/batch-norm/training/")
    follow(page, ".md-nav--primary a[href$='inference/']", f"{origin}/en/batch-norm/inference/")
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
    page.goto(f"{origin}/en/batch-norm/training/")
    card = page.locator("[data-formula='batch_norm.batch_norm_train']")
    card.locator(".ys-menu summary").click()
    card.locator(".ys-copy-tex").click()
    assert copied(page) == load("snippets", "batch_norm.batch_norm_train").tex
    context.close()


def test_a_button_shows_the_other_language_under_each_paragraph(context, origin):
    context.add_init_script(IN_PAGE)
    page = context.new_page()
    for path in ("batch-norm/training/", "course/batch-norm/", "labs/learning-rate/"):
        page.goto(f"{origin}/en/{path}")
        before, looks = page.locator("article p").count(), page.evaluate("newLooks([])")
        assert before > 5
        page.locator(".md-header .md-select > button").hover()
        page.locator(".ys-both").click()
        page.locator(".ys-twin").first.wait_for()
        first = page.locator("article h1 ~ p").first
        assert first.get_attribute("lang") is None
        assert re.search("[\u4e00-\u9fff]", page.locator(".ys-twin[lang=zh]").first.inner_text())
        assert page.locator(".ys-twin").count() > 5
        page.evaluate("thin()")
        others = {"rules": {"color-contrast": {"enabled": False}}, "resultTypes": ["violations"]}
        assert not Axe().run(page, options=others).response["violations"]
        if page.evaluate("known => newLooks(known)", looks):
            contrast = Axe().run(page, "[data-look]", {"runOnly": ["color-contrast"]})
            assert not contrast.response["violations"]
        page.locator(".md-header .md-select > button").hover()
        page.locator(".ys-both").click()
        assert page.locator(".ys-twin").count() == 0
        assert page.locator("article p").count() == before
    assert not context.watch.faults


def test_the_site_works_from_a_folder_without_a_server(context):
    root = SITE.resolve().as_uri()
    page = context.new_page()
    page.goto(f"{root}/index.html")
    page.wait_for_url(f"{root}/en/index.html")
    page.locator("article a[href$='training/']").first.click()
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


def test_a_page_prints_without_buttons_and_nothing_is_cut_off(context, origin):
    page = context.new_page()
    page.set_viewport_size({"width": 700, "height": 1000})
    page.emulate_media(media="print")
    for path in ("batch-norm/training/", "batch-norm/backward/", "labs/covariate-shift/", "conventions/"):
        page.goto(f"{origin}/en/{path}")
        buttons = page.locator("button, .headerlink, .md-header, .md-sidebar")
        assert not [i for i in range(buttons.count()) if buttons.nth(i).is_visible()], path
        cut = page.evaluate(
            "[...document.querySelectorAll('article pre, article pre > code, .ys-formula')]"
            ".filter((part) => part.scrollWidth > part.clientWidth + 1).map((part) => part.textContent.slice(0, 60))"
        )
        assert not cut, f"{path}: {cut}"

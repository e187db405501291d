"""`python -m tests.site.visits ORIGIN PORT [PAGE …]`: what is wrong with each page, a line each, after one visit of it.

A page is loaded once. Then it is seen as its readers see it: light and dark, 1300 and 360 pixels wide. What costs most
is asked only as often as it can differ:

- the contrast of one element of each look (colour, ground, size, weight), not of each element;
- axe's other rules once a page; at 360 pixels those about scrolling on every page, and all of them on each page that
  has a kind of element that no page before it had.

Pages are looked at side by side. The first line on standard error says how many pages, looks and kinds there were.
"""

import asyncio
import sys
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import async_playwright

from tests.site.conftest import page_names
from tests.site.watch import Watch
from yansuan.site.pdf import FLAGS, chromium

WIDE, NARROW = 1300, 360
SIDE_BY_SIDE = 3
SETTLED = 150  # milliseconds after a new width: before, axe takes what scrolls for a moment for a region that scrolls
SYMBOL = ".ys-card tr[data-v]"

# As Material's own switch does it; a new preference of the browser alone does not change a page that is loaded.
SCHEME = """(scheme) => {
  document.body.dataset.mdColorScheme = scheme;
  document.body.dataset.mdColorPrimary = scheme === "slate" ? "black" : "white";
  document.getAnimations().forEach((animation) => animation.finish());
}"""

# Marks the first visible element of each look that has text of its own, unless the look is known; tells the new looks.
LOOKS = """(known) => {
  const seen = new Set(known), found = [];
  document.querySelectorAll("[data-look]").forEach((element) => element.removeAttribute("data-look"));
  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.opacity !== "1") layers.push("opacity " + style.opacity);
      if (style.backgroundColor !== "rgba(0, 0, 0, 0)") {
        layers.push(style.backgroundColor);
        if (!style.backgroundColor.startsWith("rgba")) break;
      }
    }
    return layers.join(" on ");
  };
  for (const element of document.body.querySelectorAll("*")) {
    const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!text || !element.checkVisibility({visibilityProperty: true})) continue;
    const style = getComputedStyle(element);
    const look = [style.color, ground(element), style.fontSize, style.fontWeight].join("; ");
    if (seen.has(look)) continue;
    seen.add(look);
    found.push(look);
    element.dataset.look = "";
  }
  return found;
}"""

KINDS = """() => [...new Set([...document.querySelectorAll("body *")]
  .filter((element) => !element.closest("svg, math, pre"))
  .map((element) => [element.localName, element.getAttribute("role"), element.className].join(" ")))]"""

# Of what a page has hundreds of (the tokens of its code, its formulas) the other rules see the first of each kind.
THIN = """() => {
  const seen = new Set();
  for (const token of document.querySelectorAll(".highlight span[class]")) {
    const kind = [token.className, token.closest(".ys-card") ? "card" : "page"].join();
    seen.has(kind) ? token.replaceWith(...token.childNodes) : seen.add(kind);
  }
  [...document.querySelectorAll("math")].slice(4).forEach((math) => math.closest(".ys-card") || math.replaceChildren());
}"""

CONTRAST = {"runOnly": ["color-contrast"]}
OTHERS = {"rules": {"color-contrast": {"enabled": False}}}
SCROLLING = {"runOnly": ["scrollable-region-focusable"]}


@dataclass
class Visitor:
    """What was found so far, and what need not be asked again."""

    faults: list[str] = field(default_factory=list)
    looks: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    blocks: dict[str, str] = field(default_factory=dict)  # of each page, its paragraphs, to compare with its twin's
    symbols: int = 0
    axe: Axe = field(default_factory=Axe)

    async def ask(self, page, where, options, part=None):
        violations = (await self.axe.run(page, part, options)).response["violations"]
        self.faults += [f"{where}: {v['id']}: {node['html'][:120]}" for v in violations for node in v["nodes"]]

    async def contrast(self, page, where):
        if new := await page.evaluate(LOOKS, sorted(self.looks)):
            await self.ask(page, where, CONTRAST, "[data-look]")
            self.looks |= set(new)

    async def seen_as(self, page, name, width, scheme):
        """One look at the page as it is now: its colours, with a symbol pinned too, and whether it fits."""
        where = f"{name} at {width} px, {scheme}"
        await page.evaluate(SCHEME, {"light": "default", "dark": "slate"}[scheme])
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self.faults.append(f"{where}: scrolls sideways")
        await self.contrast(page, where)
        if await page.locator(SYMBOL).count():
            self.symbols += 1
            await page.locator(SYMBOL).first.dispatch_event("click")
            await self.contrast(page, f"{where}, a symbol pinned")
            await page.locator(SYMBOL).first.dispatch_event("click")

    async def visit(self, page, origin, name):
        await page.set_viewport_size({"width": WIDE, "height": 900})
        await page.goto(origin + name, wait_until="load")
        await self.look_around(page, name)

    async def look_around(self, page, name):
        """All that is asked of a page that has been loaded."""
        await page.wait_for_function("document.fonts.status === 'loaded'")
        if await page.locator("h1").count() != 1:
            self.faults.append(f"{name}: not one h1")
        font = "document.fonts.check('16px \"Yansuan Math\"')"
        if await page.locator("math").count() and not await page.evaluate(font):
            self.faults.append(f"{name}: the math font is not there")
        self.blocks[name] = await page.evaluate("blocks(document).map((block) => block.tagName).join()")
        await page.evaluate(THIN)
        for scheme in ("light", "dark"):
            await self.seen_as(page, name, WIDE, scheme)
        await self.ask(page, f"{name} at {WIDE} px", OTHERS)
        await page.set_viewport_size({"width": NARROW, "height": 900})
        await page.wait_for_timeout(SETTLED)
        for scheme in ("dark", "light"):
            await self.seen_as(page, name, NARROW, scheme)
        kinds = set(await page.evaluate(KINDS))
        await self.ask(page, f"{name} at {NARROW} px", SCROLLING if kinds <= self.kinds else OTHERS)
        self.kinds |= kinds

    def uneven(self):
        """Pages whose paragraphs are not those of their twin."""
        for name, blocks in self.blocks.items():
            twin = name.replace("/en/", "/zh/", 1)
            if twin in self.blocks and blocks != self.blocks[twin]:
                self.faults.append(f"{name}: not the same paragraphs as {twin}")


async def visit_all(origin, port, names):
    there = urlsplit(origin).netloc
    rules = f"--host-resolver-rules=MAP {there if ':' in there else there + ':80'} 127.0.0.1:{port}"
    visitor, todo = Visitor(), list(names)

    async def worker(browser):
        context = await browser.new_context(color_scheme="light")
        watch, page = Watch(context, origin), await context.new_page()
        while todo:
            await visitor.visit(page, origin, todo.pop(0))
        await context.close()
        visitor.faults += watch.faults

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, rules])
        await asyncio.gather(*(worker(browser) for _ in range(SIDE_BY_SIDE)))
        await browser.close()
    visitor.uneven()
    counts = f"{len(visitor.blocks)} pages, {len(visitor.looks)} looks, {len(visitor.kinds)} kinds of elements, "
    print(f"{counts}{visitor.symbols} symbols pinned", file=sys.stderr)
    return visitor.faults


if __name__ == "__main__":
    print("\n".join(asyncio.run(visit_all(sys.argv[1], sys.argv[2], sys.argv[3:] or page_names()))))

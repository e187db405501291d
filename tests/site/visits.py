"""`python -m tests.site.visits ORIGIN PORT [PAGE …]`: what is wrong with each page, a line each, after one visit of it.

A page is loaded once. Then it is seen as its readers see it: light and dark, 1300 and 360 pixels wide. What costs most
is asked only as often as it can differ (visit.js):

- the contrast of one element of each look (colour, ground, size, weight), not of each element;
- axe's rules about what a page says (names, headings, tables, ids): once a page;
- axe's other rules, about how elements stand in each other: of each page with an element of a new kind, at both widths;
- the rule about scrolling: of what scrolls and has nothing that a keyboard reaches, at both widths.

Pages are looked at side by side. The first line on standard error says how many pages, looks and kinds there were.
"""

import asyncio
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import async_playwright

from tests.site.conftest import mapped, page_names
from tests.site.watch import Watch
from yansuan.site.pdf import FLAGS, chromium

WIDE, NARROW = 1300, 360
WIDE_LOOK, NARROW_LOOK = "(known) => visitOf(known).wide()", "() => visit.narrow()"
SIDE_BY_SIDE = 2
IN_PAGE = Path(__file__).with_name("visit.js").read_text("utf-8")


@dataclass
class Visitor:
    """What was found so far, and what need not be asked again."""

    faults: list[str] = field(default_factory=list)
    looks: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    blocks: dict[str, str] = field(default_factory=dict)  # of each page, its paragraphs, to compare with its twin's
    symbols: int = 0
    with_new: int = 0  # pages that had a new kind of element
    spent: Counter[str] = field(default_factory=Counter)  # milliseconds in pages, by step
    used: float = 0  # processor seconds of the browser

    async def look(self, page, name, how):
        """Look at a page as it is now, and keep what was found."""
        found = await page.evaluate(how, {"looks": sorted(self.looks), "kinds": sorted(self.kinds)})
        self.faults += [f"{name}: {fault}" for fault in found["faults"]]
        self.looks.update(found["looks"])
        self.kinds.update(found["kinds"])
        self.with_new += how == WIDE_LOOK and bool(found["kinds"])
        self.symbols += found["symbols"]
        self.spent.update(found["spent"])
        return found

    async def visit(self, page, origin, name):
        await page.set_viewport_size({"width": WIDE, "height": 900})
        await page.goto(origin + name, wait_until="load")
        self.blocks[name] = (await self.look(page, name, WIDE_LOOK))["blocks"]
        await page.set_viewport_size({"width": NARROW, "height": 900})
        await self.look(page, name, NARROW_LOOK)

    def counts(self):
        return (
            f"{len(self.blocks)} pages, {self.with_new} of them with new kinds of elements, {len(self.looks)} looks, "
            f"{len(self.kinds)} kinds of elements, {self.symbols} symbols pinned"
        )

    def uneven(self):
        """Pages whose paragraphs are not those of their twin."""
        for name, blocks in self.blocks.items():
            twin = name.replace("/en/", "/zh/", 1)
            if twin in self.blocks and blocks != self.blocks[twin]:
                self.faults.append(f"{name}: not the same paragraphs as {twin}")


async def visit_all(origin, port, names, at_once=SIDE_BY_SIDE):
    """A visitor that has seen these pages of the site that is served at a port."""
    visitor, todo = Visitor(), list(names)

    async def worker(browser, others=0):
        context = await browser.new_context(color_scheme="light")
        await context.add_init_script(f"{AXE_SCRIPT};\n{IN_PAGE}")
        watch, page, beside = Watch(context, origin), await context.new_page(), []
        while todo:
            await visitor.visit(page, origin, todo.pop(0))
            # others after the first page: what it has need not be asked of theirs
            beside += [asyncio.create_task(worker(browser)) for _ in range(others)]
            others = 0
        await asyncio.gather(*beside)
        visitor.faults += watch.faults

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, mapped(origin, port)])
        await worker(browser, at_once - 1)
        session = await browser.new_browser_cdp_session()
        processes = (await session.send("SystemInfo.getProcessInfo"))["processInfo"]
        visitor.used = sum(process["cpuTime"] for process in processes)
        await browser.close()
    visitor.uneven()
    return visitor


if __name__ == "__main__":
    found = asyncio.run(visit_all(sys.argv[1], sys.argv[2], sys.argv[3:] or page_names()))
    print("\n".join(found.faults))
    print(found.counts(), file=sys.stderr)

"""`python -m tests.site.accessibility ORIGIN PORT`: what axe finds on every page, a line each.

Light and dark, 1100 and 360 pixels wide, as the page opens and with a symbol pinned: four hundred pages' worth, so both
schemes run side by side, and of what a page has hundreds of (the tokens of its code, its formulas) axe sees the first
of each kind, which has the same colours as the others. A page in which it found nothing is not looked at again as long
as the page, all style sheets, scripts and fonts, axe, the browser and this file are the same, byte for byte.
"""

import asyncio
import hashlib
import json
import sys
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import async_playwright

from tests.site.conftest import SITE, page_names
from yansuan.site.pdf import FLAGS, chromium

CLEAN = Path("build/axe.json")  # the keys of pages in which nothing was found
ASSETS = {".css", ".js", ".woff2", ".svg", ".png"}
WIDTHS = (1100, 360)
SYMBOL = ".ys-card tr[data-v]"
THIN = """() => {
  const seen = new Set();
  for (const token of document.querySelectorAll(".highlight span[class]")) {
    const kind = [token.className, token.closest(".ys-card") ? "card" : "page"].join();
    seen.has(kind) ? token.replaceWith(...token.childNodes) : seen.add(kind);
  }
  [...document.querySelectorAll("math")].slice(4).forEach((math) => math.closest(".ys-card") || math.replaceChildren());
}"""


async def faults(page, where, part=None):
    found = (await Axe().run(page, part)).response["violations"]
    return [f"{where}: {violation['id']}: {node['html'][:120]}" for violation in found for node in violation["nodes"]]


async def look(browser, origin, scheme, names):
    context = await browser.new_context(color_scheme=scheme)
    page, found = await context.new_page(), []
    for name in names:
        await page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        await page.goto(origin + name, wait_until="load")
        await page.evaluate(THIN)
        for width in WIDTHS:
            await page.set_viewport_size({"width": width, "height": 900})
            where = f"{name} at {width} px, {scheme}"
            found += await faults(page, where)
            if symbols := await page.locator(SYMBOL).count():
                await page.locator(SYMBOL).first.click()
                found += await faults(page, f"{where}, a symbol pinned", ".ys-card:has(.ys-pinned)")
                await page.locator(SYMBOL).first.click()
        print(f"{scheme} {name} {symbols} symbols", file=sys.stderr)
    await context.close()
    return found


def keys(names, browser_version):
    """{page: a hash of all that decides what axe finds there}."""
    same = hashlib.sha256(f"{version('axe-playwright-python')} {browser_version}".encode())
    for path in [Path(__file__), *sorted(p for p in SITE.rglob("*") if p.suffix in ASSETS)]:
        same.update(path.read_bytes())
    found = {}
    for name in names:
        page = same.copy()
        page.update((SITE / name.strip("/") / "index.html").read_bytes())
        found[name] = page.hexdigest()
    return found


async def main(origin, port, names):
    there = urlsplit(origin).netloc
    rules = f"--host-resolver-rules=MAP {there if ':' in there else there + ':80'} 127.0.0.1:{port}"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, rules])
        known, key = json.loads(CLEAN.read_text()) if CLEAN.is_file() else [], keys(names, browser.version)
        new = [name for name in names if key[name] not in known]
        print(f"{len(new)} new pages, {len(names) - len(new)} as they were when nothing was found", file=sys.stderr)
        both = await asyncio.gather(*(look(browser, origin, scheme, new) for scheme in ("light", "dark")))
        await browser.close()
    found = [fault for one in both for fault in one]
    faulty = {fault.partition(" at ")[0] for fault in found}
    CLEAN.parent.mkdir(exist_ok=True)
    CLEAN.write_text(json.dumps(sorted(key[name] for name in names if name not in faulty)))
    return found


if __name__ == "__main__":
    print("\n".join(asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3:] or page_names()))))

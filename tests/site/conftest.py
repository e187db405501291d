"""The finished site, as a reader gets it: `python -m mkdocs build --strict` first, then `pytest tests/site`."""

import os
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser import launched
from tests.site.watch import Watch
from yansuan.site.check import documents

SITE = Path(os.environ.get("SITE", "site"))
LANGS = ("zh", "en")


def pytest_sessionstart(session):
    for lang in LANGS:
        if not (SITE / lang / "index.html").is_file():
            pytest.exit(f"{SITE}/{lang}: no site to test: run 'python -m mkdocs build --strict' first", 4)


def pytest_collection_modifyitems(items):
    """The two tests that take longest come first, of two processes each one."""
    for name, place in (
        ("test_every_page_is_without_a_fault", 0),
        ("test_zensical_makes_the_same_site", len(items) // 2),
    ):
        for item in [item for item in items if item.name == name]:
            items.remove(item)
            items.insert(place, item)


@pytest.fixture(scope="session")
def pages():
    """{path: Document} of every page."""
    return documents(SITE)


def page_names():
    """Every page, as /zh/…/ and /en/…/."""
    return [
        f"/{p.parent.relative_to(SITE).as_posix()}/"
        for lang in LANGS
        for p in sorted((SITE / lang).rglob("index.html"))
    ]


class Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # a browser keeps its connection

    def end_headers(self):
        if "/assets/" in self.path:
            self.send_header("Cache-Control", "max-age=600")
        super().end_headers()

    def log_message(self, *args):
        pass


@contextmanager
def serving(folder, handler=Quiet):
    """The port at which a folder is served over HTTP."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder))) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield http.server_port
        http.shutdown()


def origin_of(site):
    """Where a site believes it lives: instant navigation and the language switch work there only."""
    text = (site / "zh" / "sitemap.xml").read_text("utf-8")
    url = urlsplit(text.partition("<loc>")[2].partition("</loc>")[0])
    return f"{url.scheme}://{url.netloc}"


def mapped(origin, port):
    """Chromium's option to find an origin at a port of this machine."""
    there = urlsplit(origin).netloc
    return f"--host-resolver-rules=MAP {there if ':' in there else there + ':80'} 127.0.0.1:{port}"


@pytest.fixture(scope="session")
def server():
    with serving(SITE) as port:
        yield port


@pytest.fixture(scope="session")
def origin():
    return origin_of(SITE)


@pytest.fixture(scope="session")
def browser(server, origin):
    with launched(mapped(origin, server)) as running:
        yield running


# Set once the theme has read the map of the site: from then on it swaps the contents of pages, instead of loading them.
MAP_READ = """
const parse = DOMParser.prototype.parseFromString;
DOMParser.prototype.parseFromString = function (text, type) {
  if (type === "text/xml") window.mapRead = true;
  return parse.call(this, text, type);
};
"""


def until(page, so):
    """Wait until a JavaScript expression is true. Playwright's `wait_for_function` has the page evaluate text, which
    the policy of the site refuses."""
    page.evaluate(f"""() => new Promise((done, failed) => {{
      const late = setTimeout(() => failed(new Error("not so in 20 s")), 20000);
      const look = async () => (await ({so})) ? done(clearTimeout(late)) : requestAnimationFrame(look);
      look();
    }})""")


@pytest.fixture
def context(browser, origin):
    """A browser context that is watched."""
    context = browser.new_context(viewport={"width": 1300, "height": 900}, locale="en-GB")
    context.add_init_script(MAP_READ)
    context.watch = Watch(context, origin)
    yield context
    context.close()

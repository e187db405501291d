"""The finished site, as a reader gets it: `python -m mkdocs build --strict` first, then `pytest tests/site`."""

import os
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser import launched
from yansuan.site.check import documents

SITE = Path(os.environ.get("SITE", "site"))
LANGS = ("zh", "en")


def pytest_sessionstart(session):
    for lang in LANGS:
        if not (SITE / lang / "index.html").is_file():
            pytest.exit(f"{SITE}/{lang}: no site to test: run 'python -m mkdocs build --strict' first", 4)


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
    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def server():
    """The site over HTTP, on a free port."""
    http = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(SITE)))
    threading.Thread(target=http.serve_forever, daemon=True).start()
    yield http.server_port
    http.shutdown()
    http.server_close()


@pytest.fixture(scope="session")
def origin(pages):
    """Where the site believes it lives: instant navigation and the language switch work there only."""
    text = (SITE / "zh" / "sitemap.xml").read_text("utf-8")
    url = urlsplit(text.partition("<loc>")[2].partition("</loc>")[0])
    return f"{url.scheme}://{url.netloc}"


@pytest.fixture(scope="session")
def browser(server, origin):
    there = urlsplit(origin).netloc
    rules = f"--host-resolver-rules=MAP {there if ':' in there else there + ':80'} 127.0.0.1:{server}"
    with launched(rules) as running:
        yield running

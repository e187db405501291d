"""`mkdocs serve`: both languages live, on one port."""

import re
import socket
import threading
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.browser import launched
from tests.whole.project import wait
from yansuan.runs.runs import Runs
from yansuan.site.serve import Live


@pytest.fixture
def served(project):
    """The address of a running `mkdocs serve`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = project.root / "log.txt"
    process = project.start(log, "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}")
    try:
        wait(lambda: "Serving on" in log.read_text("utf-8"), 180, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def get(url):
    with urllib.request.urlopen(url, timeout=120) as answer:
        return answer.read().decode()


def test_serve_gives_both_languages_and_follows_edits(project, served):
    assert f"Serving on {served}/\n" in (project.root / "log.txt").read_text("utf-8")
    assert 'href="zh/index.html"' in get(f"{served}/")
    for lang in ("zh", "en"):
        html = get(f"{served}/{lang}/basics/spread/")
        assert html.count("data-formula=") == 3
        assert f'<html lang="{lang}"' in html
        assert f"{served}/{lang}/basics/spread/" in get(f"{served}/{lang}/sitemap.xml")
        assert "livereload" in html
    assert (project.root / "site/zh/index.html").is_file()
    assert (project.root / "site/en/index.html").is_file()

    log = project.root / "log.txt"
    whole = log.read_text("utf-8").count("Documentation built")
    project.edit("docs/en/index.md", "A few pages about", "Text edited while serving")
    wait(lambda: "Text edited while serving" in get(f"{served}/en/"), 120, log)
    project.edit("docs/en/index.md", "Text edited", "$$ a = b $$")
    wait(lambda: "display math by hand" in log.read_text("utf-8"), 120, log)
    assert "Traceback" not in log.read_text("utf-8")
    project.edit("docs/en/index.md", "$$ a = b $$", "Text mended")
    wait(lambda: "Text mended while serving" in get(f"{served}/en/"), 120, log)
    assert "built en/index.md in" in log.read_text("utf-8")
    assert log.read_text("utf-8").count("Documentation built") == whole, "an edit of one page is no whole build"

    project.edit("docs/en/index.md", "# Small notes {#small}", "# Edited while serving {#small}")
    wait(lambda: "Edited while serving" in get(f"{served}/en/"), 120)
    project.edit("snippets/spread.py", "return x - arithmetic_mean(x)", "return -arithmetic_mean(x) + x")
    for lang in ("zh", "en"):
        page = f"{served}/{lang}/basics/spread/"
        wait(lambda page=page: re.search(r'spread\.deviations"[^>]*data-status="unverified"', get(page)), 120)
    assert (project.root / "site/zh/index.html").is_file()


@pytest.fixture
def browser():
    with launched() as running:
        yield running


def test_an_open_page_follows_edits_by_itself(browser, project, served):
    faults, pages, context = [], {}, browser.new_context()
    context.on("console", lambda m: m.type in ("error", "warning") and faults.append(m.text))
    context.on("weberror", lambda e: faults.append(str(e.error)))
    for lang in ("zh", "en"):
        pages[lang] = context.new_page()
        pages[lang].goto(f"{served}/{lang}/basics/means/")
        pages[lang].click(".md-footer__link--next")  # instant navigation: the script stays that of the page before
        pages[lang].wait_for_url("**/spread/")

    def shown(text, *langs):
        for lang in langs:
            pages[lang].locator("article", has_text=text).wait_for(state="attached", timeout=60_000)
            assert not faults

    for lang, old in {"zh": "所以取平方", "en": "so their squares are taken"}.items():
        shown(old, lang)
        pages[lang].evaluate("scrollTo(0, 900)")
        project.edit(f"docs/{lang}/basics/spread.md", old, f"Edited in {lang}")
        shown(f"Edited in {lang}", lang)
        pages[lang].wait_for_function("scrollY === 900")
    project.edit("snippets/spread.py", "return x - arithmetic_mean(x)", "return -arithmetic_mean(x) + x")
    shown("return -arithmetic_mean(x) + x", "zh", "en")
    context.close()
    assert not faults
    for lang in pages:
        assert "nonce" not in (project.root / f"site/{lang}/basics/spread/index.html").read_text("utf-8")
    log = (project.root / "log.txt").read_text("utf-8")
    assert log.count("Documentation built") == 2, "no whole build since the first, of two languages"


def test_no_page_is_held_back_while_figures_are_drawn_again(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lock = {name: threading.Condition() for name in ("_epoch_cond", "_rebuild_cond")}
    server, during = SimpleNamespace(_visible_epoch=1, _wanted_epoch=2, **lock), []
    builder = Live(server, None, {}, Runs())
    builder.later.add(("en", "index.md"))
    builder.build = lambda *page: during.append((server._visible_epoch, server._wanted_epoch))
    builder()
    assert during == [(1, 1)]
    assert server._wanted_epoch == 2, "the server makes it visible: browsers load again"


def test_an_edit_during_a_build_is_not_lost(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("docs").mkdir()
    style, builds = Path("docs/style.css"), []

    def whole():
        builds.append(style.read_text("utf-8"))
        if len(builds) == 1:
            style.write_text("edited while it was built", "utf-8")

    builder = Live(None, whole, {}, Runs())
    style.write_text("edited", "utf-8")
    builder()
    builder()
    assert builds == ["edited", "edited while it was built"]

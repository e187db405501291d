"""`mkdocs serve`: both languages live, on one port."""

import re
import shutil
import socket
import threading
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.browser import launched
from tests.whole.project import wait
from yansuan.base.errors import YansuanError
from yansuan.runs.runs import Runs
from yansuan.site.behind import Behind
from yansuan.site.serve import Live


@pytest.fixture
def served_from_nothing(project):
    """The address of a running `mkdocs serve` that has no figure and no lab until there is a file `go`."""
    for made in ("figures", "labs"):
        shutil.rmtree(project.root / ".cache" / made)
    go = f"while not os.path.exists({str(project.root / 'go')!r}):\n    time.sleep(0.1)\n"
    project.edit("docs/figures/balance.py", "import numpy", f"import os\nimport time\n\n{go}\nimport numpy")
    project.edit("docs/labs/errors.py", "import numpy", f"import os\nimport time\n\n{go}\nimport numpy")
    yield from serving(project)


@pytest.fixture
def served(project):
    """The address of a running `mkdocs serve`."""
    yield from serving(project)


def serving(project):
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


def test_what_stops_a_build_is_said_on_every_page_until_it_is_mended(browser, project, served):
    """Each page says so in its language, as text; pages stay as they were, and the policy lets it be shown."""
    faults, pages = [], {lang: browser.new_page() for lang in ("zh", "en")}
    mended = project.root / "snippets/spread.py"
    right = mended.read_text("utf-8")
    for lang, page in pages.items():
        page.on("console", lambda m: m.type in ("error", "warning") and faults.append(m.text))
        page.goto(f"{served}/{lang}/basics/spread/")
    for path, old, new, said in (
        ("docs/en/basics/spread.md", "so their squares are taken", r"$\frac{1$", "docs/en/basics/spread.md:"),
        ("docs/zh/index.md", "# ", "<script>alert(1)</script>\n\n# ", "<script> is not for pages"),
        ("snippets/spread.py", "return x - arithmetic_mean(x)", "return x -", "not valid Python"),
        ("docs/en/basics/spread.md", "| spread.deviations", "| spread.deviation", "did you mean"),
        ("mkdocs.yml", "Home | 首页", "Home", "nav: 'Home' in one language: write"),
    ):
        project.edit(path, old, new)
        for lang, words in {"zh": "构建已停止", "en": "The build has stopped"}.items():
            alert = pages[lang].get_by_role("alert").filter(has_text=words)
            alert.filter(has_text=said).wait_for(timeout=60_000)
            assert pages[lang].locator("article [data-formula]").count() == 3, "as it was"
        project.edit(path, new, old)
        for page in pages.values():
            page.get_by_role("alert").wait_for(state="detached", timeout=120_000)
    assert mended.read_text("utf-8") == right
    assert not faults
    for page in pages.values():
        page.close()
    assert not any("data-fault" in path.read_text("utf-8") for path in (project.root / "site").rglob("*.html"))


def test_no_page_waits_for_a_figure_or_a_lab(project, served_from_nothing):
    """Where there is none yet the page says so, and follows; a build waits."""
    address, log = served_from_nothing, project.root / "log.txt"
    waiting = {"zh": "正在第一次计算", "en": "Being computed for the first time"}
    for lang, words in waiting.items():
        assert words in get(f"{address}/{lang}/basics/means/")
        assert words in get(f"{address}/{lang}/labs/errors/")
    (project.root / "go").touch()
    for lang in waiting:
        for page in ("basics/means", "labs/errors"):
            wait(lambda page=page, lang=lang: waiting[lang] not in get(f"{address}/{lang}/{page}/"), 300, log)
        assert get(f"{address}/{lang}/basics/means/").count('role="img"') == 2


@pytest.fixture
def live(tmp_path, monkeypatch):
    """What follows edits, without a server, and what it has done."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Behind, "look", lambda self: None)
    Path("docs").mkdir()
    lock = {name: threading.Condition() for name in ("_epoch_cond", "_rebuild_cond")}
    server = SimpleNamespace(
        _visible_epoch=1, _wanted_epoch=2, _want_rebuild=False, root=str(tmp_path / "site"), **lock
    )
    return Live(server, None, {}, Runs())


def test_no_page_is_held_back_while_others_follow(live):
    server, during = live.server, []
    live.runs.asked["figure", "wave"] = {("en", "index.md")}
    live.follow({("figure", "wave")})
    assert server._want_rebuild
    live.page = lambda *page: page
    live.build = lambda *page: during.append((page, server._visible_epoch, server._wanted_epoch))
    live()
    assert not during, "another edit goes first"
    server._want_rebuild = False
    live()
    assert during == [(("en", "index.md"), 1, 1)]
    assert server._wanted_epoch == 2, "the server makes it visible: browsers load again"


def test_the_page_that_is_open_comes_first_and_the_others_follow(live, tmp_path):
    """An edit of a snippet: the page that a browser asked for last, or those with its own card, before all others."""
    config, built = SimpleNamespace(site_dir=str(tmp_path / "site/en")), []
    pages = {"own.md": "own.f", "other.md": "user.g", "more.md": "user.g"}
    Path("docs/en").mkdir()
    for name, formula in pages.items():
        Path("docs/en", name).write_text(f"# T {{#t}}\n\n/// formula | {formula}\n///\n", "utf-8")
    file = SimpleNamespace
    files = SimpleNamespace(get_file_from_path=lambda name: file(page=name, url=name.removesuffix(".md") + "/"))
    live.server.mount_path, live.made = "/", {"en": SimpleNamespace(config=config, files=files)}
    live.build = lambda lang, name: built.append(name)
    names, changed = {"own.f", "user.g"}, {Path("snippets/own.py")}

    live.todo = live.showing(names, changed)
    live.refresh()
    assert built == ["own.md"]
    live.behind_the_reader()
    assert sorted(built[1:]) == ["more.md", "other.md"]

    built.clear()
    live.ask("/en/other/index.html")
    live.todo = live.showing(names, changed)
    live.refresh()
    assert built == ["other.md"]
    live.behind_the_reader()
    assert sorted(built[1:]) == ["more.md", "own.md"]


def test_an_edit_during_a_build_is_not_lost(live):
    style, builds = Path("docs/style.css"), []

    def whole():
        builds.append(style.read_text("utf-8"))
        if len(builds) == 1:
            style.write_text("edited while it was built", "utf-8")

    live.whole = whole
    style.write_text("edited", "utf-8")
    live()
    live()
    assert builds == ["edited", "edited while it was built"]


def test_a_whole_build_that_fails_leaves_the_site_and_is_tried_again(live, tmp_path):
    page = tmp_path / "site/zh/index.html"
    page.parent.mkdir(parents=True)
    page.write_text("as it was", "utf-8")

    def whole():
        page.unlink()
        raise YansuanError("mkdocs.yml", 1, 'nav: <b> & "c"')

    live.whole = whole
    Path("docs/style.css").write_text("edited", "utf-8")
    live()
    assert page.read_text("utf-8") == "as it was"
    shown = live.banner(b'<html lang="zh"><body>x</body></html>').decode()
    assert "构建已停止" in shown
    assert "mkdocs.yml:1: nav: &lt;b&gt; &amp; &quot;c&quot;</div></body>" in shown
    live.whole = lambda: None
    Path("docs/other.css").write_text("edited", "utf-8")
    live()
    assert live.banner(b"<body></body>") == b"<body></body>"


def test_a_figure_that_fails_is_said_until_it_is_mended(live):
    error = YansuanError("docs/figures/wave.py", 3, "ZeroDivisionError: division by zero")
    figure = SimpleNamespace(kind="figure", name="wave")
    live.behind.note(figure, error)
    assert b"docs/figures/wave.py:3: ZeroDivisionError" in live.banner(b"<body></body>")
    live.behind.note(figure, {"svg": ""})
    assert b"alert" not in live.banner(b"<body></body>")

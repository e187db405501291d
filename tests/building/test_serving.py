"""`mkdocs serve`: both languages live, on one port."""

import re
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from yansuan.live import Live


@pytest.fixture
def served(project):
    """The address of a running `mkdocs serve`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = project.root / "log.txt"
    with log.open("w") as out:
        command = project.command("mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}", PYTHONUNBUFFERED="1")
        process = subprocess.Popen(**command, stdout=out, stderr=subprocess.STDOUT)
        try:
            wait(lambda: "Serving on" in log.read_text("utf-8"), 180, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def wait(condition, seconds, log=None):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, log and log.read_text("utf-8")
        time.sleep(0.1)


def get(url):
    with urllib.request.urlopen(url, timeout=120) as answer:
        return answer.read().decode()


def test_serve_gives_both_languages_and_follows_edits(project, served):
    assert f"Serving on {served}/\n" in (project.root / "log.txt").read_text("utf-8")
    assert 'href="zh/index.html"' in get(f"{served}/")
    for lang in ("zh", "en"):
        html = get(f"{served}/{lang}/batch-norm/training/")
        assert html.count("data-formula=") == 3
        assert f'<html lang="{lang}"' in html
        assert f"{served}/{lang}/batch-norm/training/" in get(f"{served}/{lang}/sitemap.xml")
        assert "livereload" in html
    assert (project.root / "site/zh/index.html").is_file()
    assert (project.root / "site/en/index.html").is_file()

    log = project.root / "log.txt"
    whole = log.read_text("utf-8").count("Documentation built")
    project.edit("docs/en/index.md", "Lecture notes on deep learning", "Text edited while serving")
    wait(lambda: "Text edited while serving" in get(f"{served}/en/"), 120, log)
    project.edit("docs/en/index.md", "Text edited", "$$ a = b $$")
    wait(lambda: "display math by hand" in log.read_text("utf-8"), 120, log)
    assert "Traceback" not in log.read_text("utf-8")
    project.edit("docs/en/index.md", "$$ a = b $$", "Text mended")
    wait(lambda: "Text mended while serving" in get(f"{served}/en/"), 120, log)
    assert "built en/index.md in" in log.read_text("utf-8")
    assert log.read_text("utf-8").count("Documentation built") == whole, "an edit of one page is no whole build"

    project.edit("docs/en/index.md", "# Yansuan · 验算 {#yansuan}", "# Edited while serving {#yansuan}")
    wait(lambda: "Edited while serving" in get(f"{served}/en/"), 120)
    project.edit("snippets/batch_norm.py", "return gamma * z_tilde + beta", "return beta + gamma * z_tilde")
    for lang in ("zh", "en"):
        page = f"{served}/{lang}/batch-norm/training/"
        wait(lambda page=page: re.search(r'batch_norm\.scale_and_shift"[^>]*data-status="unverified"', get(page)), 120)
    assert (project.root / "site/zh/index.html").is_file()


def test_an_edit_during_a_build_is_not_lost(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("docs").mkdir()
    style, builds = Path("docs/style.css"), []

    def whole():
        builds.append(style.read_text("utf-8"))
        if len(builds) == 1:
            style.write_text("edited while it was built", "utf-8")

    builder = Live(None, whole)
    style.write_text("edited", "utf-8")
    builder()
    builder()
    assert builds == ["edited", "edited while it was built"]

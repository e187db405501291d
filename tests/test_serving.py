"""`mkdocs serve`: both languages live, on one port."""

import re
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest


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
            wait(lambda: "Serving on" in log.read_text("utf-8"), 60, log)
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
    with urllib.request.urlopen(url, timeout=30) as answer:
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

    project.edit("docs/en/index.md", "# Yansuan · 验算 {#yansuan}", "# Edited while serving {#yansuan}")
    wait(lambda: "Edited while serving" in get(f"{served}/en/"), 20)
    project.edit("snippets/batch_norm.py", "return gamma * z_tilde + beta", "return beta + gamma * z_tilde")
    for lang in ("zh", "en"):
        page = f"{served}/{lang}/batch-norm/training/"
        wait(lambda page=page: re.search(r'batch_norm\.scale_and_shift"[^>]*data-status="unverified"', get(page)), 20)
    assert Path(project.root / "site/zh/index.html").is_file()

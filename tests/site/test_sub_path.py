"""The site behind a sub-path, as on GitHub Pages: what SITE_URL changes in it, and that it works there.

The finished site is not built again for that. `Moved` writes what another SITE_URL would have made of a file; that it
does so is seen on a small site with the same configuration, which is built with both.
"""

import base64
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.engine.test_bad_input import SNIPPET
from tests.site.conftest import LANGS, MAP_READ, SITE, Quiet, origin_of, serving
from tests.site.test_browser import follow, switch
from tests.site.test_twice import contents
from tests.site.watch import Watch
from yansuan.site.csp import INLINE

BUILD = """
import os, sys
from mkdocs.commands.build import build
from mkdocs.config import load_config
for root, folder in zip(sys.argv[1::2], sys.argv[2::2]):
    os.environ["SITE_URL"] = f"{root}/zh/"
    build(load_config(strict=True, site_dir=f"{folder}/zh"))
"""
TEXT = (".html", ".xml", ".json", ".js", ".css", ".txt", ".py", ".ipynb")


def digest(script):
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


class Moved:
    """The files of a site, with its languages at `new` in the place of `old`."""

    def __init__(self, site, old, new):
        self.old, self.new, self.digests = old, new, {}
        for path in (site / lang / "404.html" for lang in LANGS):
            text = path.read_text("utf-8")
            pairs = zip(INLINE.findall(text), INLINE.findall(self.from_root(text)), strict=True)
            self.digests.update({digest(was): digest(now) for was, now in pairs})

    def from_root(self, text):
        """A page that is shown at any address has links from the root of the server, and a script that names it."""
        above = re.sub("https?://[^/]+", "", self.new)
        return re.sub(rf'(?<=")/(?=({"|".join(LANGS)})[/"])', f"{above}/", text)

    def file(self, name, data):
        """What another SITE_URL would have made of a file."""
        if name.endswith(".gz"):
            return gzip.compress(self.file(name.removesuffix(".gz"), gzip.decompress(data)), mtime=0)
        if not name.endswith(TEXT):
            return data
        text = data.decode().replace(f"{self.old}/", f"{self.new}/")
        if name.endswith("404.html"):
            text = self.from_root(text)
        for was, now in self.digests.items():
            text = text.replace(was, now)
        return text.encode()


def small(root):
    """A site of three pages a language with the configuration of this one."""
    shutil.copy("mkdocs.en.yml", root)
    config = re.sub(r"^nav:.*?^(?=\w)", "", Path("mkdocs.yml").read_text("utf-8"), flags=re.M | re.S)
    files = {"mkdocs.yml": config, "snippets/family.py": f'"""Family | 一家"""\n\n{SNIPPET}'}
    for lang in LANGS:
        files[f"docs/{lang}/index.md"] = f"# {lang} {{#a}}\n\n[card](a/b.md#b)\n"
        files[f"docs/{lang}/a/b.md"] = f"# {lang} {{#b}}\n\n/// formula | family.mean\n///\n"
        files[f"docs/{lang}/glossary.md"] = f"# {lang} {{#c}}\n\n| 均值 | mean |\n|---|---|\n"
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    if Path(".cache/font").is_dir():
        shutil.copytree(".cache/font", root / ".cache/font")


def test_another_address_changes_what_it_should(tmp_path):
    small(tmp_path)
    old, new = "http://127.0.0.1:8000", "https://example.org/some/where"
    here = os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(Path.cwd())}
    command = [sys.executable, "-c", BUILD, old, "old", new, "new"]
    done = subprocess.run(command, cwd=tmp_path, env=here, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    made, wanted = contents(tmp_path / "old"), contents(tmp_path / "new")
    assert made.keys() == wanted.keys()
    assert len([name for name in made if made[name] != wanted[name]]) > 8
    moved = Moved(tmp_path / "old", old, new)
    for name, data in made.items():
        there, same = moved.file(name, data), wanted[name]
        assert there == same or (name.endswith(".gz") and gzip.decompress(there) == gzip.decompress(same)), name


class Elsewhere(Quiet):
    """The site as SITE_URL=…/some/where/zh/ would have made it, at that address."""

    def do_GET(self):
        above, _, name = self.path.partition("?")[0].partition("/some/where/")
        path = SITE / name / ("index.html" if name.endswith("/") or not name else "")
        if above or not path.is_file():
            self.send_error(404)
            return
        moved = Moved(SITE, origin_of(SITE), f"http://{self.headers['Host']}/some/where")
        data = moved.file(path.name, path.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def test_the_site_works_behind_a_sub_path(browser):
    with serving(SITE, Elsewhere) as port:
        root = f"http://127.0.0.1:{port}/some/where"
        context = browser.new_context(locale="en-GB")
        context.add_init_script(MAP_READ)
        watch, page = Watch(context, root), context.new_page()
        page.goto(f"{root}/", wait_until="commit")
        page.wait_for_url(f"{root}/en/")
        follow(page, "article a[href$='training/']", f"{root}/en/batch-norm/training/")
        switch(page, "zh")
        page.wait_for_url(f"{root}/zh/batch-norm/training/")
        context.close()
    assert not watch.faults

"""`python -m yansuan.site.zensical`: the site, both languages, built by Zensical in the place of MkDocs.

Zensical runs the Markdown extension and our templates, but no plugin of ours, and it merges an inherited list where
MkDocs replaces it. So it gets, in .cache/zensical, a derived configuration and a copy of what it renders, with what
yansuan/site/plugin.py would add; a lab is a Markdown page there. Its own cache stays there too: it knows nothing of
snippets, so each build is a whole one.
"""

import logging
import os
import re
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from yansuan.base.errors import YansuanError
from yansuan.base.settings import settings
from yansuan.html.document import ARTICLE
from yansuan.runs.lab import PAGES, every
from yansuan.runs.runs import Runs
from yansuan.site import artifacts, theme
from yansuan.site.check import site_faults
from yansuan.site.csp import protect
from yansuan.site.share import FEED, described, feed, small_pages

LAB = re.compile(r"(\blabs/[\w-]+)\.ipynb")
SIBLING = re.compile(r"(\]\([\w-]+)\.ipynb")  # from one lab to another


class Warnings(logging.Handler):
    """What the extension warns of, such as a figure that could not be drawn: MkDocs counts it, Zensical does not."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


class Loader(yaml.SafeLoader):
    """Of mkdocs.yml, where `!ENV [NAME, default]` is a variable of the environment."""


def from_environment(loader: yaml.SafeLoader, node: yaml.SequenceNode) -> object:
    name, default = loader.construct_sequence(node)
    return os.environ.get(name, default)


Loader.add_constructor("!ENV", from_environment)


def config(path: Path | str) -> dict[str, Any]:
    """A configuration with what it inherits, as MkDocs reads it; labs are Markdown pages."""
    own: dict[str, Any] = yaml.load(LAB.sub(r"\1.md", Path(path).read_text("utf-8")), Loader)
    return merged(config(own.pop("INHERIT")), own) if "INHERIT" in own else own


def merged(parent: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Mappings are merged; anything else replaces what was inherited."""
    both = parent | own
    for key in parent.keys() & own.keys():
        if isinstance(parent[key], dict) and isinstance(own[key], dict):
            both[key] = merged(parent[key], own[key])
    return both


def configs() -> list[str]:
    """The files of both languages' configurations."""
    first = "mkdocs.yml"
    return [first, config(first)["plugins"]["yansuan"]["twin"]]


def stage(path: str, folder: Path) -> Path:
    """Write, in a folder, what Zensical is to read of one language; the file of its configuration."""
    given = config(path)
    lang = theme.language(given["theme"]["language"])
    theme.prepare(given, lang)
    theme.pair(given, lang, share=True)
    given["theme"]["custom_dir"] = theme.FOLDER.name
    given["markdown_extensions"]["yansuan"] = {"lang": lang, "programs": True, "address": given["site_url"]}
    given["plugins"] = ["search"]  # it drops what it does not know
    given["validation"] = False  # left to site_faults: after one bad page it calls each link to a later one dead
    docs = Path(given["docs_dir"])
    shutil.copytree(docs, folder / docs)
    for page in docs.rglob("*.md"):
        text = LAB.sub(r"\1.md", page.read_text("utf-8"))
        if page.name != "index.md":  # MkDocs leaves a link in HTML alone; Zensical takes it for one between sources
            text = text.replace('<a href="../', '<a href="')
        (folder / page).write_text(text, "utf-8")
    labs = {
        f"{PAGES}/{slug}.md": SIBLING.sub(r"\1.md", artifacts.lab_page(lab, lang, Runs()))
        for slug, lab in every().items()
    }
    for name, content in (artifacts.files(lang, given["site_url"]) | labs).items():
        (folder / docs / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / docs / name).write_bytes(content.encode() if isinstance(content, str) else content)
    (folder / path).write_text(yaml.safe_dump(given, allow_unicode=True, sort_keys=False), "utf-8")
    return (folder / path).resolve()


def render(path: Path) -> None:
    """Have Zensical build one language. Exits with what was wrong."""
    import zensical

    try:
        zensical.build(str(path), {"clean": False, "strict": True})
    except RuntimeError as error:  # it holds the text of ours, and a traceback
        ours = re.match(r"Python error: YansuanError: (.*)", str(error))
        sys.exit(ours[1] if ours else str(error))


def share(site: Path, docs: Path, lang: str) -> None:
    """The feed of one language, as the plugin writes it."""
    given, said = config(configs()[lang != settings().languages[0]]), {}
    for page in site.rglob("index.html"):
        if article := ARTICLE.search(page.read_text("utf-8")):
            said[page.parent.relative_to(site).as_posix().removeprefix(".") + "/"] = described(article[1])
    address = f"{theme.root(given['site_url'])}{lang}/"
    (site / FEED).write_text(feed(docs, lang, given["site_name"], address, said), "utf-8")


def build() -> None:
    """Build both languages; a fault leaves the site as it was."""
    if not find_spec("zensical"):
        sys.exit("Zensical is not installed: python -m pip install -e '.[test]'")
    logging.getLogger("mkdocs.yansuan").addHandler(warnings := Warnings())
    folder = Path(settings().cache, "zensical")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(theme.FOLDER, folder / theme.FOLDER.name)
    try:
        Runs().prepare()
        for path in configs():
            render(stage(path, folder))
    except YansuanError as error:
        sys.exit(str(error))
    made = folder / "site"
    for lang in settings().languages:
        share(made / lang, Path(settings().pages(lang)), lang)
        protect(made / lang)
    first = config(configs()[0])
    artifacts.beside(made, first["site_name"], theme.root(first["site_url"]))
    small_pages(made, theme.root(first["site_url"]))
    if faults := warnings.said + site_faults(made):
        sys.exit("\n".join(faults))
    shutil.rmtree("site", ignore_errors=True)
    shutil.move(made, "site")


if __name__ == "__main__":
    build()

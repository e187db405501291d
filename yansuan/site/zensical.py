"""`python -m yansuan.site.zensical`: the site, both languages, built by Zensical in the place of MkDocs.

Zensical runs the Markdown extension, but no hook and no plugin of ours, and it merges an inherited list where MkDocs
replaces it. So it gets, in .cache/zensical, a derived configuration and a copy of what it renders, with what
yansuan/site/hook.py would add; a lab is a Markdown page there. Its own cache stays there too: it knows nothing of
snippets, so each build is a whole one.
"""

import logging
import os
import re
import shutil
import sys
from pathlib import Path

import yaml

from yansuan.base.errors import YansuanError
from yansuan.notes.page import LANGS
from yansuan.site import artifacts
from yansuan.site.check import site_faults
from yansuan.site.csp import protect

STAGE = Path(".cache/zensical")
LAB = re.compile(r"(\blabs/[\w-]+)\.ipynb")


class Warnings(logging.Handler):
    """What the extension warns of, such as a figure that could not be drawn: MkDocs counts it, Zensical does not."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.said = []

    def emit(self, record):
        self.said.append(record.getMessage())


class Loader(yaml.SafeLoader):
    """Of mkdocs.yml, where `!ENV [NAME, default]` is a variable of the environment."""


def from_environment(loader, node):
    name, default = loader.construct_sequence(node)
    return os.environ.get(name, default)


Loader.add_constructor("!ENV", from_environment)


def config(path):
    """A configuration with what it inherits, as MkDocs reads it; labs are Markdown pages."""
    own = yaml.load(LAB.sub(r"\1.md", Path(path).read_text("utf-8")), Loader)
    return merged(config(own.pop("INHERIT")), own) if "INHERIT" in own else own


def merged(parent, own):
    """Mappings are merged; anything else replaces what was inherited."""
    both = isinstance(parent, dict) and isinstance(own, dict)
    return parent | {key: merged(parent.get(key), value) for key, value in own.items()} if both else own


def root():
    """The address above both languages."""
    return config("mkdocs.yml")["site_url"].removesuffix("zh/")


def stage(labs):
    """Write what Zensical is to read; the file of each language's configuration."""
    shutil.rmtree(STAGE, ignore_errors=True)
    shutil.copytree("yansuan/site/theme", STAGE / "yansuan/site/theme")
    for path in ("mkdocs.yml", "mkdocs.en.yml"):
        settings = config(path)
        lang = settings["theme"]["language"]
        settings["site_url"] = root() + f"{lang}/"
        settings["validation"] = False  # left to site_faults: after one bad page it calls each link to a later one dead
        docs = Path(settings["docs_dir"])
        shutil.copytree(docs, STAGE / docs)
        for page in docs.rglob("*.md"):
            text = LAB.sub(r"\1.md", page.read_text("utf-8"))
            if page.name != "index.md":  # MkDocs leaves a link in HTML alone; Zensical takes it for one between sources
                text = text.replace('<a href="../', '<a href="')
            (STAGE / page).write_text(text, "utf-8")
        made = artifacts.files(lang) | {f"labs/{lab.slug}.md": artifacts.lab_page(lab, run, lang) for lab, run in labs}
        for name, content in made.items():
            (STAGE / docs / name).parent.mkdir(parents=True, exist_ok=True)
            (STAGE / docs / name).write_bytes(content.encode() if isinstance(content, str) else content)
        (STAGE / path).write_text(yaml.safe_dump(settings, allow_unicode=True, sort_keys=False), "utf-8")
        yield (STAGE / path).resolve()


def build():
    """Build both languages; a fault leaves the site as it was."""
    try:
        import zensical
    except ImportError:
        sys.exit("Zensical is not installed: python -m pip install -e '.[test]'")
    logging.getLogger("mkdocs.yansuan").addHandler(warnings := Warnings())
    try:
        for path in stage(list(artifacts.runs())):
            zensical.build(str(path), {"clean": False, "strict": True})
    except YansuanError as error:
        sys.exit(str(error))
    except RuntimeError as error:  # it holds the text of ours, and a traceback
        ours = re.match(r"Python error: YansuanError: (.*)", str(error))
        sys.exit(ours[1] if ours else str(error))
    made = STAGE / "site"
    for lang in LANGS:
        for page in (made / lang).rglob("index.html"):
            address = page.parent.relative_to(made / lang).as_posix().removeprefix(".")
            text = artifacts.with_twins(page.read_text("utf-8"), root(), address and f"{address}/")
            page.write_text(artifacts.with_button(text, lang), "utf-8")
        protect(made / lang)
    artifacts.beside(made)
    if faults := warnings.said + site_faults(made):
        sys.exit("\n".join(faults))
    shutil.rmtree("site", ignore_errors=True)
    shutil.move(made, "site")


if __name__ == "__main__":
    build()

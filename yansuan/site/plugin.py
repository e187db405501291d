"""The MkDocs plugin. `plugins: [search, yansuan]` gives any site what cards need: style, script, font, programs.

What else this site has are options, below: with `twin` each page has its twin in the other language, and both share one
nav, a switch, a button. A convenience, not a guarantee: guarantees live in the Markdown extension.
"""

import logging
import re
import subprocess
from pathlib import Path
from typing import Literal

import jinja2
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.base import Config
from mkdocs.config.config_options import DictOfItems, Optional, Type
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from yansuan.base.textfile import read
from yansuan.html.document import SILENT
from yansuan.runs.lab import of_page
from yansuan.runs.runs import Runs
from yansuan.site import artifacts, search, serve, share, theme
from yansuan.site.csp import protect

log = logging.getLogger("mkdocs.yansuan")
UNREAD = re.compile(r'<semantics data-search-exclude="">.*?</semantics>', re.S)
LISTING = re.compile(r"<pre\b.*?</pre>", re.S)
COLOURED = re.compile(r'<span(?: class="[^"<>]*+")?+(?: data-v="[^"<>]*+")?+>([^<]*+)</span>')
FOR_SEARCH = re.compile(r'\s?data-search-\w+="[^"]+"')


class YansuanConfig(Config):
    """The options under `plugins: yansuan:` in mkdocs.yml."""

    twin = Optional(Type(str))  # the configuration of the second language: built, and served, with this one
    search = Type(bool, default=False)  # every card is an entry, Chinese works: see yansuan/site/search.py
    synonyms = DictOfItems(Type(str), default={})  # {what a reader may search for: our term}
    share = Type(bool, default=False)  # first lines and pictures for who links here, a feed: yansuan/site/share.py
    policy = Type(bool, default=False)  # a Content-Security-Policy in every page
    pdf = Type((bool, int), default=False)  # all pages as one PDF
    archive = Type((bool, int), default=False)  # the site as one file, for a folder without a server


def for_search(content: str) -> str:
    """A page without what search leaves out."""
    content = SILENT.sub(r"\1", UNREAD.sub("", content))
    return LISTING.sub(lambda m: COLOURED.sub(r"\1", m[0]), content)


def language(config: MkDocsConfig) -> str:
    return theme.language(config.theme.get("language"))


def address(config: MkDocsConfig) -> str:
    """Of the site, as copied programs name it: nothing where a page is no folder."""
    return (config.site_url or "") if config.use_directory_urls else ""


class YansuanPlugin(BasePlugin[YansuanConfig]):
    def __init__(self) -> None:
        self.serving = False  # on_startup says
        self.within = False  # the build of the first language
        self.runs = Runs()
        self.made: dict[str, serve.Made] = {}
        self.whole = ""  # a page while search reads less of it
        self.drawing: subprocess.Popen[bytes] | None = None  # draws pictures for links
        self.said: dict[str, dict[str, str]] = {}  # of each language, the first lines of each page
        self.entries: dict[str, list[search.Entry]] = {}  # of each language, for its search

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Having this, MkDocs keeps one instance for all builds of a process, and so for both languages."""
        self.serving = command == "serve"

    def is_first(self, config: MkDocsConfig) -> bool:
        """Whether this build makes the second language too, and what lies beside the two."""
        return bool(self.config.twin) and Path(config.config_file_path).name != Path(self.config.twin or "").name

    @event_priority(100)  # before search reads its dictionary
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        lang = language(config)
        if self.serving and self.is_first(config):
            # MkDocs would serve a temporary folder that has room for one language
            config.site_dir = str(Path(config.config_file_path).with_name("site") / lang)
        theme.prepare(config, lang)
        if self.config.twin:
            theme.pair(
                config, lang, pdf=bool(self.config.pdf), archive=bool(self.config.archive), share=self.config.share
            )
        own = 1 if config.theme.custom_dir else 0  # an author's templates come first
        config.theme.dirs.insert(own, str(theme.FOLDER))
        if "yansuan" in config.markdown_extensions:
            options = config.mdx_configs.setdefault("yansuan", {})
            own_options = {"lang": lang, "programs": True, "address": address(config)}
            config.mdx_configs["yansuan"] = own_options | options | {"runs": self.runs}
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        self.entries[language(config)], self.said[language(config)] = [], {}
        self.runs.wait = not self.serving
        if self.config.share and not self.serving and not self.within:
            self.drawing = share.begin_to_draw()
        if self.runs.wait and not self.within:
            self.runs.prepare()

    @event_priority(100)  # before mkdocs-jupyter looks for notebooks
    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        for page in files.documentation_pages():
            if page.abs_src_path:  # None of what a plugin has made
                read(page.abs_src_path)  # MkDocs would stop at a bad byte without a place
        lang = language(config)
        for name, content in artifacts.files(lang, address(config)).items():
            files.append(File.generated(config, name, content=content))
        folder = artifacts.notebooks(lang)
        for path in sorted(folder.rglob("*.ipynb")):
            name = path.relative_to(folder).as_posix()
            files.append(File(name, str(folder.resolve()), config.site_dir, config.use_directory_urls))
        return files

    def on_nav(self, nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
        self.made[language(config)] = serve.Made(config, files, nav)
        return nav

    def on_env(self, env: jinja2.Environment, config: MkDocsConfig, files: Files) -> jinja2.Environment:
        self.made[language(config)].env = env
        return env

    @event_priority(-100)  # after mkdocs-jupyter
    def on_pre_page(self, page: Page, config: MkDocsConfig, files: Files) -> Page:
        """mkdocs-jupyter makes a notebook a page, which is rendered as any other, instead of as 600 kB of its HTML."""
        self.runs.page = (language(config), page.file.src_uri)
        if page.file.src_uri.endswith(".ipynb"):
            vars(page).pop("render", None)
        return page

    def on_page_read_source(self, page: Page, config: MkDocsConfig) -> str | None:
        """The Markdown of a notebook; None for what MkDocs reads itself."""
        if not page.file.src_uri.endswith(".ipynb"):
            return None
        lang = language(config)
        return artifacts.notebook_page(Path(page.file.src_uri), Path(page.file.abs_src_path or ""), lang, self.runs)

    @event_priority(100)
    def shortened(self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation) -> None:
        """Before search reads a page: without what it leaves out, most tags of a formula, a drawing, a listing."""
        self.whole = page.content or ""
        if self.config.share:
            self.describe(page, config)
        if self.config.search:  # ours reads it; theirs has nothing left to read
            asked, page.content = page.meta.get("search") or {}, ""
            if not asked.get("exclude"):
                made = search.entries(page.url, str(page.title), self.whole, asked.get("boost", 1))
                self.entries[language(config)] += made
        elif "material/search" in config.plugins:
            page.content = for_search(self.whole)

    def describe(self, page: Page, config: MkDocsConfig) -> None:
        """For the templates: what a page says of itself, its picture, its source."""
        of_site = config.site_description if page.is_homepage else ""
        said = str(page.meta.get("description") or of_site or share.described(self.whole))
        self.said[language(config)][page.url] = said
        page.meta["description"] = share.escaped(said)
        page.meta["heading"] = share.escaped(share.title(self.whole))
        page.meta["picture"] = share.first_card(self.whole)
        lab = of_page(Path(page.file.src_uri))
        page.meta["source"] = (
            lab.path.as_posix() if lab else Path(page.file.abs_src_path or "").relative_to(Path.cwd()).as_posix()
        )

    @event_priority(-100)
    def restored(self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation) -> None:
        """After it: the page as it was, without what is for search alone, as search itself would leave it."""
        page.content = FOR_SEARCH.sub("", self.whole)

    on_page_context = CombinedEvent(shortened, restored)

    @event_priority(-100)  # after search has written its index
    def on_post_build(self, config: MkDocsConfig) -> None:
        lang, site = language(config), Path(config.site_dir)
        if self.config.search:
            search.write(site, config.docs_dir, lang, self.entries[lang], self.config.synonyms)
        if self.config.share:
            text = share.feed(Path(config.docs_dir), lang, config.site_name, config.site_url or "", self.said[lang])
            (site / share.FEED).write_text(text, "utf-8")
        if self.config.policy:
            self.made[lang].policy = protect(site)
        if self.config.pdf:
            from yansuan.site import pdf

            pdf.make(site, config.site_url or "", site.parent / theme.PDF.format(lang=lang))
        if self.is_first(config):
            self.build_twin(config)
            self.finish(site.parent, config.site_name, theme.root(config.site_url))

    def finish(self, site: Path, name: str, root: str) -> None:
        """What is about both languages."""
        artifacts.beside(site, name, root)
        if self.config.share and not self.serving:
            if self.drawing:
                self.drawing.wait()
            share.small_pages(site, root)
        if self.config.archive:
            artifacts.archive(site, theme.ARCHIVE)

    def build_twin(self, config: MkDocsConfig) -> None:
        """Build the second language where it belongs: beside the first."""
        path = str(Path(config.config_file_path).with_name(self.config.twin or ""))
        twin = load_config(path, strict=config.strict)
        lang = language(twin)
        twin.site_dir = str(Path(config.site_dir).parent / lang)
        twin.site_url = config.site_url
        self.within = True
        try:
            build(twin, serve_url=f"{theme.root(config.site_url)}{lang}/" if self.serving else None)
        finally:
            self.within = False

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: serve.Builder) -> LiveReloadServer:
        for path in serve.watched():
            if path.is_dir() or path.parent == Path():
                server.watch(str(path))
            elif path.parent.is_dir():  # a file that is written anew, as a test run does it, is another for the system
                server.watch(str(path.parent))
        both = self.is_first(config)
        serve.attach(server, config, serve.Live(server, builder, self.made, self.runs), both)
        return server

"""`mkdocs serve` that builds what an edit touches: the page, or the pages with the card, in both languages.

Of many pages those come first that somebody looks at; the others follow, and hold back none.

Everything else (a new page, a new title, the theme, the engine) is a whole build, as MkDocs does it. Until the next
one, search knows the pages as they were. Figures and labs hold no page back: yansuan/site/behind.py computes them, and
their pages follow. What stops a build is said on every page that is open, until it is mended.
"""

import html
import logging
import os
import re
import shutil
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import jinja2
from mkdocs.commands.build import _build_page, _populate_page
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation

from yansuan.base.errors import YansuanError
from yansuan.base.settings import settings
from yansuan.base.words import PAGE
from yansuan.formula.formula import load_all
from yansuan.notes.page import blocks
from yansuan.runs.lab import PAGES
from yansuan.runs.runs import Key, Runs
from yansuan.site import csp, theme
from yansuan.site.behind import Behind

log = logging.getLogger("mkdocs.yansuan")
STATUS = ("verification", "witnesses", "formulas", "dependencies", "wild-bugs")  # tables of what formulas are and prove
SHOWN = 5  # faults at once
OPEN = 3  # pages that somebody looks at
BANNER = (
    '<div role="alert" data-fault style="position:fixed;inset:auto 0 0 0;z-index:99;margin:0;padding:.6rem 1rem;'
    "background:#7f1d1d;color:#fff;font:16px/1.5 monospace;white-space:pre-wrap;overflow-wrap:anywhere;max-height:50vh;"
    'overflow:auto">{text}</div>'
)
Builder = Callable[[], None]
PagePath = tuple[str, str]  # language, path below its pages


class Retitled(Exception):
    """A page has another title, which other pages show."""


@dataclass
class Made:
    """What the last whole build of one language made, to build one page of it again."""

    config: MkDocsConfig
    files: Files
    nav: Navigation
    env: jinja2.Environment | None = None
    policy: str = ""


@dataclass(frozen=True)
class Card:
    """What is on a card, as a hash, and the files that it comes from."""

    digest: str = ""
    paths: frozenset[Path] = field(default=frozenset())


class Live:
    """The builder of the server: called on any change; finds out which, and builds no more than that needs."""

    def __init__(self, server: LiveReloadServer, whole: Builder, made: dict[str, Made], runs: Runs) -> None:
        self.server, self.whole, self.made, self.runs = server, whole, made, runs
        self.todo: set[PagePath] = set()  # now
        self.later: set[PagePath] = set()  # after the reader has seen those
        self.lock = threading.Lock()  # of `later`
        self.open: dict[str, None] = {}  # the addresses that were asked for last
        self.fault = ""  # what stopped the last build
        self.seen, self.cards = stamps(), cards({}, set())
        self.behind = Behind(runs, self.follow)

    def __call__(self) -> None:
        now = stamps()  # as they are before the build: an edit during it is another change
        changed = {path for path in now.keys() | self.seen.keys() if now.get(path) != self.seen.get(path)}
        try:
            if changed:
                self.read(changed)
                self.seen = now
                self.refresh()
            else:
                self.behind_the_reader()
            self.fault = ""
        except Exception as error:
            self.stopped(error)
        if changed:
            self.behind.look()
        if self.later:
            self.again()

    def read(self, changed: set[Path]) -> None:
        """Find out which pages are to do; a whole build leaves none. What fails is tried again at the next edit."""
        cards_now = self.cards
        if any(path.is_relative_to(settings().snippets) for path in changed):
            cards_now = cards(self.cards, changed)
        pages = self.touched(changed, cards_now)
        if pages is None:
            self.all()
        else:
            self.todo |= pages
        self.cards = cards_now

    def all(self) -> None:
        with safe(Path(self.server.root)):
            self.whole()
        self.todo = set()
        with self.lock:
            self.later = set()

    def stopped(self, error: Exception) -> None:
        """Say why, in the terminal and on the pages, which stay as they were."""
        cause = error.__context__ if isinstance(error, SystemExit) and error.__context__ else error  # MkDocs' Abort
        if isinstance(cause, MkDocsException):
            self.fault = str(cause)
        else:
            self.fault = f"{type(cause).__name__}: {cause}"
            traceback.print_exception(cause)
        log.error("%s", self.fault)

    def follow(self, done: set[Key]) -> None:
        """Have the pages built that show these figures and labs. Called by another thread."""
        with self.lock:
            self.later |= {page for name in done for page in self.runs.asked.get(name, ())}
        self.again()

    def again(self) -> None:
        """Have the server call once more."""
        with self.server._rebuild_cond:
            self.server._want_rebuild = True
            self.server._rebuild_cond.notify_all()

    def epochs(self, **values: int) -> None:
        """Set what the server goes by: it holds every page back while a build is wanted that is not yet visible."""
        with self.server._epoch_cond:
            for name, value in values.items():
                setattr(self.server, f"_{name}_epoch", value)
            self.server._epoch_cond.notify_all()

    def behind_the_reader(self) -> None:
        """Build the pages for later, and hold none back: browsers are about to load again what was built just now."""
        wanted = self.server._wanted_epoch
        self.epochs(wanted=self.server._visible_epoch)
        with self.lock:
            self.todo, self.later = self.todo | self.later, set()
        try:
            self.refresh(behind=True)
        finally:
            self.epochs(wanted=wanted)  # they will load once more

    def touched(self, changed: set[Path], cards_now: Mapping[str, Card]) -> set[PagePath] | None:
        """The pages that these files are part of; None if it takes a whole build."""
        if cards_now.keys() != self.cards.keys():
            return None
        project, pages = settings(), set[PagePath]()
        for path in changed:
            lang = next((lang for lang in self.made if path.is_relative_to(project.pages(lang))), None)
            if path.is_relative_to(project.snippets):
                continue
            if is_computed(path):
                if path.parent == Path(project.labs) and path.name[0] != "_":
                    pages |= {(lang, f"{PAGES}/{path.stem}.ipynb") for lang in self.made}
            elif lang and path.suffix == ".md" and path.is_file():
                pages.add((lang, path.relative_to(project.pages(lang)).as_posix()))
            else:
                return None
        if any(self.page(*page) is None for page in pages):
            return None
        names = {name for name in cards_now if cards_now[name].digest != self.cards[name].digest}
        return pages | self.showing(names, changed) if names else pages

    def showing(self, names: set[str], changed: set[Path]) -> set[PagePath]:
        """The pages with these cards that somebody waits for; the others are for later."""
        project, own, others, later = settings(), set[PagePath](), set[PagePath](), set[PagePath]()
        edited = {name for name in names if Path(project.snippets, name.partition(".")[0] + ".py") in changed}
        for lang in self.made:
            for path in project.pages(lang).rglob("*.md"):
                page = (lang, path.relative_to(project.pages(lang)).as_posix())
                found = {block.name for block in blocks(path)} & names
                if found:
                    (own if found & edited else others).add(page)
                elif any(block.kind in STATUS for block in blocks(path)):
                    later.add(page)
        now = {page for page in own | others if self.address(*page) in self.open} or own or others
        with self.lock:
            self.later |= (own | others | later) - now
        return now

    def address(self, lang: str, name: str) -> str:
        """Where a page is served."""
        file = self.made[lang].files.get_file_from_path(name)
        below = Path(self.made[lang].config.site_dir).resolve().relative_to(Path(self.server.root).resolve())
        return PurePosixPath(self.server.mount_path, below.as_posix(), file.url if file else "").as_posix()

    def ask(self, address: str) -> None:
        """A page is asked for: it and the few before it are what somebody looks at."""
        page = PurePosixPath(address.removesuffix("index.html")).as_posix()
        self.open.pop(page, None)
        self.open[page] = None
        for old in list(self.open)[:-OPEN]:
            self.open.pop(old, None)

    def page(self, lang: str, name: str) -> object:
        file = self.made[lang].files.get_file_from_path(name)
        return file.page if file else None

    def refresh(self, behind: bool = False) -> None:
        """Build the pages to do; those that fail stay to do. Raises the first fault.

        `behind` the reader, edits go first."""
        first: Exception | None = None
        for lang, name in sorted(self.todo):
            if behind and self.server._want_rebuild:
                with self.lock:
                    self.todo, self.later = set(), self.later | self.todo
                break
            try:
                if self.page(lang, name):
                    self.build(lang, name)
                self.todo.discard((lang, name))
            except Retitled:
                self.all()
                return
            except Exception as error:
                first = first or error
        if first:
            raise first

    def build(self, lang: str, name: str) -> None:
        start, made = time.monotonic(), self.made[lang]
        file = made.files.get_file_from_path(name)
        if not (file and file.page and made.env):
            raise MkDocsException(f"no page {name} in the last whole build of {lang}")
        title = file.page.title
        _populate_page(file.page, made.config, made.files)
        if file.page.title != title:
            raise Retitled(name)
        _build_page(file.page, made.config, made.files.documentation_pages(), made.nav, made.env)
        file.page.validate_anchor_links(files=made.files, log_level=made.config.validation.links.anchors)
        if made.policy:
            csp.write([file.abs_dest_path], made.policy)
        log.info("built %s/%s in %.2f s", lang, name, time.monotonic() - start)

    def faults(self) -> list[str]:
        """All that is to be mended, a line each."""
        failed = [str(error) for error in self.runs.failed.values() if isinstance(error, YansuanError)]
        return list(dict.fromkeys([*([self.fault] if self.fault else []), *failed]))

    def banner(self, page: bytes) -> bytes:
        """The page as it is served: with what is to be mended."""
        if not (faults := self.faults()):
            return page
        lang = re.search(rb'<html lang="(\w+)', page)
        words = PAGE.get(lang[1].decode() if lang else "", PAGE["en"])
        text = html.escape("\n".join([words["stopped"], *faults[:SHOWN]]))
        body, end = (page.rpartition(b"</body>")[0], b"</body>") if b"</body>" in page else (page, b"")
        return body + BANNER.format(text=text).encode() + end + page[len(body) + len(end) :]


def attach(server: LiveReloadServer, config: MkDocsConfig, live: Live, both: bool) -> None:
    """Let a server build what an edit touches, and say what stops it; with two languages, serve the folder of both."""
    if both:
        server.root, server.mount_path = str(Path(config.site_dir).parent), "/"
        server.url = theme.root(config.site_url)
        server.error_handler = lambda code: None
    server.builder = live
    inject = server._inject_js_into_html  # a script that waits for the next build and reloads the page

    def injected(content: bytes, epoch: int) -> bytes:
        return csp.let_last_run(inject(live.banner(content), epoch))  # type: ignore[no-untyped-call]

    answer = server._serve_request

    def answered(environ: Any, start_response: Any) -> Iterable[bytes] | None:
        if environ["PATH_INFO"].endswith(("/", ".html")):
            live.ask(environ["PATH_INFO"].encode("latin-1").decode("utf-8", "ignore"))
        return answer(environ, start_response)

    server._inject_js_into_html = injected  # type: ignore[method-assign]
    server._serve_request = answered  # type: ignore[method-assign]
    live.behind.look()


def watched() -> list[Path]:
    """All that a build reads."""
    project = settings()
    engine = Path(__file__).parents[1]
    made = (project.docs, project.snippets, project.figures, project.labs, project.sources, project.papers)
    tops = [*map(Path, made), *([engine.relative_to(Path.cwd())] if engine.is_relative_to(Path.cwd()) else [])]
    found = (project.evidence, project.report)
    return [*tops, *map(Path, found), *sorted(Path().glob("mkdocs*.yml")), Path("pyproject.toml")]


def stamps() -> dict[Path, int]:
    """{file: when it changed} of all that a build reads."""
    paths = [path for top in watched() for path in (top.rglob("*") if top.is_dir() else [top])]
    return {p: p.stat().st_mtime_ns for p in paths if p.is_file() and "__pycache__" not in p.parts}


def cards(before: Mapping[str, Card], changed: set[Path]) -> dict[str, Card]:
    """What is on each card, read again only where one of its files has changed."""
    found = {}
    for name, formula in load_all(settings().snippets).items():
        if not (known := before.get(name, Card())).paths or known.paths & changed:
            paths = frozenset({formula.module.path, *(module.path for module, _ in formula.needs[0])})
            known = Card(formula.digest + formula.text_digest, paths)
        found[name] = known
    return found


def is_computed(path: Path) -> bool:
    """Whether a file is a figure, a lab, or a helper of theirs, and not deleted."""
    return path.suffix == ".py" and path.parent in (Path(settings().figures), Path(settings().labs)) and path.is_file()


@contextmanager
def safe(site: Path) -> Iterator[None]:
    """A whole build empties its folder first: if it fails, the folder is again as it was."""
    kept = Path(settings().cache, "served")
    shutil.rmtree(kept, ignore_errors=True)
    if site.is_dir():
        shutil.copytree(site, kept, copy_function=link)
    try:
        yield
    except BaseException:
        shutil.rmtree(site, ignore_errors=True)
        shutil.copytree(kept, site, copy_function=link)
        raise
    finally:
        shutil.rmtree(kept, ignore_errors=True)


def link(source: str, target: str) -> None:
    """The same file at another place, or a copy where the system has none."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)

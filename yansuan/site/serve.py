"""`mkdocs serve` that builds what an edit touches: the page, or the pages with the card, in both languages.

Everything else (a new page, a new title, the theme, the engine, a lab) is a whole build, as MkDocs does it. Until the
next one, search knows the pages as they were, and a lab that an edited function is part of shows its last run. A figure
that it draws follows a moment later.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import jinja2
from mkdocs.commands.build import _build_page, _populate_page
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, BuildError
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation

from yansuan.base.settings import settings
from yansuan.base.textfile import read
from yansuan.formula.formula import load_all
from yansuan.notes.scan import scan
from yansuan.runs.runs import Runs
from yansuan.site import csp, theme

log = logging.getLogger("mkdocs.yansuan")
STATUS = ("verification", "witnesses", "formulas", "dependencies", "wild-bugs")  # tables of what formulas are and prove
Builder = Callable[[], None]
PagePath = tuple[str, str]  # language, path below its pages


@dataclass
class Made:
    """What the last whole build of one language made, to build one page of it again."""

    config: MkDocsConfig
    files: Files
    nav: Navigation
    env: jinja2.Environment | None = None
    policy: str = ""


class Live:
    """The builder of the server: called on any change; finds out which, and builds no more than that needs."""

    def __init__(self, server: LiveReloadServer, whole: Builder, made: dict[str, Made], runs: Runs) -> None:
        self.server, self.whole, self.made, self.runs = server, whole, made, runs
        self.todo: set[PagePath] = set()  # now
        self.later: set[PagePath] = set()  # after the reader has seen those
        self.seen, self.formulas = stamps(), digests()
        self.titles = {path: title(path) for path in self.seen if path.suffix == ".md"}

    def __call__(self) -> None:
        now, formulas = stamps(), self.formulas  # as they are before the build: an edit during it is another change
        changed = {path for path in now.keys() | self.seen.keys() if now.get(path) != self.seen.get(path)}
        titles = {path: title(path) for path in changed if path.suffix == ".md"}
        try:
            if any(path.is_relative_to(settings().snippets) for path in changed):
                formulas = digests()
            pages = self.touched(changed, titles, formulas) if changed else self.later
            if pages is None:
                self.todo, self.later = set(), set()
                self.whole()
            else:
                self.todo |= pages  # until they are built without an error
                if changed:
                    self.refresh(may_wait=True)
                else:
                    self.later = set()
                    self.behind_the_reader()
        except (BuildError, Abort) as error:
            self.epochs(visible=self.server._wanted_epoch)  # go on serving the pages as they were
            if isinstance(error, Abort):  # a whole build failed: the next change asks for one again
                raise
            self.remember(now, titles, formulas)
            raise Abort(str(error)) from None
        self.remember(now, titles, formulas)
        if self.later:
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
        """Build the pages to do, and hold none back: browsers are about to load again what was built just now."""
        wanted = self.server._wanted_epoch
        self.epochs(wanted=self.server._visible_epoch)
        self.refresh(may_wait=False)
        self.epochs(wanted=wanted)  # they will load once more

    def remember(self, now: dict[Path, int], titles: dict[Path, str | None], formulas: dict[str, str]) -> None:
        self.seen, self.formulas, self.titles = now, formulas, self.titles | titles

    def touched(
        self, changed: set[Path], titles: dict[Path, str | None], formulas: dict[str, str]
    ) -> set[PagePath] | None:
        """The pages that these files are part of; None if it takes a whole build."""
        if formulas.keys() != self.formulas.keys():
            return None
        names = {name for name in formulas if formulas[name] != self.formulas[name]}
        pages: set[PagePath] = set()
        for path in changed:
            lang = next((lang for lang in self.made if path.is_relative_to(settings().pages(lang))), None)
            if lang and path.suffix == ".md" and titles[path] == self.titles.get(path):
                pages.add((lang, path.relative_to(settings().pages(lang)).as_posix()))
            elif not path.is_relative_to(settings().snippets):
                return None
        for lang in self.made if names else ():
            for path in settings().pages(lang).rglob("*.md"):
                shown = [(block.kind, block.name) for block in scan(read(path)).blocks]
                page = (lang, path.relative_to(settings().pages(lang)).as_posix())
                if any(name in names for _, name in shown):
                    pages.add(page)
                elif any(kind in STATUS for kind, _ in shown):
                    self.later.add(page)
        return pages

    def refresh(self, may_wait: bool) -> None:
        """Build the pages to do. Those with figures to be drawn again are built once more later, if that may wait."""
        self.runs.figures_may_wait, self.runs.labs_may_wait = may_wait, True
        try:
            for lang, name in sorted(self.todo):
                self.runs.waiting.clear()
                self.build(lang, name)
                if self.runs.waiting:
                    self.later.add((lang, name))
                self.todo.discard((lang, name))
        finally:
            self.runs.figures_may_wait = self.runs.labs_may_wait = False

    def build(self, lang: str, name: str) -> None:
        start, made = time.monotonic(), self.made[lang]
        file = made.files.get_file_from_path(name)
        if not (file and file.page and made.env):
            raise BuildError(f"no page {name} in the last whole build of {lang}")
        _populate_page(file.page, made.config, made.files)
        _build_page(file.page, made.config, made.files.documentation_pages(), made.nav, made.env)
        file.page.validate_anchor_links(files=made.files, log_level=made.config.validation.links.anchors)
        if made.policy:
            csp.write([file.abs_dest_path], made.policy)
        log.info("built %s/%s in %.2f s", lang, name, time.monotonic() - start)


def both(server: LiveReloadServer, config: MkDocsConfig, live: Live) -> None:
    """Let the server serve both languages, from the folder that has them, and build what an edit touches."""
    server.root, server.mount_path = str(Path(config.site_dir).parent), "/"
    server.url = theme.root(config.site_url)
    server.error_handler = lambda code: None
    server.builder = live
    inject = server._inject_js_into_html  # a script that waits for the next build and reloads the page

    def injected(content: bytes, epoch: int) -> bytes:
        return csp.let_last_run(inject(content, epoch))  # type: ignore[no-untyped-call]

    server._inject_js_into_html = injected  # type: ignore[method-assign]


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


def digests() -> dict[str, str]:
    """What is on each card: what a proof is about, and what is only read."""
    return {name: formula.digest + formula.text_digest for name, formula in load_all(settings().snippets).items()}


def title(path: Path) -> str | None:
    headings = scan(read(path)).headings if path.is_file() else ()
    return next((h.text for h in headings if h.level == 1), None)

"""`mkdocs serve` that builds what an edit touches: the page, or the pages with the card, in both languages.

Everything else (a new page, a new title, the theme, the engine, a lab) is a whole build, as MkDocs does it. Until the
next one, search knows the pages as they were, and a lab that an edited function is part of shows its last run. A figure
that it draws follows a moment later.
"""

import logging
import time
from pathlib import Path

from mkdocs.commands.build import _build_page, _populate_page
from mkdocs.exceptions import Abort, BuildError

from yansuan.base.settings import settings
from yansuan.base.textfile import read
from yansuan.formula.formula import load_all
from yansuan.notes.scan import scan
from yansuan.runs import figures, labs
from yansuan.site import csp

log = logging.getLogger("mkdocs.yansuan")
WATCHED = ("docs", "yansuan", "build", "mkdocs.yml", "mkdocs.en.yml", "pyproject.toml")
kept = {}  # language: what its last whole build made (config, files, nav, env)
STATUS = ("verification", "formulas", "dependencies", "wild-bugs")  # tables of what formulas are and prove


def keep(lang, **made):
    kept.setdefault(lang, {}).update(made)


class Live:
    """The builder of the server: called on any change; finds out which, and builds no more than that needs."""

    def __init__(self, server, whole):
        self.server, self.whole = server, whole
        self.todo, self.later = set(), set()  # pages: now, and after the reader has seen those
        self.seen, self.formulas = stamps(), digests()
        self.titles = {path: title(path) for path in self.seen if path.suffix == ".md"}

    def __call__(self):
        now, formulas = stamps(), self.formulas  # as they are before the build: an edit during it is another change
        changed = {path for path in now.keys() | self.seen.keys() if now.get(path) != self.seen.get(path)}
        titles = {path: title(path) for path in changed if path.suffix == ".md"}
        try:
            if any(path.parts[0] == settings().snippets for path in changed):
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

    def epochs(self, **values):
        """Set what the server goes by: it holds every page back while a build is wanted that is not yet visible."""
        with self.server._epoch_cond:
            for name, value in values.items():
                setattr(self.server, f"_{name}_epoch", value)
            self.server._epoch_cond.notify_all()

    def behind_the_reader(self):
        """Build the pages to do, and hold none back: browsers are about to load again what was built just now."""
        wanted = self.server._wanted_epoch
        self.epochs(wanted=self.server._visible_epoch)
        self.refresh(may_wait=False)
        self.epochs(wanted=wanted)  # they will load once more

    def remember(self, now, titles, formulas):
        self.seen, self.formulas, self.titles = now, formulas, self.titles | titles

    def touched(self, changed, titles, formulas):
        """The pages that these files are part of, as (language, path); None if it takes a whole build."""
        if formulas.keys() != self.formulas.keys():
            return None
        pages, names = set(), {name for name in formulas if formulas[name] != self.formulas[name]}
        for path in changed:
            lang = path.parts[1] if path.parts[0] == "docs" else None
            if lang in kept and path.suffix == ".md" and titles[path] == self.titles.get(path):
                pages.add((lang, path.relative_to("docs", lang).as_posix()))
            elif path.parts[0] != settings().snippets:
                return None
        for lang in kept if names else ():
            for path in Path("docs", lang).rglob("*.md"):
                shown = [(block.kind, block.name) for block in scan(read(path)).blocks]
                page = (lang, path.relative_to("docs", lang).as_posix())
                if any(name in names for _, name in shown):
                    pages.add(page)
                elif any(kind in STATUS for kind, _ in shown):
                    self.later.add(page)
        return pages

    def refresh(self, may_wait):
        """Build the pages to do. Those with figures to be drawn again are built once more later, if that may wait."""
        figures.may_wait, labs.may_wait = may_wait, True
        try:
            for lang, name in sorted(self.todo):
                figures.waiting.clear()
                self.build(lang, name)
                if figures.waiting:
                    self.later.add((lang, name))
                self.todo.discard((lang, name))
        finally:
            figures.may_wait = labs.may_wait = False

    def build(self, lang, name):
        start = time.monotonic()
        config, files, nav, env = (kept[lang][key] for key in ("config", "files", "nav", "env"))
        page = files.get_file_from_path(name).page
        _populate_page(page, config, files)
        _build_page(page, config, files.documentation_pages(), nav, env)
        page.validate_anchor_links(files=files, log_level=config.validation.links.anchors)
        csp.write([page.file.abs_dest_path], kept[lang]["policy"])
        log.info("built %s/%s in %.2f s", lang, page.file.src_uri, time.monotonic() - start)


def stamps():
    """{file: when it changed} of all that a build reads."""
    tops = [Path(top) for top in (*WATCHED, settings().snippets)]
    paths = [path for top in tops for path in (top.rglob("*") if top.is_dir() else [top])]
    return {p: p.stat().st_mtime_ns for p in paths if p.is_file() and "__pycache__" not in p.parts}


def digests():
    return {name: formula.digest for name, formula in load_all(settings().snippets).items()}


def title(path):
    headings = scan(read(path)).headings if path.is_file() else ()
    return next((h.text for h in headings if h.level == 1), None)

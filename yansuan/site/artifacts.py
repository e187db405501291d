"""What a site is made of besides the pages in docs/, whatever generator renders them."""

import html
import logging
import zipfile
from collections.abc import Callable
from json import dumps
from pathlib import Path

from yansuan import evidence
from yansuan.base.settings import settings
from yansuan.base.store import Value
from yansuan.base.words import PAGE
from yansuan.formula.formula import load_all
from yansuan.notes.page import cards
from yansuan.render.program import address, as_notebook, program
from yansuan.runs import notebook
from yansuan.runs.child import NotRun
from yansuan.runs.lab import PAGES, Lab, every, of_page
from yansuan.runs.runs import Running, Runs
from yansuan.site.share import CITED, citation

log = logging.getLogger("mkdocs.yansuan")
ROOT_PAGE = Path(__file__).with_name("root.html")


def assets() -> dict[str, str | bytes]:
    """{path: content} of what formulas look like: the font, if its packages are installed."""
    made: dict[str, str | bytes]
    try:
        from yansuan.site.font import math_font, stylesheet
        from yansuan.tex.glyphs import RARE

        made = {"assets/math.woff2": math_font(RARE), "assets/math.css": stylesheet()}
    except ModuleNotFoundError as error:
        log.info("no math font: readers see formulas in one of theirs (%s: pip install 'yansuan[font]')", error)
        made = {"assets/math.css": ""}
    return made


def programs(lang: str, site: str) -> dict[str, str]:
    """{path: content} of each card's program, and a notebook of it; `site` is the address of this language's site."""
    made, report, docs = {}, evidence.read(), settings().pages(lang)
    pages = cards(docs)
    for name, formula in load_all(settings().snippets).items():
        where = address(site, docs, pages[name], name) if name in pages else ""
        text = program(formula, evidence.proof(report, formula), lang, where)
        made |= {f"code/{name}.py": text, f"code/{name}.ipynb": as_notebook(formula, text, lang)}
    return made


def files(lang: str, site: str = "") -> dict[str, str | bytes]:
    """{path below the site of one language: content} of what is linked from pages and is no page."""
    made = assets() | programs(lang, site)
    for slug, lab in every().items():
        texts = zip(("ipynb", "py"), notebook.download(lab, lang), strict=True)
        made |= {f"{PAGES}/download/{slug}.{suffix}": text for suffix, text in texts}
    return made


def notebooks(lang: str) -> Path:
    """A folder with a file for the page of each lab: empty, as the page is made from the lab and its run."""
    folder = Path(settings().cache, "pages", lang)
    (folder / PAGES).mkdir(parents=True, exist_ok=True)
    for slug in every():
        (folder / PAGES / f"{slug}.ipynb").touch()
    for path in folder.rglob("*.ipynb"):
        if path.stem not in every():
            path.unlink()
    return folder


def notebook_page(page: Path, path: Path, lang: str, runs: Runs) -> str:
    """The Markdown of a notebook, given the path of its page and its own: of a lab, or of one that is now executed."""
    if lab := of_page(page):
        return lab_page(lab, lang, runs)
    book = notebook.Notebook(path)
    return notebook.markdown(book.with_outputs(run_of(f"notebook {path}", lambda: runs.notebook(book), lang)))


def lab_page(lab: Lab, lang: str, runs: Runs) -> str:
    """A lab with its outputs as a Markdown page."""
    run = run_of(f"lab {lab.slug!r}", lambda: runs.lab(lab.slug), lang)
    return notebook.markdown(notebook.of_lab(lab, run, lang)) + downloads(lab, lang)


def run_of(what: str, load: Callable[[], Value], lang: str) -> Value | None:
    """A run; None without the libraries. One that is still running says so under the first cell."""
    try:
        return load()
    except Running:
        return {"outputs": [[("text", PAGE[lang]["running"])]]}
    except NotRun as error:
        log.warning("%s was not run: %s", what, error)
        return None


def downloads(lab: Lab, lang: str) -> str:
    """What the page of a lab ends with."""
    return f"\n\n{PAGE[lang]['download'].format(f'download/{lab.slug}')}\n"


def beside(site: Path, name: str, root: str = "") -> None:
    """What lies beside the two languages: the page at `/`, the snippets, the evidence for machines, how to cite it."""
    project = settings()
    if text := citation(root):
        (site / CITED.name).write_text(text, "utf-8")
    (site / "index.html").write_text(ROOT_PAGE.read_text("utf-8").replace("{name}", html.escape(name)), "utf-8")
    with zipfile.ZipFile(site / "snippets.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(Path(project.snippets).glob("*.py")):
            archive.writestr(zipfile.ZipInfo(path.as_posix()), path.read_text("utf-8"))  # no date: same bytes each time
    proved = evidence.for_machines(evidence.read(), load_all(project.snippets))
    (site / "verification.json").write_text(dumps(proved, indent=1, ensure_ascii=False) + "\n", "utf-8")


def archive(site: Path, target: str) -> None:
    """All of a site but its books in one file, to be read from a folder without a server. The same bytes each time."""
    with zipfile.ZipFile(site / target, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(site.rglob("*")):
            if path.is_file() and path.suffix not in (".pdf", ".zip", ".gz"):
                name = Path(target).stem / path.relative_to(site)
                packed.writestr(zipfile.ZipInfo(name.as_posix()), path.read_bytes(), zipfile.ZIP_DEFLATED)

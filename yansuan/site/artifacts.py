"""What a site is made of besides the pages in docs/, whatever generator renders them."""

import html
import logging
import re
import zipfile
from json import dumps
from pathlib import Path

from yansuan import evidence
from yansuan.base.settings import settings
from yansuan.base.words import PAGE
from yansuan.formula.formula import load_all
from yansuan.notes.page import LANGS
from yansuan.runs import labs, notebook
from yansuan.runs.lab import all_of

log = logging.getLogger("mkdocs.yansuan")
ROOT_PAGE = Path(__file__).with_name("root.html")
LABS, RUNS = Path("docs/labs"), Path(".cache/labs")


def assets():
    """{path: content} of what cards need: the font, if its packages are installed, and the programs."""
    try:
        from yansuan.site.font import RARE, math_font, stylesheet

        made = {"assets/math.woff2": math_font(RARE), "assets/math.css": stylesheet()}
    except ModuleNotFoundError as error:
        log.info("no math font: readers see formulas in one of theirs (%s: pip install 'yansuan[font]')", error)
        made = {"assets/math.css": ""}
    return made | {f"code/{formula.id}.py": formula.copy for formula in load_all(settings().snippets).values()}


def files(lang):
    """{path below the site of one language: content} of what is linked from pages and is no page."""
    made = assets()
    for slug, lab in all_of(LABS).items():
        made |= {
            f"labs/download/{slug}.{s}": t for s, t in zip(("ipynb", "py"), notebook.download(lab, lang), strict=True)
        }
    return made


def runs():
    """(lab, its run, or None without the libraries) of each lab."""
    for slug, lab in all_of(LABS).items():
        try:
            run = labs.load(LABS, RUNS, slug)
        except labs.NotRun as error:
            log.warning("lab %r was not run: %s", slug, error)
            run = None
        yield lab, run


def downloads(lab, lang):
    """What the page of a lab ends with."""
    return "\n\n" + PAGE[lang]["download"].format(f"download/{lab.slug}") + "\n"


def lab_page(lab, run, lang):
    """A lab with its outputs as a Markdown page: what yansuan/site/jupyter makes of the notebook."""
    parts, outputs = [], iter(run["outputs"] if run else [])
    for language, _, text in lab.cells:
        if language == lang:
            parts.append(text)
        elif language is None and text.strip():
            parts.append(f"``` {{ .python .no-copy }}\n{text}\n```")
            for kind, content in next(outputs) if run else []:
                if kind == "text":
                    parts.append(f'<pre class="ys-output" tabindex="0"><samp>{html.escape(content)}</samp></pre>')
                else:
                    parts.append(f'<div class="ys-lab-figure">{content}</div>')
    return "\n\n".join(parts) + downloads(lab, lang)


def with_button(page, lang, more=""):
    """A button for the other language, in the page from the start: nothing moves when scripts have loaded."""
    other, words = PAGE[lang]["other"], PAGE[lang]["show other"]
    attributes = f'class="ys-both" type="button" data-other="{other}" aria-pressed="false" data-search-exclude'
    return page.replace("</h1>", f"</h1>\n<button {attributes}>{words}</button>{more}", 1)


def with_twins(page, root, address):
    """The page in each language, for search engines; `alternate` alone would make the theme ask for sitemaps there."""
    links = "".join(f'<link rel="alternate " href="{root}{lang}/{address}" hreflang="{lang}">' for lang in LANGS)
    links += f'<link rel="alternate " href="{root}" hreflang="x-default">'
    return re.sub(r'(\s*<link rel="alternate" [^>]*>)+', links, page, count=1)


def beside(site):
    """What lies beside the two languages: the page at `/`, the snippets, the evidence for machines."""
    (site / "index.html").write_text(ROOT_PAGE.read_text("utf-8"), "utf-8")
    with zipfile.ZipFile(site / "snippets.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(Path("snippets").glob("*.py")):
            archive.writestr(zipfile.ZipInfo(path.as_posix()), path.read_text("utf-8"))  # no date: same bytes each time
    proved = evidence.for_machines(evidence.read("build/evidence.json"), load_all("snippets"))
    (site / "verification.json").write_text(dumps(proved, indent=1, ensure_ascii=False) + "\n", "utf-8")

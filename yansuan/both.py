"""MkDocs hook: one `mkdocs build` or `serve` gives both languages, the page at `/`, verification.json, the math font.

A convenience, not a guarantee: either config builds by itself. (Guarantees live in the Markdown extension.)
"""

import json
import logging
import os
import re
import zipfile
from pathlib import Path

import mkdocs_jupyter.config
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page

from yansuan import assets, book, evidence, labs
from yansuan.formula import load_all
from yansuan.policy import protect
from yansuan.search import add_cards, dictionary, mend
from yansuan.text import read

log = logging.getLogger("mkdocs.yansuan")
ROOT_PAGE = Path(__file__).with_name("root.html")
LABS, RUNS = Path("docs/labs"), Path(".cache/labs")
DOWNLOAD = {
    "zh": "下载：[笔记本]({0}.ipynb)、[脚本]({0}.py)。只需要 NumPy、scikit-learn 和 matplotlib。"
    "换一种处理器，求和的次序可能不同，末位数字会变；训练不稳定的地方，变化会更大。",
    "en": "Download: [notebook]({0}.ipynb), [script]({0}.py). They need NumPy, scikit-learn and matplotlib only. "
    "Another processor may take sums in another order: last digits differ, and more where training is unstable.",
}
OTHER = {"zh": ("en", "逐段显示英文"), "en": ("zh", "Chinese under each paragraph")}
ESCAPED = str.maketrans("\ue000\ue001\ue002", "&<>")  # how the template of yansuan/jupyter writes them
END = "\ue003"
PDF = {"zh": "yansuan-zh.pdf", "en": "yansuan-en.pdf"}
state = {"serving": False}
# a template that leaves Markdown for the site to render, instead of 600 kB of HTML
mkdocs_jupyter.config.settings.templates_dir = str(Path(__file__).with_name("jupyter"))


def on_startup(command, dirty):
    dictionary("docs/zh/glossary.md", ".cache/jieba.txt")
    state["serving"] = command == "serve"


def is_first(config):
    return Path(config.config_file_path).name == "mkdocs.yml"


def on_config(config):
    if state["serving"] and is_first(config):  # MkDocs would serve a temporary folder that has room for one language
        config.site_dir = str(Path(config.config_file_path).with_name("site") / "zh")
    return config


@event_priority(100)  # before mkdocs-jupyter looks for notebooks
def on_files(files, config):
    for page in files.documentation_pages():
        read(page.abs_src_path)  # MkDocs would stop at a bad byte without a place
    assets.add(files, config)
    lang = config.theme["language"]
    for slug, lab in labs.all_of(LABS).items():
        try:
            run = labs.load(LABS, RUNS, slug)
        except labs.NotRun as error:
            log.warning("lab %r was not run: %s", slug, error)
            run = None
        page = RUNS / lang / "labs" / f"{slug}.ipynb"
        page.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(labs.notebook(lab, run, lang), ensure_ascii=False)
        if not page.is_file() or page.read_text("utf-8") != text:
            page.write_text(text, "utf-8")
        source = str((RUNS / lang).resolve())
        files.append(file := File(f"labs/{slug}.ipynb", source, config.site_dir, config.use_directory_urls))
        file.lab = lab
        for suffix, content in zip(("ipynb", "py"), labs.download(lab, lang), strict=True):
            files.append(File.generated(config, f"labs/download/{slug}.{suffix}", content=content))
    return files


@event_priority(-100)  # after mkdocs-jupyter has put its own method in the place of page.render
def on_pre_page(page, config, files):
    if page.file.src_uri.endswith(".ipynb"):
        to_markdown = page.render

        def render(config, files):
            to_markdown(config, files)
            page.markdown = page.content.partition(END)[0].translate(ESCAPED)
            if lab := getattr(page.file, "lab", None):
                page.markdown += "\n\n" + DOWNLOAD[config.theme["language"]].format(f"download/{lab.slug}") + "\n"
            Page.render(page, config, files)
            page.title = next((item.title for item in page.toc), page.title)

        page.render = render
    return page


def on_page_content(html, page, config, files):
    """A button for the other language, in the page from the start, so that nothing moves when scripts have loaded."""
    other, words = OTHER[config.theme["language"]]
    attributes = f'class="ys-both" type="button" data-other="{other}" aria-pressed="false" data-search-exclude'
    button = f"<button {attributes}>{words}</button>"
    if os.environ.get("PDF") and page.is_homepage:
        button += f'<p class="ys-pdf"><a href="../{PDF[config.theme["language"]]}" data-search-exclude>PDF</a></p>'
    return html.replace("</h1>", f"</h1>\n{button}", 1)


def on_page_context(context, page, config, nav):
    for language in config.extra["alternate"]:  # the theme knows one address a language, not one a page
        language["link"] = f"../{language['lang']}/{page.url}"


def on_post_page(output, page, config):
    """The page in each language, for search engines; `alternate` alone would make the theme ask for sitemaps there."""
    site = config.site_url.removesuffix(f"{config.theme['language']}/")
    addresses = {lang["lang"]: f"{site}{lang['lang']}/{page.url}" for lang in config.extra["alternate"]}
    links = "".join(f'<link rel="alternate " href="{url}" hreflang="{lang}">' for lang, url in addresses.items())
    links += f'<link rel="alternate " href="{site}" hreflang="x-default">'
    return re.sub(r'(\s*<link rel="alternate" [^>]*>)+', links, output, count=1)


def on_post_build(config):
    mend(config.site_dir, config.extra["synonyms"])
    add_cards(config.site_dir, config.docs_dir, config.theme["language"], load_all("snippets"))
    protect(config.site_dir)
    if os.environ.get("PDF"):
        lang = config.theme["language"]
        book.make(config.site_dir, config.site_url, Path(config.site_dir).parent / PDF[lang])
    if not is_first(config):
        return
    site = Path(config.site_dir).parent
    english = load_config(
        str(Path(config.config_file_path).with_name("mkdocs.en.yml")),
        site_dir=str(site / "en"),
        site_url=config.site_url.removesuffix("zh/") + "en/",
        strict=config.strict,
    )
    build(english, serve_url=english.site_url if state["serving"] else None)
    (site / "index.html").write_text(ROOT_PAGE.read_text("utf-8"), "utf-8")
    with zipfile.ZipFile(site / "snippets.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(Path("snippets").glob("*.py")):
            archive.writestr(zipfile.ZipInfo(path.as_posix()), path.read_text("utf-8"))  # no date: same bytes each time
    proved = evidence.for_machines(evidence.read("build/evidence.json"), load_all("snippets"))
    (site / "verification.json").write_text(json.dumps(proved, indent=1, ensure_ascii=False) + "\n", "utf-8")


def on_serve(server, config, builder):
    server.root, server.mount_path = str(Path(config.site_dir).parent), "/"
    server.url = config.site_url.removesuffix("zh/")
    server.error_handler = lambda code: None
    if (evidence := Path("build")).is_dir():
        server.watch(str(evidence))
    return server

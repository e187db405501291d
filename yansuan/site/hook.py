"""MkDocs hook: one `mkdocs build` or `serve` gives both languages, the page at `/`, verification.json, the math font.

A convenience, not a guarantee: either config builds by itself. (Guarantees live in the Markdown extension.)
"""

import json
import logging
import os
from pathlib import Path

import mkdocs_jupyter.config
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page

from yansuan.base.textfile import read
from yansuan.formula.formula import load_all
from yansuan.runs import notebook
from yansuan.runs.lab import Lab
from yansuan.site import artifacts, pdf, serve
from yansuan.site.csp import let_last_run, protect
from yansuan.site.search import add_cards, dictionary, mend

log = logging.getLogger("mkdocs.yansuan")
ESCAPED = str.maketrans("\ue000\ue001\ue002", "&<>")  # how the template of yansuan/site/jupyter writes them
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


class LabFile(File):
    lab: Lab


@event_priority(100)  # before mkdocs-jupyter looks for notebooks
def on_files(files, config):
    for page in files.documentation_pages():
        read(page.abs_src_path)  # MkDocs would stop at a bad byte without a place
    lang = config.theme["language"]
    for path, content in artifacts.files(lang).items():
        files.append(File.generated(config, path, content=content))
    source = (artifacts.RUNS / lang).resolve()
    for lab, run in artifacts.runs():
        page = source / "labs" / f"{lab.slug}.ipynb"
        page.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(notebook.notebook(lab, run, lang), ensure_ascii=False)
        if not page.is_file() or page.read_text("utf-8") != text:
            page.write_text(text, "utf-8")
        file = LabFile(f"labs/{lab.slug}.ipynb", str(source), config.site_dir, config.use_directory_urls)
        file.lab = lab
        files.append(file)
    return files


def on_env(env, config, files):
    serve.keep(config.theme["language"], config=config, files=files, env=env)


def on_nav(nav, config, files):
    serve.keep(config.theme["language"], nav=nav)


@event_priority(-100)  # after mkdocs-jupyter has put its own method in the place of page.render
def on_pre_page(page, config, files):
    if page.file.src_uri.endswith(".ipynb"):
        to_markdown = page.render

        def render(config, files):
            to_markdown(config, files)
            page.markdown = page.content.partition(END)[0].translate(ESCAPED)
            if lab := getattr(page.file, "lab", None):
                page.markdown += artifacts.downloads(lab, config.theme["language"])
            Page.render(page, config, files)
            page.title = next((item.title for item in page.toc), page.title)

        page.render = render
    return page


def on_page_content(html, page, config, files):
    lang, pdf = config.theme["language"], ""
    if os.environ.get("PDF") and page.is_homepage:
        pdf = f'<p class="ys-pdf"><a href="../{PDF[lang]}" data-search-exclude>PDF</a></p>'
    return artifacts.with_button(html, lang, pdf)


def on_page_context(context, page, config, nav):
    for language in config.extra["alternate"]:  # the theme knows one address a language, not one a page
        language["link"] = f"../{language['lang']}/{page.url}"


def on_post_page(output, page, config):
    return artifacts.with_twins(output, config.site_url.removesuffix(f"{config.theme['language']}/"), page.url)


def on_post_build(config):
    mend(config.site_dir, config.extra["synonyms"])
    add_cards(config.site_dir, config.docs_dir, config.theme["language"], load_all("snippets"))
    serve.keep(config.theme["language"], policy=protect(config.site_dir))
    if os.environ.get("PDF"):
        lang = config.theme["language"]
        pdf.make(config.site_dir, config.site_url, Path(config.site_dir).parent / PDF[lang])
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
    artifacts.beside(site)


def on_serve(server, config, builder):
    server.root, server.mount_path = str(Path(config.site_dir).parent), "/"
    server.url = config.site_url.removesuffix("zh/")
    server.error_handler = lambda code: None
    server.builder = serve.Live(server, builder)
    inject = server._inject_js_into_html  # a script that waits for the next build and reloads the page
    server._inject_js_into_html = lambda content, epoch: let_last_run(inject(content, epoch))
    if (evidence := Path("build")).is_dir():
        server.watch(str(evidence))
    return server

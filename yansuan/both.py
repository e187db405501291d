"""MkDocs hook: one `mkdocs build` or `serve` gives both languages, the page at `/`, verification.json, the math font.

A convenience, not a guarantee: either config builds by itself. (Guarantees live in the Markdown extension.)
"""

import json
import logging
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.structure.files import File

from yansuan import evidence
from yansuan.font import math_font
from yansuan.formula import load_all

log = logging.getLogger("mkdocs.yansuan")
ROOT_PAGE = Path(__file__).with_name("root.html")
state = {"serving": False}


def on_startup(command, dirty):
    state["serving"] = command == "serve"


def is_first(config):
    return Path(config.config_file_path).name == "mkdocs.yml"


def on_config(config):
    if state["serving"] and is_first(config):  # MkDocs would serve a temporary folder that has room for one language
        config.site_dir = str(Path(config.config_file_path).with_name("site") / "zh")
    return config


def on_files(files, config):
    files.append(File.generated(config, "assets/math.woff2", content=math_font()))
    return files


def on_post_build(config):
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
    proved = evidence.for_machines(evidence.read("build/evidence.json"), load_all("snippets"))
    (site / "verification.json").write_text(json.dumps(proved, indent=1, ensure_ascii=False) + "\n", "utf-8")


def on_serve(server, config, builder):
    server.root, server.mount_path = str(Path(config.site_dir).parent), "/"
    server.url = config.site_url.removesuffix("zh/")
    server.error_handler = lambda code: None
    if (evidence := Path("build")).is_dir():
        server.watch(str(evidence))
    return server

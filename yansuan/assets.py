"""What cards need beside their page: style, script, the math font, each card's program as a file.

For any MkDocs site: `plugins: [yansuan]`. This site's own hook (yansuan/both.py) adds the same.
"""

import logging
from pathlib import Path

from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File

from yansuan.formula import load_all
from yansuan.settings import settings

log = logging.getLogger("mkdocs.yansuan")
HERE = Path(__file__).parent / "theme" / "assets"


def add(files, config):
    """Add the font, if its packages are installed, and the programs."""
    try:
        from yansuan.font import RARE, math_font, stylesheet

        generated = {"assets/math.woff2": math_font(RARE), "assets/math.css": stylesheet()}
    except ModuleNotFoundError as error:
        log.info("no math font: readers see formulas in one of theirs (%s: pip install 'yansuan[font]')", error)
        generated = {"assets/math.css": ""}
    generated |= {f"code/{formula.id}.py": formula.copy for formula in load_all(settings().snippets).values()}
    for name, content in generated.items():
        files.append(File.generated(config, name, content=content))


class AssetsPlugin(BasePlugin):
    def on_config(self, config):
        config.extra_css[:0] = ["assets/math.css", "assets/yansuan.css"]
        config.extra_javascript.append("assets/yansuan.js")
        for name in {"yansuan", "yansuan.extension"} & set(config.markdown_extensions):
            config.mdx_configs.setdefault(name, {}).setdefault("programs", True)
        return config

    def on_files(self, files, config):
        add(files, config)
        for path in sorted(HERE.iterdir()):
            files.append(File.generated(config, f"assets/{path.name}", content=path.read_text("utf-8")))
        return files

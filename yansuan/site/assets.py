"""What cards need beside their page: style, script, the math font, each card's program as a file.

For any MkDocs site: `plugins: [yansuan]`. This site's own hook (yansuan/site/hook.py) adds the same.
"""

from pathlib import Path

from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File

from yansuan.site import artifacts

HERE = Path(__file__).parent / "theme" / "assets"


class AssetsPlugin(BasePlugin):
    def on_config(self, config):
        config.extra_css[:0] = ["assets/math.css", "assets/yansuan.css"]
        config.extra_javascript.append("assets/yansuan.js")
        for name in {"yansuan"} & set(config.markdown_extensions):
            config.mdx_configs.setdefault(name, {}).setdefault("programs", True)
        return config

    def on_files(self, files, config):
        for name, content in artifacts.assets().items():
            files.append(File.generated(config, name, content=content))
        for path in sorted(HERE.iterdir()):
            files.append(File.generated(config, f"assets/{path.name}", content=path.read_text("utf-8")))
        return files

"""What a configuration leaves to its language: titles of nav, names of buttons, addresses, what our templates are told.

For MkDocs and for Zensical: both have a mapping with the same keys.
"""

import re
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from yansuan.base.errors import YansuanError
from yansuan.base.settings import settings
from yansuan.base.words import PAGE
from yansuan.formula.bilingual import languages
from yansuan.site.share import CITED, FEED, tested, today, version

FOLDER = Path(__file__).with_name("theme")  # its templates: ours before those of the generator's theme
PDF = "yansuan-{lang}.pdf"
ARCHIVE = "yansuan.zip"


def language(name: str | None) -> str:
    """The language of a site, given that of its theme; one that the project does not have is none of ours."""
    return name if name in settings().languages else settings().languages[-1]


def root(address: str | None) -> str:
    """The address above both languages, given that of one."""
    return re.sub(rf"(?<=/)({'|'.join(settings().languages)})/$", "", address or "")


def prepare(config: MutableMapping[str, Any], lang: str) -> None:
    """Add to a configuration of either generator what cards need, and names of buttons in its language."""
    styles = ("math", "yansuan", "card", "home", "nav", "reference")
    config.setdefault("extra_css", [])[:0] = [f"assets/{name}.css" for name in styles]
    scripts = ("yansuan", "reading", "reference")
    config.setdefault("extra_javascript", []).extend(f"assets/{name}.js" for name in scripts)
    palette = config["theme"].get("palette")
    for part in palette if isinstance(palette, list) else []:
        if "toggle" in part:
            part["toggle"].setdefault("name", PAGE[lang]["light" if part.get("scheme") == "slate" else "dark"])


def pair(
    config: MutableMapping[str, Any], lang: str, pdf: bool = False, archive: bool = False, share: bool = False
) -> None:
    """Make a configuration that of one of two languages. Raises YansuanError for a title of nav that is in one only."""
    if config.get("nav"):
        config["nav"] = translated(config["nav"], lang)
    above = root(config.get("site_url"))
    config["site_url"] = f"{above}{lang}/" if above else ""
    config.setdefault("extra", {}).update(
        alternate=True,  # asks the theme for its switch of languages, and for none of its links to the start of each
        yansuan={
            "lang": lang,
            "languages": [{"lang": name, "name": PAGE[name]["language"]} for name in settings().languages],
            "other": PAGE[lang]["other"],
            "show_other": PAGE[lang]["show other"],
            "words": PAGE[lang],
            "version": version(),
            "cited": CITED.name if CITED.is_file() else "",
            "archive": ARCHIVE if archive else "",
            "feed": FEED if share else "",
            "tested": tested(),
            "year": (tested() or today())[:4],
            "repository": (config["extra"].get("repository") or "").rstrip("/"),
            "root": above,
            "pdf": PDF.format(lang=lang) if pdf else "",
        },
    )


def translated(items: list[Any], lang: str) -> list[Any]:
    """nav in one language: a title is written 'English | 中文'."""
    return [
        {title(name, lang): translated(part, lang) if isinstance(part, list) else part for name, part in item.items()}
        if isinstance(item, dict)
        else item
        for item in items
    ]


def title(text: str, lang: str) -> str:
    both: dict[str, str] | None = languages(text)
    if both is None:
        for path in sorted(Path().glob("mkdocs*.yml")):
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                if re.match(rf"\s*- {re.escape(text)}:", line):
                    raise YansuanError(path, number, f"nav: {text!r} in one language: write 'English | 中文'")
        raise YansuanError("mkdocs.yml", 1, f"nav: {text!r} in one language: write 'English | 中文'")
    return both[lang]

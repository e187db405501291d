"""Where a project keeps what, and in which languages: `[tool.yansuan]` in its pyproject.toml, or what stands here."""

import os
import re
import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from yansuan.base.errors import YansuanError
from yansuan.base.textfile import read


@dataclass(frozen=True)
class Settings:
    """Every path of a project, from its root. `{docs}` stands for the setting of that name."""

    snippets: str = "snippets"  # a package: a family a file, a function a formula
    docs: str = "docs"  # the pages; with two languages, of each in a folder of its own: docs/zh, docs/en
    tests: str = "tests"
    evidence: str = "tests/evidence.json"  # tracked: what the last whole green test run proved, read by the cards
    report: str = "build/report.json"  # not tracked: what that run measured on this machine
    figures: str = "{docs}/figures"  # scripts that draw
    labs: str = "{docs}/labs"  # notebooks as text
    sources: str = "{docs}/sources.csv"  # where each place of each source is treated
    papers: str = "{docs}/papers.csv"  # the papers on the list and their pages
    aliases: str = "{docs}/aliases.csv"  # what readers type for a page, a section or a card: search finds it
    news: str = "{docs}/news.csv"  # since when a page or an erratum is there: the feed
    cache: str = ".cache"  # what is computed once; may be deleted at any time
    licence: str = ""  # of the code, by its SPDX name: copied programs name it
    languages: tuple[str, ...] = ("zh", "en")  # of titles, symbol rows and pages; one alone is fine

    def __post_init__(self) -> None:
        for field in fields(self):
            if isinstance(path := getattr(self, field.name), str):
                object.__setattr__(self, field.name, path.replace("{docs}", self.docs))

    @property
    def package(self) -> str:
        """The import name of the snippets."""
        return ".".join(Path(self.snippets).parts)

    @property
    def tests_package(self) -> str:
        """The import name of the folder of the witnesses."""
        return ".".join(Path(self.tests).parts)

    @property
    def page_folders(self) -> list[Path]:
        """The folder of each language's pages."""
        return [self.pages(lang) for lang in self.languages]

    def pages(self, lang: str) -> Path:
        """The folder of one language's pages."""
        return Path(self.docs, lang) if len(self.languages) > 1 else Path(self.docs)


def settings() -> Settings:
    """The settings of the project in the working directory. Raises YansuanError for what is not a setting."""
    try:
        return _read(os.getcwd(), os.stat("pyproject.toml").st_mtime_ns)
    except FileNotFoundError:
        return Settings()


@cache
def _read(folder: str, stamp: int) -> Settings:
    path = Path(folder, "pyproject.toml")
    text = read(path)
    try:
        given: dict[str, Any] = tomllib.loads(text).get("tool", {}).get("yansuan", {})
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise YansuanError(path, int(line[1]) if line else 1, f"not TOML: {error}") from None
    defaults = Settings()
    for name, value in given.items():
        row = re.search(rf"^{re.escape(name)}\s*=", text, re.M)
        at = text.count("\n", 0, row.start() if row else len(text)) + 1
        known = {field.name: getattr(defaults, field.name) for field in fields(Settings)}
        if name not in known:
            raise YansuanError(path, at, f"[tool.yansuan] knows {', '.join(known)}, not {name!r}")
        if not isinstance(value, list if isinstance(known[name], tuple) else str):
            raise YansuanError(path, at, f"{name} is {value!r}: write {known[name]!r} or the like")
        if name == "languages" and not (0 < len(value) <= 2 and {*value} <= {*defaults.languages}):
            raise YansuanError(path, at, f'languages is {value!r}: write ["zh", "en"], ["en"] or ["zh"]')
    return Settings(**given | {"languages": tuple(given.get("languages", defaults.languages))})

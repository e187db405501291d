"""What has changed since it was last green: functions, pages and their lists, by fingerprint."""

import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from yansuan.base.settings import settings
from yansuan.formula.formula import load_all
from yansuan.formula.module import read
from yansuan.notes.page import Page, pages
from yansuan.proof.judges import Keys, functions
from yansuan.proof.sources import Sources

KINDS = ("sources", "functions", "pages")

Prints = dict[str, dict[str, str]]  # of each kind, {name: hash}


@dataclass(frozen=True)
class Changes:
    """The names that are new, or not what they were when they were last green."""

    sources: frozenset[str] = frozenset()  # functions whose own text has changed
    functions: frozenset[str] = frozenset()  # functions of which something has, or of what they call or what tests them
    pages: frozenset[str] = frozenset()  # pages, and lists of pages

    def __bool__(self) -> bool:
        return bool(self.sources or self.functions or self.pages)

    @property
    def callers(self) -> frozenset[str]:
        """Functions that have not changed themselves: tested, but not by all that tests them."""
        return self.functions - self.sources

    def concern(self, name: str) -> bool:
        """Whether a formula is to be tested."""
        return name in self.functions or name in self.sources

    @property
    def families(self) -> set[str]:
        return {name.partition(".")[0] for name in self.functions | self.sources}


@dataclass(frozen=True, eq=False)
class Seen:
    """What `yansuan check` has found out before it starts pytest: a plugin, so that the run is about just that."""

    prints: Prints
    changes: Changes
    sources: Sources

    @classmethod
    def now(cls, sources: Sources | None = None) -> "Seen":
        """Look, and keep for the next command what was read."""
        sources = sources or Sources.kept(settings().cache)
        prints = fingerprints(sources)
        sources.keep(settings().cache)
        return cls(prints, changed(prints), sources)


def changed(now: Prints) -> Changes:
    """What is not as it was when it was last green."""
    before = checked()
    new = {kind: {name for name in now[kind] if before[kind].get(name) != now[kind][name]} for kind in KINDS}
    return Changes(**{kind: frozenset(names) for kind, names in new.items()})


def fingerprints(sources: Sources | None = None) -> Prints:
    """Of functions with all they call and what tests them, of their own text, of pages and their lists."""
    keys, every = Keys(sources), functions()
    lists = [*Path(settings().docs).glob("*.csv"), *Path().glob("mkdocs*.yml")]  # of pages
    said = {name: formula.text_digest for name, formula in load_all(settings().snippets).items()}  # by its family, too
    return {
        "sources": {f.label: _hash((read(f.path).source(f.node) + said.get(f.label, "")).encode()) for f in every},
        "functions": {f.label: keys.of(f, {f.path.stem}) for f in every},
        "pages": {p.as_posix(): _hash(p.read_bytes()) for p in [*pages(), *lists]},
    }


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def record_file() -> Path:
    """Where it is kept what was last green."""
    return Path(settings().cache, "checked.json")


def checked() -> Prints:
    """The fingerprints of what was last green; at first, those of the last commit, which is taken to have been."""
    if (known := _recorded()) is None:
        record(known := committed())
    return known


def _recorded() -> Prints | None:
    """What is kept; None if there is nothing, or something damaged."""
    try:
        known = json.loads(record_file().read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    whole = isinstance(known, dict) and all(isinstance(known.get(kind), dict) for kind in KINDS)
    return {kind: known[kind] for kind in KINDS} if whole else None


def record(prints: Mapping[str, Mapping[str, str]]) -> None:
    """Keep these as what was last green."""
    path = record_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f"{path.name}.{os.getpid()}")
    made.write_text(json.dumps(prints, indent=1) + "\n", "utf-8")
    made.replace(path)


def twins(page: str) -> list[str]:
    """The page in the other language, if the project has two."""
    two = len(settings().languages) > 1 and page.endswith(".md")
    return [Page(page).twin.as_posix()] if two else []


def committed() -> Prints:
    """The fingerprints of the last commit; none without git."""
    none: Prints = {kind: {} for kind in KINDS}
    try:
        archive = subprocess.run(["git", "archive", "--format=zip", "HEAD"], capture_output=True, check=False)
    except FileNotFoundError:
        return none
    if archive.returncode:
        return none
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(io.BytesIO(archive.stdout)).extractall(folder)
        command = "import json; from yansuan.proof.changed import fingerprints; print(json.dumps(fingerprints()))"
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
        done = subprocess.run(
            [sys.executable, "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        found: Prints = none if done.returncode else json.loads(done.stdout)
        return found

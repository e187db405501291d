"""What a page builds on: the links of its line "You need: …", which a reader is to have read before."""

import os
import re
from functools import lru_cache
from pathlib import Path

from yansuan.base.textfile import read
from yansuan.notes.scan import scan

LINE = re.compile(r"^(?:\*\*)?(?:You need|你?需要(?:先(?:知道|读))?)[:：].*$", re.M)
SENTENCE = re.compile(r"[.。](?=\s|[^\x00-\x7f]|$)")


def needs(page: Path, docs: Path) -> list[Path]:
    """The pages that one builds on, in its order, as paths below `docs`: of the first sentence of that line."""
    at = page.stat()
    return [Path(path) for path in _needs(page.absolute(), docs.absolute(), at.st_mtime_ns, at.st_size)]


@lru_cache(maxsize=4096)
def _needs(page: Path, docs: Path, changed: int, size: int) -> tuple[str, ...]:
    found = scan(read(page))
    line = LINE.search(found.masked)
    if not line:
        return ()
    links = [span for span in found.of("link") if line.start() <= span.start < line.end()]
    masked = line[0]
    for span in links:  # an address has dots too
        masked = masked[: span.start - line.start()] + "_" * len(span.text) + masked[span.end - line.start() :]
    stop = SENTENCE.search(masked)
    end = line.start() + (stop.start() if stop else len(masked))
    there = (os.path.normpath(page.parent / span.inside.partition("#")[0]) for span in links if span.start < end)
    return tuple(dict.fromkeys(os.path.relpath(p, docs) for p in there if p.endswith(".md") and p != str(page)))


def graph(docs: Path) -> dict[str, list[str]]:
    """{page: the pages that it builds on}, of all pages that build on one or on which one builds."""
    every = {p.relative_to(docs).as_posix(): needs(p, docs) for p in sorted(docs.rglob("*.md"))}
    linked = {name: [n.as_posix() for n in found if n.as_posix() in every] for name, found in every.items()}
    used = {name for found in linked.values() for name in found}
    return {name: found for name, found in linked.items() if found or name in used}


def users(docs: Path) -> dict[str, list[str]]:
    """{page: the pages that build on it}."""
    found: dict[str, list[str]] = {}
    for name, its in graph(docs).items():
        for used in its:
            found.setdefault(used, []).append(name)
    return found

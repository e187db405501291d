"""Links between pages: each leads to a place."""

import difflib
import os
import re
from pathlib import Path

from yansuan.base.errors import shown
from yansuan.base.settings import settings
from yansuan.base.textfile import read
from yansuan.notes.scan import scan


def dead_links(page: Path) -> list[str]:
    """Links to pages that are not there, or to no heading or card of theirs, as `file:line: …` lines."""
    faults = []
    for link in scan(read(page)).of("link"):
        name, _, anchor = link.inside.partition("#")
        if not (name.endswith(".md") or (not name and anchor)) or re.match("[a-z]+:", name):
            continue  # to another site, or to a file
        path = Path(os.path.normpath(page.parent / name)) if name else page
        if why := nothing_at(path, anchor):
            faults.append(f"{shown(page)}:{link.line}: link {link.inside!r}: {why}")
    return faults


def nothing_at(path: Path, anchor: str) -> str | None:
    """Why a link leads nowhere, and the cure; None if it leads to a place."""
    if not path.is_file():
        near = difflib.get_close_matches(path.name, [p.name for p in path.parent.glob("*.md")], 1)
        cure = f"did you mean {near[0]!r}?" if near else "write it, or correct the link"
        return f"no page {shown(path)}: {cure}"
    if not anchor or len(settings().languages) == 1:  # in one language headings need no ids of their own
        return None
    if anchor in (known := scan(read(path)).ids):
        return None
    near = difflib.get_close_matches(anchor, known, 1)
    cure = f"did you mean '#{near[0]}'?" if near else "give its heading that id, or correct the link"
    return f"no #{anchor} on {shown(path)}: {cure}"

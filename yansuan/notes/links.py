"""Links between pages: each leads to a place."""

import difflib
import os
import re
from pathlib import Path

from yansuan.base.errors import shown
from yansuan.base.settings import settings
from yansuan.base.textfile import read
from yansuan.notes.scan import CODE, FENCE, blank

LINK = re.compile(r"\]\(((?![a-z]+:)[^)\s#]*\.md(?:#[^)\s]+)?|#[^)\s]+)[^)]*\)")  # to a page, or on this one


def dead_links(page):
    """Links to pages that are not there, or to no heading or card of theirs, as `file:line: …` lines."""
    text, faults = read(page), []
    for m in LINK.finditer(blank(CODE, blank(FENCE, text))):
        name, _, anchor = m[1].partition("#")
        path = Path(os.path.normpath(page.parent / name)) if name else page
        if why := nothing_at(path, anchor):
            faults.append(f"{shown(page)}:{text.count(chr(10), 0, m.start()) + 1}: link {m[1]!r}: {why}")
    return faults


def nothing_at(path, anchor):
    """Why a link leads nowhere, and the cure; None if it leads to a place."""
    if not path.is_file():
        near = difflib.get_close_matches(path.name, [p.name for p in path.parent.glob("*.md")], 1)
        cure = f"did you mean {near[0]!r}?" if near else "write it, or correct the link"
        return f"no page {shown(path)}: {cure}"
    if not anchor or len(settings().languages) == 1:  # in one language headings need no ids of their own
        return None
    if anchor in (known := places(path)):
        return None
    near = difflib.get_close_matches(anchor, known, 1)
    cure = f"did you mean '#{near[0]}'?" if near else "give its heading that id, or correct the link"
    return f"no #{anchor} on {shown(path)}: {cure}"


def places(path):
    """What a link can lead to on a page: headings and whatever else has an id, cards, verdicts."""
    text = read(path)
    ids = re.findall(r"\{[^}\n]*#([\w.-]+)|\bid=\"([^\"]+)\"|^/// (?:formula|derivation) \| (\S+)", text, re.M)
    verdicts = re.findall(r"^/// verdict \| (\S+)", text, re.M)
    return {name for groups in ids for name in groups if name} | {f"verdict-{name}" for name in verdicts}

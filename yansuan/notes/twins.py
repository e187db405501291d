"""Two languages, one book: `docs/zh` and `docs/en` hold the same pages, section by section.

A page's front matter records, for each section, the hash its twin's section had when the two were last matched:

    twin:
      landscape: 1f3a9c02

Editing one language alone makes the other page's record stale, until somebody has looked at both and run
`python -m yansuan match docs/en/….md`.
"""

from collections import Counter
from pathlib import Path

from yansuan.base.errors import YansuanError, shown
from yansuan.notes.page import Page


def differences(one: Page, other: Page) -> list[str]:
    """What the page `one` has and its twin has not, and the other way round, as `file:line: …` lines."""
    faults = []
    for (kind, here), (_, there) in zip(one.in_order(), other.in_order(), strict=True):
        for i in range(max(len(here), len(there))):
            left, right = (side[i] if i < len(side) else ("nothing", None) for side in (here, there))
            if left[0] != right[0]:
                page, (what, line), twin, (instead, _) = (
                    (one, left, other, right) if left[1] else (other, right, one, left)
                )
                faults.append(
                    f"{shown(page.path)}:{line}: {kind} {what.splitlines()[0]!r} where {shown(twin.path)} has "
                    f"{instead.splitlines()[0]!r}{hint(what, instead)}: make them the same"
                )
                break
    for (kind, here), (_, there) in zip(one.in_any_order(), other.in_any_order(), strict=True):
        counts, others = (Counter(what for what, _ in side) for side in (here, there))
        for page, twin, found, extra in ((one, other, here, counts - others), (other, one, there, others - counts)):
            for what, count in extra.items():
                line = next(line for text, line in found if text == what)
                faults.append(
                    f"{shown(page.path)}:{line}: {kind} {what!r} {count} time(s) more than in {shown(twin.path)}: "
                    "say the same in both languages"
                )
    return faults


def hint(what: str, instead: str) -> str:
    """The first line in which two code blocks of the same opening differ."""
    if what.splitlines()[0] != instead.splitlines()[0]:
        return ""
    pairs = zip(what.splitlines(), instead.splitlines(), strict=False)
    return next((f", differing at {a!r} against {b!r}" for a, b in pairs if a != b), ", and longer")


def stale(page: Page) -> list[str]:
    """Sections whose twin has been edited since the two were last matched, as `file:line: …` lines."""
    other = Page(page.twin)
    faults = []
    for section in page.sections:
        now = {s.id: s.hash for s in other.sections}.get(section.id)
        if now is not None and page.record.get(section.id) != now:
            why = "has changed since this was matched with it" if section.id in page.record else "was never matched"
            faults.append(
                f"{shown(page.path)}:{section.line}: #{section.id}: its twin in {shown(other.path)} {why}: "
                f"compare the two, then run 'python -m yansuan match {shown(page.path)}'"
            )
    return faults


def match(path: Path | str) -> list[str]:
    """Record that a page and its twin say the same as they stand now, in both. Returns the ids that were stale."""
    page = Page(path)
    if not page.twin.is_file():
        raise YansuanError(path, 1, f"no twin: write {shown(page.twin)}")
    if faults := differences(page, Page(page.twin)):
        raise ValueError("\n".join(faults))
    changed: set[str] = set()
    for this in (page, Page(page.twin)):
        hashes = {s.id: s.hash for s in Page(this.twin).sections}
        changed |= {name for name, value in hashes.items() if this.record.get(name) != value}
        rows = "".join(f"  {name}: '{value}'\n" for name, value in hashes.items())
        this.path.write_text(f"---\n{this.front}twin:\n{rows}---\n\n{this.text[this.scan.offset :]}", "utf-8")
    return sorted(changed)

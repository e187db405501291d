"""docs/sources.csv leaves nothing of the sources out: every line of the five copies has a row, and every row a place."""

import re
from pathlib import Path

import pytest

from yansuan.notes.page import LANGS, Page
from yansuan.notes.shelf import all_rows
from yansuan.runs import lab

pytestmark = pytest.mark.pages
LINES = {"S0": 114, "S1": 20, "S2": 147, "S3": 66, "S4": 347}  # of the copies
NUMBERED = all_rows("docs/sources.csv", "source")
ROWS = [row for _, row in NUMBERED]
LABS = lab.every()


def span(place):
    first, _, last = place.partition("–")
    return int(first), int(last or first)


def missing(rows, lines):
    """The lines that no row covers."""
    covered = {n for row in rows for n in range(span(row["place"])[0], span(row["place"])[1] + 1)}
    return sorted(set(range(1, lines + 1)) ^ covered)


@pytest.mark.parametrize("source", LINES)
def test_every_line_of_the_source_has_a_row(source):
    rows = [row for row in ROWS if row["source"] == source]
    assert not (lines := missing(rows, LINES[source])), (
        f"docs/sources.csv:1: {source}: no row for its lines {lines}, or no such lines: cover 1–{LINES[source]}"
    )
    starts = [span(row["place"])[0] for row in rows]
    assert starts == sorted(starts), f"docs/sources.csv:1: {source}: sort its rows by the line they begin with"


def test_a_forgotten_line_is_noticed():
    rows = [row for row in ROWS if row["source"] == "S4"]
    assert missing([row for row in rows if row["place"] != "12–18"], LINES["S4"]) == [12, 13, 14, 15, 16, 17, 18]
    assert missing([*rows, {"place": "340–348"}], LINES["S4"]) == [348]


def test_no_source_is_unknown():
    assert {row["source"] for row in ROWS} == LINES.keys()


def anchors(page, lang):
    path = Path("docs", lang, page)
    if path.suffix == ".ipynb":
        return set(re.findall(r"\{#([\w.-]+)\}", LABS[path.stem].prose(lang)))
    return {section.id for section in Page(path).sections}


def row_fault(row):
    """Why a row does not lead to a place in both languages, nor says why not; and the cure."""
    if not (row["en"] and row["zh"]):
        return "what is there, in one language: fill in en and zh"
    if not bool(row["page"]) == bool(row["anchor"]) != bool(row["reason"]):
        return "either a page and an anchor or a reason: fill in one of the two"
    if row["reason"]:
        said = re.fullmatch(r"[^|]+ \| [^|]+", row["reason"])
        return None if said else "a reason in one language: write 'English | 中文'"
    for lang in LANGS:
        if not Path("docs", lang, row["page"]).is_file() and not row["page"].endswith(".ipynb"):
            return f"there is no page docs/{lang}/{row['page']}: write it, or give a reason"
        if row["anchor"] not in anchors(row["page"], lang):
            return f"docs/{lang}/{row['page']} has no #{row['anchor']}: name one of its headings"
    return None


@pytest.mark.parametrize(
    ("line", "row"), NUMBERED, ids=[f"{row['source']}-{row['place']}-{row['anchor']}" for row in ROWS]
)
def test_a_row_leads_to_a_place_or_says_why_not(line, row):
    assert not (fault := row_fault(row)), f"docs/sources.csv:{line}: {fault}"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"zh": ""}, "what is there, in one language"),
        ({"reason": "because | 因为"}, "either a page and an anchor or a reason"),
        ({"anchor": ""}, "either a page and an anchor or a reason"),
        ({"page": "", "anchor": "", "reason": "because"}, "a reason in one language"),
        ({"page": "papers/gone.md"}, "there is no page docs/zh/papers/gone.md: write it, or give a reason"),
        ({"anchor": "gone"}, "docs/zh/papers/vae-2013.md has no #gone: name one of its headings"),
    ],
)
def test_a_row_that_leads_nowhere_is_noticed(change, fault):
    row = next(row for row in ROWS if row["page"] == "papers/vae-2013.md")
    assert row_fault(row) is None
    assert row_fault(row | change).startswith(fault)


def test_every_erratum_of_a_source_is_reached_from_it():
    """Every entry of the errata that quotes a source has a row that leads to it."""
    entries = [s for s in Page("docs/en/errata.md").sections if s.level == 3]
    reached = {row["anchor"] for row in ROWS if row["page"] == "errata.md"}
    assert reached <= {s.id for s in entries}
    assert {s.id for s in entries} - reached == {"theorem"}, "which is about notes of third parties"


def unreached(rows, papers):
    """Pages on papers that the source lists, to which none of its rows leads. What it does not list needs none."""
    reached = {row["page"] for row in rows if row["source"] == "S2"}
    return [
        f"docs/papers.csv:{line}: no row of S2 in docs/sources.csv leads to {row['page']}: add one for the line of its name"
        for line, row in papers
        if row["listed"] and row["page"] and row["page"] not in reached
    ]


def test_every_note_on_a_paper_of_the_index_is_reached_from_it():
    papers = all_rows("docs/papers.csv", "section")
    assert not (faults := unreached(ROWS, papers)), "\n".join(faults)
    line, listed = next((line, row) for line, row in papers if row["page"] and row["listed"])
    rows = [row for row in ROWS if row["page"] != listed["page"]]
    assert unreached(rows, papers) == [
        f"docs/papers.csv:{line}: no row of S2 in docs/sources.csv leads to {listed['page']}: add one for the line of its name"
    ]
    assert not unreached(rows, [(line, listed | {"listed": ""})])

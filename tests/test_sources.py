"""docs/sources.csv leaves nothing of the sources out: every line of the five copies has a row, and every row a place."""

import csv
import re
from pathlib import Path

import pytest

from yansuan import labs
from yansuan.pages import LANGS, Page

LINES = {"S0": 114, "S1": 20, "S2": 147, "S3": 66, "S4": 347}  # of the copies
with Path("docs/sources.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
LABS = labs.all_of("docs/labs")


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
    assert missing(rows, LINES[source]) == []
    starts = [span(row["place"])[0] for row in rows]
    assert starts == sorted(starts)


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


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['source']}-{row['place']}-{row['anchor']}")
def test_a_row_leads_to_a_place_or_says_why_not(row):
    assert row["en"]
    assert row["zh"]
    assert bool(row["page"]) == bool(row["anchor"]) != bool(row["reason"])
    if row["reason"]:
        assert re.fullmatch(r"[^|]+ \| [^|]+", row["reason"])
    else:
        for lang in LANGS:
            assert row["anchor"] in anchors(row["page"], lang)


def test_every_erratum_of_a_source_is_reached_from_it():
    """Every entry of the errata that quotes a source has a row that leads to it."""
    entries = [s for s in Page("docs/en/errata.md").sections if s.level == 3]
    reached = {row["anchor"] for row in ROWS if row["page"] == "errata.md"}
    assert reached <= {s.id for s in entries}
    assert {s.id for s in entries} - reached == {"theorem"}, "which is about notes of third parties"


def test_every_note_on_a_paper_or_subject_of_the_index_is_reached_from_it():
    notes = {
        p.relative_to("docs/en").as_posix() for d in ("papers", "knowledge") for p in Path("docs/en", d).glob("*.md")
    }
    reached = {row["page"] for row in ROWS if row["source"] == "S2"}
    assert not (missed := notes - reached), f"docs/sources.csv: no row of S2 leads to {sorted(missed)}: write one"

"""The lists of a project as CSV: where the sources went, and the papers of the shelf."""

import csv
import io
import re
from pathlib import Path

from yansuan.base.errors import YansuanError
from yansuan.base.textfile import read

Row = dict[str, str]


def arxiv_month(number: str) -> str:
    return f"20{number[:2]}-{number[2:4]}"


def paper_fault(row: Row) -> str | None:
    """What is wrong with a row of docs/papers.csv, and the cure. The source does not list a paper without `listed`."""
    if empty := [name for name in ("title", "authors") if not row[name]]:
        return f"no {empty[0]}: fill it in"
    if bool(row["name"]) != bool(row["listed"]):
        return "name and listed are what the source says of the paper: fill in both, or neither if it does not list it"
    if row["arxiv"] and not re.fullmatch(r"\d{4}\.\d{4,5}", row["arxiv"]):
        return f"arxiv is {row['arxiv']!r}: write it as 1502.03167"
    if row["listed"] and not re.fullmatch(MONTH, row["listed"]):
        return f"listed is {row['listed']!r}: write it as 2015-02"
    if not re.fullmatch(rf"{MONTH}|\d{{4}}", row["month"]):
        return f"month is {row['month']!r}: write it as 2015-02, or 2015 if the month is not known"
    if not (row["arxiv"] or row["venue"]):
        return "neither an arXiv number nor a venue: fill in one of the two"
    if row["arxiv"] and row["month"] != (month := arxiv_month(row["arxiv"])):
        return f"month is {row['month']} and the arXiv number says {month}: one of the two is wrong"
    if row["correction"] and not row["listed"]:
        return "a correction of what the source does not list: fill in listed, or leave the correction empty"
    if row["listed"] and row["listed"] != row["month"] and not row["correction"]:
        return f"the source lists {row['listed']}, not {row['month']}: say so in the column correction"
    if row["correction"] and not re.fullmatch(r"[^|]+ \| [^|]+", row["correction"]):
        return "a correction in one language: write it as 'English | 中文'"
    return None


MONTH = r"\d{4}-(0[1-9]|1[0-2])"
COLUMNS = {
    "place": ("place", "en", "zh"),
    "day": ("day", "place"),
    "source": ("source", "place", "en", "zh", "page", "anchor", "reason"),
    "section": ("name", "section", "listed", "title", "authors", "month", "venue", "arxiv", "page", "correction"),
}


def rows_of(path: Path | str, column: str, which: str) -> tuple[Path, list[tuple[int, Row]]]:
    """(path, [(line, row)]) of the rows of a CSV file that have this in that column."""
    path, rows = Path(path), all_rows(path, column)
    if not (found := [(line, row) for line, row in rows if row[column] == which]):
        there = ", ".join(dict.fromkeys(row[column] for _, row in rows if row[column]))
        raise ValueError(f"{path.as_posix()} has no rows of the {column} {which!r}; there are {there}")
    return path, found


def all_rows(path: Path | str, column: str) -> list[tuple[int, Row]]:
    """[(line, row)] of a CSV file with this column; `COLUMNS` has the others."""
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"there is no {path.as_posix()}")
    reader = csv.DictReader(io.StringIO(read(path)), strict=True)
    rows = []
    try:
        if missing := [name for name in COLUMNS[column] if name not in (reader.fieldnames or ())]:
            raise YansuanError(path, 1, f"no column {missing[0]!r}: begin it with {','.join(COLUMNS[column])}")
        for row in reader:
            if None in row or None in row.values():
                raise YansuanError(
                    path, reader.line_num, "not as many columns as the first line has: quote what has a comma in it"
                )
            rows.append((reader.line_num, row))
    except csv.Error as error:
        raise YansuanError(path, reader.line_num + 1, f"not a table ({error}): mend its quotation marks") from None
    return rows

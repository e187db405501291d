"""The sources of a formula as BibTeX: what docs/papers.csv knows of a paper, else what the line `Source:` says."""

import re
from functools import lru_cache
from pathlib import Path

from yansuan.base.settings import settings
from yansuan.base.textfile import is_file
from yansuan.formula.formula import Formula
from yansuan.notes.shelf import Row, all_rows

ARXIV = re.compile(r"arXiv:(\d{4}\.\d{4,5})")
NAMED = re.compile(
    r"(?P<authors>[A-Z][^\d,·;()]*(?:, [A-Z][^\d,·;()]*)*?) (?P<year>(?:19|20)\d\d)\b(?:, (?P<rest>[^·;(]*))?"
)
PLACE = re.compile(r"^(?:arXiv:|§|eq\.|Eq\.|slides? |transcript|Algorithm |Theorem |definition |appendix |JMLR |with )")


def bibtex(formula: Formula) -> str:
    """An entry for each source that has an author and a year; nothing if none has."""
    made: dict[str, str] = {}
    for source in formula.fields["Source"]:
        for part in re.split(r" · |; ", source["en"]):
            if entry := of_source(part):
                made.setdefault(*entry)
    return "\n\n".join(made.values())


def of_source(text: str) -> tuple[str, str] | None:
    """(key, entry) of one source, or None."""
    number, named = ARXIV.search(text), NAMED.search(text)
    row = known(number[1] if number else "", named)
    if row:
        fields = {"author": authors(row["authors"]), "title": f"{{{row['title']}}}", "year": row["month"][:4]}
        fields |= {"note": row["venue"]} if row["venue"] else {}
        number = number or ARXIV.match(f"arXiv:{row['arxiv']}")
    elif named:
        rest = [part.strip() for part in (named["rest"] or "").split(", ") if part and not PLACE.match(part.strip())]
        fields = {"author": authors(named["authors"])} | ({"title": f"{{{', '.join(rest)}}}"} if rest else {})
        fields["year"] = named["year"]
    else:
        return None
    if not ("title" in fields or number):  # a name and a year find no paper
        return None
    if number:
        fields |= {"eprint": number[1], "archiveprefix": "arXiv", "url": f"https://arxiv.org/abs/{number[1]}"}
    first = fields["author"].split(" and ")[0].split()[-1]
    key = re.sub(r"\W", "", first).lower() + fields["year"]
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return key, f"@misc{{{key},\n{lines}\n}}"


def authors(text: str) -> str:
    """Names as BibTeX separates them."""
    names = re.split(r", | & | and ", text.replace(" et al.", " & others"))
    return " and ".join(name.strip() for name in names if name.strip())


def known(number: str, named: re.Match[str] | None) -> Row | None:
    """The paper in docs/papers.csv with that arXiv number, or of that first author and year."""
    path = Path(settings().papers).absolute()
    for row in shelf(path, path.stat().st_mtime_ns) if is_file(path) else ():
        if number and row["arxiv"] == number:
            return row
        if not number and named and row["month"][:4] == named["year"]:
            surname = re.split(r",| &| et al", named["authors"])[0].split()[-1]
            if re.split(r",| et al", row["authors"])[0].split()[-1] == surname:
                return row
    return None


@lru_cache(maxsize=4)
def shelf(path: Path, changed: int) -> tuple[Row, ...]:
    return tuple(row for _, row in all_rows(path, "section"))

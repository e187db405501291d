"""New formulas and notes: complete and correct from the start, with a TODO wherever the author has to say something.

`python -m yansuan formula family.function` and `python -m yansuan note papers/name-2020 …`; nothing is overwritten.
"""

import ast
import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from yansuan.base.errors import YansuanError
from yansuan.base.settings import settings
from yansuan.formula.bilingual import languages
from yansuan.formula.formula import load_all
from yansuan.formula.module import read
from yansuan.notes.shelf import COLUMNS, all_rows, arxiv_month, paper_fault

Row = dict[str, str]
TEMPLATES = Path(__file__).parent / "templates"
RAISES = "    Raises: ValueError if x is not a vector, or is empty.\n"
TESTS = "from {package}.{family} import {name}\nfrom yansuan.proof.witness import witness\n"
TEST = """

@witness({name})
def test_{name}(x):
    return torch.mean(x)
"""
SAID = {  # in English and Chinese
    "title": ("TODO its name", "TODO 名称"),
    "x": ("TODO what it is", "TODO 是什么"),
    "y": ("TODO what is returned", "TODO 返回什么"),
    "source": ("TODO which paper, which equation", "TODO 哪篇论文，第几式"),
}
NAV = Path("mkdocs.yml")  # of all languages


def said(name: str) -> dict[str, str]:
    """What stands in a template until the author replaces it, by language of the project."""
    text = dict(zip(("en", "zh"), SAID[name], strict=True))
    return {lang: text[lang] for lang in text if lang in settings().languages}


def filled(template: str, **parts: str) -> str:
    """A template with each `<<name>>` replaced."""
    text = (TEMPLATES / template).read_text("utf-8")
    for name, part in parts.items():
        text = text.replace(f"<<{name}>>", part)
    return text


def formula(name: str) -> list[Path]:
    """Write a function and its witness; the paths of what was written."""
    family, _, function = name.partition(".")
    if not (family.isidentifier() and function.isidentifier()):
        raise ValueError(f"{name!r} is not a name for a formula: write family.function, as in losses.hinge_loss")
    project = settings()
    code, tests = Path(project.snippets, f"{family}.py"), Path(project.tests, f"test_{family}.py")
    if code.is_file() and function in read(code).defined:
        raise YansuanError(
            code, read(code).defined[function].lineno, f"{function} is here already: choose another name"
        )
    code.write_text(with_function(code, function), "utf-8")
    tests.write_text(with_witness(tests, family, function), "utf-8")
    return [code, tests]


def with_function(code: Path, name: str) -> str:
    """The text of a family with this function, complete but for what its author has to say."""
    shapes = Path(settings().snippets, "_shapes.py").is_file()  # how this project checks its arguments
    title = list(said("title").values())
    if code.is_file():
        text = code.read_text("utf-8").rstrip("\n") + "\n"
    else:
        text = '"""' + "\n".join(title) + "\n" * (len(title) > 1) + '"""\n\nimport numpy as np\n'
    if not re.search(r"^import numpy as np$", text, re.M):
        lines = text.splitlines(keepends=True)
        first = ast.parse(text).body[0].end_lineno  # the docstring
        text = "".join([*lines[:first], "\nimport numpy as np\n", *lines[first:]])
    if shapes:
        text = import_check(text, f"from {settings().package}.")
    labels = {lang: f"{lang}: " if len(title) > 1 else "" for lang in ("en", "zh")}
    texts = {
        part: "\n".join(f"        {labels[lang]}{text}" for lang, text in said(part).items())
        for part in ("x", "y", "source")
    }
    check, raises = "@checked\n" * shapes, RAISES * shapes
    return text + filled("function.py.txt", name=name, title="\n    ".join(title), check=check, raises=raises, **texts)


def with_witness(tests: Path, family: str, name: str) -> str:
    """The text of a family's tests with a witness of this function."""
    package = settings().package
    imports = TESTS.format(package=package, family=family, name=name)
    if not tests.is_file():
        return f"import torch\n\n{imports}{TEST.format(name=name)}"
    text = tests.read_text("utf-8").rstrip("\n") + "\n"
    if line := re.search(rf"^from {package}\.{family} import (\([^)]*\)|.*)", text, re.M):
        names = sorted({name, *re.findall(r"\w+", line[1])})
        many = line[1].startswith("(")
        listed = "(\n" + "".join(f"    {n},\n" for n in names) + ")" if many else ", ".join(names)
        text = text[: line.start(1)] + listed + text[line.end(1) :]
    else:
        text = imports + text
    return text + TEST.format(name=name)


def import_check(text: str, ours: str) -> str:
    """The module with the check of shapes imported, before what else it imports of the project, or after NumPy."""
    if re.search(rf"^{re.escape(ours)}_shapes import .*\bchecked\b", text, re.M):
        return text
    line = f"{ours}_shapes import checked\n"
    if first := re.search(rf"^{re.escape(ours)}", text, re.M):
        return text[: first.start()] + line + text[first.start() :]
    return re.sub(r"^import numpy as np\n", lambda numpy: f"{numpy[0]}\n{line}", text, count=1, flags=re.M)


def note(
    page: str,
    title: str,
    paper: str,
    authors: str,
    year: int,
    arxiv: str = "",
    formulas: Sequence[str] = (),
    section: str = "",
) -> tuple[list[Path], bool]:
    """Write a page in each language, its place in nav and its row in papers.csv.

    (the paths of what was written, whether its line in nav is only the last of its folder).
    """
    if not re.fullmatch(r"[\w-]+/[\w.-]+", page):
        raise ValueError(f"{page!r} is not a place for a note: write folder/name-year, as in papers/dropout-2012")
    titles = languages(title)
    if not titles:
        raise ValueError("--title needs both languages: 'English | 中文'")
    known = load_all(settings().snippets)
    if unknown := [name for name in formulas if name not in known]:
        raise ValueError(f"there is no formula {unknown[0]!r}: run 'python -m yansuan formula {unknown[0]}' first")
    targets = dict(zip(settings().languages, (Path(f, f"{page}.md") for f in settings().page_folders), strict=True))
    for path in targets.values():
        if path.exists():
            raise YansuanError(path, 1, "is here already: choose another name")
    rows, before, after = shelved(page, paper, authors, year, arxiv, section)
    # the page says the year itself
    titles = {lang: re.sub(rf"(\s*[,，(（]\s*|\s+){year}\s*[)）]?$", "", title) for lang, title in titles.items()}
    cards = "".join(f"/// formula | {name}\n\n///\n\n" for name in formulas)
    link = f"[arXiv:{arxiv}](https://arxiv.org/abs/{arxiv})" if arxiv else "TODO: venue and link"
    given = {"paper": paper, "authors": authors, "year": str(year), "link": link, "cards": cards}
    for lang, path in targets.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(filled(f"note.{lang}.md", title=titles[lang], slug=path.stem, **given), "utf-8")
    listed = add_to_nav(NAV, f"{page}.md", before, after) if NAV.is_file() else None
    if rows:
        papers().write_text(as_csv(rows), "utf-8")
    written = [*targets.values(), *([NAV] if listed else []), *([papers()] if rows else [])]
    return written, listed == "folder"


def as_csv(rows: Sequence[Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def add_to_nav(config: Path, page: str, before: Sequence[str], after: Sequence[str]) -> str | None:
    """List the page between those before and after it in its section, or else as the last of its folder: which of
    the two. None if nav has none of these."""
    text = config.read_text("utf-8")
    lines = {line[2]: line for line in re.finditer(r"^( +- )(?:.*: )?(\S+\.md)\n", text, re.M)}
    earlier, later = ([lines[name] for name in names if name in lines] for names in (before, after))
    folder = [line for name, line in lines.items() if name.startswith(f"{page.partition('/')[0]}/")]
    if not (near := earlier[-1:] or later[:1] or folder[-1:]):
        return None
    at = near[0].end() if earlier or not later else near[0].start()
    config.write_text(f"{text[:at]}{near[0][1]}{page}\n{text[at:]}", "utf-8")
    return "section" if earlier or later else "folder"


def papers() -> Path:
    return Path(settings().papers)


def shelved(
    page: str, paper: str, authors: str, year: int, arxiv: str, section: str
) -> tuple[list[Row], list[str], list[str]]:
    """The rows of papers.csv, if there is one, with this page in the row of its paper, a new row if it is not listed;
    and the pages before and after it in its section."""
    path = papers()
    if not path.is_file() or not page.startswith("papers/"):
        if section:
            raise ValueError(f"--section is for a page under papers/ and {path.as_posix()}: leave it out")
        return [], [], []
    numbered = all_rows(path, "section")
    rows = [row for _, row in numbered]
    for line, mine in numbered:
        if (arxiv and mine["arxiv"] == arxiv) or mine["title"].casefold() == paper.casefold():
            if mine["page"]:
                raise YansuanError(path, line, f"this paper has a page already, {mine['page']}: edit that one")
            if section not in ("", mine["section"]):
                raise YansuanError(path, line, f"this paper is in the section {mine['section']!r}: leave out --section")
            break
    else:
        sections = list(dict.fromkeys(row["section"] for row in rows))
        if section not in sections:
            what = f"there is no section {section!r}" if section else "this paper is not listed"
            raise ValueError(f"{path.as_posix()}: {what}: add '--section NAME', one of {', '.join(sections)}")
        mine = dict.fromkeys(COLUMNS["section"], "") | {"section": section, "title": paper, "authors": authors}
        mine |= {"month": arxiv_month(arxiv), "arxiv": arxiv} if arxiv else {"month": str(year), "venue": "TODO venue"}
        if fault := paper_fault(mine):
            raise ValueError(f"the row for {path.as_posix()}: {fault}")
        later = [row["section"] == section and row["month"] > mine["month"] for row in rows]
        last = max(n for n, row in enumerate(rows) if row["section"] == section)
        rows.insert(later.index(True) if any(later) else last + 1, mine)
    mine["page"] = f"{page}.md"
    together = [row["page"] for row in rows if row["section"] == mine["section"] and row["page"]]
    at = together.index(mine["page"])
    return rows, together[:at], together[at + 1 :]

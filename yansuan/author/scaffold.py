"""New formulas and notes: complete and correct from the start, with a TODO wherever the author has to say something.

`python -m yansuan formula family.function` and `python -m yansuan note papers/name-2020 …`; nothing is overwritten.
"""

import ast
import csv
import io
import re
from pathlib import Path

from yansuan.base.errors import YansuanError
from yansuan.base.settings import settings
from yansuan.formula.bilingual import languages
from yansuan.formula.formula import load_all
from yansuan.formula.module import read
from yansuan.notes.shelf import COLUMNS, all_rows, arxiv_month, paper_fault

FAMILY = '''"""{title}"""

import numpy as np
'''
FUNCTION = '''

def {name}(x):
    r"""{title}

    $$ y = \\frac{{1}}{{m}} \\sum_{{r=1}}^{{m}} x^r $$

    x   (m,)  $x^r$  {x}
    ->  ()    $y$    {y}

    Source: {source}
{raises}
    >>> print({name}(np.array([1.0, 3.0])))
    2.0
    """
{check}    return np.sum(x) / len(x)
'''
RAISES = "    Raises: ValueError if x is not a vector, or is empty.\n"
CHECK = '    check_shapes("x (m,)", x)\n'
TESTS = "from {package}.{family} import {name}\nfrom yansuan.proof.witness import witness\n"
TEST = """

@witness({name})
def test_{name}(x):
    return torch.mean(x)
"""
WORDS = {
    "title": ("TODO its name", "TODO 名称"),
    "x": ("TODO what it is", "TODO 是什么"),
    "y": ("TODO what is returned", "TODO 返回什么"),
    "source": ("TODO which paper, which equation", "TODO 哪篇论文，第几式"),
}
PAGE = {
    "en": """# {title}, {year} {{#{slug}}}

TODO: what this page is about, in two lines.

*{paper}*, {authors}, {link}.

## The problem {{#problem}}

TODO

## The idea {{#idea}}

TODO: in a picture drawn by code.

{cards}
## A claim, tried {{#claim}}

TODO: one claim as a small experiment, with what it does not show.

## What came later {{#later}}

TODO: what later work changed or refuted.

## Limits {{#limits}}

TODO: what is not known, and what this page does not show.

## Connections {{#connections}}

TODO: links to other pages, and from them to this one.
""",
    "zh": """# {title}（{year}） {{#{slug}}}

TODO：两行之内说清本页讲什么。

*{paper}*，{authors}，{link}。

## 问题 {{#problem}}

TODO

## 想法 {{#idea}}

TODO：用代码画一张图。

{cards}
## 检验一个说法 {{#claim}}

TODO：把一个说法做成小实验，并说明它没有证明什么。

## 后来 {{#later}}

TODO：后来的工作改变或推翻了什么。

## 局限 {{#limits}}

TODO：还有什么不知道，本页没有说明什么。

## 联系 {{#connections}}

TODO：链接到别的页面，也从那里链接回来。
""",
}
NAV = Path("mkdocs.yml")  # of all languages


def words(name):
    return " | ".join(WORDS[name]) if len(settings().languages) > 1 else WORDS[name][settings().languages[0] == "zh"]


def formula(name):
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
    shapes = Path(project.snippets, "_shapes.py").is_file()  # how this project checks its arguments
    said = {word: words(word) for word in WORDS}
    body = FUNCTION.format(name=function, raises=RAISES * shapes, check=CHECK * shapes, **said)
    text = code.read_text("utf-8").rstrip("\n") + "\n" if code.is_file() else FAMILY.format(title=words("title"))
    if not re.search(r"^import numpy as np$", text, re.M):
        lines = text.splitlines(keepends=True)
        first = ast.parse(text).body[0].end_lineno  # the docstring
        text = "".join([*lines[:first], "\nimport numpy as np\n", *lines[first:]])
    if shapes:
        text = import_check(text, f"from {project.package}.")
    code.write_text(text + body, "utf-8")
    imports = TESTS.format(package=project.package, family=family, name=function)
    if tests.is_file():
        text = tests.read_text("utf-8").rstrip("\n") + "\n"
        line = re.search(rf"^from {project.package}\.{family} import (\([^)]*\)|.*)", text, re.M)
        if line:
            names = sorted({function, *re.findall(r"\w+", line[1])})
            many = line[1].startswith("(")
            listed = "(\n" + "".join(f"    {n},\n" for n in names) + ")" if many else ", ".join(names)
            text = text[: line.start(1)] + listed + text[line.end(1) :]
        else:
            text = imports + text
    else:
        text = f"import torch\n\n{imports}"
    tests.write_text(text + TEST.format(name=function), "utf-8")
    return [code, tests]


def import_check(text, ours):
    """The module with check_shapes imported, before what else it imports of the project, or after NumPy."""
    if re.search(rf"^{re.escape(ours)}_shapes import .*\bcheck_shapes\b", text, re.M):
        return text
    line = f"{ours}_shapes import check_shapes\n"
    if first := re.search(rf"^{re.escape(ours)}", text, re.M):
        return text[: first.start()] + line + text[first.start() :]
    return re.sub(r"^import numpy as np\n", lambda numpy: f"{numpy[0]}\n{line}", text, count=1, flags=re.M)


def note(page, title, paper, authors, year, arxiv="", formulas=(), section=""):
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
    for lang, path in targets.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        slug = path.stem
        text = PAGE[lang].format(
            title=titles[lang], slug=slug, paper=paper, authors=authors, year=year, link=link, cards=cards
        )
        path.write_text(text, "utf-8")
    listed = add_to_nav(NAV, f"{page}.md", before, after) if NAV.is_file() else None
    if rows:
        out = io.StringIO()
        writer = csv.DictWriter(out, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        papers().write_text(out.getvalue(), "utf-8")
    written = [*targets.values(), *([NAV] if listed else []), *([papers()] if rows else [])]
    return written, listed == "folder"


def add_to_nav(config, page, before, after):
    """List the page between those before and after it in its section, or else as the last of its folder: which of
    the two. None if nav has none of these."""
    text = config.read_text("utf-8")
    lines = {line[2]: line for line in re.finditer(r"^( +- )(\S+\.md)\n", text, re.M)}
    earlier, later = ([lines[name] for name in names if name in lines] for names in (before, after))
    folder = [line for name, line in lines.items() if name.startswith(f"{page.partition('/')[0]}/")]
    if not (near := earlier[-1:] or later[:1] or folder[-1:]):
        return None
    at = near[0].end() if earlier or not later else near[0].start()
    config.write_text(f"{text[:at]}{near[0][1]}{page}\n{text[at:]}", "utf-8")
    return "section" if earlier or later else "folder"


def papers():
    return Path(settings().papers)


def shelved(page, paper, authors, year, arxiv, section):
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

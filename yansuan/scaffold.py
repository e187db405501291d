"""New formulas and notes: complete and correct from the start, with a TODO wherever the author has to say something.

`python -m yansuan formula family.function` and `python -m yansuan note papers/name-2020 …`; nothing is overwritten.
"""

import ast
import csv
import io
import re
from pathlib import Path

from yansuan.errors import YansuanError
from yansuan.formula import languages, load_all, read
from yansuan.settings import settings

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

    >>> print({name}(np.array([1.0, 3.0])))
    2.0
    """
    return np.sum(x) / len(x)
'''
TESTS = "from {package}.{family} import {name}\nfrom yansuan.witness import witness\n"
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
NAV = {"zh": "mkdocs.yml", "en": "mkdocs.en.yml"}


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
    body = FUNCTION.format(name=function, **{word: words(word) for word in WORDS})
    text = code.read_text("utf-8").rstrip("\n") + "\n" if code.is_file() else FAMILY.format(title=words("title"))
    if not re.search(r"^import numpy as np$", text, re.M):
        lines = text.splitlines(keepends=True)
        first = ast.parse(text).body[0].end_lineno  # the docstring
        text = "".join([*lines[:first], "\nimport numpy as np\n", *lines[first:]])
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


def note(page, title, paper, authors, year, arxiv="", formulas=()):
    """Write a page in each language, and its place in each nav; the paths of what was written."""
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
    cards = "".join(f"/// formula | {name}\n\n///\n\n" for name in formulas)
    link = f"[arXiv:{arxiv}](https://arxiv.org/abs/{arxiv})" if arxiv else "TODO: venue and link"
    for lang, path in targets.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        slug = path.stem
        text = PAGE[lang].format(
            title=titles[lang], slug=slug, paper=paper, authors=authors, year=year, link=link, cards=cards
        )
        path.write_text(text, "utf-8")
    listed = [add_to_nav(Path(NAV[lang]), f"{page}.md") for lang in targets]
    return [*targets.values(), *filter(None, [*listed, add_to_papers(page, arxiv)])]


def add_to_nav(config, page):
    """List the page after the last one of its folder. None if there is no nav to list it in."""
    text = config.read_text("utf-8") if config.is_file() else ""
    rows = list(re.finditer(rf"^( +- ){re.escape(page.partition('/')[0])}/\S+\.md\n", text, re.M))
    if not rows:
        return None
    config.write_text(f"{text[: rows[-1].end()]}{rows[-1][1]}{page}\n{text[rows[-1].end() :]}", "utf-8")
    return config


def add_to_papers(page, arxiv):
    """Note in docs/papers.csv, if the paper is listed there, that its page is written."""
    path = Path(settings().docs, "papers.csv")
    if not arxiv or not path.is_file():
        return None
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    mine = [row for row in rows if row["arxiv"] == arxiv]
    if not mine:
        return None
    mine[0]["page"] = f"{page}.md"
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), "utf-8")
    return path

"""Whatever an author writes becomes a whole page, or one line `file:line: what: cure`.

Never a directive left as text, a word lost, a script in a page, another exception or a hang. Real pages, docstrings,
reports, labs and tables are cut up and joined again, with pieces in them that have a meaning somewhere. Always the same
examples, a few of them; `FUZZ=10000 python -m pytest tests/engine/test_fuzz.py` tries that many others.
"""

import contextlib
import copy
import functools
import html
import json
import os
import re
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path

import markdown
import pytest
from hypothesis import HealthCheck, currently_in_test_context, event, given, settings
from hypothesis import strategies as st
from mkdocs.utils.yaml import yaml_load

from tests.engine.test_bad_input import LAB, SNIPPET, SOURCES, in_steps
from yansuan import evidence
from yansuan.base.errors import YansuanError
from yansuan.formula import formula, module
from yansuan.proof.deadline import OutOfTime, deadline
from yansuan.runs import notebook
from yansuan.runs.lab import Lab
from yansuan.runs.runs import Runs

EXAMPLES = int(os.environ.get("FUZZ", "0"))
SECONDS = 20  # of processor time, for one example
LONGEST = 20_000  # characters of an example


def fuzz(few):
    return settings(
        max_examples=EXAMPLES or few,
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


# what is known of the project

with Path("mkdocs.yml").open(encoding="utf-8") as file:
    EXTENSIONS = yaml_load(file)["markdown_extensions"]
PAGES = sorted(Path("docs").rglob("*.md"))
TEXTS = [re.sub(r"\A---\n.*?^---\n", "", p.read_text("utf-8"), flags=re.M | re.S) for p in PAGES]
NUMBERS, VERDICTS = defaultdict(dict), defaultdict(dict)
for text in [*TEXTS, *(p.read_text("utf-8") for p in Path("docs/labs").glob("*.py"))]:
    for name, key in re.findall(r"\[=([\w-]+)\.([\w-]+)\]", text):
        NUMBERS[name][key] = "1"
    for name, key in re.findall(r"^(?:# )?/// verdict \| ([\w-]+)\.([\w-]+)$", text, re.M):
        VERDICTS[name][key] = {"zh": "甲", "en": "a", "cases": [True, False], "of": {"zh": "个", "en": "b"}}
SVG = '<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>'


def fake_figure(runs, name):
    if not Path("docs/figures", f"{name}.py").is_file():
        raise ValueError(f"there is no figure {name!r} in docs/figures")
    return {"svg": SVG, "numbers": NUMBERS[name]}


def fake_lab(runs, slug):
    if not Path("docs/labs", f"{slug}.py").is_file():
        raise ValueError(f"there is no lab {slug!r} in docs/labs")
    return {"numbers": NUMBERS[slug], "verdicts": VERDICTS[slug]}


pytestmark = pytest.mark.usefixtures("nothing_runs")


@pytest.fixture
def nothing_runs(monkeypatch):
    """No figure is drawn and no lab is run: they give what pages ask them for."""
    monkeypatch.setattr(Runs, "figure", fake_figure)
    monkeypatch.setattr(Runs, "lab", fake_lab)


# what is asked of every outcome


class Reader(HTMLParser):
    """What a browser would run or fetch, and the text that a reader sees outside code and formulas."""

    RUNS = re.compile(
        "script|iframe|object|embed|applet|frame|frameset|base|link|meta|form|audio|video|template|portal"
    )

    def __init__(self, page):
        super().__init__()
        self.open, self.text, self.harm = [], "", []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        if tag not in ("br", "hr", "img", "input", "wbr", "col"):
            self.open.append(tag)
        self.harm += [tag] if self.RUNS.fullmatch(tag) else []
        for name, given_value in attributes:
            value = re.sub(r"[\s\0]", "", given_value or "").lower()
            runs = re.match("javascript:|vbscript:|data:text|data:application", value)
            if name.startswith("on") or (runs and not re.match("data-|aria-|alt|title|value", name)):
                self.harm.append(f"{tag} {name}={value}")
            if name in ("src", "srcset", "srcdoc") and re.match(r"\w+:(?<!data:)|//", value):
                self.harm.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag):
        while tag in self.open and self.open.pop() != tag:
            pass

    def handle_comment(self, data):
        self.harm.append(f"comment {data}")

    def handle_data(self, data):
        if not {"pre", "code", "math", "style"} & set(self.open):
            self.text += data


LEFT = re.compile(r"^ *///|\[=|\$\$|\\\[|\\\(|\\begin *\{|\[\^\w[^\]\n]*\]", re.M)


def look(page, words=()):
    """A whole page: nothing runs, nothing is left as text, no word is lost."""
    read = Reader(page)
    assert not read.harm
    assert not LEFT.search(read.text)
    bare = html.unescape(re.sub("<[^>]*>", "", page))
    assert not [word for word in words if word not in bare and word not in page], "lost"


def counted(what):
    if currently_in_test_context():
        event(what)


@contextlib.contextmanager
def one_line(*paths):
    """Nothing but a YansuanError of one line, at a place in one of these files; and in time."""

    try:
        with deadline(SECONDS):
            yield
        counted("a page")
    except OutOfTime:
        raise AssertionError(f"more than {SECONDS} s") from None
    except YansuanError as error:
        counted("an error")
        said = str(error)
        place = re.fullmatch(r"([^:\n]+):(\d+): \S.*", said)
        assert place, said
        assert len(said.splitlines()) == 1
        assert said.isprintable()
        assert place[1] in paths, said
        if Path(place[1]).is_file():
            assert (
                1
                <= int(place[2])
                <= Path(place[1]).read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
            )


@functools.cache
def renderer(lang, folder):
    """Made once in each folder, as making it takes as long as a short page; nothing of a page may be left for the next."""
    options = {**EXTENSIONS, "yansuan": {"lang": lang}}
    return markdown.Markdown(extensions=list(options), extension_configs=options)


def render(text, lang="zh", path="docs/zh/fuzz.md"):
    md = renderer(lang, os.getcwd()).reset()
    md.path = path
    return md.convert(text)


# how an input is made

ODD = [
    "\0",
    "\x0b",
    "\x0c",
    "\x1b[1m",
    "\x85",
    "\u2028",
    "\u202e",
    "\u200b",
    "\u0301",
    "\ufeff",
    "\ufffe",
    "\ud800",
    "\r",
]
ODD += ["\t", "\xa0", "שלום", "👩‍👩‍👧", "\U0010ffff", "\x02wzxhzdk:0\x03", "\x02amp\x03", "z͑ͫ̓ͪ̂ͫ̽"]
EVIL = [
    "<div title='<span class=\"k\" data-v=\"' onclick=alert(1) '\">x</span>' >x</div>",
    "<script>alert(1)</script>", "<SCRIPT src=//e.org/x.js></SCRIPT>", "<script", "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>", '<b onclick="alert(1)">x</b>', "<a href=javascript:alert(1)>x</a>",
    '<a href="java&#10;script:alert(1)">x</a>', "[x](javascript:alert(1))", "[x](JaVa\\script&colon;alert(1))",
    "![x](//e.org/x.png)", '![x](a.png "<img src=x onerror=alert(1)>")', '[x](<b title="y"> "z")',
    "<javascript:alert(1)>", "[x][e]\n\n[e]: javascript:alert(1)", "<iframe src=x></iframe>", "<object data=x></object>",
    "<embed src=x>", "<style>*{display:none}</style>", "<link rel=stylesheet href=//e.org/x.css>",
    '<meta http-equiv="refresh" content="0;url=//e.org">', "<base href=//e.org>", "<svg onload=alert(1)></svg>",
    "<svg><script>alert(1)</script></svg>", '<svg><use href="//e.org/x.svg#x"></use></svg>',
    "<svg><animate attributeName=href values=javascript:alert(1) /></svg>", '<svg><a xlink:href="javascript:alert(1)">x</a></svg>',
    "<svg><style><img src=x onerror=alert(1)></style></svg>", "<math><mtext><img src=x onerror=alert(1)></mtext></math>",
    '<math href="javascript:alert(1)">x</math>', "<!--><script>alert(1)</script>-->", "<![CDATA[><script>alert(1)</script>]]>",
    "<?php <script>alert(1)</script> ?>", '<p style="background:url(//e.org/x.png)">x</p>', '<td background="//e.org/x">',
    "<form action=//e.org><input></form>", '<button formaction="javascript:alert(1)">x</button>', "<video src=x autoplay>",
    "<details open ontoggle=alert(1)>", "<template><script>alert(1)</script></template>", "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<textarea></textarea><script>alert(1)</script>", "x {: onclick=alert(1) }", "**x**{: onmouseover='alert(1)' style='x' }",
    "[x](a){: href=javascript:alert(1) }", "# x {: onclick=alert(1) #x }", "<a\nonclick=alert(1)\n>x</a>",
    '``` { .python onclick="alert(1)" }\nx\n```', "<div id=__config>{}</div>", "<x-y onclick=alert(1)>", "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    '!!! note "<script>alert(1)</script>"\n    x', '!!! "onclick=alert(1)"\n    x', "[^<img src=x onerror=alert(1)>]",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;img src=x onerror=alert(1)&#62;", "`<script>`{: onclick=alert(1) }",
    r"$\href{javascript:alert(1)}{x}$", r"$\text{<img src=x onerror=alert(1)>}$", r"$\mathrm{\unicode{<b>}}$", "$<script>$",
]  # fmt: skip
MEANT = [
    "///", "//// ", "/// formula | batch_norm.batch_mean\n///", "/// figure | softmax\n    alt: y\ncaption\n///", "/// figure | softmax",
    "    alt: x", "/// verdict | synchronized.needs-merging\n///", "/// formulas\n///", "/// verification", "/// details | x\n///",
    "/// derivation |", "/// note", "$", "$$", "$x$", "$x % y$", "$\\frac{", "\\", "\\\\", "\\[", "\\(", "\\begin{a}", "[=", "[=a.b]", "[=softmax.p]", "]",
    "[", "](", "![", "<", ">", "</", "<div>", "</div>", "<div markdown>", "<b>", "</b>", "<p>", "<details>", "<br>", "<br/>", "<hr", "<a id=x>", "<unknown>",
    "a <b and c> d", "<!--", "-->", "<!-- x -->", "<!DOCTYPE x>", "<?x?>", "<![CDATA[", "&", "&amp;", "&#0;", "&#x3c;", "&nbsp;", "&bogus;", "`", "``", "```",
    "```python", "``` { .python title=x }", "~~~~", "|", "| a | b |\n|---|---|\n| 1 | 2 | 3 |", "|---|", "{", "}", "{: ", "{: .x #y z=1 }", "{#x}", "{ x }",
    "[^1]", "[^1]: x", "[^1]: y\n    z", "[a]: b", "[a]: c 'd'", "[a][]", "*[A]: b", "!!! note", '!!! note "x" y', "??? note", "- ", "1. ", "* * *", "> ",
    "    ", "# ", "## x {#x}", "===", "---", "*", "**", "_", "__", "***x**", "http://a.b/c?d=e&f", "<http://a.b>", "<a@b.c>", ":", "@", "%", "^", "~", "\"", "'",
    "x\n===", "[TOC]", "--8<-- 'x'", "{% x %}", "{{ x }}", "///\n///",
]  # fmt: skip
WORDS = [f"qmark{n}q" for n in range(4)]
pieces = st.one_of(st.sampled_from(MEANT), st.sampled_from(EVIL), st.sampled_from(ODD), st.sampled_from(WORDS))


@st.composite
def mangled(draw, sources, pieces=pieces, most=8):
    """Text from one of the sources, its lines deleted, doubled, moved, indented, joined; pieces put in anywhere."""
    lines = draw(sources).split("\n")
    for word in draw(st.lists(st.sampled_from(WORDS), max_size=3, unique=True)):
        at = draw(st.integers(0, len(lines) - 1))
        lines[at] = f"{lines[at]} {word}" if lines[at] else re.match(" *", lines[at - 1])[0] + word
    for _ in range(draw(st.integers(0, most))):
        at, to = (draw(st.integers(0, max(len(lines) - 1, 0))) for _ in range(2))
        lines = lines or [""]
        match draw(st.integers(0, 9)):
            case 0:
                del lines[at]
            case 1:
                lines.insert(to, lines[at])
            case 2:
                lines[at], lines[to] = lines[to], lines[at]
            case 3:
                lines[at] = (
                    draw(st.sampled_from(["    ", "  ", "\t", "> ", "- ", "1. ", "| ", "# ", "!!! note\n    "]))
                    + lines[at]
                )
            case 4:
                lines[at : at + 2] = ["".join(lines[at : at + 2])]
            case 5:
                lines[at:to] = []
            case 6:
                piece = draw(pieces)
                lines[at] = piece * draw(st.sampled_from([2, 50, 2000]))
                lines[at] = lines[at][:LONGEST]
            case _:
                column = draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:column] + draw(pieces) + lines[at][column:]
    return draw(st.sampled_from(["\n"] * 9 + ["\r\n"])).join(lines)


BLOCKS = sorted({block for text in TEXTS for block in re.split(r"\n\n+(?! )", text) if block.count("\n") < 30})
some_blocks = st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=4).map("\n\n".join)
fragments = st.lists(pieces, max_size=6).map("\n".join)


@fuzz(600)
@given(mangled(st.one_of(some_blocks, fragments, st.just("# T {#t}\n\nText."))))
def test_pages(text):
    prose = "\n".join(
        line for line in text.split("\n") if not re.search("```|~~~", line)
    )  # a fence's language is not shown
    with one_line("docs/zh/fuzz.md"):
        look(render(text), [word for word in WORDS if word in prose])


IN_PAGES = [
    "# T {{#t}}\n\n{}\n", "# {}\n", "- {}\n", "> {}\n", "| {} |\n|---|\n| {} |\n", "!!! note\n    {}\n", "x[^1]\n\n[^1]: {}\n",
    "/// figure | softmax\n    alt: '{}'\n{}\n///\n", "[{}](a)\n", '[x](a "{}")\n', "[x]({})\n", "![{}](a.png)\n", "x {{: title='{}' }}\n",
]  # fmt: skip


@pytest.mark.parametrize("evil", EVIL)
def test_nothing_runs_wherever_it_stands_in_a_page(evil):
    for context in IN_PAGES:
        with one_line("docs/zh/fuzz.md"):
            look(render(context.format(evil, evil)))


# docstrings


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A small project in an empty folder."""
    root = tmp_path_factory.mktemp("fuzz")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        for folder in ("docs/zh", "docs/en", "docs/labs", "docs/figures", "snippets", "tests", "build"):
            Path(folder).mkdir(parents=True)
        Path("docs/sources.csv").write_text(SOURCES, "utf-8")
        yield root


def snippet(data):
    Path("snippets/family.py").write_bytes(data)
    Path("docs/sources.csv").write_text(SOURCES, "utf-8")
    for made in ("tests/evidence.json", "build/report.json"):
        Path(made).unlink(missing_ok=True)
    module._read.cache_clear()


FAMILY = (
    '''r"""Family
一家

Prose about z.

Symbols:
    z: $z^r$
        en: any number,
            of many
        zh: 随便一个数
"""

'''
    + SNIPPET
)
HEAD, BODY = FAMILY[: FAMILY.index("def mean")], FAMILY[FAMILY.index("def mean") :]
FIELDS = """    Note:
        en: one
            and more
        zh: 一
    Trap:
        en: two $\\mu$ `x` [y](z)
        zh: 二，
            接着说
    Raises: ValueError
    Source:"""
FULL = BODY.replace("    Source:", FIELDS)
SHARED = FULL.replace("    z (m,): $z^r$\n        en: a number\n        zh: 一个数\n", "    z (m,)\n")
STEPPED = in_steps(FULL)
DOC = ["$$", "$", ">>> ", ">>> print(1)", "1", "-> ()", "    -> y (n,): $y$", "    m (): $m$", "    m ()", " | ", "|", "Note: x", "en: ", "        en: a", "        zh: 甲", "            more",
       "Trap: only", "Step 1:", "Step 2: a $\\mu$ $z^r$", "Step 2-3: x", "  # step 1", "# step 2", "    # Step 1: x", "Symbols:", "@checked\n", "from snippets._shapes import checked\n", "Read: x", "Source: arXiv:1502.03167", "Nonsense: x", '"""', "r", "\\", "\\n", "\\x00", "\\nu", "\\frac", "{", "}", "% x", "\\text{",
       "\\sqrt{" * 300, "&=", "(", ")", "[", "@staticmethod\n", "def other(z):\n    return z\n", "-" * 3000 + "1", "(" * 300, "lambda: 0", ":", "#", "    ", "…", "*args", "/, ", "async ", "# -*- coding: latin-1 -*-"]  # fmt: skip
in_docs = st.one_of(st.sampled_from(DOC), pieces)
encodings = st.sampled_from(["utf-8"] * 12 + ["utf-8-sig", "utf-16", "gb18030", "latin-1"])
CARDS = "# T {#t}\n\n/// formula | family.mean\n///\n\n/// formulas\n///\n\n/// dependencies\n///\n"


@fuzz(300)
@given(mangled(st.sampled_from([BODY, FULL, SHARED, STEPPED]), in_docs, most=4), encodings)
def test_docstrings(place, text, encoding):
    snippet((HEAD + text).encode(encoding, "surrogatepass" if encoding.startswith("utf") else "replace"))
    with one_line("snippets/family.py", "docs/zh/fuzz.md", "docs/en/fuzz.md"):
        page = ""
        for lang in ("zh", "en"):
            html = render(CARDS, lang, f"docs/{lang}/fuzz.md")
            look(html)
            page += html
        if formula.load("snippets", "family.mean").copy:
            inside = shown_text()
            look(page, [word for word in WORDS if word in inside])


IN_DOCSTRINGS = ["Mean", "均值", "\\mu = ", "a number", "一个数", "nobody 1900", "two ", "(m,)", "2.0"]


@pytest.mark.parametrize("evil", [evil for evil in EVIL if "\n" not in evil])
def test_nothing_runs_wherever_it_stands_in_a_docstring(place, evil):
    stepped = [STEPPED.replace(old, evil, 1) for old in ("Add all", "把所有", "z^r$ and", "and divide")]
    for text in [FULL.replace(old, evil, 1) for old in IN_DOCSTRINGS] + stepped:
        snippet((HEAD + text).encode())
        with one_line("snippets/family.py"):
            for lang in ("zh", "en"):
                look(render(CARDS, lang, f"docs/{lang}/fuzz.md"))


def shown_text():
    """The function as far as it is one, without what no card shows: what it raises."""
    function = formula.load("snippets", "family.mean")
    lines = function.module.text.splitlines()[function.line - 1 : function.node.end_lineno]
    return re.sub(r"^( *)Raises:.*(\n(\s*\n)*\1[ \t]+\S.*)*", "", "\n".join(lines), flags=re.M)


# the report of the tests

WITNESS = {"claim": "torch.mean(z)", "by": "torch.mean", "inputs": 32, "rtol": 1e-9}
MUTANTS = {"total": 5, "killed": 4, "listed": 1}
BUG = {
    "id": "b",
    "where": "a",
    "link": "https://a.b",
    "formula": "family.mean",
    "noticed_by": "c",
    "en": "d",
    "zh": "e",
}


def evidence_and_report():
    """What is tracked, and what a run here measured."""
    digest = formula.load("snippets", "family.mean").digest
    entry = {
        "digest": digest,
        "witnesses": [WITNESS],
        "latex": "executed",
        "mutants": MUTANTS,
        "values": {"z": "[1, 2]"},
    }
    measured = {"digest": digest, "witnesses": [{"claim": "torch.mean(z)", "max_rel_error": 1e-15}]}
    return {
        "tests/evidence.json": {"formulas": {"family.mean": entry}, "helpers": {"_f.g": MUTANTS}, "wild": [BUG]},
        "build/report.json": {"date": "2026-01-02", "versions": {"torch": "2"}, "formulas": {"family.mean": measured}},
    }


JUNK = [
    None,
    True,
    0,
    -1,
    1.5,
    10**400,
    float("nan"),
    float("inf"),
    "",
    "x",
    "\0",
    "\ud800",
    *EVIL[:4],
    [],
    [[]],
    {},
    {"a": 1},
    {"total": 1},
    "1",
    "javascript:alert(1)",
]


@st.composite
def wrong(draw, whole):
    """The text of a file that should have held this."""
    whole = copy.deepcopy(whole)
    for _ in range(draw(st.integers(0, 3))):
        here = whole
        while True:
            keys = list(here) if isinstance(here, dict) else range(len(here))
            if not keys:
                break
            key = draw(st.sampled_from(list(keys)))
            if isinstance(here[key], dict | list) and here[key] and draw(st.integers(0, 3)):
                here = here[key]
                continue
            if isinstance(here, dict) and draw(st.booleans()):
                value = here.pop(key)
                if draw(st.booleans()):
                    here[draw(st.sampled_from(["", "x", "family.none", "\0", *EVIL[:3]]))] = value
            else:
                here[key] = copy.deepcopy(draw(st.sampled_from(JUNK)))
            break
    text = json.dumps(whole)
    cut = draw(st.sampled_from([None] * 6 + [0, 1, len(text) // 2, len(text) - 1]))
    return draw(
        st.sampled_from([text[:cut]] * 8 + ["", "[" * 100_000, "1" * 5000, text + text, "\ufeff" + text, "null", "[]"])
    )


REPORTED = CARDS + "\n/// verification\n///\n\n/// witnesses\n///\n\n/// wild-bugs\n///\n"


@fuzz(200)
@given(st.data())
def test_reports(place, data):
    snippet(FAMILY.encode())
    whole = evidence_and_report()
    chosen = data.draw(st.sampled_from(list(whole)))
    for path, content in whole.items():
        Path(path).write_text(data.draw(wrong(content)) if path == chosen else json.dumps(content), "utf-8")
    with one_line(chosen):
        for lang in ("zh", "en"):
            look(render(REPORTED, lang, f"docs/{lang}/fuzz.md"))
        json.dumps(evidence.for_machines(evidence.read(), formula.load_all("snippets")), allow_nan=False)


# labs, and the table of the sources

WHOLE_LAB = (
    LAB
    + '\n# %%\nimport numpy as np\n\nnumbers = {"n": "1"}\nverdicts = {"c": {"zh": "甲", "en": "a", "cases": [bool(n) for n in (0, 1)], "of": {"zh": "个", "en": "b"}}}\n\n# %% [markdown] tags=["zh"]\n# ## 节 {#s}\n#\n# 文 $x$ **b**。\n\n# %% [markdown] tags=["en"]\n# ## Section {#s}\n#\n# Text.\n'
)
in_labs = st.one_of(st.sampled_from(["# %%", "# %% [markdown]", '# %% [markdown] tags=["zh"]', "# ", "#", "%time x", "!ls", "from snippets.family import mean", "from snippets.none import x", "(", '"""']), pieces)  # fmt: skip


@fuzz(200)
@given(mangled(st.just(WHOLE_LAB), in_labs, most=4), encodings)
def test_labs(place, text, encoding):
    snippet(FAMILY.encode())
    Path("docs/labs/lab.py").write_bytes(
        text.encode(encoding, "surrogatepass" if encoding.startswith("utf") else "replace")
    )
    with one_line("docs/labs/lab.py", "docs/zh/fuzz.md", "docs/en/fuzz.md", "snippets/family.py"):
        lab = Lab("docs/labs/lab.py")
        assert lab.inputs
        shown = "".join(text for _, text in lab.code)
        for lang in ("zh", "en"):
            for made in notebook.download(lab, lang):
                assert made
            look(page := render(lab.prose(lang), lang, f"docs/{lang}/fuzz.md"))
            shown += page + re.sub("<[^>]*>", "", page)
        assert not [word for word in WORDS if word in text and word not in shown]


in_rows = st.one_of(
    st.sampled_from(
        [",", '"', '""', "\n", "S1", "page.md", "../page.md", "/etc/passwd", "family.mean", ",,,", "a,b", " | "]
    ),
    pieces,
)


@fuzz(200)
@given(mangled(st.just(SOURCES), in_rows, most=4), encodings)
def test_sources(place, text, encoding):
    snippet(FAMILY.encode())
    Path("docs/sources.csv").write_bytes(
        text.encode(encoding, "surrogatepass" if encoding.startswith("utf") else "replace")
    )
    Path("docs/zh/page.md").write_text("# T {#a}\n\n/// formula | family.mean\n///\n", "utf-8")
    with one_line("docs/sources.csv", "docs/zh/fuzz.md", "snippets/family.py"):
        look(render("# T {#t}\n\n/// sources | S1\n///\n"))

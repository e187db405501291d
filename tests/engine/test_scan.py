"""The scanner reads what the renderer shows: on every page, on odd ones, and in linear time."""

import json
import time
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.engine.test_bad_input import project  # noqa: F401  a fixture
from tests.engine.test_bad_input import render as render_small
from tests.engine.test_fuzz import PAGES, look, render
from tests.engine.test_fuzz import nothing_runs as nothing_runs  # the fixture
from yansuan.base.textfile import read
from yansuan.notes import page, twins
from yansuan.notes.scan import scan
from yansuan.tex.plain import plain_or_latex

VOID = ("br", "col", "hr", "img", "input", "wbr")


class Shown(HTMLParser):
    """What a finished page shows of its own text: a card brings its docstring along, a row of choices its symbol."""

    def __init__(self, html):
        super().__init__()
        self.found = {"math": [], "value": [], "card": [], "figure": [], "verdict": [], "heading": [], "fence": 0}
        self.inside = []  # of each open element, whether it is in one of them
        self.said = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        its = bool(self.inside and self.inside[-1])
        for name, kind in (("data-formula", "card"), ("data-derivation", "card"), ("data-figure", "figure")):
            if name in a:
                self.found[kind].append(a[name])
        if "data-claim" in a:
            self.found["verdict"].append(a["data-claim"])
        if tag == "data" and not its:
            self.found["value"].append(a["value"])
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.found["heading"].append((int(tag[1]), a["id"]))
        self.found["fence"] += tag == "pre" and not its
        self.said = tag == "annotation" and not its
        if tag not in VOID:
            self.inside.append(its or a.get("class") in ("ys-card", "ys-choices", "ys-slips", "ys-family"))

    def handle_endtag(self, tag):
        self.said = False
        if tag not in VOID:
            self.inside.pop()

    def handle_data(self, text):
        if self.said:
            self.found["math"].append(text)
            self.said = False


def expected(text):
    """The same by the scanner."""
    read_ = scan(text)
    return {
        "math": Counter(plain_or_latex(span.inside) for span in read_.of("math")),
        "value": Counter(span.inside for span in read_.of("value")),
        "card": [block.name for block in read_.blocks if block.is_card],
        "figure": [block.name for block in read_.blocks if block.kind == "figure"],
        "verdict": [block.name for block in read_.blocks if block.kind == "verdict"],
        "heading": [(heading.level, heading.id) for heading in read_.headings],
        "fence": len(read_.fences),
    }


def shown(html):
    found = Shown(html).found
    return found | {"math": Counter(found["math"]), "value": Counter(found["value"])}


@pytest.mark.pages
@pytest.mark.usefixtures("nothing_runs")
@pytest.mark.parametrize("path", PAGES, ids=str)
def test_what_the_scanner_reads_of_a_page_is_what_the_page_shows_and_it_is_whole(path):
    text = read(path)
    html = render(text[scan(text).offset :], path.parts[1], str(path))
    assert shown(html) == expected(text)
    look(html)


@pytest.mark.parametrize(
    "text",
    [
        "Code `$a$` and ``b ` $c$`` and $d$, a run ``` of ticks $e$.",
        "An escaped \\`tick $a$` and \\$5 and $b$, from $5 to $6.",
        "~~~\n$a$\n```\n~~~\n\n$b$",
        "```\n$a$\n\n$b$ in a fence that nothing closes",
        "- one $a$\n\n    two $b$\n\n        code $c$\n- three $d$",
        "| a | $b$ |\n|---|---|\n| `|` $c$ | $d \\mid e$ |",
        "> quoted $a$\n> $b$\n\n> ```\n> $c$\n> ```",
        "Title $a$\n=======\n\nText $b$\n---\n",
        "    indented $a$\n\ntext\n\n    more $b$",
        '!!! note "Of $a$"\n    Text $b$.\n\n        code $c$',
        "<div>\n$a$\n\n<div>$b$</div>\n\n</div>\n\n$c$",
        "A line $a\n+ b$ that goes on.\n\nAnother $c.\n\nd$",
        "[a $b$](c.md) and ![d](e.png) `[=good.n]` [=good.n].",
        "# One $a$ {#one}\n\n## Two ##\n\n#Three $b$",
        "1. $a$\n2. $b$\n\n   $c$",
        "/// figure | good\n    alt: no $a$ [=good.n] here\nCaption $b$ [=good.n].\n///",
    ],
)
@pytest.mark.usefixtures("project")
def test_odd_pages_too(text):
    found, wanted = shown(render_small(text)), expected(text)
    assert found["math"] == wanted["math"]
    assert found["value"] == wanted["value"]
    assert [level for level, _ in found["heading"]] == [level for level, _ in wanted["heading"]]


def test_a_card_in_code_is_shown_to_nobody(tmp_path):
    (tmp_path / "page.md").write_text(
        "# T\n\n~~~\n/// formula | a.in_code\n///\n~~~\n\n    /// formula | a.indented\n\n"
        "- In a list:\n\n    /// derivation | a.shown\n    ///\n",
        "utf-8",
    )
    assert page.cards(tmp_path) == {"a.shown": tmp_path / "page.md"}


def test_a_card_on_two_pages_belongs_to_the_first(tmp_path):
    for name in ("b.md", "a.md", "c.md"):
        (tmp_path / name).write_text("# T\n\n/// formula | a.one\n///\n", "utf-8")
    assert page.cards(tmp_path) == {"a.one": tmp_path / "a.md"}


def test_an_edited_page_is_read_again(tmp_path):
    path = tmp_path / "page.md"
    path.write_text("# T\n\n/// formula | a.one\n///\n", "utf-8")
    assert list(page.cards(tmp_path)) == ["a.one"]
    path.write_text("# T\n\n/// formula | a.other\n///\n", "utf-8")
    assert list(page.cards(tmp_path)) == ["a.other"]


@pytest.mark.parametrize(
    ("zh", "en", "kinds"),
    [
        ("价格 5 到 6 美元。", "It costs $5, or $6 with tax.", []),
        ("价格是 \\$5。", "It is $x$ and \\$5$.", ["inline math"]),
        ("是 `$x$`。", "It is `$x$`, a string.", []),
        ("见 [一](a.md) 与 $x$。", "See [one](b.md) and $x$.", ["link", "link"]),
    ],
)
def test_a_price_is_no_formula_of_one_language_alone(zh, en, kinds):
    pages = [page.Page(Path(f"docs/{lang}/p.md"), f"# T {{#t}}\n\n{text}\n") for lang, text in (("zh", zh), ("en", en))]
    assert [fault.split(": ", 1)[1].split(" '")[0] for fault in twins.differences(*pages)] == kinds


@pytest.mark.parametrize(
    "piece",
    ["$", "$a ", "$a$", "\\$", "`", "` `` ", "[", "](", "](a ", "[a](", '](a "', "[=", "[^", "{", "{#a", "|", "> ", "- ", "#",
     "\n#", "\n```\n", "\n/// a\n", "!!! a\n", " ", "(", "[a]: b\n", "<div>", "\\", "\n- a\n\n    ", "\n| a |\n|-|\n"],
)  # fmt: skip
def test_a_page_takes_time_that_is_linear_in_its_length(piece):
    def seconds(length):
        text = (piece * length)[:length]
        best = 9e9
        for _ in range(2):
            start = time.process_time()
            read_ = scan(text)
            assert read_.spans is not None
            assert read_.ids is not None
            best = min(best, time.process_time() - start)
        return best

    once = seconds(25_000)
    assert seconds(100_000) < 12 * once + 0.25, "four times the text"


def test_what_is_recorded_has_its_place():
    text = (
        "---\ntitle: x\n---\n\n# T `c` {#t}\n\n``` { .pycon .no-copy }\n>>> 1\n1\n```\n\n/// figure | f\n    alt: a: b # c\n"
        '      and more\nText $x$.\n///\n\n??? tip "Of [=f.n]"\n    See [a](b.md#c), [^1].\n\n[^1]: Note.\n'
    )
    read_ = scan(text)
    (fence,), (block,), (heading,) = read_.fences, read_.blocks, read_.headings
    assert (fence.line, fence.speaks("pycon"), fence.speaks("python"), fence.body) == (7, True, False, ">>> 1\n1\n")
    assert (heading.line, heading.level, heading.id, heading.title) == (5, 1, "t", "T `c`")
    assert (block.line, block.kind, block.name, block.closed) == (12, "figure", "f", True)
    assert [(o.key, o.value, o.first, o.last) for o in block.options] == [("alt", "a: b # c and more", 13, 14)]
    assert [(a.line, a.kind, a.title) for a in read_.admonitions] == [(18, "tip", "Of [=f.n]")]
    assert [(s.kind, s.line, s.inside) for s in read_.spans] == [
        ("code", 5, "c"),
        ("math", 15, "x"),
        ("value", 18, "f.n"),
        ("link", 19, "b.md#c"),
        ("footnote", 19, "1"),
        ("footnote", 21, "1"),
    ]
    assert all(json.dumps(text[s.start : s.end]) == json.dumps(s.text) for s in read_.spans)

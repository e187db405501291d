"""What a configuration leaves to its language, and what lies beside the pages."""

import zipfile
from pathlib import Path

import pytest

from tests.engine.test_bad_input import SNIPPET
from yansuan.base.errors import YansuanError
from yansuan.formula.formula import load, load_all
from yansuan.html.document import Document, lean
from yansuan.site import artifacts, theme, zensical
from yansuan.site.check import site_faults
from yansuan.site.plugin import for_search


def test_a_title_of_nav_is_written_in_both_languages():
    nav = ["a.md", {"Home | 首页": "index.md"}, {"Notes | 笔记": ["b.md", {"Optimization | 优化": ["c.md"]}]}]
    assert theme.translated(nav, "en") == [
        "a.md",
        {"Home": "index.md"},
        {"Notes": ["b.md", {"Optimization": ["c.md"]}]},
    ]
    assert theme.translated(nav, "zh")[2] == {"笔记": ["b.md", {"优化": ["c.md"]}]}


def test_a_title_of_nav_in_one_language_is_refused_at_its_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mkdocs.yml").write_text("site_name: x\nnav:\n  - 首页: index.md\n", "utf-8")
    with pytest.raises(YansuanError, match=r"^mkdocs\.yml:3: nav: '首页' in one language: write 'English \| 中文'$"):
        theme.translated([{"首页": "index.md"}], "en")


def test_a_site_without_a_twin_gets_what_cards_need_and_nothing_else():
    given = {"theme": {"name": "material"}, "nav": [{"Home | Start": "index.md"}], "site_url": "https://e.org/en/"}
    theme.prepare(given, "en")
    assert given["nav"] == [{"Home | Start": "index.md"}]
    assert given["site_url"] == "https://e.org/en/"
    assert given.keys() - {"theme", "nav", "site_url"} == {"extra_css", "extra_javascript"}


@pytest.mark.parametrize(
    ("address", "root"),
    [
        ("https://e.org/zh/", "https://e.org/"),
        ("https://e.org/notes/en/", "https://e.org/notes/"),
        ("https://e.org/", "https://e.org/"),
        ("https://e.org/benzh/", "https://e.org/benzh/"),
        (None, ""),
    ],
)
def test_the_address_above_both_languages(address, root):
    assert theme.root(address) == root


def test_buttons_are_named_in_the_language_of_the_theme_unless_an_author_has():
    palette = [
        {"scheme": "default", "toggle": {"icon": "a"}},
        {"scheme": "slate", "toggle": {"icon": "b", "name": "Tag"}},
    ]
    given = {"theme": {"palette": palette}}
    theme.prepare(given, "zh")
    assert [part["toggle"]["name"] for part in palette] == ["换成深色", "Tag"]


def test_both_generators_read_the_same_configurations():
    """What mkdocs.en.yml does not say of itself is what mkdocs.yml says."""
    zh, en = (zensical.config(path) for path in zensical.configs())
    assert {key for key in zh if zh[key] != en[key]} == {
        "site_name",
        "site_description",
        "copyright",
        "docs_dir",
        "site_dir",
        "theme",
    }
    for given in (zh, en):
        theme.pair(given, given["theme"]["language"])
    assert [str(address).rsplit("/", 2)[1] for address in (zh["site_url"], en["site_url"])] == ["zh", "en"]
    assert [next(iter(item)) for item in en["nav"]][:2] == ["Home", "Lessons"]


def test_what_lies_beside_the_pages_is_of_the_project_that_is_built(tmp_path, monkeypatch):
    """`snippets = "formulas"` was ignored here."""
    monkeypatch.chdir(tmp_path)
    Path("pyproject.toml").write_text('[tool.yansuan]\nsnippets = "formulas"\nevidence = "proof.json"\n', "utf-8")
    Path("formulas").mkdir()
    Path("formulas/family.py").write_text(SNIPPET, "utf-8")
    artifacts.beside(tmp_path, "Notes & 笔记")
    assert zipfile.ZipFile("snippets.zip").namelist() == ["formulas/family.py"]
    assert '"family.mean": "no report"' in Path("verification.json").read_text("utf-8")
    assert "<title>Notes &amp; 笔记</title>" in Path("index.html").read_text("utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "<div>正在第一次计算，算好后会自动出现在这里。</div>",
        "<samp>Being computed for the first time. It will appear here by itself.</samp>",
        '<div class="ys-verdict" data-verdict="running"></div>',
        '<div role="alert" data-fault></div>',
    ],
)
def test_what_only_a_server_shows_is_a_fault_of_a_built_site(tmp_path, text):
    (tmp_path / "index.html").write_text(f"<html><body>\n{text}</body></html>", "utf-8")
    assert [fault for fault in site_faults(tmp_path) if ":2: what only mkdocs serve may show" in fault]


MATH = "<math{}><semantics><mrow><mi>a</mi>{}</mrow></semantics></math>"
DRAWN = '<svg viewBox="0 0 1 1"><style type="text/css">*{{}}</style><g id="a" style="x: y"><path d="M0 0"/>{}</g></svg>'


@pytest.mark.parametrize(
    "html",
    [
        *(frame.format(*more) for frame, more in ((MATH, (' display="block"', "")), (DRAWN, ("<text>$$ a</text>",)))),
        *(
            f"<div>{whole}</div>"
            for inside in (
                '<g data-frame="0"></g>',
                '<g class="ys-card ys-open" data-formula="a.b"></g>',
                '<g data-figure="x" data-copy="y"></g>',
                "<foreignObject><p>!!! note x</p></foreignObject>",
                '<mtext data-frame="0">[=a.b]</mtext>',
                "<a>Traceback (most recent call last)</a>",
            )
            for whole in (MATH.format("", inside), DRAWN.format(inside), f"<pre>{MATH.format('', inside)}</pre>")
        ),
    ],
)
def test_what_the_gate_leaves_unread_hides_nothing(html):
    whole, short = Document(f"<p>x {html} y</p>"), Document(lean(f"<p>x {html} y</p>"))
    for name in ("cards", "figures", "tables", "claims", "copies"):
        assert getattr(short, name) == getattr(whole, name)
    assert [fault[:2] for fault in short.faults] == [fault[:2] for fault in whole.faults]


def test_search_reads_the_same_of_less(tmp_path):
    """Colours of a listing, a drawing and the parts of a formula say nothing to it; all else stays."""
    from material.plugins.search.plugin import Parser

    code = '<pre><code><span class="k">if</span> <span class="n" data-v="x">x</span>:\n  <span>1</span></code></pre>'
    named = DRAWN.format("<text>a name</text>")
    math = '<math><semantics data-search-exclude=""><mi>a</mi></semantics><annotation>a</annotation></math>'
    html = (
        f'<h1 id="a">A</h1><p>b {math} <span class="n">c</span> d</p>{code}<div>{DRAWN.format("")}</div><p>e</p>{named}'
    )
    read = []
    for content in (html, for_search(html)):
        parser = Parser()
        parser.feed(content)
        parser.close()
        read.append(["".join(part) for section in parser.data for part in (section.title, section.text)])
    assert read[0] == read[1]
    assert len(for_search(html)) < len(html) - 150


def test_a_formula_is_another_when_what_it_uses_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("snippets").mkdir()
    Path("snippets/_base.py").write_text("def half(x):\n    return x / 2\n", "utf-8")
    family, _, imported = SNIPPET.partition("import numpy as np\n")
    text = f"{family}import numpy as np\n\nfrom snippets._base import half\n{imported}"
    Path("snippets/a.py").write_text(text.replace("return ", "return half(1) + "), "utf-8")
    first = {name: (formula, formula.digest) for name, formula in load_all("snippets").items()}
    name = next(iter(first))
    assert load("snippets", name) is first[name][0], "read once"
    Path("snippets/_base.py").write_text("def half(x):\n    return x / 2.0001\n", "utf-8")
    assert load("snippets", name).digest != first[name][1]
    assert load_all("snippets")[name].digest != first[name][1]

"""docs/aliases.csv: what readers type, in both languages, for a place that is there."""

import pytest

from yansuan.base.errors import YansuanError
from yansuan.site.search import aliases, entries

HEAD = "place,en,zh\n"


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for lang in ("zh", "en"):
        (tmp_path / "docs" / lang).mkdir(parents=True)
        text = "# A {#a}\n\n## B {#b}\n\n/// formula | family.mean\n///\n"
        (tmp_path / "docs" / lang / "page.md").write_text(text, "utf-8")
    return tmp_path


def named(project, rows, lang="en"):
    (project / "docs/aliases.csv").write_text(HEAD + rows, "utf-8")
    return aliases(project / "docs" / lang, lang)


def test_a_page_a_section_and_a_card_have_names(project):
    rows = "page.md,a; x y,甲\npage.md#b,c,乙; 丙\nfamily.mean,d,丁\n"
    assert named(project, rows) == {"page/": ["a", "x y"], "page/#b": ["c"], "page/#family.mean": ["d"]}
    assert named(project, rows, "zh")["page/#b"] == ["乙", "丙"]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("page.md,a,甲\npage.md#c,b,乙\n", r"3: there is no 'page\.md#c'"),
        ("other.md,a,甲\n", r"2: there is no 'other\.md'"),
        ("family.median,a,甲\n", r"2: there is no 'family\.median'"),
        ("page.md,a,\n", "2: no names in the column zh"),
        ("page.md, ;,甲\n", "2: no names in the column en"),
        ("page.md,a,甲\npage.md,b,乙\n", r"3: 'page\.md' is here twice"),
    ],
)
def test_a_row_that_helps_nobody_stops_the_build(project, rows, why):
    with pytest.raises(YansuanError, match=rf"aliases\.csv:{why}"):
        named(project, rows)


def test_a_page_becomes_an_entry_a_section_and_one_a_term():
    """Without permalinks, cards, drawings and what is left out of search; a formula as its text."""
    math = (
        '<math><semantics><semantics data-search-exclude=""><mrow><mi>x</mi></mrow></semantics>'
        '<annotation encoding="text/plain">x^2</annotation></semantics></math>'
    )
    page = (
        '<h1 id="a">A &amp; b<a class="headerlink" href="#a">¶</a></h1><p>One <code>two</code>\nthree.</p>'
        '<div class="ys-card" id="c"><div>card</div></div><p>After &lt;it&gt;.</p><svg><text>drawn</text></svg>'
        f'<h2 id="b">B</h2><p>{math} is even.</p><span data-search-exclude="">left out</span>'
        '<table><tbody><tr id="term-mean"><td>均值</td><td>mean</td><td>The sum.</td></tr></tbody></table>'
    )
    assert list(entries("page/", "unused", page)) == [
        {"location": "page/", "title": "A & b", "text": "One two three.\nAfter <it>."},
        {"location": "page/#b", "title": "B", "text": "x^2 is even."},
        {"location": "page/#term-mean", "title": "均值 · mean", "text": "The sum."},
    ]
    assert [e["title"] for e in entries("page/", "Its name", "<p>No title.</p>")] == ["Its name"]

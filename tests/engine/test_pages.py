"""docs/zh and docs/en are one book: the rules of tests/project/test_rules.py, each broken once."""

import re
import shutil
from pathlib import Path

import pytest

from yansuan.author.cli import main
from yansuan.base.errors import YansuanError
from yansuan.notes import links, page, twins

PAGES = page.pages()


def nav_faults(text, written):
    """Where nav lists other pages than are written, or one twice."""
    nav = re.search(r"^nav:.*\n((?:[ -].*\n)+)", text, re.M)
    first = text.count("\n", 0, nav.start(1)) + 1
    faults, lines = [], {}
    for n, line in enumerate(nav[1].splitlines(), first):
        for name in re.findall(r"\S+\.md", line):
            if name not in written:
                faults.append(f"mkdocs.yml:{n}: there is no page {name}: write it, or take it out of nav")
            if (before := lines.setdefault(name, n)) < n:
                faults.append(f"mkdocs.yml:{n}: {name} is on line {before} too: keep one")
    missing = sorted(written - lines.keys())
    return faults + [f"mkdocs.yml:{first - 1}: {page} is not in nav: list it in its section" for page in missing]


def test_nav_lists_every_page_once():
    written = {p.relative_to("docs/zh").as_posix() for p in PAGES if "zh" in p.parts}
    assert not (faults := nav_faults(Path("mkdocs.yml").read_text("utf-8"), written)), "\n".join(faults)


@pytest.mark.parametrize(
    ("nav", "fault"),
    [
        ("nav:\n  - a.md\n", "mkdocs.yml:1: b.md is not in nav: list it in its section"),
        ("nav: # x\n  - a.md\n  - b.md\n  - c.md\n", "mkdocs.yml:4: there is no page c.md: write it, or take it out"),
        ("nav:\n  - a.md\n  - b.md\n  - a.md\n", "mkdocs.yml:4: a.md is on line 2 too: keep one"),
    ],
)
def test_a_fault_of_nav_is_found(nav, fault):
    assert nav_faults("nav:\n  - One: a.md\n  - b.md\n", {"a.md", "b.md"}) == []
    (said,) = nav_faults(nav, {"a.md", "b.md"})
    assert said.startswith(fault)


# The guards, each broken once.

ZH = "# 批 {#batch}\n\n一批有 $m$ 个样本，见[术语](glossary.md)。\n\n/// formula | batch_norm.batch_mean\n///\n\n## 例子 {#example}\n\n值 [=a.b]。\n\n```python\nx = 1\n```\n"
EN = "# Batch {#batch}\n\nA batch has $m$ examples, see [terms](glossary.md).\n\n/// formula | batch_norm.batch_mean\n///\n\n## Example {#example}\n\nValue [=a.b].\n\n```python\nx = 1\n```\n"


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A page in both languages, matched."""
    monkeypatch.chdir(tmp_path)
    for lang, text in (("zh", ZH), ("en", EN)):
        Path("docs", lang).mkdir(parents=True)
        Path("docs", lang, "page.md").write_text(text, "utf-8")
    main(["match", "docs/zh/page.md"])
    return Path("docs/zh/page.md"), Path("docs/en/page.md")


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_matched_book_has_no_faults(book):
    zh, en = map(page.Page, book)
    assert twins.differences(zh, en) == twins.stale(zh) == twins.stale(en) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "{#example}",
            "{#sample}",
            "docs/zh/page.md:14: heading '## {#sample}' where docs/en/page.md has '## {#example}'",
        ),
        (
            "## 例子",
            "### 例子",
            "docs/zh/page.md:14: heading '### {#example}' where docs/en/page.md has '## {#example}'",
        ),
        ("$m$", "$n$", "docs/zh/page.md:9: inline math '$n$' 1 time(s) more than in docs/en/page.md"),
        (
            "batch_mean",
            "batch_variance",
            "docs/zh/page.md:11: card 'formula | batch_norm.batch_variance' where docs/en",
        ),
        (
            "/// formula | batch_norm.batch_mean\n///\n",
            "",
            "docs/en/page.md:11: card 'formula | batch_norm.batch_mean' where docs/zh/page.md has 'nothing'",
        ),
        (
            "x = 1",
            "x = 2",
            "docs/zh/page.md:18: code block '```python' where docs/en/page.md has '```python', differing at 'x = 2' against 'x = 1'",
        ),
        ("glossary.md", "index.md", "docs/zh/page.md:9: link 'index.md' 1 time(s) more"),
        ("[=a.b]", "[=a.c]", "docs/zh/page.md:16: run value '[=a.c]' 1 time(s) more"),
    ],
)
def test_a_difference_between_the_languages_is_found(book, old, new, fault):
    zh, en = book
    edit(zh, old, new)
    found = twins.differences(page.Page(zh), page.Page(en))
    assert any(line.startswith(fault) for line in found), found


def test_editing_one_language_makes_the_other_stale_until_it_is_matched(book, capsys):
    zh, en = book
    edit(en, "A batch has", "Every batch has")
    assert twins.stale(page.Page(en)) == []
    (fault,) = twins.stale(page.Page(zh))
    assert fault.startswith("docs/zh/page.md:7: #batch: its twin in docs/en/page.md has changed since")
    assert fault.endswith("run 'python -m yansuan match docs/zh/page.md'")
    main(["match", "docs/zh/page.md"])
    assert "matched #batch" in capsys.readouterr().out
    assert twins.stale(page.Page(zh)) == []


def test_pages_that_differ_cannot_be_matched(book):
    edit(book[0], "$m$", "$n$")
    with pytest.raises(SystemExit, match=r"page\.md:9: inline math"):
        main(["match", "docs/zh/page.md"])


def test_matching_keeps_the_rest_of_the_front_matter(book):
    zh, _ = book
    edit(zh, "---\ntwin", "---\ntitle: 批\ntwin")
    edit(zh, "一批有", "每批有")
    main(["match", "docs/zh/page.md"])
    assert "title: 批\n" in zh.read_text("utf-8")
    assert zh.read_text("utf-8").count("---") == 2


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (" {#example}", "", r"page\.md:14: heading without an id: write '## 例子 \{#an-id\}'"),
        ("{#example}", "{#batch}", r"page\.md:14: the id 'batch' is used twice"),
        ("# 批 {#batch}\n", "", r"page\.md:1: a page begins with its title"),
    ],
)
def test_a_page_without_proper_headings_is_refused(book, old, new, fault):
    edit(book[0], old, new)
    with pytest.raises(YansuanError, match=fault):
        page.Page(book[0])


def test_a_page_without_a_twin_is_refused(book):
    shutil.copy(book[0], "docs/zh/alone.md")
    with pytest.raises(SystemExit, match=r"alone\.md:1: no twin: write docs/en/alone\.md"):
        main(["match", "docs/zh/alone.md"])


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("[a](other.md#here) [b](#title) [c](../zh/other.md#family.mean) [d](https://x.org/y.md)", []),
        ("`[a](nothing.md)`\n\n```\n[a](nothing.md)\n```", []),
        ("[a](othr.md)", ["link 'othr.md': no page docs/zh/othr.md: did you mean 'other.md'?"]),
        ("[a](quite/else.md)", ["link 'quite/else.md': no page docs/zh/quite/else.md: write it, or correct the link"]),
        ("[a](other.md#her)", ["link 'other.md#her': no #her on docs/zh/other.md: did you mean '#here'?"]),
        (
            "[a](#nothing)",
            ["link '#nothing': no #nothing on docs/zh/page.md: give its heading that id, or correct the link"],
        ),
    ],
)
def test_a_link_leads_to_a_page_and_to_a_place_on_it(tmp_path, monkeypatch, text, faults):
    monkeypatch.chdir(tmp_path)
    Path("docs/zh").mkdir(parents=True)
    Path("docs/zh/other.md").write_text("# O {#o}\n\n## H {#here}\n\n/// formula | family.mean\n\n///\n", "utf-8")
    Path("docs/zh/page.md").write_text(f"# T {{#title}}\n\n{text}\n", "utf-8")
    assert links.dead_links(Path("docs/zh/page.md")) == [f"docs/zh/page.md:3: {fault}" for fault in faults]

"""What the first page is made of: what builds on what, sources as BibTeX, parts of other pages that are quoted."""

from pathlib import Path

import pytest

from tests.engine.test_bad_input import project as project  # the fixture
from tests.engine.test_bad_input import render
from yansuan.base.errors import YansuanError
from yansuan.formula.formula import load
from yansuan.notes import needs
from yansuan.render.chart import direct, rows_of
from yansuan.render.cite import bibtex, of_source


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("**You need:** [a](a.md), [b](x/b.md#part); sums.", ["a.md", "x/b.md"]),
        ("You need: what [a](a.md) is. Later comes [b](x/b.md).", ["a.md"]),
        ("需要先知道：[甲](a.md)、[乙](x/b.md)。下一页是[丙](c.md)。", ["a.md", "x/b.md"]),
        ("你需要：[甲](a.md)，以及 1.5 倍的[乙](x/b.md)。", ["a.md", "x/b.md"]),
        ("You need: [a](https://e.org/a.b) and [a](a.md#one), [a](a.md#two).", ["a.md"]),
        ("Nobody says: you need [a](a.md).", []),
    ],
)
def test_what_a_page_builds_on(tmp_path, line, found):
    (tmp_path / "page.md").write_text(f"# T {{#t}}\n\nA question.\n\n{line}\n\n[c](c.md)\n", "utf-8")
    assert [path.as_posix() for path in needs.needs(tmp_path / "page.md", tmp_path)] == found


def test_the_picture_has_a_page_below_all_that_it_builds_on_and_no_line_that_others_imply():
    uses = {"a": [], "b": ["a"], "c": ["b", "a"], "d": ["c", "a"]}
    assert rows_of(uses) == [["a"], ["b"], ["c"], ["d"]]
    assert [direct(name, uses) for name in uses] == [[], ["a"], ["b"], ["c"]]


def test_a_source_as_bibtex():
    entry = bibtex(load("snippets", "batch_norm.batch_variance"))
    assert "author = {Sergey Ioffe and Christian Szegedy}" in entry
    assert "eprint = {1502.03167}" in entry
    assert of_source("Owen 2013, Monte Carlo theory, methods and examples, §9.1") == (
        "owen2013",
        "@misc{owen2013,\n  author = {Owen},\n  title = {{Monte Carlo theory, methods and examples}},\n  year = {2013}\n}",
    )
    assert of_source("Glorot & Bengio 2010, eq. 16")[1].count("Understanding the difficulty") == 1
    for nothing in ("the definition, differentiated", "torch.nn.functional.dropout(x, p)", "Bridle 1990"):
        assert of_source(nothing) is None


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("block", "fault"),
    [
        ("/// slips | errata.md none\n///", "no row of the table of errata.md leads to #none"),
        ("/// slips | nowhere.md a\n///", "there is no page nowhere.md"),
        ("/// wall | a\n///", "it takes no argument"),
        ("/// map\n///\n\n/// map\n///", "it is on this page already"),
    ],
)
def test_a_part_that_is_not_there_stops_the_build(block, fault):
    Path("docs/zh/errata.md").write_text("# E {#e}\n\n| [A](#a) | line 1 | wrong |\n", "utf-8")
    with pytest.raises(YansuanError, match=fault):
        render(f"# T {{#t}}\n\n{block}\n")

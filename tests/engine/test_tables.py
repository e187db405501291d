"""The tables that nobody types, on a small site of three formulas."""

import csv
import re
from pathlib import Path

import pytest

from tests.engine.test_bad_input import SNIPPET, in_steps, render
from tests.engine.test_bad_input import project as project  # the fixture
from yansuan import evidence
from yansuan.base.errors import YansuanError
from yansuan.formula.formula import load_all
from yansuan.notes.page import LANGS
from yansuan.notes.shelf import all_rows, paper_fault
from yansuan.render.graph import layers

# {section: papers}, as the index of the source has them, in its order
SECTIONS = {
    "cognitive": 1,
    "optimization": 3,
    "reinforcement-learning": 1,
    "vision": 3,
    "natural-language-processing": 35,
    "generative": 3,
    "model": 11,
}
PAGE = "# T {#a}\n\n/// formula | family.mean\n///\n\n/// formula | family.twice\n///\n\n/// formula | family.alone\n///\n\n"


def bare(html):
    """On one line, without the names of columns in each cell."""
    return re.sub(r' data-label="[^"]*"', "", html).replace("\n", "")


@pytest.fixture
def family(project):
    """`twice` calls `mean`; `alone` calls nothing."""
    function = SNIPPET[SNIPPET.index("def mean") :]
    twice = (
        function.replace("mean", "twice")
        .replace("return np.sum(z) / len(z)", "return mean(z)")
        .replace("Mean", "Twice")
    )
    alone = function.replace("mean", "alone").replace("Mean", "Alone")
    text = '"""Family\n一家\n"""\n\n' + SNIPPET + "\n\n" + twice + "\n\n" + alone
    Path("snippets/family.py").write_text(text, "utf-8")


def report(*verified):
    """Write the evidence of a test run here in which these formulas were proved."""
    formulas = load_all("snippets")
    witness = {"claim": "torch.mean(z)", "by": "torch.mean", "inputs": 32, "rtol": 1e-9}
    mutants = {"total": 5, "killed": 4, "listed": 1}
    entries = {
        name: {
            "digest": formulas[name].digest,
            "witnesses": [witness, witness],
            "latex": "algorithm" if formulas[name].steps else "executed",
            "values": {},
            "mutants": mutants,
        }
        for name in verified
    }
    bug = {
        "id": "b",
        "where": "a book",
        "link": "https://example.org",
        "formula": "family.mean",
        "noticed_by": "torch.mean(z)",
    }
    measured = {"claim": "torch.mean(z)", "max_rel_error": 1e-15}
    run = {name: {"digest": entry["digest"], "witnesses": [measured, measured]} for name, entry in entries.items()}
    here = evidence.Run("2026-01-02", {"torch": "2"}, run)
    wild = ({**bug, "en": "no axis", "zh": "没有轴"},)
    evidence.write(evidence.Evidence(entries, {"_help.f": mutants}, wild, here))
    return evidence.read()


@pytest.mark.usefixtures("family")
class TestTables:
    def test_verification_says_what_the_run_proved_and_what_not(self):
        report("family.mean", "family.twice")
        text = Path("snippets/family.py").read_text("utf-8")
        assert "2 of 3 formulas verified. Mutants: 12 of 15 killed, 3 listed" in render("/// verification\n///\n", "en")
        Path("snippets/family.py").write_text(text.replace("return mean(z)", "return mean(z) + 0"), "utf-8")
        html = render(PAGE + "/// verification\n///\n", "en")
        assert "1 of 3 formulas verified" in html
        assert "LaTeX executed: 1 of 1. Evidence: a test run on this machine on 2026-01-02 with torch 2." in html
        assert html.count("not verified: edited since") == 1
        assert html.count("not verified: not covered by the last test run") == 1
        assert "<td>64</td><td>1.0e-15</td><td>4 / 5 (+1)</td><td>executed</td>" in bare(html)

    def test_an_algorithm_is_counted_apart(self):
        text = Path("snippets/family.py").read_text("utf-8")
        Path("snippets/family.py").write_text(in_steps(text), "utf-8")
        report("family.mean", "family.alone")
        html = render(PAGE + "/// verification\n///\n", "en")
        assert "LaTeX executed: 1 of 1. Algorithms, in steps instead of LaTeX: 1. Evidence: a test run" in html
        assert "<td>algorithm</td>" in bare(html)

    def test_without_a_report_the_tables_say_so(self):
        for table in ("verification", "witnesses", "wild-bugs"):
            assert "还没有测试报告" in render(f"/// {table}\n///\n")
        html = render(PAGE + "/// formulas\n///\n\n/// dependencies\n///\n")
        assert html.count('data-row="family.') == 3
        assert html.count('data-node="family.') == 2

    def test_formulas_are_counted_by_their_witnesses(self):
        report("family.mean", "family.twice", "family.alone")
        path = Path("tests/evidence.json")
        entries = path.read_text("utf-8").splitlines(keepends=True)
        ours = [e.replace('"by": "torch.mean"', '"by": ""') if e.startswith('"family.alone"') else e for e in entries]
        mixed = [e.replace('"torch.mean"', '"sklearn.mean"', 1) if e.startswith('"family.twice"') else e for e in ours]
        path.write_text("".join(mixed), "utf-8")
        html = bare(render(PAGE + "/// witnesses\n///\n", "en"))
        assert (
            "2 of 3 verified formulas are compared with a function of somebody else: torch (2), sklearn (1). "
            "For 1 there are only derivations of our own."
        ) in html
        whose = "<div><code>sklearn.mean</code></div><div><code>torch.mean</code></div>"
        alone = '<td><div><a href="page.md#family.alone">Alone</a></div></td>'
        assert f"<td>Family</td><td>3</td><td>2</td><td>{whose}</td>{alone}</tr>" in html
        assert "有第三方" in render(PAGE + "/// witnesses\n///\n")
        report("family.mean")
        html = render(PAGE + "/// witnesses\n///\n", "en")
        assert "1 of 1 verified formulas" in html
        assert "family.alone" not in html.partition("data-family")[2], "not verified: not counted"

    def test_bugs_are_listed_with_who_noticed_them(self):
        report("family.mean")
        html = render(PAGE + "/// wild-bugs\n///\n")
        assert '<a href="https://example.org">a book</a>' in html
        assert "没有轴" in html

    def test_the_index_knows_cards_status_witnesses_and_what_calls_what(self):
        report("family.mean")
        html = render(PAGE + "/// formulas\n///\n\n/// dependencies\n///\n", "en")
        assert 'data-row="family.mean" data-status="verified"' in html
        assert 'data-row="family.twice" data-status="unverified"' in html
        assert 'data-edge="family.mean family.twice"' in html
        assert 'data-node="family.twice" data-status="unverified"' in html
        assert "Family " in html
        assert load_all("snippets")["family.twice"].uses == ["family.mean"]
        assert load_all("snippets")["family.alone"].uses == []

    def test_a_family_is_folded_under_a_line_that_counts(self):
        report("family.mean", "family.twice")
        html = bare(render(PAGE + "/// formulas\n///\n", "en"))
        line = "<summary>Family <code>snippets/family.py</code><span>2 of 3 verified</span></summary>"
        assert f'<details class="ys-family">{line}<table' in html
        assert html.count("<td><code>torch.mean</code> +1</td>") == 2, "one line says who says so"
        assert html.count("<td>✗ not verified</td>") == 1
        report("family.mean", "family.twice", "family.alone")
        assert "<span>3 个，全部已验证</span>" in render(PAGE + "/// formulas\n///\n", "zh")
        html = bare(render(PAGE + "/// verification\n///\n", "en"))
        claim = "<pre><code>torch.mean(z)</code></pre>"
        assert (
            f'<summary><code>torch.mean</code> +1</summary><div class="no-copy">{claim}{claim}</div></details>' in html
        )

    def test_no_error_at_all_is_exact(self):
        report("family.mean")
        path = Path("build/report.json")
        path.write_text(path.read_text("utf-8").replace("1e-15", "0.0"), "utf-8")
        html = bare(render(PAGE + "/// verification\n///\n", "en"))
        assert "<td>exact</td>" in html
        assert "0.0e+00" not in html.partition("data-table")[2]

    def test_a_family_without_a_title_stops_the_index(self):
        text = Path("snippets/family.py").read_text("utf-8")
        Path("snippets/family.py").write_text(text.replace("Family\n一家", "Family"), "utf-8")
        with pytest.raises(YansuanError, match=r"^snippets/family\.py:1: no title in two languages"):
            render("/// formulas\n///\n")

    def test_sources_link_to_where_they_are_treated(self):
        html = bare(render(PAGE + "/// sources | S1\n///\n", "zh"))
        assert '<td>均值</td><td><a href="page.md#family.mean">均值</a></td>' in html
        assert '<a href="page.md#a">T</a>' in html
        assert "没有内容" in html
        assert '<a href="labs/lab.ipynb#x">实验</a>' in render("# T {#t}\n\n/// sources | S6\n///\n", "zh")

    def test_for_machines_only_what_is_verified_as_it_stands(self):
        found = evidence.for_machines(report("family.mean"), load_all("snippets"))
        assert found["formulas"] == {
            "family.mean": {
                "witnesses": ["torch.mean(z)", "torch.mean(z)"],
                "third_parties": ["torch.mean", "torch.mean"],
                "inputs": 64,
                "rtol": 1e-9,
                "max_rel_error": 1e-15,
                "mutants": {"total": 5, "killed": 4, "listed": 1},
                "latex": "executed",
            }
        }
        assert set(found["unverified"]) == {"family.twice", "family.alone"}


def test_layers_go_from_what_is_used_to_what_uses_it():
    uses = {"x.a": [], "x.b": ["x.a"], "x.c": ["x.a", "x.b"], "x.d": [], "x.e": ["x.d", "x.c"], "x.alone": []}
    rows = layers(uses)
    level = {n: i for i, row in enumerate(rows) for n in row}
    assert sorted(level) == ["x.a", "x.b", "x.c", "x.d", "x.e"]
    assert all(level[u] < level[n] for n, used in uses.items() for u in used)
    assert level["x.d"] == level["x.e"] - 1, "beside what uses it"


GOOD = {
    "name": "Seq Gan",
    "section": "generative",
    "listed": "2016-07",
    "title": "SeqGAN",
    "authors": "Lantao Yu et al.",
    "month": "2016-09",
    "venue": "",
    "arxiv": "1609.05473",
    "page": "papers/seq-2016.md",
    "correction": "September | 九月",
}
# what makes it a paper that the source does not list
OURS = dict.fromkeys(("name", "listed", "correction", "arxiv", "page"), "")
OURS |= {"title": "Our own", "month": "1964", "venue": "AMS"}


def shelf(*rows):
    """Write docs/papers.csv, and the page of the good row."""
    with Path("docs/papers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, GOOD)
        writer.writeheader()
        writer.writerows(rows)
    for lang in LANGS:
        Path("docs", lang, "papers").mkdir(parents=True, exist_ok=True)
        Path("docs", lang, "papers/seq-2016.md").write_text("# A page {#seq-2016}\n", "utf-8")


@pytest.mark.usefixtures("project")
class TestPapers:
    def test_a_paper_with_a_page_links_to_it_and_another_says_not_yet(self):
        shelf(GOOD, GOOD | {"name": "Gan", "page": "", "venue": "NIPS 2014"})
        html = render("# T {#t}\n\n/// papers | generative\n///\n", "zh")
        assert "<summary>还没有页面：1 篇</summary>" in html
        html = bare(html)
        assert '<td><a href="papers/seq-2016.md#seq-2016">A page</a></td>' in html
        assert html.count("<td>还没有</td>") == 1
        assert '<a href="https://arxiv.org/abs/1609.05473">arXiv:1609.05473</a>' in html
        assert '<td>Seq Gan<div class="ys-name">2016-07</div><div>九月</div></td>' in html
        assert "<div>NIPS 2014</div>" in html
        assert '<td>Seq Gan<div class="ys-name">2016-07</div><div>September</div></td>' in bare(
            render("# T {#t}\n\n/// papers | generative\n///\n", "en")
        )

    def test_a_paper_that_the_source_does_not_list_has_a_dash(self):
        shelf(GOOD, GOOD | OURS)
        html = render("# T {#t}\n\n/// papers | generative\n///\n", "en")
        html = bare(html)
        assert re.search(
            r'<tr data-paper="Our own">.*<div class="ys-name">1964</div><div>AMS</div></td><td>—</td></tr>', html
        )

    def test_an_unknown_section_is_refused_at_the_line_of_the_page(self):
        shelf(GOOD)
        with pytest.raises(
            YansuanError, match=r"^docs/zh/page\.md:3: papers: .* section 'model'; there are generative"
        ):
            render("# T {#t}\n\n/// papers | model\n///\n")
        Path("docs/papers.csv").unlink()
        with pytest.raises(YansuanError, match=r"^docs/zh/page\.md:3: papers: there is no docs/papers\.csv"):
            render("# T {#t}\n\n/// papers | model\n///\n")

    @pytest.mark.parametrize(
        ("change", "fault"),
        [
            ({"page": "papers/gone.md"}, "there is no page docs/zh/papers/gone.md: write it, or leave the column page"),
            ({"authors": ""}, "no authors: fill it in"),
            ({"name": ""}, "name and listed are what the source says of the paper: fill in both, or neither"),
            ({"listed": ""}, "name and listed are what the source says of the paper: fill in both, or neither"),
            ({"name": "", "listed": ""}, "a correction of what the source does not list: fill in listed, or leave"),
            ({"month": "2016. 9"}, "month is '2016. 9': write it as 2015-02, or 2015 if the month is not known"),
            ({"month": "2016"}, "month is 2016 and the arXiv number says 2016-09"),
            ({"listed": "2016"}, "listed is '2016': write it as 2015-02"),
            ({"listed": "2016-13"}, "listed is '2016-13': write it as 2015-02"),
            ({"arxiv": ""}, "neither an arXiv number nor a venue"),
            ({"arxiv": "cs/1609054"}, "arxiv is 'cs/1609054': write it as 1502.03167"),
            ({"month": "2016-07"}, "month is 2016-07 and the arXiv number says 2016-09"),
            ({"correction": ""}, "the source lists 2016-07, not 2016-09: say so in the column correction"),
            ({"correction": "September"}, "a correction in one language: write it as 'English | 中文'"),
        ],
    )
    def test_a_bad_row_is_refused_at_its_line(self, change, fault):
        shelf(GOOD, GOOD | change)
        with pytest.raises(YansuanError) as error:
            render("# T {#t}\n\n/// papers | generative\n///\n")
        assert str(error.value).startswith(f"docs/papers.csv:3: {fault}")

    @pytest.mark.parametrize("line", ["Gan,generative", "Gan,generative,2014-06,G,I,2014-06,,1406.2661,,,too,many"])
    def test_a_row_with_other_columns_is_refused(self, line):
        shelf(GOOD)
        with Path("docs/papers.csv").open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        with pytest.raises(YansuanError, match=r"^docs/papers\.csv:3: not as many columns as the first line has"):
            render("# T {#t}\n\n/// papers | generative\n///\n")


def shelf_faults(rows):
    """What is wrong with these rows, [(line, row)], as the list of every paper of the source, and of our own."""
    faults, seen, before = [], {}, (0, "")
    for line, row in rows:
        if fault := "still to write: replace the TODO" if "TODO" in "".join(row.values()) else paper_fault(row):
            faults.append((line, fault))
        for column in ("name", "title", "page"):
            first = seen.setdefault((column, row[column]), line)
            if row[column] and first < line:
                faults.append((line, f"the same {column} as on line {first}: keep one of the two rows"))
        if row["section"] not in SECTIONS:
            faults.append((line, f"no section {row['section']!r}: write one of {', '.join(SECTIONS)}"))
            continue
        place = (list(SECTIONS).index(row["section"]), row["month"])
        if place < before:
            faults.append((line, "after a later section or month: move it up, the order is by section, then month"))
        before = max(place, before)
    for section, papers in SECTIONS.items():
        found = sum(row["section"] == section and bool(row["listed"]) for _, row in rows)
        if found != papers:
            what = f"{section}: {found} rows with 'listed', and the source lists {papers} papers"
            fewer = "bring back the paper that is missing, or its name and listed"
            more = "leave name and listed empty for a paper that it does not list"
            faults.append((1, f"{what}: {fewer if found < papers else more}"))
    return [f"docs/papers.csv:{line}: {fault}" for line, fault in faults]


def page_faults(rows, lang):
    """Pages on papers that no row names, and rows that name no page."""
    named = {row["page"]: line for line, row in rows if row["page"]}
    docs = Path("docs", lang)
    written = {path.relative_to(docs).as_posix() for path in docs.glob("papers/*.md")} - {"papers/index.md"}
    cure = "fill in the column page of its paper, or add a row, without name and listed if the source does not list it"
    lost = [
        f"{docs.as_posix()}/{page}:1: no row of docs/papers.csv names it: {cure}"
        for page in sorted(written - named.keys())
    ]
    return lost + [
        f"docs/papers.csv:{line}: there is no page {docs.as_posix()}/{page}: write it, or leave the column page empty"
        for page, line in named.items()
        if page not in written
    ]


@pytest.mark.pages
def test_the_list_has_every_paper_of_the_source_once():
    assert sum(SECTIONS.values()) == 57
    assert not (faults := shelf_faults(all_rows("docs/papers.csv", "section"))), "\n".join(faults)


@pytest.mark.pages
@pytest.mark.parametrize("lang", LANGS)
def test_every_page_on_a_paper_is_on_the_list_once(lang):
    assert not (faults := page_faults(all_rows("docs/papers.csv", "section"), lang)), "\n".join(faults)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"venue": "TODO venue"}, "59: still to write: replace the TODO"),
        ({"authors": ""}, "59: no authors: fill it in"),
        ({"title": "Pointer Networks"}, "59: the same title as on line 50: keep one of the two rows"),
        ({"page": "papers/vae-2013.md"}, "59: the same page as on line 45: keep one of the two rows"),
        ({"section": "graphs"}, "59: no section 'graphs': write one of cognitive, optimization"),
        ({"section": "vision"}, "59: after a later section or month: move it up"),
        ({"month": "2012"}, "59: after a later section or month: move it up"),
        (
            {"name": "Ours", "listed": "2017-08", "correction": "a | b"},
            "1: model: 12 rows with 'listed', and the source lists 11 papers: leave name and listed empty",
        ),
    ],
)
def test_a_paper_of_our_own_may_join_the_list(change, fault):
    listed = [row for _, row in all_rows("docs/papers.csv", "section") if row["listed"]]
    mine = listed[0] | OURS | {"section": "model", "month": "2017-07"}
    assert not shelf_faults(list(enumerate([*listed, mine], 2)))
    found = shelf_faults(list(enumerate([*listed, mine | change], 2)))
    assert any(said.startswith(f"docs/papers.csv:{fault}") for said in found), found
    (missing,) = shelf_faults(list(enumerate([*listed[:-1], mine], 2)))
    assert missing.startswith(
        "docs/papers.csv:1: model: 10 rows with 'listed', and the source lists 11 papers: bring back"
    )


def test_a_page_and_a_row_need_each_other():
    rows = all_rows("docs/papers.csv", "section")
    named = next(n for n, (_, row) in enumerate(rows) if row["page"])
    row = rows[named][1]
    lost = "\n".join(page_faults([*rows[:named], *rows[named + 1 :]], "en"))
    assert f"docs/en/{row['page']}:1: no row of docs/papers.csv names it: fill in the column page of its paper" in lost
    gone = "docs/papers.csv:99: there is no page docs/zh/papers/gone.md: write it, or leave the column page empty"
    assert gone in page_faults([*rows, (99, row | {"page": "papers/gone.md"})], "zh")


@pytest.mark.pages
@pytest.mark.parametrize("lang", LANGS)
def test_the_overview_has_every_section_in_the_order_of_the_source(lang):
    text = Path("docs", lang, "papers/index.md").read_text("utf-8")
    assert re.findall(r"^## .* \{#(.+)\}\n\n/// papers \| \1\n///$", text, re.M) == list(SECTIONS), (
        f"docs/{lang}/papers/index.md:1: a heading with its id and '/// papers | id' for each of {', '.join(SECTIONS)}"
    )

"""The tables that nobody types, on a small site of three formulas."""

import json
from pathlib import Path

import pytest

from tests.test_bad_input import SNIPPET, render
from tests.test_bad_input import project as project  # the fixture
from yansuan import evidence
from yansuan.errors import YansuanError
from yansuan.formula import load_all
from yansuan.graph import layers

PAGE = "# T {#a}\n\n/// formula | family.mean\n///\n\n/// formula | family.twice\n///\n\n/// formula | family.alone\n///\n\n"


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
    text = '"""Family | 一家"""\n\n' + SNIPPET + "\n\n" + twice + "\n\n" + alone
    Path("snippets/family.py").write_text(text, "utf-8")


def report(*verified):
    """Write a test report in which these formulas are proved."""
    formulas = load_all("snippets")
    witness = {"claim": "torch.mean(z)", "inputs": 32, "max_rel_error": 1e-15, "rtol": 1e-9}
    mutants = {"total": 5, "killed": 4, "listed": 1}
    entries = {
        name: {
            "digest": formulas[name].digest,
            "witnesses": [witness, witness],
            "latex": "executed",
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
    whole = {
        "date": "2026-01-02",
        "versions": {"torch": "2"},
        "formulas": entries,
        "mutants": dict.fromkeys(verified, mutants) | {"_help.f": mutants},
        "wild": [bug | {"en": "no axis", "zh": "没有轴"}],
    }
    Path("build").mkdir(exist_ok=True)
    Path("build/evidence.json").write_text(json.dumps(whole), "utf-8")
    return evidence.read("build/evidence.json")


@pytest.mark.usefixtures("family")
class TestTables:
    def test_verification_says_what_the_run_proved_and_what_not(self):
        report("family.mean", "family.twice")
        text = Path("snippets/family.py").read_text("utf-8")
        assert "2 of 3 formulas verified. Mutants: 12 of 15 killed, 3 listed" in render("/// verification\n///\n", "en")
        Path("snippets/family.py").write_text(text.replace("return mean(z)", "return mean(z) + 0"), "utf-8")
        html = render(PAGE + "/// verification\n///\n", "en")
        assert "1 of 3 formulas verified" in html
        assert "LaTeX executed: 1 of 1. Test run of 2026-01-02 with torch 2." in html
        assert html.count("not verified: edited since") == 1
        assert html.count("not verified: not covered by the last test run") == 1
        assert "<td>64</td><td>1.0e-15</td><td>4 / 5 (+1)</td><td>executed</td>" in html.replace("\n", "")

    def test_without_a_report_the_tables_say_so(self):
        for table in ("verification", "wild-bugs"):
            assert "还没有测试报告" in render(f"/// {table}\n///\n")
        html = render(PAGE + "/// formulas\n///\n\n/// dependencies\n///\n")
        assert html.count('data-row="family.') == 3
        assert html.count('data-node="family.') == 2

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

    def test_a_family_without_a_title_stops_the_index(self):
        text = Path("snippets/family.py").read_text("utf-8")
        Path("snippets/family.py").write_text(text.replace("Family | 一家", "Family"), "utf-8")
        with pytest.raises(YansuanError, match=r"^snippets/family\.py:1: no title in two languages"):
            render("/// formulas\n///\n")

    def test_sources_link_to_where_they_are_treated(self):
        html = render(PAGE + "/// sources | S1\n///\n", "zh")
        assert '<td>均值</td>\n<td><a href="page.md#family.mean">均值</a></td>' in html
        assert '<a href="page.md#a">T</a>' in html
        assert "没有内容" in html
        assert '<a href="labs/lab.ipynb#x">实验</a>' in render("# T {#t}\n\n/// sources | S6\n///\n", "zh")

    def test_for_machines_only_what_is_verified_as_it_stands(self):
        found = evidence.for_machines(report("family.mean"), load_all("snippets"))
        assert found["formulas"] == {
            "family.mean": {
                "witnesses": ["torch.mean(z)", "torch.mean(z)"],
                "inputs": 64,
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

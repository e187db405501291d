"""What is tracked of the tests, and what is not: how it is written, read, compared and shown."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.test_bad_input import CARD, edit_snippet, render
from tests.engine.test_bad_input import project as project  # the fixture
from yansuan import evidence
from yansuan.base.errors import YansuanError
from yansuan.base.settings import settings
from yansuan.evidence import Evidence, Run
from yansuan.formula.formula import load

MUTANTS = {"total": 14, "killed": 13, "listed": 1}
WITNESS = {"claim": "torch.mean(z)", "by": "torch.mean", "inputs": 32, "rtol": 1e-9}
BUG = {"id": "axis", "formula": "family.mean", "where": "a book", "link": "https://a.b"}
BUG |= {"noticed_by": "torch.mean(z)", "en": "no axis", "zh": "没有轴"}
TRACKED, REPORT = Path("tests/evidence.json"), Path("build/report.json")

pytestmark = pytest.mark.usefixtures("project")


def found():
    """What a run finds of the one formula of the project."""
    digest = load("snippets", "family.mean").digest
    entry = {
        "digest": digest,
        "witnesses": [WITNESS],
        "latex": "executed",
        "mutants": MUTANTS,
        "values": {"x": "[1, 2]"},
    }
    measured = {"digest": digest, "witnesses": [{"claim": "torch.mean(z)", "max_rel_error": 2e-16}]}
    return Evidence(
        {"family.mean": entry, "family.other": entry | {"digest": "d"}},
        {"_help.f": MUTANTS},
        (BUG,),
        Run("2026-01-02", {"torch": "2"}, {"family.mean": measured}),
    )


def change(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_a_formula_is_a_line_and_nothing_is_of_this_machine():
    evidence.write(found())
    lines = TRACKED.read_text("utf-8").splitlines()
    assert [line[:14] for line in lines if line.startswith('"family')] == ['"family.mean":', '"family.other"']
    assert json.loads("\n".join(lines)).keys() == {"formulas", "helpers", "wild"}
    for word in ("date", "versions", "max_rel_error", "2026"):
        assert word not in "\n".join(lines)
    assert evidence.read() == found()
    backwards = replace(found(), formulas=dict(reversed(found().formulas.items())))
    assert evidence.text(backwards) == evidence.text(found()), "in order, whatever the order of the tests"


def test_without_anything_the_file_can_be_read_too():
    nothing = Evidence({}, {}, ())
    TRACKED.parent.mkdir()
    TRACKED.write_text(evidence.text(nothing), "utf-8")
    assert evidence.read() == nothing


def test_a_card_in_a_clone_says_what_is_tracked_and_on_the_machine_of_the_test_what_was_measured():
    evidence.write(found())
    here = render(CARD, "en")
    assert "32 random inputs, worst relative error 2.0e-16 (allowed 1e-9)" in here
    assert "a test run on this machine on 2026-01-02 with torch 2" in here
    REPORT.unlink()
    clone = render(CARD, "en")
    assert 'data-status="verified"' in clone
    assert "32 random inputs, relative error at most 1e-9" in clone
    assert "in the repository (tests/evidence.json), confirmed by CI" in clone
    assert "2026" not in clone
    assert "32 组随机输入，相对误差不超过 1e-9" in render(CARD, "zh")
    assert "仓库中的记录（tests/evidence.json），由 CI 复核" in render(CARD, "zh")


def test_the_table_says_where_its_ticks_come_from():
    edit_snippet("import numpy", '"""Family\n家族\n"""\n\nimport numpy')
    evidence.write(found())
    assert "Evidence: a test run on this machine on 2026-01-02 with torch 2." in render("/// verification\n///\n", "en")
    REPORT.unlink()
    table = render(f"# T {{#t}}\n\n{CARD}\n/// verification\n///\n", "en")
    assert "Evidence: in the repository (tests/evidence.json), confirmed by CI." in table
    assert ">at most 1e-9</td>" in table


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"digest": "', '"digest": "0'),  # another source
        ("torch.mean(z)", "torch.sum(z) / len(z)"),  # another witness
        ("2e-16", "5.0"),  # more than the witness allows
        ('"witnesses": [', '"witnesses": [{"claim": "x", "max_rel_error": 0}, '),
    ],
)
def test_what_a_run_measured_of_something_else_is_not_shown(old, new):
    evidence.write(found())
    change(REPORT, old, new)
    assert "relative error at most 1e-9" in render(CARD, "en")


def test_an_edit_takes_the_tick_away():
    evidence.write(found())
    edit_snippet("np.sum(z) / len(z)", "z.mean()")
    assert 'data-status="unverified"' in render(CARD)


def test_for_machines_the_same():
    evidence.write(found())
    formulas = {"family.mean": load("snippets", "family.mean")}
    here = evidence.for_machines(evidence.read(), formulas)
    assert here["date"] == "2026-01-02"
    assert here["formulas"]["family.mean"]["max_rel_error"] == 2e-16
    REPORT.unlink()
    clone = evidence.for_machines(evidence.read(), formulas)
    assert clone["date"] is clone["versions"] is None
    assert clone["evidence"] == "tests/evidence.json"
    assert clone["formulas"]["family.mean"] == here["formulas"]["family.mean"] | {"max_rel_error": None}


@pytest.mark.parametrize(
    ("old", "new", "line", "fault"),
    [
        ('"latex": "executed"', '"latex": "believed"', 1, "latex is 'believed', not one of"),
        ('"inputs": 32', '"inputs": true', 1, "inputs is True, not a number from 0 up"),
        ('"inputs": 32', '"inputs": NaN', 1, "inputs is nan, not a number"),
        ('"inputs": 32', f'"inputs": {10**400}', 1, "inputs is 1000"),
        ('"inputs": 32, ', "", 1, "an entry of witnesses has no 'inputs'"),
        ('"inputs": 32', '"inputs": 32, "max_rel_error": 0', 1, "has a 'max_rel_error', which nothing reads"),
        ('"wild": [', '"wild": [{},', 1, "an entry of wild has no 'en'"),
        ("https://a.b", "javascript:x", 1, "link is 'javascript:x', not an address"),
        ("no axis", "no\\u0000axis", 1, "en is not text, or has an invisible character"),
        ('"helpers": {', '"helpers": [', 7, "not the evidence of a test run"),
        ('"family.other"', '"family.mean"', 1, "'family.mean' stands twice in one object"),
        ('"inputs": 32', '"inputs": 0', 3, "family.mean: a witness has seen no input, and no green run writes that"),
        ('"killed": 13', '"killed": 3', 3, "family.mean: 3 of 14 mutants are killed and 1 listed"),
        ('"rtol": 1e-09', '"rtol": 1e9', 3, "family.mean: a witness allows a relative error of 1e+09"),
        (
            '{"claim": "torch.mean(z)", "by": "torch.mean", "inputs": 32, "rtol": 1e-09}',
            "",
            3,
            "family.mean: it has no witness",
        ),
        ('"helpers"', '<<<<<<< HEAD\n"helpers"', 6, "a merge left both sides here: take either one"),
        ('"helpers"', '=======\n"helpers"', 6, "a merge left both sides here: take either one"),
        ('"helpers"', '>>>>>>> branch\n"helpers"', 6, "a merge left both sides here: take either one"),
    ],
)
def test_what_no_run_wrote_stops_the_build_in_one_line(old, new, line, fault):
    evidence.write(found())
    change(TRACKED, old, new)
    with pytest.raises(YansuanError) as error:
        render(CARD)
    said = str(error.value)
    assert said.startswith(f"tests/evidence.json:{line}: ")
    assert fault in said
    assert "run the tests, which write it anew" in said
    assert "\n" not in said


@pytest.mark.parametrize("text", ["", "[" * 100_000, '{"formulas": ', "null", "[]"])
@pytest.mark.parametrize(("path", "cure"), [(TRACKED, "run the tests, which write it anew"), (REPORT, "delete it")])
def test_a_file_that_is_cut_off_is_refused(path, cure, text):
    evidence.write(found())
    path.write_text(text, "utf-8")
    with pytest.raises(YansuanError, match=rf"^{path}:\d+: not .*: {cure}") as error:
        render(CARD)
    assert len(str(error.value)) < 300


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("2026-01-02", "\\u0000", "date is not text"),
        ('"torch": "2"', '"torch": 2', "torch is not text"),
        ('"digest"', '"digests"', "family.mean has no 'digest'"),
        ("2e-16", "-1", "max_rel_error is -1, not a number from 0 up"),
    ],
)
def test_a_report_of_another_shape_is_refused(old, new, fault):
    evidence.write(found())
    change(REPORT, old, new)
    with pytest.raises(YansuanError, match=rf"^build/report\.json:1: not a test report \({re.escape(fault)}.*: delete"):
        render(CARD)


class TestComparison:
    """In CI, where nothing that is tracked is believed."""

    def test_the_same_is_the_same(self):
        evidence.write(found())
        assert evidence.differences(found()) == []

    def test_how_a_python_writes_the_code_of_a_witness_makes_no_difference(self):
        lines = found().formulas
        entry = lines["family.mean"] | {"witnesses": [WITNESS | {"claim": "(torch).mean( z )"}]}
        evidence.write(replace(found(), formulas={**lines, "family.mean": entry}))
        assert evidence.differences(found()) == []
        entry = lines["family.mean"] | {"witnesses": [WITNESS | {"claim": "torch.mean(z) + 0"}]}
        evidence.write(replace(found(), formulas={**lines, "family.mean": entry}))
        assert len(evidence.differences(found())) == 1

    def test_a_missing_file(self):
        (fault,) = evidence.differences(found())
        assert fault.startswith("tests/evidence.json:1: missing: run 'python -m pytest'")

    def test_a_damaged_file(self):
        evidence.write(found())
        TRACKED.write_text("<<<<<<< HEAD\n", "utf-8")
        (fault,) = evidence.differences(found())
        assert fault.startswith("tests/evidence.json:1: a merge left both sides here")

    @pytest.mark.parametrize(
        ("part", "name", "tracked", "line", "fault"),
        [
            ("formulas", "family.mean", None, 1, "not there, and this run proves it"),
            ("formulas", "family.new", {"witnesses": [WITNESS]}, 4, "this run knows nothing of it"),
            ("formulas", "family.mean", {"digest": "stale"}, 3, 'digest is "stale", this run finds "'),
            ("formulas", "family.mean", {"latex": "read"}, 3, 'latex is "read", this run finds "executed"'),
            (
                "formulas",
                "family.mean",
                {"mutants": {"total": 1, "killed": 1, "listed": 0}},
                3,
                'mutants is {"total": 1',
            ),
            ("formulas", "family.mean", {"witnesses": [WITNESS | {"inputs": 33}]}, 3, "witnesses is [{"),
            ("helpers", "_help.f", {"total": 99}, 7, "total is 99, this run finds 14"),
            ("helpers", "_help.g", MUTANTS, 8, "this run knows nothing of it"),
            ("wild", "axis", {"noticed_by": "nobody"}, 10, 'noticed_by is "nobody", this run finds "torch.mean(z)"'),
        ],
    )
    def test_each_line_that_says_something_else_is_named(self, part, name, tracked, line, fault):
        other = found()
        if part == "wild":
            other = replace(other, wild=({**BUG, **tracked},))
        else:
            lines = dict(getattr(other, part))
            old = lines.pop(name, lines.get("family.other", {}))
            other = replace(other, **{part: lines if tracked is None else lines | {name: {**old, **tracked}}})
        evidence.write(other)
        (said,) = evidence.differences(found())
        assert said.startswith(f"tests/evidence.json:{line}: {name}: {fault}"), said
        assert said.endswith("run 'python -m pytest' on the code as it is, and commit that file")

    def test_every_difference_is_named(self):
        evidence.write(replace(found(), formulas={}, helpers={}, wild=()))
        assert [said.split(": ")[1] for said in evidence.differences(found())] == [
            "family.mean",
            "family.other",
            "_help.f",
            "axis",
        ]


def test_the_places_are_settings():
    Path("pyproject.toml").write_text('[tool.yansuan]\nevidence = "proved.json"\nreport = "here.json"\n', "utf-8")
    assert settings().evidence == "proved.json"
    evidence.write(found())
    assert Path("proved.json").is_file()
    assert Path("here.json").is_file()
    assert not list(Path().glob("*.json.*")), "nothing is left beside them"

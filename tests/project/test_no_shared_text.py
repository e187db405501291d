"""The prose is our own: no run of 8 words or 14 Chinese characters is shared with the sources."""

from pathlib import Path

import pytest

from tests.project import shared_text

SOURCES = shared_text.known()
TEXTS = [p for suffix in ("md", "py") for p in sorted(Path("docs").rglob(f"*.{suffix}"))]
TEXTS += sorted(Path("snippets").glob("*.py"))


@pytest.mark.parametrize("path", TEXTS, ids=str)
def test_shares_no_run_of_words_with_a_source(path):
    found = shared_text.runs(path.read_text("utf-8"))
    assert not (shared := [run for key, run in found.items() if key in SOURCES]), f"{path}: say it otherwise: {shared}"


def test_the_sources_are_known():
    assert len(SOURCES) > 7000


def test_a_shared_run_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr(shared_text, "HASHES", tmp_path / "hashes.bin")
    (tmp_path / "source.txt").write_text(
        "One two, three four five six seven eight. 一二三四五六七八九十甲乙丙丁。", "utf-8"
    )
    shared_text.main(tmp_path / "source.txt")
    known = shared_text.known()
    assert len(known) == 2
    assert known & shared_text.runs("So: one two three four `x` five six seven EIGHT nine.").keys()
    assert known & shared_text.runs("一二，三四五六七八九十甲乙丙丁戊").keys()
    assert not known & shared_text.runs("one two three four five six seven nine; 一二三四五六七八九十甲乙丙").keys()

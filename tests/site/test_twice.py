"""Two builds of one commit are the same, byte for byte: the site that was tested is the one that is published.

So what was tested of the one need not be tested of the other. `.ci/run` builds again, from nothing and in another folder,
and names both: `FIRST_SITE=site SITE=…/site pytest tests/site/test_twice.py`.
"""

import os
from pathlib import Path

import pytest

from tests.site.conftest import SITE


def contents(site):
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in sorted(site.rglob("*")) if path.is_file()}


def differences(first, again):
    """What is in one of the sites alone, or has other bytes in the other."""
    one, other = contents(first), contents(again)
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


@pytest.mark.skipif("FIRST_SITE" not in os.environ, reason="one build, none to compare it with: .ci/run makes another")
def test_two_builds_are_the_same_byte_for_byte():
    first = Path(os.environ["FIRST_SITE"])
    assert len(contents(first)) > 100, f"{first}: not a site"
    found = differences(first, SITE)
    assert not found, f"{len(found)} files are not the same in {first} and {SITE}: {', '.join(found[:20])}"


def test_a_difference_is_seen(tmp_path):
    for folder, text in (("one", "a"), ("other", "b")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "page.html").write_text(text)
        (tmp_path / folder / "same.html").write_text("c")
        (tmp_path / folder / f"{folder}.html").touch()
    assert differences(tmp_path / "one", tmp_path / "other") == ["one.html", "other.html", "page.html"]

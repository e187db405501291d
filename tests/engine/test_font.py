import pytest

from yansuan.site import font


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_the_font_is_the_same_whenever_it_is_cut(tmp_path, monkeypatch):
    """Two builds of one commit are the same byte for byte, also on two machines. And it is written nowhere else."""
    first = font.math_font(font.RARE)
    assert [path.name for path in tmp_path.rglob("*.*") if path.is_file()] == ["rare.json"]
    (tmp_path / ".cache/font/rare.json").unlink()
    assert font.math_font(font.RARE) == first
    monkeypatch.setattr(font, "cut", lambda ranges: b"cut again")
    assert font.math_font(font.RARE) == first, "it is kept"
    assert font.math_font(font.COMMON) == b"cut again", "and is another for other characters"
    monkeypatch.setattr(font, "FEATURES", ["math"])
    assert font.math_font(font.RARE) == b"cut again", "or another cut"

from yansuan.site import font


def test_the_font_is_the_same_whenever_it_is_cut(tmp_path, monkeypatch):
    """Two builds of one commit are the same byte for byte, also on two machines."""
    first = font.math_font(font.RARE, tmp_path / "one")
    assert font.math_font(font.RARE, tmp_path / "two") == first
    assert [path.read_bytes() for path in tmp_path.rglob("*.*")] == [first, first]
    monkeypatch.setattr(font, "cut", lambda ranges: b"cut again")
    assert font.math_font(font.RARE, tmp_path / "one") == first, "it is kept"
    assert font.math_font(font.COMMON, tmp_path / "one") == b"cut again", "and is another for other characters"


def test_where_the_packages_are_read_only_the_font_is_kept_with_the_project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "prefix").touch()  # no folder, so nothing can be written there
    monkeypatch.setattr(font.sys, "prefix", str(tmp_path / "prefix"))
    assert font.math_font(font.RARE) == next((tmp_path / ".cache").glob("math-*.woff2")).read_bytes()
    monkeypatch.setattr(font, "cut", lambda ranges: b"cut again")
    assert font.math_font(font.RARE) != b"cut again"

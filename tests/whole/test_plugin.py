"""The plugin in sites of somebody else: with nothing but its name, and with a second language."""

import re
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from tests.engine.test_bad_input import SNIPPET
from yansuan.runs.runs import Runs
from yansuan.site.check import documents, site_faults
from yansuan.site.plugin import YansuanPlugin

CARD = "/// formula | family.mean\n///\n"
ONE = """site_name: Notes
site_url: https://e.org/notes/
theme: {name: material, font: false}
plugins: [search, yansuan]
markdown_extensions: [yansuan]
"""
TWO = """site_name: 笔记
site_url: https://e.org/notes/zh/
docs_dir: docs/zh
site_dir: out/zh
theme: {name: material, language: zh, font: false, palette: [{scheme: default, toggle: {icon: material/weather-night}}, {scheme: slate, toggle: {icon: material/weather-sunny}}]}
nav: [{Home | 首页: index.md}, {More | 其他: [a.md]}]
plugins: {search: {}, yansuan: {twin: mkdocs.en.yml}}
markdown_extensions: {attr_list: {}, yansuan: {}}
"""


def write(files):
    for name, text in ({"snippets/family.py": '"""Family | 一家"""\n\n' + SNIPPET} | files).items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, "utf-8")


@pytest.fixture
def one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write({"mkdocs.yml": ONE, "docs/index.md": f"# Start\n\n{CARD}", "docs/a.md": "# A\n"})


@pytest.fixture
def two(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    english = "INHERIT: mkdocs.yml\nsite_name: Notes\ndocs_dir: docs/en\nsite_dir: out/en\ntheme: {language: en}\n"
    write({"mkdocs.yml": TWO, "mkdocs.en.yml": english})
    for lang in ("zh", "en"):
        write({f"docs/{lang}/index.md": f"# {lang} {{#t}}\n\n{CARD}", f"docs/{lang}/a.md": f"# a {lang} {{#a}}\n"})


def made(**given):
    config = load_config(strict=True, **given)
    build(config)
    return Path(config.site_dir)


@pytest.mark.usefixtures("one")
def test_a_site_gets_what_cards_need_and_is_otherwise_as_it_was():
    site = made()
    page = (site / "index.html").read_text("utf-8")
    for name in ("assets/math.css", "assets/yansuan.css", "assets/yansuan.js"):
        assert f'"{name}"' in page
        assert (site / name).is_file()
    assert (site / "code/family.mean.py").is_file()
    assert 'data-formula="family.mean"' in page
    assert not site_faults(site, documents(site))
    for ours in ("ys-both", "md-select__link", "Content-Security-Policy", "ys-pdf"):
        assert ours not in page
    assert not (site / "snippets.zip").exists()
    with_plugin = re.sub(r"\s+", "", (site / "sitemap.xml").read_text("utf-8"))
    write({"mkdocs.yml": ONE.replace(", yansuan]", "]")})
    without = re.sub(r"\s+", "", (made() / "sitemap.xml").read_text("utf-8"))
    assert re.sub(r"xmlns:xhtml=\"[^\"]*\"", "", with_plugin) == without


@pytest.mark.usefixtures("one")
def test_templates_of_an_author_come_first():
    write(
        {
            "mkdocs.yml": ONE.replace("font: false", "font: false, custom_dir: own"),
            "own/main.html": '{% extends "base.html" %}{% block extrahead %}<!-- mine -->{% endblock %}',
        }
    )
    page = (made() / "index.html").read_text("utf-8")
    assert "<!-- mine -->" in page
    assert "Yansuan Math" not in page


@pytest.mark.usefixtures("two")
def test_one_command_gives_both_languages_with_one_nav():
    site = made().parent
    for lang, other, home, more in (("zh", "en", "首页", "其他"), ("en", "zh", "Home", "More")):
        page = (site / lang / "a/index.html").read_text("utf-8")
        assert f'<html lang="{lang}"' in page
        assert home in page
        assert more in page
        assert " | " not in re.sub(r"<(script|style).*?</\1>", "", page, flags=re.S)
        assert re.search(rf'class="ys-both" type="button" data-other="{other}"', page)
        assert f'href="../../{other}/a/" hreflang="{other}"' in page
        assert f'<link rel="canonical" href="https://e.org/notes/{lang}/a/">' in page
        assert 'rel="alternate' not in page
        assert f'hreflang="{other}" href="https://e.org/notes/{other}/a/"' in (site / lang / "sitemap.xml").read_text()
    assert 'title="换成深色"' in (site / "zh/index.html").read_text("utf-8")
    assert 'title="Switch to light"' in (site / "en/index.html").read_text("utf-8")
    assert "<title>笔记</title>" in (site / "index.html").read_text("utf-8")
    assert not site_faults(site, documents(site))


@pytest.mark.usefixtures("two")
def test_the_second_language_builds_by_itself():
    site = made(config_file="mkdocs.en.yml")
    assert site == Path("out/en").resolve()
    assert not (site.parent / "zh").exists()
    assert "https://e.org/notes/en/a/" in (site / "a/index.html").read_text("utf-8")


@pytest.mark.usefixtures("two")
def test_a_title_of_nav_in_one_language_is_one_line(caplog):
    nav = "nav:\n  - 首页: index.md\n  - a.md"
    write({"mkdocs.yml": re.sub("^nav: .*$", nav, TWO, flags=re.M)})
    with pytest.raises(Abort):
        made()
    assert caplog.messages[-1] == "mkdocs.yml:7: nav: '首页' in one language: write 'English | 中文'"


@pytest.mark.usefixtures("two")
def test_an_option_that_is_none_is_named(caplog):
    write({"mkdocs.yml": TWO.replace("twin:", "tvin: x, twin:")})
    with pytest.raises(Abort):
        made()
    assert "'tvin'" in caplog.text


@pytest.mark.usefixtures("two")
def test_nothing_is_left_of_a_build_outside_its_objects():
    """One instance knows of its builds; another knows nothing of them."""
    config = load_config()
    build(config)
    plugin = config.plugins["yansuan"]
    assert set(plugin.made) == {"zh", "en"}
    assert config.mdx_configs["yansuan"]["runs"] is plugin.runs
    assert YansuanPlugin().made == {}
    assert (Runs().asked, Runs().known) == ({}, {})

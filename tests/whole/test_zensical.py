"""Zensical makes the same site as MkDocs, page by page, and refuses the same input."""

import html
import posixpath
import re
from urllib.parse import urlsplit

import pytest

from tests.whole.project import Project
from yansuan.notes.page import LANGS
from yansuan.runs import lab
from yansuan.site.check import documents

GENERATORS = {"mkdocs": ("mkdocs", "build", "--strict"), "zensical": ("yansuan.site.zensical",)}
OF_THE_THEME = {"__skip", "__toc"}
OURS = ("math.css", "yansuan.css", "yansuan.js")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return Project(tmp_path_factory.mktemp("zensical") / "project")


@pytest.fixture(scope="module")
def built(project):
    """{generator: ({page: Document}, {what is beside the pages: bytes})}"""
    sites, site = {}, project.root / "site"
    for generator, command in GENERATORS.items():
        said = project.run(*command)
        assert said.startswith("exit 0"), said
        pages = {path.relative_to(site).as_posix(): page for path, page in documents(site).items()}
        made = [
            *site.glob("*.*"),
            *(
                p
                for kind in ("code/*", "labs/download/*", "assets/math.*", "sitemap.xml")
                for p in site.glob(f"*/{kind}")
            ),
        ]
        sites[generator] = pages, {p.relative_to(site).as_posix(): p.read_bytes() for p in made}
    return sites


def target(path, href):
    """Where a link leads: the theme of Zensical writes the same places in another way."""
    url = urlsplit(href)
    place = posixpath.normpath(posixpath.join(posixpath.dirname(path), url.path))
    return href if url.scheme else f"{place}#{url.fragment}"


def links(path, page):
    """Where a page leads."""
    return {target(path, href) for href, _ in page.links if href != "#__skip"}


SAME = {
    "language": lambda path, page: page.lang,
    "cards with their status": lambda path, page: page.cards,
    "figures": lambda path, page: (page.figures, page.drawn),
    "formulas": lambda path, page: page.math,
    "headings": lambda path, page: page.headings,
    "outputs": lambda path, page: page.outputs,
    "what is copied": lambda path, page: [(card, text) for card, text, _ in page.copied],
    "anchors": lambda path, page: page.ids.keys() - OF_THE_THEME,
    "links": lambda path, page: None if path.endswith("404.html") else links(path, page),
    "styles and scripts": lambda path, page: {target(path, s) for s, _ in page.sources if s.endswith(OURS)},
}


def test_the_same_pages(built):
    (one, _), (other, _) = built.values()
    assert one.keys() == other.keys()
    assert sum("/labs/" in path for path in one) == 2 * len(lab.every())


@pytest.mark.parametrize("what", SAME)
def test_each_page_has_the_same(built, what):
    (one, _), (other, _) = built.values()
    seen = {path: SAME[what](path, page) for path, page in one.items()}
    assert any(seen.values())
    assert {path: SAME[what](path, page) for path, page in other.items()} == seen


def test_the_same_map_of_the_site(built):
    """Every page, and the same page in the other language."""
    maps = [
        {
            lang: re.findall(
                r"<loc>(.*?)</loc>|hreflang=\"([\w-]+)\" href=\"(.*?)\"",
                html.unescape(made[f"{lang}/sitemap.xml"].decode()),
            )
            for lang in LANGS
        }
        for _, made in built.values()
    ]
    for lang in LANGS:
        one, other = (sorted(found[lang]) for found in maps)
        assert len(one) > 20
        assert one == other


def test_the_same_programs_downloads_font_and_evidence(built):
    (_, one), (_, other) = built.values()
    assert {
        "zh/assets/math.css",
        "en/assets/math.woff2",
        "verification.json",
        "snippets.zip",
        "index.html",
    } <= one.keys()
    maps = {path for path in one if path.endswith("sitemap.xml")}
    assert [path for path in (one.keys() | other.keys()) - maps if one.get(path) != other.get(path)] == []


def test_every_page_has_the_button_and_the_policy_and_loads_nothing_from_elsewhere(project, built):
    pages = sorted((project.root / "site").glob("*/**/index.html"))
    assert len(pages) > 20
    for path in pages:
        text = path.read_text("utf-8")
        assert text.count('class="ys-both"') == 1, path
        assert text.index("Content-Security-Policy") < text.index("<script"), path
    for path, page in built["zensical"][0].items():
        assert [source for source, _ in page.sources if urlsplit(source).netloc] == [], path


def test_a_page_has_no_stale_card(project, built):
    """Zensical's own cache knows pages, not snippets."""
    edit = "snippets/attention.py", "return np.where(j % 2 == 0,", "return np.where(j % 2 != 1,"
    project.edit(*edit)
    try:
        assert "exit 0" in project.run(*GENERATORS["zensical"])
        page = (project.root / "site/en/papers/transformer-2017/index.html").read_text("utf-8")
        assert edit[2] in page
        assert edit[1] not in page
    finally:
        project.edit(edit[0], *reversed(edit[1:]))


@pytest.mark.parametrize(
    ("path", "old", "new", "fault"),
    [
        ("docs/en/index.md", "# Yansuan", "$$a=b$$\n\n# Yansuan", "docs/en/index.md:11: display math by hand"),
        ("docs/zh/batch-norm/training.md", "| batch_norm.scale", "| batch_norm.skale", "docs/zh/batch-norm/training.md:24: formula: there is no"),
        ("snippets/batch_norm.py", r"\mu_i = \frac{1}", r"\mu_i = \fraq{1}", "snippets/batch_norm.py:54: batch_mean: LaTeX: "),
        ("docs/labs/before-or-after.py", "# ## Setting", "# $$x$$\n#\n# ## Setting", "docs/labs/before-or-after.py:17: display math by hand"),
    ],
)  # fmt: skip
def test_bad_input_stops_the_build_without_a_traceback_and_leaves_the_site(project, path, old, new, fault):
    refused(project, path, old, new, fault)


def test_dead_links_stop_the_build(project):
    links = "batch-norm/landscape.md) [x](batch-norm/training.md#here"
    edit = "docs/en/index.md", "batch-norm/landscape.md", links.replace("landscape", "landscap")
    refused(project, *edit, "a link to nothing: 'batch-norm/landscap/'", "a link to an anchor that is not there")


def refused(project, path, old, new, *faults):
    mark = project.root / "site" / "mark"
    mark.parent.mkdir(exist_ok=True)
    mark.touch()
    project.edit(path, old, new)
    try:
        said = project.run(*GENERATORS["zensical"])
    finally:
        project.edit(path, new, old)
    assert said.startswith("exit 1"), said
    assert all(fault in said for fault in faults), said
    assert "Traceback" not in said
    assert mark.is_file()


@pytest.fixture
def without(project):
    """Take a library away."""
    custom = project.root / "sitecustomize.py"
    yield lambda name: custom.write_text(f"import sys\nsys.modules[{name!r}] = None\n", "utf-8")
    custom.unlink()


def test_a_site_without_its_figures_is_refused(project, without):
    without("matplotlib")
    refused(project, "docs/figures/softmax.py", "import", "import os\nimport", "figure 'softmax': ")


def test_without_zensical_the_command_says_what_to_install(project, without):
    without("zensical")
    assert "exit 1\nZensical is not installed: python -m pip install -e '.[test]'" in project.run(
        *GENERATORS["zensical"]
    )

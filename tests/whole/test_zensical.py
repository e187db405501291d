"""Zensical refuses what MkDocs refuses. That it makes the same pages: tests/site/test_zensical.py."""

import os

import pytest

ZENSICAL = "yansuan.site.zensical"


def test_a_page_has_no_stale_card(project):
    """Zensical's own cache knows pages, not snippets."""
    page, old, new = (
        project.root / "site/en/basics/spread/index.html",
        "x - arithmetic_mean(x)",
        "-arithmetic_mean(x) + x",
    )
    assert "exit 0" in project.run(ZENSICAL, fresh=True)
    assert f"return {old}" in page.read_text("utf-8")
    project.edit("snippets/spread.py", old, new)
    assert "exit 0" in project.run(ZENSICAL)
    assert f"return {new}" in page.read_text("utf-8")
    assert f"return {old}" not in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("path", "old", "new", "fault"),
    [
        ("docs/en/index.md", "# Small", "$$a=b$$\n\n# Small", "docs/en/index.md:7: display math by hand"),
        ("docs/zh/basics/spread.md", "| spread.variance", "| spread.varianz", "docs/zh/basics/spread.md:26: formula: there is no"),
        ("snippets/means.py", r"\bar x = \frac{1}", r"\bar x = \fraq{1}", "snippets/means.py:20: arithmetic_mean: LaTeX: "),
        ("docs/labs/errors.py", "# ## Setting", "# $$x$$\n#\n# ## Setting", "docs/labs/errors.py:21: display math by hand"),
    ],
)  # fmt: skip
def test_bad_input_stops_the_build_without_a_traceback_and_leaves_the_site(project, path, old, new, fault):
    refused(project, path, old, new, fault)


def test_dead_links_stop_the_build(project):
    edit = "docs/en/index.md", "basics/spread.md", "basics/spraed.md) [x](basics/means.md#here"
    refused(project, *edit, "a link to nothing: 'basics/spraed/'", "a link to an anchor that is not there")


def refused(project, path, old, new, *faults, **environment):
    mark = project.root / "site" / "mark"
    mark.parent.mkdir()
    mark.touch()
    project.edit(path, old, new)
    said = project.run(ZENSICAL, **environment)
    assert said.startswith("exit 1"), said
    assert all(fault in said for fault in faults), said
    assert "Traceback" not in said
    assert mark.is_file()


def without(project, name):
    """An environment that lacks a library."""
    (project.root / "sitecustomize.py").write_text(f"import sys\nsys.modules[{name!r}] = None\n", "utf-8")
    return {"PYTHONPATH": f"{project.root}{os.pathsep}{project.installed}"}


def test_a_site_without_its_figures_is_refused(project):
    edit = "docs/figures/balance.py", "import", "import os\nimport"
    refused(project, *edit, "figure 'balance': ", **without(project, "matplotlib"))


def test_without_zensical_the_command_says_what_to_install(project):
    said = project.run(ZENSICAL, **without(project, "zensical"))
    assert "exit 1\nZensical is not installed: python -m pip install -e '.[test]'" in said

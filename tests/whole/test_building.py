"""The promises about building, seen to hold on a copy of this very project."""

import json
import shutil
from pathlib import Path

import pytest

from yansuan.formula.formula import load_all
from yansuan.site.check import documents, site_faults

DEPENDENTS = {  # what batch_mean is part of: listed by hand, for the digests are what is tested
    "batch_norm.batch_mean",
    "batch_norm.batch_variance",
    "batch_norm.batch_normalize",  # in its example
    "batch_norm.batch_norm_train",
    "batch_norm.variance_as_difference",
    "batch_norm.batch_norm_identity",
    "batch_norm.batch_norm_algorithm_2",
    "batch_norm.batch_norm_backward",
    "batch_norm.batch_norm_backward_simplified",
    "batch_norm.weight_scale_invariance",
    "explanations.noisy_batch_norm",
    "explanations.batch_norm_lipschitz",
    "explanations.lp_normalize",
    "normalization.batch_renorm",
}


def test_an_edit_unverifies_whatever_calls_the_edited_function(tmp_path, monkeypatch):
    """The key of the evidence is a digest of the function and all it needs: see tests/whole/test_foreign.py for the rest."""
    before = {name: formula.digest for name, formula in load_all("snippets").items()}
    shutil.copytree("snippets", tmp_path / "snippets")
    monkeypatch.chdir(tmp_path)
    path = Path("snippets/batch_norm.py")
    old, new = "return np.sum(z, axis=0) / len(z)", "return np.sum(z, axis=0) / (len(z) + 1e-3)"
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    after = {name: formula.digest for name, formula in load_all("snippets").items()}
    assert {name for name in before if before[name] != after[name]} == DEPENDENTS


BLOCKER = """
import sys
for name in ("numpy", "torch", "matplotlib"):
    sys.modules[name] = None
import atexit
@atexit.register
def _():
    loaded = [name for name in sys.modules if name.split(".")[0] == "snippets"]
    assert not loaded, loaded
    print("no snippet was imported")
"""


def test_a_site_builds_without_numpy_and_torch_and_imports_no_snippet(project):
    shutil.rmtree(project.root / ".cache", ignore_errors=True)
    (project.root / "sitecustomize.py").write_text(BLOCKER, "utf-8")
    said = project.run("mkdocs", "build", "--strict")
    assert "exit 1" in said, "a site without its figures is not for publishing"
    assert "no snippet was imported" in said
    assert set(project.statuses()) == set(load_all("snippets"))
    assert "没有运行" in (project.root / "site/zh/labs/feature-scaling/index.html").read_text("utf-8")
    assert "未绘制" in (project.root / "site/zh/batch-norm/landscape/index.html").read_text("utf-8")
    assert "WARNING" in said


def test_bad_input_in_the_second_language_stops_the_build_without_a_traceback(project):
    """Each kind of bad input: tests/engine/test_bad_input.py, and by whole builds test_foreign.py."""
    project.edit("docs/en/index.md", "# Yansuan", "$$a=b$$\n\n# Yansuan")
    said = project.run("mkdocs", "build")
    assert "exit 1" in said
    assert "docs/en/index.md:11: display math by hand" in said
    assert "Traceback" not in said


def test_dead_links_stop_a_strict_build(project):
    project.edit("docs/en/index.md", "batch-norm/landscape.md", "batch-norm/landscap.md")
    project.edit("docs/en/index.md", "#batch_norm.batch_mean", "#batch_norm.batch_maen")
    said = project.run("mkdocs", "build", "--strict")
    assert "exit 1" in said
    assert "batch-norm/landscap.md" in said
    assert "#batch_norm.batch_maen" in said


@pytest.mark.parametrize(
    ("path", "old", "new", "fault"),
    [
        (
            "tests/formulas/test_batch_norm.py",
            '@witness(batch_mean, by="torch.mean")',
            "@__import__('pytest').mark.skip",
            "snippets/batch_norm.py:50: batch_mean: no witness: "
            "write one with @witness(batch_mean) in tests/formulas/test_batch_norm.py",
        ),
        (
            "docs/en/batch-norm/training.md",
            "/// formula | batch_norm.scale_and_shift\n\n///\n",
            "",
            "scale_and_shift: on no page of docs/en: show it with '/// formula | batch_norm.scale_and_shift'",
        ),
        (
            "snippets/batch_norm.py",
            "    [[ 8.   0.5]\n",
            "    [[ 8.   0.6]\n",
            "[[ 8.   0.5]",
        ),
        (
            "snippets/batch_norm.py",
            "@checked\ndef scale_and_shift",
            "def scale_and_shift",
            "test_wrong_shapes_and_empty_arrays_are_refused[batch_norm.scale_and_shift]",
        ),
        (
            "snippets/batch_norm.py",
            "import numpy as np",
            "import numpy as np\nimport torch",
            "snippets use NumPy, not torch",
        ),
    ],
)
def test_a_formula_that_breaks_a_rule_makes_the_tests_red(project, path, old, new, fault):
    project.edit(path, old, new)
    about = "batch_mean or scale_and_shift or need_only_numpy"
    said = project.run(
        "pytest", "-q", "tests/project/test_rules.py", "tests/project/test_every_formula.py", "-k", about
    )
    assert "exit 1" in said
    assert fault in said


def notebook(*cells):
    """A notebook of (kind, source), never executed."""
    extra = {"code": {"execution_count": None, "outputs": []}, "markdown": {}}
    cells = [
        {"cell_type": kind, "id": f"c{i}", "metadata": {}, "source": text} | extra[kind]
        for i, (kind, text) in enumerate(cells)
    ]
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    return json.dumps({"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})


def test_a_notebook_is_executed_and_passes_the_same_gate(project):
    """Any notebook, not only a lab: its cells run, a failing one stops the build, its prose is a page's."""
    path = project.root / "docs/zh/note.ipynb"
    path.write_text(notebook(("markdown", "# Note\n\nInline $a_i$."), ("code", "print(6 * 7, '<b>')")), "utf-8")
    assert "exit 0" in project.run("mkdocs", "build")
    html = (project.root / "site/zh/note/index.html").read_text("utf-8")
    assert "<samp>42 &lt;b&gt;</samp>" in html
    assert "<math" in html
    assert "mathjax" not in html.lower()
    assert "require.js" not in html

    path.write_text(notebook(("markdown", "# Note"), ("code", "1 / 0")), "utf-8")
    said = project.run("mkdocs", "build")
    assert "exit 1" in said
    assert "division by zero" in said

    path.write_text(notebook(("markdown", "# Note\n\n$$ a = b $$")), "utf-8")
    said = project.run("mkdocs", "build")
    assert "exit 1" in said
    assert "docs/zh/note.ipynb:1: display math by hand" in said


def test_the_gate_reads_finished_pages_whatever_made_them(tmp_path):
    page = tmp_path / "index.html"
    page.write_text("<p>$$ a = b $$</p><pre>Traceback (most recent call last):</pre>", "utf-8")
    faults = "\n".join(site_faults(tmp_path, documents(tmp_path)))
    assert "display math that no card holds" in faults
    assert "a traceback" in faults

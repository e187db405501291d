"""What the copy button gives runs alone, in a fresh interpreter that has NumPy only, and prints what the card shows."""

import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor

from tests.site.conftest import LANGS, SITE
from yansuan.formula.formula import load_all
from yansuan.html.document import Document

ALONE = "import sys\nfor name in ('torch', 'scipy', 'sklearn', 'matplotlib', 'snippets', 'yansuan'):\n    sys.modules[name] = None\n"


def run(text, folder):
    """Run text as a program in an empty folder, isolated from this project."""
    command = [sys.executable, "-I", "-W", "error", "-c", f"{ALONE}exec(compile({text!r}, 'copied', 'exec'))"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


def test_every_copied_block_runs_alone_and_prints_what_the_card_shows(pages, tmp_path):
    blocks = {}
    for path, page in pages.items():
        for card, text, line in page.copied:
            blocks.setdefault(text, (path, line, card, page.outputs.get(card)))
    assert len(blocks) >= len(load_all("snippets"))
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda text: run(text, tmp_path), blocks))
    for (path, line, card, output), result in zip(blocks.values(), results, strict=True):
        assert result.returncode == 0, f"{path}:{line}: {card}: {result.stderr}"
        assert output is None or result.stdout == output + "\n", f"{path}:{line}: {card}"


def test_copied_text_is_that_of_the_source_with_no_prompt_and_no_output(pages):
    formulas = load_all("snippets")
    for path, page in pages.items():
        for card, text, line in page.copied:
            assert not card or text == formulas[card].copy, (
                f"{path}:{line}: {card}: the site is older than its snippets"
            )
            assert not any(mark in text for mark in (">>>", "\n...", '"""')), f"{path}:{line}: {card}"


def test_a_block_that_needs_more_than_itself_is_caught(tmp_path):
    assert run("import numpy as np\nprint(np.ones(2))\n", tmp_path).stdout == "[1. 1.]\n"
    for bad in (
        "np.ones(2)",
        "import torch",
        "from snippets.batch_norm import batch_mean",
        "import numpy as np\n1 / 0",
    ):
        assert run(bad, tmp_path).returncode != 0


def test_what_a_button_copies_is_read_as_the_theme_reads_it():
    page = Document(
        '<div data-formula="f" data-copy="all&#10;of it"><pre><code><span>part</span></code></pre></div>'
        '<div class="no-copy"><pre><code>none</code></pre></div><pre><code>a <b>b</b></code></pre>'
    )
    assert [text for _, text, _ in page.copied] == ["all\nof it", "a b"]


def test_each_program_is_a_file_and_all_are_one_archive(tmp_path):
    formulas = load_all("snippets")
    for lang in LANGS:
        files = {p.name: p.read_text("utf-8") for p in (SITE / lang / "code").glob("*.py")}
        assert files == {f"{name}.py": formula.copy for name, formula in formulas.items()}
    with zipfile.ZipFile(SITE / "snippets.zip") as archive:
        archive.extractall(tmp_path)
    names = [f"from snippets.{name.replace('.', ' import ')}" for name in formulas]
    blocked = ALONE.replace("'snippets', ", "")
    program = f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\n{blocked}" + "\n".join(names)
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

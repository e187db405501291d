"""What the copy button gives runs alone, in a fresh interpreter that has NumPy only, and prints what the card shows."""

import json
import os
import subprocess
import sys
import zipfile

from tests.site.conftest import LANGS, SITE
from yansuan.formula.formula import load_all
from yansuan.html.document import Document

ALONE = "import sys\nfor name in ('torch', 'scipy', 'sklearn', 'matplotlib', 'snippets', 'yansuan'):\n    sys.modules[name] = None\n"
# A child of a fresh interpreter for each program, so that NumPy is loaded once. What a program does to it, no other sees.
CHILDREN = """
import json, os, signal, tempfile, traceback
import numpy

def child(text, out, err):
    signal.alarm(120)
    os.dup2(out.fileno(), 1)
    os.dup2(err.fileno(), 2)
    code = 0
    try:
        exec(compile(text, "copied", "exec"), {"__name__": "__main__"})
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)

def run(text):
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        pid = os.fork()
        if not pid:
            child(text, out, err)
        code = os.waitpid(pid, 0)[1]
        texts = [file.seek(0) or file.read().decode() for file in (out, err)]
        return [code, *texts]

json.dump([run(text) for text in json.load(sys.stdin)], sys.stdout)
"""


def run_all(texts, folder):
    """(exit code, output, errors) of each text, run as a program in a folder, isolated from this project."""
    command = [sys.executable, "-I", "-W", "error", "-c"]
    here = {"cwd": folder, "capture_output": True, "encoding": "utf-8"}
    if hasattr(os, "fork"):
        done = subprocess.run([*command, ALONE + CHILDREN], check=False, input=json.dumps(texts), timeout=600, **here)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
    programs = [f"{ALONE}exec(compile({text!r}, 'copied', 'exec'))" for text in texts]
    all_done = [subprocess.run([*command, program], check=False, timeout=120, **here) for program in programs]
    return [(done.returncode, done.stdout, done.stderr) for done in all_done]


def test_every_copied_block_runs_alone_and_prints_what_the_card_shows(pages, tmp_path):
    blocks = {}
    for path, page in pages.items():
        for card, text, line in page.copied:
            blocks.setdefault(text, (path, line, card, page.outputs.get(card)))
    assert len(blocks) >= len(load_all("snippets"))
    results = run_all(list(blocks), tmp_path)
    for (path, line, card, output), (code, printed, errors) in zip(blocks.values(), results, strict=True):
        assert code == 0, f"{path}:{line}: {card}: {errors}"
        assert output is None or printed == output + "\n", f"{path}:{line}: {card}"


def test_copied_text_is_that_of_the_source_with_no_prompt_and_no_output(pages):
    formulas = load_all("snippets")
    for path, page in pages.items():
        for card, text, line in page.copied:
            assert not card or text == formulas[card].copy, (
                f"{path}:{line}: {card}: the site is older than its snippets"
            )
            assert not any(mark in text for mark in (">>>", "\n...", '"""')), f"{path}:{line}: {card}"


def test_a_block_that_needs_more_than_itself_is_caught(tmp_path):
    spoils = "import numpy as np\nnp.ones = np.zeros\nprint(np.ones(2))\n"
    good = "import numpy as np\nprint(np.ones(2))\n"
    bad = (
        "np.ones(2)",
        "import torch",
        "from snippets.batch_norm import batch_mean",
        "import numpy as np\n1 / 0",
        "import numpy as np\nnp.log(np.zeros(1))",
        "raise SystemExit(3)",
    )
    first, second, *others = run_all([spoils, good, *bad], tmp_path)
    assert first[1] == "[0. 0.]\n"
    assert second[1] == "[1. 1.]\n", "a program sees nothing of what another did"
    for text, (code, _, _) in zip(bad, others, strict=True):
        assert code != 0, text


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

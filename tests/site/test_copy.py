"""What the copy button gives runs alone, in a fresh interpreter that has NumPy only, and prints what the card shows."""

import json
import os
import re
import subprocess
import sys
import zipfile

import numpy as np
import sklearn.preprocessing
import torch
import torch.nn.functional as F

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


def after_its_head(text):
    """A program without its first two lines: what it is and where, what it was compared with and its licence."""
    first, second, rest = text.split("\n", 2)
    assert re.fullmatch(r"# .+[:：] ?https?://\S+#\w+\.\w+", first), first
    assert re.fullmatch(r"# .+(License: |许可证：)MIT", second), second
    return rest


def test_copied_text_is_that_of_the_source_with_no_prompt_and_no_output(pages):
    formulas = load_all("snippets")
    for path, page in pages.items():
        for card, text, line in page.copied:
            assert not card or after_its_head(text) == formulas[card].copy, (
                f"{path}:{line}: {card}: the site is older than its snippets"
            )
            assert not any(mark in text for mark in (">>>", "\n...", '"""')), f"{path}:{line}: {card}"


def drawn(*shape):
    """Data that no example has; the same in both places."""
    return np.random.default_rng(len(shape)).standard_normal(shape).round(3)


X, SEQUENCE, IMAGES, WEIGHTS = drawn(6, 4), drawn(2, 5, 6), drawn(2, 6, 3, 4), drawn(6)
CLASSES = np.array([3, 0, 2, 1, 1, 0])
# What somebody writes below a copied program, with data of their own, and its namesake in a library
USED = {
    "losses.softmax": ((IMAGES,), lambda x: torch.softmax(x, -1)),
    "losses.cross_entropy": ((X, CLASSES), F.cross_entropy),
    "attention.scaled_dot_product_attention": ((IMAGES, IMAGES, IMAGES[..., :2]), F.scaled_dot_product_attention),
    "normalization.layer_norm": ((SEQUENCE, WEIGHTS, -WEIGHTS), lambda x, g, b: F.layer_norm(x, (6,), g, b)),
    "normalization.group_norm": ((IMAGES, 3, WEIGHTS), lambda x, groups, g: F.group_norm(x, int(groups), g)),
    "normalization.weight_norm": ((IMAGES, WEIGHTS[:2]), lambda v, g: torch._weight_norm(v, g[:, None, None, None], 0)),
    "batch_norm.batch_norm_2d": ((IMAGES, WEIGHTS), lambda x, g: F.batch_norm(x, None, None, g, training=True)),
    "activations.prelu": ((IMAGES, WEIGHTS), F.prelu),
    "feature_scaling.standardize": ((X,), sklearn.preprocessing.scale),
    "optimization.condition_number": ((SEQUENCE,), torch.linalg.cond),
}


def test_a_copied_program_works_on_other_data_as_its_namesake_does(pages, tmp_path):
    copied = {card: text for page in pages.values() for card, text, _ in page.copied if card}
    programs = []
    for card, (arguments, _) in USED.items():
        given = ", ".join(f"np.array({np.asarray(a).tolist()})" for a in arguments)
        given = re.sub(r"np\.array\((-?\d+)\)", r"\1", given)  # a number
        programs.append(f"{copied[card]}\nprint('===', np.asarray({card.partition('.')[2]}({given})).tolist())\n")
    for (card, (arguments, namesake)), done in zip(USED.items(), run_all(programs, tmp_path), strict=True):
        code, printed, errors = done
        assert code == 0, f"{card}: {errors}"
        got = np.array(json.loads(printed.rpartition("=== ")[2]))
        want = namesake(*(torch.as_tensor(a) for a in arguments))
        assert got.shape == tuple(np.shape(want)), card
        assert np.allclose(got, want, rtol=1e-12, atol=1e-14), card


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
        assert {name: after_its_head(text) for name, text in files.items()} == {
            f"{name}.py": formula.copy for name, formula in formulas.items()
        }
    with zipfile.ZipFile(SITE / "snippets.zip") as archive:
        archive.extractall(tmp_path)
    names = [f"from snippets.{name.replace('.', ' import ')}" for name in formulas]
    blocked = ALONE.replace("'snippets', ", "")
    program = f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\n{blocked}" + "\n".join(names)
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

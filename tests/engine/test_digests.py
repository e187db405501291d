"""What un-verifies a formula: an edit of what was proved. What does not: an edit of what is only read."""

from pathlib import Path

import pytest

from yansuan.formula.formula import load
from yansuan.proof.changed import fingerprints
from yansuan.site import serve

HELP = '''"""Helpers
帮手
"""

import numpy as np

SCALE = 2.0


def half(z):
    """A half."""
    return z / SCALE
'''
FAMILY = '''r"""Family
一家

Superscript: which example.

Symbols:
    z: $z^r$
        en: a number
        zh: 一个数
"""

import numpy as np

from snippets._help import half
from snippets._shapes import checked


@checked
def mean(z):
    r"""Mean
    均值

    $$ \\mu = \\frac{1}{m} \\sum_{r=1}^{m} z^r $$

    z (m,)
    -> (): $\\mu$
        en: their mean
        zh: 它们的均值

    Source: nobody 1900
    Raises: nothing
    Note:
        en: one
        zh: 一
    Trap:
        en: two
        zh: 二

    >>> print(mean(np.array([1.0, 3.0])))
    2.0
    """
    return 2 * half(np.sum(z)) / len(z)


@checked
def add(z):
    r"""Add
    相加

    Step 1:
        en: Begin with $\\mu = 0$.
        zh: 从 $\\mu = 0$ 开始。
    Step 2:
        en: Add each $z^r$.
        zh: 加上每个 $z^r$。

    z (m,)
    -> (): $\\mu$
        en: their sum
        zh: 它们的和

    Source: nobody 1900

    >>> print(add([1.0, 3.0]))
    4.0
    """
    total = 0  # step 1
    for number in z:  # step 2
        total = total + number
    return total
'''


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("snippets").mkdir()
    Path("snippets/_shapes.py").write_text("def checked(function):\n    return function\n", "utf-8")


def digests(family=FAMILY, helpers=HELP):
    """{formula: (proof, text)}."""
    Path("snippets/family.py").write_text(family, "utf-8")
    Path("snippets/_help.py").write_text(helpers, "utf-8")
    formulas = {name: load("snippets", f"family.{name}") for name in ("mean", "add")}
    return {name: (formula.digest, formula.text_digest) for name, formula in formulas.items()}


def edited(text, old, new):
    assert old in text
    return text.replace(old, new, 1)


def on_cards():
    return {name: card.digest for name, card in serve.cards({}, set()).items()}


def test_the_live_site_sees_both():
    seen = [digests() and on_cards()]
    for old, new in (("en: one", "en: one."), ("2 * half", "3 * half"), ("en: a number", "en: any number")):
        digests(edited(FAMILY, old, new))
        seen.append(on_cards())
    assert len({digest["family.mean"] for digest in seen}) == 4
    assert len({digest["family.add"] for digest in seen}) == 2, "a meaning of the family"


def test_a_check_of_what_has_changed_sees_the_prose_of_a_family():
    digests()
    before = fingerprints()["sources"]
    digests(edited(FAMILY, "en: a number", "en: any number"))
    after = fingerprints()["sources"]
    assert {name for name in before if before[name] != after[name]} == {"family.mean", "family.add"}


def what_changes(family=FAMILY, helpers=HELP):
    """(formulas whose proof has changed, formulas whose text has)."""
    before, after = digests(), digests(family, helpers)
    return tuple({name for name in before if before[name][kind] != after[name][kind]} for kind in (0, 1))


@pytest.mark.parametrize(
    ("old", "new", "read"),
    [
        ("Family\n", "A family\n", set()),
        ("一家", "一大家", set()),
        ("which example.", "which example: r.", set()),
        ("en: a number", "en: a number, any", {"mean", "add"}),
        ("zh: 一个数", "zh: 随便一个数", {"mean", "add"}),
        ("Mean\n", "The mean\n", {"mean"}),
        ("    均值\n", "    平均值\n", {"mean"}),
        ("en: their mean", "en: their\n            mean.", {"mean"}),
        ("nobody 1900", "nobody, 1900", {"mean"}),
        ("Raises: nothing", "Raises: nothing at all", {"mean"}),
        ("    Raises: nothing\n", "", {"mean"}),
        ("en: one", "en: one.", {"mean"}),
        ("zh: 一\n", "zh: 一。\n", {"mean"}),
        ("en: two", "en: two.", {"mean"}),
        ("    Trap:\n", "    Trap:\n        en: new\n        zh: 新\n    Trap:\n", {"mean"}),
        ("    Note:\n        en: one\n        zh: 一\n", "", {"mean"}),
        ("en: Begin with", "en: First, begin with", {"add"}),
        ("    for number in z:  # step 2\n", "    # step 2\n    for number in z:\n", set()),
        (
            " = 0  # step 1\n    for number in z:  # step 2",
            " = 0  # step 1\n    for number in z:\n        # step 2",
            {"add"},
        ),
        ("@checked\n", "", set()),
        ("$$ \\mu = \\frac", "$$\n    \\mu\n        = \\frac", set()),
    ],
)
def test_prose_unverifies_nothing(old, new, read):
    assert what_changes(edited(FAMILY, old, new)) == (set(), read)


def test_the_docstring_of_a_helper_is_prose():
    assert what_changes(helpers=edited(HELP, "A half.", "One half.")) == (set(), set())
    assert what_changes(helpers=edited(HELP, "帮手", "工具")) == (set(), set())


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("2 * half", "3 * half", {"mean"}),
        ("total + number", "total - number", {"add"}),
        ("\\frac{1}{m} \\sum", "\\sum", {"mean"}),
        ("    z: $z^r$", "    z: $r$", {"mean"}),
        ("    -> (): $\\mu$\n        en: their sum", "    -> (m,): $\\mu$\n        en: their sum", {"add"}),
        ("    z (m,)\n", "    z (k,)\n", {"mean"}),
        ("    z (m,)\n", "    z (m,): $z$\n", {"mean"}),
        ("-> (): $\\mu$", "-> mean (): $\\mu$", {"mean"}),
        ("mean(np.array([1.0, 3.0])))\n    2.0", "mean(np.array([3.0, 5.0])))\n    4.0", {"mean"}),
        ("    4.0\n", "    4\n", {"add"}),
        ("    Trap:\n", "    Read:\n        en: new\n        zh: 新\n    Trap:\n", {"mean"}),
        ("    Raises: nothing\n", "    Read:\n        en: new\n        zh: 新\n", {"mean"}),
        ("import numpy as np\n", "import jax.numpy as np\n", {"mean"}),
        ("def add(z)", "def add(z=())", {"add"}),
        ("\n        total = total", "\n        # the next\n        total = total", {"add"}),  # it is shown in the code
    ],
)
def test_what_was_proved_does(old, new, changed):
    family = edited(FAMILY, old, new)
    if "$r$" in new:  # the steps of `add` say $z^r$, which has no $r$ of its own
        family = family.replace("each $z^r$", "each $r$").replace("每个 $z^r$", "每个 $r$")
        changed = {"mean", "add"}
    assert what_changes(family)[0] == changed


@pytest.mark.parametrize(("old", "new"), [("z / SCALE", "z * SCALE"), ("SCALE = 2.0", "SCALE = 2.5")])
def test_the_body_of_a_helper_does(old, new):
    assert what_changes(helpers=edited(HELP, old, new))[0] == {"mean"}

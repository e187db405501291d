"""What the typeset LaTeX is executed on: what the function was given, and what its symbols were when it returned."""

from pathlib import Path

import pytest

from yansuan.base.errors import YansuanError
from yansuan.proof import typeset

EARLY = '''import numpy as np


def centred(z):
    r"""Centred
    中心化

    $$ c^r = z^r - \\mu, \\qquad \\mu = \\frac{1}{m} \\sum_{r=1}^{m} z^r $$

    z (m,): $z^r$
        en: a number
        zh: 一个数
    mu (): $\\mu$
        en: their mean
        zh: 它们的均值
    -> (m,): $c^r$
        en: how far it is from the mean
        zh: 它与均值之差

    Source: nobody 1900

    >>> print(centred(np.array([1.0, 3.0])))
    [-1.  1.]
    """
    if len(z) == 1:
        return z - z
    mu = np.sum(z) / len(z)
    return z - mu
'''


@pytest.fixture
def draw(tmp_path, monkeypatch):
    """Have `centred` given so many numbers."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    Path("pyproject.toml").write_text('[tool.yansuan]\nsnippets = "early"\n', "utf-8")
    Path("early").mkdir()
    Path("early/__init__.py").touch()
    Path("early/family.py").write_text(EARLY, "utf-8")
    typeset.inputs.cache_clear()
    yield lambda n: monkeypatch.setitem(typeset.GIVEN, "family.centred", {"z": lambda rng: rng.standard_normal(n)})
    typeset.inputs.cache_clear()


def test_a_local_symbol_must_be_what_the_latex_says(draw):
    draw(3)
    given, wanted = typeset.inputs("family.centred")[0]
    assert given.keys() == {"z"}
    assert wanted["mu"] == pytest.approx(given["z"].mean())


def test_a_function_that_returns_before_a_symbol_has_a_value_is_named(draw):
    draw(1)
    with pytest.raises(YansuanError) as told:
        typeset.inputs("family.centred")
    assert str(told.value) == (
        "early/family.py:4: centred returns before mu has a value: remove the row, or draw other arguments "
        "(GIVEN in yansuan/proof/typeset.py)"
    )

"""The oracle itself: each kind of wrong answer must be seen as wrong."""

import importlib
import sys
import types

import numpy as np
import pytest
import torch

import yansuan.proof.witness as module
from yansuan.base.errors import YansuanError
from yansuan.proof.draw import REGIMES, Declared, draw
from yansuan.proof.witness import Registry, claim_of, relative_error, witness


@pytest.fixture
def snippet(monkeypatch, tmp_path):
    """Make a snippet `family.mean` with a given body, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(module, "REGISTRY", Registry())

    def make(body, scale=""):
        (tmp_path / "snippets").mkdir()
        rows = "z (m, d): $z$\n        en: a\n        zh: 一\n    "
        rows += "g (d,): $g$\n        en: c\n        zh: 三\n    " if scale else ""
        rows += "-> (d,): $\\mu$\n        en: b\n        zh: 二"
        tex = f"$$ \\mu = {'g ' if scale else ''}z $$"
        doc = f'r"""Mean\n    均值\n\n    {tex}\n\n    {rows}\n\n    Source: x\n\n    >>> print(1)\n    1\n    """'
        (tmp_path / "snippets" / "family.py").write_text(
            f"import numpy as np\n\n\ndef mean(z{scale}):\n    {doc}\n    {body}\n", "utf-8"
        )
        spec = importlib.util.spec_from_file_location("snippets.family", tmp_path / "snippets" / "family.py")
        loaded = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(loaded)
        return loaded.mean

    return make


def torch_mean(z):
    return torch.mean(z, dim=0)


def test_a_right_answer_is_recorded(snippet):
    properties = {}
    witness(snippet("return z.mean(0)"))(torch_mean)(properties.__setitem__)
    ((name, entry),) = properties.items()
    assert name == "yansuan.witness"
    assert entry["formula"] == "family.mean"
    assert entry["claim"] == "torch.mean(z, dim=0)"
    assert entry["by"] == ""
    assert entry["inputs"] == len(REGIMES) * module.DRAWS
    assert 0 <= entry["max_rel_error"] < 1e-12


@pytest.mark.parametrize(
    "body",
    [
        "return z.mean(0) * (1 + 1e-8)",
        "return z.mean(0) + 1e-12",  # seen in the tiny regime
        "return z.mean(0, keepdims=True)",
        "return z.mean(1)",
        "return z.mean(0).astype(np.float32)",
        "return np.where(z.mean(0) > 1e5, np.nan, z.mean(0))",  # seen in the huge regime
        "return (z.mean(0),)",
    ],
)
def test_a_wrong_answer_is_refused_and_not_recorded(snippet, body):
    properties = {}
    with pytest.raises(AssertionError):
        witness(snippet(body))(torch_mean)(properties.__setitem__)
    assert not properties


def test_a_snippet_that_changes_its_input_is_refused(snippet):
    with pytest.raises(ValueError, match="read-only"):
        witness(snippet("z -= z.mean(0)\n    return z.mean(0)"))(torch_mean)(print)


@pytest.mark.parametrize("wanted", [torch.nan, torch.inf])
def test_a_witness_that_gives_no_number_agrees_with_nothing(snippet, wanted):
    def oracle(z):
        return torch.full((z.shape[1],), wanted)

    with pytest.raises(AssertionError, match="relative error inf"):
        witness(snippet("return z.mean(0)"))(oracle)(print)


@pytest.mark.parametrize("rtol", [1e-3, float("inf"), float("nan"), -1.0])
def test_a_witness_that_allows_nearly_everything_is_refused(snippet, rtol):
    with pytest.raises(YansuanError, match=rf"test_witness\.py:\d+: rtol={rtol} proves little: allow 1e-07 at most"):
        witness(snippet("return z.mean(0)"), rtol=rtol)(torch_mean)


def test_a_file_that_is_imported_under_two_names_has_its_witnesses_once(snippet):
    mean = snippet("return z.mean(0)")
    witness(mean)(torch_mean)
    again = types.FunctionType(torch_mean.__code__, globals())
    again.__module__ = "another_name"
    witness(mean)(again)
    assert len(module.REGISTRY.witnesses) == 1

    def other(z):
        return z.mean(0)

    witness(mean)(other)
    assert len(module.REGISTRY.witnesses) == 2


def test_inputs_are_of_every_kind():
    rows = {"z": "(m, d)", "gamma": "(d,)", "eps": "()", "var": "(d,)"}
    rows = {name: Declared(shape) for name, shape in rows.items()}
    drawn = [draw(np.random.default_rng(i), rows, {}) for i in range(30)]
    sizes = {v["z"].shape for v in drawn}
    assert len(sizes) > 10
    assert not [s for s in sizes if s[0] == s[1]], "a square input hides a wrong axis"
    assert all((np.ptp(v["z"], axis=0) == 0).sum() == 1 for v in drawn), "one feature is constant"
    spread = [np.delete(v["z"], np.ptp(v["z"], axis=0).argmin(), axis=1).std(0) for v in drawn if v["z"].shape[1] > 2]
    assert np.median([s.max() / s.min() for s in spread]) > 3, "features have unequal scales"
    assert all(v["z"].dtype == np.float64 and not v["z"].flags.writeable for v in drawn)
    assert all(v["eps"] > 0 and (v["var"] > 0).all() for v in drawn)
    assert not any(np.array_equal(v["gamma"], np.ones_like(v["gamma"])) for v in drawn), (
        "arguments are not the defaults"
    )


@pytest.mark.parametrize("default", ["None", "1.0"])
def test_what_may_be_left_out_is_left_out_now_and_then(snippet, default):
    seen = set()

    def scaled(z, g):
        seen.add(g is None)
        return torch.mean(z, dim=0) * (1 if g is None else g)

    body = "return z.mean(0) * (1 if g is None else g)" if default == "None" else "return g * z.mean(0)"
    witness(snippet(body, f", g={default}"))(scaled)(lambda *found: None)
    assert seen == {True, False}


def test_errors_are_relative_to_the_feature_not_to_the_array():
    want = np.array([[1e6, 1e-3], [-1e6, 2e-3]])
    assert relative_error(want + np.array([[0, 1e-9], [0, 0]]), want) == pytest.approx(5e-7)
    assert relative_error(want, want) == 0
    assert relative_error(np.zeros((2, 1)), np.zeros((2, 1))) == 0
    assert relative_error(np.full((2, 1), 1e-300), np.zeros((2, 1))) == np.inf


@pytest.mark.parametrize("want", ["e s", ["e", "s"], [("e", "s")], {("e", "s"): 9}])
def test_text_is_equal_or_not(want):
    assert relative_error(want, want) == 0
    assert relative_error(str(want) + " ", want) == relative_error(want, str(want) + " ") == np.inf
    assert relative_error(type(want)(), want) == np.inf


def test_a_claim_is_the_statements_of_the_witness_without_its_docstring():
    def oracle(z):
        """Said in words."""
        mu = z.mean()
        return z - mu

    assert claim_of(oracle) == "mu = z.mean()\nz - mu"


def test_a_third_party_is_named_and_is_one(snippet):
    mean, properties = snippet("return z.mean(0)"), {}
    witness(mean, by="torch.mean")(torch_mean)(properties.__setitem__)
    assert properties["yansuan.witness"]["by"] == "torch.mean"
    for by, why in (
        ("torch.men", "there is no such function: write its full name"),
        ("nowhere.mean", "there is no such function"),
        ("mean", "is no third party"),
        ("numpy.mean", "is no third party"),
        ("snippets.family.mean", "is no third party"),
        ("torch.var", "the witness does not use var: call it there"),
    ):
        with pytest.raises(YansuanError, match=rf"test_witness\.py:\d+: by='{by}':? {why}"):
            witness(mean, by=by)(torch_mean)


def test_what_nothing_has_imported_is_looked_for_when_the_witness_is_checked(snippet):
    def oracle(z):
        lost = torch.mean
        return lost(z, dim=0)

    mean = snippet("return z.mean(0)")
    sys.modules.pop("zipapp", None)
    test = witness(mean, by="zipapp.lost")(oracle)
    assert "zipapp" not in sys.modules
    with pytest.raises(YansuanError, match=r"by='zipapp.lost': there is no such function"):
        test(print)

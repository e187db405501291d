"""The values of symbols in an example: what was really there, in few characters, the same on every machine."""

from xml.etree.ElementTree import Element

import numpy as np
import pytest

from yansuan import evidence
from yansuan.formula.formula import load
from yansuan.proof.values import of_symbols, shown, watched
from yansuan.render.card import card


def halves(x, by):
    half = x / 2
    x = x + by
    return half, x


def test_arguments_are_as_given_and_variables_as_they_are_at_the_end():
    with watched(halves) as calls:
        halves(np.array([2.0, 4.0]), by=1)
        halves(np.array([6.0, 8.0]), by=1)
    (variables, returned), _ = calls
    assert variables["x"].tolist() == [2.0, 4.0]
    assert variables["half"].tolist() == [1.0, 2.0]
    assert returned[1].tolist() == [3.0, 5.0]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.array([[1.0, 2.34567], [1e-17, 1e6]]), "[[1, 2.346], [0, 1e+06]]"),
        (np.array(3.0), "3"),
        (np.array([True, False]), "[True, False]"),
        (np.array([np.inf, -np.inf, np.nan]), "[inf, -inf, nan]"),
        (-0.0, "0"),
        (2, "2"),
        (True, "True"),
        (np.zeros(13), ""),
        (np.zeros((0, 2)), "[]"),
        ("ab", "'ab'"),
        (["x"] * 20, ""),
        (np.array(["a"]), ""),
        (halves, "halves"),
        (lambda x: x, ""),
    ],
)
def test_a_value_is_short(value, text):
    assert shown(value, 1e-13) == text


def test_what_rounding_leaves_is_nothing_beside_the_largest_number_of_the_call():
    formula = load("snippets", "batch_norm.batch_mean")
    big, small = np.array([[1e6]]), np.array([1e-8])
    assert of_symbols(formula, ({"z": big, "mu": small}, small))["->"] == "[0]"
    assert of_symbols(formula, ({"z": small, "mu": small}, small))["->"] == "[1e-08]"


def shown_on_card(values):
    formula = load("snippets", "batch_norm.batch_mean")
    witness = {"claim": "z.mean(0)", "by": "torch.mean", "inputs": 8, "rtol": 1e-9}
    entry = {"digest": formula.digest, "witnesses": [witness], "latex": "executed", "values": values}
    entry["mutants"] = {"total": 2, "killed": 2, "listed": 0}
    report = evidence.Evidence({formula.id: entry}, {}, ())
    box = Element("div")
    card(box, formula, report, "zh", lambda html: html)
    return box


def test_a_card_has_a_column_for_values_a_row_of_a_matrix_a_line_and_none_without_them():
    for value, laid_out in (
        ("[[1000, 2000], [3000, 4000]]", "[[1000, 2000],\n [3000, 4000]]"),
        ("[[1, 2], [3, 4]]", "[[1, 2], [3, 4]]"),  # there is room for it
    ):
        box = shown_on_card({"z": value, "->": ""})
        cells = ["".join(cell.itertext()) for cell in box.iter("td") if cell.get("class") == "ys-value"]
        assert cells == [laid_out, ""]
    assert not [cell for cell in shown_on_card({}).iter("td") if cell.get("class") == "ys-value"]


def test_the_proof_is_one_line_that_unfolds():
    (fold,) = (part for part in shown_on_card({}).iter("details") if "ys-proof" in part.get("class"))
    assert "".join(fold[0].itertext()) == "与 torch mean 一致 · 8 组随机输入 · 代码改动发现 2/2 处"
    assert "torch.mean" in "".join(fold[1].itertext())
    assert "z.mean(0)" in "".join(fold.itertext())

"""The typeset LaTeX of most formulas is executed, and published ways to write them wrongly are noticed.

Beyond that the rules try every small change of the tokens of each.
"""

import pytest

from tests.project import test_rules  # what the LaTeX of some formulas is given  # noqa: F401
from yansuan.formula.formula import load_all
from yansuan.proof.typeset import caught

FORMULAS = load_all("snippets")

TYPESET = [name for name, formula in FORMULAS.items() if not formula.steps]
EXECUTED = [name for name in TYPESET if "Read" not in FORMULAS[name].fields]


def test_most_formulas_are_executed():
    assert len(EXECUTED) >= 0.9 * len(TYPESET), f"{len(EXECUTED)} of {len(TYPESET)}"
    assert len(TYPESET) >= 0.9 * len(FORMULAS), f"{len(TYPESET)} of {len(FORMULAS)}"


FAULTS = [
    ("batch_norm.batch_mean", r"\frac{1}{m}", r"\frac{1}{m - 1}", "m - 1 for m"),
    ("batch_norm.batch_mean", r"\sum_{r=1}^{m}", r"\sum_{i=1}^{d}", "a sum over the wrong index"),
    ("batch_norm.batch_mean", r"\sum_{r=1}^{m}", r"\sum_{r=2}^{m}", "the first example left out"),
    ("batch_norm.batch_mean", r"\frac{1}{m}", r"\frac{1}{d}", "divided by the number of features"),
    ("batch_norm.batch_variance", "z_i^r - ", "z_i^r + ", "a flipped sign"),
    ("batch_norm.batch_variance", ")^2", ")", "a lost square"),
    ("batch_norm.batch_variance", "z_i^r -", "z_r^i -", "swapped indices"),
    ("batch_norm.batch_normalize", r"\sqrt{\sigma_i^2 + \epsilon}", r"(\sigma_i^2 + \epsilon)", "a lost square root"),
    ("batch_norm.batch_normalize", r"\sqrt{\sigma_i^2 + \epsilon}", r"\sqrt{\sigma_i^2} + \epsilon", "ε outside the root"),
    ("batch_norm.batch_normalize", r"\sigma_i^2 + \epsilon", r"\sigma_i^2 + \epsilon^2", "ε squared"),
    ("batch_norm.batch_normalize", r" + \epsilon", "", "no ε"),
    ("batch_norm.scale_and_shift", r"\gamma_i \tilde z_i^r + \beta_i", r"\beta_i \tilde z_i^r + \gamma_i", "γ and β exchanged"),
    ("batch_norm.scale_and_shift", r"\gamma_i \tilde", r"\gamma_r \tilde", "γ of the example"),
    ("batch_norm.batch_norm_train", r"z_i^r - \mu_i}", r"\mu_i - z_i^r}", "a difference the other way round"),
    ("batch_norm.batch_norm_train", r"\mu_i &= \frac{1}{m} \sum_{r=1}^{m}", r"\mu_i &= \frac{1}{d} \sum_{r=1}^{m}", "a wrong local variable"),
    ("batch_norm.variance_as_difference", r"- 2 \mu_i", r"- \mu_i", "a wrong step between right ends"),
    ("batch_norm.batch_norm_inference", r"\bar v_i + \epsilon", r"\bar v_i - \epsilon", "ε subtracted"),
    ("feature_scaling.standardize", r"\sigma_i = \sqrt{", r"\sigma_i = {", "the variance called σ"),
    ("feature_scaling.standardize", r"\frac{x_i^r - m_i}{\sigma_i}", r"\frac{\sigma_i}{x_i^r - m_i}", "numerator and denominator exchanged"),
    ("moving_average.running_mean", r"p\,\bar\mu_i + (1 - p)\,\mu_i", r"(1 - p)\,\bar\mu_i + p\,\mu_i", "p and 1 - p exchanged"),
    ("moving_average.running_mean", r"\bar\mu_i + (1 - p)\,\mu_i", r"\mu_i + (1 - p)\,\bar\mu_i", "old and new exchanged"),
    ("moving_average.running_variance", r"\frac{m}{m - 1}", r"\frac{m - 1}{m}", "Bessel's correction inverted"),
    ("optimization.linear_model", "(y^r - \\hat y^r)^2", r"|y^r - \hat y^r|", "an absolute error"),
    ("optimization.linear_model", "x_i^r + b", "(x_i^r + b)", "b inside the sum"),
    ("optimization.linear_model_gradient", r"2\,(y^r - \hat y^r)\,x_i^r", r"2\,(\hat y^r - y^r)\,x_i^r", "descent called gradient"),
    ("optimization.linear_model_gradient", r"2\,(y^r - \hat y^r)\,x_i^r", r"(y^r - \hat y^r)\,x_i^r", "a lost factor 2"),
    ("optimization.condition_number", r"\frac{\max_{k} s_k}{\min_{k} s_k}", r"\max_{k} s_k - \min_{k} s_k", "a difference for a ratio"),
    ("optimization.condition_number", r"\sqrt{\frac{\lambda", r"{\frac{\lambda", "a lost square root"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "right", "wrong"), [f[:3] for f in FAULTS], ids=[f"{f[0]}: {f[3]}" for f in FAULTS])
def test_a_fault_in_the_latex_is_caught(name, right, wrong):
    assert right in FORMULAS[name].tex, "the formula has changed: rewrite this fault"
    assert caught(name, FORMULAS[name].tex.replace(right, wrong, 1))

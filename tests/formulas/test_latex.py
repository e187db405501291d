"""The typeset LaTeX of every formula is executed and compared with the function it stands beside."""

import functools
import re

import pytest

from tests.project.test_rules import FORMULAS
from yansuan.proof.typeset import caught
from yansuan.tex.indices import index_letters, script_letters
from yansuan.tex.tokens import argument_end, equations, lex

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
    ("optimization.condition_number", r"\frac{\lambda_{\max}(H)}{\lambda_{\min}(H)}", r"\lambda_{\max}(H) - \lambda_{\min}(H)", "a difference for a ratio"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "right", "wrong"), [f[:3] for f in FAULTS], ids=[f"{f[0]}: {f[3]}" for f in FAULTS])
def test_a_fault_in_the_latex_is_caught(name, right, wrong):
    assert right in FORMULAS[name].tex, "the formula has changed: rewrite this fault"
    assert caught(name, FORMULAS[name].tex.replace(right, wrong, 1))


# changes that leave the formula what it is: {formula: {a part of the changed LaTeX, as tokens: why}}
SAME = {
    "batch_norm.variance_as_difference": {
        r"\sum _ { r = 1 } ^ m \mu _ i + \mu _ i ^ 2": "the mean of a mean is that mean, as it is of the features",
        r"( z _ i ^ r ) ^ 2 - \mu _ i ^ 2 \\ & = \frac": "the second line becomes the third",
    },
    "losses.softmax_jacobian": {r"p _ k \delta _ { j k }": "where δ is not 0, k is j"},
    "variational.reparameterization_gradient": {
        r"\partial \mu _ j ^ r } e": "the slope along the mean is that along the sample"
    },
    "batch_norm.batch_norm_identity": {
        r"- \beta _ i } {": "beta is the mean",
        r"+ \mu _ i =": "beta is the mean",
        r"\frac { \hat z": "the output is the input",
        r"= \hat z _ i ^ r \end": "the output is the input",
    },
    "initialization.prelu_second_moment": {
        r"\max ( 0 , z ^ r ) - a": "one of the two is 0, so the sign is lost in the square",
        r"\max ( 0 , - z ^ r ) - a": "one of the two is 0, so the sign is lost in the square",
    },
    "feature_scaling.pca_whiten": {
        r"x _ i ^ r c _ j ^ r": "the c of a feature sum to 0, so the mean of the other is lost"
    },
    "feature_scaling.zca_whiten": {
        r"x _ i ^ r c _ j ^ r": "the c of a feature sum to 0, so the mean of the other is lost"
    },
}


def changes(formula):
    """Every small change of the tokens of a formula."""
    tokens = lex(formula.tex)
    indices = sorted(index_letters(equations(formula.tex)))
    places = set(script_letters(tokens)) | {
        i - 1 for i, t in enumerate(tokens) if t == "=" and tokens[i - 1] in indices
    }
    written = [lex(s.tex) for s in formula.symbols]
    written += [[n] for s in formula.symbols for n in re.findall(r"\w+", s.shape) if [n] not in written]

    def put(start, end, *new):
        return [*tokens[:start], *new, *tokens[end:]]

    for at, token in enumerate(tokens):
        if token in ("+", "-"):
            yield put(at, at + 1, "-" if token == "+" else "+")
            yield put(at, term_end(tokens, at))
            yield put(term_start(tokens, at), at + (token == "+"))
        elif token == r"\sqrt":
            yield put(at, at + 1)
        elif token == r"\frac":
            middle = argument_end(tokens, at + 1)
            end = argument_end(tokens, middle)
            yield put(at + 1, end, *tokens[middle:end], *tokens[at + 1 : middle])
        elif token.isdigit():
            yield put(at, at + 1, str(int(token) + 1))
            if tokens[at - 1 : at + 1] == ["^", "2"]:
                yield put(at - 1, at + 1)
        elif token in (r"\max", r"\min"):
            yield put(at, at + 1, r"\min" if token == r"\max" else r"\max")
        if at in places and token in indices:
            yield from (put(at, at + 1, other) for other in [*indices, "j", "1"] if other != token)
        for symbol in written:
            if tokens[at : at + len(symbol)] == symbol:
                yield from (put(at, at + len(symbol), *other) for other in written)


def term_end(tokens, at):
    """Where the term behind this sign ends."""
    depth = 0
    for end in range(at + 1, len(tokens)):
        depth += (tokens[end] in "({[") - (tokens[end] in ")}]")
        if depth < 0 or (not depth and tokens[end] in ("+", "-", "=", "&", r"\\", ",", r"\quad", r"\end{aligned}")):
            return end
    return len(tokens)


def term_start(tokens, at):
    """Where the term before this sign begins."""
    depth = 0
    for start in range(at - 1, -1, -1):
        depth += (tokens[start] in ")}]") - (tokens[start] in "({[")
        if depth < 0 or (not depth and tokens[start] in ("+", "-", "=", r"\leftarrow", "&", r"\\", ",", r"\quad")):
            return start + 1
    return 0


@functools.cache
def mutants(name):
    """The changed LaTeX of a formula, each once."""
    same = " ".join(lex(FORMULAS[name].tex))
    return [tex for tex in dict.fromkeys(" ".join(tokens) for tokens in changes(FORMULAS[name])) if tex != same]


@pytest.mark.parametrize("name", EXECUTED)
def test_every_small_change_of_the_latex_is_caught(name):
    assert not (fault := caught(name, FORMULAS[name].tex)), f"first mend the LaTeX: {fault}"
    survivors = [tex for tex in mutants(name) if not caught(name, tex)]
    same = SAME.get(name, {})
    unlisted = [tex for tex in survivors if not any(part in tex for part in same)]
    assert not unlisted, "changes that nothing notices:\n" + "\n".join(unlisted)
    assert all(any(part in tex for tex in survivors) for part in same), "listed, but caught or gone: unlist it"
    assert len(survivors) <= 0.05 * len(mutants(name)), f"{len(survivors)} of {len(mutants(name))}"

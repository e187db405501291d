import pytest

from tests.project.test_every_formula import every_formula
from yansuan.formula.spec import INLINE
from yansuan.render.card import variable
from yansuan.render.tag import tag_code, tag_math
from yansuan.tex.mathml import to_html


def test_the_largest_symbol_wins_and_every_occurrence_is_marked():
    table = {"z": to_html("z_i", False), "m": to_html("m", False), "mu": to_html(r"\mu_i", False)}
    tagged = tag_math(to_html(r"\mu_i = \frac{1}{m} \sum_i z_i + m", True), table)
    assert tagged.count('data-v="m"') == 2
    assert tagged.count('data-v="z"') == tagged.count('data-v="mu"') == 1
    assert "<msub data-v" in tagged


def test_an_attribute_and_a_part_of_a_name_are_no_use_of_a_variable():
    source = "def f(mean, 均):\n    return x.mean(mean) + meanest + 均"
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    tagged = tag_code(highlight(source, PythonLexer(), HtmlFormatter()), source, {"mean", "均"})
    assert tagged.count('data-v="mean"') == 2
    assert tagged.count('data-v="均"') == 2


def test_a_name_that_cannot_be_marked_is_an_error():
    with pytest.raises(ValueError, match="split"):
        tag_code("<span>me</span><span>an</span>", "mean", {"mean"})


@every_formula
def test_every_symbol_is_found_in_its_formula(formula):
    table = {variable(s): to_html(s.tex, False) for s in formula.symbols if s.tex}  # an option has no TeX
    written = [to_html(formula.tex, True)]
    if formula.steps:
        written = [to_html(tex, False) for step in formula.steps for tex in INLINE.findall(step.text["en"])]
    tagged = "".join(tag_math(math, table) for math in written)
    missing = [name for name in table if f'data-v="{name.replace(">", "&gt;")}"' not in tagged]
    assert not missing, f"{formula.module.path}:{formula.line}: {formula.node.name}: no part to point at for {missing}"

"""An inline formula with its plain text: what a browser draws of it."""

from xml.etree import ElementTree

import pytest

from yansuan.html.math import annotated
from yansuan.tex.mathml import to_html


@pytest.mark.parametrize("tex", ["x", "w = p/q", r"t = 1, \dots, k", r"(a_t, b_t)", r"\frac{1}{2}"])
def test_the_whole_formula_is_the_first_part_and_a_browser_draws_no_other(tex):
    """Of `semantics` a browser draws the first part and hides the rest."""
    bare = ElementTree.fromstring(to_html(tex, False))
    outer = ElementTree.fromstring(annotated(to_html(tex, False), tex))[0]
    drawn, said = outer
    assert (drawn.tag, said.tag, said.text) == ("semantics", "annotation", tex)
    assert len(drawn) == 1
    assert [part.tag for part in drawn[0]] == [part.tag for part in bare]

import re

import numpy as np
import pytest

from snippets._shapes import check_shapes


@pytest.mark.parametrize(
    ("spec", "arrays", "message"),
    [
        ("z (m, d)", [np.ones(3)], "z: expected shape (m, d), m at least 1, d at least 1; got (3,)"),
        ("z (m, d)", [np.ones((0, 3))], "z: expected shape (m, d), m at least 1, d at least 1; got (0, 3)"),
        ("z (m, d), g (d,)", [np.ones((2, 3)), np.ones(2)], "g: expected shape (d,), d = 3; got (2,)"),
        ("H (d, d)", [np.ones((2, 3))], "H: expected shape (d, d), d = 2; got (2, 3)"),
        ("eps ()", [np.ones(2)], "eps: expected shape (); got (2,)"),
    ],
)
def test_what_does_not_fit_is_named(spec, arrays, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        check_shapes(spec, *arrays)


def test_what_fits_passes_lists_and_numbers_too():
    check_shapes("z (m, d), g (d,), e ()", [[1, 2], [3, 4], [5, 6]], np.ones(2), 1e-5)


def test_a_specification_covers_every_array():
    for arrays in ([np.ones(2)], [np.ones(2)] * 3):
        with pytest.raises(ValueError, match="zip"):
            check_shapes("a (d,), b (d,)", *arrays)

"""Sound

Symbols:
    p_0: $p_0$ reference pressure, positive
"""

import numpy as np


def level(p, p_0):
    r"""Sound pressure level

    $$ L_r = 20 \log_{10} \frac{p_r}{p_0} $$

    p (m,): $p_r$
        pressures, all positive
    p_0 ()
    -> (m,): $L_r$
        level of each, in decibels

    Source: ISO 1683
    Read: the base of the logarithm
        is written below it

    >>> print(level(np.array([1.0, 10.0]), 1.0))
    [ 0. 20.]
    """
    return 20 * np.log10(p / p_0)

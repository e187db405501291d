"""Spread
离散程度

Symbols:
    x: $x_r$
        en: what was measured
        zh: 测得的数
"""

import numpy as np

from snippets._shapes import checked
from snippets.means import arithmetic_mean


@checked
def deviations(x):
    r"""Deviations from the mean
    离差

    $$ d_r = x_r - \frac{1}{m} \sum_{s=1}^{m} x_s $$

    x (m,)
    -> (m,): $d_r$
        en: how far each lies from their mean
        zh: 每个数离平均数多远

    Source: Gauss 1809
    Raises: ValueError if nothing was measured.

    >>> print(deviations(np.array([1.0, 2.0, 6.0])))
    [-2. -1.  3.]
    """
    return x - arithmetic_mean(x)


@checked
def variance(x, mu):
    r"""Variance
    方差

    $$ v = \frac{1}{m} \sum_{r=1}^{m} (x_r - \mu)^2 $$

    x (m,)
    mu (): $\mu$
        en: their mean
        zh: 它们的平均数
    -> (): $v$
        en: mean squared distance from the mean
        zh: 与平均数之差的平方的平均数

    Source: Fisher 1918
    Raises: ValueError if nothing was measured.

    >>> x = np.array([1.0, 2.0, 6.0])
    >>> print(variance(x, arithmetic_mean(x)).round(3))
    4.667
    """
    return np.sum((x - mu) ** 2) / len(x)


@checked
def squared_length(x):
    r"""Squared length of the deviations
    离差平方和

    $$ S = \sum_{r=1}^{m} \left( x_r - \frac{1}{m} \sum_{s=1}^{m} x_s \right)^2 $$

    x (m,)
    -> (): $S$
        en: what the mean makes as small as it can be
        zh: 取平均数时达到最小的那个和

    Source: Gauss 1809
    Raises: ValueError if nothing was measured.

    >>> print(squared_length(np.array([1.0, 2.0, 6.0])))
    14.0
    """
    return np.sum(deviations(x) ** 2)

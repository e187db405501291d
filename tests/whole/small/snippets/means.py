"""Means
平均数

Symbols:
    x: $x_r$
        en: what was measured
        zh: 测得的数
"""

import numpy as np

from snippets._shapes import checked


@checked
def arithmetic_mean(x):
    r"""Arithmetic mean
    算术平均数

    $$ \bar x = \frac{1}{m} \sum_{r=1}^{m} x_r $$

    x (m,)
    -> (): $\bar x$
        en: their sum, shared evenly
        zh: 把总和平分

    Source: Gauss 1809
    Raises: ValueError if nothing was measured.

    >>> print(arithmetic_mean(np.array([1.0, 2.0, 6.0])))
    3.0
    """
    return np.sum(x) / len(x)


@checked
def weighted_mean(x, w):
    r"""Weighted mean
    加权平均数

    $$ \bar x_w = \frac{\sum_{r=1}^{m} w_r x_r}{\sum_{r=1}^{m} w_r} $$

    x (m,)
    w (m,): $w_r$
        en: how much each counts, positive
        zh: 每个数的权重，都是正数
    -> (): $\bar x_w$
        en: their mean, by weight
        zh: 按权重的平均数

    Source: Gauss 1809
    Raises: ValueError if there is not a weight for each.

    >>> print(weighted_mean(np.array([1.0, 5.0]), np.array([3.0, 1.0])))
    2.0
    """
    return np.sum(w * x) / np.sum(w)

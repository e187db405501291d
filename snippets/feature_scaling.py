"""Feature scaling | 特征缩放

Statistics are taken over the R examples of the data set, one per feature, and are biased (divide by R).
"""

import numpy as np

from snippets._shapes import check_shapes


def standardize(x):
    r"""Standardization | 标准化

    $$ \tilde x_i^r = \frac{x_i^r - m_i}{\sigma_i}, \qquad
    m_i = \frac{1}{R} \sum_{r=1}^{R} x_i^r, \qquad
    \sigma_i = \sqrt{\frac{1}{R} \sum_{r=1}^{R} (x_i^r - m_i)^2} $$

    x      (R, d)  $x_i^r$         feature i of example r | 第 r 个样本的第 i 个特征
    m      (d,)    $m_i$           mean of feature i over the data set | 第 i 个特征在整个数据集上的均值
    sigma  (d,)    $\sigma_i$      standard deviation of feature i | 第 i 个特征的标准差
    ->     (R, d)  $\tilde x_i^r$  standardized feature: mean 0, variance 1 | 标准化后的特征：均值 0，方差 1

    Source: Hung-yi Lee 2021, Quick Introduction of Batch Normalization, slide 4 | 李宏毅 2021，Quick Introduction of Batch Normalization，幻灯片第 4 页
    Raises: ValueError if x is not a table of examples and features, or is empty.
    Note: A constant feature has $\sigma_i = 0$ and the formula says 0/0; the code returns 0, as scikit-learn does. | 常数特征的 $\sigma_i = 0$，公式成了 0/0；代码返回 0，与 scikit-learn 一致。
    Trap: A constant feature 0.1 in float32 has a computed $\sigma_i$ of 1.5e-8, not 0, and dividing by it gives −1; the code compares the largest and the smallest value instead. | float32 下，取值恒为 0.1 的特征算出的 $\sigma_i$ 是 1.5e-8 而不是 0，除以它会得到 −1；代码改为比较最大值与最小值。
    Trap: A feature that is constant up to rounding, such as 0.3 and 0.1 + 0.2, becomes −1.414 and 0: the code takes the difference for real, scikit-learn does not. | 只差舍入误差的特征，例如 0.3 和 0.1 + 0.2，会变成 −1.414 和 0：代码把这点差别当真，scikit-learn 则当作常数。

    >>> x = np.array([[1.0, 100.0], [2.0, 200.0], [6.0, 300.0]])
    >>> print(standardize(x).round(4))
    [[-0.9258 -1.2247]
     [-0.4629  0.    ]
     [ 1.3887  1.2247]]
    """
    check_shapes("x (R, d)", x)
    m = x.mean(axis=0)
    sigma = np.sqrt(((x - m) ** 2).mean(axis=0))
    constant = x.max(axis=0) == x.min(axis=0)
    return (x - m) / np.where(constant, np.inf, sigma)  # a constant feature becomes 0, not 0/0

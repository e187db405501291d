"""Dropout | Dropout

p is the probability to drop, as in PyTorch; the paper of 2014 writes p for the probability to keep, which is q here.
"""

import numpy as np

from snippets._shapes import check_shapes


def dropout(x, mask, p):
    r"""Dropout, as libraries do it (inverted) | 各个库的 Dropout（训练时放大）

    $$ y_i^r = \frac{b_i^r x_i^r}{1 - p} $$

    x     (m, d)  $x_i^r$  feature i of example r | 第 r 个样本的第 i 个特征
    mask  (m, d)  $b_i^r$  1 with probability 1 − p, else 0; drawn anew in every step | 以概率 1 − p 取 1，否则取 0；每一步重新抽取
    p     ()      $p$      probability to drop a number | 丢掉一个数的概率
    ->    (m, d)  $y_i^r$  what training goes on with; in inference it is x itself | 训练时接着用的值；推理时就用 x 本身

    Source: torch.nn.functional.dropout | torch.nn.functional.dropout
    Raises: ValueError if the shapes do not match, the batch is empty, or p is not from 0 to below 1.
    Note: Over all masks the mean is x, and the mean square x² / (1 − p): larger than in inference. | 对所有掩码平均，均值是 x，均方是 x² / (1 − p)，比推理时大。

    >>> print(dropout(np.array([[1.0, 2.0, 3.0]]), mask=np.array([[1, 0, 1]]), p=0.5))
    [[2. 0. 6.]]
    """
    check_shapes("x (m, d), mask (m, d), p ()", x, mask, p)
    if not 0 <= p < 1:
        raise ValueError(f"p: expected a probability from 0 to below 1, got {p}")
    return mask * x / (1 - p)


def dropout_as_published(x, mask, q):
    r"""Dropout, as it was published | 论文里的 Dropout

    $$ y_i^r = b_i^r x_i^r, \qquad t_i^r = q x_i^r $$

    x         (m, d)  $x_i^r$  feature i of example r | 第 r 个样本的第 i 个特征
    mask      (m, d)  $b_i^r$  1 with probability q, else 0 | 以概率 q 取 1，否则取 0
    q         ()      $q$      probability to keep a number; the paper calls it p | 保留一个数的概率；论文写作 p
    -> train  (m, d)  $y_i^r$  in training | 训练时
    -> test   (m, d)  $t_i^r$  in inference | 推理时

    Source: Srivastava et al. 2014, JMLR 15, §4 (there the weights behind it are multiplied, which is the same) | Srivastava et al. 2014，JMLR 15，§4（那里乘的是后面的权重，效果相同）
    Raises: ValueError if the shapes do not match or the batch is empty.

    >>> train, test = dropout_as_published(np.array([[1.0, 2.0, 3.0]]), mask=np.array([[1, 0, 1]]), q=0.5)
    >>> print(train, test)
    [[1. 0. 3.]] [[0.5 1.  1.5]]
    """
    check_shapes("x (m, d), mask (m, d), q ()", x, mask, q)
    return mask * x, q * x


def dropout_sum_moments(x, w, p):
    r"""Mean and variance of a weighted sum under dropout | Dropout 之下加权和的均值与方差

    $$ M = \sum_{i=1}^{d} w_i x_i, \qquad V = \frac{p}{1 - p} \sum_{i=1}^{d} w_i^2 x_i^2 $$

    x            (d,)  $x_i$  feature i | 第 i 个特征
    w            (d,)  $w_i$  its weight in the sum | 它在和里的权重
    p            ()    $p$    probability to drop a feature | 丢掉一个特征的概率
    -> mean      ()    $M$    mean of the sum over all masks: the sum without dropout | 对所有掩码，和的均值：就是没有 Dropout 时的和
    -> variance  ()    $V$    its variance | 和的方差

    Source: moments of independent Bernoulli variables, written out | 独立伯努利变量的矩，由本站写出
    Raises: ValueError if the shapes do not match, there is no feature, or p is not from 0 to below 1.
    Note: The variance is that of a noise on each product by itself, so sums of many small products suffer less. | 噪声是逐项加在各个乘积上的，所以由许多小项相加的和受影响较小。

    >>> print(*dropout_sum_moments(np.array([1.0, 2.0]), np.array([3.0, 1.0]), p=0.5))
    5.0 13.0
    """
    check_shapes("x (d,), w (d,), p ()", x, w, p)
    if not 0 <= p < 1:
        raise ValueError(f"p: expected a probability from 0 to below 1, got {p}")
    return w @ x, p / (1 - p) * (w**2 @ x**2)


def dropout_least_squares(x, y, w, p):
    r"""Least squares with dropout, averaged over all masks | 带 Dropout 的最小二乘，对所有掩码取平均

    $$ R = \sum_{r=1}^{m} \left( y^r - \sum_{i=1}^{d} w_i x_i^r \right)^2 + \frac{p}{1 - p} \sum_{i=1}^{d} w_i^2 \sum_{r=1}^{m} (x_i^r)^2 $$

    x   (m, d)  $x_i^r$  feature i of example r | 第 r 个样本的第 i 个特征
    y   (m,)    $y^r$    target of example r | 第 r 个样本的目标值
    w   (d,)    $w_i$    weight of feature i | 第 i 个特征的权重
    p   ()      $p$      probability to drop a number | 丢掉一个数的概率
    ->  ()      $R$      mean of the loss over all masks | 损失对所有掩码的平均

    Source: Srivastava et al. 2014, JMLR 15, §9.1 (with their p = 1 − p) | Srivastava et al. 2014，JMLR 15，§9.1（他们的 p 是这里的 1 − p）
    Raises: ValueError if the shapes do not match, the batch is empty, or p is not from 0 to below 1.
    Note: Ridge regression, in which each weight is punished by the size of its own feature: scaling a feature changes nothing. | 这是岭回归，但每个权重受的惩罚取决于自己那个特征的大小：改变特征的尺度，结果不变。

    >>> x, y = np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([1.0, 2.0])
    >>> print(dropout_least_squares(x, y, w=np.ones(2), p=0.0), dropout_least_squares(x, y, w=np.ones(2), p=0.5))
    0.0 5.0
    """
    check_shapes("x (m, d), y (m,), w (d,), p ()", x, y, w, p)
    if not 0 <= p < 1:
        raise ValueError(f"p: expected a probability from 0 to below 1, got {p}")
    penalty = w**2 @ (x**2).sum(axis=0)
    return np.sum((y - x @ w) ** 2) + p / (1 - p) * penalty


def geometric_mean_prediction(P):
    r"""Geometric mean of several predictions | 若干个预测的几何平均

    $$
    \begin{aligned}
    g_j &= \prod_{s=1}^{S} (P_j^s)^{1/S} \\
    G_j &= \frac{g_j}{\sum_{k=1}^{K} g_k}
    \end{aligned}
    $$

    P   (S, K)  $P_j^s$  probability of class j according to network s | 第 s 个网络给第 j 类的概率
    g   (K,)    $g_j$    geometric mean, does not sum to 1 | 几何平均，总和不为 1
    ->  (K,)    $G_j$    the same, made to sum to 1 | 使总和为 1 之后的几何平均

    Source: Hinton et al. 2012, arXiv:1207.0580 (in words) | Hinton et al. 2012，arXiv:1207.0580（文字叙述）
    Raises: ValueError if P is not a table of predictions, or is empty.
    Note: For softmax outputs it is the softmax of the mean scores. | 各预测由 softmax 给出时，它就是平均得分的 softmax。

    >>> print(geometric_mean_prediction(np.array([[0.5, 0.5], [0.9, 0.1]])).round(4))
    [0.75 0.25]
    """
    check_shapes("P (S, K)", P)
    g = np.exp(np.log(P).mean(axis=0))
    return g / g.sum()

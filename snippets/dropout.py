"""Dropout
Dropout

p is the probability to drop, as in PyTorch; the paper of 2014 writes p for the probability to keep,
which is q here.

Symbols:
    x: $x$
        en: any number of the layer
        zh: 这一层的任意一个数
    p: $p$
        en: probability to drop a number
        zh: 丢掉一个数的概率
"""

import numpy as np

from snippets._shapes import checked


@checked
def dropout(x, p, mask):
    r"""Dropout, as libraries do it (inverted)
    各个库的 Dropout（训练时放大）

    $$ y = \frac{b x}{1 - p} $$

    x (...)
    p () in [0, 1)
    mask (...) in {0, 1}: $b$
        en: 1 or True with probability 1 − p, else 0; drawn anew in every step
        zh: 以概率 1 − p 取 1（True），否则取 0；每一步重新抽取
    -> (...): $y$
        en: what training goes on with; in inference it is x itself
        zh: 训练时接着用的值；推理时就用 x 本身

    Source:
        en: torch.nn.functional.dropout(x, p), which draws the mask itself
        zh: torch.nn.functional.dropout(x, p)，掩码由它自己抽取
    Raises:
        en: ValueError if the shapes do not match, x is empty, p is not from 0 to below 1, or the
            mask is not of zeros and ones.
        zh: 形状不一致、x 为空、p 不在 0 到 1 之间（不含 1），或者掩码不是由 0 和 1 组成时，抛出
            ValueError。
    Note:
        en: Over all masks the mean is x, and the mean square x² / (1 − p): larger than in
            inference.
        zh: 对所有掩码平均，均值是 x，均方是 x² / (1 − p)，比推理时大。

    >>> x, p = np.array([1.0, 2.0, 3.0, 4.0]), 0.5
    >>> u = np.array([0.6, 0.3, 0.9, 0.1])  # rng.random(x.shape) in a program
    >>> mask = u >= p
    >>> print(dropout(x, p, mask))
    [2. 0. 6. 0.]
    """
    return np.where(mask, x / (1 - p), 0)


@checked
def dropout_as_published(x, q, mask):
    r"""Dropout, as it was published
    论文里的 Dropout

    $$ y = b x, \qquad t = q x $$

    x (...)
    q () in [0, 1]: $q$
        en: probability to keep a number; the paper calls it p
        zh: 保留一个数的概率；论文写作 p
    mask (...) in {0, 1}: $b$
        en: 1 or True with probability q, else 0
        zh: 以概率 q 取 1（True），否则取 0
    -> train (...): $y$
        en: in training
        zh: 训练时
    -> test (...): $t$
        en: in inference
        zh: 推理时

    Source:
        en: Srivastava et al. 2014, JMLR 15, §4 (there the weights behind it are multiplied, which
            is the same)
        zh: Srivastava et al. 2014，JMLR 15，§4（那里乘的是后面的权重，效果相同）
    Raises:
        en: ValueError if the shapes do not match, x is empty, q is not from 0 to 1, or the mask is
            not of zeros and ones.
        zh: 形状不一致、x 为空、q 不在 0 到 1 之间，或者掩码不是由 0 和 1 组成时，抛出 ValueError。

    >>> x, mask = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1, 0, 1, 0])
    >>> train, test = dropout_as_published(x, q=0.5, mask=mask)
    >>> print(train, test)
    [1. 0. 3. 0.] [0.5 1.  1.5 2. ]
    """
    return np.where(mask, x, 0), q * x


@checked
def gaussian_dropout(x, p, noise):
    r"""Gaussian dropout
    高斯 Dropout

    $$ y = x \left( 1 + \sqrt{\frac{p}{1 - p}} \, \epsilon \right) $$

    x (...)
    p () in [0, 1)
        en: probability of dropping, in the dropout with the same mean and variance
        zh: 均值、方差与之相同的 Dropout 的丢弃概率
    noise (...): $\epsilon$
        en: standard normal random number
        zh: 标准正态分布的随机数
    -> (...): $y$
        en: what training goes on with; in inference it is x itself
        zh: 训练时接着用的值；推理时就用 x 本身

    Source:
        en: Srivastava et al. 2014, JMLR 15, §10 (their p is 1 − p)
        zh: Srivastava et al. 2014，JMLR 15，§10（他们的 p 是这里的 1 − p）
    Raises: ValueError if the shapes do not match, x is empty, or p is not from 0 to below 1.

    >>> x, noise = np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.0, 1.0, -1.0, 0.5])
    >>> print(gaussian_dropout(x, p=0.5, noise=noise))
    [1. 4. 0. 6.]
    """
    return x * (1 + (p / (1 - p)) ** 0.5 * noise)


@checked
def max_norm(W, c):
    r"""Max-norm constraint
    最大范数约束

    $$ W'_{ij} = W_{ij} \min\left( 1, \frac{c}{\sqrt{\sum_{q=1}^{n} W_{iq}^2}} \right) $$

    W (k, n): $W_{ij}$
        en: weight from input j to unit i, after a training step
        zh: 一个训练步之后，从输入 j 到单元 i 的权重
    c () in (0, inf): $c$
        en: longest that the weights of a unit may be
        zh: 一个单元的权重允许的最大长度
    -> (k, n): $W'_{ij}$
        en: weights that the next step starts from
        zh: 下一步用的权重

    Source:
        en: Srivastava et al. 2014, JMLR 15, §5.1 · torch.renorm(W, 2, 0, c), which adds 1e-7 to the
            length
        zh: Srivastava et al. 2014，JMLR 15，§5.1 · torch.renorm(W, 2, 0, c)，它给长度加了 1e-7
    Raises: ValueError if W is no matrix, or c is not above 0.
    Note:
        en: Only rows that are too long change; a row keeps its direction.
        zh: 只有太长的行才改变；每一行的方向不变。

    >>> W = np.array([[3.0, 4.0], [0.6, 0.8]])
    >>> print(max_norm(W, c=2.0))
    [[1.2 1.6]
     [0.6 0.8]]
    """
    length = np.sqrt(np.sum(W**2, axis=1, keepdims=True))
    return W * (c / np.maximum(length, c))


@checked
def mc_dropout(y, tau):
    r"""Monte Carlo dropout
    蒙特卡洛 Dropout

    $$ M = \frac{1}{S} \sum_{s=1}^{S} y^s, \qquad
        V = \frac{1}{\tau} + \frac{1}{S} \sum_{s=1}^{S} (y^s - M)^2 $$

    y (S, ...): $y^s$
        en: prediction with mask s, dropout left on
        zh: 推理时不关 Dropout，用第 s 个掩码得到的预测
    tau () in (0, inf): $\tau$
        en: precision of the noise in the targets, one over its variance
        zh: 目标值里噪声的精度，即方差的倒数
    -> mean (...): $M$
        en: prediction
        zh: 预测
    -> variance (...): $V$
        en: its uncertainty: of the targets, and of the network
        zh: 预测的不确定性：一份来自目标值，一份来自网络

    Source:
        en: Gal & Ghahramani 2016, arXiv:1506.02142, §4 (moments of the predictive distribution)
        zh: Gal & Ghahramani 2016，arXiv:1506.02142，§4（预测分布的矩）
    Raises: ValueError if there is no prediction, or tau is not above 0.

    >>> y = np.array([[1.0, 4.0], [3.0, 4.0], [2.0, 4.0]])
    >>> mean, variance = mc_dropout(y, tau=10.0)
    >>> print(mean, variance.round(4))
    [2. 4.] [0.7667 0.1   ]
    """
    return np.mean(y, axis=0), 1 / tau + np.var(y, axis=0)


@checked
def dropout_sum_moments(x, w, p):
    r"""Mean and variance of a weighted sum under dropout
    Dropout 之下加权和的均值与方差

    $$ M = \sum_{i=1}^{d} w_i x_i, \qquad V = \frac{p}{1 - p} \sum_{i=1}^{d} w_i^2 x_i^2 $$

    x (..., d): $x_i$
        en: feature i
        zh: 第 i 个特征
    w (d,): $w_i$
        en: its weight in the sum
        zh: 它在和里的权重
    p () in [0, 1)
        en: probability to drop a feature
        zh: 丢掉一个特征的概率
    -> mean (...): $M$
        en: mean of the sum over all masks: the sum without dropout
        zh: 对所有掩码，和的均值：就是没有 Dropout 时的和
    -> variance (...): $V$
        en: its variance
        zh: 和的方差

    Source:
        en: moments of independent Bernoulli variables, written out
        zh: 独立伯努利变量的矩，由本站写出
    Raises: ValueError if the shapes do not match, there is no feature, or p is not from 0 to below
        1.
    Note:
        en: The variance is that of a noise on each product by itself, so sums of many small
            products suffer less.
        zh: 噪声是逐项加在各个乘积上的，所以由许多小项相加的和受影响较小。

    >>> x, w = np.array([1.0, 2.0]), np.array([3.0, 1.0])
    >>> print(*dropout_sum_moments(x, w, p=0.5))
    5.0 13.0
    """
    return x @ w, p / (1 - p) * (x**2 @ w**2)


@checked
def dropout_least_squares(x, y, w, p):
    r"""Least squares with dropout, averaged over all masks
    带 Dropout 的最小二乘，对所有掩码取平均

    $$
    R = \sum_{r=1}^{m} \left( y^r - \sum_{i=1}^{d} w_i x_i^r \right)^2
        + \frac{p}{1 - p} \sum_{i=1}^{d} w_i^2 \sum_{r=1}^{m} (x_i^r)^2
    $$

    x (m, d): $x_i^r$
        en: feature i of example r
        zh: 第 r 个样本的第 i 个特征
    y (m,): $y^r$
        en: target of example r
        zh: 第 r 个样本的目标值
    w (d,): $w_i$
        en: weight of feature i
        zh: 第 i 个特征的权重
    p () in [0, 1)
    -> (): $R$
        en: mean of the loss over all masks
        zh: 损失对所有掩码的平均

    Source:
        en: Srivastava et al. 2014, JMLR 15, §9.1 (with their p = 1 − p)
        zh: Srivastava et al. 2014，JMLR 15，§9.1（他们的 p 是这里的 1 − p）
    Raises: ValueError if the shapes do not match, the batch is empty, or p is not from 0 to below
        1.
    Note:
        en: Ridge regression, in which each weight is punished by the size of its own feature:
            scaling a feature changes nothing.
        zh: 这是岭回归，但每个权重受的惩罚取决于自己那个特征的大小：改变特征的尺度，结果不变。

    >>> x, y = np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([1.0, 2.0])
    >>> for p in (0.5, 0.0):
    ...     print(dropout_least_squares(x, y, np.ones(2), p))
    5.0
    0.0
    """
    penalty = w**2 @ (x**2).sum(axis=0)
    return np.sum((y - x @ w) ** 2) + p / (1 - p) * penalty


@checked
def geometric_mean_prediction(P):
    r"""Geometric mean of several predictions
    若干个预测的几何平均

    $$
    \begin{aligned}
    g_j &= \prod_{s=1}^{S} (P_j^s)^{1/S} \\
    G_j &= \frac{g_j}{\sum_{k=1}^{K} g_k}
    \end{aligned}
    $$

    P (S, ..., K) in [0, 1]: $P_j^s$
        en: probability of class j according to network s
        zh: 第 s 个网络给第 j 类的概率
    g (..., K): $g_j$
        en: geometric mean, does not sum to 1
        zh: 几何平均，总和不为 1
    -> (..., K): $G_j$
        en: the same, made to sum to 1
        zh: 使总和为 1 之后的几何平均

    Source:
        en: Hinton et al. 2012, arXiv:1207.0580 (in words)
        zh: Hinton et al. 2012，arXiv:1207.0580（文字叙述）
    Raises: ValueError if P is no probabilities of several networks, or is empty.
    Note:
        en: For softmax outputs it is the softmax of the mean scores.
        zh: 各预测由 softmax 给出时，它就是平均得分的 softmax。
    Note:
        en: A class that one network rules out, with probability 0, gets 0; if each class is ruled
            out by some network, 0/0 gives nan.
        zh: 只要有一个网络给出概率 0，这一类就得 0；如果每一类都被某个网络排除，0/0 得到 nan。

    >>> P = np.array([[0.5, 0.5], [0.9, 0.1]])
    >>> print(geometric_mean_prediction(P).round(4))
    [0.75 0.25]
    """
    g = np.prod(P ** (1 / len(P)), axis=0)
    return g / np.sum(g, axis=-1, keepdims=True)

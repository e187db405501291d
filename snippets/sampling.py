"""Importance sampling
重要性采样

A mean under p, from draws of q. Index s: which draw (s = 1 … n). Index k: which outcome, where
there are K in all. What can neither occur nor be proposed, p = q = 0, counts as 0.

Symbols:
    f: $f_k$
        en: value of outcome k
        zh: 结果 k 的函数值
    p: $p_k$
        en: its probability under the target
        zh: 它在目标分布下的概率
    q: $q_k$
        en: its probability under the proposal
        zh: 它在提议分布下的概率
"""

import numpy as np

from snippets._shapes import checked


@checked
def importance_sampling(f, p, q):
    r"""Importance sampling estimate
    重要性采样的估计

    $$ \hat I = \frac{1}{n} \sum_{s=1}^{n} \frac{p_s}{q_s} f_s $$

    f (..., n): $f_s$
        en: value at draw s
        zh: 第 s 次抽样处的函数值
    p (..., n) in [0, inf): $p_s$
        en: density of the target there
        zh: 那里的目标密度
    q (..., n) in (0, inf): $q_s$
        en: density of the proposal there, from which s was drawn
        zh: 那里的提议密度，样本由它抽出
    -> (...): $\hat I$
        en: estimate of the mean of f under p
        zh: f 在 p 之下的均值的估计

    Source:
        en: Owen 2013, Monte Carlo theory, methods and examples, §9.1
        zh: Owen 2013，Monte Carlo theory, methods and examples，§9.1
    Raises: ValueError if the shapes do not match, there is no draw, or a density is negative.
    Note:
        en: Unbiased if q > 0 wherever f p ≠ 0. Where that fails, the part is missing, and nothing
            shows it.
        zh: 只要 f p ≠ 0 的地方都有 q > 0，它就是无偏的。做不到的话，那一部分就缺了，而且看不出来。

    >>> f, p, q = np.array([1.0, 4.0]), np.array([0.5, 0.1]), np.array([0.25, 0.2])
    >>> print(importance_sampling(f, p, q))
    2.0
    """
    return np.mean(p / q * f, axis=-1)


@checked
def importance_sampling_variance(f, p, q):
    r"""Variance of one draw of importance sampling
    重要性采样单次抽样的方差

    $$
    V = \sum_{k=1}^{K} \frac{(f_k p_k - I q_k)^2}{q_k}, \qquad I = \sum_{k=1}^{K} f_k p_k
    $$

    f (..., K)
    p (..., K) in [0, 1]
    q (..., K) in [0, 1]
    mean (...): $I$
        en: mean of f under the target
        zh: f 在目标分布之下的均值
    -> (...): $V$
        en: variance of one weighted draw; the mean of n draws has V / n
        zh: 单次加权抽样的方差；n 次的平均，方差是 V / n

    Source:
        en: Owen 2013, Monte Carlo theory, methods and examples, §9.1
        zh: Owen 2013，Monte Carlo theory, methods and examples，§9.1
    Raises: ValueError if the shapes do not match, there is no outcome, or a probability is none.
    Note:
        en: The mean square of $f_k p_k / q_k$ minus $I^2$ is the same, but its digits cancel where
            the proposal is good. An outcome with $q_k = 0$ and $f_k p_k = 0$ adds 0.
        zh: 写成 $f_k p_k / q_k$ 的平方的均值减去 $I^2$ 也一样，但提议分布好的时候，有效数字会相消。
            $q_k = 0$ 而 $f_k p_k = 0$ 的结果，那一项是 0。

    >>> f, p = np.array([0.0, 1.0]), np.array([0.99, 0.01])
    >>> for q in [[0.5, 0.5], p, [0.999, 0.001], optimal_proposal(f, p)]:
    ...     print(importance_sampling_variance(f, p, q).round(6))
    0.0001
    0.0099
    0.0999
    0.0
    """
    mean = np.sum(f * p, axis=-1)
    gap = f * p - mean[..., None] * q
    return np.sum(gap**2 / np.where(gap == 0, np.inf, q), axis=-1)


@checked
def optimal_proposal(f, p):
    r"""The proposal of least variance
    方差最小的提议分布

    $$ q_k = \frac{|f_k| p_k}{\sum_{j=1}^{K} |f_j| p_j} $$

    f (..., K)
    p (..., K) in [0, 1]
    -> (..., K): $q_k$
        en: its probability under the best proposal
        zh: 它在最好的提议分布下的概率

    Source:
        en: Owen 2013, Monte Carlo theory, methods and examples, §9.1
        zh: Owen 2013，Monte Carlo theory, methods and examples，§9.1
    Raises: ValueError if the shapes do not match, there is no outcome, or a probability is none.
    Note:
        en: If f is never negative, the variance is 0. But the denominator is then the very mean
            that is sought. If f is 0 wherever p is not, any proposal is best, and 0/0 gives nan.
        zh: f 处处非负时，方差为 0；可是这时的分母正是要求的那个均值。如果 p 不为 0 的地方 f 都
            是 0，任何提议分布都是最好的，这里的 0/0 得到 nan。

    >>> f, p = np.array([0.0, 1.0, -3.0]), np.array([0.5, 0.3, 0.2])
    >>> print(optimal_proposal(f, p).round(4))
    [0.     0.3333 0.6667]
    """
    share = np.abs(f) * p
    return share / np.sum(share, axis=-1, keepdims=True)


@checked
def self_normalized(f, w):
    r"""Self-normalized estimate
    自归一化的估计

    $$ \tilde I = \frac{\sum_{s=1}^{n} w_s f_s}{\sum_{s=1}^{n} w_s} $$

    f (..., n): $f_s$
        en: value at draw s
        zh: 第 s 次抽样处的函数值
    w (..., n) in [0, inf): $w_s$
        en: target over proposal there, up to a factor
        zh: 那里的目标密度与提议密度之比，可以差一个常数因子
    -> (...): $\tilde I$
        en: estimate of the mean of f under the target
        zh: f 在目标分布之下的均值的估计

    Source:
        en: Owen 2013, Monte Carlo theory, methods and examples, §9.2
        zh: Owen 2013，Monte Carlo theory, methods and examples，§9.2
    Raises: ValueError if the shapes do not match, there is no draw, or a weight is negative.
    Note:
        en: A constant f is estimated without error, and the estimate never leaves the range of f.
        zh: 对常数 f 没有误差，估计值也不会超出 f 的取值范围。

    >>> f, w = np.array([1.0, 4.0]), np.array([2.0, 0.5])
    >>> print(self_normalized(f, w), self_normalized(f, 100 * w))
    1.6 1.6
    """
    return np.sum(w * f, axis=-1) / np.sum(w, axis=-1)


@checked
def self_normalized_bias(f, p, q, n):
    r"""Bias of the self-normalized estimate, leading term
    自归一化估计的偏差（首项）

    $$
    B = -\frac{1}{n} \sum_{k=1}^{K} \frac{p_k^2}{q_k} (f_k - I), \qquad I = \sum_{k=1}^{K} f_k p_k
    $$

    f (..., K)
    p (..., K) in [0, 1]
    q (..., K) in [0, 1]
    n () in [1, inf): $n$
        en: number of draws
        zh: 抽样次数
    mean (...): $I$
        en: mean of f under the target
        zh: f 在目标分布之下的均值
    -> (...): $B$
        en: mean of the estimate minus I, but for terms of order 1/n²
        zh: 估计的均值减去 I，略去 1/n² 阶的项

    Source:
        en: the ratio of two means, expanded to second order (delta method), written out
        zh: 两个平均值之比展开到二阶（delta 方法），由本站写出
    Raises: ValueError if the shapes do not match, there is no outcome, or a probability is none.

    >>> f, p = np.array([0.0, 1.0]), np.array([0.5, 0.5])
    >>> for q in [np.array([0.8, 0.2]), np.array([0.4, 0.6])]:
    ...     print(self_normalized_bias(f, p, q, n=10).round(4))
    -0.0469
    0.0104
    """
    mean = np.sum(f * p, axis=-1)
    weight = p**2 / np.where(p == 0, np.inf, q)
    return -np.sum(weight * (f - mean[..., None]), axis=-1) / n


@checked
def effective_sample_size(w):
    r"""Effective sample size
    有效样本数

    $$ E = \frac{\left( \sum_{s=1}^{n} w_s \right)^2}{\sum_{s=1}^{n} w_s^2} $$

    w (..., n) in [0, inf): $w_s$
        en: weight of draw s
        zh: 第 s 次抽样的权重
    -> (...): $E$
        en: from 1 (one weight is all) to n (all are equal)
        zh: 从 1（一个权重独占）到 n（全部相等）

    Source:
        en: Kish 1965, Survey Sampling · Kong 1992, A note on importance sampling using standardized
            weights
        zh: Kish 1965，Survey Sampling · Kong 1992，A note on importance sampling using standardized
            weights
    Raises: ValueError if there is no draw or a weight is negative.
    Note:
        en: It counts only the draws one has. A region that no draw has hit does not appear in it.
        zh: 它只数到手的样本。没有样本落进去的区域，它看不见。

    >>> w = np.array([[1.0, 1.0, 1.0], [1.0, 1.0, 0.0], [10.0, 1.0, 1.0]])
    >>> print(effective_sample_size(w).round(4))
    [3.     2.     1.4118]
    """
    return np.sum(w, axis=-1) ** 2 / np.sum(w**2, axis=-1)


@checked
def gaussian_weight_second_moment(var, d):
    r"""Mean squared weight, from one Gaussian to another
    从一个高斯分布到另一个：权重平方的均值

    $$ R = \left( \frac{s^2}{\sqrt{2 s^2 - 1}} \right)^d $$

    var (...) in (0.5, inf): $s^2$
        en: variance of the proposal along each axis; the target has 1
        zh: 提议分布在每个轴上的方差；目标分布的是 1
    d () in [1, inf): $d$
        en: number of axes
        zh: 轴的个数
    -> (...): $R$
        en: mean of the squared weight; n / R is about the effective sample size
        zh: 权重平方的均值；有效样本数约为 n / R

    Source:
        en: Gaussian integral, written out
        zh: 高斯积分，由本站写出
    Raises: ValueError if 2 s² is not above 1: the mean is infinite then.
    Note:
        en: 1 at s = 1, its least value.
        zh: s = 1 时取最小值 1。

    >>> s = np.array([0.8, 1.0, 1.2, 2.0])
    >>> for d in [1, 10, 100]:
    ...     R = gaussian_weight_second_moment(s**2, d)
    ...     print(d, *(f"{r:.3g}" for r in R))
    1 1.21 1 1.05 1.51
    10 6.7 1 1.63 62.4
    100 1.82e+08 1 134 8.94e+17
    """
    return (var / np.sqrt(2 * var - 1)) ** d

"""Softmax and cross-entropy
softmax 与交叉熵

Superscript: which example of the batch (r = 1 … m). Subscript: which class (j, k = 1 … K).

Symbols:
    z: $z_j^r$
        en: score of class j for example r
        zh: 第 r 个样本在第 j 类上的得分
"""

import numpy as np

from snippets._shapes import checked


@checked
def softmax(z):
    r"""Softmax
    softmax 函数

    $$ p_j^r = \frac{e^{z_j^r}}{\sum_{k=1}^{K} e^{z_k^r}} $$

    z (m, K)
    -> (m, K): $p_j^r$
        en: probability of class j; the K of an example sum to 1
        zh: 第 j 类的概率；同一个样本的 K 个概率之和为 1

    Source:
        en: Andrew Ng, Improving Deep Neural Networks, softmax regression · Bridle 1990
        zh: 吴恩达《改善深层神经网络》，softmax 回归 · Bridle 1990
    Raises: ValueError if z is not a batch of score vectors, or is empty.
    Note:
        en: Adding one number to all scores of an example changes nothing. The code subtracts the
            largest, so that no power exceeds 1.
        zh: 给同一个样本的所有得分加上同一个数，结果不变。代码减去其中最大的，这样每个幂都不超过 1。
    Trap:
        en: Written as above, a score of 1000 gives inf/inf = nan, in float32 already 89. The code
            gives 1.
        zh: 照上式直接算，得分为 1000 时会得到 inf/inf = nan，float32 下 89 就已如此。代码得到 1。

    >>> print(softmax(np.array([[5.0, 2.0, -1.0, 3.0], [1000.0, 0.0, 0.0, 0.0]])).round(4))
    [[0.842  0.0419 0.0021 0.114 ]
     [1.     0.     0.     0.    ]]
    """
    power = np.exp(z - z.max(axis=1, keepdims=True))
    return power / power.sum(axis=1, keepdims=True)


@checked
def softmax_jacobian(p):
    r"""Jacobian of softmax
    softmax 的 Jacobian 矩阵

    $$ J_{jk} = p_j \delta_{jk} - p_j p_k $$

    p (K,): $p_j$
        en: probabilities of one example, from softmax
        zh: 一个样本的概率，由 softmax 得到
    delta (K, K): $\delta_{jk}$
        en: 1 if j = k, else 0
        zh: j = k 时为 1，否则为 0
    -> (K, K): $J_{jk}$
        en: how fast $p_j$ changes with the score $z_k$
        zh: $p_j$ 随得分 $z_k$ 变化的快慢

    Source:
        en: derivative of softmax, written out: diag(p) − ppᵀ
        zh: softmax 的导数，由本站写出：diag(p) − ppᵀ
    Raises: ValueError if p is not a vector, or is empty.

    >>> print(softmax_jacobian(np.array([0.7, 0.2, 0.1])).round(2))
    [[ 0.21 -0.14 -0.07]
     [-0.14  0.16 -0.02]
     [-0.07 -0.02  0.09]]
    """
    delta = np.eye(len(p))
    return p * delta - np.outer(p, p)


@checked
def cross_entropy(p, y):
    r"""Cross-entropy of one batch
    一批样本的交叉熵

    $$ L = -\frac{1}{m} \sum_{r=1}^{m} \sum_{j=1}^{K} y_j^r \log p_j^r $$

    p (m, K): $p_j^r$
        en: predicted probability of class j
        zh: 预测的第 j 类概率
    y (m, K): $y_j^r$
        en: target: 1 for the right class, else 0; or probabilities
        zh: 目标值：正确的类为 1，其余为 0；也可以是概率
    -> (): $L$
        en: mean over the batch, in nats
        zh: 这一批的平均值，单位为奈特

    Source:
        en: Andrew Ng, Improving Deep Neural Networks, softmax classifier; the mean over the batch
            as in torch.nn.functional.cross_entropy
        zh: 吴恩达《改善深层神经网络》，softmax 分类器；对一批取平均，与
            torch.nn.functional.cross_entropy 一致
    Raises: ValueError if the shapes do not match or the batch is empty.
    Trap:
        en: A probability of 0 for the right class gives inf. From the scores 0 and −200, softmax
            rounds nothing to 0 in float64 and the loss is 200; in float32 it is inf. Libraries take
            the scores instead.
        zh: 正确类的概率为 0 时结果是 inf。得分为 0 和 −200 时，float64 下的 softmax 不会舍入成 0，
            损失是 200；float32 下则是 inf。所以各个库直接接收得分。

    >>> p, y = np.array([[0.3, 0.2, 0.1, 0.4]]), np.array([[0.0, 1.0, 0.0, 0.0]])
    >>> print(cross_entropy(p, y).round(6))
    1.609438
    """
    wanted = y != 0
    return -(y[wanted] * np.log(p[wanted])).sum() / len(y)


@checked
def softmax_cross_entropy_gradient(z, y):
    r"""Gradient of cross-entropy with softmax
    softmax 交叉熵的梯度

    $$
    \begin{aligned}
    p_j^r &= \frac{e^{z_j^r}}{\sum_{k=1}^{K} e^{z_k^r}} \\
    \frac{\partial L}{\partial z_j^r} &= \frac{1}{m} (p_j^r - y_j^r)
    \end{aligned}
    $$

    z (m, K)
    y (m, K): $y_j^r$
        en: target; the K of an example sum to 1
        zh: 目标值；同一个样本的 K 个之和为 1
    p (m, K): $p_j^r$
        en: predicted probability
        zh: 预测的概率
    -> (m, K): $\frac{\partial L}{\partial z_j^r}$
        en: slope of the mean loss along each score
        zh: 平均损失沿每个得分的斜率

    Source:
        en: Andrew Ng, Improving Deep Neural Networks, training a softmax classifier: dz = ŷ − y for
            one example
        zh: 吴恩达《改善深层神经网络》，训练 softmax 分类器：单个样本时 dz = ŷ − y
    Raises: ValueError if the shapes do not match or the batch is empty.

    >>> z, y = np.log(np.array([[0.3, 0.2, 0.1, 0.4]])), np.array([[0.0, 1.0, 0.0, 0.0]])
    >>> print(softmax_cross_entropy_gradient(z, y).round(4))
    [[ 0.3 -0.8  0.1  0.4]]
    """
    p = softmax(z)
    return (p - y) / len(z)


@checked
def label_smoothing(y, alpha):
    r"""Label smoothing
    标签平滑

    $$ \tilde y_j^r = (1 - \alpha) y_j^r + \frac{\alpha}{K} $$

    y (m, K): $y_j^r$
        en: target: 1 for the right class, else 0
        zh: 目标值：正确的类为 1，其余为 0
    alpha (): $\alpha$
        en: how much of the target is spread over all classes, from 0 to 1
        zh: 目标值里分给所有类的那一部分，从 0 到 1
    -> (m, K): $\tilde y_j^r$
        en: smoothed target, for the cross-entropy
        zh: 平滑之后的目标值，用于交叉熵

    Source:
        en: Szegedy et al. 2015, arXiv:1512.00567, §7, with the uniform distribution;
            torch.nn.functional.cross_entropy, label_smoothing
        zh: Szegedy et al. 2015，arXiv:1512.00567，§7，取均匀分布；
            torch.nn.functional.cross_entropy 的 label_smoothing
    Raises: ValueError if y is not a batch of targets, is empty, or alpha is not from 0 to 1.
    Note:
        en: The right class gets a share of $\alpha$, too: $1 - \alpha + \alpha/K$. Some programs
            spread $\alpha$ over the K − 1 others.
        zh: 正确的类也分到 $\alpha$ 中的一份，得到 $1 - \alpha + \alpha/K$。有的程序把 $\alpha$ 只分
            给其余 K − 1 类。

    >>> print(label_smoothing(np.array([[0.0, 1.0, 0.0, 0.0]]), alpha=0.1))
    [[0.025 0.925 0.025 0.025]]
    """
    if not 0 <= alpha <= 1:
        raise ValueError(f"alpha: expected a number from 0 to 1, got {alpha}")
    return (1 - alpha) * y + alpha / y.shape[1]

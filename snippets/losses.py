"""Softmax and cross-entropy
softmax 与交叉熵

Subscript: which class (j, k = 1 … K). Superscript: which example of the batch (r = 1 … m).

Symbols:
    z: $z_j$
        en: score of class j
        zh: 第 j 类的得分
"""

import numpy as np

from snippets._shapes import checked


@checked
def softmax(z, axis=-1):
    r"""Softmax
    softmax 函数

    $$ p_j = \frac{e^{z_j}}{\sum_{k=1}^{K} e^{z_k}} $$

    z (..., K)
    axis (option)
        en: which axis has the classes
        zh: 类别所在的轴
    -> (..., K): $p_j$
        en: probability of class j; the K of an example sum to 1
        zh: 第 j 类的概率；同一个样本的 K 个概率之和为 1

    Source:
        en: Andrew Ng, Improving Deep Neural Networks, softmax regression · Bridle 1990
        zh: 吴恩达《改善深层神经网络》，softmax 回归 · Bridle 1990
    Raises: ValueError if z is a number alone, or is empty.
    Note:
        en: Adding one number to all scores of an example changes nothing. The code subtracts the
            largest, so that no power exceeds 1.
        zh: 给同一个样本的所有得分加上同一个数，结果不变。代码减去其中最大的，这样每个幂都不超过 1。
    Trap:
        en: Written as above, a score of 1000 gives inf/inf = nan, in float32 already 89. The code
            gives 1.
        zh: 照上式直接算，得分为 1000 时会得到 inf/inf = nan，float32 下 89 就已如此。代码得到 1。

    >>> z = np.array([[5.0, 2.0, -1.0, 3.0], [1000.0, 0.0, 0.0, 0.0]])
    >>> print(softmax(z).round(4))
    [[0.842  0.0419 0.0021 0.114 ]
     [1.     0.     0.     0.    ]]
    """
    power = np.exp(z - np.max(z, axis, keepdims=True))
    return power / np.sum(power, axis, keepdims=True)


@checked
def softmax_jacobian(p):
    r"""Jacobian of softmax
    softmax 的 Jacobian 矩阵

    $$ J_{jk} = p_j (\delta_{jk} - p_k) $$

    p (..., K) in [0, 1]: $p_j$
        en: probabilities of one example, from softmax
        zh: 一个样本的概率，由 softmax 得到
    delta (K, K): $\delta_{jk}$
        en: 1 if j = k, else 0
        zh: j = k 时为 1，否则为 0
    -> (..., K, K): $J_{jk}$
        en: how fast $p_j$ changes with the score $z_k$
        zh: $p_j$ 随得分 $z_k$ 变化的快慢

    Source:
        en: derivative of softmax, written out: diag(p) − ppᵀ
        zh: softmax 的导数，由本站写出：diag(p) − ppᵀ
    Raises: ValueError if p is no probabilities, or is empty.

    >>> print(softmax_jacobian(np.array([0.7, 0.2, 0.1])).round(2))
    [[ 0.21 -0.14 -0.07]
     [-0.14  0.16 -0.02]
     [-0.07 -0.02  0.09]]
    """
    delta = np.eye(p.shape[-1], dtype=p.dtype)
    return p[..., :, None] * (delta - p[..., None, :])


@checked
def logsumexp(z, axis=-1):
    r"""Logarithm of a sum of exponentials
    指数之和的对数（log-sum-exp）

    $$ \ell = \log \sum_{j=1}^{K} e^{z_j} $$

    z (..., K)
    axis (option)
        en: which axis has the classes
        zh: 类别所在的轴
    -> (...): $\ell$
        en: a smooth maximum: from the largest score to that plus log K
        zh: 光滑的最大值：不小于最大的得分，至多比它大 log K

    Source:
        en: scipy.special.logsumexp, torch.logsumexp (SciPy sums over all axes if none is named)
        zh: scipy.special.logsumexp、torch.logsumexp（SciPy 不指定轴时对所有的轴求和）
    Raises: ValueError if z is a number alone, or is empty.
    Note:
        en: The largest score is taken out of the sum and added behind the logarithm. If all scores
            are −∞, the sum is 0 and the result −∞; so what is taken out is made finite.
        zh: 把最大的得分提到求和之外，取对数之后再加回来。所有得分都是 −∞ 时，和为 0，结果是 −∞；
            所以提出去的数要先变成有限的。
    Trap:
        en: Written as above, two scores of 1000 give inf, two of −1000 give −inf. The code gives
            1000.693 and −999.307.
        zh: 照上式直接算，两个 1000 得到 inf，两个 −1000 得到 −inf。代码得到 1000.693 和 −999.307。

    >>> print(logsumexp(np.array([[1000.0, 1000.0], [0.0, -np.inf]])).round(3))
    [1000.693    0.   ]
    """
    top = np.nan_to_num(np.max(z, axis, keepdims=True))
    with np.errstate(divide="ignore"):  # log 0 is -inf
        rest = np.log(np.sum(np.exp(z - top), axis))
    return np.squeeze(top, axis) + rest


@checked
def log_softmax(z, axis=-1):
    r"""Logarithm of softmax
    softmax 的对数（log-softmax）

    $$ \log p_j = z_j - \log \sum_{k=1}^{K} e^{z_k} $$

    z (..., K)
    axis (option)
        en: which axis has the classes
        zh: 类别所在的轴
    -> (..., K): $\log p_j$
        en: logarithm of the probability of class j, never above 0
        zh: 第 j 类概率的对数，不会大于 0

    Source: torch.nn.functional.log_softmax, scipy.special.log_softmax
    Raises: ValueError if z is a number alone, or is empty.
    Trap:
        en: The logarithm of softmax loses small probabilities. For the scores 0 and −1000 it gives
            −inf, in float32 already for 0 and −200. The code gives −1000 and −200.
        zh: 先算 softmax 再取对数，会丢掉很小的概率。得分是 0 和 −1000 时得到 −inf，float32 下 0 和
            −200 就已如此。代码得到 −1000 和 −200。

    >>> print(log_softmax(np.array([0.0, -1000.0])).round(4))
    [    0. -1000.]
    """
    shifted = z - np.max(z, axis, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis, keepdims=True))


@checked
def cross_entropy(z, y):
    r"""Cross-entropy, from scores
    交叉熵，从得分算起

    $$
    L = -\frac{1}{m} \sum_{r=1}^{m} \sum_{j=1}^{K} y_j^r \log p_j^r, \qquad
    \log p_j^r = z_j^r - \log \sum_{k=1}^{K} e^{z_k^r}
    $$

    z (...): $z_j^r$
        en: scores (logits): (K,), (m, K) or (m, K, …); with a batch the classes are axis 1
        zh: 得分（logits）：(K,)、(m, K) 或 (m, K, …)；成批时，类别在第 1 个轴上（从 0 数起）
    y (*) in [0, inf): $y_j^r$
        en: target, probabilities of the shape of z; or, with one axis less, the numbers of the
            right classes, from 0
        zh: 目标值：形状与 z 相同的概率；或者少一个轴，是正确的类的编号，从 0 数起
    log_p (...): $\log p_j^r$
        en: log-softmax of the scores
        zh: 得分的 log-softmax
    -> (): $L$
        en: mean over the batch and all positions, in nats
        zh: 对这一批和所有位置取平均，单位为奈特

    Source: torch.nn.functional.cross_entropy
    Raises:
        en: ValueError or IndexError if z or y is empty, or if y is negative or does not fit z.
        zh: z 或 y 为空，y 为负，或者 y 与 z 不相配时，抛出 ValueError 或 IndexError。
    Note:
        en: A class that is not wanted costs nothing, even if it is impossible: 0 · log 0 is 0.
            PyTorch gives nan for probabilities there.
        zh: 不要的类没有代价，即使它不可能出现：0 · log 0 取 0。目标值是概率时，PyTorch 在这里得到
            nan。
    Trap:
        en: What goes in are scores. The probabilities 0.1 and 0.9, given in their place, count as
            scores that are nearly equal: 0.371 instead of 0.105.
        zh: 传进来的是得分。如果传的是概率 0.1 和 0.9，它们会被当成几乎相等的得分：得到 0.371，
            而不是 0.105。

    >>> z, y = np.array([[2.0, 0.0, 0.0], [0.0, 0.0, 1000.0]]), np.array([0, 2])
    >>> print(cross_entropy(z, y).round(4))
    0.1198
    >>> print(cross_entropy(z[0], np.array([0.9, 0.1, 0.0])).round(4))
    0.4395
    """
    axis = 1 if z.ndim > 1 else 0  # of the classes
    log_p = log_softmax(z, axis)
    if np.ndim(y) < z.ndim:  # numbers of the right classes
        rows = np.moveaxis(log_p, axis, -1)[y >= 0]  # if y fits z
        return -np.mean(np.take_along_axis(rows, np.ravel(y)[:, None], 1))
    wanted = y != 0
    each = y[wanted] * log_p[wanted]
    return -np.sum(each) / (y.size / z.shape[axis])


@checked
def cross_entropy_of_probabilities(p, y):
    r"""Cross-entropy, from probabilities
    交叉熵，从概率算起

    $$ L = -\frac{1}{m} \sum_{r=1}^{m} \sum_{j=1}^{K} y_j^r \log p_j^r $$

    p (..., K) in [0, 1]: $p_j^r$
        en: predicted probability of class j; the K of an example sum to 1
        zh: 预测的第 j 类概率；同一个样本的 K 个概率之和为 1
    y (..., K) in [0, 1]: $y_j^r$
        en: target: 1 for the right class, else 0; or probabilities
        zh: 目标值：正确的类为 1，其余为 0；也可以是概率
    -> (): $L$
        en: mean over the examples, in nats
        zh: 所有样本的平均值，单位为奈特

    Source:
        en: Andrew Ng, Improving Deep Neural Networks, softmax classifier; with the mean of
            sklearn.metrics.log_loss
        zh: 吴恩达《改善深层神经网络》，softmax 分类器；取平均的方式同 sklearn.metrics.log_loss
    Raises:
        en: ValueError if the shapes do not match or p does not sum to 1, as scores do not.
        zh: 形状不一致，或 p 之和不是 1（例如误传了得分）时抛出 ValueError。
    Trap:
        en: A probability of 0 for the right class gives inf. From the scores 0 and −200, softmax
            rounds nothing to 0 in float64 and the loss is 200; in float32 it is inf. Libraries take
            the scores instead.
        zh: 正确类的概率为 0 时结果是 inf。得分为 0 和 −200 时，float64 下的 softmax 不会舍入成 0，
            损失是 200；float32 下则是 inf。所以多数库直接接收得分。

    >>> p, y = np.array([0.3, 0.2, 0.1, 0.4]), np.array([0.0, 1.0, 0.0, 0.0])
    >>> print(cross_entropy_of_probabilities(p, y).round(6))
    1.609438
    """
    if np.any(np.round(np.sum(p, axis=-1), 2) != 1):
        raise ValueError("p: expected probabilities, which sum to 1")
    wanted = y != 0
    m = y.size / y.shape[-1]
    return -np.sum(y[wanted] * np.log(p[wanted])) / m


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

    z (..., K): $z_j^r$
        en: score of class j for example r
        zh: 第 r 个样本在第 j 类上的得分
    y (..., K) in [0, 1]: $y_j^r$
        en: target; the K of an example sum to 1
        zh: 目标值；同一个样本的 K 个之和为 1
    p (..., K): $p_j^r$
        en: predicted probability
        zh: 预测的概率
    m (): $m$
        en: number of examples: all axes but the last
        zh: 样本数：除最后一个轴以外的所有轴
    -> (..., K): $\frac{\partial L}{\partial z_j^r}$
        en: partial derivative of the mean loss with respect to each score
        zh: 平均损失对每个得分的偏导数

    Source:
        en: Andrew Ng, Improving Deep Neural Networks, training a softmax classifier: dz = ŷ − y for
            one example
        zh: 吴恩达《改善深层神经网络》，训练 softmax 分类器：单个样本时 dz = ŷ − y
    Raises: ValueError if the shapes do not match, z is empty, or y is no probabilities.

    >>> z, y = np.log([0.3, 0.2, 0.1, 0.4]), np.array([0.0, 1.0, 0.0, 0.0])
    >>> print(softmax_cross_entropy_gradient(z, y).round(4))
    [ 0.3 -0.8  0.1  0.4]
    """
    p = softmax(z)
    m = z.size / z.shape[-1]
    return (p - y) / m


@checked
def label_smoothing(y, alpha):
    r"""Label smoothing
    标签平滑

    $$ \tilde y_j = (1 - \alpha) y_j + \frac{\alpha}{K} $$

    y (..., K) in [0, 1]: $y_j$
        en: target: 1 for the right class, else 0
        zh: 目标值：正确的类为 1，其余为 0
    alpha () in [0, 1]: $\alpha$
        en: how much of the target is spread over all classes
        zh: 目标值里分给所有类的那一部分
    -> (..., K): $\tilde y_j$
        en: smoothed target, for the cross-entropy
        zh: 平滑之后的目标值，用于交叉熵

    Source:
        en: Szegedy et al. 2015, arXiv:1512.00567, §7, with the uniform distribution;
            torch.nn.functional.cross_entropy, label_smoothing
        zh: Szegedy et al. 2015，arXiv:1512.00567，§7，取均匀分布；
            torch.nn.functional.cross_entropy 的 label_smoothing
    Raises: ValueError if y or alpha is not from 0 to 1, or y is empty or a number alone.
    Note:
        en: The right class gets a share of $\alpha$, too: $1 - \alpha + \alpha/K$. Others spread
            $\alpha$ over the K − 1 wrong classes, among them tensor2tensor, the program of the
            Transformer's authors.
        zh: 正确的类也分到 $\alpha$ 中的一份，得到 $1 - \alpha + \alpha/K$。也有程序把 $\alpha$ 只分
            给其余 K − 1 类，例如 Transformer 作者们自己的 tensor2tensor。

    >>> print(label_smoothing(np.array([0.0, 1.0, 0.0, 0.0]), alpha=0.1))
    [0.025 0.925 0.025 0.025]
    """
    return (1 - alpha) * y + alpha / y.shape[-1]

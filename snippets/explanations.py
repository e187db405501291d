r"""Explanations of batch normalization, as quantities that can be measured
批量归一化的几种解释：可以度量的量

What the papers of 2015 and 2018 speak of when they say why batch normalization works.

Symbols:
    z: $z_i^r$
        en: feature i of example r
        zh: 第 r 个样本的第 i 个特征
    gamma: $\gamma_i$
        en: learned scale
        zh: 可学习的缩放
    mu: $\mu_i$
        en: batch mean
        zh: 批均值
    z_tilde: $\tilde z_i^r$
        en: normalized feature
        zh: 归一化后的特征
    gradient: $\nabla L$
        en: gradient of the loss at given weights
        zh: 给定权重处损失的梯度
    x: $x$
        en: where we are
        zh: 现在的位置
    steps: $\alpha$
        en: how far to go along the negative gradient
        zh: 沿负梯度走多远
"""

import numpy as np

from snippets._shapes import checked
from snippets.batch_norm import (
    batch_mean,
    batch_normalize,
    batch_variance,
    scale_and_shift,
)


@checked
def noisy_batch_norm(z, gamma, beta, scale, shift, eps=1e-5):
    r"""Noisy batch normalization
    带噪声的批量归一化

    $$
    \begin{aligned}
    \mu_i &= \frac{1}{m} \sum_{r=1}^{m} z_i^r, \qquad
        \sigma_i^2 = \frac{1}{m} \sum_{r=1}^{m} (z_i^r - \mu_i)^2 \\
    \tilde z_i^r &= \frac{z_i^r - \mu_i}{\sqrt{\sigma_i^2 + \epsilon}} \\
    \hat z_i^r &= s_i^r \left( \gamma_i \tilde z_i^r + \beta_i \right) + n_i^r
    \end{aligned}
    $$

    z (m > 1, d)
    gamma (d,)
    beta (d,): $\beta_i$
        en: learned shift
        zh: 可学习的平移
    scale (m, d): $s_i^r$
        en: random factors, from another distribution at each step
        zh: 随机的乘数，每一步换一个分布
    shift (m, d): $n_i^r$
        en: random offsets, likewise
        zh: 随机的加数，同样每步换分布
    eps (): $\epsilon$
        en: keeps the root away from 0
        zh: 避免根号下为 0
    mu (d,)
    var (d,): $\sigma_i^2$
        en: batch variance, biased
        zh: 批方差（有偏）
    z_tilde (m, d)
    -> (m, d): $\hat z_i^r$
        en: output, unstable on purpose
        zh: 输出，故意弄得不稳定

    Source:
        en: Santurkar et al. 2018, arXiv:1805.11604, §2.1 and appendix A
        zh: Santurkar et al. 2018，arXiv:1805.11604，§2.1 与附录 A
    Raises: ValueError if the shapes do not match or the batch is empty.

    >>> z, scale = np.array([[1.0], [4.0], [10.0]]), np.array([[1.0], [2.0], [1.0]])
    >>> shift = np.full((3, 1), 0.5)
    >>> one, zero = np.ones(1), np.zeros(1)
    >>> print(noisy_batch_norm(z, one, zero, scale, shift).round(4).ravel())
    [-0.569  -0.0345  1.8363]
    """
    mu, var = batch_mean(z), batch_variance(z)
    z_tilde = batch_normalize(z, mu, var, eps)
    return scale * scale_and_shift(z_tilde, gamma, beta) + shift


@checked
def internal_covariate_shift(G, G_prime):
    r"""Internal covariate shift of a layer
    一层的内部协变量偏移

    $$ \Delta = \sqrt{\sum_{i=1}^{k} \sum_{j=1}^{n} (G_{ij} - G'_{ij})^2} $$

    G (...): $G_{ij}$
        en: partial derivative with respect to weight ij, before any layer takes its step
        zh: 各层都还没有更新时，对权重 ij 的偏导数
    G_prime (...): $G'_{ij}$
        en: the same after the layers in front have taken theirs
        zh: 前面各层更新之后，对同一个权重的偏导数
    -> (): $\Delta$
        en: how far the gradient was moved by them
        zh: 梯度因此移动了多远

    Source:
        en: Santurkar et al. 2018, arXiv:1805.11604, definition 2.1
        zh: Santurkar et al. 2018，arXiv:1805.11604，定义 2.1
    Raises: ValueError if the shapes do not match.

    >>> G, G_prime = np.array([[1.0, 2.0]]), np.array([[4.0, -2.0]])
    >>> print(internal_covariate_shift(G, G_prime))
    5.0
    """
    return np.sqrt(np.sum((G - G_prime) ** 2))


@checked
def loss_variation_along_gradient(loss, gradient, x, steps):
    r"""Range of the loss along the gradient
    损失沿梯度方向的变化范围

    $$ V = \max_{\alpha} L(x - \alpha \nabla L(x)) - \min_{\alpha} L(x - \alpha \nabla L(x)) $$

    loss (function): $L$
        en: the loss at given weights
        zh: 给定权重处的损失
    gradient (function)
        en: its gradient at given weights
        zh: 给定权重处的梯度
    x (...)
    steps (T,)
    -> (): $V$
        en: largest loss on the way minus the smallest
        zh: 途中最大的损失减去最小的

    Source:
        en: Santurkar et al. 2018, arXiv:1805.11604, §3.1 (loss landscape)
        zh: Santurkar et al. 2018，arXiv:1805.11604，§3.1（误差曲面）
    Raises: ValueError if x is empty or there is no step.
    Read:
        en: The loss is any function, which LaTeX cannot say.
        zh: 损失可以是任何函数，LaTeX 里写不出来。

    >>> x, steps = np.array([3.0]), np.array([0.0, 0.5, 1.0])
    >>> square, slope = lambda x: x @ x, lambda x: 2 * x
    >>> print(loss_variation_along_gradient(square, slope, x, steps))
    9.0
    """
    g = gradient(x)
    losses = [loss(x - alpha * g) for alpha in steps]
    return max(losses) - min(losses)


@checked
def gradient_predictiveness(gradient, x, steps):
    r"""Largest change of the gradient along it
    梯度沿自身方向的最大变化

    $$ P = \max_{\alpha} \lVert \nabla L(x) - \nabla L(x - \alpha \nabla L(x)) \rVert $$

    gradient (function)
    x (...)
    steps (T,)
    -> (): $P$
        en: how wrong the gradient is about what lies ahead
        zh: 梯度对前方的预测错得多远

    Source:
        en: Santurkar et al. 2018, arXiv:1805.11604, §3.1 (gradient predictiveness)
        zh: Santurkar et al. 2018，arXiv:1805.11604，§3.1（梯度的可预测性）
    Raises: ValueError if x is empty or there is no step.
    Read:
        en: The gradient is any function, which LaTeX cannot say.
        zh: 梯度可以是任何函数，LaTeX 里写不出来。

    >>> x, steps = np.array([3.0, 4.0]), np.array([0.1, 0.5])
    >>> print(gradient_predictiveness(lambda x: 2 * x, x, steps))
    10.0
    """
    g = gradient(x)
    return max(np.linalg.norm(g - gradient(x - alpha * g)) for alpha in steps)


@checked
def effective_beta_smoothness(gradient, x, steps):
    r"""Effective smoothness along the gradient
    沿梯度方向的有效平滑度

    $$
    S = \max_{\alpha}
        \frac{\lVert \nabla L(x) - \nabla L(x - \alpha \nabla L(x)) \rVert}
            {\lVert \alpha \nabla L(x) \rVert}
    $$

    gradient (function)
    x (...)
        en: where we are; not a place where the gradient is 0
        zh: 现在的位置，梯度不能为 0
    steps (T,)
        en: how far to go along the negative gradient; none is 0
        zh: 沿负梯度走多远，不能为 0
    -> (): $S$
        en: change of the gradient per distance; in size never more than the largest curvature on
            the way
        zh: 每单位距离梯度的变化，不超过途中曲率绝对值的最大值

    Source:
        en: Santurkar et al. 2018, arXiv:1805.11604, §3.1 (effective β-smoothness; β there)
        zh: Santurkar et al. 2018，arXiv:1805.11604，§3.1（有效 β 平滑度，那里写作 β）
    Raises: ValueError if x is empty or there is no step.
    Read:
        en: The gradient is any function, which LaTeX cannot say.
        zh: 梯度可以是任何函数，LaTeX 里写不出来。

    >>> x, steps = np.array([3.0, 4.0]), np.array([0.1, 0.5])
    >>> print(effective_beta_smoothness(lambda x: 2 * x, x, steps).round(6))
    2.0
    """
    g = gradient(x)
    changes = [np.linalg.norm(g - gradient(x - alpha * g)) for alpha in steps]
    distances = [np.linalg.norm(alpha * g) for alpha in steps]
    return np.max(np.divide(changes, distances))


@checked
def batch_norm_lipschitz(dz_hat, z, gamma):
    r"""Length of the gradient in front of batch normalization (Theorem 4.1)
    批量归一化之前的梯度有多长（定理 4.1）

    $$
    \begin{aligned}
    \mu_i &= \frac{1}{m} \sum_{r=1}^{m} z_i^r, \qquad
        \sigma_i^2 = \frac{1}{m} \sum_{r=1}^{m} (z_i^r - \mu_i)^2, \qquad
        \tilde z_i^r = \frac{z_i^r - \mu_i}{\sqrt{\sigma_i^2}} \\
    \ell_i &= \frac{(\gamma_i)^2}{\sigma_i^2}
        \left( \sum_{r=1}^{m} \left( \frac{\partial L}{\partial \hat z_i^r} \right)^2
        - \frac{1}{m} \left( \sum_{r=1}^{m} \frac{\partial L}{\partial \hat z_i^r} \right)^2
        - \frac{1}{m} \left( \sum_{r=1}^{m}
        \frac{\partial L}{\partial \hat z_i^r} \tilde z_i^r \right)^2 \right)
    \end{aligned}
    $$

    dz_hat (m > 1, d): $\frac{\partial L}{\partial \hat z_i^r}$
        en: partial derivative with respect to each output, from the layer above
        zh: 损失对每个输出的偏导数，由后一层传来
    z (m, d)
    gamma (d,)
    mu (d,)
    var (d,): $\sigma_i^2$
        en: batch variance, biased; not 0
        zh: 批方差（有偏），不能为 0
    z_tilde (m, d)
    -> (d,): $\ell_i$
        en: squared length of the gradient in front of the normalization
        zh: 归一化之前梯度长度的平方

    Source:
        en: Santurkar et al. 2018, arXiv:1805.11604, Theorem 4.1, as an equality (both gradients at
            the same place, no ε)
        zh: Santurkar et al. 2018，arXiv:1805.11604，定理 4.1，写成等式（两个梯度取在同一处，
            没有 ε）
    Raises: ValueError if the shapes do not match, or the batch has one example only.
    Note:
        en: Without batch normalization (as if γ = σ) the value would be the first sum alone; the
            other two are what it takes away.
        zh: 没有批量归一化时（相当于 γ = σ），只有第一个求和；后两项就是批量归一化去掉的部分。

    >>> dz_hat, z = np.array([[1.0], [0], [0]]), np.array([[1.0], [4.0], [10.0]])
    >>> print(batch_norm_lipschitz(dz_hat, z, gamma=np.ones(1)).round(6))
    [0.020408]
    """
    mu, var = batch_mean(z), batch_variance(z)
    z_tilde = batch_normalize(z, mu, var, eps=0.0)
    shifted = np.sum(dz_hat, axis=0) ** 2 / len(z)
    stretched = np.sum(dz_hat * z_tilde, axis=0) ** 2 / len(z)
    kept = np.sum(dz_hat**2, axis=0) - shifted - stretched
    return gamma**2 / var * kept


@checked
def lp_normalize(z, p):
    r"""Normalization by an average of powers
    用 p 次幂的平均做归一化

    $$
    \begin{aligned}
    c_i^r &= z_i^r - \frac{1}{m} \sum_{s=1}^{m} z_i^s \\
    \tilde z_i^r &= \frac{c_i^r}{\left( \frac{1}{m} \sum_{s=1}^{m} |c_i^s|^p \right)^{1/p}}
    \end{aligned}
    $$

    z (m > 1, d)
        en: feature i of example r; none is constant
        zh: 第 r 个样本的第 i 个特征；不能有常数特征
    p () in [1, inf]: $p$
        en: which power; infinity takes the largest size
        zh: 几次幂；取无穷大时用最大的绝对值
    c (m, d): $c_i^r$
        en: the feature minus its mean
        zh: 减去均值后的特征
    -> (m, d): $\tilde z_i^r$
        en: normalized feature
        zh: 归一化后的特征

    Source:
        en: Santurkar et al. 2018, arXiv:1805.11604, §3.3
        zh: Santurkar et al. 2018，arXiv:1805.11604，§3.3
    Raises: ValueError if z is not a batch of two examples or more, or p is below 1.
    Note:
        en: p = 2 is batch normalization without ε, γ and β.
        zh: p = 2 就是没有 ε、γ、β 的批量归一化。

    >>> z = np.array([[1.0], [4.0], [10.0]])
    >>> for p in [1, 2, np.inf]:
    ...     print(lp_normalize(z, p).ravel().round(4))
    [-1.2 -0.3  1.5]
    [-1.069  -0.2673  1.3363]
    [-0.8 -0.2  1. ]
    """
    c = z - batch_mean(z)
    size = np.linalg.norm(c, p, axis=0) / len(z) ** (1 / p)
    return c / size

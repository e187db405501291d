r"""Variational autoencoder
变分自编码器

Superscript r is an example, subscript j a latent variable, subscript i an entry of the input. The
encoder gives mean and log variance.

Symbols:
    mu: $\mu_j^r$
        en: mean of latent variable j
        zh: 第 j 个隐变量的均值
    log_var: $\ell_j^r$
        en: logarithm of its variance
        zh: 它的方差的对数
    x: $x$
        en: one example
        zh: 一个样本
    var: $\sigma^2$
        en: variance of that noise
        zh: 噪声的方差
"""

import numpy as np

from snippets._shapes import checked


@checked
def gaussian_kl(mu, log_var):
    r"""KL divergence of a diagonal Gaussian from the standard normal
    对角高斯分布到标准正态分布的 KL 散度

    $$ D^r = \frac{1}{2} \sum_{j=1}^{d} \left( (\mu_j^r)^2 + e^{\ell_j^r} - 1 - \ell_j^r \right) $$

    mu (m, d)
        en: mean of latent variable j, given example r
        zh: 给定第 r 个样本，第 j 个隐变量的均值
    log_var (m, d)
    -> (m,): $D^r$
        en: divergence for example r, in nats
        zh: 第 r 个样本的散度，单位为奈特

    Source:
        en: Kingma & Welling 2013, arXiv:1312.6114, Appendix B, with the sign reversed
        zh: Kingma & Welling 2013，arXiv:1312.6114，附录 B，符号相反
    Raises: ValueError if the shapes do not match or the batch is empty.
    Note:
        en: $e^\ell - 1$ is computed by `expm1`, since near the standard normal the two largest
            terms cancel.
        zh: $e^\ell - 1$ 用 `expm1` 计算：在标准正态分布附近，最大的两项会相互抵消。

    >>> mu, log_var = np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([[0.0, 0.0], [0.0, np.log(4.0)]])
    >>> print(gaussian_kl(mu, log_var).round(4))
    [0.     1.3069]
    """
    return (mu**2 + np.expm1(log_var) - log_var).sum(axis=1) / 2


@checked
def reparameterize(mu, log_var, noise):
    r"""Reparameterization
    重参数化

    $$ z_j^r = \mu_j^r + e^{\ell_j^r / 2} \epsilon_j^r $$

    mu (m, d)
    log_var (m, d)
    noise (m, d): $\epsilon_j^r$
        en: drawn from the standard normal, whatever the parameters are
        zh: 取自标准正态分布，与参数无关
    -> (m, d): $z_j^r$
        en: sample of the latent variable
        zh: 隐变量的采样值

    Source:
        en: Kingma & Welling 2013, arXiv:1312.6114, §2.4
        zh: Kingma & Welling 2013，arXiv:1312.6114，§2.4
    Raises: ValueError if the shapes do not match or the batch is empty.

    >>> mu, log_var = np.array([[1.0]]), np.array([[np.log(4.0)]])
    >>> print(reparameterize(mu, log_var, noise=np.array([[-0.5]])))
    [[0.]]
    """
    return mu + np.exp(log_var / 2) * noise


@checked
def reparameterization_gradient(dz, log_var, noise):
    r"""Gradient through the sample
    穿过采样的梯度

    $$
    \frac{\partial L}{\partial \mu_j^r} = \frac{\partial L}{\partial z_j^r}, \qquad
        \frac{\partial L}{\partial \ell_j^r} =
        \frac{1}{2} \frac{\partial L}{\partial z_j^r} e^{\ell_j^r / 2} \epsilon_j^r
    $$

    dz (m, d): $\frac{\partial L}{\partial z_j^r}$
        en: slope of a loss along the sample
        zh: 损失沿采样值的斜率
    log_var (m, d)
        en: logarithm of the variance
        zh: 方差的对数
    noise (m, d): $\epsilon_j^r$
        en: the noise of that sample
        zh: 得到这个采样值所用的噪声
    -> dmu (m, d): $\frac{\partial L}{\partial \mu_j^r}$
        en: slope along the mean
        zh: 沿均值的斜率
    -> dlog_var (m, d): $\frac{\partial L}{\partial \ell_j^r}$
        en: slope along the log variance
        zh: 沿方差对数的斜率

    Source:
        en: derivative of the reparameterization of Kingma & Welling 2013, arXiv:1312.6114, §2.4,
            written out
        zh: Kingma & Welling 2013，arXiv:1312.6114，§2.4 的重参数化，由本站求导写出
    Raises: ValueError if the shapes do not match or the batch is empty.

    >>> dz, log_var = np.array([[3.0]]), np.array([[np.log(4.0)]])
    >>> dmu, dlog_var = reparameterization_gradient(dz, log_var, noise=np.array([[-0.5]]))
    >>> print(dmu, dlog_var)
    [[3.]] [[-1.5]]
    """
    dmu = dz
    dlog_var = dz * np.exp(log_var / 2) * noise / 2
    return dmu, dlog_var


@checked
def elbo(x, y, mu, log_var):
    r"""Evidence lower bound, estimated with one sample
    证据下界，用一个采样值估计

    $$
    \begin{aligned}
    D^r &= \frac{1}{2} \sum_{j=1}^{d} \left( (\mu_j^r)^2 + e^{\ell_j^r} - 1 - \ell_j^r \right) \\
    \mathcal{L}^r &= \sum_{i=1}^{n} \left( x_i^r \log y_i^r + (1 - x_i^r) \log(1 - y_i^r) \right)
        - D^r
    \end{aligned}
    $$

    x (m, n): $x_i^r$
        en: entry i of example r, 0 or 1
        zh: 第 r 个样本的第 i 个分量，0 或 1
    y (m, n): $y_i^r$
        en: probability of a 1 that the decoder gives for the sample z
        zh: 解码器根据采样值 z 给出的取 1 的概率
    mu (m, d)
    log_var (m, d)
    D (m,): $D^r$
        en: KL divergence from the prior
        zh: 到先验的 KL 散度
    -> (m,): $\mathcal{L}^r$
        en: bound for example r, in nats; both sums are sums
        zh: 第 r 个样本的下界，单位为奈特；两处都是求和

    Source:
        en: Kingma & Welling 2013, arXiv:1312.6114, eq. 10 with L = 1 and the Bernoulli decoder of
            Appendix C.1
        zh: Kingma & Welling 2013，arXiv:1312.6114，式 10（取 L = 1），解码器为附录 C.1 的伯努利解码
            器
    Raises: ValueError if the shapes do not match or the batch is empty.

    >>> x, y = np.array([[1.0, 0.0, 1.0]]), np.array([[0.9, 0.2, 0.5]])
    >>> print(elbo(x, y, mu=np.array([[1.0]]), log_var=np.array([[0.0]])).round(4))
    [-1.5217]
    """
    D = gaussian_kl(mu, log_var)
    return (x * np.log(y) + (1 - x) * np.log(1 - y)).sum(axis=1) - D


@checked
def linear_gaussian_evidence(x, W, var):
    r"""Evidence of the linear-Gaussian model
    线性高斯模型的证据

    $$
    \begin{aligned}
    C &= W W^\top + \sigma^2 I \\
    E &= -\frac{1}{2} \left( n \log(2 \pi) + \log \det(C) + x^\top C^{-1} x \right)
    \end{aligned}
    $$

    x (n,)
    W (n, k): $W$
        en: decoder: x is W z plus noise, and z is standard normal
        zh: 解码器：x 等于 W z 加噪声，z 服从标准正态分布
    var ()
    eye (n, n): $I$
        en: identity matrix
        zh: 单位矩阵
    C (n, n): $C$
        en: covariance of x, with z integrated out
        zh: 对 z 积分之后 x 的协方差
    -> (): $E$
        en: log evidence, $\log p(x)$: the log density of x
        zh: 对数证据，即 $\log p(x)$：x 的对数密度

    Source:
        en: Tipping & Bishop 1999, Probabilistic Principal Component Analysis, with mean 0
        zh: Tipping & Bishop 1999，Probabilistic Principal Component Analysis，均值取 0
    Raises: ValueError if the shapes do not match or an array is empty.

    >>> x, W = np.array([1.0, 2.0]), np.array([[1.0], [1.0]])
    >>> print(linear_gaussian_evidence(x, W, var=1.0).round(4))
    -3.3872
    """
    eye = np.eye(len(x))
    C = W @ W.T + var * eye
    return (
        -(
            len(x) * np.log(2 * np.pi)
            + np.linalg.slogdet(C)[1]
            + x @ np.linalg.solve(C, x)
        )
        / 2
    )


@checked
def linear_gaussian_elbo(x, W, var, mu, log_var):
    r"""Exact lower bound in the linear-Gaussian model
    线性高斯模型中下界的精确值

    $$
    \begin{aligned}
    D &= \frac{1}{2} \sum_{j=1}^{k} \left( \mu_j^2 + e^{\ell_j} - 1 - \ell_j \right) \\
    \mathcal{L} &= -\frac{n}{2} \log(2 \pi \sigma^2)
        - \frac{1}{2 \sigma^2} \left( \| x - W \mu \|^2
        + \sum_{i=1}^{n} \sum_{j=1}^{k} W_{ij}^2 e^{\ell_j} \right) - D
    \end{aligned}
    $$

    x (n,)
    W (n, k): $W$
        en: decoder: x is W z plus noise
        zh: 解码器：x 等于 W z 加噪声
    var ()
    mu (k,): $\mu$
        en: means of the approximate posterior
        zh: 近似后验的均值
    log_var (k,): $\ell$
        en: logarithms of its variances
        zh: 近似后验方差的对数
    D (): $D$
        en: KL divergence from the prior
        zh: 到先验的 KL 散度
    -> (): $\mathcal{L}$
        en: lower bound, its expectation worked out
        zh: 下界，其中的期望已经算出

    Source:
        en: Kingma & Welling 2013, arXiv:1312.6114, eq. 3, with the expectation for a linear decoder
            written out
        zh: Kingma & Welling 2013，arXiv:1312.6114，式 3，其中线性解码器的期望由本站写出
    Raises: ValueError if the shapes do not match or an array is empty.

    >>> x, W = np.array([1.0, 2.0]), np.array([[1.0], [1.0]])
    >>> for log_var in [0.0, -np.log(3.0)]:
    ...     print(linear_gaussian_elbo(x, W, 1.0, np.array([1.0]), np.array([log_var])).round(4))
    -3.8379
    -3.3872
    """
    D = gaussian_kl(mu[None], log_var[None])[0]
    square = ((x - W @ mu) ** 2).sum() + (W**2 * np.exp(log_var)).sum()
    return -(len(x) * np.log(2 * np.pi * var) + square / var) / 2 - D

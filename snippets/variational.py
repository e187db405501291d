r"""Variational autoencoder
变分自编码器

The formulas are about one example; a batch is a leading axis. Subscript j is a latent variable,
subscript i an entry of the input. The encoder gives mean and log variance.

Symbols:
    mu: $\mu_j$
        en: mean of latent variable j
        zh: 第 j 个隐变量的均值
    log_var: $\ell_j$
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

    $$ D = \frac{1}{2} \sum_{j=1}^{d} \left( (\mu_j)^2 + e^{\ell_j} - 1 - \ell_j \right) $$

    mu (..., d)
    log_var (..., d)
    -> (...): $D$
        en: divergence for each example, in nats
        zh: 每个样本的散度，单位为奈特

    Source:
        en: Kingma & Welling 2013, arXiv:1312.6114, Appendix B, with the sign reversed
        zh: Kingma & Welling 2013，arXiv:1312.6114，附录 B，符号相反
    Raises: ValueError if the shapes do not match or there is no latent variable.
    Note:
        en: $e^\ell - 1$ is computed by `expm1`, since near the standard normal the two largest
            terms cancel.
        zh: $e^\ell - 1$ 用 `expm1` 计算：在标准正态分布附近，最大的两项会相互抵消。

    >>> mu, log_var = np.array([[0.0, 0.0], [1.0, 0.0]]), np.log([[1, 1], [1, 4]])
    >>> print(gaussian_kl(mu, log_var).round(4))
    [0.     1.3069]
    """
    return np.sum(mu**2 + np.expm1(log_var) - log_var, axis=-1) / 2


@checked
def reparameterize(mu, log_var, noise):
    r"""Reparameterization
    重参数化

    $$ z_j = \mu_j + e^{\ell_j / 2} \epsilon_j $$

    mu (...)
    log_var (...)
    noise (...): $\epsilon_j$
        en: drawn from the standard normal, whatever the parameters are
        zh: 取自标准正态分布，与参数无关
    -> (...): $z_j$
        en: sample of the latent variable
        zh: 隐变量的采样值

    Source:
        en: Kingma & Welling 2013, arXiv:1312.6114, §2.4
        zh: Kingma & Welling 2013，arXiv:1312.6114，§2.4
    Raises: ValueError if the shapes do not match.

    >>> mu, log_var = np.array([1.0, -2.0]), np.log([4.0, 1.0])
    >>> print(reparameterize(mu, log_var, noise=np.array([-0.5, 1.0])))
    [ 0. -1.]
    """
    return mu + np.exp(log_var / 2) * noise


@checked
def reparameterization_gradient(dz, log_var, noise):
    r"""Gradient through the sample
    穿过采样的梯度

    $$
    \frac{\partial J}{\partial \mu_j} = \frac{\partial J}{\partial z_j}, \qquad
        \frac{\partial J}{\partial \ell_j} =
        \frac{1}{2} \frac{\partial J}{\partial z_j} e^{\ell_j / 2} \epsilon_j
    $$

    dz (...): $\frac{\partial J}{\partial z_j}$
        en: partial derivative of the loss with respect to the sample
        zh: 损失对采样值的偏导数
    log_var (...)
        en: logarithm of the variance
        zh: 方差的对数
    noise (...): $\epsilon_j$
        en: the noise of that sample
        zh: 得到这个采样值所用的噪声
    -> dmu (...): $\frac{\partial J}{\partial \mu_j}$
        en: partial derivative with respect to the mean
        zh: 对均值的偏导数
    -> dlog_var (...): $\frac{\partial J}{\partial \ell_j}$
        en: partial derivative with respect to the log variance
        zh: 对方差对数的偏导数

    Source:
        en: derivative of the reparameterization of Kingma & Welling 2013, arXiv:1312.6114, §2.4,
            written out
        zh: Kingma & Welling 2013，arXiv:1312.6114，§2.4 的重参数化，由本站求导写出
    Raises: ValueError if the shapes do not match.

    >>> dz, log_var = np.array([3.0, 1.0]), np.log([4.0, 1.0])
    >>> noise = np.array([-0.5, 1.0])
    >>> print(*reparameterization_gradient(dz, log_var, noise))
    [3. 1.] [-1.5  0.5]
    """
    dmu = dz
    dlog_var = dz * np.exp(log_var / 2) * noise / 2
    return dmu, dlog_var


@checked
def aevb_gradient(dz, mu, log_var, noise):
    r"""AEVB: the gradient of the bound that reaches the encoder
    AEVB：传到编码器的下界的梯度

    $$
    \frac{\partial \mathcal{L}}{\partial \mu_j} = g_j - \mu_j, \qquad
        \frac{\partial \mathcal{L}}{\partial \ell_j} =
        \frac{1}{2} g_j e^{\ell_j / 2} \epsilon_j - \frac{1}{2} \left( e^{\ell_j} - 1 \right)
    $$

    dz (...): $g_j$
        en: partial derivative of the reconstruction term with respect to the sample, from the
            decoder
        zh: 重建项对采样值的偏导数，由解码器传来
    mu (...)
    log_var (...)
    noise (...): $\epsilon_j$
        en: the noise of that sample
        zh: 得到这个采样值所用的噪声
    -> dmu (...): $\frac{\partial \mathcal{L}}{\partial \mu_j}$
        en: partial derivative of the bound with respect to the mean
        zh: 下界对均值的偏导数
    -> dlog_var (...): $\frac{\partial \mathcal{L}}{\partial \ell_j}$
        en: partial derivative of the bound with respect to the log variance
        zh: 下界对方差对数的偏导数

    Source:
        en: Kingma & Welling 2013, arXiv:1312.6114, Algorithm 1, estimator of eq. 10 with one draw;
            differentiated here
        zh: Kingma & Welling 2013，arXiv:1312.6114，算法 1，估计量取式 10（抽一次）；由本站求导写出
    Raises: ValueError if the shapes do not match.
    Note:
        en: The bound is to grow, so a step adds this gradient; a loss has the other sign.
        zh: 下界要变大，所以更新时加上这个梯度；若以下界的相反数为损失，符号相反。

    >>> mu, log_var = np.array([1.0, -2.0]), np.log([4.0, 1.0])
    >>> dz, noise = np.array([3.0, 1.0]), np.array([-0.5, 1.0])
    >>> print(*aevb_gradient(dz, mu, log_var, noise))
    [2. 3.] [-3.   0.5]
    """
    through_mu, through_log_var = reparameterization_gradient(
        dz, log_var, noise
    )
    return through_mu - mu, through_log_var - np.expm1(log_var) / 2


@checked
def elbo(x, y, mu, log_var):
    r"""Evidence lower bound, estimated with one sample
    证据下界，用一个采样值估计

    $$
    \begin{aligned}
    D &= \frac{1}{2} \sum_{j=1}^{d} \left( (\mu_j)^2 + e^{\ell_j} - 1 - \ell_j \right) \\
    \mathcal{L} &= \sum_{i=1}^{n} \left( x_i \log y_i + (1 - x_i) \log(1 - y_i) \right)
        - D
    \end{aligned}
    $$

    x (..., n) in [0, 1]: $x_i$
        en: entry i of the example, 0 or 1
        zh: 样本的第 i 个分量，0 或 1
    y (..., n) in [0, 1]: $y_i$
        en: probability of a 1 that the decoder gives for the sample z
        zh: 解码器根据采样值 z 给出的取 1 的概率
    mu (..., d)
    log_var (..., d)
    D (...): $D$
        en: KL divergence from the prior
        zh: 到先验的 KL 散度
    -> (...): $\mathcal{L}$
        en: bound for each example, in nats; both sums are sums
        zh: 每个样本的下界，单位为奈特；两处都是求和

    Source:
        en: Kingma & Welling 2013, arXiv:1312.6114, eq. 10, one draw, and the Bernoulli decoder of
            Appendix C.1
        zh: Kingma & Welling 2013，arXiv:1312.6114，式 10（抽一次），解码器为附录 C.1 的伯努利解码
            器
    Raises: ValueError if the shapes do not match, or x or y are not from 0 to 1.
    Note:
        en: $0 \log 0$ is 0: a pixel that is certain and right costs nothing. One that is certain
            and wrong makes the bound −∞.
        zh: $0 \log 0$ 取 0：确定而且猜对的像素没有代价；确定却猜错，下界就是 −∞。

    >>> x, y = np.array([1.0, 0.0, 1.0]), np.array([0.9, 0.2, 1.0])
    >>> print(elbo(x, y, mu=np.array([1.0]), log_var=np.array([0.0])).round(4))
    -0.8285
    """
    ones = x * np.log(np.maximum(y, x == 0))
    zeros = (1 - x) * np.log(np.maximum(1 - y, x == 1))
    D = gaussian_kl(mu, log_var)
    return np.sum(ones + zeros, axis=-1) - D


@checked
def gaussian_log_likelihood(x, y, var):
    r"""Reconstruction term of a Gaussian decoder
    高斯解码器的重建项

    $$
    R = -\frac{1}{2} \sum_{i=1}^{n} \left( \log(2 \pi \sigma^2)
        + \frac{(x_i - y_i)^2}{\sigma^2} \right)
    $$

    x (..., n): $x_i$
        en: entry i of the example, any real number
        zh: 样本的第 i 个分量，任意实数
    y (..., n): $y_i$
        en: mean that the decoder gives for the sample z
        zh: 解码器根据采样值 z 给出的均值
    var () in (0, inf)
        en: variance of each entry around that mean
        zh: 各个分量围绕均值的方差
    -> (...): $R$
        en: log density of the example; takes the place of the first sum of the bound
        zh: 样本的对数密度；放在下界里第一个求和的位置

    Source:
        en: Kingma & Welling 2013, arXiv:1312.6114, Appendix C.2, with one variance for all ·
            torch.nn.functional.gaussian_nll_loss with full=True, the sign reversed
        zh: Kingma & Welling 2013，arXiv:1312.6114，附录 C.2，各分量共用一个方差 ·
            torch.nn.functional.gaussian_nll_loss（full=True），符号相反
    Raises: ValueError if the shapes do not match, or var is not above 0.
    Note:
        en: Up to a constant it is minus the squared error over $2 \sigma^2$: σ decides how much
            an error weighs against the divergence.
        zh: 除去常数，它是平方误差除以 $2 \sigma^2$ 再取负。所以 σ 决定误差与散度相比有多重。
    Note:
        en: $\log(2 \pi \sigma^2)$ is a float64, and so is the result, whatever the arrays are.
        zh: $\log(2 \pi \sigma^2)$ 是 float64，所以无论数组是什么精度，结果都是 float64。

    >>> x, y = np.array([1.0, 0.0, 1.0]), np.array([0.9, 0.2, 1.0])
    >>> for var in [1.0, 0.01]:
    ...     print(gaussian_log_likelihood(x, y, var).round(4))
    -2.7818
    1.6509
    """
    square = (x - y) ** 2 / var
    return -np.sum(np.log(2 * np.pi * var) + square, axis=-1) / 2


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

    x (..., n)
    W (n, k): $W$
        en: decoder: x is W z plus noise, and z is standard normal
        zh: 解码器：x 等于 W z 加噪声，z 服从标准正态分布
    var () in (0, inf)
    eye (n, n): $I$
        en: identity matrix
        zh: 单位矩阵
    C (n, n): $C$
        en: covariance of x, with z integrated out
        zh: 对 z 积分之后 x 的协方差
    -> (...): $E$
        en: log evidence, $\log p(x)$: the log density of x
        zh: 对数证据，即 $\log p(x)$：x 的对数密度

    Source:
        en: Tipping & Bishop 1999, Probabilistic Principal Component Analysis, with mean 0
        zh: Tipping & Bishop 1999，Probabilistic Principal Component Analysis，均值取 0
    Raises: ValueError if the shapes do not match, an array is empty, or var is not above 0.
    Note:
        en: The identity matrix is in float64, and so is the result, whatever x and W are.
        zh: 单位矩阵是 float64，所以无论 x 和 W 是什么精度，结果都是 float64。

    >>> x, W = np.array([1.0, 2.0]), np.array([[1.0], [1.0]])
    >>> print(linear_gaussian_evidence(x, W, var=1.0).round(4))
    -3.3872
    """
    eye = np.eye(len(W))
    C = W @ W.T + var * eye
    log_det = np.linalg.slogdet(C)[1]
    square = np.sum(x * np.linalg.solve(C, x[..., None])[..., 0], axis=-1)
    return -(len(W) * np.log(2 * np.pi) + log_det + square) / 2


@checked
def linear_gaussian_elbo(x, W, var, mu, log_var):
    r"""Exact lower bound in the linear-Gaussian model
    线性高斯模型中下界的精确值

    $$
    \begin{aligned}
    D &= \frac{1}{2} \sum_{j=1}^{k} \left( (\mu_j)^2 + e^{\ell_j} - 1 - \ell_j \right) \\
    \mathcal{L} &= -\frac{n}{2} \log(2 \pi \sigma^2)
        - \frac{1}{2 \sigma^2} \left( \| x - W \mu \|^2
        + \sum_{i=1}^{n} \sum_{j=1}^{k} W_{ij}^2 e^{\ell_j} \right) - D
    \end{aligned}
    $$

    x (..., n)
    W (n, k): $W$
        en: decoder: x is W z plus noise
        zh: 解码器：x 等于 W z 加噪声
    var () in (0, inf)
    mu (..., k): $\mu$
        en: means of the approximate posterior
        zh: 近似后验的均值
    log_var (..., k): $\ell$
        en: logarithms of its variances
        zh: 近似后验方差的对数
    D (...): $D$
        en: KL divergence from the prior
        zh: 到先验的 KL 散度
    -> (...): $\mathcal{L}$
        en: lower bound, its expectation worked out
        zh: 下界，其中的期望已经算出

    Source:
        en: Kingma & Welling 2013, arXiv:1312.6114, eq. 3, with the expectation for a linear decoder
            written out
        zh: Kingma & Welling 2013，arXiv:1312.6114，式 3，其中线性解码器的期望由本站写出
    Raises: ValueError if the shapes do not match, an array is empty, or var is not above 0.
    Note:
        en: $\log(2 \pi \sigma^2)$ is a float64, and so is the result, whatever the arrays are.
        zh: $\log(2 \pi \sigma^2)$ 是 float64，所以无论数组是什么精度，结果都是 float64。

    >>> x, W = np.array([1.0, 2.0]), np.array([[1.0], [1.0]])
    >>> for log_var in [0.0, -np.log(3.0)]:
    ...     q = np.array([1.0]), np.array([log_var])
    ...     print(linear_gaussian_elbo(x, W, 1.0, *q).round(4))
    -3.8379
    -3.3872
    """
    D = gaussian_kl(mu, log_var)
    error = np.sum((x - mu @ W.T) ** 2, axis=-1)
    spread = np.exp(log_var) @ np.sum(W**2, axis=0)
    square = (error + spread) / var
    return -(len(W) * np.log(2 * np.pi * var) + square) / 2 - D


@checked
def importance_weighted_bound(log_w):
    r"""Two bounds from the same draws
    同一批采样值给出的两个下界

    $$
    \mathcal{L} = \frac{1}{K} \sum_{k=1}^{K} \omega_k, \qquad
        \mathcal{L}_K = \log\left( \frac{1}{K} \sum_{k=1}^{K} e^{\omega_k} \right)
    $$

    log_w (K, ...): $\omega_k$
        en: $\log p(x, z_k) - \log q(z_k \mid x)$ for draw k from q
        zh: 从 q 抽出的第 k 个采样值的 $\log p(x, z_k) - \log q(z_k \mid x)$
    -> elbo (...): $\mathcal{L}$
        en: estimate of the lower bound of 2013: the mean of the logarithms
        zh: 2013 年的下界的估计：对数的平均
    -> iwae (...): $\mathcal{L}_K$
        en: estimate of the importance weighted bound: the logarithm of the mean
        zh: 重要性加权下界的估计：平均的对数

    Source:
        en: Kingma & Welling 2013, arXiv:1312.6114, eq. 6; Burda, Grosse & Salakhutdinov 2015,
            arXiv:1509.00519, eq. 8
        zh: Kingma & Welling 2013，arXiv:1312.6114，式 6；Burda, Grosse & Salakhutdinov 2015，
            arXiv:1509.00519，式 8
    Raises: ValueError if there is no draw.
    Note:
        en: The largest weight is divided out before the exponential, and its logarithm added again:
            weights of a whole image are far too small for a floating-point number.
        zh: 取指数之前先除以最大的权重，最后再把它的对数加回来：整幅图像的权重太小，浮点数放不下。

    >>> weights = np.array([1.0, 3.0])
    >>> bounds = importance_weighted_bound(np.log(weights))
    >>> print(*np.round(bounds, 4))
    0.5493 0.6931
    """
    top = np.max(log_w, axis=0)
    mean_weight = np.mean(np.exp(log_w - top), axis=0)
    return np.mean(log_w, axis=0), top + np.log(mean_weight)

"""Feature scaling
特征缩放

Statistics are taken over the R examples of the data set, one per feature, and are biased (divide by
R).

Symbols:
    x: $x_i^r$
        en: feature i of example r
        zh: 第 r 个样本的第 i 个特征
    c: $c_i^r$
        en: the feature minus its mean
        zh: 减去均值后的特征
    C: $C_{ij}$
        en: covariance of features i and j, biased
        zh: 特征 i 与 j 的协方差（有偏）
"""

import numpy as np

from snippets._shapes import checked


@checked
def standardize(x):
    r"""Standardization
    标准化

    $$ \tilde x_i^r = \frac{x_i^r - m_i}{\sigma_i}, \qquad
    m_i = \frac{1}{R} \sum_{r=1}^{R} x_i^r, \qquad
    \sigma_i = \sqrt{\frac{1}{R} \sum_{r=1}^{R} (x_i^r - m_i)^2} $$

    x (R, d)
    m (d,): $m_i$
        en: mean of feature i over the data set
        zh: 第 i 个特征在整个数据集上的均值
    sigma (d,): $\sigma_i$
        en: standard deviation of feature i
        zh: 第 i 个特征的标准差
    -> (R, d): $\tilde x_i^r$
        en: standardized feature: mean 0, variance 1
        zh: 标准化后的特征：均值 0，方差 1

    Source:
        en: Hung-yi Lee 2021, Quick Introduction of Batch Normalization, slide 4
        zh: 李宏毅 2021，Quick Introduction of Batch Normalization，幻灯片第 4 页
    Raises: ValueError if x is not a table of examples and features, or is empty.
    Note:
        en: A constant feature has $\sigma_i = 0$ and the formula says 0/0; the code returns 0, as
            scikit-learn does.
        zh: 常数特征的 $\sigma_i = 0$，公式成了 0/0；代码返回 0，与 scikit-learn 一致。
    Trap:
        en: A constant feature 0.1 in float32 has a computed $\sigma_i$ of 1.5e-8, not 0, and
            dividing by it gives −1; the code compares the largest and the smallest value instead.
        zh: float32 下，取值恒为 0.1 的特征算出的 $\sigma_i$ 是 1.5e-8 而不是 0，除以它会得到 −1；
            代码改为比较最大值与最小值。
    Trap:
        en: A feature that is constant up to rounding, such as 0.3 and 0.1 + 0.2, becomes −1.414 and
            0: the code takes the difference for real, scikit-learn does not.
        zh: 只差舍入误差的特征，例如 0.3 和 0.1 + 0.2，会变成 −1.414 和 0：代码把这点差别当真，
            scikit-learn 则当作常数。

    >>> x = np.array([[1.0, 100.0], [2.0, 200.0], [6.0, 300.0]])
    >>> print(standardize(x).round(4))
    [[-0.9258 -1.2247]
     [-0.4629  0.    ]
     [ 1.3887  1.2247]]
    """
    m = x.mean(axis=0)
    sigma = np.sqrt(((x - m) ** 2).mean(axis=0))
    constant = x.max(axis=0) == x.min(axis=0)
    return (x - m) / np.where(
        constant, np.inf, sigma
    )  # a constant feature becomes 0, not 0/0


@checked
def min_max_scale(x):
    r"""Min–max scaling
    最小–最大缩放

    $$
    \tilde x_i^r = \frac{x_i^r - l_i}{u_i - l_i}, \qquad l_i = \min_{r} x_i^r, \qquad
        u_i = \max_{r} x_i^r
    $$

    x (R, d)
    low (d,): $l_i$
        en: its smallest value in the data set
        zh: 该特征在数据集上的最小值
    high (d,): $u_i$
        en: its largest value in the data set
        zh: 该特征在数据集上的最大值
    -> (R, d): $\tilde x_i^r$
        en: scaled feature: smallest value 0, largest 1
        zh: 缩放后的特征：最小值为 0，最大值为 1

    Source:
        en: Hung-yi Lee 2021, Quick Introduction of Batch Normalization, slide 4 (“feature
            normalization”, as one method of several) · scikit-learn's MinMaxScaler
        zh: 李宏毅 2021，Quick Introduction of Batch Normalization，幻灯片第 4 页（“feature
            normalization”，多种方法之一） · scikit-learn 的 MinMaxScaler
    Raises: ValueError if x is not a table of examples and features, or is empty.
    Note:
        en: A constant feature is 0/0 in the formula; the code returns 0, as scikit-learn does.
        zh: 常数特征在公式里是 0/0；代码返回 0，与 scikit-learn 一致。

    >>> x = np.array([[1.0, 100.0], [2.0, 200.0], [6.0, 300.0]])
    >>> print(min_max_scale(x))
    [[0.  0. ]
     [0.2 0.5]
     [1.  1. ]]
    """
    low, high = x.min(axis=0), x.max(axis=0)
    # a constant feature becomes 0, not 0/0
    return (x - low) / np.where(high == low, np.inf, high - low)


@checked
def pca_whiten(x):
    r"""PCA whitening
    PCA 白化

    $$
    \begin{aligned}
    c_i^r &= x_i^r - \frac{1}{R} \sum_{s=1}^{R} x_i^s \\
    C_{ij} &= \frac{1}{R} \sum_{r=1}^{R} c_i^r c_j^r = \sum_{k=1}^{d} \lambda_k v_{ik} v_{jk} \\
    \tilde x_k^r &= \frac{1}{\sqrt{\lambda_k}} \sum_{i=1}^{d} v_{ik} c_i^r
    \end{aligned}
    $$

    x (R, d)
    c (R, d)
    C (d, d)
    lam (d,): $\lambda_k$
        en: eigenvalues of C, largest first: variances along the axes
        zh: C 的特征值，从大到小：沿各主轴的方差
    V (d, d): $v_{ik}$
        en: eigenvectors, one a column, orthonormal: the principal axes
        zh: 特征向量，每列一个，标准正交：主轴的方向
    -> (R, d): $\tilde x_k^r$
        en: coordinate along axis k, with variance 1; its covariance with the others is 0
        zh: 沿第 k 条主轴的坐标，方差为 1，与其他坐标的协方差为 0

    Source:
        en: Ioffe & Szegedy 2015, arXiv:1502.03167, §2 (whitening) · scikit-learn's PCA(whiten=True)
        zh: Ioffe & Szegedy 2015，arXiv:1502.03167，§2（白化） · scikit-learn 的 PCA(whiten=True)
    Raises: ValueError if x is not a table of examples and features, or its covariance is singular.
    Note:
        en: $-v$ is an eigenvector as good as $v$: without a rule the sign of a coordinate is
            arbitrary. As in scikit-learn the largest entry of each axis is made positive; here, of
            several equally large ones, the first. If two eigenvalues are equal, their axes are
            arbitrary too.
        zh: $-v$ 与 $v$ 同样是特征向量，不加约定，坐标的正负号就是任意的。与 scikit-learn 一样，
            约定每条主轴中绝对值最大的分量取正；有几个一样大时，这里取第一个。若有两个特征值相等，
            相应的主轴也是任意的。
    Trap:
        en: scikit-learn's PCA(whiten=True) divides by $R - 1$, its StandardScaler and the code by
            $R$: with 3 examples its coordinates are 0.8165 of these.
        zh: scikit-learn 的 PCA(whiten=True) 除以 $R - 1$，它的 StandardScaler 和这里除以 $R$：
            有 3 个样本时，它的坐标是这里的 0.8165 倍。

    >>> x = np.array([[0.0, 0.0], [2.0, 1.0], [1.0, 2.0], [3.0, 3.0]])
    >>> print(pca_whiten(x).round(4) + 0.0)
    [[-1.4142  0.    ]
     [ 0.      1.4142]
     [ 0.     -1.4142]
     [ 1.4142  0.    ]]
    """
    c = x - x.mean(axis=0)
    C = c.T @ c / len(x)
    lam, V = (a[..., ::-1] for a in np.linalg.eigh(C))  # largest first
    if lam[-1] <= 1e-12 * lam[0]:
        raise ValueError(
            "x: expected features neither constant nor dependent, C is singular"
        )
    V = V @ np.diag(
        np.sign(V[np.abs(V).round(9).argmax(axis=0), range(len(lam))])
    )
    return c @ V / np.sqrt(lam)


@checked
def zca_whiten(x):
    r"""ZCA whitening
    ZCA 白化

    $$
    \begin{aligned}
    c_i^r &= x_i^r - \frac{1}{R} \sum_{s=1}^{R} x_i^s \\
    C_{ij} &= \frac{1}{R} \sum_{r=1}^{R} c_i^r c_j^r = \sum_{k=1}^{d} \lambda_k v_{ik} v_{jk} \\
    W_{ij} &= \sum_{k=1}^{d} \frac{1}{\sqrt{\lambda_k}} v_{ik} v_{jk} \\
    \tilde x_i^r &= \sum_{j=1}^{d} W_{ij} c_j^r
    \end{aligned}
    $$

    x (R, d)
    c (R, d)
    C (d, d)
    lam (d,): $\lambda_k$
        en: eigenvalues of C
        zh: C 的特征值
    V (d, d): $v_{ik}$
        en: eigenvectors, one a column, orthonormal
        zh: 特征向量，每列一个，标准正交
    W (d, d): $W_{ij}$
        en: the symmetric root $C^{-1/2}$
        zh: 对称的 $C^{-1/2}$
    -> (R, d): $\tilde x_i^r$
        en: whitened feature: variance 1, covariance with the others 0
        zh: 白化后的特征：方差为 1，与其他特征的协方差为 0

    Source:
        en: Ioffe & Szegedy 2015, arXiv:1502.03167, §2: Cov[x]^(−1/2) (x − E[x])
        zh: Ioffe & Szegedy 2015，arXiv:1502.03167，§2：Cov[x]^(−1/2) (x − E[x])
    Raises: ValueError if x is not a table of examples and features, or its covariance is singular.
    Note:
        en: The axes are turned back, so feature i stays near feature i, and no sign is arbitrary.
        zh: 坐标又转回原来的方向，所以第 i 个特征仍接近原来的第 i 个特征，正负号也不再任意。

    >>> x = np.array([[0.0, 0.0], [2.0, 1.0], [1.0, 2.0], [3.0, 3.0]])
    >>> print(zca_whiten(x).round(4) + 0.0)
    [[-1. -1.]
     [ 1. -1.]
     [-1.  1.]
     [ 1.  1.]]
    """
    c = x - x.mean(axis=0)
    C = c.T @ c / len(x)
    lam, V = np.linalg.eigh(C)
    if lam[0] <= 1e-12 * lam[-1]:
        raise ValueError(
            "x: expected features neither constant nor dependent, C is singular"
        )
    W = (V / np.sqrt(lam)) @ V.T
    return c @ W

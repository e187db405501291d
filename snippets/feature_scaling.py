r"""Feature scaling
特征缩放

Statistics are taken over the R examples of the training data, one per feature, and are biased
(divide by R). New data are transformed with those of the training data.

Symbols:
    x: $x_i^r$
        en: feature i of example r
        zh: 第 r 个样本的第 i 个特征
    m: $m_i$
        en: mean of feature i over the training data
        zh: 第 i 个特征在训练数据上的均值
    sigma: $\sigma_i$
        en: standard deviation of feature i there
        zh: 第 i 个特征在训练数据上的标准差
    low: $l_i$
        en: smallest value of feature i in the training data
        zh: 第 i 个特征在训练数据中的最小值
    high: $u_i$
        en: largest value there
        zh: 该特征在训练数据中的最大值
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
def standardize_fit(x):
    r"""Standardization: what the training data give
    标准化：从训练数据得到的统计量

    $$ m_i = \frac{1}{R} \sum_{r=1}^{R} x_i^r, \qquad
    \sigma_i = \sqrt{\frac{1}{R} \sum_{r=1}^{R} (x_i^r - m_i)^2} $$

    x (R, d)
    -> m (d,)
    -> sigma (d,)

    Source:
        en: Hung-yi Lee 2021, Quick Introduction of Batch Normalization, slide 4 · scikit-learn's
            StandardScaler: mean_ and scale_
        zh: 李宏毅 2021，Quick Introduction of Batch Normalization，幻灯片第 4 页 · scikit-learn 的
            StandardScaler：mean_ 与 scale_
    Raises: ValueError if x is not a table of examples and features, or is empty.
    Note:
        en: A constant feature has $\sigma_i = 0$, by which nothing can be divided; the code returns
            1 there, as scikit-learn does.
        zh: 常数特征的 $\sigma_i = 0$，不能作除数；代码在那里返回 1，与 scikit-learn 一致。
    Trap:
        en: The mean of a constant feature can be rounded, and then its computed $\sigma_i$ is not
            0: for 0.1 in float32 it is 1.5e-8, and dividing by it gives −1. The code takes the mean
            from the first example on, so that it is exact there.
        zh: 常数特征的均值可能有舍入误差，算出的 $\sigma_i$ 就不是 0：float32 的 0.1 得到 1.5e-8，
            除以它会得到 −1。代码从第一个样本算起求均值，这时就没有误差。
    Trap:
        en: A feature that is constant up to rounding, such as 0.3 and 0.1 + 0.2, becomes −1.414 and
            0: the code takes the difference for real, scikit-learn does not.
        zh: 只差舍入误差的特征，例如 0.3 和 0.1 + 0.2，会变成 −1.414 和 0：代码把这点差别当真，
            scikit-learn 则当作常数。

    >>> x = np.array([[1.0, 100.0], [2.0, 200.0], [6.0, 300.0]])
    >>> m, sigma = standardize_fit(x)
    >>> print(m, sigma.round(4))
    [  3. 200.] [ 2.1602 81.6497]
    """
    m = x[0] + (x - x[0]).mean(axis=0)  # exact for a constant feature
    sigma = np.sqrt(((x - m) ** 2).mean(axis=0))
    return m, np.where(sigma == 0, 1, sigma)


@checked
def standardize_transform(x, m, sigma):
    r"""Standardization of new data
    用训练数据的统计量做标准化

    $$ \tilde x_i^r = \frac{x_i^r - m_i}{\sigma_i} $$

    x (..., d): $x_i^r$
        en: feature i of example r, which need not be of the training data
        zh: 第 r 个样本的第 i 个特征，不必来自训练数据
    m (d,)
    sigma (d,) in (0, inf)
    -> (..., d): $\tilde x_i^r$
        en: standardized feature
        zh: 标准化后的特征

    Source: scikit-learn, StandardScaler.transform
    Raises: ValueError if the shapes do not match.
    Note:
        en: New data do not have mean 0 and variance 1 exactly; that is no mistake.
        zh: 新数据的均值不会正好是 0，方差也不会正好是 1，这不是错误。

    >>> train = np.array([[1.0, 100.0], [2.0, 200.0], [6.0, 300.0]])
    >>> m, sigma = standardize_fit(train)
    >>> print(standardize_transform(np.array([5.0, 100.0]), m, sigma).round(4))
    [ 0.9258 -1.2247]
    """
    return (x - m) / sigma


@checked
def standardize(x):
    r"""Standardization
    标准化

    $$ \tilde x_i^r = \frac{x_i^r - m_i}{\sigma_i}, \qquad
    m_i = \frac{1}{R} \sum_{r=1}^{R} x_i^r, \qquad
    \sigma_i = \sqrt{\frac{1}{R} \sum_{r=1}^{R} (x_i^r - m_i)^2} $$

    x (R, d)
    m (d,)
    sigma (d,)
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

    >>> x = np.array([[1.0, 100.0], [2.0, 200.0], [6.0, 300.0]])
    >>> print(standardize(x).round(4))
    [[-0.9258 -1.2247]
     [-0.4629  0.    ]
     [ 1.3887  1.2247]]
    """
    m, sigma = standardize_fit(x)
    return (x - m) / sigma


@checked
def min_max_fit(x):
    r"""Min–max scaling: what the training data give
    最小–最大缩放：从训练数据得到的统计量

    $$ l_i = \min_{r} x_i^r, \qquad u_i = \max_{r} x_i^r $$

    x (R, d)
    -> low (d,)
    -> high (d,)

    Source: scikit-learn, MinMaxScaler, data_min_ · data_max_
    Raises: ValueError if x is not a table of examples and features, or is empty.

    >>> x = np.array([[1.0, 100.0], [2.0, 200.0], [6.0, 300.0]])
    >>> low, high = min_max_fit(x)
    >>> print(low, high)
    [  1. 100.] [  6. 300.]
    """
    return x.min(axis=0), x.max(axis=0)


@checked
def min_max_transform(x, low, high):
    r"""Min–max scaling of new data
    用训练数据的统计量做最小–最大缩放

    $$ \tilde x_i^r = \frac{x_i^r - l_i}{u_i - l_i} $$

    x (..., d): $x_i^r$
        en: feature i of example r, which need not be of the training data
        zh: 第 r 个样本的第 i 个特征，不必来自训练数据
    low (d,)
    high (d,)
    -> (..., d): $\tilde x_i^r$
        en: scaled feature; below 0 or above 1 outside the range of the training data
        zh: 缩放后的特征；超出训练数据的范围时，小于 0 或大于 1

    Source: scikit-learn, MinMaxScaler.transform
    Raises: ValueError if the shapes do not match.
    Note:
        en: For a feature that is constant in the training data the formula divides by 0; the code
            divides by 1, as scikit-learn does.
        zh: 训练数据中为常数的特征，公式要除以 0；代码除以 1，与 scikit-learn 一致。

    >>> train = np.array([[1.0, 100.0], [2.0, 200.0], [6.0, 300.0]])
    >>> low, high = min_max_fit(train)
    >>> print(min_max_transform(np.array([8.5, 100.0]), low, high))
    [1.5 0. ]
    """
    return (x - low) / np.where(high == low, 1, high - low)


@checked
def min_max_scale(x):
    r"""Min–max scaling
    最小–最大缩放

    $$
    \tilde x_i^r = \frac{x_i^r - l_i}{u_i - l_i}, \qquad l_i = \min_{r} x_i^r, \qquad
        u_i = \max_{r} x_i^r
    $$

    x (R, d)
    low (d,)
    high (d,)
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
    low, high = min_max_fit(x)
    return min_max_transform(x, low, high)


@checked
def pca_whiten_fit(x):
    r"""PCA whitening: what the training data give
    PCA 白化：从训练数据得到的矩阵

    $$
    \begin{aligned}
    m_i &= \frac{1}{R} \sum_{r=1}^{R} x_i^r \\
    c_i^r &= x_i^r - m_i \\
    C_{ij} &= \frac{1}{R} \sum_{r=1}^{R} c_i^r c_j^r = \sum_{k=1}^{d} \lambda_k v_{ik} v_{jk} \\
    W_{ik} &= \frac{v_{ik}}{\sqrt{\lambda_k}}
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
    -> m (d,)
    -> W (d, d): $W_{ik}$
        en: whitening matrix: column k is axis k, divided by the standard deviation along it
        zh: 白化矩阵：第 k 列是第 k 条主轴，除以沿它的标准差

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

    >>> x = np.array([[0.0, 0.0], [2.0, 1.0], [1.0, 2.0], [3.0, 3.0]])
    >>> m, W = pca_whiten_fit(x)
    >>> print(m, W.round(4).tolist())
    [1.5 1.5] [[0.4714, 1.4142], [0.4714, -1.4142]]
    """
    m = x.mean(axis=0)
    c = x - m
    C = c.T @ c / len(x)
    lam, V = (a[..., ::-1] for a in np.linalg.eigh(C))  # largest first
    if lam[-1] <= 1e3 * np.finfo(C.dtype).eps * lam[0]:
        raise ValueError("x: a feature is constant or follows from others")
    V = V * np.sign(V[np.abs(V).round(6).argmax(axis=0), range(len(V))])
    return m, V / np.sqrt(lam)


@checked
def pca_whiten(x):
    r"""PCA whitening
    PCA 白化

    $$
    \tilde x_k^r = \sum_{i=1}^{d} W_{ik} (x_i^r - m_i), \qquad
        m_i = \frac{1}{R} \sum_{r=1}^{R} x_i^r
    $$

    x (R, d)
    m (d,)
    W (d, d): $W_{ik}$
        en: whitening matrix of x, from pca_whiten_fit
        zh: x 的白化矩阵，由 pca_whiten_fit 给出
    -> (R, d): $\tilde x_k^r$
        en: coordinate along axis k, with variance 1; its covariance with the others is 0
        zh: 沿第 k 条主轴的坐标，方差为 1，与其他坐标的协方差为 0

    Source:
        en: Ioffe & Szegedy 2015, arXiv:1502.03167, §2 (whitening) · scikit-learn's PCA(whiten=True)
        zh: Ioffe & Szegedy 2015，arXiv:1502.03167，§2（白化） · scikit-learn 的 PCA(whiten=True)
    Raises: ValueError if x is not a table of examples and features, or its covariance is singular.
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
    m, W = pca_whiten_fit(x)
    return (x - m) @ W


@checked
def zca_whiten_fit(x):
    r"""ZCA whitening: what the training data give
    ZCA 白化：从训练数据得到的矩阵

    $$
    \begin{aligned}
    m_i &= \frac{1}{R} \sum_{r=1}^{R} x_i^r \\
    c_i^r &= x_i^r - m_i \\
    C_{ij} &= \frac{1}{R} \sum_{r=1}^{R} c_i^r c_j^r = \sum_{k=1}^{d} \lambda_k v_{ik} v_{jk} \\
    W_{ij} &= \sum_{k=1}^{d} \frac{v_{ik} v_{jk}}{\sqrt{\lambda_k}}
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
    -> m (d,)
    -> W (d, d): $W_{ij}$
        en: whitening matrix: the symmetric root $C^{-1/2}$
        zh: 白化矩阵：对称的 $C^{-1/2}$

    Source:
        en: Ioffe & Szegedy 2015, arXiv:1502.03167, §2: Cov[x]^(−1/2)
        zh: Ioffe & Szegedy 2015，arXiv:1502.03167，§2：Cov[x]^(−1/2)
    Raises: ValueError if x is not a table of examples and features, or its covariance is singular.
    Note:
        en: The axes are turned back, so feature i stays near feature i, and no sign is arbitrary.
        zh: 坐标又转回原来的方向，所以第 i 个特征仍接近原来的第 i 个特征，正负号也不再任意。

    >>> x = np.array([[0.0, 0.0], [2.0, 1.0], [1.0, 2.0], [3.0, 3.0]])
    >>> m, W = zca_whiten_fit(x)
    >>> print(m, W.round(4).tolist())
    [1.5 1.5] [[1.3333, -0.6667], [-0.6667, 1.3333]]
    """
    m = x.mean(axis=0)
    c = x - m
    C = c.T @ c / len(x)
    lam, V = np.linalg.eigh(C)
    if lam[0] <= 1e3 * np.finfo(C.dtype).eps * lam[-1]:
        raise ValueError("x: a feature is constant or follows from others")
    return m, (V / np.sqrt(lam)) @ V.T


@checked
def zca_whiten(x):
    r"""ZCA whitening
    ZCA 白化

    $$
    \tilde x_k^r = \sum_{i=1}^{d} W_{ik} (x_i^r - m_i), \qquad
        m_i = \frac{1}{R} \sum_{r=1}^{R} x_i^r
    $$

    x (R, d)
    m (d,)
    W (d, d): $W_{ik}$
        en: whitening matrix of x, from zca_whiten_fit
        zh: x 的白化矩阵，由 zca_whiten_fit 给出
    -> (R, d): $\tilde x_k^r$
        en: whitened feature: variance 1, covariance with the others 0
        zh: 白化后的特征：方差为 1，与其他特征的协方差为 0

    Source:
        en: Ioffe & Szegedy 2015, arXiv:1502.03167, §2: Cov[x]^(−1/2) (x − E[x])
        zh: Ioffe & Szegedy 2015，arXiv:1502.03167，§2：Cov[x]^(−1/2) (x − E[x])
    Raises: ValueError if x is not a table of examples and features, or its covariance is singular.

    >>> x = np.array([[0.0, 0.0], [2.0, 1.0], [1.0, 2.0], [3.0, 3.0]])
    >>> print(zca_whiten(x).round(4) + 0.0)
    [[-1. -1.]
     [ 1. -1.]
     [-1.  1.]
     [ 1.  1.]]
    """
    m, W = zca_whiten_fit(x)
    return (x - m) @ W


@checked
def whiten_transform(x, m, W):
    r"""Whitening of new data
    用训练数据的统计量做白化

    $$ \tilde x_k^r = \sum_{i=1}^{d} W_{ik} (x_i^r - m_i) $$

    x (..., d): $x_i^r$
        en: feature i of example r, which need not be of the training data
        zh: 第 r 个样本的第 i 个特征，不必来自训练数据
    m (d,)
    W (d, d): $W_{ik}$
        en: whitening matrix, from pca_whiten_fit or zca_whiten_fit
        zh: 白化矩阵，由 pca_whiten_fit 或 zca_whiten_fit 给出
    -> (..., d): $\tilde x_k^r$
        en: whitened feature or coordinate k
        zh: 白化后的第 k 个特征或坐标

    Source: scikit-learn, PCA.transform
    Raises: ValueError if the shapes do not match.

    >>> train = np.array([[0.0, 0.0], [2.0, 1.0], [1.0, 2.0], [3.0, 3.0]])
    >>> m, W = zca_whiten_fit(train)
    >>> print(whiten_transform(np.array([3.0, 0.0]), m, W).round(4))
    [ 3. -3.]
    """
    return (x - m) @ W

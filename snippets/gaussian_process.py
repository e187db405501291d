r"""Gaussian process regression
高斯过程回归

Superscripts a and b are points, subscript i an entry of a point; a star marks the points at which
we predict.

Symbols:
    K: $K$
        en: kernel between the observed points
        zh: 观测点之间的核
    y: $y$
        en: observed values
        zh: 观测到的值
    var: $\sigma^2$
        en: variance of the noise in them
        zh: 其中噪声的方差
    eye: $I$
        en: identity matrix
        zh: 单位矩阵
    A: $A$
        en: covariance of the observed values
        zh: 观测值的协方差
"""

import numpy as np

from snippets._shapes import checked


@checked
def rbf_kernel(x, z, length):
    r"""Squared exponential kernel
    平方指数核

    $$
    K_{ab} = \exp\left( -\frac{1}{2} \sum_{i=1}^{d}
        \left( \frac{x_i^a - z_i^b}{\ell_i} \right)^2 \right)
    $$

    x (n, ...): $x_i^a$
        en: entry i of point a; a point may be a number, too
        zh: 点 a 的第 i 个分量；一个点也可以就是一个数
    z (m, ...): $z_i^b$
        en: entry i of point b, from the same set or another
        zh: 点 b 的第 i 个分量，可以是同一组点，也可以是另一组
    length (*) in (0, inf): $\ell_i$
        en: length scale: how far apart values still resemble each other; one number for all
            entries, or one for each (automatic relevance determination)
        zh: 长度尺度：相距多远，函数值还彼此相近；可以是一个数，也可以每个分量一个（自动相关性确定）
    -> (n, m): $K_{ab}$
        en: prior covariance of the values at the two points
        zh: 两点处函数值的先验协方差

    Source:
        en: Rasmussen & Williams 2006, Gaussian Processes for Machine Learning, eq. 4.9; a length
            for each entry: eq. 5.1 · scikit-learn's RBF
        zh: Rasmussen & Williams 2006，Gaussian Processes for Machine Learning，式 4.9；每个分量
            一个长度：式 5.1 · scikit-learn 的 RBF
    Raises: ValueError if the points do not have equally many entries, or there are none, or a
        length is not positive.

    >>> x = np.array([0.0, 1.0, 3.0])
    >>> print(rbf_kernel(x, x, length=1.0).round(4))
    [[1.     0.6065 0.0111]
     [0.6065 1.     0.1353]
     [0.0111 0.1353 1.    ]]
    >>> x = np.array([[0.0, 0.0], [1.0, 10.0]])
    >>> print(rbf_kernel(x, x, length=np.array([1.0, 10.0])).round(4))
    [[1.     0.3679]
     [0.3679 1.    ]]
    """
    squares = ((x[:, None] - z) / length) ** 2
    entries = tuple(range(2, squares.ndim))  # none, if points are numbers
    return np.exp(-squares.sum(axis=entries) / 2)


@checked
def gp_posterior(K, K_star, K_test, y, var):
    r"""Posterior of a Gaussian process
    高斯过程的后验

    $$
    \begin{aligned}
    A &= K + \sigma^2 I \\
    \mu &= K_*^\top A^{-1} y \\
    \Sigma &= K_{**} - K_*^\top A^{-1} K_*
    \end{aligned}
    $$

    K (n, n)
    K_star (n, m): $K_*$
        en: kernel between the observed points and the new ones
        zh: 观测点与新点之间的核
    K_test (m, m): $K_{**}$
        en: kernel between the new points
        zh: 新点之间的核
    y (n,)
    var () in [0, inf)
    eye (n, n)
    A (n, n)
    -> mu (m,): $\mu$
        en: posterior mean at the new points
        zh: 新点处的后验均值
    -> cov (m, m): $\Sigma$
        en: posterior covariance there, of the function without noise
        zh: 那里的后验协方差，指不含噪声的函数

    Source:
        en: Rasmussen & Williams 2006, Gaussian Processes for Machine Learning, eq. 2.23 and 2.24;
            computed as in Algorithm 2.1
        zh: Rasmussen & Williams 2006，Gaussian Processes for Machine Learning，式 2.23 和 2.24；
            按算法 2.1 计算
    Raises: ValueError if the shapes do not match, or A is not positive definite up to rounding
        (LinAlgError).
    Note:
        en: With $A = L L^\top$, no inverse is formed, and what is subtracted is a sum of squares.
        zh: 有了 $A = L L^\top$，就不必求逆，减去的也是平方和。

    >>> x, y = np.array([0.0, 1.0]), np.array([1.0, 3.0])
    >>> x_star = np.array([0.5, 9.0])
    >>> K, K_star = rbf_kernel(x, x, 1.0), rbf_kernel(x, x_star, 1.0)
    >>> K_test = rbf_kernel(x_star, x_star, 1.0)
    >>> mu, cov = gp_posterior(K, K_star, K_test, y, var=0.01)
    >>> print(mu.round(4), np.diag(cov).round(4))
    [2.1837 0.    ] [0.0365 1.    ]
    """
    eye = np.eye(len(y), dtype=K.dtype)
    A = K + var * eye
    L = np.linalg.cholesky(A)
    v = np.linalg.solve(L, K_star)
    mu = v.T @ np.linalg.solve(L, y)
    cov = K_test - v.T @ v
    return mu, cov


@checked
def log_marginal_likelihood(K, y, var):
    r"""Log marginal likelihood
    对数边缘似然

    $$
    \begin{aligned}
    A &= K + \sigma^2 I \\
    E &= -\frac{1}{2} y^\top A^{-1} y - \frac{1}{2} \log \det(A) - \frac{n}{2} \log(2 \pi)
    \end{aligned}
    $$

    K (n, n)
    y (n,)
    var () in [0, inf)
    eye (n, n)
    A (n, n)
    -> (): $E$
        en: log density of the observed values under the prior
        zh: 观测值在先验之下的对数密度

    Source:
        en: Rasmussen & Williams 2006, Gaussian Processes for Machine Learning, eq. 2.30 and
            Algorithm 2.1
        zh: Rasmussen & Williams 2006，Gaussian Processes for Machine Learning，式 2.30 与算法 2.1
    Raises: ValueError if the shapes do not match, or A is not positive definite up to rounding
        (LinAlgError).

    >>> x, y = np.array([0.0, 1.0, 3.0]), np.array([1.0, 1.5, -0.5])
    >>> for length in [0.1, 1.0, 10.0]:
    ...     K = rbf_kernel(x, x, length)
    ...     print(length, log_marginal_likelihood(K, y, var=0.01).round(4))
    0.1 -4.5044
    1.0 -3.8987
    10.0 -44.5831
    """
    eye = np.eye(len(y), dtype=K.dtype)
    A = K + var * eye
    L = np.linalg.cholesky(A)
    v = np.linalg.solve(L, y)
    log_det = np.log(2 * np.pi * np.diag(L) ** 2).sum()  # of 2 pi A
    return -(v @ v + log_det) / 2


@checked
def log_marginal_likelihood_gradient(K, y, var, dK):
    r"""Derivative of the log marginal likelihood
    对数边缘似然的导数

    $$
    \begin{aligned}
    A &= K + \sigma^2 I \\
    \alpha &= A^{-1} y \\
    \frac{\partial E}{\partial \theta} &= \frac{1}{2}
        \left( \alpha^\top \frac{\partial K}{\partial \theta} \alpha
        - \operatorname{tr}\left( A^{-1} \frac{\partial K}{\partial \theta} \right) \right)
    \end{aligned}
    $$

    K (n, n)
    y (n,)
    var () in [0, inf)
    dK (n, n): $\frac{\partial K}{\partial \theta}$
        en: derivative of the kernel with respect to a parameter, such as the length scale
        zh: 核对某个参数的偏导数，例如长度尺度
    eye (n, n)
    A (n, n)
    alpha (n,): $\alpha$
        en: observed values, weighted
        zh: 加权之后的观测值
    -> (): $\frac{\partial E}{\partial \theta}$
        en: partial derivative with respect to that parameter
        zh: 对这个参数的偏导数

    Source:
        en: Rasmussen & Williams 2006, Gaussian Processes for Machine Learning, eq. 5.9
        zh: Rasmussen & Williams 2006，Gaussian Processes for Machine Learning，式 5.9
    Raises: ValueError if the shapes do not match, or A is not positive definite up to rounding
        (LinAlgError).

    >>> x, y = np.array([0.0, 1.0, 3.0]), np.array([1.0, 1.5, -0.5])
    >>> K = rbf_kernel(x, x, length=1.0)
    >>> dK = K * (x[:, None] - x) ** 2  # along the length, where it is 1
    >>> print(log_marginal_likelihood_gradient(K, y, var=0.01, dK=dK).round(4))
    0.1607
    """
    eye = np.eye(len(y), dtype=K.dtype)
    A = K + var * eye
    L = np.linalg.cholesky(A)
    alpha = np.linalg.solve(L.T, np.linalg.solve(L, y))
    trace = np.trace(np.linalg.solve(L.T, np.linalg.solve(L, dK)))
    return (alpha @ dK @ alpha - trace) / 2

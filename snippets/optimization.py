"""Optimization
优化

Superscript: which example (r = 1 … R). Subscript: which feature (i = 1 … d).

Symbols:
    x: $x_i^r$
        en: feature i of example r
        zh: 第 r 个样本的第 i 个特征
    w: $w_i$
        en: weights
        zh: 权重
    b: $b$
        en: bias
        zh: 偏置
    y: $y^r$
        en: prediction
        zh: 预测值
"""

import numpy as np

from snippets._shapes import checked


@checked
def linear_model(x, y_hat, w, b):
    r"""Linear model and its squared error
    线性模型与平方误差

    $$
    \begin{aligned}
    y^r &= \sum_{i=1}^{d} w_i x_i^r + b \\
    e^r &= (y^r - \hat y^r)^2 \\
    L &= \sum_{r=1}^{R} e^r
    \end{aligned}
    $$

    x (..., d)
    y_hat (...): $\hat y^r$
        en: target, as the lecture writes it
        zh: 目标值（沿用课程的记号）
    w (d,)
    b ()
    -> y (...)
    -> e (...): $e^r$
        en: squared error of one example
        zh: 单个样本的平方误差
    -> L (): $L$
        en: total loss
        zh: 总损失

    Source:
        en: Hung-yi Lee 2021, Quick Introduction of Batch Normalization, slides 2–3
        zh: 李宏毅 2021，Quick Introduction of Batch Normalization，幻灯片第 2–3 页
    Raises: ValueError if the shapes do not match or there is no example.
    Note:
        en: torch's mse_loss divides by R, unless told reduction="sum".
        zh: torch 的 mse_loss 还要除以 R，除非令 reduction="sum"。

    >>> x, y_hat = np.array([[1.0, 100.0], [2.0, 200.0]]), np.array([3.0, 5.0])
    >>> y, e, L = linear_model(x, y_hat, w=np.array([1.0, 0.01]), b=0.5)
    >>> print(y, e, L)
    [2.5 4.5] [0.25 0.25] 0.5
    """
    y = x @ w + b
    e = (y - y_hat) ** 2
    return y, e, np.sum(e)


@checked
def linear_model_gradient(x, y_hat, w, b):
    r"""Gradient of the linear model's loss
    线性模型损失的梯度

    $$
    \begin{aligned}
    y^r &= \sum_{i=1}^{d} w_i x_i^r + b \\
    \frac{\partial L}{\partial w_i} &= \sum_{r=1}^{R} 2\,(y^r - \hat y^r)\,x_i^r \\
    \frac{\partial L}{\partial b} &= \sum_{r=1}^{R} 2\,(y^r - \hat y^r)
    \end{aligned}
    $$

    x (..., d)
    y_hat (...): $\hat y^r$
        en: target
        zh: 目标值
    w (d,)
    b ()
    y (...)
    -> dw (d,): $\frac{\partial L}{\partial w_i}$
        en: partial derivative with respect to each weight
        zh: 对每个权重的偏导数
    -> db (): $\frac{\partial L}{\partial b}$
        en: partial derivative with respect to the bias
        zh: 对偏置的偏导数

    Source:
        en: Hung-yi Lee 2021, Quick Introduction of Batch Normalization, slides 2–3, written out
        zh: 李宏毅 2021，Quick Introduction of Batch Normalization，幻灯片第 2–3 页（梯度由本站写
            出）
    Raises: ValueError if the shapes do not match or there is no example.

    >>> x, y_hat = np.array([[1.0, 100.0], [2.0, 200.0]]), np.array([3.0, 5.0])
    >>> dw, db = linear_model_gradient(x, y_hat, w=np.array([1.0, 0.01]), b=0.5)
    >>> print(dw, db)
    [  -3. -300.] -2.0
    """
    y = x @ w + b
    de = 2 * (y - y_hat)
    dw = np.tensordot(de, x, axes=np.ndim(de))  # the sum over all examples
    return dw, np.sum(de)


@checked
def condition_number(A):
    r"""Condition number
    条件数

    $$
    \kappa = \frac{\max_{k} s_k}{\min_{k} s_k} =
        \sqrt{\frac{\lambda_{\max}(A^\top A)}{\lambda_{\min}(A^\top A)}}
    $$

    A (..., m, n): $A$
        en: a matrix, such as the Hessian of a loss
        zh: 一个矩阵，例如损失的 Hessian 矩阵
    s (..., K): $s_k$
        en: its singular values; for a symmetric positive definite matrix the eigenvalues
        zh: 它的奇异值；矩阵对称正定时就是特征值
    -> (...): $\kappa$
        en: largest over smallest stretching; of a Hessian, largest over smallest curvature
        zh: 最大与最小的伸缩之比；对 Hessian 矩阵来说，是最大曲率与最小曲率之比

    Source:
        en: Boyd & Vandenberghe 2004, Convex Optimization, §9.1.2 (Hessian) · numpy.linalg.cond ·
            torch.linalg.cond
        zh: Boyd & Vandenberghe 2004，Convex Optimization，§9.1.2（Hessian 矩阵） ·
            numpy.linalg.cond · torch.linalg.cond
    Raises: ValueError if A is not a matrix, or is empty.
    Note:
        en: For a symmetric positive definite matrix $\kappa = \lambda_{\max} / \lambda_{\min}$, and
            1 is a round bowl. For a singular one it is infinite, or, by rounding, about 1e16.
        zh: 矩阵对称正定时 $\kappa = \lambda_{\max} / \lambda_{\min}$，1 表示碗是圆的。
            矩阵奇异时为无穷大；有舍入误差时，大约是 1e16。

    >>> print(condition_number(np.diag([8.0, 2.0])))
    4.0
    """
    s = np.linalg.svd(A, compute_uv=False)
    return s.max(axis=-1) / s.min(axis=-1)


@checked
def least_squares_hessian(x):
    r"""Hessian of the mean squared error
    均方误差的 Hessian 矩阵

    $$ H_{ij} = \frac{2}{R} \sum_{r=1}^{R} x_i^r x_j^r $$

    x (R, d)
        en: feature i of example r; for the bias, a column of 1
        zh: 第 r 个样本的第 i 个特征；要算偏置，就添上全是 1 的一列
    -> (d, d): $H_{ij}$
        en: second derivative of the loss by the weights i and j
        zh: 损失对第 i、j 个权重的二阶导数

    Source:
        en: Boyd & Vandenberghe 2004, Convex Optimization, §3.1.4 (quadratic functions), for the
            mean of the squared errors
        zh: Boyd & Vandenberghe 2004，Convex Optimization，§3.1.4（二次函数），用于平方误差的平均
    Raises: ValueError if x is not a table of examples and features, or is empty.
    Note:
        en: The targets and the weights do not occur in it: the shape of the bowl is a matter of the
            inputs alone. For the sum of the squared errors leave out the division by R; for half
            the mean, the 2.
        zh: 式中没有目标值，也没有权重：碗的形状只由输入决定。若损失是平方误差之和，就不除以 R；
            若是平均值的一半，就没有 2。

    >>> x = np.array([[1.0, 10.0], [2.0, 20.0], [3.0, 0.0]])
    >>> print(least_squares_hessian(x).round(4))
    [[  9.3333  33.3333]
     [ 33.3333 333.3333]]
    """
    return 2 / len(x) * x.T @ x


@checked
def gradient_descent_contraction(H):
    r"""How fast gradient descent can be on a quadratic bowl
    梯度下降在二次型的碗里最快有多快

    $$
    \begin{aligned}
    \eta_{\max} &= \frac{2}{\lambda_{\max}(H)} \\
    \eta^\star &= \frac{2}{\lambda_{\max}(H) + \lambda_{\min}(H)} \\
    q &= \eta^\star \lambda_{\max}(H) - 1 =
        1 - \eta^\star \lambda_{\min}(H) = \frac{\kappa - 1}{\kappa + 1}
    \end{aligned}
    $$

    H (d, d): $H$
        en: Hessian of the loss, symmetric and positive definite
        zh: 损失的 Hessian 矩阵，对称正定
    kappa (): $\kappa$
        en: condition number of H
        zh: H 的条件数
    -> eta_max (): $\eta_{\max}$
        en: above this learning rate gradient descent diverges
        zh: 学习率超过它，梯度下降就发散
    -> eta (): $\eta^\star$
        en: the best fixed learning rate
        zh: 最好的固定学习率
    -> q (): $q$
        en: with it, the factor per step for the distance to the minimum, at worst
        zh: 用它时，每走一步，到最低点的距离最坏也只乘以这个系数

    Source:
        en: Nesterov 2004, Introductory Lectures on Convex Optimization, Theorem 2.1.15
        zh: Nesterov 2004，Introductory Lectures on Convex Optimization，定理 2.1.15
    Raises: ValueError if H is not symmetric and positive definite.

    >>> H = np.diag([8.0, 2.0])
    >>> eta_max, eta, q = gradient_descent_contraction(H)
    >>> print(eta_max, eta, q)
    0.25 0.2 0.6
    """
    low, high = np.linalg.eigvalsh(H)[[0, -1]]
    if low <= 0 or np.abs(H - H.T).max() > 1e-6 * high:
        raise ValueError("H: expected a symmetric, positive definite matrix")
    kappa = high / low
    return 2 / high, 2 / (high + low), (kappa - 1) / (kappa + 1)


@checked
def warmup_learning_rate(t, d, w):
    r"""Learning rate with warm-up
    带预热的学习率

    $$
    \eta_i = \frac{1}{\sqrt{d}} \min\left( \frac{1}{\sqrt{t_i}}, \frac{t_i}{w \sqrt{w}} \right)
    $$

    t (...) in [1, inf): $t_i$
        en: step, from 1
        zh: 步数，从 1 开始
    d () in (0, inf): $d$
        en: width of the model
        zh: 模型的宽度
    w () in (0, inf): $w$
        en: steps of warm-up
        zh: 预热的步数
    -> (...): $\eta_i$
        en: learning rate at step $t_i$
        zh: 第 $t_i$ 步的学习率

    Source:
        en: Vaswani et al. 2017, arXiv:1706.03762, eq. 3
        zh: Vaswani et al. 2017，arXiv:1706.03762，式 3
    Raises: ValueError if a step is before 1, or d or w is not positive.
    Note:
        en: A straight line up to step w, then $1/\sqrt{d t}$; the peak is $1/\sqrt{d w}$.
        zh: 前 w 步沿直线上升，之后是 $1/\sqrt{d t}$；最高处为 $1/\sqrt{d w}$。

    >>> t = np.array([1000, 2000, 4000, 16000])
    >>> rate = warmup_learning_rate(t, d=512, w=4000)
    >>> print((1e4 * rate).round(4))
    [1.7469 3.4939 6.9877 3.4939]
    """
    return d**-0.5 * np.minimum(t**-0.5, t * w**-1.5)

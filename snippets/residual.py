"""Residual networks | 残差网络

One example at a time: x is a column of d numbers. The branch has one hidden layer of n units.
"""

import numpy as np

from snippets._shapes import check_shapes


def residual_block(x, W_1, W_2):
    r"""Residual block | 残差块

    $$ y = F(x) + x, \qquad F(x) = W_2 \operatorname{relu}(W_1 x) $$

    x    (d,)    $x$     input | 输入
    W_1  (n, d)  $W_1$   first layer of the branch | 分支的第一层
    W_2  (d, n)  $W_2$   second layer of the branch | 分支的第二层
    F    (d,)    $F(x)$  what the branch adds: the residual | 分支加上去的部分，即残差
    ->   (d,)    $y$     output | 输出

    Source: He, Zhang, Ren & Sun 2015, arXiv:1512.03385, eq. 1, without biases as in §3.2 | He, Zhang, Ren & Sun 2015，arXiv:1512.03385，式 1，如 §3.2 那样略去偏置
    Raises: ValueError if the shapes do not match.
    Note: The paper applies another ReLU after the addition; the version of 2016 does not. | 论文在加法之后还有一个 ReLU；2016 年的版本没有。

    >>> x, W_1 = np.array([1.0, -2.0]), np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    >>> print(residual_block(x, W_1, W_2=np.zeros((2, 3))), residual_block(x, W_1, W_2=W_1.T))
    [ 1. -2.] [ 2. -2.]
    """
    check_shapes("x (d,), W_1 (n, d), W_2 (d, n)", x, W_1, W_2)
    F = W_2 @ np.maximum(W_1 @ x, 0)
    return F + x


def projection_block(x, W_1, W_2, W_s):
    r"""Residual block with a projection | 带投影的残差块

    $$ y = W_2 \operatorname{relu}(W_1 x) + W_s x $$

    x    (d,)    $x$    input | 输入
    W_1  (n, d)  $W_1$  first layer of the branch | 分支的第一层
    W_2  (e, n)  $W_2$  second layer of the branch | 分支的第二层
    W_s  (e, d)  $W_s$  brings the input to the size of the output | 把输入变成输出的大小
    ->   (e,)    $y$    output | 输出

    Source: He, Zhang, Ren & Sun 2015, arXiv:1512.03385, eq. 2 | He, Zhang, Ren & Sun 2015，arXiv:1512.03385，式 2
    Raises: ValueError if the shapes do not match.
    Note: Needed where the size changes. With $W_s = I$ it is the block before. | 大小改变的地方才需要它。$W_s = I$ 时就是前一种块。

    >>> x, W = np.array([1.0, -2.0]), np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    >>> print(projection_block(x, W_1=W, W_2=np.eye(3), W_s=W))
    [ 2. -2. -1.]
    """
    check_shapes("x (d,), W_1 (n, d), W_2 (e, n), W_s (e, d)", x, W_1, W_2, W_s)
    return W_2 @ np.maximum(W_1 @ x, 0) + W_s @ x


def residual_jacobian(x, W_1, W_2):
    r"""Jacobian of a residual block | 残差块的 Jacobian 矩阵

    $$
    \begin{aligned}
    s_k &= \mathbf 1[(W_1 x)_k > 0] \\
    \frac{\partial y}{\partial x} &= I + J_F, \qquad J_F = W_2 \operatorname{diag}(s) W_1
    \end{aligned}
    $$

    x    (d,)    $x$    input | 输入
    W_1  (n, d)  $W_1$  first layer of the branch | 分支的第一层
    W_2  (d, n)  $W_2$  second layer of the branch | 分支的第二层
    one  (d, d)  $I$    identity: the skip connection | 单位矩阵，来自跳跃连接
    s    (n,)    $s$    which hidden units are active | 哪些隐藏单元是激活的
    J_F  (d, d)  $J_F$  Jacobian of the branch | 分支的 Jacobian 矩阵
    ->   (d, d)  $\frac{\partial y}{\partial x}$  Jacobian of the block | 整个块的 Jacobian 矩阵

    Source: eq. 1 of arXiv:1512.03385, differentiated · He et al. 2016, arXiv:1603.05027, eq. 5 | 由 arXiv:1512.03385 的式 1 求导 · He et al. 2016，arXiv:1603.05027，式 5
    Raises: ValueError if the shapes do not match.

    >>> x, W_1 = np.array([1.0, -2.0]), np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    >>> print(residual_jacobian(x, W_1, W_2=0.5 * W_1.T))
    [[1.5 0. ]
     [0.  1. ]]
    """
    check_shapes("x (d,), W_1 (n, d), W_2 (d, n)", x, W_1, W_2)
    one, s = np.eye(len(x)), np.where(W_1 @ x > 0, 1.0, 0.0)
    J_F = W_2 @ np.diag(s) @ W_1
    return one + J_F


def residual_backward(dy, x, W_1, W_2):
    r"""Residual block, backward | 残差块的反向传播

    $$
    \begin{aligned}
    h &= \operatorname{relu}(W_1 x), \qquad g_k = \mathbf 1[h_k > 0] \left( {W_2}^\top \frac{\partial L}{\partial y} \right)_k \\
    \frac{\partial L}{\partial x} &= \frac{\partial L}{\partial y} + {W_1}^\top g \\
    \frac{\partial L}{\partial W_1} &= g x^\top, \qquad \frac{\partial L}{\partial W_2} = \frac{\partial L}{\partial y} h^\top
    \end{aligned}
    $$

    dy      (d,)    $\frac{\partial L}{\partial y}$    slope along the output, from the block above | 沿输出的斜率，由后一块传来
    x       (d,)    $x$    input | 输入
    W_1     (n, d)  $W_1$  first layer of the branch | 分支的第一层
    W_2     (d, n)  $W_2$  second layer of the branch | 分支的第二层
    h       (n,)    $h$    hidden units of the branch | 分支的隐藏单元
    g       (n,)    $g$    slope along their inputs | 沿它们的输入的斜率
    -> dx   (d,)    $\frac{\partial L}{\partial x}$    slope along the input | 沿输入的斜率
    -> dW1  (n, d)  $\frac{\partial L}{\partial W_1}$  slope along the first weights | 沿第一层权重的斜率
    -> dW2  (d, n)  $\frac{\partial L}{\partial W_2}$  slope along the second weights | 沿第二层权重的斜率

    Source: eq. 1 of arXiv:1512.03385, differentiated | 由 arXiv:1512.03385 的式 1 求导
    Raises: ValueError if the shapes do not match.
    Note: The first term passes through unchanged, whatever the weights are. | 第一项原样通过，不管权重是什么。

    >>> x, W_1 = np.array([1.0, -2.0]), np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    >>> dx, dW1, dW2 = residual_backward(np.array([1.0, 1.0]), x, W_1, W_2=0.5 * W_1.T)
    >>> print(dx, dW1.tolist(), dW2.tolist())
    [1.5 1. ] [[0.5, -1.0], [0.0, -0.0], [0.0, -0.0]] [[1.0, 0.0, 0.0], [1.0, 0.0, 0.0]]
    """
    check_shapes("dy (d,), x (d,), W_1 (n, d), W_2 (d, n)", dy, x, W_1, W_2)
    h = np.maximum(W_1 @ x, 0)
    g = np.where(h > 0, W_2.T @ dy, 0)
    dx = dy + W_1.T @ g
    return dx, np.outer(g, x), np.outer(dy, h)


def residual_paths(A, B):
    r"""Two blocks are four paths | 两个块就是四条路

    $$ J = (I + B)(I + A) = I + A + B + B A $$

    A   (d, d)  $A$  Jacobian of the branch of the first block | 第一块的分支的 Jacobian 矩阵
    B   (d, d)  $B$  Jacobian of the branch of the second block | 第二块的分支的 Jacobian 矩阵
    one (d, d)  $I$  identity: the skip connections | 单位矩阵，来自跳跃连接
    ->  (d, d)  $J$  Jacobian of both blocks together | 两块合起来的 Jacobian 矩阵

    Source: Veit, Wilber & Belongie 2016, arXiv:1605.06431, §3 | Veit, Wilber & Belongie 2016，arXiv:1605.06431，§3
    Raises: ValueError if the shapes do not match.
    Note: L blocks give 2 to the power L paths; those through k branches are L choose k. | L 个块有 2 的 L 次方条路，其中穿过 k 个分支的，条数是从 L 个里选 k 个的组合数。

    >>> print(residual_paths(np.array([[0.0, 1.0], [0.0, 0.0]]), np.array([[0.5, 0.0], [0.0, 0.5]])))
    [[1.5 1.5]
     [0.  1.5]]
    """
    check_shapes("A (d, d), B (d, d)", A, B)
    one = np.eye(len(A))
    return (one + B) @ (one + A)


def residual_variance(v, alpha, L):
    r"""How the variance grows from block to block | 方差怎样逐块增长

    $$ v_L = (1 + \alpha^2)^L v $$

    v      ()  $v$       variance of the input | 输入的方差
    alpha  ()  $\alpha$  factor in front of each branch | 每个分支前面的系数
    L      ()  $L$       number of blocks | 块数
    ->     ()  $v_L$     variance after L blocks | 经过 L 个块之后的方差

    Source: Zhang, Dauphin & Ma 2019, arXiv:1901.09321, §2; with a factor: De & Smith 2020, arXiv:2002.10444 | Zhang, Dauphin & Ma 2019，arXiv:1901.09321，§2；带系数的：De & Smith 2020，arXiv:2002.10444
    Raises: ValueError if v, alpha or L is not a number.
    Note: If a branch keeps the variance of its input, and is uncorrelated with it. For $\alpha = 1$ it doubles with each block; for $\alpha = 1/\sqrt{L}$ it stays below e times the first. | 前提是分支保持输入的方差，并且与输入不相关。$\alpha = 1$ 时每块翻一倍；$\alpha = 1/\sqrt{L}$ 时始终小于最初的 e 倍。

    >>> print(residual_variance(1.0, 1.0, 10), residual_variance(1.0, 10**-0.5, 10))
    1024.0 2.5937424601000023
    """
    check_shapes("v (), alpha (), L ()", v, alpha, L)
    return (1 + alpha**2) ** L * v

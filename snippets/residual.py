"""Residual networks
残差网络

x is a vector of d numbers, or a batch of them. The branch has one hidden layer of n units. Weights
have one row an output, as torch.nn.Linear keeps them.

Symbols:
    x: $x$
        en: input
        zh: 输入
    W_1: $W_1$
        en: first layer of the branch
        zh: 分支的第一层
    W_2: $W_2$
        en: second layer of the branch
        zh: 分支的第二层
"""

import numpy as np

from snippets._shapes import checked
from snippets.activations import relu


@checked
def residual_block(x, W_1, W_2):
    r"""Residual block
    残差块

    $$ y = F(x) + x, \qquad F(x) = W_2 \operatorname{relu}(W_1 x) $$

    x (..., d)
    W_1 (n, d)
    W_2 (d, n)
    F (..., d): $F(x)$
        en: what the branch adds: the residual
        zh: 分支加上去的部分，即残差
    -> (..., d): $y$
        en: output
        zh: 输出

    Source:
        en: He, Zhang, Ren & Sun 2015, arXiv:1512.03385, eq. 1, without biases as in §3.2
        zh: He, Zhang, Ren & Sun 2015，arXiv:1512.03385，式 1，如 §3.2 那样略去偏置
    Raises: ValueError if the shapes do not match.
    Note:
        en: Nothing follows the addition, as in the block of 2016 (arXiv:1603.05027); in that of
            2015 another ReLU does.
        zh: 加法之后没有别的运算，与 2016 年的块一致（arXiv:1603.05027）；2015 年的块在这之后
            还有一个 ReLU。

    >>> x = np.array([1.0, -2.0])
    >>> W_1 = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    >>> for W_2 in [np.zeros((2, 3)), W_1.T]:
    ...     print(residual_block(x, W_1, W_2))
    [ 1. -2.]
    [ 2. -2.]
    """
    F = relu(x @ W_1.T) @ W_2.T
    return F + x


@checked
def residual_block_2015(x, W_1, W_2):
    r"""Residual block of 2015, with a ReLU after the addition
    2015 年的残差块：加法之后还有一个 ReLU

    $$ y = \operatorname{relu}(W_2 \operatorname{relu}(W_1 x) + x) $$

    x (..., d)
    W_1 (n, d)
    W_2 (d, n)
    -> (..., d): $y$
        en: output, never negative
        zh: 输出，不会是负数

    Source:
        en: He, Zhang, Ren & Sun 2015, arXiv:1512.03385, eq. 1 and the second nonlinearity after it
            (§3.2, figure 2)
        zh: He, Zhang, Ren & Sun 2015，arXiv:1512.03385，式 1 及其后的第二个非线性（§3.2，图 2）
    Raises: ValueError if the shapes do not match.
    Note:
        en: With $W_2 = 0$ it cuts off what is negative, once, and then passes everything on.
        zh: $W_2 = 0$ 时，负数被截掉，截一次之后就原样通过。

    >>> x = np.array([1.0, -2.0])
    >>> W_1 = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    >>> print(residual_block_2015(x, W_1, W_2=0.5 * W_1.T))
    [1.5 0. ]
    """
    return relu(relu(x @ W_1.T) @ W_2.T + x)


@checked
def pre_activation_block(x, W_1, W_2, norm_1, norm_2):
    r"""Residual block of 2016, with normalization: pre-activation
    2016 年的残差块，带归一化：预激活

    $$ y = x + W_2 \operatorname{relu}(N_2(W_1 \operatorname{relu}(N_1(x)))) $$

    x (..., d)
    W_1 (n, d)
    W_2 (d, n)
    norm_1 (function): $N_1$
        en: batch normalization of the d inputs
        zh: 对 d 个输入的批量归一化
    norm_2 (function): $N_2$
        en: of the n hidden units
        zh: 对 n 个隐藏单元的批量归一化
    -> (..., d): $y$
        en: output
        zh: 输出

    Source:
        en: He, Zhang, Ren & Sun 2016, arXiv:1603.05027, §4.1 (full pre-activation)
        zh: He, Zhang, Ren & Sun 2016，arXiv:1603.05027，§4.1（完全预激活）
    Raises: ValueError if the shapes do not match.
    Note:
        en: All that is not linear stands inside the branch, so nothing stands on the path of x.
        zh: 不是线性的运算都在分支里面，所以 x 的路上什么也没有。
    Note:
        en: A block is as precise as its parts: weights of float64 make float64 of float32.
        zh: 一个块的精度取决于各个部件：权重是 float64，float32 的输入也会变成 float64。

    >>> x, W_1 = np.array([[1.0, -2.0], [3.0, 0.0]]), np.array([[1.0, 1.0]])
    >>> centre = lambda z: z - z.mean(axis=0)
    >>> print(pre_activation_block(x, W_1, 2 * W_1.T, centre, centre))
    [[ 1. -2.]
     [ 5.  2.]]
    """
    h = relu(norm_1(x)) @ W_1.T
    return x + relu(norm_2(h)) @ W_2.T


@checked
def projection_block(x, W_1, W_2, W_s):
    r"""Residual block with a projection
    带投影的残差块

    $$ y = W_2 \operatorname{relu}(W_1 x) + W_s x $$

    x (..., d)
    W_1 (n, d)
    W_2 (e, n)
    W_s (e, d): $W_s$
        en: brings the input to the size of the output
        zh: 把输入变成输出的大小
    -> (..., e): $y$
        en: output
        zh: 输出

    Source:
        en: He, Zhang, Ren & Sun 2015, arXiv:1512.03385, eq. 2
        zh: He, Zhang, Ren & Sun 2015，arXiv:1512.03385，式 2
    Raises: ValueError if the shapes do not match.
    Note:
        en: Needed where the size changes. With $W_s = I$ it is the block before.
        zh: 大小改变的地方才需要它。$W_s = I$ 时就是前一种块。

    >>> x = np.array([1.0, -2.0])
    >>> W = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    >>> print(projection_block(x, W_1=W, W_2=np.eye(3), W_s=W))
    [ 2. -2. -1.]
    """
    return relu(x @ W_1.T) @ W_2.T + x @ W_s.T


@checked
def residual_jacobian(x, W_1, W_2):
    r"""Jacobian of a residual block
    残差块的 Jacobian 矩阵

    $$
    \begin{aligned}
    s_k &= \mathbf 1[(W_1 x)_k > 0] \\
    \frac{\partial y}{\partial x} &= I + J_F, \qquad J_F = W_2 \operatorname{diag}(s) W_1
    \end{aligned}
    $$

    x (..., d)
    W_1 (n, d)
    W_2 (d, n)
    one (d, d): $I$
        en: identity: the skip connection
        zh: 单位矩阵，来自跳跃连接
    s (..., n): $s$
        en: which hidden units are active
        zh: 哪些隐藏单元是激活的
    J_F (..., d, d): $J_F$
        en: Jacobian of the branch
        zh: 分支的 Jacobian 矩阵
    -> (..., d, d): $\frac{\partial y}{\partial x}$
        en: Jacobian of the block
        zh: 整个块的 Jacobian 矩阵

    Source:
        en: eq. 1 of arXiv:1512.03385, differentiated · He et al. 2016, arXiv:1603.05027, eq. 5
        zh: 由 arXiv:1512.03385 的式 1 求导 · He et al. 2016，arXiv:1603.05027，式 5
    Raises: ValueError if the shapes do not match.
    Note:
        en: Of the block without a ReLU after the addition. With one, the rows of outputs that it
            cuts off are 0.
        zh: 指加法之后没有 ReLU 的块。有的话，被截掉的那些输出，对应的行是 0。

    >>> x = np.array([1.0, -2.0])
    >>> W_1 = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    >>> print(residual_jacobian(x, W_1, W_2=0.5 * W_1.T))
    [[1.5 0. ]
     [0.  1. ]]
    """
    s = x @ W_1.T > 0
    J_F = W_2 * s[..., None, :] @ W_1
    one = np.eye(len(W_2), dtype=J_F.dtype)
    return one + J_F


@checked
def residual_backward(dy, x, W_1, W_2):
    r"""Residual block, backward
    残差块的反向传播

    $$
    \begin{aligned}
    h &= \operatorname{relu}(W_1 x), \qquad
        g_k = \mathbf 1[h_k > 0] \left( {W_2}^\top \frac{\partial L}{\partial y} \right)_k \\
    \frac{\partial L}{\partial x} &= \frac{\partial L}{\partial y} + {W_1}^\top g \\
    \frac{\partial L}{\partial W_1} &= g x^\top, \qquad
        \frac{\partial L}{\partial W_2} = \frac{\partial L}{\partial y} h^\top
    \end{aligned}
    $$

    dy (..., d): $\frac{\partial L}{\partial y}$
        en: gradient along the output, from the block above
        zh: 对输出的梯度，由后一块传来
    x (..., d)
    W_1 (n, d)
    W_2 (d, n)
    h (..., n): $h$
        en: hidden units of the branch
        zh: 分支的隐藏单元
    g (..., n): $g$
        en: gradient along their inputs
        zh: 对它们的输入的梯度
    -> dx (..., d): $\frac{\partial L}{\partial x}$
        en: gradient along the input
        zh: 对输入的梯度
    -> dW1 (n, d): $\frac{\partial L}{\partial W_1}$
        en: gradient along the first weights
        zh: 对第一层权重的梯度
    -> dW2 (d, n): $\frac{\partial L}{\partial W_2}$
        en: gradient along the second weights
        zh: 对第二层权重的梯度

    Source:
        en: eq. 1 of arXiv:1512.03385, differentiated
        zh: 由 arXiv:1512.03385 的式 1 求导
    Raises: ValueError if the shapes do not match.
    Note:
        en: The first term passes through unchanged, whatever the weights are. For a batch the
            gradients along the weights are summed over it.
        zh: 第一项原样通过，不管权重是什么。输入是一批时，权重的梯度对整批求和。

    >>> x = np.array([1.0, -2.0])
    >>> W_1 = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    >>> dy, W_2 = np.array([1.0, 1.0]), 0.5 * W_1.T
    >>> dx, dW1, dW2 = residual_backward(dy, x, W_1, W_2)
    >>> print(dx, dW1.tolist())
    [1.5 1. ] [[0.5, -1.0], [0.0, 0.0], [0.0, 0.0]]
    >>> print(dW2.tolist())
    [[1.0, 0.0, 0.0], [1.0, 0.0, 0.0]]
    """
    h = relu(x @ W_1.T)
    g = (h > 0) * (dy @ W_2)
    dx = dy + g @ W_1
    batch = 2 * [range(x.ndim - 1)]  # the axes to sum over, if there are any
    return dx, np.tensordot(g, x, batch), np.tensordot(dy, h, batch)


@checked
def residual_paths(A, B):
    r"""Two blocks are four paths
    两个块就是四条路

    $$ J = (I + B)(I + A) = I + A + B + B A $$

    A (d, d): $A$
        en: Jacobian of the branch of the first block
        zh: 第一块的分支的 Jacobian 矩阵
    B (d, d): $B$
        en: Jacobian of the branch of the second block
        zh: 第二块的分支的 Jacobian 矩阵
    one (d, d): $I$
        en: identity: the skip connections
        zh: 单位矩阵，来自跳跃连接
    -> (d, d): $J$
        en: Jacobian of both blocks together
        zh: 两块合起来的 Jacobian 矩阵

    Source:
        en: Veit, Wilber & Belongie 2016, arXiv:1605.06431, §3
        zh: Veit, Wilber & Belongie 2016，arXiv:1605.06431，§3
    Raises: ValueError if the shapes do not match.
    Note:
        en: L blocks give 2 to the power L paths; those through k branches are L choose k.
        zh: L 个块有 2 的 L 次方条路，其中穿过 k 个分支的，条数是从 L 个里选 k 个的组合数。

    >>> A = np.array([[0.0, 1.0], [0.0, 0.0]])
    >>> B = np.array([[0.5, 0.0], [0.0, 0.5]])
    >>> print(residual_paths(A, B))
    [[1.5 1.5]
     [0.  1.5]]
    """
    one = np.eye(len(A), dtype=A.dtype)
    return (one + B) @ (one + A)


@checked
def residual_variance(v, alpha, L):
    r"""How the variance grows from block to block
    方差怎样逐块增长

    $$ v_L = (1 + \alpha^2)^L v $$

    v (): $v$
        en: variance of the input
        zh: 输入的方差
    alpha (): $\alpha$
        en: factor in front of each branch
        zh: 每个分支前面的系数
    L (): $L$
        en: number of blocks
        zh: 块数
    -> (): $v_L$
        en: variance after L blocks
        zh: 经过 L 个块之后的方差

    Source:
        en: Zhang, Dauphin & Ma 2019, arXiv:1901.09321, §2; with a factor: De & Smith 2020,
            arXiv:2002.10444
        zh: Zhang, Dauphin & Ma 2019，arXiv:1901.09321，§2；带系数的：De & Smith 2020，
            arXiv:2002.10444
    Raises: ValueError if v, alpha or L is not a number.
    Note:
        en: If a branch keeps the variance of its input and is uncorrelated with it, and nothing
            follows the addition. For $\alpha = 1$ it doubles with each block; for
            $\alpha = 1/\sqrt{L}$ it stays below e times the first.
        zh: 前提是分支保持输入的方差，与输入不相关，而且加法之后没有别的运算。$\alpha = 1$ 时
            每块翻一倍；$\alpha = 1/\sqrt{L}$ 时始终小于最初的 e 倍。
    Note:
        en: The block of 2015 has a ReLU after the addition: it takes away a part of what was added,
            and its variance grows more slowly.
        zh: 2015 年的块在加法之后还有一个 ReLU，会截掉加上去的一部分，方差增长得慢一些。

    >>> print(residual_variance(1.0, 1.0, 10), residual_variance(1.0, 10**-0.5, 10))
    1024.0 2.5937424601000023
    """
    return (1 + alpha**2) ** L * v

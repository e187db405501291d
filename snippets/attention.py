"""Attention
注意力

Rows are positions of a sequence. Subscripts: i is a position or a head, j a coordinate.

Symbols:
    attn_mask: $M$
        en: where a query may look; booleans, True where it may, or numbers that are added to the
            scores, 0 where it may and −∞ where not
        zh: 查询可以看哪里；布尔值，可以看的为 True；或者加到得分上的数，可以看的为 0，不可以的为
            −∞
"""

import numpy as np

from snippets._shapes import checked
from snippets.losses import softmax


@checked
def scaled_dot_product_attention(q, k, v, attn_mask=None, is_causal=False):
    r"""Scaled dot-product attention
    缩放点积注意力

    $$
    \begin{aligned}
    A &= \operatorname{softmax}\left( \frac{Q K^\top}{\sqrt{d_k}} + M \right) \\
    Y &= A V
    \end{aligned}
    $$

    q (..., n, d_k): $Q$
        en: a query for each of n positions
        zh: 查询，n 个位置各一个
    k (..., s, d_k): $K$
        en: a key for each of s positions
        zh: 键，s 个位置各一个
    v (..., s, d_v): $V$
        en: a value for each of the s positions
        zh: 值，这 s 个位置各一个
    attn_mask (*, s)
    is_causal (option)
        en: whether each query looks at its own position and those before it only
        zh: 每个查询是否只看自己和前面的位置
    A (..., n, s): $A$
        en: weights; those of a query sum to 1
        zh: 权重；同一个查询的权重之和为 1
    -> (..., n, d_v): $Y$
        en: for each query, a weighted mean of the values
        zh: 每个查询得到的是各个值的加权平均

    Source:
        en: Vaswani et al. 2017, arXiv:1706.03762, eq. 1; the mask: §3.2.3 ·
            torch.nn.functional.scaled_dot_product_attention
        zh: Vaswani et al. 2017，arXiv:1706.03762，式 1；掩码见 §3.2.3 ·
            torch.nn.functional.scaled_dot_product_attention
    Raises:
        en: ValueError if the shapes do not match, or the mask is of numbers that are 0 and 1.
        zh: 形状不一致，或者掩码由 0 和 1 这样的数组成时，抛出 ValueError。
    Note:
        en: softmax works on each row. A query that may look nowhere is 0/0; it gets 0, as in
            PyTorch 2.13.
        zh: softmax 逐行计算。哪里都不可以看的查询是 0/0；它得到 0，与 PyTorch 2.13 一致。
    Trap:
        en: True means that a query may look there, as in F.scaled_dot_product_attention. In
            nn.MultiheadAttention it means that it may not. 0 and 1 of any other type would be added
            to the scores, and 1 hides nothing: equal scores would get the weights 0.731 and 0.269.
            The code refuses them.
        zh: True 表示查询可以看那里，与 F.scaled_dot_product_attention 一致；在
            nn.MultiheadAttention 里意思相反，表示不可以看。换成其他类型的 0 和 1，就会被加到得分
            上，而加 1 挡不住任何东西：相等的得分会得到权重 0.731 和 0.269。代码拒绝这样的掩码。

    >>> q = np.array([[2.0, 0.0], [0.0, 0.0]])
    >>> k = np.array([[1.0, 1.0], [0.0, 1.0], [5.0, 0.0]])
    >>> v = np.array([[10.0], [20.0], [30.0]])
    >>> mask = np.array([[True, True, False], [True, True, True]])
    >>> print(scaled_dot_product_attention(q, k, v, mask).round(4).tolist())
    [[11.9557], [20.0]]
    """
    scores = q @ np.matrix_transpose(k) / q.shape[-1] ** 0.5
    z = _masked(scores, attn_mask, is_causal)
    nowhere = np.all(np.isneginf(z), axis=-1, keepdims=True)
    A = softmax(np.where(nowhere, scores, z)) * ~nowhere
    return A @ v


def _masked(scores, mask, is_causal):
    if is_causal:
        scores = np.where(np.tri(*scores.shape[-2:]), scores, -np.inf)
    if mask is None:
        return scores
    if mask.dtype == bool:
        return np.where(mask, scores, -np.inf)
    if np.unique(mask).tolist() in ([1], [0, 1]):
        raise ValueError("attn_mask: numbers are added: for 0 and 1 use bool")
    return scores + mask


@checked
def multi_head_attention(
    q, k, v, h, W_Q, W_K, W_V, W_O, b_Q=0, b_V=0, b_O=0, attn_mask=None
):
    r"""Multi-head attention
    多头注意力

    $$
    \begin{aligned}
    \tilde Q &= Q {W_Q}^\top + b_Q, \quad \tilde K = K {W_K}^\top, \quad
        \tilde V = V {W_V}^\top + b_V \\
    H_i &= \operatorname{softmax}\left(
        \frac{\tilde Q_i {\tilde K_i}^\top}{\sqrt{d_h}} + M \right) \tilde V_i \\
    Y &= Z {W_O}^\top + b_O
    \end{aligned}
    $$

    q (..., n, d): $Q$
        en: positions that ask
        zh: 发问的位置
    k (..., s, d): $K$
        en: positions that are compared with; in self-attention the same as Q
        zh: 用来比较的位置；自注意力里与 Q 相同
    v (..., s, d): $V$
        en: positions that answer, mostly the same as K
        zh: 给出回答的位置，通常与 K 相同
    h (option)
        en: number of heads, a divisor of d
        zh: 头数，能整除 d
    W_Q (d, d): $W_Q$
        en: weights of the queries of all heads: the rows of head 1, of head 2, …
        zh: 所有头的查询权重：先是第 1 个头的各行，然后是第 2 个头的，依此类推
    W_K (d, d): $W_K$
        en: of the keys, likewise
        zh: 键的权重，同样排列
    W_V (d, d): $W_V$
        en: of the values, likewise
        zh: 值的权重，同样排列
    W_O (d, d): $W_O$
        en: output weights
        zh: 输出权重
    b_Q (d,): $b_Q$
        en: bias of the queries; the three are 0 if left out
        zh: 查询的偏置；三个偏置不写就是 0
    b_V (d,): $b_V$
        en: of the values
        zh: 值的偏置
    b_O (d,): $b_O$
        en: of the output
        zh: 输出的偏置
    attn_mask (*, s)
    Q (..., n, d): $\tilde Q$
        en: queries of all heads, side by side
        zh: 所有头的查询，并排放置
    K (..., s, d): $\tilde K$
        en: keys of all heads
        zh: 所有头的键
    V (..., s, d): $\tilde V$
        en: values of all heads
        zh: 所有头的值
    Q_i (..., h, n, d_h): $\tilde Q_i$
        en: queries of head i, its d/h columns
        zh: 第 i 个头的查询，占 d/h 列
    K_i (..., h, s, d_h): $\tilde K_i$
        en: keys of head i
        zh: 第 i 个头的键
    V_i (..., h, s, d_v): $\tilde V_i$
        en: values of head i
        zh: 第 i 个头的值
    H (..., h, n, d_v): $H_i$
        en: output of head i
        zh: 第 i 个头的输出
    Z (..., n, d): $Z$
        en: the outputs of all heads, side by side again
        zh: 所有头的输出，重新并排
    -> (..., n, d): $Y$
        en: output, one row for each row of Q
        zh: 输出，与 Q 的各行一一对应

    Source:
        en: Vaswani et al. 2017, arXiv:1706.03762, §3.2.2; biases and the order of the weights as in
            torch.nn.MultiheadAttention
        zh: Vaswani et al. 2017，arXiv:1706.03762，§3.2.2；偏置和权重的排列同
            torch.nn.MultiheadAttention
    Raises:
        en: ValueError if the shapes do not match, h does not divide d, or the mask is of 0 and 1.
        zh: 形状不一致、h 不能整除 d，或者掩码由 0 和 1 这样的数组成时，抛出 ValueError。
    Note:
        en: Weights of nn.MultiheadAttention fit: W_Q, W_K and W_V are np.split(in_proj_weight, 3),
            the biases likewise, W_O is out_proj.weight. Its boolean mask means the opposite: ~mask.
        zh: nn.MultiheadAttention 的权重可以直接用：W_Q、W_K、W_V 就是 np.split(in_proj_weight, 3)，
            偏置也一样，W_O 是 out_proj.weight。它的布尔掩码意思相反：~mask。
    Note:
        en: A bias of the keys would add one number to all scores of a query, which softmax does not
            notice. So there is none here; what a checkpoint has may be thrown away.
        zh: 键的偏置会给同一个查询的所有得分加上同一个数，而 softmax 看不出来。所以这里没有它；训练
            好的权重里如果有，可以扔掉。

    >>> x, W = np.array([[1.0, 0.0], [0.0, 1.0]]), np.eye(2)
    >>> print(multi_head_attention(x, x, x, 2, W, W, W, W).round(4))
    [[0.7311 0.5   ]
     [0.5    0.7311]]
    """
    Q, K, V = q @ W_Q.T + b_Q, k @ W_K.T, v @ W_V.T + b_V
    Q_i, K_i, V_i = _heads(Q, h), _heads(K, h), _heads(V, h)
    H = scaled_dot_product_attention(Q_i, K_i, V_i, attn_mask)
    Z = np.concatenate(np.moveaxis(H, -3, 0), axis=-1)
    return Z @ W_O.T + b_O


def _heads(x, h):
    return np.stack(np.split(x, h, axis=-1), axis=-3)


@checked
def sinusoidal_encoding(t, d):
    r"""Sinusoidal positional encoding
    正弦位置编码

    $$
    \begin{aligned}
    \omega_j &= 10000^{-2 \lfloor (j - 1) / 2 \rfloor / d} \\
    P_{ij} &= \begin{cases} \sin(t_i \omega_j) & j \bmod 2 = 1 \\
        \cos(t_i \omega_j) & \text{otherwise} \end{cases}
    \end{aligned}
    $$

    t (...): $t_i$
        en: a position or several, in the paper 0, 1, 2, …
        zh: 一个或多个位置，论文里是 0、1、2……
    d () in [1, inf): $d$
        en: number of coordinates, mostly even
        zh: 坐标数，一般是偶数
    omega (d,): $\omega_j$
        en: angle per step; coordinates 1 and 2 share one, 3 and 4, …
        zh: 每走一步转过的角；第 1、2 个坐标共用一个，第 3、4 个共用一个，依此类推
    -> (..., d): $P_{ij}$
        en: encoding of position i, added to the embedding
        zh: 第 i 个位置的编码，加到词向量上

    Source:
        en: Vaswani et al. 2017, arXiv:1706.03762, §3.5; its 2i and 2i + 1 are our j − 1
        zh: Vaswani et al. 2017，arXiv:1706.03762，§3.5；其中的 2i 和 2i + 1 就是这里的 j − 1
    Raises: ValueError if t is empty or d is not positive.
    Note:
        en: Always float64: at the position 10000 an angle in float32 is off by up to 0.0005.
        zh: 结果总是 float64：在位置 10000 处，float32 的角度误差可达 0.0005。

    >>> print(sinusoidal_encoding(np.array([0.0, 1.0, 50.0]), d=4).round(4))
    [[ 0.      1.      0.      1.    ]
     [ 0.8415  0.5403  0.01    1.    ]
     [-0.2624  0.965   0.4794  0.8776]]
    """
    j = np.arange(d)
    omega = 10000.0 ** (-2 * (j // 2) / d)
    angle = np.multiply.outer(t, omega)
    return np.where(j % 2 == 0, np.sin(angle), np.cos(angle))


@checked
def shifted_encoding(P, k):
    r"""The same encoding, k positions on: a rotation
    往后 k 个位置的编码：一个旋转

    $$
    \begin{aligned}
    \omega_j &= 10000^{-2 \lfloor (j - 1) / 2 \rfloor / d} \\
    P'_j &= \begin{cases}
        \cos(k \omega_j) P_j + \sin(k \omega_j) P_{j+1} & j \bmod 2 = 1 \\
        \cos(k \omega_j) P_j - \sin(k \omega_j) P_{j-1} & \text{otherwise} \end{cases}
    \end{aligned}
    $$

    P (..., d): $P_j$
        en: encoding of the position t; d is even
        zh: 位置 t 的编码；d 是偶数
    k (): $k$
        en: how many positions on
        zh: 往后多少个位置
    omega (d,): $\omega_j$
        en: angle per step, shared by two coordinates
        zh: 每走一步转过的角，两个坐标共用一个
    -> (..., d): $P'_j$
        en: encoding of the position t + k, without knowing t
        zh: 位置 t + k 的编码，无须知道 t

    Source:
        en: Vaswani et al. 2017, arXiv:1706.03762, §3.5 (says that it is linear); written out with
            the addition theorems
        zh: Vaswani et al. 2017，arXiv:1706.03762，§3.5（只说是线性的）；由本站用和角公式写出
    Raises:
        en: ValueError if P is a number alone or empty; IndexError if d is odd.
        zh: P 只是一个数或为空时抛出 ValueError；d 是奇数时抛出 IndexError。
    Note:
        en: Each pair of coordinates turns by $k \omega_j$. So the matrix $R_k$ of the map is
            orthogonal, and depends on k alone.
        zh: 每一对坐标转过 $k \omega_j$。所以这个映射的矩阵 $R_k$ 是正交的，并且只取决于 k。
    Note:
        en: Always float64, as the encoding is.
        zh: 结果总是 float64，与编码一致。

    >>> P = sinusoidal_encoding(np.array([3.0, 40.0]), d=4)
    >>> print(shifted_encoding(P, k=10.0).round(4))
    [[ 0.4202  0.9074  0.1296  0.9916]
     [-0.2624  0.965   0.4794  0.8776]]
    """
    j = np.arange(P.shape[-1])
    omega = 10000.0 ** (-2 * (j // 2) / P.shape[-1])
    sign = np.where(j % 2 == 0, 1, -1)
    return np.cos(k * omega) * P + sign * np.sin(k * omega) * P[..., j + sign]

"""Attention
注意力

Rows are positions of a sequence. Subscripts: i is a position or a head, j a coordinate.

Symbols:
    mask: $M$
        en: 0 where a query may look, −∞ where it may not
        zh: 查询可以看的位置为 0，不可以看的为 −∞
"""

import numpy as np

from snippets._shapes import checked
from snippets.losses import softmax


@checked
def scaled_dot_product_attention(q, k, v, mask):
    r"""Scaled dot-product attention
    缩放点积注意力

    $$
    \begin{aligned}
    A &= \operatorname{softmax}\left( \frac{Q K^\top}{\sqrt{d_k}} + M \right) \\
    Y &= A V
    \end{aligned}
    $$

    q (n, d_k): $Q$
        en: a query for each of n positions
        zh: 查询，n 个位置各一个
    k (s, d_k): $K$
        en: a key for each of s positions
        zh: 键，s 个位置各一个
    v (s, d_v): $V$
        en: a value for each of the s positions
        zh: 值，这 s 个位置各一个
    mask (n, s)
    A (n, s): $A$
        en: weights; those of a query sum to 1
        zh: 权重；同一个查询的权重之和为 1
    -> (n, d_v): $Y$
        en: for each query, a weighted mean of the values
        zh: 每个查询得到的是各个值的加权平均

    Source:
        en: Vaswani et al. 2017, arXiv:1706.03762, eq. 1; the mask: §3.2.3
        zh: Vaswani et al. 2017，arXiv:1706.03762，式 1；掩码见 §3.2.3
    Raises: ValueError if the shapes do not match or a query may look nowhere.
    Note:
        en: softmax works on each row. A query that may look nowhere has no answer: 0/0.
        zh: softmax 逐行计算。如果一个查询哪里都不可以看，就没有答案可言：0/0。

    >>> q, k = np.array([[2.0, 0.0], [0.0, 0.0]]), np.array([[1.0, 1.0], [0.0, 1.0], [5.0, 0.0]])
    >>> v = np.array([[10.0], [20.0], [30.0]])
    >>> mask = np.array([[0.0, 0.0, -np.inf], [0.0, 0.0, 0.0]])
    >>> print(scaled_dot_product_attention(q, k, v, mask).round(4).tolist())
    [[11.9557], [20.0]]
    """
    if np.isneginf(mask).all(axis=1).any():
        raise ValueError(
            "mask: expected at least one position that is not -inf for each query"
        )
    A = softmax(q @ k.T / np.sqrt(q.shape[1]) + mask)
    return A @ v


@checked
def multi_head_attention(x, z, W_Q, W_K, W_V, W_O, mask):
    r"""Multi-head attention
    多头注意力

    $$
    \begin{aligned}
    H_i &= \operatorname{softmax}\left( \frac{X W_i^Q (Z W_i^K)^\top}{\sqrt{d_k}} + M \right)
        Z W_i^V \\
    Y &= \sum_{i=1}^{h} H_i W_i^O
    \end{aligned}
    $$

    x (n, d): $X$
        en: positions that ask
        zh: 发问的位置
    z (s, d): $Z$
        en: positions that are looked at; in self-attention the same as X
        zh: 被看的位置；自注意力里与 X 相同
    W_Q (h, d, d_k): $W_i^Q$
        en: queries of head i
        zh: 第 i 个头的查询
    W_K (h, d, d_k): $W_i^K$
        en: keys of head i
        zh: 第 i 个头的键
    W_V (h, d, d_v): $W_i^V$
        en: values of head i
        zh: 第 i 个头的值
    W_O (h, d_v, d): $W_i^O$
        en: rows of the output matrix that belong to head i
        zh: 输出矩阵里属于第 i 个头的那些行
    mask (n, s)
    H (h, n, d_v): $H_i$
        en: output of head i
        zh: 第 i 个头的输出
    -> (n, d): $Y$
        en: output, one row for each row of X
        zh: 输出，与 X 的各行一一对应

    Source:
        en: Vaswani et al. 2017, arXiv:1706.03762, §3.2.2
        zh: Vaswani et al. 2017，arXiv:1706.03762，§3.2.2
    Raises: ValueError if the shapes do not match or a query may look nowhere.
    Note:
        en: The paper concatenates the heads and multiplies by one matrix $W^O$. That is the sum
            over the heads, each with its own rows of $W^O$.
        zh: 论文把各个头拼接起来，再乘以一个矩阵 $W^O$；这就等于对各个头求和，每个头乘以 $W^O$ 中属
            于它的那些行。

    >>> x = np.array([[1.0, 0.0], [0.0, 1.0]])
    >>> W = np.array([np.eye(2), -np.eye(2)])
    >>> print(multi_head_attention(x, x, W, W, W, W, np.zeros((2, 2))).round(4))
    [[1.3395 0.6605]
     [0.6605 1.3395]]
    """
    heads = range(len(W_Q))
    H = np.array(
        [
            scaled_dot_product_attention(
                x @ W_Q[i], z @ W_K[i], z @ W_V[i], mask
            )
            for i in heads
        ]
    )
    return (H @ W_O).sum(axis=0)


@checked
def sinusoidal_encoding(t, d):
    r"""Sinusoidal positional encoding
    正弦位置编码

    $$
    \begin{aligned}
    \omega_j &= 10000^{-2 \lfloor (j - 1) / 2 \rfloor / d} \\
    E_{ij} &= \begin{cases} \sin(t_i \omega_j) & j \bmod 2 = 1 \\
        \cos(t_i \omega_j) & \text{otherwise} \end{cases}
    \end{aligned}
    $$

    t (n,): $t_i$
        en: positions, in the paper 0, 1, 2, …
        zh: 位置，论文里是 0、1、2……
    d (): $d$
        en: number of coordinates, even
        zh: 坐标数，偶数
    omega (d,): $\omega_j$
        en: angle per step; coordinates 1 and 2 share one, 3 and 4, …
        zh: 每走一步转过的角；第 1、2 个坐标共用一个，第 3、4 个共用一个，依此类推
    -> (n, d): $E_{ij}$
        en: encoding of position i, added to the embedding
        zh: 第 i 个位置的编码，加到词向量上

    Source:
        en: Vaswani et al. 2017, arXiv:1706.03762, §3.5; its 2i and 2i + 1 are our j − 1
        zh: Vaswani et al. 2017，arXiv:1706.03762，§3.5；其中的 2i 和 2i + 1 就是这里的 j − 1
    Raises: ValueError if t is not a vector, is empty, or d is not a positive even number.

    >>> print(sinusoidal_encoding(np.array([0.0, 1.0, 50.0]), d=4).round(4))
    [[ 0.      1.      0.      1.    ]
     [ 0.8415  0.5403  0.01    1.    ]
     [-0.2624  0.965   0.4794  0.8776]]
    """
    if d < 2 or d % 2:
        raise ValueError(f"d: expected a positive even number, got {d}")
    j = np.arange(d)
    omega = 10000.0 ** (-2 * (j // 2) / d)
    angle = np.outer(t, omega)
    return np.where(j % 2 == 0, np.sin(angle), np.cos(angle))


@checked
def shifted_encoding(E, k):
    r"""The same encoding, k positions on: a rotation
    往后 k 个位置的编码：一个旋转

    $$
    \begin{aligned}
    \omega_j &= 10000^{-2 \lfloor (j - 1) / 2 \rfloor / d} \\
    E'_{i,j} &= \begin{cases}
        \cos(k \omega_j) E_{i,j} + \sin(k \omega_j) E_{i,{j+1}} & j \bmod 2 = 1 \\
        \cos(k \omega_j) E_{i,j} - \sin(k \omega_j) E_{i,{j-1}} & \text{otherwise} \end{cases}
    \end{aligned}
    $$

    E (n, d): $E_{i,j}$
        en: encoding of position $t_i$; d is even
        zh: 位置 $t_i$ 的编码；d 是偶数
    k (): $k$
        en: how many positions on
        zh: 往后多少个位置
    omega (d,): $\omega_j$
        en: angle per step, shared by two coordinates
        zh: 每走一步转过的角，两个坐标共用一个
    -> (n, d): $E'_{i,j}$
        en: encoding of position $t_i + k$, without knowing $t_i$
        zh: 位置 $t_i + k$ 的编码，无须知道 $t_i$

    Source:
        en: Vaswani et al. 2017, arXiv:1706.03762, §3.5 (says that it is linear); written out with
            the addition theorems
        zh: Vaswani et al. 2017，arXiv:1706.03762，§3.5（只说是线性的）；由本站用和角公式写出
    Raises: ValueError if E is not a table of an even number of columns, or is empty.
    Note:
        en: Each pair of coordinates turns by $k \omega_j$. So the matrix $R_k$ of the map is
            orthogonal, and depends on k alone.
        zh: 每一对坐标转过 $k \omega_j$。所以这个映射的矩阵 $R_k$ 是正交的，并且只取决于 k。

    >>> E = sinusoidal_encoding(np.array([3.0, 40.0]), d=4)
    >>> print(shifted_encoding(E, k=10.0).round(4))
    [[ 0.4202  0.9074  0.1296  0.9916]
     [-0.2624  0.965   0.4794  0.8776]]
    """
    if E.shape[1] % 2:
        raise ValueError(
            f"E: expected an even number of columns, got {E.shape[1]}"
        )
    j = np.arange(E.shape[1])
    omega = 10000.0 ** (-2 * (j // 2) / E.shape[1])
    sign = np.where(j % 2 == 0, 1, -1)
    return np.cos(k * omega) * E + sign * np.sin(k * omega) * E[:, j + sign]

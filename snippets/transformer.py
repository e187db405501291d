"""The layers of a Transformer
Transformer 的各层

x has one row of d numbers for each of n positions. What stands around attention, with the layer
normalization after each addition, as in 2017. A layer is given its parts as functions.

Symbols:
    x: $x$
        en: a vector of d numbers for each of the n positions
        zh: n 个位置，每个位置是 d 个数的向量
    norm_1: $N_1$
        en: layer normalization, with a γ and a β of its own
        zh: 层归一化，有自己的 γ 和 β
    norm_2: $N_2$
        en: likewise
        zh: 同上
    feed: $F$
        en: the feed-forward network
        zh: 前馈网络
"""

import numpy as np

from snippets._shapes import checked
from snippets.activations import relu
from snippets.attention import sinusoidal_encoding


@checked
def embed(tokens, E):
    r"""From tokens to the input of the first layer
    从词元到第一层的输入

    $$ x_{ij} = \sqrt d \, E_{u_i j} + P_{ij} $$

    tokens (..., n) in integers: $u_i$
        en: which row of the table each position takes, from 0
        zh: 每个位置取表的哪一行，从 0 数起
    E (c, d): $E$
        en: the table of embeddings: a row for each of c tokens
        zh: 词向量表：c 个词元，每个一行
    P (n, d): $P$
        en: encoding of the positions 0, 1, …, n − 1
        zh: 位置 0、1、……、n − 1 的编码
    -> (..., n, d): $x$
        en: input of the first layer
        zh: 第一层的输入

    Source: Vaswani et al. 2017, arXiv:1706.03762, §3.4, §3.5
    Raises:
        en: ValueError if tokens are no integers; IndexError if the table has no such row.
        zh: 词元不是整数时抛出 ValueError；表里没有这一行时抛出 IndexError。
    Read:
        en: The row is an index that has an index itself.
        zh: 行号是带下标的下标。

    >>> E = np.array([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.5]])
    >>> print(embed(np.array([1, 0, 1]), E).round(2))
    [[0.   3.   0.   2.  ]
     [2.84 0.54 0.01 1.  ]
     [0.91 1.58 0.02 2.  ]]
    """
    n, d = tokens.shape[-1], E.shape[1]
    P = sinusoidal_encoding(np.arange(n), d).astype(E.dtype)
    return d**0.5 * E[tokens] + P


@checked
def feed_forward(x, W_1, b_1, W_2, b_2):
    r"""Feed-forward network of each position
    逐位置的前馈网络

    $$ y = W_2 \operatorname{relu}(W_1 x + b_1) + b_2 $$

    x (..., d)
        en: one position, or many: each by itself
        zh: 一个位置，或许多位置：各算各的
    W_1 (f, d): $W_1$
        en: weights to the f hidden units; in the paper f = 4d
        zh: 通往 f 个隐藏单元的权重；论文里 f = 4d
    b_1 (f,): $b_1$
        en: their biases
        zh: 它们的偏置
    W_2 (d, f): $W_2$
        en: weights back to d numbers
        zh: 变回 d 个数的权重
    b_2 (d,): $b_2$
        en: their biases
        zh: 它们的偏置
    -> (..., d): $y$
        en: output, of the shape of the input
        zh: 输出，形状与输入相同

    Source: Vaswani et al. 2017, arXiv:1706.03762, eq. 2
    Raises: ValueError if the shapes do not match.

    >>> x = np.array([[1.0, -2.0], [0.0, 0.0]])
    >>> W_1, b_1 = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]), np.ones(3)
    >>> W_2, b_2 = np.array([[1.0, 2.0, 0.0], [0.0, 0.0, 3.0]]), np.zeros(2)
    >>> print(feed_forward(x, W_1, b_1, W_2, b_2))
    [[2. 0.]
     [3. 3.]]
    """
    h = relu(x @ W_1.T + b_1)
    return h @ W_2.T + b_2


@checked
def encoder_layer(x, attend, feed, norm_1, norm_2):
    r"""Encoder layer
    编码器层

    $$
    \begin{aligned}
    a &= N_1(x + S(x)) \\
    y &= N_2(a + F(a))
    \end{aligned}
    $$

    x (..., n, d)
    attend (function): $S$
        en: self-attention: queries, keys and values from the same positions
        zh: 自注意力：查询、键和值来自同一些位置
    feed (function)
    norm_1 (function)
    norm_2 (function)
    a (..., n, d): $a$
        en: after attention
        zh: 注意力之后
    -> (..., n, d): $y$
        en: output, of the shape of the input: layers can be stacked
        zh: 输出，形状与输入相同，所以可以一层层叠起来

    Source:
        en: Vaswani et al. 2017, arXiv:1706.03762, §3.1 · torch.nn.TransformerEncoderLayer
        zh: Vaswani et al. 2017，arXiv:1706.03762，§3.1 · torch.nn.TransformerEncoderLayer
    Raises:
        en: ValueError if x is a number or a vector alone, or empty.
        zh: x 只是一个数、一个向量，或者为空时抛出 ValueError。
    Note:
        en: A layer is as precise as its parts: weights of float64 make float64 of float32.
        zh: 一层的精度取决于各个部件：部件的权重是 float64，float32 的输入也会变成 float64。

    >>> x = np.array([[1.0, 3.0], [2.0, 0.0]])
    >>> mean = lambda x: np.broadcast_to(x.mean(axis=0), x.shape)
    >>> sign = lambda x: np.sign(x - x.mean(axis=-1, keepdims=True))
    >>> print(encoder_layer(x, mean, lambda x: 2 * x, sign, sign))
    [[-1.  1.]
     [ 1. -1.]]
    """
    a = norm_1(x + attend(x))
    return norm_2(a + feed(a))


@checked
def decoder_layer(x, memory, attend, cross, feed, norm_1, norm_2, norm_3):
    r"""Decoder layer
    解码器层

    $$
    \begin{aligned}
    a &= N_1(x + S(x)) \\
    b &= N_2(a + C(a, m)) \\
    y &= N_3(b + F(b))
    \end{aligned}
    $$

    x (..., n, d)
    memory (..., s, d): $m$
        en: output of the last encoder layer, for the s positions of the source
        zh: 最后一个编码器层的输出，源句有 s 个位置
    attend (function): $S$
        en: self-attention with the causal mask: no position sees a later one
        zh: 带因果掩码的自注意力：谁也看不到自己后面的位置
    cross (function): $C$
        en: cross-attention: queries from the first argument, keys and values from the second
        zh: 交叉注意力：查询来自第一个参数，键和值来自第二个
    feed (function)
    norm_1 (function)
    norm_2 (function)
    norm_3 (function): $N_3$
        en: likewise
        zh: 同上
    a (..., n, d): $a$
        en: after self-attention
        zh: 自注意力之后
    b (..., n, d): $b$
        en: after cross-attention
        zh: 交叉注意力之后
    -> (..., n, d): $y$
        en: output, of the shape of x
        zh: 输出，形状与 x 相同

    Source:
        en: Vaswani et al. 2017, arXiv:1706.03762, §3.1 · torch.nn.TransformerDecoderLayer
        zh: Vaswani et al. 2017，arXiv:1706.03762，§3.1 · torch.nn.TransformerDecoderLayer
    Raises:
        en: ValueError if x or memory is a number or a vector alone, or empty, or they do not match.
        zh: x 或 memory 只是一个数、一个向量，或者为空，或者两者不相配时，抛出 ValueError。
    Note:
        en: A layer is as precise as its parts: weights of float64 make float64 of float32.
        zh: 一层的精度取决于各个部件：部件的权重是 float64，float32 的输入也会变成 float64。

    >>> x, memory = np.array([[1.0, 3.0]]), np.array([[8.0, 0.0], [4.0, 0.0]])
    >>> itself, mean = lambda x: x, lambda x, m: m.mean(axis=0)
    >>> print(decoder_layer(x, memory, *[itself, mean, itself] + 3 * [itself]))
    [[16. 12.]]
    """
    a = norm_1(x + attend(x))
    b = norm_2(a + cross(a, memory))
    return norm_3(b + feed(b))

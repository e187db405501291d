"""Activation functions
激活函数

Each works on every number by itself: no example and no feature meets another.

Symbols:
    z: $z$
        en: any number of the layer, before the activation
        zh: 这一层的任意一个数，激活之前
"""

import numpy as np

from snippets._shapes import checked


@checked
def sigmoid(z):
    r"""Sigmoid
    sigmoid 函数

    $$ s(z) = \frac{1}{1 + e^{-z}} $$

    z (...)
    -> (...): $s(z)$
        en: after the activation, between 0 and 1
        zh: 激活之后，在 0 与 1 之间

    Source:
        en: Hung-yi Lee 2021, Quick Introduction of Batch Normalization, slide 5 (named there) ·
            torch.sigmoid, scipy.special.expit
        zh: 李宏毅 2021，Quick Introduction of Batch Normalization，幻灯片第 5 页（只提到名字） ·
            torch.sigmoid、scipy.special.expit
    Raises: ValueError if z is empty.
    Note:
        en: Written as above, $e^{-z}$ overflows when $z$ is very negative. So the code takes
            $e^{-|z|}$, which is at most 1, and for negative $z$ the equal form $e^z/(1 + e^z)$.
        zh: 照上式直接算，$z$ 是很大的负数时 $e^{-z}$ 会溢出。所以代码只算不超过 1 的 $e^{-|z|}$；
            $z$ 为负时，用相等的 $e^z/(1 + e^z)$。
    Trap:
        en: In float32, at 20 the result is exactly 1, and 1 minus it is 0. Where $1 - s(z)$ is
            wanted, compute the sigmoid of −20: 2.06e-9.
        zh: float32 下，20 处的结果恰好是 1，用 1 减去它得 0。要用 $1 - s(z)$ 时，应该去算 −20 处的
            sigmoid：2.06e-9。

    >>> print(sigmoid(np.array([[0.0, 2.0], [-2.0, -1000.0]])).round(4))
    [[0.5    0.8808]
     [0.1192 0.    ]]
    """
    return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))


@checked
def sigmoid_derivative(z):
    r"""Derivative of the sigmoid
    sigmoid 的导数

    $$ s'(z) = s(z) \, (1 - s(z)), \qquad s(z) = \frac{1}{1 + e^{-z}} $$

    z (...)
    a (...): $s(z)$
        en: after the activation
        zh: 激活之后
    -> (...): $s'(z)$
        en: the derivative, at most 1/4
        zh: 导数，不超过 1/4

    Source:
        en: Hung-yi Lee 2021, Quick Introduction of Batch Normalization, transcript, line 106 (the
            slope is largest near 0), written out
        zh: 李宏毅 2021，Quick Introduction of Batch Normalization，文字稿第 106 行（0 附近斜率最
            大；公式由本站写出）
    Raises: ValueError if z is empty.
    Note:
        en: $1 - s(z)$ is $s(-z)$, and the code computes it so.
        zh: $1 - s(z)$ 就是 $s(-z)$，代码就这样算它。
    Trap:
        en: In float32, $s(z) \, (1 - s(z))$ is 0 at 20, because the sigmoid has become 1;
            the derivative is 2.06e-9, and the code gives that. PyTorch's autograd gives 0.
        zh: float32 下，20 处的 $s(z) \, (1 - s(z))$ 是 0，因为 sigmoid 已经舍入成 1；
            真正的导数是 2.06e-9，代码给出的就是它。PyTorch 的 autograd 给出 0。

    >>> print(sigmoid_derivative(np.array([[0.0, 2.0], [-2.0, 5.0]])).round(6))
    [[0.25     0.104994]
     [0.104994 0.006648]]
    """
    a = sigmoid(z)
    return a * sigmoid(-z)


@checked
def relu(z):
    r"""Rectified linear unit, ReLU
    线性整流单元 ReLU

    $$ a = \max(0, z) $$

    z (...)
    -> (...): $a$
        en: after the activation, never negative
        zh: 激活之后，不会是负数

    Source:
        en: Hung-yi Lee 2021, Quick Introduction of Batch Normalization, transcript, line 93 (named
            there) · torch.nn.ReLU
        zh: 李宏毅 2021，Quick Introduction of Batch Normalization，文字稿第 93 行（只提到名字） ·
            torch.nn.ReLU
    Raises: ValueError if z is empty.
    Note:
        en: At 0 there is a kink and no derivative; PyTorch takes 0 there.
        zh: 0 处是个折角，没有导数；PyTorch 在那里取 0。

    >>> print(relu(np.array([[-3.0, 5.0], [0.0, -0.5]])))
    [[0. 5.]
     [0. 0.]]
    """
    return np.maximum(z, 0)


@checked
def prelu(z, a):
    r"""Parametric ReLU, PReLU
    带参数的 ReLU（PReLU）

    $$ f_i = \max(0, z_i) + a_i \min(0, z_i) $$

    z (...): $z_i$
        en: channel i of one example; in a batch the channels are axis 1
        zh: 一个样本的第 i 个通道；成批时，通道在第 1 个轴上（从 0 数起）
    a (*): $a_i$
        en: learned slope for negative values, one for each channel, or one for all
        zh: 负数一侧的斜率，由学习得到；每个通道一个，或者所有通道共用一个
    -> (...): $f_i$
        en: after the activation
        zh: 激活之后

    Source:
        en: He et al. 2015, arXiv:1502.01852, eq. 1 · torch.nn.functional.prelu
        zh: He et al. 2015，arXiv:1502.01852，式 1 · torch.nn.functional.prelu
    Raises: ValueError if z or a is empty, or the number of slopes does not fit.
    Note:
        en: a = 0 is ReLU, a = 1 changes nothing.
        zh: a = 0 就是 ReLU，a = 1 则什么也不变。

    >>> print(prelu(np.array([[-4.0, -4.0], [3.0, 3.0]]), a=np.array([0.0, 0.25])))
    [[ 0. -1.]
     [ 3.  3.]]
    """
    shape = [np.size(a)] + [1] * (np.ndim(z) - 2)  # channels, then places
    a = np.reshape(a, shape[: np.ndim(z)])
    return np.maximum(0, z) + a * np.minimum(0, z)


@checked
def prelu_gradient(g, z, a):
    r"""Gradient of PReLU
    PReLU 的梯度

    $$
    \begin{aligned}
    \frac{\partial L}{\partial z_i^r} &= g_i^r
        \begin{cases} 1 & \text{if } z_i^r > 0 \\ a_i & \text{otherwise} \end{cases} \\
    \frac{\partial L}{\partial a_i} &= \sum_{r=1}^{m} g_i^r \min(0, z_i^r)
    \end{aligned}
    $$

    g (m, C, ...): $g_i^r$
        en: partial derivative of the loss with respect to the output of PReLU
        zh: 损失对 PReLU 输出的偏导数
    z (m, C, ...): $z_i^r$
        en: channel i of example r, at all places
        zh: 第 r 个样本的第 i 个通道，包括所有位置
    a (C,): $a_i$
        en: slope of channel i for negative values
        zh: 第 i 个通道负数一侧的斜率
    -> dz (m, C, ...): $\frac{\partial L}{\partial z_i^r}$
        en: partial derivative with respect to each input
        zh: 对每个输入的偏导数
    -> da (C,): $\frac{\partial L}{\partial a_i}$
        en: partial derivative with respect to each a, summed over the places, too
        zh: 对每个 a 的偏导数，所有位置上的也加在一起

    Source:
        en: He et al. 2015, arXiv:1502.01852, eq. 2 and 3
        zh: He et al. 2015，arXiv:1502.01852，式 2 和式 3
    Raises: ValueError if the shapes do not match or the batch is empty.
    Note:
        en: If all channels share one a, its partial derivative is the sum of these.
        zh: 如果所有通道共用一个 a，它的偏导数就是这些偏导数之和。

    >>> g, z = np.ones((2, 2)), np.array([[-4.0, -4.0], [3.0, 3.0]])
    >>> dz, da = prelu_gradient(g, z, a=np.array([0.0, 0.25]))
    >>> print(dz.ravel(), da)
    [0.   0.25 1.   1.  ] [-4. -4.]
    """
    places = tuple(range(2, z.ndim))
    slope = np.reshape(a, [len(a)] + [1] * len(places))
    dz = g * np.where(z > 0, 1, slope)
    da = np.sum(g * np.minimum(0, z), axis=(0, *places))
    return dz, da


@checked
def softsign(z):
    r"""Softsign
    softsign 函数

    $$ a = \frac{z}{1 + |z|} $$

    z (...)
    -> (...): $a$
        en: after the activation, between −1 and 1
        zh: 激活之后，在 −1 与 1 之间

    Source:
        en: Glorot & Bengio 2010, §2 · torch.nn.functional.softsign
        zh: Glorot & Bengio 2010，§2 · torch.nn.functional.softsign
    Raises: ValueError if z is empty.
    Note:
        en: Slope 1 at 0, as tanh; far out it nears its bounds like 1/|z|, tanh exponentially.
        zh: 0 处的斜率是 1，与 tanh 一样；到了远处，它以 1/|z| 的速度接近边界，tanh 则是指数地接近。

    >>> print(softsign(np.array([[0.0, 1.0, -3.0, 9.0]])))
    [[ 0.    0.5  -0.75  0.9 ]]
    """
    return z / (1 + np.abs(z))

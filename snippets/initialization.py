r"""Initial weights
权重的初始化

A layer has n inputs and k outputs; its weights are W, one row an output, as torch.nn.Linear keeps
them. Weights of a convolution have more axes, those of the kernel. Random numbers are arguments.

Symbols:
    a: $a$
        en: slope of PReLU for negative values; 0 is ReLU
        zh: PReLU 在负数一侧的斜率；0 就是 ReLU
    noise: $\varepsilon_{ij}$
        en: standard normal random number
        zh: 标准正态分布的随机数
    u: $u_{ij}$
        en: random number, uniform between 0 and 1
        zh: 0 与 1 之间均匀分布的随机数
    gain: $g$
        en: factor for the activation function; 1 for none, PyTorch advises 5/3 for tanh
        zh: 配合激活函数的系数；没有激活函数取 1，PyTorch 建议 tanh 取 5/3
"""

import numpy as np

from snippets._shapes import checked


@checked
def prelu_second_moment(z, a):
    r"""Mean square after PReLU, of values that come with both signs
    正负对称的值，经过 PReLU 之后的均方

    $$
    \begin{aligned}
    s &= \frac{1}{2 m} \sum_{r=1}^{m}
        \left( (\max(0, z^r) + a \min(0, z^r))^2 + (\max(0, -z^r) + a \min(0, -z^r))^2 \right) \\
      &= \frac{1 + a^2}{2 m} \sum_{r=1}^{m} (z^r)^2
    \end{aligned}
    $$

    z (...): $z^r$
        en: a value; its negative occurs as often
        zh: 一个值；它的相反数出现得一样多
    a ()
    -> (): $s$
        en: mean square after PReLU
        zh: 经过 PReLU 之后的均方

    Source:
        en: He et al. 2015, arXiv:1502.01852, between eq. 7 and 8 (ReLU), and eq. 15 (PReLU);
            written out here
        zh: He et al. 2015，arXiv:1502.01852，式 7 与式 8 之间（ReLU）以及式 15（PReLU）；由本站写出
    Raises: ValueError if z is empty.
    Note:
        en: It is the mean square that halves, not the variance: after ReLU the mean is no longer 0.
        zh: 减半的是均方，不是方差：经过 ReLU 之后均值不再是 0。

    >>> s = prelu_second_moment(np.array([1.0, 2.0, 3.0]), a=0.0)
    >>> print(s.round(4), np.mean([1, 4, 9, 0, 0, 0]).round(4))
    2.3333 2.3333
    """
    return (1 + a**2) / 2 * np.mean(z**2)


@checked
def variance_through_layers(v, n, var, a):
    r"""Variance after L random layers with PReLU
    经过 L 个带 PReLU 的随机层之后的方差

    $$ v_L = v_0 \prod_{l=1}^{L} \frac{1 + a^2}{2} n_l \sigma_l^2 $$

    v (): $v_0$
        en: variance of each unit before the first of these layers, before PReLU
        zh: 进入第一层之前每个单元的方差，尚未经过 PReLU
    n (L,): $n_l$
        en: inputs of layer l
        zh: 第 l 层的输入个数
    var (L,): $\sigma_l^2$
        en: variance of the weights of layer l; their mean is 0
        zh: 第 l 层权重的方差；均值为 0
    a ()
    -> (): $v_L$
        en: variance of each unit after the last layer, before PReLU
        zh: 最后一层之后每个单元的方差，尚未经过 PReLU

    Source:
        en: He et al. 2015, arXiv:1502.01852, eq. 9 and 15
        zh: He et al. 2015，arXiv:1502.01852，式 9 和式 15
    Raises: ValueError if the shapes do not match or there is no layer.
    Note:
        en: A mean over all draws of the weights. The network one has is a single draw.
        zh: 这是对权重的所有抽法求的平均；手里的网络只是其中一次抽取。

    >>> n, var = np.array([50, 100, 100]), np.array([0.04, 0.02, 0.01])
    >>> print(variance_through_layers(1.0, n, var, a=0.0))
    0.5
    >>> n = np.full(30, 256)
    >>> print(variance_through_layers(1.0, n, 2 / n, a=0.0))
    1.0
    >>> print(variance_through_layers(1.0, n, 1 / n, a=0.0) == 2.0**-30)
    True
    """
    return v * np.prod((1 + a**2) / 2 * n * var)


@checked
def gradient_through_layers(g, k, var, a):
    r"""Variance of the gradient, back through L random layers with PReLU
    梯度往回穿过 L 个带 PReLU 的随机层之后的方差

    $$ g_0 = g_L \prod_{l=1}^{L} \frac{1 + a^2}{2} k_l \sigma_l^2 $$

    g (): $g_L$
        en: variance of the gradient along each output of the last layer, after PReLU
        zh: 损失对最后一层每个输出（经过 PReLU 之后）的偏导数的方差
    k (L,): $k_l$
        en: outputs of layer l
        zh: 第 l 层的输出个数
    var (L,): $\sigma_l^2$
        en: variance of the weights of layer l; their mean is 0
        zh: 第 l 层权重的方差；均值为 0
    a ()
    -> (): $g_0$
        en: variance of the gradient along each input of the first layer
        zh: 损失对第一层每个输入的偏导数的方差

    Source:
        en: He et al. 2015, arXiv:1502.01852, eq. 13 and 14 (ReLU), with the factor of eq. 15
        zh: He et al. 2015，arXiv:1502.01852，式 13 和式 14（ReLU），因子取自式 15
    Raises: ValueError if the shapes do not match or there is no layer.
    Note:
        en: It takes the gradient of a layer to be independent of its weights and of the sign of
            what went through it.
        zh: 推导把传到一层的梯度，与这一层的权重、与前向时信号的正负号，都看作彼此独立。

    >>> n, k = np.array([100, 200]), np.array([200, 400])
    >>> print(gradient_through_layers(1.0, k, 2 / k, a=0.0))
    1.0
    >>> print(gradient_through_layers(1.0, k, 2 / n, a=0.0), 400 / 100)
    4.0 4.0
    """
    return g * np.prod((1 + a**2) / 2 * k * var)


@checked
def kaiming_normal(noise, a=0.0, mode="fan_in"):
    r"""He initialization, normal
    He 初始化（正态分布）

    $$ W_{ij} = \sqrt{\frac{2}{(1 + a^2)\, n}} \, \varepsilon_{ij} $$

    noise (k, n, *)
    a ()
    mode (option)
        en: "fan_in" counts inputs, for the signal; "fan_out" outputs, for the gradient
        zh: "fan_in" 按输入算，照顾前向的信号；"fan_out" 按输出算，照顾反向的梯度
    -> (k, n, *): $W_{ij}$
        en: weight from input j to output i
        zh: 从输入 j 到输出 i 的权重

    Source:
        en: He et al. 2015, arXiv:1502.01852, eq. 10 and 15 · torch.nn.init.kaiming_normal_
        zh: He et al. 2015，arXiv:1502.01852，式 10 和式 15 · torch.nn.init.kaiming_normal_
    Raises: ValueError if noise has not two axes or more, or is empty.
    Note:
        en: n counts the numbers that one output adds up: for a convolution, input channels times
            the size of the kernel. With "fan_out" it is the numbers to which one input is added.
        zh: n 是一个输出要把多少个数加起来：对卷积来说，是输入通道数乘以卷积核的大小。
            取 "fan_out" 时，n 是一个输入要加到多少个数上。

    >>> noise = np.array([[1.0, -1.0, 0.5, 0.0, 2.0, 0.0, 0.0, 1.0]])
    >>> print(kaiming_normal(noise))
    [[ 0.5  -0.5   0.25  0.    1.    0.    0.    0.5 ]]
    >>> print(kaiming_normal(noise.reshape(1, 2, 4), mode="fan_out")[0, 1].round(4))
    [1.4142 0.     0.     0.7071]
    """
    n = {"fan_in": noise[0].size, "fan_out": noise[:, 0].size}[mode]
    return (2 / ((1 + a**2) * n)) ** 0.5 * noise


@checked
def kaiming_uniform(u, a=0.0, mode="fan_in"):
    r"""He initialization, uniform
    He 初始化（均匀分布）

    $$ W_{ij} = \sqrt{\frac{6}{(1 + a^2)\, n}} \, (2 u_{ij} - 1) $$

    u (k, n, *) in [0, 1]
    a ()
    mode (option)
        en: "fan_in" counts inputs, for the signal; "fan_out" outputs, for the gradient
        zh: "fan_in" 按输入算，照顾前向的信号；"fan_out" 按输出算，照顾反向的梯度
    -> (k, n, *): $W_{ij}$
        en: weight from input j to output i
        zh: 从输入 j 到输出 i 的权重

    Source:
        en: He et al. 2015, arXiv:1502.01852, eq. 15 (the variance) · torch.nn.init.kaiming_uniform_
        zh: He et al. 2015，arXiv:1502.01852，式 15（方差） · torch.nn.init.kaiming_uniform_
    Raises: ValueError if u has not two axes or more, or a number that is not between 0 and 1.
    Note:
        en: A uniform number between −c and c has the variance c²/3, hence 6 instead of 2.
        zh: −c 到 c 之间均匀分布的数，方差是 c²/3，所以 2 变成了 6。

    >>> u = np.array([[0.0, 0.25, 0.5, 0.75, 0.9, 1.0]])
    >>> print(kaiming_uniform(u).round(2))
    [[-1.  -0.5  0.   0.5  0.8  1. ]]
    """
    n = {"fan_in": u[0].size, "fan_out": u[:, 0].size}[mode]
    return (6 / ((1 + a**2) * n)) ** 0.5 * (2 * u - 1)


@checked
def heuristic_uniform(u):
    r"""The heuristic before Xavier
    Xavier 之前的经验做法

    $$ W_{ij} = \frac{2 u_{ij} - 1}{\sqrt{n}} $$

    u (k, n, *) in [0, 1]
    -> (k, n, *): $W_{ij}$
        en: weight from input j to output i; variance 1/(3n)
        zh: 从输入 j 到输出 i 的权重；方差为 1/(3n)

    Source:
        en: Glorot & Bengio 2010, eq. 1 · torch.nn.Linear.reset_parameters
        zh: Glorot & Bengio 2010，式 1 · torch.nn.Linear.reset_parameters
    Raises: ValueError if u has not two axes or more, or a number that is not between 0 and 1.

    >>> print(heuristic_uniform(np.array([[0.0, 0.25, 0.5, 1.0]])))
    [[-0.5  -0.25  0.    0.5 ]]
    """
    n = u[0].size
    return (2 * u - 1) / n**0.5


@checked
def xavier_variance(n, k):
    r"""Xavier's compromise between the two directions
    Xavier 在两个方向之间的折中

    $$ \sigma^2 = \frac{2}{n + k}, \qquad \phi = n \sigma^2, \qquad \beta = k \sigma^2 $$

    n () in [1, inf): $n$
        en: inputs of the layer
        zh: 这一层的输入个数
    k () in [1, inf): $k$
        en: outputs of the layer
        zh: 这一层的输出个数
    -> var (): $\sigma^2$
        en: variance of the weights
        zh: 权重的方差
    -> forward (): $\phi$
        en: factor on the variance of the signal, forward
        zh: 前向传播时，信号的方差乘以这个数
    -> backward (): $\beta$
        en: factor on the variance of the gradient, backward
        zh: 反向传播时，梯度的方差乘以这个数

    Source:
        en: Glorot & Bengio 2010, eq. 10, 11 and 12
        zh: Glorot & Bengio 2010，式 10、11 和 12
    Raises: ValueError if n or k is not a number of at least 1.
    Note:
        en: Both factors are 1 if n = k; otherwise one is above and the other below, and they sum to
            2.
        zh: n = k 时两个因子都是 1；否则一个大于 1，一个小于 1，两者之和为 2。

    >>> var, forward, backward = xavier_variance(n=300, k=100)
    >>> print(var, forward, backward)
    0.005 1.5 0.5
    """
    var = 2 / (n + k)
    return var, n * var, k * var


@checked
def xavier_uniform(u, gain=1.0):
    r"""Xavier initialization, uniform
    Xavier 初始化（均匀分布）

    $$ W_{ij} = g \sqrt{\frac{6}{n + k}} \, (2 u_{ij} - 1) $$

    u (k, n, *) in [0, 1]
    gain ()
    -> (k, n, *): $W_{ij}$
        en: weight from input j to output i
        zh: 从输入 j 到输出 i 的权重

    Source:
        en: Glorot & Bengio 2010, eq. 16, with g = 1 · torch.nn.init.xavier_uniform_
        zh: Glorot & Bengio 2010，式 16（其中 g = 1） · torch.nn.init.xavier_uniform_
    Raises: ValueError if u has not two axes or more, or a number that is not between 0 and 1.
    Note:
        en: For a convolution n is the number of input channels times the size of the kernel, k that
            of output channels times that size.
        zh: 对卷积来说，n 是输入通道数乘以卷积核的大小，k 是输出通道数乘以卷积核的大小。

    >>> print(xavier_uniform(np.array([[0.0, 0.25, 0.5, 0.75, 1.0]])))
    [[-1.  -0.5  0.   0.5  1. ]]
    """
    n, k = u[0].size, u[:, 0].size
    return gain * (6 / (n + k)) ** 0.5 * (2 * u - 1)


@checked
def xavier_normal(noise, gain=1.0):
    r"""Xavier initialization, normal
    Xavier 初始化（正态分布）

    $$ W_{ij} = g \sqrt{\frac{2}{n + k}} \, \varepsilon_{ij} $$

    noise (k, n, *)
    gain ()
    -> (k, n, *): $W_{ij}$
        en: weight from input j to output i
        zh: 从输入 j 到输出 i 的权重

    Source:
        en: Glorot & Bengio 2010, eq. 12 (the variance), with g = 1 · torch.nn.init.xavier_normal_
        zh: Glorot & Bengio 2010，式 12（方差；其中 g = 1） · torch.nn.init.xavier_normal_
    Raises: ValueError if noise has not two axes or more, or is empty.

    >>> noise = np.array([[1.0, -2.0, 3.0], [0.0, 1.0, -1.0]])
    >>> print(xavier_normal(noise).round(4))
    [[ 0.6325 -1.2649  1.8974]
     [ 0.      0.6325 -0.6325]]
    """
    n, k = noise[0].size, noise[:, 0].size
    return gain * (2 / (n + k)) ** 0.5 * noise

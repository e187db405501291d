r"""Relatives of batch normalization
批量归一化的亲戚

Vectors: superscript r is an example, subscript i a feature. Feature maps: n is the example, c the
channel, h and w the place.

Symbols:
    z: $z_i^r$
        en: feature i of example r
        zh: 第 r 个样本的第 i 个特征
    gamma: $\gamma_i$
        en: learned scale
        zh: 可学习的缩放
    eps: $\epsilon$
        en: keeps the root away from 0
        zh: 避免根号下为 0
    mu: $\mu^r$
        en: mean of example r over its features
        zh: 第 r 个样本各特征的均值
    var: $v^r$
        en: variance of example r over its features, biased
        zh: 第 r 个样本各特征的方差（有偏）
"""

import numpy as np

from snippets._shapes import checked
from snippets.batch_norm import batch_mean, batch_variance


@checked
def layer_norm(z, gamma=1.0, beta=0.0, eps=1e-5):
    r"""Layer normalization
    层归一化

    $$
    \begin{aligned}
    \mu^r &= \frac{1}{d} \sum_{i=1}^{d} z_i^r \\
    v^r &= \frac{1}{d} \sum_{i=1}^{d} (z_i^r - \mu^r)^2 \\
    \hat z_i^r &= \gamma_i \frac{z_i^r - \mu^r}{\sqrt{v^r + \epsilon}} + \beta_i
    \end{aligned}
    $$

    z (..., d)
    gamma (d,)
        en: learned scale; 1 if left out
        zh: 可学习的缩放，省略时为 1
    beta (d,): $\beta_i$
        en: learned shift; 0 if left out
        zh: 可学习的平移，省略时为 0
    eps ()
    mu (...)
    var (...)
    -> (..., d): $\hat z_i^r$
        en: output
        zh: 输出

    Source:
        en: Ba, Kiros & Hinton 2016, arXiv:1607.06450, eq. 3 and 4; ε as in
            torch.nn.functional.layer_norm
        zh: Ba, Kiros & Hinton 2016，arXiv:1607.06450，式 3 和式 4；ε 与
            torch.nn.functional.layer_norm 一致
    Raises: ValueError if the shapes do not match or the batch is empty.
    Note:
        en: No example meets another: a batch of one is no problem, and training and inference
            compute the same.
        zh: 样本之间互不影响：批大小为 1 也没问题，训练与推理算的是同一个式子。
    Trap:
        en: float16 ends at 65504, which is less than the square of 300: in that type 300, 0, −300
            would all become 0 instead of 1.225, 0, −1.225. The first line of the code makes it
            float32, in which PyTorch computes, too.
        zh: float16 最大到 65504，还不到 300 的平方：全程用这个类型算，300、0、−300
            会全变成 0，而不是 1.225、0、−1.225。代码的第一行改用 float32 计算，与 PyTorch 一致。

    >>> z = np.array([[1.0, 2.0, 6.0], [100.0, 200.0, 600.0]])
    >>> print(layer_norm(z).round(4))
    [[-0.9258 -0.4629  1.3887]
     [-0.9258 -0.4629  1.3887]]
    """
    z = np.float32(1) * z  # float16 would overflow; wider types stay
    mu, var = np.mean(z, axis=-1), np.var(z, axis=-1)
    z_tilde = (z - mu[..., None]) / np.sqrt(var + eps)[..., None]
    return gamma * z_tilde + beta


@checked
def layer_norm_backward(dz_hat, z, gamma, eps=1e-5):
    r"""Layer normalization, backward
    层归一化的反向传播

    $$
    \begin{aligned}
    \tilde z_i^r &= \frac{z_i^r - \mu^r}{\sqrt{v^r + \epsilon}}, \qquad
        g_i^r = \gamma_i \frac{\partial L}{\partial \hat z_i^r} \\
    \frac{\partial L}{\partial z_i^r} &= \frac{1}{\sqrt{v^r + \epsilon}}
        \left( g_i^r - \frac{1}{d} \sum_{j=1}^{d} g_j^r
        - \frac{\tilde z_i^r}{d} \sum_{j=1}^{d} g_j^r \tilde z_j^r \right) \\
    \frac{\partial L}{\partial \gamma_i} &= \sum_{r=1}^{m}
        \frac{\partial L}{\partial \hat z_i^r}\,\tilde z_i^r, \qquad
    \frac{\partial L}{\partial \beta_i} = \sum_{r=1}^{m} \frac{\partial L}{\partial \hat z_i^r}
    \end{aligned}
    $$

    dz_hat (..., d): $\frac{\partial L}{\partial \hat z_i^r}$
        en: partial derivative with respect to each output, from the layer above
        zh: 损失对每个输出的偏导数，由后一层传来
    z (..., d)
    gamma (d,)
    eps ()
    mu (...)
    var (...)
    z_tilde (..., d): $\tilde z_i^r$
        en: normalized feature
        zh: 归一化后的特征
    g (..., d): $g_i^r$
        en: partial derivative with respect to the normalized feature
        zh: 对归一化后的特征的偏导数
    -> dz (..., d): $\frac{\partial L}{\partial z_i^r}$
        en: partial derivative with respect to the input
        zh: 对输入的偏导数
    -> dgamma (d,): $\frac{\partial L}{\partial \gamma_i}$
        en: partial derivative with respect to γ
        zh: 对 γ 的偏导数
    -> dbeta (d,): $\frac{\partial L}{\partial \beta_i}$
        en: partial derivative with respect to β
        zh: 对 β 的偏导数

    Source:
        en: the definition, differentiated; compare Xu et al. 2019, arXiv:1911.07013
        zh: 由定义求导；参见 Xu et al. 2019，arXiv:1911.07013
    Raises: ValueError if the shapes do not match or the batch is empty.
    Note:
        en: The partial derivatives with respect to the inputs of one example sum to 0. The batch
            meets only in γ and β, which all examples share.
        zh: 损失对一个样本各个输入的偏导数，加起来是 0。各个样本只在 γ 和 β 上相遇，因为它们共用这
            两个参数。

    >>> z, dz_hat = np.array([[1.0, 4.0, 10.0]]), np.array([[1.0, 0.0, 0.0]])
    >>> dz, dgamma, dbeta = layer_norm_backward(dz_hat, z, gamma=np.ones(3))
    >>> print(dz.round(4), dgamma.round(4), dbeta)
    [[ 0.0764 -0.1145  0.0382]] [-1.069  0.     0.   ] [1. 0. 0.]
    """
    mu, var = np.mean(z, axis=-1), np.var(z, axis=-1)
    sigma = np.sqrt(var + eps)[..., None]
    z_tilde, g = (z - mu[..., None]) / sigma, gamma * dz_hat
    along = np.mean(g * z_tilde, axis=-1, keepdims=True)
    dz = (g - np.mean(g, axis=-1, keepdims=True) - z_tilde * along) / sigma
    examples = tuple(range(z.ndim - 1))
    dgamma, dbeta = np.sum(dz_hat * z_tilde, examples), np.sum(dz_hat, examples)
    return dz, dgamma, dbeta


@checked
def layer_norm_weight_invariance(x, W, a, c, eps=1e-5):
    r"""Scaling and shifting all the weights in front of layer normalization
    缩放并平移层归一化前面的全部权重

    $$
    \begin{aligned}
    y_i^r &= \sum_{j=1}^{n} W_{ij} x_j^r, \qquad z_i^r = \sum_{j=1}^{n} (a W_{ij} + c_j) x_j^r \\
    \tilde z_i^r &=
        \frac{z_i^r - \operatorname{mean}_k (z_k^r)}
            {\sqrt{\operatorname{Var}_k (z_k^r) + \epsilon}} =
        \operatorname{sign}(a)
        \frac{y_i^r - \operatorname{mean}_k (y_k^r)}
            {\sqrt{\operatorname{Var}_k (y_k^r) + \epsilon / a^2}}
    \end{aligned}
    $$

    x (..., n): $x_j^r$
        en: input j of example r
        zh: 第 r 个样本的第 j 个输入
    W (d, n): $W_{ij}$
        en: weight from input j to feature i
        zh: 从输入 j 到特征 i 的权重
    a (): $a$
        en: a number other than 0 for all weights
        zh: 所有权重共用的一个非零的倍数
    c (n,): $c_j$
        en: added to all weights of input j
        zh: 加到输入 j 的所有权重上的数
    eps ()
    y (..., d): $y_i^r$
        en: feature with the weights W
        zh: 权重为 W 时的特征
    -> z (..., d)
        en: feature with the changed weights
        zh: 权重改变之后的特征
    -> z_tilde (..., d): $\tilde z_i^r$
        en: normalized feature, with the changed weights
        zh: 权重改变之后归一化的特征

    Source:
        en: Ba, Kiros & Hinton 2016, arXiv:1607.06450, §5.1 (without ε, a > 0)
        zh: Ba, Kiros & Hinton 2016，arXiv:1607.06450，§5.1（没有 ε，a > 0）
    Raises: ValueError if the shapes do not match or the batch is empty.
    Note:
        en: The result does not contain c. It contains a only by its sign and beside ε.
        zh: 结果里没有 c；a 只留下正负号，另外就只在 ε 旁边出现。

    >>> x, W = np.array([[1.0, 2.0]]), np.array([[1.0, 0], [0, 2.0], [3.0, 1.0]])
    >>> zero, some = np.zeros(2), np.array([5.0, -7.0])
    >>> for a, c in [(1.0, zero), (10.0, some), (-1.0, zero)]:
    ...     z, z_tilde = layer_norm_weight_invariance(x, W, a, c)
    ...     print(z, z_tilde.round(4))
    [[1. 4. 5.]] [[-1.3728  0.3922  0.9806]]
    [[ 1. 31. 41.]] [[-1.3728  0.3922  0.9806]]
    [[-1. -4. -5.]] [[ 1.3728 -0.3922 -0.9806]]
    """
    y, z = x @ W.T, x @ (a * W + c).T
    return z, a / abs(a) * layer_norm(y, eps=eps / a**2)


@checked
def layer_norm_rnn_step(h, x, W_hh, W_xh, gamma=1.0, beta=0.0, eps=1e-5):
    r"""A step of a recurrent network with layer normalization
    带层归一化的循环网络走一步

    $$
    \begin{aligned}
    z &= W_{hh} h + W_{xh} x \\
    h'_i &= \tanh\left( \gamma_i
        \frac{z_i - \operatorname{mean}_k (z_k)}{\sqrt{\operatorname{Var}_k (z_k) + \epsilon}}
        + \beta_i \right)
    \end{aligned}
    $$

    h (..., n): $h$
        en: state before the step
        zh: 这一步之前的状态
    x (..., d): $x$
        en: input of the step
        zh: 这一步的输入
    W_hh (n, n): $W_{hh}$
        en: weights from state to state
        zh: 从状态到状态的权重
    W_xh (n, d): $W_{xh}$
        en: weights from input to state
        zh: 从输入到状态的权重
    gamma (n,)
        en: learned scale, the same at every step; 1 if left out
        zh: 可学习的缩放，每一步都相同，省略时为 1
    beta (n,): $\beta_i$
        en: learned shift, the same at every step; 0 if left out
        zh: 可学习的平移，每一步都相同，省略时为 0
    eps ()
    z (..., n): $z$
        en: summed inputs of the units
        zh: 各个单元的加权和
    -> (..., n): $h'_i$
        en: state after the step
        zh: 这一步之后的状态

    Source:
        en: Ba, Kiros & Hinton 2016, arXiv:1607.06450, eq. 4 (without ε), with tanh
        zh: Ba, Kiros & Hinton 2016，arXiv:1607.06450，式 4（没有 ε），取 tanh
    Raises: ValueError if the shapes do not match.

    >>> h, x = np.array([0.0, 0.5, -0.5]), np.array([1.0, 2.0, 0.0])
    >>> W = np.diag([1.0, 2.0, 4.0])
    >>> print(layer_norm_rnn_step(h, x, W, W).round(4))
    [-0.1157  0.8561 -0.8218]
    """
    z = h @ W_hh.T + x @ W_xh.T
    return np.tanh(layer_norm(z, gamma, beta, eps))


@checked
def rms_norm(z, gamma=1.0, eps=1e-5):
    r"""Root mean square normalization
    均方根归一化

    $$ \hat z_i^r = \gamma_i \frac{z_i^r}{\sqrt{\frac{1}{d} \sum_{j=1}^{d} (z_j^r)^2 + \epsilon}} $$

    z (..., d)
    gamma (d,)
        en: learned scale; 1 if left out
        zh: 可学习的缩放，省略时为 1
    eps ()
    -> (..., d): $\hat z_i^r$
        en: output
        zh: 输出

    Source:
        en: Zhang & Sennrich 2019, arXiv:1910.07467, eq. 4; ε inside the root as in
            torch.nn.functional.rms_norm
        zh: Zhang & Sennrich 2019，arXiv:1910.07467，式 4；ε 放在根号里，与
            torch.nn.functional.rms_norm 一致
    Raises: ValueError if the shapes do not match or the batch is empty.
    Note:
        en: Layer normalization without the mean. PyTorch's default ε is the machine epsilon of the
            type.
        zh: 去掉均值的层归一化。PyTorch 的 ε 默认取该类型的机器精度。
    Trap:
        en: float16 ends at 65504, which is less than the square of 300: in that type 300 and 300
            would become 0 instead of 1. The first line of the code makes it float32, in which
            PyTorch computes, too.
        zh: float16 最大到 65504，还不到 300 的平方：全程用这个类型算，300 和 300
            会变成 0，而不是 1。代码的第一行改用 float32 计算，与 PyTorch 一致。

    >>> z = np.array([[10.0, 20.0, 20.0], [-100.0, 200.0, 200.0]])
    >>> print(rms_norm(z).round(4))
    [[ 0.5774  1.1547  1.1547]
     [-0.5774  1.1547  1.1547]]
    """
    z = np.float32(1) * z  # float16 would overflow; wider types stay
    mean_square = np.mean(z**2, axis=-1, keepdims=True)
    return gamma * (z / np.sqrt(mean_square + eps))


@checked
def instance_norm(z, gamma=1.0, beta=0.0, eps=1e-5):
    r"""Instance normalization
    实例归一化

    $$
    \begin{aligned}
    \mu_{nc} &= \frac{1}{H W} \sum_{h=1}^{H} \sum_{w=1}^{W} z_{chw}^n \\
    \sigma_{nc}^2 &= \frac{1}{H W} \sum_{h=1}^{H} \sum_{w=1}^{W} (z_{chw}^n - \mu_{nc})^2 \\
    \hat z_{chw}^n &= \gamma_c \frac{z_{chw}^n - \mu_{nc}}{\sqrt{\sigma_{nc}^2 + \epsilon}}
        + \beta_c
    \end{aligned}
    $$

    z (N, C, *): $z_{chw}^n$
        en: channel c of image n at row h, column w; any number of axes may follow C
        zh: 第 n 幅图第 c 个通道在第 h 行第 w 列的值；C 后面可以有任意多个轴
    gamma (C,): $\gamma_c$
        en: learned scale, one for each channel; 1 if left out
        zh: 可学习的缩放，每个通道一个，省略时为 1
    beta (C,): $\beta_c$
        en: learned shift, one for each channel; 0 if left out
        zh: 可学习的平移，每个通道一个，省略时为 0
    eps ()
    mu (N, C): $\mu_{nc}$
        en: mean of one channel of one image
        zh: 一幅图的一个通道的均值
    var (N, C): $\sigma_{nc}^2$
        en: its variance, biased
        zh: 它的方差（有偏）
    -> (N, C, *): $\hat z_{chw}^n$
        en: output
        zh: 输出

    Source:
        en: Ulyanov, Vedaldi & Lempitsky 2016, arXiv:1607.08022, eq. 4; γ and β as in
            torch.nn.functional.instance_norm
        zh: Ulyanov, Vedaldi & Lempitsky 2016，arXiv:1607.08022，式 4；γ、β 与
            torch.nn.functional.instance_norm 一致
    Raises: ValueError if the shapes do not match or z is empty.
    Note:
        en: A map of one place becomes $\beta_c$ whatever it was; PyTorch refuses it.
        zh: 特征图只有一个位置时，无论是什么值都会变成 $\beta_c$；PyTorch 不接受这种输入。

    >>> z = np.array([[[1.0, 3.0, 5.0, 7.0], [0.0, 0.0, 0.0, 8.0]]])
    >>> print(instance_norm(z).round(4))
    [[[-1.3416 -0.4472  0.4472  1.3416]
      [-0.5774 -0.5774 -0.5774  1.7321]]]
    """
    z = np.float32(1) * z  # float16 would overflow; wider types stay
    z = np.moveaxis(z, (0, 1), (-2, -1))  # places first
    places = tuple(range(z.ndim - 2))
    mu, var = np.mean(z, places), np.var(z, places)
    z_tilde = (z - mu) / np.sqrt(var + eps)
    return np.moveaxis(gamma * z_tilde + beta, (-2, -1), (0, 1))


@checked
def group_norm(z, groups, gamma=1.0, beta=0.0, eps=1e-5):
    r"""Group normalization
    组归一化

    $$
    \begin{aligned}
    \mu_{nk} &= \frac{G}{CHW} \sum_{c \in S_k} \sum_{h=1}^{H} \sum_{w=1}^{W} z_{chw}^n \\
    \sigma_{nk}^2 &= \frac{G}{CHW} \sum_{c \in S_k} \sum_{h=1}^{H} \sum_{w=1}^{W}
        (z_{chw}^n - \mu_{nk})^2 \\
    \hat z_{chw}^n &= \gamma_c \frac{z_{chw}^n - \mu_{nk}}{\sqrt{\sigma_{nk}^2 + \epsilon}}
        + \beta_c, \qquad c \in S_k
    \end{aligned}
    $$

    z (N, C, *): $z_{chw}^n$
        en: channel c of image n at row h, column w; any number of axes may follow C
        zh: 第 n 幅图第 c 个通道在第 h 行第 w 列的值；C 后面可以有任意多个轴
    groups () in [1, inf): $G$
        en: number of groups; it divides C
        zh: 组数，能整除 C
    gamma (C,): $\gamma_c$
        en: learned scale, one for each channel; 1 if left out
        zh: 可学习的缩放，每个通道一个，省略时为 1
    beta (C,): $\beta_c$
        en: learned shift, one for each channel; 0 if left out
        zh: 可学习的平移，每个通道一个，省略时为 0
    eps ()
    -> (N, C, *): $\hat z_{chw}^n$
        en: output
        zh: 输出

    Source:
        en: Wu & He 2018, arXiv:1803.08494, eq. 1, 2 and 7
        zh: Wu & He 2018，arXiv:1803.08494，式 1、2、7
    Raises: ValueError if the shapes do not match, z is empty, or its channels do not divide into
        the groups.
    Read:
        en: The sum runs over a set, the channels $S_k$ of a group, which our evaluator lacks.
        zh: 求和要遍历第 k 组的通道 $S_k$，本站的求值程序不认识这种集合。

    >>> z = np.arange(8.0).reshape(1, 4, 1, 2)
    >>> print(group_norm(z, groups=2).round(4).ravel())
    [-1.3416 -0.4472  0.4472  1.3416 -1.3416 -0.4472  0.4472  1.3416]
    """
    parts = np.stack(np.split(z, groups, axis=1), axis=1)
    maps = parts.reshape(len(z), groups, z.size // len(z) // groups)
    z_tilde = layer_norm(maps, eps=eps).reshape(z.shape)
    z_tilde = np.moveaxis(z_tilde, 1, -1)  # channels last, as γ and β
    return np.moveaxis(gamma * z_tilde + beta, -1, 1)


@checked
def batch_renorm(
    z, mu_bar, sigma_bar, r_max, d_max, gamma=1, beta=0, alpha=0.01, eps=1e-5
):
    r"""Batch renormalization
    批量再归一化

    $$
    \begin{aligned}
    \mu_i &= \frac{1}{m} \sum_{r=1}^{m} z_i^r, \qquad
        \sigma_i = \sqrt{\frac{1}{m} \sum_{r=1}^{m} (z_i^r - \mu_i)^2 + \epsilon} \\
    \rho_i &= \min\left( \rho_{\max},
        \max\left( \frac{1}{\rho_{\max}}, \frac{\sigma_i}{\bar\sigma_i} \right) \right) \\
    \delta_i &= \min\left( \delta_{\max},
        \max\left( -\delta_{\max}, \frac{\mu_i - \bar\mu_i}{\bar\sigma_i} \right) \right) \\
    \hat z_i^r &= \gamma_i \left( \frac{z_i^r - \mu_i}{\sigma_i} \rho_i + \delta_i \right)
        + \beta_i \\
    \bar\mu'_i &= \bar\mu_i + \alpha (\mu_i - \bar\mu_i), \qquad
        \bar\sigma'_i = \bar\sigma_i + \alpha (\sigma_i - \bar\sigma_i)
    \end{aligned}
    $$

    z (m > 1, d)
    mu_bar (d,): $\bar\mu_i$
        en: moving average of the mean
        zh: 均值的移动平均
    sigma_bar (d,): $\bar\sigma_i$
        en: moving average of the deviation
        zh: 标准差的移动平均
    r_max () in [1, inf): $\rho_{\max}$
        en: largest correction of the scale
        zh: 缩放修正的上限
    d_max () in [0, inf): $\delta_{\max}$
        en: largest correction of the shift
        zh: 平移修正的上限
    gamma (d,)
        en: learned scale; 1 if left out
        zh: 可学习的缩放，省略时为 1
    beta (d,): $\beta_i$
        en: learned shift; 0 if left out
        zh: 可学习的平移，省略时为 0
    alpha () in [0, 1]: $\alpha$
        en: weight of the new value in the moving averages
        zh: 移动平均中新值的权重
    eps ()
    mu (d,): $\mu_i$
        en: batch mean
        zh: 批均值
    sigma (d,): $\sigma_i$
        en: batch deviation
        zh: 批标准差
    rho (d,): $\rho_i$
        en: correction of the scale, a constant for the gradient
        zh: 缩放的修正，求梯度时当作常数
    delta (d,): $\delta_i$
        en: correction of the shift, a constant for the gradient
        zh: 平移的修正，求梯度时当作常数
    -> z_hat (m, d): $\hat z_i^r$
        en: output
        zh: 输出
    -> mu_next (d,): $\bar\mu'_i$
        en: moving average of the mean, after this batch
        zh: 加入这一批之后，均值的移动平均
    -> sigma_next (d,): $\bar\sigma'_i$
        en: moving average of the deviation, after this batch
        zh: 加入这一批之后，标准差的移动平均

    Source:
        en: Ioffe 2017, arXiv:1702.03275, Algorithm 1
        zh: Ioffe 2017，arXiv:1702.03275，算法 1
    Raises: ValueError if the shapes do not match, the batch has one example only, r_max is below 1,
        d_max below 0, or alpha not between 0 and 1.
    Note:
        en: With r_max = 1 and d_max = 0 it is batch normalization; without limits it is what
            inference computes: $\gamma_i (z_i^r - \bar\mu_i) / \bar\sigma_i + \beta_i$.
        zh: r_max = 1、d_max = 0 时就是批量归一化；不设上限时就是推理时的算法：
            $\gamma_i (z_i^r - \bar\mu_i) / \bar\sigma_i + \beta_i$。

    >>> z, two = np.array([[1.0], [4.0], [10.0]]), np.array([2.0])
    >>> for r_max, d_max in [(3.0, 5.0), (1.0, 0.0)]:
    ...     z_hat, mu, sigma = batch_renorm(z, two, two, r_max, d_max, eps=0.0)
    ...     print(z_hat.ravel().round(4), mu, sigma.round(4))
    [-0.5  1.   4. ] [2.03] [2.0174]
    [-1.069  -0.2673  1.3363] [2.03] [2.0174]
    """
    mu, sigma = batch_mean(z), np.sqrt(batch_variance(z) + eps)
    rho = np.clip(sigma / sigma_bar, 1 / r_max, r_max)
    delta = np.clip((mu - mu_bar) / sigma_bar, -d_max, d_max)
    z_hat = gamma * ((z - mu) / sigma * rho + delta) + beta
    mu_next = mu_bar + alpha * (mu - mu_bar)
    return z_hat, mu_next, sigma_bar + alpha * (sigma - sigma_bar)


@checked
def weight_norm(v, g, axis=0):
    r"""Weight normalization
    权重归一化

    $$ w_i = g \frac{v_i}{\sqrt{\sum_{j=1}^{n} v_j^2}} $$

    v (n, *): $v_i$
        en: gives the direction of the weights of a unit, here one; a matrix has one in each row, a
            kernel (C, D, P, Q) one for each output channel
        zh: 给出一个单元的权重的方向，式中只有一个单元；矩阵的每一行是一个单元，卷积核 (C, D, P, Q)
            的每个输出通道是一个单元
    g (...): $g$
        en: gives their length, a number for each unit
        zh: 给出权重的长度，每个单元一个数
    axis (option)
        en: which axis counts the units; None if all of v is one
        zh: 哪个轴数的是单元；None 表示整个 v 是一个单元
    -> (n, *): $w_i$
        en: weights
        zh: 权重

    Source:
        en: Salimans & Kingma 2016, arXiv:1602.07868, eq. 2; axis as dim in
            torch.nn.utils.parametrizations.weight_norm
        zh: Salimans & Kingma 2016，arXiv:1602.07868，式 2；axis 即
            torch.nn.utils.parametrizations.weight_norm 的 dim
    Raises: ValueError if v is empty, or g has not a number for each unit.

    >>> v = np.array([[3.0, 4.0], [0.0, -2.0]])
    >>> print(weight_norm(v, g=np.array([10.0, 1.0])))
    [[ 6.  8.]
     [ 0. -1.]]
    """
    others = tuple(a for a in range(v.ndim) if a != axis)
    length = np.sqrt(np.sum(v**2, axis=others, keepdims=True))
    return np.reshape(g, length.shape) * v / length


@checked
def weight_norm_backward(dw, v, g, axis=0):
    r"""Weight normalization, backward
    权重归一化的反向传播

    $$
    \begin{aligned}
    \frac{\partial L}{\partial g} &=
        \frac{\sum_{j=1}^{n} \frac{\partial L}{\partial w_j} v_j}{\sqrt{\sum_{j=1}^{n} v_j^2}} \\
    \frac{\partial L}{\partial v_i} &= \frac{g}{\sqrt{\sum_{j=1}^{n} v_j^2}}
        \left( \frac{\partial L}{\partial w_i}
        - \frac{\partial L}{\partial g} \frac{v_i}{\sqrt{\sum_{j=1}^{n} v_j^2}} \right)
    \end{aligned}
    $$

    dw (n, *): $\frac{\partial L}{\partial w_i}$
        en: partial derivative with respect to each weight, from the layer above
        zh: 损失对每个权重的偏导数，由后一层传来
    v (n, *): $v_i$
        en: gives the direction of the weights of a unit, here one
        zh: 给出一个单元的权重的方向，式中只有一个单元
    g (...): $g$
        en: gives their length, a number for each unit
        zh: 给出权重的长度，每个单元一个数
    axis (option)
        en: which axis counts the units; None if all of v is one
        zh: 哪个轴数的是单元；None 表示整个 v 是一个单元
    -> dg (...): $\frac{\partial L}{\partial g}$
        en: partial derivative with respect to the length
        zh: 对长度的偏导数
    -> dv (n, *): $\frac{\partial L}{\partial v_i}$
        en: partial derivative with respect to the direction; orthogonal to v
        zh: 对方向的偏导数，与 v 正交

    Source:
        en: Salimans & Kingma 2016, arXiv:1602.07868, eq. 3
        zh: Salimans & Kingma 2016，arXiv:1602.07868，式 3
    Raises: ValueError if the shapes do not match or v is empty.

    >>> dw, v = np.array([[1.0, 0.0]]), np.array([[3.0, 4.0]])
    >>> dg, dv = weight_norm_backward(dw, v, g=np.array([10.0]))
    >>> print(dg.round(4), dv.round(4))
    [0.6] [[ 1.28 -0.96]]
    """
    others = tuple(a for a in range(v.ndim) if a != axis)
    length = np.sqrt(np.sum(v**2, axis=others, keepdims=True))
    dg = np.sum(dw * v, axis=others, keepdims=True) / length
    dv = np.reshape(g, length.shape) / length * (dw - dg * v / length)
    return np.reshape(dg, np.shape(g)), dv


@checked
def spectral_norm(W, u):
    r"""Spectral normalization, one step of power iteration
    谱归一化（幂迭代的一步）

    $$
    \begin{aligned}
    b_j &= \sum_{i=1}^{k} W_{ij} u_i, \qquad v_j = \frac{b_j}{\sqrt{\sum_{l=1}^{n} b_l^2}} \\
    a_i &= \sum_{j=1}^{n} W_{ij} v_j, \qquad u'_i = \frac{a_i}{\sqrt{\sum_{q=1}^{k} a_q^2}} \\
    \bar W_{ij} &= \frac{W_{ij}}{\sum_{q=1}^{k} \sum_{l=1}^{n} u'_q W_{ql} v_l}
    \end{aligned}
    $$

    W (k, *): $W_{ij}$
        en: weights of a layer with n inputs and k outputs; a kernel (k, D, P, Q) counts as a matrix
            (k, DPQ)
        zh: 一层的权重，n 个输入，k 个输出；卷积核 (k, D, P, Q) 看作矩阵 (k, DPQ)
    u (k,): $u_i$
        en: estimate of the first left singular vector, from the step before
        zh: 上一步得到的第一左奇异向量的估计
    b (*): $b_j$
        en: u through the weights, backwards
        zh: u 反向通过权重
    v (*): $v_j$
        en: estimate of the first right singular vector
        zh: 第一右奇异向量的估计
    a (k,): $a_i$
        en: v through the weights
        zh: v 通过权重
    -> W_bar (k, *): $\bar W_{ij}$
        en: weights whose largest singular value is about 1
        zh: 最大奇异值约为 1 的权重
    -> u_next (k,): $u'_i$
        en: better estimate, for the next step
        zh: 更好的估计，留给下一步

    Source:
        en: Miyato et al. 2018, arXiv:1802.05957, Algorithm 1
        zh: Miyato et al. 2018，arXiv:1802.05957，算法 1
    Raises: ValueError if the shapes do not match or are empty.
    Note:
        en: The denominator is the estimate of the largest singular value.
        zh: 分母就是最大奇异值的估计。
    Note:
        en: One step per training step is enough, because the weights change little from one to the
            next. A step shrinks the error of u by the second singular value over the first,
            squared.
        zh: 每个训练步做一步就够，因为权重每次变化不大。每走一步，u 的误差乘以第二奇异值与第一奇异值
            之比的平方。

    >>> W, u = np.array([[2.0, 0.0], [0.0, 1.0]]), np.array([0.6, 0.8])
    >>> W_bar, u = spectral_norm(W, u)
    >>> print(W_bar.round(4).tolist(), u.round(4))
    [[1.1402, 0.0], [0.0, 0.5701]] [0.9487 0.3162]
    >>> for _ in range(19):
    ...     W_bar, u = spectral_norm(W, u)
    >>> print(W_bar.round(4).tolist(), u.round(4))
    [[1.0, 0.0], [0.0, 0.5]] [1. 0.]
    """
    matrix = W.reshape(len(W), W.size // len(W))
    b = u @ matrix
    v = b / np.sqrt(b @ b)
    a = matrix @ v
    u_next = a / np.sqrt(a @ a)
    return W / (u_next @ matrix @ v), u_next


@checked
def spectral_norm_regularization(W, lam):
    r"""Spectral norm regularization, and its gradient
    谱范数正则化及其梯度

    $$
    \begin{aligned}
    \sigma &= \sum_{i=1}^{k} \sum_{j=1}^{n} u_i W_{ij} v_j \\
    R &= \frac{\lambda}{2} \sigma^2 \\
    \frac{\partial R}{\partial W_{ij}} &= \lambda \sigma u_i v_j
    \end{aligned}
    $$

    W (k, *): $W_{ij}$
        en: weights of a layer with n inputs and k outputs; a kernel (k, D, P, Q) counts as a matrix
            (k, DPQ)
        zh: 一层的权重，n 个输入，k 个输出；卷积核 (k, D, P, Q) 看作矩阵 (k, DPQ)
    lam (): $\lambda$
        en: strength
        zh: 强度
    u (k,): $u_i$
        en: first left singular vector
        zh: 第一左奇异向量
    sigma (): $\sigma$
        en: largest singular value
        zh: 最大奇异值
    v (*): $v_j$
        en: first right singular vector
        zh: 第一右奇异向量
    -> R (): $R$
        en: what is added to the loss
        zh: 加到损失上的一项
    -> dW (k, *): $\frac{\partial R}{\partial W_{ij}}$
        en: its partial derivative with respect to each weight
        zh: 它对每个权重的偏导数

    Source:
        en: Yoshida & Miyato 2017, arXiv:1705.10941, §3.2
        zh: Yoshida & Miyato 2017，arXiv:1705.10941，§3.2
    Raises: ValueError if W is empty.
    Note:
        en: This pulls the largest singular value down a little at each step; spectral normalization
            sets it to 1.
        zh: 它每一步只把最大奇异值往下拉一点；谱归一化则直接把它变成 1。

    >>> W = np.array([[2.0, 0.0], [0.0, 1.0]])
    >>> R, dW = spectral_norm_regularization(W, lam=0.1)
    >>> print(round(R, 6), dW.round(6))
    0.2 [[0.2 0. ]
     [0.  0. ]]
    """
    U, S, Vt = np.linalg.svd(W.reshape(len(W), W.size // len(W)))
    u, sigma, v = U[:, 0], S[0], Vt[0]
    dW = lam * sigma * np.outer(u, v)
    return lam / 2 * sigma**2, dW.reshape(W.shape)

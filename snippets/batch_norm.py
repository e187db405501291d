r"""Batch normalization
批量归一化

Superscript: which example of the batch (r = 1 … m). Subscript: which feature (i = 1 … d).
The variance that normalizes is biased: it divides by m, not m - 1.

Symbols:
    z: $z_i^r$
        en: feature i of example r
        zh: 第 r 个样本的第 i 个特征
    mu: $\mu_i$
        en: batch mean
        zh: 批均值
    var: $\sigma_i^2$
        en: batch variance, biased
        zh: 批方差（有偏）
    eps: $\epsilon$
        en: keeps the root away from 0
        zh: 避免根号下为 0
    z_tilde: $\tilde z_i^r$
        en: normalized feature
        zh: 归一化后的特征
    gamma: $\gamma_i$
        en: learned scale
        zh: 可学习的缩放
    beta: $\beta_i$
        en: learned shift
        zh: 学到的平移
    mu_bar: $\bar\mu_i$
        en: running mean, fixed
        zh: 均值的移动平均，固定不变
    var_bar: $\bar v_i$
        en: running variance, fixed
        zh: 方差的移动平均，固定不变
    dz_hat: $\frac{\partial L}{\partial \hat z_i^r}$
        en: partial derivative of the loss with respect to each output, from the layer above
        zh: 损失对每个输出的偏导数，由后一层传来
    W: $W_{ij}$
        en: weight from input j to feature i
        zh: 从输入 j 到特征 i 的权重
"""

import numpy as np

from snippets._shapes import checked
from snippets.moving_average import population_statistics


@checked
def batch_mean(z):
    r"""Batch mean
    批均值

    $$ \mu_i = \frac{1}{m} \sum_{r=1}^{m} z_i^r $$

    z (m, d)
    -> (d,): $\mu_i$
        en: mean of feature i over the batch
        zh: 第 i 个特征在这一批上的均值

    Source:
        en: Ioffe & Szegedy 2015, arXiv:1502.03167, Algorithm 1, line 1 · Hung-yi Lee 2021, slide 6
        zh: Ioffe & Szegedy 2015，arXiv:1502.03167，算法 1 第 1 行 · 李宏毅 2021，幻灯片第 6 页
    Raises: ValueError if z is not a batch of feature vectors, or is empty.
    Trap:
        en: With several features the rows are added one by one, in the type they have: 1000000 rows
            of 0.1 in float32 get the mean 0.101, and 4096 rows of 1 in float16 get 0.5. Use float64
            for very long tables.
        zh: 有多个特征时，各行按输入的类型依次相加：float32 下 1000000 行 0.1 的均值算成 0.101，
            float16 下 4096 行 1 的均值算成 0.5。行数很多时请用 float64。

    >>> z = np.array([[1.0, 20.0], [4.0, 20.0], [10.0, 50.0]])
    >>> print(batch_mean(z))
    [ 5. 30.]
    """
    return np.sum(z, axis=0) / len(z)


@checked
def batch_variance(z):
    r"""Batch variance
    批方差

    $$ \sigma_i^2 = \frac{1}{m} \sum_{r=1}^{m} (z_i^r - \mu_i)^2 $$

    z (m, d)
    mu (d,)
    -> (d,): $\sigma_i^2$
        en: variance of feature i over the batch, biased
        zh: 第 i 个特征在这一批上的方差（有偏）

    Source:
        en: Ioffe & Szegedy 2015, arXiv:1502.03167, Algorithm 1, line 2 · Hung-yi Lee 2021, slide 6
        zh: Ioffe & Szegedy 2015，arXiv:1502.03167，算法 1 第 2 行 · 李宏毅 2021，幻灯片第 6 页
    Raises: ValueError if z is not a batch of feature vectors, or is empty.
    Trap:
        en: The mean square minus the squared mean gives −16 in float32 when the mean is 10000 and
            the variance 1.0038; the code subtracts the mean first.
        zh: 用平方的均值减去均值的平方，在 float32 下均值为 10000、方差为 1.0038 时会得到 −16；
            代码先减去均值。
    Trap:
        en: `np.var` divides by $m$, `torch.var` by $m - 1$: for 1, 2, 4 they give 1.556 and 2.333.
            The code divides by $m$.
        zh: `np.var` 除以 $m$，`torch.var` 除以 $m - 1$：对 1、2、4 分别得到 1.556 和 2.333。
            代码除以 $m$。

    >>> z = np.array([[1.0, 20.0], [4.0, 20.0], [10.0, 50.0]])
    >>> print(batch_variance(z))
    [ 14. 200.]
    """
    mu = batch_mean(z)
    return np.sum((z - mu) ** 2, axis=0) / len(z)


@checked
def batch_normalize(z, mu, var, eps=1e-5):
    r"""Normalize a batch
    对一批做归一化

    $$ \tilde z_i^r = \frac{z_i^r - \mu_i}{\sqrt{\sigma_i^2 + \epsilon}} $$

    z (m, d)
    mu (d,)
        en: mean of each feature
        zh: 每个特征的均值
    var (d,)
        en: variance of each feature
        zh: 每个特征的方差
    eps ()
    -> (m, d): $\tilde z_i^r$
        en: normalized feature
        zh: 归一化后的特征

    Source:
        en: Ioffe & Szegedy 2015, arXiv:1502.03167, Algorithm 1, line 3 · Hung-yi Lee 2021, slide 7
            (without ε)
        zh: Ioffe & Szegedy 2015，arXiv:1502.03167，算法 1 第 3 行 · 李宏毅 2021，幻灯片第 7 页（没
            有 ε）
    Raises: ValueError if the shapes do not match or the batch is empty.
    Trap:
        en: ε belongs inside the root. With $\sigma_i = 0.001$ and ε = 1e-5, a value 0.001
            above the mean becomes 0.3015; with ε outside it would be 0.990.
        zh: ε 要放在根号里面。$\sigma_i = 0.001$、ε = 1e-5 时，比均值大 0.001 的值变成 0.3015；
            放在根号外面，就会是 0.990。
    Trap:
        en: With ε = 0 a constant feature is 0/0 and becomes nan. PyTorch refuses ε = 0 in training;
            the code does not.
        zh: ε = 0 时，常数特征成了 0/0，结果是 nan。PyTorch 训练时不接受 ε = 0，这里的代码不拦。

    >>> z = np.array([[1.0, 20.0], [4.0, 20.0], [10.0, 50.0]])
    >>> print(batch_normalize(z, mu=batch_mean(z), var=batch_variance(z)).round(4))
    [[-1.069  -0.7071]
     [-0.2673 -0.7071]
     [ 1.3363  1.4142]]
    """
    return (z - mu) / np.sqrt(var + eps)


@checked
def scale_and_shift(z_tilde, gamma, beta):
    r"""Scale and shift
    缩放与平移

    $$ \hat z_i^r = \gamma_i \tilde z_i^r + \beta_i $$

    z_tilde (m, d)
    gamma (d,)
        en: learned scale, 1 at the start
        zh: 可学习的缩放，初始为 1
    beta (d,)
        en: learned shift, 0 at the start
        zh: 可学习的平移，初始为 0
    -> (m, d): $\hat z_i^r$
        en: output
        zh: 输出

    Source:
        en: Ioffe & Szegedy 2015, arXiv:1502.03167, Algorithm 1, line 4 · Hung-yi Lee 2021, slide 8
        zh: Ioffe & Szegedy 2015，arXiv:1502.03167，算法 1 第 4 行 · 李宏毅 2021，幻灯片第 8 页
    Raises: ValueError if the shapes do not match or the batch is empty.

    >>> z_tilde = np.array([[-1.0, 0.5], [1.0, -0.5]])
    >>> gamma, beta = np.array([2.0, 1.0]), np.array([10.0, 0.0])
    >>> print(scale_and_shift(z_tilde, gamma, beta))
    [[ 8.   0.5]
     [12.  -0.5]]
    """
    return gamma * z_tilde + beta


@checked
def batch_norm_train(z, gamma=1.0, beta=0.0, eps=1e-5):
    r"""Batch normalization in training (Algorithm 1)
    训练时的批量归一化（算法 1）

    $$
    \begin{aligned}
    \mu_i &= \frac{1}{m} \sum_{r=1}^{m} z_i^r \\
    \sigma_i^2 &= \frac{1}{m} \sum_{r=1}^{m} (z_i^r - \mu_i)^2 \\
    \tilde z_i^r &= \frac{z_i^r - \mu_i}{\sqrt{\sigma_i^2 + \epsilon}} \\
    \hat z_i^r &= \gamma_i \tilde z_i^r + \beta_i
    \end{aligned}
    $$

    z (m > 1, d)
    gamma (d,)
        en: learned scale; 1 if left out
        zh: 可学习的缩放，省略时为 1
    beta (d,)
        en: learned shift; 0 if left out
        zh: 可学习的平移，省略时为 0
    eps ()
    mu (d,)
    var (d,)
    z_tilde (m, d)
    -> (m, d): $\hat z_i^r$
        en: output
        zh: 输出

    Source:
        en: Ioffe & Szegedy 2015, arXiv:1502.03167, Algorithm 1
        zh: Ioffe & Szegedy 2015，arXiv:1502.03167，算法 1
    Raises: ValueError if the shapes do not match, the batch is empty or has one example only.
    Note:
        en: A batch of one is refused, as PyTorch does: its output would be $\beta_i$ whatever the
            input. Feature maps (N, C, H, W): `batch_norm_2d`.
        zh: 批大小为 1 时拒绝计算，与 PyTorch 一致：否则无论输入是什么，输出都是 $\beta_i$。特征图
            (N, C, H, W) 用 `batch_norm_2d`。
    Trap:
        en: ε counts when the inputs are small: 1 and −1 become ±1.0, but 0.001 and −0.001 only
            ±0.3015. Scale ε along with the square of the inputs.
        zh: 输入很小时 ε 就不可忽略：1 和 −1 变成 ±1.0，而 0.001 和 −0.001 只变成 ±0.3015。
            ε 应随输入的平方一起缩放。
    Trap:
        en: float16 ends at 65504, which is less than the square of 300: a batch of 300, 0, −300
            becomes all 0 instead of 1.225, 0, −1.225. Use float32 or float64.
        zh: float16 最大到 65504，还不到 300 的平方：一批 300、0、−300 全变成 0，而不是 1.225、0、
            −1.225。请用 float32 或 float64。

    >>> z = np.array([[1.0, 20.0], [4.0, 20.0], [10.0, 50.0]])
    >>> gamma, beta = np.array([1.0, 2.0]), np.array([0.0, 5.0])
    >>> print(batch_norm_train(z, gamma, beta).round(4))
    [[-1.069   3.5858]
     [-0.2673  3.5858]
     [ 1.3363  7.8284]]
    """
    mu, var = batch_mean(z), batch_variance(z)
    z_tilde = batch_normalize(z, mu, var, eps)
    return gamma * z_tilde + beta


@checked
def batch_norm_inference(z, mu_bar, var_bar, gamma=1.0, beta=0.0, eps=1e-5):
    r"""Batch normalization in inference
    推理时的批量归一化

    $$ \hat z_i^r = \gamma_i \frac{z_i^r - \bar\mu_i}{\sqrt{\bar v_i + \epsilon}} + \beta_i $$

    z (m, d, *)
        en: feature i of example r; one example is enough. Or channel i of image r, at any position
        zh: 第 r 个样本的第 i 个特征；一个样本就够。也可以是第 r 幅图的第 i 个通道，位置任意
    mu_bar (d,)
    var_bar (d,)
    gamma (d,)
        en: learned scale; 1 if left out
        zh: 学到的缩放，省略时为 1
    beta (d,)
        en: learned shift; 0 if left out
        zh: 学到的平移，省略时为 0
    eps ()
    -> (m, d, *): $\hat z_i^r$
        en: output
        zh: 输出

    Source:
        en: Ioffe & Szegedy 2015, arXiv:1502.03167, Algorithm 2, line 11 · Hung-yi Lee 2021, slide 9
        zh: Ioffe & Szegedy 2015，arXiv:1502.03167，算法 2 第 11 行 · 李宏毅 2021，幻灯片第 9 页
    Raises: ValueError if the shapes do not match or there is no example.
    Note:
        en: The paper multiplies out to one scale and one offset; the same value, but it cancels
            digits when the mean is large, so the code subtracts first.
        zh: 论文把它展开成一次乘法加一个常数；数学上相等，但均值很大时会损失有效数字，
            所以代码先做减法。
    Trap:
        en: Libraries differ in ε: PyTorch and the code use 0.00001, Keras 0.001. With
            $\bar v_i = 0.0001$ the outputs differ by a factor of 3.16, so take ε over with the
            weights.
        zh: 各个库的 ε 不同：PyTorch 和这里用 0.00001，Keras 用 0.001。$\bar v_i = 0.0001$ 时，
            输出相差 3.16 倍，所以迁移权重时 ε 也要一起带上。
    Trap:
        en: Unsigned integers wrap around: in uint8, 1 minus 2 is 255. Imported from `snippets` the
            function converts them; a copy does not, so keep the running mean in floats.
        zh: 无符号整数会回绕：uint8 下 1 减 2 得 255。从 `snippets` 导入的函数会先转换类型，复制出
            去的代码不会，所以均值的移动平均请用浮点数。

    >>> z = np.array([[4.0, 20.0]])
    >>> mu_bar, var_bar = np.array([5.0, 30.0]), np.array([14.0, 200.0])
    >>> gamma, beta = np.array([1.0, 2.0]), np.array([0.0, 5.0])
    >>> print(batch_norm_inference(z, mu_bar, var_bar, gamma, beta).round(4))
    [[-0.2673  3.5858]]
    """
    z = np.moveaxis(z, 1, -1)  # features last
    z_tilde = (z - mu_bar) / np.sqrt(var_bar + eps)
    return np.moveaxis(gamma * z_tilde + beta, -1, 1)


@checked
def variance_as_difference(z):
    r"""Variance as a difference
    方差写成两项之差

    $$
    \begin{aligned}
    \sigma_i^2 &= \frac{1}{m} \sum_{r=1}^{m} (z_i^r - \mu_i)^2 \\
    &= \frac{1}{m} \sum_{r=1}^{m} (z_i^r)^2 - 2 \mu_i \frac{1}{m} \sum_{r=1}^{m} z_i^r + \mu_i^2 \\
    &= \frac{1}{m} \sum_{r=1}^{m} (z_i^r)^2 - \mu_i^2
    \end{aligned}
    $$

    z (m, d)
    mu (d,)
    -> (d,): $\sigma_i^2$
        en: variance of feature i over the batch, biased
        zh: 第 i 个特征在这一批上的方差（有偏）

    Source:
        en: a textbook identity, written out
        zh: 教科书上的恒等式，逐步写出
    Raises: ValueError if z is not a batch of feature vectors, or is empty.
    Note:
        en: Equal on paper only. The code computes the first line; the last one cancels digits when
            the mean is large.
        zh: 只在纸面上相等。代码算的是第一行；均值很大时，最后一行会让有效数字相消。
    Trap:
        en: In float32, with the mean 10000 and the variance 1.0038, the last line gives −16 and its
            root is nan; the first line, which the code computes, gives 1.0038.
        zh: float32 下均值为 10000、方差为 1.0038 时，最后一行得到 −16，开方就是 nan；
            代码算的第一行得到 1.0038。

    >>> z = np.array([[1.0, 20.0], [4.0, 20.0], [10.0, 50.0]])
    >>> print(variance_as_difference(z))
    [ 14. 200.]
    """
    mu = batch_mean(z)
    return np.mean((z - mu) ** 2, axis=0)


@checked
def batch_norm_inference_affine(z, mu_bar, var_bar, gamma, beta, eps=1e-5):
    r"""Inference as one multiplication and one addition
    推理就是一次乘法和一次加法

    $$
    \begin{aligned}
    \hat z_i^r &= \gamma_i \frac{z_i^r - \bar\mu_i}{\sqrt{\bar v_i + \epsilon}} + \beta_i \\
    &= \frac{\gamma_i}{\sqrt{\bar v_i + \epsilon}} z_i^r
        + \left( \beta_i - \frac{\gamma_i \bar\mu_i}{\sqrt{\bar v_i + \epsilon}} \right)
    \end{aligned}
    $$

    z (m, d)
    mu_bar (d,)
    var_bar (d,)
    gamma (d,)
        en: learned scale
        zh: 学到的缩放
    beta (d,)
    eps ()
    -> (m, d): $\hat z_i^r$
        en: output
        zh: 输出

    Source:
        en: Ioffe & Szegedy 2015, arXiv:1502.03167, Algorithm 2, line 11
        zh: Ioffe & Szegedy 2015，arXiv:1502.03167，算法 2 第 11 行
    Raises: ValueError if the shapes do not match or there is no example.
    Trap:
        en: When the mean is large, two large numbers nearly cancel: in float32 at the mean 10000
            the error is more than 100 times that of subtracting first.
        zh: 均值很大时，两个大数几乎相消：float32 下均值为 10000 时，误差是先做减法的 100 倍以上。

    >>> z = np.array([[4.0, 20.0]])
    >>> mu_bar, var_bar = np.array([5.0, 30.0]), np.array([14.0, 200.0])
    >>> gamma, beta = np.array([1.0, 2.0]), np.array([0.0, 5.0])
    >>> print(batch_norm_inference_affine(z, mu_bar, var_bar, gamma, beta).round(4))
    [[-0.2673  3.5858]]
    """
    scale = gamma / np.sqrt(var_bar + eps)
    return scale * z + (beta - scale * mu_bar)


@checked
def batch_norm_identity(z, eps=1e-5):
    r"""The γ and β that undo the normalization
    抵消归一化的 γ 与 β

    $$
    \begin{aligned}
    \gamma_i &= \sqrt{\sigma_i^2 + \epsilon}, \quad \beta_i = \mu_i \\
    \hat z_i^r &= \gamma_i \frac{z_i^r - \mu_i}{\sqrt{\sigma_i^2 + \epsilon}} + \beta_i = z_i^r
    \end{aligned}
    $$

    z (m > 1, d)
    eps ()
    mu (d,)
    var (d,)
    -> gamma (d,)
        en: the scale that undoes it
        zh: 恰好抵消的缩放
    -> beta (d,)
        en: the shift that undoes it
        zh: 恰好抵消的平移
    -> z_hat (m, d): $\hat z_i^r$
        en: output: the input again
        zh: 输出，就是原来的输入

    Source:
        en: Ioffe & Szegedy 2015, arXiv:1502.03167, §3 (without ε)
        zh: Ioffe & Szegedy 2015，arXiv:1502.03167，§3（没有 ε）
    Raises: ValueError if z is not a batch of feature vectors, is empty or has one example only.

    >>> z = np.array([[1.0, 20.0], [4.0, 20.0], [10.0, 50.0]])
    >>> gamma, beta, z_hat = batch_norm_identity(z)
    >>> print(gamma.round(4), beta, z_hat, sep="\n")
    [ 3.7417 14.1421]
    [ 5. 30.]
    [[ 1. 20.]
     [ 4. 20.]
     [10. 50.]]
    """
    mu, var = batch_mean(z), batch_variance(z)
    gamma, beta = np.sqrt(var + eps), mu
    z_hat = batch_norm_train(z, gamma, beta, eps)
    return gamma, beta, z_hat


@checked
def batch_norm_jacobian(z, eps=1e-5):
    r"""How one example moves the others
    一个样本如何牵动其他样本

    $$
    \begin{aligned}
    \tilde z^r &= \frac{z^r - \mu}{\sqrt{\sigma^2 + \epsilon}} \\
    \frac{\partial \tilde z^r}{\partial z^s} &= \frac{1}{\sqrt{\sigma^2 + \epsilon}}
        \left( \delta_{rs} - \frac{1}{m} - \frac{\tilde z^r \tilde z^s}{m} \right)
    \end{aligned}
    $$

    z (m,): $z^r$
        en: one feature of example r
        zh: 第 r 个样本的某一个特征
    eps ()
    mu (): $\mu$
        en: mean over the batch
        zh: 这一批上的均值
    var (): $\sigma^2$
        en: variance over the batch, biased
        zh: 这一批上的方差（有偏）
    z_tilde (m,): $\tilde z^r$
        en: normalized feature
        zh: 归一化后的特征
    -> (m, m): $\frac{\partial \tilde z^r}{\partial z^s}$
        en: Jacobian: row r, column s
        zh: Jacobian 矩阵：第 r 行第 s 列

    Source:
        en: the definition, differentiated · the coupling: Hung-yi Lee 2021, slide 7
        zh: 由定义求导 · 样本间的牵连：李宏毅 2021，幻灯片第 7 页
    Raises: ValueError if z is not one feature of a batch, or is empty.
    Note:
        en: $\delta_{rs}$ is 1 if r = s, else 0. With ε the formula keeps its form, if ε is under
            every root.
        zh: $\delta_{rs}$ 当 r = s 时为 1，否则为 0。有 ε 时形式不变，只要每个根号下都有它。

    >>> print(batch_norm_jacobian(np.array([1.0, 4.0, 10.0])).round(4))
    [[ 0.0764 -0.1145  0.0382]
     [-0.1145  0.1718 -0.0573]
     [ 0.0382 -0.0573  0.0191]]
    """
    m, mu, var = len(z), np.mean(z), np.var(z)
    sigma = np.sqrt(var + eps)
    z_tilde = (z - mu) / sigma
    one = np.eye(m, dtype=z.dtype)
    return (one - 1 / m - np.outer(z_tilde, z_tilde) / m) / sigma


@checked
def batch_norm_backward(dz_hat, z, gamma, eps=1e-5):
    r"""Batch normalization, backward
    批量归一化的反向传播

    $$
    \begin{aligned}
    \frac{\partial L}{\partial \tilde z_i^r} &= \frac{\partial L}{\partial \hat z_i^r}\,\gamma_i \\
    \frac{\partial L}{\partial \sigma_i^2} &= \sum_{r=1}^{m}
        \frac{\partial L}{\partial \tilde z_i^r} (z_i^r - \mu_i)
        \left( -\frac{1}{2} \right) (\sigma_i^2 + \epsilon)^{-3/2} \\
    \frac{\partial L}{\partial \mu_i} &= \sum_{r=1}^{m} \frac{\partial L}{\partial \tilde z_i^r}
        \frac{-1}{\sqrt{\sigma_i^2 + \epsilon}} \\
    \frac{\partial L}{\partial z_i^r} &= \frac{\partial L}{\partial \tilde z_i^r}
        \frac{1}{\sqrt{\sigma_i^2 + \epsilon}}
        + \frac{\partial L}{\partial \sigma_i^2} \frac{2 (z_i^r - \mu_i)}{m}
        + \frac{\partial L}{\partial \mu_i} \frac{1}{m} \\
    \frac{\partial L}{\partial \gamma_i} &= \sum_{r=1}^{m}
        \frac{\partial L}{\partial \hat z_i^r}\,\tilde z_i^r \\
    \frac{\partial L}{\partial \beta_i} &= \sum_{r=1}^{m} \frac{\partial L}{\partial \hat z_i^r}
    \end{aligned}
    $$

    dz_hat (m, d)
    z (m, d)
    gamma (d,)
    eps ()
    mu (d,)
    var (d,)
    z_tilde (m, d)
    dz_tilde (m, d): $\frac{\partial L}{\partial \tilde z_i^r}$
        en: partial derivative with respect to the normalized feature
        zh: 对归一化后的特征的偏导数
    dvar (d,): $\frac{\partial L}{\partial \sigma_i^2}$
        en: partial derivative with respect to the variance
        zh: 对方差的偏导数
    dmu (d,): $\frac{\partial L}{\partial \mu_i}$
        en: partial derivative with respect to the mean
        zh: 对均值的偏导数
    -> dz (m, d): $\frac{\partial L}{\partial z_i^r}$
        en: partial derivative with respect to the input
        zh: 对输入的偏导数
    -> dgamma (d,): $\frac{\partial L}{\partial \gamma_i}$
        en: partial derivative with respect to γ
        zh: 对 γ 的偏导数
    -> dbeta (d,): $\frac{\partial L}{\partial \beta_i}$
        en: partial derivative with respect to β
        zh: 对 β 的偏导数

    Source:
        en: Ioffe & Szegedy 2015, arXiv:1502.03167, §3
        zh: Ioffe & Szegedy 2015，arXiv:1502.03167，§3
    Raises: ValueError if the shapes do not match or the batch is empty.
    Note:
        en: The paper's third equation has one more term, the partial derivative
            with respect to the variance times
            $\frac{1}{m}\sum_{r=1}^{m} -2(z_i^r - \mu_i)$. It is 0, because differences from the
            mean sum to 0; it is left out here.
        zh: 论文的第三个等式还多一项，即对方差的偏导数乘以
            $\frac{1}{m}\sum_{r=1}^{m} -2(z_i^r - \mu_i)$。与均值之差加起来是 0，所以这一项恒为 0，
            这里略去。

    >>> z = np.array([[1.0, 20.0], [4.0, 30.0], [10.0, 50.0]])
    >>> dz_hat = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    >>> gamma = np.array([1.0, 2.0])
    >>> dz, dgamma, dbeta = batch_norm_backward(dz_hat, z, gamma)
    >>> print(dz.round(4), dgamma.round(4), dbeta, sep="\n")
    [[ 0.0764 -0.0687]
     [-0.1145  0.1031]
     [ 0.0382 -0.0344]]
    [-1.069  -0.2673]
    [1. 1.]
    """
    m, mu, var = len(z), batch_mean(z), batch_variance(z)
    z_tilde, sigma = batch_normalize(z, mu, var, eps), np.sqrt(var + eps)
    dz_tilde = dz_hat * gamma
    dvar = np.sum(dz_tilde * (z - mu), axis=0) * (-1 / 2) * sigma**-3
    dmu = -np.sum(dz_tilde, axis=0) / sigma
    dz = dz_tilde / sigma + dvar * 2 * (z - mu) / m + dmu / m
    return dz, np.sum(dz_hat * z_tilde, axis=0), np.sum(dz_hat, axis=0)


@checked
def batch_norm_backward_simplified(dz_hat, z, gamma, eps=1e-5):
    r"""Batch normalization, backward, in one line
    批量归一化的反向传播：合成一行

    $$
    \begin{aligned}
    \tilde z_i^r &= \frac{z_i^r - \mu_i}{\sqrt{\sigma_i^2 + \epsilon}} \\
    \frac{\partial L}{\partial z_i^r} &= \frac{\gamma_i}{m \sqrt{\sigma_i^2 + \epsilon}}
        \left( m \frac{\partial L}{\partial \hat z_i^r}
        - \sum_{s=1}^{m} \frac{\partial L}{\partial \hat z_i^s}
        - \tilde z_i^r \sum_{s=1}^{m} \frac{\partial L}{\partial \hat z_i^s}\,\tilde z_i^s \right)
    \end{aligned}
    $$

    dz_hat (m, d)
    z (m, d)
    gamma (d,)
    eps ()
    mu (d,)
    var (d,)
    z_tilde (m, d)
    -> (m, d): $\frac{\partial L}{\partial z_i^r}$
        en: partial derivative with respect to the input
        zh: 对输入的偏导数

    Source:
        en: the equations of Ioffe & Szegedy 2015, arXiv:1502.03167, §3, put into one
        zh: 由 Ioffe & Szegedy 2015，arXiv:1502.03167，§3 的各式合并而成
    Raises: ValueError if the shapes do not match or the batch is empty.
    Trap:
        en: The gradient of a feature always sums to 0 over the batch. Its sum weighted with
            $\tilde z$ is 0 only for ε = 0: for inputs 1, 0, −1 and the gradient 1, 0, 0 it is
            0.0000225 with ε = 1e-5, and 0.36 with ε = 1.
        zh: 一个特征的梯度在这一批上之和总是 0；以 $\tilde z$ 加权的和只有 ε = 0 时才是 0：输入为
            1、0、−1，传来的梯度为 1、0、0 时，取 ε = 1e-5 得 0.0000225，取 ε = 1 得 0.36。

    >>> z = np.array([[1.0, 20.0], [4.0, 30.0], [10.0, 50.0]])
    >>> dz_hat = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    >>> gamma = np.array([1.0, 2.0])
    >>> print(batch_norm_backward_simplified(dz_hat, z, gamma).round(4))
    [[ 0.0764 -0.0687]
     [-0.1145  0.1031]
     [ 0.0382 -0.0344]]
    """
    m, mu, var = len(z), batch_mean(z), batch_variance(z)
    z_tilde = batch_normalize(z, mu, var, eps)
    along = np.sum(dz_hat * z_tilde, axis=0)
    inner = m * dz_hat - np.sum(dz_hat, axis=0) - z_tilde * along
    return gamma / (m * np.sqrt(var + eps)) * inner


@checked
def weight_scale_invariance(u, W, a, dz_tilde, eps=1e-5):
    r"""Scaling the weights in front of the normalization
    缩放归一化前面的权重

    $$
    \begin{aligned}
    z_i^r &= \sum_{j=1}^{n} W_{ij} u_j^r \\
    \tilde z_i^r &= \frac{a z_i^r - a \mu_i}{\sqrt{a^2 \sigma_i^2 + \epsilon}} =
        \operatorname{sign}(a) \frac{z_i^r - \mu_i}{\sqrt{\sigma_i^2 + \epsilon / a^2}} \\
    \frac{\partial L}{\partial (a W_{ij})} &= \frac{1}{|a|} \sum_{r=1}^{m}
        \frac{u_j^r}{\sqrt{\sigma_i^2 + \epsilon / a^2}}
        \left( \frac{\partial L}{\partial \tilde z_i^r}
        - \frac{1}{m} \sum_{s=1}^{m} \frac{\partial L}{\partial \tilde z_i^s}
        - \frac{\tilde z_i^r}{m} \sum_{s=1}^{m}
        \frac{\partial L}{\partial \tilde z_i^s}\,\tilde z_i^s \right)
    \end{aligned}
    $$

    u (m, n): $u_j^r$
        en: input j of example r
        zh: 第 r 个样本的第 j 个输入
    W (d, n)
    a (): $a$
        en: a number other than 0; the layer uses aW
        zh: 非零的倍数；这一层用的权重是 aW
    dz_tilde (m, d): $\frac{\partial L}{\partial \tilde z_i^r}$
        en: partial derivative of the loss with respect to each normalized feature, from
            the layer above
        zh: 损失对归一化后的特征的偏导数，由后一层传来
    eps ()
    z (m, d)
        en: feature i of example r, if a = 1
        zh: a = 1 时第 r 个样本的第 i 个特征
    mu (d,)
        en: mean of z over the batch
        zh: z 的批均值
    var (d,)
        en: variance of z over the batch, biased
        zh: z 的批方差（有偏）
    -> z_tilde (m, d)
    -> dW (d, n): $\frac{\partial L}{\partial (a W_{ij})}$
        en: gradient of the weights in use
        zh: 所用权重的梯度

    Source:
        en: Ioffe & Szegedy 2015, arXiv:1502.03167, §3.3 (without ε, a > 0)
        zh: Ioffe & Szegedy 2015，arXiv:1502.03167，§3.3（没有 ε，a > 0）
    Raises: ValueError if the shapes do not match or the batch is empty.
    Note:
        en: For ε = 0 the output keeps its value, or only changes its sign, and the gradient is
            divided by the size of a. With ε, a acts like another ε: ε divided by a².
        zh: ε = 0 时，输出不变（或只变号），梯度除以 a 的绝对值。有 ε 时，a 的作用相当于把 ε 换成 ε
            除以 a²。
    Trap:
        en: ε breaks the invariance for small weights. With 0.001 times the weights of the example
            and ε = 1e-5, the first output is 0.1857 instead of 0.3922, and the two partial
            derivatives become 265 and 584 times as large, not 1000 times.
        zh: 权重很小时，ε 会破坏这种不变性。ε = 1e-5，把下面例子里的权重缩小到 0.001 倍，
            第一个输出就成了 0.1857，而不是 0.3922；
            两个偏导数各变成 265 倍和 584 倍，而不是 1000 倍。

    >>> u = np.array([[1.0, 0.0], [0.0, 2.0], [3.0, 1.0]])
    >>> W = np.array([[1.0, -1.0]])
    >>> slope = np.array([[1.0], [0.0], [0.0]])
    >>> for a in [1.0, 10.0, -10.0]:
    ...     z_tilde, dW = weight_scale_invariance(u, W, a, dz_tilde=slope)
    ...     print(a, z_tilde.ravel().round(4), dW.round(4))
    1.0 [ 0.3922 -1.3728  0.9806] [[-0.4526 -0.4526]]
    10.0 [ 0.3922 -1.3728  0.9806] [[-0.0453 -0.0453]]
    -10.0 [-0.3922  1.3728 -0.9806] [[-0.0453 -0.0453]]
    """
    z = u @ W.T
    mu, var = batch_mean(z), batch_variance(z)
    z_tilde = a / abs(a) * batch_normalize(z, mu, var, eps / a**2)
    one = np.ones_like(mu)
    dz = batch_norm_backward_simplified(dz_tilde, z, one, eps / a**2)
    return z_tilde, dz.T @ u / abs(a)


@checked
def batch_norm_2d(z, gamma=1.0, beta=0.0, eps=1e-5):
    r"""Batch normalization of feature maps
    特征图的批量归一化

    $$
    \begin{aligned}
    \mu_c &= \frac{1}{NHW} \sum_{n=1}^{N} \sum_{h=1}^{H} \sum_{w=1}^{W} z_{chw}^n \\
    \sigma_c^2 &= \frac{1}{NHW} \sum_{n=1}^{N} \sum_{h=1}^{H}
        \sum_{w=1}^{W} (z_{chw}^n - \mu_c)^2 \\
    \hat z_{chw}^n &= \gamma_c \frac{z_{chw}^n - \mu_c}{\sqrt{\sigma_c^2 + \epsilon}} + \beta_c
    \end{aligned}
    $$

    z (N, C, *): $z_{chw}^n$
        en: value of channel c at row h, column w of image n; any number of axes may follow C
        zh: 第 n 幅图的通道 c 在第 h 行第 w 列的值；C 后面可以有任意多个轴
    gamma (C,): $\gamma_c$
        en: learned scale, one for each channel; 1 if left out
        zh: 可学习的缩放，每个通道一个，省略时为 1
    beta (C,): $\beta_c$
        en: learned shift, one for each channel; 0 if left out
        zh: 可学习的平移，每个通道一个，省略时为 0
    eps ()
    mu (C,): $\mu_c$
        en: mean of channel c over all images and positions
        zh: 通道 c 在所有图、所有位置上的均值
    var (C,): $\sigma_c^2$
        en: variance of channel c, biased
        zh: 通道 c 的方差（有偏）
    -> (N, C, *): $\hat z_{chw}^n$
        en: output
        zh: 输出

    Source:
        en: Ioffe & Szegedy 2015, arXiv:1502.03167, §3.2
        zh: Ioffe & Szegedy 2015，arXiv:1502.03167，§3.2
    Raises: ValueError if the shapes do not match or z is empty.
    Note:
        en: (N, C) is a batch of vectors, (N, C, L) of sequences, (N, C, D, H, W) of volumes. If a
            channel has one value only, the output is $\beta_c$; PyTorch refuses it in training.
        zh: (N, C) 是一批向量，(N, C, L) 是一批序列，(N, C, D, H, W) 是一批三维数据。每个通道只有
            一个值时，输出就是 $\beta_c$；PyTorch 训练时不接受这种输入。

    >>> one = np.array([[1.0, 3.0], [3.0, 5.0]])  # channel 1 of two images
    >>> other = np.array([[3.0, 7.0], [3.0, 7.0]])
    >>> z = np.array([[one, 10 * one], [other, 10 * other]])
    >>> gamma, beta = np.array([1.0, 2.0]), np.array([0.0, 5.0])
    >>> print(*batch_norm_2d(z, gamma, beta).round(4).tolist(), sep="\n")
    [[[-1.5, -0.5], [-0.5, 0.5]], [[2.0, 4.0], [4.0, 6.0]]]
    [[[-0.5, 1.5], [-0.5, 1.5]], [[4.0, 8.0], [4.0, 8.0]]]
    """
    z = np.moveaxis(z, 1, -1)  # channels last
    axes = tuple(range(z.ndim - 1))
    mu, var = np.mean(z, axes), np.var(z, axes)
    z_tilde = (z - mu) / np.sqrt(var + eps)
    return np.moveaxis(gamma * z_tilde + beta, -1, 1)


@checked
def batch_norm_2d_backward(dz_hat, z, gamma, eps=1e-5):
    r"""Batch normalization of feature maps, backward
    特征图批量归一化的反向传播

    $$
    \begin{aligned}
    \frac{\partial L}{\partial \gamma_c} &= \sum_{n=1}^{N} \sum_{h=1}^{H} \sum_{w=1}^{W}
        \frac{\partial L}{\partial \hat z_{chw}^n}
        \frac{z_{chw}^n - \mu_c}{\sqrt{\sigma_c^2 + \epsilon}} \\
    \frac{\partial L}{\partial \beta_c} &= \sum_{n=1}^{N} \sum_{h=1}^{H} \sum_{w=1}^{W}
        \frac{\partial L}{\partial \hat z_{chw}^n} \\
    \frac{\partial L}{\partial z_{chw}^n} &= \frac{\gamma_c}{\sqrt{\sigma_c^2 + \epsilon}}
        \left( \frac{\partial L}{\partial \hat z_{chw}^n}
        - \frac{1}{NHW} \frac{\partial L}{\partial \beta_c}
        - \frac{1}{NHW} \frac{z_{chw}^n - \mu_c}{\sqrt{\sigma_c^2 + \epsilon}}
        \frac{\partial L}{\partial \gamma_c} \right)
    \end{aligned}
    $$

    dz_hat (N, C, *): $\frac{\partial L}{\partial \hat z_{chw}^n}$
        en: partial derivative of the loss with respect to each output, from the layer above
        zh: 损失对每个输出的偏导数，由后一层传来
    z (N, C, *): $z_{chw}^n$
        en: value of channel c at row h, column w of image n; any number of axes may follow C
        zh: 第 n 幅图的通道 c 在第 h 行第 w 列的值；C 后面可以有任意多个轴
    gamma (C,): $\gamma_c$
        en: learned scale, one for each channel
        zh: 可学习的缩放，每个通道一个
    eps ()
    mu (C,): $\mu_c$
        en: mean of channel c over all images and positions
        zh: 通道 c 在所有图、所有位置上的均值
    var (C,): $\sigma_c^2$
        en: variance of channel c, biased
        zh: 通道 c 的方差（有偏）
    -> dz (N, C, *): $\frac{\partial L}{\partial z_{chw}^n}$
        en: partial derivative with respect to the input
        zh: 对输入的偏导数
    -> dgamma (C,): $\frac{\partial L}{\partial \gamma_c}$
        en: partial derivative with respect to γ
        zh: 对 γ 的偏导数
    -> dbeta (C,): $\frac{\partial L}{\partial \beta_c}$
        en: partial derivative with respect to β
        zh: 对 β 的偏导数

    Source:
        en: Ioffe & Szegedy 2015, arXiv:1502.03167, §3, summed over the positions of a channel
            (§3.2)
        zh: Ioffe & Szegedy 2015，arXiv:1502.03167，§3，对一个通道的所有位置求和（§3.2）
    Raises: ValueError if the shapes do not match or z is empty.

    >>> z = np.array([[[1.0, 4.0]], [[10.0, 1.0]]])
    >>> dz_hat = np.array([[[1.0, 0.0]], [[0.0, 0.0]]])
    >>> dz, dgamma, dbeta = batch_norm_2d_backward(dz_hat, z, gamma=np.ones(1))
    >>> print(dz.round(4).tolist(), dgamma.round(4), dbeta)
    [[[0.1588, -0.068]], [[0.0227, -0.1134]]] [-0.8165] [1.]
    """
    dz_hat, z = np.moveaxis(dz_hat, 1, -1), np.moveaxis(z, 1, -1)
    axes, m = tuple(range(z.ndim - 1)), z.size // z.shape[-1]
    mu, var = np.mean(z, axes), np.var(z, axes)
    z_tilde = (z - mu) / np.sqrt(var + eps)
    dgamma, dbeta = np.sum(dz_hat * z_tilde, axes), np.sum(dz_hat, axes)
    inner = dz_hat - dbeta / m - z_tilde * dgamma / m
    dz = gamma / np.sqrt(var + eps) * inner
    return np.moveaxis(dz, -1, 1), dgamma, dbeta


@checked
def batch_norm_algorithm_2(batches, z, gamma, beta, eps=1e-5):
    r"""From training to inference (Algorithm 2)
    从训练到推理（算法 2）

    Step 1:
        en: In training, each batch $z^t$ goes through Algorithm 1 by itself, with $\gamma_i$,
            $\beta_i$ and $\epsilon$: $\hat z^t$.
        zh: 训练时，每一批 $z^t$ 各自走一遍算法 1（用 $\gamma_i$、$\beta_i$ 和 $\epsilon$），得到
            $\hat z^t$。
    Step 2:
        en: Then collect from the batches one mean $\bar\mu_i$ and one variance $\bar v_i$: the mean
            of their means, and $\frac{m}{m-1}$ times the mean of their variances.
        zh: 然后由这些批求出一个均值 $\bar\mu_i$ 和一个方差 $\bar v_i$：前者是各批均值的平均，后者
            是各批方差的平均再乘 $\frac{m}{m-1}$。
    Step 3:
        en: In inference these two stand where the statistics of a batch stood: $\hat z$ from $z$,
            as few examples as there are.
        zh: 推理时，用这两个数代替批的统计量，由 $z$ 得到 $\hat z$，有几个样本都可以。

    batches (T, m > 1, d): $z^t$
        en: batch t, of m examples
        zh: 第 t 批，共 m 个样本
    z (n, d): $z$
        en: examples to come later, one is enough
        zh: 之后才来的样本，一个就够
    gamma (d,): $\gamma_i$
        en: scale, which training has learned
        zh: 训练中学到的缩放
    beta (d,): $\beta_i$
        en: shift, which training has learned
        zh: 训练中学到的平移
    eps ()
    mu_bar (d,): $\bar\mu_i$
        en: mean for inference
        zh: 推理用的均值
    var_bar (d,): $\bar v_i$
        en: variance for inference, unbiased
        zh: 推理用的方差（无偏）
    -> trained (T, m, d): $\hat z^t$
        en: outputs in training
        zh: 训练时的输出
    -> z_hat (n, d): $\hat z$
        en: outputs in inference
        zh: 推理时的输出

    Source:
        en: Ioffe & Szegedy 2015, arXiv:1502.03167, Algorithm 2; the weights do not change here
        zh: Ioffe & Szegedy 2015，arXiv:1502.03167，算法 2；这里的权重保持不变
    Raises: ValueError if the shapes do not match, or a batch has one example only.
    Note:
        en: PyTorch does the same with `momentum=None`: batches in `train()`, then `eval()`.
        zh: PyTorch 设 `momentum=None` 时做的也是这件事：先在 `train()` 下过若干批，再切换到
            `eval()`。

    >>> batches = np.array([[[1.0], [4.0], [10.0]], [[3.0], [6.0], [9.0]]])
    >>> z, one, zero = np.array([[5.5]]), np.ones(1), np.zeros(1)
    >>> trained, z_hat = batch_norm_algorithm_2(batches, z, one, zero)
    >>> print(trained.round(4).tolist(), z_hat)
    [[[-1.069], [-0.2673], [1.3363]], [[-1.2247], [0.0], [1.2247]]] [[0.]]
    """
    # step 1
    trained = [batch_norm_train(b, gamma, beta, eps) for b in batches]
    mu, var = np.mean(batches, axis=1), np.var(batches, axis=1)  # step 2
    mu_bar, var_bar = population_statistics(mu, var, m=batches.shape[1])
    z_hat = batch_norm_inference(z, mu_bar, var_bar, gamma, beta, eps)  # step 3
    return np.stack(trained), z_hat


@checked
def fold_batch_norm_linear(W, b, mu_bar, var_bar, gamma, beta, eps=1e-5):
    r"""Batch normalization folded into a linear layer
    把批量归一化折叠进线性层

    $$
    W'_{ij} = \frac{\gamma_i}{\sqrt{\bar v_i + \epsilon}} W_{ij}, \quad
        b'_i = \frac{\gamma_i}{\sqrt{\bar v_i + \epsilon}} (b_i - \bar\mu_i) + \beta_i
    $$

    W (d, n)
    b (d,): $b_i$
        en: bias of the layer; 0 if it has none
        zh: 这一层的偏置；没有就取 0
    mu_bar (d,)
    var_bar (d,)
    gamma (d,)
        en: learned scale
        zh: 学到的缩放
    beta (d,)
    eps ()
    -> W_new (d, n): $W'_{ij}$
        en: weights of the one layer that replaces both
        zh: 合并成一层之后的权重
    -> b_new (d,): $b'_i$
        en: its bias
        zh: 它的偏置

    Source:
        en: Algorithm 2, line 11 of Ioffe & Szegedy 2015, arXiv:1502.03167, put into the layer
            before
        zh: 由 Ioffe & Szegedy 2015，arXiv:1502.03167，算法 2 第 11 行代入前一层
    Raises: ValueError if the shapes do not match or are empty.

    >>> W, b = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([4.0, 20.0])
    >>> mu_bar, var_bar = np.array([5.0, 30.0]), np.array([14.0, 200.0])
    >>> gamma, beta = np.array([1.0, 2.0]), np.array([0.0, 5.0])
    >>> W_new, b_new = fold_batch_norm_linear(W, b, mu_bar, var_bar, gamma, beta)
    >>> print(W_new.round(4), b_new.round(4), sep="\n")
    [[0.2673 0.5345]
     [0.4243 0.5657]]
    [-0.2673  3.5858]
    """
    scale = gamma / np.sqrt(var_bar + eps)
    return scale[:, None] * W, scale * (b - mu_bar) + beta


@checked
def fold_batch_norm_conv(W, b, mu_bar, var_bar, gamma, beta, eps=1e-5):
    r"""Batch normalization folded into a convolution
    把批量归一化折叠进卷积层

    $$
    K'_{cdhw} = \frac{\gamma_c}{\sqrt{\bar v_c + \epsilon}} K_{cdhw}, \quad
        b'_c = \frac{\gamma_c}{\sqrt{\bar v_c + \epsilon}} (b_c - \bar\mu_c) + \beta_c
    $$

    W (C, D, *): $K_{cdhw}$
        en: kernel of output channel c for input channel d, at row h, column w
        zh: 输出通道 c 对输入通道 d 的卷积核，第 h 行第 w 列
    b (C,): $b_c$
        en: bias of the convolution; 0 if it has none
        zh: 卷积层的偏置；没有就取 0
    mu_bar (C,): $\bar\mu_c$
        en: running mean, fixed
        zh: 均值的移动平均，固定不变
    var_bar (C,): $\bar v_c$
        en: running variance, fixed
        zh: 方差的移动平均，固定不变
    gamma (C,): $\gamma_c$
        en: learned scale
        zh: 学到的缩放
    beta (C,): $\beta_c$
        en: learned shift
        zh: 学到的平移
    eps ()
    -> W_new (C, D, *): $K'_{cdhw}$
        en: kernel of the one layer that replaces both
        zh: 合并成一层之后的卷积核
    -> b_new (C,): $b'_c$
        en: its bias
        zh: 它的偏置

    Source:
        en: Algorithm 2, line 11 of Ioffe & Szegedy 2015, arXiv:1502.03167, put into the layer
            before
        zh: 由 Ioffe & Szegedy 2015，arXiv:1502.03167，算法 2 第 11 行代入前一层
    Raises: ValueError if the shapes do not match or are empty.

    >>> W, b = np.array([[[[1.0, 2.0]]], [[[3.0, 4.0]]]]), np.array([4.0, 20.0])
    >>> mu_bar, var_bar = np.array([5.0, 30.0]), np.array([14.0, 200.0])
    >>> gamma, beta = np.array([1.0, 2.0]), np.array([0.0, 5.0])
    >>> W_new, b_new = fold_batch_norm_conv(W, b, mu_bar, var_bar, gamma, beta)
    >>> print(W_new.round(4).tolist(), b_new.round(4), sep="\n")
    [[[[0.2673, 0.5345]]], [[[0.4243, 0.5657]]]]
    [-0.2673  3.5858]
    """
    scale = gamma / np.sqrt(var_bar + eps)
    return (scale * W.T).T, scale * (b - mu_bar) + beta

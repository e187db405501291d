"""Batch normalization | 批量归一化

Superscript: which example of the batch (r = 1 … m). Subscript: which feature (i = 1 … d).
The variance that normalizes is biased: it divides by m, not m - 1.
"""

import numpy as np

from snippets._shapes import check_shapes


def batch_mean(z):
    r"""Batch mean | 批均值

    $$ \mu_i = \frac{1}{m} \sum_{r=1}^{m} z_i^r $$

    z   (m, d)  $z_i^r$  feature i of example r | 第 r 个样本的第 i 个特征
    ->  (d,)    $\mu_i$  mean of feature i over the batch | 第 i 个特征在这一批上的均值

    Source: Ioffe & Szegedy 2015, arXiv:1502.03167, Algorithm 1, line 1 · Hung-yi Lee 2021, slide 6 | Ioffe & Szegedy 2015，arXiv:1502.03167，算法 1 第 1 行 · 李宏毅 2021，幻灯片第 6 页
    Raises: ValueError if z is not a batch of feature vectors, or is empty.
    Trap: With several features the rows are added one by one, in the type they have: 1000000 rows of 0.1 in float32 get the mean 0.101, and 4096 rows of 1 in float16 get 0.5. Use float64 for very long tables. | 有多个特征时，各行按输入的类型依次相加：float32 下 1000000 行 0.1 的均值算成 0.101，float16 下 4096 行 1 的均值算成 0.5。行数很多时请用 float64。

    >>> z = np.array([[1.0, 20.0], [4.0, 20.0], [10.0, 50.0]])
    >>> print(batch_mean(z))
    [ 5. 30.]
    """
    check_shapes("z (m, d)", z)
    return np.sum(z, axis=0) / len(z)


def batch_variance(z):
    r"""Batch variance | 批方差

    $$ \sigma_i^2 = \frac{1}{m} \sum_{r=1}^{m} (z_i^r - \mu_i)^2 $$

    z   (m, d)  $z_i^r$       feature i of example r | 第 r 个样本的第 i 个特征
    mu  (d,)    $\mu_i$       batch mean | 批均值
    ->  (d,)    $\sigma_i^2$  variance of feature i over the batch, biased | 第 i 个特征在这一批上的方差（有偏）

    Source: Ioffe & Szegedy 2015, arXiv:1502.03167, Algorithm 1, line 2 · Hung-yi Lee 2021, slide 6 | Ioffe & Szegedy 2015，arXiv:1502.03167，算法 1 第 2 行 · 李宏毅 2021，幻灯片第 6 页
    Raises: ValueError if z is not a batch of feature vectors, or is empty.
    Trap: The mean square minus the squared mean gives −16 in float32 when the mean is 10000 and the variance 1.0038; the code subtracts the mean first. | 用平方的均值减去均值的平方，在 float32 下均值为 10000、方差为 1.0038 时会得到 −16；代码先减去均值。
    Trap: `np.var` divides by $m$, `torch.var` by $m - 1$: for 1, 2, 4 they give 1.556 and 2.333. The code divides by $m$. | `np.var` 除以 $m$，`torch.var` 除以 $m - 1$：对 1、2、4 分别得到 1.556 和 2.333。代码除以 $m$。

    >>> z = np.array([[1.0, 20.0], [4.0, 20.0], [10.0, 50.0]])
    >>> print(batch_variance(z))
    [ 14. 200.]
    """
    mu = batch_mean(z)
    return np.sum((z - mu) ** 2, axis=0) / len(z)


def batch_normalize(z, mu, var, eps=1e-5):
    r"""Normalize a batch | 对一批做归一化

    $$ \tilde z_i^r = \frac{z_i^r - \mu_i}{\sqrt{\sigma_i^2 + \epsilon}} $$

    z    (m, d)  $z_i^r$         feature i of example r | 第 r 个样本的第 i 个特征
    mu   (d,)    $\mu_i$         mean of each feature | 每个特征的均值
    var  (d,)    $\sigma_i^2$    variance of each feature | 每个特征的方差
    eps  ()      $\epsilon$      keeps the root away from 0 | 避免根号下为 0
    ->   (m, d)  $\tilde z_i^r$  normalized feature | 归一化后的特征

    Source: Ioffe & Szegedy 2015, arXiv:1502.03167, Algorithm 1, line 3 · Hung-yi Lee 2021, slide 7 (without ε) | Ioffe & Szegedy 2015，arXiv:1502.03167，算法 1 第 3 行 · 李宏毅 2021，幻灯片第 7 页（没有 ε）
    Raises: ValueError if the shapes do not match or the batch is empty.
    Trap: ε belongs inside the root. With $\sigma_i = 0.001$ and ε = 1e-5, a value 1 above the mean becomes 301.5; with ε outside it would be 990. | ε 要放在根号里面。$\sigma_i = 0.001$、ε = 1e-5 时，比均值大 1 的值变成 301.5；放在根号外面，就会是 990。
    Trap: With ε = 0 a constant feature is 0/0 and becomes nan. PyTorch refuses ε = 0 in training; the code does not. | ε = 0 时，常数特征成了 0/0，结果是 nan。PyTorch 训练时不接受 ε = 0，这里的代码不拦。

    >>> z = np.array([[1.0, 20.0], [4.0, 20.0], [10.0, 50.0]])
    >>> print(batch_normalize(z, mu=batch_mean(z), var=batch_variance(z)).round(4))
    [[-1.069  -0.7071]
     [-0.2673 -0.7071]
     [ 1.3363  1.4142]]
    """
    check_shapes("z (m, d), mu (d,), var (d,), eps ()", z, mu, var, eps)
    return (z - mu) / np.sqrt(var + eps)


def scale_and_shift(z_tilde, gamma, beta):
    r"""Scale and shift | 缩放与平移

    $$ \hat z_i^r = \gamma_i \tilde z_i^r + \beta_i $$

    z_tilde  (m, d)  $\tilde z_i^r$  normalized feature | 归一化后的特征
    gamma    (d,)    $\gamma_i$      learned scale, 1 at the start | 可学习的缩放，初始为 1
    beta     (d,)    $\beta_i$       learned shift, 0 at the start | 可学习的平移，初始为 0
    ->       (m, d)  $\hat z_i^r$    output | 输出

    Source: Ioffe & Szegedy 2015, arXiv:1502.03167, Algorithm 1, line 4 · Hung-yi Lee 2021, slide 8 | Ioffe & Szegedy 2015，arXiv:1502.03167，算法 1 第 4 行 · 李宏毅 2021，幻灯片第 8 页
    Raises: ValueError if the shapes do not match or the batch is empty.

    >>> z_tilde = np.array([[-1.0, 0.5], [1.0, -0.5]])
    >>> print(scale_and_shift(z_tilde, gamma=np.array([2.0, 1.0]), beta=np.array([10.0, 0.0])))
    [[ 8.   0.5]
     [12.  -0.5]]
    """
    check_shapes("z_tilde (m, d), gamma (d,), beta (d,)", z_tilde, gamma, beta)
    return gamma * z_tilde + beta


def batch_norm_train(z, gamma, beta, eps=1e-5):
    r"""Batch normalization in training (Algorithm 1) | 训练时的批量归一化（算法 1）

    $$
    \begin{aligned}
    \mu_i &= \frac{1}{m} \sum_{r=1}^{m} z_i^r \\
    \sigma_i^2 &= \frac{1}{m} \sum_{r=1}^{m} (z_i^r - \mu_i)^2 \\
    \tilde z_i^r &= \frac{z_i^r - \mu_i}{\sqrt{\sigma_i^2 + \epsilon}} \\
    \hat z_i^r &= \gamma_i \tilde z_i^r + \beta_i
    \end{aligned}
    $$

    z        (m, d)  $z_i^r$         feature i of example r | 第 r 个样本的第 i 个特征
    gamma    (d,)    $\gamma_i$      learned scale | 可学习的缩放
    beta     (d,)    $\beta_i$       learned shift | 可学习的平移
    eps      ()      $\epsilon$      keeps the root away from 0 | 避免根号下为 0
    mu       (d,)    $\mu_i$         batch mean | 批均值
    var      (d,)    $\sigma_i^2$    batch variance, biased | 批方差（有偏）
    z_tilde  (m, d)  $\tilde z_i^r$  normalized feature | 归一化后的特征
    ->       (m, d)  $\hat z_i^r$    output | 输出

    Source: Ioffe & Szegedy 2015, arXiv:1502.03167, Algorithm 1 | Ioffe & Szegedy 2015，arXiv:1502.03167，算法 1
    Raises: ValueError if the shapes do not match, the batch is empty or has one example only.
    Note: A batch of one raises an error, as PyTorch does: its output would be $\beta_i$ whatever the input. | 批大小为 1 时报错，与 PyTorch 一致：否则无论输入是什么，输出都是 $\beta_i$。
    Trap: ε counts when the inputs are small: 1 and −1 become ±1.0, but 0.001 and −0.001 only ±0.3015. Scale ε along with the square of the inputs. | 输入很小时 ε 就不可忽略：1 和 −1 变成 ±1.0，而 0.001 和 −0.001 只变成 ±0.3015。ε 应随输入的平方一起缩放。
    Trap: float16 ends at 65504, which is less than the square of 300: a batch of 300, 0, −300 becomes all 0 instead of 1.225, 0, −1.225. Use float32 or float64. | float16 最大到 65504，还不到 300 的平方：一批 300、0、−300 全变成 0，而不是 1.225、0、−1.225。请用 float32 或 float64。

    >>> z = np.array([[1.0, 20.0], [4.0, 20.0], [10.0, 50.0]])
    >>> print(batch_norm_train(z, gamma=np.array([1.0, 2.0]), beta=np.array([0.0, 5.0])).round(4))
    [[-1.069   3.5858]
     [-0.2673  3.5858]
     [ 1.3363  7.8284]]
    """
    mu, var = batch_mean(z), batch_variance(z)
    if len(z) == 1:
        raise ValueError("z: expected more than 1 example in a training batch, got 1")
    z_tilde = batch_normalize(z, mu, var, eps)
    return scale_and_shift(z_tilde, gamma, beta)


def batch_norm_inference(z, mu_bar, var_bar, gamma, beta, eps=1e-5):
    r"""Batch normalization in inference | 推理时的批量归一化

    $$ \hat z_i^r = \gamma_i \frac{z_i^r - \bar\mu_i}{\sqrt{\bar v_i + \epsilon}} + \beta_i $$

    z        (m, d)  $z_i^r$        feature i of example r; one example is enough | 第 r 个样本的第 i 个特征；一个样本就够
    mu_bar   (d,)    $\bar\mu_i$    running mean, fixed | 均值的移动平均，固定不变
    var_bar  (d,)    $\bar v_i$     running variance, fixed | 方差的移动平均，固定不变
    gamma    (d,)    $\gamma_i$     learned scale | 学到的缩放
    beta     (d,)    $\beta_i$      learned shift | 学到的平移
    eps      ()      $\epsilon$     keeps the root away from 0 | 避免根号下为 0
    ->       (m, d)  $\hat z_i^r$   output | 输出

    Source: Ioffe & Szegedy 2015, arXiv:1502.03167, Algorithm 2, line 11 · Hung-yi Lee 2021, slide 9 | Ioffe & Szegedy 2015，arXiv:1502.03167，算法 2 第 11 行 · 李宏毅 2021，幻灯片第 9 页
    Raises: ValueError if the shapes do not match or there is no example.
    Note: The paper multiplies out to one scale and one offset; the same value, but it cancels digits when the mean is large, so the code subtracts first. | 论文把它展开成一次乘法加一个常数；数学上相等，但均值很大时会损失有效数字，所以代码先做减法。
    Trap: Libraries differ in ε: PyTorch and the code use 0.00001, Keras 0.001. With $\bar v_i = 0.0001$ the outputs differ by a factor of 3.16, so take ε over with the weights. | 各个库的 ε 不同：PyTorch 和这里用 0.00001，Keras 用 0.001。$\bar v_i = 0.0001$ 时，输出相差 3.16 倍，所以迁移权重时 ε 也要一起带上。
    Trap: Unsigned integers wrap around: in uint8, 1 minus 2 is 255. The code does not convert, so keep the running mean in floats. | 无符号整数会回绕：uint8 下 1 减 2 得 255。代码不做类型转换，均值的移动平均请用浮点数。

    >>> z = np.array([[4.0, 20.0]])
    >>> mu_bar, var_bar = np.array([5.0, 30.0]), np.array([14.0, 200.0])
    >>> print(batch_norm_inference(z, mu_bar, var_bar, gamma=np.array([1.0, 2.0]), beta=np.array([0.0, 5.0])).round(4))
    [[-0.2673  3.5858]]
    """
    check_shapes("z (m, d), mu_bar (d,), var_bar (d,)", z, mu_bar, var_bar)
    z_tilde = batch_normalize(z, mu_bar, var_bar, eps)
    return scale_and_shift(z_tilde, gamma, beta)


def variance_as_difference(z):
    r"""Variance as a difference | 方差写成两项之差

    $$
    \begin{aligned}
    \sigma_i^2 &= \frac{1}{m} \sum_{r=1}^{m} (z_i^r - \mu_i)^2 \\
    &= \frac{1}{m} \sum_{r=1}^{m} (z_i^r)^2 - 2 \mu_i \frac{1}{m} \sum_{r=1}^{m} z_i^r + \mu_i^2 \\
    &= \frac{1}{m} \sum_{r=1}^{m} (z_i^r)^2 - \mu_i^2
    \end{aligned}
    $$

    z   (m, d)  $z_i^r$       feature i of example r | 第 r 个样本的第 i 个特征
    mu  (d,)    $\mu_i$       batch mean | 批均值
    ->  (d,)    $\sigma_i^2$  variance of feature i over the batch, biased | 第 i 个特征在这一批上的方差（有偏）

    Source: a textbook identity, written out | 教科书上的恒等式，逐步写出
    Raises: ValueError if z is not a batch of feature vectors, or is empty.
    Note: Equal on paper only. The code computes the first line; the last one cancels digits when the mean is large. | 只在纸面上相等。代码算的是第一行；均值很大时，最后一行会让有效数字相消。
    Trap: In float32, with the mean 10000 and the variance 1.0038, the last line gives −16 and its root is nan; the first line, which the code computes, gives 1.0038. | float32 下均值为 10000、方差为 1.0038 时，最后一行得到 −16，开方就是 nan；代码算的第一行得到 1.0038。

    >>> z = np.array([[1.0, 20.0], [4.0, 20.0], [10.0, 50.0]])
    >>> print(variance_as_difference(z))
    [ 14. 200.]
    """
    mu = batch_mean(z)
    return np.mean((z - mu) ** 2, axis=0)


def batch_norm_inference_affine(z, mu_bar, var_bar, gamma, beta, eps=1e-5):
    r"""Inference as one multiplication and one addition | 推理就是一次乘法和一次加法

    $$
    \begin{aligned}
    \hat z_i^r &= \gamma_i \frac{z_i^r - \bar\mu_i}{\sqrt{\bar v_i + \epsilon}} + \beta_i \\
    &= \frac{\gamma_i}{\sqrt{\bar v_i + \epsilon}} z_i^r + \left( \beta_i - \frac{\gamma_i \bar\mu_i}{\sqrt{\bar v_i + \epsilon}} \right)
    \end{aligned}
    $$

    z        (m, d)  $z_i^r$        feature i of example r | 第 r 个样本的第 i 个特征
    mu_bar   (d,)    $\bar\mu_i$    running mean, fixed | 均值的移动平均，固定不变
    var_bar  (d,)    $\bar v_i$     running variance, fixed | 方差的移动平均，固定不变
    gamma    (d,)    $\gamma_i$     learned scale | 学到的缩放
    beta     (d,)    $\beta_i$      learned shift | 学到的平移
    eps      ()      $\epsilon$     keeps the root away from 0 | 避免根号下为 0
    ->       (m, d)  $\hat z_i^r$   output | 输出

    Source: Ioffe & Szegedy 2015, arXiv:1502.03167, Algorithm 2, line 11 | Ioffe & Szegedy 2015，arXiv:1502.03167，算法 2 第 11 行
    Raises: ValueError if the shapes do not match or there is no example.
    Trap: When the mean is large, two large numbers nearly cancel: in float32 at the mean 10000 the error is more than 100 times that of subtracting first. | 均值很大时，两个大数几乎相消：float32 下均值为 10000 时，误差是先做减法的 100 倍以上。

    >>> z = np.array([[4.0, 20.0]])
    >>> mu_bar, var_bar = np.array([5.0, 30.0]), np.array([14.0, 200.0])
    >>> y = batch_norm_inference_affine(z, mu_bar, var_bar, gamma=np.array([1.0, 2.0]), beta=np.array([0.0, 5.0]))
    >>> print(y.round(4))
    [[-0.2673  3.5858]]
    """
    check_shapes("z (m, d), mu_bar (d,), var_bar (d,)", z, mu_bar, var_bar)
    check_shapes("gamma (d,), mu_bar (d,), beta (d,), eps ()", gamma, mu_bar, beta, eps)
    scale = gamma / np.sqrt(var_bar + eps)
    return scale * z + (beta - scale * mu_bar)

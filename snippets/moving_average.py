"""Moving averages of batch statistics | 批统计量的移动平均

p is the weight of the old value, as in the lecture. PyTorch's `momentum` is the weight of the new one: momentum = 1 - p.
"""

import numpy as np

from snippets._shapes import check_shapes


def running_mean(mu_bar, mu, p=0.9):
    r"""Running mean | 均值的移动平均

    $$ \bar\mu_i \leftarrow p\,\bar\mu_i + (1 - p)\,\mu_i $$

    mu_bar  (d,)  $\bar\mu_i$  running mean so far | 到目前为止的移动平均
    mu      (d,)  $\mu_i$      mean of the new batch | 新一批的均值
    p       ()    $p$          weight of the old value; PyTorch's momentum is 1 - p | 旧值的权重；PyTorch 的 momentum 是 1 - p
    ->      (d,)  $\bar\mu_i$  running mean after the batch | 加入这一批之后的移动平均

    Source: Hung-yi Lee 2021, Quick Introduction of Batch Normalization, slide 9 | 李宏毅 2021，Quick Introduction of Batch Normalization，幻灯片第 9 页
    Raises: ValueError if the shapes do not match.
    Trap: A small last batch counts like a full one: 64 values of 0 and then 2 of 100 give 10.0, while the mean of all 66 is 3.03. Leave the last, smaller batch out. | 最后的小批与完整的批权重相同：先来 64 个 0，再来 2 个 100，结果是 10.0，而全部 66 个数的均值是 3.03。请丢掉最后那个不满的批。
    Trap: In half precision small steps are lost: in bfloat16, 1 + 0.001 · 0.5 is 1.0, and the average stands still. The code keeps the type it is given: use float32 or float64. | 半精度会丢掉小的更新：bfloat16 下 1 + 0.001 · 0.5 等于 1.0，移动平均停住不动。代码保持输入的类型，请用 float32 或 float64。

    >>> mu_bar = np.array([0.0, 0.0])
    >>> print(running_mean(mu_bar, mu=np.array([12.0, 30.0]), p=0.9).round(4))
    [1.2 3. ]
    """
    check_shapes("mu_bar (d,), mu (d,), p ()", mu_bar, mu, p)
    return p * mu_bar + (1 - p) * mu


def running_variance(var_bar, var, m, p=0.9):
    r"""Running variance | 方差的移动平均

    $$ \bar v_i \leftarrow p\,\bar v_i + (1 - p)\,\frac{m}{m - 1}\,\sigma_i^2 $$

    var_bar  (d,)  $\bar v_i$    running variance so far | 到目前为止的移动平均
    var      (d,)  $\sigma_i^2$  biased variance of the new batch | 新一批的有偏方差
    m        ()    $m$           number of examples in the batch | 批大小
    p        ()    $p$           weight of the old value; PyTorch's momentum is 1 - p | 旧值的权重；PyTorch 的 momentum 是 1 - p
    ->       (d,)  $\bar v_i$    running variance after the batch, unbiased | 加入这一批之后的移动平均（无偏）

    Source: torch.nn.BatchNorm1d · Ioffe & Szegedy 2015, arXiv:1502.03167, Algorithm 2, line 10 (the factor m/(m − 1)) | torch.nn.BatchNorm1d · Ioffe & Szegedy 2015，arXiv:1502.03167，算法 2 第 10 行（系数 m/(m − 1)）
    Raises: ValueError if the shapes do not match or the batch has one example only.
    Note: The lecture averages $\sigma$; PyTorch averages the unbiased $\sigma^2$, and so do we. | 课程对 $\sigma$ 取平均；PyTorch 对无偏的 $\sigma^2$ 取平均，这里与 PyTorch 一致。
    Trap: Averaging the variances of batches leaves out how their means differ: the batches 0, 1 and 10, 11 have the biased variance 0.25 each, all four together 25.25. Shuffle the examples. | 对各批的方差取平均，会漏掉各批均值之间的差别：0、1 和 10、11 这两批的有偏方差都是 0.25，四个数合起来却是 25.25。请先打乱样本。
    Trap: The code expects the biased variance and corrects it: 1, 2, 4 give 2.333. Given the unbiased one, it corrects twice and gives 3.5. | 代码要的是有偏方差，校正由它来做：1、2、4 得到 2.333。如果传入无偏方差，就会校正两次，得到 3.5。

    >>> var_bar = np.array([1.0, 1.0])
    >>> print(running_variance(var_bar, var=np.array([14.0, 200.0]), m=3, p=0.9).round(4))
    [ 3.  30.9]
    """
    check_shapes("var_bar (d,), var (d,), m (), p ()", var_bar, var, m, p)
    if m < 2:
        raise ValueError(f"m: expected more than 1 example in a training batch, got {m}")
    return p * var_bar + (1 - p) * m / (m - 1) * var


def cumulative_average(mu_bar, mu, t):
    r"""Cumulative average | 累积平均

    $$ \bar\mu_i \leftarrow \frac{t}{t + 1}\,\bar\mu_i + \frac{1}{t + 1}\,\mu_i $$

    mu_bar  (d,)  $\bar\mu_i$  mean of the first t batch means | 前 t 个批均值的平均
    mu      (d,)  $\mu_i$      mean of the next batch | 下一批的均值
    t       ()    $t$          how many batches there have been, from 0 | 已经有过多少批，从 0 开始
    ->      (d,)  $\bar\mu_i$  mean of all t + 1 batch means, each with the same weight | 全部 t + 1 个批均值的平均，权重相同

    Source: PyTorch, torch.nn.BatchNorm1d with momentum=None | PyTorch，torch.nn.BatchNorm1d 的 momentum=None
    Raises: ValueError if the shapes do not match or t is negative.

    >>> mu_bar = np.zeros(1)
    >>> for t, mu in enumerate([6.0, 8.0, 13.0]):
    ...     mu_bar = cumulative_average(mu_bar, np.array([mu]), t)
    >>> print(mu_bar)
    [9.]
    """
    check_shapes("mu_bar (d,), mu (d,), t ()", mu_bar, mu, t)
    if t < 0:
        raise ValueError(f"t: expected a number of batches, got {t}")
    return t / (t + 1) * mu_bar + 1 / (t + 1) * mu


def bias_corrected_average(mu_bar, t, p=0.9):
    r"""Moving average, corrected for its start at 0 | 修正了零起点的移动平均

    $$ \hat\mu_i = \frac{\bar\mu_i}{1 - p^t} $$

    mu_bar  (d,)  $\bar\mu_i$  running mean that started at 0 | 从 0 开始的移动平均
    t       ()    $t$          how many batches it has seen, at least 1 | 已经见过多少批，至少为 1
    p       ()    $p$          weight of the old value | 旧值的权重
    ->      (d,)  $\hat\mu_i$  weighted mean of the batch means; the weights sum to 1 | 各批均值的加权平均，权重之和为 1

    Source: Andrew Ng, Improving Deep Neural Networks, bias correction in exponentially weighted averages · Kingma & Ba 2014, arXiv:1412.6980, §3 | 吴恩达《改善深层神经网络》，指数加权平均的偏差修正 · Kingma & Ba 2014，arXiv:1412.6980，§3
    Raises: ValueError if the shapes do not match, t is below 1 or p is not between 0 and 1.
    Note: PyTorch does not correct its running statistics. | PyTorch 不对移动平均做这种修正。

    >>> print(bias_corrected_average(np.array([1.0]), t=1), bias_corrected_average(np.array([6.513215599]), t=10).round(6))
    [10.] [10.]
    """
    check_shapes("mu_bar (d,), t (), p ()", mu_bar, t, p)
    if t < 1 or not 0 <= p < 1:
        raise ValueError(f"t, p: expected t at least 1 and p from 0 to below 1, got {t} and {p}")
    return mu_bar / (1 - p**t)


def average_window(p):
    r"""How far a moving average looks back | 移动平均往回看多远

    $$ W = \frac{1}{1 - p}, \qquad
    \ell = \frac{p}{1 - p}, \qquad
    E = \frac{1 + p}{1 - p} $$

    p       ()  $p$     weight of the old value | 旧值的权重
    -> W    ()  $W$     window: after this many steps a weight has fallen to about 1/e | 窗口：过这么多步，权重降到原来的约 1/e
    -> lag  ()  $\ell$  mean age of what is averaged, in steps | 被平均的值的平均年龄，单位为步
    -> E    ()  $E$     effective sample size: a plain mean of so many values scatters as little | 有效样本数：这么多个等权的值，波动才一样小

    Source: Andrew Ng, Improving Deep Neural Networks, exponentially weighted averages (the window); lag and sample size written out | 吴恩达《改善深层神经网络》，指数加权平均（窗口）；平均年龄和有效样本数由本站写出
    Raises: ValueError if p is not between 0 and 1.

    >>> print(*(round(number, 6) for number in average_window(0.9)))
    10.0 9.0 19.0
    """
    check_shapes("p ()", p)
    if not 0 <= p < 1:
        raise ValueError(f"p: expected a weight from 0 to below 1, got {p}")
    W = 1 / (1 - p)
    lag = p / (1 - p)
    E = (1 + p) / (1 - p)
    return W, lag, E


def population_statistics(mu, var, m):
    r"""Population statistics from several batches (Algorithm 2) | 由若干批得到总体的统计量（算法 2）

    $$ \bar\mu_i = \frac{1}{T} \sum_{t=1}^{T} \mu_i^t, \qquad
    \bar v_i = \frac{m}{m - 1} \cdot \frac{1}{T} \sum_{t=1}^{T} v_i^t $$

    mu             (T, d)  $\mu_i^t$    mean of feature i over batch t | 第 i 个特征在第 t 批上的均值
    var            (T, d)  $v_i^t$      biased variance of feature i over batch t | 第 i 个特征在第 t 批上的有偏方差
    m              ()      $m$          examples in each batch | 每批的样本数
    -> mu_bar      (d,)    $\bar\mu_i$  estimate of the mean | 均值的估计
    -> var_bar     (d,)    $\bar v_i$   unbiased estimate of the variance | 方差的无偏估计

    Source: Ioffe & Szegedy 2015, arXiv:1502.03167, Algorithm 2, line 10 | Ioffe & Szegedy 2015，arXiv:1502.03167，算法 2 第 10 行
    Raises: ValueError if the shapes do not match, there is no batch, or a batch has one example only.
    Trap: The mean of the batch variances is not the variance of all the data: two batches 0, 1 and 10, 11 have the variances 0.25, together 25.25. The rule is for batches drawn at random. | 各批方差的平均不等于全部数据的方差：0、1 和 10、11 两批的方差都是 0.25，合在一起是 25.25。这个算法要求各批是随机抽取的。

    >>> mu_bar, var_bar = population_statistics(np.array([[5.0], [7.0]]), np.array([[14.0], [10.0]]), m=3)
    >>> print(mu_bar, var_bar)
    [6.] [18.]
    """
    check_shapes("mu (T, d), var (T, d), m ()", mu, var, m)
    if m < 2:
        raise ValueError(f"m: expected more than 1 example in each batch, got {m}")
    mu_bar = mu.mean(axis=0)
    var_bar = m / (m - 1) * var.mean(axis=0)
    return mu_bar, var_bar


def merge_statistics(m, mu, var):
    r"""Mean and variance of a batch from its shards | 由各份的统计量合并出整批的均值和方差

    $$
    \begin{aligned}
    M &= \sum_{k=1}^{K} m_k \\
    \mu_i &= \frac{1}{M} \sum_{k=1}^{K} m_k \mu_i^k \\
    v_i &= \frac{1}{M} \sum_{k=1}^{K} m_k \left( v_i^k + (\mu_i^k - \mu_i)^2 \right)
    \end{aligned}
    $$

    m           (K,)    $m_k$      examples in shard k | 第 k 份的样本数
    mu          (K, d)  $\mu_i^k$  mean of feature i over shard k | 第 i 个特征在第 k 份上的均值
    var         (K, d)  $v_i^k$    biased variance of feature i over shard k | 第 i 个特征在第 k 份上的有偏方差
    M           ()      $M$        examples in the whole batch | 整批的样本数
    -> mu_all   (d,)    $\mu_i$    mean over the whole batch | 整批的均值
    -> var_all  (d,)    $v_i$      biased variance over the whole batch | 整批的有偏方差

    Source: Chan, Golub & LeVeque 1983, Algorithms for Computing the Sample Variance · torch.nn.SyncBatchNorm | Chan, Golub & LeVeque 1983，Algorithms for Computing the Sample Variance · torch.nn.SyncBatchNorm
    Raises: ValueError if the shapes do not match or a shard is empty.
    Trap: The plain mean of the shards' variances leaves out how their means differ: the shards 0, 1 and 10, 11 have 0.25 each, the whole batch 25.25. | 直接对各份的方差取平均，会漏掉各份均值之间的差别：0、1 和 10、11 两份的方差都是 0.25，整批是 25.25。

    >>> mu_all, var_all = merge_statistics(np.array([2, 1]), np.array([[1.0], [7.0]]), np.array([[1.0], [0.0]]))
    >>> print(mu_all, var_all.round(4))
    [3.] [8.6667]
    """
    check_shapes("m (K,), mu (K, d), var (K, d)", m, mu, var)
    M = m.sum()
    mu_all = m @ mu / M
    var_all = m @ (var + (mu - mu_all) ** 2) / M
    return mu_all, var_all

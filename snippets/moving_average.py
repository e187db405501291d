"""Moving averages of batch statistics
批统计量的移动平均

p is the weight of the old value, as in the lecture. PyTorch's `momentum` is the weight of the new
one: momentum = 1 - p.

Symbols:
    p: $p$
        en: weight of the old value; PyTorch's momentum is 1 - p
        zh: 旧值的权重；PyTorch 的 momentum 是 1 - p
"""

import numpy as np

from snippets._shapes import checked


@checked
def running_mean(mu_bar, mu, p=0.9):
    r"""Running mean
    均值的移动平均

    $$ \bar\mu_i \leftarrow p\,\bar\mu_i + (1 - p)\,\mu_i $$

    mu_bar (...): $\bar\mu_i$
        en: running mean so far
        zh: 到目前为止的移动平均
    mu (...): $\mu_i$
        en: mean of the new batch
        zh: 新一批的均值
    p () in [0, 1]
    -> (...): $\bar\mu_i$
        en: running mean after the batch
        zh: 加入这一批之后的移动平均

    Source:
        en: Hung-yi Lee 2021, Quick Introduction of Batch Normalization, slide 9
        zh: 李宏毅 2021，Quick Introduction of Batch Normalization，幻灯片第 9 页
    Raises: ValueError if the shapes do not match or p is not between 0 and 1.
    Trap:
        en: A small last batch counts like a full one: 64 values of 0 and then 2 of 100 give 10.0,
            while the mean of all 66 is 3.03. Leave the last, smaller batch out.
        zh: 最后的小批与完整的批权重相同：先来 64 个 0，再来 2 个 100，结果是 10.0，而全部 66 个数的
            均值是 3.03。请丢掉最后那个不满的批。
    Trap:
        en: In half precision small steps are lost: in bfloat16, 1 + 0.001 · 0.5 is 1.0, and the
            average stands still. The code keeps the type it is given: use float32 or float64.
        zh: 半精度会丢掉小的更新：bfloat16 下 1 + 0.001 · 0.5 等于 1.0，移动平均停住不动。
            代码保持输入的类型，请用 float32 或 float64。

    >>> mu_bar, mu = np.array([0.0, 0.0]), np.array([12.0, 30.0])
    >>> print(running_mean(mu_bar, mu, p=0.9).round(4))
    [1.2 3. ]
    """
    return p * mu_bar + (1 - p) * mu


@checked
def running_variance(var_bar, var, m, p=0.9):
    r"""Running variance
    方差的移动平均

    $$ \bar v_i \leftarrow p\,\bar v_i + (1 - p)\,\frac{m}{m - 1}\,\sigma_i^2 $$

    var_bar (...): $\bar v_i$
        en: running variance so far
        zh: 到目前为止的移动平均
    var (...): $\sigma_i^2$
        en: biased variance of the new batch
        zh: 新一批的有偏方差
    m () in [2, inf): $m$
        en: number of examples in the batch
        zh: 批大小
    p () in [0, 1]
    -> (...): $\bar v_i$
        en: running variance after the batch, unbiased
        zh: 加入这一批之后的移动平均（无偏）

    Source:
        en: torch.nn.BatchNorm1d · Ioffe & Szegedy 2015, arXiv:1502.03167, Algorithm 2, line 10 (the
            factor m/(m − 1))
        zh: torch.nn.BatchNorm1d · Ioffe & Szegedy 2015，arXiv:1502.03167，算法 2 第 10 行（系数
            m/(m − 1)）
    Raises: ValueError if the shapes do not match, the batch has one example only, or p is not
        between 0 and 1.
    Note:
        en: The lecture averages $\sigma$; PyTorch averages the unbiased $\sigma^2$, and so do we.
        zh: 课程对 $\sigma$ 取平均；PyTorch 对无偏的 $\sigma^2$ 取平均，这里与 PyTorch 一致。
    Trap:
        en: Averaging the variances of batches leaves out how their means differ: the batches 0, 1
            and 10, 11 have the biased variance 0.25 each, all four together 25.25. Shuffle the
            examples.
        zh: 对各批的方差取平均，会漏掉各批均值之间的差别：0、1 和 10、11 这两批的有偏方差都是 0.25，
            四个数合起来却是 25.25。请先打乱样本。
    Trap:
        en: The code expects the biased variance and corrects it: 1, 2, 4 give 2.333. Given the
            unbiased one, it corrects twice and gives 3.5.
        zh: 代码要的是有偏方差，校正由它来做：1、2、4 得到 2.333。如果传入无偏方差，就会校正两次，
            得到 3.5。

    >>> var_bar, var = np.array([1.0, 1.0]), np.array([14.0, 200.0])
    >>> print(running_variance(var_bar, var, m=3, p=0.9).round(4))
    [ 3.  30.9]
    """
    return p * var_bar + (1 - p) * m / (m - 1) * var


@checked
def update_running_statistics(mu_bar, var_bar, z, momentum=0.1):
    r"""Running statistics after one more batch
    再来一批之后的移动平均

    $$
    \begin{aligned}
    \mu_c &= \frac{1}{NHW} \sum_{n=1}^{N} \sum_{h=1}^{H} \sum_{w=1}^{W} z_{chw}^n \\
    \bar\mu'_c &= (1 - \alpha)\,\bar\mu_c + \alpha\,\mu_c \\
    \bar v'_c &= (1 - \alpha)\,\bar v_c + \alpha\,\frac{1}{NHW - 1} \sum_{n=1}^{N} \sum_{h=1}^{H}
        \sum_{w=1}^{W} (z_{chw}^n - \mu_c)^2
    \end{aligned}
    $$

    mu_bar (C,): $\bar\mu_c$
        en: running mean so far
        zh: 到目前为止的均值的移动平均
    var_bar (C,): $\bar v_c$
        en: running variance so far
        zh: 到目前为止的方差的移动平均
    z (N, C, *): $z_{chw}^n$
        en: value of channel c at row h, column w of image n; any number of axes may follow C
        zh: 第 n 幅图的通道 c 在第 h 行第 w 列的值；C 后面可以有任意多个轴
    momentum () in [0, 1]: $\alpha$
        en: weight of the new value, as in PyTorch: 1 − p
        zh: 新值的权重，与 PyTorch 一致，即 1 − p
    mu (C,): $\mu_c$
        en: mean of channel c over all images and positions
        zh: 通道 c 在所有图、所有位置上的均值
    -> mu_next (C,): $\bar\mu'_c$
        en: running mean after the batch
        zh: 加入这一批之后的均值
    -> var_next (C,): $\bar v'_c$
        en: running variance after the batch, unbiased
        zh: 加入这一批之后的方差（无偏）

    Source:
        en: torch.nn.functional.batch_norm with training=True
        zh: torch.nn.functional.batch_norm，training=True
    Raises: ValueError if the shapes do not match or momentum is not between 0 and 1.
    Note:
        en: A table (m, d) will do, too. The factor m/(m − 1) counts positions: m = NHW.
        zh: 也可以是 (m, d) 的表格。系数 m/(m − 1) 里的 m 要把位置也数进去：m = NHW。

    >>> z = np.array([[[1.0, 4.0]], [[10.0, 1.0]]])  # two sequences, one channel
    >>> print(update_running_statistics(np.zeros(1), np.ones(1), z))
    (array([0.4]), array([2.7]))
    """
    z = np.moveaxis(z, 1, -1)  # channels last
    axes = tuple(range(z.ndim - 1))
    mu, var = np.mean(z, axes), np.var(z, axes, ddof=1)
    mu_next = (1 - momentum) * mu_bar + momentum * mu
    var_next = (1 - momentum) * var_bar + momentum * var
    return mu_next, var_next


@checked
def cumulative_average(mu_bar, mu, t):
    r"""Cumulative average
    累积平均

    $$ \bar\mu_i \leftarrow \frac{t}{t + 1}\,\bar\mu_i + \frac{1}{t + 1}\,\mu_i $$

    mu_bar (...): $\bar\mu_i$
        en: mean of the first t batch means
        zh: 前 t 个批均值的平均
    mu (...): $\mu_i$
        en: mean of the next batch
        zh: 下一批的均值
    t () in [0, inf): $t$
        en: how many batches there have been, from 0
        zh: 已经有过多少批，从 0 开始
    -> (...): $\bar\mu_i$
        en: mean of all t + 1 batch means, each with the same share
        zh: 全部 t + 1 个批均值的平均，份额相同

    Source:
        en: PyTorch, torch.nn.BatchNorm1d with momentum=None
        zh: PyTorch，torch.nn.BatchNorm1d 的 momentum=None
    Raises: ValueError if the shapes do not match or t is negative.

    >>> mu_bar = 0.0
    >>> for t, mu in enumerate([6.0, 8.0, 13.0]):
    ...     mu_bar = cumulative_average(mu_bar, mu, t)
    >>> print(mu_bar)
    9.0
    """
    return t / (t + 1) * mu_bar + 1 / (t + 1) * mu


@checked
def bias_corrected_average(mu_bar, t, p=0.9):
    r"""Moving average, corrected for its start at 0
    修正了零起点的移动平均

    $$ \hat\mu_i = \frac{\bar\mu_i}{1 - p^t} $$

    mu_bar (...): $\bar\mu_i$
        en: running mean that started at 0
        zh: 从 0 开始的移动平均
    t () in [1, inf): $t$
        en: how many batches it has seen, at least 1
        zh: 已经见过多少批，至少为 1
    p () in [0, 1)
        en: share that the old value keeps
        zh: 旧值保留的份额
    -> (...): $\hat\mu_i$
        en: weighted mean of the batch means; the shares sum to 1
        zh: 各批均值的加权平均，份额之和为 1

    Source:
        en: Andrew Ng, Improving Deep Neural Networks, bias correction in exponentially weighted
            averages · Kingma & Ba 2014, arXiv:1412.6980, §3
        zh: 吴恩达《改善深层神经网络》，指数加权平均的偏差修正 · Kingma & Ba 2014，arXiv:1412.6980，
            §3
    Raises: ValueError if the shapes do not match, t is below 1 or p is not between 0 and 1.
    Note:
        en: PyTorch does not correct its running statistics.
        zh: PyTorch 不对移动平均做这种修正。

    >>> for mu_bar, t in [(1.0, 1), (6.513215599, 10)]:  # of batches of mean 10
    ...     print(round(bias_corrected_average(mu_bar, t), 6))
    10.0
    10.0
    """
    return mu_bar / (1 - p**t)


@checked
def average_window(p):
    r"""How far a moving average looks back
    移动平均往回看多远

    $$ \ell = \frac{p}{1 - p}, \qquad
    E = \frac{1 + p}{1 - p} $$

    p () in [0, 1)
        en: share that the old value keeps
        zh: 旧值保留的份额
    -> lag (): $\ell$
        en: mean age of what is averaged, in steps: so late is the average
        zh: 被平均的值的平均年龄，单位为步：移动平均就慢这么多
    -> E (): $E$
        en: a plain mean of so many values scatters as little (effective sample size)
        zh: 相当于多少个等权样本：对这么多个值取普通平均，波动才一样小

    Source:
        en: written out from the shares (1 − p)pᵏ
        zh: 由份额 (1 − p)pᵏ 写出
    Raises: ValueError if p is negative, or not below 1.

    >>> print(*(round(number, 6) for number in average_window(0.9)))
    9.0 19.0
    """
    lag = p / (1 - p)
    E = (1 + p) / (1 - p)
    return lag, E


@checked
def population_statistics(mu, var, m):
    r"""Population statistics from several batches (Algorithm 2)
    由若干批得到总体的统计量（算法 2）

    $$ \bar\mu_i = \frac{1}{T} \sum_{t=1}^{T} \mu_i^t, \qquad
    \bar v_i = \frac{m}{m - 1} \cdot \frac{1}{T} \sum_{t=1}^{T} v_i^t $$

    mu (T, ...): $\mu_i^t$
        en: mean of feature i over batch t
        zh: 第 i 个特征在第 t 批上的均值
    var (T, ...): $v_i^t$
        en: biased variance of feature i over batch t
        zh: 第 i 个特征在第 t 批上的有偏方差
    m () in [2, inf): $m$
        en: examples in each batch
        zh: 每批的样本数
    -> mu_bar (...): $\bar\mu_i$
        en: estimate of the mean
        zh: 均值的估计
    -> var_bar (...): $\bar v_i$
        en: unbiased estimate of the variance
        zh: 方差的无偏估计

    Source:
        en: Ioffe & Szegedy 2015, arXiv:1502.03167, Algorithm 2, line 10
        zh: Ioffe & Szegedy 2015，arXiv:1502.03167，算法 2 第 10 行
    Raises: ValueError if the shapes do not match, there is no batch, or a batch has one example
        only.
    Trap:
        en: The mean of the batch variances is not the variance of all the data: two batches 0, 1
            and 10, 11 have the variances 0.25, together 25.25. The rule is for batches drawn at
            random.
        zh: 各批方差的平均不等于全部数据的方差：0、1 和 10、11 两批的方差都是 0.25，合在一起是
            25.25。这个算法要求各批是随机抽取的。

    >>> mu, var = np.array([[5.0], [7.0]]), np.array([[14.0], [10.0]])
    >>> mu_bar, var_bar = population_statistics(mu, var, m=3)
    >>> print(mu_bar, var_bar)
    [6.] [18.]
    """
    mu_bar = np.mean(mu, axis=0)
    var_bar = m / (m - 1) * np.mean(var, axis=0)
    return mu_bar, var_bar


@checked
def merge_statistics(m, mu, var):
    r"""Mean and variance of a batch from its shards
    由各份的统计量合并出整批的均值和方差

    $$
    \begin{aligned}
    M &= \sum_{s=1}^{S} m_s \\
    \mu_i &= \frac{1}{M} \sum_{s=1}^{S} m_s \mu_i^s \\
    v_i &= \frac{1}{M} \sum_{s=1}^{S} m_s \left( v_i^s + (\mu_i^s - \mu_i)^2 \right)
    \end{aligned}
    $$

    m (S,): $m_s$
        en: examples in shard s
        zh: 第 s 份的样本数
    mu (S, ...): $\mu_i^s$
        en: mean of feature i over shard s
        zh: 第 i 个特征在第 s 份上的均值
    var (S, ...): $v_i^s$
        en: biased variance of feature i over shard s
        zh: 第 i 个特征在第 s 份上的有偏方差
    M (): $M$
        en: examples in the whole batch
        zh: 整批的样本数
    -> mu_all (...): $\mu_i$
        en: mean over the whole batch
        zh: 整批的均值
    -> var_all (...): $v_i$
        en: biased variance over the whole batch
        zh: 整批的有偏方差

    Source:
        en: Chan, Golub & LeVeque 1983, Algorithms for Computing the Sample Variance ·
            torch.nn.SyncBatchNorm
        zh: Chan, Golub & LeVeque 1983，Algorithms for Computing the Sample Variance ·
            torch.nn.SyncBatchNorm
    Raises: ValueError if the shapes do not match.
    Note:
        en: The counts make the result float64; in float32 those above 16777216 are not exact.
        zh: 样本数使结果成为 float64：超过 16777216 的整数，float32 已不能精确表示。
    Trap:
        en: The plain mean of the shards' variances leaves out how their means differ: the shards 0,
            1 and 10, 11 have 0.25 each, the whole batch 25.25.
        zh: 直接对各份的方差取平均，会漏掉各份均值之间的差别：0、1 和 10、11 两份的方差都是 0.25，
            整批是 25.25。

    >>> m = np.array([2, 1])
    >>> mu, var = np.array([[1.0], [7.0]]), np.array([[1.0], [0.0]])
    >>> mu_all, var_all = merge_statistics(m, mu, var)
    >>> print(mu_all, var_all.round(4))
    [3.] [8.6667]
    """
    M = np.sum(m)
    mu_all = np.tensordot(m, mu, 1) / M
    var_all = np.tensordot(m, var + (mu - mu_all) ** 2, 1) / M
    return mu_all, var_all

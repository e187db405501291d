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

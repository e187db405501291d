# %% [markdown] tags=["zh"]
# # 实验：统计量分散在几台机器上 {#synchronized}
#
# 大的批常常拆给几台机器，每台只看到自己的那一份。各算各的均值和方差，会不会等于换成了小批，非得合并不可？
#
# /// verdict | synchronized.needs-merging
# ///

# %% [markdown] tags=["en"]
# # Lab: statistics from several machines {#synchronized}
#
# A large batch is often split over several machines, and each sees only its shard. If each uses a mean and variance of its own, is that the same as training with small batches, and must the statistics be merged?
#
# /// verdict | synchronized.needs-merging
# ///

# %% [markdown] tags=["zh"]
# ## 先猜一猜 {#expect}
#
# 一批 64 个样本，拆成 4 份，每份 16 个；或者拆成 32 份，每份只有 2 个。两种拆法，先写下你的猜测：哪一种会让训练变差，还是都会？
#
# ## 均值和方差怎么合并 {#merge}
#
# 先看合并本身，公式在[其他的平均办法](../batch-norm/moving-averages.md#moving_average.merge_statistics)那一页。合并的均值，是各份均值按样本数的加权平均。方差却不能只把各份的方差平均一下，还要加上各份均值之间的差异。举例：一份是 0、0，另一份是 2、2，各份的方差都是 0；均值 0 与 2 之间的方差是 1，所以合在一起是 $0+1=1$。
#
# 下面把 64 个样本拆成大小相等和悬殊的几份，看两种算法与整批的方差差多少。

# %% [markdown] tags=["en"]
# ## What do you expect? {#expect}
#
# A batch of 64 examples is cut into 4 shards of 16, or into 32 shards of 2. Write your guess down: which of the two makes training worse, or do both?
#
# ## How to merge mean and variance {#merge}
#
# First the merging itself; its formula is on the page on [moving averages](../batch-norm/moving-averages.md#moving_average.merge_statistics). The merged mean is the mean of the shards' means, weighted by their sizes. For the variance it is not enough to average: the spread of the shards' means has to be added. Two shards as an example, 0, 0 and 2, 2: the variance of each is 0, that of their means, 0 and 2, is 1, and so that of all four numbers is $0+1=1$.
#
# Here 64 examples are cut into shards of equal and of very unequal size, and both ways are compared with the variance of the whole.

# %%
import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import Network, digits, progress, spread, train
from docs.labs._plots import dots, words
from snippets.batch_norm import (
    batch_mean,
    batch_norm_backward,
    batch_norm_train,
    batch_variance,
)
from snippets.moving_average import merge_statistics

rng = np.random.default_rng(0)
batch = rng.normal(size=(64, 3)) * [1, 10, 0.1] + [0, 5, 1000]
cuts = {"16 16 16 16": [16, 32, 48], "1 3 20 40": [1, 4, 24]}
whole, errors = batch_variance(batch), {}
print(words(en="relative error of the variance", zh="方差的相对误差"))
print(
    words(
        en="shards       merged   averaged", zh="各份         合并     只平均"
    )
)
for sizes, at in cuts.items():
    shards = np.split(batch, at)
    variances = np.stack([batch_variance(s) for s in shards])
    mu, var = merge_statistics(
        np.array([len(s) for s in shards]),
        np.stack([batch_mean(s) for s in shards]),
        variances,
    )
    assert np.allclose(mu, batch_mean(batch))
    errors[sizes] = [
        np.max(np.abs(v / whole - 1)) for v in (var, np.mean(variances, axis=0))
    ]
    merged, averaged = errors[sizes]
    print(f"{sizes:12} {merged:.0e}    {averaged:.2f}")

# %% [markdown] tags=["zh"]
# ## 对训练的影响 {#training}
#
# - **网络**：两个隐藏层，每层 32 个 ReLU 单元，归一化放在激活函数之前。
# - **训练**：手写数字，每步 64 个样本，学习率 0.1，8 轮，五个种子。
# - **拆法**：64 个样本拆成 1、4、16、32 份，每份用自己的均值和方差。不拆（1 份），与合并统计量完全是一回事。移动平均照常用整批更新，所以差别只来自训练。

# %% [markdown] tags=["en"]
# ## What it does to training {#training}
#
# - **Networks**: two hidden layers of 32 ReLU units, normalized before the activation.
# - **Training**: handwritten digits, 64 examples a step, learning rate 0.1, 8 epochs, five seeds.
# - **Shards**: the 64 examples are cut into 1, 4, 16 or 32 shards, each with its own mean and variance. One shard is the same as merged statistics. The moving averages are updated from the whole batch as usual, so that only training differs.


# %% tags=["code"]
class ShardedNetwork(Network):
    """Each shard of a batch is normalized with its own statistics."""

    shards = 1

    def apart(self, z):
        """Shards as features: (m, k) becomes (m / shards, shards · k)."""
        return (
            z.reshape(self.shards, -1, z.shape[1])
            .swapaxes(0, 1)
            .reshape(len(z) // self.shards, -1)
        )

    def together(self, z):
        return (
            z.reshape(len(z), self.shards, -1)
            .swapaxes(0, 1)
            .reshape(len(z) * self.shards, -1)
        )

    def normalize(self, i, z, mode):
        whole = super().normalize(i, z, mode)  # for the moving averages
        if mode == "inference" or self.shards == 1:
            return whole
        gamma, beta = (np.tile(part, self.shards) for part in self.scale(i))
        return self.together(batch_norm_train(self.apart(z), gamma, beta))

    def back_through_norm(self, i, z, d):
        if self.shards == 1:
            return super().back_through_norm(i, z, d)
        gamma = np.tile(self.scale(i)[0], self.shards)
        dz, *slopes = batch_norm_backward(self.apart(d), self.apart(z), gamma)
        return self.together(dz), *(
            slope.reshape(self.shards, -1).sum(axis=0) for slope in slopes
        )


# %%
x, y, test_x, test_y = digits()
sizes = [64, 16, 4, 2]


def trained(size):
    network = ShardedNetwork(
        [64, 32, 32, 10], "relu", "before", range(5), init="he"
    )
    network.shards = 64 // size
    train(network, x, y, rate=0.1, epochs=8)
    return network.accuracy(test_x, test_y)


accuracy = {size: trained(size) for size in progress(sizes)}

# %% tags=["table"]
print(words(en="in a shard  accuracy", zh="每份样本数  准确率"))
for size in sizes:
    print(f"{size:<11} {spread(accuracy[size])}")

# %% tags=["figure"]
figure, axis = plt.subplots(figsize=(6, 2.2))
for row, size in enumerate(sizes):
    dots(axis, accuracy[size], row, "C0")
axis.set(ylim=(3.5, -0.5))
axis.set_xlabel(words(en="test accuracy", zh="测试准确率"))
axis.set_ylabel(words(en="in a shard", zh="每份样本数"))
axis.set_yticks(range(len(sizes)), [f"${size}$" for size in sizes])
plt.show()

# %% [markdown] tags=["zh"]
# alt: 每份 64、16、4、2 个样本时的测试准确率。前三行靠得很近，2 个的一行低得多，也散得多。
#
# **怎么看图**：一行是一种拆法，最上面的 64 就是不拆。圆点是种子，竖线是均值。越往下，每一份越小；到 2 个样本，点子才一下子跑到左边去。
#
# ## 为什么 {#why}
#
# 一份里的均值是总体均值的估计，标准误差是 $\sigma/\sqrt{m}$：16 个样本时是 $\frac14\sigma$，4 个时是 $\frac12\sigma$，2 个时约 $0.7\sigma$。四分之一个标准差的误差还不要紧，半个就看得出来了；2 个样本时还有一层：归一化只剩下“谁大谁小”，怎么算都是 $\pm1$（见[批大小的实验](batch-statistics.ipynb)）。
#
# ## 说明了什么，没有说明什么 {#limits}
#
# 每份 16 个样本时，合不合并看不出差别（[=synchronized.shards_of_16] 对 [=synchronized.whole]）；4 个时略差（[=synchronized.shards_of_4]），2 个时就很糟（[=synchronized.shards_of_2]）。所以要紧的不是拆没拆，而是每一份还剩多少。真要合并，就得用对公式：直接把各份的方差平均，在大小悬殊的例子里，与真正的方差最多相差 [=synchronized.plain_error]%。
#
# 不能由此推断的：网络小，数据简单；如果每台机器只放得下很少几个样本，这件事就要紧得多。而且这里只有一个进程，拆分是模拟的；本站的测试另外用两个进程、`torch.distributed` 的 gloo 验证了同一个公式。

# %% [markdown] tags=["en"]
# alt: Test accuracy for 64, 16, 4 and 2 examples in a shard. The first three rows are close together; 2 is far lower, and scatters more.
#
# **How to read it**: a row is a way to split, with the whole batch of 64 at the top. Dots are seeds, bars are means. Shards get smaller from top to bottom; only those of 2 fall far to the left.
#
# ## Why {#why}
#
# The mean of a shard is an estimate of the mean of all data, with a standard error of $\sigma/\sqrt{m}$: $\frac14\sigma$ for 16 examples, $\frac12\sigma$ for 4, about $0.7\sigma$ for 2. A quarter of a standard deviation does not matter yet, and half of one does. With 2 there is more: normalizing leaves only which of the two is larger, always $\pm1$ (see the [lab on batch sizes](batch-statistics.ipynb)).
#
# ## What it shows, and what it does not {#limits}
#
# With 16 examples in a shard, leaving them unmerged costs nothing ([=synchronized.shards_of_16] against [=synchronized.whole]); with 4 it costs a little ([=synchronized.shards_of_4]), and with 2 a great deal ([=synchronized.shards_of_2]). What matters is how much is left in a shard, not that the batch is split. And if they are merged, it has to be with the right formula: the plain mean of the variances is off by [=synchronized.plain_error] % in the example with very unequal shards.
#
# It does not show more than a small network and easy data. Where a machine holds only very few examples, it matters more. There is one process here, and the splitting is simulated; the tests of this site check the same formula with two processes, through the gloo backend of `torch.distributed`.

# %% [markdown] tags=["zh"]
# ## 判断的规则 {#verdict}
#
# 三种份的大小（16、4、2）是三种情形。各用各的统计量时，平均准确率比不拆低 0.01 以上，才算。

# %% [markdown] tags=["en"]
# ## The rule {#verdict}
#
# Shards of 16, of 4 and of 2 are three cases. A case counts if, with statistics of their own, the mean accuracy is more than 0.01 below that of the whole batch.

# %% tags=["verdict"]
lost = {m: np.mean(accuracy[64]) - np.mean(accuracy[m]) for m in sizes[1:]}
three, five = np.array([0.0, 0, 3]), np.array([2.0, 2, 2, 4, 5])
_, exercise = merge_statistics(
    np.array([3, 5]),
    np.array([[three.mean()], [five.mean()]]),
    np.array([[three.var()], [five.var()]]),
)
numbers = {
    "whole": spread(accuracy[64]),
    "shards_of_16": spread(accuracy[16]),
    "shards_of_8": spread(trained(8)),
    "exercise": f"{exercise[0]:g}",
    "shards_of_4": spread(accuracy[4]),
    "shards_of_2": spread(accuracy[2]),
    "plain_error": f"{100 * errors['1 3 20 40'][1]:.0f}",
}
verdicts = {
    "needs-merging": {
        "en": "a batch that is split needs merged statistics",
        "zh": "拆开的批要合并统计量，否则训练会变差",
        "cases": [fall > 0.01 for fall in lost.values()],
        "of": {"en": "sizes of shards", "zh": "种大小的份"},
        "measured": {
            "en": "whole: {whole}; shards of 16: {shards_of_16}, "
            "of 4: {shards_of_4}, of 2: {shards_of_2}",
            "zh": "不拆：{whole}；每份 16 个：{shards_of_16}，"
            "4 个：{shards_of_4}，2 个：{shards_of_2}",
        },
    },
}

# %% [markdown] tags=["zh"]
# ## 练习 {#exercises}
#
# 1. 一份是 0、0、3，另一份是 2、2、2、4、5。各算均值和方差，再合并，得到的方差是多少？（两份大小不同，要按样本数加权。）
# 2. 每份 8 个样本，准确率会落在哪里？先猜，再算 `trained(8)`。
#
# ??? question "第 1 题的答案"
#
#     均值 1 与 3，方差 2 与 1.6，总均值 $\frac{3\cdot1+5\cdot3}{8}=2.25$。合并的方差是 $\frac{3(2+1.25^2)+5(1.6+0.75^2)}{8}$，即 [=synchronized.exercise]；只平均方差会得到 1.8。
#
# ??? question "第 2 题的答案"
#
#     [=synchronized.shards_of_8]，在 16 个（[=synchronized.shards_of_16]）与 4 个（[=synchronized.shards_of_4]）之间。

# %% [markdown] tags=["en"]
# ## Exercises {#exercises}
#
# 1. One shard is 0, 0, 3, the other 2, 2, 2, 4, 5. Compute the mean and variance of each and merge them: what is the variance? (They differ in size, so weigh by it.)
# 2. Where will the accuracy be with 8 examples in a shard? Guess, then run `trained(8)`.
#
# ??? question "Answer to 1"
#
#     Means 1 and 3, variances 2 and 1.6, the mean of all $\frac{3\cdot1+5\cdot3}{8}=2.25$. The merged variance is $\frac{3(2+1.25^2)+5(1.6+0.75^2)}{8}$, which is [=synchronized.exercise]; averaging the variances gives 1.8.
#
# ??? question "Answer to 2"
#
#     [=synchronized.shards_of_8], between those for 16 ([=synchronized.shards_of_16]) and for 4 ([=synchronized.shards_of_4]).

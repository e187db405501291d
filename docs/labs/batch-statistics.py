# %% [markdown] tags=["zh"]
# # 实验：批大小、p，以及该用哪种统计量 {#batch-statistics}
#
# 课上说：批太小，均值和标准差就没有意义（文字稿第 165–167 行）；测试时没有一批数据，就用移动平均（第 210–231 行）。这里分别检验：测试时用批统计量还是移动平均、$p$ 取多少、训练时的批最小能有多小。

# %% [markdown] tags=["en"]
# # Lab: batch size, p, and which statistics {#batch-statistics}
#
# The lecture says that a small batch gives useless means and deviations (transcript, lines 165–167), and that moving averages take their place when there is no batch at test time (lines 210–231). Here we test each: batch statistics or moving averages at test time, the value of $p$, and how small a training batch may be.

# %% [markdown] tags=["zh"]
# ## 测试时用批统计量 {#test-batches}
#
# 两个隐藏层，每层 32 个 ReLU 单元，先归一化再激活，学习率 0.1，批大小 64，10 轮，五个种子。测试时分别用移动平均和测试批自身的统计量，测试批取不同的大小。

# %% [markdown] tags=["en"]
# ## Batch statistics at test time {#test-batches}
#
# Two hidden layers of 32 ReLU units, normalized before the activation, learning rate 0.1, batches of 64, 10 epochs, five seeds. At test time they use the moving averages, or the statistics of test batches of different sizes.

# %%
import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import Network, digits, progress, spread, train

x, y, test_x, test_y = digits()
seeds = range(5)


def trained(norm="before", rate=0.1, epochs=10, batch=64, p=0.9):
    network = Network([64, 32, 32, 10], "relu", norm, seeds, init="he", p=p)
    return train(network, x, y, rate, epochs, batch)


def accuracy_in_batches(network, size, orders):
    batches = orders.reshape(len(orders), -1, size).swapaxes(0, 1)
    return np.mean(
        [network.accuracy(test_x[b], test_y[b], "batch") for b in batches],
        axis=0,
    )


network = trained()
moving = network.accuracy(test_x, test_y)
sizes = [1, 2, 4, 8, 20, 40, 120, 360]
shuffled = {}
for size in sizes:
    orders = np.stack(
        [np.random.default_rng(seed).permutation(360) for seed in seeds]
    )
    shuffled[size] = accuracy_in_batches(network, size, orders)
by_class = accuracy_in_batches(
    network, 40, np.tile(np.argsort(test_y, kind="stable"), (len(seeds), 1))
)
print("moving averages              ", spread(moving))
for size in sizes:
    print(f"statistics of batches of {size:<4}", spread(shuffled[size]))
print("batches of 40, sorted by class", spread(by_class))

# %%
plt.plot(sizes, [np.mean(shuffled[s]) for s in sizes], "o-", color="C0")
for size in sizes:
    plt.plot([size] * 5, shuffled[size], "o", color="C0", alpha=0.3)
plt.axhline(np.mean(moving), color="C1", linestyle="--")
plt.plot([40] * 5, by_class, "x", color="C2")
plt.xscale("log")
plt.xticks(sizes, sizes)
plt.minorticks_off()
plt.xlabel("$m$")
plt.ylim(0, 1)
plt.show()

# %% [markdown] tags=["zh"]
# 横轴是测试批的大小，纵轴是准确率。蓝线用这一批自身的统计量，红色虚线用移动平均，绿叉是把测试样本按类别排好序、40 个一批的结果：同一批里几乎全是同一个数字，归一化恰好把这一点抹掉了。
#
# ## p 取多少 {#p}

# %% [markdown] tags=["en"]
# The horizontal axis is the size of the test batch, the vertical axis the accuracy. The blue line uses the statistics of that batch, the dashed red line the moving averages. The green crosses are batches of 40 after sorting the test set by class: nearly all examples of a batch are the same digit, and normalizing removes just that.
#
# ## The value of p {#p}

# %%
by_p = {}
for p in progress([0.0, 0.5, 0.9, 0.99, 0.999]):
    by_p[p] = trained(p=p).accuracy(test_x, test_y)
for p, values in by_p.items():
    print(f"p = {p:<5}", spread(values))

# %% [markdown] tags=["zh"]
# 训练一共走了 220 步。$p=0.999$ 时，初始值还占 $0.999^{220}$，也就是八成，所以移动平均不准。
#
# ## 训练时的批能有多小 {#training-batches}
#
# 训练 4 轮，学习率不变。批越小，每轮的步数越多，所以这一组只能说明“能不能训练”，不能比谁更好。批小于 16 时，$p$ 取 0.99。

# %% [markdown] tags=["en"]
# Training took 220 steps. With $p=0.999$ the starting value still has the weight $0.999^{220}$, four fifths, and so the average is off.
#
# ## How small a training batch may be {#training-batches}
#
# 4 epochs at the same learning rate. Smaller batches mean more steps in an epoch, so this tells whether training works, and not which size is best. Below 16 examples $p$ is 0.99.

# %%
by_batch = {}
for m in progress([2, 4, 8, 16, 64]):
    p = 0.99 if m < 16 else 0.9
    by_batch[m] = trained(epochs=4, batch=m, p=p).accuracy(test_x, test_y)
for m, values in by_batch.items():
    print(f"m = {m:<3}", spread(values))

# %% [markdown] tags=["zh"]
# ## 结论 {#verdict}
#
# 说法一：测试时移动平均可行。规则：移动平均的平均准确率，不比用全部 360 个测试样本的统计量低 0.01 以上，算“已复现”；不低 0.05 以上，算“部分复现”。

# %% [markdown] tags=["en"]
# ## Verdict {#verdict}
#
# First claim: moving averages work at test time. The rule: if their mean accuracy is not more than 0.01 below that with the statistics of all 360 test examples, “reproduced”; if not more than 0.05, “partly”.


# %%
def judge(whole, half):
    return "reproduced" if whole else "partly" if half else "not reproduced"


mean = np.mean
verdicts = {
    "moving-average-works": judge(
        mean(moving) > mean(shuffled[360]) - 0.01,
        mean(moving) > mean(shuffled[360]) - 0.05,
    ),
    "small-test-batch-fails": judge(
        max(shuffled[1]) < 0.3 and mean(shuffled[2]) < 0.6,
        mean(shuffled[1]) < 0.3,
    ),
    "small-training-batch-fails": judge(
        mean(by_batch[2]) < 0.6 and mean(by_batch[4]) < 0.6,
        mean(by_batch[2]) < 0.6 < mean(by_batch[4]),
    ),
}
numbers = {
    "moving": spread(moving),
    "test_1": spread(shuffled[1]),
    "test_2": spread(shuffled[2]),
    "test_360": spread(shuffled[360]),
    "by_class": spread(by_class),
    "train_2": spread(by_batch[2]),
    "train_4": spread(by_batch[4]),
    "p_0": spread(by_p[0.0]),
    "p_0999": spread(by_p[0.999]),
}

# %% [markdown] tags=["zh"]
# /// verdict | batch-statistics.moving-average-works
# ///
#
# 移动平均是 [=batch-statistics.moving]，360 个样本一起算是 [=batch-statistics.test_360]。在这里 $p$ 从 0 到 0.99 都差不多：$p=0$ 只看最后一批，也有 [=batch-statistics.p_0]；$p=0.999$ 则降到 [=batch-statistics.p_0999]。
#
# 说法二：测试批太小，就不能用它自身的统计量。规则：批大小为 1 时每个种子都低于 0.3，且批大小为 2 时均值低于 0.6，算“已复现”；只有前一半成立，算“部分复现”。
#
# /// verdict | batch-statistics.small-test-batch-fails
# ///
#
# 批大小为 1 时是 [=batch-statistics.test_1]，为 2 时是 [=batch-statistics.test_2]。大批也未必行：按类别排序之后，40 个一批只有 [=batch-statistics.by_class]。
#
# 说法三：训练时的批太小就不行。规则：批大小为 2 和 4 时均值都低于 0.6，算“已复现”；只有 2 时如此，算“部分复现”。
#
# /// verdict | batch-statistics.small-training-batch-fails
# ///
#
# 批大小为 2 时是 [=batch-statistics.train_2]，为 4 时已有 [=batch-statistics.train_4]。局限：一个小网络，一份简单的数据。

# %% [markdown] tags=["en"]
# /// verdict | batch-statistics.moving-average-works
# ///
#
# Moving averages give [=batch-statistics.moving], all 360 examples together [=batch-statistics.test_360]. Between 0 and 0.99 the value of $p$ hardly matters here: $p=0$ keeps only the last batch and still gives [=batch-statistics.p_0]; $p=0.999$ falls to [=batch-statistics.p_0999].
#
# Second claim: a small test batch must not use its own statistics. The rule: if every seed is below 0.3 with batches of one, and the mean below 0.6 with batches of two, “reproduced”; if only the first half holds, “partly”.
#
# /// verdict | batch-statistics.small-test-batch-fails
# ///
#
# Batches of one give [=batch-statistics.test_1], of two [=batch-statistics.test_2]. Large batches are no guarantee either: sorted by class, batches of 40 give [=batch-statistics.by_class].
#
# Third claim: a small training batch does not work. The rule: if the means for batches of 2 and of 4 are both below 0.6, “reproduced”; if only that for 2 is, “partly”.
#
# /// verdict | batch-statistics.small-training-batch-fails
# ///
#
# Batches of two give [=batch-statistics.train_2], batches of four already [=batch-statistics.train_4]. Limits: one small network, one easy data set.

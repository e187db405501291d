# %% [markdown] tags=["zh"]
# # 实验：学习率 ×1、×5、×30 {#learning-rate}
#
# 课上说：有了批量归一化，可以用更大的学习率；论文里 ×30 的那条曲线不如 ×5（文字稿第 246 行）。这里把同一个网络的学习率放大 5 倍、30 倍，看会怎样。

# %% [markdown] tags=["en"]
# # Lab: learning rate ×1, ×5, ×30 {#learning-rate}
#
# The lecture says that batch normalization allows a larger learning rate, and that the paper's ×30 is not as good as its ×5 (transcript, line 246). Here the learning rate of one network is multiplied by 5 and by 30.

# %% [markdown] tags=["zh"]
# ## 设置 {#setting}
#
# 四个隐藏层，每层 32 个 ReLU 单元，He 初始化，批大小 64，8 轮，手写数字，五个种子。基准学习率取 0.03 和 0.1 两种。

# %% [markdown] tags=["en"]
# ## Setting {#setting}
#
# Four hidden layers of 32 ReLU units, He initialization, batches of 64, 8 epochs, handwritten digits, five seeds. Two base rates: 0.03 and 0.1.

# %%
import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import Network, digits, progress, spread, train

x, y, test_x, test_y = digits()
factors, bases, seeds = (1, 5, 30), (0.03, 0.1), range(5)


def test_accuracy(norm, rate):
    network = Network([64, 32, 32, 32, 32, 10], "relu", norm, seeds, init="he")
    return train(network, x, y, rate, epochs=8).accuracy(test_x, test_y)


accuracy = {}
for norm, base, factor in progress(
    [(n, b, f) for n in (None, "before") for b in bases for f in factors]
):
    accuracy[norm, base, factor] = test_accuracy(norm, base * factor)
for base in bases:
    for factor in factors:
        without, with_norm = (
            spread(accuracy[norm, base, factor]) for norm in (None, "before")
        )
        print(f"{base:4} x{factor:<3} without {without}   with {with_norm}")

# %%
for norm, color in ((None, "C1"), ("before", "C0")):
    for base, marker in zip(bases, "os", strict=True):
        rates = [base * f for f in factors]
        plt.plot(
            rates,
            [np.mean(accuracy[norm, base, f]) for f in factors],
            marker + "-",
            color=color,
        )
        for rate, f in zip(rates, factors, strict=True):
            plt.plot(
                [rate] * 5,
                accuracy[norm, base, f],
                marker,
                color=color,
                alpha=0.3,
            )
plt.xscale("log")
plt.xlabel("$\\eta$")
plt.ylim(0, 1.02)
plt.show()

# %% [markdown] tags=["zh"]
# 横轴是学习率，纵轴是测试准确率；蓝色有批量归一化，红色没有；圆点的基准是 0.03，方块是 0.1。连线经过均值，淡色的点是各个种子。
#
# ## 结论 {#verdict}
#
# 说法一：批量归一化能承受更大的学习率。规则：两种基准下，×30 时有批量归一化的均值都高于 0.9、没有的都低于 0.5，算“已复现”；只有一种基准如此，算“部分复现”。

# %% [markdown] tags=["en"]
# The horizontal axis is the learning rate, the vertical axis the accuracy on the test set; blue is with batch normalization, red without; dots start from 0.03, squares from 0.1. Lines join the means, the pale marks are the seeds.
#
# ## Verdict {#verdict}
#
# First claim: batch normalization tolerates a larger learning rate. The rule: if at ×30 the mean is above 0.9 with it and below 0.5 without, for both bases, “reproduced”; for one of them, “partly”.

# %%
grades = ("not reproduced", "partly", "reproduced")
mean = {setting: np.mean(values) for setting, values in accuracy.items()}
tolerates = sum(
    mean["before", base, 30] > 0.9 and mean[None, base, 30] < 0.5
    for base in bases
)
worse = sum(
    mean["before", base, 30] < mean["before", base, 5] for base in bases
)
verdicts = {
    "tolerates-larger": grades[tolerates],
    "x30-worse-than-x5": grades[worse],
}
numbers = {
    f"{name}_{base}_{factor}".replace(".", ""): spread(
        accuracy[norm, base, factor]
    )
    for base, factor in ((0.03, 5), (0.03, 30), (0.1, 5), (0.1, 30))
    for norm, name in ((None, "without"), ("before", "with"))
    if norm or factor == 30
}

# %% [markdown] tags=["zh"]
# /// verdict | learning-rate.tolerates-larger
# ///
#
# 基准 0.03 的 ×30：有批量归一化是 [=learning-rate.with_003_30]，没有是 [=learning-rate.without_003_30]；基准 0.1 的 ×30：[=learning-rate.with_01_30] 对 [=learning-rate.without_01_30]。
#
# 说法二：×30 不如 ×5。规则：两种基准下 ×30 的均值都更低，算“已复现”；一种更低，算“部分复现”。
#
# /// verdict | learning-rate.x30-worse-than-x5
# ///
#
# ×5 在两种基准下分别是 [=learning-rate.with_003_5] 和 [=learning-rate.with_01_5]。哪个倍数更好，取决于从哪个学习率开始放大。局限：网络很小，任务很容易；论文里 ×5、×30 的网络还改了别的设置（见[对比图](../batch-norm/comparison.md)），这里只改学习率。

# %% [markdown] tags=["en"]
# /// verdict | learning-rate.tolerates-larger
# ///
#
# ×30 of 0.03: [=learning-rate.with_003_30] with batch normalization and [=learning-rate.without_003_30] without; ×30 of 0.1: [=learning-rate.with_01_30] against [=learning-rate.without_01_30].
#
# Second claim: ×30 is worse than ×5. The rule: if the mean of ×30 is lower for both bases, “reproduced”; for one, “partly”.
#
# /// verdict | learning-rate.x30-worse-than-x5
# ///
#
# ×5 gives [=learning-rate.with_003_5] and [=learning-rate.with_01_5] for the two bases. Which factor is better depends on the rate that is multiplied. Limits: a small network and an easy task; the ×5 and ×30 of the paper changed other settings as well (see the [comparison](../batch-norm/comparison.md)), and here only the learning rate changes.

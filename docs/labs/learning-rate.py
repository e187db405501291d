# %% [markdown] tags=["zh"]
# # 实验：学习率 ×1、×5、×30 {#learning-rate}
#
# 课上说，有了批量归一化就可以用更大的学习率；论文里放大 30 倍的那条曲线，却不如放大 5 倍的。换一个网络还是这样吗？
#
# /// verdict | learning-rate.tolerates-larger
# ///
#
# /// verdict | learning-rate.x30-worse-than-x5
# ///
#
# /// verdict | learning-rate.better-at-best
# ///

# %% [markdown] tags=["en"]
# # Lab: learning rate ×1, ×5, ×30 {#learning-rate}
#
# The lecture says that batch normalization allows a larger learning rate, and that the paper's curve with 30 times the rate is not as good as that with 5 times. Does this hold in another network as well?
#
# /// verdict | learning-rate.tolerates-larger
# ///
#
# /// verdict | learning-rate.x30-worse-than-x5
# ///
#
# /// verdict | learning-rate.better-at-best
# ///

# %% [markdown] tags=["zh"]
# ## 先猜一猜 {#expect}
#
# 一步迈得太大，权重往往变得很大。没有归一化时，输出和梯度都跟着变大，下一步就迈得更大。有归一化时，权重整体放大一倍，输出并不改变，梯度反而减半。这样一来，学习率太大的后果还那么严重吗？再想一想：“30 倍不如 5 倍”这句话，会不会取决于从哪个学习率开始放大？
#
# ## 怎么做 {#setting}
#
# - **网络**：四个隐藏层，每层 32 个 ReLU 单元，He 初始化，有批量归一化的放在激活函数之前。
# - **训练**：手写数字，每批 64 个样本，8 轮，十个种子。
# - **学习率** $\eta$：从 0.03 和 0.1 两个基准出发，各取 1 倍、5 倍、30 倍，共六个值。

# %% [markdown] tags=["en"]
# ## What do you expect? {#expect}
#
# A step that is too large often leaves large weights. Without normalization, outputs and gradients grow with them, and the next step is larger still. With it, doubling all weights of a layer changes nothing in its output, and halves their gradient. Is a learning rate that is too large still as harmful then? And may “30 times is worse than 5 times” depend on the rate that is multiplied?
#
# ## What is done {#setting}
#
# - **Networks**: four hidden layers of 32 ReLU units, He initialization, normalized before the activation or not at all.
# - **Training**: handwritten digits, batches of 64, 8 epochs, ten seeds.
# - **Learning rates** $\eta$: 1, 5 and 30 times a base rate, which is 0.03 or 0.1; six values.

# %%
import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import Network, curves, digits, progress, spread, train

x, y, test_x, test_y = digits()
factors, bases, seeds = (1, 5, 30), (0.03, 0.1), range(10)
rates = sorted(round(base * f, 2) for base in bases for f in factors)


def test_accuracy(norm, rate):
    sizes = [64, 32, 32, 32, 32, 10]
    network = Network(sizes, "relu", norm, seeds, init="he")
    return train(network, x, y, rate, epochs=8).accuracy(test_x, test_y)


accuracy = {}
for norm, rate in progress([(n, r) for n in (None, "before") for r in rates]):
    accuracy[norm, rate] = test_accuracy(norm, rate)
print("learning  accuracy              accuracy")
print("rate      without BN            with BN")
for rate in rates:
    both = (spread(accuracy[norm, rate]) for norm in (None, "before"))
    print(f"{rate:<8}", *both, sep="  ")

# %%
figure, axis = plt.subplots(figsize=(6, 2.8))
for norm, color, label in (
    (None, "C1", "no BN"),
    ("before", "C0", "BN"),
):
    values = [accuracy[norm, rate] for rate in rates]
    curves(axis, rates, values, color, label)
    axis.plot(rates, np.mean(values, axis=1), "o", color=color)
axis.set(xscale="log", xlabel="$\\eta$", ylabel="accuracy", ylim=(0, 1.13))
axis.set_xticks(rates, [f"${rate:g}$" for rate in rates])
axis.minorticks_off()
plt.show()

# %% [markdown] tags=["zh"]
# **怎么看图**：横轴 $\eta$ 是学习率（对数），纵轴 accuracy 是测试准确率；蓝线（BN）有批量归一化，红线（no BN）没有。细线各是一个种子，粗线和圆点是均值。
#
# 红线中间高、两边低：学习率太小，8 轮来不及；太大，就什么也学不到。蓝线右边几乎是平的。所以从 0.03 放大 30 倍，走到 0.9，还在平的那一段；从 0.1 放大 30 倍，走到 3，就开始往下走了。
#
# ## 说明了什么，没有说明什么 {#limits}
#
# 学习率放大 30 倍，没有批量归一化的网络两次都垮了（[=learning-rate.without_003_30] 与 [=learning-rate.without_01_30]），有的都还在 0.9 以上（[=learning-rate.with_003_30] 与 [=learning-rate.with_01_30]）。这是三个说法里最站得住的一个。
#
# “30 倍不如 5 倍”要看从哪里放大。放大 5 倍时，两个基准的准确率是 [=learning-rate.with_003_5] 与 [=learning-rate.with_01_5]；再放大到 30 倍，变化是 [=learning-rate.change_003] 与 [=learning-rate.change_01]，前一个与 0 分不开。
#
# 更公平的比法，是让两种网络各用自己最好的学习率：有批量归一化的在 [=learning-rate.best_rate_with] 处得到 [=learning-rate.best_with]，没有的在 [=learning-rate.best_rate_without] 处得到 [=learning-rate.best_without]。
#
# 不能由此推断的：网络很小，任务很容易，只训练 8 轮；最好的学习率是在六个值里、用测试集挑的。论文里 5 倍、30 倍的网络还改了别的设置（见[对比图](../batch-norm/comparison.md)），这里只改了学习率。

# %% [markdown] tags=["en"]
# **How to read it**: the horizontal axis is the learning rate $\eta$, logarithmic, the vertical axis the accuracy on the test set; blue (BN) is with batch normalization, red (no BN) without. Thin lines are seeds, the thick line with dots is their mean.
#
# The red line is high in the middle only: with a small rate 8 epochs do not suffice, with a large one nothing is learned. The blue line is almost flat on the right. So 30 times 0.03, which is 0.9, still lies where it is flat; 30 times 0.1, which is 3, lies where it bends down.
#
# ## What it shows, and what it does not {#limits}
#
# At 30 times the rate the networks without batch normalization break down both times ([=learning-rate.without_003_30] and [=learning-rate.without_01_30]), and those with it stay above 0.9 ([=learning-rate.with_003_30] and [=learning-rate.with_01_30]). That is the firmest of the three claims.
#
# “30 times is worse than 5 times” depends on where one starts. At 5 times, the two bases give [=learning-rate.with_003_5] and [=learning-rate.with_01_5]; going on to 30 times changes that by [=learning-rate.change_003] and [=learning-rate.change_01], and the first cannot be told from 0.
#
# It is fairer to give each network its own best rate: with batch normalization that is [=learning-rate.best_rate_with], for [=learning-rate.best_with], and without [=learning-rate.best_rate_without], for [=learning-rate.best_without].
#
# It does not show more than that: a small network, an easy task, 8 epochs; and the best rate is chosen from six values, on the test set. The networks of the paper with 5 and 30 times the rate changed other settings as well (see the [comparison](../batch-norm/comparison.md)); here only the learning rate changes.

# %% [markdown] tags=["zh"]
# ## 判断的规则 {#verdict}
#
# **承受更大的学习率**：两个基准是两种情形。一种情形算数，要求放大 30 倍时，有批量归一化的平均准确率高于 0.9，没有的低于 0.5。
#
# **30 倍不如 5 倍**：也是两个基准。同一个种子从同样的权重出发，看到同样的批，所以两个学习率的准确率逐个种子相减。一种情形算数，要求平均差为负，而且超过两个标准误差（差的标准差除以种子数的平方根）；否则就只是种子之间的波动。
#
# **各取最好的学习率**：先对两种网络各选出平均准确率最高的学习率，再逐个种子比较；种子算数，要求有批量归一化的更高。

# %% [markdown] tags=["en"]
# ## The rules {#verdict}
#
# **Tolerates a larger rate**: the two bases are two cases. A case counts if at 30 times the base the mean accuracy is above 0.9 with batch normalization and below 0.5 without.
#
# **30 times is worse than 5 times**: two bases again. One seed means the same first weights and the same batches, so the accuracies at the two rates are subtracted seed by seed. A case counts if the mean difference is negative by more than two standard errors (standard deviation of the differences over the root of the number of seeds); anything less is seeds differing.
#
# **Each at its best rate**: for both kinds of network the rate with the best mean accuracy is chosen; a seed counts if batch normalization is better there.


# %%
def clearly_less(a, b):
    """Whether a is below b by two standard errors, seed by seed."""
    difference = a - b
    error = np.std(difference, ddof=1) / np.sqrt(len(difference))
    return np.mean(difference) < -2 * error


def at(norm, base, factor):
    return accuracy[norm, round(base * factor, 2)]


best = {
    norm: max(rates, key=lambda rate: np.mean(accuracy[norm, rate]))
    for norm in (None, "before")
}
at_best = {norm: accuracy[norm, rate] for norm, rate in best.items()}
change = {b: at("before", b, 30) - at("before", b, 5) for b in bases}
numbers = {
    "with_003_5": spread(at("before", 0.03, 5)),
    "with_003_30": spread(at("before", 0.03, 30)),
    "without_003_30": spread(at(None, 0.03, 30)),
    "with_01_5": spread(at("before", 0.1, 5)),
    "with_01_30": spread(at("before", 0.1, 30)),
    "without_01_30": spread(at(None, 0.1, 30)),
    "change_003": f"{np.mean(change[0.03]):+.3f}",
    "change_01": f"{np.mean(change[0.1]):+.3f}",
    "best_rate_with": f"{best['before']:g}",
    "best_rate_without": f"{best[None]:g}",
    "best_with": spread(at_best["before"]),
    "best_without": spread(at_best[None]),
}
verdicts = {
    "tolerates-larger": {
        "en": "batch normalization tolerates a larger learning rate",
        "zh": "有了批量归一化，可以用更大的学习率",
        "cases": [
            np.mean(at("before", b, 30)) > 0.9
            and np.mean(at(None, b, 30)) < 0.5
            for b in bases
        ],
        "of": {"en": "base rates", "zh": "个基准学习率"},
        "measured": {
            "en": "30 times 0.03: {with_003_30} with it, "
            "{without_003_30} without",
            "zh": "0.03 的 30 倍：有 {with_003_30}，没有 {without_003_30}",
        },
    },
    "x30-worse-than-x5": {
        "en": "30 times the learning rate is worse than 5 times",
        "zh": "学习率放大 30 倍不如放大 5 倍",
        "cases": [
            clearly_less(at("before", b, 30), at("before", b, 5)) for b in bases
        ],
        "of": {"en": "base rates", "zh": "个基准学习率"},
        "measured": {
            "en": "accuracy changes by {change_003} (base 0.03) "
            "and {change_01} (base 0.1)",
            "zh": "准确率变化 {change_003}（基准 0.03）、"
            "{change_01}（基准 0.1）",
        },
    },
    "better-at-best": {
        "en": "batch normalization is better even with each network "
        "at its own best learning rate",
        "zh": "两种网络各用自己最好的学习率，有批量归一化的仍然更好",
        "cases": at_best["before"] > at_best[None],
        "of": {"en": "seeds", "zh": "个种子"},
        "measured": {
            "en": "{best_with} at {best_rate_with}, "
            "{best_without} at {best_rate_without}",
            "zh": "有 {best_with}（学习率 {best_rate_with}），"
            "没有 {best_without}（{best_rate_without}）",
        },
    },
}
for claim, found in verdicts.items():
    print(f"{claim:18} {sum(found['cases'])} of {len(found['cases'])} cases")

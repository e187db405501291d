# %% [markdown] tags=["zh"]
# # 实验：放在激活函数之前还是之后 {#before-or-after}
#
# 课上说：先归一化再激活，还是先激活再归一化，实际差别不大（文字稿第 108 行）。这里对三种激活函数、三种学习率各比一次。

# %% [markdown] tags=["en"]
# # Lab: before or after the activation {#before-or-after}
#
# The lecture says that normalizing before or after the activation makes little difference in practice (transcript, line 108). Here the two are compared for three activations and three learning rates.

# %% [markdown] tags=["zh"]
# ## 设置 {#setting}
#
# 四个隐藏层，每层 32 个单元，批大小 64，8 轮，手写数字，五个种子；同一个种子下，两种网络从同样的权重出发，看到同样的批。

# %% [markdown] tags=["en"]
# ## Setting {#setting}
#
# Four hidden layers of 32 units, batches of 64, 8 epochs, handwritten digits, five seeds; for one seed both networks start from the same weights and see the same batches.

# %%
import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import Network, digits, progress, spread, train

x, y, test_x, test_y = digits()
starts, rates, seeds = (
    {"sigmoid": "xavier", "tanh": "lecun", "relu": "he"},
    (0.03, 0.1, 1.0),
    range(5),
)


def test_accuracy(activation, norm, rate):
    network = Network(
        [64, 32, 32, 32, 32, 10],
        activation,
        norm,
        seeds,
        init=starts[activation],
    )
    return train(network, x, y, rate, epochs=8).accuracy(test_x, test_y)


settings = [(activation, rate) for activation in starts for rate in rates]
accuracy = {}
for activation, rate in progress(settings):
    for norm in ("before", "after"):
        accuracy[activation, rate, norm] = test_accuracy(activation, norm, rate)
difference = {}
for activation, rate in settings:
    before, after = (
        accuracy[activation, rate, norm] for norm in ("before", "after")
    )
    difference[activation, rate] = np.mean(before) - np.mean(after)
    print(
        f"{activation:7} {rate:<4}  before {spread(before)}   after {spread(after)}"
    )

# %%
for row, (activation, rate) in enumerate(settings):
    for norm, color, shift in (("before", "C0", -0.12), ("after", "C1", 0.12)):
        plt.plot(
            accuracy[activation, rate, norm],
            [row + shift] * 5,
            "o",
            color=color,
            alpha=0.5,
        )
        plt.plot(
            np.mean(accuracy[activation, rate, norm]),
            row + shift,
            "|",
            color=color,
            markersize=14,
        )
plt.yticks(
    range(9), [f"{activation} ${rate}$" for activation, rate in settings]
)
plt.gca().invert_yaxis()
plt.show()

# %% [markdown] tags=["zh"]
# 横轴是测试准确率；蓝色先归一化再激活，红色先激活再归一化。圆点是种子，竖线是均值。
#
# ## 结论 {#verdict}
#
# 规则：九种设置里，两种做法的平均准确率之差都不超过 0.02，算“已复现”；超过一半的设置如此，算“部分复现”。

# %% [markdown] tags=["en"]
# The horizontal axis is the accuracy on the test set; blue normalizes before the activation, red after. Dots are seeds, lines are means.
#
# ## Verdict {#verdict}
#
# The rule: if in all nine settings the two mean accuracies differ by at most 0.02, “reproduced”; if in more than half of them, “partly”.

# %%
small = sum(abs(d) <= 0.02 for d in difference.values())
verdicts = {
    "little-difference": "reproduced"
    if small == 9
    else "partly"
    if small > 4
    else "not reproduced"
}
widest = max(difference, key=lambda setting: abs(difference[setting]))
numbers = {
    "small": str(small),
    "widest": f"{widest[0]}, {widest[1]}",
    "widest_before": spread(accuracy[*widest, "before"]),
    "widest_after": spread(accuracy[*widest, "after"]),
    "before_better": str(sum(d > 0 for d in difference.values())),
}

# %% [markdown] tags=["zh"]
# /// verdict | before-or-after.little-difference
# ///
#
# 九种设置里有 [=before-or-after.small] 种相差不超过 0.02。差得最多的是 [=before-or-after.widest]：先归一化再激活 [=before-or-after.widest_before]，先激活再归一化 [=before-or-after.widest_after]。先归一化更好的有 [=before-or-after.before_better] 种。局限：只训练了 8 轮，有些差别也许训练久了会消失。

# %% [markdown] tags=["en"]
# /// verdict | before-or-after.little-difference
# ///
#
# In [=before-or-after.small] of nine settings the difference is at most 0.02. It is largest for [=before-or-after.widest]: before [=before-or-after.widest_before], after [=before-or-after.widest_after]. Normalizing before the activation is better in [=before-or-after.before_better] of them. Limits: only 8 epochs; longer training may level some of this.

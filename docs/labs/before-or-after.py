# %% [markdown] tags=["zh"]
# # 实验：放在激活函数之前还是之后 {#before-or-after}
#
# 课上说，归一化放在激活函数之前还是之后，实际差别不大。是这样吗？
#
# /// verdict | before-or-after.little-difference
# ///

# %% [markdown] tags=["en"]
# # Lab: before or after the activation {#before-or-after}
#
# The lecture says that it makes little difference in practice whether one normalizes before or after the activation. Is that so?
#
# /// verdict | before-or-after.little-difference
# ///

# %% [markdown] tags=["zh"]
# ## 先猜一猜 {#expect}
#
# **放在之前**，sigmoid 看到的值均值为 0，正好落在导数大的地方。可是它的输出 $a$ 都是正数，下一层的输入又偏了，这要紧吗？对隐藏层不要紧：下一层算出 $Wa$，紧接着又归一化，偏移和大小都会被除去。写成式子就是 $\mathrm{BN}(Wa)=\mathrm{BN}(W(a-\bar a))=\mathrm{BN}(cWa)$，其中 $\bar a$ 是这一批的均值，$c$ 是任意正数（不计 $\epsilon$）。
#
# 只有最后一层不同：它后面没有归一化，看到的就是 $a$ 本来的样子，均值不是 0，起伏也小。sigmoid 的导数不超过 $\frac14$，所以输出的标准差最多只有输入的四分之一。
#
# **放在之后**，每一层的输入均值都是 0、标准差都是 1（$\gamma$、$\beta$ 还没有动的时候），最后一层也不例外；但 sigmoid 自己看到什么，就没有人管了。
#
# 你觉得哪一种训练得更好？ReLU 会不会不一样？
#
# ## 怎么做 {#setting}
#
# - **网络**：四个隐藏层，每层 32 个单元；激活函数是 sigmoid、tanh 或 ReLU。
# - **训练**：手写数字，每批 64 个样本，8 轮，五个种子；学习率 $\eta$ 取 0.03、0.1、1。一共 3 × 3 = 9 种设置。
# - 同一个种子下，两种网络从同样的权重出发，看到同样的批。

# %% [markdown] tags=["en"]
# ## What do you expect? {#expect}
#
# **Before**: the sigmoid sees values with mean 0, where its derivative is large. But its outputs $a$ are all positive, so that the next layer's inputs are off-centre again. Does that matter? Not in a hidden layer: it computes $Wa$ and normalizes at once, which removes the offset as well as the size. As a formula, with the mean $\bar a$ of the batch and any positive $c$ (leaving $\epsilon$ aside): $\mathrm{BN}(Wa)=\mathrm{BN}(W(a-\bar a))=\mathrm{BN}(cWa)$.
#
# Only the last layer is different. Nothing is normalized after it, so it sees $a$ as it is: off-centre, and with little variation. The derivative of the sigmoid is at most $\frac14$, so its outputs have at most a quarter of the standard deviation of its inputs.
#
# **After**: the inputs of every layer have mean 0 and standard deviation 1 (until $\gamma$ and $\beta$ move), those of the last one, too; but nobody cares what the sigmoid sees.
#
# Which trains better? And is ReLU different?
#
# ## What is done {#setting}
#
# - **Networks**: four hidden layers of 32 units; the activation is a sigmoid, tanh or ReLU.
# - **Training**: handwritten digits, batches of 64, 8 epochs, five seeds; learning rates $\eta$ of 0.03, 0.1 and 1. That makes 3 × 3 = 9 settings.
# - For one seed both networks start from the same weights and see the same batches.

# %%
import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import (
    Network,
    digits,
    dots,
    progress,
    spread,
    train,
)

x, y, test_x, test_y = digits()
starts = {"sigmoid": "xavier", "tanh": "lecun", "relu": "he"}
settings = [(a, rate) for a in starts for rate in (0.03, 0.1, 1.0)]


def test_accuracy(activation, norm, rate):
    sizes, init = [64, 32, 32, 32, 32, 10], starts[activation]
    network = Network(sizes, activation, norm, range(5), init=init)
    return train(network, x, y, rate, epochs=8).accuracy(test_x, test_y)


accuracy = {
    (*setting, norm): test_accuracy(setting[0], norm, setting[1])
    for setting in progress(settings)
    for norm in ("before", "after")
}
difference = {}
print(
    "activation  rate  before                after                 difference"
)
for setting in settings:
    before, after = (accuracy[*setting, norm] for norm in ("before", "after"))
    difference[setting] = np.mean(before) - np.mean(after)
    print(
        f"{setting[0]:11} {setting[1]:<5} {spread(before)}  {spread(after)}",
        end="",
    )
    print(f"  {difference[setting]:+.3f}")

# %%
figure, axis = plt.subplots(figsize=(6, 4))
for row, setting in enumerate(settings):
    for norm, color, shift in (("before", "C0", -0.15), ("after", "C1", 0.15)):
        label = norm if row == 0 else None
        dots(axis, accuracy[*setting, norm], row + shift, color, label)
labels = [f"{activation}, ${rate:g}$" for activation, rate in settings]
axis.set_yticks(range(len(settings)), labels)
axis.set(xlabel="accuracy", ylabel="activation, $\\eta$", ylim=(8.6, -0.9))
plt.show()

# %% [markdown] tags=["zh"]
# **怎么看图**：一行是一种设置（激活函数和学习率 $\eta$），横轴 accuracy 是测试准确率。蓝色（before）先归一化再激活，红色（after）先激活再归一化；圆点是种子，竖线是均值。两条竖线挨得近，就是差别不大。
#
# 多数行的竖线几乎重合。分得开的是 sigmoid 配最小的学习率，那里先激活再归一化好得多，ReLU 也有一点这样；还有 tanh 配最大的学习率，那里恰好反过来。
#
# ## 说明了什么，没有说明什么 {#limits}
#
# 九种设置里有 [=before-or-after.small] 种，两种做法相差不到 0.02，所以“差别不大”大体不错，但不是总对。差得最多的是 [=before-or-after.widest]：先归一化再激活 [=before-or-after.widest_before]，先激活再归一化 [=before-or-after.widest_after]。先归一化更好的有 [=before-or-after.before_better] 种，看不出哪一种做法总是更好。
#
# sigmoid 为什么差这么多？有一个说得通的猜想：放在之前，最后一层的输入起伏小，它的梯度就小，在小学习率下学得慢。若是这样，训练得久一些，差距就会缩小；把最后一层的输入放大，差距也会缩小，而只减去均值没有用。这里没有检验，你可以试一试。
#
# 不能由此推断的：只训练了 8 轮，有些差别只是快慢不同，训练久了也许会消失；网络很小，而且没有卷积和残差。

# %% [markdown] tags=["en"]
# **How to read it**: a row is a setting (activation and learning rate $\eta$), the horizontal axis the accuracy on the test set. Blue normalizes before the activation, red after it; dots are seeds, bars are means. Where the bars are close, there is little difference.
#
# In most rows the bars almost coincide. They are apart for the sigmoid with the smallest rate, where normalizing after is much better, as it is a little for ReLU, and for tanh with the largest rate, where it is the other way round.
#
# ## What it shows, and what it does not {#limits}
#
# In [=before-or-after.small] of nine settings the two differ by less than 0.02, so “little difference” is mostly right, and not always. They are widest apart for [=before-or-after.widest]: before [=before-or-after.widest_before], after [=before-or-after.widest_after]. Normalizing before is better in [=before-or-after.before_better] of them; neither is always better.
#
# Why is the sigmoid so far apart? A guess that would fit: when it is normalized before, the inputs of the last layer vary little, so its gradient is small, and at a small rate it learns slowly. Then longer training should narrow the gap, and so should enlarging the inputs of the last layer, whereas subtracting their mean alone should not. This is not tested here; you can try it.
#
# It does not show what longer training does: after 8 epochs some of the difference is only a matter of speed, and may vanish. The networks are small, without convolutions or residual connections.

# %% [markdown] tags=["zh"]
# ## 判断的规则 {#verdict}
#
# 九种设置是九种情形。一种情形算数，要求两种做法的平均准确率相差不到 0.02。

# %% [markdown] tags=["en"]
# ## The rule {#verdict}
#
# The nine settings are nine cases. A case counts if the two mean accuracies differ by less than 0.02.

# %%
small = [abs(d) < 0.02 for d in difference.values()]
widest = max(difference, key=lambda setting: abs(difference[setting]))
numbers = {
    "small": str(sum(small)),
    "widest": f"{widest[0]}, {widest[1]}",
    "widest_before": spread(accuracy[*widest, "before"]),
    "widest_after": spread(accuracy[*widest, "after"]),
    "before_better": str(sum(d > 0 for d in difference.values())),
}
verdicts = {
    "little-difference": {
        "en": "normalizing before or after the activation "
        "makes little difference",
        "zh": "归一化放在激活函数之前还是之后，差别不大",
        "cases": small,
        "of": {"en": "settings", "zh": "种设置"},
        "measured": {
            "en": "widest apart ({widest}): "
            "before {widest_before}, after {widest_after}",
            "zh": "差得最多的（{widest}）：之前 {widest_before}，"
            "之后 {widest_after}",
        },
    },
}
for claim, found in verdicts.items():
    print(f"{claim:18} {sum(found['cases'])} of {len(found['cases'])} cases")

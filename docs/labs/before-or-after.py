# %% [markdown] tags=["zh"]
# # 实验：放在激活函数之前还是之后 {#before-or-after}
#
# 课上说，归一化放在激活函数之前还是之后，实际差别不大。是这样吗？差别大的时候，是什么造成的？
#
# /// verdict | before-or-after.little-difference
# ///

# %% [markdown] tags=["en"]
# # Lab: before or after the activation {#before-or-after}
#
# The lecture says that it makes little difference in practice whether one normalizes before or after the activation. Is that so? And where there is a difference, what makes it?
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
# 先写下你的猜测，再往下看：sigmoid 网络用哪一种训练得更好？学习率小的时候呢？换成 ReLU 会不会不一样？
#
# ## 怎么做 {#setting}
#
# - **网络**：四个隐藏层，每层 32 个单元；激活函数是 sigmoid、tanh 或 ReLU。批量归一化在代码里的位置，见[另一个实验](learning-rate.ipynb#network)。
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
# Write your guess down before you read on: which trains better with sigmoids? And at a small learning rate? Is ReLU different?
#
# ## What is done {#setting}
#
# - **Networks**: four hidden layers of 32 units; the activation is a sigmoid, tanh or ReLU. Where normalization sits in the code is shown in [another lab](learning-rate.ipynb#network).
# - **Training**: handwritten digits, batches of 64, 8 epochs, five seeds; learning rates $\eta$ of 0.03, 0.1 and 1. That makes 3 × 3 = 9 settings.
# - For one seed both networks start from the same weights and see the same batches.

# %%
import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import Network, digits, progress, spread, train
from docs.labs._plots import dots, words

x, y, test_x, test_y = digits()
starts = {"sigmoid": "xavier", "tanh": "lecun", "relu": "he"}
settings = [(a, rate) for a in starts for rate in (0.03, 0.1, 1.0)]
sizes, places = [64, 32, 32, 32, 32, 10], ("before", "after")


def trained(activation, norm, rate, epochs=8, build=Network):
    network = build(sizes, activation, norm, range(5), init=starts[activation])
    return train(network, x, y, rate, epochs).accuracy(test_x, test_y)


accuracy = {
    (*setting, norm): trained(setting[0], norm, setting[1])
    for setting in progress(settings)
    for norm in places
}

# %% tags=["table"]
difference = {}
print(
    words(
        en="activation  rate  before                after",
        zh="激活函数    η     之前                  之后",
    )
)
for setting in settings:
    both = [accuracy[*setting, norm] for norm in places]
    difference[setting] = np.mean(both[0]) - np.mean(both[1])
    print(f"{setting[0]:11} {setting[1]:<5}", *map(spread, both), sep=" ")

# %% tags=["figure"]
figure, axis = plt.subplots(figsize=(6, 4))
names = {
    "before": words(en="before", zh="之前"),
    "after": words(en="after", zh="之后"),
}
for row, setting in enumerate(settings):
    for norm, color, shift in (("before", "C0", -0.15), ("after", "C2", 0.15)):
        label = names[norm] if row == 0 else None
        dots(axis, accuracy[*setting, norm], row + shift, color, label)
labels = [f"{activation}, {rate:g}" for activation, rate in settings]
axis.set_yticks(range(len(settings)), [words(en=s, zh=s) for s in labels])
axis.set(ylim=(8.6, -0.9))
axis.set_xlabel(words(en="test accuracy", zh="测试准确率"))
axis.set_ylabel(words(en="activation, learning rate", zh="激活函数、学习率"))
plt.show()

# %% [markdown] tags=["zh"]
# alt: 九种设置下两种放法的测试准确率。多数行里两种几乎重合；sigmoid 配 0.03 时，放在之后的高出许多；tanh 配 1 时反过来。
#
# **怎么看图**：一行是一种设置（激活函数和学习率）。蓝色先归一化再激活，绿色先激活再归一化；圆点是种子，竖线是均值。两条竖线挨得近，就是差别不大。
#
# 多数行的竖线几乎重合。分得开的是 sigmoid 配学习率 0.03，那里先激活再归一化好得多；ReLU 配 0.03 也有一点这样；tanh 配 1 则恰好反过来。
#
# ## 为什么 sigmoid 差这么多 {#why}
#
# 归一化放在之前，只有最后一层吃亏：它的输入不是均值 0、标准差 1。那么吃亏的是均值不为 0，还是起伏太小，还是只是学得慢？各改一样，就能分开。仍用 sigmoid、学习率 0.03，归一化放在之前：
#
# - 最后一层的输入减去均值；
# - 减去均值，再乘 4.8，让标准差变成大约 1；
# - 什么都不改，只是训练 30 轮。

# %% [markdown] tags=["en"]
# alt: Test accuracy of both places in nine settings. In most rows they almost coincide; for the sigmoid with 0.03 normalizing after is far higher, and for tanh with 1 it is the other way round.
#
# **How to read it**: a row is a setting (activation and learning rate). Blue normalizes before the activation, green after it; dots are seeds, bars are means. Where the bars are close, there is little difference.
#
# In most rows the bars almost coincide. They are apart for the sigmoid at 0.03, where normalizing after is much better; a little so for ReLU at 0.03; and for tanh at 1 it is the other way round.
#
# ## Why the sigmoid is so far apart {#why}
#
# Normalizing before leaves only the last layer worse off: its inputs do not have mean 0 and standard deviation 1. Is it the mean that hurts, or that they vary too little, or is it merely slow? Change one thing at a time. Again sigmoids, a rate of 0.03, normalized before:
#
# - the inputs of the last layer minus their mean;
# - minus their mean, and times 4.8, which makes their standard deviation about 1;
# - nothing changed, but 30 epochs of training.


# %%
class Shifted(Network):
    """The last layer sees its inputs minus their mean, times a factor."""

    mean, factor = 0, 1

    def last(self, h, mode):
        if mode == "inference":
            return self.factor * (h - self.mean)
        mean = h.mean(axis=1, keepdims=True)
        if mode == "train":
            self.mean = self.p * self.mean + (1 - self.p) * mean
        return self.factor * (h - mean)

    def back_last(self, d):
        return self.factor * (d - d.mean(axis=1, keepdims=True))


class Enlarged(Shifted):
    factor = 4.8


setting = "sigmoid", "before", 0.03
why = {
    words(en="before", zh="之前"): accuracy["sigmoid", 0.03, "before"],
    words(en="minus the mean", zh="减去均值"): trained(*setting, build=Shifted),
    words(en="minus the mean, times 4.8", zh="减去均值，再乘 4.8"): (
        trained(*setting, build=Enlarged)
    ),
    words(en="before, 30 epochs", zh="之前，30 轮"): trained(*setting, 30),
    words(en="after", zh="之后"): accuracy["sigmoid", 0.03, "after"],
}

# %% tags=["table"]
network = train(Network(sizes, "sigmoid", "before"), x, y, 0.03, epochs=0)
network.forward(x, "batch")
deviation = network.inputs[-1].std(axis=1).mean()
print(words(en="accuracy", zh="准确率"))
for label, values in why.items():
    print(spread(values), label)

# %% tags=["figure"]
figure, axis = plt.subplots(figsize=(6, 2.4))
colors = ("C0", "#808080", "#808080", "C0", "C2")
for row, (values, color) in enumerate(zip(why.values(), colors, strict=True)):
    dots(axis, values, row, color)
axis.set_yticks(range(len(why)), list(why))
axis.set(ylim=(4.5, -0.5))
axis.set_xlabel(words(en="test accuracy", zh="测试准确率"))
plt.show()

# %% [markdown] tags=["zh"]
# alt: 五行准确率。放在之前与只减去均值的一样低；减去均值再乘 4.8、训练 30 轮、放在之后的三行一样高。
#
# 只减去均值，毫无用处：[=before-or-after.centred] 对 [=before-or-after.before_8]。再乘 4.8，差距就几乎没有了：[=before-or-after.enlarged]，放在之后是 [=before-or-after.after_8]。训练 30 轮也没有了：[=before-or-after.before_30]。所以要紧的是起伏太小，后果只是学得慢。
#
# 慢多少可以算出来。训练开始时，最后一层输入的标准差是 [=before-or-after.deviation]，1 是它的 [=before-or-after.inverse] 倍左右。输入小到 $\frac1c$，权重的梯度也小到 $\frac1c$；权重改变一点，输出又只改变 $\frac1c$。两个因子相乘，输出改变的速度是 $\frac1{c^2}$：对最后一层来说，学习率 0.03 好像只有 $0.03/4.8^2\approx0.0013$。学习率大到 1，最后一层就不再慢，所以那里看不出差别。

# %% [markdown] tags=["en"]
# alt: Five rows of accuracy. Normalizing before, and also subtracting the mean, are equally low; minus the mean times 4.8, 30 epochs, and normalizing after are equally high.
#
# Subtracting the mean alone does nothing: [=before-or-after.centred] against [=before-or-after.before_8]. Multiplying by 4.8 closes the gap: [=before-or-after.enlarged], and [=before-or-after.after_8] for normalizing after. So do 30 epochs: [=before-or-after.before_30]. What hurts is that the inputs vary too little, and all it does is to make learning slow.
#
# How slow can be computed. When training starts, the standard deviation of the last layer's inputs is [=before-or-after.deviation]; 1 is about [=before-or-after.inverse] times that. Where inputs are $\frac1c$ as large, the gradient of the weights is $\frac1c$ as large; and a change of the weights changes the output by only $\frac1c$ as much. With both factors the output moves $\frac1{c^2}$ as fast: for the last layer, a rate of 0.03 is as if it were $0.03/4.8^2\approx0.0013$. At a rate of 1 the last layer is no longer slow, and so there is no gap.

# %% [markdown] tags=["zh"]
# ## 说明了什么，没有说明什么 {#limits}
#
# 九种设置里有 [=before-or-after.small] 种，两种放法相差不到 0.02，所以“差别不大”大体不错，但不是总对。差得最多的是 [=before-or-after.widest]：之前 [=before-or-after.widest_before]，之后 [=before-or-after.widest_after]。先归一化再激活更好的有 [=before-or-after.before_better] 种，看不出哪一种放法总是更好。
#
# 不能由此推断的：上面解释了 sigmoid，没有解释 tanh 配学习率 1 为什么反过来；网络很小，只训练 8 轮，而且没有卷积和残差。
#
# ## 判断的规则 {#verdict}
#
# 九种设置是九种情形。两种放法的平均准确率相差不到 0.02 的，才算。（测试样本一共 360 个，0.02 是 7 个；同一种设置的五个种子之间，往往就差这么多。ReLU 配 0.03 只超出一点点，门槛稍高，就会多算一种。）

# %% [markdown] tags=["en"]
# ## What it shows, and what it does not {#limits}
#
# In [=before-or-after.small] of nine settings the two differ by less than 0.02, so “little difference” is mostly right, and not always. They are widest apart for [=before-or-after.widest]: before [=before-or-after.widest_before], after [=before-or-after.widest_after]. Normalizing before is better in [=before-or-after.before_better] of them; neither is always better.
#
# What it does not show: the sigmoid is explained above, and why it is the other way round for tanh at a rate of 1 is not. The networks are small, trained for 8 epochs, without convolutions or residual connections.
#
# ## The rule {#verdict}
#
# The nine settings are nine cases. A case counts if the two mean accuracies differ by less than 0.02. (With 360 test examples that is 7 of them, and the five seeds of one setting often differ by as much. ReLU at 0.03 is only just beyond; a slightly higher threshold would count it as well.)


# %% tags=["verdict"]
class FastLast(Network):
    """The last layer learns 4.8 squared times as fast."""

    def step(self, rate, gradient):
        last = {name: 4.8**2 * g for name, g in gradient[-1].items()}
        super().step(rate, [*gradient[:-1], last])


fast = trained(*setting, build=FastLast)
small = [abs(d) < 0.02 for d in difference.values()]
widest = max(difference, key=lambda setting: abs(difference[setting]))
before_8, centred, enlarged, before_30, after_8 = map(spread, why.values())
numbers = {
    "small": str(sum(small)),
    "widest": f"{widest[0]}, {widest[1]}",
    "widest_before": spread(accuracy[*widest, "before"]),
    "widest_after": spread(accuracy[*widest, "after"]),
    "before_better": str(sum(d > 0 for d in difference.values())),
    "before_8": before_8,
    "centred": centred,
    "enlarged": enlarged,
    "before_30": before_30,
    "after_8": after_8,
    "deviation": f"{deviation:.2f}",
    "inverse": f"{1 / round(deviation, 2):.1f}",  # of what is printed
    "fast": spread(fast),
    "tanh_before": spread(accuracy["tanh", 0.03, "before"]),
    "tanh_after": spread(accuracy["tanh", 0.03, "after"]),
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

# %% [markdown] tags=["zh"]
# ## 练习 {#exercises}
#
# 1. 输入不动，只让最后一层的学习率大 $4.8^2\approx23$ 倍（在 `step` 里给 `gradient[-1]` 乘上这个数）。照上面的算法，差距应当怎样？
# 2. tanh 在学习率 0.03 时，两种放法的差距应当比 sigmoid 大还是小？想一想 tanh 的导数，再到表里找答案。
#
# ??? question "第 1 题的答案"
#
#     差距应当补上，实际补上了大半：[=before-or-after.fast]，因为输出改变的速度又乘回了 $c^2$。还差一点：上面放大输入时，传回前面各层的梯度也大了 4.8 倍，这里没有。
#
# ??? question "第 2 题的答案"
#
#     小。tanh 在 0 处的导数是 1，不是四分之一，输出的起伏与输入差不多，而且均值接近 0。表里是 [=before-or-after.tanh_before] 与 [=before-or-after.tanh_after]。

# %% [markdown] tags=["en"]
# ## Exercises {#exercises}
#
# 1. Leave the inputs as they are, and give the last layer alone $4.8^2\approx23$ times the learning rate (multiply `gradient[-1]` in `step`). What should happen to the gap?
# 2. With tanh at a rate of 0.03, should the two places differ more or less than with the sigmoid? Think of the derivative of tanh, and look it up in the table.
#
# ??? question "Answer to 1"
#
#     It should close, and most of it does: [=before-or-after.fast], as the output moves $c^2$ times as fast again. What is missing: enlarging the inputs also made the gradient that goes back to the earlier layers 4.8 times as large, and this does not.
#
# ??? question "Answer to 2"
#
#     Less. The derivative of tanh at 0 is 1 and not a quarter, so its outputs vary about as much as its inputs, with a mean near 0. The table has [=before-or-after.tanh_before] and [=before-or-after.tanh_after].

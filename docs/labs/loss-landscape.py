# %% [markdown] tags=["zh"]
# # 实验：沿梯度方向的误差曲面 {#loss-landscape}
#
# 课上引用的论文（[Santurkar et al. 2018](https://arxiv.org/abs/1805.11604)）认为，批量归一化有效，是因为它让误差曲面更平滑。沿着训练途中的梯度方向量一量，是这样吗？
#
# /// verdict | loss-landscape.smoother
# ///
#
# /// verdict | loss-landscape.explains-training
# ///

# %% [markdown] tags=["en"]
# # Lab: the loss along the gradient {#loss-landscape}
#
# The paper that the lecture cites ([Santurkar et al. 2018](https://arxiv.org/abs/1805.11604)) holds that batch normalization works because it makes the loss surface smoother. Is that what one finds along the gradient, all through training?
#
# /// verdict | loss-landscape.smoother
# ///
#
# /// verdict | loss-landscape.explains-training
# ///

# %% [markdown] tags=["zh"]
# ## 先猜一猜 {#expect}
#
# 在山坡上，梯度告诉你哪边是下坡。坡面平滑，沿这个方向多走几步也还是下坡；坡面崎岖，走两步就可能变成上坡。你觉得批量归一化会让坡面更平滑吗？还有：如果一个网络停在一大片平地上，它的“坡面”算不算平滑？
#
# ## 怎么做 {#setting}
#
# - **网络**：四个隐藏层，每层 32 个单元，有或没有批量归一化；五种设置，激活函数与学习率各不相同。
# - **训练**：手写数字，每批 64 个样本，5 轮，五个种子。
# - **测量**：每 10 步停下来，在当前这一批上沿负梯度走学习率的 0.5 到 4 倍，量三个量，然后回到原处继续训练：
#     1. $\Delta L$：损失在这段路上的变化范围（最大值减最小值）；
#     2. $\Delta g$：梯度的最大变化（差的长度）；
#     3. $\Delta g/d$：梯度的变化与走过的距离之比的最大值。
#
# 三个量都是越小越平滑，定义见[为什么有效](../batch-norm/why-it-works.md#landscape-measures)。梯度的变化只看权重和偏置，这样两种网络比的是同样多的参数。

# %% [markdown] tags=["en"]
# ## What do you expect? {#expect}
#
# On a hillside the gradient tells which way is down. If the ground is smooth, a few more steps that way still go down; if it is rough, two steps may already lead up. Do you expect batch normalization to smooth the ground? And if a network stands on a wide plain, is its ground smooth?
#
# ## What is done {#setting}
#
# - **Networks**: four hidden layers of 32 units, with or without batch normalization, in five settings of activation and learning rate.
# - **Training**: handwritten digits, batches of 64, 5 epochs, five seeds.
# - **Measures**: every 10 steps training stops; on the present batch we go 0.5 to 4 times the learning rate down the gradient, take three measures, and go on from where training was:
#     1. $\Delta L$, the range of the loss on that path (largest minus smallest);
#     2. $\Delta g$, the largest change of the gradient (length of the difference);
#     3. $\Delta g/d$, the largest change of the gradient per distance.
#
# Smaller is smoother for all three; they are defined in [why it works](../batch-norm/why-it-works.md#landscape-measures). Changes of the gradient count weights and biases only, so that both networks compare the same number of parameters.

# %%
import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import (
    Network,
    digits,
    dots,
    name,
    progress,
    spread,
    train,
)

x, y, test_x, test_y = digits()
seeds, reach = range(5), np.array([0.5, 1, 1.5, 2, 3, 4])
settings = {
    ("relu", 0.03): "he",
    ("relu", 0.1): "he",
    ("relu", 0.3): "he",
    ("tanh", 0.1): "lecun",
    ("sigmoid", 0.5): "xavier",
}


def weights_and_biases(gradient):
    return np.concatenate(
        [
            layer[name].reshape(len(seeds), -1)
            for layer in gradient
            for name in ("W", "b")
        ],
        axis=1,
    )


def probe(network, x, y, rate):
    """The three measures along the gradient, for each seed."""
    start = [dict(layer) for layer in network.layers]
    _, gradient = network.loss_and_gradient(x, y, "batch")
    length = np.sqrt(
        sum(
            (slope**2).sum(axis=(1, 2))
            for layer in gradient
            for slope in layer.values()
        )
    )
    losses, changes = [], []
    for step in reach * rate:
        network.layers = [dict(layer) for layer in start]
        network.step(step, gradient)
        loss, there = network.loss_and_gradient(x, y, "batch")
        losses.append(loss)
        moved = weights_and_biases(there) - weights_and_biases(gradient)
        changes.append([np.linalg.norm(of_one) for of_one in moved])
    network.layers = start
    per_distance = changes / (reach[:, None] * rate * length)
    return np.transpose(
        [
            np.ptp(losses, axis=0),
            np.max(changes, axis=0),
            np.max(per_distance, axis=0),
        ]
    )


def measured(activation, rate, norm):
    found = []

    def watch(network, step, x, y):
        if step % 10 == 0:
            found.append(probe(network, x, y, rate))

    network = Network(
        [64, 32, 32, 32, 32, 10],
        activation,
        norm,
        seeds,
        init=settings[activation, rate],
    )
    train(network, x, y, rate, epochs=5, watch=watch)
    return np.column_stack(
        [np.mean(found, axis=0), network.accuracy(test_x, test_y)]
    )


results = {}
for setting in progress(settings):
    for norm in (None, "before"):
        results[*setting, norm] = measured(*setting, norm)
print("means of five seeds                   test accuracy")
print("setting       BN       ΔL    Δg     Δg/d   mean  [least, most]")
for (activation, rate, norm), found in results.items():
    three = " ".join(f"{value:<6.2f}" for value in found.mean(axis=0)[:3])
    print(f"{activation:8}{rate:<6}{'with' if norm else 'without':8}", end=" ")
    print(three, spread(found[:, 3]))

# %%
figure, axes = plt.subplots(1, 3, figsize=(6.4, 2.8), sharey=True)
titles = ("$\\Delta L$", "$\\Delta g$", "$\\Delta g / d$")
for column, (axis, title) in enumerate(zip(axes, titles, strict=True)):
    for row, setting in enumerate(settings):
        for norm, color, shift in ((None, "C1", -0.12), ("before", "C0", 0.12)):
            values = results[*setting, norm][:, column]
            dots(axis, values, row + shift, color)
    axis.set(xscale="log", title=title, ylim=(4.6, -0.6))
labels = [f"{activation}, ${rate:g}$" for activation, rate in settings]
axes[0].set_yticks(range(len(settings)), labels)
axes[0].set(ylabel="activation, $\\eta$")
low = [results["relu", 0.1, norm][:, 0].mean() for norm in (None, "before")]
name(axes[0], "no BN", (low[0], 0.88), "C1")
name(axes[0], "BN", (low[1], 1.12), "C0", (0, -16))
plt.show()

# %% [markdown] tags=["zh"]
# **怎么看图**：三幅图是三个量（对数横轴），越靠左越平滑；一行是一种设置（激活函数和学习率 $\eta$）。蓝色（BN）有批量归一化，红色（no BN）没有；圆点是种子，竖线是均值。
#
# 第二、三行，蓝色都在红色左边：学习率较大的 ReLU 网络，三个量都更小。最下面一行反过来：sigmoid 网络没有批量归一化时“最平滑”，因为它停在一大片平地上，一动不动。
#
# ## 说明了什么，没有说明什么 {#limits}
#
# 三个量都更小的设置，五种里有 [=loss-landscape.smoother] 种，都是学习率较大的 ReLU 网络。以学习率 0.1 的为例，损失的变化范围从 [=loss-landscape.relu_range_without] 缩小到 [=loss-landscape.relu_range_with]。
#
# 准确率明显提高的设置有 [=loss-landscape.better] 种，其中曲面更平滑的有 [=loss-landscape.explained] 种。最清楚的反例是 sigmoid 网络：准确率从 [=loss-landscape.sigmoid_accuracy_without] 升到 [=loss-landscape.sigmoid_accuracy_with]，损失的变化范围反而从 [=loss-landscape.sigmoid_range_without] 变大到 [=loss-landscape.sigmoid_range_with]。没有批量归一化的网络停在一片高原上，高原当然平滑。
#
# 所以“更平滑”能解释一部分设置，不能解释全部。
#
# 不能由此推断的：网络很小，只沿一个方向量；而且一动不动的网络在第一个量上得分最好，这个量要与训练的好坏一起看。

# %% [markdown] tags=["en"]
# **How to read it**: the three panels are the three measures on logarithmic axes, smoother to the left; a row is a setting (activation and learning rate $\eta$). Blue (BN) is with batch normalization, red (no BN) without; dots are seeds, bars are means.
#
# In the second and third rows, ReLU with the larger learning rates, blue is left of red in all three. In the last row it is the other way round: the sigmoid network without batch normalization is the “smoothest”, as it stands on a wide plain and does not move.
#
# ## What it shows, and what it does not {#limits}
#
# All three measures are smaller in [=loss-landscape.smoother] of five settings, the ReLU networks with the larger learning rates. At 0.1 the range of the loss shrinks from [=loss-landscape.relu_range_without] to [=loss-landscape.relu_range_with].
#
# The accuracy is clearly higher in [=loss-landscape.better] settings, and the surface smoother in [=loss-landscape.explained] of them. The plainest counterexample is the network of sigmoids: its accuracy rises from [=loss-landscape.sigmoid_accuracy_without] to [=loss-landscape.sigmoid_accuracy_with], while the range of the loss grows from [=loss-landscape.sigmoid_range_without] to [=loss-landscape.sigmoid_range_with]. Without batch normalization the network stands on a plateau, and a plateau is smooth.
#
# So “smoother” explains some of the settings and not all.
#
# It does not show more than small networks, along one direction. And a network that does not move scores best on the first measure, which must be read together with how training goes.

# %% [markdown] tags=["zh"]
# ## 判断的规则 {#verdict}
#
# **更平滑**：五种设置是五种情形。一种情形算数，要求三个量的均值在有批量归一化时全都更小。
#
# **解释了训练**：只看批量归一化使测试准确率提高 0.02 以上的设置。一种情形算数，要求那里的曲面也更平滑。如果一种这样的设置都没有，就谈不上解释，构建会停下来。

# %% [markdown] tags=["en"]
# ## The rules {#verdict}
#
# **Smoother**: the five settings are five cases. A case counts if the means of all three measures are smaller with batch normalization.
#
# **Explains training**: only settings where batch normalization raises the test accuracy by more than 0.02. A case counts if the surface is smoother there, too. Without any such setting there would be nothing to explain, and the build would stop.

# %%
smoother, better = {}, {}
for setting in settings:
    without, with_norm = (
        results[*setting, norm].mean(axis=0) for norm in (None, "before")
    )
    smoother[setting] = all(with_norm[:3] < without[:3])
    better[setting] = with_norm[3] > without[3] + 0.02
explained = [smoother[setting] for setting in settings if better[setting]]
flat = {norm: results["sigmoid", 0.5, norm] for norm in (None, "before")}
steep = {norm: results["relu", 0.1, norm] for norm in (None, "before")}
numbers = {
    "smoother": str(sum(smoother.values())),
    "better": str(len(explained)),
    "explained": str(sum(explained)),
    "sigmoid_range_without": spread(flat[None][:, 0], 2),
    "sigmoid_range_with": spread(flat["before"][:, 0], 2),
    "sigmoid_accuracy_without": spread(flat[None][:, 3]),
    "sigmoid_accuracy_with": spread(flat["before"][:, 3]),
    "relu_range_without": spread(steep[None][:, 0], 2),
    "relu_range_with": spread(steep["before"][:, 0], 2),
}
verdicts = {
    "smoother": {
        "en": "batch normalization makes the loss surface smoother",
        "zh": "批量归一化让误差曲面更平滑",
        "cases": list(smoother.values()),
        "of": {"en": "settings", "zh": "种设置"},
        "measured": {
            "en": "range of the loss: ReLU at 0.1: {relu_range_without} → "
            "{relu_range_with}, sigmoid: {sigmoid_range_without} → "
            "{sigmoid_range_with}",
            "zh": "损失的变化范围：ReLU（学习率 0.1）：{relu_range_without} → "
            "{relu_range_with}，sigmoid {sigmoid_range_without} → "
            "{sigmoid_range_with}",
        },
    },
    "explains-training": {
        "en": "where batch normalization trains better, "
        "the surface is smoother",
        "zh": "批量归一化让训练变好的地方，曲面也更平滑",
        "cases": explained,
        "of": {"en": "settings that train better", "zh": "种训练变好的设置"},
        "measured": {
            "en": "sigmoid: accuracy {sigmoid_accuracy_without} → "
            "{sigmoid_accuracy_with}, range of the loss "
            "{sigmoid_range_without} → {sigmoid_range_with}",
            "zh": "sigmoid 网络准确率 {sigmoid_accuracy_without} → "
            "{sigmoid_accuracy_with}，损失的变化范围 "
            "{sigmoid_range_without} → {sigmoid_range_with}",
        },
    },
}
for claim, found in verdicts.items():
    print(f"{claim:18} {sum(found['cases'])} of {len(found['cases'])} cases")

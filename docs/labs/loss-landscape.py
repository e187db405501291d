# %% [markdown] tags=["zh"]
# # 实验：沿梯度方向的损失曲面 {#loss-landscape}
#
# 课上引用的论文认为，批量归一化有效，是因为它让误差曲面更平滑（文字稿第 295 行；[Santurkar et al. 2018](https://arxiv.org/abs/1805.11604)）。这里用论文的三个量，沿训练途中的梯度方向去量一量。

# %% [markdown] tags=["en"]
# # Lab: the loss along the gradient {#loss-landscape}
#
# The paper that the lecture cites holds that batch normalization works because it makes the error surface smoother (transcript, line 295; [Santurkar et al. 2018](https://arxiv.org/abs/1805.11604)). Here the paper's three measures are taken along the gradient, all through training.

# %% [markdown] tags=["zh"]
# ## 设置 {#setting}
#
# 四个隐藏层，每层 32 个单元，批大小 64，5 轮，手写数字，五个种子。每 10 步停下来，在当前这一批上沿负梯度走学习率的 0.5 到 4 倍，记录损失的变化范围、梯度的最大变化，以及梯度变化与距离之比的最大值；然后回到原处继续训练。梯度的变化只看权重和偏置，这样两种网络比的是同样多的参数。三个量的定义见[为什么有效](../batch-norm/why-it-works.md#landscape-measures)。

# %% [markdown] tags=["en"]
# ## Setting {#setting}
#
# Four hidden layers of 32 units, batches of 64, 5 epochs, handwritten digits, five seeds. Every 10 steps training stops; on the present batch we go 0.5 to 4 times the learning rate down the gradient and record the range of the loss, the largest change of the gradient, and the largest change of the gradient per distance; then training goes on from where it was. Changes of the gradient count weights and biases only, so that both networks compare the same number of parameters. The measures are defined in [why it works](../batch-norm/why-it-works.md#landscape-measures).

# %%
import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import Network, digits, progress, spread, train

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
    """Range of the loss, largest change of the gradient, and the same per distance, along the gradient, for each seed."""
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
for activation, rate in progress(settings):
    for norm in (None, "before"):
        results[activation, rate, norm] = measured(activation, rate, norm)
print(
    "                            range of the loss     change of gradient    per distance         test accuracy"
)
for (activation, rate, norm), found in results.items():
    print(
        f"{activation:8}{rate:<5}{'with' if norm else 'without':8}",
        *[spread(f, 2) for f in found.T],
        sep="  ",
    )

# %%
figure, axes = plt.subplots(1, 3, figsize=(6, 2.6), sharey=True)
for column, axis in enumerate(axes):
    for row, (activation, rate) in enumerate(settings):
        for norm, color, shift in ((None, "C1", -0.1), ("before", "C0", 0.1)):
            values = results[activation, rate, norm][:, column]
            axis.plot(
                values,
                [row + shift] * 5,
                "o",
                color=color,
                alpha=0.4,
                markersize=4,
            )
            axis.plot(
                values.mean(), row + shift, "|", color=color, markersize=12
            )
    axis.set(xscale="log")
axes[0].set(
    yticks=range(5),
    yticklabels=[f"{activation} ${rate}$" for activation, rate in settings],
)
axes[0].invert_yaxis()
plt.show()

# %% [markdown] tags=["zh"]
# 从左到右：损失的变化范围、梯度的最大变化、每单位距离的变化，都越小越平滑（对数横轴）。蓝色有批量归一化，红色没有；圆点是种子，竖线是均值。纵轴是激活函数和学习率。
#
# ## 结论 {#verdict}
#
# 说法一：批量归一化让曲面更平滑。规则：五种设置的三个量，均值全都更小，算“已复现”；有的设置三个量都更小，算“部分复现”。

# %% [markdown] tags=["en"]
# From left to right: range of the loss, largest change of the gradient, change per distance; smaller is smoother (logarithmic axes). Blue is with batch normalization, red without; dots are seeds, lines are means. The rows are activation and learning rate.
#
# ## Verdict {#verdict}
#
# First claim: batch normalization makes the surface smoother. The rule: if in all five settings the means of all three measures are smaller, “reproduced”; if that holds in some setting, “partly”.

# %%
smoother, better = {}, {}
for setting in settings:
    without, with_norm = (
        results[*setting, norm].mean(axis=0) for norm in (None, "before")
    )
    smoother[setting] = all(with_norm[:3] < without[:3])
    better[setting] = with_norm[3] > without[3] + 0.02
explained = [smoother[setting] for setting in settings if better[setting]]
verdicts = {
    "smoother": "reproduced"
    if all(smoother.values())
    else "partly"
    if any(smoother.values())
    else "not reproduced",
    "explains-training": "reproduced"
    if all(explained)
    else "partly"
    if any(explained)
    else "not reproduced",
}
numbers = {
    "smoother": str(sum(smoother.values())),
    "better": str(len(explained)),
    "explained": str(sum(explained)),
    "sigmoid_range_without": spread(results["sigmoid", 0.5, None][:, 0], 2),
    "sigmoid_range_with": spread(results["sigmoid", 0.5, "before"][:, 0], 2),
    "sigmoid_accuracy_without": spread(results["sigmoid", 0.5, None][:, 3]),
    "sigmoid_accuracy_with": spread(results["sigmoid", 0.5, "before"][:, 3]),
}

# %% [markdown] tags=["zh"]
# /// verdict | loss-landscape.smoother
# ///
#
# 五种设置里，三个量都更小的有 [=loss-landscape.smoother] 种，都是学习率较大的 ReLU 网络。
#
# 说法二：曲面更平滑，所以训练得更好。规则：凡是批量归一化使测试准确率提高 0.02 以上的设置，曲面都更平滑，算“已复现”；有的如此，算“部分复现”。
#
# /// verdict | loss-landscape.explains-training
# ///
#
# 准确率明显提高的设置有 [=loss-landscape.better] 种，其中曲面更平滑的有 [=loss-landscape.explained] 种。反例是 sigmoid 网络：准确率从 [=loss-landscape.sigmoid_accuracy_without] 升到 [=loss-landscape.sigmoid_accuracy_with]，损失的变化范围反而从 [=loss-landscape.sigmoid_range_without] 变大到 [=loss-landscape.sigmoid_range_with]。没有批量归一化的网络停在一片高原上，高原当然平滑。局限：网络很小，只沿一个方向量，而且一动不动的网络在第一个量上得分最好。

# %% [markdown] tags=["en"]
# /// verdict | loss-landscape.smoother
# ///
#
# All three measures are smaller in [=loss-landscape.smoother] of five settings, the ReLU networks with the larger learning rates.
#
# Second claim: training is better because the surface is smoother. The rule: if the surface is smoother in every setting where batch normalization raises the test accuracy by more than 0.02, “reproduced”; if in some, “partly”.
#
# /// verdict | loss-landscape.explains-training
# ///
#
# The accuracy is clearly higher in [=loss-landscape.better] settings, and the surface smoother in [=loss-landscape.explained] of them. The counterexample is the network of sigmoids: its accuracy rises from [=loss-landscape.sigmoid_accuracy_without] to [=loss-landscape.sigmoid_accuracy_with], while the range of the loss grows from [=loss-landscape.sigmoid_range_without] to [=loss-landscape.sigmoid_range_with]. Without batch normalization the network sits on a plateau, and a plateau is smooth. Limits: small networks, one direction only, and a network that does not move scores best on the first measure.

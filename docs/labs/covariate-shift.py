# %% [markdown] tags=["zh"]
# # 实验：内部协变量偏移 {#covariate-shift}
#
# 2015 年的论文说，批量归一化有效，是因为它减小了内部协变量偏移；课上引用 2018 年的论文说，这不是原因（文字稿第 250–295 行）。这里按 2018 年的定义把它量出来，再看它与训练的好坏有没有关系。

# %% [markdown] tags=["en"]
# # Lab: internal covariate shift {#covariate-shift}
#
# The paper of 2015 says that batch normalization works because it reduces internal covariate shift; the lecture reports from a paper of 2018 that this is not the reason (transcript, lines 250–295). Here the shift is measured by the definition of 2018 and compared with how well training goes.

# %% [markdown] tags=["zh"]
# ## 设置 {#setting}
#
# 某一层的梯度，在它前面的各层更新之前和之后各算一次，$G$ 与 $G'$ 之差的长度就是这一层的内部协变量偏移（[Santurkar et al. 2018](https://arxiv.org/abs/1805.11604)，定义 2.1）；两者的夹角余弦则说明方向还是不是一致。每 10 步量一次，对各层和整个训练过程取平均，五个种子。四个小网络在手写数字上训练 5 轮，宽 32，批大小 64。

# %% [markdown] tags=["en"]
# ## Setting {#setting}
#
# The gradient of a layer is computed twice, before and after the earlier layers take their step. The length of the difference between $G$ and $G'$ is the internal covariate shift of that layer ([Santurkar et al. 2018](https://arxiv.org/abs/1805.11604), definition 2.1); the cosine of the angle between them says whether the direction is still the same. We measure every 10 steps and average over layers and over training, with five seeds. Four small networks learn handwritten digits for 5 epochs, 32 units wide, in batches of 64.

# %%
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import (
    Network,
    digits,
    each,
    progress,
    side_by_side,
    spread,
    train,
)
from snippets.batch_norm import batch_norm_backward, batch_norm_train
from snippets.explanations import internal_covariate_shift
from snippets.initialization import xavier_normal

x, y, test_x, test_y = digits()
seeds = range(5)
settings = {  # (activation, hidden layers): (first weights, learning rate)
    ("sigmoid", 4): ("xavier", 0.5),
    ("sigmoid", 2): ("xavier", 1.0),
    ("tanh", 4): ("lecun", 0.1),
    ("relu", 4): ("he", 0.1),
}


def cosine(a, b):
    return (a * b).sum() / (np.linalg.norm(a) * np.linalg.norm(b) + 1e-300)


def compared(gradients, after):
    return [
        (internal_covariate_shift(G, G_prime), cosine(G, G_prime))
        for G, G_prime in zip(gradients, after, strict=True)
    ]


def shift_of(network, x, y, rate):
    """Internal covariate shift and cosine of all layers but the first, averaged, for each seed."""
    start = network.layers
    _, gradient = network.loss_and_gradient(x, y, "batch")
    found = []
    for layer in range(1, len(start)):
        network.layers = [
            {
                name: w - rate * gradient[i][name] * (i < layer)
                for name, w in old.items()
            }
            for i, old in enumerate(start)
        ]
        _, after = network.loss_and_gradient(x, y, "batch")
        found.append(compared(gradient[layer]["W"], after[layer]["W"]))
    network.layers = start
    return np.mean(found, axis=0)


def measured(activation, depth, norm):
    init, rate = settings[activation, depth]
    network, found = (
        Network([64, *[32] * depth, 10], activation, norm, seeds, init=init),
        [],
    )

    def watch(network, step, x, y):
        if step % 10 == 0:
            found.append(shift_of(network, x, y, rate))

    train(network, x, y, rate, epochs=5, watch=watch)
    return np.column_stack(
        [np.mean(found, axis=0), network.accuracy(test_x, test_y)]
    )


results = {}
for activation, depth in progress(settings):
    for norm in (None, "before"):
        results[activation, depth, norm] = measured(activation, depth, norm)
print(
    "                      shift                  cosine               test accuracy"
)
for (activation, depth, norm), found in results.items():
    print(
        f"{activation:8}{depth}  {'with' if norm else 'without':8}",
        *[spread(f) for f in found.T],
        sep="  ",
    )

# %% [markdown] tags=["zh"]
# ## 25 层的线性网络 {#deep-linear}
#
# 2018 年的论文用一个 25 层、每层 10 个单元的线性网络来说明问题。照样做一个小的：256 个样本，学习率 0.0001，走 200 步，在第 6、13、21 层上量。

# %% [markdown] tags=["en"]
# ## A linear network of 25 layers {#deep-linear}
#
# The paper of 2018 makes its point with a linear network of 25 layers of 10 units. Here is a small copy: 256 examples, learning rate 0.0001, 200 steps, measured at layers 6, 13 and 21.


# %%
def linear_network(weights, scales, x, target):
    """Losses, and the gradients of weights and scales, of all seeds side by side; scales are (gamma, beta) of each hidden layer, or nothing."""
    h, inputs, sums = x, [], []
    for i, W in enumerate(weights):
        inputs.append(h)
        z = h @ W
        sums.append(z)
        h = (
            each(batch_norm_train(side_by_side(z), *scales[i]), len(x))
            if i < len(scales)
            else z
        )
    d = 2 * (h - target) / x.shape[1]
    of_weights, of_scales = [None] * len(weights), [None] * len(scales)
    for i in reversed(range(len(weights))):
        if i < len(scales):
            d, *of_scales[i] = batch_norm_backward(
                side_by_side(d), side_by_side(sums[i]), scales[i][0]
            )
            d = each(d, len(x))
        of_weights[i] = inputs[i].swapaxes(1, 2) @ d
        d = d @ weights[i].swapaxes(1, 2)
    return (
        ((h - target) ** 2).sum(axis=(1, 2)) / x.shape[1],
        of_weights,
        of_scales,
    )


def stepped(pairs, gradients, rate, count):
    return [
        [old - rate * g for old, g in zip(pair, gradient, strict=True)]
        if i < count
        else pair
        for i, (pair, gradient) in enumerate(zip(pairs, gradients, strict=True))
    ]


def drawn(seed):
    rng = np.random.default_rng(seed)
    x, A = rng.normal(size=(256, 10)), rng.normal(size=(10, 10))
    return x, A, *(xavier_normal(rng.normal(size=(10, 10))) for _ in range(25))


def deep_linear(normalized, rate=1e-4, steps=200):
    x, A, *weights = map(np.stack, zip(*map(drawn, seeds), strict=True))
    scales = (
        [
            [np.ones(10 * len(seeds)), np.zeros(10 * len(seeds))]
            for _ in range(24)
        ]
        if normalized
        else []
    )
    found = []
    for step in range(steps):
        loss, of_weights, of_scales = linear_network(weights, scales, x, x @ A)
        if step % 10 == 0:
            for layer in (5, 12, 20):
                moved = [
                    W - rate * g if i < layer else W
                    for i, (W, g) in enumerate(
                        zip(weights, of_weights, strict=True)
                    )
                ]
                G_prime = linear_network(
                    moved, stepped(scales, of_scales, rate, layer), x, x @ A
                )[1][layer]
                found.append(compared(of_weights[layer], G_prime))
        weights = [
            W - rate * g for W, g in zip(weights, of_weights, strict=True)
        ]
        scales = stepped(scales, of_scales, rate, len(scales))
    return np.column_stack([np.mean(found, axis=0), loss])


deep = {
    normalized: deep_linear(normalized)
    for normalized in progress([False, True])
}
print("           shift                     cosine                   last loss")
for normalized, found in deep.items():
    print(
        f"{'with' if normalized else 'without':8}",
        *[spread(f) for f in found.T],
        sep="  ",
    )

# %%
names = [f"{activation} {depth}" for activation, depth in settings] + ["25"]
figure, axes = plt.subplots(1, 2, figsize=(6, 2.6), sharey=True)
for column, axis in enumerate(axes):
    for row, setting in enumerate([*settings, None]):
        for norm, color, height in ((None, "C1", -0.1), ("before", "C0", 0.1)):
            values = (
                results[*setting, norm][:, column]
                if setting
                else deep[bool(norm)][:, column]
            )
            axis.plot(
                values,
                [row + height] * 5,
                "o",
                color=color,
                alpha=0.4,
                markersize=4,
            )
            axis.plot(
                values.mean(), row + height, "|", color=color, markersize=12
            )
axes[0].set(xscale="log", yticks=range(5), yticklabels=names)
axes[0].invert_yaxis()
plt.show()

# %% [markdown] tags=["zh"]
# 左图是内部协变量偏移（对数横轴），右图是夹角余弦；蓝色有批量归一化，红色没有。纵轴是激活函数和隐藏层数，最下面是 25 层的线性网络。
#
# ## 带噪声的批量归一化 {#noisy}
#
# 论文的另一个做法：在批量归一化之后，再给每个值乘上、加上随机数，而且每一步都换一个分布，故意让下一层的输入不稳定。这里是四层 tanh 网络，学习率 0.1，训练 6 轮，量的是训练集上的准确率，以及每 10 步各层输入的均值移动了多少个标准差。

# %% [markdown] tags=["en"]
# Left: internal covariate shift, on a logarithmic axis; right: the cosine. Blue is with batch normalization, red without. Rows are activation and hidden layers; the last is the linear network of 25 layers.
#
# ## Noisy batch normalization {#noisy}
#
# Another idea of the paper: after batch normalization every value is multiplied by one random number and another is added, from a distribution that changes at every step, so that the inputs of the next layer are unstable on purpose. Here in networks of four tanh layers, learning rate 0.1, 6 epochs; measured are the accuracy on the training set, and by how many standard deviations the mean of each layer's inputs moves in 10 steps.


# %%
class NoisyNetwork(Network):
    """Batch normalization followed by a random scale and shift of every value, drawn anew at each step."""

    def forward(self, x, mode="inference"):
        self.factors = []
        return super().forward(x, mode)

    def normalize(self, i, z, mode):
        mean, scale = self.rng.uniform(-0.5, 0.5), self.rng.uniform(1, 1.25)
        self.factors.append(self.rng.normal(scale, 0.1, z.shape))
        return super().normalize(i, z, mode) * self.factors[
            -1
        ] + self.rng.uniform(mean - 0.1, mean + 0.1, z.shape)

    def back_through_norm(self, i, z, d):
        return super().back_through_norm(i, z, d * self.factors[i])


def drift_and_accuracy(kind, seed):
    build = NoisyNetwork if kind == "noisy" else Network
    network = build(
        [64, 32, 32, 32, 32, 10],
        "tanh",
        None if kind == "without" else "before",
        [seed],
        init="lecun",
    )
    network.rng, means = np.random.default_rng(seed), []

    def watch(network, step, *_):
        if step % 10 == 0:
            network.forward(x[:256], "batch")
            means.append(
                [
                    (h[0].mean(axis=0), h[0].std(axis=0))
                    for h in network.inputs[1:]
                ]
            )

    train(network, x, y, rate=0.1, epochs=6, watch=watch)
    moves = [
        np.mean(np.abs(before - after) / (deviation + 1e-3))
        for old, new in pairwise(means)
        for (before, deviation), (after, _) in zip(old, new, strict=True)
    ]
    return np.mean(moves), *network.accuracy(x, y, "batch")


noisy = {}
for kind in progress(["without", "with", "noisy"]):
    noisy[kind] = np.array([drift_and_accuracy(kind, seed) for seed in seeds])
    print(f"{kind:8}", *[spread(f) for f in noisy[kind].T], sep="  ")

# %% [markdown] tags=["zh"]
# ## 结论 {#verdict}
#
# 说法一（2015 年论文）：批量归一化减小内部协变量偏移。规则：五个网络的平均偏移全都更小，算“已复现”；有的更小，算“部分复现”。

# %% [markdown] tags=["en"]
# ## Verdict {#verdict}
#
# First claim (the paper of 2015): batch normalization reduces internal covariate shift. The rule: if the mean shift is smaller in all five networks, “reproduced”; if in some, “partly”.


# %%
def grade(cases):
    return (
        "reproduced"
        if all(cases)
        else "partly"
        if any(cases)
        else "not reproduced"
    )


means = {
    setting: [results[*setting, norm].mean(axis=0) for norm in (None, "before")]
    for setting in settings
}
means["deep"] = [deep[normalized].mean(axis=0) for normalized in (False, True)]
less = [with_norm[0] < without[0] for without, with_norm in means.values()]
agree = [
    pair[1] > 0.9
    for without, with_norm in means.values()
    for pair in (without, with_norm)
]
still = noisy["noisy"].mean(axis=0), noisy["without"].mean(axis=0)
verdicts = {
    "reduces-shift": grade(less),
    "directions-agree": grade(agree),
    "noisy-still-trains": grade(
        [still[0][0] > still[1][0], still[0][1] > still[1][1]]
    ),
}
numbers = {
    "less": str(sum(less)),
    "agree": str(sum(agree)),
    "sigmoid_shift_without": spread(results["sigmoid", 4, None][:, 0]),
    "sigmoid_shift_with": spread(results["sigmoid", 4, "before"][:, 0]),
    "sigmoid_accuracy_without": spread(results["sigmoid", 4, None][:, 2]),
    "sigmoid_accuracy_with": spread(results["sigmoid", 4, "before"][:, 2]),
    "deep_cosine_without": spread(deep[False][:, 1]),
    "deep_cosine_with": spread(deep[True][:, 1]),
    "deep_loss_without": spread(deep[False][:, 2], 1),
    "deep_loss_with": spread(deep[True][:, 2], 1),
    "noisy_drift": spread(noisy["noisy"][:, 0]),
    "without_drift": spread(noisy["without"][:, 0]),
    "noisy_accuracy": spread(noisy["noisy"][:, 1]),
    "without_accuracy": spread(noisy["without"][:, 1]),
    "with_accuracy": spread(noisy["with"][:, 1]),
}

# %% [markdown] tags=["zh"]
# /// verdict | covariate-shift.reduces-shift
# ///
#
# 五个网络里，偏移更小的只有 [=covariate-shift.less] 个。四层的 sigmoid 网络，偏移从 [=covariate-shift.sigmoid_shift_without] 变大到 [=covariate-shift.sigmoid_shift_with]，准确率却从 [=covariate-shift.sigmoid_accuracy_without] 升到 [=covariate-shift.sigmoid_accuracy_with]。从偏移的大小，看不出训练的好坏。
#
# 说法二（文字稿第 291 行）：前面的层更新前后，梯度的方向差不多。规则：五个网络、有没有批量归一化，共十种情形，余弦的均值都大于 0.9，算“已复现”；有的如此，算“部分复现”。
#
# /// verdict | covariate-shift.directions-agree
# ///
#
# 十种情形里有 [=covariate-shift.agree] 种是这样。25 层的线性网络，没有批量归一化时余弦是 [=covariate-shift.deep_cosine_without]，有批量归一化时只有 [=covariate-shift.deep_cosine_with]；可是后者反而训练得更好，最后的损失是 [=covariate-shift.deep_loss_with]，前者是 [=covariate-shift.deep_loss_without]。
#
# 说法三：故意让输入不稳定，也照样训练得好。规则：带噪声的网络，输入比没有批量归一化的网络移动得更多，准确率却更高，算“已复现”；只有一半成立，算“部分复现”。
#
# /// verdict | covariate-shift.noisy-still-trains
# ///
#
# 带噪声时，各层的输入每 10 步移动 [=covariate-shift.noisy_drift] 个标准差，没有批量归一化时是 [=covariate-shift.without_drift]；准确率分别是 [=covariate-shift.noisy_accuracy] 和 [=covariate-shift.without_accuracy]，不带噪声的批量归一化是 [=covariate-shift.with_accuracy]。局限：网络都很小，训练很短；它说明偏移不是充分的解释，没有说明什么才是。

# %% [markdown] tags=["en"]
# /// verdict | covariate-shift.reduces-shift
# ///
#
# The shift is smaller in only [=covariate-shift.less] of the five networks. In the one with four sigmoid layers it grows from [=covariate-shift.sigmoid_shift_without] to [=covariate-shift.sigmoid_shift_with], while the accuracy rises from [=covariate-shift.sigmoid_accuracy_without] to [=covariate-shift.sigmoid_accuracy_with]. How large the shift is does not tell how well training goes.
#
# Second claim (transcript, line 291): a step of the earlier layers leaves the direction of the gradient about as it was. The rule: five networks, with and without batch normalization, are ten cases; if the mean cosine is above 0.9 in all of them, “reproduced”; if in some, “partly”.
#
# /// verdict | covariate-shift.directions-agree
# ///
#
# It is in [=covariate-shift.agree] of ten. In the linear network of 25 layers the cosine is [=covariate-shift.deep_cosine_without] without batch normalization and only [=covariate-shift.deep_cosine_with] with it; and yet the latter trains better, to a loss of [=covariate-shift.deep_loss_with] against [=covariate-shift.deep_loss_without].
#
# Third claim: training goes well even when the inputs are made unstable on purpose. The rule: if the inputs of the noisy networks move more than without batch normalization and their accuracy is higher, “reproduced”; if only half of that holds, “partly”.
#
# /// verdict | covariate-shift.noisy-still-trains
# ///
#
# In 10 steps the inputs move by [=covariate-shift.noisy_drift] standard deviations with noise and by [=covariate-shift.without_drift] without batch normalization; the accuracy is [=covariate-shift.noisy_accuracy] and [=covariate-shift.without_accuracy], and [=covariate-shift.with_accuracy] for batch normalization without noise. Limits: small networks and short training; this shows that the shift does not suffice as an explanation, but not what would.

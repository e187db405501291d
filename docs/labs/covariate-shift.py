# %% [markdown] tags=["zh"]
# # 实验：内部协变量偏移 {#covariate-shift}
#
# 2015 年的论文说，批量归一化有效，是因为它减小了内部协变量偏移；课上引用 2018 年的论文说，这不是原因：前面各层更新前后，算出的梯度方向其实差不多；就算输入不稳定，也不妨碍训练。把偏移量出来，谁说得对？
#
# /// verdict | covariate-shift.reduces-shift
# ///
#
# /// verdict | covariate-shift.directions-agree
# ///
#
# /// verdict | covariate-shift.noisy-still-trains
# ///

# %% [markdown] tags=["en"]
# # Lab: internal covariate shift {#covariate-shift}
#
# The paper of 2015 says that batch normalization works because it reduces internal covariate shift; the lecture reports from a paper of 2018 that this is not the reason: the gradient points about the same way before and after the earlier layers are updated, and unstable inputs do no harm. Once the shift is measured, who is right?
#
# /// verdict | covariate-shift.reduces-shift
# ///
#
# /// verdict | covariate-shift.directions-agree
# ///
#
# /// verdict | covariate-shift.noisy-still-trains
# ///

# %% [markdown] tags=["zh"]
# ## 先猜一猜 {#expect}
#
# 网络的各层是同时更新的。后一层算梯度的时候，前面各层还是旧的；等它照这个梯度走出去，前面各层已经变了。梯度因此“过时”了多少，就是这一层的内部协变量偏移。你觉得有了批量归一化，梯度会过时得少一些吗？过时得多，就一定训练得差吗？
#
# ## 怎么做 {#setting}
#
# - **测量**（[Santurkar et al. 2018](https://arxiv.org/abs/1805.11604)，定义 2.1）：某一层的梯度，在它前面的各层更新之前算一次，得 $G$；更新之后再算一次，得 $G'$。
#     1. **偏移** $\|G-G'\|$；
#     2. **相对偏移** $\|G-G'\|/\|G\|$：梯度本来就小的网络，偏移自然也小，所以要除一下；
#     3. **余弦** $\cos$：$G$ 与 $G'$ 的夹角余弦，等于 1 就是方向完全一致。
# - **网络**：四个，sigmoid 4 层、sigmoid 2 层、tanh 4 层、ReLU 4 层，每层 32 个单元。
# - **训练**：手写数字，每批 64 个样本，5 轮，五个种子；每 10 步量一次，对各层和整个训练过程取平均。

# %% [markdown] tags=["en"]
# ## What do you expect? {#expect}
#
# All layers of a network are updated at once. When a layer computes its gradient, the layers before it are still the old ones; when it takes the step, they have changed. How far its gradient is out of date by then is the internal covariate shift of the layer. Do you expect less of that with batch normalization? And does a gradient that is out of date mean bad training?
#
# ## What is done {#setting}
#
# - **Measures** ([Santurkar et al. 2018](https://arxiv.org/abs/1805.11604), definition 2.1): the gradient of a layer is computed before the earlier layers take their step, $G$, and after it, $G'$.
#     1. **Shift**, $\|G-G'\|$;
#     2. **Relative shift**, $\|G-G'\|/\|G\|$: where gradients are small, so is the shift, and therefore it is divided;
#     3. **Cosine**, $\cos$, of the angle between $G$ and $G'$; 1 means the same direction.
# - **Networks**: four of them, with 4 and 2 layers of sigmoids, 4 of tanh, 4 of ReLU, each 32 units wide.
# - **Training**: handwritten digits, batches of 64, 5 epochs, five seeds; measured every 10 steps, and averaged over layers and over training.

# %%
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import (
    Network,
    curves,
    digits,
    dots,
    each,
    name,
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
    """For each seed: shift, shift relative to the gradient, cosine."""
    found = []
    for G, G_prime in zip(gradients, after, strict=True):
        shift = internal_covariate_shift(G, G_prime)
        length = np.linalg.norm(G) + 1e-300
        found.append((shift, shift / length, cosine(G, G_prime)))
    return found


def shift_of(network, x, y, rate):
    """The three of all layers but the first, averaged, for each seed."""
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
    sizes, found = [64, *[32] * depth, 10], []
    network = Network(sizes, activation, norm, seeds, init=init)

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


def table(rows, last):
    print(f"means of five seeds             relative          {last}")
    print("network    BN       shift     shift     cosine  mean  [least, most]")
    for (label, norm), found in rows.items():
        shift, relative, cos = found.mean(axis=0)[:3]
        print(f"{label:10} {'with' if norm else 'without':8}", end=" ")
        print(f"{shift:<9.3f} {relative:<9.3f} {cos:<7.3f}", end=" ")
        print(spread(found[:, 3]))


rows = {
    (f"{activation} {depth}", norm): found
    for (activation, depth, norm), found in results.items()
}
table(rows, "test accuracy")

# %% [markdown] tags=["zh"]
# ## 25 层的线性网络 {#deep-linear}
#
# 2018 年的论文还用一个 25 层、每层 10 个单元的线性网络来说明问题。照样做一个小的：256 个样本，学习率 0.0001，走 200 步，在第 6、13、21 层上量。

# %% [markdown] tags=["en"]
# ## A linear network of 25 layers {#deep-linear}
#
# The paper of 2018 makes its point with a linear network of 25 layers of 10 units as well. Here is a small copy: 256 examples, learning rate 0.0001, 200 steps, measured at layers 6, 13 and 21.


# %%
def linear_network(weights, scales, x, target):
    """Losses, and the gradients of weights and scales, of all seeds.

    scales are (gamma, beta) of each hidden layer, or nothing."""
    h, inputs, sums = x, [], []
    for i, W in enumerate(weights):
        inputs.append(h)
        z = h @ W
        sums.append(z)
        h = z
        if i < len(scales):
            h = each(batch_norm_train(side_by_side(z), *scales[i]), len(x))
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
    loss = ((h - target) ** 2).sum(axis=(1, 2)) / x.shape[1]
    return loss, of_weights, of_scales


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
    k = 10 * len(seeds)
    scales = [[np.ones(k), np.zeros(k)] for _ in range(24 * normalized)]
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
rows |= {("linear 25", norm): deep[bool(norm)] for norm in (None, "before")}
table({row: rows[row] for row in list(rows)[-2:]}, "last loss")

# %%
names = list(dict.fromkeys(label for label, _ in rows))
titles = ("$\\|G-G'\\|$", "$\\|G-G'\\|\\,/\\,\\|G\\|$", "$\\cos$")
figure, axes = plt.subplots(1, 3, figsize=(6.4, 2.8), sharey=True)
for column, (axis, title) in enumerate(zip(axes, titles, strict=True)):
    for (label, norm), found in rows.items():
        shift, color = (0.12, "C0") if norm else (-0.12, "C1")
        dots(axis, found[:, column], names.index(label) + shift, color)
    scale = "linear" if column == 2 else "log"
    axis.set(title=title, ylim=(4.6, -0.7), xscale=scale)
axes[0].set_yticks(range(len(names)), names)
first = [rows[names[0], norm][:, 0].mean() for norm in (None, "before")]
name(axes[0], "no BN", (first[0], -0.12), "C1", ha="left")
name(axes[0], "BN", (first[1], 0.12), "C0", (10, -4), "left")
plt.show()

# %% [markdown] tags=["zh"]
# **怎么看图**：三幅图依次是偏移、相对偏移（对数横轴）和余弦；一行是一个网络，数字是隐藏层数，最下面是 25 层的线性网络。蓝色（BN）有批量归一化，红色（no BN）没有；圆点是种子，竖线是均值。如果按这个定义，批量归一化减小了偏移，左图里蓝色应当行行都在红色左边。
#
# 只有 ReLU 那一行是这样，别的几行蓝色反而在右边。（线性网络没有批量归一化的那一行，均值是被一个种子拉高的。）
#
# ## 故意加上噪声 {#noisy}
#
# 2018 年的论文还有一招：在批量归一化之后，再给每个值乘上、加上随机数，而且每一步都换一个分布，故意让下一层的输入不稳定。如果“输入稳定”才是批量归一化有效的原因，这样的网络就应当训练不好。这里用四层 tanh 网络试一试，学习率 0.1，训练 6 轮；每 10 步量一次训练集上的准确率，以及各层输入的均值移动了几个标准差。

# %% [markdown] tags=["en"]
# **How to read it**: the panels are shift and relative shift, on logarithmic axes, and the cosine; a row is a network with its number of hidden layers, the last the linear one of 25 layers. Blue (BN) is with batch normalization, red (no BN) without; dots are seeds, bars are means. If batch normalization reduced the shift by this definition, blue would be left of red in every row of the left panel. (In the linear network without it, one seed makes the mean.)
#
# That is so for ReLU only; in the other rows blue is on the right.
#
# ## Noise on purpose {#noisy}
#
# The paper of 2018 has another idea: after batch normalization every value is multiplied by one random number and another is added, from a distribution that changes at every step, so that the inputs of the next layer are unstable on purpose. If stable inputs were why batch normalization works, such a network would train badly. Here in networks of four tanh layers, learning rate 0.1, 6 epochs; every 10 steps we take the accuracy on training data, and by how many standard deviations the means of the layers' inputs have moved.


# %%
class NoisyNetwork(Network):
    """Batch normalization, then a random scale and shift of every value."""

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
    """How far inputs moved and the accuracy, every 10 steps and at the end."""
    build = NoisyNetwork if kind == "noisy" else Network
    norm = None if kind == "without" else "before"
    sizes = [64, 32, 32, 32, 32, 10]
    network = build(sizes, "tanh", norm, [seed], init="lecun")
    network.rng = np.random.default_rng(seed)
    seen, history = [], []

    def watch(network, step, *_):
        if step % 10 == 0:
            logits = network.forward(x[:256], "batch")[0]
            h = [inputs[0] for inputs in network.inputs[1:]]
            seen.append([(z.mean(axis=0), z.std(axis=0)) for z in h])
            history.append(np.mean(logits.argmax(axis=1) == y[:256]))

    train(network, x, y, rate=0.1, epochs=6, watch=watch)
    moves = [
        np.mean(
            [
                np.mean(np.abs(before - after) / (deviation + 1e-3))
                for (before, deviation), (after, _) in zip(
                    old, new, strict=True
                )
            ]
        )
        for old, new in pairwise(seen)
    ]
    return moves, history, network.accuracy(x, y, "batch")[0]


kinds = {"without": "no BN", "with": "BN", "noisy": "BN + noise"}
drift, history, accuracy = {}, {}, {}
for kind in progress(kinds):
    found = [drift_and_accuracy(kind, seed) for seed in seeds]
    drift[kind], history[kind], accuracy[kind] = map(
        np.array, zip(*found, strict=True)
    )
print("            inputs move          training")
print("            in 10 steps          accuracy")
for kind, label in kinds.items():
    print(f"{label:11} {spread(drift[kind].mean(axis=1))}", end="  ")
    print(spread(accuracy[kind]))

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(6.4, 2.8))
colors, above = ("C1", "C0", "C2"), (-16, 5, 9)
for (kind, label), color, dy in zip(kinds.items(), colors, above, strict=True):
    steps = 10 * np.arange(len(history[kind].T))
    curves(left, steps, history[kind].T, color, "")
    curves(right, steps[1:], drift[kind].T, color, label, 8, (0, dy))
left.set(xlabel="step", ylabel="accuracy", ylim=(0, 1.05))
right.set(xlabel="step", ylabel="$|\\Delta\\mu|\\,/\\,\\sigma$", yscale="log")
plt.show()

# %% [markdown] tags=["zh"]
# **怎么看图**：横轴 step 是训练的步数。左图是训练集上的准确率（accuracy），右图是各层输入的均值在 10 步里移动了几个标准差（$|\Delta\mu|/\sigma$，对数纵轴）。红色（no BN）没有批量归一化，蓝色（BN）有，绿色（BN + noise）有而且加了噪声。细线是种子，粗线是均值。
#
# 右图里，头几次测量之后，绿线一直在最上面或接近最上面，输入最不稳定；左图里，它却与蓝线一起很快升上去，把红线甩在后面。
#
# ## 说明了什么，没有说明什么 {#limits}
#
# **偏移**：五个网络里，更小的有 [=covariate-shift.less] 个；换成相对偏移，也只有 [=covariate-shift.less_relative] 个。四层的 sigmoid 网络，偏移从 [=covariate-shift.sigmoid_shift_without] 变大到 [=covariate-shift.sigmoid_shift_with]，准确率却从 [=covariate-shift.sigmoid_accuracy_without] 升到 [=covariate-shift.sigmoid_accuracy_with]。没有批量归一化时偏移小，是因为梯度本来就小，网络几乎没有动。从偏移的大小，看不出训练的好坏。
#
# **方向**：十种情形里，差不多的有 [=covariate-shift.agree] 种。25 层的线性网络，没有批量归一化时余弦是 [=covariate-shift.deep_cosine_without]，有则只有 [=covariate-shift.deep_cosine_with]；可是后者并没有训练得更差，最后的损失是 [=covariate-shift.deep_loss_with]，前者是 [=covariate-shift.deep_loss_without]。
#
# **噪声**：带噪声时，各层的输入每 10 步移动 [=covariate-shift.noisy_drift] 个标准差，没有批量归一化时是 [=covariate-shift.without_drift]；准确率分别是 [=covariate-shift.noisy_accuracy] 和 [=covariate-shift.without_accuracy]。不带噪声的批量归一化是 [=covariate-shift.with_accuracy]。可见训练变好，并不需要输入稳定。
#
# **两个定义，两个结论**：2015 年的论文说的偏移，是一层输入的**分布**在训练中改变；2018 年的定义量的却是**梯度**。按前一种意思，四层 tanh 网络的输入每 10 步移动 [=covariate-shift.without_drift] 个标准差，有批量归一化时只有 [=covariate-shift.with_drift]：偏移确实小了。按后一种定义，多半没有变小。而加了噪声的网络，按前一种意思偏移更大，照样训练得好。
#
# 不能由此推断的：网络都很小，训练很短。它说明偏移不是充分的解释，没有说明什么才是。

# %% [markdown] tags=["en"]
# **How to read it**: the horizontal axes count steps of training. Left is the accuracy on training data, right by how many standard deviations the means of the inputs moved in 10 steps ($|\Delta\mu|/\sigma$, logarithmic). Red (no BN) is without batch normalization, blue (BN) with it, green (BN + noise) with it and with noise. Thin lines are seeds, thick lines are means.
#
# On the right, after the first few measurements, the green line is on top or close to it: its inputs are the least stable. On the left it rises as fast as the blue one and leaves the red one behind.
#
# ## What it shows, and what it does not {#limits}
#
# **Shift**: it is smaller in [=covariate-shift.less] of five networks, and the relative shift in [=covariate-shift.less_relative]. With four sigmoid layers it grows from [=covariate-shift.sigmoid_shift_without] to [=covariate-shift.sigmoid_shift_with], while the accuracy rises from [=covariate-shift.sigmoid_accuracy_without] to [=covariate-shift.sigmoid_accuracy_with]. Without batch normalization the shift is small because the gradients are: that network hardly moves. How large the shift is does not tell how well training goes.
#
# **Directions**: they agree in [=covariate-shift.agree] of ten cases. In the linear network of 25 layers the cosine is [=covariate-shift.deep_cosine_without] without batch normalization and only [=covariate-shift.deep_cosine_with] with it; and yet the latter trains no worse, to a loss of [=covariate-shift.deep_loss_with] against [=covariate-shift.deep_loss_without].
#
# **Noise**: in 10 steps the inputs move by [=covariate-shift.noisy_drift] standard deviations with noise and by [=covariate-shift.without_drift] without batch normalization; the accuracy is [=covariate-shift.noisy_accuracy] and [=covariate-shift.without_accuracy], and [=covariate-shift.with_accuracy] for batch normalization without noise. So good training does not need stable inputs.
#
# **Two definitions, two answers**: what the paper of 2015 means by shift is that the *distribution* of the inputs of a layer changes during training; the definition of 2018 measures the *gradient*. In the first sense the inputs of the network of four tanh layers move by [=covariate-shift.without_drift] standard deviations in 10 steps, and with batch normalization by [=covariate-shift.with_drift] only: that shift did become smaller. By the second definition it mostly did not. And the noisy network, with more shift in the first sense, trains well all the same.
#
# It does not show more than small networks and short training: the shift does not suffice as an explanation, and this does not say what would.

# %% [markdown] tags=["zh"]
# ## 判断的规则 {#verdict}
#
# **减小偏移**：五个网络是五种情形。有批量归一化时平均偏移更小的才算。
#
# **方向差不多**（课上的说法）：五个网络，有没有批量归一化，共十种情形。余弦的均值大于 0.9 的才算。
#
# **不稳定也训练得好**：五个种子是五种情形。**两件事同时**成立的才算：与没有批量归一化的网络相比，带噪声的网络输入移动得更多，准确率却更高。

# %% [markdown] tags=["en"]
# ## The rules {#verdict}
#
# **Reduces the shift**: the five networks are five cases. A case counts if the mean shift is smaller with batch normalization.
#
# **Directions agree** (as the lecture says): five networks, with and without batch normalization, are ten cases. A case counts if the mean cosine is above 0.9.
#
# **Trains though unstable**: the five seeds are five cases. A case counts if **both** hold: compared with no batch normalization, the inputs of the noisy network move more, and its accuracy is higher.

# %%
means = {row: found.mean(axis=0) for row, found in rows.items()}
smaller = {n: means[n, "before"] < means[n, None] for n in names}
less, less_relative = ([s[i] for s in smaller.values()] for i in (0, 1))
agree = [mean[2] > 0.9 for mean in means.values()]
moved = {kind: drift[kind].mean(axis=1) for kind in kinds}
both = (moved["noisy"] > moved["without"]) & (
    accuracy["noisy"] > accuracy["without"]
)
sigmoid = {norm: rows["sigmoid 4", norm].T for norm in (None, "before")}
linear = {norm: rows["linear 25", norm].T for norm in (None, "before")}
numbers = {
    "less": str(sum(less)),
    "less_relative": str(sum(less_relative)),
    "agree": str(sum(agree)),
    "sigmoid_shift_without": spread(sigmoid[None][0]),
    "sigmoid_shift_with": spread(sigmoid["before"][0]),
    "sigmoid_relative_without": spread(sigmoid[None][1]),
    "sigmoid_relative_with": spread(sigmoid["before"][1]),
    "sigmoid_accuracy_without": spread(sigmoid[None][3]),
    "sigmoid_accuracy_with": spread(sigmoid["before"][3]),
    "deep_cosine_without": spread(linear[None][2]),
    "deep_cosine_with": spread(linear["before"][2]),
    "deep_loss_without": spread(linear[None][3], 1),
    "deep_loss_with": spread(linear["before"][3], 1),
    "noisy_drift": spread(moved["noisy"]),
    "without_drift": spread(moved["without"]),
    "with_drift": spread(moved["with"]),
    "noisy_accuracy": spread(accuracy["noisy"]),
    "without_accuracy": spread(accuracy["without"]),
    "with_accuracy": spread(accuracy["with"]),
}
verdicts = {
    "reduces-shift": {
        "en": "batch normalization reduces internal covariate shift "
        "(as defined in 2018)",
        "zh": "批量归一化减小内部协变量偏移（按 2018 年的定义）",
        "cases": less,
        "of": {"en": "networks", "zh": "个网络"},
        "measured": {
            "en": "4 sigmoid layers: shift {sigmoid_shift_without} → "
            "{sigmoid_shift_with}, relative {sigmoid_relative_without} → "
            "{sigmoid_relative_with}",
            "zh": "4 层 sigmoid：偏移 {sigmoid_shift_without} → "
            "{sigmoid_shift_with}，相对偏移 {sigmoid_relative_without} → "
            "{sigmoid_relative_with}",
        },
    },
    "directions-agree": {
        "en": "a step of the earlier layers hardly turns the gradient",
        "zh": "前面各层更新前后，梯度的方向差不多",
        "cases": agree,
        "of": {"en": "cases", "zh": "种情形"},
        "measured": {
            "en": "cosine in the linear network: {deep_cosine_without} without "
            "batch normalization, {deep_cosine_with} with it",
            "zh": "线性网络的余弦：没有批量归一化 {deep_cosine_without}，"
            "有 {deep_cosine_with}",
        },
    },
    "noisy-still-trains": {
        "en": "training goes well even when the inputs are unstable",
        "zh": "故意让输入不稳定，也照样训练得好",
        "cases": both,
        "of": {"en": "seeds", "zh": "个种子"},
        "measured": {
            "en": "inputs move {noisy_drift} with noise, {without_drift} "
            "without batch normalization; "
            "accuracy {noisy_accuracy} and {without_accuracy}",
            "zh": "输入移动：带噪声 {noisy_drift}，"
            "没有批量归一化 {without_drift}；"
            "准确率 {noisy_accuracy} 与 {without_accuracy}",
        },
    },
}
for claim, found in verdicts.items():
    print(f"{claim:19} {sum(found['cases'])} of {len(found['cases'])} cases")

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
# 在山坡上，梯度告诉你哪边是下坡。坡面平滑，沿这个方向多走几步也还是下坡；坡面崎岖，走两步就可能变成上坡。先写下你的猜测：批量归一化会让坡面更平滑吗？还有：如果一个网络停在一大片平地上，它的“坡面”算不算平滑？
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
# 用最简单的碗 $L=w^2$ 算一遍：站在 $w=1$，梯度是 2；学习率取 $\frac14$，走 0.5 到 4 倍，就走到 $w=0.75$ 直到 $w=-1$。途中损失最小是 0（$w=0$），最大是 1（$w=-1$），$\Delta L=1$；梯度从 2 变到 $-2$，$\Delta g=4$；走了 2，$\Delta g/d=2$，正好是碗的曲率。
#
# 三个量都是越小越平滑，定义见[为什么有效](../batch-norm/why-it-works.md#landscape-measures)。梯度的变化只看权重和偏置，这样两种网络比的是同样多的参数。

# %% [markdown] tags=["en"]
# ## What do you expect? {#expect}
#
# On a hillside the gradient tells which way is down. If the ground is smooth, a few more steps that way still go down; if it is rough, two steps may already lead up. Write your guess down: does batch normalization smooth the ground? And if a network stands on a wide plain, is its ground smooth?
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
# Take the simplest bowl, $L=w^2$. Stand at $w=1$, where the gradient is 2; with a learning rate of $\frac14$, going 0.5 to 4 times that leads to $w=0.75$ and as far as $w=-1$. On the way the loss is least at $w=0$, 0, and largest at $w=-1$, 1, so $\Delta L=1$; the gradient goes from 2 to $-2$, $\Delta g=4$; the distance is 2, and $\Delta g/d=2$ is just the curvature of the bowl.
#
# Smaller is smoother for all three; they are defined in [why it works](../batch-norm/why-it-works.md#landscape-measures). Changes of the gradient count weights and biases only, so that both networks compare the same number of parameters.

# %%
import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import Network, digits, progress, spread, train
from docs.labs._plots import dots, name, side, words

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
    found = []
    for count in (len(reach), 2):  # the whole path; up to the learning rate
        found.append(np.ptp(losses[:count], axis=0))
        found += (np.max(of[:count], axis=0) for of in (changes, per_distance))
    return np.transpose(found)


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

# %% tags=["table"]
print(
    words(
        en="means of five seeds   ΔL     Δg     Δg/d   accuracy",
        zh="五个种子的均值        ΔL     Δg     Δg/d   准确率",
    )
)
for (activation, rate, norm), found in results.items():
    three = " ".join(f"{value:<6.2f}" for value in found.mean(axis=0)[:3])
    end = spread(found[:, -1]), side(norm)[1]
    print(f"{activation:8} {rate:<12} {three}", *end)

# %% tags=["figure"]
figure, axes = plt.subplots(1, 3, figsize=(6.4, 3), sharey=True)
titles = ("$\\Delta L$", "$\\Delta g$", "$\\Delta g / d$")
for column, (axis, title) in enumerate(zip(axes, titles, strict=True)):
    for row, setting in enumerate(settings):
        for norm, shift in ((None, -0.12), ("before", 0.12)):
            values = results[*setting, norm][:, column]
            dots(axis, values, row + shift, side(norm)[0])
    axis.set(xscale="log", title=title, ylim=(4.6, -0.6))
labels = [f"{activation}, {rate:g}" for activation, rate in settings]
axes[0].set_yticks(range(len(labels)), [words(en=s, zh=s) for s in labels])
axes[0].set_ylabel(words(en="activation, learning rate", zh="激活函数、学习率"))
for norm, row, offset, ha in (
    (None, 0.88, (12, 7), "right"),
    ("before", 2.12, (-5, -15), "left"),
):
    setting = ("relu", 0.1) if norm is None else ("relu", 0.3)
    middle, (color, label) = results[*setting, norm][:, 1].mean(), side(norm)
    name(axes[1], label, (middle, row), color, offset, ha)
plt.show()

# %% [markdown] tags=["zh"]
# alt: 三幅图，五种设置。学习率 0.1 和 0.3 的 ReLU，三个量都是有批量归一化的更小；sigmoid 那一行，没有批量归一化的三个量都小得多。
#
# **怎么看图**：三幅图是三个量（对数），越靠左越平滑；一行是一种设置（激活函数和学习率）。圆点是种子，竖线是均值。
#
# 学习率 0.1 和 0.3 的 ReLU 那两行，蓝色都在红色左边，三个量都更小。最下面一行反过来：sigmoid 网络没有批量归一化时“最平滑”，因为它停在一大片平地上，一动不动。
#
# ## 为什么 ReLU 网络会更平滑 {#why}
#
# 一个可能的原因，可以用手算看出来。设一步让五层的权重各长了一成。没有归一化时，放大一层一层乘起来，输出变成 $1.1^5\approx1.61$ 倍，损失和梯度跟着大变；有归一化时，四个隐藏层的放大都被标准差除掉，只剩最后一层的 1.1 倍。学习率越大，这个差别越要紧，而图上也正是学习率大的两行差得最多。
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
# alt: Three panels with five settings. For ReLU at 0.1 and 0.3 all three measures are smaller with batch normalization; for the sigmoid all three are far smaller without it.
#
# **How to read it**: the three panels are the three measures, logarithmic, smoother to the left; a row is a setting (activation and learning rate). Dots are seeds, bars are means.
#
# In the second and third rows, ReLU with the larger learning rates, blue is left of red in all three. In the last row it is the other way round: the sigmoid network without batch normalization is the “smoothest”, as it stands on a wide plain and does not move.
#
# ## Why networks of ReLUs get smoother {#why}
#
# A possible reason can be seen by hand. Say a step makes the weights of all five layers a tenth longer. Without normalization that multiplies from layer to layer: the output becomes $1.1^5\approx1.61$ times as large, and loss and gradient change with it. With normalization the standard deviation divides out what the four hidden layers gained, and only a factor of 1.1 is left, from the last. The larger the learning rate, the more that matters, and the two rows with the larger rates are indeed those that are farthest apart.
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
# **更平滑**：五种设置各是一种情形。有批量归一化时，三个量的均值全都更小，才算。
#
# **解释了训练**：只看批量归一化使测试准确率提高 0.02 以上的设置；那里的曲面也更平滑，才算。如果一种这样的设置都没有，就谈不上解释，构建会停下来。

# %% [markdown] tags=["en"]
# ## The rules {#verdict}
#
# **Smoother**: the five settings are five cases. A case counts if the means of all three measures are smaller with batch normalization.
#
# **Explains training**: only settings where batch normalization raises the test accuracy by more than 0.02. A case counts if the surface is smoother there, too. Without any such setting there would be nothing to explain, and the build would stop.

# %% tags=["verdict"]
smoother, better, short = {}, {}, {}
for setting in settings:
    without, with_norm = (
        results[*setting, norm].mean(axis=0) for norm in (None, "before")
    )
    smoother[setting] = all(with_norm[:3] < without[:3])
    short[setting] = all(with_norm[3:6] < without[3:6])
    better[setting] = with_norm[6] > without[6] + 0.02
explained = [smoother[setting] for setting in settings if better[setting]]
flat = {norm: results["sigmoid", 0.5, norm] for norm in (None, "before")}
steep = {norm: results["relu", 0.1, norm] for norm in (None, "before")}
numbers = {
    "smoother": str(sum(smoother.values())),
    "short": str(sum(short.values())),
    "better": str(len(explained)),
    "explained": str(sum(explained)),
    "sigmoid_range_without": spread(flat[None][:, 0], 2),
    "sigmoid_range_with": spread(flat["before"][:, 0], 2),
    "sigmoid_accuracy_without": spread(flat[None][:, -1]),
    "sigmoid_accuracy_with": spread(flat["before"][:, -1]),
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

# %% [markdown] tags=["zh"]
# ## 练习 {#exercises}
#
# 1. 碗变陡一倍，$L=2w^2$，仍从 $w=1$ 出发，学习率仍是 $\frac14$。三个量各是多少？哪一个与学习率无关？
# 2. 只走到学习率的 1 倍为止（`reach` 只取 0.5 和 1），“更平滑”的设置会变多、变少，还是不变？
#
# ??? question "第 1 题的答案"
#
#     梯度是 $4w$，走到 $w=0.5$ 直到 $w=-3$，走了 4。损失从 0.5 变到 18，途中在 $w=0$ 处是 0，所以 $\Delta L=18$；梯度从 4 变到 $-12$，$\Delta g=16$；$\Delta g/d=4$，只有它与学习率无关，就是曲率。
#
# ??? question "第 2 题的答案"
#
#     五种里有 [=loss-landscape.short] 种，走完全程是 [=loss-landscape.smoother] 种。可见上面的结论不是走得太远造成的。

# %% [markdown] tags=["en"]
# ## Exercises {#exercises}
#
# 1. A bowl twice as steep, $L=2w^2$, again from $w=1$ and at a learning rate of $\frac14$: what are the three measures? Which does not depend on the learning rate?
# 2. Go no farther than the learning rate itself (only 0.5 and 1 in `reach`). Are there more settings that are smoother, fewer, or as many?
#
# ??? question "Answer to 1"
#
#     The gradient is $4w$; the path leads to $w=0.5$ and as far as $w=-3$, a distance of 4. The loss goes from 0.5 to 18, by way of 0 at $w=0$, so $\Delta L=18$; the gradient goes from 4 to $-12$, $\Delta g=16$; and $\Delta g/d=4$, the curvature, is the one that does not depend on the rate.
#
# ??? question "Answer to 2"
#
#     [=loss-landscape.short] of five; on the whole path it was [=loss-landscape.smoother]. So the result does not come from going too far.

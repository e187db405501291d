# %% [markdown] tags=["zh"]
# # 实验：内部协变量偏移 {#covariate-shift}
#
# 2015 年的论文说，批量归一化有效，是因为它减小了内部协变量偏移；课上引用 2018 年的论文说，这不是原因。把偏移量出来，谁说得对？
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
# The paper of 2015 says that batch normalization works because it reduces internal covariate shift; the lecture reports from a paper of 2018 that this is not the reason. Once the shift is measured, who is right?
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
# ## 什么算偏移 {#setting}
#
# 网络的各层是同时更新的。前面的层一变，后一层的输入就变了。这件事有两种量法：
#
# - **2015 年**：后一层输入的分布变了多少。
# - **2018 年**（[Santurkar et al.](https://arxiv.org/abs/1805.11604)，定义 2.1）：后一层的梯度“过时”了多少。前面各层更新之前算一次，得 $G$；更新之后再算一次，得 $G'$；**偏移**是 $\|G-G'\|$。
#
# 举一个小例子：两层的网络 $y=BAx$，$x=A=B=1$，目标是 2，损失 $(y-2)^2$，学习率 $\frac14$。$B$ 的梯度是 $G=2(BAx-2)Ax=-2$。$A$ 先走一步：它的梯度也是 $-2$，所以变成 $1+\frac14\cdot2=1.5$。现在再算 $B$ 的梯度：$G'=2(1.5-2)\cdot1.5=-1.5$。偏移是 0.5。
#
# 梯度本来就小的网络，偏移自然也小，所以还要看**相对偏移** $\|G-G'\|/\|G\|$（这里是 0.25），以及两者方向的**余弦**（这里是 1：变短了，没有转向）。
#
# ## 先猜一猜 {#expect}
#
# 写下来再往下看：有了批量归一化，$\|G-G'\|$ 会变小吗？后一层输入的变化呢？故意让输入不稳定，网络还训练得好吗？
#
# ## 梯度过时了多少 {#gradients}
#
# 四种网络，每层 32 个单元，在手写数字上训练 5 轮，每批 64 个样本，五个种子；每 10 步量一次，对各层和整个训练过程取平均。网络的代码见[另一个实验](learning-rate.ipynb#network)。

# %% [markdown] tags=["en"]
# ## What counts as shift {#setting}
#
# All layers of a network are updated at once, and when the earlier layers change, so do the inputs of the later ones. There are two ways to measure that:
#
# - **2015**: by how much the distribution of a layer's inputs changes.
# - **2018** ([Santurkar et al.](https://arxiv.org/abs/1805.11604), definition 2.1): by how much its gradient is out of date. It is computed before the earlier layers take their step, $G$, and after it, $G'$; the **shift** is $\|G-G'\|$.
#
# A small example: a network of two layers, $y=BAx$ with $x=A=B=1$, a target of 2, the loss $(y-2)^2$ and a learning rate of $\frac14$. The gradient of $B$ is $G=2(BAx-2)Ax=-2$. Now $A$ takes its step: its gradient is $-2$ as well, so it becomes $1+\frac14\cdot2=1.5$. Computed again, the gradient of $B$ is $G'=2(1.5-2)\cdot1.5=-1.5$. The shift is 0.5.
#
# Where gradients are small, so is the shift. So we also take the **relative shift** $\|G-G'\|/\|G\|$ (0.25 here) and the **cosine** of the angle between them (1 here: shorter, not turned).
#
# ## What do you expect? {#expect}
#
# Write it down before you read on. With batch normalization, is $\|G-G'\|$ smaller? Do the inputs of a layer change less? And does a network train well whose inputs are unstable on purpose?
#
# ## How far gradients are out of date {#gradients}
#
# Four kinds of networks, 32 units wide, are trained on handwritten digits for 5 epochs, in batches of 64, with five seeds; we measure every 10 steps and average over layers and over training. The code of a network is in [another lab](learning-rate.ipynb#network).

# %%
import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import Network, digits, progress, spread, train
from docs.labs._plots import curves, dots, name, side, words
from snippets.explanations import internal_covariate_shift

x, y, test_x, test_y = digits()
seeds = range(5)
settings = {  # (activation, hidden layers): (first weights, learning rate)
    ("sigmoid", 4): ("xavier", 0.5),
    ("sigmoid", 2): ("xavier", 1.0),
    ("tanh", 4): ("lecun", 0.1),
    ("relu", 4): ("he", 0.1),
}


def compared(G, G_prime):
    """Shift, relative shift, cosine."""
    shift = internal_covariate_shift(G, G_prime)
    length, other = np.linalg.norm(G) + 1e-300, np.linalg.norm(G_prime) + 1e-300
    return shift, shift / length, (G * G_prime).sum() / length / other


def shift_of(network, x, y, rate, layers):
    """The three of some layers, averaged, for each seed."""
    start, found = network.layers, []
    _, gradient = network.loss_and_gradient(x, y, "batch")
    for layer in layers:
        network.layers = [dict(old) for old in start]
        network.step(rate, gradient[:layer])  # the earlier layers only
        _, after = network.loss_and_gradient(x, y, "batch")
        both = zip(gradient[layer]["W"], after[layer]["W"], strict=True)
        found.append([compared(*pair) for pair in both])
    network.layers = start
    return np.mean(found, axis=0)


def measured(activation, depth, norm):
    (init, rate), found = settings[activation, depth], []
    sizes = [64, *[32] * depth, 10]
    network = Network(sizes, activation, norm, seeds, init=init)

    def watch(network, step, x, y):
        if step % 10 == 0:
            layers = range(1, depth + 1)
            found.append(shift_of(network, x, y, rate, layers))

    train(network, x, y, rate, epochs=5, watch=watch)
    last = network.accuracy(test_x, test_y)
    return np.column_stack([np.mean(found, axis=0), last])


rows = {}
for activation, depth in progress(settings):
    for norm in (None, "before"):
        found = measured(activation, depth, norm)
        rows[f"{activation} {depth}", norm] = found

# %% [markdown] tags=["zh"]
# ### 25 层的线性网络 {#deep-linear}
#
# 2018 年的论文还用一个 25 层、每层 10 个单元的线性网络说明问题。照样做一个小的：256 个样本，平方误差，学习率 0.0001，走 200 步，在第 6、13、21 层上量。

# %% [markdown] tags=["en"]
# ### A linear network of 25 layers {#deep-linear}
#
# The paper of 2018 makes its point with a linear network of 25 layers of 10 units as well. Here is a small copy: 256 examples, squared error, learning rate 0.0001, 200 steps, measured at layers 6, 13 and 21.


# %% tags=["code"]
class Regression(Network):
    """Squared error instead of classes."""

    def loss_and_gradient(self, x, y, mode="train"):
        error = self.forward(x, mode) - y
        m = x.shape[1]
        return (error**2).sum(axis=(1, 2)) / m, self.backward(2 * error / m)


def deep_linear(norm, rate=1e-4, steps=200):
    rngs = [np.random.default_rng(seed) for seed in seeds]
    x = np.stack([rng.normal(size=(256, 10)) for rng in rngs])
    target = x @ np.stack([rng.normal(size=(10, 10)) for rng in rngs])
    network, found = Regression([10] * 26, "linear", norm, rngs), []
    for step in range(steps):
        if step % 10 == 0:
            found.append(shift_of(network, x, target, rate, (5, 12, 20)))
        loss, gradient = network.loss_and_gradient(x, target, "batch")
        network.step(rate, gradient)
    return np.column_stack([np.mean(found, axis=0), loss])


for norm in (None, "before"):
    rows["linear 25", norm] = deep_linear(norm)

# %% tags=["table"]
print(
    words(
        en="means of         shift    relative  cosine   accuracy, loss",
        zh="五个种子的均值   偏移     相对偏移  余弦     准确率或损失",
    )
)
for (label, norm), found in rows.items():
    shift, relative, cos, last = np.mean(found, axis=0)
    end = words(en="with", zh="有归一化") if norm else ""
    end = end or words(en="without", zh="没有")
    print(f"{label:16} {shift:<8.3f} {relative:<9.3f}", end=" ")
    print(f"{cos:<8.3f} {last:<7.3f}", end)

# %% tags=["figure"]
names = list(dict.fromkeys(label for label, _ in rows))
titles = ("$\\|G-G'\\|$", "$\\|G-G'\\|\\,/\\,\\|G\\|$", "$\\cos$")
figure, axes = plt.subplots(1, 3, figsize=(6.4, 3), sharey=True)
for column, (axis, title) in enumerate(zip(axes, titles, strict=True)):
    for (label, norm), found in rows.items():
        row = names.index(label) + (0.14 if norm else -0.14)
        dots(axis, found[:, column], row, side(norm)[0])
    scale = "linear" if column == 2 else "log"
    axis.set(title=title, ylim=(4.6, -0.8), xscale=scale)
axes[0].set_yticks(range(len(names)), [words(en=n, zh=n) for n in names])
for norm, at in ((None, (0.42, 2.86)), ("before", (0.2, 4.14))):
    color, label = side(norm)
    name(axes[2], label, at, color)
plt.show()

# %% [markdown] tags=["zh"]
# alt: 三幅图，五行网络。左图，只有 ReLU 那一行有批量归一化的偏移更小，其余四行更大；中图，tanh 和 ReLU 的相对偏移更小；右图，余弦多在 0.9 以上，例外是没有归一化的 ReLU 和有归一化的线性网络。
#
# **怎么看图**：三幅图依次是偏移、相对偏移（对数）和余弦；一行是一个网络，数字是隐藏层数。圆点是种子，竖线是均值。
#
# 如果批量归一化减小了偏移，左图里蓝色应当行行都在红色左边。只有 ReLU 那一行是这样。先看 tanh 那一行，两种网络都训练得起来：偏移反而从 [=covariate-shift.tanh_shift_without] 变成 [=covariate-shift.tanh_shift_with]（均值，方括号里是五个种子的最小值和最大值），准确率却从 [=covariate-shift.tanh_accuracy_without] 升到 [=covariate-shift.tanh_accuracy_with]。sigmoid 4 层那一行要小心：没有批量归一化的网络偏移最小，只因为它几乎没有在学（准确率 [=covariate-shift.sigmoid_accuracy_without]）。不动的网络，当然没有偏移。
#
# 线性网络也一样：偏移从 [=covariate-shift.deep_shift_without] 变成 [=covariate-shift.deep_shift_with]（前一个均值主要来自一个种子，所以范围这么宽），最后的损失却在 5 个种子里的 [=covariate-shift.deep_better] 个更低。
#
# ## 故意加上噪声 {#noisy}
#
# 现在看 2015 年的定义：输入变了多少。2018 年的论文有一招：在批量归一化之后，给每个值乘上、加上随机数，而且每一步都换一个分布，故意让下一层的输入不稳定。如果“输入稳定”是批量归一化有效的原因，这样的网络就应当训练不好。四层 tanh 网络，学习率 0.1，6 轮；每 10 步量一次各层输入的均值移动了几个标准差。对照组没有批量归一化，只加同样的噪声。

# %% [markdown] tags=["en"]
# alt: Three panels with five networks. On the left only ReLU has a smaller shift with batch normalization, the other four a larger one; in the middle the relative shift is smaller for tanh and ReLU; on the right most cosines are above 0.9, except ReLU without it and the linear network with it.
#
# **How to read it**: the panels are shift and relative shift, logarithmic, and cosine; a row is a network with its number of hidden layers. Dots are seeds, bars are means.
#
# If batch normalization reduced the shift, blue would be left of red in every row of the left panel. That is so for ReLU only. Look at tanh first, where both networks train: the shift goes from [=covariate-shift.tanh_shift_without] to [=covariate-shift.tanh_shift_with] (mean, and in brackets the lowest and highest of five seeds), and the accuracy still rises from [=covariate-shift.tanh_accuracy_without] to [=covariate-shift.tanh_accuracy_with]. Beware of the sigmoid with 4 layers: its shift is smallest without batch normalization, because it hardly learns (accuracy [=covariate-shift.sigmoid_accuracy_without]). A network that does not move has no shift.
#
# In the linear network, too, the shift goes from [=covariate-shift.deep_shift_without] to [=covariate-shift.deep_shift_with] (the first mean is due to one seed mostly, hence the wide range), and the last loss is lower for [=covariate-shift.deep_better] of 5 seeds.
#
# ## Noise on purpose {#noisy}
#
# Now the definition of 2015: by how much do inputs change? The paper of 2018 has an idea: after batch normalization every value is multiplied by one random number and another is added, from a distribution that changes at every step, so that the inputs of the next layer are unstable on purpose. If stable inputs were why batch normalization works, such a network would train badly. Four layers of tanh, learning rate 0.1, 6 epochs; every 10 steps we take by how many standard deviations the means of the layers' inputs have moved. For comparison, a network with the same noise and no batch normalization.


# %%
class Noisy(Network):
    """After batch normalization, or instead: a random scale and shift."""

    instead, size, rng = False, 0.5, np.random.default_rng(0)

    def normalize(self, i, z, mode):
        k = z.shape[1] // len(seeds)
        mean, scale = (
            self.rng.uniform(low, high, len(seeds)).repeat(k)
            for low, high in ((-self.size, self.size), (1, 1.25))
        )
        self.factors = self.factors if i else []
        self.factors.append(self.rng.normal(scale, 0.1, z.shape))
        u = z if self.instead else super().normalize(i, z, mode)
        return u * self.factors[i] + self.rng.uniform(mean - 0.1, mean + 0.1)

    def back_through_norm(self, i, z, d):
        d = d * self.factors[i]
        still = np.zeros_like(d[0])
        return (
            (d, still, still)
            if self.instead
            else super().back_through_norm(i, z, d)
        )


class NoiseAlone(Noisy):
    instead = True


# %% tags=["code"]
def observed(build, norm):
    """How far inputs move in 10 steps, training accuracy, and the last one."""
    network = build([64, 32, 32, 32, 32, 10], "tanh", norm, seeds, init="lecun")
    seen, history = [], []

    def watch(network, step, *_):
        if step % 10 == 0:
            logits = network.forward(x[:256], "batch")
            h = np.stack(network.inputs[1:])
            seen.append([h.mean(axis=2), h.std(axis=2) + 1e-3])
            history.append((logits.argmax(axis=2) == y[:256]).mean(axis=1))

    train(network, x, y, rate=0.1, epochs=6, watch=watch)
    means, deviations = np.array(seen).swapaxes(0, 1)
    moves = np.abs(np.diff(means, axis=0)) / deviations[:-1]
    return moves.mean(axis=(1, 3)), history, network.accuracy(x, y, "batch")


kinds = {
    "without": (Network, None),
    "with": (Network, "before"),
    "noisy": (Noisy, "before"),
    "noise": (NoiseAlone, "before"),
}
drift, history, accuracy = {}, {}, {}
for kind in progress(kinds):
    drift[kind], history[kind], accuracy[kind] = observed(*kinds[kind])

# %% tags=["table"]
labels = {
    "without": words(en="without", zh="没有"),
    "with": words(en="with batch norm", zh="有批量归一化"),
    "noisy": words(en="with it and noise", zh="有，再加噪声"),
    "noise": words(en="noise only", zh="只加噪声"),
}
print(
    words(
        en="inputs move in 10 steps  training accuracy",
        zh="输入在 10 步里移动      训练集上的准确率",
    )
)
for kind, label in labels.items():
    moved = spread(drift[kind].mean(axis=0))
    print(f"{moved:24} {spread(accuracy[kind])}  {label}")

# %% tags=["figure"]
figure, (left, right) = plt.subplots(1, 2, figsize=(6.4, 2.9))
looks = {  # colour, and where its name stands: at which measure, how far off
    "without": ("C1", 10, (0, -16)),
    "with": ("C0", 8, (0, 9)),
    "noisy": ("C2", 8, (0, 9)),
}
for kind, (color, at, offset) in looks.items():
    steps = 10 * np.arange(len(history[kind]))
    curves(left, steps, history[kind], color)
    curves(right, steps[1:], drift[kind], color, labels[kind], at, offset)
left.set(ylim=(0, 1.05))
left.set_ylabel(words(en="training accuracy", zh="训练集上的准确率"))
right.set(yscale="log")
right.set_ylabel(words(en="move of the means", zh="均值的移动"))
for axis in (left, right):
    axis.set_xlabel(words(en="step", zh="步数"))
plt.show()

# %% [markdown] tags=["zh"]
# alt: 左图是训练准确率：加噪声的与不加噪声的批量归一化一样快地升到 0.95 以上，没有批量归一化的慢。右图是输入均值的移动：有批量归一化的最小，加噪声的最大或接近最大。
#
# **怎么看图**：左图是训练集上的准确率，右图是各层输入的均值在 10 步里移动了几个标准差（对数）。细线是种子，粗线是均值。
#
# 右图里，绿线的输入移动得比红线还多（头两次测量除外）；左图里，它却与蓝线一起很快升上去，把红线甩在后面。表里最后一行是对照：没有批量归一化，只加噪声，准确率是 [=covariate-shift.alone_accuracy]，比什么都不加还差。
#
# ## 说明了什么，没有说明什么 {#limits}
#
# **两种定义，两个答案。** 按 2015 年的定义，偏移确实变小了：各层输入在 10 步里移动 [=covariate-shift.without_drift] 个标准差，有批量归一化时只移动 [=covariate-shift.with_drift]。这不奇怪，归一化本来就把均值固定住了。按 2018 年的定义，五个网络里只有 [=covariate-shift.less] 个变小，相对偏移也只有 [=covariate-shift.less_relative] 个。
#
# **哪一种都不是训练得好的原因。** 按第一种定义，加噪声的网络移动了 [=covariate-shift.noisy_drift] 个标准差，偏移更大，准确率却是 [=covariate-shift.noisy_accuracy]，没有批量归一化的只有 [=covariate-shift.without_accuracy]。按第二种定义，偏移变大的网络照样训练得更好。
#
# **方向**：课上还说，前面各层更新前后，梯度的方向差不多。十种情形里有 [=covariate-shift.agree] 种余弦大于 0.9。例外之一是有批量归一化的线性网络：方向最乱，损失反而更低（[=covariate-shift.deep_loss_with] 对 [=covariate-shift.deep_loss_without]）。
#
# 不能由此推断的：网络小，训练短；这里只说偏移解释不了，没有说什么能解释。论文提出的另一个原因是误差曲面更平滑，见[误差曲面的实验](loss-landscape.ipynb)。
#
# ## 判断的规则 {#verdict}
#
# **减小偏移**：五个网络各是一种情形，有批量归一化时偏移（五个种子的均值）更小，才算。
#
# **方向差不多**：五个网络，有或没有批量归一化，共十种情形，余弦（五个种子的均值）大于 0.9，才算。（余弦 0.9 是 26 度：转得比这更多，就不好说“差不多”了。有一种情形只高出一点点，门槛再高就数得更少。）
#
# **不稳定也训练得好**：五个种子各是一种情形。与没有批量归一化的网络相比，带噪声的网络输入移动得更多，准确率却更高，才算。

# %% [markdown] tags=["en"]
# alt: Training accuracy on the left: with noise, batch normalization rises above 0.95 as fast as without noise; without batch normalization it is slow. Moves of the inputs' means on the right: smallest with batch normalization, largest or nearly so with noise.
#
# **How to read it**: accuracy on training data on the left; on the right, by how many standard deviations the means of the layers' inputs move in 10 steps, logarithmic. Thin lines are seeds, thick ones their means.
#
# On the right the inputs of the green line move even more than those of the red one (except in the first two measurements); on the left it rises together with the blue line, and leaves the red one behind. The last row of the table is for comparison: noise without batch normalization has an accuracy of [=covariate-shift.alone_accuracy], worse than nothing at all.
#
# ## What it shows, and what it does not {#limits}
#
# **Two definitions, two answers.** By that of 2015 the shift does become smaller: in 10 steps the inputs move by [=covariate-shift.without_drift] standard deviations, and by only [=covariate-shift.with_drift] with batch normalization. No wonder, as normalizing holds the mean in place. By that of 2018 it becomes smaller in [=covariate-shift.less] of five networks, and the relative shift in [=covariate-shift.less_relative].
#
# **Neither is why training goes well.** By the first definition the noisy network moves by [=covariate-shift.noisy_drift] standard deviations, which is more shift, and its accuracy is [=covariate-shift.noisy_accuracy], against [=covariate-shift.without_accuracy] without batch normalization. By the second, networks whose shift grows train better all the same.
#
# **Directions**: the lecture also says that a step of the earlier layers hardly turns the gradient. In [=covariate-shift.agree] of ten cases the cosine is above 0.9. One exception is the linear network with batch normalization: its directions agree least, and its loss is lower ([=covariate-shift.deep_loss_with] against [=covariate-shift.deep_loss_without]).
#
# What it does not show: the networks are small and training is short; and that shift does not explain it does not tell what does. What the paper offers instead is a smoother loss, in [another lab](loss-landscape.ipynb).
#
# ## The rules {#verdict}
#
# **Reduces the shift**: the five networks are five cases. A case counts if the shift (mean of the seeds) is smaller with batch normalization.
#
# **Directions agree**: five networks, with and without batch normalization, are ten cases. A case counts if the cosine (mean of the seeds) is above 0.9. (A cosine of 0.9 is an angle of 26 degrees, and one would hardly call a larger turn none. One case lies only just above it, so a stricter threshold would count fewer.)
#
# **Trains though unstable**: the five seeds are five cases. A case counts if, compared with no batch normalization, the inputs of the noisy network move more and its accuracy is higher all the same.


# %% tags=["verdict"]
class Noisier(Noisy):
    size = 1.5


means = {row: np.mean(found, axis=0) for row, found in rows.items()}
smaller = {n: means[n, "before"] < means[n, None] for n in names}
less, less_relative = ([s[i] for s in smaller.values()] for i in (0, 1))
agree = [found[2] > 0.9 for found in means.values()]
moved = {kind: drift[kind].mean(axis=0) for kind in kinds}
both = (moved["noisy"] > moved["without"]) & (
    accuracy["noisy"] > accuracy["without"]
)
noisier = observed(Noisier, "before")
losses = [rows["linear 25", norm][:, 3] for norm in (None, "before")]
G, G_prime = (2 * (A - 2) * A for A in (1, 1 + 2 / 2))
numbers = {
    "less": str(sum(less)),
    "less_relative": str(sum(less_relative)),
    "agree": str(sum(agree)),
    "deep_cosine_without": spread(rows["linear 25", None][:, 2]),
    "deep_cosine_with": spread(rows["linear 25", "before"][:, 2]),
    "deep_shift_without": spread(rows["linear 25", None][:, 0], 2),
    "deep_shift_with": spread(rows["linear 25", "before"][:, 0], 1),
    "deep_loss_without": spread(losses[0], 1),
    "deep_loss_with": spread(losses[1], 1),
    "deep_better": str(sum(losses[1] < losses[0])),
    "exercise_shift": f"{abs(G - G_prime):g}",
    "exercise_drift": spread(noisier[0].mean(axis=0)),
    "exercise_accuracy": spread(noisier[2]),
    "alone_accuracy": spread(accuracy["noise"]),
}
for norm, end in ((None, "without"), ("before", "with")):
    shift, relative, _, last = rows["tanh 4", norm].T
    numbers[f"tanh_shift_{end}"] = spread(shift)
    numbers[f"tanh_relative_{end}"] = spread(relative)
    numbers[f"tanh_accuracy_{end}"] = spread(last)
    numbers[f"sigmoid_accuracy_{end}"] = spread(rows["sigmoid 4", norm][:, 3])
    numbers[f"{end}_drift"] = spread(moved[end])
for kind in ("noisy", "without"):
    numbers[f"{kind}_accuracy"] = spread(accuracy[kind])
numbers["noisy_drift"] = spread(moved["noisy"])
verdicts = {
    "reduces-shift": {
        "en": "batch normalization reduces internal covariate shift "
        "(as defined in 2018)",
        "zh": "批量归一化减小内部协变量偏移（按 2018 年的定义）",
        "cases": less,
        "of": {"en": "networks", "zh": "个网络"},
        "measured": {
            "en": "4 tanh layers: shift {tanh_shift_without} → "
            "{tanh_shift_with}, relative {tanh_relative_without} → "
            "{tanh_relative_with}",
            "zh": "4 层 tanh：偏移 {tanh_shift_without} → "
            "{tanh_shift_with}，相对偏移 {tanh_relative_without} → "
            "{tanh_relative_with}",
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

# %% [markdown] tags=["zh"]
# ## 练习 {#exercises}
#
# 1. 页首 $y=BAx$ 的例子，学习率改成 $\frac12$，偏移是多少？
# 2. 噪声放大到三倍（`size = 1.5`），批量归一化还训练得好吗？
#
# ??? question "第 1 题的答案"
#
#     $A$ 变成 $1+\frac12\cdot2=2$，于是 $G'=2(2-2)\cdot2=0$，偏移是 [=covariate-shift.exercise_shift]，与 $G$ 一样长。学习率越大，前面的层走得越远，后一层的梯度就越过时。
#
# ??? question "第 2 题的答案"
#
#     输入移动了 [=covariate-shift.exercise_drift] 个标准差，准确率是 [=covariate-shift.exercise_accuracy]。噪声大到这个地步，训练得差一些，但仍与没有批量归一化、没有噪声的网络（[=covariate-shift.without_accuracy]）不相上下。

# %% [markdown] tags=["en"]
# ## Exercises {#exercises}
#
# 1. In the example $y=BAx$ at the top, what is the shift at a learning rate of $\frac12$?
# 2. With three times the noise (`size = 1.5`), does batch normalization still train well?
#
# ??? question "Answer to 1"
#
#     $A$ becomes $1+\frac12\cdot2=2$, so $G'=2(2-2)\cdot2=0$ and the shift is [=covariate-shift.exercise_shift], as long as $G$ itself. The larger the rate, the farther the earlier layers go, and the more a later gradient is out of date.
#
# ??? question "Answer to 2"
#
#     Inputs move by [=covariate-shift.exercise_drift] standard deviations, and the accuracy is [=covariate-shift.exercise_accuracy]. That much noise makes training worse, and still no worse than without batch normalization and without noise ([=covariate-shift.without_accuracy]).

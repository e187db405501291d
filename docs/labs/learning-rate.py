# %% [markdown] tags=["zh"]
# # 实验：学习率 ×1、×5、×30 {#learning-rate}
#
# 课上说，有了批量归一化就可以用更大的学习率；论文里放大 30 倍的那条曲线，却不如放大 5 倍的。换一个网络还是这样吗？为什么它受得了更大的学习率？
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
# The lecture says that batch normalization allows a larger learning rate, and that the paper's curve with 30 times the rate is not as good as that with 5 times. Is that so in another network as well? And why does it stand a larger rate?
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
# 两个网络，一个有批量归一化，一个没有。学习率 0.03 时，两个都在学，只是慢：8 轮之后准确率是 [=learning-rate.slow] 和 [=learning-rate.slow_without]（均值，方括号里是十个种子的最小值和最大值）。现在把学习率放大 5 倍，再放大 30 倍。先写下你的猜测，再往下看：
#
# 1. 放大 30 倍，两个网络各会怎样？
# 2. 有批量归一化的网络，30 倍会不会不如 5 倍？如果从 0.1 而不是 0.03 开始放大，答案一样吗？
# 3. 步子太大，权重往往被推得很大。权重大了以后，下一步的梯度会变大还是变小？
#
# ## 网络 {#network}
#
# 四个隐藏层，每层 32 个 ReLU 单元。有没有批量归一化，只差一行：

# %% [markdown] tags=["en"]
# ## What do you expect? {#expect}
#
# Two networks, one with batch normalization and one without. At a learning rate of 0.03 both learn, only slowly: after 8 epochs their accuracies are [=learning-rate.slow] and [=learning-rate.slow_without] (mean, and in brackets the lowest and highest of ten seeds). Now multiply the rate by 5, and then by 30. Write your guesses down before you read on:
#
# 1. What becomes of each network at 30 times the rate?
# 2. With batch normalization, is 30 times worse than 5 times? And if one starts from 0.1 instead of 0.03?
# 3. Steps that are too large often leave large weights. Is the next gradient larger then, or smaller?
#
# ## The network {#network}
#
# Four hidden layers of 32 ReLU units. With or without batch normalization, one line makes the difference:

# %%
import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import Network, digits, progress, spread, train
from docs.labs._plots import curves, name, side, words
from snippets.activations import relu
from snippets.batch_norm import batch_norm_train


def logits(x, layers, norm):
    """One network, in training: x is a batch, an example a row."""
    h = x
    for layer in layers[:-1]:
        z = h @ layer["W"] + layer["b"]
        if norm:
            z = batch_norm_train(z, layer["gamma"], layer["beta"])
        h = relu(z)
    return h @ layers[-1]["W"] + layers[-1]["b"]


# %% tags=["code"]
x, y, test_x, test_y = digits()
sizes, seeds = [64, 32, 32, 32, 32, 10], range(10)
for norm in (None, "before"):
    network = Network(sizes, "relu", norm, seeds, init="he")
    third = [{k: w[3].ravel() for k, w in n.items()} for n in network.layers]
    for n, layer in enumerate(network.layers):
        third[n]["W"] = layer["W"][3]
    same = np.allclose(
        logits(x[:64], third, norm), network.forward(x[:64], "batch")[3]
    )
    print(words(en="the same as Network:", zh="与 Network 相同："), same)

# %% [markdown] tags=["zh"]
# 这就是批量归一化在网络里的位置：线性层之后，激活函数之前。下面各处用的 `Network` 是同一个网络，只是把十个种子并排一起算，并带有反向传播；全部代码在页尾的脚本里。
#
# ## 怎么做 {#setting}
#
# - **训练**：手写数字，每批 64 个样本，8 轮（一共 176 步），He 初始化，十个种子。
# - **学习率** $\eta$：从 0.03 和 0.1 两个基准出发，各取 1 倍、5 倍、30 倍，共六个值。

# %% [markdown] tags=["en"]
# That is where batch normalization sits: after the linear layer, before the activation. `Network`, which is used from here on, is the same network for ten seeds side by side, with a way back; all of its code is in the script at the end of this page.
#
# ## What is done {#setting}
#
# - **Training**: handwritten digits, batches of 64, 8 epochs (176 steps), He initialization, ten seeds.
# - **Learning rates** $\eta$: 1, 5 and 30 times a base rate, which is 0.03 or 0.1; six values.

# %%
factors, bases = (1, 5, 30), (0.03, 0.1)
rates = sorted(round(base * f, 2) for base in bases for f in factors)
moments = (0, 1, 2, 5, 10, 20, 50, 100, 170)


def run(norm, rate, activation="relu", seeds=seeds, **options):
    """Test accuracy; at some moments: units that are 0 for a whole batch,
    the lengths of the first weights and of their gradient."""
    network = Network(sizes, activation, norm, seeds, **options)
    found = []

    def watch(network, step, x, y):
        if step in moments:
            _, gradient = network.loss_and_gradient(x, y, "batch")
            dead = (network.activated[-1] == 0).all(axis=1).mean(axis=1)
            both = network.layers[0]["W"], gradient[0]["W"]
            lengths = [np.linalg.norm(w, axis=(1, 2)) for w in both]
            found.append([dead, *lengths])

    train(network, x, y, rate, epochs=8, watch=watch)
    return network.accuracy(test_x, test_y), found


accuracy, inside = {}, {}
for norm, rate in progress([(n, r) for n in (None, "before") for r in rates]):
    accuracy[norm, rate], inside[norm, rate] = run(norm, rate, init="he")

# %% tags=["table"]
print(
    words(
        en="rate    accuracy without      with batch norm",
        zh="学习率  没有批量归一化        有批量归一化",
    )
)
for rate in rates:
    both = (spread(accuracy[norm, rate]) for norm in (None, "before"))
    print(f"{rate:<6}", *both, sep="  ")

# %% tags=["figure"]
figure, axis = plt.subplots(figsize=(6, 2.8))
for norm, at, offset in ((None, 2, (0, -44)), ("before", 2, (0, 8))):
    values = [accuracy[norm, rate] for rate in rates]
    color, label = side(norm)
    curves(axis, rates, values, color, label, at, offset)
    axis.plot(rates, np.mean(values, axis=1), "o", color=color)
axis.set(xscale="log", ylim=(0, 1.13))
axis.set_xlabel(words(en="learning rate", zh="学习率"))
axis.set_ylabel(words(en="test accuracy", zh="测试准确率"))
axis.set_xticks(rates, [f"${rate:g}$" for rate in rates])
axis.minorticks_off()
plt.show()

# %% [markdown] tags=["zh"]
# alt: 测试准确率随学习率变化的两条线。没有批量归一化的，在 0.15 处最高，到 0.5 散开，到 0.9 和 3 跌到乱猜的水平；有批量归一化的一直在上面，0.9 以前几乎是平的，到 3 略往下弯。
#
# **怎么看图**：横轴是学习率（对数），细线各是一个种子，粗线和圆点是均值。
#
# 红线升到 [=learning-rate.best_rate_without]，然后像掉下悬崖；蓝线过了那里几乎是平的。所以从 0.03 放大 30 倍，走到 0.9，还在平的那一段；从 0.1 放大 30 倍，走到 3，就开始往下走了。最左边两条线都低：学习率 0.03 时，8 轮来不及。
#
# 0.5 那一处最值得看。没有批量归一化的十个种子，从乱猜一直散到 0.9 以上：[=learning-rate.half_lost] 个低于 0.2，[=learning-rate.half_good] 个高于 0.9。均值 [=learning-rate.half_mean] 描述不了其中任何一个。这里已经是悬崖的边上，掉不掉下去，要看运气。
#
# ## 为什么受得了 {#why}
#
# 先看学习率 0.9 时，没有批量归一化的网络出了什么事。并不是数值爆炸，而是 ReLU 单元一个个“死”了：一大步把权重和偏置推偏，对整批 64 个样本，$z$ 全是负数，输出全是 0，梯度也是 0，再也回不来。有批量归一化时，每个单元的 $z$ 都先减去这一批的均值，（$\beta$ 不太小的话）总有一些样本是正的，单元就死不了。
#
# 再看第 3 个问题：权重变大，梯度怎样变。把一层的权重 $W$ 换成 $2W$，归一化之后的输出不变，$L(2W)=L(W)$。两边对 $W$ 求导，左边多出一个因子 2：$2\,L'(2W)=L'(W)$，所以 $2W$ 处的梯度只有一半。量一量第二层：

# %% [markdown] tags=["en"]
# alt: Two lines of test accuracy against the learning rate. Without batch normalization it is highest at 0.15, scatters at 0.5 and is down at guessing for 0.9 and 3; with it the line stays above, almost flat up to 0.9, and bends down a little at 3.
#
# **How to read it**: the learning rate is on the horizontal axis, logarithmic; thin lines are seeds, the thick line with dots is their mean.
#
# The red line rises to [=learning-rate.best_rate_without] and then falls off a cliff; beyond that the blue line is almost flat. So 30 times 0.03, which is 0.9, still lies where it is flat; 30 times 0.1, which is 3, lies where it bends down. Both lines are low at the far left: at 0.03, 8 epochs do not suffice.
#
# Look at 0.5. Without batch normalization the ten seeds scatter from guessing to above 0.9: [=learning-rate.half_lost] are below 0.2 and [=learning-rate.half_good] above 0.9. Their mean, [=learning-rate.half_mean], describes none of them. This is the edge of the cliff, and whether a network falls is luck.
#
# ## Why it stands a larger rate {#why}
#
# First, what happens at a rate of 0.9 without batch normalization? Numbers do not explode. One by one, ReLU units die: a large step pushes weights and biases so far that $z$ is negative for all 64 examples of a batch; the output is 0, so is the gradient, and the unit never comes back. With batch normalization the mean of the batch is subtracted from each unit's $z$ first, so that some examples are positive (unless $\beta$ is very low), and no unit dies.
#
# Then the third guess: what do larger weights do to the gradient? Put $2W$ for the weights $W$ of a layer. What comes out of the normalization stays the same, $L(2W)=L(W)$. Differentiate both sides with respect to $W$, which gives a factor of 2 on the left: $2\,L'(2W)=L'(W)$. So the gradient at $2W$ is half as large. Measured in the second layer:

# %%
lengths = {}
for norm in (None, "before"):
    network, lengths[norm] = Network(sizes, "relu", norm, seeds, init="he"), []
    for _ in range(2):
        _, gradient = network.loss_and_gradient(x[:64], y[:64], "batch")
        lengths[norm].append(np.linalg.norm(gradient[1]["W"][0]))
        network.layers[1]["W"] = 2 * network.layers[1]["W"]

# %% tags=["table"]
print(
    words(
        en="length of the gradient at W, at 2W; ratio",
        zh="梯度的长度：W 处，2W 处；比值",
    )
)
for norm, (one, two) in lengths.items():
    print(f"{one:.3f}  {two:.3f}  {two / one:.3f}", side(norm)[1], sep="  ")

# %% [markdown] tags=["zh"]
# 所以步子太大、把权重推长以后，下一步自己就短了：权重长 2 倍，梯度是一半，一步相对于权重的大小就只有四分之一。这是一个刹车。没有归一化时恰好相反，各层的权重一起变大，输出和梯度也跟着变大，下一步迈得更远。下面把这两件事都量出来。

# %% [markdown] tags=["en"]
# So when steps that are too large have made the weights long, the next step is shorter by itself: weights twice as long, half the gradient, and a step that is a quarter of what it was in proportion to the weights. That is a brake. Without normalization it is the other way round: once the weights of all layers grow, outputs and gradients grow with them, and the next step goes farther still. Here are both, as measured.

# %% tags=["figure"]
figure, (left, right) = plt.subplots(1, 2, figsize=(6.4, 2.8))
for norm, down, up in ((None, (0, -24), (-30, 8)), ("before", (0, 8), (0, 8))):
    color, label = side(norm)
    dead, _, _ = np.transpose(inside[norm, 0.9], (1, 0, 2))
    _, lengths, _ = np.transpose(inside[norm, 3.0], (1, 0, 2))
    left.plot(moments, dead.mean(axis=1), color=color)
    name(left, label, (90, dead[6].mean()), color, down)
    right.plot(moments, np.median(lengths, axis=1), color=color)
    name(right, label, (100, np.median(lengths[6])), color, up)
left.set(title="$\\eta=0.9$", ylim=(-0.05, 1.05))
left.set_ylabel(words(en="dead units, share", zh="死单元的比例"))
right.set(title="$\\eta=3$", yscale="log", ylim=(1, 1e12))
right.set_ylabel(words(en="length of weights", zh="权重的长度"))
for axis in (left, right):
    axis.set_xlabel(words(en="step", zh="步数"))
plt.show()

# %% [markdown] tags=["zh"]
# alt: 左图，学习率 0.9：没有批量归一化，死单元的比例从一成升到九成以上；有批量归一化，一直是零。右图，学习率 3：没有批量归一化，权重的长度几步之内升到一亿；有批量归一化，只从 8 升到 17 左右。
#
# 左图是最后一个隐藏层里死单元的比例（十个种子的均值）：没有批量归一化，从 [=learning-rate.dead_first] 升到 [=learning-rate.dead_last]；有，则始终是 [=learning-rate.dead_with]。右图是第一层权重的长度（中位数，对数）：学习率 3 时，没有批量归一化的网络几步之内就爆炸了；有的只从 [=learning-rate.length_first] 长到 [=learning-rate.length_last]，同时梯度的长度从 [=learning-rate.slope_first] 降到 [=learning-rate.slope_last]。（梯度变小，也有一部分是因为损失在下降。）

# %% [markdown] tags=["en"]
# alt: On the left, learning rate 0.9: without batch normalization the share of dead units rises from a tenth to more than nine tenths; with it, it stays at zero. On the right, rate 3: without it the length of the weights rises to a hundred million within a few steps; with it from 8 to about 17.
#
# On the left, the share of dead units in the last hidden layer (mean of ten seeds): without batch normalization it rises from [=learning-rate.dead_first] to [=learning-rate.dead_last], with it, it stays at [=learning-rate.dead_with]. On the right, the length of the first layer's weights (median, logarithmic): at a rate of 3 the network without batch normalization explodes within a few steps, and the other only goes from [=learning-rate.length_first] to [=learning-rate.length_last], while the length of the gradient falls from [=learning-rate.slope_first] to [=learning-rate.slope_last]. (Part of that is because the loss falls.)

# %% [markdown] tags=["zh"]
# ## 说明了什么，没有说明什么 {#limits}
#
# 学习率放大 30 倍，没有批量归一化的网络两次都垮了（[=learning-rate.without_003_30] 与 [=learning-rate.without_01_30]），有的都还在 0.9 以上（[=learning-rate.with_003_30] 与 [=learning-rate.with_01_30]）。
#
# “30 倍不如 5 倍”要看从哪里放大。放大 5 倍时，两个基准的准确率是 [=learning-rate.with_003_5] 与 [=learning-rate.with_01_5]；再放大到 30 倍，均值变化 [=learning-rate.change_003] 与 [=learning-rate.change_01]，前一个小得与 0 没有分别。
#
# 更公平的比法，是让两种网络各用自己最好的学习率：有批量归一化的在 [=learning-rate.best_rate_with] 处得到 [=learning-rate.best_with]，没有的在 [=learning-rate.best_rate_without] 处得到 [=learning-rate.best_without]。
#
# 不能由此推断的：网络很小，任务很容易，只训练 8 轮；基准只取了两个；最好的学习率是在六个值里、用测试集挑的。论文里 5 倍、30 倍的网络还改了别的设置（见[对比图](../batch-norm/comparison.md)），这里只改了学习率。
#
# ## 判断的规则 {#verdict}
#
# **承受更大的学习率**：两个基准各是一种情形。放大 30 倍时，有批量归一化的平均准确率高于 0.9，没有的低于 0.5，才算。（高于 0.9，是与两种网络训练得好时差不多；低于 0.5，是连一半也认不对。两条线离得远，中间的哪一边都不算。）
#
# **30 倍不如 5 倍**：也是两个基准。同一个种子从同样的权重出发，看到同样的批，所以逐个种子相减。平均差为负，而且超过两个标准误差（差的标准差除以种子数的平方根），才算；不到，就只是种子之间的波动。
#
# **各取最好的学习率**：先对两种网络各选出平均准确率最高的学习率，再逐个种子比较，有批量归一化的更高才算。

# %% [markdown] tags=["en"]
# ## What it shows, and what it does not {#limits}
#
# At 30 times the rate the networks without batch normalization break down both times ([=learning-rate.without_003_30] and [=learning-rate.without_01_30]), and those with it stay above 0.9 ([=learning-rate.with_003_30] and [=learning-rate.with_01_30]).
#
# “30 times is worse than 5 times” depends on where one starts. At 5 times, the two bases give [=learning-rate.with_003_5] and [=learning-rate.with_01_5]; going on to 30 times changes the means by [=learning-rate.change_003] and [=learning-rate.change_01], and the first cannot be told from 0.
#
# It is fairer to give each network its own best rate: with batch normalization that is [=learning-rate.best_rate_with], for [=learning-rate.best_with], and without [=learning-rate.best_rate_without], for [=learning-rate.best_without].
#
# What it does not show: this is a small network, an easy task, 8 epochs and two base rates only; and the best rate is chosen from six values, on the test set. The networks of the paper with 5 and 30 times the rate changed other settings as well (see the [comparison](../batch-norm/comparison.md)); here only the learning rate changes.
#
# ## The rules {#verdict}
#
# **Tolerates a larger rate**: the two bases are two cases. A case counts if at 30 times the base the mean accuracy is above 0.9 with batch normalization and below 0.5 without. (Above 0.9 is about what either network reaches when it trains well; below 0.5 it misses more than half of the digits. The two are far apart, so that nothing in between counts for either side.)
#
# **30 times is worse than 5 times**: two bases again. One seed means the same first weights and the same batches, so the accuracies at the two rates are subtracted seed by seed. A case counts if the mean difference is negative by more than two standard errors (standard deviation of the differences over the root of the number of seeds); anything less is seeds differing.
#
# **Each at its best rate**: for both kinds of network the rate with the best mean accuracy is chosen; a seed counts if batch normalization is better there.


# %% tags=["verdict"]
def clearly_less(a, b):
    """Whether a is below b by two standard errors, seed by seed."""
    difference = a - b
    error = np.std(difference, ddof=1) / np.sqrt(len(difference))
    return np.mean(difference) < -2 * error


def at(norm, base, factor):
    return accuracy[norm, round(base * factor, 2)]


def change(base):
    """Of the means as they are printed."""
    five, thirty = (round(np.mean(at("before", base, f)), 3) for f in (5, 30))
    return f"{thirty - five:+.3f}"


best = {
    norm: max(rates, key=lambda rate: np.mean(accuracy[norm, rate]))
    for norm in (None, "before")
}
at_best = {norm: accuracy[norm, rate] for norm, rate in best.items()}
half, quick = accuracy[None, 0.5], inside["before", 3.0]
heavy = {
    rate: run("before", rate, seeds=range(5), init="he", gain=10)[0]
    for rate in (0.03, 3)
}
tanh = {
    norm: run(norm, 0.9, "tanh", range(5), init="lecun")[0]
    for norm in (None, "before")
}
numbers = {
    "with_003_5": spread(at("before", 0.03, 5)),
    "with_003_30": spread(at("before", 0.03, 30)),
    "without_003_30": spread(at(None, 0.03, 30)),
    "with_01_5": spread(at("before", 0.1, 5)),
    "with_01_30": spread(at("before", 0.1, 30)),
    "without_01_30": spread(at(None, 0.1, 30)),
    "change_003": change(0.03),
    "change_01": change(0.1),
    "best_rate_with": f"{best['before']:g}",
    "best_rate_without": f"{best[None]:g}",
    "best_with": spread(at_best["before"]),
    "best_without": spread(at_best[None]),
    "half_lost": str(sum(half < 0.2)),
    "half_mean": f"{np.mean(half):.2f}",
    "half_good": str(sum(half > 0.9)),
    "dead_first": f"{np.mean(inside[None, 0.9][0][0]):.2f}",
    "dead_last": f"{np.mean(inside[None, 0.9][-1][0]):.2f}",
    "dead_with": f"{np.max(np.array(inside['before', 0.9])[:, 0]):.2f}",
    "length_first": f"{np.median(quick[0][1]):.1f}",
    "length_last": f"{np.median(quick[-1][1]):.1f}",
    "slope_first": f"{np.median(quick[0][2]):.2f}",
    "slope_last": f"{np.median(quick[-1][2]):.2f}",
    "slow": spread(at("before", 0.03, 1)),
    "slow_without": spread(at(None, 0.03, 1)),
    "heavy_003": spread(heavy[0.03]),
    "heavy_3": spread(heavy[3]),
    "tanh_without": spread(tanh[None]),
    "tanh_with": spread(tanh["before"]),
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
            "en": "mean accuracy changes by {change_003} (base 0.03) "
            "and {change_01} (base 0.1)",
            "zh": "平均准确率变化 {change_003}（基准 0.03）、"
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

# %% [markdown] tags=["zh"]
# ## 练习 {#exercises}
#
# 1. 有批量归一化的网络，各隐藏层的初始权重都放大 10 倍：`run("before", 0.03, init="he", gain=10)`。照上面的刹车推算，学习率 0.03 时会怎样？要用多大的学习率，才能学得和原来一样快？
# 2. ReLU 换成不会“死”的 tanh：`run(None, 0.9, "tanh", init="lecun")`。没有批量归一化的网络，这回在 0.9 受得住吗？
#
# ??? question "第 1 题的答案"
#
#     权重长 10 倍，梯度只有十分之一，一步相对于权重的大小就是百分之一，好像学习率是 0.0003：准确率只有 [=learning-rate.heavy_003]，而原来是 [=learning-rate.slow]；学到的这一点，多半来自没有放大的 $\gamma$、$\beta$ 和最后一层。学习率也放大 100 倍，取 3，就差不多补回来：[=learning-rate.heavy_3]。（不会完全一样：对没有放大的那些参数来说，3 是真的大了 100 倍。）
#
# ??? question "第 2 题的答案"
#
#     没有批量归一化的 tanh 网络在 0.9 得到 [=learning-rate.tanh_without]，有的得到 [=learning-rate.tanh_with]。没有垮掉，可见 ReLU 网络在 0.9 垮掉，主要是单元死了的缘故；但批量归一化仍然更好。

# %% [markdown] tags=["en"]
# ## Exercises {#exercises}
#
# 1. With batch normalization, start all hidden layers from weights ten times as large: `run("before", 0.03, init="he", gain=10)`. What does the brake predict for a rate of 0.03? Which rate would be needed to learn as fast as before?
# 2. Replace ReLU by tanh, whose units do not die: `run(None, 0.9, "tanh", init="lecun")`. Does the network without batch normalization stand a rate of 0.9 now?
#
# ??? question "Answer to 1"
#
#     Weights ten times as long have a tenth of the gradient, so that a step is a hundredth in proportion to them, as if the rate were 0.0003: the accuracy is [=learning-rate.heavy_003], where it was [=learning-rate.slow]; what little is learned comes mostly from $\gamma$, $\beta$ and the last layer, which did not grow. A hundred times the rate, which is 3, about makes up for it: [=learning-rate.heavy_3]. (Not quite the same: for the parameters that did not grow, 3 really is a hundred times as much.)
#
# ??? question "Answer to 2"
#
#     Without batch normalization the network of tanh gets [=learning-rate.tanh_without] at 0.9, with it [=learning-rate.tanh_with]. It does not break down, so it was mainly the dying of units that broke the network of ReLUs at this rate; batch normalization is still better.

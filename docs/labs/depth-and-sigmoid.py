# %% [markdown] tags=["zh"]
# # 实验：深度与 sigmoid {#depth-and-sigmoid}
#
# 课上说，sigmoid 网络没有批量归一化根本训练不起来，有了就可以。真的训练不起来，还是只是没有等够？
#
# /// verdict | depth-and-sigmoid.fails-without
# ///
#
# /// verdict | depth-and-sigmoid.only-with
# ///

# %% [markdown] tags=["en"]
# # Lab: depth and the sigmoid {#depth-and-sigmoid}
#
# The lecture says that a network of sigmoids does not train at all without batch normalization, and does with it. Does it really not train, or did nobody wait long enough?
#
# /// verdict | depth-and-sigmoid.fails-without
# ///
#
# /// verdict | depth-and-sigmoid.only-with
# ///

# %% [markdown] tags=["zh"]
# ## 先猜一猜 {#expect}
#
# sigmoid 函数 $s(z)$ 的导数是 $s(z)(1-s(z))$，最大不过 $\frac14$。反向传播每经过一层 sigmoid，梯度就要乘一次这样的数（还要乘权重，权重不够大就补不回来）。先写下你的猜测，再往下看：四层之后，第一层的梯度还剩多少？八层之后呢？训练会因此停住，还是只是变慢？
#
# ## 怎么做 {#setting}
#
# - **数据**：scikit-learn 自带的 1797 张 8×8 手写数字，360 张用来测试。十个数字，乱猜的准确率是 0.1。
# - **网络**：2、4 或 8 个隐藏层，每层 32 个 sigmoid 单元，Xavier 初始化；归一化放在激活函数之前，代码见[另一个实验](learning-rate.ipynb#network)。
# - **训练**：学习率 1，每批 64 个样本，五个种子。都训练 12 轮；4 层和 8 层、没有批量归一化的，再训练到 100 轮。

# %% [markdown] tags=["en"]
# ## What do you expect? {#expect}
#
# The derivative of the sigmoid $s(z)$ is $s(z)(1-s(z))$, at most $\frac14$. On its way back the gradient is multiplied by such a number in every layer of sigmoids (and by the weights, which make up for it only if they are large). Write your guess down before you read on: how much of it reaches the first layer through four layers, and through eight? Does training stop because of it, or only slow down?
#
# ## What is done {#setting}
#
# - **Data**: the 1797 handwritten digits of 8×8 pixels that come with scikit-learn, 360 of them for testing. There are ten digits, so guessing gives an accuracy of 0.1.
# - **Networks**: 2, 4 or 8 hidden layers of 32 sigmoid units, Xavier initialization, normalized before the activation; the code is in [another lab](learning-rate.ipynb#network).
# - **Training**: learning rate 1, batches of 64, five seeds. All get 12 epochs; those of 4 and 8 layers without batch normalization go on to 100.

# %%
import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import Network, digits, progress, spread, train
from docs.labs._plots import curves, name, side, words

x, y, test_x, test_y = digits()
seeds, depths, short, long = range(5), (2, 4, 8), 12, 100


def trained(depth, norm, epochs, gain=1.0):
    """{epochs trained: test accuracy of each seed}, every second one."""
    sizes, found = [64, *[32] * depth, 10], {}
    network = Network(sizes, "sigmoid", norm, seeds, gain=gain)

    def watch(network, step, *_):
        epoch, within = divmod(step, len(y) // 64)
        if not within and epoch % 2 == 0:
            found[epoch] = network.accuracy(test_x, test_y)

    train(network, x, y, rate=1.0, epochs=epochs, watch=watch)
    return found | {epochs: network.accuracy(test_x, test_y)}


accuracy = {}
for depth, norm in progress([(d, n) for d in depths for n in (None, "before")]):
    epochs = short if norm or depth == 2 else long
    accuracy[depth, norm] = trained(depth, norm, epochs)

# %% tags=["table"]
print(words(en="layers  epochs  accuracy", zh="层数    轮数    准确率"))
for (depth, norm), history in accuracy.items():
    for epochs in sorted({short, max(history)}):
        end = spread(history[epochs])
        print(f"{depth:<7} {epochs:<7} {end}", side(norm)[1], sep="  ")

# %% tags=["figure"]
figure, axes = plt.subplots(1, 2, figsize=(6, 2.8), sharey=True)
for axis, depth in zip(axes, (4, 8), strict=True):
    for norm, at in ((None, (3, 0.14)), ("before", (0, 1.05))):
        values, (color, label) = accuracy[depth, norm], side(norm)
        curves(axis, [*values], [*values.values()], color)
        name(axis, label, at, color, offset=(0, 3), ha="left")
    axis.set(ylim=(0, 1.19))
    axis.set_title(words(en=f"{depth} layers", zh=f"{depth} 层"))
    axis.set_xlabel(words(en="epoch", zh="轮数"))
axes[0].set_ylabel(words(en="test accuracy", zh="测试准确率"))
plt.show()

# %% [markdown] tags=["zh"]
# alt: 左图，4 个隐藏层：有批量归一化的几轮之内升到 0.9 以上；没有的前四十轮停在 0.1，之后慢慢升到 0.9。右图，8 层：没有的一百轮都停在 0.1。
#
# **怎么看图**：左图 4 个隐藏层，右图 8 个。蓝线训练 12 轮，红线训练 100 轮；细线各是一个种子，粗线是均值。
#
# 先看左图：红线在 0.1 附近趴了好几十轮，看上去“训练不起来”，之后却升了上去。再看右图：8 层时，红线一百轮也没有动。前者是慢，后者到图的尽头还是停着。
#
# ## 梯度还剩多少 {#why}
#
# 先估一估：每过一层最多乘 $\frac14$，8 层就是 $\left(\frac14\right)^8\approx1.5\times10^{-5}$（Xavier 初始化的权重既不放大也不缩小，先不管它）。再量一量：训练开始之前，8 层网络第一层权重的梯度与最后一层的相比（长度之比，五个种子的均值）：

# %% [markdown] tags=["en"]
# alt: On the left, 4 hidden layers: with batch normalization the accuracy is above 0.9 within a few epochs; without it stays at 0.1 for forty epochs and then slowly rises to 0.9. On the right, 8 layers: without it stays at 0.1 for all hundred epochs.
#
# **How to read it**: 4 hidden layers on the left, 8 on the right. Blue goes on for 12 epochs, red for 100; thin lines are seeds, the thick line is their mean.
#
# Look at the left first: for dozens of epochs the red lines lie at 0.1 and seem not to train, and then they rise. On the right, with 8 layers, a hundred epochs do not move them. The one is slow; the other still stands at the end of the picture.
#
# ## How much of the gradient is left {#why}
#
# An estimate first: a factor of $\frac14$ at most in each layer makes $\left(\frac14\right)^8\approx1.5\times10^{-5}$ in eight (weights of the Xavier initialization neither enlarge nor shrink it, so leave them out). Now measure it: before any training, the gradient of the first layer's weights compared with that of the last, in networks of 8 layers (ratio of lengths, mean of five seeds):

# %%
shrinks = {}
print(words(en="first / last gradient", zh="第一层的梯度 / 最后一层的"))
for norm in (None, "before"):
    network = Network([64, *[32] * 8, 10], "sigmoid", norm, seeds)
    _, gradient = network.loss_and_gradient(x[:256], y[:256])
    lengths = [np.linalg.norm(g["W"], axis=(1, 2)) for g in gradient]
    shrinks[norm] = np.mean(lengths[0] / lengths[-1])
    print(f"{shrinks[norm]:.1e}", side(norm)[1])

# %% [markdown] tags=["zh"]
# 估得不错。批量归一化为什么能补回来？每一层先把 $z$ 的标准差除掉：标准差小于 1，除一下就是放大，回程的梯度也跟着放大同样的倍数。
#
# ## 别的办法也行吗 {#other-ways}
#
# 如果问题出在梯度越传越小，那么把初始权重放大，也应当有用。除最后一层以外，初始权重都乘以 6，不用批量归一化，训练 30 轮：

# %% [markdown] tags=["en"]
# Not a bad estimate. How does batch normalization make up for it? Each layer divides $z$ by its standard deviation; where that is below 1 dividing enlarges, and it enlarges the gradient on its way back just as much.
#
# ## Is there another way? {#other-ways}
#
# If the trouble is a gradient that shrinks on its way, larger first weights should help as well. Multiply all of them, except those of the last layer, by 6, and train for 30 epochs without batch normalization:

# %%
histories = {d: trained(d, None, epochs=30, gain=6.0) for d in (4, 8)}
larger = {depth: history[30] for depth, history in histories.items()}
print(words(en="layers   accuracy", zh="层数     准确率"))
for depth, values in larger.items():
    print(f"{depth:<8} {spread(values)}")

# %% [markdown] tags=["zh"]
# ## 说明了什么，没有说明什么 {#limits}
#
# 4 层时，“训练不起来”其实是“十几轮之内看不出在训练”：12 轮之后是 [=depth-and-sigmoid.without_4]，100 轮之后是 [=depth-and-sigmoid.without_4_long]（均值，方括号内是五个种子的最小值和最大值）。8 层时，100 轮也只有 [=depth-and-sigmoid.without_8_long]；有批量归一化时，12 轮就有 [=depth-and-sigmoid.with_8]。
#
# 原因可以从梯度看出来。没有批量归一化时，第一层的梯度只有最后一层的 [=depth-and-sigmoid.shrinks_without]，有则是 [=depth-and-sigmoid.shrinks_with]。放大初始权重也能补回来：4 层 [=depth-and-sigmoid.larger_4]，8 层 [=depth-and-sigmoid.larger_8]（不那么可靠，五个种子相差不小）。所以批量归一化是一个好办法，但不是唯一的办法。
#
# 不能由此推断：再等下去，8 层是否也会动起来；换成更大的网络、更难的数据会怎样。“只有靠它”这样的说法，试几种办法只能推翻，不能证实。

# %% [markdown] tags=["en"]
# ## What it shows, and what it does not {#limits}
#
# With 4 layers, “does not train” means that a dozen epochs show no sign of it: [=depth-and-sigmoid.without_4] after 12 epochs, [=depth-and-sigmoid.without_4_long] after 100 (mean; in brackets the lowest and highest of five seeds). With 8 layers there is only [=depth-and-sigmoid.without_8_long] after 100 epochs, and [=depth-and-sigmoid.with_8] after 12 with batch normalization.
#
# The gradient tells why. Without batch normalization that of the first layer is [=depth-and-sigmoid.shrinks_without] of that of the last, with it [=depth-and-sigmoid.shrinks_with]. Larger first weights make up for it as well: [=depth-and-sigmoid.larger_4] with 4 layers, [=depth-and-sigmoid.larger_8] with 8 (less reliably: the five seeds are far apart). So batch normalization is a good way, and not the only one.
#
# It does not show whether 8 layers would move in the end, nor what happens in larger networks or with harder data. And trying a few other ways can refute “only with it”, but never prove it.

# %% [markdown] tags=["zh"]
# ## 判断的规则 {#verdict}
#
# **训练不起来**：4 层与 8 层两种情形。没有批量归一化时，100 轮之后五个种子仍都低于 0.2，而有批量归一化时（12 轮）都高于 0.8，才算。12 轮时不动而后来动了的，是慢，不是训练不起来。（乱猜是 0.1，低于它的两倍就是没有学到什么；0.8 以上是已经认得多数数字。）
#
# **只有靠它**：4 层与 8 层两种情形。另外两个办法（训练 100 轮、放大初始权重）的平均准确率都不到 0.8，才算。门槛与上面相同。

# %% [markdown] tags=["en"]
# ## The rules {#verdict}
#
# **Does not train**: 4 or 8 layers, two cases. A case counts if without batch normalization all five seeds are still below 0.2 after 100 epochs, and all are above 0.8 with it (after 12). A network that does not move in 12 epochs and does later is slow; it is not one that does not train. (Guessing gives 0.1, and less than twice that means that next to nothing is learned; above 0.8, most digits are known.)
#
# **Only with it**: 4 or 8 layers, two cases. A case counts if neither of the other two ways (100 epochs, larger first weights) gives a mean accuracy of 0.8, the threshold above.

# %% tags=["verdict"]
fails, alone = [], []
for depth in (4, 8):
    without = accuracy[depth, None]
    with_norm = accuracy[depth, "before"][short]
    fails.append(max(without[long]) < 0.2 and min(with_norm) > 0.8)
    alone.append(max(np.mean(without[long]), np.mean(larger[depth])) < 0.8)
gain_4 = trained(8, None, epochs=short, gain=4.0)[short]
fast = Network([64, *[32] * 8, 10], "sigmoid", None, seeds)
train(fast, x, y, rate=10.0, epochs=6)
numbers = {
    "gain_4": spread(gain_4),
    "gain_6": spread(histories[8][short]),
    "fast": spread(fast.accuracy(test_x, test_y)),
    "without_4": spread(accuracy[4, None][short]),
    "without_4_long": spread(accuracy[4, None][long]),
    "without_8_long": spread(accuracy[8, None][long]),
    "with_4": spread(accuracy[4, "before"][short]),
    "with_8": spread(accuracy[8, "before"][short]),
    "shrinks_without": f"{shrinks[None]:.6f}",
    "shrinks_with": f"{shrinks['before']:.2f}",
    "larger_4": spread(larger[4]),
    "larger_8": spread(larger[8]),
}
verdicts = {
    "fails-without": {
        "en": "a deep sigmoid network does not train without "
        "batch normalization, and does with it",
        "zh": "深的 sigmoid 网络没有批量归一化就训练不起来，有了就可以",
        "cases": fails,
        "of": {"en": "depths", "zh": "种深度"},
        "measured": {
            "en": "after 100 epochs without it, 4 layers: {without_4_long}, "
            "8 layers: {without_8_long}; after 12 with it: "
            "{with_4} and {with_8}",
            "zh": "没有，100 轮：4 层 {without_4_long}，8 层 {without_8_long}；"
            "有，12 轮：{with_4} 与 {with_8}",
        },
    },
    "only-with": {
        "en": "only batch normalization makes it train",
        "zh": "只有靠批量归一化，它才训练得起来",
        "cases": alone,
        "of": {"en": "depths", "zh": "种深度"},
        "measured": {
            "en": "with larger first weights instead: "
            "4 layers: {larger_4}, 8 layers: {larger_8}",
            "zh": "改用更大的初始权重：4 层：{larger_4}，8 层：{larger_8}",
        },
    },
}

# %% [markdown] tags=["zh"]
# ## 练习 {#exercises}
#
# 1. 梯度每层最多乘 $\frac14$，那么初始权重放大 4 倍（`trained(8, None, epochs=12, gain=4.0)`）是不是正好补回来？为什么上面用的是 6？
# 2. 梯度小，把学习率放大到 10 不就行了？想一想各层的梯度差多少倍，再试一试。
#
# ??? question "第 1 题的答案"
#
#     不够：12 轮之后，8 层得到 [=depth-and-sigmoid.gain_4]，放大 6 倍的那时已有 [=depth-and-sigmoid.gain_6]。只有 $z=0$ 处的导数才是 $\frac14$，别处都更小，所以要放大得比 4 倍多。
#
# ??? question "第 2 题的答案"
#
#     不行，6 轮之后是 [=depth-and-sigmoid.fast]。第一层的梯度只有最后一层的十万分之一左右，学习率对各层是同一个：对第一层来说还是太小，对最后一层来说已经太大。

# %% [markdown] tags=["en"]
# ## Exercises {#exercises}
#
# 1. If the gradient is multiplied by at most $\frac14$ in a layer, do first weights 4 times as large (`trained(8, None, epochs=12, gain=4.0)`) just make up for it? Why is it 6 above?
# 2. If gradients are small, why not take a learning rate of 10? Think of how far the gradients of the layers are apart, and try it.
#
# ??? question "Answer to 1"
#
#     It is not enough: after 12 epochs 8 layers get [=depth-and-sigmoid.gain_4], and with 6 times as much [=depth-and-sigmoid.gain_6] by then. The derivative is $\frac14$ only at $z=0$ and smaller elsewhere, so it takes more than 4.
#
# ??? question "Answer to 2"
#
#     It does not help: [=depth-and-sigmoid.fast] after 6 epochs. The gradient of the first layer is about a hundred thousandth of that of the last, and all layers share one rate: still too small for the first, and too large already for the last.

# %% [markdown] tags=["zh"]
# # 实验：深度与 sigmoid {#depth-and-sigmoid}
#
# 课上说：sigmoid 网络没有批量归一化根本训练不起来，有了就可以（文字稿第 245 行）。这里在手写数字上，用同样的学习率训练 2、4、8 层的 sigmoid 网络，各五个种子。

# %% [markdown] tags=["en"]
# # Lab: depth and the sigmoid {#depth-and-sigmoid}
#
# The lecture says that a network of sigmoids does not train at all without batch normalization, and does with it (transcript, line 245). Here networks of 2, 4 and 8 hidden layers learn handwritten digits at one learning rate, with five seeds each.

# %% [markdown] tags=["zh"]
# ## 设置 {#setting}
#
# 每层 32 个单元，Xavier 初始化，学习率 1，批大小 64，12 轮；数据是 scikit-learn 自带的 1797 张 8×8 数字图像，其中 360 张用来测试。乱猜的准确率是 0.1。

# %% [markdown] tags=["en"]
# ## Setting {#setting}
#
# 32 units a layer, Xavier initialization, learning rate 1, batches of 64, 12 epochs; the data are the 1797 images of 8×8 pixels that come with scikit-learn, of which 360 are for testing. Guessing gives an accuracy of 0.1.

# %%
import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import Network, digits, progress, spread, train

x, y, test_x, test_y = digits()
seeds, depths = range(5), (2, 4, 8)


def trained(depth, norm, gain=1.0):
    network = Network([64, *[32] * depth, 10], "sigmoid", norm, seeds, gain=gain)
    return train(network, x, y, rate=1.0, epochs=12)


accuracy = {}
for depth, norm in progress([(d, n) for d in depths for n in (None, "before")]):
    accuracy[depth, norm] = trained(depth, norm).accuracy(test_x, test_y)
for depth in depths:
    print(f"{depth} layers   without {spread(accuracy[depth, None])}   with {spread(accuracy[depth, 'before'])}")

# %%
for norm, color, shift in ((None, "C1", -0.08), ("before", "C0", 0.08)):
    for at, depth in enumerate(depths):
        plt.plot([at + shift] * 5, accuracy[depth, norm], "o", color=color, alpha=0.6)
        plt.plot(at + shift, np.mean(accuracy[depth, norm]), "_", color=color, markersize=22)
plt.xticks(range(3), [f"${d}$" for d in depths])
plt.ylim(0, 1)
plt.show()

# %% [markdown] tags=["zh"]
# 横轴是隐藏层数，纵轴是测试准确率；蓝色有批量归一化，红色没有。圆点是种子，短横是均值。
#
# ## 为什么 {#why}
#
# sigmoid 的斜率最多 1/4，每过一层，梯度就缩小一截。训练开始时，第一层权重的梯度与最后一层相比（8 层，五个种子的均值）：

# %% [markdown] tags=["en"]
# The horizontal axis counts hidden layers, the vertical axis is the accuracy on the test set; blue is with batch normalization, red without. Dots are seeds, dashes are means.
#
# ## Why {#why}
#
# The slope of a sigmoid is at most 1/4, so every layer shrinks the gradient. Here is the gradient of the first layer's weights, compared with that of the last, before any training (8 layers, mean of five seeds):

# %%
shrinks = {}
for norm in (None, "before"):
    _, gradient = Network([64, *[32] * 8, 10], "sigmoid", norm, seeds).loss_and_gradient(x[:256], y[:256])
    first, last = (np.array([np.linalg.norm(W) for W in gradient[i]["W"]]) for i in (0, -1))
    shrinks[norm] = np.mean(first / last)
    print(norm, f"{shrinks[norm]:.1e}")

# %% [markdown] tags=["zh"]
# ## 别的办法也行吗 {#other-ways}
#
# 把除最后一层以外的初始权重都乘以 4，再训练没有批量归一化的网络：

# %% [markdown] tags=["en"]
# ## Is there another way? {#other-ways}
#
# Multiply all initial weights except those of the last layer by 4, and train the networks without batch normalization again:

# %%
larger = trained(4, None, gain=4.0).accuracy(test_x, test_y)
print("4 layers, larger weights, without", spread(larger))

# %% [markdown] tags=["zh"]
# ## 结论 {#verdict}
#
# 说法一：没有批量归一化就训练不起来，有了就可以。规则：4 层和 8 层的全部种子，没有批量归一化时都低于 0.2、有批量归一化时都高于 0.8，算“已复现”；只有均值如此，算“部分复现”。

# %% [markdown] tags=["en"]
# ## Verdict {#verdict}
#
# First claim: it does not train without batch normalization, and does with it. The rule: if with 4 and with 8 layers every seed stays below 0.2 without and is above 0.8 with, “reproduced”; if the means are, “partly”.

# %%
verdicts = {}
for claim, worst, best in (("partly", np.mean, np.mean), ("reproduced", max, min)):
    if all(worst(accuracy[d, None]) < 0.2 and best(accuracy[d, "before"]) > 0.8 for d in (4, 8)):
        verdicts["fails-without"] = claim
verdicts.setdefault("fails-without", "not reproduced")
verdicts["only-with"] = "not reproduced" if np.mean(larger) > 0.9 else "reproduced"
numbers = {
    "without_4": spread(accuracy[4, None]),
    "with_4": spread(accuracy[4, "before"]),
    "shrinks_without": f"{shrinks[None]:.6f}",
    "shrinks_with": f"{shrinks['before']:.2f}",
    "larger_4": spread(larger),
}

# %% [markdown] tags=["zh"]
# /// verdict | depth-and-sigmoid.fails-without
# ///
#
# 4 层时，没有批量归一化的准确率是 [=depth-and-sigmoid.without_4]，有则是 [=depth-and-sigmoid.with_4]（均值，方括号内是五个种子的最小值和最大值）。第一层与最后一层梯度之比，前者是 [=depth-and-sigmoid.shrinks_without]，后者是 [=depth-and-sigmoid.shrinks_with]。
#
# 说法二：**只有**靠批量归一化才训练得起来。规则：换一种初始化后，没有批量归一化的 4 层网络平均准确率超过 0.9，就算“未能复现”。
#
# /// verdict | depth-and-sigmoid.only-with
# ///
#
# 初始权重放大之后，准确率是 [=depth-and-sigmoid.larger_4]。所以“训练不起来”说的是这种初始化、这个训练时长。

# %% [markdown] tags=["en"]
# /// verdict | depth-and-sigmoid.fails-without
# ///
#
# With 4 layers the accuracy is [=depth-and-sigmoid.without_4] without batch normalization and [=depth-and-sigmoid.with_4] with it (mean; in brackets the lowest and highest of five seeds). The gradient of the first layer over that of the last is [=depth-and-sigmoid.shrinks_without] without and [=depth-and-sigmoid.shrinks_with] with.
#
# Second claim: it trains **only** with batch normalization. The rule: if another initialization brings the 4-layer networks without it above 0.9 on average, “not reproduced”.
#
# /// verdict | depth-and-sigmoid.only-with
# ///
#
# With larger initial weights the accuracy is [=depth-and-sigmoid.larger_4]. So “does not train” is about this initialization and this length of training.

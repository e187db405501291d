# %% [markdown] tags=["zh"]
# # 实验：批大小、p，以及该用哪种统计量 {#batch-statistics}
#
# 课上说，批太小，均值和标准差就没有意义；测试时没有一批数据，就用移动平均。批要小到多少才不行？移动平均总是管用吗？
#
# /// verdict | batch-statistics.moving-average-works
# ///
#
# /// verdict | batch-statistics.small-test-batch-fails
# ///
#
# /// verdict | batch-statistics.small-training-batch-fails
# ///

# %% [markdown] tags=["en"]
# # Lab: batch size, p, and which statistics {#batch-statistics}
#
# The lecture says that a small batch gives useless means and standard deviations, and that moving averages take their place when there is no batch at test time. How small is too small? And do moving averages always work?
#
# /// verdict | batch-statistics.moving-average-works
# ///
#
# /// verdict | batch-statistics.small-test-batch-fails
# ///
#
# /// verdict | batch-statistics.small-training-batch-fails
# ///

# %% [markdown] tags=["zh"]
# ## 先猜一猜 {#expect}
#
# 先写下你的猜测，再往下看。一批只有一个样本时，均值就是它自己，减掉均值之后还剩什么？两个样本呢，归一化的结果可能有几种？再想一想：如果一批里全是同一个数字的图像，归一化会抹掉什么？
#
# ## 怎么做 {#setting}
#
# - **网络**：两个隐藏层，每层 32 个 ReLU 单元，He 初始化，归一化放在激活函数之前（[代码](learning-rate.ipynb#network)）。
# - **训练**：手写数字，学习率 0.1，每批 64 个样本，10 轮，五个种子。移动平均的更新是 $\bar\mu\leftarrow p\,\bar\mu+(1-p)\,\mu$，$p$ 取五个值。
# - **测试**：同一个网络，一次用移动平均，一次用测试批自己的均值和方差，测试批取不同的大小。

# %% [markdown] tags=["en"]
# ## What do you expect? {#expect}
#
# Write your guesses down before you read on. With one example in a batch the mean is the example itself; what is left once it is subtracted? With two, how many results can normalizing have? And if all examples of a batch show the same digit, what does normalizing wipe out?
#
# ## What is done {#setting}
#
# - **Networks**: two hidden layers of 32 ReLU units, He initialization, normalized before the activation ([code](learning-rate.ipynb#network)).
# - **Training**: handwritten digits, learning rate 0.1, batches of 64, 10 epochs, five seeds. The moving averages are updated as $\bar\mu\leftarrow p\,\bar\mu+(1-p)\,\mu$, with five values of $p$.
# - **Testing**: the same network, once with the moving averages and once with the mean and variance of the test batch itself, for test batches of different sizes.

# %%
import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import Network, digits, progress, spread, train
from docs.labs._plots import curves, name, words

x, y, test_x, test_y = digits()
seeds, everything = range(5), len(test_y)


def trained(epochs=10, batch=64, p=0.9):
    sizes = [64, 32, 32, 10]
    network = Network(sizes, "relu", "before", seeds, init="he", p=p)
    return train(network, x, y, rate=0.1, epochs=epochs, batch=batch)


def accuracy_in_batches(network, size, orders):
    batches = orders.reshape(len(orders), -1, size).swapaxes(0, 1)
    found = [network.accuracy(test_x[b], test_y[b], "batch") for b in batches]
    return np.mean(found, axis=0)


def shuffled(network, size):
    rngs = map(np.random.default_rng, seeds)
    orders = np.stack([rng.permutation(everything) for rng in rngs])
    full = everything // size * size  # whole batches only
    return accuracy_in_batches(network, size, orders[:, :full])


ps = [0.0, 0.5, 0.9, 0.99, 0.999]
networks = {p: trained(p=p) for p in progress(ps)}
moving = {p: networks[p].accuracy(test_x, test_y) for p in ps}
whole = {p: shuffled(networks[p], everything) for p in ps}

# %% tags=["table"]
print(
    words(
        en="p      moving averages       the whole test set",
        zh="p      移动平均              全部测试样本",
    )
)
for p in ps:
    print(f"{p:<5}  {spread(moving[p])}  {spread(whole[p])}")

# %% [markdown] tags=["zh"]
# 右边一列用全部 360 个测试样本的均值和方差，可以当作标准答案。$p$ 从 0 到 0.99，移动平均都与它差不多，哪怕 $p=0$ 只记得最后一批。$p=0.999$ 就不行了：训练一共走了 220 步，初始值还占着 $0.999^{220}\approx0.8$ 的权重。
#
# ## 测试批的大小 {#test-batches}
#
# 下面用 $p=0.9$ 的网络。最后一行先把测试样本按类别排好序，再 40 个一批，于是同一批里几乎全是同一个数字。

# %% [markdown] tags=["en"]
# The right column takes mean and variance from all 360 test examples, as good as one can get. For $p$ from 0 to 0.99 the moving averages come close to it, although $p=0$ remembers the last batch only. With $p=0.999$ they do not: training took 220 steps, after which the starting value still has the weight $0.999^{220}\approx0.8$.
#
# ## The size of a test batch {#test-batches}
#
# Here with the networks of $p=0.9$. For the last row the test examples are sorted by class and cut into batches of 40, so that nearly all of a batch show the same digit.

# %%
network, reference = networks[0.9], moving[0.9]
sizes = [1, 2, 4, 8, 20, 40, 120, 360]
own = {size: shuffled(network, size) for size in sizes}
in_order = np.tile(np.argsort(test_y, kind="stable"), (len(seeds), 1))
by_class = accuracy_in_batches(network, 40, in_order)

# %% tags=["table"]
print(words(en="batch  accuracy", zh="批大小 准确率"))
for size in sizes:
    print(f"{size:<6} {spread(own[size])}")
print("40    ", spread(by_class), words(en="sorted by class", zh="按类别排序"))

# %% tags=["figure"]
figure, axis = plt.subplots(figsize=(6, 2.8))
accuracies = [own[size] for size in sizes]
label = words(en="its own statistics", zh="测试批自己的统计量")
curves(axis, sizes, accuracies, "C0", label, at=2, offset=(66, -8))
axis.axhline(np.mean(reference), color="C3", linestyle="--")
label = words(en="moving averages", zh="移动平均")
name(axis, label, (1, np.mean(reference)), "C3", (0, 4), "left")
axis.plot([40] * len(seeds), by_class, "x", color="C2")
label = words(en="sorted by class", zh="按类别排序")
name(axis, label, (40, np.mean(by_class)), "C2", (8, -4), "left")
axis.set(xscale="log", ylim=(0, 1.12))
axis.set_xlabel(words(en="size of the test batch", zh="测试批的大小"))
axis.set_ylabel(words(en="test accuracy", zh="测试准确率"))
axis.set_xticks(sizes, [f"${size}$" for size in sizes])
axis.minorticks_off()
plt.show()

# %% [markdown] tags=["zh"]
# alt: 测试准确率随测试批大小的变化。用自己的统计量，从 1 个一批的 0.1 升到 40 个一批时与移动平均一样高；按类别排好序的 40 个一批远低于它。
#
# **怎么看图**：横轴是测试批的大小（对数）。蓝线用测试批自己的均值和方差，细线是种子，粗线是均值；虚线用移动平均，与批大小无关；绿叉是按类别排好序、40 个一批的结果。
#
# 蓝线从左边的 0.1 爬起来，40 个一批时才赶上虚线。绿叉掉在蓝线下面很远的地方：大批也会出错，只要里面的样本不是随机取的。
#
# ## 训练批的大小 {#training-batches}
#
# 学习率不变，训练 4 轮。批越小，每一轮的步数越多（64 个一批共 88 步，2 个一批有两千八百多步），所以这一组只能说明“能不能训练”，不能比谁更好。批小于 16 时，$p$ 取 0.99，让移动平均多看几批。
#
# 准确率低，可能是没有训练起来，也可能只是测试时的移动平均与训练时的统计量对不上。所以测两次：一次用移动平均；一次把测试样本也分成与训练时一样大的批，用批自己的统计量。

# %% [markdown] tags=["en"]
# alt: Test accuracy against the size of the test batch. With statistics of its own it rises from 0.1 for one example to that of the moving averages for 40; batches of 40 sorted by class are far below.
#
# **How to read it**: the size of the test batch is on the horizontal axis, logarithmic. Blue uses the mean and variance of the test batch itself; thin lines are seeds, the thick line is their mean. The dashed line uses moving averages and does not depend on the size. The green crosses are batches of 40 sorted by class.
#
# The blue line starts at 0.1 on the left and reaches the dashed one only at 40. The green crosses lie far below it: a large batch fails as well if its examples are no random sample.
#
# ## The size of a training batch {#training-batches}
#
# 4 epochs at the same learning rate. Smaller batches mean more steps in an epoch (88 in all for batches of 64, more than 2800 for batches of 2), so this tells whether training works, and not which size is best. Below 16 examples $p$ is 0.99, so that the moving averages see more batches.
#
# A low accuracy may mean that training failed, or only that the moving averages used in testing do not match the statistics used in training. So we test twice: once with moving averages, and once with the test examples cut into batches of the same size as in training, with statistics of their own.

# %%
by_batch, same_batch = {}, {}
for m in progress([2, 4, 8, 16, 64]):
    network = trained(epochs=4, batch=m, p=0.99 if m < 16 else 0.9)
    by_batch[m] = network.accuracy(test_x, test_y)
    same_batch[m] = shuffled(network, m)

# %% tags=["table"]
print(
    words(
        en="training batch  moving averages       batches as in training",
        zh="训练批的大小    移动平均              与训练时一样大的批",
    )
)
for m, values in by_batch.items():
    print(f"{m:<15} {spread(values)}  {spread(same_batch[m])}")

# %% [markdown] tags=["zh"]
# ## 说明了什么，没有说明什么 {#limits}
#
# **移动平均**够用：[=batch-statistics.moving]，与 360 个样本一起算的 [=batch-statistics.test_360] 不相上下；$p=0$ 也有 [=batch-statistics.p_0]。要当心的是 $p$ 太接近 1 而训练又短：$p=0.999$ 时只有 [=batch-statistics.p_0999]。
#
# **测试批**：1 个一批时是 [=batch-statistics.test_1]，等于乱猜，因为减去均值之后全是 0；2 个一批时是 [=batch-statistics.test_2]，每个单元只剩下“谁大谁小”：3 和 7 的均值是 5、标准差是 2，归一化成 $-1$ 和 1；换成 3 和 700，结果一样。40 个一批就有 [=batch-statistics.test_40]，但是按类别排好序之后，同样 40 个只有 [=batch-statistics.by_class]。
#
# **训练批**：2 个一批，用移动平均是 [=batch-statistics.train_2]，测试时也 2 个一批，更低，是 [=batch-statistics.same_2]：不只是测试时对不上，训练本身就没有成功。4 个一批，用移动平均已有 [=batch-statistics.train_4]；测试时也 4 个一批，就只有 [=batch-statistics.same_4]。网络学会了，吃亏的是测试时那 4 个样本的统计量太粗。在这里，训练批小到 2 才不行。
#
# 不能由此推断的：一个小网络，一份简单的数据；更难的任务可能需要更大的批。

# %% [markdown] tags=["en"]
# ## What it shows, and what it does not {#limits}
#
# **Moving averages** are good enough: [=batch-statistics.moving], as good as the [=batch-statistics.test_360] of all 360 examples together, and even $p=0$ gives [=batch-statistics.p_0]. Beware of a $p$ close to 1 with short training: $p=0.999$ gives [=batch-statistics.p_0999].
#
# **Test batches**: of one, [=batch-statistics.test_1], which is guessing, as nothing but 0 is left once the mean is subtracted; of two, [=batch-statistics.test_2], where each unit only knows which of the two is larger: 3 and 7 have the mean 5 and standard deviation 2 and become $-1$ and 1, and so do 3 and 700. Batches of 40 give [=batch-statistics.test_40], and the same 40 sorted by class [=batch-statistics.by_class].
#
# **Training batches**: of two, [=batch-statistics.train_2] with moving averages, and with batches of two in testing as well even less, [=batch-statistics.same_2]: it is not only a mismatch in testing, training itself has failed. Batches of four already give [=batch-statistics.train_4] with moving averages, and [=batch-statistics.same_4] when tested in fours: the network has learned, and what hurts is that the statistics of four test examples are coarse. Here, a training batch of 2 is too small, and of 4 is not.
#
# All this is one small network and one easy data set; harder tasks may need larger batches.

# %% [markdown] tags=["zh"]
# ## 判断的规则 {#verdict}
#
# **移动平均管用**：$p$ 的五个值是五种情形。移动平均的平均准确率，至多比用全部测试样本的统计量低 0.02，才算。（$p=0.9$ 的五个种子之间相差 [=batch-statistics.apart]，门槛比这再宽一点。）
#
# **测试批太小不行**：比训练批小的六种测试批（1、2、4、8、20、40）是六种情形。平均准确率比移动平均低 0.05 以上，才算。（这里要的是明显变坏，所以门槛比上面的高：错的要多出 18 个以上，测试样本一共 360 个。）
#
# **训练批太小不行**：2、4、8、16 四种情形。两种测法的平均准确率都不到 0.8，才算，免得把“测试时对不上”算成“训练不起来”。（64 个一批、同样 4 轮，两种测法得 [=batch-statistics.train_64] 和 [=batch-statistics.same_64]；不到 0.8，是错的多出一倍以上。）

# %% [markdown] tags=["en"]
# ## The rules {#verdict}
#
# **Moving averages work**: the five values of $p$ are five cases. A case counts if their mean accuracy is at most 0.02 below that with the statistics of the whole test set. (The five seeds of $p=0.9$ differ by [=batch-statistics.apart] among themselves; the threshold leaves room for a little more.)
#
# **A small test batch fails**: the six sizes smaller than a training batch (1, 2, 4, 8, 20, 40) are six cases. A case counts if the mean accuracy is more than 0.05 below that with moving averages. (This is to mean clearly worse, hence a higher threshold: more than 18 further mistakes in 360 test examples.)
#
# **A small training batch fails**: 2, 4, 8 and 16 are four cases. A case counts if the mean accuracy is below 0.8 in both tests, so that a mismatch in testing does not pass for failed training. (Batches of 64 and the same 4 epochs give [=batch-statistics.train_64] and [=batch-statistics.same_64]; below 0.8 there are more than twice as many mistakes.)

# %% tags=["verdict"]
mean, late = np.mean, networks[0.999]
late.p = 0.9
for at in range(0, 1408, 64):  # forward only: no weight changes
    late.forward(x[at : at + 64], "train")
numbers = {
    "moving": spread(moving[0.9]),
    "test_1": spread(own[1]),
    "test_2": spread(own[2]),
    "test_8": spread(own[8]),
    "test_40": spread(own[40]),
    "test_360": spread(own[360]),
    "by_class": spread(by_class),
    "train_2": spread(by_batch[2]),
    "train_4": spread(by_batch[4]),
    "same_2": spread(same_batch[2]),
    "same_4": spread(same_batch[4]),
    "train_64": spread(by_batch[64]),
    "same_64": spread(same_batch[64]),
    "apart": f"{np.ptp(moving[0.9]):.2f}",
    "again": spread(late.accuracy(test_x, test_y)),
    "p_0": spread(moving[0.0]),
    "p_0999": spread(moving[0.999]),
}
verdicts = {
    "moving-average-works": {
        "en": "moving averages take the place of batch statistics in testing",
        "zh": "测试时可以用移动平均代替批统计量",
        "cases": [mean(moving[p]) > mean(whole[p]) - 0.02 for p in ps],
        "of": {"en": "values of p", "zh": "个 p 值"},
        "measured": {
            "en": "p = 0.9: {moving}, with all test examples: {test_360}; "
            "p = 0.999: {p_0999}",
            "zh": "p = 0.9 时 {moving}，全部测试样本一起算 {test_360}；"
            "p = 0.999 时 {p_0999}",
        },
    },
    "small-test-batch-fails": {
        "en": "a small test batch must not use its own statistics",
        "zh": "测试批太小，就不能用它自己的统计量",
        "cases": [
            mean(own[m]) < mean(reference) - 0.05 for m in sizes if m < 64
        ],
        "of": {"en": "batch sizes", "zh": "种批大小"},
        "measured": {
            "en": "batches of 1: {test_1}, of 8: {test_8}, of 40: {test_40}",
            "zh": "1 个一批：{test_1}，8 个：{test_8}，40 个：{test_40}",
        },
    },
    "small-training-batch-fails": {
        "en": "a small training batch does not train",
        "zh": "训练批太小，就训练不起来",
        "cases": [
            max(mean(by_batch[m]), mean(same_batch[m])) < 0.8
            for m in by_batch
            if m < 64
        ],
        "of": {"en": "batch sizes", "zh": "种批大小"},
        "measured": {
            "en": "with moving averages, batches of 2: {train_2}, "
            "of 4: {train_4}",
            "zh": "用移动平均，2 个一批：{train_2}，4 个一批：{train_4}",
        },
    },
}

# %% [markdown] tags=["zh"]
# ## 练习 {#exercises}
#
# 1. 一批 3 个样本，某个单元的值是 1、1、4，归一化成多少？换成 1、1、400 呢？与 2 个一批的情形比一比，还剩下多少信息？
# 2. $p=0.999$ 的网络训练得并不差，只是移动平均没有跟上。不再训练、不动权重，怎样补救？
#
# ??? question "第 1 题的答案"
#
#     均值 2，方差 $(1+1+4)/3=2$，归一化成 $-0.71,-0.71,1.41$。换成 400，还是这三个数：一个大、两个相等时，大多少看不出来。不过三个数各不相同时，中间那个的位置还在，比 2 个一批多出一点信息。
#
# ??? question "第 2 题的答案"
#
#     把 $p$ 换成 0.9，再把训练集看一遍，只做前向传播、更新移动平均：`late.forward(x[at : at + 64], "train")`。准确率从 [=batch-statistics.p_0999] 回到 [=batch-statistics.again]。

# %% [markdown] tags=["en"]
# ## Exercises {#exercises}
#
# 1. In a batch of 3 a unit has the values 1, 1 and 4. What does normalizing make of them? And of 1, 1 and 400? How much is left, compared with batches of 2?
# 2. The network of $p=0.999$ did not train badly; only its moving averages are late. How can it be mended without further training and without touching a weight?
#
# ??? question "Answer to 1"
#
#     The mean is 2 and the variance $(1+1+4)/3=2$, which makes $-0.71,-0.71,1.41$. With 400 it is the same three numbers: where two are equal, one cannot see how much larger the third is. If all three differ, the place of the middle one is left, a little more than in a batch of 2.
#
# ??? question "Answer to 2"
#
#     Set $p$ to 0.9 and go over the training data once more, forward only, updating the moving averages: `late.forward(x[at : at + 64], "train")`. The accuracy goes from [=batch-statistics.p_0999] to [=batch-statistics.again].

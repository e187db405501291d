# %% [markdown] tags=["zh"]
# # 实验：特征缩放与梯度下降 {#feature-scaling}
#
# 课上说，各个特征的尺度一致之后，梯度下降收敛得更快。快多少？什么样的数据得不到这个好处？
#
# /// verdict | feature-scaling.faster
# ///

# %% [markdown] tags=["en"]
# # Lab: feature scaling and gradient descent {#feature-scaling}
#
# The lecture says that gradient descent converges faster once all features have the same scale. How much faster, and with which data is nothing gained?
#
# /// verdict | feature-scaling.faster
# ///

# %% [markdown] tags=["zh"]
# ## 先猜一猜 {#expect}
#
# 线性模型的误差曲面是一个碗。两个特征的尺度相差一百倍，碗就被拉得很长；标准化能把它变圆。可是，如果两个特征的尺度本来就一样，只是高度相关（一个大，另一个也大），碗也是长的，而且是斜着长的。先写下你的猜测，再往下看：标准化还能把它变圆吗？
#
# ## 怎么做 {#setting}
#
# - **数据**：四种，每种 200 个样本、两个特征，目标是二者的线性函数加一点噪声，五个种子各抽一份。
#     1. 1 : 100：像课程幻灯片那样，$x_1$ 在 1 到 3 之间，$x_2$ 在 100 到 300 之间；
#     2. 1 : 100，相关：同上，但两个特征的相关系数是 0.99；
#     3. 1 : 1：尺度相同，均值都是 0；
#     4. 1 : 1，相关：同上，但相关系数是 0.99。
# - **训练**：线性模型，从零开始，学习率取 $1/\lambda_{\max}$，其中 $\lambda_{\max}$ 是损失的最大曲率。损失与最小值之差降到起点的百万分之一，就停下来，数走了多少步。
# - **捷径**：不缩放时要走几百万步，所以不真的一步步走。沿 Hessian 矩阵的每个特征向量，误差每一步都乘以同一个系数，走 $t$ 步之后的损失可以直接写出来。

# %% [markdown] tags=["en"]
# ## What do you expect? {#expect}
#
# The loss of a linear model is a bowl. If one feature is a hundred times as large as the other, the bowl is very long, and standardizing makes it round. But what if both have the same scale and are strongly correlated, so that where one is large, so is the other? Then the bowl is long as well, along a diagonal. Write your guess down before you read on: does standardizing make that one round?
#
# ## What is done {#setting}
#
# - **Data**: four kinds, each of 200 examples with two features; the target is a linear function of both plus a little noise; each of five seeds draws its own.
#     1. 1 : 100, as on the slide of the lecture: $x_1$ lies between 1 and 3, $x_2$ between 100 and 300;
#     2. 1 : 100, correlated: the same with a correlation of 0.99;
#     3. 1 : 1: the same scale, both with mean 0;
#     4. 1 : 1, correlated: the same with a correlation of 0.99.
# - **Training**: a linear model, from zero, at the learning rate $1/\lambda_{\max}$, where $\lambda_{\max}$ is the largest curvature of the loss. It ends when the loss is above its minimum by a millionth of what it was at first; we count the steps.
# - **Shortcut**: without scaling that takes millions of steps, so they are not taken one by one. Along each eigenvector of the Hessian matrix every step multiplies the error by the same factor, and the loss after $t$ steps can be written down.

# %%
import matplotlib.pyplot as plt
import numpy as np

from docs.labs._plots import dots, words
from snippets.feature_scaling import standardize, zca_whiten
from snippets.optimization import condition_number

kinds = {  # (scale of the second feature, correlation, mean / scale)
    "1 : 100": (100, 0.0, 2),
    "1 : 100, ρ": (100, 0.99, 2),
    "1 : 1": (1, 0.0, 0),
    "1 : 1, ρ": (1, 0.99, 0),
}


def examples(kind, seed, n=200):
    scale, correlation, mean = kinds[kind]
    rng = np.random.default_rng(seed)
    u, v = rng.uniform(-1, 1, (2, n))
    v = correlation * u + np.sqrt(1 - correlation**2) * v
    x = np.stack([mean + u, scale * (mean + v)], axis=1)
    y = 3 * x[:, 0] - 2 * x[:, 1] / scale + 1 + 0.1 * rng.normal(size=n)
    return x, y


def with_bias(x):
    return np.column_stack([x, np.ones(len(x))])


def hessian(x):
    return with_bias(x).T @ with_bias(x) / len(x)


def excess_loss(x, y, steps):
    """Above the minimum after so many steps, as a fraction of the first."""
    curvature, basis = np.linalg.eigh(hessian(x))
    distance = basis.T @ np.linalg.lstsq(with_bias(x), y)[0]
    left = (1 - curvature / curvature[-1]) ** steps * distance
    return (curvature * left**2).sum() / (curvature * distance**2).sum()


def steps_needed(x, y, goal=1e-6):
    high = 1
    while excess_loss(x, y, high) > goal:
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        if excess_loss(x, y, middle) > goal:
            low = middle
        else:
            high = middle
    return high


# %% [markdown] tags=["zh"]
# 这条捷径可以验证：拿第四种数据真的走一遍梯度下降，第一次降到目标以下的那一步，应当就是算出来的那一步。

# %% [markdown] tags=["en"]
# The shortcut can be checked: run gradient descent itself on data of the fourth kind, and the loss must fall below the goal at just the step that was computed.

# %%
x, y = examples("1 : 1, ρ", seed=0)
A = with_bias(x)
rate, w = 1 / np.linalg.eigvalsh(hessian(x))[-1], np.zeros(3)
least = np.mean((A @ np.linalg.lstsq(A, y)[0] - y) ** 2)
losses = [np.mean(y**2) - least]
while losses[-1] > 1e-6 * losses[0]:
    w = w - rate * A.T @ (A @ w - y) / len(y)
    losses.append(np.mean((A @ w - y) ** 2) - least)
label = words(en="steps taken, computed:", zh="真的走了、算出来的步数：")
print(label, len(losses) - 1, steps_needed(x, y))

# %% [markdown] tags=["zh"]
# ## 结果 {#result}
#
# $\kappa$ 是条件数，即最大曲率与最小曲率之比：碗越长，它越大。

# %% [markdown] tags=["en"]
# ## Result {#result}
#
# The condition number $\kappa$ is the largest curvature over the smallest: the longer the bowl, the larger it is.

# %%
ways = {"raw": lambda x: x, "standardized": standardize}
kappa, steps = {}, {}
for kind in kinds:
    for way, scale in ways.items():
        runs = [examples(kind, seed) for seed in range(5)]
        kappa[kind, way] = [
            condition_number(hessian(scale(x))) for x, _ in runs
        ]
        steps[kind, way] = [steps_needed(scale(x), y) for x, y in runs]

# %% tags=["table"]
print(
    words(
        en="data         mean κ     mean steps [least, most]",
        zh="数据         平均 κ     平均步数 [最少, 最多]",
    )
)
for (kind, way), counted in steps.items():
    mean, least, most = np.mean(counted), min(counted), max(counted)
    print(f"{kind:12} {np.mean(kappa[kind, way]):<10.3g}", end=" ")
    print(f"{mean:,.0f} [{least:,}, {most:,}]", end="  ")
    raw = words(en="unscaled", zh="不缩放")
    print(raw if way == "raw" else words(en="standardized", zh="标准化"))

# %% tags=["figure"]
figure, axis = plt.subplots(figsize=(6, 3))
names = {
    "raw": ("C1", words(en="unscaled", zh="不缩放")),
    "standardized": ("C0", words(en="standardized", zh="标准化")),
}
for row, kind in enumerate(kinds):
    for way, (color, label) in names.items():
        dots(axis, steps[kind, way], row, color, None if row else label, (8, 7))
axis.set(xscale="log", ylim=(3.4, -0.7))
axis.set_xlabel(words(en="steps", zh="步数"))
labels = [words(en=kind, zh=kind) for kind in kinds]
axis.set_yticks(range(len(kinds)), labels)
plt.show()

# %% [markdown] tags=["zh"]
# alt: 四种数据所需的步数（对数）。尺度相差百倍的两种，标准化之后少好几个数量级；尺度相同的两种，红点与蓝点几乎重合。
#
# **怎么看图**：一行是一种数据（ρ 表示相关系数 0.99），横轴是步数（对数）。圆点是种子，竖线是均值。同一行里，蓝点离红点越远，标准化省下的步数越多。
#
# 上面两行，蓝点与红点相隔好几个数量级。最下面一行，两种点几乎挨在一起：标准化只改变坐标轴的刻度，不会转动坐标轴，所以斜着的长碗还是长碗。
#
# ## 为什么 {#why}
#
# 标准化之后的两个特征，损失的 Hessian 矩阵就是相关系数矩阵：对角线上是 1，另外两个数是 $\rho$；特征值是 $1+\rho$（沿着对角线）与 $1-\rho$（垂直于它）。$\rho=0.99$ 时，$\kappa=1.99/0.01=199$，标准化之后也还是这样（表里是 [=feature-scaling.kappa_correlated]，因为样本的相关系数不恰好是 0.99）。要走多少步？最慢的方向上，损失每步乘以 $(1-1/\kappa)^2$；要降到百万分之一，大约走 $\frac{\kappa}{2}\ln10^6\approx6.9\,\kappa$ 步，$\kappa=199$ 时约 1400 步，与表里同一个量级。
#
# ## 说明了什么，没有说明什么 {#limits}
#
# 像幻灯片那样的数据，条件数从 [=feature-scaling.kappa_raw] 降到 [=feature-scaling.kappa_standardized]，步数从 [=feature-scaling.steps_raw] 降到 [=feature-scaling.steps_standardized]。尺度相差百倍、又相关时，也从 [=feature-scaling.both_raw] 降到 [=feature-scaling.both_standardized]，剩下的这些步是相关造成的。尺度本来就一样、只是相关，步数只从 [=feature-scaling.correlated_raw] 变成 [=feature-scaling.correlated_standardized]。
#
# 所以标准化治的是“尺度不同”，治不了“相关”；后者要靠[白化](../papers/batch-norm-2015.md#feature_scaling.zca_whiten)那样转动坐标轴的办法。
#
# 不能由此推断的：这里是线性模型，两个特征，学习率取 $1/\lambda_{\max}$；深层网络的误差曲面没有这样一个碗。

# %% [markdown] tags=["en"]
# alt: Steps needed with four kinds of data, logarithmic. Where scales are a hundred times apart, standardizing takes orders of magnitude fewer steps; where they are equal, red and blue almost coincide.
#
# **How to read it**: a row is a kind of data (ρ means a correlation of 0.99), the horizontal axis counts steps, logarithmically. Dots are seeds, bars are means. The farther blue is from red, the more steps are saved.
#
# In the upper two rows they are orders of magnitude apart. In the last they almost touch: standardizing changes the marks on the axes and does not turn the axes, so that a long bowl along a diagonal stays long.
#
# ## Why {#why}
#
# For two standardized features the Hessian matrix of the loss is their correlation matrix, with 1 on the diagonal and $\rho$ beside it, and has the eigenvalues $1+\rho$ (along the diagonal) and $1-\rho$ (across it). With $\rho=0.99$ that makes $\kappa=1.99/0.01=199$, and standardizing leaves it at that (the table has [=feature-scaling.kappa_correlated], as the correlation of a sample is not just 0.99). How many steps? In the slowest direction the loss is multiplied by $(1-1/\kappa)^2$ in each; to bring it to a millionth takes about $\frac{\kappa}{2}\ln10^6\approx6.9\,\kappa$ of them, some 1400 for $\kappa=199$, of the same order as in the table.
#
# ## What it shows, and what it does not {#limits}
#
# With data as on the slide the condition number falls from [=feature-scaling.kappa_raw] to [=feature-scaling.kappa_standardized], and the steps from [=feature-scaling.steps_raw] to [=feature-scaling.steps_standardized]. With scales a hundred times apart and a correlation, they fall from [=feature-scaling.both_raw] to [=feature-scaling.both_standardized]; what is left comes from the correlation. With equal scales and a correlation, they only go from [=feature-scaling.correlated_raw] to [=feature-scaling.correlated_standardized].
#
# So standardizing cures unequal scales and not correlation; that takes a method that turns the axes, such as [whitening](../papers/batch-norm-2015.md#feature_scaling.zca_whiten).
#
# It does not show more than a linear model of two features at the rate $1/\lambda_{\max}$; the loss of a deep network is not such a bowl.

# %% [markdown] tags=["zh"]
# ## 判断的规则 {#verdict}
#
# 四种数据是四种情形。五个种子里，标准化之后的步数每次都不到不缩放时的十分之一，才算。

# %% [markdown] tags=["en"]
# ## The rule {#verdict}
#
# The four kinds of data are four cases. A case counts if standardizing takes less than a tenth of the steps with each of the five seeds.

# %% tags=["verdict"]
ratio = {
    kind: max(np.divide(steps[kind, "standardized"], steps[kind, "raw"]))
    for kind in kinds
}


def mean_of(table, kind, way):
    """Two significant digits."""
    mean = float(f"{np.mean(table[kind, way]):.2g}")
    return f"{mean:,.0f}" if mean >= 10 else f"{mean:g}"


slide, correlated, both = "1 : 100", "1 : 1, ρ", "1 : 100, ρ"
whitened = [
    steps_needed(zca_whiten(x), y)
    for x, y in (examples(correlated, seed) for seed in range(5))
]
numbers = {
    "kappa_correlated": f"{np.mean(kappa[correlated, 'standardized']):.0f}",
    "steps_whitened": f"{np.mean(whitened):.0f}",
    "steps_raw": mean_of(steps, slide, "raw"),
    "steps_standardized": mean_of(steps, slide, "standardized"),
    "kappa_raw": mean_of(kappa, slide, "raw"),
    "kappa_standardized": mean_of(kappa, slide, "standardized"),
    "correlated_raw": mean_of(steps, correlated, "raw"),
    "correlated_standardized": mean_of(steps, correlated, "standardized"),
    "both_raw": mean_of(steps, both, "raw"),
    "both_standardized": mean_of(steps, both, "standardized"),
}
verdicts = {
    "faster": {
        "en": "gradient descent converges faster with standardized features",
        "zh": "特征标准化之后，梯度下降收敛得更快",
        "cases": [worst < 0.1 for worst in ratio.values()],
        "of": {"en": "kinds of data", "zh": "种数据"},
        "measured": {
            "en": "steps {steps_raw} → {steps_standardized} as on the slide, "
            "{correlated_raw} → {correlated_standardized} when only correlated",
            "zh": "像幻灯片那样的数据，步数 {steps_raw} → "
            "{steps_standardized}；"
            "只是相关的，{correlated_raw} → {correlated_standardized}",
        },
    },
}

# %% [markdown] tags=["zh"]
# ## 练习 {#exercises}
#
# 1. 相关系数从 0.99 降到 0.9，标准化之后大约要走多少步？先用上面的公式估计。
# 2. 把第四种数据里的 `standardize` 换成 `zca_whiten`，要走多少步？
#
# ??? question "第 1 题的答案"
#
#     $\kappa=1.9/0.1=19$，大约 $6.9\times19\approx130$ 步，只有原来的十分之一左右。
#
# ??? question "第 2 题的答案"
#
#     [=feature-scaling.steps_whitened] 步（五个种子的均值），标准化时是 [=feature-scaling.correlated_standardized]。白化把坐标轴转到碗的两条轴上再缩放，碗就圆了。

# %% [markdown] tags=["en"]
# ## Exercises {#exercises}
#
# 1. If the correlation is 0.9 instead of 0.99, about how many steps are needed after standardizing? Estimate it with the formula above.
# 2. Replace `standardize` by `zca_whiten` for the fourth kind of data. How many steps does it take?
#
# ??? question "Answer to 1"
#
#     $\kappa=1.9/0.1=19$, which makes about $6.9\times19\approx130$ steps, a tenth of what it was.
#
# ??? question "Answer to 2"
#
#     [=feature-scaling.steps_whitened] (mean of five seeds), where standardizing takes [=feature-scaling.correlated_standardized]. Whitening turns the axes to those of the bowl before it scales, and the bowl is round.

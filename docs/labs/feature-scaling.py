# %% [markdown] tags=["zh"]
# # 实验：特征缩放与梯度下降 {#feature-scaling}
#
# 课上说：特征的尺度一致之后，梯度下降收敛得更快（文字稿第 83–89 行）。这里让两个特征像幻灯片上那样相差一百倍，数一数梯度下降各要走多少步。

# %% [markdown] tags=["en"]
# # Lab: feature scaling and gradient descent {#feature-scaling}
#
# The lecture says that gradient descent converges faster once all features have the same scale (transcript, lines 83–89). Here two features differ by a factor of a hundred, as on the slide, and we count the steps that gradient descent takes.

# %% [markdown] tags=["zh"]
# ## 数据与度量 {#setting}
#
# 200 个样本，$x_1$ 在 1 到 3 之间，$x_2$ 在 100 到 300 之间，目标是二者的线性函数加一点噪声。学习率取 $1/\lambda_{\max}$，$\lambda_{\max}$ 是最大曲率。训练到多出来的损失降到起点的百万分之一为止。未缩放时要走几百万步，所以并不真的一步步走：沿 Hessian 矩阵的每个特征向量，误差每一步都乘以同一个系数，$t$ 步之后的损失可以直接写出来。

# %% [markdown] tags=["en"]
# ## Data and measure {#setting}
#
# 200 examples; $x_1$ lies between 1 and 3, $x_2$ between 100 and 300; the target is a linear function of both plus a little noise. The learning rate is $1/\lambda_{\max}$, where $\lambda_{\max}$ is the largest curvature. Training ends when the excess loss is a millionth of what it was. Without scaling that takes millions of steps, so the steps are not taken one by one: along each eigenvector of the Hessian matrix every step multiplies the error by the same factor, and the loss after $t$ steps can be written down.

# %%
import matplotlib.pyplot as plt
import numpy as np

from snippets.feature_scaling import standardize
from snippets.optimization import condition_number


def examples(seed, n=200):
    rng = np.random.default_rng(seed)
    x = np.stack([rng.uniform(1, 3, n), rng.uniform(100, 300, n)], axis=1)
    return x, 3 * x[:, 0] - 0.02 * x[:, 1] + 1 + 0.1 * rng.normal(size=n)


def with_bias(x):
    return np.column_stack([x, np.ones(len(x))])


def excess_loss(x, y, steps):
    """Excess loss after so many steps at the rate 1/L, as a fraction of the first."""
    A = with_bias(x)
    curvature, basis = np.linalg.eigh(A.T @ A / len(y))
    distance = basis.T @ np.linalg.lstsq(A, y)[0]
    shrink = (1 - curvature / curvature[-1]) ** steps
    return (curvature * (shrink * distance) ** 2).sum() / (
        curvature * distance**2
    ).sum()


def steps_needed(x, y, goal=1e-6):
    high = 1
    while excess_loss(x, y, high) > goal:
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (
            (middle, high)
            if excess_loss(x, y, middle) > goal
            else (low, middle)
        )
    return high


# %% [markdown] tags=["zh"]
# 这个捷径可以验证：真的走一遍梯度下降，标准化之后走到这个步数，损失应当刚好第一次降到目标以下。

# %% [markdown] tags=["en"]
# The shortcut can be checked: run gradient descent itself on the standardized features, and the loss must fall below the goal at exactly this step.

# %%
x, y = examples(seed=0)
A = with_bias(standardize(x))
best = np.linalg.lstsq(A, y)[0]
rate = 1 / np.linalg.eigvalsh(A.T @ A / len(y))[-1]
w = np.zeros(3)
losses = [np.mean((A @ w - y) ** 2) - np.mean((A @ best - y) ** 2)]
while losses[-1] > 1e-6 * losses[0]:
    w = w - rate * A.T @ (A @ w - y) / len(y)
    losses.append(np.mean((A @ w - y) ** 2) - np.mean((A @ best - y) ** 2))
print(len(losses) - 1, steps_needed(standardize(x), y))

# %% [markdown] tags=["zh"]
# ## 结果 {#result}
#
# 五个种子，每个种子重抽一次数据。

# %% [markdown] tags=["en"]
# ## Result {#result}
#
# Five seeds; each draws its own data.

# %%
ways = {
    "raw": lambda x: x,
    "x / max": lambda x: x / x.max(axis=0),
    "standardized": standardize,
}
kappa, steps = {}, {}
for way, scale in ways.items():
    runs = [(scale(x), y) for x, y in map(examples, range(5))]
    kappa[way] = [
        condition_number(with_bias(x).T @ with_bias(x) / len(y))
        for x, y in runs
    ]
    steps[way] = [steps_needed(x, y) for x, y in runs]
    print(
        f"{way:13} κ {np.mean(kappa[way]):9.3g} [{min(kappa[way]):.3g}, {max(kappa[way]):.3g}]",
        end="   ",
    )
    print(
        f"{np.mean(steps[way]):9.3g} [{min(steps[way]):.3g}, {max(steps[way]):.3g}]"
    )

# %%
plt.figure(figsize=(6, 2.6))
for row, way in enumerate(ways):
    plt.plot(steps[way], [row] * 5, "o", color="C0", alpha=0.6)
    plt.plot(np.mean(steps[way]), row, "|", color="k", markersize=18)
plt.xscale("log")
plt.yticks(range(len(ways)), ["$x$", "$x / \\max$", "$\\tilde x$"])
plt.ylim(2.5, -0.5)
plt.show()

# %% [markdown] tags=["zh"]
# 每个圆点是一个种子，竖线是均值；横轴是步数（对数）。从上到下：不缩放、除以最大值、标准化。
#
# ## 结论 {#verdict}
#
# 规则：五个种子里，如果标准化之后的步数每次都不到不缩放时的十分之一，算“已复现”；如果只是每次都更少，算“部分复现”；否则算“未能复现”。

# %% [markdown] tags=["en"]
# Each dot is a seed, the line is the mean; the horizontal axis counts steps, logarithmically. From top to bottom: unscaled, divided by the maximum, standardized.
#
# ## Verdict {#verdict}
#
# The rule: if in each of the five seeds standardization takes less than a tenth of the steps, “reproduced”; if it only takes fewer each time, “partly”; otherwise “not reproduced”.

# %%
ratio = np.divide(steps["standardized"], steps["raw"])
rule = (
    "reproduced"
    if max(ratio) < 0.1
    else "partly"
    if max(ratio) < 1
    else "not reproduced"
)
verdicts = {"faster": rule}
numbers = {
    "steps_raw": f"{round(np.mean(steps['raw']), -5):,.0f}",
    "steps_standardized": f"{np.mean(steps['standardized']):.1f}",
    "kappa_raw": f"{round(np.mean(kappa['raw']), -5):,.0f}",
    "kappa_standardized": f"{np.mean(kappa['standardized']):.2f}",
}

# %% [markdown] tags=["zh"]
# /// verdict | feature-scaling.faster
# ///
#
# 平均步数从 [=feature-scaling.steps_raw] 降到 [=feature-scaling.steps_standardized]，条件数从 [=feature-scaling.kappa_raw] 降到 [=feature-scaling.kappa_standardized]。局限：这里是线性模型、两个特征，学习率取 $1/\lambda_{\max}$；深层网络的误差曲面没有这样一个碗。

# %% [markdown] tags=["en"]
# /// verdict | feature-scaling.faster
# ///
#
# The mean number of steps falls from [=feature-scaling.steps_raw] to [=feature-scaling.steps_standardized], the condition number from [=feature-scaling.kappa_raw] to [=feature-scaling.kappa_standardized]. Limits: a linear model of two features at the rate $1/\lambda_{\max}$; the error surface of a deep network is not such a bowl.

# %% [markdown] tags=["zh"]
# # 实验：误差会相互抵消吗 {#errors}
#
# 一百个误差的平均数，会不会比单个误差小得多？
#
# /// verdict | errors.cancel
# ///
#
# ## 做法 {#setting}
#
# 误差取自标准正态分布，重复五次；$\bar x$ 是每次的平均数。

# %% [markdown] tags=["en"]
# # Lab: do errors cancel out {#errors}
#
# Is the mean of a hundred errors much smaller than one of them?
#
# /// verdict | errors.cancel
# ///
#
# ## Setting {#setting}
#
# Errors are drawn from the standard normal distribution, five times; $\bar x$ is the mean of each.

# %%
import matplotlib.pyplot as plt
import numpy as np
from snippets.means import arithmetic_mean

means = [abs(arithmetic_mean(np.random.default_rng(seed).normal(size=100))) for seed in range(5)]
print(f"{max(means):.2f}")
plt.figure(figsize=(4, 1.5))
plt.plot(sorted(means), "o")
plt.show()

# %%
numbers = {"largest": f"{max(means):.2f}"}
verdicts = {
    "cancel": {
        "zh": "一百个误差的平均数远小于单个误差",
        "en": "the mean of a hundred errors is much smaller than one of them",
        "cases": [mean < 0.5 for mean in means],
        "of": {"zh": "次重复", "en": "repetitions"},
    }
}

# %% [markdown] tags=["zh"]
# alt: 五个点从小到大，都在 0 附近。
#
# ## 结论 {#verdict}
#
# 规则：一次的平均数不到 0.5，这一次就算成立。最大的是 [=errors.largest]。

# %% [markdown] tags=["en"]
# alt: Five points in order of size, all near 0.
#
# ## Verdict {#verdict}
#
# The rule: it holds in a repetition if the mean is less than 0.5. The largest is [=errors.largest].

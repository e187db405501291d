"""Three features of very different scale and shape, before and after standardization."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.feature_scaling import standardize
from yansuan.runs.words import words

rng = np.random.default_rng(0)
R = 1000
x = np.column_stack([rng.uniform(0, 1, R), rng.normal(170, 10, R), rng.lognormal(8, 1, R)])
x_tilde = standardize(x)
spread = np.ptp(x_tilde, axis=0)
numbers = {
    "std_smallest": f"{x.std(axis=0).min():.2f}",
    "std_largest": f"{x.std(axis=0).max():.0f}",
    "range_uniform": f"{spread[0]:.1f}",
    "range_lognormal": f"{spread[2]:.1f}",
}

_, axes = plt.subplots(2, 3, figsize=(6, 3.6))
for i in range(3):
    axes[0, i].hist(x[:, i], bins=40, color="C1")
    axes[0, i].set(xlabel=f"$x_{i + 1}$", yticks=[])
    axes[1, i].hist(x_tilde[:, i], bins=np.linspace(-4, 10, 57), color="C0")
    axes[1, i].set(xlabel=rf"$\tilde{{x}}_{i + 1}$", yticks=[], xlim=(-4, 10))
axes[0, 0].set_ylabel(words(en="raw", zh="原始特征"))
axes[1, 0].set_ylabel(words(en="standardized", zh="标准化之后"))

"""Six units of a random second layer on one batch, before and after batch normalization."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.activations import relu
from snippets.batch_norm import batch_norm_train
from yansuan.runs.words import words

rng = np.random.default_rng(0)
m, d = 256, 6
x = rng.normal(size=(m, 20))
hidden = relu(x @ rng.normal(size=(20, 20)))
z = hidden @ (rng.normal(size=(20, d)) * [0.05, 0.1, 0.2, 0.3, 0.4, 0.5])
z_tilde = batch_norm_train(z)
numbers = {"std_smallest": f"{z.std(axis=0).min():.2f}", "std_largest": f"{z.std(axis=0).max():.2f}"}

_, axes = plt.subplots(1, 2, figsize=(6, 2.8))
for axis, values, symbol in ((axes[0], z, "z"), (axes[1], z_tilde, r"\tilde{z}")):
    parts = axis.violinplot(values, showextrema=False, widths=0.8)
    for body in parts["bodies"]:
        body.set(facecolor="C0", alpha=1)
    axis.plot(np.arange(1, d + 1), values.mean(axis=0), "k_", markersize=12)
    axis.set(xticks=range(1, d + 1), xticklabels=[f"${symbol}_{i + 1}$" for i in range(d)])
axes[0].set_title(words(en="before", zh="归一化之前"), fontsize=11)
axes[1].set_title(words(en="after", zh="归一化之后"), fontsize=11)

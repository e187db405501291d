"""Six units of the second layer of a trained network, on one batch, before and after batch normalization."""

import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import Network, digits, train
from snippets.batch_norm import batch_norm_train
from yansuan.runs.words import words

x, y, _, _ = digits()
network = Network([64, 32, 32, 32, 10], "relu", init="he")


def second_layer():
    network.forward(x)
    return network.sums[1][0][0]


def ends(z):
    std = z.std(axis=0)
    return f"{std.min():.2f}", f"{std.max():.2f}"


numbers = dict(zip(("first_smallest", "first_largest"), ends(second_layer()), strict=True))
train(network, x, y, 0.1, epochs=10)
z = second_layer()
numbers |= dict(zip(("std_smallest", "std_largest"), ends(z), strict=True)) | {"units": str(z.shape[1])}
z = z[:, np.argsort(z.std(axis=0))[np.linspace(0, z.shape[1] - 1, 6).astype(int)]]

_, axes = plt.subplots(1, 2, figsize=(6, 2.8))
for axis, values, symbol in ((axes[0], z, "z"), (axes[1], batch_norm_train(z), r"\tilde{z}")):
    parts = axis.violinplot(values, showextrema=False, widths=0.8)
    for body in parts["bodies"]:
        body.set(facecolor="C0", alpha=1)
    axis.plot(np.arange(1, 7), values.mean(axis=0), "k_", markersize=12)
    axis.set(xticks=range(1, 7), xticklabels=[f"${symbol}_{i}$" for i in range(1, 7)])
axes[0].set_title(words(en="before", zh="归一化之前"), fontsize=11)
axes[1].set_title(words(en="after", zh="归一化之后"), fontsize=11)

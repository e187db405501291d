"""Softmax of the same scores divided by three temperatures."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.losses import softmax
from yansuan.runs.words import words

z = np.array([2.0, 1.0, 0.0])
numbers = {}
figure, axes = plt.subplots(1, 3, figsize=(6, 2.4), sharey=True)
for axis, temperature in zip(axes, (0.5, 1.0, 4.0), strict=True):
    p = softmax(z / temperature)
    axis.bar([0, 1, 2], p, color=["C0", "C1", "C2"], width=0.7)
    for j in range(3):
        axis.annotate(f"{p[j]:.2f}", (j, p[j] + 0.02), ha="center", fontsize=10)
    axis.set(title=f"$T = {temperature:g}$", xticks=[0, 1, 2], xticklabels=["$2$", "$1$", "$0$"], ylim=(0, 1.05))
    axis.set_yticks([])
    axis.spines["left"].set_visible(False)
    numbers[f"top_{temperature:g}".replace(".", "")] = f"{p[0]:.2f}"
axes[1].set_xlabel(words(en="score", zh="得分"))

"""Softmax of three scores, one of them moved, and the gradient of the loss along each score."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.losses import cross_entropy, softmax, softmax_cross_entropy_gradient
from yansuan.runs.words import words

moved = np.linspace(-6, 6, 121)
z = np.stack([moved, np.zeros(121), np.ones(121)], axis=1)
gradient = np.array([softmax_cross_entropy_gradient(scores, np.eye(3)[0]) for scores in z])
loss = [cross_entropy(scores, 0) for scores in z]

figure, axes = plt.subplots(1, 3, figsize=(6, 2.5))
for j, colour in enumerate(("C0", "C1", "C2")):
    axes[0].plot(moved, softmax(z)[:, j], color=colour)
    axes[2].plot(moved, gradient[:, j], color=colour)
    axes[0].annotate(f"${j + 1}$", (-5.6, softmax(z)[0, j] + 0.03), color=colour)
    axes[2].annotate(f"${j + 1}$", (-5.6, gradient[0, j] + 0.06), color=colour)
axes[1].plot(moved, loss, color="k")
titles = (words(en="probability", zh="概率"), words(en="loss", zh="损失"), words(en="gradient", zh="梯度"))
for axis, title in zip(axes, titles, strict=True):
    axis.set(xlabel="$z_1$", xticks=[-6, 0, 6])
    axis.set_title(title, fontsize=11)

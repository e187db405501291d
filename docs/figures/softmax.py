"""Softmax of three scores, one of them moved, and the slope of the loss along each score."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.losses import cross_entropy, softmax, softmax_cross_entropy_gradient

moved = np.linspace(-6, 6, 121)
z = np.stack([moved, np.zeros(121), np.ones(121)], axis=1)
slopes = np.array([softmax_cross_entropy_gradient(scores, np.eye(3)[0]) for scores in z])
loss = [cross_entropy(scores, 0) for scores in z]

figure, axes = plt.subplots(1, 3, figsize=(6, 2.4))
for j, colour in enumerate(("C0", "C1", "C2")):
    axes[0].plot(moved, softmax(z)[:, j], color=colour)
    axes[2].plot(moved, slopes[:, j], color=colour)
axes[1].plot(moved, loss, color="C0")
for axis, title in zip(axes, ("$p_j$", "$L$", r"$\partial L/\partial z_j$"), strict=True):
    axis.set(xlabel="$z_1$", title=title, xticks=[-6, 0, 6])

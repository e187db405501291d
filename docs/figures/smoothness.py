"""The loss along the negative gradient, for a small network with and without batch normalization, five seeds."""

import matplotlib.pyplot as plt
import numpy as np

from docs.figures._slices import gradient, loss_and_weights
from snippets.explanations import loss_variation_along_gradient
from yansuan.runs.words import words

steps = np.linspace(0, 0.2, 21)
TITLES = {
    False: words(en="without batch normalization", zh="没有批量归一化"),
    True: words(en="with batch normalization", zh="有批量归一化"),
}
figure, axes = plt.subplots(1, 2, figsize=(6, 2.8), sharey=True)
ranges = {False: [], True: []}
for axis, normalized in zip(axes, (False, True), strict=True):
    for seed in range(5):
        loss, weights = loss_and_weights(seed, normalized)
        g = gradient(loss, weights)
        axis.plot(steps, [loss(weights - a * g) for a in steps], color="C0" if normalized else "C1", alpha=0.8)
        ranges[normalized].append(loss_variation_along_gradient(loss, lambda w, g=g: g, weights, steps))
    axis.set_title(TITLES[normalized], fontsize=11, color="C0" if normalized else "C1")
    axis.set(yscale="log", yticks=[1, 10, 100], yticklabels=["1", "10", "100"], xticks=[0, 0.1, 0.2])
    axis.minorticks_off()
    axis.set_xlabel(words(en="step down the gradient", zh="沿负梯度走多远"))
axes[0].set_ylabel(words(en="loss", zh="损失"))
numbers = {
    f"{name}_{what}": f"{of(ranges[key]):.1f}"
    for name, key in (("without", False), ("with", True))
    for what, of in (("mean", np.mean), ("low", np.min), ("high", np.max))
}

"""Softmax regression on the wine data: the loss while it trains, on raw, centred and standardized features."""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_wine

from snippets.losses import cross_entropy, softmax_cross_entropy_gradient
from yansuan.runs.words import words

x, y = load_wine(return_X_y=True)
target, seeds, steps = np.eye(3)[y], range(5), 300
spread = x.std(axis=0)
numbers = {
    "narrow": f"{spread.min():.2f}",
    "wide": f"{spread.max():.0f}",
    "steps": str(steps),
    "seeds": str(len(seeds)),
}


def trained(x, rate, seed):
    """The loss at each step of gradient descent."""
    W, b = np.random.default_rng(seed).normal(size=(x.shape[1], 3)) * 0.01 / x.std(axis=0)[:, None], np.zeros(3)
    losses = []
    for _ in range(steps):
        z = x @ W + b
        losses.append(cross_entropy(z, y))
        d = softmax_cross_entropy_gradient(z, target)
        W, b = W - rate * x.T @ d, b - rate * d.sum(axis=0)
    return losses


def best(x):
    """The rate of 1, 1/2, 1/4, … with which the first seed ends lowest."""
    return min(2.0 ** -np.arange(24), key=lambda rate: trained(x, rate, 0)[-1])


_, axis = plt.subplots(figsize=(6, 3))
for colour, name, data, label in (
    ("C1", "raw", x, words(en="raw", zh="原始特征")),
    ("C0", "standardized", (x - x.mean(axis=0)) / spread, words(en="standardized", zh="标准化之后")),
):
    rate = best(data)
    runs = [trained(data, rate, seed) for seed in seeds]
    for losses in runs:
        axis.plot(losses, color=colour, linewidth=0.8)
    axis.text(steps + 4, losses[-1] + 0.05, label, color=colour, va="center")
    numbers |= {
        f"loss_{name}": f"{losses[-1]:.3f}",
        f"peak_{name}": f"{np.max(runs):.1f}",
        f"rate_{name}": f"1/{1 / rate:.0f}" if rate < 1 else "1",
    }
axis.set_xlabel(words(en="step", zh="步数"))
axis.set_ylabel(words(en="loss", zh="损失"))
axis.set(ylim=(0, 2))

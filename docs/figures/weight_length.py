"""Training one normalized feature: the same weights ten times as long need a hundred times the learning rate."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.batch_norm import weight_scale_invariance
from yansuan.runs.words import words

rng = np.random.default_rng(0)
u, target, start = rng.normal(size=(64, 5)), rng.normal(size=(64, 1)), rng.normal(size=(1, 5))
numbers = {}


def gradient_and_loss(W):
    z_tilde, _ = weight_scale_invariance(u, W, 1.0, dz_tilde=target, eps=1e-30)
    dz_tilde = 2 * (z_tilde - target) / 64
    return weight_scale_invariance(u, W, 1.0, dz_tilde, eps=1e-30)[1], np.mean((z_tilde - target) ** 2)


_, axis = plt.subplots(figsize=(6, 2.9))
for name, factor, rate in (("short", 1, 0.1), ("long", 10, 0.1), ("matched", 10, 10.0)):
    W, losses = factor * start, []
    for step in range(51):
        dW, loss = gradient_and_loss(W)
        if step == 0:  # one step, by Pythagoras: the gradient is at a right angle to the weights
            numbers[f"{name}_inner"] = f"{abs(np.sum(W * dW)):.7f}"
            numbers[f"{name}_growth"] = f"{np.sum((W - rate * dW) ** 2) - np.sum(W**2):.7f}"
            numbers[f"{name}_expected"] = f"{rate**2 * np.sum(dW**2):.7f}"
        losses.append(loss)
        W = W - rate * dW
    numbers[f"{name}_end"] = f"{losses[-1]:.4f}"
    look = {"short": ("C0", "-"), "long": ("C1", "-"), "matched": ("k", ":")}[name]
    axis.plot(losses, color=look[0], linestyle=look[1], linewidth=2.5 if name == "matched" else 1.5)
numbers["start"] = f"{losses[0]:.4f}"
axis.annotate(
    words(en="10 × as long, η = 0.1", zh="权重 10 倍长，η = 0.1"), (50, 1.822), color="C1", ha="right", va="top"
)
axis.annotate(words(en="as they are, η = 0.1", zh="原来的权重，η = 0.1"), (26, 1.725), color="C0")
axis.annotate(words(en="10 × as long, η = 10", zh="权重 10 倍长，η = 10"), (19, 1.65), color="k", ha="right", va="top")
axis.set(xlabel=words(en="step", zh="步数"), ylabel=words(en="loss", zh="损失"), ylim=(1.58, 1.86))

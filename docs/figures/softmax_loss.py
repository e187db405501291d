"""The loss of a linear classifier of digits while it trains, on what it trains on and on what it has not seen."""

import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import digits
from snippets.losses import cross_entropy, softmax_cross_entropy_gradient
from yansuan.runs.words import words

x, y, test_x, test_y = digits()
target, seeds, steps, rate = np.eye(10)[y], 5, 400, 0.5


def train(seed):
    rng = np.random.default_rng(seed)
    W, b, seen = np.zeros((64, 10)), np.zeros(10), []
    for step in range(steps + 1):
        if step % 5 == 0:
            seen.append((cross_entropy(x @ W + b, y), cross_entropy(test_x @ W + b, test_y)))
        batch = rng.integers(len(x), size=64)
        dz = softmax_cross_entropy_gradient(x[batch] @ W + b, target[batch])
        W, b = W - rate * x[batch].T @ dz, b - rate * dz.sum(axis=0)
    return np.array(seen), np.mean((test_x @ W + b).argmax(axis=1) == test_y)


runs = [train(seed) for seed in range(seeds)]
curves, accuracy = np.array([seen for seen, _ in runs]), [right for _, right in runs]
mean, at = curves.mean(axis=0), np.arange(0, steps + 1, 5)
numbers = {"seeds": str(seeds), "steps": str(steps), "rate": str(rate), "start": f"{mean[0, 0]:.3f}"}
numbers |= {"training": f"{mean[-1, 0]:.2f}", "test": f"{mean[-1, 1]:.2f}", "accuracy": f"{np.mean(accuracy):.2f}"}

_, axis = plt.subplots(figsize=(6, 2.9))
for k, colour in ((0, "C0"), (1, "C1")):
    axis.plot(at, curves[:, :, k].T, color=colour, alpha=0.25, linewidth=0.8)
    axis.plot(at, mean[:, k], color=colour)
axis.axhline(np.log(10), color="k", linestyle="--", linewidth=1)
guessing = words(en="guessing: log 10", zh="瞎猜：log 10")
axis.annotate(guessing, (steps, np.log(10) - 0.05), va="top", ha="right", fontsize=10)
axis.annotate(words(en="test data", zh="测试数据"), (250, mean[50, 1] + 0.12), color="C1")
axis.annotate(words(en="training data", zh="训练数据"), (250, mean[50, 0] - 0.08), color="C0", va="top")
axis.set(xlabel=words(en="step", zh="步数"), ylabel=words(en="loss", zh="损失"), ylim=(0, 2.5))

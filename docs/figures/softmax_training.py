"""A linear classifier of digits from a bad start: trained with cross-entropy, and with the squared error."""

import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import digits
from snippets.losses import softmax, softmax_cross_entropy_gradient, softmax_jacobian
from yansuan.runs.words import words

x, y, test_x, test_y = digits()
target, seeds, steps, rate = np.eye(10)[y], 5, 300, 0.5


def squared_error_gradient(z, target):
    p = softmax(z)
    return 2 * (softmax_jacobian(p) @ (p - target)[..., None])[..., 0] / len(z)


def train(gradient, seed, rate=rate):
    rng = np.random.default_rng(seed)
    W, b, seen = rng.normal(size=(64, 10)), np.zeros(10), []
    for _ in range(steps):
        seen.append(np.mean((test_x @ W + b).argmax(axis=1) == test_y))
        batch = rng.integers(len(x), size=64)
        dz = gradient(x[batch] @ W + b, target[batch])
        W, b = W - rate * x[batch].T @ dz, b - rate * dz.sum(axis=0)
    return seen


tried = 3  # seeds for each of the larger rates
kinds = {"entropy": (softmax_cross_entropy_gradient, "C0"), "squared": (squared_error_gradient, "C1")}
numbers = {"seeds": str(seeds), "steps": str(steps), "rate": str(rate), "tried": str(tried)}
_, axis = plt.subplots(figsize=(6, 2.9))
for name, (gradient, colour) in kinds.items():
    curves = np.array([train(gradient, seed) for seed in range(seeds)])
    axis.plot(curves.T, color=colour, alpha=0.25, linewidth=0.8)
    axis.plot(curves.mean(axis=0), color=colour)
    numbers |= {name: f"{curves[:, -1].mean():.2f}", f"{name}_50": f"{curves[:, 50].mean():.2f}"}
    numbers |= {f"{name}_low": f"{curves[:, -1].min():.2f}", f"{name}_high": f"{curves[:, -1].max():.2f}"}
    best = {r: np.mean([train(gradient, seed, r)[-1] for seed in range(tried)]) for r in (2, 5, 10, 20)}
    numbers |= {f"{name}_best": f"{max(best.values()):.2f}", f"{name}_best_rate": str(max(best, key=best.get))}
axis.annotate(words(en="cross-entropy", zh="交叉熵"), (150, 0.93), color="C0")
axis.annotate(words(en="squared error", zh="平方误差"), (150, 0.35), color="C1")
axis.set(xlabel=words(en="step", zh="步数"), ylabel=words(en="test accuracy", zh="测试准确率"), ylim=(0, 1.02))

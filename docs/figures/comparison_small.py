"""The five curves of 2015 again, small: handwritten digits, four hidden layers, only the learning rate multiplied."""

import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import Network, digits, train
from yansuan.runs.words import words

base, epochs, every, seeds = 0.03, 12, 8, range(4)
x, y, test_x, test_y = digits()
KINDS = {  # activation, normalization, factor of the learning rate, looks
    "plain": ("relu", None, 1, "k", "--"),
    "bn": ("relu", "before", 1, "C1", "--"),
    "x5": ("relu", "before", 5, "C0", ":"),
    "x30": ("relu", "before", 30, "C0", "-"),
    "sigmoid": ("sigmoid", "before", 5, "C3", "-"),
    "plain_x5": ("relu", None, 5, None, None),  # for the table: the figure is full
    "plain_x30": ("relu", None, 30, "#808080", "-"),
}
curves, at = {}, {}
for name, (activation, norm, factor, *_) in KINDS.items():
    steps, accuracy = [], []

    def watch(network, step, *_, steps=steps, accuracy=accuracy):
        if step % every == 0:
            steps.append(step)
            accuracy.append(network.accuracy(test_x, test_y))

    init = "he" if activation == "relu" else "xavier"
    network = Network([64, 32, 32, 32, 32, 10], activation, norm, seeds, init=init)
    train(network, x, y, base * factor, epochs, watch=watch)
    curves[name] = np.transpose(accuracy)
mean = {name: of.mean(axis=0) for name, of in curves.items()}
goal = mean["plain"].max()
numbers = {"goal": f"{goal:.2f}"}
for name, of in curves.items():
    reached = np.flatnonzero(mean[name] >= goal)
    at[name] = steps[reached[0]] if len(reached) else None
    numbers[f"steps_{name}"] = str(at[name] or "–")
    numbers[f"best_{name}"] = f"{mean[name].max():.3f}"
    numbers[f"low_{name}"], numbers[f"high_{name}"] = f"{of.max(axis=1).min():.3f}", f"{of.max(axis=1).max():.3f}"

_, axis = plt.subplots(figsize=(6, 3.6))
for name, (*_, color, line) in KINDS.items():
    if color is None:
        continue
    for of_seed in curves[name]:
        axis.plot(steps, of_seed, color=color, linewidth=0.5, alpha=0.35)
    axis.plot(steps, mean[name], line, color=color, linewidth=1.8)
    if at[name]:
        axis.plot(at[name], goal, "D", color=color, markersize=7, zorder=3)
LABELS = {  # beside the curves: where, and what
    "plain": (205, 0.76, words(en="without BN", zh="没有 BN")),
    "bn": (112, 0.79, words(en="BN", zh="BN")),
    "sigmoid": (66, 0.7, words(en="×5 sigmoid", zh="×5 sigmoid")),
    "plain_x30": (205, 0.2, words(en="without BN, ×30", zh="没有 BN，×30")),
}
for name, (left, height, label) in LABELS.items():
    axis.text(left, height, label, color=KINDS[name][3], va="center")
axis.text(steps[-1] + 4, 1.0, "×30", color="C0", va="center")
axis.text(steps[-1] + 4, 0.93, "×5", color="C0", va="center")
axis.set(xlim=(0, steps[-1] * 1.12), ylim=(0, 1.03))
axis.set_xlabel(words(en="step", zh="步数"))
axis.set_ylabel(words(en="test accuracy", zh="测试准确率"))

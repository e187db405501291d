"""Accuracy while four tanh layers train: plain, batch-normalized, and batch-normalized with changing noise."""

import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import Network, digits, train
from yansuan.runs.words import words


class NoisyNetwork(Network):
    """After batch normalization every value is scaled and shifted at random, each step from another distribution."""

    rng = np.random.default_rng(0)

    def normalize(self, i, z, mode):
        mean, scale = self.rng.uniform(-0.5, 0.5), self.rng.uniform(1, 1.25)
        self.factors[i] = self.rng.normal(scale, 0.1, z.shape)
        return super().normalize(i, z, mode) * self.factors[i] + self.rng.uniform(mean - 0.1, mean + 0.1, z.shape)

    def back_through_norm(self, i, z, d):
        return super().back_through_norm(i, z, d * self.factors[i])


x, y, _, _ = digits()
KINDS = (
    (words(en="batch normalization", zh="批量归一化"), Network, "before", "C0", 0.045),
    (words(en="the same, noisy", zh="批量归一化加噪声"), NoisyNetwork, "before", "C2", -0.03),
    (words(en="nothing", zh="什么都不加"), Network, None, "C1", -0.1),
)
_, axis = plt.subplots(figsize=(6, 3))
for label, build, norm, color, lift in KINDS:
    steps, accuracy = [], []

    def watch(network, step, *_, steps=steps, accuracy=accuracy):
        if step % 6 == 0:
            steps.append(step)
            accuracy.append(network.accuracy(x, y, "batch"))

    network = build([64, 32, 32, 32, 32, 10], "tanh", norm, range(5), init="lecun")
    network.factors = {}
    train(network, x, y, rate=0.1, epochs=6, watch=watch)
    for of_seed in np.transpose(accuracy):
        axis.plot(steps, of_seed, color=color, linewidth=0.9, alpha=0.8)
    axis.text(steps[-1] + 2, np.mean(accuracy[-1]) + lift, label, color=color, va="center")
axis.set(xlim=(0, 192), ylim=(0, 1.05), xticks=range(0, 121, 40))
axis.set_xlabel(words(en="step", zh="步数"))
axis.set_ylabel(words(en="training accuracy", zh="训练准确率"))

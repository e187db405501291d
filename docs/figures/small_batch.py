"""Two examples a batch: test accuracy while a small network trains, with batch and with group normalization."""

import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import Network, digits, train
from snippets.batch_norm import batch_norm_backward
from snippets.normalization import layer_norm
from yansuan.runs.words import words

seeds, groups, rate, epochs = range(4), 4, 0.03, 1


class GroupNetwork(Network):
    """The hidden units of each example in four groups, each normalized by itself: in training as in use."""

    def rows(self, z):
        """A row for each group of each example."""
        return z.reshape(len(z) * len(self.seeds) * groups, -1)

    def normalize(self, i, z, mode):
        gamma, beta = self.scale(i)
        self.tilde[i] = layer_norm(self.rows(z)).reshape(z.shape)
        return gamma * self.tilde[i] + beta

    def back_through_norm(self, i, z, d):
        slopes, columns = self.rows(d * self.scale(i)[0]).T, self.rows(z).T  # as features of a batch
        dz = batch_norm_backward(slopes, columns, np.ones(columns.shape[1]))[0]
        return dz.T.reshape(z.shape), (d * self.tilde[i]).sum(axis=0), d.sum(axis=0)


x, y, test_x, test_y = digits()
_, axis = plt.subplots(figsize=(6, 3))
numbers = {}
KINDS = (
    ("group", words(en="group", zh="组归一化"), GroupNetwork, "C0"),
    ("batch", words(en="batch", zh="批量归一化"), Network, "C1"),
)
for name, label, build, color in KINDS:
    steps, accuracy = [], []

    def watch(network, step, *_, steps=steps, accuracy=accuracy):
        if step % 40 == 0:
            steps.append(step)
            accuracy.append(network.accuracy(test_x, test_y))

    network = build([64, 32, 32, 10], "relu", "before", seeds, init="he")
    network.tilde = {}
    train(network, x, y, rate, epochs, batch=2, watch=watch)
    last = network.accuracy(test_x, test_y)
    steps.append(len(x) // 2 * epochs)
    accuracy.append(last)
    numbers[name] = f"{last.mean():.2f}"
    numbers[f"{name}_low"], numbers[f"{name}_high"] = f"{last.min():.2f}", f"{last.max():.2f}"
    for of_seed in np.transpose(accuracy):
        axis.plot(steps, of_seed, color=color, linewidth=0.9, alpha=0.8)
    axis.text(steps[-1] * 1.02, np.mean(accuracy[-1]), label, color=color, va="center")
axis.axhline(0.1, color="#808080", linewidth=0.8, linestyle=":")
axis.set(xlim=(0, steps[-1] * 1.28), ylim=(0, 1), xticks=range(0, steps[-1] + 1, 200))
axis.set_xlabel(words(en="step", zh="步数"))
axis.set_ylabel(words(en="test accuracy", zh="测试准确率"))

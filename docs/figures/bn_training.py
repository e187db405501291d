"""The same networks trained with and without batch normalization, at a small and a large learning rate: five seeds."""

import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import Network, digits, train
from yansuan.runs.words import words

x, y, test_x, test_y = digits()
rates, every, epochs = (0.03, 0.3), 8, 4


def percent(values):
    return f"{100 * np.min(values):.0f}–{100 * np.max(values):.0f}"


def run(norm, rate):
    """Test accuracy of each seed while it trains, and the networks."""
    accuracy = []

    def watch(network, step, *_):
        if step % every == 0:
            accuracy.append(network.accuracy(test_x, test_y))

    network = Network([64, 32, 32, 32, 32, 10], "relu", norm, range(5), init="he")
    train(network, x, y, rate, epochs, watch=watch)
    return np.array([*accuracy, network.accuracy(test_x, test_y)]), network


def undo(network):
    """γ of all units after training, and what it would be if it undid the normalization."""
    network.forward(x, "batch")
    learned = np.concatenate([layer["gamma"].ravel() for layer in network.layers[:-1]])
    needed = np.concatenate([np.std(z, axis=1).ravel() for z, _ in network.sums])
    return {
        "gamma": f"{learned.min():.2f}–{learned.max():.2f}",
        "needed": f"{needed.min():.2f}–{needed.max():.2f}",
        "agree": f"{np.corrcoef(learned, needed)[0, 1]:.2f}",
    }


numbers = {}
_, axes = plt.subplots(1, 2, figsize=(6, 2.9), sharey=True)
for axis, rate in zip(axes, rates, strict=True):
    for norm, color in ((None, "C1"), ("before", "C0")):
        accuracy, network = run(norm, rate)
        steps = every * np.arange(len(accuracy))
        axis.plot(steps, accuracy, color=color, linewidth=0.7, alpha=0.6)
        axis.plot(steps, accuracy.mean(axis=1), color=color, linewidth=2)
        name = f"{'with' if norm else 'without'}_{str(rate).replace('.', '')}"
        numbers[name] = percent(accuracy[-1])
    axis.set(title=rf"$\eta={rate}$", ylim=(0, 1))
    axis.set_xlabel(words(en="step", zh="步数"))
numbers |= {"steps": str(steps[-1]), **undo(network)}
axes[0].set_ylabel(words(en="test accuracy", zh="测试准确率"))
axes[0].text(2, 0.9, words(en="with batch norm.", zh="有批量归一化"), color="C0")
axes[0].text(88, 0.2, words(en="without", zh="无批量归一化"), color="C1", ha="right")

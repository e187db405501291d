"""Deep networks on the 8×8 digits from weights of several sizes: accuracy while they learn, for the figures on it."""

import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import Network, digits, train
from yansuan.runs.words import words

X, Y, TEST_X, TEST_Y = digits()
EVERY = 11  # steps between two looks; an epoch has 22


def learning(activation, depth, init, gain, rate, epochs, seeds=3):
    """The test accuracy of each seed, every half epoch: (times, seeds). After an overflow it stays what it was."""
    network, found = Network([64, *[32] * depth, 10], activation, None, range(seeds), init, gain=gain), []

    def watch(network, step, x, y):
        if step % EVERY == 0:
            found.append(network.accuracy(TEST_X, TEST_Y))

    train(network, X, Y, rate, epochs, watch=watch)
    with np.errstate(all="ignore"):
        found.append(network.accuracy(TEST_X, TEST_Y))
    return np.array(found + [found[-1]] * (2 * epochs + 1 - len(found)))


def curves(ways, activation, depth, rate, epochs=12):
    """Draw test accuracy while networks learn, for each way {name: (init, gain, colour, label)}; the last of each."""
    _, axis = plt.subplots(figsize=(6, 2.8))
    last = {}
    for place, (name, (init, gain, colour, label)) in enumerate(ways.items()):
        found = learning(activation, depth, init, gain, rate, epochs)
        axis.plot(np.arange(2 * epochs + 1) / 2, found, color=colour, linewidth=1.2)
        axis.text(epochs + 0.3, 0.15 + 0.3 * place, label, color=colour, va="center")
        last[name] = found[-1]
    axis.set(xlim=(0, epochs), ylim=(0, 1), xticks=range(0, epochs + 1, 4))
    axis.set_xlabel(words(en="epoch", zh="训练轮数"))
    axis.set_ylabel(words(en="test accuracy", zh="测试准确率"))
    return last

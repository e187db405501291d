"""Deep networks on the 8×8 digits from weights of several sizes: accuracy while they learn, for the figures on it."""

import numpy as np

from docs.labs._network import Network, digits, train

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

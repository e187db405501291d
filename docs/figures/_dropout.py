"""A network of two hidden layers of ReLU on a few of the 8×8 digits, with dropout; for the figures on it."""

from itertools import pairwise

import numpy as np

from docs.labs._network import digits
from snippets.activations import relu
from snippets.dropout import dropout
from snippets.initialization import kaiming_normal
from snippets.losses import softmax_cross_entropy_gradient

X, Y, TEST_X, TEST_Y = digits()
HIDDEN, BATCH = 128, 25


def forward(W, x, p=0.0, rng=None):
    """What enters each layer, and the masks; the scores come last."""
    a, masks = [x], []
    for w in W[:-1]:
        h = relu(a[-1] @ w.T)
        mask = rng.random(h.shape) >= p if rng else np.ones(h.shape)
        a.append(dropout(h, p, mask))
        masks.append(mask)
    return [*a, a[-1] @ W[-1].T], masks


def learning(p, seed, epochs, rate=0.2, few=200, wrong=0.0):
    """Accuracy on the training examples and on the test set before every second epoch and at the end."""
    rng, sizes = np.random.default_rng(seed), [64, HIDDEN, HIDDEN, 10]
    W = [kaiming_normal(rng.normal(size=(k, n))) for n, k in pairwise(sizes)]
    x, y = X[seed * few : (seed + 1) * few], Y[seed * few : (seed + 1) * few]
    y = np.where(rng.random(few) < wrong, rng.integers(10, size=few), y)
    found = []

    def look():
        right = [np.mean(forward(W, i)[0][-1].argmax(axis=1) == t) for i, t in ((x, y), (TEST_X, TEST_Y))]
        found.append(right)

    for epoch in range(epochs):
        if epoch % 2 == 0:
            look()
        order = rng.permutation(few)
        for chosen in np.split(order, few // BATCH):
            a, masks = forward(W, x[chosen], p, rng)
            d = softmax_cross_entropy_gradient(a[-1], np.eye(10)[y[chosen]])
            for layer in reversed(range(3)):
                slope, d = d.T @ a[layer], d @ W[layer]
                if layer:
                    d = d * (a[layer] > 0) * masks[layer - 1] / (1 - p)
                W[layer] = W[layer] - rate * slope
    look()
    return np.array(found)

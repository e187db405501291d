"""A small ReLU network, with and without batch normalization, and its loss as a function of all its weights."""

import numpy as np

from snippets.activations import relu
from snippets.batch_norm import batch_mean, batch_normalize, batch_variance
from snippets.initialization import kaiming_normal

shapes = [(10, 16), (16, 16), (16, 1)]
sizes = np.cumsum([0, *(n * k for n, k in shapes)])


def network(weights, x, normalized):
    h = x
    for at, (n, k) in enumerate(shapes):
        z = h @ weights[sizes[at] : sizes[at + 1]].reshape(n, k)
        if normalized and k > 1:
            z = batch_normalize(z, batch_mean(z), batch_variance(z))
        h = relu(z) if k > 1 else z
    return h[:, 0]


def loss_and_weights(seed, normalized):
    """The loss on 48 examples, and the weights to start from."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(48, 10))
    y = np.tanh(x @ rng.normal(size=10))
    weights = np.concatenate([kaiming_normal(rng.normal(size=(n, k)).T).T.ravel() for n, k in shapes])
    return lambda w: np.mean((network(w, x, normalized) - y) ** 2), weights


def gradient(loss, weights, step=1e-6):
    """By central differences: enough for a drawing."""
    return np.array([(loss(weights + step * e) - loss(weights - step * e)) / (2 * step) for e in np.eye(len(weights))])

"""A small network for the labs: linear layers, an activation, batch normalization before or after it. NumPy, float64."""

import sys
from itertools import pairwise

import numpy as np
from sklearn.datasets import load_digits

from snippets.activations import relu, sigmoid
from snippets.batch_norm import (
    batch_mean,
    batch_norm_backward,
    batch_norm_inference,
    batch_normalize,
    batch_variance,
    scale_and_shift,
)
from snippets.initialization import kaiming_normal, xavier_normal
from snippets.losses import softmax_cross_entropy_gradient
from snippets.moving_average import running_mean, running_variance

ACTIVATIONS = {  # name: (activation, its derivative from its input and output)
    "sigmoid": (sigmoid, lambda z, a: a * (1 - a)),
    "tanh": (np.tanh, lambda z, a: 1 - a**2),
    "relu": (relu, lambda z, a: (z > 0).astype(float)),
}
INITIAL = {  # the first weights of a layer, from noise with one row an output
    "xavier": xavier_normal,
    "he": kaiming_normal,
    "lecun": lambda noise: kaiming_normal(noise, a=1.0),
}


def digits():
    """1437 images of digits to train on and 360 to test on, one fixed split: x, y, test_x, test_y."""
    data = load_digits()
    order = np.random.default_rng(1234).permutation(len(data.target))
    x, y = data.data[order] / 16, data.target[order]
    return x[360:], y[360:], x[:360], y[:360]


class Network:
    """Linear layers; `norm` says where each hidden layer is batch-normalized: None, "before" or "after" the activation."""

    def __init__(self, sizes, activation, norm=None, seed=0, init="xavier", p=0.9, gain=1.0):
        rng = np.random.default_rng(seed)
        self.activation, self.slope = ACTIVATIONS[activation]
        self.norm, self.p = norm, p
        shapes = list(pairwise(sizes))
        self.layers = [{"W": INITIAL[init](rng.normal(size=(n, k)).T).T, "b": np.zeros(k)} for n, k in shapes]
        self.running = [(np.zeros(k), np.ones(k)) for _, k in shapes[:-1]]
        for layer in self.layers[:-1]:
            layer["W"] *= gain
            if norm:
                layer |= {"gamma": np.ones_like(layer["b"]), "beta": np.zeros_like(layer["b"])}

    def normalize(self, i, z, mode):
        """`mode`: "train" (the batch, and it counts for the moving averages), "batch" (the batch) or "inference"."""
        gamma, beta = self.layers[i]["gamma"], self.layers[i]["beta"]
        if mode == "inference":
            return batch_norm_inference(z, *self.running[i], gamma, beta)
        mu, var = batch_mean(z), batch_variance(z)
        if mode == "train":
            mu_bar, var_bar = self.running[i]
            self.running[i] = (running_mean(mu_bar, mu, self.p), running_variance(var_bar, var, len(z), self.p))
        return scale_and_shift(batch_normalize(z, mu, var), gamma, beta)

    def forward(self, x, mode="inference"):
        """The logits. Keeps what the way back needs."""
        self.inputs, self.sums, self.activated, h = [], [], [], x
        for i, layer in enumerate(self.layers[:-1]):
            self.inputs.append(h)
            z = h @ layer["W"] + layer["b"]
            u = self.normalize(i, z, mode) if self.norm == "before" else z
            a = self.activation(u)
            h = self.normalize(i, a, mode) if self.norm == "after" else a
            self.sums.append((z, u))
            self.activated.append(a)
        self.inputs.append(h)
        return h @ self.layers[-1]["W"] + self.layers[-1]["b"]

    def backward(self, d):
        """The gradient of every parameter, from the gradient of the logits."""
        gradient = [None] * len(self.layers)
        for i in reversed(range(len(self.layers))):
            gradient[i] = {}
            if i < len(self.layers) - 1:
                (z, u), a = self.sums[i], self.activated[i]
                d = self.back_through_norm(gradient[i], i, a, d) if self.norm == "after" else d
                d = d * self.slope(u, a)
                d = self.back_through_norm(gradient[i], i, z, d) if self.norm == "before" else d
            gradient[i] |= {"W": self.inputs[i].T @ d, "b": d.sum(axis=0)}
            d = d @ self.layers[i]["W"].T
        return gradient

    def back_through_norm(self, gradient, i, z, d):
        dz, gradient["gamma"], gradient["beta"] = batch_norm_backward(d, z, self.layers[i]["gamma"])
        return dz

    def loss_and_gradient(self, x, y, mode="train"):
        logits = self.forward(x, mode)
        return log_loss(logits, y), self.backward(softmax_cross_entropy_gradient(logits, np.eye(logits.shape[1])[y]))

    def step(self, rate, gradient):
        for layer, slopes in zip(self.layers, gradient, strict=True):
            for name in layer:
                layer[name] = layer[name] - rate * slopes[name]

    def loss(self, x, y, mode="inference"):
        return log_loss(self.forward(x, mode), y)

    def accuracy(self, x, y, mode="inference"):
        return np.mean(self.forward(x, mode).argmax(axis=1) == y)


def log_loss(logits, y):
    """Cross-entropy of the right answers, from the logits, so that nothing under- or overflows."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y])


def train(network, x, y, rate, epochs, batch=64, seed=0, watch=None):
    """Stochastic gradient descent. `watch(network, step, x, y)` sees each batch before its step."""
    rng, step = np.random.default_rng(1000 + seed), 0
    with np.errstate(all="ignore"):
        for _ in range(epochs):
            order = rng.permutation(len(y))
            for start in range(0, len(y) - batch + 1, batch):
                chosen = order[start : start + batch]
                if watch:
                    watch(network, step, x[chosen], y[chosen])
                loss, gradient = network.loss_and_gradient(x[chosen], y[chosen])
                if not np.isfinite(loss):
                    return network
                network.step(rate, gradient)
                step += 1
    return network


def progress(runs):
    """The list, one by one, with a bar on the error stream."""
    runs = list(runs)
    for done, item in enumerate(runs):
        print(f"\r{'#' * done}{'.' * (len(runs) - done)}", end="", file=sys.stderr, flush=True)
        yield item
    print("\r" + "#" * len(runs), file=sys.stderr)


def spread(values, digits=3):
    """Mean and range, as text."""
    return f"{np.mean(values):.{digits}f} [{np.min(values):.{digits}f}, {np.max(values):.{digits}f}]"

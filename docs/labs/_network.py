"""A small network for the labs, batch-normalized or not. NumPy, float64."""

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
from snippets.losses import cross_entropy, softmax_cross_entropy_gradient
from snippets.moving_average import running_mean, running_variance

ACTIVATIONS = {  # name: (activation, its derivative from its input and output)
    "sigmoid": (sigmoid, lambda z, a: a * (1 - a)),
    "tanh": (np.tanh, lambda z, a: 1 - a**2),
    "relu": (relu, lambda z, a: (z > 0).astype(float)),
    "linear": (lambda z: z, lambda z, a: 1.0),
}
INITIAL = {  # the first weights of a layer, from noise with one row an output
    "xavier": xavier_normal,
    "he": kaiming_normal,
    "lecun": lambda noise: kaiming_normal(noise, a=1.0),
}


def digits():
    """x, y, test_x, test_y: 1437 digits to train on, 360 to test on."""
    data = load_digits()
    order = np.random.default_rng(1234).permutation(len(data.target))
    x, y = data.data[order] / 16, data.target[order]
    return x[360:], y[360:], x[:360], y[:360]


def side_by_side(z):
    """The features of all networks, for the formulas: (m, s · k) of (s, m, k)."""
    return z.swapaxes(0, 1).reshape(z.shape[1], -1)


def each(z, networks):
    """And back."""
    return z.reshape(len(z), networks, -1).swapaxes(0, 1)


class Network:
    """Linear layers with an activation, a network for each seed, side by side.

    The first axis of every array is which of them. `norm` says where a hidden
    layer is batch-normalized: None, "before" or "after" the activation."""

    def __init__(
        self,
        sizes,
        activation,
        norm=None,
        seeds=(0,),
        init="xavier",
        p=0.9,
        gain=1.0,
    ):
        self.activation, self.slope = ACTIVATIONS[activation]
        self.norm, self.seeds, self.p = norm, seeds, p
        shapes = list(pairwise(sizes))
        rngs = [np.random.default_rng(seed) for seed in seeds]
        self.layers = []
        for n, k in shapes:
            noises = [rng.normal(size=(n, k)) for rng in rngs]
            W = np.stack([INITIAL[init](noise.T).T for noise in noises])
            self.layers.append({"W": W, "b": np.zeros((len(seeds), 1, k))})
        self.running = [
            (np.zeros(len(seeds) * k), np.ones(len(seeds) * k))
            for _, k in shapes[:-1]
        ]
        for layer in self.layers[:-1]:
            layer["W"] *= gain
            if norm:
                layer["gamma"] = np.ones_like(layer["b"])
                layer["beta"] = np.zeros_like(layer["b"])

    def scale(self, i):
        return self.layers[i]["gamma"].ravel(), self.layers[i]["beta"].ravel()

    def normalize(self, i, z, mode):
        """`mode`: "inference" (moving averages), "batch" (its own statistics)
        or "train" (these, and they count for the moving averages)."""
        if mode == "inference":
            return batch_norm_inference(z, *self.running[i], *self.scale(i))
        mu, var = batch_mean(z), batch_variance(z)
        if mode == "train":
            mu_bar, var_bar = self.running[i]
            mu_bar = running_mean(mu_bar, mu, self.p)
            var_bar = running_variance(var_bar, var, len(z), self.p)
            self.running[i] = mu_bar, var_bar
        return scale_and_shift(batch_normalize(z, mu, var), *self.scale(i))

    def normalized(self, i, z, mode):
        return each(self.normalize(i, side_by_side(z), mode), len(self.seeds))

    def forward(self, x, mode="inference"):
        """The logits. Keeps what the way back needs."""
        self.inputs, self.sums, self.activated, h = [], [], [], x
        for i, layer in enumerate(self.layers[:-1]):
            self.inputs.append(h)
            z = h @ layer["W"] + layer["b"]
            u = self.normalized(i, z, mode) if self.norm == "before" else z
            a = self.activation(u)
            h = self.normalized(i, a, mode) if self.norm == "after" else a
            self.sums.append((z, u))
            self.activated.append(a)
        self.inputs.append(h := self.last(h, mode))
        return h @ self.layers[-1]["W"] + self.layers[-1]["b"]

    def last(self, h, mode):
        """What the last layer sees of the last hidden one."""
        return h

    def backward(self, d):
        """The gradient of every parameter, from the gradient of the logits."""
        gradient = [None] * len(self.layers)
        for i in reversed(range(len(self.layers))):
            gradient[i] = {}
            if i < len(self.layers) - 1:
                (z, u), a = self.sums[i], self.activated[i]
                if self.norm == "after":
                    d = self.back(gradient[i], i, a, d)
                d = d * self.slope(u, a)
                if self.norm == "before":
                    d = self.back(gradient[i], i, z, d)
            gradient[i] |= {
                "W": self.inputs[i].swapaxes(-1, -2) @ d,
                "b": d.sum(axis=1, keepdims=True),
            }
            if i:
                d = d @ self.layers[i]["W"].swapaxes(1, 2)
            if i == len(self.layers) - 1:
                d = self.back_last(d)
        return gradient

    def back_last(self, d):
        return d

    def back(self, gradient, i, z, d):
        z, d = side_by_side(z), side_by_side(d)
        dz, *slopes = self.back_through_norm(i, z, d)
        for name, slope in zip(("gamma", "beta"), slopes, strict=True):
            gradient[name] = slope.reshape(self.layers[i][name].shape)
        return each(dz, len(self.seeds))

    def back_through_norm(self, i, z, d):
        return batch_norm_backward(d, z, self.scale(i)[0])

    def loss_and_gradient(self, x, y, mode="train"):
        """x and y: of all networks, or of each its own."""
        logits = self.forward(x, mode)
        y = np.broadcast_to(y, logits.shape[:2])
        return losses(logits, y), self.gradient(logits, y)

    def gradient(self, logits, y):
        """The gradient of each parameter."""
        right = np.eye(logits.shape[2])[y]
        flat = (z.reshape(-1, z.shape[-1]) for z in (logits, right))
        d = softmax_cross_entropy_gradient(*flat).reshape(logits.shape)
        return self.backward(d * len(logits))  # the mean of each network

    def step(self, rate, gradient):
        """Of the first layers, if `gradient` has only those."""
        for layer, slopes in zip(self.layers, gradient, strict=False):
            for name in layer:
                layer[name] = layer[name] - rate * slopes[name]

    def loss(self, x, y, mode="inference"):
        logits = self.forward(x, mode)
        return losses(logits, np.broadcast_to(y, logits.shape[:2]))

    def accuracy(self, x, y, mode="inference"):
        return np.mean(self.forward(x, mode).argmax(axis=2) == y, axis=1)


def losses(logits, y):
    """The loss of each network."""
    return np.array(list(map(cross_entropy, logits, y)))


def train(network, x, y, rate, epochs, batch=64, watch=None):
    """Gradient descent; a network that overflows stays as it is from then on.

    Each sees batches of its own, before a step `watch(network, step, x, y)`."""
    rngs = [np.random.default_rng(1000 + seed) for seed in network.seeds]
    alive, step = np.ones(len(rngs), bool), 0
    with np.errstate(all="ignore"):
        for _ in range(epochs):
            orders = np.stack([rng.permutation(len(y)) for rng in rngs])
            for start in range(0, len(y) - batch + 1, batch):
                chosen = orders[:, start : start + batch]
                if watch:
                    watch(network, step, x[chosen], y[chosen])
                logits = network.forward(x[chosen], "train")
                alive &= np.isfinite(logits).all(axis=(1, 2))
                if not alive.any():
                    return network
                gradient = network.gradient(logits, y[chosen])
                for layer in gradient if not alive.all() else ():
                    for slope in layer.values():
                        slope[~alive] = 0
                network.step(rate, gradient)
                step += 1
    return network


def progress(runs):
    """The list, one by one, with a bar on the error stream."""
    runs = list(runs)
    for done, item in enumerate(runs):
        bar = "#" * done + "." * (len(runs) - done)
        print(f"\r{bar}", end="", file=sys.stderr, flush=True)
        yield item
    print("\r" + "#" * len(runs), file=sys.stderr)


def spread(values, digits=3):
    """Mean and range, as text."""
    mean, least, most = np.mean(values), np.min(values), np.max(values)
    return f"{mean:.{digits}f} [{least:.{digits}f}, {most:.{digits}f}]"

"""A small convolutional network on digits, with and without batch normalization."""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import digits
from snippets.batch_norm import batch_norm_2d, batch_norm_2d_backward, batch_norm_inference
from snippets.initialization import kaiming_normal
from snippets.losses import softmax_cross_entropy_gradient
from snippets.moving_average import update_running_statistics
from yansuan.runs.words import words

x, y, test_x, test_y = digits()
images, test_images = x.reshape(-1, 1, 8, 8), test_x.reshape(-1, 1, 8, 8)
channels, steps, rate, seeds, size = (1, 5, 5), 100, 0.05, 3, 32
numbers = {"steps": str(steps), "seeds": str(seeds), "size": str(size), "rate": str(rate)}


def patches(a):
    """The 3 by 3 neighbourhood of each place, zeros beyond the edge: (N, C, H, W) becomes (N, H, W, 9 C)."""
    padded = np.pad(a, ((0, 0), (0, 0), (1, 1), (1, 1)))
    seen = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))
    return seen.transpose(0, 2, 3, 1, 4, 5).reshape(*seen.shape[:1], *seen.shape[2:4], -1)


def unpatch(d, C):
    """The way back: each number goes to the place it was taken from."""
    N, H, W, _ = d.shape
    d, out = d.reshape(N, H, W, C, 3, 3), np.zeros((N, C, H + 2, W + 2))
    for p in range(3):
        for q in range(3):
            out[:, :, p : p + H, q : q + W] += d[..., p, q].transpose(0, 3, 1, 2)
    return out[:, :, 1:-1, 1:-1]


class Small:
    """Convolution, normalization or none, ReLU, twice; then a linear layer."""

    def __init__(self, seed, normalized):
        rng = np.random.default_rng(seed)
        sizes = list(pairwise(channels))
        self.kernels = [kaiming_normal(rng.normal(size=(k, 9 * n))).T for n, k in sizes]
        self.W = rng.normal(size=(channels[-1] * 64, 10)) / np.sqrt(channels[-1] * 64)
        self.scales = [(np.ones(k), np.zeros(k)) for k in channels[1:]] if normalized else None
        self.averages = [(np.zeros(k), np.ones(k)) for k in channels[1:]]

    def forward(self, h, training):
        self.kept = []
        for i, kernel in enumerate(self.kernels):
            seen = patches(h)
            z = (seen @ kernel).transpose(0, 3, 1, 2)
            u = z
            if self.scales and training:
                u = batch_norm_2d(z, *self.scales[i])
                self.averages[i] = update_running_statistics(*self.averages[i], z)
            elif self.scales:
                u = batch_norm_inference(z, *self.averages[i], *self.scales[i])
            self.kept.append((seen, z, u, h.shape[1]))
            h = np.maximum(u, 0)
        self.last = h.reshape(len(h), -1)
        return self.last @ self.W

    def step(self, batch, target):
        dz = softmax_cross_entropy_gradient(self.forward(batch, training=True), target)
        d = (dz @ self.W.T).reshape(len(batch), channels[-1], 8, 8)
        self.W = self.W - rate * self.last.T @ dz
        for i in reversed(range(len(self.kernels))):
            seen, z, u, C = self.kept[i]
            d = d * (u > 0)
            if self.scales:
                gamma, beta = self.scales[i]
                d, dgamma, dbeta = batch_norm_2d_backward(d, z, gamma)
                self.scales[i] = gamma - rate * dgamma, beta - rate * dbeta
            d = d.transpose(0, 2, 3, 1)
            dkernel = np.tensordot(seen, d, ((0, 1, 2), (0, 1, 2)))
            if i:
                d = unpatch(d @ self.kernels[i].T, C)
            self.kernels[i] = self.kernels[i] - rate * dkernel


def train(seed, normalized):
    network, rng, seen = Small(seed, normalized), np.random.default_rng(100 + seed), []
    for step in range(steps + 1):
        if step % 10 == 0:
            seen.append(np.mean(network.forward(test_images, training=False).argmax(axis=1) == test_y))
        batch = rng.integers(len(y), size=size)
        network.step(images[batch], np.eye(10)[y[batch]])
    return seen


_, axis = plt.subplots(figsize=(6, 2.9))
for name, normalized, colour in (("without", False, "C1"), ("with", True, "C0")):
    curves = np.array([train(seed, normalized) for seed in range(seeds)])
    axis.plot(np.arange(0, steps + 1, 10), curves.T, color=colour, alpha=0.3, linewidth=0.8)
    axis.plot(np.arange(0, steps + 1, 10), curves.mean(axis=0), color=colour)
    numbers |= {f"{name}_40": f"{curves[:, 4].mean():.2f}", f"{name}_last": f"{curves[:, -1].mean():.2f}"}
axis.annotate(words(en="with batch normalization", zh="有批量归一化"), (36, 0.98), color="C0")
axis.annotate(words(en="without", zh="没有"), (60, 0.5), color="C1")
axis.set(
    xlabel=words(en="training step", zh="训练步数"), ylabel=words(en="test accuracy", zh="测试准确率"), ylim=(0, 1.1)
)

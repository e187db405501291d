"""The gradient of a loss, carried back through 30 random layers with and without batch normalization."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.activations import relu
from snippets.batch_norm import batch_norm_backward_simplified, batch_norm_train
from snippets.initialization import kaiming_normal
from yansuan.runs.words import words

symbol, choices, chosen = "m", ["4", "16", "64", "256"], "64"
width, depth = 256, 30
one = np.ones(width)
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def squares(m, normalize):
    """The sum of the squared partial derivatives along the output of each layer, from the first layer to the last."""
    rng = np.random.default_rng(0)
    a, layers = rng.normal(size=(m, width)), []
    for _ in range(depth):
        W = kaiming_normal(rng.normal(size=(width, width)))
        z = a @ W
        z_hat = batch_norm_train(z) if normalize else z
        layers.append((W, z, z_hat))
        a = relu(z_hat)
    slope = rng.normal(size=a.shape)
    found = [np.sum(slope**2)]
    for W, z, z_hat in layers[:0:-1]:
        slope = slope * (z_hat > 0)
        slope = (batch_norm_backward_simplified(slope, z, one) if normalize else slope) @ W.T
        found.append(np.sum(slope**2))
    return np.array(found[::-1])


def factor(found):
    """By how much the squares grow from layer to layer, on the way back; the last layer is left out."""
    return (found[0] / found[-2]) ** (1 / (depth - 2))


def draw(choice):
    m = int(choice)
    plain, normalized = squares(m, normalize=False), squares(m, normalize=True)
    _, axis = plt.subplots(figsize=(6, 2.8))
    layers = np.arange(1, depth + 1)
    axis.plot(layers, normalized / normalized[-1], "o-", color="C0", markersize=3)
    axis.plot(layers, plain / plain[-1], "o-", color="C1", markersize=3)
    axis.set(yscale="log", ylim=(1e-2, 1e14), xlim=(0, depth + 1), xticks=[1, 10, 20, 30])
    axis.set(xlabel=words(en="layer", zh="第几层"), ylabel=words(en="squared gradient", zh="梯度的平方和"))
    axis.annotate(words(en="with", zh="有归一化"), (4, (normalized / normalized[-1])[3] * 8), color="C0")
    axis.annotate(words(en="without", zh="没有"), (4, 6), color="C1")
    mantissa, exponent = f"{np.sqrt(normalized[0] / normalized[-2]):.1e}".split("e")
    return {
        "normalized": f"{factor(normalized):.2f}",
        "plain": f"{factor(plain):.2f}",
        "ten": f"{factor(normalized) ** 5:.0f}",
        "whole": f"{mantissa} · 10{str(int(exponent)).translate(RAISED)}",
    }


numbers = {"width": str(width), "depth": str(depth), "theory": f"{np.pi / (np.pi - 1):.3f}"}

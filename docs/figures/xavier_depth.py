"""How large the activations and the gradients are in each layer of a tanh network, for three sizes of its weights."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.initialization import heuristic_uniform, xavier_uniform
from yansuan.runs.words import words

width, depth, m = 256, 30, 64
layers = np.arange(1, depth + 1)


def deviations(way):
    """Of the activations of each layer, of the gradients relative to those at the last; the last activations."""
    rng = np.random.default_rng(0)
    a, W, outputs = rng.normal(size=(m, width)), [], []
    for _ in range(depth):
        W.append(way(rng.uniform(size=(width, width))))
        a = np.tanh(a @ W[-1].T)
        outputs.append(a)
    gradients = [rng.normal(size=a.shape)]
    for w, output in zip(W[:0:-1], outputs[:0:-1], strict=True):
        gradients.append(gradients[-1] * (1 - output**2) @ w)
    return np.array([np.std(o) for o in outputs]), np.array([np.std(g) for g in gradients[::-1]]), outputs[-1]


def large(u):
    return xavier_uniform(u, gain=3.0)


figure, axes = plt.subplots(1, 2, figsize=(6, 3))
numbers = {"width": str(width), "depth": str(depth)}
ways = {
    "heuristic": (heuristic_uniform, "C1", words(en="heuristic", zh="经验做法"), (11, 1e-6), (21, 1e-5)),
    "xavier": (xavier_uniform, "C0", words(en="Xavier", zh="Xavier"), (15, 0.016), (15, 0.03)),
    "large": (large, "C2", words(en="3 × Xavier", zh="3 × Xavier"), (15, 2.5), (15, 1e3)),
}
for name, (way, colour, label, *places) in ways.items():
    *found, last = deviations(way)
    for axis, values, place in zip(axes, found, places, strict=True):
        axis.plot(layers, values, "o-", color=colour, markersize=3)
        axis.text(*place, label, color=colour, ha="center", fontsize=10)
    numbers |= {f"{name}_last": f"{found[0][-1]:.1g}", f"{name}_first": f"{found[1][0]:.1g}"}
squares = np.mean((1 - last**2) ** 2)  # of the derivative of tanh, with the large weights
numbers |= {"squares": f"{squares:.2f}", "up": f"{9 * squares:.1f}"}
numbers["saturated"] = f"{100 * np.mean(np.abs(last) > 0.9):.0f}"
for axis in axes:
    axis.set(yscale="log", ylim=(1e-9, 1e7), xticks=[1, 10, 20, 30])
    axis.set_xlabel(words(en="layer", zh="层"))
axes[0].set_title(words(en="std of activations", zh="激活值的标准差"), fontsize=11)
axes[1].set_title(words(en="std of gradients", zh="梯度的标准差"), fontsize=11)
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
for name, text in numbers.items():
    digit, e, power = text.partition("e")
    numbers[name] = f"{digit} × 10{str(int(power)).translate(SUPERSCRIPT)}" if e else text

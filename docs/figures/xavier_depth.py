"""How large the activations and the slopes are in each layer of a tanh network, for two ways to draw its weights."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.initialization import heuristic_uniform, xavier_uniform

width, depth, m = 256, 30, 64
layers = np.arange(1, depth + 1)


def variances(way):
    """Of the activations of each layer, and of the slopes along them relative to those at the last."""
    rng = np.random.default_rng(0)
    a, W, outputs = rng.normal(size=(m, width)), [], []
    for _ in range(depth):
        W.append(way(rng.uniform(size=(width, width))))
        a = np.tanh(a @ W[-1].T)
        outputs.append(a)
    slopes = [rng.normal(size=a.shape)]
    for w, output in zip(W[:0:-1], outputs[:0:-1], strict=True):
        slopes.append(slopes[-1] * (1 - output**2) @ w)
    return np.array([np.var(o) for o in outputs]), np.array([np.var(s) for s in slopes[::-1]])


figure, axes = plt.subplots(1, 2, figsize=(6, 2.8))
numbers = {"width": str(width), "depth": str(depth)}
for name, way, colour in (("heuristic", heuristic_uniform, "C1"), ("xavier", xavier_uniform, "C0")):
    for axis, found in zip(axes, variances(way), strict=True):
        axis.plot(layers, found, "o-", color=colour, markersize=3)
    numbers |= {f"{name}_last": f"{variances(way)[0][-1]:.1g}", f"{name}_first": f"{variances(way)[1][0]:.1g}"}
axes[0].plot(layers, 1 / (2 * layers), color="k", linestyle="--", linewidth=1)
for axis, title in zip(axes, ("$a$", r"$\partial L/\partial a$"), strict=True):
    axis.set(yscale="log", ylim=(1e-16, 10), xlabel="$l$", xticks=[1, 10, 20, 30], title=title)
numbers = {name: text.replace("e-", "e−") for name, text in numbers.items()}

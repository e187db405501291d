"""Mean square before each ReLU of a random network, for three ways to draw its weights; five draws each."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.activations import relu
from snippets.initialization import heuristic_uniform, kaiming_normal, xavier_normal
from yansuan.runs.words import words

symbol, choices, chosen = "n", ["16", "64", "256"], "64"
depth, seeds = 30, 5
ways = {
    "he": (kaiming_normal, "C0", words(en="He", zh="He"), (27, 30)),
    "xavier": (xavier_normal, "C1", words(en="Xavier", zh="Xavier"), (27, 1e-6)),
    "default": (heuristic_uniform, "C2", words(en="PyTorch's default", zh="PyTorch 默认"), (16, 1e-19)),
}


def mean_squares(way, n, seed):
    rng = np.random.default_rng(seed)
    z = rng.normal(size=(64, n))
    found = []
    for _ in range(depth):
        noise = rng.uniform(size=(n, n)) if way is heuristic_uniform else rng.normal(size=(n, n))
        z = relu(z) @ way(noise).T
        found.append(np.mean(z**2))
    return found


def draw(choice):
    _, axis = plt.subplots(figsize=(6, 3))
    last = {}
    for name, (way, colour, label, place) in ways.items():
        found = np.array([mean_squares(way, int(choice), seed) for seed in range(seeds)])
        axis.plot(np.arange(1, depth + 1), found.T, color=colour, linewidth=1)
        axis.text(*place, label, color=colour, ha="center")
        last[name] = found[:, -1]
    axis.axhline(1, color="k", linestyle="--", linewidth=1)
    axis.set(yscale="log", ylim=(1e-26, 1e4), xlim=(0, depth + 1), xticks=[1, 10, 20, 30])
    axis.set_xlabel(words(en="layer", zh="层"))
    axis.set_ylabel(words(en="mean square", zh="均方"))
    return {"low": f"{last['he'].min():.2g}", "high": f"{last['he'].max():.2g}"}


numbers = {"depth": str(depth), "seeds": str(seeds), "xavier": f"{0.5**depth:.0e}", "default": f"{6.0**-depth:.0e}"}
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
for name, text in numbers.items():
    digit, e, power = text.partition("e")
    numbers[name] = f"{digit} × 10{str(int(power)).translate(SUPERSCRIPT)}" if e else text

"""A tail probability of the standard normal, from a proposal that is shifted: densities above, weighted draws below."""

import math

import matplotlib.pyplot as plt
import numpy as np

from snippets.sampling import importance_sampling
from yansuan.runs.words import words

symbol, choices, chosen = "m", ["0", "1", "2", "4"], "2"
edge, draws = 2, 40
grid = np.linspace(-3.5, 7, 301)
true = math.erfc(edge / math.sqrt(2)) / 2
noise = np.random.default_rng(2).normal(size=draws)


def density(x, mean):
    return np.exp(-((x - mean) ** 2) / 2) / np.sqrt(2 * np.pi)


def draw(choice):
    m = float(choice)
    x = m + noise
    f, p, q = (x > edge).astype(float), density(x, 0), density(x, m)
    _, (top, low) = plt.subplots(2, figsize=(6, 3.6), sharex=True, height_ratios=[3, 2])
    top.plot(grid, density(grid, 0), color="C0")
    top.plot(grid, density(grid, m), color="C1", linestyle="--" if m == 0 else "-")
    beyond = grid[grid >= edge]
    top.fill_between(beyond, density(beyond, 0), color="C0", alpha=0.4, linewidth=0)
    top.text(-1.3, 0.27, "$p$", color="C0", fontsize=12)
    top.text(m + 1.0, 0.3, "$q$", color="C1", fontsize=12)
    top.axvline(edge, color="#808080", linewidth=0.8, linestyle="--")
    top.text(edge + 0.1, 0.43, words(en="f = 1 from here on", zh="从这里起 f = 1"), color="#808080", fontsize=10)
    top.set(ylim=(0, 0.48), yticks=[])
    counts = f == 1
    low.vlines(x[counts], 0, (p / q)[counts], color="C1", linewidth=1.5)
    low.plot(x[~counts], np.zeros(sum(~counts)), "|", color="#808080", markersize=8)
    low.set(xlabel="$x$", ylim=(-0.05, 1.2 * (p / q)[counts].max(initial=0.1)))
    low.set_ylabel(words(en="weight", zh="权重"))
    second = math.exp(m**2) * math.erfc((edge + m) / math.sqrt(2)) / 2  # mean of (w f)² under q
    return {
        "hits": str(int(f.sum())),
        "estimate": f"{importance_sampling(f, p, q):.4f}",
        "sd": f"{math.sqrt((second - true**2) / draws):.4f}",
    }


numbers = {"true": f"{true:.4f}", "draws": str(draws)}

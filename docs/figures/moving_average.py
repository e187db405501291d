"""The running mean of a feature settles while training: how soon and how calmly depends on p."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.batch_norm import batch_mean
from snippets.moving_average import running_mean
from yansuan.runs.words import words

symbol, choices, chosen = "p", ["0", "0.5", "0.9", "0.99"], "0.9"
true_mean, steps = 10.0, 150
batches = np.random.default_rng(0).normal(true_mean, 4.0, size=(steps, 64, 1))
means = np.array([batch_mean(z) for z in batches])
numbers = {"true_mean": f"{true_mean:.0f}", "steps": str(steps)}


def history(p):
    mu_bar, seen = np.zeros(1), []
    for mu in means:
        mu_bar = running_mean(mu_bar, mu, float(p))
        seen.append(mu_bar[0])
    return seen


def draw(p):
    seen, t = history(p), range(1, steps + 1)
    _, axis = plt.subplots(figsize=(6, 2.9))
    axis.plot(t, means, ".", color="#d3d3d3", markersize=3)
    for other in choices[1:]:
        axis.plot(t, history(other), color="#d3d3d3", linewidth=1)
    axis.plot(t, seen, color="C0")
    axis.axhline(true_mean, color="k", linestyle="--", linewidth=1)
    axis.annotate("$p = 0.99$", (60, history("0.99")[59] - 0.4), va="top", color="#808080")
    axis.annotate("$p = 0.9$", (9, history("0.9")[8] - 0.9), va="top", color="#808080")
    axis.annotate(words(en="true mean", zh="真正的均值"), (steps, 11.3), ha="right", fontsize=10)
    axis.set(xlabel=words(en="batches so far", zh="已经过的批数"), ylabel=r"$\bar{\mu}$", ylim=(0, 12.5))
    return {
        "after_10": f"{seen[9]:.2f}",
        "after_150": f"{seen[-1]:.2f}",
        "jump": f"{np.abs(np.diff(seen[50:])).mean():.3f}",
    }

"""The running mean of a feature settles while training: how soon and how calmly depends on p."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.batch_norm import batch_mean
from snippets.moving_average import running_mean

symbol, choices, chosen = "p", ["0", "0.5", "0.9", "0.99"], "0.9"
true_mean, steps = 10.0, 150
batches = np.random.default_rng(0).normal(true_mean, 4.0, size=(steps, 64, 1))
means = np.array([batch_mean(z) for z in batches])
numbers = {"true_mean": f"{true_mean:.0f}", "steps": str(steps)}


def draw(p):
    mu_bar, history = np.zeros(1), []
    for mu in means:
        mu_bar = running_mean(mu_bar, mu, float(p))
        history.append(mu_bar[0])
    _, axis = plt.subplots(figsize=(6, 2.8))
    axis.plot(range(1, steps + 1), means, ".", color="#d3d3d3", markersize=3)
    axis.plot(range(1, steps + 1), history, color="C0")
    axis.axhline(true_mean, color="k", linestyle="--", linewidth=1)
    axis.set(xlabel="$t$", ylabel=r"$\bar{\mu}$", ylim=(0, 12.5))
    return {
        "after_10": f"{history[9]:.2f}",
        "after_150": f"{history[-1]:.2f}",
        "jump": f"{np.abs(np.diff(history[50:])).mean():.3f}",
    }

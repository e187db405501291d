"""The same batches, averaged with the defaults of different libraries: means over 200 features."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.batch_norm import batch_mean, batch_variance
from snippets.moving_average import running_mean, running_variance

steps, m, features, true_mean, true_variance = 600, 8, 200, 10.0, 4.0
batches = np.random.default_rng(0).normal(true_mean, true_variance**0.5, size=(steps, m, features))


def stored(p, unbiased):
    """The running mean and the running variance after each batch."""
    mean, variance, history = np.zeros(features), np.ones(features), []
    for z in batches:
        mean, var = running_mean(mean, batch_mean(z), p), batch_variance(z)
        variance = running_variance(variance, var, m, p) if unbiased else running_mean(variance, var, p)
        history.append((mean.mean(), variance.mean()))
    return np.array(history).T


runs = {"unbiased_09": stored(0.9, True), "biased_09": stored(0.9, False), "biased_099": stored(0.99, False)}
numbers = {f"mean_{name}": f"{run[0, 29]:.1f}" for name, run in runs.items()}
numbers |= {f"variance_{name}": f"{run[1, -100:].mean():.2f}" for name, run in runs.items()}
numbers |= {"m": str(m), "steps": str(steps), "true_mean": f"{true_mean:.0f}", "true_variance": f"{true_variance:.0f}"}

_, (left, right) = plt.subplots(1, 2, figsize=(6, 2.8))
t = np.arange(1, steps + 1, 5)
for axis, row, true, symbol in ((left, 0, true_mean, r"$\bar{\mu}$"), (right, 1, true_variance, r"$\bar{v}$")):
    axis.axhline(true, color="k", linestyle="--", linewidth=1)
    for style, run in zip(("-", ":", "-"), runs.values(), strict=True):
        axis.plot(t, run[row][t - 1], style, linewidth=1.6)
    axis.set(xlabel="$t$", ylabel=symbol, ylim=(0, 1.15 * true))
for axis, name, row, step, text, place, colour in (
    (left, "unbiased_09", 0, 450, "0.9", (0, 7), "C0"),
    (left, "biased_099", 0, 100, "0.99", (8, -12), "C2"),
    (right, "unbiased_09", 1, 450, "0.9", (0, 7), "C0"),
    (right, "biased_09", 1, 130, "0.9", (0, -14), "C1"),
    (right, "biased_099", 1, 130, "0.99", (8, -14), "C2"),
):
    axis.annotate(text, (step, runs[name][row, step]), place, textcoords="offset points", color=colour)

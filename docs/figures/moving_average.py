"""The running mean of a feature settles while training, sooner for p = 0.9 than for p = 0.99."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.batch_norm import batch_mean
from snippets.moving_average import running_mean

rng = np.random.default_rng(0)
true_mean, steps = 10.0, 400
batches = rng.normal(true_mean, 4.0, size=(steps, 64, 1))
numbers = {"true_mean": f"{true_mean:.0f}"}

figure, axis = plt.subplots(figsize=(6, 2.8))
axis.plot(range(1, steps + 1), [batch_mean(z)[0] for z in batches], ".", color="#d3d3d3", markersize=3)
for p, colour in ((0.9, "C0"), (0.99, "C1")):
    mu_bar, history = np.zeros(1), []
    for z in batches:
        mu_bar = running_mean(mu_bar, batch_mean(z), p)
        history.append(mu_bar[0])
    outside = np.flatnonzero(np.abs(np.array(history) - true_mean) > 0.05 * true_mean)
    numbers[f"settle_{p:.2f}".replace(".", "")] = str(outside[-1] + 2)
    numbers[f"after_10_{p:.2f}".replace(".", "")] = f"{history[9]:.2f}"
    axis.plot(range(1, steps + 1), history, color=colour)
    axis.annotate(f"$p = {p}$", (30, history[29]), (45, history[29] - 1.6), color=colour)
axis.axhline(true_mean, color="k", linestyle="--", linewidth=1)
axis.set(xlabel="$t$", ylabel=r"$\bar{\mu}$", ylim=(0, 12.5))

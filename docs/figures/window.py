"""The weight that a moving average gives to each batch, by its age."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.moving_average import average_window, running_mean

symbol, choices, chosen = "p", ["0.5", "0.9", "0.95", "0.98"], "0.9"
ages = np.arange(60)


def draw(choice):
    p = float(choice)
    weights = []
    for age in ages:  # of a batch: what is left of a 1, so many batches later
        mu_bar = running_mean(np.zeros(1), np.ones(1), p)
        for _ in range(age):
            mu_bar = running_mean(mu_bar, np.zeros(1), p)
        weights.append(mu_bar[0])
    W, _, lag, E = average_window(p)
    _, axis = plt.subplots(figsize=(6, 2.4))
    axis.bar(ages, weights, color=["C0" if age < W - 1e-9 else "#d3d3d3" for age in ages], width=0.8)
    axis.axvline(lag, color="k", linestyle="--", linewidth=1)
    axis.set(xlabel="$k$", yticks=[], xlim=(-1, 60))
    axis.spines["left"].set_visible(False)
    return {"window": f"{W:.0f}", "lag": f"{lag:.0f}", "sample": f"{E:.0f}", "inside": f"{1 - p ** round(W):.2f}"}

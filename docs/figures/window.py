"""The weight that a moving average gives to each batch, by its age."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.moving_average import average_window, running_mean
from yansuan.runs.words import words

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
    window, (lag, E) = 1 / (1 - p), average_window(p)
    _, axis = plt.subplots(figsize=(6, 2.6))
    axis.bar(ages, weights, color=["C0" if age < window - 1e-9 else "#d3d3d3" for age in ages], width=0.8)
    axis.axvline(lag, color="k", linestyle="--", linewidth=1)
    axis.annotate(words(en="mean age", zh="平均年龄"), (lag + 0.8, weights[0] * 0.9), fontsize=10)
    axis.set(xlabel=words(en="age of the batch, in steps", zh="这一批是多少步之前的"), xlim=(-1, 60))
    axis.set(ylabel=words(en="share", zh="份额"), yticks=[0, round(weights[0], 2)])
    inside = f"{1 - p ** round(window):.2f}"
    return {"window": f"{window:.0f}", "lag": f"{lag:.0f}", "sample": f"{E:.0f}", "inside": inside}

"""Running importance-sampling estimates of the mean of x² under a standard normal, from several proposals."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.sampling import effective_sample_size, importance_sampling

symbol, choices, chosen = "s", ["0.5", "0.6", "0.8", "1", "1.5", "3"], "0.6"
draws, runs = 10000, 10
shown = np.unique(np.logspace(1, 4, 200).astype(int))


def density(x, s):
    return np.exp(-((x / s) ** 2) / 2) / (s * np.sqrt(2 * np.pi))


def draw(choice):
    s = float(choice)
    _, axis = plt.subplots(figsize=(6, 2.8))
    last, effective = [], []
    for seed in range(runs):
        x = s * np.random.default_rng(seed).normal(size=draws)
        p, q = density(x, 1), density(x, s)
        path = [importance_sampling(x[:n] ** 2, p[:n], q[:n]) for n in shown]
        axis.plot(shown, path, color="C0", linewidth=1, alpha=0.7)
        last.append(path[-1])
        effective.append(effective_sample_size(p / q) / draws)
    axis.axhline(1, color="C1", linewidth=1.5)
    axis.set(xscale="log", xlim=(10, draws), ylim=(0, 2.5), xlabel="$n$")
    below = sum(value < 1 for value in last)
    return {
        "low": f"{min(last):.2f}",
        "high": f"{max(last):.2f}",
        "below": str(below),
        "share": f"{np.median(effective):.2f}",
    }


numbers = {"draws": str(draws), "runs": str(runs)}

"""The start of a moving average, as it is and corrected, for three values of p."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.moving_average import bias_corrected_average, running_mean
from yansuan.runs.words import words

true_mean, steps = 10.0, 60
means = np.random.default_rng(3).normal(true_mean, 1.5, size=steps)
numbers = {"true_mean": f"{true_mean:.0f}", "steps": str(steps)}

_, axis = plt.subplots(figsize=(6, 3))
axis.plot(range(1, steps + 1), means, ".", color="#d3d3d3", markersize=4)
for p, colour in ((0.5, "C2"), (0.9, "C0"), (0.98, "C1")):
    mu_bar, plain, corrected = np.zeros(1), [], []
    for t, mu in enumerate(means, start=1):
        mu_bar = running_mean(mu_bar, np.array([mu]), p)
        plain.append(mu_bar[0])
        corrected.append(bias_corrected_average(mu_bar, t, p)[0])
    axis.plot(range(1, steps + 1), plain, color=colour)
    axis.plot(range(1, steps + 1), corrected, color=colour, linestyle="--", linewidth=1)
    axis.annotate(f"$p = {p}$", (steps + 1, plain[-1]), color=colour, va={0.5: "bottom", 0.9: "top"}.get(p, "center"))
    name = f"p{str(p)[2:]}"
    numbers |= {f"{name}_plain": f"{plain[9]:.1f}", f"{name}_corrected": f"{corrected[9]:.1f}"}
axis.annotate(words(en="dashed: corrected", zh="虚线：修正之后"), (20, 13), fontsize=10)
axis.set(xlabel=words(en="batches so far", zh="已经过的批数"), ylabel=r"$\bar{\mu}$", ylim=(0, 14), xlim=(0, 70))
axis.set(xticks=[1, 20, 40, 60])

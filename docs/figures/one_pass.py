"""The relative error of two ways to compute a variance in float32, against the mean of the data."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.batch_norm import batch_variance

means = np.logspace(0, 5, 31)
shape = np.random.default_rng(0).normal(size=(4096, 20))  # 20 features, of which the worst counts
one_pass, two_pass = [], []
for mean in means:
    z = np.float32(shape + mean)
    true = batch_variance(z.astype(np.float64))
    difference = np.mean(z**2, axis=0) - np.mean(z, axis=0) ** 2
    one_pass.append(np.max(abs(difference - true) / true))
    two_pass.append(np.max(abs(batch_variance(z) - true) / true))
numbers = {
    "one_pass_100": f"{one_pass[12]:.2g}",
    "one_pass_1000": f"{one_pass[18]:.2g}",
    "wrong_from": f"{means[np.argmax(np.array(one_pass) > 1)]:.0f}",
    "two_pass_1000": f"{two_pass[18]:.0e}",
    "two_pass_worst": f"{max(two_pass):.1g}",
}

_, axis = plt.subplots(figsize=(6, 3))
axis.axhline(1, color="k", linestyle="--", linewidth=1)
for values, label in ((one_pass, r"$\overline{z^2}-\mu^2$"), (two_pass, r"$\overline{(z-\mu)^2}$")):
    (line,) = axis.plot(means, values, ".-", markersize=5, linewidth=1)
    axis.annotate(label, (means[15], values[15]), (-72, 10), textcoords="offset points", color=line.get_color())
axis.set(xscale="log", yscale="log", xlabel=r"$\mu$")

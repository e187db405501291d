"""Three averages over many batches, against the batch size: which of them comes out right?"""

from math import gamma, sqrt

import matplotlib.pyplot as plt
import numpy as np

from snippets.batch_norm import batch_variance

sizes = [2, 3, 4, 6, 8, 12, 16, 32, 64]
rng = np.random.default_rng(0)
sigma2 = {m: batch_variance(rng.normal(size=(m, 20000))) for m in sizes}  # a column is a batch; the true sigma is 1
averaged = {
    r"$\overline{\sigma}$": [np.sqrt(v).mean() for v in sigma2.values()],
    r"$\sqrt{\overline{\sigma^2}}$": [sqrt(v.mean()) for v in sigma2.values()],
    r"$\sqrt{\frac{m}{m-1}\,\overline{\sigma^2}}$": [sqrt(m / (m - 1) * v.mean()) for m, v in sigma2.items()],
}
exact = [sqrt(2 / m) * gamma(m / 2) / gamma((m - 1) / 2) for m in sizes]
sigma, biased, unbiased = averaged.values()
numbers = {"sigma_2": f"{sigma[0]:.2f}", "biased_2": f"{biased[0]:.2f}", "unbiased_2": f"{unbiased[0]:.2f}"}
numbers |= {"exact_2": f"{exact[0]:.2f}", "sigma_16": f"{sigma[6]:.2f}", "sigma_64": f"{sigma[-1]:.2f}"}

_, axis = plt.subplots(figsize=(6, 2.8))
axis.axhline(1, color="k", linestyle="--", linewidth=1)
axis.plot(sizes, exact, color="C0", linewidth=1)
for (label, values), place in zip(averaged.items(), [(8, -12), (-24, 12), (8, 8)], strict=True):
    (line,) = axis.plot(sizes, values, "o", markersize=5)
    axis.annotate(label, (sizes[1], values[1]), place, textcoords="offset points", color=line.get_color())
axis.set(xscale="log", xlabel="$m$", ylim=(0.5, 1.12), xticks=sizes, xticklabels=sizes)
axis.minorticks_off()

"""Eight observations, and what a Gaussian process makes of them with a length scale of choice."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.gaussian_process import gp_posterior, rbf_kernel

symbol, choices, chosen = r"\ell", ["0.2", "1", "5"], "1"
rng = np.random.default_rng(1)
x, grid, var = np.sort(rng.uniform(0, 10, 8)), np.linspace(-1, 12, 261), 0.01
every = np.concatenate([x, grid])
drawn = np.linalg.cholesky(rbf_kernel(every, every, 1.0) + 1e-8 * np.eye(len(every))) @ rng.normal(size=len(every))
y = drawn[:8] + 0.1 * rng.normal(size=8)  # from the prior with length scale 1


def draw(choice):
    length = float(choice)
    K = rbf_kernel(x, x, length)
    mu, cov = gp_posterior(K, rbf_kernel(x, grid, length), rbf_kernel(grid, grid, length), y, var)
    band = 2 * np.sqrt(np.diag(cov))
    _, axis = plt.subplots(figsize=(6, 2.8))
    axis.fill_between(grid, mu - band, mu + band, color="C0", alpha=0.2, linewidth=0)
    axis.plot(grid, drawn[8:], color="k", linestyle="--", linewidth=1)
    axis.plot(grid, mu, color="C0")
    axis.plot(x, y, "o", color="C1")
    axis.set(xlabel="$x$", ylim=(-3.2, 3.2))
    inside = np.mean(np.abs(drawn[8:] - mu) <= band)
    return {"inside": f"{100 * inside:.0f}"}

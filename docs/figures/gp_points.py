"""What is known of a function after 0, 1, 2, … noisy observations: mean, two bands, and some functions."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.gaussian_process import gp_posterior, rbf_kernel
from yansuan.runs.words import words

symbol, choices, chosen = "n", ["1", "2", "4", "8"], "1"
x = np.array([0.0, 3.0, 1.5, -2.0, -3.5, 4.5, 0.8, -1.0])
y = np.array([2.0, -1.0, 0.6, -0.4, 0.5, -0.3, 1.2, 0.9])
grid, var = np.linspace(-5, 6, 221), 0.25
noise = np.random.default_rng(1).normal(size=(221, 3))


def at(n, new):
    return gp_posterior(
        rbf_kernel(x[:n], x[:n], 1.0), rbf_kernel(x[:n], new, 1.0), rbf_kernel(new, new, 1.0), y[:n], var
    )


def draw(choice):
    n = int(choice)
    mu, cov = at(n, grid)
    inner, outer = 2 * np.sqrt(np.diag(cov)), 2 * np.sqrt(np.diag(cov) + var)
    f = mu[:, None] + np.linalg.cholesky(cov + 1e-8 * np.eye(len(grid))) @ noise
    _, axis = plt.subplots(figsize=(6, 3))
    axis.fill_between(grid, mu - outer, mu + outer, color="C0", alpha=0.12, linewidth=0)
    axis.fill_between(grid, mu - inner, mu + inner, color="C0", alpha=0.25, linewidth=0)
    axis.plot(grid, f, color="#808080", linewidth=0.8)
    axis.plot(grid, mu, color="C0", linewidth=2)
    axis.plot(x[:n], y[:n], "o", color="C1")
    axis.set(xlabel="$x$", ylim=(-3.4, 3.8))
    axis.text(6.1, mu[-1], words(en="mean", zh="均值"), color="C0", va="center", fontsize=10)
    (mean,), ((variance,),) = at(n, np.array([1.0]))
    return {
        "mean": f"{mean:.2f}".replace("-", "−"),
        "sd": f"{variance**0.5:.2f}",
        "sd_new": f"{(variance + var) ** 0.5:.2f}",
    }

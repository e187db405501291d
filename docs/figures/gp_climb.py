"""Gradient ascent on the log marginal likelihood, from several length scales, with 8 points and with 30."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.gaussian_process import log_marginal_likelihood, log_marginal_likelihood_gradient, rbf_kernel
from yansuan.runs.words import words

starts, steps, var = [0.1, 0.3, 1.0, 3.0, 10.0], 60, 0.01
numbers = {"steps": str(steps), "starts": str(len(starts))}
_, axes = plt.subplots(1, 2, figsize=(6, 2.8), sharey=True)
for axis, n in zip(axes, (8, 30), strict=True):
    rng = np.random.default_rng(1)
    x = np.sort(rng.uniform(0, 10, n))
    y = np.linalg.cholesky(rbf_kernel(x, x, 1.0) + var * np.eye(n)) @ rng.normal(size=n)
    for name, start in enumerate(starts):
        log_length, path = np.log(start), []
        for _ in range(steps + 1):
            path.append(np.exp(log_length))
            K = rbf_kernel(x, x, path[-1])
            dK = K * ((x[:, None] - x) / path[-1]) ** 2  # by the logarithm of the length
            slope = log_marginal_likelihood_gradient(K, y, var, dK)
            log_length += np.clip(slope / n, -0.2, 0.2)
        axis.plot(path, color="C0" if abs(np.log(path[-1])) < np.log(2) else "C1", linewidth=1)
        reached = log_marginal_likelihood(rbf_kernel(x, x, path[-1]), y, var)
        numbers |= {f"end_{n}_{name}": f"{path[-1]:.2f}", f"E_{n}_{name}": f"{reached:.1f}".replace("-", "−")}
    axis.axhline(1, color="#808080", linewidth=0.8, linestyle="--")
    axis.set_title(words(en=f"{n} points", zh=f"{n} 个点"), fontsize=10)
    axis.set_xlabel(words(en="step", zh="步数"))
    axis.set(yscale="log")
axes[0].set_ylabel(words(en="length scale", zh="长度尺度"))

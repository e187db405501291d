"""Functions from three kernels: squared exponential, exponential, periodic."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.gaussian_process import rbf_kernel
from yansuan.runs.words import words

x = np.linspace(0, 6, 301)
apart = np.abs(x[:, None] - x)
noise = np.random.default_rng(0).normal(size=(301, 2))
circle = np.column_stack([np.cos(np.pi * x), np.sin(np.pi * x)])  # period 2
kernels = {
    words(en="squared exponential", zh="平方指数"): rbf_kernel(x, x, 1.0),
    words(en="exponential", zh="指数"): np.exp(-apart),
    words(en="periodic", zh="周期"): rbf_kernel(circle, circle, 1.0),
}
_, axes = plt.subplots(1, 3, figsize=(6, 2.1), sharey=True)
for axis, (name, K) in zip(axes, kernels.items(), strict=True):
    axis.plot(x, np.linalg.cholesky(K + 1e-8 * np.eye(301)) @ noise, linewidth=1)
    axis.set_title(name, fontsize=10)
    axis.set_xlabel("$x$")

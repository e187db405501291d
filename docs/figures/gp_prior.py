"""Functions drawn from the prior, before any observation, with a length scale of choice."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.gaussian_process import rbf_kernel
from yansuan.runs.words import words

symbol, choices, chosen = r"\ell", ["0.3", "1", "3"], "1"
x = np.linspace(0, 10, 201)
noise = np.random.default_rng(0).normal(size=(201, 5))
numbers = {"functions": "5"}


def draw(choice):
    length = float(choice)
    f = np.linalg.cholesky(rbf_kernel(x, x, length) + 1e-8 * np.eye(201)) @ noise
    _, axis = plt.subplots(figsize=(6, 2.6))
    axis.fill_between(x, -2, 2, color="C0", alpha=0.15, linewidth=0)
    axis.plot(x, f, color="C0", linewidth=1)
    axis.set(xlabel="$x$", ylim=(-3.2, 3.2))
    axis.text(10.1, 2, words(en="+2 sd", zh="+2 标准差"), color="#808080", va="center", fontsize=10)
    axis.text(10.1, -2, words(en="−2 sd", zh="−2 标准差"), color="#808080", va="center", fontsize=10)
    near, far = np.exp(-((np.array([0.5, 2.0]) / length) ** 2) / 2)
    return {"near": f"{near:.2f}", "far": f"{far:.2f}"}

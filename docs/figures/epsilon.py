"""The variance after normalization, against the variance before it, for several epsilon."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.batch_norm import batch_mean, batch_normalize, batch_variance
from yansuan.runs.words import words

symbol, choices, chosen = r"\epsilon", ["0.001", "1e-5", "1e-8"], "1e-5"
z = np.random.default_rng(0).normal(size=(64, 1))
z = (z - z.mean()) / z.std()
sigma = np.logspace(-5, 1, 61)


def after(scale, eps):
    batch = scale * z
    return batch_variance(batch_normalize(batch, batch_mean(batch), batch_variance(batch), eps))[0]


def draw(choice):
    eps = float(choice)
    _, axis = plt.subplots(figsize=(6, 2.6))
    axis.axhline(1, color="k", linestyle="--", linewidth=1)
    axis.plot(sigma, [after(s, eps) for s in sigma], color="C0")
    axis.plot(np.sqrt(eps), after(np.sqrt(eps), eps), "o", color="C1")
    axis.set(xscale="log", ylim=(0, 1.1))
    axis.set_xlabel(words(en="standard deviation before", zh="归一化之前的标准差"))
    axis.set_ylabel(words(en="variance after", zh="之后的方差"))
    return {"at_001": f"{after(0.01, eps):.4f}", "at_1": f"{after(1.0, eps):.6f}", "half": f"{np.sqrt(eps):.2g}"}

"""A weighted sum of 50 inputs under 20,000 masks, for several probabilities to drop."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.dropout import dropout, dropout_sum_moments
from yansuan.runs.words import words

symbol, choices, chosen = "p", ["0.1", "0.2", "0.5", "0.8"], "0.5"
inputs, draws = 50, 20000
rng = np.random.default_rng(1)
x, w = rng.normal(size=inputs), rng.normal(size=inputs) / np.sqrt(inputs)


def draw(choice):
    p = float(choice)
    mask = np.random.default_rng(0).random((draws, inputs)) >= p
    sums = dropout(np.tile(x, (draws, 1)), p, mask) @ w
    mean, variance = dropout_sum_moments(x, w, p)
    _, axis = plt.subplots(figsize=(6, 2.6))
    axis.hist(sums, bins=np.linspace(mean - 8, mean + 8, 81), color="C0", alpha=0.6, density=True)
    axis.axvline(mean, color="C1", linewidth=2)
    axis.set(xlim=(mean - 8, mean + 8), ylim=(0, 1.4), yticks=[])
    axis.set_xlabel(words(en="weighted sum", zh="加权和"))
    axis.text(mean + 0.2, 1.3, words(en="without dropout", zh="没有 Dropout 时"), color="C1", va="center")
    return {
        "mean": f"{sums.mean():.2f}".replace("-", "−"),
        "without": f"{mean:.2f}".replace("-", "−"),
        "deviation": f"{sums.std():.2f}",
        "theory": f"{np.sqrt(variance):.2f}",
    }


numbers = {"inputs": str(inputs)}

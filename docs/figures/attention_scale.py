"""How a query spreads its weight over ten keys, with and without the division by the root of their length."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.attention import scaled_dot_product_attention
from yansuan.runs.words import words

symbol, choices, chosen = "d_k", ["4", "64", "512"], "64"


def weights(q, k):
    """Weights of each key, from the largest: the values are the unit vectors."""
    return np.sort(scaled_dot_product_attention(q, k, np.eye(10))[0])[::-1]


def draw(choice):
    d = int(choice)
    rng = np.random.default_rng(0)
    pairs = [(rng.normal(size=(1, d)), rng.normal(size=(10, d))) for _ in range(1000)]
    scaled = np.mean([weights(q, k) for q, k in pairs], axis=0)
    plain = np.mean([weights(q * np.sqrt(d), k) for q, k in pairs], axis=0)
    _, axes = plt.subplots(1, 2, figsize=(6, 2.4), sharey=True)
    for axis, height, colour in zip(axes, (plain, scaled), ("C1", "C0"), strict=True):
        axis.bar(np.arange(1, 11), height, color=colour)
        axis.set(ylim=(0, 1), xticks=[1, 5, 10])
        axis.set_xlabel(words(en="key, by its weight", zh="键，按权重排序"))
    axes[0].set(title="$q\\cdot k$")
    axes[1].set(title="$q\\cdot k/\\sqrt{d_k}$")
    axes[0].set_ylabel(words(en="weight", zh="权重"))
    return {"plain": f"{plain[0]:.2f}", "scaled": f"{scaled[0]:.2f}"}

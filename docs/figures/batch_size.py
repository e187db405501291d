"""One fixed example, normalized in many random batches: how far its value jumps about."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.batch_norm import batch_mean, batch_normalize, batch_variance
from yansuan.runs.words import words

symbol, choices, chosen = "m", ["2", "4", "16", "64", "256"], "16"
rng = np.random.default_rng(0)
fixed, draws = 1.0, 3000


def draw(choice):
    m = int(choice)
    others = rng.normal(size=(draws, m - 1))
    batches = np.concatenate([np.full((draws, 1), fixed), others], axis=1).T  # each column is a batch of its own
    values = batch_normalize(batches, batch_mean(batches), batch_variance(batches))[0]
    _, axis = plt.subplots(figsize=(6, 2.4))
    axis.hist(values, bins=np.linspace(-3, 3, 61), color="C0", density=True)
    axis.axvline(fixed, color="k", linestyle="--", linewidth=1)
    axis.set(yticks=[], xlim=(-3, 3))
    axis.set_xlabel(words(en="normalized value of the same example", zh="同一个样本归一化之后的值"))
    axis.spines["left"].set_visible(False)
    return {"mean": f"{values.mean():.2f}", "spread": f"{values.std():.2f}"}

"""How far the normalized value of a fixed example jumps about, against the batch size; three examples."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.batch_norm import batch_mean, batch_normalize, batch_variance
from yansuan.runs.words import words

sizes, examples, draws = np.array([4, 8, 16, 32, 64, 128, 256]), (0.0, 1.0, 2.0), 4000
rng = np.random.default_rng(0)


def spread(example, m):
    """Standard deviation of its normalized value over random batches; each column is a batch."""
    batches = np.vstack([np.full(draws, example), rng.normal(size=(m - 1, draws))])
    return batch_normalize(batches, batch_mean(batches), batch_variance(batches))[0].std()


measured = {example: np.array([spread(example, m) for m in sizes]) for example in examples}
numbers = {f"spread_{m}": f"{measured[1.0][i]:.2f}" for i, m in ((2, 16), (6, 256))}
LABELS = {
    0.0: words(en="at the mean", zh="恰在均值处"),
    1.0: words(en="1 sd above", zh="高 1 个标准差"),
    2.0: words(en="2 sd above", zh="高 2 个标准差"),
}

_, axis = plt.subplots(figsize=(6, 3))
for example, values in measured.items():
    (dots,) = axis.plot(sizes, values, "o", markersize=5)
    axis.plot(sizes, np.sqrt((1 + example**2 / 2) / sizes), linewidth=1, color=dots.get_color())
    axis.text(sizes[-1] * 1.12, values[-1], LABELS[example], va="center", color=dots.get_color())
axis.set(
    xscale="log",
    yscale="log",
    xlim=(3.6, 620),
    xticks=sizes,
    xticklabels=sizes,
    yticks=[0.1, 0.3, 1],
    yticklabels=["0.1", "0.3", "1"],
)
axis.set_xlabel(words(en="batch size", zh="批大小"))
axis.set_ylabel(words(en="noise of the value", zh="归一化值的波动"))
axis.minorticks_off()

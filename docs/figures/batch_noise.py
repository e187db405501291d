"""How far the normalized value of a fixed example jumps about, against the batch size; three examples."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.batch_norm import batch_mean, batch_normalize, batch_variance

sizes, examples, draws = np.array([4, 8, 16, 32, 64, 128, 256]), (0.0, 1.0, 2.0), 4000
rng = np.random.default_rng(0)


def spread(example, m):
    """Standard deviation of its normalized value over random batches; each column is a batch."""
    batches = np.vstack([np.full(draws, example), rng.normal(size=(m - 1, draws))])
    return batch_normalize(batches, batch_mean(batches), batch_variance(batches))[0].std()


measured = {example: np.array([spread(example, m) for m in sizes]) for example in examples}
numbers = {f"spread_{m}": f"{measured[1.0][i]:.2f}" for i, m in ((2, 16), (6, 256))}

_, axis = plt.subplots(figsize=(6, 3))
for example, values in measured.items():
    (dots,) = axis.plot(sizes, values, "o", markersize=5)
    axis.plot(sizes, np.sqrt((1 + example**2 / 2) / sizes), linewidth=1, color=dots.get_color())
    axis.annotate(
        f"${example:.0f}$", (sizes[-1], values[-1]), (8, -4), textcoords="offset points", color=dots.get_color()
    )
axis.set(
    xscale="log",
    yscale="log",
    xlabel="$m$",
    xticks=sizes,
    xticklabels=sizes,
    yticks=[0.1, 0.3, 1],
    yticklabels=["0.1", "0.3", "1"],
)
axis.minorticks_off()

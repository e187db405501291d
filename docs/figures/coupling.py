"""Move one example of a batch, and the normalized values of all the others move too."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.batch_norm import batch_mean, batch_normalize, batch_variance
from yansuan.runs.words import words

before = np.array([[1.0], [4.0], [10.0]])
after = np.array([[7.0], [4.0], [10.0]])
normalized = [batch_normalize(z, batch_mean(z), batch_variance(z)) for z in (before, after)]
numbers = {
    f"{when}_{r + 1}": f"{z[r, 0]:.2f}".replace("-", "−")
    for when, z in zip("ab", normalized, strict=True)
    for r in range(3)
}

_, axes = plt.subplots(1, 2, figsize=(6, 2.6))
for axis, (left, right), symbol in ((axes[0], (before, after), "z"), (axes[1], normalized, r"\tilde{z}")):
    for r in range(3):
        axis.plot([0, 1], [left[r, 0], right[r, 0]], "o-", color="C1" if r == 0 else "C0")
        axis.annotate(f"${symbol}^{r + 1}$", (1.05, right[r, 0]), va="center")
    axis.set(xlim=(-0.15, 1.3), title=f"${symbol}$")
    axis.set_xticks([0, 1], [words(en="before", zh="之前"), words(en="after", zh="之后")])
    axis.tick_params(bottom=False)
    axis.spines["bottom"].set_visible(False)

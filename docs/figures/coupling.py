"""Move one example of a batch, and the normalized values of all the others move too."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.batch_norm import batch_mean, batch_normalize, batch_variance

before = np.array([[-1.0], [0.0], [1.0], [2.0]])
after = before + np.array([[4.0], [0.0], [0.0], [0.0]])
normalized = [batch_normalize(z, batch_mean(z), batch_variance(z)) for z in (before, after)]
shift = np.abs(normalized[1] - normalized[0])[:, 0]
numbers = {"moved_by": f"{(after - before)[0, 0]:.0f}", "largest_other_shift": f"{shift[1:].max():.2f}"}

figure, axes = plt.subplots(1, 2, figsize=(6, 2.6))
for axis, (left, right), symbol in ((axes[0], (before, after), "z"), (axes[1], normalized, r"\tilde{z}")):
    for r in range(4):
        axis.plot([0, 1], [left[r, 0], right[r, 0]], "o-", color="C1" if r == 0 else "C0")
        axis.annotate(f"${symbol}^{r + 1}$", (1.05, right[r, 0]), va="center")
    axis.set(xticks=[], xlim=(-0.15, 1.3), title=f"${symbol}$")
    axis.spines["bottom"].set_visible(False)

"""Which numbers share a mean: a column of a table, or one channel of every image."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.batch_norm import batch_mean, batch_norm_2d
from yansuan.runs.words import words

m, d = 4, 3
N, C, H, W = 3, 3, 3, 4
chosen = 1
rng = np.random.default_rng(0)
z = rng.normal(size=(N, C, H, W)) * 10 ** rng.normal(size=(C, 1, 1))
shared = np.zeros_like(z, dtype=bool)
shared[:, chosen] = True

# what is coloured is what the function takes together: change one of these numbers and exactly these outputs move
moved = z.copy()
moved[0, chosen, 0, 0] += 1
assert np.array_equal(batch_norm_2d(moved) != batch_norm_2d(z), shared)
table = rng.normal(size=(m, d))
other = table.copy()
other[0, chosen] += 1
column = batch_mean(other) != batch_mean(table)
numbers = {
    "in_table": str(m),
    "in_maps": str(shared.sum()),
    "N": str(N),
    "H": str(H),
    "W": str(W),
}

figure, axes = plt.subplots(1, 2, figsize=(6, 3), width_ratios=[1, 3])


def squares(axis, x, y, coloured):
    """One square for each number; x to the right, y down."""
    for place in np.ndindex(coloured.shape):
        look = {"facecolor": "C0"} if coloured[place] else {"facecolor": "none"}
        corner = (x + place[-1], y + (place[0] if len(place) > 1 else 0))
        axis.add_patch(plt.Rectangle(corner, 1, 1, edgecolor="#808080", linewidth=0.8, **look))


squares(axes[0], 0, 0, np.tile(column, (m, 1)))
for i in range(d):
    axes[0].annotate(f"$z_{i + 1}$", (i + 0.5, -0.35), ha="center")
for r in range(m):
    axes[0].annotate(f"${r + 1}$", (-0.3, r + 0.5), ha="right", va="center")
for n in range(N):
    for c in range(C):
        squares(axes[1], c * (W + 1), n * (H + 1), shared[n, c])
    image = words(en=f"image {n + 1}", zh=f"图 {n + 1}")
    axes[1].annotate(image, (-0.4, n * (H + 1) + H / 2), ha="right", va="center", fontsize=10)
for c in range(C):
    channel = words(en=f"channel {c + 1}", zh=f"通道 {c + 1}")
    axes[1].annotate(channel, (c * (W + 1) + W / 2, -0.35), ha="center", fontsize=10)
for axis, right, low in ((axes[0], d, m), (axes[1], C * (W + 1) - 1, N * (H + 1) - 1)):
    axis.set(xlim=(-3.4 if axis is axes[1] else -1, right + 0.1), ylim=(low + 0.1, -1.3), aspect="equal")
    axis.set_axis_off()

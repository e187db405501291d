"""A batch as a table: which numbers batch normalization takes together, and which layer normalization does."""

import matplotlib.pyplot as plt

from yansuan.runs.words import words

TABLE = [[1, 2, 6], [100, 200, 600]]
figure, axes = plt.subplots(1, 2, figsize=(6, 2.1))
titles = words(en="batch: a column", zh="批量：一列一列"), words(en="layer: a row", zh="层：一行一行")
for axis, by_row, colour, title in zip(axes, (False, True), ("C1", "C0"), titles, strict=True):
    for r, row in enumerate(TABLE):
        for c, value in enumerate(row):
            together = r == 0 if by_row else c == 0
            face = colour if together else "#d3d3d3"
            axis.add_patch(plt.Rectangle((c + 0.05, r + 0.05), 0.9, 0.9, facecolor=face, alpha=0.3))
            axis.text(c + 0.5, r + 0.5, f"${value}$", ha="center", va="center", fontsize=13)
    for r in range(2):
        axis.text(-0.1, r + 0.5, words(en=f"example {r + 1}", zh=f"样本 {r + 1}"), ha="right", va="center", fontsize=10)
    axis.text(1.5, -0.25, title, ha="center", va="center", color=colour)
    axis.set(xlim=(-1.3, 3), ylim=(2, -0.5))
    axis.axis("off")

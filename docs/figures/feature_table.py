"""The same numbers twice: as the lecture writes them, an example a column, and as they stand here, an example a row."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from snippets.feature_scaling import standardize_fit
from yansuan.runs.words import words

x = np.array([[1.0, 100.0], [2.0, 200.0], [6.0, 300.0]])
m, sigma = standardize_fit(x)
numbers = {"m": f"{m[1]:.0f}", "sigma": f"{sigma[1]:.2f}"}

_, axis = plt.subplots(figsize=(6, 2.5))
axis.set(xlim=(-0.9, 10.1), ylim=(-1.1, 4.1), aspect="equal")
axis.axis("off")


def table(values, left, top, marked):
    """The cells of a table; the row or the column that is marked is one feature."""
    axis.add_patch(Rectangle(*marked, color="#d3d3d3", linewidth=0))
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            axis.text(left + column, top - row, f"${value:.0f}$", ha="center", va="center", fontsize=12)


table(x.T, 0.5, 2, ((0, 0.6), 3, 0.8))
table(x, 7.2, 2, ((7.75, -0.4), 0.9, 2.8))
for r in range(3):
    axis.text(0.5 + r, 2.75, f"$x^{r + 1}$", ha="center", color="C0", fontsize=12)
    axis.text(6.4, 2 - r, f"$x^{r + 1}$", ha="center", va="center", color="C0", fontsize=12)
for i in range(2):
    axis.text(-0.45, 2 - i, f"$x_{i + 1}$", ha="center", va="center", color="C1", fontsize=12)
    axis.text(7.2 + i, 2.75, f"$x_{i + 1}$", ha="center", color="C1", fontsize=12)
axis.annotate("$m_2,\\ \\sigma_2$", (3, 1), (3.5, 1), va="center", arrowprops={"arrowstyle": "<-"}, fontsize=12)
axis.annotate("$m_2,\\ \\sigma_2$", (8.2, -0.4), (8.2, -0.95), ha="center", va="center", fontsize=12)
axis.text(1.5, 3.7, words(en="slide: one example a column", zh="幻灯片：一列一个样本"), ha="center")
axis.text(7.5, 3.7, words(en="here: one example a row", zh="本站：一行一个样本"), ha="center")

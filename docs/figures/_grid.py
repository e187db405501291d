"""A small matrix as a grid: the larger a number, the fuller its cell, in colours that follow the page."""

from matplotlib.patches import Rectangle


def grid(axis, strength, texts=None, rows=(), columns=(), colour="C0", fontsize=10):
    """Cells of a strength from 0 to 1; `texts` stand in them, `rows` and `columns` beside."""
    n, s = len(strength), len(strength[0])
    for i in range(n):
        for j in range(s):
            axis.add_patch(Rectangle((j, i), 1, 1, color=colour, alpha=0.75 * float(strength[i][j]), linewidth=0))
            axis.add_patch(Rectangle((j, i), 1, 1, fill=False, edgecolor="#d3d3d3", linewidth=0.8))
            if texts is not None:
                axis.text(j + 0.5, i + 0.5, texts[i][j], ha="center", va="center", fontsize=fontsize)
    axis.set(xlim=(-0.05, s + 0.05), ylim=(n + 0.05, -0.05), aspect="equal")
    axis.set_xticks([j + 0.5 for j in range(len(columns))], columns)
    axis.set_yticks([i + 0.5 for i in range(len(rows))], rows)
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)

"""The causal mask as a triangle: scores of four positions, what is hidden, and the weights that are left."""

import matplotlib.pyplot as plt
import numpy as np

from docs.figures._grid import grid
from snippets.attention import scaled_dot_product_attention
from yansuan.runs.words import words

SCORES = np.array([[1.0, 2.0, 0.0, 1.0], [2.0, 1.0, 2.0, 0.0], [0.0, 1.0, 1.0, 2.0], [1.0, 0.0, 2.0, 1.0]])
POSITIONS = ["1", "2", "3", "4"]


def draw():
    seen = np.tri(4, dtype=bool)
    one = np.eye(4)
    A = scaled_dot_product_attention(2 * SCORES, one, one, is_causal=True)  # over the root of 4: the scores
    assert np.allclose(A @ np.ones(4), 1)
    _, axes = plt.subplots(1, 3, figsize=(6, 2.5))
    numbers = [[f"{x:.0f}" for x in row] for row in SCORES]
    hidden = [[f"{x:.0f}" if s else "−∞" for x, s in zip(*row, strict=True)] for row in zip(SCORES, seen, strict=True)]
    grid(axes[0], 0 * SCORES, numbers, POSITIONS, POSITIONS)
    grid(axes[1], 0.25 * ~seen, hidden, POSITIONS, POSITIONS, colour="#808080")
    grid(axes[2], A, [[f"{x:.2f}".lstrip("0") if x else "0" for x in row] for row in A], POSITIONS, POSITIONS)
    axes[0].set_ylabel(words(en="query of position", zh="第几个位置的查询"))
    titles = (
        words(en="scores", zh="得分"),
        words(en="masked", zh="加上掩码"),
        words(en="softmax of each row", zh="逐行 softmax"),
    )
    for axis, title in zip(axes, titles, strict=True):
        axis.set_title(title, fontsize=11)
    axes[1].set_xlabel(words(en="key of position", zh="第几个位置的键"))
    return {"a": f"{A[1, 0]:.2f}", "b": f"{A[1, 1]:.2f}"}


numbers = draw()

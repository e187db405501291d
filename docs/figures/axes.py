"""Which numbers share a mean: colour shows how a value answers when the first value of all is moved."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.batch_norm import batch_norm_2d
from snippets.normalization import group_norm, instance_norm
from yansuan.runs.words import words

symbol, choices, chosen = r"\mathrm{norm}", ["BN", "LN", "GN", "IN"], "GN"
shape = (4, 6, 2, 2)  # images, channels, rows, columns
z = np.random.default_rng(0).normal(size=shape)


NORMS = {
    "BN": batch_norm_2d,
    "LN": lambda z: group_norm(z, groups=1),
    "GN": lambda z: group_norm(z, groups=3),
    "IN": instance_norm,
}


def draw(choice):
    moved = z.copy()
    moved[0, 0, 0, 0] += 1
    answers = np.abs(NORMS[choice](moved) - NORMS[choice](z)) > 1e-12
    touched = answers.any(axis=(2, 3))
    _, axis = plt.subplots(figsize=(6, 2.2))
    for n in range(4):
        for c in range(6):
            color = "C0" if touched[n, c] else "#d3d3d3"
            axis.add_patch(plt.Rectangle((c + 0.06, n + 0.06), 0.88, 0.88, color=color, alpha=1))
    axis.set(xlim=(0, 6), ylim=(4, 0), aspect=0.5)
    axis.set_xlabel(words(en="channel", zh="通道"))
    axis.set_ylabel(words(en="image", zh="图像"))
    axis.set_xticks(np.arange(6) + 0.5, range(1, 7))
    axis.set_yticks(np.arange(4) + 0.5, range(1, 5))
    for side in axis.spines.values():
        side.set_visible(False)
    return {"touched": str(answers.sum()), "of": str(answers.size)}

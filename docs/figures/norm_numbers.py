"""Eight numbers, two images of two channels with two places each, and what each normalization makes of them."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.batch_norm import batch_norm_2d
from snippets.normalization import group_norm, instance_norm
from yansuan.runs.words import words

symbol, choices, chosen = r"\mathrm{norm}", ["BN", "LN", "IN"], "BN"
z = np.array([[[1.0, 3.0], [5.0, 7.0]], [[10.0, 30.0], [50.0, 70.0]]])  # image, channel, place
NORMS = {  # what is computed, and which numbers share a mean: a colour for each image and channel
    "BN": (lambda z: batch_norm_2d(z[..., None])[..., 0], [["C0", "C1"], ["C0", "C1"]]),
    "LN": (lambda z: group_norm(z, groups=1), [["C0", "C0"], ["C1", "C1"]]),
    "IN": (instance_norm, [["C0", "C1"], ["C2", "C3"]]),
}


def draw(choice):
    normalize, colors = NORMS[choice]
    _, axes = plt.subplots(1, 2, figsize=(6, 2.4), gridspec_kw={"width_ratios": [1, 1.25]})
    titles = words(en="before", zh="归一化之前"), words(en="after", zh="归一化之后")
    for axis, title, numbers, digits in zip(axes, titles, (z, normalize(z)), (0, 2), strict=True):
        axis.set_title(title, fontsize=11)
        for n, c, h in np.ndindex(z.shape):
            color = colors[n][c]
            left = 2.15 * c + h
            axis.add_patch(plt.Rectangle((left, n), 1, 0.9, facecolor=color, edgecolor="none", alpha=0.2))
            text = f"{numbers[n, c, h]:.{digits}f}".replace("-", "−")
            axis.text(left + 0.5, n + 0.45, text, ha="center", va="center", fontsize=11)
        for c in range(2):
            label = words(en=f"channel {c + 1}", zh=f"通道 {c + 1}")
            axis.text(
                2.15 * c + 1, 2.25, label, ha="center", va="center", color=colors[0][c] if choice == "BN" else "k"
            )
        axis.set(xlim=(-0.05, 4.2), ylim=(2.5, -0.1))
        axis.axis("off")
    for n in range(2):
        axes[0].text(-0.2, n + 0.45, words(en=f"image {n + 1}", zh=f"图 {n + 1}"), ha="right", va="center")
    return {}

"""A cloud of correlated examples: raw, standardized, whitened in two ways."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.feature_scaling import pca_whiten, standardize, zca_whiten
from snippets.optimization import condition_number, least_squares_hessian

rng = np.random.default_rng(0)
first = rng.normal(size=300)
x = np.column_stack([20 + 4 * first, 5 + 0.9 * first + 0.45 * rng.normal(size=300)])
clouds = [x, standardize(x), pca_whiten(x), zca_whiten(x)]
marked = clouds[1][:, 0] > 1

numbers = {}
for name, cloud in zip(("raw", "standardized", "pca", "zca"), clouds, strict=True):
    numbers[f"correlation_{name}"] = f"{abs(np.corrcoef(cloud.T)[0, 1]):.2f}"
    numbers[f"kappa_{name}"] = f"{float(f'{condition_number(least_squares_hessian(cloud)):.3g}'):g}"

_, axes = plt.subplots(1, 4, figsize=(8, 2.3))
for axis, cloud, label in zip(axes, clouds, ["$x$", r"$\tilde{x}$", "PCA", "ZCA"], strict=True):
    for part, colour in ((~marked, "C0"), (marked, "C1")):
        axis.plot(*cloud[part].T, ".", markersize=2.5, color=colour)
    axis.set_title(label, fontsize=10)
    axis.set_aspect("equal", "datalim")

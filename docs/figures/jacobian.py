"""How each example of a batch moves the others: the Jacobian as squares, area for size, colour for sign."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.batch_norm import batch_norm_jacobian

symbol, choices, chosen = "m", ["2", "3", "4", "8"], "4"


def draw(choice):
    m = int(choice)
    z = np.random.default_rng(5).normal(size=m)
    z = np.sort(z - z.mean()) / z.std()  # standard deviation 1: only then are batches of several sizes comparable
    jacobian = batch_norm_jacobian(z)
    rows, columns = np.indices((m, m))
    _, axis = plt.subplots(figsize=(6, 3))
    area = np.abs(jacobian) * (160 / m) ** 2
    axis.scatter(columns, rows, s=area, c=np.where(jacobian > 0, "C0", "C1").ravel(), marker="s", linewidth=0)
    axis.set(xlim=(-0.5, m - 0.5), ylim=(m - 0.5, -0.5), aspect="equal")
    axis.set(xticks=range(m), yticks=range(m), xticklabels=[f"$z^{s + 1}$" for s in range(m)])
    axis.set(yticklabels=[rf"$\tilde{{z}}^{r + 1}$" for r in range(m)])
    axis.tick_params(length=0, top=False, labeltop=True, labelbottom=False)
    for side in axis.spines.values():
        side.set(visible=True, color="#808080")
    others = np.abs(jacobian[~np.eye(m, dtype=bool)])
    return {
        "rank": str(np.linalg.matrix_rank(jacobian, tol=1e-3)),
        "own": f"{np.diag(jacobian).mean():.2f}",
        "other": f"{others.mean():.2f}",
    }

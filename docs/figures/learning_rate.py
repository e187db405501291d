"""Gradient descent in a stretched bowl, with learning rates below, at and above the limit 2/L."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.optimization import condition_number

symbol, choices, chosen = r"\eta\lambda_{\max}", ["0.2", "1", "1.8", "1.95", "2.05"], "1"
H = np.diag([1.0, 12.0])
start, steps = np.array([-4.0, 1.0]), 20
numbers = {"kappa": f"{condition_number(H):.0f}", "steps": str(steps)}
w1, w2 = np.meshgrid(np.linspace(-5, 5, 81), np.linspace(-2, 2, 81))
loss = (H[0, 0] * w1**2 + H[1, 1] * w2**2) / 2


def draw(choice):
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - float(choice) / H.max() * H @ path[-1])
    path = np.array(path)
    _, axis = plt.subplots(figsize=(6, 2.6))
    axis.contour(w1, w2, loss, [0.3, 1.5, 4, 8, 14], colors="#808080", linewidths=0.9)
    axis.plot(*path.T, "o-", color="C1", markersize=2.5, linewidth=1, clip_on=True)
    axis.plot(0, 0, "k+", markersize=10)
    axis.set(xlabel="$w_1$", ylabel="$w_2$", xlim=(-5, 5), ylim=(-2, 2))
    left = path[-1] @ H @ path[-1] / (start @ H @ start)
    return {"left": f"{left:.3f}" if left < 10 else f"{left:.0f}"}

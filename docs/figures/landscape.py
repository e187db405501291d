"""Gradient descent on the error surface of a linear model: raw features, then standardized ones."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.feature_scaling import standardize
from snippets.optimization import condition_number, linear_model, linear_model_gradient

R, b = 40, 0.0
rng = np.random.default_rng(0)
raw = rng.normal(size=(R, 2)) * [1.0, 5.0]
target = raw @ [1.5, 0.4]


def descend(x, y_hat, rate, start, steps):
    """The weights visited by gradient descent with a fixed learning rate."""
    path = [np.array(start)]
    for _ in range(steps):
        dw, _ = linear_model_gradient(x, y_hat, path[-1], b)
        path.append(path[-1] - rate * dw)
    return np.array(path)


figure, axes = plt.subplots(1, 2, figsize=(7, 3.2))
numbers = {}
for axis, name, x in ((axes[0], "raw", raw), (axes[1], "standardized", standardize(raw))):
    hessian = 2 * x.T @ x
    best = np.linalg.lstsq(x, target, rcond=None)[0]
    along, across = 4 * np.sqrt(np.trace(hessian) / 2 / np.diag(hessian)), np.array([-1.0, 1.0])
    start = best + 0.7 * along * [-1, 0.3 if name == "raw" else 0.75]
    path = descend(x, target, 1 / np.linalg.eigvalsh(hessian)[-1], start, 400)
    loss = np.array([linear_model(x, target, w, b)[2] for w in path])
    steps = np.argmax(loss - loss.min() < 0.01 * (loss[0] - loss.min()))
    numbers[f"kappa_{name}"] = f"{condition_number(hessian):.1f}"
    numbers[f"steps_{name}"] = str(steps)
    (low1, high1), (low2, high2) = best[:, None] + np.outer(along, across)
    w1, w2 = np.meshgrid(np.linspace(low1, high1, 80), np.linspace(low2, high2, 80))
    surface = [linear_model(x, target, np.array(w), b)[2] for w in zip(w1.flat, w2.flat)]
    levels = np.quantile(surface, [0.02, 0.08, 0.2, 0.4, 0.6, 0.8])
    axis.contour(w1, w2, np.reshape(surface, w1.shape), levels, colors="#808080", linewidths=0.8)
    axis.plot(*path[: steps + 1].T, "o-", markersize=3, linewidth=1.2, color="C1")
    axis.plot(*best, "k+", markersize=9)
    axis.set(xlabel="$w_1$", ylabel="$w_2$", title=rf"$\kappa$ = {numbers[f'kappa_{name}']}")

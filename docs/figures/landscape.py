"""Gradient descent on the error surface of a linear model: raw features, then the same features standardized."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.feature_scaling import standardize
from snippets.optimization import condition_number, linear_model, linear_model_gradient

rng = np.random.default_rng(0)
raw = rng.normal(size=(40, 2)) * [1.0, 5.0]
raw -= raw.mean(axis=0)  # centred, so that the model needs no bias
y_hat = raw @ [1.0, 1.0]
scale = raw.std(axis=0)  # weights w on raw features are weights w * scale on standardized ones
numbers = {}


def descend(x, w, rate):
    """Gradient descent with a fixed learning rate until the loss is 1 % of the first: the weights, step by step."""
    path = [w]
    first = linear_model(x, y_hat, w, 0.0)[2]
    while linear_model(x, y_hat, path[-1], 0.0)[2] > 0.01 * first:
        dw, _ = linear_model_gradient(x, y_hat, path[-1], 0.0)
        path.append(path[-1] - rate * dw)
    return np.array(path)


figure, axes = plt.subplots(1, 2, figsize=(6, 3.2))
for axis, name, x, unit in ((axes[0], "raw", raw, 1.0), (axes[1], "standardized", standardize(raw), scale)):
    best, start = np.ones(2) * unit, np.array([-2.0, 1.8]) * unit
    hessian = 2 * x.T @ x
    path = descend(x, start, rate=1 / np.linalg.eigvalsh(hessian).max())
    numbers[f"kappa_{name}"] = f"{condition_number(hessian):.1f}"
    numbers[f"steps_{name}"] = str(len(path) - 1)
    half = 1.4 * np.abs(start - best).max()
    w1, w2 = np.meshgrid(*(np.linspace(b - half, b + half, 161) for b in best))
    loss = np.reshape(
        [linear_model(x, y_hat, np.array(w), 0.0)[2] for w in zip(w1.flat, w2.flat, strict=True)], w1.shape
    )
    levels = np.array([0.04, 0.16, 0.36, 0.64, 1.0]) * linear_model(x, y_hat, start, 0.0)[2]
    axis.contour(w1, w2, loss, levels, colors="#808080", linewidths=0.9)
    axis.plot(*path.T, "o-", color="C1", markersize=2.5, linewidth=1)
    axis.plot(*best, "k+", markersize=10)
    axis.set(xlabel="$w_1$", ylabel="$w_2$", aspect="equal", title=rf"$\kappa = {numbers[f'kappa_{name}']}$")

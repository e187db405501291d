"""The error surface of a linear model when its second feature is multiplied by a factor."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.optimization import condition_number, linear_model, linear_model_gradient

symbol, choices, chosen = "c", ["1", "2", "4", "8"], "1"
rng = np.random.default_rng(0)
x = rng.normal(size=(40, 2))
x = (x - x.mean(axis=0)) / x.std(axis=0)


def draw(choice):
    scaled = x * [1, float(choice)]
    y_hat = scaled @ [1.0, 1.0]
    hessian = 2 * scaled.T @ scaled
    path = [np.array([-2.0, 1.6])]
    first = linear_model(scaled, y_hat, path[0], 0.0)[2]
    while linear_model(scaled, y_hat, path[-1], 0.0)[2] > 0.01 * first:
        dw, _ = linear_model_gradient(scaled, y_hat, path[-1], 0.0)
        path.append(path[-1] - dw / np.linalg.eigvalsh(hessian).max())
    w1, w2 = np.meshgrid(np.linspace(-3, 5, 61), np.linspace(-2, 4, 61))
    step = np.stack([w1 - 1, w2 - 1], axis=-1)
    loss = np.einsum("...i,ij,...j->...", step, hessian, step) / 2
    _, axis = plt.subplots(figsize=(6, 3))
    axis.contour(w1, w2, loss, np.array([0.04, 0.16, 0.36, 0.64, 1.0]) * first, colors="#808080", linewidths=0.9)
    axis.plot(*np.array(path).T, "o-", color="C1", markersize=2.5, linewidth=1)
    axis.plot(1, 1, "k+", markersize=10)
    axis.set(xlabel="$w_1$", ylabel="$w_2$", aspect="equal")
    return {"kappa": f"{condition_number(hessian):.1f}", "steps": str(len(path) - 1)}

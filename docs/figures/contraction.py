"""Gradient descent at many learning rates on bowls of three condition numbers: the measured factor per step."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.optimization import gradient_descent_contraction, least_squares_hessian, linear_model_gradient
from yansuan.runs.words import words

STEPS, LAST = 150, 20
target = np.zeros(4)  # so that the minimum is at 0, and a distance has all its digits
numbers = {}


def measured(x, rate):
    """The mean factor of the distance to the minimum, over the last steps of a run."""
    w, distances = np.ones(2), []
    for _ in range(STEPS):
        w = w - rate * linear_model_gradient(x, target, w, 0.0)[0] / len(x)
        distances.append(np.sqrt(w @ w))
    return (distances[-1] / distances[-1 - LAST]) ** (1 / LAST)


figure, axis = plt.subplots(figsize=(6, 3))
for kappa, colour, at in ((4, "C0", (0.72, 0.75)), (20, "C1", (1.3, 0.88)), (100, "C2", (1.3, 1.035))):
    x = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]]) * [1.0, np.sqrt(kappa)]
    eta_max, eta, q = gradient_descent_contraction(least_squares_hessian(x))
    rates = np.append(np.linspace(0.05, 1.05, 41) * eta_max, eta)
    rates.sort()
    factors = [measured(x, rate) for rate in rates]
    numbers[f"best_{kappa}"] = f"{measured(x, eta):.4f}"
    numbers[f"formula_{kappa}"] = f"{q:.4f}"
    axis.plot(2 * rates / eta_max, factors, color=colour)
    axis.plot(2 * eta / eta_max, q, "o", color=colour)
    axis.text(*at, rf"$\kappa={kappa}$", color=colour, ha="center", va="center")
axis.axhline(1, color="#808080", linestyle="--", linewidth=1)
axis.set(xlabel=r"$\eta\,\lambda_{\max}$", xlim=(0, 2.12), ylim=(0.5, 1.12))
axis.set_ylabel(words(en="factor per step", zh="每步的系数"))

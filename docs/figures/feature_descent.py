"""Gradient descent on a linear model with raw and with standardized features: loss against step, five data sets."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.feature_scaling import standardize
from snippets.optimization import least_squares_hessian, linear_model_gradient
from yansuan.runs.words import words

steps, seeds = 60, range(5)


def examples(seed, n=200):
    rng = np.random.default_rng(seed)
    x = np.stack([rng.uniform(1, 3, n), rng.uniform(100, 300, n)], axis=1)
    return x, 3 * x[:, 0] - 0.02 * x[:, 1] + 1 + 0.1 * rng.normal(size=n)


def left_over(x, y_hat):
    """The loss above its minimum after each step, as a fraction of the first."""
    with_bias = np.column_stack([x, np.ones(len(x))])
    least = np.mean((with_bias @ np.linalg.lstsq(with_bias, y_hat)[0] - y_hat) ** 2)
    rate = 1 / np.linalg.eigvalsh(least_squares_hessian(with_bias)).max()
    w, b, losses = np.zeros(2), 0.0, []
    for _ in range(steps + 1):
        losses.append(np.mean((x @ w + b - y_hat) ** 2) - least)
        dw, db = linear_model_gradient(x, y_hat, w, b)
        w, b = w - rate * dw / len(x), b - rate * db / len(x)
    return np.array(losses) / losses[0]


raw = np.array([left_over(x, y) for x, y in map(examples, seeds)])
scaled = np.array([left_over(standardize(x), y) for x, y in map(examples, seeds)])
first = [int(np.argmax(run < 1e-4)) for run in scaled]
numbers = {
    "raw": f"{100 * raw[:, -1].min():.0f}–{100 * raw[:, -1].max():.0f}",
    "steps": str(steps),
    "slowest": str(max(first)),
}

_, axis = plt.subplots(figsize=(6, 2.8))
axis.plot(raw.T, color="C1", linewidth=1)
axis.plot(scaled.T, color="C0", linewidth=1)
axis.text(30, raw[:, 30].max() * 1.6, words(en="raw features", zh="原始特征"), color="C1", ha="center")
axis.text(9, 1e-5, words(en="standardized", zh="标准化之后"), color="C0")
axis.set(yscale="log", ylim=(1e-7, 3), xlim=(0, steps))
axis.set_xlabel(words(en="step", zh="步数"))
axis.set_ylabel(words(en="loss above minimum", zh="损失与最小值之差"))

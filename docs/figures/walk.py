"""The linear model as a diagram, and how far a small change of either weight gets, with the numbers of its card."""

import numpy as np
from schemdraw import dsp, flow

from docs.figures._diagram import box, diagram, note, symbol
from snippets.optimization import linear_model, linear_model_gradient
from yansuan.runs.words import words

x, y_hat = np.array([[1.0, 100.0], [2.0, 200.0]]), np.array([3.0, 5.0])
w, b, step = np.array([1.0, 0.01]), 0.5, 0.0001
y, e, _ = linear_model(x, y_hat, w, b)
numbers = {}
for i in range(2):
    dy = step * x[:, i]
    de = 2 * (y - y_hat) * dy
    for name, change in (("y", dy), ("e", de)):
        numbers |= {f"d{name}{i + 1}_{r + 1}": f"{change[r]:.4f}".replace("-", "−") for r in range(2)}
    numbers[f"dL{i + 1}"] = f"{de.sum():.4f}".replace("-", "−")
slopes = linear_model_gradient(x, y_hat, w, b)[0]
numbers |= {f"slope_{i + 1}": f"{slopes[i]:.0f}".replace("-", "−") for i in range(2)}

BLUE, RED = "#1f5fbf", "#c2410c"
with diagram() as d:
    one = symbol("$x_1$").at((0, 1.5)).anchor("center")
    two = symbol("$x_2$").at((0, 0)).anchor("center")
    bias = symbol("$1$").at((0, -1.5)).anchor("center")
    total = dsp.Sum().at((2.5, 0)).anchor("center")
    flow.Arrow().at(one.E).to(total.NW)
    flow.Arrow().at(two.E).to(total.W)
    flow.Arrow().at(bias.E).to(total.SW)
    flow.Arrow().at(total.E).right(0.5)
    y_at = symbol("$y$", w=0.6).center[0]
    flow.Arrow().right(0.45)
    error = box(r"$(y-\hat{y})^2$", w=2)
    flow.Arrow().right(0.45)
    e_at = symbol("$e$", w=0.6).center[0]
    flow.Arrow().right(0.45)
    box(words(en="sum", zh="求和"), w=1)
    flow.Arrow().right(0.45)
    L_at = symbol("$L$", w=0.7).center[0]
    note("$w_1$", (1.5, 1.1), color=BLUE, fontsize=11)
    note("$w_2$", (1.5, -0.3), color=RED, fontsize=11)
    note("$b$", (1.5, -1.3), color="#808080", fontsize=11)
    note(words(en="1, 2, …", zh="1、2、……"), (-0.1, 2.1), color=BLUE)
    note(words(en="100, 200, …", zh="100、200、……"), (-0.1, 0.6), color=RED)
    note(words(en="target", zh="目标值"), (error.S[0], error.S[1] - 1.35))
    symbol(r"$\hat{y}$").at((error.S[0], error.S[1] - 0.75)).anchor("center")
    flow.Arrow().at((error.S[0], error.S[1] - 0.45)).to(error.S)
    rows = ((1.9, BLUE, words(en="small", zh="小")), (1.1, RED, words(en="large", zh="大")))
    for up, colour, how in rows:
        for at, mark in ((y_at, "y"), (e_at, "e"), (L_at, "L")):
            note(rf"$\Delta {mark}$", (at - 0.35, up), color=colour, fontsize=11)
            note(how, (at + 0.4, up), color=colour)

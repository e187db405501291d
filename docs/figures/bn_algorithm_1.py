"""Algorithm 1 with numbers: three values of one feature, their statistics, normalized, scaled and shifted."""

import numpy as np
from schemdraw import flow

from docs.figures._diagram import FAINT, box, diagram, note
from snippets.batch_norm import batch_mean, batch_norm_train, batch_normalize, batch_variance
from yansuan.runs.words import words

z, gamma, beta = np.array([[1.0], [4.0], [10.0]]), np.array([2.0]), np.array([1.0])
mu, var = batch_mean(z), batch_variance(z)
normal = batch_normalize(z, mu, var)
out = batch_norm_train(z, gamma, beta)


def shown(value):
    return f"{value:.2f}".replace("-", "−")


numbers = {f"{name}_{r + 1}": shown(v[r, 0]) for name, v in (("normal", normal), ("out", out)) for r in range(3)}
numbers |= {"mu": f"{mu[0]:g}", "var": f"{var[0]:g}", "sd": f"{np.sqrt(var[0]):.2f}"}

rows, columns = (1.2, 0, -1.2), (0.7, 6.2, 10.8)
BLUE, RED = "#1f5fbf", "#c2410c"
with diagram(margin=0.25):
    one = box(words(en="mean 5, variance 14", zh="均值 5，方差 14"), w=4, fill=FAINT).at((3.3, -2.7)).anchor("center")
    two = box(words(en="γ = 2, β = 1, learned", zh="γ = 2，β = 1，要学的"), w=4.2, fill=FAINT)
    two.at((8.55, -2.7)).anchor("center")
    for row, values in zip(rows, np.hstack([z, normal, out]), strict=True):
        for at, value in zip(columns, (f"{values[0]:g}", shown(values[1]), shown(values[2])), strict=True):
            note(value, (at, row), color="#000000", fontsize=12)
        flow.Arrow().at((columns[0] + 0.5, row)).to((columns[1] - 0.8, row))
        flow.Arrow().at((columns[1] + 0.8, row)).to((columns[2] - 0.8, row))
    side = columns[0] - 0.65  # all three values go into the box
    for row in rows:
        flow.Line().at((columns[0] - 0.4, row)).to((side, row))
    flow.Line().at((side, rows[0])).to((side, one.W[1]))
    flow.Arrow().at((side, one.W[1])).to(one.W)
    flow.Arrow().at(one.N).to((one.N[0], rows[2] - 0.08)).color(BLUE)
    flow.Arrow().at(two.N).to((two.N[0], rows[2] - 0.08)).color(RED)
    note(r"$\frac{z-\mu}{\sqrt{\sigma^2+\epsilon}}$", (3.3, 2.0), color=BLUE, fontsize=14)
    note(r"$\gamma\,\tilde{z}+\beta$", (8.55, 2.0), color=RED, fontsize=12)
    for at, mark in zip(columns, ("z", r"\tilde{z}", r"\hat{z}"), strict=True):
        note(f"${mark}$", (at, 2.0), fontsize=12)

"""Algorithm 2 with the numbers of its card: two batches give their statistics, which are then fixed."""

import numpy as np
from schemdraw import flow

from docs.figures._diagram import FAINT, box, diagram, note, symbol
from snippets.batch_norm import batch_norm_algorithm_2
from snippets.moving_average import population_statistics
from yansuan.runs.words import words

batches, z = np.array([[[1.0], [4.0], [10.0]], [[3.0], [6.0], [9.0]]]), np.array([[5.5]])
mu, var = batches.mean(axis=1), batches.var(axis=1)
mu_bar, var_bar = population_statistics(mu, var, m=3)
_, out = batch_norm_algorithm_2(batches, z, np.ones(1), np.zeros(1))
numbers = {"mu": f"{mu_bar[0]:g}", "var": f"{var_bar[0]:g}", "out": f"{out[0, 0]:g}"}

with diagram():
    boxes = []
    for row, batch, mean, variance in zip((0.8, -0.8), batches[:, :, 0], mu[:, 0], var[:, 0], strict=True):
        listed, said = ", ".join(f"{v:g}" for v in batch), "、".join(f"{v:g}" for v in batch)
        start = symbol(words(en=listed, zh=said), w=1.8).at((0, row)).anchor("W")
        flow.Arrow().at(start.E).right(0.4)
        boxes.append(box(words(en=f"mean {mean:g}, var. {variance:g}", zh=f"均值 {mean:g}，方差 {variance:g}"), w=3.5))
    fixed = box(
        words(en=f"mean {mu_bar[0]:g}, var. {var_bar[0]:g}", zh=f"均值 {mu_bar[0]:g}，方差 {var_bar[0]:g}"),
        w=3.6,
        fill=FAINT,
    )
    fixed.at((7.7, 0)).anchor("W")
    for one in boxes:
        flow.Arrow().at(one.E).to(fixed.W)
    below = box(words(en="normalize", zh="归一化"), w=2.2).at((fixed.S[0], -2.2)).anchor("center")
    flow.Arrow().at(fixed.S).to(below.N)
    example = symbol(f"${z[0, 0]:g}$", w=0.9).at((below.W[0] - 1.5, -2.2)).anchor("E")
    flow.Arrow().at(example.E).to(below.W)
    flow.Arrow().at(below.E).right(0.5)
    symbol(f"${out[0, 0]:g}$", w=0.7)
    note(words(en="training batches", zh="训练的各批"), (1, 1.75))
    note(words(en="fixed", zh="固定"), (fixed.N[0], fixed.N[1] + 0.35))
    note(words(en="later: one example", zh="以后：一个样本"), (example.W[0] - 0.1, -2.2), halign="right")

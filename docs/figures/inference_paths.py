"""The layer in training and in use: the statistics of the batch, and the running averages that take their place."""

from schemdraw import flow

from docs.figures._diagram import box, diagram, note, symbol
from yansuan.runs.words import words


def way(y, label):
    """From z through the normalization to the output; returns z and the normalization."""
    z = symbol("$z$").anchor("W").at((0, y))
    note(label, z.W, (-0.1, 0.6 if y else -0.6), "left", "#000000")
    flow.Arrow().at(z.E).right(4.8)
    normalized = box(words(en="normalize", zh="归一化"), w=1.9)
    flow.Arrow().at(normalized.E).right(0.6)
    scaled = box(r"$\gamma\tilde{z}+\beta$", w=1.7)
    flow.Arrow().at(scaled.E).right(0.6)
    symbol(r"$\hat{z}$")
    return z, normalized


with diagram():
    z, normalized = way(4.8, words(en="in training: 64 examples", zh="训练时：64 个样本"))
    made = box(words(en="batch mean, variance", zh="批的均值、方差"), w=3.6).at((1.1, 3.3))
    flow.Arrow().at((made.N[0], z.E[1])).to(made.N)
    flow.Wire("-|", arrow="->").at(made.E).to(normalized.S)
    flow.Arrow().at(made.S).down(0.9)
    kept = box(words(en="moving averages", zh="移动平均"), w=3.6, fill="#d3d3d3")
    note(words(en="kept", zh="存下来"), made.S, (0.2, -0.5), "left")
    _, normal = way(0, words(en="in use: one example", zh="使用时：1 个样本"))
    flow.Wire("-|", arrow="->").at(kept.E).to(normal.N)
    note(words(en="constants", zh="常数"), kept.E, (0.2, 0.3), "left")

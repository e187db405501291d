"""The layer in training and in use: the statistics of the batch, and the running averages that take their place."""

from schemdraw import flow

from docs.figures._diagram import box, diagram, note, symbol
from yansuan.runs.words import words

with diagram():
    z = symbol("$z$").at((0, 0))
    flow.Arrow().at(z.E).right(0.8)
    made = box(words(en="batch mean, variance", zh="批的均值、方差"), w=3.6)
    flow.Arrow().at(made.E).right(0.7)
    normalized = box(words(en="normalize", zh="归一化"), w=1.9)
    flow.Arrow().at(normalized.E).right(0.7)
    scaled = box(r"$\gamma\tilde{z}+\beta$", w=1.7)
    flow.Arrow().at(scaled.E).right(0.6)
    symbol(r"$\hat{z}$")
    note(words(en="in training: 64 examples", zh="训练时：64 个样本"), made.N, (-1.8, 0.45), "left", "#000000")
    flow.Arrow().at(made.S).down(1)
    kept = box(words(en="moving averages", zh="移动平均"), w=3.6, fill="#d3d3d3")
    note(words(en="kept", zh="存下来"), made.S, (0.2, -0.5), "left")
    flow.Arrow().at(kept.S).down(1)
    used = box(words(en="constants", zh="常数"), w=3.6)
    flow.Arrow().at(used.E).right(0.7)
    normal = box(words(en="normalize", zh="归一化"), w=1.9)
    flow.Arrow().at(normal.E).right(0.7)
    again = box(r"$\gamma\tilde{z}+\beta$", w=1.7)
    flow.Arrow().at(again.E).right(0.6)
    symbol(r"$\hat{z}$")
    one = symbol("$z$").at((used.W[0] - 1.6, used.S[1] - 0.9))
    flow.Wire("-|", arrow="->").at(one.E).to(normal.S)
    note(words(en="in use: one example", zh="使用时：1 个样本"), one.E, (0.4, -0.4), "left", "#000000")

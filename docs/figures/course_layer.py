"""Batch normalization inside a layer: what goes in, what is learned, what is kept for use."""

from schemdraw import flow

from docs.figures._diagram import box, diagram, note, symbol
from yansuan.runs.words import words

with diagram():
    symbol("$u$", w=1.1)
    flow.Arrow().right(0.4)
    W = box("$W$", w=1.1)
    flow.Arrow().right(0.6).label("$z$")
    norm = box(words(en="normalize", zh="归一化"), w=1.7)
    flow.Arrow().right(1.05).label(r"$\tilde z$")
    scale = box(words(en="scale, shift", zh="缩放、平移"), w=1.8)
    flow.Arrow().right(0.6).label(r"$\hat z$")
    box(words(en="activation", zh="激活"), w=1.5)
    flow.Arrow().right(0.4)
    symbol("$a$", w=0.8)
    learned = symbol(r"$\gamma,\ \beta$", w=1.1, h=0.5).right().anchor("N").at((scale.S[0], scale.S[1] - 0.8))
    flow.Arrow().at(learned.N).to(scale.S)
    note(words(en="learned", zh="学出来的"), (learned.S[0], learned.S[1] - 0.35))
    stats = symbol(r"$\mu,\ \sigma^2$", w=1.1, h=0.5).right().anchor("N").at((norm.S[0], norm.S[1] - 0.8))
    flow.Arrow().at(stats.N).to(norm.S)
    note(words(en="training: of this batch", zh="训练：这一批的"), (stats.S[0], stats.S[1] - 0.35))
    note(words(en="in use: kept averages", zh="使用：存下的平均"), (stats.S[0], stats.S[1] - 0.8))
    note(words(en="no bias", zh="不用偏置"), (W.S[0], W.S[1] - 0.4))

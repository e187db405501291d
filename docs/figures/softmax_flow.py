"""From the input to the loss of a classifier, and the gradient that comes back to the scores."""

from schemdraw import flow

from docs.figures._diagram import box, diagram, note, symbol
from yansuan.runs.words import words

BACK = "#c2410c"

with diagram():
    symbol("$x$", w=0.6)
    flow.Arrow().right(0.5)
    box(words(en="network", zh="网络"), w=1.6)
    flow.Arrow().right(0.5)
    scores = symbol("$z$", w=0.7)
    flow.Arrow().right(0.5)
    box(words(en="softmax", zh="softmax"), w=1.6)
    flow.Arrow().right(0.5)
    made = symbol("$p$", w=0.7)
    flow.Arrow().right(0.5)
    cost = box(words(en="cross-entropy", zh="交叉熵"), w=2.2)
    flow.Arrow().right(0.5)
    symbol("$L$", w=0.6)
    note(words(en="scores", zh="得分"), scores.N, (0, 0.2))
    note(words(en="probabilities", zh="概率"), made.N, (0, 0.2))
    target = symbol("$y$", w=0.7, h=0.6).at((cost.N[0] - 0.35, cost.N[1] + 1.0)).anchor("W")
    flow.Arrow().at(target.S).to(cost.N)
    note(words(en="target", zh="目标"), target.E, (0.1, -0.1), "left")
    flow.Wire("n", k=-0.6, arrow="->").at(cost.S).to(scores.S).color(BACK)
    note(words(en="gradient: p − y", zh="梯度：p − y"), made.S, (-0.8, -1.25), color=BACK)

"""What one layer with ReLU does to the mean square: ReLU halves it, the sum over n inputs multiplies it."""

from schemdraw import flow

from docs.figures._diagram import box, diagram, note, symbol
from yansuan.runs.words import words

with diagram():
    before = symbol("$z_0$")
    flow.Arrow().at(before.E).right(0.7)
    half = box(words(en="ReLU", zh="ReLU"), w=1.6, fill="#d3d3d3")
    flow.Arrow().at(half.E).right(0.7)
    between = symbol("$x$")
    flow.Arrow().at(between.E).right(0.7)
    total = box(words(en="sum of n inputs", zh="n 个输入加权求和"), w=2.9, fill="#d3d3d3")
    flow.Arrow().at(total.E).right(0.7)
    after = symbol("$z_1$")
    labels = ((before, "$v_0$"), (between, r"$\frac{1}{2}\,v_0$"), (after, r"$\frac{1}{2}\,n\sigma^2 v_0$"))
    for place, label in labels:
        note(label, place.S, (0, -0.35), color="#1f5fbf", fontsize=13)
    note(words(en="blue: mean square", zh="蓝色：均方"), between.S, (0, -1.15), color="#1f5fbf")
    note(words(en="× ½", zh="× ½"), half.S, (0, -0.45), color="#c2410c", fontsize=12)
    note(words(en="× nσ²", zh="× nσ²"), total.S, (0, -0.45), color="#c2410c", fontsize=12)

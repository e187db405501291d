"""Where queries, keys and values come from, and what attention makes of them."""

from schemdraw import flow

from docs.figures._diagram import box, diagram, note, symbol
from yansuan.runs.words import words

HIGH = 1.5  # between the three rows

with diagram():
    ends = {}
    for row, letter in enumerate("QKV"):
        y = -row * HIGH
        weight = box(f"$W_{letter}$", w=1.1, h=0.8).at((2.4, y)).anchor("center")
        made = symbol(f"${letter}$", w=0.7).at((4.1, y)).anchor("center")
        flow.Arrow().at(weight.E).to(made.W)
        ends[letter] = (weight, made)
    source = symbol("$X$", w=0.7).at((0.4, -HIGH)).anchor("center")
    for weight, _ in ends.values():
        flow.Arrow().at(source.E).to(weight.W)
    scores = box(r"$Q\,K^\top/\sqrt{d_k}$", w=2.4, h=0.9).at((6.5, -HIGH / 2)).anchor("center")
    flow.Arrow().at(ends["Q"][1].E).to((scores.W[0], scores.W[1] + 0.2))
    flow.Arrow().at(ends["K"][1].E).to((scores.W[0], scores.W[1] - 0.2))
    weights = box(words(en="softmax", zh="softmax"), w=1.6, h=0.9).at((9.2, -HIGH / 2)).anchor("center")
    flow.Arrow().at(scores.E).to(weights.W)
    out = box("$A V$", w=1.1, h=0.8).at((9.2, -2 * HIGH)).anchor("center")
    flow.Arrow().at(weights.S).to(out.N)
    note("$A$", out.N, (0.3, 0.75), color="black", fontsize=11)
    flow.Arrow().at(ends["V"][1].E).to(out.W)
    answer = symbol("$Y$", w=0.7).at((11.1, -2 * HIGH)).anchor("center")
    flow.Arrow().at(out.E).to(answer.W)
    note(words(en="what I look for", zh="我在找什么"), ends["Q"][0].N, (0.4, 0.28))
    note(words(en="how I am found", zh="凭什么找到我"), ends["K"][0].N, (0.4, 0.28))
    note(words(en="what I pass on", zh="找到后给你什么"), ends["V"][0].N, (0.4, 0.28))
    note(words(en="weights, a row sums to 1", zh="权重，每行之和为 1"), weights.N, (0, 0.28))

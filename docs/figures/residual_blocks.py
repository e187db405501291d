"""Three blocks beside one another: plain, the residual block of 2015, and that of 2016. Data go down."""

from schemdraw import dsp, flow

from docs.figures._diagram import box, diagram, note, symbol
from yansuan.runs.words import words

STEP, WIDTH = 1.05, 2.1
LAYER, NORM, RELU = words(en="weights", zh="权重"), "BN", "ReLU"


def column(x, title, kinds, inside):
    """The parts of a block from above; `inside` says which of them the skip goes around, with the addition behind."""
    note(title, (x, 0.75), color="black", fontsize=12).theta(0)
    above = symbol("$x$", h=0.6).at((x, 0)).anchor("center")
    start, place = above, 1
    for number, kind in enumerate(kinds):
        y = -place * STEP
        if kind == "+":
            made = dsp.Sum().theta(0).scale(0.7).at((x, y)).anchor("center")
        else:
            made = box(kind, w=WIDTH, h=0.7).at((x, y)).anchor("center")
        flow.Arrow().at(above.S).to(made.N)
        if inside and number == inside[0]:
            start = (above.S[0], above.S[1] - 0.12)
        if inside and number == inside[1]:
            side = x + WIDTH / 2 + 0.35
            flow.Line().at(start).to((side, start[1])).color("#1f5fbf")
            flow.Line().at((side, start[1])).to((side, made.E[1])).color("#1f5fbf")
            flow.Arrow().at((side, made.E[1])).to(made.E).color("#1f5fbf")
        above, place = made, place + 1
    last = symbol("$y$", h=0.6).at((x, -place * STEP)).anchor("center")
    flow.Arrow().at(above.S).to(last.N)


with diagram():
    column(1.4, words(en="plain", zh="普通"), [LAYER, NORM, RELU, LAYER, NORM, RELU], None)
    column(5.4, words(en="residual, 2015", zh="残差，2015"), [LAYER, NORM, RELU, LAYER, NORM, "+", RELU], (0, 5))
    column(9.7, words(en="residual, 2016", zh="残差，2016"), [NORM, RELU, LAYER, NORM, RELU, LAYER, "+"], (0, 6))

"""Where layer normalization stands: in a step of a recurrent network, and after or before the addition of a block."""

from schemdraw import dsp, flow

from docs.figures._diagram import box, diagram, note, symbol
from yansuan.runs.words import words


def title(label, y):
    note(label, (6, y), color="#000000", fontsize=11)


def layer_norm():
    return box("LN", w=1.2, fill="#d3d3d3")


def branch():
    return box(words(en="attention or layers", zh="注意力或全连接层"), w=3.2)


with diagram():
    title(words(en="a recurrent step", zh="循环网络的一步"), 1.0)
    h = symbol("$h$").at((0.7, 0)).anchor("W")
    flow.Arrow().at(h.E).right(0.6)
    total = box(words(en="weighted sum", zh="加权和"), w=2.6)
    x = symbol("$x$", h=0.6).at((total.S[0], -1.0)).anchor("N")
    flow.Line(arrow="->").at(x.N).to(total.S)
    flow.Arrow().at(total.E).right(0.9).label("$z$")
    part = layer_norm()
    flow.Arrow().at(part.E).right(0.6)
    tanh = box("tanh", w=1.5)
    flow.Arrow().at(tanh.E).right(0.6)
    symbol("$h'$")

    title(words(en="post-LN: after the addition", zh="post-LN：放在加法之后"), -2.3)
    x = symbol("$x$").at((0.7, -4.1)).anchor("W")
    flow.Arrow().at(x.E).right(1.3)
    part = branch()
    flow.Arrow().at(part.E).right(0.6)
    plus = dsp.Sum()
    flow.Arrow().at(plus.E).right(0.6)
    part = layer_norm()
    flow.Arrow().at(part.E).right(0.6)
    symbol("$y$")
    flow.Wire("n", k=1.0, arrow="->").at((x.E[0] + 0.6, -4.1)).to(plus.N)

    title(words(en="pre-LN: inside the branch", zh="pre-LN：放在分支里面"), -5.3)
    x = symbol("$x$").at((0.7, -7.1)).anchor("W")
    flow.Arrow().at(x.E).right(1.3)
    part = layer_norm()
    flow.Arrow().at(part.E).right(0.6)
    part = branch()
    flow.Arrow().at(part.E).right(0.6)
    plus = dsp.Sum()
    flow.Arrow().at(plus.E).right(0.6)
    symbol("$y$")
    flow.Wire("n", k=1.0, arrow="->").at((x.E[0] + 0.6, -7.1)).to(plus.N)

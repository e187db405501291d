"""Where layer normalization stands: in a step of a recurrent network, and in a residual block of a Transformer."""

from schemdraw import dsp, flow

from docs.figures._diagram import box, diagram, note, symbol
from yansuan.runs.words import words

with diagram():
    note(words(en="a recurrent step", zh="循环网络的一步"), (6, 1.0), color="#000000", fontsize=11)
    note(words(en="a residual block", zh="残差块"), (6, -2.2), color="#000000", fontsize=11)
    h = symbol("$h$").at((0.7, 0)).anchor("W")
    flow.Arrow().at(h.E).right(0.6)
    total = box(r"$W_{hh}h+W_{xh}x$", w=3)
    x = symbol("$x$", h=0.6).at((total.S[0], -1.0)).anchor("N")
    flow.Line(arrow="->").at(x.N).to(total.S)
    flow.Arrow().at(total.E).right(0.6)
    norm = box("LN", w=1.2, fill="#d3d3d3")
    flow.Arrow().at(norm.E).right(0.6)
    tanh = box("tanh", w=1.5)
    flow.Arrow().at(tanh.E).right(0.6)
    symbol("$h'$")
    x = symbol("$x$").at((0.7, -4.2)).anchor("W")
    flow.Arrow().at(x.E).right(1.4)
    norm = box("LN", w=1.2, fill="#d3d3d3")
    flow.Arrow().at(norm.E).right(0.6)
    branch = box(words(en="attention or layers", zh="注意力或全连接层"), w=3.2)
    flow.Arrow().at(branch.E).right(0.7)
    plus = dsp.Sum()
    flow.Arrow().at(plus.E).right(0.7)
    symbol("$y$")
    flow.Wire("n", k=1.1, arrow="->").at((x.E[0] + 0.6, -4.2)).to(plus.N)

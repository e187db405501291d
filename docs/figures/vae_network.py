"""A variational autoencoder with the shapes of our example, and the two costs of its bound."""

from schemdraw import flow

from docs.figures._diagram import box, diagram, note, symbol
from yansuan.runs.words import words

with diagram():
    x = symbol("$x$")
    flow.Arrow().at(x.E).right(0.5)
    encoder = box(words(en="encoder", zh="编码器"), w=1.9, h=1.4, fill="#d3d3d3")
    flow.Arrow().at((encoder.E[0], 0.35)).right(0.6)
    mu = symbol(r"$\mu$", w=0.7).anchor("W")
    flow.Arrow().at((encoder.E[0], -0.35)).right(0.6)
    sd = symbol(r"$\sigma$", w=0.7).anchor("W")
    plus = box(r"$\mu+\sigma\epsilon$", w=1.5, h=1.4).at((encoder.E[0] + 1.8, 0)).anchor("W")
    flow.Arrow().at(mu.E).right(0.5)
    flow.Arrow().at(sd.E).right(0.5)
    noise = symbol(r"$\epsilon$", w=0.7, h=0.6).at((plus.S[0], -1.5)).anchor("N")
    flow.Line(arrow="->").at(noise.N).to(plus.S)
    flow.Arrow().at(plus.E).right(0.5)
    z = symbol("$z$", w=0.6).anchor("W")
    flow.Arrow().at(z.E).right(0.5)
    decoder = box(words(en="decoder", zh="解码器"), w=1.9, h=1.4, fill="#d3d3d3")
    flow.Arrow().at(decoder.E).right(0.5)
    y = symbol("$y$")
    for at, size in ((x.S, "64"), (z.S, "8"), (y.S, "64")):
        note(size, at, (0, -0.25))
    note("8", mu.N, (0, 0.0))
    note("8", sd.S, (0, -0.0))
    note(words(en="far from the prior?", zh="离先验多远？"), (mu.N[0], 1.9), color="#c2410c")
    flow.Line(arrow="->").at((mu.N[0], 1.75)).to((mu.N[0], 1.15)).color("#c2410c")
    flow.Wire("n", k=-2.0, arrow="<->").at((x.S[0], x.S[1] - 0.35)).to((y.S[0], y.S[1] - 0.35)).color("#1f5fbf")
    note(words(en="rebuilt well?", zh="重建得像吗？"), (decoder.S[0], -2.4), color="#1f5fbf")

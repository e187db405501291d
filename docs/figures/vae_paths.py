"""Where the gradient can flow: a sample drawn from q stops it; shifted and scaled noise does not."""

from schemdraw import flow

from docs.figures._diagram import box, diagram, note, symbol
from yansuan.runs.words import words

RED, BLUE = "#c2410c", "#1f5fbf"

with diagram():
    for left, title in (
        (0, words(en="drawn from q", zh="从 q 中抽取")),
        (6.2, words(en="reparameterized", zh="重参数化")),
    ):
        free = left > 0
        loss = symbol("$J$").at((left + 2.6, 0)).anchor("center")
        decoder = (
            box(words(en="decoder", zh="解码器"), w=1.8, h=0.7, fill="#d3d3d3").at((left + 2.6, -1.3)).anchor("center")
        )
        flow.Line(arrow="->").at(decoder.N).to(loss.S)
        label = r"$z=\mu+\sigma\epsilon$" if free else words(en="draw z", zh="抽取 z")
        z = box(label, w=2.2, h=0.8).at((left + 2.6, -2.75)).anchor("center")
        flow.Line(arrow="->").at(z.N).to(decoder.S)
        code = symbol(r"$\mu,\,\sigma$", w=1.0).at((left + 1.8, -4.2)).anchor("center")
        flow.Line(arrow="->").at(code.N).to((left + 1.8, z.S[1]))
        if free:
            noise = symbol(r"$\epsilon$", w=0.6).at((left + 3.5, -4.2)).anchor("center")
            flow.Line(arrow="->").at(noise.N).to((left + 3.5, z.S[1]))
        colour = BLUE if free else RED
        for top, bottom in ((-0.35, -0.95), (-1.65, -2.35), (-3.15, -3.8)):
            if not free and top < -3:
                note("✕", (left + 2.1, -3.6), color=RED, fontsize=14)
                break
            flow.Line(arrow="->").at((left + 2.15, top)).to((left + 2.15, bottom)).color(colour).linestyle("--")
        note(title, (left + 2.6, 0.75), color="#000000", fontsize=11)
        says = words(en="gradient arrives", zh="梯度传得到"), words(en="gradient stops", zh="梯度到此为止")
        note(says[not free], (left + 1.1, -2.0 if free else -3.6), halign="right", color=colour)

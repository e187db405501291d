"""Three examples go through a layer together: their mean and standard deviation are computed inside the network."""

from schemdraw import elements as elm
from schemdraw import flow

from docs.figures._diagram import box, diagram, note, symbol
from yansuan.runs.words import words

IN, OUT = "#c2410c", "#1f5fbf"  # into the statistics, and from them

with diagram():
    rows = []
    for r in (1, 2, 3):
        symbol(rf"$\tilde{{x}}^{r}$", w=0.7).at((0, -1.3 * r))
        flow.Arrow().right(0.5)
        box("$W^{\\,(1)}$", w=0.9, h=0.8)
        flow.Arrow().right(0.4)
        z = symbol(f"$z^{r}$", w=0.6)
        flow.Arrow().right(1.7)
        norm = box(r"$-\mu\ \div\sigma$", w=1.7, h=0.8)
        flow.Arrow().right(0.4)
        symbol(rf"$\tilde{{z}}^{r}$", w=0.6)
        flow.Arrow().right(0.4)
        last = box(words(en="sigmoid", zh="sigmoid"), w=1.8, h=0.8)
        flow.Arrow().right(0.5)
        a = symbol(f"$a^{r}$", w=0.6)
        rows.append((z, norm, last))
    (z, norm, last) = rows[-1]
    gather, spread = z.E[0] + 0.35, norm.W[0] - 0.45
    bottom = z.E[1] - 1.35
    statistics = (
        box(r"$\mu,\ \sigma$", w=1.7, h=0.8).theta(0).anchor("center").at(((gather + spread) / 2, bottom - 0.4))
    )
    top = statistics.N[1]
    elm.Line().at((gather, rows[0][0].E[1])).to((gather, top)).color(IN)
    elm.Line().at((spread, top)).to((spread, rows[0][1].W[1] - 0.25)).color(OUT)
    for z, norm, _ in rows:
        elm.Dot(radius=0.06).at((gather, z.E[1])).color(IN)
        flow.Arrow().at((spread, norm.W[1] - 0.25)).to((norm.W[0], norm.W[1] - 0.25)).color(OUT)
    flow.Arrow().at((gather, top + 0.3)).to((gather, top)).color(IN)
    left, right, high, low = 0.95, last.E[0] + 0.2, rows[0][1].N[1] + 0.2, statistics.S[1] - 0.2
    elm.Rect(corner1=(left, low), corner2=(right, high)).at((0, 0)).theta(0).linestyle("--").color("#808080")
    note(words(en="one large network", zh="一个大网络"), (right, low), (-0.4, 0.3), halign="right")
    note(words(en="batch in", zh="一批进"), (0.35, high), (0, 0.3))
    note(words(en="batch out", zh="一批出"), (a.center[0], high), (0, 0.3))

"""A network with all its units, and two of the thinned networks that dropout makes of it."""

from schemdraw import flow

from docs.figures._diagram import diagram, note
from yansuan.runs.words import words

ROWS = (0.0, -1.1, -2.2, -3.3)
NETWORKS = (
    (0.4, "1111", words(en="in use: all", zh="推理：全部")),
    (4.6, "1010", words(en="a step", zh="某一步")),
    (8.8, "0111", words(en="the next step", zh="下一步")),
)

with diagram():
    for left, _, title in NETWORKS:
        note(title, (left + 1.2, 0.75), color="#000000", fontsize=11)
    for left, mask, _ in NETWORKS:
        inputs = [flow.Circle(r=0.28).at((left, y - 0.55)).anchor("center") for y in ROWS[:3]]
        out = flow.Circle(r=0.28).at((left + 2.6, -1.65)).anchor("center")
        for y, kept in zip(ROWS, mask, strict=True):
            unit = flow.Circle(r=0.28).at((left + 1.3, y)).anchor("center")
            if kept == "0":
                unit.color("#d3d3d3").linestyle(":")
                continue
            unit.fill("#d3d3d3")
            for x in inputs:
                flow.Line().at(x.E).to(unit.W).color("#1f5fbf").zorder(0)
            flow.Line().at(unit.E).to(out.W).color("#1f5fbf").zorder(0)

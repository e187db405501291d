"""What is added up in a layer of three inputs and two outputs: forward for an output, backward for an input."""

from schemdraw import flow

from docs.figures._diagram import diagram, note
from yansuan.runs.words import words

with diagram():
    note(words(en="forward: n = 3 terms", zh="前向：加 n = 3 项"), (2.3, 0.75), color="#1f5fbf", fontsize=11)
    note(words(en="back: k = 2 terms", zh="反向：加 k = 2 项"), (8.3, 0.75), color="#c2410c", fontsize=11)
    for left, backward in ((0.8, False), (6.8, True)):
        inputs = [flow.Circle(r=0.36).at((left, -1.2 * i)).anchor("center").label(f"$x_{i + 1}$") for i in range(3)]
        outputs = [
            flow.Circle(r=0.36).at((left + 3, -0.6 - 1.2 * i)).anchor("center").label(f"$z_{i + 1}$") for i in range(2)
        ]
        for i, x in enumerate(inputs):
            for j, z in enumerate(outputs):
                strong = i == 0 if backward else j == 0
                start, end = (z.W, x.E) if backward else (x.E, z.W)
                line = flow.Line(arrow="->").at(start).to(end)
                line.color(("#c2410c" if backward else "#1f5fbf") if strong else "#d3d3d3").zorder(2 if strong else 1)

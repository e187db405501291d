"""Diagrams in the look of the site, placed by what they follow: boxes and arrows of schemdraw, 12 units wide.

with diagram():
    x = symbol("$x$")
    flow.Arrow().right(1)
    layer = box(words(en="layer", zh="层"))
    flow.Arrow().right(1)
    plus = dsp.Sum()
    flow.Wire("n", k=1.2, arrow="->").at(x.N).to(plus.N)
"""

from contextlib import contextmanager

import matplotlib.pyplot as plt
import schemdraw
from schemdraw import flow

WIDE = 12  # units across the page
INCHES = 6 / WIDE
FAINT = "#d3d3d3"  # follows the page: yansuan/runs/svg.py


@contextmanager
def diagram(margin=0.15):
    """Draw what is made in the block, centred, as high as it needs; what is wider than the page is an error."""
    with schemdraw.Drawing(show=False) as drawing:
        drawing.config(unit=1, fontsize=11, lw=1.2)
        yield drawing
    figure, axis = plt.subplots()
    drawing.draw(show=False, canvas=axis)
    box = drawing.get_bbox()
    if box.xmax - box.xmin > WIDE:
        raise ValueError(f"{box.xmax - box.xmin:.1f} units wide, and a page has {WIDE}: make boxes narrower")
    middle = (box.xmin + box.xmax) / 2
    axis.set(xlim=(middle - WIDE / 2, middle + WIDE / 2), ylim=(box.ymin - margin, box.ymax + margin), aspect="equal")
    axis.axis("off")
    figure.set_size_inches(6, (box.ymax - box.ymin + 2 * margin) * INCHES)
    figure.set_layout_engine("none")
    axis.set_position((0, 0, 1, 1))


def box(label, w=2, h=0.9, fill=None):
    """A step: a box with a label."""
    made = flow.RoundBox(w=w, h=h, cornerradius=0.12).label(label)
    return made.fill(fill) if fill else made


def symbol(label, w=0.8, h=0.8):
    """What flows: a symbol or words without a frame."""
    return flow.Box(w=w, h=h).label(label).linewidth(0)


def note(label, at, ofst=(0, 0), halign="center", color="#808080", fontsize=10):
    """Small words beside something."""
    from schemdraw import elements as elm

    made = elm.Label().at((at[0] + ofst[0], at[1] + ofst[1])).label(label, halign=halign, fontsize=fontsize)
    return made.color(color)

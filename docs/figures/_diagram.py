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
from matplotlib.transforms import Bbox
from schemdraw import elements as elm
from schemdraw import flow

from yansuan.runs.words import LANGUAGES, drawn_in

WIDE = 12  # units across the page
INCHES = 6 / WIDE
FAINT = "#d3d3d3"  # follows the page: yansuan/runs/svg.py


@contextmanager
def diagram(margin=0.1):
    """Draw what is made in the block, centred, as high as it needs; what is wider than the page is an error."""
    with schemdraw.Drawing(show=False) as drawing:
        drawing.config(unit=1, fontsize=11, lw=1.2)
        yield drawing
    figure, axis = plt.subplots(layout="none")
    axis.axis("off")
    axis.set_position((0, 0, 1, 1))
    drawing.draw(show=False, canvas=axis)
    fit(figure, axis, drawn(axis))
    boxes = [drawn(axis), *written(figure, axis)]
    fit(figure, axis, Bbox.union(boxes).padded(margin))


def fit(figure, axis, box):
    """Half an inch a unit, and 12 units wide."""
    if box.width > WIDE + 0.05:
        raise ValueError(f"{box.width:.1f} units wide, and a page has {WIDE}: make boxes narrower")
    middle = (box.x0 + box.x1) / 2
    axis.set(xlim=(middle - WIDE / 2, middle + WIDE / 2), ylim=(box.y0, box.y1))
    figure.set_size_inches(6, box.height * INCHES)


def drawn(axis):
    """The box of all lines and shapes."""
    parts = [*axis.lines, *axis.patches]
    return Bbox.union([part.get_path().get_extents(part.get_transform() - axis.transData) for part in parts])


def written(figure, axis):
    """The boxes of all labels, in each language."""
    for lang in LANGUAGES:
        with drawn_in(lang):
            renderer = figure._get_renderer()
            for label in axis.texts:
                yield label.get_window_extent(renderer).transformed(axis.transData.inverted())


def box(label, w=2, h=0.9, fill=None):
    """A step: a box with a label."""
    made = flow.RoundBox(w=w, h=h, cornerradius=0.12).label(label)
    return made.fill(fill) if fill else made


def symbol(label, w=0.8, h=0.8):
    """What flows: a symbol or words without a frame."""
    return flow.Box(w=w, h=h).label(label).linewidth(0)


def note(label, at, ofst=(0, 0), halign="center", color="#808080", fontsize=10):
    """Small words beside something."""
    made = elm.Label().at((at[0] + ofst[0], at[1] + ofst[1])).label(label, halign=halign, fontsize=fontsize)
    return made.color(color)

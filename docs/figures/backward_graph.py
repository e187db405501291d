"""What depends on what in the layer, and the gradients that come back along the same ways."""

import numpy as np
from schemdraw import flow

from docs.figures._diagram import box, diagram, note, symbol
from yansuan.runs.words import words

FORWARD, BACK, NOTHING = "#000000", "#c2410c", "#808080"
AT = {"z": (0, 0), "mu": (3.6, 1.9), "var": (3.6, -1.9), "tilde": (7.1, 0), "hat": (9, 0), "loss": (10.8, 0)}
LABELS = {"z": "$z$", "mu": r"$\mu$", "var": r"$\sigma^2$", "tilde": r"$\tilde{z}$", "hat": r"$\hat{z}$"}
WAYS = (("z", "tilde"), ("z", "var"), ("z", "mu"), ("mu", "tilde"), ("var", "tilde"), ("tilde", "hat"), ("hat", "loss"))


def ends(start, end):
    """From the edge of one box to the edge of another, and which way is aside."""
    a, b = np.array(AT[start], float), np.array(AT[end], float)
    along = (b - a) / np.linalg.norm(b - a)
    out = 0.5 / np.abs(along).max() + 0.08
    return a + out * along, b - out * along, 0.1 * np.array([-along[1], along[0]])


def arrow(a, b, color):
    return flow.Arrow(headwidth=0.18, headlength=0.22).at(tuple(a)).to(tuple(b)).color(color)


with diagram():
    for name, label in LABELS.items():
        box(label, w=0.9, h=0.9).at(AT[name]).anchor("center")
    symbol(words(en="loss", zh="损失"), w=0.9).at(AT["loss"]).anchor("center")
    for start, end in WAYS:
        a, b, aside = ends(start, end)
        arrow(a + aside, b + aside, FORWARD)
        arrow(b - aside, a - aside, BACK)
    a, b, _ = ends("mu", "var")
    arrow(a, b, NOTHING).linestyle("--")
    note(r"$\gamma, \beta$", (8.05, 0.5), color=FORWARD, fontsize=12)
    note(words(en="1: directly", zh="1 直接"), (2.1, -0.36), color=BACK)
    note(words(en="2: through the mean", zh="2 经过均值"), (5.9, 1.25), halign="left", color=BACK)
    note(words(en="3: through the variance", zh="3 经过方差"), (5.9, -1.4), halign="left", color=BACK)
    note(words(en="always 0", zh="恒为 0"), (3.75, 0.75), halign="left", color=NOTHING)

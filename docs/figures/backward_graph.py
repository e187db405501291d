"""What depends on what in the layer, and the gradients that come back along the same ways."""

import numpy as np
from schemdraw import flow

from docs.figures._diagram import box, diagram, note
from yansuan.runs.words import words

FORWARD, BACK = "#000000", "#c2410c"
AT = {"z": (0, 0), "mu": (2.6, 3.1), "var": (4.2, 1.4), "tilde": (7.6, 0), "hat": (10, 0)}
LABELS = {"z": "$z$", "mu": r"$\mu$", "var": r"$\sigma^2$", "tilde": r"$\tilde{z}$", "hat": r"$\hat{z}$"}
WAYS = (("z", "tilde"), ("z", "var"), ("z", "mu"), ("mu", "var"), ("mu", "tilde"), ("var", "tilde"), ("tilde", "hat"))

with diagram():
    for name, place in AT.items():
        box(LABELS[name], w=0.9, h=0.9).at(place).anchor("center")
    for start, end in WAYS:
        a, b = np.array(AT[start], float), np.array(AT[end], float)
        along = (b - a) / np.linalg.norm(b - a)
        aside = 0.09 * np.array([-along[1], along[0]])
        out = 0.5 / np.abs(along).max() + 0.08  # from the middle of a box to beyond its edge
        a, b = a + out * along, b - out * along
        flow.Arrow(headwidth=0.18, headlength=0.22).at(tuple(a + aside)).to(tuple(b + aside)).color(FORWARD)
        flow.Arrow(headwidth=0.18, headlength=0.22).at(tuple(b - aside)).to(tuple(a - aside)).color(BACK)
    note(r"$\gamma, \beta$", (8.8, 0.5), color=FORWARD, fontsize=12)
    note(words(en="1: directly", zh="1 直接"), (3.8, -0.45), color=BACK)
    note(words(en="3: through the variance", zh="3 经过方差"), (4.2, 0.5), color=BACK)
    note(words(en="2: through the mean", zh="2 经过均值"), (4.9, 2.5), halign="left", color=BACK)
    note(words(en="loss", zh="损失"), (10.7, 0.05), halign="left", color=FORWARD)

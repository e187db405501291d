"""One feature of three examples through the whole layer, with the numbers of the card at every place."""

import numpy as np
from schemdraw import flow

from docs.figures._diagram import box, diagram, note, symbol
from snippets.batch_norm import batch_mean, batch_normalize, batch_variance, scale_and_shift
from yansuan.runs.words import words

z = np.array([[20.0], [20.0], [50.0]])
z_tilde = batch_normalize(z, batch_mean(z), batch_variance(z))
z_hat = scale_and_shift(z_tilde, np.array([2.0]), np.array([5.0]))


def column(at, values, digits):
    for row, value in enumerate(values[:, 0]):
        note(f"${value:.{digits}f}$", at.S, (0, -0.3 - 0.5 * row), fontsize=11, color="#000000")


with diagram():
    places = [symbol("$z$", w=1)]
    column(places[0], z, 0)
    for label, w, then, values in (
        (r"$-\mu\ \div\sigma$", 1.8, r"$\tilde{z}$", z_tilde),
        (r"$\odot\,\gamma$", 1.2, None, 2 * z_tilde),
        (r"$+\,\beta$", 1.2, r"$\hat{z}$", z_hat),
    ):
        flow.Arrow().right(0.6)
        step = box(label, w=w, h=0.8)
        places.append(step)
        flow.Arrow().right(0.6)
        column(symbol(then or r"$\gamma\odot\tilde{z}$", w=1), values, 2)
    note(words(en="from the batch", zh="由这一批算出"), places[1].N, (0, 0.25))
    for made, value in ((places[2], 2), (places[3], 5)):
        note(words(en=f"learned: {value}", zh=f"学出来：{value}"), made.N, (0, 0.25))

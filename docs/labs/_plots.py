"""How the labs draw: a thin line or a dot for each seed, names beside them."""

import numpy as np


def words(en, zh):
    """A label: here the English one, on a page that of its language.

    matplotlib's own font has no Chinese."""
    return en


def side(norm):
    """The colour and the name of networks with batch normalization, or not."""
    if norm:
        return "C0", words(en="with batch norm", zh="有批量归一化")
    return "C1", words(en="without", zh="没有批量归一化")


def curves(axis, steps, values, color, label=None, at=-1, offset=(0, 5), **kw):
    """A thin line for each seed, a thick one for the mean, and its name."""
    values = np.asarray(values)
    mean = values.mean(axis=1)
    axis.plot(steps, values, color=color, linewidth=0.6, alpha=0.5)
    axis.plot(steps, mean, color=color, linewidth=1.8)
    if label:
        name(axis, label, (steps[at], mean[at]), color, offset, **kw)


def dots(axis, values, row, color, label=None, offset=(0, 7)):
    """Along a row: a dot for each seed, a bar for the mean, above it a name."""
    axis.plot(values, [row] * len(values), "o", color=color, alpha=0.5, ms=4)
    axis.plot(np.mean(values), row, "|", color=color, ms=12, mew=2)
    if label:
        name(axis, label, (np.mean(values), row), color, offset)


def name(axis, label, at, color, offset=(0, 7), ha="center"):
    """What a line or a group of dots is, written beside it in its colour."""
    near = {"textcoords": "offset points", "color": color, "ha": ha}
    axis.annotate(label, at, offset, **near)

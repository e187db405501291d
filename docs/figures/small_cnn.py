"""A small convolutional network: where batch normalization stands, and the shape of what flows."""

from schemdraw import flow

from docs.figures._diagram import box, diagram, note, symbol
from yansuan.runs.words import words


def arrow_with(shape):
    arrow = flow.Arrow().right(0.75)
    note(words(en=shape, zh=shape), arrow.center, (0, 0.75), color="#000000")


with diagram():
    symbol("$x$", w=0.5)
    arrow_with("64, 1, 8, 8")
    box(words(en="convolution", zh="卷积"), w=2)
    arrow_with("64, 8, 8, 8")
    middle = box(words(en="batch norm.", zh="批量归一化"), w=2, fill="#d3d3d3")
    arrow_with("64, 8, 8, 8")
    box(words(en="ReLU", zh="ReLU"), w=1.2)
    arrow_with("64, 8, 8, 8")
    box(words(en="linear", zh="线性"), w=1.3)
    arrow_with("64, 10")
    note(words(en="8 means, 8 variances, 8 γ, 8 β", zh="均值、方差、γ、β 各 8 个"), middle.S, (0, -0.4))

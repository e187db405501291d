"""From two texts to a score: what the evaluation does with the answer of a system and one right answer."""

from schemdraw import flow

from docs.figures._diagram import FAINT, box, diagram, note, symbol
from yansuan.runs.words import words


def text(said):
    return words(en=said, zh=said)


with diagram():
    given = symbol(text('"in the year 1889"'), w=2.8)
    flow.Arrow().right(0.5)
    box(words(en="normalize", zh="规整"), w=1.8)
    flow.Arrow().right(0.5)
    bag = symbol(text("in year 1889"), w=2.2)
    right = symbol(text('"1889"'), w=2.8).at((given.W[0], given.W[1] - 1.5)).anchor("W")
    flow.Arrow().at(right.E).right(0.5)
    box(words(en="normalize", zh="规整"), w=1.8)
    flow.Arrow().right(0.5)
    one = symbol(text("1889"), w=2.2)
    common = box(words(en="common words: 1", zh="共有的词：1"), w=3, fill=FAINT).at((8.3, -0.75)).anchor("W")
    flow.Arrow().at(bag.E).to(common.WNW)
    flow.Arrow().at(one.E).to(common.WSW)
    note(words(en="answer of the system", zh="系统的答案"), (given.N[0], given.N[1] + 0.3))
    note(words(en="a right answer", zh="正确答案"), (right.S[0], right.S[1] - 0.3))
    note(text("P = 1/3"), (common.S[0] - 0.7, common.S[1] - 0.5), color="#1f5fbf", fontsize=11)
    note(text("R = 1/1"), (common.S[0] + 0.9, common.S[1] - 0.5), color="#c2410c", fontsize=11)
    note(text("F1 = 1/2"), (common.S[0], common.S[1] - 1.05), color="#000000", fontsize=11)

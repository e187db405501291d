"""A sentence on its way through the whole Transformer: encoder left, decoder right, from below as in the paper."""

from schemdraw import flow

from docs.figures._diagram import FAINT, box, diagram, note, symbol
from yansuan.runs.words import words

ENCODER, DECODER, WIDTH, STEP = 2.9, 8.9, 3.5, 1.3
NORM = words(en="+ input, layer norm", zh="＋ 输入，层归一化")
FEED = words(en="feed-forward", zh="前馈网络")
IN = words(en="embedding + position", zh="词向量 ＋ 位置编码")


def column(x, labels, first=0):
    """Boxes one above the other, each with an arrow from the one below."""
    made = []
    for i, label in enumerate(labels, first):
        words_alone = label in (labels[0], labels[-1])
        kind = symbol(label, w=WIDTH, h=0.7) if words_alone else box(label, w=WIDTH, h=0.75, fill=fill(label))
        made.append(kind.at((x, i * STEP)).anchor("center"))
        if len(made) > 1:
            flow.Arrow().at(made[-2].N).to(made[-1].S)
    return made


def fill(label):
    return FAINT if label == NORM else None


def around(block, after, side):
    """The input of a block goes around it and is added behind it."""
    k = 0.35 if side == "E" else -0.35
    start = (block.S[0], block.S[1] - 0.22)
    x = getattr(block, side)[0] + k
    end = getattr(after, side)
    for a, b in ((start, (x, start[1])), ((x, start[1]), (x, end[1]))):
        flow.Line().at(a).to(b).color("#808080")
    flow.Arrow().at((x, end[1])).to(end).color("#808080")


with diagram():
    left = column(
        ENCODER,
        [
            words(en="the  cat  sleeps", zh="the  cat  sleeps"),
            IN,
            words(en="self-attention", zh="自注意力"),
            NORM,
            FEED,
            NORM,
            words(en="memory: 3 vectors", zh="记忆：3 个向量"),
        ],
    )
    right = column(
        DECODER,
        [
            words(en="‹s›  die  Katze", zh="‹s›  猫  睡着"),
            IN,
            words(en="masked self-attention", zh="带掩码的自注意力"),
            NORM,
            words(en="cross-attention", zh="交叉注意力"),
            NORM,
            FEED,
            NORM,
            words(en="linear, softmax", zh="线性层，softmax"),
            words(en="die  Katze  schläft", zh="猫  睡着  了"),
        ],
    )
    for block, after in ((left[2], left[3]), (left[4], left[5])):
        around(block, after, "W")
    for block, after in ((right[2], right[3]), (right[4], right[5]), (right[6], right[7])):
        around(block, after, "E")
    middle = (ENCODER + DECODER) / 2
    flow.Line().at(left[6].E).to((middle, left[6].E[1]))
    flow.Line().at((middle, left[6].E[1])).to((middle, right[4].W[1]))
    flow.Arrow().at((middle, right[4].W[1])).to(right[4].W)
    note("$K, V$", right[4].W, (-0.62, 0.32), color="black")
    note("$Q$", right[4].S, (0.32, -0.32), color="black")
    note(words(en="encoder", zh="编码器"), left[6].N, (0, 0.75), color="black", fontsize=12)
    note(words(en="layer: 6 times in the paper", zh="这一层，论文叠 6 个"), left[6].N, (0, 0.25))
    note(words(en="decoder", zh="解码器"), right[9].N, (0, 0.2), color="black", fontsize=12)

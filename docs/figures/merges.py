"""The four words of the toy corpus, split after so many merges."""

import matplotlib.pyplot as plt

from snippets.tokenization import bpe_encode, learn_bpe

symbol, choices, chosen = "k", ["0", "3", "6", "10"], "6"
corpus = {"low": 5, "lower": 2, "newest": 6, "widest": 3}
merges = learn_bpe(list(corpus), list(corpus.values()), 10)


def draw(choice):
    k = int(choice)
    split = [bpe_encode(word, merges[:k]).split(" ") for word in corpus]
    _, axis = plt.subplots(figsize=(6, 2.4))
    for row, (symbols, n) in enumerate(zip(split, corpus.values(), strict=True)):
        at = 0
        for text in symbols:
            width = len(text.replace("</w>", "·"))
            axis.barh(-row, width - 0.12, left=at + 0.06, height=0.7, color="C1" if width > 1 else "C0", alpha=0.35)
            axis.text(at + width / 2, -row, text.replace("</w>", "·"), ha="center", va="center")
            at += width
        axis.text(-0.4, -row, f"{n} ×", ha="right", va="center")
    axis.set(xlim=(-1.2, 7.5), ylim=(-3.6, 0.6), xticks=[], yticks=[])
    for side in axis.spines.values():
        side.set_visible(False)
    length = sum(n * len(s) for s, n in zip(split, corpus.values(), strict=True))
    return {"length": str(length), "distinct": str(len({s for symbols in split for s in symbols}))}

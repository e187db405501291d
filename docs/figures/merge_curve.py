"""How many symbols a text has after k merges: the text that they were learned from, and another."""

import re
from collections import Counter

import matplotlib.pyplot as plt
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_wine

from snippets.tokenization import learn_bpe, merge_pair
from yansuan.runs.words import words


def counted(*data):
    """The words of descriptions of data sets, and how often each occurs."""
    return Counter(re.findall(r"[a-z]+", " ".join(one().DESCR for one in data).lower()))


learned_from, another = counted(load_wine, load_diabetes, load_iris), counted(load_breast_cancer)
most = 300
merges = learn_bpe(list(learned_from), list(learned_from.values()), most)


def lengths(text):
    """Symbols per word after 0, 1, … merges."""
    split = {word: " ".join([*word, "</w>"]) for word in text}
    found = []
    for pair in [None, *merges]:
        split = {word: merge_pair(s, *pair) if pair and " ".join(pair) in s else s for word, s in split.items()}
        found.append(sum(n * len(split[word].split(" ")) for word, n in text.items()) / text.total())
    return found


numbers = {}
_, axis = plt.subplots(figsize=(6, 2.8))
for name, colour, text, label in (
    ("own", "C0", learned_from, words(en="learned from", zh="学习用的文本")),
    ("other", "C1", another, words(en="another text", zh="另一篇文本")),
):
    curve = lengths(text)
    axis.plot(curve, color=colour)
    axis.text(most + 4, curve[-1], label, color=colour, va="center")
    numbers |= {f"{name}_0": f"{curve[0]:.1f}", f"{name}_end": f"{curve[-1]:.1f}"}
axis.set_xlabel(words(en="merges", zh="合并次数"))
axis.set_ylabel(words(en="symbols per word", zh="每个词的符号数"))
axis.set(ylim=(0, None))
numbers |= {"most": str(most), "distinct": str(len(learned_from)), "first": " ".join("".join(m) for m in merges[:6])}

"""Accuracy of tanh networks while they learn, for three sizes of their first weights and two depths."""

import matplotlib.pyplot as plt
import numpy as np

from docs.figures._depth import learning
from yansuan.runs.words import words

symbol, choices, chosen = "L", ["2", "10"], "10"
EPOCHS = 12
WAYS = {
    "heuristic": ("lecun", 3**-0.5, "C1", words(en="heuristic: too small", zh="经验做法：太小")),
    "large": ("xavier", 3.0, "C2", words(en="3 × Xavier: too large", zh="Xavier 的 3 倍：太大")),
    "xavier": ("xavier", 1.0, "C0", "Xavier"),
}


def draw(choice):
    _, axis = plt.subplots(figsize=(6, 2.8))
    numbers, epochs = {}, np.arange(2 * EPOCHS + 1) / 2
    for place, (name, (init, gain, colour, label)) in enumerate(WAYS.items()):
        found = learning("tanh", int(choice), init, gain, rate=0.05, epochs=EPOCHS)
        axis.plot(epochs, found, color=colour, linewidth=1.2)
        axis.text(EPOCHS + 0.3, 0.2 + 0.3 * place, label, color=colour, va="center")
        numbers[name] = f"{found[-1].mean():.2f}"
    axis.set(xlim=(0, EPOCHS), ylim=(0, 1), xticks=[0, 4, 8, 12])
    axis.set_xlabel(words(en="epoch", zh="训练轮数"))
    axis.set_ylabel(words(en="test accuracy", zh="测试准确率"))
    return numbers

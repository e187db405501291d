"""Accuracy of ReLU networks while they learn, for three sizes of their first weights and two depths."""

import matplotlib.pyplot as plt
import numpy as np

from docs.figures._depth import learning
from yansuan.runs.words import words

symbol, choices, chosen = "L", ["3", "15"], "15"
EPOCHS = 12
WAYS = {
    "large": ("he", 2.0, "C2", words(en="2 × He", zh="He 的 2 倍")),
    "xavier": ("xavier", 1.0, "C1", "Xavier = He / √2"),
    "he": ("he", 1.0, "C0", "He"),
}


def draw(choice):
    _, axis = plt.subplots(figsize=(6, 2.8))
    numbers, epochs = {}, np.arange(2 * EPOCHS + 1) / 2
    for place, (name, (init, gain, colour, label)) in enumerate(WAYS.items()):
        found = learning("relu", int(choice), init, gain, rate=0.03, epochs=EPOCHS)
        axis.plot(epochs, found, color=colour, linewidth=1.2)
        axis.text(EPOCHS + 0.3, 0.15 + 0.3 * place, label, color=colour, va="center")
        numbers[name] = f"{found[-1].mean():.2f}"
        numbers[f"{name}_range"] = f"{found[-1].min():.2f}–{found[-1].max():.2f}"
    axis.set(xlim=(0, EPOCHS), ylim=(0, 1), xticks=[0, 4, 8, 12])
    axis.set_xlabel(words(en="epoch", zh="训练轮数"))
    axis.set_ylabel(words(en="test accuracy", zh="测试准确率"))
    return numbers

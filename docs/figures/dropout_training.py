"""Test accuracy with and without dropout while 200 digits are learned, with right labels and with some made up."""

import matplotlib.pyplot as plt
import numpy as np

from docs.figures._dropout import learning
from yansuan.runs.words import words

symbol, choices, chosen = "r", ["0", "0.3"], "0.3"
SEEDS, EPOCHS, FEW = 3, 40, 200
WAYS = {
    "without": (0.0, "C1", words(en="without dropout", zh="没有 Dropout"), 0.36),
    "with": (0.5, "C0", words(en="dropout, p = 0.5", zh="Dropout，p = 0.5"), 0.5),
}


def draw(choice):
    _, axis = plt.subplots(figsize=(6, 3))
    numbers, epochs = {}, np.arange(0, EPOCHS + 1, 2)
    for name, (p, colour, label, height) in WAYS.items():
        runs = np.array([learning(p, seed, EPOCHS, few=FEW, wrong=float(choice)) for seed in range(SEEDS)])
        train, test = runs[..., 0], runs[..., 1]
        axis.plot(epochs, test.T, color=colour, linewidth=1.2)
        axis.plot(epochs, train.mean(axis=0), color=colour, linewidth=1.2, linestyle=":")
        axis.text(EPOCHS - 1, height, label, color=colour, ha="right")
        numbers[f"{name}_test"] = f"{test[:, -1].mean():.3f}"
        numbers[f"{name}_range"] = f"{test[:, -1].min():.3f}–{test[:, -1].max():.3f}"
        numbers[f"{name}_train"] = f"{train[:, -1].mean():.3f}"
    axis.text(EPOCHS - 1, 0.22, words(en="dotted: training set", zh="点线：训练集"), color="#808080", ha="right")
    axis.set(xlim=(0, EPOCHS), ylim=(0, 1.02))
    axis.set_xlabel(words(en="epoch", zh="训练轮数"))
    axis.set_ylabel(words(en="accuracy", zh="准确率"))
    return numbers


numbers = {"seeds": str(SEEDS), "few": str(FEW), "epochs": str(EPOCHS)}

"""The last hidden layer of a sigmoid network of four: driven to 0, stuck there, and free again; with the accuracy."""

import matplotlib.pyplot as plt
import numpy as np

from docs.figures._depth import TEST_X, TEST_Y, X, Y
from docs.labs._network import Network, train
from yansuan.runs.words import words

SEEDS, EPOCHS = 3, 100
network = Network([64, *[32] * 4, 10], "sigmoid", None, range(SEEDS))
means, accuracy = [], []


def watch(network, step, x, y):
    if step % 44 == 0:
        accuracy.append(network.accuracy(TEST_X, TEST_Y))
        means.append([a.mean(axis=(1, 2)) for a in network.activated])  # layer, seed


train(network, X, Y, rate=1.0, epochs=EPOCHS, watch=watch)
means, accuracy = np.array(means), np.array(accuracy)
epochs = 2 * np.arange(len(means))

figure, (above, below) = plt.subplots(2, 1, figsize=(6, 3.8), sharex=True, height_ratios=(3, 2))
for layer, colour in zip(range(4), ("#d3d3d3", "#d3d3d3", "#808080", "C1"), strict=True):
    above.plot(epochs, means[:, layer], color=colour, linewidth=1.2)
below.plot(epochs, accuracy, color="C0", linewidth=1.2)
above.text(3, 0.64, words(en="layer 3", zh="第 3 层"), color="#808080")
above.text(3, 0.03, words(en="layer 4", zh="第 4 层"), color="C1")
above.set(ylim=(0, 0.75))
above.set_ylabel(words(en="mean activation", zh="平均激活值"))
below.set(ylim=(0, 1), xlim=(0, EPOCHS))
below.set_xlabel(words(en="epoch", zh="训练轮数"))
below.set_ylabel(words(en="test accuracy", zh="测试准确率"))
stuck = means[:, 3].min(axis=0)
free = [int(epochs[np.argmax(one > 0.5)]) for one in accuracy.T]
numbers = {
    "seeds": str(SEEDS),
    "epochs": str(EPOCHS),
    "lowest": f"{stuck.min():.2f}",
    "highest": f"{stuck.max():.2f}",
    "at_20": f"{accuracy[10].max():.2f}",
    "end": f"{accuracy[-1].mean():.2f}",
    "first": str(min(free)),
    "last": str(max(free)),
}

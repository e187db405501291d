"""Test accuracy while a network trains: with the statistics of the whole test set, and with moving averages."""

import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import Network, digits, train
from yansuan.runs.words import words

x, y, test_x, test_y = digits()
seeds, every = range(3), 6
network = Network([64, 32, 32, 10], "relu", "before", seeds, init="he")
slow = Network([64, 32, 32, 10], "relu", "before", seeds, init="he", p=0.99)  # its averages only, on the same weights
steps, curves = [], {"whole": [], "0.9": [], "0.99": []}


def look(net, step, batch_x, batch_y):
    if step % every == 0:
        steps.append(step)
        curves["whole"].append(net.accuracy(test_x, test_y, "batch"))
        curves["0.9"].append(net.accuracy(test_x, test_y))
        slow.layers = net.layers
        curves["0.99"].append(slow.accuracy(test_x, test_y))
    slow.layers = net.layers
    slow.forward(batch_x, "train")


train(network, x, y, rate=0.1, epochs=8, watch=look)
mean = {name: np.mean(values, axis=1) for name, values in curves.items()}
early = steps.index(18)
numbers = {f"{name.replace('0.', 'p')}_early": f"{values[early]:.2f}" for name, values in mean.items()}
numbers |= {f"{name.replace('0.', 'p')}_last": f"{values[-1]:.2f}" for name, values in mean.items()}
numbers |= {"early": str(steps[early]), "last": str(steps[-1]), "seeds": str(len(seeds))}

_, axis = plt.subplots(figsize=(6, 3))
for name, colour in (("whole", "#808080"), ("0.9", "C0"), ("0.99", "C1")):
    axis.plot(steps, curves[name], color=colour, alpha=0.25, linewidth=0.8)
    axis.plot(steps, mean[name], color=colour)
axis.annotate(
    words(en="statistics of all test data", zh="用全部测试数据的统计量"), (6, 1.03), color="#808080", fontsize=10
)
axis.annotate("$p = 0.9$", (17, 0.88), color="C0")
axis.annotate("$p = 0.99$", (46, 0.55), color="C1")
axis.set(
    xlabel=words(en="training step", zh="训练步数"), ylabel=words(en="test accuracy", zh="测试准确率"), ylim=(0, 1.1)
)

"""The paper's first experiment (§4.1), small: three layers of 100 sigmoids, without and with batch normalization."""

import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import Network, digits, train
from yansuan.runs.words import words

x, y, test_x, test_y = digits()
seeds, rate, every = range(3), 1.0, 20
figure = plt.figure(figsize=(6, 3))
left, *right = figure.subplot_mosaic([["a", "b"], ["a", "c"]], width_ratios=[3, 2]).values()
numbers = {"seeds": str(len(seeds))}
for axis, name, norm, colour in ((right[0], "without", None, "C1"), (right[1], "with", "before", "C0")):
    steps, accuracy, spread = [], [], []

    def watch(network, step, *_, steps=steps, accuracy=accuracy, spread=spread):
        if step % every == 0:
            steps.append(step)
            accuracy.append(network.accuracy(test_x, test_y))
            spread.append(np.percentile(network.sums[2][1][0, :, 0], [15, 50, 85]))

    train(Network((64, 100, 100, 100, 10), "sigmoid", norm, seeds), x, y, rate, epochs=22, batch=60, watch=watch)
    left.plot(steps, accuracy, color=colour, linewidth=0.9)
    for line in np.transpose(spread):
        axis.plot(steps, line, color=colour, linewidth=0.9)
    low, _, high = np.transpose(spread)
    numbers |= {
        f"{name}_100": f"{np.mean(accuracy[100 // every]):.2f}",
        f"{name}_end": f"{np.mean(accuracy[-1]):.2f}",
        f"{name}_low": f"{min(low):.1f}".replace("-", "−"),
        f"{name}_high": f"{max(high):.1f}".replace("-", "−"),
        "steps": str(steps[-1]),
    }
left.text(90, 0.86, words(en="with", zh="有批量归一化"), color="C0", va="center")
left.text(330, 0.1, words(en="without", zh="没有"), color="C1", va="center")
left.set_xlabel(words(en="step", zh="步数"))
left.set_ylabel(words(en="test accuracy", zh="测试准确率"))
left.set(ylim=(0, 1))
right[0].set_title(words(en="inputs of one sigmoid", zh="一个 sigmoid 的输入"), fontsize=10)
right[0].set_xticklabels([])
right[1].set_xlabel(words(en="step", zh="步数"))

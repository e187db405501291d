"""The gradient along the right score when the answer is wrong by more and more: cross-entropy and squared error."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.losses import softmax, softmax_cross_entropy_gradient, softmax_jacobian
from yansuan.runs.words import words

wrong_by = np.linspace(-6, 10, 161)  # how far the wrong score of two is ahead
y = np.array([1.0, 0.0])


def gradients(ahead):
    z = np.array([0.0, ahead])
    p = softmax(z)
    squared = softmax_jacobian(p).T @ (p - y)  # of half the squared error, by the chain rule
    return softmax_cross_entropy_gradient(z, y)[0], squared[0]


entropy, squared = np.array([gradients(ahead) for ahead in wrong_by]).T
numbers = {}
for ahead in (0, 2, 5, 10):
    a, b = gradients(float(ahead))
    numbers |= {f"entropy_{ahead}": f"{-a:.5f}" if ahead == 10 else f"{-a:.3f}", f"squared_{ahead}": f"{-2 * b:.4f}"}

_, axis = plt.subplots(figsize=(6, 2.9))
axis.plot(wrong_by, -entropy, color="C0")
axis.plot(wrong_by, -2 * squared, color="C1")
axis.axvline(0, color="#d3d3d3", linewidth=1)
axis.annotate(words(en="cross-entropy", zh="交叉熵"), (5, 0.9), color="C0")
axis.annotate(words(en="squared error", zh="平方误差"), (5, 0.1), color="C1")
axis.annotate(words(en="right", zh="答对"), (-5.8, 1.08), color="#808080", fontsize=10)
axis.annotate(words(en="sure and wrong", zh="肯定，却错了"), (10, 1.08), color="#808080", fontsize=10, ha="right")
axis.set(xlabel=words(en="wrong score minus right score", zh="错误类的得分减正确类的得分"), ylim=(0, 1.2))
axis.set(ylabel=words(en="size of the gradient", zh="梯度的大小"))

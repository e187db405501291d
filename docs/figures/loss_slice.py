"""One slice through the loss of a small network, along the negative gradient, with the three measures of 2018 on it."""

import matplotlib.pyplot as plt
import numpy as np

from docs.figures._slices import gradient, loss_and_weights
from snippets.explanations import (
    effective_beta_smoothness,
    gradient_predictiveness,
    loss_variation_along_gradient,
)
from yansuan.runs.words import words

steps = np.linspace(0, 0.12, 13)
loss, weights = loss_and_weights(0, normalized=False)
g, there = gradient(loss, weights), gradient(loss, weights - steps[-1] * gradient(loss, weights))
losses = np.array([loss(weights - a * g) for a in steps])


def slopes(w):
    return gradient(loss, w)


numbers = {
    "variation": f"{loss_variation_along_gradient(loss, slopes, weights, steps):.3f}",
    "change": f"{gradient_predictiveness(slopes, weights, steps):.1f}",
    "smoothness": f"{effective_beta_smoothness(slopes, weights, steps[1:]):.0f}",
    "length": f"{np.linalg.norm(g):.1f}",
    "reach": f"{steps[-1]:g}",
    "low": f"{losses.min():.3f}",
    "high": f"{losses.max():.3f}",
}
_, axis = plt.subplots(figsize=(6, 3.2))
axis.plot(steps, losses, "o-", color="k", markersize=3)
for start, at, slope, color in ((0, 0, -g @ g, "C0"), (0.09, 0.12, -g @ there, "C1")):  # what each gradient promises
    along = np.array([start, start + 0.03])
    axis.plot(along, loss(weights - at * g) + slope * (along - at), color=color, linewidth=2)
axis.text(0.012, 1.75, words(en="gradient here", zh="起点的梯度"), color="C0", va="center")
axis.text(0.094, 1.12, words(en="gradient there", zh="走远之后的梯度"), color="C1", va="center", ha="left")
axis.annotate("", (0.135, losses.min()), (0.135, losses.max()), arrowprops={"arrowstyle": "<->"})
axis.plot([steps[losses.argmin()], 0.135], [losses.min()] * 2, ":", color="#808080", linewidth=0.8)
axis.text(0.138, (losses.min() + losses.max()) / 2, words(en="① range", zh="① 变化范围"), va="center")
axis.text(
    0.05, 2.25, words(en="② how far apart the two gradients are", zh="② 两个梯度差多远"), ha="center", va="center"
)
axis.annotate("", (0, 0.35), (0.12, 0.35), arrowprops={"arrowstyle": "<->"})
axis.text(
    0.06, 0.2, words(en="③ the same, divided by this distance", zh="③ 再除以走过的这段距离"), ha="center", va="center"
)
axis.set(xlim=(-0.004, 0.175), ylim=(0, 2.5), xticks=[0, 0.04, 0.08, 0.12])
axis.set_xlabel(words(en="step size, down the gradient", zh="步长，沿负梯度"))
axis.set_ylabel(words(en="loss", zh="损失"))

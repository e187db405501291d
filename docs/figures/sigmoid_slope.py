"""The sigmoid, its derivative and its tangent at 0: where it is steepest it is nearly straight."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.activations import sigmoid, sigmoid_derivative
from yansuan.runs.words import words

z = np.linspace(-7, 7, 281)
numbers = {f"at_{at}": f"{sigmoid_derivative(np.array(float(at))):.3f}" for at in (0, 2, 5)}
normal = np.random.default_rng(0).normal(size=100000)
for spread in (1, 5):
    straight = np.corrcoef(normal, sigmoid(spread * normal))[0, 1] ** 2
    numbers[f"straight_{spread}"] = f"{100 * straight:.0f}"

_, axis = plt.subplots(figsize=(6, 2.9))
axis.axvspan(-1, 1, zorder=0, color="#d3d3d3", linewidth=0)
axis.plot(z, 0.5 + z / 4, color="#808080", linestyle="--", linewidth=1)
axis.plot(z, sigmoid(z), color="C0")
axis.plot(z, sigmoid_derivative(z), color="C1")
axis.text(3.4, 0.87, "$s(z)$", color="C0", ha="center")
axis.text(-3.2, 0.11, "$ds/dz$", color="C1", ha="center")
axis.text(2.5, 1.06, words(en="tangent at 0", zh="0 处的切线"), color="#808080", va="center")
axis.text(-1.2, 0.9, words(en="most of a normalized z", zh="归一化之后多在这里"), ha="right")
axis.set(ylim=(0, 1.15), xlim=(-7, 7), xlabel="$z$")

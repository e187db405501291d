"""The gradient carried back through fifty blocks: without skip connections, with them, and with small branches."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.initialization import kaiming_normal, xavier_normal
from snippets.residual import residual_backward, residual_block
from yansuan.runs.words import words

symbol, choices, chosen = r"\alpha", ["0.5", "1", "2"], "1"
D, L, SEEDS = 64, 50, 5


def lengths(alpha, skip, factor, seed):
    """The length of the gradient after each block back, in powers of ten; it starts with length 1."""
    rng = np.random.default_rng(seed)
    inputs, weights = [rng.normal(size=D)], []
    for _ in range(L):
        W_1 = kaiming_normal(rng.normal(size=(D, D)))
        W_2 = xavier_normal(rng.normal(size=(D, D)), alpha * factor)
        weights.append((W_1, W_2))
        y = residual_block(inputs[-1], W_1, W_2)
        inputs.append(y if skip else y - inputs[-1])
    g, found = rng.normal(size=D), [0.0]
    g = g / np.sqrt(g @ g)
    for (W_1, W_2), x in zip(weights[::-1], inputs[-2::-1], strict=True):
        dx, _, _ = residual_backward(g, x, W_1, W_2)
        g = dx if skip else dx - g
        found.append(found[-1] + np.log10(np.sqrt(g @ g)))
        g = g / np.sqrt(g @ g)
    return found


def draw(choice):
    _, axis = plt.subplots(figsize=(6, 2.8))
    numbers, ends = {}, []
    for name, label, skip, factor, colour in (
        ("plain", "$F$", False, 1, "C1"),
        ("skip", "$x + F$", True, 1, "C0"),
        ("small", r"$x + F/\sqrt{L}$", True, L**-0.5, "C2"),
    ):
        runs = np.median([lengths(float(choice), skip, factor, seed) for seed in range(SEEDS)], axis=0)
        axis.plot(runs, color=colour)
        ends.append((runs[-1], label, colour))
        numbers[name] = f"{runs[-1]:.1f}".replace("-", "−")
    at = -np.inf
    for end, label, colour in sorted(ends):
        at = max(end, at + 4)  # labels do not touch
        axis.text(L + 1, at, label, color=colour, va="center")
    axis.axhline(0, color="#808080", linestyle="--", linewidth=1)
    axis.set(xlim=(0, L), ylim=(-18, 18))
    axis.set_xlabel(words(en="blocks back from the last", zh="从最后一块往回数的块数"))
    axis.set_ylabel(words(en="length, powers of 10", zh="长度（10 的几次方）"))
    return numbers

"""Networks of 2, 8, 20 and 40 layers learn handwritten digits, plain and with skip connections: the loss against step.

Block of 2015, with batch normalization. The same weights and batches on both sides; trained by the tape of _tape.py."""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

from docs.figures._tape import Tape
from yansuan.runs.words import words

LAYERS, SEEDS, WIDTH, BATCH, STEPS, RATE = (2, 8, 20, 40), 3, 32, 64, 140, 0.02
SKIP = np.repeat([0, 1], SEEDS)[:, None, None].astype(np.float32)  # three plain networks, and the same with the skip
DIGITS = load_digits()
X, Y = (DIGITS.data / 16).astype(np.float32), DIGITS.target


def train(layers):
    """The training loss of all networks at each step; and how long the gradient of the first inner weights is in the
    beginning, compared with that of the last: plain, with skip."""
    seeds = [*range(SEEDS)] * 2
    noise = [np.random.default_rng([seed, layers]) for seed in seeds]
    batches = [np.random.default_rng(seed) for seed in seeds]

    def weights(n, k, square):
        return Tape(np.stack([np.sqrt(square) * rng.normal(size=(n, k)) for rng in noise]).astype(np.float32))

    first, last = weights(64, WIDTH, 2 / 64), weights(WIDTH, 10, 1 / WIDTH)
    inner = [weights(WIDTH, WIDTH, 2 / WIDTH) for _ in range(layers)]
    every = [first, *inner, last]
    speeds, found = [0 * w.value for w in every], []
    for _ in range(STEPS):
        chosen = np.stack([rng.integers(0, len(Y), BATCH) for rng in batches])
        x = (Tape(X[chosen]) @ first).normalized(axis=-2).relu()
        for W_1, W_2 in zip(inner[::2], inner[1::2], strict=True):
            h = (x @ W_1).normalized(axis=-2).relu()
            x = ((h @ W_2).normalized(axis=-2) + x * SKIP).relu()
        z = x @ last
        p = z.softmax().value
        right = np.take_along_axis(p, Y[chosen][..., None], axis=-1)
        found.append(-np.log(right + 1e-9).mean(axis=(1, 2)))
        z.backward((p - np.eye(10, dtype=np.float32)[Y[chosen]]) / BATCH)
        if len(found) == 1:
            near, far = (np.sqrt(np.sum(w.grad**2, axis=(1, 2))) for w in (inner[-1], inner[0]))
        for i, w in enumerate(every):  # momentum
            speeds[i] = 0.9 * speeds[i] - np.float32(RATE) * w.grad
            w.value = w.value + speeds[i]
    return np.array(found), [np.median(far[s] / near[s]) for s in (slice(SEEDS), slice(SEEDS, None))]


def draw():
    _, axes = plt.subplots(1, 2, figsize=(6, 2.9), sharey=True)
    numbers = {}
    for layers, colour in zip(LAYERS, ("C0", "C2", "C3", "C1"), strict=True):
        losses, ratios = train(layers)
        smooth = np.apply_along_axis(lambda a: np.convolve(a, np.ones(8) / 8, "valid"), 0, losses)
        for axis, name, some in ((axes[0], "plain", smooth[:, :SEEDS]), (axes[1], "skip", smooth[:, SEEDS:])):
            axis.plot(np.arange(8, STEPS + 1), some, color=colour, linewidth=1)
            numbers[f"{name}_{layers}"] = f"{some[-13:].mean():.2f}"  # of the last 20 steps
            if name == "plain":
                low = {2: "top", 8: "bottom"}.get(layers, "center")  # their ends are close
                axis.text(STEPS + 3, some[-1].mean(), str(layers), color=colour, va=low)
    numbers |= {"gradient": f"{ratios[0]:.0f}", "gradient_skip": f"{ratios[1]:.1f}"}  # of the deepest
    axes[0].text(STEPS + 3, 2.55, words(en="layers", zh="层数"), va="center", ha="center")
    for axis, title in zip(axes, (words(en="plain", zh="普通网络"), words(en="residual", zh="残差网络")), strict=True):
        axis.set(xlim=(0, STEPS), ylim=(0, 2.7))
        axis.set_title(title, fontsize=11)
        axis.set_xlabel(words(en="step", zh="步数"))
    axes[0].set_ylabel(words(en="training loss", zh="训练损失"))
    return numbers


numbers = draw()

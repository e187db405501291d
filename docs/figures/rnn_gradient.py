"""The gradient of a recurrent network, carried back step by step, with and without layer normalization."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.normalization import layer_norm_backward, layer_norm_rnn_step
from yansuan.runs.words import words

N, STEPS, SEEDS = 32, 50, 5
ONE, ZERO = np.ones(N), np.zeros(N)  # γ; no inputs
numbers = {}


def lengths(gain, norm, seed):
    """How long the gradient is after each step back, in powers of ten; at the end its length is 1."""
    rng = np.random.default_rng(seed)
    W, h, g = gain * rng.normal(size=(N, N)) / np.sqrt(N), rng.normal(size=N), rng.normal(size=N)
    states = [h]
    for _ in range(STEPS):
        h = layer_norm_rnn_step(h, ZERO, W, W) if norm else np.tanh(W @ h)
        states.append(h)
    found, log_length, g = [0.0], 0.0, g / np.sqrt(g @ g)
    for before, after in zip(states[-2::-1], states[:0:-1], strict=True):
        g = g * (1 - after**2)
        g = W.T @ (layer_norm_backward(g, W @ before, ONE)[0] if norm else g)
        log_length += np.log10(np.sqrt(g @ g))
        found.append(log_length)
        g = g / np.sqrt(g @ g)
    return found


_, axes = plt.subplots(1, 2, figsize=(6, 2.8), sharey=True)
TITLES = (words(en="without normalization", zh="没有归一化"), words(en="layer normalization", zh="层归一化"))
for axis, norm, title in zip(axes, (False, True), TITLES, strict=True):
    for gain, colour, style in ((0.5, "C0", "-"), (1, "C1", "-"), (2, "C2", "-"), (4, "C3", "--")):
        runs = np.mean([lengths(gain, norm, seed) for seed in range(SEEDS)], axis=0)
        axis.plot(runs, color=colour, linestyle=style)
        if not norm:
            axis.text(STEPS + 1.5, runs[-1], f"$a = {gain}$", color=colour, va="center")
        numbers[f"{'norm' if norm else 'plain'}_{str(gain).replace('.', '')}"] = f"{runs[-1]:.1f}".replace("-", "−")
    axis.axhline(0, color="#808080", linestyle="--", linewidth=1)
    axis.set(title=title, xticks=[0, 25, 50])
    axis.set_xlabel(words(en="steps back", zh="往回传的步数"))
axes[0].set_ylabel(words(en="length, as a power of ten", zh="长度（10 的幂）"))
axes[1].text(STEPS, 3, words(en="all four", zh="四条重合"), ha="right")

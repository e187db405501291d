"""Two heads with weights set by hand: one finds the word before, the other the noun. Drawn by multi-head attention."""

import matplotlib.pyplot as plt
import numpy as np

from docs.figures._grid import grid
from snippets.attention import multi_head_attention
from yansuan.runs.words import words

WORDS = [
    words(en="the", zh="一只"),
    words(en="black", zh="黑"),
    words(en="cat", zh="猫"),
    words(en="sleeps", zh="睡着了"),
]
N = len(WORDS)
SURE = 6.0  # how strongly the queries ask: the larger, the nearer the weights are to 0 and 1


def weights():
    """(2, 4, 4): the weights of both heads, seen by giving each position a value of its own."""
    x = np.zeros((N, 2 * (N + 1)))
    x[:, :N] = np.eye(N)  # which position
    x[2, N] = 1  # is it a noun?
    seen = []
    for head in range(2):
        W_Q, W_K, W_V, W_O = np.zeros((4, *2 * [2 * (N + 1)]))
        W_Q[:N, :N] = SURE * np.eye(N, k=1)  # head 1 asks: who stands one place before me?
        W_Q[0, 0] = SURE  # the first has nobody before it and asks for itself
        W_K[:N, :N] = np.eye(N)  # and answers with its place
        W_Q[N + 1, :N] = SURE  # head 2 asks, wherever it stands: who is a noun?
        W_K[N + 1, N] = 1
        first = head * (N + 1)
        W_V[first : first + N, :N] = np.eye(N)
        W_O[:N, first : first + N] = np.eye(N)
        seen.append(multi_head_attention(x, x, x, 2, W_Q, W_K, W_V, W_O)[:, :N])
    return seen


def draw():
    both = weights()
    _, axes = plt.subplots(1, 2, figsize=(6, 2.9))
    for axis, A, colour in zip(axes, both, ("C0", "C1"), strict=True):
        assert np.allclose(A.sum(axis=1), 1)
        grid(axis, A, [[f"{a:.2f}".lstrip("0") if a < 0.995 else "1" for a in row] for row in A], WORDS, WORDS, colour)
    axes[0].set_title(words(en="head 1: the word before", zh="头 1：前一个词"), fontsize=11)
    axes[1].set_title(words(en="head 2: the noun", zh="头 2：名词"), fontsize=11)
    return {"before": f"{both[0][3, 2]:.2f}", "noun": f"{both[1][0, 2]:.2f}"}


numbers = draw()

"""A recurrent network that reads 8×8 digits row by row, with and without layer normalization."""

import matplotlib.pyplot as plt
import numpy as np

from docs.labs._network import digits
from snippets.losses import softmax_cross_entropy_gradient
from snippets.normalization import layer_norm, layer_norm_backward
from yansuan.runs.words import words

symbol, choices, chosen = "a", ["1", "4"], "4"
STATE, SEEDS, EPOCHS, BATCH, RATE = 32, 3, 10, 100, 0.2
X, Y, TEST_X, TEST_Y = digits()


def read(W, x, norm):
    """The sums and the states of all steps, from images (m, 64); each row is a step."""
    rows, h = x.reshape(-1, 8, 8), np.zeros((len(x), STATE))
    sums, states = [], [h]
    for t in range(8):
        sums.append(h @ W["hh"].T + rows[:, t] @ W["xh"].T)
        h = np.tanh(layer_norm(sums[-1], W["gamma"], W["beta"]) if norm else sums[-1] + W["beta"])
        states.append(h)
    return rows, sums, states


def gradient(W, x, y, norm):
    rows, sums, states = read(W, x, norm)
    d = softmax_cross_entropy_gradient(states[-1] @ W["out"].T, np.eye(10)[y])
    found = {name: np.zeros_like(w) for name, w in W.items()}
    found["out"], d = d.T @ states[-1], d @ W["out"]
    for t in reversed(range(8)):
        d = d * (1 - states[t + 1] ** 2)
        if norm:
            d, dgamma, dbeta = layer_norm_backward(d, sums[t], W["gamma"])
            found["gamma"] += dgamma
            found["beta"] += dbeta
        else:
            found["beta"] += d.sum(axis=0)
        found["hh"] += d.T @ states[t]
        found["xh"] += d.T @ rows[:, t]
        d = d @ W["hh"]
    return found


def learning(gain, norm, seed):
    """Test accuracy before each epoch and at the end."""
    rng, found = np.random.default_rng(seed), []
    W = {
        "hh": gain * rng.normal(size=(STATE, STATE)) / np.sqrt(STATE),
        "xh": rng.normal(size=(STATE, 8)) / np.sqrt(8),
        "out": rng.normal(size=(10, STATE)) / np.sqrt(STATE),
        "gamma": np.ones(STATE),
        "beta": np.zeros(STATE),
    }
    for _ in range(EPOCHS):
        found.append(right(W, norm))
        order = rng.permutation(len(Y))
        for start in range(0, len(Y) - BATCH + 1, BATCH):
            chosen = order[start : start + BATCH]
            slopes = gradient(W, X[chosen], Y[chosen], norm)
            W = {name: w - RATE * slopes[name] for name, w in W.items()}
    return [*found, right(W, norm)]


def right(W, norm):
    return np.mean((read(W, TEST_X, norm)[2][-1] @ W["out"].T).argmax(axis=1) == TEST_Y)


def draw(choice):
    _, axis = plt.subplots(figsize=(6, 2.8))
    found = {}
    for norm, colour in ((False, "C1"), (True, "C0")):
        found[norm] = np.array([learning(float(choice), norm, seed) for seed in range(SEEDS)])
        axis.plot(found[norm].T, color=colour, linewidth=1.2)
    axis.text(EPOCHS, 0.3, words(en="with layer normalization", zh="有层归一化"), color="C0", ha="right")
    axis.text(EPOCHS, 0.15, words(en="without", zh="没有"), color="C1", ha="right")
    axis.set(xlim=(0, EPOCHS), ylim=(0, 1))
    axis.set_xlabel(words(en="epoch", zh="训练轮数"))
    axis.set_ylabel(words(en="test accuracy", zh="测试准确率"))
    numbers = {}
    for norm, name in ((False, "without"), (True, "with")):
        last = found[norm][:, -1]
        numbers |= {name: f"{last.mean():.2f}", f"{name}_range": f"{last.min():.2f}–{last.max():.2f}"}
    return numbers


numbers = {"seeds": str(SEEDS), "epochs": str(EPOCHS)}

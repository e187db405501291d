"""A Transformer of one layer each side learns to reverse six digits, with and without positions: accuracy against step,
and where the trained one looks in the source. Trained by the tape of _tape.py, tried with the snippets."""

from functools import partial

import matplotlib.pyplot as plt
import numpy as np

from docs.figures._grid import grid
from docs.figures._tape import Tape
from snippets.activations import relu
from snippets.attention import multi_head_attention, scaled_dot_product_attention, sinusoidal_encoding
from snippets.normalization import layer_norm
from snippets.transformer import decoder_layer, encoder_layer
from yansuan.runs.words import words

SEEDS, D, HEADS, HIDDEN, N, BATCH, STEPS, RATE = 3, 32, 2, 64, 6, 16, 220, 0.006
START = 10  # the token that begins every answer, after the ten digits
RNGS = [np.random.default_rng(seed) for seed in range(SEEDS)] * 2  # the same networks with and without positions
ONE_HOT = np.eye(START + 1, dtype=np.float32)
CAUSAL = np.where(np.tri(N, dtype=bool), 0, -np.inf).astype(np.float32)
PLACES = sinusoidal_encoding(np.arange(N), D)
POSITIONS = (PLACES * np.repeat([1, 0], SEEDS)[:, None, None, None]).astype(np.float32)


def parameter(*shape, square):
    """For each network the same shape, with a mean square of `square`; the second axis is the batch."""
    noise = [np.random.default_rng([seed, *shape, len(WEIGHTS)]).normal(size=shape) for seed in [*range(SEEDS)] * 2]
    WEIGHTS.append(Tape((np.sqrt(square) * np.stack(noise))[:, None].astype(np.float32)))
    return WEIGHTS[-1]


WEIGHTS = []
TABLE, OUT = parameter(START + 1, D, square=1 / D), parameter(D, 10, square=1 / D)
ITSELF, MASKED, CROSS = ({name: parameter(D, D, square=1 / D) for name in "QKVO"} for _ in range(3))
FEED = [(parameter(D, HIDDEN, square=2 / D), parameter(HIDDEN, D, square=1 / HIDDEN)) for _ in range(2)]


def split(x):
    return x.reshape(*x.value.shape[:-1], HEADS, D // HEADS).swap(-2, -3)


def attend(w, q, k, mask=0):
    Q, K, V = split(q @ w["Q"]), split(k @ w["K"]), split(k @ w["V"])
    A = ((Q @ K.T) * np.float32((D / HEADS) ** -0.5)).softmax(mask)
    return (A @ V).swap(-2, -3).reshape(*q.value.shape) @ w["O"]


def feed(w, x):
    return (x @ w[0]).relu() @ w[1]


def embed(tokens):
    return (Tape(ONE_HOT[tokens]) @ TABLE) * np.float32(D**0.5) + Tape(POSITIONS)


def logits(source, begun):
    """Scores of the digits, for all positions at once."""
    x = embed(source)
    x = (x + attend(ITSELF, x, x)).normalized()
    memory = (x + feed(FEED[0], x)).normalized()
    y = embed(begun)
    y = (y + attend(MASKED, y, y, CAUSAL)).normalized()
    y = (y + attend(CROSS, y, memory)).normalized()
    return (y + feed(FEED[1], y)).normalized() @ OUT


def train():
    """Accuracy of each network at each step, on examples that it has not seen."""
    averages, found = [[0 * w.value, 0 * w.value] for w in WEIGHTS], []
    for step in range(1, STEPS + 1):
        source = np.stack([rng.integers(0, 10, (BATCH, N)) for rng in RNGS[:SEEDS]] * 2)
        right = source[..., ::-1]
        begun = np.concatenate([np.full((2 * SEEDS, BATCH, 1), START), right[..., :-1]], axis=-1)
        z = logits(source, begun)
        p = z.softmax().value
        found.append(np.mean(p.argmax(axis=-1) == right, axis=(1, 2)))
        z.backward((p - np.eye(10, dtype=np.float32)[right]) / (BATCH * N))
        rate = RATE * min(step / 40, 1, (STEPS + 1 - step) / 80)  # warm-up, and down to 0 at the end
        for w, average in zip(WEIGHTS, averages, strict=True):  # Adam
            average[0] += 0.1 * (w.grad - average[0])
            average[1] += 0.02 * (w.grad**2 - average[1])
            m, v = average[0] / (1 - 0.9**step), average[1] / (1 - 0.98**step)
            w.value = w.value - np.float32(rate) * m / (np.sqrt(v) + 1e-8)
    return np.array(found)


def weight(w, seed=0):
    """A trained weight of one network as the snippets take it: a row for each output."""
    return w.value[seed, 0].T.astype(float)


def by_snippets(source, seed=0):
    """Answers, a digit at a time, by the functions of the site; and the cross-attention behind the last one."""
    kinds = {"own": ITSELF, "masked": MASKED, "cross": CROSS}
    heads = {name: [weight(w[k], seed) for k in "QKVO"] for name, w in kinds.items()}
    first, second = ([weight(w, seed) for w in pair] for pair in FEED)
    table, out = weight(TABLE, seed).T, weight(OUT, seed)

    def feed_forward(w, x):
        return relu(x @ w[0].T) @ w[1].T

    x = D**0.5 * table[source] + PLACES
    memory = encoder_layer(
        x,
        lambda x: multi_head_attention(x, x, x, HEADS, *heads["own"]),
        partial(feed_forward, first),
        *[layer_norm] * 2,
    )
    asked = []

    def cross(a, m):
        asked[:] = [a]
        return multi_head_attention(a, m, m, HEADS, *heads["cross"])

    answer = np.full((len(source), 1), START)
    for n in range(1, N + 1):
        y = decoder_layer(
            D**0.5 * table[answer] + PLACES[:n],
            memory,
            lambda x: multi_head_attention(x, x, x, HEADS, *heads["masked"], attn_mask=np.tri(len(x[0]), dtype=bool)),
            cross,
            partial(feed_forward, second),
            *[layer_norm] * 3,
        )
        answer = np.concatenate([answer, (y[:, -1:] @ out.T).argmax(axis=-1)], axis=1)
    W_Q, W_K = (np.split(W, HEADS) for W in heads["cross"][:2])
    looks = [
        scaled_dot_product_attention(asked[0] @ Q.T, memory @ K.T, np.broadcast_to(np.eye(N), (len(source), N, N)))
        for Q, K in zip(W_Q, W_K, strict=True)
    ]
    return answer[:, 1:], np.mean(looks, axis=0)


def draw():
    found = train()
    tries = np.random.default_rng(99).integers(0, 10, (200, N))
    whole = [np.mean(np.all(by_snippets(tries, seed)[0] == tries[:, ::-1], axis=1)) for seed in range(SEEDS)]
    one = np.array([[3, 1, 4, 1, 5, 9]])
    said, looks = by_snippets(one)
    _, axes = plt.subplots(1, 2, figsize=(6, 2.9), width_ratios=[1.25, 1])
    smooth = np.apply_along_axis(lambda a: np.convolve(a, np.ones(8) / 8, "valid"), 0, found)
    for seed in range(2 * SEEDS):
        axes[0].plot(np.arange(8, STEPS + 1), smooth[:, seed], color="C0" if seed < SEEDS else "C1", linewidth=1)
    axes[0].text(STEPS, 0.93, words(en="with positions", zh="有位置编码"), color="C0", ha="right", va="top")
    axes[0].text(STEPS, 0.56, words(en="without", zh="没有位置编码"), color="C1", ha="right", va="bottom")
    axes[0].set_xlabel(words(en="step", zh="步数"))
    axes[0].set_ylabel(words(en="accuracy (digits)", zh="准确率（逐位）"))
    axes[0].set(ylim=(0, 1.03), xlim=(0, STEPS))
    grid(axes[1], looks[0], None, [str(n) for n in said[0]], [str(n) for n in one[0]])
    axes[1].set_xlabel(words(en="digit of the source", zh="源序列"))
    axes[1].set_ylabel(words(en="digit written", zh="写出的数字"))
    last = found[-20:].mean(axis=0)
    return {
        "with": f"{last[:SEEDS].mean():.3f}",
        "without": f"{last[SEEDS:].mean():.2f}",
        "whole": f"{min(whole):.1%}",
        "said": " ".join(str(n) for n in said[0]),
        "weights": f"{sum(np.prod(w.value.shape[2:]) for w in WEIGHTS)}",
    }


numbers = draw()

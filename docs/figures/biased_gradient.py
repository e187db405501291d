"""How far the average gradient of all batches of m is from the gradient of the whole set, in 20 small problems."""

import itertools

import matplotlib.pyplot as plt
import numpy as np

from snippets.batch_norm import batch_norm_backward_simplified, batch_norm_train
from yansuan.runs.words import words

one, sizes, problems = np.ones(1), [2, 3, 4, 6, 8], 20


def gradient(x, y, w, normalized):
    z = x @ w
    z_hat = batch_norm_train(z) if normalized else z
    dz_hat = 2 * (z_hat - y) / len(y)
    return x.T @ (batch_norm_backward_simplified(dz_hat, z, one) if normalized else dz_hat)


def error(seed, m, normalized):
    rng = np.random.default_rng(seed)
    x, y, w = rng.normal(size=(8, 3)), rng.normal(size=(8, 1)), rng.normal(size=(3, 1))
    batches = [list(batch) for batch in itertools.combinations(range(8), m)]
    average = np.mean([gradient(x[b], y[b], w, normalized) for b in batches], axis=0)
    whole = gradient(x, y, w, normalized)
    return np.linalg.norm(average - whole) / np.linalg.norm(whole)


plain, normalized = (
    np.array([[error(seed, m, kind) for seed in range(problems)] for m in sizes]) for kind in (False, True)
)
assert plain.max() < 1e-12
numbers = {"problems": str(problems), "largest_2": f"{normalized[0].max():.1f}"}
numbers |= {f"median_{m}": f"{np.median(row):.2f}" for m, row in zip(sizes, normalized, strict=True)}

_, axis = plt.subplots(figsize=(6, 2.9))
for m, row in zip(sizes, normalized, strict=True):
    axis.plot(np.full(problems, m), np.minimum(row, 2.2), ".", color="C0", alpha=0.35)
axis.plot(sizes, np.median(normalized, axis=1), color="C0")
axis.plot(sizes, plain.max(axis=1), "o-", color="C1")
axis.annotate(words(en="with batch normalization: median", zh="有批量归一化：中位数"), (4.3, 1.2), color="C0")
axis.annotate(words(en="without: 0", zh="没有：0"), (4.2, -0.3), color="C1")
axis.set(xlabel=words(en="batch size m", zh="批大小 m"), ylabel=words(en="relative error", zh="相对误差"), xticks=sizes)
axis.set(ylim=(-0.45, 2.3), yticks=[0, 1, 2])

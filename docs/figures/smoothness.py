"""The loss along the negative gradient, for a small network with and without batch normalization, five seeds."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.activations import relu
from snippets.batch_norm import batch_mean, batch_normalize, batch_variance
from snippets.explanations import loss_variation_along_gradient
from snippets.initialization import kaiming_normal

steps = np.linspace(0, 0.2, 21)
shapes = [(10, 16), (16, 16), (16, 1)]
sizes = np.cumsum([0, *(n * k for n, k in shapes)])


def network(weights, x, normalized):
    h = x
    for at, (n, k) in enumerate(shapes):
        z = h @ weights[sizes[at] : sizes[at + 1]].reshape(n, k)
        if normalized and k > 1:
            z = batch_normalize(z, batch_mean(z), batch_variance(z))
        h = relu(z) if k > 1 else z
    return h[:, 0]


def slope(loss, weights, step=1e-6):
    """The gradient by central differences: enough for a drawing."""
    return np.array([(loss(weights + step * e) - loss(weights - step * e)) / (2 * step) for e in np.eye(len(weights))])


figure, axes = plt.subplots(1, 2, figsize=(6, 2.6), sharey=True)
ranges = {False: [], True: []}
for axis, normalized in zip(axes, (False, True), strict=True):
    for seed in range(5):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=(48, 10))
        y = np.tanh(x @ rng.normal(size=10))
        weights = np.concatenate([kaiming_normal(rng.normal(size=(n, k)).T).T.ravel() for n, k in shapes])

        def loss(w, x=x, y=y, normalized=normalized):
            return np.mean((network(w, x, normalized) - y) ** 2)

        g = slope(loss, weights)
        axis.plot(steps, [loss(weights - a * g) for a in steps], color="C0" if normalized else "C1", alpha=0.8)
        ranges[normalized].append(loss_variation_along_gradient(loss, lambda w, g=g: g, weights, steps))
    axis.set(xlabel=r"$\alpha$", yscale="log")
axes[0].set(ylabel="$L$")
numbers = {
    f"{name}_{what}": f"{of(ranges[key]):.1f}"
    for name, key in (("without", False), ("with", True))
    for what, of in (("mean", np.mean), ("low", np.min), ("high", np.max))
}

"""A small variational autoencoder on the 8×8 digits, and pictures of them; for the figures on it. NumPy only."""

import numpy as np
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from docs.labs._network import digits
from snippets.activations import sigmoid
from snippets.variational import aevb_gradient, elbo, gaussian_kl, reparameterize

PIXELS, HIDDEN, LATENT = 64, 64, 8
TRAIN, _, TEST, _ = digits()
SHAPES = [
    *((PIXELS, HIDDEN), (HIDDEN,), (HIDDEN, 2 * LATENT), (2 * LATENT,)),  # encoder
    *((LATENT, HIDDEN), (HIDDEN,), (HIDDEN, PIXELS), (PIXELS,)),  # decoder
]


def parts(vector):
    """The weights and biases, as views of one long vector."""
    ends = np.cumsum([np.prod(shape) for shape in SHAPES])[:-1]
    return [part.reshape(shape) for part, shape in zip(np.split(vector, ends), SHAPES, strict=True)]


def encode(theta, x):
    A, a, B, b = parts(theta)[:4]
    h = np.tanh(x @ A + a)
    mu, log_var = np.split(h @ B + b, 2, axis=1)
    return h, mu, log_var


def decode(theta, z):
    C, c, D, d = parts(theta)[4:]
    g = np.tanh(z @ C + c)
    return g, sigmoid(g @ D + d)


def gradient(theta, x, noise, weight):
    """Of the mean loss; `weight` is that of the divergence."""
    _, _, B, _, C, _, D, _ = parts(theta)
    h, mu, log_var = encode(theta, x)
    z = reparameterize(mu, log_var, noise)
    g, y = decode(theta, z)
    dscore = x - y  # of the bound along the decoder's scores
    dg = dscore @ D.T * (1 - g**2)
    dz = dg @ C.T
    both = [weight * one for one in aevb_gradient(dz / weight, mu, log_var, noise)]
    dcode = np.concatenate(both, axis=1)
    dh = dcode @ B.T * (1 - h**2)
    layers = ((x, dh), (h, dcode), (z, dg), (g, dscore))
    return -np.concatenate([p.ravel() for i, d in layers for p in (i.T @ d, d.sum(axis=0))]) / len(x)


def costs(theta, rng):
    """Of the test images, one draw each: error of reconstruction and divergence, in nats an image."""
    _, mu, log_var = encode(theta, TEST)
    _, y = decode(theta, reparameterize(mu, log_var, rng.normal(size=mu.shape)))
    divergence = gaussian_kl(mu, log_var).mean()
    return -elbo(TEST, y, mu, log_var).mean() - divergence, divergence


def train(seed, weight=1.0, epochs=30, rate=0.005, batch=64):
    """By Adam. The weights, and the costs before each epoch and at the end."""
    rng, watching = np.random.default_rng(seed), np.random.default_rng(100 + seed)
    first = [rng.normal(size=s) / np.sqrt(s[0]) if len(s) == 2 else np.zeros(s) for s in SHAPES]
    theta, found, step = np.concatenate([p.ravel() for p in first]), [], 0
    mean, square = np.zeros_like(theta), np.zeros_like(theta)
    for _ in range(epochs):
        found.append(costs(theta, watching))
        order = rng.permutation(len(TRAIN))
        for start in range(0, len(order) - batch + 1, batch):
            x = TRAIN[order[start : start + batch]]
            slope, step = gradient(theta, x, rng.normal(size=(batch, LATENT)), weight), step + 1
            mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
            theta = theta - rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return theta, np.array([*found, costs(theta, watching)])


def show(axis, images, columns, left=0.0, top=0.0, ink=8):
    """Draw images of 8×8 pixels from 0 to 1, `columns` side by side, in `ink` shades; a row is 9 units high."""
    shades = np.round(np.asarray(images).reshape(-1, 8, 8) * ink).astype(int)
    for shade in range(1, ink + 1):
        squares = []
        for n, r, c in zip(*np.nonzero(shades == shade), strict=True):
            x, y = left + n % columns * 9 + c, top + n // columns * 9 + r
            squares.append(Path([(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1), (x, y)], closed=True))
        if squares:
            patch = PathPatch(Path.make_compound_path(*squares), facecolor="k", alpha=shade / ink, linewidth=0)
            axis.add_patch(patch)

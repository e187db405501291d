"""Test digits, their reconstructions, and digits drawn from the prior, for three weights of the divergence."""

import matplotlib.pyplot as plt
import numpy as np

from docs.figures._vae import LATENT, TEST, costs, decode, encode, show, train
from yansuan.runs.words import words

symbol, choices, chosen = r"\beta", ["0.02", "1", "10"], "1"
SHOWN = 6


def draw(choice):
    theta, _ = train(0, weight=float(choice))
    x = TEST[:SHOWN]
    _, mu, _ = encode(theta, x)
    drawn = np.random.default_rng(5).normal(size=(2 * SHOWN, LATENT))
    rows = ((0, x), (10, decode(theta, mu)[1]), (22, decode(theta, drawn)[1]))
    _, axis = plt.subplots(figsize=(6, 2.5))
    for top, images in rows:
        show(axis, images, SHOWN, top=top)
    labels = (
        (4, words(en="images", zh="原图")),
        (14, words(en="rebuilt", zh="重建")),
        (30.5, words(en="new", zh="新的")),
    )
    for middle, label in labels:
        axis.text(-2, middle, label, ha="right", va="center")
    axis.set(xlim=(-15, 9 * SHOWN), ylim=(40, -0.5), aspect="equal")
    axis.axis("off")
    error, divergence = costs(theta, np.random.default_rng(0))
    return {"error": f"{error:.1f}", "divergence": f"{divergence:.2f}"}

"""The two costs of a variational autoencoder while it learns 8×8 digits, for three seeds."""

import matplotlib.pyplot as plt
import numpy as np

from docs.figures._vae import train
from yansuan.runs.words import words

SEEDS, EPOCHS = 3, 30
runs = np.array([train(seed, epochs=EPOCHS)[1] for seed in range(SEEDS)])  # seed, epoch, cost
loss = runs.sum(axis=2)

figure, axis = plt.subplots(figsize=(6, 3))
for values, colour in ((loss, "k"), (runs[..., 0], "C0"), (runs[..., 1], "C1")):
    axis.plot(values.T, color=colour, linewidth=1.2)
axis.text(EPOCHS, loss[:, -1].mean() + 2, words(en="loss = sum of both", zh="损失 = 两者之和"), ha="right")
axis.text(EPOCHS, runs[:, -1, 0].mean() - 5.5, words(en="reconstruction", zh="重建误差"), ha="right", color="C0")
axis.text(EPOCHS, runs[:, -1, 1].mean() + 1.5, words(en="divergence", zh="散度"), ha="right", color="C1")
axis.set(xlim=(0, EPOCHS), ylim=(0, 50))
axis.set_xlabel(words(en="epoch", zh="训练轮数"))
axis.set_ylabel(words(en="nats per image", zh="奈特（每幅图）"))
numbers = {
    "seeds": str(SEEDS),
    "start": f"{loss[:, 0].mean():.1f}",
    "end": f"{loss[:, -1].mean():.1f}",
    "lowest": f"{loss[:, -1].min():.1f}",
    "highest": f"{loss[:, -1].max():.1f}",
    "reconstruction": f"{runs[:, -1, 0].mean():.1f}",
    "divergence": f"{runs[:, -1, 1].mean():.1f}",
    "first_divergence": f"{runs[:, 1, 1].mean():.1f}",
    "start_divergence": f"{runs[:, 0, 1].mean():.1f}",
}

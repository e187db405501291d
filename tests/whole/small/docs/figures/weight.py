"""Two numbers and their weighted mean, for weights that a reader chooses."""

import matplotlib.pyplot as plt
import numpy as np
from snippets.means import weighted_mean

symbol, choices, chosen = "w_1", ["1", "3"], "3"


def draw(choice):
    x = np.array([1.0, 5.0])
    mean = weighted_mean(x, np.array([float(choice), 1.0]))
    plt.figure(figsize=(5, 1.2))
    plt.plot(x, np.zeros(2), "o")
    plt.axvline(mean, color="k")
    plt.yticks([])
    return {"mean": f"{mean:.1f}"}

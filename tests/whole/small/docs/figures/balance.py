"""Numbers on a line, and the point where it would balance."""

import matplotlib.pyplot as plt
import numpy as np
from snippets.means import arithmetic_mean

x = np.array([1.0, 2.0, 6.0])
plt.figure(figsize=(5, 1.2))
plt.plot(x, np.zeros(3), "o")
plt.axvline(arithmetic_mean(x), color="k")
plt.yticks([])
numbers = {"mean": f"{arithmetic_mean(x):.1f}"}

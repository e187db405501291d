"""The lower bound in a linear-Gaussian model, against the mean of the approximate posterior."""

import matplotlib.pyplot as plt
import numpy as np

from snippets.variational import linear_gaussian_elbo, linear_gaussian_evidence

symbol, choices, chosen = "s", ["0.25", "0.5", "1"], "1"
x, W, var = np.array([0.2, 1.1, 1.5]), np.ones((3, 1)), 1.0
precision = 1 + (W[:, 0] @ W[:, 0]) / var  # of the true posterior
posterior_mean = W[:, 0] @ x / var / precision
evidence = linear_gaussian_evidence(x, W, var)
means = np.linspace(-0.6, 2.0, 131)


def draw(choice):
    log_var = np.array([2 * np.log(float(choice))])
    bound = np.array([linear_gaussian_elbo(x, W, var, np.array([mu]), log_var) for mu in means])
    best = bound.argmax()
    _, axis = plt.subplots(figsize=(6, 2.6))
    axis.axhline(evidence, color="k", linestyle="--", linewidth=1)
    axis.plot(means, bound, color="C0")
    axis.plot(means[best], bound[best], "o", color="C0")
    axis.vlines(means[best], bound[best], evidence, color="C1", linewidth=3)
    axis.set(xlabel=r"$\mu$", ylabel=r"$\mathcal{L}$", ylim=(-8.5, -3.5))
    return {
        "evidence": f"{evidence:.3f}".replace("-", "−"),
        "best": f"{bound[best]:.3f}".replace("-", "−"),
        "gap": f"{abs(evidence - bound[best]):.3f}",
        "at": f"{means[best]:.1f}",
        "posterior_mean": f"{posterior_mean:.1f}",
        "posterior_sd": f"{precision**-0.5:.1f}",
    }

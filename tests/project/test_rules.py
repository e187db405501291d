"""The rules that the engine has for every formula and every page."""

import numpy as np

from yansuan.proof.rules import *  # noqa: F403
from yansuan.proof.typeset import GIVEN

OUTCOMES = {
    "f": lambda rng: rng.standard_normal(4),
    "p": lambda rng: rng.dirichlet(np.full(4, 3.0)),
    "q": lambda rng: rng.dirichlet(np.full(4, 3.0)),
}

# other arguments than the first witness has: what is a special case in the code is undefined on paper
GIVEN |= {
    "batch_norm.batch_norm_2d": {  # small, for speed
        "z": lambda rng: rng.standard_normal((3, 2, 4, 5)),
        "gamma": lambda rng: rng.standard_normal(2),
        "beta": lambda rng: rng.standard_normal(2),
    },
    "feature_scaling.standardize": {"x": lambda rng: rng.standard_normal((5, 3))},  # a constant feature is 0/0
    "feature_scaling.min_max_scale": {"x": lambda rng: rng.standard_normal((5, 3))},  # likewise
    "sampling.importance_sampling_variance": OUTCOMES,  # 0/0 is 0 in the code
    "sampling.self_normalized_bias": OUTCOMES,  # likewise
    "variational.elbo": {  # 0 log 0 is 0 in the code
        "x": lambda rng: rng.uniform(0, 1, 6),
        "y": lambda rng: rng.uniform(0.01, 0.99, 6),
        "mu": lambda rng: rng.standard_normal(3),
        "log_var": lambda rng: rng.uniform(-3, 3, 3),
    },
    "sampling.effective_sample_size": {"w": lambda rng: rng.uniform(0.1, 3, 6)},  # an axis of draws alone
    "activations.sigmoid_derivative": {"z": lambda rng: rng.uniform(-4, 4, (5, 3))},  # 1 - a has no digits far out
}

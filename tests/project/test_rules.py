"""The rules that the engine has for every formula and every page."""

import numpy as np

from yansuan.proof.rules import *  # noqa: F403
from yansuan.proof.typeset import GIVEN

# other arguments than the first witness has: what is a special case in the code is undefined on paper
GIVEN |= {
    "batch_norm.batch_norm_2d": {  # small, for speed
        "z": lambda rng: rng.standard_normal((3, 2, 4, 5)),
        "gamma": lambda rng: rng.standard_normal(2),
        "beta": lambda rng: rng.standard_normal(2),
    },
    "feature_scaling.standardize": {"x": lambda rng: rng.standard_normal((5, 3))},  # a constant feature is 0/0
    "feature_scaling.min_max_scale": {"x": lambda rng: rng.standard_normal((5, 3))},  # likewise
    "feature_scaling.standardize_fit": {"x": lambda rng: rng.standard_normal((5, 3))},  # there the code gives 1
    "feature_scaling.min_max_transform": {"high": lambda rng, low: low + rng.uniform(1, 2, low.shape)},
    "feature_scaling.whiten_transform": {"x": "(R, d)"},  # a table
    "gaussian_process.rbf_kernel": {  # near each other, and a length for each entry
        "x": lambda rng: rng.uniform(-2, 2, (5, 2)),
        "z": lambda rng: rng.uniform(-2, 2, (3, 2)),
        "length": lambda rng: rng.uniform(0.3, 3, 2),
    },
    "optimization.condition_number": {"A": lambda rng: rng.standard_normal((4, 3))},  # one, and tall
    "optimization.warmup_learning_rate": {
        "t": lambda rng: np.append(rng.uniform(1, 30, 3), rng.uniform(30, 99, 3)),
        "d": lambda: 7,
        "w": lambda: 30,
    },
    "residual.residual_backward": {  # hidden units between 0 and 1, too
        "x": lambda rng: rng.standard_normal(3),
        "W_1": lambda rng: rng.standard_normal((5, 3)),
        "W_2": lambda rng: rng.standard_normal((3, 5)),
        "dy": lambda rng: rng.standard_normal(3),
    },
    "activations.sigmoid_derivative": {"z": lambda rng: rng.uniform(-4, 4, (5, 3))},  # 1 - a has no digits far out
}

"""The rules that the engine has for every formula and every page."""

import numpy as np

from tests.formulas.test_attention import SMALL
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
    "losses.softmax_jacobian": {"p": lambda rng: rng.dirichlet(np.ones(4))},
    "losses.softmax_cross_entropy_gradient": {
        "z": lambda rng: rng.standard_normal((5, 4)),
        "y": lambda rng: rng.dirichlet(np.ones(4), 5),
    },
    "losses.label_smoothing": {"y": lambda rng: rng.dirichlet(np.ones(4))},
    "attention.scaled_dot_product_attention": SMALL | {"attn_mask": lambda rng: rng.standard_normal(4)},
    "attention.multi_head_attention": {
        **{"q": lambda rng: rng.standard_normal((5, 6)), "h": lambda: 3},
        **{name: lambda rng: rng.standard_normal((4, 6)) for name in "kv"},
        **{f"W_{name}": lambda rng: rng.standard_normal((6, 6)) / 2 for name in "QKVO"},
        **{f"b_{name}": lambda rng: rng.standard_normal(6) for name in "QVO"},
        "attn_mask": lambda rng: rng.standard_normal(4),
    },
    "attention.shifted_encoding": {"E": lambda rng: rng.standard_normal(6)},
    **{
        f"dropout.{name}": {"mask": lambda rng: bool(rng.random() < 0.5), "x": lambda rng: rng.standard_normal()}
        for name in ("dropout", "dropout_as_published")
    },
    "activations.sigmoid_derivative": {"z": lambda rng: rng.uniform(-4, 4)},  # 1 - a has no digits far out
    "activations.prelu": {"z": lambda rng: rng.standard_normal(5), "a": lambda rng: rng.standard_normal(5)},
}

"""The rules that the engine has for every formula and every page."""

import numpy as np

from yansuan.proof.rules import *  # noqa: F403
from yansuan.proof.typeset import GIVEN

MAPS = {  # images of two channels; small, for speed
    "z": lambda rng: rng.standard_normal((3, 2, 4, 5)),
    "gamma": lambda rng: rng.standard_normal(2),
    "beta": lambda rng: rng.standard_normal(2),
}
PAIR = {  # an average of three numbers, and what is new
    name: lambda rng: rng.uniform(0.1, 9, 3) for name in ("mu_bar", "mu", "var_bar", "var")
}
UNIT = {  # weights of one unit
    "v": lambda rng: rng.standard_normal(5),
    "g": lambda rng: float(rng.uniform(0.1, 9)),
    "axis": lambda: None,
}
MATRIX = {"W": lambda rng: rng.standard_normal((4, 3))}
OUTCOMES = {
    "f": lambda rng: rng.standard_normal(4),
    "p": lambda rng: rng.dirichlet(np.full(4, 3.0)),
    "q": lambda rng: rng.dirichlet(np.full(4, 3.0)),
}
PARTS = {  # functions, none like another
    "attend": lambda: lambda x: np.cumsum(x, axis=0),
    "cross": lambda: lambda x, memory: x * memory.mean(axis=0),
    "feed": lambda: np.square,
    "norm_1": lambda: np.tanh,
    "norm_2": lambda: np.sin,
    "norm_3": lambda: np.cos,
}
# other arguments than the first witness has: what is a special case in the code is undefined on paper
GIVEN |= {
    "batch_norm.batch_norm_2d": MAPS,
    "batch_norm.batch_norm_2d_backward": MAPS | {"dz_hat": lambda rng: rng.standard_normal((3, 2, 4, 5))},
    "moving_average.running_mean": PAIR,
    "moving_average.running_variance": PAIR | {"m": lambda rng: int(rng.integers(2, 9))},
    "moving_average.cumulative_average": PAIR | {"t": lambda rng: int(rng.integers(1, 9))},
    "moving_average.update_running_statistics": MAPS
    | {"mu_bar": lambda rng: rng.standard_normal(2), "var_bar": lambda rng: rng.uniform(0.1, 9, 2)},
    "moving_average.bias_corrected_average": PAIR | {"t": lambda rng: int(rng.integers(1, 9))},
    "moving_average.population_statistics": {"m": lambda rng: int(rng.integers(2, 9))},
    "moving_average.merge_statistics": {"m": lambda rng: rng.integers(1, 9, 4), "mu": "(4, 3)", "var": "(4, 3)"},
    "normalization.instance_norm": MAPS,
    "normalization.layer_norm_backward": {"z": lambda rng: rng.standard_normal((5, 4))}
    | {"dz_hat": lambda rng: rng.standard_normal((5, 4)), "gamma": lambda rng: rng.uniform(0.2, 3, 4)},
    "normalization.layer_norm_weight_invariance": {"x": lambda rng: rng.standard_normal((5, 3))}
    | {"W": lambda rng: rng.standard_normal((4, 3)), "a": lambda rng: float(rng.choice([-1, 1]) * rng.uniform(0.1, 9))}
    | {"c": lambda rng: rng.standard_normal(3)},
    "normalization.layer_norm_rnn_step": {"x": lambda rng: rng.standard_normal(3)}
    | {"h": lambda rng: rng.uniform(-1, 1, 4), "W_hh": lambda rng: rng.standard_normal((4, 4))}
    | {"W_xh": lambda rng: rng.standard_normal((4, 3)), "gamma": lambda rng: rng.uniform(0.2, 3, 4)}
    | {"beta": lambda rng: rng.uniform(-1, 1, 4)},
    "normalization.spectral_norm": MATRIX | {"u": lambda rng: rng.standard_normal(4)},
    "normalization.spectral_norm_regularization": MATRIX | {"lam": lambda rng: float(rng.uniform(0.1, 1))},
    "normalization.weight_norm": UNIT,
    "normalization.weight_norm_backward": UNIT | {"dw": lambda rng: rng.standard_normal(5)},
    "feature_scaling.standardize": {"x": lambda rng: rng.standard_normal((5, 3))},  # a constant feature is 0/0
    "feature_scaling.min_max_scale": {"x": lambda rng: rng.standard_normal((5, 3))},  # likewise
    "losses.log_softmax": {"z": lambda rng: rng.standard_normal(4)},  # near 0, a logarithm of 1 has no digits
    "losses.softmax_jacobian": {"p": lambda rng: rng.dirichlet(np.ones(4))},
    "losses.softmax_cross_entropy_gradient": {
        "z": lambda rng: rng.standard_normal((5, 4)),
        "y": lambda rng: rng.dirichlet(np.ones(4), 5),
    },
    "losses.label_smoothing": {"y": lambda rng: rng.dirichlet(np.ones(4))},
    "attention.scaled_dot_product_attention": {
        "q": lambda rng: rng.standard_normal((5, 3)),
        "k": lambda rng: rng.standard_normal((4, 3)),
        "v": lambda rng: rng.standard_normal((4, 2)),
        "attn_mask": lambda rng: rng.standard_normal(4),
    },
    "attention.multi_head_attention": {
        **{"q": lambda rng: rng.standard_normal((5, 6)), "h": lambda: 3},
        **{name: lambda rng: rng.standard_normal((4, 6)) for name in "kv"},
        **{f"W_{name}": lambda rng: rng.standard_normal((6, 6)) / 2 for name in "QKVO"},
        **{f"b_{name}": lambda rng: rng.standard_normal(6) for name in "QVO"},
        "attn_mask": lambda rng: rng.standard_normal(4),
    },
    "residual.pre_activation_block": PARTS
    | {"x": lambda rng: rng.standard_normal(3)}
    | {"W_1": lambda rng: rng.standard_normal((4, 3)), "W_2": lambda rng: rng.standard_normal((3, 4))},
    "transformer.encoder_layer": PARTS | {"x": lambda rng: rng.standard_normal((4, 3))},
    "transformer.decoder_layer": PARTS
    | {"x": lambda rng: rng.standard_normal((4, 3))}
    | {"memory": lambda rng: rng.standard_normal((5, 3))},
    "attention.shifted_encoding": {"P": lambda rng: rng.standard_normal(6)},
    **{
        f"dropout.{name}": {"mask": lambda rng: bool(rng.random() < 0.5), "x": lambda rng: rng.standard_normal()}
        for name in ("dropout", "dropout_as_published")
    },
    "activations.sigmoid_derivative": {"z": lambda rng: rng.uniform(-4, 4)},  # 1 - a has no digits far out
    "activations.prelu": {"z": lambda rng: rng.standard_normal(5), "a": lambda rng: rng.standard_normal(5)},
    "feature_scaling.standardize_fit": {"x": lambda rng: rng.standard_normal((5, 3))},  # there the code gives 1
    "feature_scaling.min_max_transform": {"high": lambda rng, low: low + rng.uniform(1, 2, low.shape)},
    "feature_scaling.standardize_transform": {"x": "(R, d)"},  # a table
    "feature_scaling.whiten_transform": {"x": "(R, d)"},  # likewise
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
    "question_answering.metric_max_over_ground_truths": {  # answers of other scores, and a score that is not symmetric
        "metric_fn": lambda: lambda p, a: len(p) / len(a),
        "prediction": lambda rng: "p" * int(rng.integers(1, 9)),
        "ground_truths": lambda rng: ["a" * int(n) for n in rng.permutation(np.arange(1, 9))[:3]],
    },
    "residual.residual_jacobian": {  # hidden units between 0 and 1, too
        "x": lambda rng: rng.standard_normal(3),
        "W_1": lambda rng: rng.standard_normal((5, 3)),
        "W_2": lambda rng: rng.standard_normal((3, 5)),
    },
    "residual.residual_backward": {  # likewise
        "x": lambda rng: rng.standard_normal(3),
        "W_1": lambda rng: rng.standard_normal((5, 3)),
        "W_2": lambda rng: rng.standard_normal((3, 5)),
        "dy": lambda rng: rng.standard_normal(3),
    },
    "sampling.importance_sampling_variance": OUTCOMES,  # 0/0 is 0 in the code
    "sampling.self_normalized_bias": OUTCOMES,  # likewise
    "variational.elbo": {  # 0 log 0 is 0 in the code
        "x": lambda rng: rng.uniform(0, 1, 6),
        "y": lambda rng: rng.uniform(0.01, 0.99, 6),
        "mu": lambda rng: rng.standard_normal(3),
        "log_var": lambda rng: rng.uniform(-3, 3, 3),
    },
    "sampling.effective_sample_size": {"w": lambda rng: rng.uniform(0.1, 3, 6)},  # an axis of draws alone
}

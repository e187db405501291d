import numpy as np
import torch
from formulas.sound import level

from yansuan.proof.witness import derivative, witness

POSITIVE = {"p": lambda rng: rng.uniform(1, 1e6, 7), "p_0": lambda rng: rng.uniform(0.1, 1)}


@witness(level, **POSITIVE)
def test_level(p, p_0):
    return 20 * (torch.log(p) - np.log(p_0)) / np.log(10)


@derivative(level, **POSITIVE)
def level_in_torch(p, p_0):
    return 20 * torch.log10(p / p_0)

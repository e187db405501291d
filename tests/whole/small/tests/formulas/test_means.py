import torch
from snippets.means import arithmetic_mean, weighted_mean

from yansuan.proof.witness import witness


@witness(arithmetic_mean)
def test_arithmetic_mean(x):
    return torch.mean(x)


@witness(weighted_mean, w=lambda rng, x: rng.uniform(0.1, 2, len(x)))
def test_weighted_mean(x, w):
    return torch.dot(w / torch.sum(w), x)

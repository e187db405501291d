import torch
from snippets.spread import deviations, squared_length, variance

from yansuan.proof.witness import witness


@witness(deviations)
def test_deviations(x):
    return x - torch.mean(x)


@witness(variance)
def test_variance(x, mu):
    return torch.mean(torch.square(x - mu))


@witness(squared_length)
def test_squared_length(x):
    return torch.var(x, dim=0, correction=0) * len(x)

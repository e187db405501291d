import torch
from formulas.waves import harmonic

from yansuan.proof.witness import witness


@witness(harmonic, n=lambda rng: int(rng.integers(1, 9)))
def test_harmonic(f, n):
    return (torch.ones(n) * f).sum()

import numpy as np
import pytest
import torch
from sklearn.preprocessing import StandardScaler

from snippets.feature_scaling import standardize
from tests.witness import witness


@witness(standardize)
def test_standardize(x):
    return StandardScaler().fit_transform(x.numpy())


@witness(standardize, x=lambda rng, scale, offset: scale * rng.standard_normal((9, 4)) + offset)
def test_standardize_without_constant_features(x):
    return (x - torch.mean(x, dim=0)) / torch.std(x, dim=0, correction=0)


@pytest.mark.parametrize("value", [0.0, 5.0, 0.1, -1e-9, 1e100])
@pytest.mark.parametrize("examples", [1, 3, 10])
def test_a_constant_feature_becomes_zero_whatever_its_value(value, examples):
    assert not standardize(np.full((examples, 2), value)).any()

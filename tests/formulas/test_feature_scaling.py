import numpy as np
import pytest
import torch
import torch.nn.functional as F
from scipy.linalg import polar, sqrtm
from sklearn.decomposition import PCA
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from snippets.feature_scaling import (
    min_max_fit,
    min_max_scale,
    min_max_transform,
    pca_whiten,
    pca_whiten_fit,
    standardize,
    standardize_fit,
    standardize_transform,
    whiten_transform,
    zca_whiten,
    zca_whiten_fit,
)
from yansuan.proof.witness import derivative, witness


def varied(rng, scale, offset):
    """No feature is constant."""
    return scale * rng.standard_normal((9, 4)) + offset


def mixed(rng, scale, offset):
    """Correlated features of unequal scale: more examples than features, no two variances along the axes equal."""
    d = int(rng.integers(2, 6))
    basis, mixing = (np.linalg.qr(rng.standard_normal((n, d)))[0] for n in (d + int(rng.integers(2, 9)), d))
    return scale * (basis * 2.0 ** np.arange(d)) @ (mixing * 10.0 ** rng.uniform(-0.5, 0.5, d)) + offset


def new_data(rng, train):
    """Other examples than those of the training data, from the same place: one, a batch or batches of them. None is
    very near the mean: beside a large offset the difference would have no digits."""
    leading = rng.integers(1, 5, rng.integers(3))
    away = rng.choice([-1, 1], (*leading, train.shape[1])) * rng.uniform(0.2, 4, (*leading, train.shape[1]))
    return train.mean(axis=0) + np.ptp(train, axis=0) * away


@witness(standardize_fit, by="sklearn.preprocessing.StandardScaler")
def test_standardize_fit(x):
    scaler = StandardScaler().fit(x.numpy())
    return scaler.mean_, scaler.scale_


@witness(standardize_fit, x=varied)
def test_standardize_fit_without_constant_features(x):
    return torch.mean(x, dim=0), torch.std(x, dim=0, correction=0)


FITTED = {
    "train": "(R, d)",
    "x": new_data,
    "m": lambda train: standardize_fit(train)[0],
    "sigma": lambda train: standardize_fit(train)[1],
}


@witness(standardize_transform, by="sklearn.preprocessing.StandardScaler", **FITTED)
def test_standardize_transform(train, x):
    scaler, d = StandardScaler().fit(train.numpy()), x.shape[-1]
    return scaler.transform(x.numpy().reshape(-1, d)).reshape(x.shape)


@witness(
    standardize_transform,
    by="torch.nn.functional.batch_norm",
    m=lambda rng, x, scale: (
        scale * rng.standard_normal(x.shape[-1])
    ),  # not near x: torch computes x / sigma - m / sigma
    sigma=lambda rng, m: rng.uniform(0.1, 3, m.shape),
)
def test_standardize_transform_is_batch_normalization_with_given_statistics(x, m, sigma):
    return F.batch_norm(x.reshape(-1, len(m)), m, sigma**2, eps=0).reshape(x.shape)


@derivative(standardize_transform)
def as_a_difference(x, m, sigma):
    return x / sigma - m / sigma


@witness(standardize, by="sklearn.preprocessing.StandardScaler")
def test_standardize(x):
    return StandardScaler().fit_transform(x.numpy())


@witness(standardize, x=varied)
def test_standardize_without_constant_features(x):
    return (x - torch.mean(x, dim=0)) / torch.std(x, dim=0, correction=0)


@witness(min_max_fit, by="sklearn.preprocessing.MinMaxScaler")
def test_min_max_fit(x):
    scaler = MinMaxScaler().fit(x.numpy())
    return scaler.data_min_, scaler.data_max_


@witness(min_max_fit)
def test_min_max_fit_by_torch(x):
    return torch.amin(x, dim=0), torch.amax(x, dim=0)


@witness(
    min_max_transform,
    by="sklearn.preprocessing.MinMaxScaler",
    train="(R, d)",
    low=lambda train: train.min(axis=0),
    high=lambda train: train.max(axis=0),
)
def test_min_max_transform(train, x):
    scaler, d = MinMaxScaler().fit(train.numpy()), x.shape[-1]
    return scaler.transform(x.numpy().reshape(-1, d)).reshape(x.shape)


@witness(min_max_transform, high=lambda rng, low: low + (1 + np.abs(low)) * rng.uniform(0.1, 3, low.shape))
def test_min_max_transform_where_nothing_is_constant(x, low, high):
    width = high - low
    return x / width - low / width


@witness(min_max_scale, by="sklearn.preprocessing.MinMaxScaler")
def test_min_max_scale(x):
    return MinMaxScaler().fit_transform(x.numpy())


@witness(min_max_scale, x=varied)
def test_min_max_scale_without_constant_features(x):
    return (x - torch.amin(x, dim=0)) / (torch.amax(x, dim=0) - torch.amin(x, dim=0))


@witness(pca_whiten_fit, by="sklearn.decomposition.PCA", x=mixed)
def test_pca_whiten_fit(x):
    R, pca = len(x), PCA(whiten=True, svd_solver="full").fit(x.numpy())
    return pca.mean_, pca.components_.T / np.sqrt(pca.explained_variance_ * (R - 1) / R)


@witness(pca_whiten_fit, x=mixed)
def test_pca_whiten_fit_by_singular_values(x):
    _, s, axes = torch.linalg.svd(x - torch.mean(x, dim=0), full_matrices=False)
    largest = torch.gather(axes, 1, torch.abs(axes).argmax(dim=1, keepdim=True))
    return torch.mean(x, dim=0), len(x) ** 0.5 * axes.T / s * torch.sign(largest).T


@witness(pca_whiten, by="sklearn.decomposition.PCA", x=mixed)
def test_pca_whiten(x):
    R = len(x)
    return PCA(whiten=True, svd_solver="full").fit_transform(x.numpy()) * np.sqrt(R / (R - 1))


@witness(pca_whiten, x=mixed)
def test_pca_whiten_by_singular_values(x):
    u, _, axes = torch.linalg.svd(x - torch.mean(x, dim=0), full_matrices=False)
    largest = torch.gather(axes, 1, torch.abs(axes).argmax(dim=1, keepdim=True))
    return len(x) ** 0.5 * u * torch.sign(largest).T


@witness(zca_whiten_fit, x=mixed)
def test_zca_whiten_fit(x):
    return x.mean(dim=0), np.linalg.inv(sqrtm(np.cov(x.T, bias=True)))


@witness(zca_whiten_fit, x=mixed)
def test_zca_whiten_fit_by_singular_values(x):
    _, s, axes = torch.linalg.svd(x - torch.mean(x, dim=0), full_matrices=False)
    return torch.mean(x, dim=0), len(x) ** 0.5 * axes.T / s @ axes


@witness(zca_whiten, x=mixed)
def test_zca_whiten(x):
    return (x - x.mean(dim=0)).numpy() @ np.linalg.inv(sqrtm(np.cov(x.T, bias=True)))


@witness(zca_whiten, x=mixed)
def test_zca_whiten_is_the_nearest_orthogonal_frame(x):
    return len(x) ** 0.5 * polar(x - x.mean(dim=0))[0]


@derivative(zca_whiten, x=mixed)
def with_singular_vectors(x):
    u, _, axes = torch.linalg.svd(x - torch.mean(x, dim=0), full_matrices=False)
    return len(x) ** 0.5 * u @ axes


WHITE = {
    "train": mixed,
    "x": new_data,
    "m": lambda train: pca_whiten_fit(train)[0],
    "W": lambda train: pca_whiten_fit(train)[1],
}


@witness(whiten_transform, by="sklearn.decomposition.PCA", **WHITE)
def test_whiten_transform(train, x):
    R, pca = len(train), PCA(whiten=True, svd_solver="full").fit(train.numpy())
    return (pca.transform(x.numpy().reshape(-1, x.shape[-1])) * np.sqrt(R / (R - 1))).reshape(x.shape)


@witness(whiten_transform, by="torch.nn.functional.linear")
def test_whiten_transform_as_a_linear_layer(x, m, W):
    return F.linear(x - m, W.T)


@pytest.mark.parametrize("value", [0.0, 5.0, 0.1, -1e-9, 1e100])
@pytest.mark.parametrize("examples", [1, 3, 10])
@pytest.mark.parametrize("snippet", [standardize, min_max_scale])
def test_a_constant_feature_becomes_zero_whatever_its_value(snippet, value, examples):
    assert not snippet(np.full((examples, 2), value)).any()


WHITENING = pytest.mark.parametrize("whiten", [pca_whiten, zca_whiten])


@WHITENING
@pytest.mark.parametrize("regime", [(1.0, 0.0), (1e-4, 0.0), (1e6, 0.0), (1.0, 1e4)])
def test_whitened_features_have_the_identity_as_covariance(whiten, regime):
    for seed in range(5):
        x = whiten(mixed(np.random.default_rng(seed), *regime))
        assert np.allclose(x.mean(axis=0), 0, atol=1e-10)
        assert np.allclose(np.cov(x.T, bias=True), np.eye(x.shape[1]), atol=1e-9)


@WHITENING
@pytest.mark.parametrize(
    "x",
    [
        np.array([[1.0, 5.0], [2.0, 5.0], [4.0, 5.0]]),
        np.array([[1.0, 2.0], [2.0, 4.0], [4.0, 8.0]]),
        np.array([[1.0, 2.0, 3.0], [2.0, 0.0, 1.0]]),
        np.ones((4, 2)),
        np.array([[3.0]]),
    ],
    ids=["a constant feature", "a multiple of another", "too few examples", "nothing varies", "a single number"],
)
def test_a_singular_covariance_is_refused(whiten, x):
    message = r"^x: a feature is constant or follows from others$"
    with pytest.raises(ValueError, match=message):
        whiten(x)


CROSS = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])  # covariance: the identity


@WHITENING
@pytest.mark.parametrize("scale", [1, 2.0**20, 2.0**-20])
def test_an_almost_singular_covariance_is_not_refused(whiten, scale):
    x = scale * CROSS
    for kind in (np.float64, np.float32):
        edge = 1e3 * np.finfo(kind).eps
        assert np.allclose(np.abs(whiten(kind(x * [1, (1.0005 * edge) ** 0.5]))), 1)
        with pytest.raises(ValueError, match="constant or follows"):
            whiten(kind(x * [1, (0.9995 * edge) ** 0.5]))


def test_the_axes_of_pca_come_by_variance_and_the_first_of_equally_large_entries_is_positive():
    assert np.allclose(pca_whiten(CROSS * [1, 3]), CROSS[:, ::-1]), "the wider feature first"
    for angle in (np.pi / 4, np.pi / 4 + 1.3e-7, np.pi / 4 - 1.3e-7):  # equal but for the seventh digit
        s, c = np.sin(angle), np.cos(angle)
        for axes in (np.array([[c, s], [-s, c]]), np.array([[c, s], [s, -c]])):
            assert np.allclose(pca_whiten(CROSS @ np.diag([3, 1]) @ axes.T), CROSS)
    s, c = np.sin(1), np.cos(1)
    assert np.allclose(pca_whiten(CROSS @ np.diag([3, 1]) @ np.array([[-c, s], [s, c]]).T), CROSS), "the largest"


def test_training_data_transformed_by_their_own_statistics_are_what_the_short_forms_give():
    train = mixed(np.random.default_rng(0), 1.0, 5.0)
    assert np.array_equal(standardize_transform(train, *standardize_fit(train)), standardize(train))
    assert np.array_equal(min_max_transform(train, *min_max_fit(train)), min_max_scale(train))
    assert np.array_equal(whiten_transform(train, *pca_whiten_fit(train)), pca_whiten(train))
    assert np.array_equal(whiten_transform(train, *zca_whiten_fit(train)), zca_whiten(train))


def test_a_feature_that_was_constant_in_training_is_only_shifted():
    train, new = np.full((3, 1), 0.1), np.array([[2.1]])
    assert standardize_transform(new, *standardize_fit(train)) == StandardScaler().fit(train).transform(new) == 2
    assert min_max_transform(new, *min_max_fit(train)) == MinMaxScaler().fit(train).transform(new) == 2

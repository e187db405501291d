import numpy as np
import pytest
import torch
from scipy.linalg import polar, sqrtm
from sklearn.decomposition import PCA
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from snippets.feature_scaling import min_max_scale, pca_whiten, standardize, zca_whiten
from yansuan.proof.witness import derivative, witness


def mixed(rng, scale, offset):
    """Correlated features of unequal scale: more examples than features, no two variances along the axes equal."""
    d = int(rng.integers(2, 6))
    basis, mixing = (np.linalg.qr(rng.standard_normal((n, d)))[0] for n in (d + int(rng.integers(2, 9)), d))
    return scale * (basis * 2.0 ** np.arange(d)) @ (mixing * 10.0 ** rng.uniform(-0.5, 0.5, d)) + offset


@witness(standardize)
def test_standardize(x):
    return StandardScaler().fit_transform(x.numpy())


@witness(standardize, x=lambda rng, scale, offset: scale * rng.standard_normal((9, 4)) + offset)
def test_standardize_without_constant_features(x):
    return (x - torch.mean(x, dim=0)) / torch.std(x, dim=0, correction=0)


@witness(min_max_scale)
def test_min_max_scale(x):
    return MinMaxScaler().fit_transform(x.numpy())


@witness(min_max_scale, x=lambda rng, scale, offset: scale * rng.standard_normal((9, 4)) + offset)
def test_min_max_scale_without_constant_features(x):
    return (x - torch.amin(x, dim=0)) / (torch.amax(x, dim=0) - torch.amin(x, dim=0))


@witness(pca_whiten, x=mixed)
def test_pca_whiten(x):
    R = len(x)
    return PCA(whiten=True, svd_solver="full").fit_transform(x.numpy()) * np.sqrt(R / (R - 1))


@witness(pca_whiten, x=mixed)
def test_pca_whiten_by_singular_values(x):
    u, _, axes = torch.linalg.svd(x - torch.mean(x, dim=0), full_matrices=False)
    largest = torch.gather(axes, 1, torch.abs(axes).argmax(dim=1, keepdim=True))
    return len(x) ** 0.5 * u * torch.sign(largest).T


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
    message = r"^x: expected features neither constant nor dependent, C is singular$"
    with pytest.raises(ValueError, match=message):
        whiten(x)


CROSS = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])  # covariance: the identity


@WHITENING
@pytest.mark.parametrize("scale", [1, 2.0**20, 2.0**-20])
def test_an_almost_singular_covariance_is_not_refused(whiten, scale):
    x = scale * CROSS
    assert np.allclose(np.abs(whiten(x * [1, 1.5e-12**0.5])), 1)
    with pytest.raises(ValueError, match="singular"):
        whiten(x * [1, 0.9e-12**0.5])


def test_the_axes_of_pca_come_by_variance_and_the_first_of_equally_large_entries_is_positive():
    assert np.allclose(pca_whiten(CROSS * [1, 3]), CROSS[:, ::-1]), "the wider feature first"
    for angle in (np.pi / 4, np.pi / 4 + 2.8e-10, np.pi / 4 - 2.8e-10):  # equal but for the tenth digit
        s, c = np.sin(angle), np.cos(angle)
        for axes in (np.array([[c, s], [-s, c]]), np.array([[c, s], [s, -c]])):
            assert np.allclose(pca_whiten(CROSS @ np.diag([3, 1]) @ axes.T), CROSS)
    s, c = np.sin(1), np.cos(1)
    assert np.allclose(pca_whiten(CROSS @ np.diag([3, 1]) @ np.array([[-c, s], [s, c]]).T), CROSS), "the largest"

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from snippets.attention import (
    multi_head_attention,
    scaled_dot_product_attention,
    shifted_encoding,
    sinusoidal_encoding,
)
from yansuan.proof.witness import derivative, witness


def moderate(*shape):
    return lambda rng, scale: np.clip(scale, 0.1, 3) * rng.standard_normal(shape)


def some_hidden(rows, columns):
    """A mask: some places hidden, in no row all."""

    def mask(rng):
        hidden = rng.random((rows, columns)) < 0.4
        hidden[range(rows), rng.integers(columns, size=rows)] = False
        return np.where(hidden, -np.inf, 0.0)

    return mask


ONE = {"q": moderate(5, 3), "k": moderate(4, 3), "v": moderate(4, 2)}


@witness(scaled_dot_product_attention, **ONE, mask=moderate(5, 4))
def test_scaled_dot_product_attention(q, k, v, mask):
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)


@witness(scaled_dot_product_attention, **ONE, mask=some_hidden(5, 4))
def test_scaled_dot_product_attention_with_places_hidden(q, k, v, mask):
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask == 0)


@witness(
    scaled_dot_product_attention,
    q=moderate(4, 3),
    k=moderate(4, 3),
    v=moderate(4, 2),
    mask=lambda: np.triu(np.full((4, 4), -np.inf), 1),
)
def test_a_causal_mask(q, k, v):
    return F.scaled_dot_product_attention(q, k, v, is_causal=True)  # fmt: skip


@derivative(scaled_dot_product_attention, **ONE, mask=moderate(5, 4))
def by_the_exponential(q, k, v, mask):
    power = torch.exp(q @ k.T / q.shape[1] ** 0.5 + mask)
    return power @ v / power.sum(dim=1, keepdim=True)


def test_a_query_that_may_look_nowhere_is_refused():
    one = np.ones((2, 2))
    with pytest.raises(ValueError, match=r"^mask: expected at least one position that is not -inf for each query$"):
        scaled_dot_product_attention(one, one, one, np.array([[0.0, -np.inf], [-np.inf, -np.inf]]))


HEADS = {
    **{"x": moderate(5, 4), "z": moderate(7, 4), "mask": moderate(5, 7)},
    **{f"W_{name}": moderate(2, 4, 3) for name in "QK"},
    **{"W_V": moderate(2, 4, 6), "W_O": moderate(2, 6, 4)},
}


@witness(multi_head_attention, **HEADS)
def test_multi_head_attention(x, z, W_Q, W_K, W_V, W_O, mask):
    q, k, v = (torch.einsum("nd,hdk->hnk", *pair) for pair in ((x, W_Q), (z, W_K), (z, W_V)))
    return torch.einsum("hnv,hvd->nd", F.scaled_dot_product_attention(q, k, v, attn_mask=mask), W_O)


@witness(multi_head_attention, **HEADS | {"W_V": moderate(2, 4, 2), "W_O": moderate(2, 2, 4), "W_Q": moderate(2, 4, 2), "W_K": moderate(2, 4, 2), "mask": some_hidden(5, 7)})  # fmt: skip
def test_multi_head_attention_of_pytorch(x, z, W_Q, W_K, W_V, W_O, mask):
    layer = torch.nn.MultiheadAttention(4, num_heads=2, bias=False, dtype=torch.float64)
    stacked = [W.transpose(1, 2).reshape(4, 4) for W in (W_Q, W_K, W_V)]
    with torch.no_grad():
        layer.in_proj_weight.copy_(torch.cat(stacked))
        layer.out_proj.weight.copy_(W_O.reshape(4, 4).T)
        return layer(x, z, z, attn_mask=mask)[0]


def even(rng):
    return int(2 * rng.integers(1, 5))


def places(rng):
    return rng.uniform(0, 100, 5)


@witness(sinusoidal_encoding, t=places, d=even)
def test_sinusoidal_encoding(t, d):
    angle = torch.outer(t, torch.exp(-torch.arange(0, d, 2) / d * np.log(10000)))
    return torch.stack([torch.sin(angle), torch.cos(angle)], dim=2).flatten(1)


@witness(sinusoidal_encoding, t=places, d=even)
def test_sinusoidal_encoding_as_turning_pointers(t, d):
    turns = [10000 ** (-2 * i / d) * t for i in range(d // 2)]
    pointers = [torch.view_as_real(torch.polar(torch.ones_like(a), a)) for a in turns]
    return torch.cat([pointer.flip(1) for pointer in pointers], dim=1)


@pytest.mark.parametrize("d", [0, 1, 3, -2])
def test_a_width_that_is_not_even_is_refused(d):
    with pytest.raises(ValueError, match=rf"^d: expected a positive even number, got {d}$"):
        sinusoidal_encoding(np.zeros(1), d)
    with pytest.raises(ValueError, match=r"^E: expected an even number of columns, got 3$"):
        shifted_encoding(np.zeros((2, 3)), 1.0)
    assert sinusoidal_encoding(np.zeros(1), 2).tolist() == [[0.0, 1.0]]


SHIFT = {"E": moderate(5, 6), "k": lambda rng: rng.uniform(-50, 50)}


@witness(shifted_encoding, **SHIFT)
def test_shifted_encoding(E, k):
    turn = torch.zeros(6, 6)
    for i in range(3):
        turn[2 * i, 2 * i + 1], turn[2 * i + 1, 2 * i] = 10000 ** (-i / 3), -(10000 ** (-i / 3))
    return E @ torch.matrix_exp(torch.as_tensor(k) * turn).T


@witness(shifted_encoding, t=places, E=lambda t: sinusoidal_encoding(t, 8), k=lambda rng: rng.uniform(-50, 50))
def test_shifted_encoding_is_the_encoding_of_the_shifted_position(t, k):
    return torch.tensor(sinusoidal_encoding(t.numpy() + k, 8))


@derivative(shifted_encoding, E=moderate(5, 6), k=lambda rng: rng.uniform(-3, 3))
def as_a_complex_product(E, k):
    pairs = torch.view_as_complex(E.reshape(5, 3, 2).flip(2).contiguous())
    angle = torch.as_tensor(k) * 10000 ** (-torch.arange(3) / 3)
    turned = pairs * torch.complex(torch.cos(angle), torch.sin(angle))
    return torch.view_as_real(turned).flip(2).reshape(5, 6)

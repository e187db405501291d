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


def calm(x):
    """No number larger than 3: else all weights are 0 and 1, and rounding decides which."""
    return 3 * x / max(3, np.abs(x).max())


def even(rng):
    return int(2 * rng.integers(1, 5))


# arrays of any shape, as the rows have them, but calm
ONE = {
    **{"q0": "(..., n, d_k)", "k0": "(..., s, d_k)", "v0": "(..., s, d_v)"},
    **{"q": lambda q0: calm(q0), "k": lambda k0: calm(k0), "v": lambda v0: calm(v0)},  # noqa: PLW0108  # names count
}


def added(rng, q, k):
    """Numbers for the scores."""
    return rng.standard_normal((q.shape[-2], k.shape[-2]))


def hidden(rng, q, k):
    """Booleans, also a whole row of False."""
    mask = rng.random((*q.shape[:-1], k.shape[-2])) < 0.6
    mask[..., 0, :] &= rng.random() < 0.5
    return mask


@witness(scaled_dot_product_attention, **ONE, attn_mask=added, by="torch.nn.functional.scaled_dot_product_attention")
def test_scaled_dot_product_attention(q, k, v, attn_mask):
    return F.scaled_dot_product_attention(q, k, v, attn_mask=attn_mask)


@witness(
    scaled_dot_product_attention,
    **ONE,
    attn_mask=lambda: None,
    by="torch.nn.functional.scaled_dot_product_attention",
)
def test_no_mask(q, k, v):
    return F.scaled_dot_product_attention(q, k, v)


@witness(scaled_dot_product_attention, **ONE, attn_mask=hidden, by="torch.nn.functional.scaled_dot_product_attention")
def test_a_mask_of_booleans(q, k, v, attn_mask):
    return F.scaled_dot_product_attention(q, k, v, attn_mask=attn_mask)


@witness(
    scaled_dot_product_attention,
    **ONE,
    mask=hidden,
    attn_mask=lambda mask: np.where(mask, 0, -np.inf),
    by="torch.nn.functional.scaled_dot_product_attention",
)
def test_a_mask_of_minus_infinities(q, k, v, mask):
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)


@witness(
    scaled_dot_product_attention,
    **ONE,
    attn_mask=lambda: None,
    is_causal=lambda: True,
    by="torch.nn.functional.scaled_dot_product_attention",
)
def test_a_causal_mask(q, k, v):
    return F.scaled_dot_product_attention(q, k, v, is_causal=True)


SMALL = {
    "q": lambda rng: rng.standard_normal((5, 3)),
    "k": lambda rng: rng.standard_normal((4, 3)),
    "v": lambda rng: rng.standard_normal((4, 2)),
}


@derivative(scaled_dot_product_attention, **SMALL, attn_mask=added)
def by_the_exponential(q, k, v, attn_mask):
    power = torch.exp(q @ k.T / q.shape[1] ** 0.5 + attn_mask)
    return power @ v / power.sum(dim=1, keepdim=True)


def test_a_query_that_may_look_nowhere_gets_0_as_in_pytorch():
    rng = np.random.default_rng(0)
    q, k, v = rng.standard_normal((2, 3)), rng.standard_normal((4, 3)), rng.standard_normal((4, 3))
    mask = np.array([[False, False, False, False], [True, False, True, False]])
    for m in (mask, np.where(mask, 0, -np.inf)):
        y = scaled_dot_product_attention(q, k, v, m)
        theirs = F.scaled_dot_product_attention(*map(torch.tensor, (q, k, v)), attn_mask=torch.tensor(m)).numpy()
        assert not y[0].any()
        assert y == pytest.approx(theirs, rel=1e-12)


@pytest.mark.parametrize("kind", [int, np.uint8, np.float32, float])
def test_zeros_and_ones_that_are_no_booleans_are_refused(kind):
    one = np.ones((4, 4))
    for mask in (np.tril(one), one):
        with pytest.raises(ValueError, match=r"^attn_mask: numbers are added: for 0 and 1 use bool$"):
            scaled_dot_product_attention(one, one, one, mask.astype(kind))
    added = scaled_dot_product_attention(one, one, np.eye(4), 2 * np.tril(one).astype(kind))
    assert added[0] == pytest.approx(np.exp([2, 0, 0, 0]) / (np.exp(2) + 3))
    assert np.array_equal(scaled_dot_product_attention(one, one, one, np.zeros((4, 4), kind)), one), "nothing is added"


def test_a_mask_may_be_a_list_and_go_with_the_causal_one():
    q, k, v = [[1], [1]], [[0], [1]], [[1], [3]]
    y = scaled_dot_product_attention(q, k, v, [[True, False], [True, True]])
    assert y.ravel() == pytest.approx([1, 2.462], abs=5e-4)
    assert np.array_equal(y, scaled_dot_product_attention(q, k, v, is_causal=True))
    both = scaled_dot_product_attention(q, k, v, [[True, True], [False, True]], is_causal=True)
    assert both.ravel().tolist() == [1, 3]


def test_leading_axes_of_the_mask_are_those_of_the_batch():
    rng = np.random.default_rng(0)
    q, k, v = (rng.standard_normal((2, 3, 4, 5)) for _ in range(3))
    mask = rng.random((2, 1, 4, 4)) < 0.7
    theirs = F.scaled_dot_product_attention(*map(torch.tensor, (q, k, v)), attn_mask=torch.tensor(mask)).numpy()
    assert scaled_dot_product_attention(q, k, v, mask) == pytest.approx(theirs, rel=1e-12)


WEIGHTS = {
    **{"q0": "(..., n, d)", "k0": "(..., s, d)", "v0": "(..., s, d)"},
    **{"q": lambda q0: calm(q0), "k": lambda k0: calm(k0), "v": lambda v0: calm(v0)},  # noqa: PLW0108  # names count
    "h": lambda rng, q: int(rng.choice([n for n in range(1, 9) if q.shape[-1] % n == 0])),
    **{f"W_{n}": (lambda rng, q: calm(rng.standard_normal((q.shape[-1], q.shape[-1])))) for n in "QKVO"},
    **{f"b_{n}": (lambda rng, q: rng.standard_normal(q.shape[-1])) for n in "QVO"},
}


@witness(
    multi_head_attention,
    **WEIGHTS,
    attn_mask=added,
    by="torch.nn.functional.multi_head_attention_forward",
)
def test_multi_head_attention(q, k, v, h, W_Q, W_K, W_V, W_O, b_Q, b_V, b_O, attn_mask):
    d, one = q.shape[-1], [x.reshape(-1, *x.shape[-2:]).transpose(0, 1) for x in (q, k, v)]
    W, b = torch.cat([W_Q, W_K, W_V]), torch.cat([b_Q, torch.zeros_like(b_Q), b_V])
    bare = F.multi_head_attention_forward(
        *one, d, h, W, b, None, None, False, 0.0, W_O, b_O, need_weights=False, attn_mask=attn_mask
    )[0]
    return bare.transpose(0, 1).reshape(q.shape)


@witness(
    multi_head_attention,
    **{name: draw for name, draw in WEIGHTS.items() if name[0] != "b"},
    **{f"b_{n}": (lambda q: np.zeros(q.shape[-1])) for n in "QVO"},
    attn_mask=lambda: None,
)
def test_multi_head_attention_without_biases_head_by_head(q, k, v, h, W_Q, W_K, W_V, W_O):
    heads = [
        F.scaled_dot_product_attention(F.linear(q, Q), F.linear(k, K), F.linear(v, V))
        for Q, K, V in zip(*(W.chunk(h) for W in (W_Q, W_K, W_V)), strict=True)
    ]
    return sum(F.linear(H, W) for H, W in zip(heads, W_O.chunk(h, dim=1), strict=True))


def test_a_checkpoint_of_pytorch_fits():
    layer = torch.nn.MultiheadAttention(6, num_heads=3, batch_first=True, dtype=torch.float64)
    torch.nn.init.normal_(layer.in_proj_bias)
    torch.nn.init.normal_(layer.out_proj.bias)
    weights = {name: value.numpy() for name, value in layer.state_dict().items()}
    W, b = np.split(weights["in_proj_weight"], 3), np.split(weights["in_proj_bias"], 3)
    W_O, b_O = weights["out_proj.weight"], weights["out_proj.bias"]
    x, mask = np.random.default_rng(0).standard_normal((2, 5, 6)), np.tri(5, dtype=bool)
    ours = multi_head_attention(x, x, x, 3, *W, W_O, b[0], b[2], b_O, mask)
    theirs = layer(*[torch.tensor(x)] * 3, attn_mask=torch.tensor(~mask), need_weights=False)[0]
    assert ours == pytest.approx(theirs.detach().numpy(), rel=1e-9, abs=1e-12)
    without = multi_head_attention(x, x, x, 3, *W, W_O)
    assert np.array_equal(without, multi_head_attention(x, x, x, 3, *W, W_O, *np.zeros((3, 6))))


def places(rng):
    return rng.uniform(0, 100, tuple(rng.integers(1, 5, rng.integers(3))))


@witness(sinusoidal_encoding, t=lambda rng: rng.uniform(0, 100, 5), d=even)
def test_sinusoidal_encoding(t, d):
    angle = torch.outer(t, torch.exp(-torch.arange(0, d, 2) / d * np.log(10000)))
    return torch.stack([torch.sin(angle), torch.cos(angle)], dim=2).flatten(1)


@witness(sinusoidal_encoding, t=places, d=even)
def test_sinusoidal_encoding_as_turning_pointers(t, d):
    turns = [torch.as_tensor(10000 ** (-2 * i / d) * t) for i in range(d // 2)]
    pointers = [torch.view_as_real(torch.polar(torch.ones_like(a), a)) for a in turns]
    return torch.cat([pointer.flip(-1) for pointer in pointers], dim=-1)


def test_a_position_alone_has_an_encoding_too():
    assert sinusoidal_encoding(0, 2).tolist() == [0.0, 1.0]
    assert np.array_equal(sinusoidal_encoding(7, 6), sinusoidal_encoding([7], 6)[0])
    assert sinusoidal_encoding(7, 3) == pytest.approx([np.sin(7), np.cos(7), np.sin(7 * 10000 ** (-2 / 3))])
    with pytest.raises(ValueError, match=r"^d: expected a number of at least 1, got 0$"):
        sinusoidal_encoding(0.0, 0)
    with pytest.raises(IndexError):
        shifted_encoding(np.zeros((2, 3)), 1.0)


SHIFT = {"P": lambda rng: rng.standard_normal((5, 6)), "k": lambda rng: rng.uniform(-50, 50)}


@witness(shifted_encoding, **SHIFT)
def test_shifted_encoding(P, k):
    turn = torch.zeros(6, 6)
    for i in range(3):
        turn[2 * i, 2 * i + 1], turn[2 * i + 1, 2 * i] = 10000 ** (-i / 3), -(10000 ** (-i / 3))
    return P @ torch.matrix_exp(torch.as_tensor(k) * turn).T


@witness(shifted_encoding, t=places, P=lambda t: sinusoidal_encoding(t, 8), k=lambda rng: rng.uniform(-50, 50))
def test_shifted_encoding_is_the_encoding_of_the_shifted_position(t, k):
    return torch.tensor(sinusoidal_encoding(np.asarray(t) + k, 8))


@derivative(shifted_encoding, P=lambda rng: rng.standard_normal((5, 6)), k=lambda rng: rng.uniform(-3, 3))
def as_a_complex_product(P, k):
    pairs = torch.view_as_complex(P.reshape(5, 3, 2).flip(2).contiguous())
    angle = torch.as_tensor(k) * 10000 ** (-torch.arange(3) / 3)
    turned = pairs * torch.complex(torch.cos(angle), torch.sin(angle))
    return torch.view_as_real(turned).flip(2).reshape(5, 6)

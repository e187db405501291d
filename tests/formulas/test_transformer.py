import numpy as np
import pytest
import torch
import torch.nn.functional as F

from snippets.attention import multi_head_attention, sinusoidal_encoding
from snippets.normalization import layer_norm
from snippets.transformer import decoder_layer, embed, encoder_layer, feed_forward
from tests.formulas.test_attention import calm
from yansuan.proof.witness import derivative, no_derivative, witness

TABLE = {"tokens": lambda rng, E: rng.integers(0, len(E), tuple(rng.integers(1, 6, rng.integers(1, 4))))}


@witness(embed, **TABLE, by="torch.nn.functional.embedding")
def test_embed(tokens, E):
    n, d = tokens.shape[-1], E.shape[1]
    return F.embedding(tokens, E) * d**0.5 + torch.as_tensor(sinusoidal_encoding(np.arange(n), d))


@derivative(embed, tokens=lambda: np.array([2, 0, 2]), E=lambda rng: rng.standard_normal((3, 4)))
def by_counting(tokens, E):
    one_hot = torch.eye(3, dtype=torch.float64)[tokens]
    return 2 * one_hot @ E + torch.as_tensor(sinusoidal_encoding(np.arange(3), 4))


def test_a_token_that_the_table_does_not_have_is_refused():
    with pytest.raises(IndexError):
        embed([0, 3], np.eye(3))
    with pytest.raises(ValueError, match=r"^tokens: expected integers, got float64$"):
        embed([0.0, 1.0], np.eye(3))


@witness(feed_forward, by="torch.nn.functional.linear")
def test_feed_forward(x, W_1, b_1, W_2, b_2):
    return F.linear(F.relu(F.linear(x, W_1, b_1)), W_2, b_2)


def attention(rng, d, scale=1.0):
    """Weights and biases in the names of nn.MultiheadAttention."""
    shapes = {"in_proj_weight": (3 * d, d), "in_proj_bias": (3 * d,), "out_proj.weight": (d, d), "out_proj.bias": (d,)}
    return {name: scale * rng.standard_normal(shape) for name, shape in shapes.items()}


def layer(rng, d, attentions, norms):
    """Random weights of a layer, in the names that PyTorch has for them; f = 5."""
    w = {f"{a}.{name}": value for a in attentions for name, value in attention(rng, d).items()}
    for n in range(1, norms + 1):
        w |= {f"norm{n}.weight": rng.standard_normal(d), f"norm{n}.bias": rng.standard_normal(d)}
    w |= {"linear1.weight": rng.standard_normal((5, d)), "linear1.bias": rng.standard_normal(5)}
    return w | {"linear2.weight": rng.standard_normal((d, 5)), "linear2.bias": rng.standard_normal(d)}


def attend(w, name, h, causal=False):
    """Attention as a function of the positions that ask and those that answer, from weights of PyTorch."""
    W, b = np.split(w[f"{name}.in_proj_weight"], 3), np.split(w[f"{name}.in_proj_bias"], 3)
    out = w[f"{name}.out_proj.weight"], b[0], b[2], w[f"{name}.out_proj.bias"]

    def of(q, k):
        return multi_head_attention(q, k, k, h, *W, *out, np.tri(q.shape[-2], dtype=bool) if causal else None)

    return of


def parts(w):
    """The other functions of a layer."""
    feed = [w[f"linear{n}.{what}"] for n in (1, 2) for what in ("weight", "bias")]
    return {"feed": lambda x: feed_forward(x, *feed)} | {
        f"norm_{n}": (lambda z, n=n: layer_norm(z, w[f"norm{n}.weight"], w[f"norm{n}.bias"]))
        for n in (1, 2, 3)
        if f"norm{n}.weight" in w
    }


def theirs(kind, w, h, *inputs, **masks):
    """What the layer of PyTorch makes of it, any leading axes as one."""
    d = inputs[0].shape[-1]
    made = kind(d, h, 5, dropout=0.0, batch_first=True, dtype=torch.float64)
    made.load_state_dict({name: torch.tensor(value) for name, value in w.items()})
    flat = [torch.as_tensor(x).reshape(-1, *x.shape[-2:]) for x in inputs]
    return made(*flat, **masks).detach().reshape(inputs[0].shape)


def heads(rng, x):
    return int(rng.choice([n for n in range(1, 9) if x.shape[-1] % n == 0]))


def part(name):
    return lambda w: parts(w)[name]


ENCODER = {
    **{"x0": "(..., n, d)", "x": lambda x0: calm(x0), "h": heads},  # noqa: PLW0108  # names count
    "w": lambda rng, x: layer(rng, x.shape[-1], ["self_attn"], 2),
    "attend": lambda w, h: lambda x: attend(w, "self_attn", h)(x, x),
    **{name: part(name) for name in ("feed", "norm_1", "norm_2")},
}
DECODER = {
    **ENCODER,
    **{"m0": "(..., s, d)", "memory": lambda m0: calm(m0)},  # noqa: PLW0108  # names count
    "w": lambda rng, x: layer(rng, x.shape[-1], ["self_attn", "multihead_attn"], 3),
    "attend": lambda w, h: lambda x: attend(w, "self_attn", h, causal=True)(x, x),
    "cross": lambda w, h: attend(w, "multihead_attn", h),
    "norm_3": part("norm_3"),
}


@witness(encoder_layer, **ENCODER, by="torch.nn.TransformerEncoderLayer")
def test_encoder_layer(x, w, h):
    return theirs(torch.nn.TransformerEncoderLayer, w, h, x)


@witness(decoder_layer, **DECODER, by="torch.nn.TransformerDecoderLayer")
def test_decoder_layer(x, memory, w, h):
    mask = torch.nn.Transformer.generate_square_subsequent_mask(x.shape[-2], dtype=torch.float64)
    return theirs(torch.nn.TransformerDecoderLayer, w, h, x, memory, tgt_mask=mask)


for snippet in (encoder_layer, decoder_layer):
    no_derivative(snippet, "its parts are functions: each of them has a derivative of its own to answer for")

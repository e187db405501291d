"""Bugs from the wild: wrong implementations that were or are published, in our own words, as mutants to be killed.

Each replaces a snippet; the ordinary witnesses, not a test made for it, must notice. The table is on the site's verification
page, with the test that noticed.
"""

import importlib
import inspect
import textwrap
from dataclasses import dataclass

import pytest

from yansuan.proof.findings import WILD
from yansuan.proof.mutation import replaced
from yansuan.proof.witness import witnesses

D2L_EN = "https://github.com/d2l-ai/d2l-en/blob/master/chapter_convolutional-modern/batch-norm.md"
D2L_ZH = "https://github.com/d2l-ai/d2l-zh/blob/master/chapter_convolutional-modern/batch-norm.md"
LABML = "https://github.com/labmlai/annotated_deep_learning_paper_implementations"


@dataclass(frozen=True)
class WildBug:
    id: str
    formula: str
    where: str
    link: str
    en: str
    zh: str
    code: str  # what replaces the snippet


BUGS = [
    WildBug(
        "wrong-axis",
        "batch_norm.batch_mean",
        "d2l-en, JAX",
        D2L_EN,
        "The mean is taken over the wrong axis of the array.",
        "均值取错了数组的轴。",
        "def f(z):\n    return np.resize(z.mean(axis=1), z.shape[1])",
    ),
    WildBug(
        "no-axis",
        "batch_norm.batch_mean",
        "d2l-zh, Paddle",
        D2L_ZH,
        "The mean has no axis: one number for all features.",
        "求均值时没有指定轴，所有特征共用一个数。",
        "def f(z):\n    return np.full(z.shape[1], z.mean())",
    ),
    WildBug(
        "one-pass-variance",
        "batch_norm.batch_variance",
        "labml, layer norm",
        LABML,
        "The variance is the mean square minus the squared mean, which cancels when the mean is large.",
        "方差用平方的均值减去均值的平方来算，均值很大时有效数字相消。",
        "def f(z):\n    return (z**2).mean(axis=0) - z.mean(axis=0) ** 2",
    ),
    WildBug(
        "unbiased-and-epsilon-outside",
        "normalization.layer_norm",
        "annotated-transformer #122",
        "https://github.com/harvardnlp/annotated-transformer/issues/122",
        "The standard deviation divides by d − 1, and ε is added to it instead of to the variance.",
        "标准差除以 d − 1，ε 加在标准差上而不是方差上。",
        "def f(z, gamma=1.0, beta=0.0, eps=1e-5):\n"
        "    deviation = z.std(axis=-1, ddof=1, keepdims=True)\n"
        "    return gamma * (z - z.mean(axis=-1, keepdims=True)) / (deviation + eps) + beta",
    ),
    WildBug(
        "unbiased-normalization",
        "batch_norm.batch_variance",
        "nn-zero-to-hero #44",
        "https://github.com/karpathy/nn-zero-to-hero/issues/44",
        "The batch is normalized with the unbiased variance.",
        "归一化用了无偏方差。",
        "def f(z):\n    return z.var(axis=0, ddof=1)",
    ),
    WildBug(
        "biased-running-variance",
        "moving_average.running_variance",
        "ARENA 3.0 #415",
        "https://github.com/callummcdougall/ARENA_3.0/issues/415",
        "The running variance averages the biased variance, without the factor m / (m − 1).",
        "移动平均的是有偏方差，少了系数 m / (m − 1)。",
        "def f(var_bar, var, m, p=0.9):\n    return p * var_bar + (1 - p) * var",
    ),
    WildBug(
        "divides-by-the-variance",
        "batch_norm.batch_normalize",
        "DeepLearning.ai-Summary #183",
        "https://github.com/mbadry1/DeepLearning.ai-Summary/issues/183",
        "The batch is divided by the variance, not by its root.",
        "除以方差，而不是方差的平方根。",
        "def f(z, mu, var, eps=1e-5):\n    return (z - mu) / (var + eps)",
    ),
    WildBug(
        "plus-for-minus",
        "batch_norm.batch_normalize",
        "DeepLearning-500-questions #226",
        "https://github.com/scutan90/DeepLearning-500-questions/issues/226",
        "A sign is wrong: the mean is added instead of subtracted.",
        "符号错了：均值是加上去的，而不是减去。",
        "def f(z, mu, var, eps=1e-5):\n    return (z + mu) / np.sqrt(var + eps)",
    ),
    WildBug(
        "p-is-0.1",
        "moving_average.running_mean",
        "leedl-tutorial #134",
        "https://github.com/datawhalechina/leedl-tutorial/issues/134",
        "PyTorch's momentum, the weight of the new value, is used as the weight of the old one.",
        "把 PyTorch 的 momentum（新值的权重）当成了旧值的权重。",
        "def f(mu_bar, mu, p=0.9):\n    return (1 - p) * mu_bar + p * mu",
    ),
    WildBug(
        "mask-inverted",
        "attention.scaled_dot_product_attention",
        "LLMs-from-scratch #1061",
        "https://github.com/rasbt/LLMs-from-scratch/issues/1061",
        "The boolean mask is the wrong way round: True hides, so that the future is looked at.",
        "布尔掩码反了：True 的位置被挡住，看到的反而是后面的词。",
        "def f(q, k, v, attn_mask=None, is_causal=False):\n"
        "    z = q @ np.swapaxes(k, -1, -2) / q.shape[-1] ** 0.5\n"
        "    hidden = np.triu(np.ones(z.shape[-2:], bool), 1) if is_causal else attn_mask\n"
        "    if hidden is not None and hidden.dtype != bool:\n"
        "        z, hidden = z + hidden, None\n"
        "    return softmax(z if hidden is None else np.where(hidden, z, -1e9)) @ v",
    ),
    WildBug(
        "mask-after-softmax",
        "attention.scaled_dot_product_attention",
        "pytorch-image-models #2236",
        "https://github.com/huggingface/pytorch-image-models/pull/2236",
        "The mask is added behind the softmax instead of before it.",
        "掩码加在 softmax 之后，而不是之前。",
        "def f(q, k, v, attn_mask=None, is_causal=False):\n"
        "    A = softmax(q @ np.swapaxes(k, -1, -2) / q.shape[-1] ** 0.5)\n"
        "    return (A if attn_mask is None else A + attn_mask) @ v",
    ),
    WildBug(
        "smoothing-without-alpha",
        "losses.label_smoothing",
        "ConvE #55",
        "https://github.com/TimDettmers/ConvE/issues/55",
        "Each class gets 1/K instead of α/K, so that the target does not sum to 1.",
        "每一类分到的是 1/K 而不是 α/K，目标值之和不再是 1。",
        "def f(y, alpha):\n    return (1 - alpha) * y + 1 / y.shape[-1]",
    ),
    WildBug(
        "smoothing-counts-the-wrong-axis",
        "losses.label_smoothing",
        "TensorFlow #32231",
        "https://github.com/tensorflow/tensorflow/issues/32231",
        "K is taken from the second axis, which is the number of classes only if the target has two.",
        "K 取自第二个轴；只有目标值是二维时，它才是类别数。",
        "def f(y, alpha):\n    return (1 - alpha) * y + alpha / y.shape[min(1, y.ndim - 1)]",
    ),
]


def stand_in(bug):
    """The living snippet, and the function that is to stand in for it."""
    family, _, name = bug.formula.partition(".")
    module = importlib.import_module(f"snippets.{family}")
    scope = dict(vars(module))
    exec(textwrap.dedent(bug.code), scope)
    return inspect.unwrap(getattr(module, name)), scope["f"]


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.id)
def test_the_ordinary_witnesses_notice(bug, record_property):
    checks = witnesses(bug.formula)
    noticed = None
    with replaced(*stand_in(bug)):
        for witness in checks:
            try:
                witness.check()
            except (AssertionError, ValueError, TypeError) as error:
                noticed = witness.claim if "relative error" in str(error) else f"{witness.claim}: {error}"
                break
    assert noticed, f"{bug.id}: no witness of {bug.formula} notices"
    checks[0].check()  # and the right one passes again
    record_property(
        WILD,
        {"id": bug.id, "formula": bug.formula, "where": bug.where, "link": bug.link, "en": bug.en, "zh": bug.zh}
        | {"noticed_by": noticed},
    )

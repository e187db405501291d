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
    WildBug(
        "latents-averaged",
        "variational.gaussian_kl",
        "grammarVAE #2",
        "https://github.com/mkusner/grammarVAE/issues/2",
        "The divergence is averaged over the latent variables instead of summed.",
        "散度对隐变量取了平均，而不是求和。",
        "def f(mu, log_var):\n    return np.mean(mu**2 + np.exp(log_var) - 1 - log_var, axis=-1) / 2",
    ),
    WildBug(
        "pixels-averaged",
        "variational.elbo",
        "VAE-Torch #11",
        "https://github.com/y0ast/VAE-Torch/issues/11",
        "The reconstruction is averaged over the pixels, the divergence summed: it takes over.",
        "重建项对像素取平均，散度却是求和，于是散度压过了一切。",
        "def f(x, y, mu, log_var):\n"
        "    ones = x * np.log(np.where(x == 0, 1, y))\n"
        "    zeros = (1 - x) * np.log(np.where(x == 1, 1, 1 - y))\n"
        "    return np.mean(ones + zeros, axis=-1) - gaussian_kl(mu, log_var)",
    ),
    WildBug(
        "variance-for-deviation",
        "variational.reparameterize",
        "ibp_vae #3",
        "https://github.com/rachtsingh/ibp_vae/issues/3",
        "The noise is multiplied by the variance, not by its root.",
        "噪声乘的是方差，而不是方差的平方根。",
        "def f(mu, log_var, noise):\n    return mu + np.exp(log_var) * noise",
    ),
    WildBug(
        "left-to-right",
        "tokenization.bpe_encode",
        "fastllm #715",
        "https://github.com/ztxz16/fastllm/pull/715",
        "Merges are applied from left to right, whichever is there, not in the order learned.",
        "从左到右碰到哪个合并就用哪个，而不按学到的次序。",
        "def f(text, merges):\n"
        "    known, y = set(merges), []\n"
        "    for word in text.split(' ') if isinstance(text, str) else text:\n"
        "        s, at = [*word, '</w>'], 0\n"
        "        while at < len(s) - 1:\n"
        "            if (s[at], s[at + 1]) in known:\n"
        "                s[at : at + 2], at = [s[at] + s[at + 1]], -1\n"
        "            at += 1\n"
        "        y += s\n"
        "    return ' '.join(y)",
    ),
    WildBug(
        "runs-swallowed",
        "tokenization.merge_pair",
        "minbpe #38",
        "https://github.com/karpathy/minbpe/pull/38",
        "A run of the same symbol becomes one merged symbol, however long it is.",
        "一串相同的符号无论多长，都只剩一个合并后的符号。",
        "def f(word, a, b):\n"
        "    merged = []\n"
        "    for symbol in word.split(' '):\n"
        "        if merged[-1:] == [a] and symbol == b:\n"
        "            merged[-1] = a + b\n"
        "        elif not (a == b == symbol and merged[-1:] == [a + b]):\n"
        "            merged.append(symbol)\n"
        "    return ' '.join(merged)",
    ),
    WildBug(
        "overlaps-not-counted",
        "tokenization.pair_counts",
        "sentencepiece #318",
        "https://github.com/google/sentencepiece/issues/318",
        "A pair that overlaps with itself, as in aaa, is not counted at all.",
        "像 aaa 里那样与自身重叠的一对，一次也不算。",
        "def f(words, counts):\n"
        "    c = {}\n"
        "    for word, n in zip(words, counts):\n"
        "        s = word.split(' ')\n"
        "        for i in range(len(s) - 1):\n"
        "            overlaps = s[i] == s[i + 1] and s[i] in s[max(0, i - 1) : i] + s[i + 2 : i + 3]\n"
        "            c[s[i], s[i + 1]] = c.get((s[i], s[i + 1]), 0) + (0 if overlaps else int(n))\n"
        "    return c",
    ),
    WildBug(
        "words-counted-once",
        "question_answering.f1_score",
        "inspect_ai #5473",
        "https://github.com/UKGovernmentBEIS/inspect_ai/issues/5473",
        "Sets of words are compared, so that a repeated word costs nothing.",
        "比较的是词的集合，同一个词重复多少次都不扣分。",
        "def f(prediction, ground_truth):\n"
        "    p, a = (set(normalize_answer(text).split()) for text in (prediction, ground_truth))\n"
        "    return 2 * len(p & a) / (len(p) + len(a)) if p & a else 0.0",
    ),
    WildBug(
        "alpha-over-k-taken-from-the-right-class",
        "losses.label_smoothing",
        "pytorch-randaugment #30",
        "https://github.com/ildoonet/pytorch-randaugment/issues/30",
        "The right class loses only α/K, which it gets back, so that its target is still 1 or nearly so.",
        "正确的类只减去 α/K，随即又加了回来，目标值几乎还是 1。",
        "def f(y, alpha):\n    share = alpha / y.shape[-1]\n    return (1 - share) * y + share",
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

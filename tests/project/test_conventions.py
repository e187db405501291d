"""The page of conventions: what each library's settings yield on one batch, recomputed, and the table as printed.

Only PyTorch is installed. The settings of the others are cited on the page, from their documentation.
"""

import inspect
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from snippets.batch_norm import batch_mean, batch_norm_inference, batch_norm_train, batch_variance
from snippets.moving_average import population_statistics, running_mean, running_variance

BATCH = np.array([[10.0], [12.0], [14.0]])
ONE, ZERO = np.ones(1), np.zeros(1)


@dataclass(frozen=True)
class Convention:
    name: str
    argument: str | None = None  # what the setting is called
    default: float | None = None
    weighs: str | None = None  # "old" or "new"
    eps: str | None = None
    variance: str | None = None  # which one is kept: "biased", "unbiased", "sigma"; "unstated"
    axis: str | None = None  # where the channels of an image are

    @property
    def p(self):
        """The weight of the old value."""
        if self.default is None:
            return None
        return self.default if self.weighs == "old" else 1 - self.default

    @property
    def stored(self):
        """The running mean and the running variance after the batch, from 0 and 1, by the formulas of the site."""
        mu, var, m = batch_mean(BATCH), batch_variance(BATCH), len(BATCH)
        if self.name == "Paper":
            return population_statistics(mu[None], var[None], m)
        if self.p is None:
            return None, None
        mean = running_mean(ZERO, mu, self.p)
        variance = {
            "unbiased": lambda: running_variance(ONE, var, m, self.p),
            "biased": lambda: running_mean(ONE, var, self.p),
        }.get(self.variance, lambda: None)()
        return mean, variance


CONVENTIONS = [
    Convention("PyTorch", "momentum", 0.1, "new", "1e-5", "unbiased", "second"),
    Convention("Keras", "momentum", 0.99, "old", "1e-3", "biased", "last"),
    Convention("`tf.nn.batch_normalization`", axis="last"),
    Convention("`tf.raw_ops.FusedBatchNormV3`", "exponential_avg_factor", 1, "new", "1e-4", "unbiased", "last"),
    Convention("Flax, linen", "momentum", 0.99, "old", "1e-5", "biased", "last"),
    Convention("Flax, nnx", "momentum", 0.99, "old", "1e-5", "biased", "last"),
    Convention("Paddle", "momentum", 0.9, "old", "1e-5", "biased", "second"),
    Convention("ONNX", "momentum", 0.9, "old", "1e-5", "biased", "second"),
    Convention("MindSpore", "momentum", 0.9, "old", "1e-5", "unstated", "second"),
    Convention("Lecture", "p", None, "old", None, "sigma"),
    Convention("Paper", variance="unbiased"),
    Convention("This site", "p", 0.9, "old", "1e-5", "unbiased", "second"),
]
BY_NAME = {c.name: c for c in CONVENTIONS}
AVERAGING = [pytest.param(c, id=c.name) for c in CONVENTIONS if c.p is not None]
WORDS = {
    "zh": {
        "Flax, linen": "Flax（linen）",
        "Flax, nnx": "Flax（nnx）",
        "Lecture": "课程",
        "Paper": "论文",
        "This site": "本站",
        "new": "新值",
        "old": "旧值",
        "biased": "有偏",
        "unbiased": "无偏",
        "sigma": r"$\sigma$ 的平均",
        "unstated": "未说明",
        "second": "第二",
        "last": "最后",
        "comma": "，",
        None: "—",
    },
    "en": {
        "new": "new value",
        "old": "old value",
        "sigma": r"average of $\sigma$",
        "unstated": "not stated",
        "comma": ", ",
        None: "—",
    },
}


def layer(c, **settings):
    """PyTorch's layer with the settings of another library, after the batch."""
    bn = torch.nn.BatchNorm1d(1, momentum=1 - c.p, eps=float(c.eps), dtype=torch.float64, **settings)
    return bn, bn(torch.tensor(BATCH)).detach().numpy()


def by_hand(c, values):
    """The same in plain Python, value by value, written as the documentation writes it: new and old by their weights."""
    mean = sum(values) / len(values)
    squares = sum((value - mean) ** 2 for value in values)
    kept = squares / (len(values) - (c.variance == "unbiased"))
    new = c.default if c.weighs == "new" else 1.0 - c.default
    return mean * new, 1 + (kept - 1) * new


def test_the_defaults_of_pytorch_and_of_this_site_are_as_listed():
    parameters = inspect.signature(torch.nn.BatchNorm1d).parameters
    torchs, ours = BY_NAME["PyTorch"], BY_NAME["This site"]
    assert parameters[torchs.argument].default == torchs.default
    assert parameters["eps"].default == float(torchs.eps)
    for function in (running_mean, running_variance):
        assert inspect.signature(function).parameters[ours.argument].default == ours.default
    for function in (batch_norm_train, batch_norm_inference):
        assert inspect.signature(function).parameters["eps"].default == float(ours.eps)
    assert ours.p == torchs.p, "the site follows PyTorch"


@pytest.mark.parametrize("c", AVERAGING)
def test_one_batch_in_each_convention(c):
    mean, variance = c.stored
    bn, output = layer(c)
    by_loop = by_hand(c, BATCH.ravel().tolist())
    assert mean == pytest.approx(bn.running_mean.item()), "PyTorch with momentum = 1 - p"
    assert mean == pytest.approx(by_loop[0])
    assert np.allclose(batch_norm_train(BATCH, ONE, ZERO, float(c.eps)), output)
    if c.variance == "unstated":
        assert variance is None
        return
    assert variance == pytest.approx(by_loop[1])
    if c.variance == "unbiased":
        assert variance == pytest.approx(bn.running_var.item())
    else:
        assert variance < bn.running_var.item(), "which PyTorch cannot be told to store"
        assert variance == pytest.approx(c.p + (bn.running_var.item() - c.p) * 2 / 3), "(m - 1)/m of the new part"


@pytest.mark.parametrize("c", AVERAGING)
def test_inference_with_the_epsilon_of_each_convention(c):
    z, var_bar = np.array([[0.01]]), np.array([0.0001])
    theirs = F.batch_norm(torch.tensor(z), torch.tensor(ZERO), torch.tensor(var_bar), eps=float(c.eps))
    assert batch_norm_inference(z, ZERO, var_bar, ONE, ZERO, float(c.eps)) == pytest.approx(theirs.item())


def test_the_paper_averages_whole_batches_and_with_one_batch_that_is_the_batch():
    mean, variance = BY_NAME["Paper"].stored
    bn = torch.nn.BatchNorm1d(1, momentum=None, dtype=torch.float64)
    bn(torch.tensor(BATCH))
    assert mean == pytest.approx(bn.running_mean.item())
    assert variance == pytest.approx(bn.running_var.item())


def test_no_setting_means_the_same_in_both_camps():
    camps = {c.weighs for c in CONVENTIONS if c.argument == "momentum"}
    assert camps == {"old", "new"}
    assert len({c.stored[0].item() for c in CONVENTIONS if c.p is not None}) == 3


def page(lang):
    return Path("docs", lang, "conventions.md").read_text("utf-8")


def rows(lang, section):
    """The cells of the table of a section, without its head; a link is its text."""
    text = re.search(rf"^## .*\{{#{section}\}}\n(.*?)(?=^## |\Z)", page(lang), re.M | re.S)[1]
    table = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    return [[re.sub(r"\[(.*?)\]\(.*?\)", r"\1", cell.strip()) for cell in cells] for cells in table[2:]]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_prints_exactly_these_values(lang):
    def word(term):
        return WORDS[lang].get(term, term)

    def number(value):
        return "—" if value is None else f"{np.asarray(value).item():.4g}"

    wanted = []
    for c in CONVENTIONS:
        setting = c.argument and (f"`{c.argument}={c.default}`" if c.default is not None else f"`{c.argument}`")
        eps = c.eps and f"`{c.eps}`"
        cells = [word(c.name), word(setting), word(c.weighs), word(eps), word(c.variance), word(c.axis)]
        after = [number(value) for value in c.stored]
        wanted.append([*cells, "—" if after == ["—", "—"] else WORDS[lang]["comma"].join(after)])
    assert rows(lang, "table") == wanted


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_library_is_cited(lang):
    for name in (word for c in CONVENTIONS[:9] for word in [WORDS[lang].get(c.name, c.name)]):
        assert re.search(rf"^\| \[{re.escape(name)}\]\(https://\S+\) \|", page(lang), re.M), name


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_names_that_pytorch_gives_the_four_vectors(lang):
    names = [cell.strip("`") for cell in rows(lang, "translate")[0][1:]]
    assert names == list(torch.nn.BatchNorm1d(1).state_dict())[:4]

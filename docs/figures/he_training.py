"""Accuracy of ReLU networks while they learn, for three sizes of their first weights and two depths."""

from docs.figures._depth import curves
from yansuan.runs.words import words

symbol, choices, chosen = "L", ["3", "15"], "15"
WAYS = {
    "large": ("he", 2.0, "C2", words(en="2 × He", zh="He 的 2 倍")),
    "xavier": ("xavier", 1.0, "C1", words(en="Xavier = He / √2", zh="Xavier = He / √2")),
    "he": ("he", 1.0, "C0", words(en="He", zh="He")),
}


def draw(choice):
    last = curves(WAYS, "relu", int(choice), rate=0.03)
    numbers = {name: f"{found.mean():.2f}" for name, found in last.items()}
    return numbers | {f"{name}_range": f"{found.min():.2f}–{found.max():.2f}" for name, found in last.items()}

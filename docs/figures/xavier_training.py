"""Accuracy of tanh networks while they learn, for three sizes of their first weights and two depths."""

from docs.figures._depth import curves
from yansuan.runs.words import words

symbol, choices, chosen = "L", ["2", "10"], "10"
WAYS = {
    "heuristic": ("lecun", 3**-0.5, "C1", words(en="heuristic: too small", zh="经验做法：太小")),
    "large": ("xavier", 3.0, "C2", words(en="3 × Xavier: too large", zh="Xavier 的 3 倍：太大")),
    "xavier": ("xavier", 1.0, "C0", words(en="Xavier", zh="Xavier")),
}


def draw(choice):
    last = curves(WAYS, "tanh", int(choice), rate=0.05)
    return {name: f"{found.mean():.2f}" for name, found in last.items()}

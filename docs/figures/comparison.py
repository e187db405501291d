"""How to read figure 2 of Ioffe & Szegedy 2015 (arXiv:1502.03167), by the numbers they print. No curve is traced."""

import matplotlib.pyplot as plt

from yansuan.runs.words import words

NETWORKS = {  # million steps to 72.2 % (None: never reached), highest validation accuracy in %
    "Inception": (31.0, 72.2),
    "BN-Baseline": (13.3, 72.7),
    "BN-x5": (2.1, 73.0),
    "BN-x30": (2.7, 74.8),
    "BN-x5-Sigmoid": (None, 69.8),
}
STEPS_OF_X30 = 6.0  # million steps to its highest accuracy (§4.2.2)
inception = NETWORKS["Inception"][0]
numbers = {
    "times_baseline": f"{inception / NETWORKS['BN-Baseline'][0]:.1f}",
    "times_x5": f"{inception / NETWORKS['BN-x5'][0]:.1f}",
    "times_x30": f"{inception / NETWORKS['BN-x30'][0]:.1f}",
    "percent_x5": f"{100 * NETWORKS['BN-x5'][0] / inception:.1f}",
    "times_x30_best": f"{inception / STEPS_OF_X30:.1f}",
    "gain_baseline": f"{NETWORKS['BN-Baseline'][1] - NETWORKS['Inception'][1]:.1f}",
    "gain_x5": f"{NETWORKS['BN-x5'][1] - NETWORKS['Inception'][1]:.1f}",
    "gain_x30": f"{NETWORKS['BN-x30'][1] - NETWORKS['Inception'][1]:.1f}",
    "loss_sigmoid": f"{NETWORKS['Inception'][1] - NETWORKS['BN-x5-Sigmoid'][1]:.1f}",
    "gain_x30_over_x5": f"{NETWORKS['BN-x30'][1] - NETWORKS['BN-x5'][1]:.1f}",
}
LOOKS = {"Inception": "k", "BN-Baseline": "C1", "BN-x5": "C0", "BN-x30": "C0", "BN-x5-Sigmoid": "C3"}
NAMES = {"BN-Baseline": "BN", "BN-x5": "×5", "BN-x30": "×30", "BN-x5-Sigmoid": "×5 sigmoid"}
PLACES = {
    "Inception": (-14, 15),
    "BN-Baseline": (0, 15),
    "BN-x5": (-5, 15),
    "BN-x30": (12, -14),
}  # of the names of diamonds
HEIGHTS = {"Inception": 71.75, "BN-Baseline": 72.55, "BN-x5": 73.35}  # of the numbers on the right, so that none meet

_, axis = plt.subplots(figsize=(6, 3.4))
axis.plot([0, 32], [72.2, 72.2], color="#808080", linestyle="--", linewidth=1)
for name, (steps, highest) in NETWORKS.items():
    color, label = LOOKS[name], NAMES.get(name, name)
    if steps:
        axis.plot(steps, 72.2, "D", color=color, markersize=7)
        place = {"textcoords": "offset points", "ha": "center", "va": "center"}
        axis.annotate(label, (steps, 72.2), PLACES[name], color=color, **place)
    height = HEIGHTS.get(name, highest)
    axis.plot([33, 34, 34.6], [highest, highest, height], color=color, linewidth=1.5)
    axis.text(35, height, f"{highest} {label}", color=color, va="center", fontsize=10)
axis.plot(STEPS_OF_X30, 74.8, "o", color="C0")
axis.text(STEPS_OF_X30 + 0.7, 74.8, words(en="×30, its best", zh="×30 的最高点"), color="C0", va="center")
axis.annotate("", (4, 70.9), (30, 70.9), arrowprops={"arrowstyle": "->", "color": "#808080"})
axis.text(
    17,
    70.4,
    words(en="same accuracy, fewer steps", zh="准确率相同，步数更少"),
    ha="center",
    va="center",
    color="#808080",
)
axis.text(35, 75.7, words(en="highest", zh="最高准确率"), va="center")
axis.set(xlim=(0, 45), ylim=(69.2, 76.2), xticks=[0, 10, 20, 30], yticks=[70, 72, 74, 76])
axis.set_xlabel(words(en="steps, in millions", zh="步数（百万）"))
axis.set_ylabel(words(en="accuracy in %", zh="准确率（%）"))

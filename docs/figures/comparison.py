"""The numbers that Ioffe & Szegedy 2015 (arXiv:1502.03167) print in their figure 3, drawn. No curve is traced."""

import matplotlib.pyplot as plt

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
    "gain_x30_over_x5": f"{NETWORKS['BN-x30'][1] - NETWORKS['BN-x5'][1]:.1f}",
}

figure, (left, right) = plt.subplots(1, 2, figsize=(6, 2.6), sharey=True)
for row, (steps, accuracy) in enumerate(NETWORKS.values()):
    colour = "C1" if row else "C0"
    if steps:  # no point where 72.2 % was never reached
        left.plot(steps, row, "o", color=colour)
        left.annotate(f"{steps}", (steps, row), (0, 6), textcoords="offset points", ha="center")
    right.plot(accuracy, row, "o", color=colour)
    right.annotate(f"{accuracy}", (accuracy, row), (7, 4), textcoords="offset points")
right.axvline(72.2, color="#808080", linestyle="--", linewidth=1)
left.set(xscale="log", xlim=(1.5, 45), ylim=(4.4, -0.7), xlabel=r"$\times 10^6$", xticks=[2, 5, 10, 20, 40])
left.set(xticklabels=["2", "5", "10", "20", "40"], yticks=range(5), yticklabels=list(NETWORKS))
left.minorticks_off()
right.set(xlim=(69, 76), xlabel="%")
for axis in (left, right):
    axis.tick_params(axis="y", length=0)
    axis.grid(axis="y", color="#d3d3d3", linewidth=0.6)

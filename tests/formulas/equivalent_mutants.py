"""Mutants that no test can notice, because they compute the same: {function: {change: why}}. At most 5 % of all."""

EQUIVALENT: dict[str, dict[str, str]] = {
    "feature_scaling.pca_whiten_fit": {
        "V * np.sign(V[np.abs(V).round(6).argmax(axis=0), range(len(V))])"
        " -> V / np.sign(V[np.abs(V).round(6).argmax(axis=0), range(len(V))])": "a sign is its own inverse",
    },
}

# changes that leave the formula what it is: {formula: {a part of the changed LaTeX, as tokens: why}}
EQUIVALENT_LATEX: dict[str, dict[str, str]] = {
    "batch_norm.variance_as_difference": {
        r"\sum _ { r = 1 } ^ m \mu _ i + \mu _ i ^ 2": "the mean of a mean is that mean, as it is of the features",
        r"( z _ i ^ r ) ^ 2 - \mu _ i ^ 2 \\ & = \frac": "the second line becomes the third",
    },
    "variational.reparameterization_gradient": {
        r"\partial \mu _ j } e": "the slope along the mean is that along the sample"
    },
    "batch_norm.batch_norm_identity": {
        r"- \beta _ i } {": "beta is the mean",
        r"+ \mu _ i =": "beta is the mean",
        r"\frac { \hat z": "the output is the input",
        r"= \hat z _ i ^ r \end": "the output is the input",
    },
    "initialization.prelu_second_moment": {
        r"\max ( 0 , z ^ r ) - a": "one of the two is 0, so the sign is lost in the square",
        r"\max ( 0 , - z ^ r ) - a": "one of the two is 0, so the sign is lost in the square",
    },
    "optimization.condition_number": {r"\max _ k s _ 1": "the first is the largest"},
    "feature_scaling.pca_whiten_fit": {
        r"x _ i ^ r c _ j ^ r": "the c of a feature sum to 0, so the mean of the other is lost"
    },
    "feature_scaling.zca_whiten_fit": {
        r"x _ i ^ r c _ j ^ r": "the c of a feature sum to 0, so the mean of the other is lost"
    },
}

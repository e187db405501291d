"""The score of a person against more and more right answers by people who answer in the same way: all cases counted."""

from itertools import product

import matplotlib.pyplot as plt
import numpy as np

from snippets.question_answering import exact_match_score, f1_score, metric_max_over_ground_truths
from yansuan.runs.words import words

phrasings = ["1889", "the year 1889", "in 1889", "late 1889"]  # each person chooses one of them by chance
known = {(p, a): (f1_score(p, a), exact_match_score(p, a)) for p in phrasings for a in phrasings}


def mean(which, n):
    def metric(prediction, answer):
        return known[prediction, answer][which]

    everybody = product(phrasings, repeat=n + 1)  # who answers, and n others
    return 100 * np.mean([metric_max_over_ground_truths(metric, one, others) for one, *others in everybody])


counts = range(1, 7)
f1, match = ([mean(which, n) for n in counts] for which in (0, 1))
figure, axis = plt.subplots(figsize=(6, 2.6))
axis.plot(counts, f1, "o-", color="C0")
axis.plot(counts, match, "s--", color="C1")
axis.text(6.1, f1[-1] + 3, words(en="F1", zh="F1"), color="C0", va="center")
axis.text(6.1, match[-1] - 6, words(en="exact match", zh="精确匹配"), color="C1", va="center")
axis.set_xlabel(words(en="right answers to compare with", zh="可供比较的正确答案数"))
axis.set_ylabel(words(en="score", zh="得分"))
axis.set(ylim=(0, 104), yticks=[0, 50, 100])
scores = {"f1": f1, "match": match}
numbers = {f"{name}_{n}": f"{scores[name][n - 1]:.0f}" for name in scores for n in counts}

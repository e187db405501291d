import string
from collections import Counter

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from snippets.question_answering import (
    exact_match_score,
    f1_score,
    metric_max_over_ground_truths,
    normalize_answer,
    token_f1,
)
from yansuan.proof.witness import derivative, no_derivative, witness

WORDS = [
    "a",
    "An",
    "the",
    "The",
    "in",
    "year",
    "1889",
    "co-op",
    "U.S.",
    "  ",
    "\t",
    "—",
    "the-end",
    "Ärger",
    "banana",
    "an.",
    "’the’",
]

for snippet in (normalize_answer, exact_match_score, f1_score, metric_max_over_ground_truths):
    no_derivative(snippet, "of text: nothing to differentiate by")


def an_answer(rng):
    """Of few different words, so that some are repeated."""
    return " ".join(rng.choice(rng.choice(WORDS, size=3), size=rng.integers(0, 6)))


def another(prediction, rng):
    """The same but for its looks, or some of its words, maybe more than once, or any answer."""
    in_part = " ".join(rng.choice(["year", *prediction.split()][-2:], size=rng.integers(1, 6)))
    return str(rng.choice([prediction.upper() + "!", in_part, an_answer(rng)]))


def not_empty(prediction, rng):
    """If nothing is left of either answer, F1 is 0 in version 1.1 of the script and 1 in 2.0, which packages ship."""
    while not by_characters(answer := another(prediction, rng)):
        prediction = an_answer(rng)
    return answer


def asked_once(prediction, *ground_truths):
    """One question, as squad takes it."""
    answers = {"answer_start": [0] * len(ground_truths), "text": list(ground_truths)}
    return {"prediction_text": prediction, "id": "1"}, {"answers": answers, "id": "1"}


def by_characters(text):
    """The normalizer as a walk over the characters, without regular expressions."""
    runs, kept = [""], [c for c in text.lower() if c not in set(string.punctuation)]
    for before, c in zip(["", *kept], kept, strict=False):
        if (before.isalnum()) != (c.isalnum()) or not c.isalnum():
            runs.append("")
        runs[-1] += c
    return " ".join("".join(" " if run in ("a", "an", "the") else run for run in runs).split())


@witness(normalize_answer, by="torchmetrics.functional.text.squad._normalize_text", s=an_answer)
def test_normalize_answer(s):
    from torchmetrics.functional.text.squad import _normalize_text

    return _normalize_text(s)


@witness(normalize_answer, s=an_answer)
def test_normalize_answer_by_characters(s):
    return by_characters(s)


@witness(exact_match_score, by="torchmetrics.functional.text.squad", prediction=an_answer, ground_truth=another)
def test_exact_match_score(prediction, ground_truth):
    from torchmetrics.functional.text.squad import squad

    return squad(*asked_once(prediction, ground_truth))["exact_match"].double() / 100


@witness(exact_match_score, prediction=an_answer, ground_truth=another)
def test_exact_match_score_by_characters(prediction, ground_truth):
    return 1.0 if by_characters(prediction) == by_characters(ground_truth) else 0.0


def bags(rng):
    return rng.integers(0, 4, size=6)


@witness(token_f1, by="sklearn.metrics.f1_score", p=bags, a=bags)
def test_token_f1(p, a):
    """Scikit-learn's F1, each copy of a token a class of its own: is it there or not?"""
    from sklearn.metrics import f1_score  # takes a second

    copies = torch.arange(4)
    guessed, wanted = (copies < bag[:, None] for bag in (p, a))
    return f1_score(wanted.ravel(), guessed.ravel(), zero_division=0.0)


@witness(token_f1, p=bags, a=bags)
def test_token_f1_as_overlap(p, a):
    return 1 - torch.abs(p - a).sum() / torch.clamp(p.sum() + a.sum(), min=1)


@derivative(token_f1, p=lambda rng: rng.uniform(1, 3, 6), a=lambda rng: rng.uniform(1, 3, 6))
def twice_the_overlap(p, a):
    return 2 * torch.minimum(p, a).sum() / (p.sum() + a.sum())


@witness(f1_score, by="torchmetrics.functional.text.squad", prediction=an_answer, ground_truth=not_empty)
def test_f1_score(prediction, ground_truth):
    from torchmetrics.functional.text.squad import squad

    return squad(*asked_once(prediction, ground_truth))["f1"] / 100


@witness(f1_score, prediction=an_answer, ground_truth=another)
def test_f1_score_of_counters(prediction, ground_truth):
    guessed, wanted = Counter(by_characters(prediction).split()), Counter(by_characters(ground_truth).split())
    common = (guessed & wanted).total()
    return 2 * common / (guessed.total() + wanted.total()) if common else 0.0


METRICS = {"f1": f1_score, "exact_match": exact_match_score}


def several(prediction, rng):
    return [not_empty(prediction, rng) for _ in range(rng.integers(1, 4))]


@witness(
    metric_max_over_ground_truths,
    by="torchmetrics.functional.text.squad",
    which=lambda rng: str(rng.choice(list(METRICS))),
    metric_fn=lambda which: METRICS[which],
    prediction=an_answer,
    ground_truths=several,
)
def test_metric_max_over_ground_truths(which, prediction, ground_truths):
    from torchmetrics.functional.text.squad import squad

    return squad(*asked_once(prediction, *ground_truths))[which].double() / 100


@witness(
    metric_max_over_ground_truths,
    metric_fn=lambda rng: METRICS[rng.choice(list(METRICS))],
    prediction=an_answer,
    ground_truths=several,
)
def test_metric_max_over_ground_truths_as_the_last_in_order(metric_fn, prediction, ground_truths):
    return sorted(metric_fn(prediction, answer) for answer in ground_truths)[-1]


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("The  Broncos!", "broncos"),
        ("another theory", "another theory"),
        ("the-end", "theend"),
        ("the–end", "–end"),
        ("A.", ""),
        ("a\tb\n c ", "b c"),
        ("$5,000", "5000"),
        ("“the”", "“ ”"),
    ],
)
def test_what_the_rules_make_of(text, normal):
    assert normalize_answer(text) == by_characters(text) == normal


def test_the_example_of_the_year():
    assert f1_score("in the year 1889", "1889") == 0.5
    assert exact_match_score("in the year 1889", "1889") == 0


def test_empty_answers():
    from torchmetrics.functional.text.squad import squad

    for prediction, truth in (("", ""), ("the", "A."), ("", "a")):
        assert exact_match_score(prediction, truth) == 1
        assert f1_score(prediction, truth) == 0
        assert squad(*asked_once(prediction, truth))["f1"] == 100, "version 2.0"
    assert f1_score("", "1889") == exact_match_score("", "1889") == f1_score("1889", "") == 0
    assert normalize_answer("") == ""
    with pytest.raises(ValueError, match=r"^ground_truths: expected shape \(n,\), n at least 1; got \(0,\)$"):
        metric_max_over_ground_truths(f1_score, "1889", [])
    with pytest.raises(ValueError, match=r"^ground_truths: expected shape \(n,\), n at least 1; got \(\)$"):
        metric_max_over_ground_truths(f1_score, "1889", "1889")


def test_the_metric_gets_the_prediction_first():
    assert metric_max_over_ground_truths(lambda p, a: float(p in a), "1889", ["the year 1889"]) == 1


answers = st.lists(st.sampled_from(WORDS), min_size=0, max_size=6).map(" ".join) | st.text(max_size=12)
law = settings(
    derandomize=True, deadline=None, max_examples=200, database=None, suppress_health_check=[HealthCheck.too_slow]
)


@law
@given(answers)
def test_normalizing_leaves_single_spaces_and_no_punctuation(text):
    normal = normalize_answer(text)
    assert " ".join(normal.split()) == normal
    assert not set(normal) & set(string.punctuation)


@law
@given(answers, answers)
def test_scores_are_symmetric_between_0_and_1_and_f1_is_no_less_than_exact_match(p, a):
    f1, match = f1_score(p, a), exact_match_score(p, a)
    assert 0 <= f1 <= 1
    assert f1_score(a, p) == pytest.approx(f1, rel=1e-12)
    assert exact_match_score(a, p) == match
    if normalize_answer(a):
        assert f1 >= match
        assert f1_score(a, a) == exact_match_score(a, a) == 1


@law
@given(st.lists(st.sampled_from(["in", "year", "1889", "Denver"]), min_size=1, max_size=6), st.randoms(), answers)
def test_f1_does_not_see_the_order_of_the_words(words, random, answer):
    other = random.sample(words, len(words))
    assert f1_score(" ".join(words), answer) == f1_score(" ".join(other), answer)


@law
@given(answers, st.lists(answers, min_size=1, max_size=4), answers)
def test_one_more_right_answer_never_lowers_the_score(p, right, more):
    for metric in (f1_score, exact_match_score):
        before = metric_max_over_ground_truths(metric, p, right)
        after = metric_max_over_ground_truths(metric, p, [*right, more])
        assert after == max(before, metric(p, more))
        assert metric_max_over_ground_truths(metric, p, right[::-1]) == before

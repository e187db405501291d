import itertools
import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from snippets.tokenization import bpe_decode, bpe_encode, learn_bpe, merge_pair, pair_counts
from yansuan.proof.witness import no_derivative, witness

TOY = ["low", "lower", "newest", "widest"], [5, 2, 6, 3]

for snippet in (pair_counts, merge_pair, learn_bpe, bpe_encode, bpe_decode):
    no_derivative(snippet, "of text: nothing to differentiate by")


def a_word(rng):
    return "".join(rng.choice(list("abc."), size=rng.integers(1, 9)))


def some_words(rng):
    return list(dict.fromkeys(a_word(rng) for _ in range(6)))


def in_symbols(rng):
    return " ".join(rng.choice(["a", "b", "ab", "aa", "."], size=rng.integers(1, 12)))


def how_often(words, rng):
    return rng.integers(1, 5, size=len(words)).tolist()


def one_symbol(rng):
    return str(rng.choice(["a", "b", "ab", "."]))


def some_merges(rng):
    words = some_words(rng)
    return learn_bpe(words, how_often(words, rng), 8)


@witness(pair_counts, words=lambda rng: [in_symbols(rng) for _ in range(4)], counts=how_often)
def test_pair_counts(words, counts):
    text = [
        pair for word, n in zip(words, counts, strict=True) for pair in n * re.findall(r"(?=(?<!\S)(\S+) (\S+))", word)
    ]
    return dict(Counter(text))


@witness(merge_pair, word=in_symbols, a=one_symbol, b=one_symbol)
def test_merge_pair(word, a, b):
    return re.sub(rf"(?<!\S){re.escape(a)} {re.escape(b)}(?!\S)", a + b, word)


@witness(merge_pair, word=in_symbols, a=one_symbol, b=one_symbol)
def test_merge_pair_as_it_is_written(word, a, b):
    def merge(s):
        if len(s) < 2:
            return s
        return [a + b, *merge(s[2:])] if (s[0], s[1]) == (a, b) else [s[0], *merge(s[1:])]

    return " ".join(merge(word.split(" ")))


@witness(learn_bpe, words=some_words, counts=how_often, k=lambda rng: int(rng.integers(1, 12)))
def test_learn_bpe(words, counts, k):
    """Lists instead of text, and each candidate's count from scratch."""
    split, merges = [[*word, "</w>"] for word in words], []
    for _ in range(k):
        pairs = [(s[i], s[i + 1]) for s in split for i in range(len(s) - 1)]
        total = [sum(n * [*itertools.pairwise(s)].count(p) for s, n in zip(split, counts, strict=True)) for p in pairs]
        if not pairs:
            break
        merges.append(pairs[int(np.argmax(total))])
        for s in split:
            at = 0
            while at < len(s) - 1:
                if (s[at], s[at + 1]) == merges[-1]:
                    s[at : at + 2] = ["".join(merges[-1])]
                at += 1
    return merges


def earliest_first(word, merges):
    """Again and again the earliest learned of the pairs that are there, at its first place."""
    s = [*word, "</w>"]
    while ranked := [(merges.index(p), i) for i, p in enumerate(itertools.pairwise(s)) if p in merges]:
        rank, at = min(ranked)
        s[at : at + 2] = ["".join(merges[rank])]
    return " ".join(s)


@witness(bpe_encode, word=a_word, merges=some_merges)
def test_bpe_encode(word, merges):
    return earliest_first(word, merges)


@witness(bpe_decode, word=a_word, merges=some_merges, symbols=lambda word, merges: bpe_encode(word, merges))  # noqa: PLW0108
def test_bpe_decode(word):
    return word


def test_the_merges_of_the_papers_toy_corpus():
    merges = ["".join(pair) for pair in learn_bpe(*TOY, 10)]
    assert merges == ["es", "est", "est</w>", "lo", "low", "ne", "new", "newest</w>", "low</w>", "wi"]


def test_learning_stops_when_nothing_is_left_to_merge():
    assert learn_bpe(["aa"], [1], 100) == [("a", "a"), ("aa", "</w>")]
    assert learn_bpe(["ab"], [1], 1) == [("a", "b")]
    assert learn_bpe(["ab"], [1], 0) == []


def test_pairs_come_in_the_order_of_first_sight():
    assert list(pair_counts(["b a", "a b a"], [1, 1])) == [("b", "a"), ("a", "b")]


@pytest.mark.parametrize("split", [lambda: learn_bpe(["a b"], [1], 1), lambda: bpe_encode("a b", [("a", "b")])])
def test_a_word_has_no_space(split):
    with pytest.raises(ValueError, match=r"^word: expected no space, got 'a b'$"):
        split()


characters = st.characters(exclude_characters=" ", exclude_categories=["Cs"]) | st.sampled_from("ab</w>")
strings = st.text(characters, min_size=1, max_size=8)
corpora = st.lists(st.tuples(strings, st.integers(1, 5)), min_size=1, max_size=5)
law = settings(
    derandomize=True, deadline=None, max_examples=200, database=None, suppress_health_check=[HealthCheck.too_slow]
)


@law
@given(corpora, strings)
def test_decoding_undoes_encoding(corpus, word):
    merges = learn_bpe([w for w, _ in corpus], [n for _, n in corpus], 8)
    symbols = bpe_encode(word, merges)
    assert bpe_decode(symbols) == word
    assert set(symbols.split(" ")) <= {*word, "</w>", *("".join(pair) for pair in merges)}, "and nothing is invented"


@law
@given(corpora)
def test_one_more_merge_is_the_commonest_pair_of_what_the_others_have_left(corpus):
    words, counts = [w for w, _ in corpus], [n for _, n in corpus]
    five, six = learn_bpe(words, counts, 5), learn_bpe(words, counts, 6)
    assert six[:5] == five
    if len(six) == 6:
        left = pair_counts([bpe_encode(word, five) for word in words], counts)
        assert left[six[5]] == max(left.values())


@law
@given(corpora, st.text(st.sampled_from("ab"), min_size=1, max_size=8))
def test_in_the_order_learned_or_the_earliest_first_is_the_same(corpus, word):
    words = [re.sub(r"[^ab]", "a", w) for w, _ in corpus]
    merges = learn_bpe(words, [n for _, n in corpus], 12)
    assert bpe_encode(word, merges) == earliest_first(word, merges)

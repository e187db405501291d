import contextlib
import io
import itertools
import json
import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from snippets.tokenization import bpe_decode, bpe_encode, learn_bpe, merge_pair, pair_counts
from yansuan.proof.witness import no_derivative, witness

TOY = ["low", "lower", "newest", "widest"], [5, 2, 6, 3]
END = "\ue000"  # stands for the mark of the end, which the packages would take for four characters

for snippet in (pair_counts, merge_pair, learn_bpe, bpe_encode, bpe_decode):
    no_derivative(snippet, "of text: nothing to differentiate by")


def a_word(rng):
    return "".join(rng.choice(list("ab" if rng.random() < 0.5 else "abc."), size=rng.integers(1, 9)))


def some_words(rng):
    return list(dict.fromkeys(a_word(rng) for _ in range(6)))


def in_symbols(rng):
    """Of few symbols, so that there are runs of the same one."""
    kinds = rng.permutation(["a", "b", "ab", "aa", "."])[: rng.integers(1, 6)]
    return " ".join(rng.choice(kinds, size=rng.integers(1, 12)))


def how_often(words, rng):
    return rng.integers(1, 5, size=len(words)).tolist()


def one_symbol(rng, word):
    """Mostly one that is there."""
    return str(rng.choice([*word.split(" "), "ab"]))


def the_next(rng, word, a):
    """Often the same: a run of it."""
    return a if rng.random() < 0.5 else one_symbol(rng, word)


def some_merges(rng):
    words = some_words(rng)
    return learn_bpe(words, how_often(words, rng), int(rng.integers(25)))


def text_or_list(rng):
    words = [a_word(rng) for _ in range(rng.integers(1, 4))]
    return words if rng.random() < 0.5 else " ".join(words)


def words_of(text):
    return text.split(" ") if isinstance(text, str) else text


def in_pieces(rng):
    pieces = bpe_encode(text_or_list(rng), some_merges(rng))
    return pieces if rng.random() < 0.5 else pieces.split(" ")


@witness(
    pair_counts,
    by="subword_nmt.learn_bpe.get_pair_statistics",
    words=lambda rng: [in_symbols(rng) for _ in range(4)],
    counts=how_often,
)
def test_pair_counts(words, counts):
    from subword_nmt.learn_bpe import get_pair_statistics

    return dict(get_pair_statistics([(tuple(word.split()), n) for word, n in zip(words, counts, strict=True)])[0])


@witness(pair_counts, words=lambda rng: [in_symbols(rng) for _ in range(4)], counts=how_often)
def test_pair_counts_as_text(words, counts):
    text = [
        pair for word, n in zip(words, counts, strict=True) for pair in n * re.findall(r"(?=(?<!\S)(\S+) (\S+))", word)
    ]
    return dict(Counter(text))


@witness(merge_pair, by="subword_nmt.learn_bpe.replace_pair", word=in_symbols, a=one_symbol, b=the_next)
def test_merge_pair(word, a, b):
    from subword_nmt.learn_bpe import replace_pair

    vocabulary = [(tuple(word.split()), 1)]
    replace_pair((a, b), vocabulary, {(a, b): {0: 1}})
    return " ".join(vocabulary[0][0])


@witness(merge_pair, word=in_symbols, a=one_symbol, b=the_next)
def test_merge_pair_as_it_is_written(word, a, b):
    def merge(s):
        if len(s) < 2:
            return s
        return [a + b, *merge(s[2:])] if (s[0], s[1]) == (a, b) else [s[0], *merge(s[1:])]

    return " ".join(merge(word.split(" ")))


def learned(words, counts, k):
    """[(a merge, whether another was as frequent)], with lists instead of text, each candidate counted from scratch."""
    split, found = [[*word, "</w>"] for word in words], []
    for _ in range(k):
        pairs = [(s[i], s[i + 1]) for s in split for i in range(len(s) - 1)]
        total = [sum(n * [*itertools.pairwise(s)].count(p) for s, n in zip(split, counts, strict=True)) for p in pairs]
        if not pairs:
            break
        best = pairs[int(np.argmax(total))]
        found.append((best, any(n == max(total) and p != best for p, n in zip(pairs, total, strict=True))))
        for s in split:
            at = 0
            while at < len(s) - 1:
                if (s[at], s[at + 1]) == best:
                    s[at : at + 2] = ["".join(best)]
                at += 1
    return found


@witness(learn_bpe, words=some_words, counts=how_often, k=lambda rng: int(rng.integers(12)))
def test_learn_bpe(words, counts, k):
    return [merge for merge, _ in learned(words, counts, k)]


def no_ties(rng):
    """Words, their counts, and a number of merges among which the most frequent pair is always a single one."""
    while True:
        words, k = some_words(rng), int(rng.integers(6))
        counts = rng.integers(1, 60, size=len(words)).tolist()
        found = learned(words, counts, k)
        if len(found) == k and not any(tie for _, tie in found):
            return words, counts, k


# of two pairs equally frequent each package takes another one
NO_TIES = {
    "corpus": no_ties,
    "words": lambda corpus: corpus[0],
    "counts": lambda corpus: corpus[1],
    "k": lambda corpus: corpus[2],
}


def written_by(program, dictionary, k, **settings):
    """The merges that subword-nmt learns from lines of a word and its count."""
    codes = io.StringIO()
    with contextlib.redirect_stderr(io.StringIO()):  # its progress
        program(dictionary, codes, k, is_dict=True, **settings)
    return [tuple(line.split(" ")) for line in codes.getvalue().splitlines()[1:]]


def trained_by(trainer, words, counts):
    """The merges that a trainer of tokenizers learns."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.train_from_iterator([w for w, n in zip(words, counts, strict=True) for _ in range(n)], trainer)
    return [tuple(merge) for merge in json.loads(tokenizer.to_str())["model"]["merges"]]


@witness(learn_bpe, by="subword_nmt.learn_bpe.learn_bpe", **NO_TIES)
def test_learn_bpe_by_the_authors_program(words, counts, k):
    import subword_nmt.learn_bpe

    dictionary = [f"{word}{END} {n}" for word, n in zip(words, counts, strict=True)]
    merges = written_by(subword_nmt.learn_bpe.learn_bpe, dictionary, k, min_frequency=1)
    return [(a, b.replace(f"{END}</w>", "</w>")) for a, b in merges]


@witness(learn_bpe, by="tokenizers.trainers.BpeTrainer", **NO_TIES)
def test_learn_bpe_by_tokenizers(words, counts, k):
    from tokenizers.trainers import BpeTrainer

    trainer = BpeTrainer(vocab_size=len({END, *"".join(words)}) + k, min_frequency=1, show_progress=False)
    merges = trained_by(trainer, [word + END for word in words], counts)
    return [(a, b.replace(END, "</w>")) for a, b in merges]


@witness(bpe_encode, by="tokenizers.models.BPE", text=text_or_list, merges=some_merges)
def test_bpe_encode(text, merges):
    from tokenizers.models import BPE

    pairs = [(a.replace("</w>", END), b.replace("</w>", END)) for a, b in merges]
    known = dict.fromkeys([*"abc.", END, *(a + b for a, b in pairs)])
    model = BPE({symbol: i for i, symbol in enumerate(known)}, pairs)
    tokens = [token.value for word in words_of(text) for token in model.tokenize(word + END)]
    return " ".join(tokens).replace(END, "</w>")


@witness(bpe_encode, by="subword_nmt.apply_bpe.BPE", text=text_or_list, merges=some_merges)
def test_bpe_encode_by_the_authors_program(text, merges):
    from subword_nmt.apply_bpe import BPE

    codes = "\n".join(f"{a} {b}" for a, b in [*merges, ("no", "pair")]).replace("</w>", END)
    tokens = BPE(io.StringIO(codes), separator="").segment_tokens([word + END for word in words_of(text)])
    return " ".join(tokens).replace(END, "</w>")


def earliest_first(word, merges):
    """Again and again the earliest learned of the pairs that are there, at its first place."""
    s = [*word, "</w>"]
    while ranked := [(merges.index(p), i) for i, p in enumerate(itertools.pairwise(s)) if p in merges]:
        rank, at = min(ranked)
        s[at : at + 2] = ["".join(merges[rank])]
    return " ".join(s)


@witness(bpe_encode, text=text_or_list, merges=some_merges)
def test_bpe_encode_earliest_first(text, merges):
    return " ".join(earliest_first(word, merges) for word in words_of(text))


@witness(bpe_decode, by="tokenizers.decoders.BPEDecoder", symbols=in_pieces)
def test_bpe_decode(symbols):
    from tokenizers.decoders import BPEDecoder

    return BPEDecoder(suffix="</w>").decode(words_of(symbols))


@witness(
    bpe_decode,
    text=text_or_list,
    merges=some_merges,
    symbols=lambda text, merges: bpe_encode(text, merges),  # noqa: PLW0108
)
def test_bpe_decode_gives_the_words_back(text):
    return " ".join(words_of(text))


def test_the_merges_of_the_papers_toy_corpus():
    merges = ["".join(pair) for pair in learn_bpe(*TOY, 10)]
    assert merges == ["es", "est", "est</w>", "lo", "low", "ne", "new", "newest</w>", "low</w>", "wi"]


def test_learning_stops_when_nothing_is_left_to_merge():
    assert learn_bpe(["aa"], [1], 100) == [("a", "a"), ("aa", "</w>")]
    assert learn_bpe(["ab"], [1], 1) == [("a", "b")]
    assert learn_bpe(["ab"], [1], 0) == []


def test_pairs_come_in_the_order_of_first_sight():
    assert list(pair_counts(["b a", "a b a"], [1, 1])) == [("b", "a"), ("a", "b")]


@pytest.mark.parametrize("split", [lambda: learn_bpe(["a b"], [1], 1), lambda: bpe_encode(["a b"], [("a", "b")])])
def test_a_word_has_no_space(split):
    with pytest.raises(ValueError, match=r"^word: expected no space, got 'a b'$"):
        split()


def test_counts_are_whole_numbers_of_any_type():
    for kind in (np.uint8, np.int64, list):
        counts = [200, 100] if kind is list else np.array([200, 100], kind)
        assert str(pair_counts(["a b", "a b"], counts)) == "{('a', 'b'): 300}"
    with pytest.raises(ValueError, match=r"^counts: expected integers, got float64$"):
        pair_counts(["a b"], [1.5])


def test_two_words_stay_two():
    assert bpe_decode("low est</w> new er</w>") == bpe_decode(["low", "est</w>", "new", "er</w>"]) == "lowest newer"
    assert bpe_decode("low est") == "lowest"
    assert bpe_decode([]) == bpe_decode("") == ""
    assert bpe_encode("a  b", []) == "a </w> </w> b </w>"
    assert bpe_decode("a </w> </w> b </w>") == "a  b"


def test_no_merge_leaves_characters():
    assert bpe_encode("low", learn_bpe(*TOY, 0)) == "l o w </w>"


def test_the_toy_corpus_in_the_packages_as_they_are():
    """What the page on the paper says of them: where a word begins, ties, and how often a pair must occur."""
    from subword_nmt.apply_bpe import BPE
    from subword_nmt.learn_bpe import learn_bpe as program
    from tokenizers.trainers import BpeTrainer

    merges = written_by(program, [f"{word} {n}" for word, n in zip(*TOY, strict=True)], 10)
    assert merges[:5] == [("s", "t</w>"), ("e", "st</w>"), ("l", "o"), ("w", "est</w>"), ("n", "e")]
    codes = "\n".join(["#version: 0.2", *map(" ".join, merges)])
    assert BPE(io.StringIO(codes)).segment("lowest newer") == "lo@@ west ne@@ w@@ e@@ r"
    assert written_by(program, ["ab 1", "cd 2"], 10) == [("c", "d</w>")]
    assert len(written_by(program, ["ab 1", "cd 2"], 10, min_frequency=1)) == 2
    trainer = BpeTrainer(vocab_size=100, min_frequency=2, end_of_word_suffix="</w>", show_progress=False)
    assert trained_by(trainer, *TOY)[:5] == [("e", "s"), ("es", "t</w>"), ("l", "o"), ("e", "w"), ("n", "ew")]


characters = st.characters(exclude_characters=" ", exclude_categories=["Cs"]) | st.sampled_from("ab</w>")
strings = st.text(characters, min_size=1, max_size=8)
corpora = st.lists(st.tuples(strings, st.integers(1, 5)), min_size=1, max_size=5)
texts = st.lists(strings.filter(lambda word: "</w>" not in word), min_size=1, max_size=4)
law = settings(
    derandomize=True, deadline=None, max_examples=200, database=None, suppress_health_check=[HealthCheck.too_slow]
)


@law
@given(corpora, texts)
def test_decoding_undoes_encoding(corpus, text):
    merges = learn_bpe([w for w, _ in corpus], [n for _, n in corpus], 8)
    symbols = bpe_encode(text, merges)
    assert symbols == bpe_encode(" ".join(text), merges)
    assert bpe_decode(symbols) == bpe_decode(symbols.split(" ")) == " ".join(text)
    known = {*"".join(text), "</w>", *("".join(pair) for pair in merges)}
    assert set(symbols.split(" ")) <= known, "and nothing is invented"


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

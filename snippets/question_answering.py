"""Scores for answers in text
文本答案的评分

Tokens are what is left of an answer between spaces once it has been normalized; t counts the
different tokens.

Symbols:
    prediction: $p$
        en: answer of the system
        zh: 系统给出的答案
    ground_truth: $a$
        en: a right answer
        zh: 一个正确答案
"""

import re
import string

import numpy as np

from snippets._shapes import checked


@checked
def normalize_answer(s):
    r"""Normalizing an answer
    规整答案

    Step 1:
        en: Make the text $s$ lower case.
        zh: 把文本 $s$ 变成小写。
    Step 2:
        en: Delete ASCII punctuation.
        zh: 删掉 ASCII 标点。
    Step 3:
        en: Replace a, an and the, where they are whole words, by a space; then leave one space
            between words and none at the ends: this is $\nu(s)$.
        zh: 把单独成词的 a、an、the 换成空格；再整理空白，词与词之间只留一个空格，首尾不留，
            得到 $\nu(s)$。

    s (text): $s$
        en: an answer as it was written
        zh: 原样的答案
    -> (text): $\nu(s)$
        en: lower case, without ASCII punctuation, without a, an, the, and with single spaces
        zh: 小写，去掉 ASCII 标点，去掉 a、an、the，空白都成一个空格

    Source:
        en: SQuAD, evaluation script v1.1, normalize_answer · Rajpurkar, Zhang, Lopyrev & Liang
            2016, arXiv:1606.05250, §6.1
        zh: SQuAD 的评测程序 v1.1，normalize_answer · Rajpurkar, Zhang, Lopyrev & Liang 2016，
            arXiv:1606.05250，§6.1
    Raises: ValueError if the argument is not a single text.
    Note:
        en: The order matters. Punctuation is deleted, which joins what it separated; an article
            becomes a space.
        zh: 次序不能换。标点直接删掉，两边会连到一起；冠词则换成空格。

    >>> texts = ["The  Broncos!", "in the year 1889", "co-op", "U.S.", "an"]
    >>> print([normalize_answer(text) for text in texts])
    ['broncos', 'in year 1889', 'coop', 'us', '']
    """
    lower = s.lower()  # step 1
    plain = "".join(c for c in lower if c not in string.punctuation)  # step 2
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", plain).split())  # step 3


@checked
def exact_match_score(prediction, ground_truth):
    r"""Exact match
    精确匹配

    $$ \mathrm{EM}(p, a) = \mathbf{1}[\nu(p) = \nu(a)] $$

    prediction (text)
    ground_truth (text)
    normalize_answer (function): $\nu$
        en: normalizes a text
        zh: 规整一段文本
    -> (): $\mathrm{EM}(p, a)$
        en: 1 if the two are equal when normalized, else 0
        zh: 规整之后相同为 1，否则为 0

    Source:
        en: Rajpurkar, Zhang, Lopyrev & Liang 2016, arXiv:1606.05250, §6.1
        zh: Rajpurkar, Zhang, Lopyrev & Liang 2016，arXiv:1606.05250，§6.1
    Raises: ValueError if an argument is not a single text.

    >>> print(exact_match_score("The Broncos", "broncos!"))
    1.0
    >>> print(exact_match_score("Denver Broncos", "broncos"))
    0.0
    """
    same = normalize_answer(prediction) == normalize_answer(ground_truth)
    return float(same)


@checked
def token_f1(p, a):
    r"""F1 of two bags of tokens
    两个词袋的 F1

    $$
    \begin{aligned}
    c &= \sum_{t=1}^{V} \min(p_t, a_t) \\
    P &= \frac{c}{\sum_{t=1}^{V} p_t} \\
    R &= \frac{c}{\sum_{t=1}^{V} a_t} \\
    F_1 &= \frac{2 P R}{P + R}
    \end{aligned}
    $$

    p (V,) in [0, inf): $p_t$
        en: how often token t is in the prediction
        zh: 词元 t 在系统答案里出现的次数
    a (V,) in [0, inf): $a_t$
        en: how often it is in the right answer
        zh: 它在正确答案里出现的次数
    c (): $c$
        en: tokens in common, with repetition
        zh: 共有的词元数，重复的也算
    P (): $P$
        en: precision: the share of the prediction that is right
        zh: 精确率：系统答案里对的比例
    R (): $R$
        en: recall: the share of the right answer that was found
        zh: 召回率：正确答案里找到的比例
    -> (): $F_1$
        en: harmonic mean of the two; 0 if nothing is in common
        zh: 两者的调和平均；没有共有的词元时为 0

    Source:
        en: Rajpurkar, Zhang, Lopyrev & Liang 2016, arXiv:1606.05250, §6.1
        zh: Rajpurkar, Zhang, Lopyrev & Liang 2016，arXiv:1606.05250，§6.1
    Raises: ValueError if the two do not count the same tokens, or a count is negative.

    >>> print(token_f1(np.array([1, 1, 1]), np.array([0, 0, 1])))
    0.5
    """
    c = np.sum(np.minimum(p, a))
    if c == 0:
        return 0.0
    P, R = c / np.sum(p), c / np.sum(a)
    return 2 * P * R / (P + R)


@checked
def f1_score(prediction, ground_truth):
    r"""F1 of an answer
    一个答案的 F1

    Step 1:
        en: Normalize $p$ and $a$, and split both at the spaces.
        zh: 规整 $p$ 和 $a$，再按空格切开。
    Step 2:
        en: List every token that occurs in either, each once. The empty text is added, so that the
            list is never empty.
        zh: 列出两者中出现过的所有词元，每个只列一次；再加上一个空文本，免得这张表是空的。
    Step 3:
        en: Count how often each token $t$ occurs in each of the two: $p_t$ and $a_t$.
        zh: 数出每个词元 $t$ 在两者中各出现几次：$p_t$ 和 $a_t$。
    Step 4:
        en: The F1 of these counts, computed as on the card of `token_f1`, is $F_1(p, a)$.
        zh: 由这些次数，按 `token_f1` 那张卡片算出 F1，就是 $F_1(p, a)$。

    prediction (text)
    ground_truth (text)
    -> (): $F_1(p, a)$
        en: F1 of their tokens; 0 if one has none left when normalized
        zh: 两者词元的 F1；规整之后有一方什么都不剩时为 0

    Source:
        en: SQuAD, evaluation script v1.1, f1_score · Rajpurkar, Zhang, Lopyrev & Liang 2016,
            arXiv:1606.05250, §6.1
        zh: SQuAD 的评测程序 v1.1，f1_score · Rajpurkar, Zhang, Lopyrev & Liang 2016，
            arXiv:1606.05250，§6.1
    Raises: ValueError if an argument is not a single text.

    >>> for prediction in ["in the year 1889", "1889!", "1890", ""]:
    ...     print(f1_score(prediction, "1889"))
    0.5
    1.0
    0.0
    0.0
    """
    both = (prediction, ground_truth)  # step 1
    words = [normalize_answer(text).split() for text in both]
    tokens = sorted({"", *words[0], *words[1]})  # step 2
    bags = [[bag.count(t) for t in tokens] for bag in words]  # step 3
    return float(token_f1(*map(np.array, bags)))  # step 4


@checked
def metric_max_over_ground_truths(metric_fn, prediction, ground_truths):
    r"""The best score over several right answers
    对若干个正确答案取最高分

    $$ S(p) = \max_j f(p, a_j) $$

    metric_fn (function): $f$
        en: score against one answer, such as f1_score
        zh: 对一个答案的评分，例如 f1_score
    prediction (text)
    ground_truths (n,): $a_j$
        en: the right answers, by different people
        zh: 不同的人给出的正确答案
    -> (): $S(p)$
        en: the highest of the scores
        zh: 其中最高的分数

    Source:
        en: Rajpurkar, Zhang, Lopyrev & Liang 2016, arXiv:1606.05250, §6.1
        zh: Rajpurkar, Zhang, Lopyrev & Liang 2016，arXiv:1606.05250，§6.1
    Raises: ValueError if there is no right answer.

    >>> answers = ["1889", "the year 1889"]
    >>> print(metric_max_over_ground_truths(f1_score, "in the year 1889", answers))
    0.8
    """
    return max(metric_fn(prediction, answer) for answer in ground_truths)

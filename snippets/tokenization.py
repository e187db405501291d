r"""Subword tokenization | 子词切分

A word is text whose symbols are separated by spaces, as in "l o w </w>"; w counts words, i the symbols of a word, t the merges.
"""

import numpy as np

from snippets._shapes import check_shapes


def pair_counts(words, counts):
    r"""How often two symbols are neighbours | 两个符号相邻多少次

    $$ c(a, b) = \sum_{w=1}^{V} n_w \left| \{ i : s_i^w = a,\; s_{i+1}^w = b \} \right| $$

    words   (V,)  $s_i^w$    symbol i of word w; spaces separate the symbols | 第 w 个词的第 i 个符号，符号之间用空格隔开
    counts  (V,)  $n_w$      how often the word occurs | 这个词出现的次数
    ->      (P,)  $c(a, b)$  for each pair that occurs, in the order of first sight | 每个出现过的符号对各一个数，按首次出现的顺序

    Source: Sennrich, Haddow & Birch 2016, arXiv:1508.07909, Algorithm 1 | Sennrich、Haddow 与 Birch 2016，arXiv:1508.07909，算法 1
    Raises: ValueError if there is no word, or not one count for each.
    Read: It counts places in text, and our evaluator knows only numbers. | 它数的是文本里的位置，而本站的求值程序只认识数。

    >>> print(pair_counts(["l o w", "s l o w"], [5, 2]))
    {('l', 'o'): 7, ('o', 'w'): 7, ('s', 'l'): 2}
    """
    check_shapes("words (V,), counts (V,)", words, counts)
    c = {}
    for w, word in enumerate(words):
        s = word.split(" ")
        for i in range(len(s) - 1):
            c[s[i], s[i + 1]] = c.get((s[i], s[i + 1]), 0) + counts[w]
    return c


def merge_pair(word, a, b):
    r"""Merging a pair of symbols | 合并一对符号

    $$
    s = s_1 s_2 \dots s_n, \qquad
    M_{ab}(s) = \begin{cases} ab \; M_{ab}(s_3 \dots s_n) & \text{if } s_1 = a,\; s_2 = b \\ s_1 \; M_{ab}(s_2 \dots s_n) & \text{otherwise} \end{cases}
    $$

    word  (text)  $s$          symbols of a word, separated by spaces | 一个词的各个符号，用空格隔开
    a     (text)  $a$          left symbol of the pair | 左边的符号
    b     (text)  $b$          right symbol of the pair | 右边的符号
    ->    (text)  $M_{ab}(s)$  the word with every such pair replaced by one symbol, from left to right | 从左到右把每一对都换成一个符号之后的词

    Source: Sennrich, Haddow & Birch 2016, arXiv:1508.07909, Algorithm 1 | Sennrich、Haddow 与 Birch 2016，arXiv:1508.07909，算法 1
    Raises: ValueError if an argument is not a single text.
    Read: It is a recursion over text, and our evaluator knows only numbers. | 这是对文本的递归，而本站的求值程序只认识数。

    >>> print(merge_pair("n e w e s t </w>", "e", "s"))
    n e w es t </w>
    """
    check_shapes("word (), a (), b ()", word, a, b)
    merged = []
    for symbol in word.split(" "):
        if merged[-1:] == [a] and symbol == b:
            merged[-1] = a + b
        else:
            merged.append(symbol)
    return " ".join(merged)


def _characters(word):
    """The word as the algorithm begins with it: a symbol a character, and the mark of its end."""
    if " " in word:
        raise ValueError(f"word: expected no space, got {word!r}")
    return " ".join([*word, "</w>"])


def learn_bpe(words, counts, k):
    r"""Learning byte pair encoding | 学习字节对编码

    $$
    \begin{aligned}
    s_1^w &= x^w \, \text{</w>} \\
    (a_t, b_t) &= \operatorname{arg\,max}_{(a, b)} \sum_{w=1}^{V} n_w \left| \{ i : (s_t^w)_i = a,\; (s_t^w)_{i+1} = b \} \right| \\
    s_{t+1}^w &= M_{a_t b_t}(s_t^w), \qquad t = 1, \dots, k
    \end{aligned}
    $$

    words   (V,)    $x^w$         word w, as its characters; no spaces | 第 w 个词的各个字符，不含空格
    counts  (V,)    $n_w$         how often the word occurs | 这个词出现的次数
    k       ()      $k$           number of merges to learn | 要学多少次合并
    ->      (k, 2)  $(a_t, b_t)$  merges in the order learned; of equal counts the pair seen first | 学到的各次合并，依次排列；次数相同时取先见到的一对

    Source: Sennrich, Haddow & Birch 2016, arXiv:1508.07909, §3.2 and Algorithm 1 | Sennrich、Haddow 与 Birch 2016，arXiv:1508.07909，§3.2 与算法 1
    Raises: ValueError if there is no word, not one count for each, or a word has a space.
    Note: It stops early when every word has become one symbol. | 如果每个词都已经合并成一个符号，就提前停止。
    Read: It is an algorithm on text, and our evaluator knows only numbers. | 这是对文本的算法，而本站的求值程序只认识数。

    >>> print(learn_bpe(["low", "lower", "newest", "widest"], [5, 2, 6, 3], k=5))
    [('e', 's'), ('es', 't'), ('est', '</w>'), ('l', 'o'), ('lo', 'w')]
    """
    check_shapes("words (V,), counts (V,), k ()", words, counts, k)
    s, merges = [_characters(word) for word in words], []
    while len(merges) < k and (c := pair_counts(s, counts)):
        a, b = max(c, key=c.get)
        merges.append((a, b))
        s = [merge_pair(word, a, b) for word in s]
    return merges


def bpe_encode(word, merges):
    r"""Splitting a word with learned merges | 用学到的合并切分一个词

    $$ s_1 = x \, \text{</w>}, \qquad s_{t+1} = M_{a_t b_t}(s_t), \qquad t = 1, \dots, k, \qquad y = s_{k+1} $$

    word    (text)  $x$        a word, as its characters; no spaces | 一个词的各个字符，不含空格
    merges  (k, 2)  $a_t b_t$  merges in the order learned | 各次合并，按学到的顺序
    ->      (text)  $y$        its symbols, separated by spaces | 这个词的各个符号，用空格隔开

    Source: Sennrich, Haddow & Birch 2016, arXiv:1508.07909, §3.2 | Sennrich、Haddow 与 Birch 2016，arXiv:1508.07909，§3.2
    Raises: ValueError if the word has a space, or there is no merge.
    Read: It is an algorithm on text, and our evaluator knows only numbers. | 这是对文本的算法，而本站的求值程序只认识数。

    >>> print(bpe_encode("lowest", learn_bpe(["low", "lower", "newest", "widest"], [5, 2, 6, 3], k=10)))
    low est</w>
    """
    check_shapes("word (), merges (k, 2)", word, merges)
    s = _characters(word)
    for a, b in merges:
        s = merge_pair(s, a, b)
    return s


def bpe_decode(symbols):
    r"""Putting a word together again | 把切开的词拼回去

    $$ x \, \text{</w>} = y_1 y_2 \dots y_n $$

    symbols  (text)  $y_1 y_2 \dots y_n$  the symbols of one word, separated by spaces | 一个词的各个符号，用空格隔开
    ->       (text)  $x$                  the word: what stands before the mark of its end | 这个词：词尾标记之前的全部字符

    Source: Sennrich, Haddow & Birch 2016, arXiv:1508.07909, §3.2 | Sennrich、Haddow 与 Birch 2016，arXiv:1508.07909，§3.2
    Raises: ValueError if the argument is not a single text.
    Read: It is about text, and our evaluator knows only numbers. | 它讲的是文本，而本站的求值程序只认识数。

    >>> print(bpe_decode("low est</w>"))
    lowest
    """
    check_shapes("symbols ()", symbols)
    return symbols.replace(" ", "").removesuffix("</w>")

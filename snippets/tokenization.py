"""Subword tokenization
子词切分

A word is text whose symbols are separated by spaces, as in "l o w </w>"; w counts words, i the
symbols of a word, t the merges.

Symbols:
    counts: $n_w$
        en: how often the word occurs
        zh: 这个词出现的次数
    merge_pair: $M_{a_t b_t}$
        en: merges a pair in a word
        zh: 在一个词里合并一对符号
"""

import numpy as np

from snippets._shapes import checked


@checked
def pair_counts(words, counts):
    r"""How often two symbols are neighbours
    两个符号相邻多少次

    Step 1:
        en: Begin with an empty table; a pair that is not in it counts as 0.
        zh: 从一张空表开始；表里没有的符号对，次数算 0。
    Step 2:
        en: For each word $w$, read its symbols $s_1^w, s_2^w, \dots$
        zh: 对每个词 $w$，读出它的各个符号 $s_1^w, s_2^w, \dots$
    Step 3:
        en: For each pair of neighbours $a = s_i^w$, $b = s_{i+1}^w$, add $n_w$ to $c(a, b)$.
        zh: 对每一对相邻的符号 $a = s_i^w$、$b = s_{i+1}^w$，给 $c(a, b)$ 加上 $n_w$。
    Step 4:
        en: The counts of all pairs that occur are the result.
        zh: 所有出现过的符号对，连同各自的次数，就是结果。

    words (V,): $s_i^w$
        en: symbol i of word w; spaces separate the symbols
        zh: 第 w 个词的第 i 个符号，符号之间用空格隔开
    counts (V,) in integers
    -> (P,): $c(a, b)$
        en: for each pair that occurs, in the order of first sight
        zh: 每个出现过的符号对各一个数，按首次出现的顺序

    Source:
        en: Sennrich, Haddow & Birch 2016, arXiv:1508.07909, Algorithm 1
        zh: Sennrich, Haddow & Birch 2016，arXiv:1508.07909，算法 1
    Raises: ValueError if there is no word, or not one count for each.

    >>> print(pair_counts(["l o w", "s l o w"], [5, 2]))
    {('l', 'o'): 7, ('o', 'w'): 7, ('s', 'l'): 2}
    """
    c = {}  # step 1
    for w, word in enumerate(words):  # step 2
        s = word.split(" ")
        for i in range(len(s) - 1):  # step 3
            c[s[i], s[i + 1]] = c.get((s[i], s[i + 1]), 0) + int(counts[w])
    return c  # step 4


@checked
def merge_pair(word, a, b):
    r"""Merging a pair of symbols
    合并一对符号

    Step 1:
        en: Begin with an empty result.
        zh: 结果先是空的。
    Step 2:
        en: Take the symbols of $s$ from left to right.
        zh: 从左到右，依次取 $s$ 的各个符号。
    Step 3:
        en: If the last symbol of the result is $a$ and the symbol taken is $b$, make the two one
            symbol, $ab$.
        zh: 如果结果的最后一个符号是 $a$，取到的符号是 $b$，就把两者并成一个符号 $ab$。
    Step 4:
        en: Otherwise add the symbol to the result as it is.
        zh: 否则，把取到的符号原样接在结果后面。
    Step 5:
        en: The result is $M_{ab}(s)$.
        zh: 最后的结果就是 $M_{ab}(s)$。

    word (text): $s$
        en: symbols of a word, separated by spaces
        zh: 一个词的各个符号，用空格隔开
    a (text): $a$
        en: left symbol of the pair
        zh: 左边的符号
    b (text): $b$
        en: right symbol of the pair
        zh: 右边的符号
    -> (text): $M_{ab}(s)$
        en: the word with every such pair replaced by one symbol, from left to right
        zh: 从左到右把每一对都换成一个符号之后的词

    Source:
        en: Sennrich, Haddow & Birch 2016, arXiv:1508.07909, Algorithm 1
        zh: Sennrich, Haddow & Birch 2016，arXiv:1508.07909，算法 1
    Raises: ValueError if an argument is not a single text.

    >>> print(merge_pair("n e w e s t </w>", "e", "s"))
    n e w es t </w>
    """
    merged = []  # step 1
    for symbol in word.split(" "):  # step 2
        if merged[-1:] == [a] and symbol == b:  # step 3
            merged[-1] = a + b
        else:  # step 4
            merged.append(symbol)
    return " ".join(merged)  # step 5


def _characters(word):
    """The word as the algorithm begins with it: a symbol a character, and the mark of its end."""
    if " " in word:
        raise ValueError(f"word: expected no space, got {word!r}")
    return " ".join([*word, "</w>"])


@checked
def learn_bpe(words, counts, k):
    r"""Learning byte pair encoding
    学习字节对编码

    Step 1:
        en: Split each word $x^w$ into characters and add the end mark `</w>`: this is $s^w$. The
            list of merges is empty.
        zh: 把每个词 $x^w$ 拆成字符，末尾加上词尾标记 `</w>`，得到 $s^w$；合并表先是空的。
    Step 2:
        en: Do this step and the next two for $t = 1, \dots, k$, as long as there is a pair: count
            all pairs, each word $w$ counting $n_w$ times.
        zh: 对 $t = 1, \dots, k$，只要还有符号对，就重复这一步和下面两步：先数出各符号对的次数，
            词 $w$ 里的每一对都计 $n_w$ 次。
    Step 3:
        en: Take the most frequent pair $(a_t, b_t)$; if several are equally frequent, the one met
            first in this count.
        zh: 取次数最多的一对 $(a_t, b_t)$；次数相同时，取这一轮最先数到的一对。
    Step 4:
        en: Write it down, and merge it in every word: $s^w \leftarrow M_{a_t b_t}(s^w)$.
        zh: 把它记下来，并在每个词里合并它：$s^w \leftarrow M_{a_t b_t}(s^w)$。
    Step 5:
        en: The pairs written down, in this order, are the result.
        zh: 记下的各对，按先后排列，就是结果。

    words (V,): $x^w$
        en: word w, as its characters; no spaces
        zh: 第 w 个词的各个字符，不含空格
    counts (V,) in integers
    k () in [0, inf): $k$
        en: number of merges to learn
        zh: 要学多少次合并
    merge_pair (function)
    -> (list): $(a_t, b_t)$
        en: merges in the order learned; of equal counts the pair seen first
        zh: 学到的各次合并，依次排列；次数相同时取先见到的一对

    Source:
        en: Sennrich, Haddow & Birch 2016, arXiv:1508.07909, §3.2 and Algorithm 1
        zh: Sennrich, Haddow & Birch 2016，arXiv:1508.07909，§3.2 与算法 1
    Raises: ValueError if there is no word, not one count for each, or a word has a space.
    Note:
        en: It stops early when every word has become one symbol.
        zh: 如果每个词都已经合并成一个符号，就提前停止。

    >>> print(learn_bpe(["low", "lower", "newest", "widest"], [5, 2, 6, 3], k=5))
    [('e', 's'), ('es', 't'), ('est', '</w>'), ('l', 'o'), ('lo', 'w')]
    """
    s, merges = [_characters(word) for word in words], []  # step 1
    while len(merges) < k and (c := pair_counts(s, counts)):  # step 2
        a, b = max(c, key=c.get)  # step 3
        merges.append((a, b))  # step 4
        s = [merge_pair(word, a, b) for word in s]
    return merges  # step 5


@checked
def bpe_encode(text, merges):
    r"""Splitting a text with learned merges
    用学到的合并切分文本

    Step 1:
        en: Take the words of $x$ one by one. Split each into characters and add the end mark
            `</w>`: this is $s$.
        zh: 逐个取出 $x$ 里的词，把它拆成字符，末尾加上词尾标记 `</w>`，得到 $s$。
    Step 2:
        en: For $t = 1, \dots, k$, in the order learned, merge the pair $(a_t, b_t)$:
            $s \leftarrow M_{a_t b_t}(s)$.
        zh: 对 $t = 1, \dots, k$，按学到的顺序合并 $(a_t, b_t)$：$s \leftarrow M_{a_t b_t}(s)$。
    Step 3:
        en: The $s$ of all words, one after the other, are the result $y$.
        zh: 所有词的 $s$ 依次排列，就是结果 $y$。

    text (list): $x$
        en: words with spaces between them, or a list of words
        zh: 用空格隔开的词，或者由词组成的列表
    merges (list): $(a_t, b_t)$
        en: merges in the order learned, maybe none
        zh: 各次合并，按学到的顺序；可以一次也没有
    merge_pair (function)
    -> (text): $y$
        en: their symbols, separated by spaces
        zh: 各个词的符号，用空格隔开

    Source:
        en: Sennrich, Haddow & Birch 2016, arXiv:1508.07909, §3.2
        zh: Sennrich, Haddow & Birch 2016，arXiv:1508.07909，§3.2
    Raises: ValueError if a word in a list has a space.

    >>> merges = learn_bpe(["low", "lower", "newest", "widest"], [5, 2, 6, 3], k=10)
    >>> print(bpe_encode("lowest newer", merges))
    low est</w> new e r </w>
    >>> print(bpe_encode(["low", "low"], merges=[]))
    l o w </w> l o w </w>
    """
    y = []  # step 1
    for word in text.split(" ") if isinstance(text, str) else text:
        s = _characters(word)
        for a, b in merges:  # step 2
            s = merge_pair(s, a, b)
        y.append(s)
    return " ".join(y)  # step 3


@checked
def bpe_decode(symbols):
    r"""Putting words together again
    把切开的词拼回去

    Step 1:
        en: Join the symbols $y_1 y_2 \dots y_n$.
        zh: 把各个符号 $y_1 y_2 \dots y_n$ 连起来。
    Step 2:
        en: Each end mark `</w>` becomes a space, except one at the very end, which is taken off:
            this is $x$.
        zh: 每个词尾标记 `</w>` 换成一个空格，最末尾的那个则去掉，就是 $x$。

    symbols (list): $y_1 y_2 \dots y_n$
        en: symbols of one or more words, in a text with spaces between them or in a list
        zh: 一个或多个词的各个符号，写成用空格隔开的文本，或者列表
    -> (text): $x$
        en: the words, with spaces between them
        zh: 各个词，用空格隔开

    Source:
        en: Sennrich, Haddow & Birch 2016, arXiv:1508.07909, §3.2
        zh: Sennrich, Haddow & Birch 2016，arXiv:1508.07909，§3.2
    Note:
        en: A word that has the characters `</w>` in itself cannot be told from two words.
        zh: 如果一个词自己就含有 `</w>` 这几个字符，它与两个词无法区分。

    >>> print(bpe_decode("low est</w> new e r </w>"))
    lowest newer
    >>> print(bpe_decode(["low", "est</w>"]))
    lowest
    """
    x = "".join(symbols).replace(" ", "")  # step 1
    return x.replace("</w>", " ").removesuffix(" ")  # step 2

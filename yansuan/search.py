"""Search: every card is an entry of its own, and Chinese works.

Mends Material 9.8.1's worker, teaches its segmenter our terms, and maps synonyms to them.

The worker never looks up the last word of a Chinese query and marks words as missing by a doubled `*`. Each replacement
must be found exactly once, so that a new version of Material fails the build instead of losing the mend.
"""

import json
import re
from pathlib import Path

import jieba

from yansuan.errors import YansuanError
from yansuan.pages import cards

QUERY = 'search(e){if(e=e.replace(new RegExp("\\\\p{sc=Han}+","gu")'
MENDS = (
    ("for(let o=s+1;o<t.length;o++)t.slice(s,o)in e", "for(let o=s+1;o<=t.length;o++)t.slice(s,o)in e"),
    ("n[a]&&a<t.length-1&&", "n[a]&&a<t.length&&"),
    ('[...fe(s,this.index.invertedIndex)].join("* ")', '[...fe(s,this.index.invertedIndex)].join(" ")'),
)


def mend(site, synonyms):
    """Mend the search worker of one built site; `synonyms` is {what a reader may type: our term}."""
    workers = list(Path(site, "assets/javascripts/workers").glob("search.*.min.js"))
    replace = (
        f"search(e){{e=e.replace(/{'|'.join(map(re.escape, synonyms))}/g,"
        f"s=>({json.dumps(synonyms, ensure_ascii=False)})[s]);" + QUERY.removeprefix("search(e){")
    )
    for worker in workers:
        text = worker.read_text("utf-8")
        for old, new in (*MENDS, *([(QUERY, replace)] if synonyms else [])):
            if text.count(old) != 1:
                raise YansuanError(worker, 1, "Material's search worker has changed: look at yansuan/search.py again")
            text = text.replace(old, new)
        worker.write_text(text, "utf-8")


def add_cards(site, docs, lang, formulas):
    """An entry per card, titled with its function and its title; before, a card was a part of the section it is in."""
    path = Path(site, "search/search_index.json")
    index = json.loads(path.read_text("utf-8"))
    known = {entry["location"] for entry in index["docs"]}
    for name, page in cards(docs).items():
        address = re.sub(r"(^|/)index/$", r"\1", page.relative_to(docs).with_suffix("").as_posix() + "/")
        if address not in known:
            raise YansuanError(page, 1, f"not in {path}, so search would not find its cards: add the page to nav")
        formula = formulas[name]
        title = segmented(f"{formula.node.name} · {formula.title[lang]}")
        text = segmented(re.sub(r"\$.*?\$", "", "; ".join(symbol.meaning[lang] for symbol in formula.symbols)))
        index["docs"].append({"location": f"{address}#{name}", "title": title, "text": f"<p>{text}</p>"})
    path.write_text(json.dumps(index, ensure_ascii=False, separators=(",", ":")), "utf-8")


def segmented(text):
    """Chinese words apart, as Material's plugin writes them."""
    return re.sub(r"[\u4e00-\u9fff]+", lambda m: "\u200b".join(["", *jieba.cut(m[0]), ""]), text)


def dictionary(glossary, path):
    """Write the Chinese terms of the glossary for the segmenter, so that 学习率 stays one word."""
    rows = re.findall(r"^\| (?!中文)([^|]+?) \|", Path(glossary).read_text("utf-8"), re.M)
    words = {w for row in rows for w in re.findall(r"[\u4e00-\u9fff]{2,}", row)}
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{word} 100000\n" for word in sorted(words))
    if not Path(path).is_file() or Path(path).read_text("utf-8") != text:
        Path(path).write_text(text, "utf-8")

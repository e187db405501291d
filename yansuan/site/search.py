"""Search: every card is an entry of its own, and Chinese works.

Mends Material 9.8.1's worker, teaches its segmenter our terms, maps synonyms to them, and fetches the index (a third of
what a first visit would load) only when somebody searches.

The worker never looks up the last word of a Chinese query and marks words as missing by a doubled `*`. Each replacement
must be found exactly once, so that a new version of Material fails the build instead of losing the mend.
"""

import html
import json
import logging
import re
from pathlib import Path

import jieba

from yansuan.base.errors import YansuanError
from yansuan.formula.formula import Formula
from yansuan.notes.page import cards
from yansuan.tex.plain import with_plain_math

INDEX, ENTRIES = "search/search_index.json", "search/entries.json"
jieba.setLogLevel(logging.WARNING)
QUERY = 'search(e){if(e=e.replace(new RegExp("\\\\p{sc=Han}+","gu")'
MENDS = (
    ("for(let o=s+1;o<t.length;o++)t.slice(s,o)in e", "for(let o=s+1;o<=t.length;o++)t.slice(s,o)in e"),
    ("n[a]&&a<t.length-1&&", "n[a]&&a<t.length&&"),
    ('[...fe(s,this.index.invertedIndex)].join("* ")', '[...fe(s,this.index.invertedIndex)].join(" ")'),
    # the page brings an index without entries; the first query fetches them, and the next if that failed
    ("yield Ie(t.data.config),de=new U(t.data)", "yield Ie(t.data.config),self.settings=t.data"),
    (
        "case 2:let e=t.data;try{return{type:3,data:de.search(e)}}",
        "case 2:let e=t.data;if(!e.trim())return{type:3,data:{items:[]}};"
        f"try{{de||=fetch(new URL('../../../{ENTRIES}',location)).then(r=>r.json())"
        ".then(docs=>new U(Object.assign({},settings,{docs}))).catch(r=>{de=0;throw r});"
        "return{type:3,data:(yield de).search(e)}}",
    ),
)


def mend(site: Path, synonyms: dict[str, str]) -> None:
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
                raise YansuanError(
                    worker, 1, "Material's search worker has changed: look at yansuan/site/search.py again"
                )
            text = text.replace(old, new)
        worker.write_text(text, "utf-8")


def add_cards(site: Path, docs: Path | str, lang: str, formulas: dict[str, Formula]) -> None:
    """An entry per card, titled with its function and its title; before, a card was a part of the section it is in."""
    path = Path(site, INDEX)
    index = json.loads(path.read_text("utf-8"))
    entries = index["docs"]
    known = {entry["location"] for entry in entries}
    for name, page in cards(docs).items():
        address = re.sub(r"(^|/)index/$", r"\1", page.relative_to(docs).with_suffix("").as_posix() + "/")
        if address not in known:
            raise YansuanError(page, 1, f"not in {path}, so search would not find its cards: add the page to nav")
        formula = formulas[name]
        meanings = "; ".join(with_plain_math(symbol.meaning[lang]) for symbol in formula.symbols)
        # the theme takes both for HTML
        title = segmented(html.escape(f"{formula.node.name} · {formula.title[lang]}", quote=False))
        text = segmented(html.escape(meanings, quote=False))
        entries.append({"location": f"{address}#{name}", "title": title, "text": f"<p>{text}</p>"})
    for target, content in ((Path(site, ENTRIES), entries), (path, index | {"docs": []})):
        target.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), "utf-8")


def segmented(text: str) -> str:
    """Chinese words apart, as Material's plugin writes them."""
    return re.sub(r"[\u4e00-\u9fff]+", lambda m: "\u200b".join(["", *jieba.cut(m[0]), ""]), text)


def dictionary(glossary: Path | str, path: Path) -> None:
    """Write the Chinese terms of the glossary for the segmenter, so that 学习率 stays one word."""
    rows = re.findall(r"^\| (?!中文)([^|]+?) \|", Path(glossary).read_text("utf-8"), re.M)
    words = {w for row in rows for w in re.findall(r"[\u4e00-\u9fff]{2,}", row)}
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{word} 100000\n" for word in sorted(words))
    if not path.is_file() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")

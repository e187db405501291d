"""A verdict: a claim in both languages, and the cases of a lab's run in which it holds.

    verdicts = {
        "reduces-shift": {
            "en": "batch normalization reduces internal covariate shift",
            "zh": "批量归一化减小内部协变量偏移",
            "cases": less,  # True or False for each case, computed
            "of": {"en": "networks", "zh": "个网络"},  # the first character is the measure word
            "measured": {"en": "shift {without}, {with} with it", "zh": "…"},  # from `numbers`; may be left out
        },
    }

It is reproduced if the claim holds in all cases, partly if in half of them or more, mostly not if in fewer.
"""

import ast
import re
from collections.abc import Iterable
from typing import Any

from yansuan.base.textfile import hidden
from yansuan.base.words import VERDICT
from yansuan.notes.page import LANGS

KEYS = {*LANGS, "cases", "of", "measured"}
FORM = 'write {"en": "the claim", "zh": "说法", "cases": [...], "of": {"en": "networks", "zh": "个网络"}}'
SLOT = re.compile(r"\{(\w*)\}")


def fault(verdict: Any, numbers: dict[str, str]) -> str | None:
    """What is wrong with one verdict, and its cure."""
    if not isinstance(verdict, dict):
        return f" is {verdict!r} and has no claim: {FORM}"
    if unknown := verdict.keys() - KEYS:
        return f" has {', '.join(sorted(unknown))}, which nothing reads: delete it"
    cases = verdict.get("cases")
    if not (isinstance(cases, list) and cases and all(isinstance(case, bool) for case in cases)):
        return ' has no count: give "cases" a list with True or False for each case, at least one'
    both = {"claim": verdict, "of": verdict.get("of"), "measured": verdict.get("measured", dict.fromkeys(LANGS, "{}"))}
    for part, texts in both.items():
        for lang in LANGS:
            text = texts.get(lang) if isinstance(texts, dict) else None
            if not isinstance(text, str) or not text.strip() or hidden(text):
                where = "" if part == "claim" else f"[{part!r}]"
                return f'{where} says nothing in {lang!r}: add "{lang}": "…"'
            slots = SLOT.findall(text)
            if part == "measured" and "measured" in verdict:
                if not slots:
                    return f"['measured'] measures nothing in {lang!r}: name a number, {{name}}, of `numbers`"
                if missing := [slot for slot in slots if slot not in numbers]:
                    return f"['measured'] names {missing[0]!r}, numbers are {', '.join(numbers) or 'none'}"
    return None


def typed(code: Iterable[tuple[int, str]]) -> int | None:
    """The line of cases that are written down instead of computed; the code is (line, text) of each cell."""
    for line, text in code:
        for node in ast.walk(ast.parse(text)):
            for key, value in zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ():
                names = any(isinstance(part, ast.Name) for part in ast.walk(value))
                if isinstance(key, ast.Constant) and key.value == "cases" and not names:
                    return line + value.lineno - 1
    return None


def label(verdict: Any) -> str:
    cases = verdict["cases"]
    if all(cases):
        return "reproduced"
    if 2 * sum(cases) >= len(cases):
        return "partly"
    return "mostly not" if any(cases) else "not reproduced"


def found(verdict: Any, numbers: dict[str, str], lang: str) -> list[str]:
    """In how many cases the claim holds, and what was measured."""
    cases, of = verdict["cases"], verdict["of"][lang]
    count = VERDICT[lang]["count"].format(holds=sum(cases), cases=len(cases), of=of, unit=of[0])
    measured = verdict.get("measured", {}).get(lang, "")
    return [count, *([SLOT.sub(lambda slot: numbers[slot[1]], measured)] if measured else [])]

"""Texts in the languages of a project: a line for each, or `English | 中文` where there is one line only."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from yansuan.base.errors import YansuanError
from yansuan.base.settings import Settings, settings
from yansuan.formula.spec import Text

Fault = Callable[[str, int], YansuanError]  # (what is wrong and the cure, line)
LABEL = re.compile(r"(en|zh):(?:\s+|$)")
NAMES = {"en": "English", "zh": "Chinese"}


def languages(text: str) -> Text | None:
    """{language: text} of 'English | 中文'; in a project of one language all of it; None if there is not each."""
    if not two():
        return same(text.strip()) if text.strip() and not text.startswith("$$") else None
    en, _, zh = text.partition(" | ")
    return {"en": en.strip(), "zh": zh.strip()} if en.strip() and zh.strip() else None


def two() -> bool:
    """Whether the project has two languages."""
    return len(settings().languages) > 1


def same(text: str) -> Text:
    """One text for every language."""
    return dict.fromkeys(Settings.languages, text)


def cure() -> str:
    """How a text is written, for messages."""
    return "write 'en: …' and 'zh: …' under it, indented" if two() else "write it behind it, or under it, indented"


def titled(lines: Sequence[tuple[int, str]], first: int, fault: Fault) -> tuple[Text, int]:
    """The title at the beginning of a docstring's numbered lines, a line a language, and how many lines it takes."""
    wanted = ("en", "zh") if two() else settings().languages
    words = " and under it ".join(f"the title in {NAMES[lang]}" for lang in wanted) if two() else "a title"
    block = [line.strip() for _, line in lines[: len(wanted)]]
    if not all(block) or len(block) < len(wanted) or any(re.match(r"\$\$|>>>", line) for line in block):
        raise fault(f"no title{' in two languages' if two() else ''}: begin the docstring with {words}", first)
    if lines[len(wanted) :] and lines[len(wanted)][1].strip():
        number, line = lines[len(wanted)]
        raise fault(f"no card shows {line.strip()!r}: a title is one line a language, and a blank line ends it", number)
    return dict(zip(wanted, block, strict=True)) if two() else same(block[0]), len(wanted)


def text_of(
    what: str, behind: str, under: Sequence[tuple[int, str]], line: int, fault: Fault, shared: bool = False
) -> Text | None:
    """The text behind the head of an entry, or in the indented lines under it; None if there is none.

    `shared`: one text may do for both languages. `what` it is the text of, for messages.
    """
    labelled = [number for number, said in under if LABEL.match(said.strip())]
    if not labelled:
        text = joined([behind, *(said for _, said in under)])
        if text and two() and not shared:
            raise fault(f"{what} in one language: {cure()}", line)
        return same(text) if text else None
    if behind:
        raise fault(f"{what} has a text behind it and others under it: keep one", line)
    parts = by_language(under, fault)
    wanted = set(settings().languages)
    if other := sorted(parts.keys() - wanted):
        raise fault(f"{what} in {NAMES[other[0]]}, which is no language of this project: delete it", labelled[0])
    if missing := sorted(wanted - parts.keys()):
        raise fault(f"{what} in one language: add '{missing[0]}: …' under it", line)
    return parts if two() else same(parts[settings().languages[0]])


def by_language(under: Sequence[tuple[int, str]], fault: Fault) -> Text:
    """{language: text} of lines `en: …`, `zh: …`, each with its deeper lines."""
    parts: dict[str, list[str]] = {}
    depth, lang = indent(under[0][1]), ""
    for number, line in under:
        label = LABEL.match(line.strip())
        if label and indent(line) == depth:
            lang = label[1]
            if lang in parts:
                raise fault(f"'{lang}:' is here twice: delete one, or give the second a field of its own", number)
            parts[lang] = [line.strip()[label.end() :]]
        elif lang and indent(line) > depth:
            parts[lang].append(line)
        else:
            way = "begin it with 'en:' or 'zh:', or indent it deeper than the line it goes on with"
            raise fault(f"no card shows {line.strip()[:60]!r}: {way}", number)
    if empty := [lang for lang, lines in parts.items() if not joined(lines)]:
        raise fault(f"'{empty[0]}:' says nothing: write it, or delete it", under[0][0])
    return {lang: joined(lines) for lang, lines in parts.items()}


def indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def joined(lines: Iterable[str]) -> str:
    """Lines as one text: with a space between them, but where Chinese goes on."""
    text = ""
    for line in filter(None, map(str.strip, lines)):
        text += f" {line}" if text and spaced(text[-1], line[0]) else line
    return text


def spaced(before: str, after: str) -> bool:
    """Whether a space belongs between two characters: between Chinese and Latin, but not beside full-width signs."""
    kinds = {kind(before), kind(after)}
    return "sign" not in kinds and ("latin" in kinds or kinds == {"quote"})


def kind(char: str) -> str:
    if unicodedata.east_asian_width(char) in ("W", "F"):
        return "sign" if unicodedata.category(char).startswith("P") else "han"
    return "quote" if char in "“”‘’—…" else "latin"

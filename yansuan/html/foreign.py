"""Syntax of other dialects of Markdown that nothing here has rendered, so that a reader would see its marks.

Looked for in finished HTML, a block of text at a time: what an extension of the project has rendered is not there any
more, and code is left out.
"""

import re
from dataclasses import dataclass

HIDDEN = "\ufffc"  # in the place of code and formulas


@dataclass(frozen=True)
class Foreign:
    """What it is, how it looks, a case of it, and which extension of Python-Markdown renders it, if one does."""

    name: str
    pattern: str
    example: str
    extension: str | None = None
    instead: str = "write it otherwise (between backticks to show it)"

    @property
    def cure(self) -> str:
        first = f"switch on {self.extension}, or " if self.extension else ""
        return f"{self.name} left as text: {first}{self.instead}"


DIALECTS = (
    Foreign("a content tab", r'^={3}[!+]*[ ]+["“]', '=== "Tab"', instead="write a heading for each"),
    Foreign("an included file", r"^;*-+8<-+", '--8<-- "a.md"', "pymdownx.snippets"),
    Foreign("a box to tick", r"\A\s*\[[ xX]\][ ]", "- [ ] to do", instead="write in words what is done"),
    Foreign("a callout", r"\A\s*\[![A-Za-z]+\]", "> [!NOTE]\n> x"),
    Foreign("an edit mark", r"\{(?:\+\+|--|~~|==|>>)\S", "{++new++}", "pymdownx.critic"),
    Foreign("marked text", r"(?<![\w=])==(?![\s=])[^=\n]+?(?<!\s)==(?![\w=])", "==mark==", "pymdownx.mark"),
    Foreign("struck text", r"~~(?![\s~])[^~\n]+?(?<!\s)~~", "~~gone~~", "pymdownx.tilde"),
    Foreign("inserted text", r"\^\^(?![\s^])[^^\n]+?(?<!\s)\^\^", "^^new^^", "pymdownx.caret"),
    Foreign("a superscript", r"(?<=[A-Za-z0-9)])\^[\w+-]{1,9}\^", "x^2^", "pymdownx.caret"),
    Foreign("a subscript", r"(?<=[A-Za-z0-9)])~[\w+-]{1,9}~(?!\d)", "H~2~O", "pymdownx.tilde"),
    Foreign("a key", r"(?<![\w+])\+\+[a-z0-9\"][\w\"-]*(?:\+[\w\"-]+)*\+\+(?![\w+])", "++ctrl+c++", "pymdownx.keys"),
    Foreign(
        "an emoji or a role",
        r"(?<![\w:]):[a-z][a-z0-9_+-]*:(?![\w:])",
        ":smile:",
        instead="write the character itself, or put it between backticks",
    ),
    Foreign("a template", r"\{\{[^{}\n]*\}\}|\{%[^%\n]*%\}", "{{ name }}", "a plugin for it"),
    Foreign("a wiki link", r"\[\[[^\W\d][^\[\]\n]*\]\]", "[[Page]]", "markdown.extensions.wikilinks"),
    Foreign("a citation", r"\[-?@[A-Za-z][^\[\]\n]*\]", "[@ioffe2015]"),
    Foreign("a container", r"^:{3,}[ \t]*\{?[\w.-]|^:{3,}[ \t]*$", "::: warning"),
    Foreign("a definition", r"^:[ ]{1,3}\S", "term\n:   meaning", "def_list"),
    Foreign("an abbreviation", r"^\*\[[^\]\n]+\]:", "*[BN]: batch", "abbr"),
    Foreign("a note within the line", r"\^\[[^\[\]\n]+\]", "x^[a note]"),
    Foreign("a hidden remark", r"%%(?![\s%])[^%\n]+%%", "%%later%%"),
    Foreign(
        "attributes",
        r"\{:?[ ]*[#.][A-Za-z][\w.#= -]*\}|\{:[ ]*[\w-]+=",
        "x {.wide} y",
        instead="put them right behind a link, or at the end of a heading",
    ),
    Foreign(
        "a table",
        r"^[ ]*\|[ ]*:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)*\|?[ ]*$",
        "| a | b |\n|---|",
        instead="as many cells in its head as in the line under it",
    ),
)
BY_GROUP = {f"d{number}": dialect for number, dialect in enumerate(DIALECTS)}
ANY = re.compile("|".join(f"(?P<{group}>{dialect.pattern})" for group, dialect in BY_GROUP.items()), re.M | re.A)
SUSPECT = re.compile(r"==|8<-|\[[ xX!@-]|\[\[|~|\^|\+\+|\{|%%|^:|:[a-z][\w+-]*:|^\*\[|^[ ]*\|[ ]*:?-", re.M)


def foreign(text: str) -> tuple[Foreign, str] | None:
    """The first foreign mark in the text of a block, and the text from there."""
    if not SUSPECT.search(text):
        return None
    m = ANY.search(text)
    return (BY_GROUP[m.lastgroup], text[m.start() :].lstrip().partition(HIDDEN)[0]) if m and m.lastgroup else None

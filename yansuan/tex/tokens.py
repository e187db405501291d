"""LaTeX as tokens, and a display as chains of equations."""

import itertools
import re
from dataclasses import dataclass

LEX = re.compile(
    r"\\(?:begin|end)\{\w+\*?\}|\\(?:operatorname|mathrm|text)\*?\s*\{\s*(?P<word>[^{}]*?)\s*\}|\\\\(?:\[[^]]*\])?"
    r"|\\[a-zA-Z]+|\\.|(?<=[_^])\d|(?<=\\frac)\d|(?<=\\frac\d)\d|\d+(?:\.\d+)?|\S"
)
SPELLING = {  # before the lexer: one way to write a thing
    r"\\left\s*\|": r"\\lvert ",
    r"\\right\s*\|": r"\\rvert ",
    r"\\left\s*\\\|": r"\\lVert ",
    r"\\right\s*\\\|": r"\\rVert ",
    r"\\[dt]frac(?![a-zA-Z])": r"\\frac",
    r"(\\frac|[_^])\s+(?=\d)": r"\1",
    r":=": "=",
}
ALIAS = {r"\ln": r"\log", r"\gets": r"\leftarrow", r"\qquad": r"\quad"}
ALIAS |= {r"\le": r"\leq", r"\ge": r"\geq", r"\ne": r"\neq", r"\intercal": r"\top"}
INVISIBLE = {rf"\{c}" for c in ",!;: "} | {r"\displaystyle", r"\limits", r"\nolimits", r"\left", r"\right", "~"}
INVISIBLE |= {rf"\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r")}
OUTER = {rf"\{part}{{{kind}}}" for part in ("begin", "end") for kind in ("aligned", "align", "align*", "gathered")}

BRACKETS = {"(": ")", "[": "]", r"\{": r"\}"}
FLOOR = {r"\lfloor": r"\rfloor"}
BARS = {"|": "|", r"\|": r"\|", r"\lvert": r"\rvert", r"\lVert": r"\rVert"}
NESTS = BRACKETS | FLOOR | {"{": "}", r"\begin{cases}": r"\end{cases}"}


class TexError(Exception):
    """The LaTeX cannot be executed, or contradicts itself or what was declared."""


class Undefined(TexError):
    """The LaTeX has no value for these inputs: 0/0, the root of a negative number."""


def lex(tex):
    """The tokens that mean something; braces around one token are dropped, and `x^a_b` is written `x_b^a`."""
    for pattern, plain in SPELLING.items():
        tex = re.sub(pattern, plain, tex)
    tokens = []
    for match in LEX.finditer(tex):
        token = rf"\operatorname{{{match['word']}}}" if match["word"] else ALIAS.get(match[0], match[0])
        token = r"\\" if token.startswith(r"\\") else token
        if token not in INVISIBLE:
            tokens.append(token)
        while len(tokens) > 2 and tokens[-3] == "{" and tokens[-1] == "}" and not re.match(r"[{}]|\d\d", tokens[-2]):
            tokens[-3:] = [tokens[-2]]
    for at in range(len(tokens)):
        if tokens[at] == "^" and tokens[(end := argument_end(tokens, at + 1)) : end + 1] == ["_"]:
            last = argument_end(tokens, end + 1)
            tokens[at:last] = tokens[end:last] + tokens[at:end]
    return tokens


def argument_end(tokens, start):
    """Where the argument that begins here ends: after one token, or after a group in braces."""
    depth = 0
    for at in range(start, len(tokens)):
        depth += {"{": 1, "}": -1}.get(tokens[at], 0)
        if depth <= 0:
            return at + 1
    raise TexError(f"unbalanced braces, or nothing after '{text(tokens[:start][-3:])}'")


def text(tokens):
    return " ".join(tokens)


def split(tokens, separators):
    """The parts between the separators that stand outside all brackets and braces, and those separators."""
    parts, found, closing = [[]], [], []
    for token in tokens:
        if token in NESTS:
            closing.append(NESTS[token])
        elif token in NESTS.values() and (not closing or token != closing.pop()):
            raise TexError(f"unbalanced '{token}' after '{text(parts[-1][-5:])}'")
        if token in separators and not closing:
            parts.append([])
            found.append(token)
        else:
            parts[-1].append(token)
    if closing:
        raise TexError(f"unbalanced: no '{closing[-1]}' in '{text(parts[-1])}'")
    return parts, found


@dataclass
class Chain:
    """`a = b = c`, or an update `a \\leftarrow b`, as lists of tokens."""

    members: list
    update: bool


def equations(tex):
    """The chains of a display: a row each, or several in a row between `,` `;` `\\quad`. A row may go on with `= c`."""
    chains = []
    for row in split([t for t in lex(tex) if t not in OUTER], {",", ";", r"\\", r"\quad"})[0]:
        part = list(itertools.chain(*split(row, {"&"})[0]))
        if part[-1:] == ["."]:
            part.pop()
        members, relations = split(part, {"=", r"\leftarrow"})
        if chains and relations and not members[0]:
            chains[-1].members += members[1:]
        elif chains and part[:1] in (["+"], ["-"]) and not relations:
            chains[-1].members[-1] += part
        elif part:
            chains.append(Chain(members, r"\leftarrow" in relations))
            if len(members) < 2 or (chains[-1].update and len(members) > 2):
                raise TexError(f"not an equation: '{text(part)}'")
    if not chains or not all(member for chain in chains for member in chain.members):
        raise TexError(f"an equation has an empty side: '{tex}'")
    return chains

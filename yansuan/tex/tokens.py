r"""LaTeX as the tokens that mean something.

In: LaTeX as an author writes it. Out: one way to write it, the same for all that is drawn alike:

    lex(r"\left( \bar{\mu}^r_{i} \right)^{2} \le 1")  ->  ( \bar \mu _ i ^ r ) ^ 2 \leq 1     (a list of these)

Spaces and sizes are dropped. Braces are dropped where nothing is drawn for them: they stay around a subscript, a
superscript or an argument of a command that has several tokens. Primes come first, then the subscript, then the
superscript. What was drawn is read back as LaTeX (`drawn`) and goes through this same lexer.
"""

import functools
import itertools
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from yansuan.tex.raw import Token, raw
from yansuan.tex.symbols import ACCENTS, BELOW, BOLD_TOO, FONTS, GREEK, LIMITS, UPRIGHT

ARGUMENTS = dict.fromkeys((*ACCENTS.values(), *BELOW.values(), r"\phantom", r"\hphantom", r"\vphantom"), 1)
ARGUMENTS |= {r"\frac": 2, r"\genfrac": 2, r"\sqrt": 1}
ALPHABETS = {*FONTS.values(), r"\mathscr", r"\mathrm", r"\mathit"}
DEEPEST = 60  # braces within braces
DIGITS_TOO = {r"\mathbf", r"\mathbb", r"\mathsf", r"\mathtt"}

BRACKETS = {"(": ")", "[": "]", r"\{": r"\}"}
FLOOR = {r"\lfloor": r"\rfloor"}
BARS = {"|": "|", r"\|": r"\|", r"\lvert": r"\rvert", r"\lVert": r"\rVert"}
NESTS = BRACKETS | FLOOR | {"{": "}"}
NESTS |= {rf"\begin{{{name}}}": rf"\end{{{name}}}" for name in ("cases", "aligned", "matrix")}


class TexError(Exception):
    """The LaTeX cannot be executed, or contradicts itself or what was declared."""


class Undefined(TexError):
    """The LaTeX has no value for these inputs: 0/0, the root of a negative number."""


@dataclass
class Atom:
    """What a script can stand at, and its scripts."""

    nucleus: list[str]
    primes: int = 0
    below: list[str] | None = None
    above: list[str] | None = None

    def tokens(self) -> Iterator[str]:
        yield from self.nucleus
        yield from "'" * self.primes
        for mark, script in (("_", self.below), ("^", self.above)):
            if script is not None:
                yield from (mark, *braced(script))


def lex(tex: str) -> list[str]:
    """The tokens that mean something, in the order in which they are drawn. Raises TexError where LaTeX would."""
    return list(_lex(tex))


@functools.lru_cache(maxsize=1024)  # the symbols of a formula are asked for with each change of it
def _lex(tex: str) -> tuple[str, ...]:
    tokens = flat(Reader(list(raw(tex))).atoms())
    return tuple(token for at, token in enumerate(tokens) if not (token in (r"\quad", r"\\") and idle(tokens, at)))


def idle(tokens: list[str], at: int) -> bool:
    """Whether this space, or end of a row, makes no difference: beside another, before `mod`, behind the last row."""
    after = [*tokens[at + 1 : at + 3], "", ""]
    if tokens[at] == r"\\":
        return after[0].startswith(r"\end{")
    return after[0] in (r"\quad", r"\bmod") or after[:2] == ["(", r"\bmod"]


class Reader:
    """From the tokens as they are written to atoms with their scripts, as TeX groups them."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.at, self.depth = tokens, 0, 0

    def fault(self, what: str) -> TexError:
        return TexError(f"{what} '{text(self.tokens[max(0, self.at - 3) : self.at])}'")

    def next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def atoms(self, end: str = "", font: str = "") -> list[Atom]:
        """Everything up to this closing token; a group in braces becomes part of what is around it."""
        found: list[Atom] = []
        while self.at < len(self.tokens):
            self.at += 1
            if (token := self.tokens[self.at - 1]) == end:
                return found
            if token == "}":
                raise self.fault("unbalanced '}' after")
            self.read(token, found, font)
        if end:
            raise self.fault(f"unbalanced braces: no '{end}' after")
        return found

    def read(self, token: Token, found: list[Atom], font: str) -> None:
        """Add what begins with this token."""
        if token == "{":
            inner = self.nested("}", font)
            found += [Atom([Token("{,}", token.at)])] if flat(inner) == [","] else inner
        elif token in ("_", "^"):
            self.script(token, found, font)
        elif token == "'":
            self.prime(found)
        elif token in ALPHABETS:
            found += self.group(token)
        elif token in (r"\overset", r"\underset"):
            found.append(self.stacked(token, font))
        elif token == r"\binom":
            found += [Atom(["("]), Atom([Token(r"\genfrac", token.at), *self.given(2, font)]), Atom([")"])]
        elif token in (r"\mod", r"\pmod"):
            modulus = (
                [Atom(["("]), Atom([r"\bmod"]), Atom(self.argument(font)), Atom([")"])] if token == r"\pmod" else []
            )
            found += modulus or [Atom([r"\bmod"])]
        elif token in (r"\Re", r"\Im"):
            found.append(Atom([r"\mathfrak", token[1]]))
        elif token in ARGUMENTS:
            index = ["[", *flat(self.nested("]", font)), "]"] if token == r"\sqrt" and self.take("[") else []
            found.append(Atom([token, *index, *self.given(ARGUMENTS[token], font)]))
        else:
            found += styled(token, font)

    def take(self, token: str) -> bool:
        self.at += (there := self.next() == token)
        return there

    def nested(self, end: str, font: str) -> list[Atom]:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fault(f"braces within braces, more than {DEEPEST}, at")
        inner = self.atoms(end, font)
        self.depth -= 1
        return inner

    def one(self, font: str) -> list[Atom]:
        """One token, or a command with its arguments; of a number one digit."""
        if self.next() in ("", "}", "_", "^", "&", r"\\") or self.depth > DEEPEST:
            raise self.fault("nothing after" if self.depth <= DEEPEST else "too many commands within commands:")
        token = self.tokens[self.at]
        if token[0].isdigit() and len(token) > 1:
            self.tokens[self.at : self.at + 1] = [Token(token[0], token.at), Token(token[1:], token.at + 1)]
            token = self.tokens[self.at]
        self.at += 1
        found: list[Atom] = []
        self.depth += 1
        self.read(token, found, font)
        self.depth -= 1
        return found

    def group(self, font: str) -> list[Atom]:
        """What stands in braces, or one token."""
        return self.nested("}", font) if self.take("{") else self.one(font)

    def argument(self, font: str) -> list[str]:
        return flat(self.group(font))

    def given(self, count: int, font: str) -> Iterator[str]:
        """That many arguments."""
        for _ in range(count):
            yield from braced(self.argument(font))

    def script(self, mark: Token, found: list[Atom], font: str) -> None:
        script = self.argument(font)
        if not found:
            raise self.fault(f"nothing before '{mark}':")
        while mark == "^" and script[:1] == ["'"]:
            self.prime(found)
            script = script[1:]
            if not script:
                return
        if (found[-1].below if mark == "_" else found[-1].above) is not None:
            raise self.fault(f"two scripts '{mark}' at one place:")
        if mark == "_":
            found[-1].below = script
        else:
            found[-1].above = script

    def prime(self, found: list[Atom]) -> None:
        if not found:
            found.append(Atom(["'"]))
        elif found[-1].above is not None:
            raise self.fault("a prime after a superscript:")
        else:
            found[-1].primes += 1

    def stacked(self, token: Token, font: str) -> Atom:
        """`\\overset{a}{b}`; above or below what has limits it is one."""
        small, base = self.argument(font), self.argument(font)
        if base[:1] and (base[0] in (r"\overbrace", r"\underbrace") or (len(base) == 1 and has_limits(base[0]))):
            return Atom(base, above=small) if token == r"\overset" else Atom(base, below=small)
        return Atom([token, *braced(small), *braced(base)])


def has_limits(token: str) -> bool:
    return token in LIMITS or token.startswith(r"\operatorname{")


def styled(token: Token, font: str) -> list[Atom]:
    """A token in an alphabet such as `\\mathbf`, a letter at a time; what has no such letters is drawn as it is."""
    if not font or font == r"\mathit":
        return [Atom([token])]
    if font == r"\mathrm":
        latin = len(token) == 1 and token.isascii() and token.isalpha()
        upright: list[str] = [Token(rf"\operatorname{{{token}}}", token.at)] if latin else [font, token]
        return [Atom(upright if latin or (token in GREEK and token not in UPRIGHT) else [token])]
    if token in GREEK or token in BOLD_TOO:
        if font == r"\boldsymbol" and token in UPRIGHT:
            font = r"\mathbf"
        return [Atom([font, token] if font in (r"\mathbf", r"\boldsymbol") else [token])]
    if token.isascii() and ((len(token) == 1 and token.isalpha()) or (token.isdigit() and font in DIGITS_TOO)):
        font = r"\mathcal" if font == r"\mathscr" and token.islower() else font  # these have one shape
        return [Atom([font, Token(letter, token.at)]) for letter in token]
    return [Atom([token])]


def flat(atoms: Iterable[Atom]) -> list[str]:
    return [token for atom in atoms for token in atom.tokens()]


def braced(tokens: list[str]) -> list[str]:
    """An argument: braces around all but one token; a number of several digits is several."""
    if len(tokens) == 1 and not (len(tokens[0]) > 1 and tokens[0][0] in ".0123456789"):
        return tokens
    return ["{", *tokens, "}"]


def argument_end(tokens: list[str], start: int) -> int:
    """Where the argument that begins here ends: after one token, or after a group in braces."""
    depth = 0
    for at in range(start, len(tokens)):
        depth += {"{": 1, "}": -1}.get(tokens[at], 0)
        if depth <= 0:
            return at + 1
    raise TexError(f"unbalanced braces, or nothing after '{text(tokens[:start][-3:])}'")


def text(tokens: Iterable[str]) -> str:
    return " ".join(tokens)


def contains(tex: str, symbol: str) -> bool:
    r"""Whether the symbol's tokens occur in a row in the formula's: `m` is not in `\mu`, `z_i^r` is in `z^r_{i}`."""
    whole, part = significant(tex), significant(symbol)
    return bool(part) and any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))


def significant(tex: str) -> list[str]:
    """The tokens but for braces and columns; those of LaTeX with a fault as they are written."""
    try:
        tokens = lex(tex)
    except TexError:
        tokens = list(raw(tex))
    return [token for token in tokens if token not in ("{", "}", "&")]


def split(tokens: Iterable[str], separators: Collection[str]) -> tuple[list[list[str]], list[str]]:
    """The parts between the separators that stand outside all brackets and braces, and those separators."""
    parts: list[list[str]] = [[]]
    found: list[str] = []
    closing: list[str] = []
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

    members: list[list[str]]
    update: bool


def equations(tex: str) -> list[Chain]:
    """The chains of a display: a row each, or several in a row between `,` `;` `\\quad`. A row may go on with `= c`."""
    chains: list[Chain] = []
    for row in split(rows(lex(tex)), {",", ";", r"\\", r"\quad"})[0]:
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


def rows(tokens: list[str]) -> list[str]:
    """What stands in the environment that holds the whole display, if there is one."""
    begin, end = r"\begin{aligned}", r"\end{aligned}"
    if tokens[-1:] == ["."]:
        tokens = tokens[:-1]
    if tokens[:1] == [begin] and tokens[-1] == end:
        tokens = tokens[1:-1]
    if begin in tokens:
        raise TexError("rows within an equation: one aligned environment holds the whole display")
    return tokens

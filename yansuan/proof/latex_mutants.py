"""Every small change of a typeset formula: a sign, an index, a lost root, one symbol for another."""

from collections.abc import Iterator

from yansuan.formula.formula import Formula
from yansuan.formula.shapes import Shape
from yansuan.tex.indices import index_letters, script_letters
from yansuan.tex.tokens import argument_end, equations, lex

ENDS = ("+", "-", "=", "&", r"\\", ",", r"\quad")


def latex_mutants(formula: Formula) -> list[str]:
    """The changed LaTeX of a formula, its tokens with a blank between them, each once."""
    same = " ".join(lex(formula.tex))
    return [tex for tex in dict.fromkeys(" ".join(tokens) for tokens in changes(formula)) if tex != same]


def changes(formula: Formula) -> Iterator[list[str]]:
    """The tokens of a formula after each small change."""
    tokens = lex(formula.tex)
    indices = sorted(index_letters(equations(formula.tex)))
    places = set(script_letters(tokens)) | {
        i - 1 for i, t in enumerate(tokens) if t == "=" and tokens[i - 1] in indices
    }
    written = [lex(s.tex) for s in formula.symbols if s.tex]
    written += [[n] for s in formula.symbols for n in Shape.of(s.shape).letters if [n] not in written]
    for at, token in enumerate(tokens):
        for start, end, new in token_changes(tokens, at):
            yield [*tokens[:start], *new, *tokens[end:]]
        if at in places and token in indices:
            yield from ([*tokens[:at], other, *tokens[at + 1 :]] for other in [*indices, "j", "1"] if other != token)
        for symbol in written:
            if tokens[at : (end := at + len(symbol))] == symbol:
                yield from ([*tokens[:at], *other, *tokens[end:]] for other in written)


def token_changes(tokens: list[str], at: int) -> Iterator[tuple[int, int, list[str]]]:
    """(start, end, what stands there instead) of each change that one token by itself suggests."""
    token = tokens[at]
    if token in ("+", "-"):
        yield at, at + 1, ["-" if token == "+" else "+"]
        yield at, term_end(tokens, at), []
        yield term_start(tokens, at), at + (token == "+"), []
    elif token == r"\sqrt":
        yield at, at + 1, []
    elif token == r"\frac":
        middle = argument_end(tokens, at + 1)
        end = argument_end(tokens, middle)
        yield at + 1, end, [*tokens[middle:end], *tokens[at + 1 : middle]]
    elif token.isdigit():
        yield at, at + 1, [str(int(token) + 1)]
        if tokens[at - 1 : at + 1] == ["^", "2"]:
            yield at - 1, at + 1, []
    elif token in (r"\max", r"\min"):
        yield at, at + 1, [r"\min" if token == r"\max" else r"\max"]


def term_end(tokens: list[str], at: int) -> int:
    """Where the term behind this sign ends."""
    depth = 0
    for end in range(at + 1, len(tokens)):
        depth += (tokens[end] in "({[") - (tokens[end] in ")}]")
        if depth < 0 or (not depth and tokens[end] in (*ENDS, r"\end{aligned}")):
            return end
    return len(tokens)


def term_start(tokens: list[str], at: int) -> int:
    """Where the term before this sign begins."""
    depth = 0
    for start in range(at - 1, -1, -1):
        depth += (tokens[start] in ")}]") - (tokens[start] in "({[")
        if depth < 0 or (not depth and tokens[start] in (*ENDS, r"\leftarrow")):
            return start + 1
    return 0

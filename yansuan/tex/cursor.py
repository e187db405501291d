"""A place in a list of tokens: what every rule of the parser takes its tokens with.

In: tokens of `tokens.lex`. Out: one token or one argument at a time; what does not suit raises TexError with the place.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from yansuan.tex.tokens import TexError, argument_end, text

T = TypeVar("T")


class Cursor:
    """Where the parser is, the brackets that are open there, and the index letters that are bound there."""

    def __init__(self) -> None:
        self.start([], ())

    def start(self, tokens: list[str], scope: Iterable[str], updated: str | None = None) -> None:
        """Begin with these tokens; `updated`: the symbol whose old value stands on the right of an update."""
        self.tokens, self.at = tokens, 0
        self.closing: list[str] = []
        self.scope, self.updated = set(scope), updated
        self.used: set[str] = set()

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, *wanted: str) -> str:
        """The next token; with arguments, only if it is one of them."""
        token = self.peek()
        if wanted and token not in wanted:
            return ""
        self.at += 1
        return token

    def expect(self, token: str) -> None:
        if not self.take(token):
            raise self.fault(f"expected '{token}', found")

    def fault(self, message: str, back: int = 0) -> TexError:
        return TexError(f"{message} '{text(self.tokens[self.at - back :][:8]) or 'the end'}'")

    def argument(self) -> list[str]:
        """The tokens of one argument, without its braces."""
        start, self.at = self.at, argument_end(self.tokens, self.at)
        tokens = self.tokens[start : self.at]
        return tokens[1:-1] if tokens[0] == "{" else tokens

    def inside(self, tokens: list[str], rule: Callable[[], T]) -> T:
        """Apply a rule to these tokens, all of them."""
        outside = self.tokens, self.at, self.closing
        self.tokens, self.at, self.closing = tokens, 0, []
        value = rule()
        if self.peek():
            raise self.fault("cannot go on at")
        self.tokens, self.at, self.closing = outside
        return value

    def enclosed(self, rule: Callable[[], T], closer: str) -> T:
        """Apply a rule to what stands before this closing bracket."""
        self.closing.append(closer)
        value = rule()
        self.expect(self.closing.pop())
        return value

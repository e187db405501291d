r"""From the tokens of one side of an equation to a function that computes it.

In: tokens of `tokens.lex` and the declared symbols. Out: a function from the state, which holds the values of symbols
and of indices, to a number or an array. Recursive descent: each rule of this grammar is a method.

    expression = ["+" | "-"] term {("+" | "-") term}
    term       = factor {["\cdot" | "\times" | "\odot" | "/" | "\bmod"] factor}
    factor     = atom {"_" indices | "^" ("\top" | expression)}
    atom       = symbol | index | number | "(" expression ")" | "\lfloor" expression "\rfloor"
               | "|" expression "|" | "\|" expression "\|" ["_" order]
               | "\frac" expression expression | "\sqrt" expression | "e" "^" expression | "\pi"
               | reduction | function | "\delta" "_" index index | "\lambda" "_" ("\max" | "\min") "(" expression ")"
               | ("\mathbf" | "\mathbb") "1" ("[" condition "]" | "_" condition)
               | "\begin{cases}" expression "&" (["if"] condition | "otherwise") {"\\" …} "\end{cases}"
    reduction  = ("\sum" | "\prod") binder term | ("\max" | "\min" | "mean" | "Var") [binder] arguments
    function   = ("\exp" | "\log" | …) ["^" digits] arguments
    arguments  = "(" expression {"," expression} ")" | factor
    binder     = "_" index {"," index} | "_" index "=" expression "^" expression | "_" index "\neq" expression
    condition  = expression {("=" | "\neq" | "<" | "\leq" | ">" | "\geq") expression}

Where a reader could see two meanings (`1 / 2 x`, `\log 2 x`, `|a |b| c|`, `2 \frac12`) there is none: TexError.
"""

import functools
import re
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from yansuan.tex.arrays import (
    COMPARE,
    ENTRYWISE,
    FUNCTIONS,
    NORMS,
    REDUCTIONS,
    SIGNS,
    Rule,
    State,
    both,
    eigenvalue,
    entrywise,
    need,
    norm,
    once,
    plain,
    power,
    product,
    repeat,
    transpose,
)
from yansuan.tex.references import References
from yansuan.tex.tokens import BARS, BRACKETS, FLOOR, NESTS, TexError, Undefined, text

NUMBER = re.compile(r"(0|[1-9]\d*)(\.\d+)?")
TIMES = (r"\cdot", r"\times")
ENDS = {"/": "where does the divisor end", r"\bmod": "where does the modulus end"}
NO_FACTOR = {"", "+", "-", "^", "_", ",", ";", ".", "&", r"\\", r"\quad", r"\rvert", r"\rVert", r"\leftarrow"}
NO_FACTOR |= {*TIMES, *ENTRYWISE, *COMPARE, *NESTS.values()}
TRANSPOSE = ([r"\top"], [r"\intercal"], [r"\mathsf", "T"], [r"\operatorname{T}"])
IF = tuple(rf"\operatorname{{{word}}}" for word in ("if", "for", "when"))
OTHERWISE = tuple(rf"\operatorname{{{word}}}" for word in ("otherwise", "otherwise.", "else"))


class Parser(References):
    """The rules of the grammar above. Each takes its tokens and returns a function State -> value."""

    def whole(self, tokens: list[str], scope: Iterable[str], updated: str | None) -> tuple[Rule, set[str]]:
        """One side of an equation, and the symbols that it needs."""
        self.start(tokens, scope, updated)
        return self.inside(tokens, self.expression), self.used

    def expression(self) -> Rule:
        sign = self.take("+", "-")
        value = self.term()
        if sign == "-":
            value = once(lambda a: -plain(a), value)
        while sign := self.take(*SIGNS):
            value = both(functools.partial(entrywise, SIGNS[sign]), value, self.term())
        return value

    def begins_factor(self) -> bool:
        return self.peek() not in NO_FACTOR and self.peek() not in self.closing[-1:]

    def no_factor(self, message: str) -> None:
        if self.begins_factor():
            raise self.fault(f"{message}: use brackets or \\frac before")

    def term(self) -> Rule:
        value = self.factor()
        while True:
            if sign := self.take(*ENTRYWISE):
                value = both(functools.partial(entrywise, ENTRYWISE[sign]), value, self.factor())
                if sign in ENDS:
                    self.no_factor(ENDS[sign])
            elif self.take(*TIMES) or self.begins_factor():
                value = both(product, value, self.factor())
            else:
                return value

    def factor(self) -> Rule:
        value = self.atom()
        while self.peek() in ("_", "^"):
            if self.peek() == "_":
                value = self.subscript(value)
                continue
            self.take()
            script = self.argument()
            if script in TRANSPOSE or (script == ["T"] and not any(p.tokens == ["T"] for p in self.patterns)):
                value = once(transpose, value)
            else:
                value = both(power, value, self.inside(script, self.expression))
        return value

    def atom(self) -> Rule:
        if symbol := self.reference():
            return symbol
        token = self.take()
        if NUMBER.fullmatch(token):
            return self.number(token)
        if token in BRACKETS:
            return self.enclosed(self.expression, BRACKETS[token])
        if token in FLOOR:
            return once(np.floor, self.enclosed(self.expression, FLOOR[token]))
        if token in BARS:
            return self.bars(token)
        if token in REDUCTIONS:
            return self.reduction(token)
        if token in FUNCTIONS:
            return self.function(token)
        if token in self.scope:
            return lambda state: np.float64(state.index[token])
        if token == "e" and self.take("^"):
            return once(np.exp, self.group())
        if token not in ATOMS:
            raise self.fault("cannot read", back=bool(token))
        return ATOMS[token](self)

    def number(self, token: str) -> Rule:
        """Beside it no other number, and no fraction of two: `1 000` and `2 \\frac12` are no products."""
        if re.match(r"\.?\d", self.peek()):
            raise self.fault("two numbers side by side: write \\cdot before")
        if self.peek() == r"\frac":
            above, below = self.ahead(2)
            if NUMBER.fullmatch(above) and NUMBER.fullmatch(below):
                raise self.fault("a mixed number or a product? write + or \\cdot before")
        return lambda state: np.float64(token)

    def ahead(self, count: int) -> list[str]:
        """The text of the arguments of the command that follows."""
        here, self.at = self.at, self.at + 1
        found = [text(self.argument()) for _ in range(count)]
        self.at = here
        return found

    def group(self) -> Rule:
        return self.inside(self.argument(), self.expression)

    def fraction(self) -> Rule:
        return both(functools.partial(entrywise, np.divide), self.group(), self.group())

    def root(self) -> Rule:
        if self.peek() == "[":
            raise self.fault("cannot read a root", back=1)
        return once(np.sqrt, self.group())

    def bars(self, token: str) -> Rule:
        """The absolute value of a number or the norm of an array."""
        single = token in ("|", r"\lvert")
        if self.closing[-1:] in ([["|"], [r"\rvert"]] if single else [[r"\|"], [r"\rVert"]]):
            raise self.fault("bars within bars, which look alike: use brackets between", back=1)
        value = self.enclosed(self.expression, BARS[token])
        if single:
            return once(lambda a: np.abs(need(0, a, "|…|")), value)
        order = text(self.argument()) if self.take("_") else "2"
        if order not in NORMS:
            raise self.fault(f"unknown norm '{order}' before")
        return once(lambda a: norm(a, order), value)

    def arguments(self, token: str) -> list[Rule]:
        """What a function is applied to: in brackets, or one factor with nothing behind it."""
        if bracket := self.take(*BRACKETS):
            return self.enclosed(self.several, BRACKETS[bracket])
        values = [self.factor()]
        self.no_factor(f"where does the argument of {token} end")
        return values

    def several(self) -> list[Rule]:
        values = [self.expression()]
        while self.take(","):
            values.append(self.expression())
        return values

    def reduction(self, token: str) -> Rule:
        """A sum, product, maximum … over indices, of the entries of a vector, or of several numbers."""
        if self.peek() == "_":
            return self.over_indices(token)
        if token in (r"\sum", r"\prod"):
            raise self.fault(f"{token} without an index before")
        values = self.arguments(token)
        if len(values) == 1:
            return once(lambda a: REDUCTIONS[token](need(1, a, token)), values[0])
        if token not in (r"\max", r"\min"):
            raise self.fault(f"{token} of {len(values)} arguments before")
        larger = functools.partial(entrywise, np.maximum if token == r"\max" else np.minimum)
        return lambda state: functools.reduce(larger, [value(state) for value in values])

    def over_indices(self, token: str) -> Rule:
        letters, ranges = self.binder()
        self.scope |= set(letters)
        body, *more = [self.term()] if token in (r"\sum", r"\prod") else self.arguments(token)
        if more:
            raise self.fault(f"{token} over an index, of {len(more) + 1} arguments, before")
        self.scope -= set(letters)
        return lambda state: REDUCTIONS[token](repeat(state, letters, ranges(state), body), axis=0)

    def function(self, token: str) -> Rule:
        exponent = self.take() if self.take("^") else "1"
        if not exponent.isdigit():
            raise self.fault(f"is {token} inverted or raised to a power? before")
        values = self.arguments(token)
        if self.peek() == "^":
            raise self.fault(f"is {token} raised to a power, or its argument? before")

        def value(state: State) -> Any:
            result = FUNCTIONS[token](*(plain(v(state)) for v in values))
            return result if exponent == "1" else power(result, int(exponent))

        return value

    def delta(self) -> Rule:
        self.expect("_")
        pair = [t for t in self.argument() if t != ","]
        if len(pair) != 2 or not all(t in self.scope for t in pair):
            raise self.fault("\\delta takes two free indices, before")

        def value(state: State) -> Any:
            if state.size(pair[0]) != state.size(pair[1]):
                raise TexError(f"\\delta: {pair[0]} and {pair[1]} run over different sizes")
            return np.float64(state.index[pair[0]] == state.index[pair[1]])

        return value

    def eigenvalue(self) -> Rule:
        which = self.argument() if self.take("_") else []
        if which not in ([r"\max"], [r"\min"]) or not self.take("("):
            raise self.fault("\\lambda is not declared, before")
        return once(lambda a: eigenvalue(a, which[0]), self.enclosed(self.expression, ")"))

    def condition(self) -> Rule:
        operands, signs = [self.expression()], []
        while sign := self.take(*COMPARE):
            operands.append(self.expression())
            signs.append(COMPARE[sign])
        if not signs:
            raise self.fault("expected a comparison, found")

        def holds(state: State) -> bool:
            values = [need(0, operand(state), "a condition") for operand in operands]
            return all(sign(a, b) for sign, a, b in zip(signs, values, values[1:], strict=False))

        return holds

    def indicator(self) -> Rule:
        r"""`\mathbf 1[…]`, `\mathbf 1_{…}`: 1 if the condition holds, else 0."""
        self.expect("1")
        holds = self.inside(self.argument(), self.bracketed) if self.take("_") else self.bracketed()
        return once(np.float64, holds)

    def bracketed(self) -> Rule:
        bracket = self.take("[", r"\{")
        return self.enclosed(self.condition, BRACKETS[bracket]) if bracket else self.condition()

    def cases(self) -> Rule:
        rows: list[tuple[Rule, Rule]] = []
        while not self.take(r"\end{cases}"):
            branch = self.expression()
            self.take(",")
            self.expect("&")
            self.take(*IF)
            rows.append(((lambda state: True) if self.take(*OTHERWISE) else self.condition(), branch))
            self.take(",", ";", ".")
            if not self.take(r"\\") and self.peek() != r"\end{cases}":
                raise self.fault("cannot go on at")

        def value(state: State) -> Any:
            for holds, result in rows:
                if holds(state):
                    return result(state)
            raise Undefined("no case applies")

        return value


ATOMS: dict[str, Callable[[Parser], Rule]] = {
    r"\frac": Parser.fraction,
    r"\sqrt": Parser.root,
    r"\delta": Parser.delta,
    r"\lambda": Parser.eigenvalue,
    r"\mathbf": Parser.indicator,
    r"\mathbb": Parser.indicator,
    r"\begin{cases}": Parser.cases,
    r"\pi": lambda parser: lambda state: np.float64(np.pi),
}

"""From tokens to a function of the state: recursive descent, a method a rule."""

import functools
import operator
import re

import numpy as np

from yansuan.tex.arrays import (
    FUNCTIONS,
    NORMS,
    REDUCTIONS,
    Row,
    both,
    eigenvalue,
    entrywise,
    natural,
    need,
    norm,
    once,
    plain,
    power,
    product,
    repeat,
    transpose,
)
from yansuan.tex.tokens import BARS, BRACKETS, FLOOR, NESTS, TexError, Undefined, argument_end, text

TIMES = {r"\cdot", r"\times", r"\odot"}
COMPARE = {"=": operator.eq, "<": operator.lt, ">": operator.gt}
COMPARE |= {r"\leq": operator.le, r"\geq": operator.ge, r"\neq": operator.ne}
NO_FACTOR = {"", "+", "-", "/", "^", "_", ",", ";", ".", "&", r"\\", r"\quad", r"\rvert", r"\rVert", r"\leftarrow"}
NO_FACTOR |= {r"\bmod"} | TIMES | set(COMPARE) | set(NESTS.values())
TRANSPOSE = ([r"\top"], [r"\mathsf", "T"], [r"\operatorname{T}"])


class Parser:
    """Recursive descent. Each rule consumes tokens and returns a function State -> value."""

    def __init__(self, patterns, given):
        self.patterns, self.given = patterns, given
        self.bounds, self.same = {}, []  # {index: size}; (own index of a symbol, index used there, TeX)
        self.start([], ())

    def start(self, tokens, scope, updated=None):
        self.tokens, self.at, self.closing = tokens, 0, []
        self.scope, self.updated, self.used = set(scope), updated, set()

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, *wanted):
        """The next token; with arguments, only if it is one of them."""
        token = self.peek()
        if wanted and token not in wanted:
            return ""
        self.at += 1
        return token

    def expect(self, token):
        if not self.take(token):
            raise self.fault(f"expected '{token}', found")

    def fault(self, message, back=0):
        return TexError(f"{message} '{text(self.tokens[self.at - back :][:8]) or 'the end'}'")

    def argument(self):
        """The tokens of one argument, without its braces."""
        start, self.at = self.at, argument_end(self.tokens, self.at)
        tokens = self.tokens[start : self.at]
        return tokens[1:-1] if tokens[0] == "{" else tokens

    def inside(self, tokens, rule):
        """Apply a rule to these tokens, all of them."""
        outside = self.tokens, self.at, self.closing
        self.tokens, self.at, self.closing = tokens, 0, []
        value = rule()
        if self.peek():
            raise self.fault("cannot go on at")
        self.tokens, self.at, self.closing = outside
        return value

    def whole(self, tokens, scope, updated):
        self.start(tokens, scope, updated)
        return self.inside(tokens, self.expression), self.used

    # symbols and indices

    def find(self):
        """The symbols that begin here, by the longest TeX, and what stands in their places."""
        found = [(p, p.match(self.tokens, self.at)) for p in self.patterns]
        found = [(p, *match) for p, match in found if match]
        best = max(((len(p.tokens), -len(p.places)) for p, *_ in found), default=None)
        return [entry for entry in found if (len(entry[0].tokens), -len(entry[0].places)) == best]

    def left(self, tokens, update):
        """The left side of an equation: (pattern, its free letters, whether they are in the order of the axes)."""
        self.start(tokens, ())
        twins = self.find()
        new = [twin for twin in twins if twin[0].name not in self.given] if len(twins) > 1 else twins
        if len(new) != 1:
            raise self.fault("the left side is not one declared symbol:")
        if len(twins) > 1 and not update:
            raise self.fault("two symbols are written alike; write \\leftarrow after")
        pattern, self.at, places = new[0]
        for own, used in zip(pattern.letters, places, strict=True):
            self.same.append((own, used, text(tokens)))
        subscripted = not places and self.take("_")
        letters = [t for t in self.argument() if t != ","] if subscripted else places
        if subscripted:
            self.fix(letters, pattern.shape)
        if self.peek() or len(set(letters)) < len(letters) or not all(re.fullmatch("[a-z]", t) for t in letters):
            raise TexError(f"the left side is not a symbol with free indices: '{text(tokens)}'")
        return pattern, letters, bool(subscripted)

    def fix(self, letters, shape):
        """These indices run over these sizes."""
        if len(letters) != len(shape):
            raise self.fault(f"{len(letters)} indices for the shape ({', '.join(shape)}) before")
        for letter, size in zip(letters, shape, strict=True):
            if letter.isalpha() and self.bounds.setdefault(letter, size) != size:
                raise TexError(f"the index {letter} runs over {self.bounds[letter]} and over {size}")

    def reference(self):
        """A symbol with its indices; None if no symbol begins here."""
        twins = self.find()
        if not twins:
            return None
        if len(twins) > 1:
            if self.updated not in [twin[0].name for twin in twins]:
                raise self.fault("two symbols are written alike:")
            twins = [twin for twin in twins if twin[0].name != self.updated]
        pattern, end, places = twins[0]
        where = text(self.tokens[self.at : end])
        if where in self.scope:
            raise self.fault("an index is written like a symbol:")
        self.at = end
        self.used.add(pattern.name)
        for own, place in zip(pattern.letters, places, strict=True):
            self.same += [(own, letter, where) for letter in re.findall("[a-z]", place)]
        indices = [self.index(place, where) for place in places]
        if pattern.is_function:
            self.expect("(")
            arguments = self.enclosed(self.list, ")")
            return lambda state: state.values[pattern.name](*(plain(argument(state)) for argument in arguments))

        def value(state):
            array = state.values[pattern.name]
            key = [slice(None)] * np.ndim(array)
            for axis, index in zip(pattern.axes(state.runs), indices, strict=True):
                key[axis] = index(state, array.shape[axis])
            return array[tuple(key)] if indices else array

        return self.subscript(value, pattern.shape) if not places and pattern.shape and self.peek() == "_" else value

    def index(self, place, where):
        """The position that an index such as `i` or `i-1` or `2` names, counted from 1 in the LaTeX and from 0 here."""
        terms = re.findall(r"([+-]?)([a-z]|\d+)", place)
        for _, term in terms:
            if term.isalpha() and term not in self.scope:
                raise TexError(f"{where}: the index {term} is neither on the left side nor bound by a sum")

        def position(state, size):
            numbers = [(-1 if sign == "-" else 1) * int(state.index.get(term, term)) for sign, term in terms]
            if not 1 <= sum(numbers) <= size:
                raise TexError(f"{where}: index {sum(numbers)} out of range 1 to {size}")
            return sum(numbers) - 1

        return position

    def subscript(self, array, shape=None):
        """Entries of a whole array: `H_{ij}`, `(H x)_i`."""
        self.expect("_")
        script = [t for t in self.argument() if t != ","]
        if not all(re.fullmatch(r"[a-z]|\d+", t) for t in script):
            raise self.fault(f"cannot read the index '{text(script)}' before")
        if shape:
            self.fix(script, shape)
        indices = [self.index(t, text(["_", *script])) for t in script]

        def value(state):
            a = array(state)
            if np.ndim(a) != len(script) or isinstance(a, Row):
                raise TexError(f"{len(script)} indices '{text(script)}' for an array of shape {np.shape(a)}")
            for letter, size in zip(script, np.shape(a), strict=True):
                if letter.isalpha() and state.size(letter) != size:
                    raise TexError(f"the index {letter} runs to {state.size(letter)} on an axis of {size}")
            return a[tuple(index(state, size) for index, size in zip(indices, np.shape(a), strict=True))]

        return value

    def binder(self):
        """The indices under a sum, and the numbers they take: `_{r=1}^{m}`, `_{i}`, `_{i,j}`, `_{j \\neq i}`."""
        self.expect("_")
        script = self.argument()
        relation = script[1] if len(script) > 2 and script[1] in ("=", r"\neq") else None
        letters = script[:1] if relation else [t for t in script if t != ","]
        for letter in letters:
            if not re.fullmatch("[a-z]", letter) or letter in self.scope or letters.count(letter) > 1:
                raise self.fault(f"'{letter}' cannot be bound here, or is an index already, before")
        if relation:
            first = self.inside(script[2:], self.expression)
        if relation == "=":
            self.expect("^")
            upper = self.argument()
            last = self.inside(upper, self.expression)
            sizes = [p.name for p in self.patterns if p.tokens == upper and p.is_size]
            self.fix(letters[: len(sizes)], [size.removeprefix("size ") for size in sizes])
            return letters, lambda state: [range(natural(first(state)), natural(last(state)) + 1)]
        if relation:
            return letters, lambda s: [[n for n in range(1, s.size(letters[0]) + 1) if n != first(s)]]
        return letters, lambda state: [range(1, state.size(letter) + 1) for letter in letters]

    # expressions

    def expression(self):
        sign = self.take("+", "-")
        value = self.term()
        if sign == "-":
            value = once(lambda a: -plain(a), value)
        while operation := {"+": np.add, "-": np.subtract}.get(self.take("+", "-")):
            value = both(functools.partial(entrywise, operation), value, self.term())
        return value

    def begins_factor(self):
        return self.peek() not in NO_FACTOR and self.peek() not in self.closing[-1:]

    def no_factor(self, message):
        if self.begins_factor():
            raise self.fault(f"{message}: use brackets or \\frac before")

    def term(self):
        value = self.factor()
        while True:
            if self.take("/"):
                value = both(functools.partial(entrywise, np.divide), value, self.factor())
                self.no_factor("where does the divisor end")
            elif self.take(r"\odot"):
                value = both(functools.partial(entrywise, np.multiply), value, self.factor())
            elif self.take(r"\bmod"):
                value = both(functools.partial(entrywise, np.mod), value, self.factor())
                self.no_factor("where does the modulus end")
            elif self.take(*TIMES) or self.begins_factor():
                value = both(product, value, self.factor())
            else:
                return value

    def factor(self):
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

    def atom(self):
        if symbol := self.reference():
            return symbol
        token = self.take()
        if re.fullmatch(r"\d+(\.\d+)?", token):
            return lambda state: np.float64(token)
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
        special = {"{": self.braces, r"\frac": self.fraction, r"\sqrt": self.root, r"\delta": self.delta}
        special |= {r"\lambda": self.eigenvalue, r"\mathbf": self.indicator, r"\mathbb": self.indicator}
        special |= {r"\begin{cases}": self.cases, r"\pi": lambda: lambda state: np.float64(np.pi)}
        if token not in special:
            raise self.fault("cannot read", back=bool(token))
        return special[token]()

    def enclosed(self, rule, closer):
        self.closing.append(closer)
        value = rule()
        self.expect(self.closing.pop())
        return value

    def group(self):
        return self.inside(self.argument(), self.expression)

    def braces(self):
        self.at -= 1
        return self.group()

    def fraction(self):
        return both(functools.partial(entrywise, np.divide), self.group(), self.group())

    def root(self):
        if self.peek() == "[":
            raise self.fault("cannot read a root", back=1)
        return once(np.sqrt, self.group())

    def bars(self, token):
        value = self.enclosed(self.expression, BARS[token])
        if token in ("|", r"\lvert"):
            return once(lambda a: np.abs(need(0, a, "|…|")), value)
        order = text(self.argument()) if self.take("_") else "2"
        if order not in NORMS:
            raise self.fault(f"unknown norm '{order}' before")
        return once(lambda a: norm(a, order), value)

    def arguments(self, token):
        """What a function is applied to: in brackets, or one factor with nothing behind it."""
        if bracket := self.take(*BRACKETS):
            return self.enclosed(self.list, BRACKETS[bracket])
        values = [self.factor()]
        self.no_factor(f"where does the argument of {token} end")
        return values

    def list(self):
        values = [self.expression()]
        while self.take(","):
            values.append(self.expression())
        return values

    def reduction(self, token):
        reduce = REDUCTIONS[token]
        if self.peek() == "_":
            letters, ranges = self.binder()
            self.scope |= set(letters)
            body, *more = [self.term()] if token in (r"\sum", r"\prod") else self.arguments(token)
            if more:
                raise self.fault(f"{token} over an index, of {len(more) + 1} arguments, before")
            self.scope -= set(letters)
            return lambda state: reduce(repeat(state, letters, ranges(state), body), axis=0)
        if token in (r"\sum", r"\prod"):
            raise self.fault(f"{token} without an index before")
        values = self.arguments(token)
        if len(values) == 1:
            return once(lambda a: reduce(need(1, a, token)), values[0])
        if token not in (r"\max", r"\min"):
            raise self.fault(f"{token} of {len(values)} arguments before")
        larger = functools.partial(entrywise, np.maximum if token == r"\max" else np.minimum)
        return lambda state: functools.reduce(larger, [value(state) for value in values])

    def function(self, token):
        exponent = self.take() if self.take("^") else "1"
        if not exponent.isdigit():
            raise self.fault(f"is {token} inverted or raised to a power? before")
        values = self.arguments(token)
        if self.peek() == "^":
            raise self.fault(f"is {token} raised to a power, or its argument? before")

        def value(state):
            result = FUNCTIONS[token](*(plain(v(state)) for v in values))
            return result if exponent == "1" else power(result, int(exponent))

        return value

    def delta(self):
        self.expect("_")
        pair = [t for t in self.argument() if t != ","]
        if len(pair) != 2 or not all(t in self.scope for t in pair):
            raise self.fault("\\delta takes two free indices, before")

        def value(state):
            if state.size(pair[0]) != state.size(pair[1]):
                raise TexError(f"\\delta: {pair[0]} and {pair[1]} run over different sizes")
            return np.float64(state.index[pair[0]] == state.index[pair[1]])

        return value

    def eigenvalue(self):
        which = self.argument() if self.take("_") else []
        if which not in ([r"\max"], [r"\min"]) or not self.take("("):
            raise self.fault("\\lambda is not declared, before")
        return once(lambda a: eigenvalue(a, which[0]), self.enclosed(self.expression, ")"))

    def condition(self):
        operands, signs = [self.expression()], []
        while sign := self.take(*COMPARE):
            operands.append(self.expression())
            signs.append(COMPARE[sign])
        if not signs:
            raise self.fault("expected a comparison, found")

        def holds(state):
            values = [need(0, operand(state), "a condition") for operand in operands]
            return all(sign(a, b) for sign, a, b in zip(signs, values, values[1:], strict=False))

        return holds

    def indicator(self):
        r"""`\mathbf 1[…]`, `\mathbf 1_{…}`: 1 if the condition holds, else 0."""
        self.expect("1")
        holds = self.inside(self.argument(), self.bracketed) if self.take("_") else self.bracketed()
        return once(np.float64, holds)

    def bracketed(self):
        bracket = self.take("[", r"\{")
        return self.enclosed(self.condition, BRACKETS[bracket]) if bracket else self.condition()

    def cases(self):
        rows = []
        while not self.take(r"\end{cases}"):
            branch = self.expression()
            self.take(",")
            self.expect("&")
            self.take(*(rf"\operatorname{{{word}}}" for word in ("if", "for", "when")))
            otherwise = self.take(*(rf"\operatorname{{{word}}}" for word in ("otherwise", "otherwise.", "else")))
            rows.append(((lambda state: True) if otherwise else self.condition(), branch))
            self.take(",", ";", ".")
            if not self.take(r"\\") and self.peek() != r"\end{cases}":
                raise self.fault("cannot go on at")

        def value(state):
            for holds, result in rows:
                if holds(state):
                    return result(state)
            raise Undefined("no case applies")

        return value

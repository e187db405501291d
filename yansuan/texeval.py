r"""Execute the typeset LaTeX of a formula on small NumPy arrays, so that a test can compare it with the function.

    execute(r"\mu_i = \frac{1}{m} \sum_{r=1}^{m} z_i^r", symbols, {"z": z})  ->  {"->": array of shape (d,)}

A symbol is recognized by its own TeX, longest first. Letters in its scripts that are bound by a sum or stand on a left
side are indices: places that also take other letters, numbers and `i - 1`, counted from 1. Which size an index runs
over follows from the bounds of sums and from the declared shapes. A symbol without indices is a whole array: a vector
is a column, matrices multiply, `+ - / \odot` work entry by entry and repeat a vector for each row, softmax is along the
last axis, Var divides by the number of entries. A given number that is called like a size, such as `d`, is that size.
A `(function)` is applied to what stands in brackets after it; a `(text)` can be its argument, or equal to another.

What is unknown, ambiguous or does not fit raises TexError: nothing is guessed. Only the tests import this module.
"""

import functools
import itertools
import operator
import re
from dataclasses import dataclass, field

import numpy as np

RTOL = 1e-9  # how well the members of a chain a = b = c agree

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
TIMES = {r"\cdot", r"\times", r"\odot"}
COMPARE = {"=": operator.eq, "<": operator.lt, ">": operator.gt}
COMPARE |= {r"\leq": operator.le, r"\geq": operator.ge, r"\neq": operator.ne}
NO_FACTOR = {"", "+", "-", "/", "^", "_", ",", ";", ".", "&", r"\\", r"\quad", r"\rvert", r"\rVert", r"\leftarrow"}
NO_FACTOR |= {r"\bmod"} | TIMES | set(COMPARE) | set(NESTS.values())
TRANSPOSE = ([r"\top"], [r"\mathsf", "T"], [r"\operatorname{T}"])
INDEX = re.compile(r"([a-z]|\d+)([+-]([a-z]|\d+))*")
NORMS: dict = {"1": 1, "2": 2, r"\infty": np.inf, "F": "fro"}

FUNCTIONS: dict = {
    r"\exp": np.exp,
    r"\log": np.log,
    r"\sin": np.sin,
    r"\cos": np.cos,
    r"\tanh": np.tanh,
    r"\det": np.linalg.det,
    r"\operatorname{sigmoid}": lambda x: 1 / (1 + np.exp(-x)),
    r"\operatorname{softmax}": lambda x: np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True),
    r"\operatorname{relu}": lambda x: np.maximum(x, 0.0),
    r"\operatorname{ReLU}": lambda x: np.maximum(x, 0.0),
    r"\operatorname{sign}": np.sign,
    r"\operatorname{clip}": np.clip,
    r"\operatorname{diag}": np.diag,
    r"\operatorname{tr}": np.trace,
}
REDUCTIONS: dict = {r"\sum": np.sum, r"\prod": np.prod, r"\max": np.max, r"\min": np.min}
REDUCTIONS |= {r"\operatorname{mean}": np.mean, r"\operatorname{Var}": np.var}


class TexError(Exception):
    """The LaTeX cannot be executed, or contradicts itself or what was declared."""


class Undefined(TexError):
    """The LaTeX has no value for these inputs: 0/0, the root of a negative number."""


# ---- tokens


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


# ---- symbols and the sizes that indices run over


def script_letters(tokens):
    """Where index letters may stand: positions of single letters in scripts made of letters, commas and brackets."""
    found = []
    for at, token in enumerate(tokens[:-1]):
        if token in ("_", "^"):
            script = range(at + 1, argument_end(tokens, at + 1))
            if all(re.fullmatch(r"[a-z,(){}]", tokens[i]) for i in script):
                found += [i for i in script if tokens[i].isalpha()]
    return found


def index_letters(chains):
    """Letters bound by a sum, product, maximum … or free on a left side: the rest of the scripts are labels."""
    letters = set()
    for chain in chains:
        letters |= {chain.members[0][i] for i in script_letters(chain.members[0])}
        for member in chain.members[1:]:
            for at, token in enumerate(member[:-2]):
                if token in REDUCTIONS and member[at + 1] == "_":
                    script = member[at + 2 : argument_end(member, at + 2)]
                    letters |= {t for t in script[: 2 if "=" in script else None] if re.fullmatch("[a-z]", t)}
    return letters


class Pattern:
    """How a symbol, or the letter of a size, is recognized in tokens; `places` are those that take an index."""

    def __init__(self, symbol, tex, shape, indices, is_function=False):
        self.name, self.tex, self.shape, self.is_function = symbol, tex, shape, is_function
        self.tokens = lex(tex)
        self.is_size = symbol.startswith("size ")
        self.places = [i for i in script_letters(self.tokens) if self.tokens[i] in indices] if shape else []
        self.letters = [self.tokens[i] for i in self.places]
        if len(self.letters) > len(set(self.letters)) or len(self.letters) > len(shape):
            raise TexError(f"{tex}: the indices {', '.join(self.letters)} do not suit the shape ({', '.join(shape)})")

    def match(self, tokens, at):
        """(where the symbol ends, what stands in each place) if the symbol begins here, otherwise None."""
        found = []
        for i, own in enumerate(self.tokens):
            if at >= len(tokens):
                return None
            if i not in self.places:
                if tokens[at] != own:
                    return None
                at += 1
                continue
            end = argument_end(tokens, at)
            found.append("".join(tokens[at:end]).strip("{}"))
            if not INDEX.fullmatch(found[-1]):
                return None
            at = end
        return at, found

    def axes(self, runs):
        """Which axis each place is about."""
        free = list(range(len(self.shape)))
        chosen = []
        for letter in self.letters:
            chosen.append(next(axis for axis in free if self.shape[axis] == runs[letter]))
            free.remove(chosen[-1])
        return chosen


def orders(pattern):
    return sorted(set(itertools.permutations(pattern.shape, len(pattern.letters))))


def index_sizes(patterns, bounds, same):
    """Every way {index letter: size letter} in which indices suit all shapes, bounds of sums and uses; usually one."""
    ways = [dict(bounds)]
    for pattern in sorted(patterns, key=lambda p: len(p.letters)):
        extended = []
        for way, axes in itertools.product(ways, orders(pattern)):
            if all(way.get(letter, axis) == axis for letter, axis in zip(pattern.letters, axes, strict=True)):
                extended.append(way | dict(zip(pattern.letters, axes, strict=True)))
        if not extended:
            known = ", ".join(f"{letter} over {ways[0][letter]}" for letter in pattern.letters if letter in ways[0])
            raise TexError(f"{pattern.tex}: its shape is ({', '.join(pattern.shape)}), but elsewhere {known}")
        ways = extended
    for own, used, tex in same:
        fitting = [way | {used: way[own]} for way in ways if way.get(used, way[own]) == way[own]]
        if not fitting:
            raise TexError(f"{tex}: index {used} runs over {ways[0][used]}, its place {own} over {ways[0][own]}")
        ways = fitting
    return ways


# ---- values


@dataclass
class State:
    values: dict  # of symbols
    sizes: dict  # of size letters
    runs: dict  # index letter: size letter
    index: dict = field(default_factory=dict)  # index letter: its number now

    def size(self, letter):
        if letter not in self.runs:
            raise TexError(f"cannot tell which size the index {letter} runs over")
        return self.sizes[self.runs[letter]]


@dataclass
class Row:
    """A transposed vector."""

    entries: np.ndarray


def entrywise(operation, a, b):
    """Entry by entry: a scalar goes with everything, a vector with each row of a matrix."""
    short, long = sorted((np.shape(plain(a)), np.shape(plain(b))), key=len)
    if long[len(long) - len(short) :] != short:
        raise TexError(f"the shapes {np.shape(a)} and {np.shape(b)} do not fit")
    return operation(a, b)


def product(a, b):
    """What stands side by side: numbers, or matrices, columns and rows."""
    if isinstance(a, Row) and isinstance(b, Row):
        raise TexError("a transposed vector times another")
    if isinstance(a, Row):
        left = np.matmul(a.entries, b) if np.ndim(b) else a.entries * b
        return left if np.ndim(b) == 1 else Row(left)
    if isinstance(b, Row):
        return np.outer(a, b.entries) if np.ndim(a) == 1 else Row(product(a, b.entries))
    if np.ndim(a) and np.ndim(b) and np.ndim(a) != 2:
        raise TexError("a vector times an array: write \\odot, \\top or indices")
    return np.matmul(a, b) if np.ndim(a) and np.ndim(b) else a * b


def transpose(a):
    if isinstance(a, Row) or np.ndim(a) == 1:
        return a.entries if isinstance(a, Row) else Row(a)
    if np.ndim(a) != 2:
        raise TexError(f"the transpose of an array of shape {np.shape(a)}")
    return a.T


def power(a, b):
    if np.ndim(a) == 2 and np.ndim(b) == 0 and b == -1:
        return np.linalg.inv(a)
    return np.power(need(0, a, "the power"), need(0, b, "the exponent"))


def need(dimensions, a, what):
    if isinstance(a, Row) or np.ndim(a) != dimensions:
        raise TexError(f"{what} of an array: write it with indices" if not dimensions else f"{what} takes a vector")
    return a


def plain(a):
    if isinstance(a, Row):
        raise TexError("a transposed vector can only be multiplied")
    return a


def natural(a):
    if np.ndim(a) or a != int(a):
        raise TexError(f"the bound {a} of an index is not a whole number")
    return int(a)


def norm(a, order):
    if np.ndim(a) != (2 if order == "F" else 1):
        raise TexError(f"the norm {order} of an array of shape {np.shape(a)}")
    return np.linalg.norm(a, NORMS[order])


def eigenvalue(a, which):
    if np.ndim(a) != 2 or np.shape(a) != np.shape(a)[::-1] or not np.allclose(a, np.transpose(a), rtol=RTOL):
        raise TexError("\\lambda of something that is not a symmetric matrix")
    return REDUCTIONS[which](np.linalg.eigvalsh(a))


def once(operation, a):
    return lambda state: operation(a(state))


def both(operation, a, b):
    return lambda state: operation(a(state), b(state))


def repeat(state, letters, ranges, body):
    """The values of the body for all numbers of these indices."""
    values = []
    for numbers in itertools.product(*ranges):
        state.index.update(zip(letters, numbers, strict=True))
        values.append(plain(body(state)))
    return np.array(values, float)


# ---- reading


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


# ---- running


@dataclass
class Definition:
    """One member of an equation, for one symbol."""

    pattern: Pattern
    letters: list  # free indices of the left side
    by_axis: bool  # whether they are in the order of the axes
    tex: str
    value: object
    needs: set

    def compute(self, state):
        ranges = [range(1, state.size(letter) + 1) for letter in self.letters]
        array = repeat(state, self.letters, ranges, self.value)
        array = array.reshape([len(r) for r in ranges] + list(array.shape[1:]))
        axes = range(len(self.letters)) if self.by_axis else self.pattern.axes(state.runs)
        array = np.moveaxis(array, range(len(self.letters)), axes)[()]
        shape = tuple(state.sizes[letter] for letter in self.pattern.shape)
        if np.shape(array) != shape:
            raise TexError(f"{self.pattern.tex}: the shape is {np.shape(array)} and should be {shape}: '{self.tex}'")
        return array


def letters_of(shape):
    return () if shape in ("(text)", "(function)") else tuple(re.findall(r"\w+", shape))


def as_value(given):
    """A number, an array of numbers or of texts, a text or a function."""
    if isinstance(given, str) or callable(given):
        return given
    texts = isinstance(given, list) and any(isinstance(entry, str) for entry in given)
    return np.asarray(given, object if texts else float)[()]


def measure(symbols, values, sizes):
    """{size letter: number}, from the shapes of what is given, and from numbers called like a size."""
    sizes = dict(sizes or {})
    letters = {letter for symbol in symbols for letter in letters_of(symbol.shape)}
    numbers = [s.name for s in symbols if s.shape == "()" and s.name in letters and s.name in values]
    sizes |= {name: natural(values[name]) for name in numbers}
    for symbol in symbols:
        if symbol.name in values:
            letters, shape = letters_of(symbol.shape), np.shape(values[symbol.name])
            if len(letters) != len(shape) or tuple(map(sizes.setdefault, letters, shape)) != shape:
                raise TexError(f"{symbol.name}: expected the shape {symbol.shape}, got {shape}; sizes {sizes}")
    return sizes


def execute(tex, symbols, values, sizes=None):
    """Every left-hand side of the LaTeX, by symbol name. `values`: what is given, by symbol name."""
    sizes = measure(symbols, values, sizes)
    if unknown := values.keys() - {s.name for s in symbols}:
        raise TexError(f"values for no symbol: {', '.join(sorted(unknown))}")
    chains = equations(tex)
    indices = index_letters(chains)
    patterns = [Pattern(s.name, s.tex, letters_of(s.shape), indices, s.shape == "(function)") for s in symbols]
    written = [p.tokens for p in patterns]
    patterns += [p for p in (Pattern(f"size {n}", size_tex(n), (), ()) for n in sizes) if p.tokens not in written]
    parser = Parser(patterns, values)
    definitions, used = [], set()
    for chain in chains:
        pattern, letters, by_axis = parser.left(chain.members[0], chain.update)
        for member in chain.members[1:]:
            value, needs = parser.whole(member, letters, pattern.name if chain.update else None)
            definitions.append(Definition(pattern, letters, by_axis, text(member), value, needs))
            used |= needs | {pattern.name}
    if unused := [n for n in values if n not in used]:
        raise TexError(f"the LaTeX never uses {', '.join(unused)}")
    known = {*values, *(d.pattern.name for d in definitions)}
    if missing := [s.name for s in symbols if s.name not in known]:
        raise TexError(f"the LaTeX does not define {', '.join(missing)}")
    given = {**values, **{f"size {n}": size for n, size in sizes.items()}}
    given = {n: as_value(v) for n, v in given.items()}
    ways = index_sizes(patterns, parser.bounds, parser.same)
    results = [run(definitions, State(dict(given), sizes, way)) for way in ways]
    for other in results[1:]:
        if any(differs(other[n], results[0][n]) for n in other):
            raise TexError(f"cannot tell which sizes the indices run over: {ways}")
    return results[0]


def size_tex(letter):
    head, _, script = letter.partition("_")
    return f"{head}_{{{script}}}" if script else head


def run(definitions, state):
    """Compute the definitions in the order in which they need each other."""
    waiting = list(definitions)
    while waiting:
        ready = [d for d in waiting if d.needs <= state.values.keys()]
        if not ready:
            names = ", ".join(dict.fromkeys(d.pattern.tex for d in waiting))
            raise TexError(f"each needs another of these, or itself: {names}")
        for definition in ready:
            waiting.remove(definition)
            try:
                with np.errstate(all="raise", under="ignore"):
                    value = definition.compute(state)
            except FloatingPointError as error:
                raise Undefined(f"{definition.pattern.tex} = {definition.tex}: {error}") from None
            except (ValueError, TypeError) as error:
                raise TexError(f"{definition.pattern.tex} = {definition.tex}: {error}") from error
            known = state.values.setdefault(definition.pattern.name, value)
            if differs(value, known):
                raise TexError(f"{definition.pattern.tex} is another value in the member '{definition.tex}'")
    return {d.pattern.name: state.values[d.pattern.name] for d in definitions}


def differs(a, b):
    """Whether two values of one symbol differ, relative to its largest entry."""
    return not np.max(np.abs(a - b)) <= RTOL * np.max(np.abs(b))

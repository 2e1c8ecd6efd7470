"""A second reader of llama.cpp's grammars, plain and slow: it judges texts and makes some up."""

import re
from dataclasses import dataclass
from functools import cache

_TOKEN = re.compile(
    r'\s*(?:(?P<ref>[a-zA-Z0-9-]+)|"(?P<text>(?:[^"\\]|\\.)*)"|\[(?P<cls>(?:[^\]\\]|\\.)*)\]'
    r"|\{(?P<low>\d+)(?P<comma>,)?(?P<high>\d*)\}|(?P<sign>[()|?*+]))",
    re.DOTALL,
)
_CHAR = re.compile(
    r"\\x([0-9A-Fa-f]{2})|\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\(.)|(.)", re.DOTALL
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass(frozen=True)
class Chars:
    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Ref:
    name: str


@dataclass(frozen=True)
class Group:
    ways: tuple[tuple, ...]


@dataclass(frozen=True)
class Repeat:
    item: object
    low: int
    high: int | None


class Gbnf:
    """One grammar; a state is a set of stacks, each a chain of what must still come."""

    def __init__(self, text):
        self.rules = {}
        for line in text.splitlines():
            name, _, body = line.partition("::=")
            self.rules[name.strip()] = _parse(body)
        self.start = frozenset(self._ready((Ref("root"), None)))

    def accepts(self, text):
        stacks = self.start
        for char in text:
            if not (stacks := self.step(stacks, char)):
                return False
        return None in stacks

    def step(self, stacks, char):
        found = set()
        for stack in stacks - {None}:
            if any(low <= ord(char) <= high for low, high in stack[0].ranges):
                found |= self._ready(stack[1])
        return frozenset(found)

    def sample(self, rng, most=5_000):
        """Return a text that the grammar allows."""
        text, stacks = "", self.start
        while len(text) < most:
            ways = sorted(stacks - {None}, key=repr)
            if None in stacks and (not ways or rng.random() < 0.3):
                return text
            low, high = rng.choice(rng.choice(ways)[0].ranges)
            char = chr(rng.choice([low, high, rng.randint(low, high)]))
            text, stacks = text + char, self.step(stacks, char)
        raise AssertionError("This grammar goes on and on.")

    @cache  # noqa: B019 -- a grammar lives as long as its test
    def _ready(self, stack):
        """Return the stacks that begin with a character, and None where the text may end."""
        if stack is None:
            return {None}
        item, rest = stack
        match item:
            case Chars():
                return {stack}
            case Ref(name):
                return self._ready((self.rules[name], rest))
            case Group(ways):
                return set().union(*(self._ready(_chained(way, rest)) for way in ways))
            case Repeat(inner, low, high):
                found = self._ready(rest) if low == 0 else set()
                if high == 0:
                    return found
                less = Repeat(inner, max(low - 1, 0), None if high is None else high - 1)
                return found | self._ready((inner, (less, rest)))
        raise AssertionError(item)


def _chained(way, rest):
    for item in reversed(way):
        rest = (item, rest)
    return rest


def _parse(body):
    tokens, at = [], 0
    while body[at:].strip():
        match = _TOKEN.match(body, at)
        assert match, f"no grammar: {body[at:]!r}"
        tokens.append(match)
        at = match.end()
    group = _group(tokens)
    assert not tokens
    return group


def _group(tokens):
    ways, way = [], []
    while tokens and tokens[0]["sign"] != ")":
        token = tokens.pop(0)
        if token["sign"] == "|":
            ways.append(tuple(way))
            way = []
        elif token["sign"] == "(":
            way.append(_group(tokens))
            assert tokens.pop(0)["sign"] == ")"
        elif token["sign"]:
            low, high = {"?": (0, 1), "*": (0, None), "+": (1, None)}[token["sign"]]
            way.append(Repeat(way.pop(), low, high))
        elif token["low"]:
            low = int(token["low"])
            high = int(token["high"]) if token["high"] else None if token["comma"] else low
            way.append(Repeat(way.pop(), low, high))
        elif token["ref"]:
            way.append(Ref(token["ref"]))
        elif token["cls"] is not None:
            way.append(Chars(_ranges(token["cls"])))
        else:
            chars = tuple(Chars(((ord(c), ord(c)),)) for c in _chars(token["text"]))
            way.append(Group((chars,)))
    return Group((*ways, tuple(way)))


def _chars(text):
    return [
        chr(int(a or b or c, 16)) if a or b or c else _ESCAPES.get(escaped, escaped) or plain
        for a, b, c, escaped, plain in _CHAR.findall(text)
    ]


def _ranges(text):
    """Return the ranges of a class; its hyphens are never literal here."""
    parts = re.findall(
        r"((?:\\x..|\\u....|\\U........|\\.|.))(-(\\x..|\\u....|\\U........|\\.|.))?", text
    )
    ends = [
        (_chars(low)[0], _chars(high)[0] if dash else _chars(low)[0]) for low, dash, high in parts
    ]
    return tuple((ord(low), ord(high)) for low, high in ends)

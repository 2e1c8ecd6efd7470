"""From the JSON schema that an Ask writes to a grammar for llama.cpp.  Pure.

What a grammar lets through is JSON that validates: numbers stay in their range and on their grid,
texts have at most so many characters and no control characters, and no option comes twice.
Properties come in the schema's order, and where white space may stand, one space does at most.
"""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from math import comb
from typing import Any, Final

from bot.models.llama.digits import Digits, TooManyStates
from bot.models.llama.gbnf import Rules, either, json_text, literal, repeated
from bot.models.llama.schema_shape import wrong_keyword
from games.core.ask import GRID

Schema = Mapping[str, Any]

LONGEST: Final = 200_000
"""Characters of a grammar."""
_DEEPEST: Final = 12
"""Objects and arrays within each other."""
_MOST_ORDERS: Final = 400
"""Alternatives that a list may take where its options may come in any order."""
_PLACES: Final = 9
"""Decimal places, as an Ask rounds numbers."""
_WIDEST: Final = 10**15

_FIRST: Final = (
    r"[!#-\x5B\x5D-~\u00A1-\u167F\u1681-\u1FFF\u200B-\u2027\u2030-\u205E\u2060-\u2065"
    r"\u206A-\u2FFF\u3001-\uD7FF\uE000-\uFFFF\U00010000-\U0010FFFF]"
)
"""What a text may begin with: no white space, as that is cut off and might leave nothing."""
_LATER: Final = (
    r"[ !#-\x5B\x5D-~\u00A0-\u2029\u202F-\u2065\u206A-\uD7FF\uE000-\uFFFF\U00010000-\U0010FFFF]"
)
"""Neither of them has control characters, overrides of direction, surrogates, `"` or `\\`."""

_NOTES: Final = frozenset({"title", "description", "default", "examples", "$schema"})
_KNOWN: Final = {
    "object": {"properties", "required", "additionalProperties"},
    "array": {"items", "minItems", "maxItems", "uniqueItems"},
    "string": {"minLength", "maxLength"},
    "integer": {"minimum", "maximum", "multipleOf", GRID},
    "number": {"minimum", "maximum", "multipleOf", GRID},
    "boolean": set[str](),
    "null": set[str](),
}


class NoGrammar(ValueError):
    """A schema says what no grammar here can hold; the message is one sentence."""


def grammar(schema: Schema) -> str:
    """Return the grammar for a JSON schema; its first rule is "root".  Raises NoGrammar."""
    rules = Rules()
    text = rules.text(_value(rules, schema, 0))
    if len(text) > LONGEST:
        raise NoGrammar("The schema is too big for a grammar.")
    return text


def _value(rules: Rules, schema: Schema, depth: int) -> str:
    """Return what a value of this schema looks like, as one or more alternatives."""
    if depth > _DEEPEST:
        raise NoGrammar("The schema is nested too deeply for a grammar.")
    _refuse_wrong(schema)
    if "enum" in schema or "const" in schema:
        _refuse_unknown(schema, {"type", "enum", "const"})
        return either(map(json_text, schema.get("enum", [schema.get("const")])))
    if "anyOf" in schema:
        _refuse_unknown(schema, {"anyOf"})
        return " | ".join(_value(rules, part, depth + 1) for part in schema["anyOf"])
    match kind := schema.get("type"):
        case list():
            return " | ".join(
                _value(rules, {**schema, "type": one}, depth + 1) for one in dict.fromkeys(kind)
            )
        case str() if kind in _KNOWN:
            _refuse_unknown(schema, _KNOWN[kind] | {"type"})
            return _typed(rules, kind, schema, depth)
    raise NoGrammar(f"The schema has a part of the type {kind!r}, which no grammar is made for.")


def _typed(rules: Rules, kind: str, schema: Schema, depth: int) -> str:
    match kind:
        case "object":
            return _object(rules, schema, depth)
        case "array":
            return _array(rules, schema, depth)
        case "string":
            return _string(rules, schema)
        case "integer" | "number":
            return _number(rules, schema)
        case "boolean":
            return either(["true", "false"])
    return literal("null")


def _refuse_unknown(schema: Schema, known: Collection[str]) -> None:
    if unknown := schema.keys() - _NOTES - set(known):
        raise NoGrammar(f"The schema says {min(unknown)!r}, which no grammar is made for.")


def _refuse_wrong(schema: Schema) -> None:
    if (wrong := wrong_keyword(schema)) is not None:
        raise NoGrammar(f"The schema's {wrong!r} has a value that no grammar is made for.")


def _object(rules: Rules, schema: Schema, depth: int) -> str:
    properties = schema.get("properties", {})
    if schema.get("additionalProperties") not in (None, False) or not (
        set(schema.get("required", ())) <= set(properties)
    ):
        raise NoGrammar("The schema allows properties that it does not name.")
    space = rules.name('" "?')
    parts = [
        f"{literal(f'{json_text(name)}:')} {space} {rules.name(_value(rules, part, depth + 1))}"
        for name, part in properties.items()
    ]
    return " ".join(['"{"', f' "," {space} '.join(parts), '"}"'])


def _array(rules: Rules, schema: Schema, depth: int) -> str:
    items = schema.get("items")
    low, high = schema.get("minItems", 0), schema.get("maxItems")
    if not isinstance(items, Mapping) or (high is not None and not 0 <= low <= high):
        raise NoGrammar("The schema has a list of anything, or of an impossible length.")
    if schema.get("uniqueItems"):
        return f'"[" {_unique(rules, items, low, high)} "]"'
    if high == 0:
        return '"[" "]"'
    item, space = rules.name(_value(rules, items, depth + 1)), rules.name('" "?')
    comma = rules.name(f'"," {space} {item}')
    more = repeated(comma, max(low - 1, 0), None if high is None else high - 1)
    return f'"[" {item} {more} "]"' if low else f'"[" ( {item} {more} )? "]"'


def _unique(rules: Rules, items: Schema, low: int, high: int | None) -> str:
    """Return a list of different options: in any order where that takes a small grammar."""
    if "enum" not in items:
        raise NoGrammar("The schema has a list of different items that are no options.")
    _refuse_unknown(items, {"type", "enum"})
    _refuse_wrong(items)
    options = [literal(text) for text in dict.fromkeys(map(json_text, items["enum"]))]
    most = len(options) if high is None else min(high, len(options))
    if low > most:
        raise NoGrammar("The schema asks for more different options than there are.")
    if len(options) * most > LONGEST:
        raise NoGrammar("The schema is too big for a grammar.")
    few = len(options) <= _MOST_ORDERS and _orders(len(options), most) <= _MOST_ORDERS
    return (_in_any_order if few else _in_order)(rules, options, low, most)


def _orders(options: int, most: int) -> int:
    return sum(comb(options, count) * (options - count) for count in range(most))


def _in_any_order(rules: Rules, options: Sequence[str], low: int, high: int) -> str:
    """Return lists whose rules know which options have been named."""
    space = rules.name('" "?')
    after: dict[frozenset[int], str] = {}
    everything = range(len(options))
    for count in range(high, -1, -1):
        for named in map(frozenset, combinations(everything, count)):
            comma = f'"," {space} ' if count else ""
            left = [at for at in everything if at not in named] if count < high else []
            ways = [f"{comma}{options[at]} {after[named | {at}]}".rstrip() for at in left]
            body = " | ".join(ways)
            if count >= low and ways:
                body = f"( {body} )?"
            after[named] = rules.name(body) if body else ""
    return after[frozenset()]


def _in_order(rules: Rules, options: Sequence[str], low: int, high: int) -> str:
    """Return lists in the order of the options: so none can come twice."""
    space = rules.name('" "?')
    # What may follow once so many options are named; None where that can lead to no list.
    after: list[str | None] = ["" if count >= low else None for count in range(high + 1)]
    for option in reversed(options):
        later, after = after, [""] * (high + 1)
        for count in range(high):
            comma = f'"," {space} ' if count else ""
            named, skipped = later[count + 1], later[count]
            ways = [] if named is None else [f"{comma}{option} {named}".rstrip()]
            if skipped:
                ways.append(skipped)
            body = " | ".join(ways)
            after[count] = rules.name(f"( {body} )?" if skipped == "" else body) if ways else None
    return after[0] or ""


def _string(rules: Rules, schema: Schema) -> str:
    low, high = schema.get("minLength", 0), schema.get("maxLength")
    if high is not None and not 0 <= low <= high:
        raise NoGrammar("The schema has a text of an impossible length.")
    if high == 0:
        return literal('""')
    first = rules.name(_FIRST + r' | "\\" ["\\]')
    later = rules.name(_LATER + r' | "\\" ["\\nt]')
    text = f"{first} {repeated(later, max(low - 1, 0), None if high is None else high - 1)}"
    return rf'"\"" {text} "\""' if low else rf'"\"" ( {text} )? "\""'


def _number(rules: Rules, schema: Schema) -> str:
    low = Decimal(str(schema.get("minimum", -_WIDEST)))
    high = Decimal(str(schema.get("maximum", _WIDEST)))
    step = Decimal(str(schema.get("multipleOf") or schema.get(GRID) or 0))
    if "multipleOf" in schema:
        low = -(-low // step) * step if low % step else low
    places = 0 if schema["type"] == "integer" else _places(low, step)
    scale = 10**places
    first, last = -int(-low * scale // 1), int(high * scale // 1)
    if first > last:
        raise NoGrammar("The schema has a number that cannot be.")
    holds = step and (step * scale) % 1 == 0 and (low * scale) % 1 == 0
    try:
        return Digits(rules, int(step * scale) if holds else 1, places).body(first, last)
    except TooManyStates:
        return Digits(rules, 1, places).body(first, last)


def _places(low: Decimal, step: Decimal) -> int:
    """Return how many decimal places the numbers of a grid have; _PLACES where there is no grid."""
    needed = [-int(number.normalize().as_tuple().exponent) for number in (low, step)]
    return _PLACES if not step else min(_PLACES, max(0, *needed))

"""How an answer is read: what people type and the JSON that models send pass the same gate."""

import json
import re
import unicodedata
from collections import Counter
from functools import lru_cache
from itertools import accumulate
from math import isfinite
from typing import TYPE_CHECKING, Any

from games.core.errors import UnclearMove
from games.core.kind import Kind
from games.core.text import TEXT_LIMIT, Text, clean

if TYPE_CHECKING:
    from games.core.ask import Answer, Ask

_PASSES = frozenset({"", "pass", "skip", "i pass", "no comment", "null", "none"})
_LIKE_A_PASS = re.compile(
    r"[\W_]*(?:(?:i[\W_]+)?pass|skip|no[\W_]+comment|null|none)?[\W_]*", re.IGNORECASE
)
"""Matches every plain text that is a pass, and little else, in a fraction of the time."""
_NEGATION = re.compile(
    r"\b(?:not|never|neither|nor|except|without|cannot)\b|n't\b|thing but\b|[不没沒別别勿]"
)
_OPTION_NUMBER = re.compile(
    r"(?:option|number|choice|no\.?|#)?\s*#?(\d{1,4})\s*[.):]?", re.IGNORECASE
)
_NUMBER = re.compile(
    r"(?<![\w.,])[-+−]?(?:\d{1,15}(?:,\d{3}){0,5}(?:\.\d{1,15})?|\.\d{1,15})(?:e[-+]?\d{1,3})?"
    r"(?!\w|[.,]\d)",
    re.IGNORECASE,
)
_LONGEST_OPTIONS = 200
"""Characters of the options that a sentence names; whoever answers has the whole list besides."""


def read(ask: "Ask", text: str) -> "Answer":
    """Return the answer that a text gives to an Ask.  Raises UnclearMove."""
    if len(text) > TEXT_LIMIT:
        raise UnclearMove(Text("That is too long to read. {hint}", hint=hint(ask)))
    try:
        return _value(ask, _unwrapped(ask, clean(text)))
    except RecursionError:  # JSON so deeply nested that only the reading of it succeeded
        raise UnclearMove(hint(ask)) from None


def hint(ask: "Ask") -> Text:
    """Return the sentence that says what would be an answer."""
    said = _wanted(ask)
    return Text("{wanted} Or say “pass”.", wanted=said) if ask.optional else said


def _wanted(ask: "Ask") -> Text:
    match ask.kind:
        case Kind.ONE_OF:
            return Text("Say exactly one of {options}.", options=_options(ask))
        case Kind.SEVERAL_OF:
            count = Text("{least} to {most}", least=ask.at_least, most=ask.at_most)
            if ask.at_least == ask.at_most:
                count = Text("exactly {count}", count=ask.at_most)
            told = "Name {count} of {options}, with commas between."
            return Text(told, count=count, options=_options(ask))
        case Kind.NUMBER:
            told = "Say one number from {low} to {high}{steps}."
            if ask.whole:
                told = "Say one whole number from {low} to {high}{steps}."
            steps = "" if ask.step == 1 else Text(" in steps of {step}", step=ask.step)
            return Text(told, low=ask.low, high=ask.high, steps=steps)
        case Kind.FORM:
            told = "Fill in {fields}, each as a line such as “{example}: …”."
            return Text(told, fields=tuple(ask.fields), example=next(iter(ask.fields)))
        case Kind.TEXT:
            return Text("Say something of at most {count} characters.", count=ask.max_length)


def _options(ask: "Ask") -> Text | tuple[str, ...]:
    lengths = accumulate(len(option) + 2 for option in ask.choices)
    shown = sum(length <= _LONGEST_OPTIONS for length in lengths)
    options = ask.choices[: max(1, shown)]
    if more := len(ask.choices) - len(options):
        return Text("{options} (and {count} more)", options=options, count=more)
    return options


def _unwrapped(ask: "Ask", text: str) -> Any:
    """Return the value inside the JSON that a model sent, or the text itself."""
    body = text
    if text.startswith("```") and text.endswith("```") and len(text) > 6:
        body = text[3:-3].removeprefix("json").strip()
    if not body.startswith(("{", "[", '"')):
        return text
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return text
    if isinstance(value, dict) and not ask.fields:
        return value.get("answer", text)
    wants_text = not (ask.choices or ask.fields or ask.low is not None)
    return text if wants_text else value


def _value(ask: "Ask", value: Any) -> "Answer":
    """Return the answer in a text, or in a value that came as JSON."""
    said = "" if value is None else clean(value) if isinstance(value, str) else value
    if ask.optional and _passes(ask, said):
        return None
    match ask.kind:
        case Kind.ONE_OF:
            return _one(ask, said if isinstance(said, str) else clean(str(said)))
        case Kind.SEVERAL_OF:
            return _several(ask, said)
        case Kind.NUMBER:
            return _number(ask, said)
        case Kind.FORM:
            return _form(ask, said)
        case Kind.TEXT:
            return _text(ask, said)


def _passes(ask: "Ask", said: Any) -> bool:
    """Return whether this leaves the question open; a seat may be named "Skip", though."""
    if not isinstance(said, str):
        return isinstance(said, list) and not said
    if said.isascii() and not _LIKE_A_PASS.fullmatch(said):
        return False
    return (
        (plain := _plain(said)) in _PASSES
        and said not in ask.choices
        and not (plain and plain in _by_plain_name(ask.choices))
    )


def reads_as(text: str, word: str) -> bool:
    """Return whether a text is this word, whatever its case, punctuation and spaces."""
    return _plain(text) == word


def _plain(text: str) -> str:
    """Return a text without case, punctuation and doubled spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return " ".join(re.sub(r"[^\w\s#'+-]|_", " ", folded).split())


def _by_plain_name(choices: tuple[str, ...]) -> dict[str, str]:
    """Return the options by their plain form; those that share one are left out."""
    return {name: choices[at] for name, at in _positions(choices).items()}


@lru_cache(maxsize=512)
def _positions(choices: tuple[str, ...]) -> dict[str, int]:
    """Return where each plain form stands among the options.

    Positions and not options, as equal tuples share one entry here: a text and the member of an
    enumeration that equals it must not be given for each other.
    """
    plain = [_plain(choice) for choice in choices]
    times = Counter(plain)
    return {name: at for at, name in enumerate(plain) if name and times[name] == 1}


def _one(ask: "Ask", said: str) -> str:
    if said in ask.choices:
        return ask.choices[ask.choices.index(said)]
    options = _by_plain_name(ask.choices)
    if (plain := _plain(said)) in options:
        return options[plain]
    if (number := _OPTION_NUMBER.fullmatch(said)) and (choice := _numbered(ask, number.group(1))):
        return choice
    found, rest = _named(plain, options)
    if len(found) != 1 or _NEGATION.search(rest):
        raise UnclearMove(hint(ask))
    return found[0]


def named(text: str, names: tuple[str, ...]) -> list[str]:
    """Return the names that a text holds as whole words, in the order of the text."""
    return _named(_plain(text), _by_plain_name(names))[0]


def _numbered(ask: "Ask", number: str) -> str | None:
    """Return the one option that has this number, as its position or in its name ("Player 2")."""
    meant = {at for at, choice in enumerate(ask.choices) if number in re.findall(r"\d+", choice)}
    if 1 <= int(number) <= len(ask.choices):
        meant.add(int(number) - 1)
    return ask.choices[meant.pop()] if len(meant) == 1 else None


def _named(plain: str, options: dict[str, str]) -> tuple[list[str], str]:
    """Return the options that a sentence names, in its order, and what else it says.

    Where names overlap the longest wins.
    """
    if not options:
        return [], plain
    longest_first = sorted(options, key=len, reverse=True)
    pattern = re.compile("|".join(_bounded(name) for name in longest_first))
    found = dict.fromkeys(options[name] for name in pattern.findall(plain))
    return list(found), pattern.sub(" ", plain)


def _bounded(name: str) -> str:
    """Return a pattern for a name as whole words; scripts written without spaces need no bounds."""
    before = r"(?<!\w)" if _spaced(name[0]) else ""
    after = r"(?!\w)" if _spaced(name[-1]) else ""
    return f"{before}{re.escape(name)}{after}"


def _spaced(char: str) -> bool:
    return unicodedata.east_asian_width(char) not in {"W", "F"}


def _several(ask: "Ask", said: Any) -> tuple[str, ...]:
    said = _unwrapped(ask, said) if isinstance(said, str) else said  # a line of a form may be JSON
    if isinstance(said, str):
        parts = [] if _passes(ask, said) else _parts(ask, said)
    else:
        parts = [clean(str(part)) for part in said] if isinstance(said, list) else [str(said)]
    if len(parts) > 2 * len(ask.choices):
        raise UnclearMove(hint(ask))
    named = tuple(dict.fromkeys(_one(ask, part) for part in parts))
    if not ask.at_least <= len(named) <= ask.at_most:
        raise UnclearMove(hint(ask))
    return named


def _parts(ask: "Ask", said: str) -> list[str]:
    """Return the items of a list that was typed; "and" parts them, except within an option."""
    options = _by_plain_name(ask.choices)
    parts: list[str] = []
    for part in re.split(r"[,;\n]", said):
        whole = _plain(part) in options
        parts += [part] if whole else re.split(r"\band\b|&", part, flags=re.IGNORECASE)
    return [part.strip() for part in parts if part.strip()]


def _number(ask: "Ask", said: Any) -> int | float:
    number = _spoken_number(said) if isinstance(said, str) else said
    assert ask.low is not None
    assert ask.high is not None
    # Bounds come first: what is far outside them, or is no number at all, cannot be divided.
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise UnclearMove(hint(ask))
    if not ask.low - ask.step <= number <= ask.high + ask.step:
        raise UnclearMove(hint(ask))
    steps = (number - ask.low) / ask.step
    if not 0 <= round(steps) <= ask.steps or abs(steps - round(steps)) > 1e-6:
        raise UnclearMove(hint(ask))
    return ask.number(round(steps))


def _spoken_number(said: str) -> float | None:
    """Return the one number in a sentence; None where there is none, or more, or a "not"."""
    found = {match.replace(",", "").replace("−", "-") for match in _NUMBER.findall(said)}
    if len(found) != 1 or _NEGATION.search(said.casefold().replace("’", "'")):
        return None
    number = float(found.pop())
    return number if isfinite(number) else None


def _text(ask: "Ask", said: Any) -> str:
    text = said if isinstance(said, str) else clean(json.dumps(said, ensure_ascii=False))
    if not text:
        raise UnclearMove(Text("An empty answer does not count. {hint}", hint=hint(ask)))
    if len(text) > ask.max_length:
        told = "That has {count} characters. {hint}"
        raise UnclearMove(Text(told, count=len(text), hint=hint(ask)))
    return text


def _form(ask: "Ask", said: Any) -> dict[str, "Answer"]:
    given = said if isinstance(said, dict) else _lines(ask, str(said))
    answers: dict[str, Answer] = {}
    for name, part in ask.fields.items():
        try:
            answers[name] = _value(part, given.get(name))
        except UnclearMove as why:
            raise UnclearMove(Text("{field}: {why}", field=name, why=why.args[0])) from None
    return answers


def _lines(ask: "Ask", text: str) -> dict[str, str]:
    """Return a form that was typed as "name: value" lines; one lone field needs no name."""
    fields = {_plain(name): name for name in ask.fields}
    given: dict[str, str] = {}
    for line in text.splitlines():
        head, colon, tail = line.partition(":")
        if colon and (name := fields.get(_plain(head))):
            given[name] = tail.strip()
        elif given:
            last = next(reversed(given))
            given[last] += f"\n{line}"
    required = [name for name, part in ask.fields.items() if not part.optional]
    return given or ({required[0]: text} if len(required) == 1 else {})

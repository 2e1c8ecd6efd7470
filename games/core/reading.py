"""How an answer is read: what people type and the JSON that models send pass the same gate."""

import json
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from games.core.errors import UnclearMove
from games.core.text import TEXT_LIMIT, clean, listed

if TYPE_CHECKING:
    from games.core.ask import Answer, Ask

_PASSES = frozenset({"", "pass", "skip", "i pass", "no comment", "null", "none"})
_NEGATION = re.compile(
    r"\b(?:not|never|neither|nor|except|without|isn't|don't|won't|cannot)\b|n't\b"
)
_OPTION_NUMBER = re.compile(
    r"(?:option|number|choice|no\.?|#)?\s*#?(\d{1,4})\s*[.):]?", re.IGNORECASE
)
_NUMBER = re.compile(r"(?<![\w.,])[-+−]?\d{1,15}(?:,\d{3})*(?:\.\d{1,9})?(?![\w]|[.,]\d)")
_FENCE = re.compile(r"^```(?:json)?\s*(.*?)\s*```$", re.DOTALL | re.IGNORECASE)
_SHOWN_OPTIONS = 30


def read(ask: "Ask", text: str) -> "Answer":
    """Return the answer that a text gives to an Ask.  Raises UnclearMove."""
    if ask.choices and not ask.at_most and text in ask.choices:
        return ask.choices[ask.choices.index(text)]
    if len(text) > TEXT_LIMIT:
        raise UnclearMove(f"That is too long to read. {hint(ask)}")
    return _value(ask, _unwrapped(ask, clean(text)))


def hint(ask: "Ask") -> str:
    """Return the sentence that says what would be an answer."""
    from games.core.ask import Kind  # the two files are one thing; ask.py imports this one

    options = listed([str(choice) for choice in ask.choices[:_SHOWN_OPTIONS]])
    if len(ask.choices) > _SHOWN_OPTIONS:
        options += f" (and {len(ask.choices) - _SHOWN_OPTIONS} more)"
    match ask.kind:
        case Kind.ONE_OF:
            said = f"Say exactly one of {options}."
        case Kind.SEVERAL_OF:
            count = f"{ask.at_least} to {ask.at_most}"
            if ask.at_least == ask.at_most:
                count = f"exactly {ask.at_most}"
            said = f"Name {count} of {options}, with commas between."
        case Kind.NUMBER:
            whole = "whole number" if float(ask.step).is_integer() else "number"
            steps = "" if ask.step == 1 else f" in steps of {ask.step:g}"
            said = f"Say one {whole} from {ask.low:g} to {ask.high:g}{steps}."
        case Kind.FORM:
            said = f"Fill in {listed(ask.fields)}, each as a line such as “{next(iter(ask.fields))}: …”."
        case Kind.TEXT:
            said = f"Say something of at most {ask.max_length} characters."
    return f"{said} Or say “pass”." if ask.optional else said


def _unwrapped(ask: "Ask", text: str) -> Any:
    """Return the value inside the JSON that a model sent, or the text itself."""
    body = fenced.group(1) if (fenced := _FENCE.match(text)) else text
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
    from games.core.ask import Kind

    said = "" if value is None else clean(value) if isinstance(value, str) else value
    passed = said in ("", []) or _plain(said) in _PASSES
    if ask.optional and passed and said not in ask.choices:  # a seat may be named "Skip"
        return None
    match ask.kind:
        case Kind.ONE_OF:
            return _one(ask, str(said))
        case Kind.SEVERAL_OF:
            return _several(ask, said)
        case Kind.NUMBER:
            return _number(ask, said)
        case Kind.FORM:
            return _form(ask, said)
        case Kind.TEXT:
            return _text(ask, said)


def _plain(text: object) -> str:
    """Return a text without case, punctuation and doubled spaces."""
    folded = unicodedata.normalize("NFKC", str(text)).casefold()
    return " ".join(re.sub(r"[^\w\s#'+-]|_", " ", folded).split())


@lru_cache(maxsize=512)
def _by_plain_name(choices: tuple[str, ...]) -> dict[str, str]:
    """Return the options by their plain form; those that share one are left out."""
    plain = [_plain(choice) for choice in choices]
    return {
        name: choice
        for name, choice in zip(plain, choices, strict=True)
        if name and plain.count(name) == 1
    }


def _one(ask: "Ask", said: str) -> str:
    if said in ask.choices:
        return ask.choices[ask.choices.index(said)]
    options = _by_plain_name(ask.choices)
    if (plain := _plain(said)) in options:
        return options[plain]
    numbered = not any(choice.strip().isdigit() for choice in ask.choices)
    if numbered and (number := _OPTION_NUMBER.fullmatch(said.strip())):
        index = int(number.group(1)) - 1
        if 0 <= index < len(ask.choices):
            return ask.choices[index]
    named = _named(plain, options)
    if len(named) != 1 or _NEGATION.search(said.casefold().replace("’", "'")):
        raise UnclearMove(hint(ask))
    return named[0]


def named(text: str, names: tuple[str, ...]) -> list[str]:
    """Return the names that a text holds as whole words, in the order of the text."""
    return _named(_plain(text), _by_plain_name(names))


def _named(plain: str, options: dict[str, str]) -> list[str]:
    """Return the options that a sentence names, each once; the longest name wins where they overlap."""
    longest_first = sorted(options, key=len, reverse=True)
    pattern = "|".join(_bounded(name) for name in longest_first)
    found = [match.group() for match in re.finditer(pattern, plain)] if pattern else []
    return list(dict.fromkeys(options[name] for name in found))


def _bounded(name: str) -> str:
    """Return a pattern for a name as whole words; scripts written without spaces need no bounds."""
    before = r"(?<!\w)" if _spaced(name[0]) else ""
    after = r"(?!\w)" if _spaced(name[-1]) else ""
    return f"{before}{re.escape(name)}{after}"


def _spaced(char: str) -> bool:
    return unicodedata.east_asian_width(char) not in {"W", "F"}


def _several(ask: "Ask", said: Any) -> tuple[str, ...]:
    if isinstance(said, str):
        parts = [part for part in re.split(r"[,;\n]|\band\b", said) if part.strip()]
    else:
        parts = [str(part) for part in said] if isinstance(said, list) else [str(said)]
    named = tuple(dict.fromkeys(_one(ask, part.strip()) for part in parts[: len(ask.choices) + 1]))
    if not ask.at_least <= len(named) <= ask.at_most:
        raise UnclearMove(hint(ask))
    return named


def _number(ask: "Ask", said: Any) -> int | float:
    found = _NUMBER.findall(str(said)) if not isinstance(said, bool) else []
    if len(found) != 1 or ask.low is None:
        raise UnclearMove(hint(ask))
    steps = (float(found[0].replace(",", "").replace("−", "-")) - ask.low) / ask.step
    if not 0 <= round(steps) <= ask.steps or abs(steps - round(steps)) > 1e-6:
        raise UnclearMove(hint(ask))
    return ask.number(round(steps))


def _text(ask: "Ask", said: Any) -> str:
    text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
    if not text:
        raise UnclearMove(f"An empty answer does not count. {hint(ask)}")
    if len(text) > ask.max_length:
        raise UnclearMove(f"That has {len(text)} characters. {hint(ask)}")
    return text


def _form(ask: "Ask", said: Any) -> dict[str, "Answer"]:
    given = said if isinstance(said, dict) else _lines(ask, str(said))
    answers: dict[str, Answer] = {}
    for name, part in ask.fields.items():
        try:
            answers[name] = _value(part, given.get(name))
        except UnclearMove as why:
            raise UnclearMove(f"{name}: {why}") from None
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

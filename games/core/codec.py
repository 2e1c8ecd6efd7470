"""Events, options and states to JSON and back, under names that outlive a renamed module."""

import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from games.core.errors import BadSetup, BrokenLog
from games.core.game import Event, Game
from games.core.text import Seat, Text, Words

Keep = Callable[[Words], Any]
"""Where said words go: a store may put them aside and leave a reference in the JSON."""
Fetch = Callable[[Any], str]
"""The way back from what `Keep` left in the JSON."""

_Encode = Callable[[Any, Keep], Any]
_Decode = Callable[[Any, Fetch], Any]
_PLAIN = (str, int, float, bool, types.NoneType)


@dataclass(frozen=True)
class Codec:
    """The events of one kind of log, by their stable names."""

    types: Mapping[str, type[Event]]

    def encode(self, event: Event, keep: Keep = str) -> tuple[str, Any]:
        """Return the event's name and its fields as plain JSON values."""
        return event.kind, _encoder(type(event))(event, keep)  # type: ignore[arg-type]  # a class has a hash

    def decode(self, kind: str, body: Any, fetch: Fetch = str) -> Any:
        """Return the event again.  Raises BrokenLog."""
        if kind not in self.types:
            raise BrokenLog(f"The log holds an event {kind!r} that these rules do not know.")
        try:
            return _decoder(self.types[kind])(body, fetch)  # type: ignore[arg-type]  # so has this one
        except (KeyError, TypeError, ValueError, AttributeError) as why:
            raise BrokenLog(f"The stored event {kind!r} cannot be read: {why!r}") from why


@cache
def codec_of(game: type[Game[Any, Any, Any]]) -> Codec:
    """Return the codec for a game's events, as its type arguments name them."""
    return codec_for(*_members(_type_arguments(game)[2]))


def codec_for(*events: type[Event]) -> Codec:
    """Return the codec for these events."""
    by_kind = {event.kind: event for event in events}
    assert len(by_kind) == len(events), f"Two events share a name among {sorted(by_kind)}."
    return Codec(by_kind)


def game_to_json(game: Game[Any, Any, Any]) -> dict[str, Any]:
    """Return a game's name and the options that differ from their defaults."""
    written = _encoder(type(game))(game, str)
    given = {
        part.name: written[part.name]
        for part in fields(game)  # type: ignore[arg-type]  # every Game is a dataclass
        if part.default is MISSING or getattr(game, part.name) != part.default
    }
    whole = {"name": game.name, "options": given}
    return {**whole, "document": game.document} if game.document else whole


def game_from_json(value: Any) -> Game[Any, Any, Any]:
    """Return a game as `game_to_json` left it.  Raises BrokenLog."""
    name = value["name"]
    try:
        game = _game_called(name, value.get("document", ""))
        hints = get_type_hints(game, include_extras=True)
        options = value["options"].items()
        values = {option: decoder(hints[option])(part, str) for option, part in options}
        found: Game[Any, Any, Any] = game(**values)
    except (BadSetup, KeyError, TypeError) as why:
        raise BrokenLog(f"The stored options do not fit {name}: {why}") from why
    return found


def _game_called(name: str, document: str) -> type[Game[Any, Any, Any]]:
    """Return a game that is code, or the one in a document.  Raises BrokenLog, BadSetup."""
    for game in _subclasses(Game):
        found: type[Game[Any, Any, Any]] | None = game.read(document)
        if found and getattr(found, "name", None) == name:
            return found
    raise BrokenLog(f"The log is of a game {name!r} that is not installed here.")


def state_to_json(game: type[Game[Any, Any, Any]], state: Any) -> Any:
    """Return a state as plain JSON values, for snapshots."""
    return encoder(_type_arguments(game)[0])(state, str)


def state_from_json(game: type[Game[Any, Any, Any]], value: Any) -> Any:
    """Return a state as `state_to_json` left it."""
    return decoder(_type_arguments(game)[0])(value, str)


def _subclasses(root: type[Any]) -> Iterator[type[Any]]:
    for child in root.__subclasses__():
        yield child
        yield from _subclasses(child)


def _type_arguments(game: type[Game[Any, Any, Any]]) -> Sequence[Any]:
    """Return the state, action and event types that a game gave to `Game[...]`."""
    for base in game.__mro__:
        for generic in base.__dict__.get("__orig_bases__", ()):
            if get_origin(generic) is Game:
                return get_args(generic)
    raise TypeError(f"{game.__name__} must name its types: Game[State, Action, Event].")


def _members(union: Any) -> Sequence[Any]:
    return get_args(union) if get_origin(union) in (Union, types.UnionType) else (union,)


@cache
def _encoder(cls: type[Any]) -> _Encode:
    """Return the function that turns a dataclass into a JSON object."""
    hints = get_type_hints(cls, include_extras=True)
    parts = [(part.name, encoder(hints[part.name])) for part in fields(cls)]
    return lambda value, keep: {name: encode(getattr(value, name), keep) for name, encode in parts}


@cache
def _decoder(cls: type[Any]) -> _Decode:
    """Return the function that turns a JSON object into a dataclass."""
    hints = get_type_hints(cls, include_extras=True)
    parts = {part.name: decoder(hints[part.name]) for part in fields(cls)}
    return lambda body, fetch: cls(**{name: parts[name](body[name], fetch) for name in body})


@cache
def encoder(hint: Any) -> _Encode:
    """Return the function that turns a value of this type into JSON values."""
    hint = _bare(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Words:
        return lambda value, keep: keep(value)
    if hint is Text:
        return lambda value, keep: [value.template, _tagged(value.values)]
    if origin is tuple and arguments[-1] is not Ellipsis:
        each = [encoder(part) for part in arguments]
        return lambda value, keep: [e(v, keep) for e, v in zip(each, value, strict=True)]
    if origin in (tuple, Sequence, frozenset):
        item = encoder(arguments[0])
        order = sorted if origin is frozenset else list
        return lambda value, keep: [item(one, keep) for one in order(value)]
    if origin is Mapping or origin is dict:
        key, item = encoder(arguments[0]), encoder(arguments[1])
        return lambda value, keep: [[key(k, keep), item(v, keep)] for k, v in value.items()]
    if origin in (Union, types.UnionType):
        return _optional(encoder, hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda value, keep: value.value
    if isinstance(hint, type) and is_dataclass(hint):
        return _encoder(hint)
    assert hint in (*_PLAIN, Seat), f"The codec has no way to store {hint!r}."
    return lambda value, keep: value


@cache
def decoder(hint: Any) -> _Decode:
    """Return the function that turns JSON values back into a value of this type."""
    hint = _bare(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Words:
        return lambda value, fetch: Words(fetch(value))
    if hint is Text:
        return lambda value, fetch: Text(value[0], **_untagged(value[1]))
    if origin is tuple and arguments[-1] is not Ellipsis:
        each = [decoder(part) for part in arguments]
        return lambda value, fetch: tuple(d(v, fetch) for d, v in zip(each, value, strict=True))
    if origin in (tuple, Sequence, frozenset):
        item = decoder(arguments[0])
        collect: Callable[[Any], Any] = frozenset if origin is frozenset else tuple
        return lambda value, fetch: collect(item(one, fetch) for one in value)
    if origin is Mapping or origin is dict:
        key, item = decoder(arguments[0]), decoder(arguments[1])
        return lambda value, fetch: {key(k, fetch): item(v, fetch) for k, v in value}
    if origin in (Union, types.UnionType):
        return _optional(decoder, hint)
    if isinstance(hint, type) and issubclass(hint, (Enum, Seat)):
        return lambda value, fetch: hint(value)
    if isinstance(hint, type) and is_dataclass(hint):
        return _decoder(hint)
    assert hint in _PLAIN, f"The codec has no way to read {hint!r}."
    return lambda value, fetch: value


def _bare(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def _optional(make: Callable[[Any], Any], hint: Any) -> Callable[[Any, Any], Any]:
    """Return the coder for "this or None", or for a union of plain types."""
    members = [member for member in get_args(hint) if member is not types.NoneType]
    if all(member in _PLAIN for member in members):
        return lambda value, other: value
    assert len(members) == 1, f"The codec cannot tell the members of {hint!r} apart."
    coder = make(members[0])
    return lambda value, other: None if value is None else coder(value, other)


def _tagged(values: Mapping[str, Any]) -> Any:
    """Return a Text's values with its seats and nested texts marked as such."""

    def tag(value: Any) -> Any:
        match value:
            case Seat():
                return {"seat": str(value)}
            case Text():
                return {"text": [value.template, _tagged(value.values)]}
            case Mapping():
                return {"pairs": [[tag(k), tag(v)] for k, v in value.items()]}
            case tuple() | list():
                return [tag(item) for item in value]
        return value.value if isinstance(value, Enum) else value

    return {name: tag(value) for name, value in values.items()}


def _untagged(values: Mapping[str, Any]) -> dict[str, Any]:
    def untag(value: Any) -> Any:
        match value:
            case {"seat": name}:
                return Seat(name)
            case {"text": [template, inner]}:
                return Text(template, **_untagged(inner))
            case {"pairs": pairs}:
                return {untag(k): untag(v) for k, v in pairs}
            case list():
                return tuple(untag(item) for item in value)
        return value

    return {name: untag(value) for name, value in values.items()}

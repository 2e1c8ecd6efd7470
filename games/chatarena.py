"""Reads ChatArena's game configs: the JSON file of an arena becomes a game, seats and personas.

Source of the format: ChatArena, chatarena/config.py and its example files.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from games import GAMES, NOT_INSTALLED
from games.conversation import Conversation
from games.core import BadSetup, Game, Seat, clean, listed, quoted
from games.moderated_conversation import MODERATOR, Audience, ModeratedConversation, Period

LARGEST_FILE: Final = 1_000_000
"""Characters."""
MODEL_BACKENDS: Final = frozenset(
    {"openai-chat", "claude", "cohere-chat", "transformers:conversational", "bard"}
)
SAME_GAME: Final = {
    "chameleon": "chameleon",
    "pettingzoo:tictactoe": "tic-tac-toe",
    "pettingzoo:chess": "chess",
}
"""Our games for environments with rules of their own."""


class Fills(StrEnum):
    """What kind of player a config wants in a seat."""

    PERSON = "person"
    MODEL = "model"


@dataclass(frozen=True)
class Backend:
    """Who is to fill a seat, told apart from any maker's interface."""

    kind: Fills
    model: str = ""
    """The name of the model; "" where the file leaves it open."""
    temperature: float | None = None
    max_tokens: int | None = None


@dataclass(frozen=True)
class Loaded:
    """What a config asks for."""

    game: Game[Any, Any, Any]
    seats: Sequence[Seat]
    personas: Mapping[Seat, str]
    """What each player is to be told beyond what the game itself tells it; "" for nothing."""
    backends: Mapping[Seat, Backend]
    """By seat; the environment's own seats, such as the moderator, stand here too."""
    notes: Sequence[str]
    """What was changed or left out, one sentence each."""


@dataclass(frozen=True)
class _Arena:
    """A config in its parts."""

    environment: Mapping[str, Any]
    roles: Mapping[Seat, str]
    """What only one player is told, in seat order."""
    shared: str
    """What every player is told."""


@dataclass(frozen=True)
class _Built:
    """The game of an environment, and what is left to tell its players."""

    game: Game[Any, Any, Any]
    personas: Mapping[Seat, str]
    notes: Sequence[str] = ()
    owners: Mapping[Seat, Mapping[str, Any]] = field(default_factory=dict)
    """Where the backends of the environment's own seats are written."""


def load(config: Mapping[str, Any] | str) -> Loaded:
    """Return what a config asks for, given as JSON text or as the object in it.

    Raises BadSetup with one sentence for a config that cannot be played.
    """
    whole = _object(_parsed(config), "config")
    players = _players(whole)
    seats = tuple(map(_name, players))
    roles = {seat: _text(player, "role_desc") for seat, player in zip(seats, players, strict=True)}
    environment = _object(whole.get("environment"), "environment")
    built = _build(_Arena(environment, roles, _text(whole, "global_prompt")))
    built.game.check_seats(seats)
    owners = {**dict(zip(seats, players, strict=True)), **built.owners}
    backends = {
        seat: _object(owner.get("backend", {}), "backend") for seat, owner in owners.items()
    }
    return Loaded(
        built.game,
        seats,
        built.personas,
        {seat: _backend(raw) for seat, raw in backends.items()},
        (*built.notes, *_strange_backends(backends)),
    )


def _parsed(config: Mapping[str, Any] | str) -> Any:
    """Return the value in a JSON text."""
    if not isinstance(config, str):
        return config
    if len(config) > LARGEST_FILE:
        raise BadSetup(f"The config is longer than {LARGEST_FILE} characters.")
    try:
        return json.loads(config)
    except (ValueError, RecursionError):
        raise BadSetup("The config cannot be read as JSON.") from None


def _build(arena: _Arena) -> _Built:
    """Return the game that plays a config's environment."""
    env_type = _text(arena.environment, "env_type")
    if env_type in BUILDERS:
        return BUILDERS[env_type](arena)
    if not env_type:
        raise BadSetup("The environment of the config needs its kind under “env_type”.")
    name = SAME_GAME.get(env_type, "")
    if name in NOT_INSTALLED:
        told = f"The environment {quoted(env_type)} needs the extra {quoted(name)}"
        raise BadSetup(f"{told}, which is not installed here.")
    if name not in GAMES:
        known = [*BUILDERS, *(env for env, game in SAME_GAME.items() if game in GAMES)]
        raise BadSetup(
            f"The environment {quoted(env_type)} is not built yet; there are {listed(known)}."
        )
    notes = []
    if arena.environment.get("topic_codes"):
        notes.append("The topics and words are the game's own; “topic_codes” was left out.")
    return _Built(GAMES[name](), _personas(arena), notes)


def _conversation(arena: _Arena) -> _Built:
    """Return the free talk of a config, whose shared prompt is its topic."""
    game = Conversation(topic=arena.shared)
    notes = [
        f"The file sets no end; the talk ends after {game.rounds} rounds or when everybody passes."
    ]
    if _flag(arena.environment, "parallel"):
        notes.append("The players speak in turn; “parallel” was left out.")
    return _Built(game, arena.roles, notes)


def _moderated(arena: _Arena) -> _Built:
    """Return the moderated game of a config, with its roles as the secrets of their seats."""
    moderator = _object(arena.environment.get("moderator"), "moderator")
    parallel = _flag(arena.environment, "parallel")
    game = ModeratedConversation(
        description=arena.shared,
        roles=_role_lines(arena.roles) or None,
        briefing=_text(moderator, "role_desc") or None,
        ending=_text(moderator, "terminal_condition") or None,
        simultaneous=parallel,
        period=Period.ROUND if parallel else _period(arena.environment),
        verdicts=_verdicts(arena.environment),
    )
    notes = [f"The file sets no last round; the game ends after {game.max_rounds} at the latest."]
    if parallel and _period(arena.environment) is not Period.ROUND:
        notes.append("All answer at once, so the moderator judges each round and not each turn.")
    visibility = _text(arena.environment, "moderator_visibility")
    if visibility.casefold() not in {"", "all", MODERATOR}:
        notes.append(f"The moderator's notes go to nobody, instead of {quoted(visibility)} alone.")
    return _Built(game, dict.fromkeys(arena.roles, ""), notes, {MODERATOR: moderator})


BUILDERS: Final[Mapping[str, Callable[[_Arena], _Built]]] = {
    "conversation": _conversation,
    "moderated_conversation": _moderated,
}


def _role_lines(roles: Mapping[Seat, str]) -> str:
    """Return roles as "Name: role" lines."""
    return "\n".join(
        f"{seat}: {line}" for seat, role in roles.items() for line in role.splitlines() if line
    )


def _personas(arena: _Arena) -> Mapping[Seat, str]:
    """Return the shared prompt and the role for each seat."""
    return {
        seat: "\n\n".join(filter(None, (arena.shared, role))) for seat, role in arena.roles.items()
    }


def _period(environment: Mapping[str, Any]) -> Period:
    default = Period.ROUND if _flag(environment, "parallel") else Period.TURN
    given = _text(environment, "moderator_period").casefold() or default
    if given not in tuple(Period):
        raise BadSetup("The config's “moderator_period” needs to be turn or round.")
    return Period(given)


def _verdicts(environment: Mapping[str, Any]) -> Audience:
    """Return who reads the moderator's notes: everybody, or nobody else."""
    given = _text(environment, "moderator_visibility").casefold()
    return Audience.ALL if given in {"", "all"} else Audience.MODERATOR


def _players(whole: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    players = whole.get("players")
    if not isinstance(players, list) or not players:
        raise BadSetup("The config needs a list of players under “players”.")
    return [_object(player, "player") for player in players]


def _name(player: Mapping[str, Any]) -> Seat:
    if not (name := _text(player, "name")):
        raise BadSetup("Each player of the config needs a name.")
    return Seat(name)


def _backend(raw: Mapping[str, Any]) -> Backend:
    """Return who is to fill a seat; what the file does not say stays open."""
    if _text(raw, "backend_type") == "human":
        return Backend(Fills.PERSON)
    tokens = _number(raw, "max_tokens", 1, 1_000_000)
    return Backend(
        Fills.MODEL,
        _text(raw, "model"),
        _number(raw, "temperature", 0, 2),
        None if tokens is None else int(tokens),
    )


def _strange_backends(backends: Mapping[Seat, Mapping[str, Any]]) -> Sequence[str]:
    """Return a note for each kind of backend that nobody has heard of."""
    kinds = {_text(raw, "backend_type"): None for raw in backends.values()}
    return [
        f"The backend {quoted(kind)} is not known; its seats are for a model."
        for kind in kinds
        if kind and kind != "human" and kind not in MODEL_BACKENDS
    ]


def _object(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadSetup(f"The {what} needs to be a JSON object.")
    return value


def _text(owner: Mapping[str, Any], key: str) -> str:
    """Return a text of a config, cleaned; "" where it has none."""
    value = owner.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadSetup(f"The config needs a text under “{key}”.")
    return clean(value)


def _flag(owner: Mapping[str, Any], key: str) -> bool:
    value = owner.get(key, False)
    if not isinstance(value, bool):
        raise BadSetup(f"The config needs true or false under “{key}”.")
    return value


def _number(owner: Mapping[str, Any], key: str, low: float, high: float) -> float | None:
    """Return a number of a config; None where it has none."""
    value = owner.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
        raise BadSetup(f"The config needs a number from {low:g} to {high:g} under “{key}”.")
    return value

"""From what the operator wants to a tournament that can be played, or one sentence why not."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bot.arena.arena import read_players
from bot.cast import Cast
from bot.cli.catalogue import find_game
from bot.cli.play import pairs
from bot.cli.tournament_files import Planned, options_in
from bot.cli.tournament_play import ROOM, SEATS
from bot.errors import ShownToUser
from bot.players.chat_memories import HERE
from bot.ports import Setup
from bot.settings import Settings
from bot.wiring import Wiring
from games.core import Game, Seat, listed, quoted
from games.core.options import game_with
from tournaments import BadPlan, Format, sizes_of

NOBODYS: Final = frozenset({"me", "person", "script"})
"""Kinds of players for whom nobody sits here."""


@dataclass(frozen=True)
class Order:
    """What the operator wants."""

    game: str
    players: str
    format: Format
    games: int | None
    seats: int | None
    rounds: int
    options: Sequence[str]
    environment: Sequence[str]
    fill: str
    seed: int | None
    jobs: int
    budget: float | None
    out: Path


async def planned_by(
    order: Order, wiring: Wiring, cast: Cast | None
) -> tuple[Game[Any, Any, Any], Planned]:
    """Return the game and the plan that the operator wants.  Raises ShownToUser, BadSetup."""
    kind = find_game(order.game)
    game = game_with(kind, pairs(order.options, "--option", "NAME=VALUE"))
    if not sizes_of(game):
        raise ShownToUser(f"{kind.name} is for one alone; nobody could win.")
    players = [await _spec(one, cast) for one in order.players.split(",") if one.strip()]
    sizes = sizes_of(game)
    seats = order.seats or max(2, min(len(players), sizes[0]))
    if order.games is None and order.format is Format.BATCH:
        raise ShownToUser("Say how many games the batch has, for example --games 100.")
    given = pairs(order.environment, "--seat", "NAME=WHO, for example judge=model:NAME")
    environment = {seat: await _spec(player, cast) for seat, player in given.items()}
    planned = Planned(
        game=kind.name,
        options=options_in(game),
        format=order.format,
        players=players,
        seats=seats,
        sizes=sizes,
        games=max(seats, sizes[0]) if order.games is None else order.games,
        rounds=order.rounds,
        seed=secrets.randbits(32) if order.seed is None else order.seed,
        fill=await _spec(order.fill, cast),
        environment=_environment(game, environment),
    )
    try:
        planned.plan()
    except BadPlan as why:
        raise ShownToUser(str(why)) from None
    _check_players(wiring, game, planned)
    if order.budget is not None:
        _need_prices(planned, wiring.settings)
    return game, planned


async def _spec(text: str, cast: Cast | None) -> str:
    """Return a player spec; a bare name is a model's."""
    kind, colon, who = text.strip().partition(":")
    if not colon:
        return kind if kind in NOBODYS else f"model:{kind}"
    if kind == "character" and cast is not None:
        name, _, model = who.partition(":")
        member = await cast.find(HERE, name)
        return f"character:{member.character}:{model}".removesuffix(":")
    return f"{kind}:{who}"


def _environment(game: Game[Any, Any, Any], given: Mapping[str, str]) -> Mapping[str, str]:
    """Return who takes the game's own seats, and nobody else's.  Raises ShownToUser."""
    filled = read_players(game, given)
    if other := [seat for seat in filled if seat not in game.environment]:
        own = f"only {listed(game.environment, 'and')}" if game.environment else "none"
        raise ShownToUser(
            f"--seat is for the game's own seats, of which {game.name} has {own}, not for "
            f"{quoted(other[0])}; --players says who plays."
        )
    return {str(seat): player for seat, player in filled.items()}


def _check_players(wiring: Wiring, game: Game[Any, Any, Any], planned: Planned) -> None:
    """Refuse who cannot be seated, before anything is written.  Raises ParlourError."""
    seats = [Seat(name) for name in SEATS[: planned.sizes[-1]]]
    setup = Setup("check", game, seats, 0, ROOM, datetime.now(UTC))
    environment = [(Seat(seat), player) for seat, player in planned.environment.items()]
    players = [(seats[0], player) for player in (*planned.players, planned.fill)]
    for seat, player in (*players, *environment):
        if player.partition(":")[0] in NOBODYS:
            raise ShownToUser(
                f"{quoted(player)} cannot enter a tournament here; house:LEVEL, model:NAME and "
                "character:NAME can."
            )
        wiring.seating(player, setup, seat)


def _need_prices(planned: Planned, settings: Settings) -> None:
    """Refuse a budget that no price can use up.  Raises ShownToUser."""
    from bot.models.config import load_models, usual_model

    known, usual = load_models(settings.models), usual_model(settings.models)
    playing = (*planned.players, planned.fill, *planned.environment.values())
    names = [_model_of(player, usual) for player in playing]
    priced = [known[name] for name in names if name in known]
    if not any(model.price_in or model.price_out for model in priced):
        raise ShownToUser(
            "No player has a price_in or price_out in the file of models, so --budget would "
            "never end."
        )


def _model_of(player: str, usual: str) -> str:
    """Return the name of a player's model; "" for a house bot."""
    kind, _, who = player.partition(":")
    if kind == "character":
        return who.partition(":")[2] or usual
    return who if kind == "model" else ""

"""The folder of a tournament: what is planned, one line for each game, and the transcripts.

The matches themselves are in parlour.db; the lines say what came of them and are made anew from
there when one is missing or was cut off.
"""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import OperatorError, ShownToUser
from games.core import Game
from games.core.codec import game_to_json
from tournaments import Format, Plan
from tournaments.plan import name_of

DATABASE: Final = "parlour.db"
PLAN: Final = "tournament.json"
GAMES: Final = "matches.jsonl"
TRANSCRIPTS: Final = "matches"


class Planned(BaseModel):
    """What a tournament is, and what may not change when it goes on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    game: str
    options: Mapping[str, Any]
    """Of the game, where they are not the usual ones, as they are stored."""
    format: Format
    players: Sequence[str]
    """As player specs, the best seed first."""
    seats: int
    """Players of a meeting."""
    sizes: Sequence[int]
    """How many seats the game can have; house bots take those that are left."""
    games: int
    rounds: int
    seed: int
    fill: str
    """Who takes seats that no player has."""
    environment: Mapping[str, str]
    """Who takes the game's own seats, such as a judge's."""

    def plan(self) -> Plan:
        """Return it as it is played.  Raises BadPlan."""
        return Plan(
            self.format,
            tuple(self.players),
            self.seats,
            tuple(self.sizes),
            self.games,
            self.rounds,
            self.seed,
        )


class SeatPlayed(BaseModel):
    """How one seat of a game has done."""

    model_config = ConfigDict(frozen=True)

    seat: str
    """What it was called at the table."""
    player: str
    """A player spec; of a seat that was only filled up, too."""
    counts: bool
    """Whether it is one of the tournament's players."""
    rank: int | None
    """Among those that count, 1 for the best; None in an aborted game."""
    score: float | None
    """The game's own points."""
    substituted: int
    """Answers that the table gave in its place, as none of its own was legal."""


class GamePlayed(BaseModel):
    """One game that has ended: a line of matches.jsonl."""

    model_config = ConfigDict(frozen=True)

    match: str
    """Its id in parlour.db: its name in the tournament (round, table, game); the second time that
    it is played with "-2" behind it, and so on."""
    round: int
    table: int
    game: int
    seed: int
    seats: Sequence[SeatPlayed]
    """In seat order."""
    aborted: bool
    failed: bool = False
    """Whether it is aborted because a model gave no answer, so that it can be played again."""
    tries: int = 1
    """How often it was played, this time included."""
    reason: str
    entries: int
    """Lines of its journal."""
    seconds: float
    """From its opening to its end, pauses included."""
    calls: int
    """Of models."""
    tokens: int
    money: float
    transcript: str
    """Its file, as a path from this folder."""

    @property
    def name(self) -> str:
        """How it is called in the tournament, however often it was played."""
        return name_of(self.round, self.table, self.game)

    @property
    def ranks(self) -> Mapping[str, int]:
        """The ranks of the tournament's players; none in an aborted game."""
        return {one.player: one.rank for one in self.seats if one.counts and one.rank is not None}


def options_in(game: Game[Any, Any, Any]) -> Mapping[str, Any]:
    """Return the options of a game as they are kept."""
    options: Mapping[str, Any] = game_to_json(game)["options"]
    return options


class Folder:
    """The files of one tournament."""

    def __init__(self, path: Path, planned: Planned, played: Mapping[str, GamePlayed]) -> None:
        self.path = path
        self.planned = planned
        self.played = dict(played)
        """By match, oldest first."""
        self.last = {one.name: one for one in played.values()}
        """What came of each game the last time that it was played, by its name."""
        self._lines = (path / GAMES).open("a", encoding="utf-8")

    @classmethod
    def opened(cls, path: Path, wanted: Planned, *, any_seed: bool) -> Self:
        """Return the folder of a tournament, which is made, or goes on if it is the same one.

        With `any_seed` the one that it has is right. Raises ShownToUser for another tournament.
        """
        wanted = Planned.model_validate_json(wanted.model_dump_json())  # as a file gives it
        known = _read_plan(path / PLAN)
        if known is None and (path / DATABASE).exists():
            raise ShownToUser(f"{path} holds another database; name another folder with --out.")
        if known is None:
            (path / TRANSCRIPTS).mkdir(parents=True, exist_ok=True)
            replaced(path / PLAN, f"{wanted.model_dump_json(indent=1)}\n")
            return cls(path, wanted, {})
        if any_seed:
            wanted = wanted.model_copy(update={"seed": known.seed})
        for name in Planned.model_fields:
            if getattr(known, name) != getattr(wanted, name):
                raise ShownToUser(
                    f"{path} holds a tournament with other {name}: give the command that began "
                    "it, or name another folder with --out."
                )
        return cls(path, known, _read_games(path / GAMES))

    def add(self, game: GamePlayed) -> None:
        """Keep what came of a game; it is on the disk when this returns."""
        self.played[game.match] = self.last[game.name] = game
        self._lines.write(f"{game.model_dump_json()}\n")
        self._lines.flush()
        os.fsync(self._lines.fileno())

    def close(self) -> None:
        """Let go of the file."""
        self._lines.close()


def replaced(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    new = path.with_name(f"{path.name}.new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _read_plan(path: Path) -> Planned | None:
    try:
        return Planned.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (ValidationError, OSError) as why:
        raise OperatorError(
            f"{path} is no plan of a tournament; name another folder with --out."
        ) from why


def _read_games(path: Path) -> Mapping[str, GamePlayed]:
    """Return the games of a file, from which lines that were cut off are taken away."""
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return {}
    played = [game for line in lines if (game := _read_game(line))]
    if len(played) < len(lines) - 1 or lines[-1]:
        replaced(path, "".join(f"{game.model_dump_json()}\n" for game in played))
    return {game.match: game for game in played}


def _read_game(line: bytes) -> GamePlayed | None:
    try:
        return GamePlayed.model_validate(json.loads(line))
    except ValueError:
        return None

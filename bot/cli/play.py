"""`play` and `resume`: a match at this terminal, from the first question to the result."""

import asyncio
import getpass
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from bot.arena.deadlines import Deadlines
from bot.arena.lobby import Arena, read_players
from bot.arena.table import Table, is_person
from bot.arena.transcript import event_lines, outcome_line, result
from bot.cli.catalogue import find_game, seats_of, summary
from bot.errors import ShownToUser
from bot.players.scripted import read_script
from bot.settings import Settings
from bot.terminal.lines import Lines, lines
from bot.terminal.person import Desk, Quit, TerminalPerson
from bot.terminal.room import TerminalRoom
from bot.wiring import Silent, Wiring
from games import GAMES
from games.core import Game, Seat, clean
from games.core.options import game_with

HOUSE_NAMES = ("Bea", "Cid", "Dot", "Eli", "Fay", "Gus", "Hal", "Ivy")
ROOM = "terminal"
QUIET_SECONDS = 2.0
"""How long an open floor is left to people before a bot speaks unasked."""


@dataclass(frozen=True)
class Invitation:
    """What was asked for on the command line."""

    game: str
    seats: Sequence[str]
    options: Sequence[str]
    seed: int | None
    script: Path | None
    config: Path | None
    json: bool


def play_match(wish: Invitation) -> None:
    """Open a match and play it to its end, or until the person quits."""
    asyncio.run(_play(wish))


def resume_match(match_id: str) -> None:
    """Go on with an open match; seats that a house bot has taken over go back to people."""
    asyncio.run(_resume(match_id))


async def _play(wish: Invitation) -> None:
    script = read_script(_read(wish.script)) if wish.script else {}
    desk = _desk()
    game, players = await _game_and_players(wish, desk.lines, script)
    quiet = wish.json
    wiring = Wiring(
        Settings(),
        person=lambda seat: TerminalPerson(desk, seat),
        script=script,
        room=Silent() if quiet else desk.room,
        quiet_seconds=QUIET_SECONDS if any(map(is_person, players.values())) else 0.0,
    )
    async with wiring.arena() as arena:
        if not quiet:
            desk.room.note(f"{game.rules()}\n")
        table = await arena.open(game, players, room=ROOM, seed=wish.seed)
        if quiet:
            await _play_as_json(arena, table)
        else:
            await _sit(arena, table, desk)


async def _resume(match_id: str) -> None:
    desk = _desk()
    wiring = Wiring(
        Settings(),
        person=lambda seat: TerminalPerson(desk, seat),
        room=desk.room,
        quiet_seconds=QUIET_SECONDS,
    )
    async with wiring.arena() as arena:
        table = await arena.wake(match_id)
        if table.over:
            raise ShownToUser(f"The match {match_id} is over; see it with: replay {match_id}.")
        for seat, player in table.first_players.items():
            if is_person(player):
                await table.come_back(seat)
        await table.resume()
        await _recap(arena, table, desk)
        await _sit(arena, table, desk)


async def _recap(arena: Arena, table: Table, desk: Desk) -> None:
    """Show what has happened so far, in place of whatever was not delivered before."""
    for message in await arena.store.undelivered(table.setup.match_id):
        await arena.store.delivered(message, "recap")
    desk.room.note("So far:")
    desk.room.show([text for event in table.match.public_view() if (text := event.told()).template])


async def _sit(arena: Arena, table: Table, desk: Desk) -> None:
    """Run a table to its end in front of the people at this desk."""
    desk.table = table
    desk.settle = arena.outbox.settle
    desk.people = [seat for seat, player in table.players.items() if is_person(player)]
    clock = Deadlines(arena)
    clock.start()
    try:
        outcome = await arena.play(table)
    except Quit:
        match_id = table.setup.match_id
        desk.room.note(f"\nThe match is kept. Go on with: python bot.py resume {match_id}")
        return
    finally:
        clock.stop()
    await arena.outbox.settle()
    if board := table.match.board():
        desk.room.console.print(f"\n{board}", markup=False, highlight=False)
    if outcome:
        desk.room.console.print(f"\nResult: {result(outcome)}", markup=False, highlight=False)
        match_id = table.setup.match_id
        desk.room.note(f"See it again: python bot.py replay {match_id} --as full")


async def _play_as_json(arena: Arena, table: Table) -> None:
    """Print every event with its audience, one a line, and the outcome last."""

    def tell(lines: Iterable[Mapping[str, Any]]) -> None:
        for line in lines:
            sys.stdout.write(f"{json.dumps(line, ensure_ascii=False)}\n")

    stored = await arena.store.load(table.setup.match_id)
    for entry in stored.entries:
        tell(event_lines(stored.setup, entry))
    table.watchers.append(lambda entry: tell(event_lines(stored.setup, entry)))
    await arena.play(table)
    tell([{"match": table.setup.match_id, **outcome_line(table.match.outcome)}])


def _desk() -> Desk:
    async def settled() -> None:
        return

    return Desk(lines(), TerminalRoom(Console(soft_wrap=False)), settled)


async def _game_and_players(
    wish: Invitation, keyboard: Lines, script: Mapping[Seat, Sequence[str]]
) -> tuple[Game[Any, Any, Any], dict[Seat, str]]:
    """Return the game with its options, and who fills each seat."""
    given = _pairs(wish.seats, "--seat", "NAME=WHO, for example Ann=me")
    if wish.config:
        return _from_config(wish.config, given)
    kind = find_game(wish.game) if wish.game else await _menu(keyboard)
    game = game_with(kind, _pairs(wish.options, "--option", "NAME=VALUE"))
    names = {str(seat): "script" for seat in script} | given
    if wish.script:  # nobody sits here, so a seat that the script names follows the script
        names = {name: "script" if Seat(name) in script else who for name, who in names.items()}
    unattended = bool(wish.script) or wish.json
    return game, _filled(game, read_players(game, names), unattended=unattended)


def _filled(
    game: Game[Any, Any, Any], players: dict[Seat, str], *, unattended: bool
) -> dict[Seat, str]:
    """Add a person where nobody was named, and house bots up to the usual number of seats."""
    seated = [seat for seat in players if seat not in game.environment]
    if not seated and not unattended:
        seated = [_own_name()]
        players = {seated[0]: "me", **players}
    usual = min(game.max_seats, max(2, game.min_seats + 1))
    wanted = usual if len(seated) <= 1 else game.min_seats
    taken = {seat.casefold() for seat in players}
    spare = [name for name in HOUSE_NAMES if name.casefold() not in taken]
    for name in spare[: max(0, wanted - len(seated))]:
        players[Seat(name)] = "house:medium"
    return players


def _own_name() -> Seat:
    """Return what the person at the keyboard is called, as far as the system knows."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        name = "guest"
    name = "".join(char for char in name if char.isalnum())[:20]
    return Seat("Guest" if name in ("", "root") else name.capitalize())


def _from_config(
    path: Path, given: Mapping[str, str]
) -> tuple[Game[Any, Any, Any], dict[Seat, str]]:
    """Return the game and seats of a ChatArena configuration; `given` overrides its players."""
    from games.chatarena import load

    loaded = load(_read(path))
    for note in loaded.notes:
        sys.stderr.write(f"{note}\n")
    players = {str(seat): "house:medium" for seat in loaded.seats} | dict(given)
    return loaded.game, read_players(loaded.game, players)


async def _menu(keyboard: Lines) -> type[Game[Any, Any, Any]]:
    """Let a person choose a game by number or name."""
    for number, game in enumerate(GAMES.values(), start=1):
        sys.stdout.write(
            f"{number:>3}) {game.name:<24}{seats_of(game):>8} seats  {summary(game)}\n"
        )
    while True:
        try:
            line = (await keyboard.read("Which game? ", list(GAMES))).strip()
        except (EOFError, KeyboardInterrupt):
            raise ShownToUser("No game was chosen.") from None
        if line.isdecimal() and 1 <= int(line) <= len(GAMES):
            return list(GAMES.values())[int(line) - 1]
        try:
            return find_game(line)
        except ShownToUser as why:
            sys.stdout.write(f"{why}\n")


def _pairs(given: Sequence[str], flag: str, form: str) -> dict[str, str]:
    """Return "NAME=VALUE" texts as a mapping.  Raises ShownToUser."""
    pairs: dict[str, str] = {}
    for text in given:
        name, equals, value = clean(text).partition("=")
        if not equals or not name.strip():
            raise ShownToUser(f"{flag} needs {form}, not {text[:60]!r}.")
        if name.strip() in pairs:
            raise ShownToUser(f"{flag} was given twice for {name.strip()}.")
        pairs[name.strip()] = value.strip()
    return pairs


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as why:
        reason = getattr(why, "strerror", None) or "it is not UTF-8 text"
        raise ShownToUser(f"The file {path} cannot be read: {reason}.") from None

"""`play` and `resume`: a match at this terminal, from the first question to the result."""

import asyncio
import getpass
import json
import logging
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from bot.arena.arena import Arena, read_players
from bot.arena.deadlines import Deadlines
from bot.arena.events import is_person
from bot.arena.table import Table
from bot.arena.transcript import event_lines, outcome_line, result
from bot.cast import Cast
from bot.cli.catalogue import find_game, seats_of, shelf, summary
from bot.errors import ShownToUser
from bot.game_shelf import read_game
from bot.languages import Language, find_language
from bot.log import write_log
from bot.players.chat_memories import HERE
from bot.players.scripted import read_script
from bot.ports import Entry, Message, Part
from bot.settings import Settings
from bot.terminal.folding import folded
from bot.terminal.lines import Lines, lines
from bot.terminal.person import Desk, Quit, TerminalPerson
from bot.terminal.room import Screen, TerminalRoom
from bot.wiring import Silent, Wiring
from characters.chat import Chat
from games.core import SPECTATOR, BadSetup, Game, Seat, Text, clean, quoted
from games.core.options import game_with

HOUSE_NAMES = ("Bea", "Cid", "Dot", "Eli", "Fay", "Gus", "Hal", "Ivy")
ROOM = "terminal"
PERSONAS = "personas"
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
    language: str = ""
    """"" for the one of the settings."""
    file: Path | None = None
    """A game without code, in place of a name."""


@dataclass(frozen=True)
class Party:
    """Who plays what."""

    game: Game[Any, Any, Any]
    players: Mapping[Seat, str]
    personas: Mapping[Seat, str] = field(default_factory=dict)


def play_match(wish: Invitation) -> None:
    """Open a match and play it to its end, or until the person quits."""
    write_log(logging.ERROR)  # what players should know, the room tells them
    with suppress(Quit):  # in the menu; a match that is open says how to go on
        asyncio.run(_play(wish))


def resume_match(match_id: str) -> None:
    """Go on with an open match; seats that a house bot has taken over go back to people."""
    write_log(logging.ERROR)
    asyncio.run(_resume(match_id))


async def _play(wish: Invitation) -> None:
    script = read_script(read_text(wish.script)) if wish.script else {}
    spoken = find_language(wish.language or Settings().language)
    desk = _desk(sys.stderr if wish.json else sys.stdout, spoken)
    party = await party_of(wish, desk.lines, script)
    desk.room.people = _people(party.players)
    attended = bool(desk.room.people)
    wiring = _wiring(desk, silent=wish.json and not attended, courteous=attended)
    wiring.script, wiring.personas = script, party.personas
    async with wiring.store() as store, wiring.arena_over(store) as arena:
        players = await _with_characters(Cast(store.cards), party.players)
        table = await arena.open(party.game, players, room=ROOM, seed=wish.seed)
        if not wish.json:  # before anything is awaited, and so before the first message
            desk.room.note(Text("{rules}\n", rules=party.game.rules()))
        if party.personas:
            kept = json.dumps(party.personas, ensure_ascii=False)
            await arena.store.set_setting(table.setup.match_id, PERSONAS, kept)
        if wish.json:
            await _tell_as_json(arena, table)
        ended = await _sit(arena, table, desk)
        if wish.json:
            print_line({"match": table.setup.match_id, **outcome_line(table.match.outcome)})
        elif ended:
            _conclude(table, desk)


async def _resume(match_id: str) -> None:
    desk = _desk(sys.stdout, find_language(Settings().language))
    wiring = _wiring(desk, silent=False, courteous=True)
    async with wiring.arena() as arena:
        table = await arena.wake(match_id)
        if isinstance(table.setup.game, Chat):
            raise ShownToUser(f"Go on with this chat: python bot.py chat --resume {match_id}.")
        if table.over:
            raise ShownToUser(
                f"The match {match_id} is over; see it with: python bot.py replay {match_id}."
            )
        personas = json.loads(await arena.store.get_setting(match_id, PERSONAS) or "{}")
        wiring.personas = {Seat(seat): persona for seat, persona in personas.items()}
        desk.room.people = _people(table.first_players)
        await _recap(arena, table, desk)
        for seat in desk.room.people:
            await table.come_back(seat)
        await table.resume()
        if await _sit(arena, table, desk):
            _conclude(table, desk)


def _wiring(desk: Desk, *, silent: bool, courteous: bool) -> Wiring:
    return Wiring(
        Settings(),
        person=lambda seat: TerminalPerson(desk, seat),
        room=Silent() if silent else desk.room,
        quiet_seconds=QUIET_SECONDS if courteous else 0.0,
        language=lambda _: desk.room.language.asked_for,
    )


def _people(players: Mapping[Seat, str]) -> Sequence[Seat]:
    return [seat for seat, player in players.items() if is_person(player)]


async def _recap(arena: Arena, table: Table, desk: Desk) -> None:
    """Show what has happened so far, in place of whatever was not delivered before.

    Several people get what each alone may know with the keyboard.
    """
    match_id, people = table.setup.match_id, desk.room.people
    for message in await arena.store.undelivered(match_id):
        await arena.store.delivered(message, "recap")
    desk.room.note(Text("So far:"))
    for event in table.match.view(people[0] if len(people) == 1 else SPECTATOR):
        if (text := event.told()).template:
            desk.room.show([text], private=not event.seen_by(SPECTATOR))
    for seat in people if desk.shared else ():
        secrets = [event for event in table.match.view(seat) if not event.seen_by(SPECTATOR)]
        parts = [Part(text) for event in secrets if (text := event.told()).template]
        await desk.room.deliver(Message(f"recap {seat}", match_id, seat, parts))


async def _sit(arena: Arena, table: Table, desk: Desk) -> bool:
    """Run a table in front of the people at this desk; return whether it came to its end."""
    desk.table = table
    desk.settle = arena.outbox.settle
    clock = Deadlines(arena)
    clock.start()
    try:
        await arena.play(table)
    except Quit:
        match_id = table.setup.match_id
        told = "\nThe match is kept. Go on with: {command}"
        desk.room.note(Text(told, command=f"python bot.py resume {match_id}"))
        return False
    finally:
        await clock.stop()
    await arena.outbox.settle()
    return True


def _conclude(table: Table, desk: Desk) -> None:
    """Show the board and the result to whoever was at this desk or watched it."""
    console, language = desk.room.console, desk.room.language
    if board := table.match.board():
        console.print(f"\n{language.board(board)}", markup=False, highlight=False)
    if outcome := table.match.outcome:
        ended = language.say(Text("\nResult: {result}", result=result(outcome)))
        console.print(ended, markup=False, highlight=False)
        command = f"python bot.py replay {table.setup.match_id} --as full"
        desk.room.note(Text("See it again: {command}", command=command))


async def _tell_as_json(arena: Arena, table: Table) -> None:
    """Print every event with its audience, one a line, from the first one on."""
    stored = await arena.store.load(table.setup.match_id)

    def tell(entry: Entry) -> None:
        for line in event_lines(stored.setup, entry):
            print_line(line)

    for entry in stored.entries:
        tell(entry)
    table.watchers.append(tell)


def print_line(line: Mapping[str, Any]) -> None:
    """Print an object as one line of JSON."""
    sys.stdout.write(f"{json.dumps(line, ensure_ascii=False)}\n")


def _desk(screen: TextIO, language: Language) -> Desk:
    async def settled() -> None:
        return

    # Standard output is looked up with every line: while somebody types, it is another one, which
    # puts messages above what is typed.
    console = Screen(file=None if screen is sys.stdout else screen)
    return Desk(lines(screen), TerminalRoom(console, language), settled)


async def party_of(
    wish: Invitation, keyboard: Lines, script: Mapping[Seat, Sequence[str]]
) -> Party:
    """Return the game with its options, and who fills each seat.  Raises ShownToUser, BadSetup."""
    given = pairs(wish.seats, "--seat", "NAME=WHO, for example Ann=me")
    if wish.config:
        return _from_config(wish.config, given)
    if wish.file and wish.game:
        raise ShownToUser("Name a game or give --file, not both.")
    if wish.file:
        kind: type[Game[Any, Any, Any]] = read_game(wish.file)
    else:
        kind = find_game(wish.game) if wish.game else await _menu(keyboard)
    game = game_with(kind, pairs(wish.options, "--option", "NAME=VALUE"))
    names = {str(seat): "script" for seat in script} | given
    if wish.script:  # nobody sits here, so a seat that the script names follows the script
        names = {name: "script" if Seat(name) in script else who for name, who in names.items()}
    unattended = bool(wish.script) or wish.json
    return Party(game, _filled(game, read_players(game, names), unattended=unattended))


def _filled(
    game: Game[Any, Any, Any], players: dict[Seat, str], *, unattended: bool
) -> dict[Seat, str]:
    """Add a person where nobody was named, and house bots up to the usual number of seats."""
    seated = [seat for seat in players if seat not in game.environment]
    if not seated and not unattended:
        seated = [own_name()]
        players = {seated[0]: "me", **players}
    usual = min(game.max_seats, max(2, game.min_seats + 1))
    wanted = usual if len(seated) <= 1 else game.min_seats
    taken = {seat.casefold() for seat in players}
    spare = [Seat(name) for name in HOUSE_NAMES if name.casefold() not in taken]
    most = len(seated) + len(spare)
    sizes = range(max(wanted, len(seated)), min(game.max_seats, most) + 1)
    wanted = next((size for size in sizes if _fits(game, [*seated, *spare][:size])), wanted)
    for name in spare[: max(0, wanted - len(seated))]:
        players[name] = "house:medium"
    return players


def _fits(game: Game[Any, Any, Any], seats: Sequence[Seat]) -> bool:
    """Return whether so many can play: some games take even numbers only."""
    try:
        game.check_seats(seats)
    except BadSetup:
        return False
    return True


async def _with_characters(cast: Cast, players: Mapping[Seat, str]) -> Mapping[Seat, str]:
    """Return players with the ids of characters in place of their names.  Raises ShownToUser."""
    found = dict(players)
    for seat, player in players.items():
        kind, _, who = player.partition(":")
        name, _, model = who.partition(":")
        if kind == "character" and name:
            member = await cast.find(HERE, name)
            found[seat] = f"character:{member.character}:{model}".removesuffix(":")
    return found


def own_name() -> Seat:
    """Return what the person at the keyboard is called, as far as the system knows."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        name = "guest"
    name = "".join(char for char in name if char.isalnum())[:20]
    return Seat("Guest" if name in ("", "root") else name.capitalize())


def _from_config(path: Path, given: Mapping[str, str]) -> Party:
    """Return the game and seats of a ChatArena configuration; `given` overrides its players."""
    from games.chatarena import load

    loaded = load(read_text(path))
    for note in loaded.notes:
        sys.stderr.write(f"{note}\n")
    players = {str(seat): "house:medium" for seat in loaded.seats} | dict(given)
    personas = {seat: persona for seat, persona in loaded.personas.items() if persona}
    return Party(loaded.game, read_players(loaded.game, players), personas)


async def _menu(keyboard: Lines) -> type[Game[Any, Any, Any]]:
    """Let a person choose a game by number or name."""
    games = shelf().games
    for number, game in enumerate(games.values(), start=1):
        sys.stdout.write(f"{number:>3}) {game.name}, {seats_of(game)} seats\n")
        sys.stdout.write(f"{folded(f'     {summary(game)}', sys.stdout, 5)}\n")
    while True:
        try:
            line = (
                await keyboard.read("Which game, by number or name? (/quit ends) ", list(games))
            ).strip()
        except KeyboardInterrupt:
            raise Quit from None
        except EOFError:
            raise ShownToUser("No game was chosen.") from None
        if line.casefold() in ("/quit", "quit", "q"):
            raise Quit
        if line.isdecimal() and 1 <= int(line) <= len(games):
            return list(games.values())[int(line) - 1]
        try:
            return find_game(line)
        except ShownToUser as why:
            sys.stdout.write(f"{folded(str(why), sys.stdout)}\n")


def pairs(given: Sequence[str], flag: str, form: str) -> dict[str, str]:
    """Return "NAME=VALUE" texts as a mapping.  Raises ShownToUser."""
    found: dict[str, str] = {}
    for text in given:
        head, equals, value = text.partition("=")
        if not equals or not (name := clean(head)):
            raise ShownToUser(f"{flag} needs {form}, not {quoted(text)}.")
        if name in found:
            raise ShownToUser(f"{flag} was given twice for {quoted(name)}.")
        found[name] = value.strip()
    return found


def read_text(path: Path) -> str:
    """Return the text of a file that a person has named.  Raises ShownToUser."""
    try:
        return path.read_text(encoding="utf-8-sig")  # some editors put a mark at the beginning
    except (OSError, UnicodeDecodeError) as why:
        reason = getattr(why, "strerror", None) or "it is not UTF-8 text"
        raise ShownToUser(f"The file {clean(str(path), 200)} cannot be read: {reason}.") from None

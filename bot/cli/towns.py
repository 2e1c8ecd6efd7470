"""`town run` and `town resume`: a town lives at this terminal, and is kept."""

import asyncio
import logging
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot.arena.arena import Arena, read_players
from bot.arena.events import Paused, Substituted, is_person
from bot.arena.house_rules import HouseRules
from bot.arena.table import Table
from bot.arena.towns import NOBODY, comers
from bot.cli.town_files import ROOM, a_town, checked_out, say, write_day, write_map
from bot.cli.town_mayor import MayorPerson
from bot.cli.town_policies import mayor_player, need_possible, wish_in
from bot.cli.town_tables import deed_line, residents_table
from bot.errors import ShownToUser
from bot.log import write_log
from bot.models.config import find_model
from bot.players.away import Away
from bot.ports import Entry, Player
from bot.settings import Settings
from bot.terminal.lines import lines
from bot.terminal.person import Quit
from bot.wiring import Wiring
from games.core import Ask, Seat, Text, View, quoted
from towns.affairs import term_told
from towns.events import CLOCK, HOST, MAYOR
from towns.files import default_data, read_data, read_town
from towns.history import History
from towns.questions import PlanSystem
from towns.state import final_hash, town_tick
from towns.town import Town

FASTEST = "max"


@dataclass(frozen=True)
class TownOrder:
    """What was asked for on the command line."""

    days: int
    residents: int
    house: bool
    model: str
    seed: int
    merged: bool
    file: Path | None
    mayor: str = "none"
    """As `mayor_player` takes it."""
    mayor_days: int = 3
    policies: Sequence[str] = ()
    """As `wish_in` takes them."""

    def town(self) -> Town:
        """Return the town.  Raises BadTown."""
        if self.file:
            read_town(self.file)  # here its faults are told with the file's own name
        data = read_data(self.file) if self.file else default_data()
        plans = PlanSystem.MERGED if self.merged else PlanSystem.QUESTIONS
        return Town(
            data=data,
            days=self.days,
            seed=self.seed,
            plans=plans,
            governed=True,
            mayor=mayor_player(self.mayor) != NOBODY,
            mayor_days=self.mayor_days,
        )

    def players(self, town: Town) -> Mapping[Seat, str]:
        """Return who fills each seat.  Raises ShownToUser."""
        names = list(town.start.residents)
        if self.residents > len(names):
            raise ShownToUser(
                f"{town.start.name} has {len(names)} residents: say --residents {len(names)} or "
                "less, or name a file with more of them."
            )
        who = f"model:{self.model}" if self.model else "house:medium"
        residents = dict.fromkeys(names[: self.residents], who)
        mayor = mayor_player(self.mayor)
        return read_players(town, {**residents, CLOCK: "me", MAYOR: mayor, HOST: "me"})


class Pace:
    """The clock: gives the town all its time at once, or a little with each second."""

    def __init__(self, speed: float | None) -> None:
        """Take the speed in game seconds for each real second; None is without a limit."""
        self._speed = speed

    async def answer(self, view: View, ask: Ask, refusals: Sequence[Text | str]) -> str:
        """Return the tick up to which the town may go."""
        assert isinstance(view.game, Town), "only a town has a clock"
        assert ask.low is not None, "the clock is asked for a number"
        if self._speed is None:
            return str(ask.high)
        seconds = view.game.start.clock.seconds_per_tick
        ticks = max(1, round(self._speed / seconds))
        await asyncio.sleep(ticks * seconds / self._speed)
        return str(min(ask.high or ask.low, ask.low - 1 + ticks))


@dataclass(frozen=True)
class Manner:
    """How a town is looked at while it lives."""

    speed: str
    watch: bool
    map_file: Path | None
    day_file: Path | None

    def pace(self) -> Pace:
        """Return who gives the town its time, if all of it makes sense.  Raises ShownToUser."""
        checked_out(self.map_file, self.day_file)
        return Pace(_speed(self.speed))


def found_town(order: TownOrder, manner: Manner) -> None:
    """Open a town and let it live until its days are over."""
    if order.house and order.model:
        raise ShownToUser("Say --house or --model, not both.")
    mayor = mayor_player(order.mayor)
    governing = mayor.removeprefix("model:") if mayor.startswith("model:") else ""
    for name in filter(None, (order.model, governing)):
        find_model(name, Settings().models)  # before anything is opened
    town = order.town()
    players, wishes = order.players(town), [wish_in(text) for text in order.policies]
    need_possible(town, [seat for seat in players if seat not in town.environment], wishes)

    async def opened(arena: Arena) -> Table:
        table = await arena.open(town, players, room=ROOM, seed=order.seed)
        for wish in wishes:
            await table.submit(HOST, wish)
        return table

    _live(opened, manner)


def resume_town(match_id: str, manner: Manner) -> None:
    """Let a town go on until its days are over."""

    async def woken(arena: Arena) -> Table:
        table = await arena.wake(match_id)
        a_town(table.setup)
        if table.setup.room != ROOM:
            raise ShownToUser("This town lives in a channel: start the bot, and it goes on there.")
        if table.over:
            raise ShownToUser(
                f"The days of this town are over; see: python bot.py town news {match_id}"
            )
        await table.resume()
        return table

    _live(woken, manner)


def _speed(text: str) -> float | None:
    """Return a speed; None for the fastest.  Raises ShownToUser."""
    if text == FASTEST:
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = 0
    if not 0.1 <= speed <= 1e6:
        raise ShownToUser(
            f"A speed is a number from 0.1 to 1,000,000, or {FASTEST}, not {quoted(text)}."
        )
    return speed


def _live(opened: Callable[[Arena], Awaitable[Table]], manner: Manner) -> None:
    pace = manner.pace()
    write_log(logging.ERROR)
    try:
        told = asyncio.run(_lived(opened, pace, watch=manner.watch))
    except Quit:  # how to go on has been said
        return
    if manner.map_file:
        write_map(told.drawing(told.tick), manner.map_file)
    if manner.day_file:
        write_day(told, manner.day_file)


async def _lived(
    opened: Callable[[Arena], Awaitable[Table]], pace: Pace, *, watch: bool
) -> History:
    people: Mapping[Seat, Player] = {CLOCK: pace, MAYOR: MayorPerson(lines(sys.stdout))}
    wiring = Wiring(Settings(), person=lambda seat: people.get(seat) or Away())
    async with wiring.arena() as arena:
        table = await opened(arena)
        lives_here = table.players[table.match.seats[0]]
        table.house_rules = HouseRules(comers=partial(comers, lives_here))
        town, match, began = a_town(table.setup), table.match, time.monotonic()
        before = len(match.turns)
        with _progress(table, town, watch=watch):
            try:
                await arena.play(table)
            finally:
                await table.settle()
                if not table.over:
                    again = f"python bot.py town resume {table.setup.match_id}"
                    say(f"The town is kept. Go on with: {again}")
        told = History(town, match.seats, match.turns)
        if table.over:
            _conclude(table, told, len(match.turns) - before, time.monotonic() - began)
        return told


@contextmanager
def _progress(table: Table, town: Town, *, watch: bool) -> Iterator[None]:
    """Show how far the town has come, or what happens in it, while it lives."""
    console = Console(file=sys.stderr)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[answers]} answers"),
        TimeElapsedColumn(),
    )
    typing = is_person(table.players[MAYOR])  # a bar would run over what is typed
    hidden = watch or typing or not console.is_terminal
    shown = Progress(*columns, console=console, disable=hidden)
    clock = town.start.clock
    with shown as progress:
        task = progress.add_task(town.start.name, total=town.end, answers=len(table.match.turns))

        def tell(entry: Entry) -> None:
            now = min(town_tick(table.match.state), table.match.state.horizon)
            when = f"{town.start.name}, {clock.at(now)}"
            answers = len(table.match.turns)
            progress.update(task, description=when, completed=now, answers=answers)
            for event in entry.events:
                if isinstance(event, Substituted | Paused):
                    say(str(event.told()))
                elif watch and (line := deed_line(event, clock)):
                    say(line, 4)

        table.watchers.append(tell)
        yield


def _conclude(table: Table, told: History, answers: int, seconds: float) -> None:
    """Print what the days have come to."""
    match, match_id = table.match, table.setup.match_id
    name, clock = told.start.name, told.start.clock
    say(f"{name} has lived from {clock.at(0)} to {clock.at(told.tick)}.")
    say("")
    for line in residents_table(told):
        say(line, 4)
    say("")
    if match.state.term is not None:
        say(term_told(match.state))
    say(f"{answers:,} answers in {seconds:.1f} s. Fingerprint: {final_hash(match.state)[:16]}")
    say(f"The newspaper: python bot.py town news {match_id}")
    say(f"The map:       python bot.py town map {match_id} --out map.png")

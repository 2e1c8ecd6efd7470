"""Looking at towns: where everybody is, what happened, what it cost, and in which newspaper."""

import asyncio
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import typer

from bot.arena.events import player_name
from bot.arena.outbox import players_after
from bot.arena.snapshots import turn_in
from bot.arena.transcript import FORMATS, export
from bot.cli.town_files import a_town, checked_out, say, write_day, write_map, write_out
from bot.cli.town_tables import aligned, deed_line, residents_table, transfer_row
from bot.errors import ShownToUser
from bot.pictures.charts import render_chart
from bot.pictures.town_charts import chart_of
from bot.ports import Stored, Summary
from bot.settings import Settings
from bot.wiring import Wiring
from games.core import SPECTATOR, Seat, Turn, clean, quoted
from towns.affairs import term_told
from towns.clock import GameTime, clock_minutes
from towns.events import MAYOR, MovedIn, TownEvent
from towns.history import History
from towns.ledger import resident_account
from towns.newspaper import newspaper
from towns.state import final_hash
from towns.subjects import Subject
from towns.town import Town

MOST_LISTED = 1_000


@dataclass(frozen=True)
class Kept:
    """A town as it is kept."""

    stored: Stored
    town: Town
    turns: Sequence[Turn[TownEvent]]

    def history(self) -> History:
        """Return what it has been through."""
        return History(self.town, self.stored.setup.seats, self.turns)

    @cached_property
    def residents(self) -> Sequence[Seat]:
        """Everybody who ever lived there, in the order of moving in."""
        events = (event for turn in self.turns for event in turn.events)
        return list(dict.fromkeys(one.seat for one in events if isinstance(one, MovedIn)))

    def seat(self, name: str) -> Seat:
        """Return a resident by name.  Raises ShownToUser."""
        for seat in self.residents:
            if seat.casefold() == name.casefold():
                return seat
        known = ", ".join(self.residents)
        raise ShownToUser(f"Nobody called {quoted(name)} lives there; choose from {known}.")


def kept_town(match_id: str) -> Kept:
    """Return a town out of the store.  Raises ShownToUser, UnknownMatch."""
    stored = asyncio.run(_load(match_id))
    turns = [turn for entry in stored.entries if (turn := turn_in(entry))]
    return Kept(stored, a_town(stored.setup), turns)


def list_towns() -> None:
    """Print a line for each town."""
    found = [one for one in asyncio.run(_summaries()) if one.game == Town.name]
    if not found:
        say("No town has been founded yet. Found one: python bot.py town run")
    for one in found:
        state = "over" if one.closed else "open"
        people = [seat for seat in one.seats if seat not in Town.environment]
        say(
            f"{one.match_id}  {one.opened_at:%Y-%m-%d %H:%M}  {state}  {len(people)} residents: "
            f"{', '.join(people)}"
        )


def show_status(match_id: str) -> None:
    """Print how a town stands."""
    kept = kept_town(match_id)
    told = kept.history()
    state = "Its days are over." if kept.stored.outcome else "It goes on."
    say(f"{told.start.name}: {told.start.about}")
    say(f"It is {told.start.clock.at(told.tick)}. {state}")
    for place, people in told.drawing(told.tick).by_place.items():
        say(f"  {place}: {', '.join(people)}")
    if term := term_told(told.state):
        say(f"{term} The mayor is {player_name(players_after(kept.stored.entries)[-1][MAYOR])}.")
    coins = sum(told.cash(told.tick).values())
    say(
        f"{len(told.calls):,} answers, {len(told.transfers):,} transfers; the residents own "
        f"{coins:,} coins."
    )


def show_residents(match_id: str) -> None:
    """Print a table of the residents, and what each plans and needs."""
    told = kept_town(match_id).history()
    for line in residents_table(told):
        say(line, 4)
    for seat, one in told.state.residents.items():
        plan = f"plans {one.plan.place}, {one.plan.purpose}" if one.plan else "has no plan"
        work = one.profile.job or one.profile.work or "no work"
        say(f"\n{seat}, {work}, lives at {one.profile.home}; {plan}. Needs: {one.needs}.")


def show_map(
    match_id: str, out: Path | None, day_file: Path | None, day: int | None, hour: str
) -> None:
    """Tell what the map shows, and write it."""
    checked_out(out, day_file)
    told = kept_town(match_id).history()
    drawing = told.drawing(_moment(told, day, hour))
    say(drawing.alt_text())
    if out:
        write_map(drawing, out)
    if day_file:
        write_day(told, day_file, day)


def show_chart(match_id: str, subject: Subject, out: Path | None, csv: Path | None) -> None:
    """Tell what a chart shows, and write it."""
    checked_out(out, csv)
    kept = kept_town(match_id)
    chart = chart_of(kept.town, kept.stored, subject)
    say(chart.alt_text())
    if out:
        write_out(out, render_chart(chart))
    if csv:
        write_out(csv, chart.table().encode())


def show_news(match_id: str, day: int | None) -> None:
    """Print the newspaper of each day, or of one."""
    kept = kept_town(match_id)
    told = kept.history()
    days = told.days()
    if day is not None and day not in days:
        raise ShownToUser(f"There is no day {day} yet; the last one is day {days[-1]}.")
    seen = [event for turn in kept.turns for event in turn.events if event.seen_by(SPECTATOR)]
    start, guide = told.start, told.state.ground.guide
    issues = [
        newspaper(seen, guide, start.catalogue, start.clock, one).plain()
        for one in (days if day is None else [day])
    ]
    say("\n\n\n".join(issues))


def show_ledger(match_id: str, resident: str) -> None:
    """Print the transfers, and what every account holds."""
    kept = kept_town(match_id)
    told = kept.history()
    account = resident_account(kept.seat(resident)) if resident else ""
    rows = [
        transfer_row(one, told.start.clock)
        for one in told.transfers
        if not account or account in (one.debit, one.credit)
    ]
    head = ["no.", "time", "from", "to", "coins", "for"]
    for line in aligned([head, *rows], numbers=(0, 4)):
        say(line, 4)
    balances = told.state.ledger.balances
    if account:
        say(f"Holds now: {balances[account]:,} coins.")
    else:
        say(f"The sum of all {len(balances)} accounts is {sum(balances.values())}.")


def show_history(match_id: str, resident: str, day: int | None) -> None:
    """Print what was done and said, in order of time."""
    kept = kept_town(match_id)
    clock = kept.town.start.clock
    viewer = kept.seat(resident) if resident else SPECTATOR
    events = [event for turn in kept.turns for event in turn.events if event.seen_by(viewer)]
    told = [(event, line) for event in events if (line := deed_line(event, clock))]
    for event, line in sorted(told, key=lambda one: getattr(one[0], "tick", 0)):
        if day is None or clock.at(getattr(event, "tick", 0)).day == day:
            say(line, 4)


def replay_town(match_id: str) -> None:
    """Make a town anew from its journal, and print its fingerprint."""
    kept = kept_town(match_id)
    began = time.monotonic()
    told = kept.history()
    seconds = time.monotonic() - began
    say(
        f"{len(kept.turns):,} turns lived again in {seconds:.2f} s, up to "
        f"{told.start.clock.at(told.tick)}, and nobody was asked. "
        f"Fingerprint: {final_hash(told.state)[:16]}"
    )


def export_town(match_id: str, file: Path) -> None:
    """Write all that happened to a file."""
    checked_out(file)
    kind = file.suffix.removeprefix(".")
    if kind not in FORMATS:
        raise ShownToUser("Name a file that ends in .json, .md or .html.")
    if file.exists():
        raise ShownToUser(f"{clean(str(file), 200)} exists already: choose another name.")
    write_out(file, export(kept_town(match_id).stored, "full", kind).encode())


def delete_town(match_id: str, *, yes: bool) -> None:
    """Delete a town for good."""
    kept = kept_town(match_id)
    name = kept.town.start.name
    if not yes and not sys.stdin.isatty():
        raise ShownToUser("A town that is deleted is gone for good: say --yes.")
    if yes or typer.confirm(f"Delete {name} with {len(kept.turns):,} turns for good?"):
        asyncio.run(_delete(match_id))
        say(f"{name} is deleted.")
    else:
        say("Nothing was deleted.")


def _moment(told: History, day: int | None, hour: str) -> int:
    """Return a tick that lies in the past, by default the last one.  Raises ShownToUser."""
    clock = told.start.clock
    if day is None and not hour:
        return told.tick
    try:
        minutes = clock_minutes(hour) if hour else 23 * 60 + 59
    except ValueError as why:
        raise ShownToUser(str(why)) from None
    day = day or clock.at(told.tick).day
    tick = clock.tick(GameTime(day, *divmod(minutes, 60)))
    if not hour:
        tick = min(tick, told.tick)
    if not 0 <= tick <= told.tick or day not in told.days():
        raise ShownToUser(
            f"The town has lived from {clock.at(0)} to {clock.at(told.tick)}: choose a time there."
        )
    return tick


async def _load(match_id: str) -> Stored:
    async with Wiring(Settings()).store() as store:
        return await store.load(match_id)


async def _summaries() -> Sequence[Summary]:
    async with Wiring(Settings()).store() as store:
        return await store.matches(limit=MOST_LISTED)


async def _delete(match_id: str) -> None:
    async with Wiring(Settings()).store() as store:
        await store.delete(match_id)

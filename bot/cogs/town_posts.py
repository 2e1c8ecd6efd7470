"""What is told of a town, time by time: the same messages whenever they are made."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.arena.table import Table
from bot.arena.towns import Telling
from bot.cogs.controls import cut
from bot.cogs.speech import BOT, LIMIT, Utterance, Voice, plain
from bot.cogs.town_shown import game_of
from games.core import Event, Seat
from towns.clock import Clock, GameTime
from towns.decrees import Governed, HoursSet, MayorAppointed, PriceSet, TaxSet, TermEnded
from towns.events import Built, MovedAway, MovedIn, Said, Used, WishHeard
from towns.newspaper import newspaper

HOUR: Final = 60
LIVE_MINUTES: Final = 10
"""Of a time that is told at once where residents are heard live."""
_TOLD: Final = (
    MovedIn, MovedAway, Built, PriceSet, TaxSet, HoursSet, MayorAppointed, TermEnded,
)  # fmt: skip
"""What the town itself does, after its first moment."""
MOST_LINES: Final = 10
"""Lines of talks in such a time that are shown one by one; Discord takes no more."""


@dataclass(frozen=True)
class Post:
    """One message about a town."""

    utterance: Utterance
    day: int = 0
    """Of the newspaper that it is, which stands in the channel with a map; 0 for none."""
    in_channel: bool = False


def next_end(table: Table, since: int, telling: Telling) -> int:
    """Return the tick at which the time ends that is told next: an hour, a day, or all.

    Ticks need not fall on full hours: a time ends with the first tick that is not before one.
    """
    game = game_of(table)
    clock: Clock = game.start.clock
    minutes = HOUR if telling is Telling.DIGEST else LIVE_MINUTES
    now = clock.at(since)
    mark = (now.minutes // minutes + 1) * minutes
    return min(clock.tick(GameTime(now.day, *divmod(mark, 60))), game.end)


def ends_day(clock: Clock, tick: int) -> bool:
    """Return whether a day is over at a tick, and was not before it."""
    return clock.at(tick).day != clock.at(tick - 1).day


def first_of(table: Table, tick: int, after: int = 0) -> int:
    """Return where in the log the first event of a tick or later stands; not before `after`."""
    log = table.match.log
    return next((at for at in range(after, len(log)) if _tick(log[at]) >= tick), len(log))


def hour_of(clock: Clock, tick: int) -> int:
    """Return the first tick of an hour."""
    now = clock.at(tick)
    return max(0, clock.tick(GameTime(now.day, now.hour, 0)))


async def posts_of(
    table: Table, since: int, until: int, telling: Telling, begin: int = 0
) -> Sequence[Post]:
    """Return all that is told of a time that is over for everybody.

    `begin` is where in the log the hour of `since` can begin: a long life is not read each time.
    """
    game = game_of(table)
    clock: Clock = game.start.clock
    hour = hour_of(clock, until - 1) if telling is Telling.LIVE else since
    happened = [one for one in table.match.log[begin:] if hour <= _tick(one) < until]
    live = _heard_live(clock, happened) if telling is Telling.LIVE else []
    told = [_heard(table, one) for one in live if one.tick >= since]
    if telling is Telling.DIGEST or hour_of(clock, until) != hour or until == game.end:
        heard = set(map(id, live))
        rest = [one for one in happened if id(one) not in heard]
        told += _digest(f"**{clock.at(hour)} to {clock.at(until).time}**", rest)
    if ends_day(clock, until) or until == game.end:
        told.append(await issue(table, clock.at(until - 1).day))
    if until == game.end and table.match.outcome:
        end = plain(str(table.match.outcome.reason))
        told.append(Post(Utterance(BOT, end), in_channel=True))
    return told


async def issue(table: Table, day: int) -> Post:
    """Return the newspaper of a day; all that ever happened is read for it, in a thread."""
    ground = table.match.state.ground
    start = ground.start
    seen = table.match.public_view()
    paper = await asyncio.to_thread(
        newspaper, seen, ground.guide, start.catalogue, start.clock, day
    )
    return Post(Utterance(BOT, paper.markdown()), day, in_channel=True)


def _heard(table: Table, line: Said) -> Post:
    person = table.players[line.seat].startswith("person:")
    voice = Voice(str(line.seat) if person else f"{line.seat} (AI)")
    return Post(Utterance(voice, plain(line.words) or "…"))


def _heard_live(clock: Clock, happened: Sequence[Event]) -> Sequence[Said]:
    """Return the lines of an hour that are heard one by one: the first of each ten minutes."""
    lines: dict[int, list[Said]] = {}
    for one in happened:
        if isinstance(one, Said):
            lines.setdefault(clock.at(one.tick).minute // LIVE_MINUTES, []).append(one)
    return [one for said in lines.values() for one in said[:MOST_LINES]]


def _digest(title: str, happened: Sequence[Event]) -> Iterator[Post]:
    """Yield one message with all that is not told one by one, if there was anything."""
    if lines := [*_comings(happened), *_talks(happened), *_deeds(happened)]:
        yield Post(Utterance(BOT, _fitting(title, lines)))


def _fitting(title: str, lines: Sequence[str]) -> str:
    """Return as many lines as a message can hold, and how many more there are."""
    kept, room = [title], LIMIT - len(title) - 30
    for number, line in enumerate(lines):
        room -= len(line) + 1
        if room < 0:
            kept.append(f"… and {len(lines) - number} more.")
            break
        kept.append(line)
    return "\n".join(kept)


def _comings(happened: Sequence[Event]) -> Iterator[str]:
    for one in happened:
        refused = isinstance(one, WishHeard | Governed) and one.why
        if refused or (isinstance(one, _TOLD) and one.tick > 0):
            yield f"- {plain(str(one.told()))}"


def _talks(happened: Sequence[Event]) -> Iterator[str]:
    """Yield a line for each talk: who took part, and how it began."""
    talks: dict[str, list[Said]] = {}
    for one in happened:
        if isinstance(one, Said):
            talks.setdefault(one.talk, []).append(one)
    for said in talks.values():
        who = " and ".join(f"**{plain(seat)}**" for seat in dict.fromkeys(one.seat for one in said))
        first = next((cut(one.words, 160) for one in said if one.words), "")
        quote = f": “{plain(first)}”" if first else ""
        count = "one line" if len(said) == 1 else f"{len(said)} lines"
        yield f"- {who}, {count}{quote}"


def _deeds(happened: Sequence[Event]) -> Iterator[str]:
    """Yield a line for each resident with what it did, in order."""
    done: dict[Seat, list[str]] = {}
    for one in happened:
        if isinstance(one, Used):
            good = f" ({one.good})" if one.good else ""
            done.setdefault(one.seat, []).append(f"{one.operation}{good} at {one.place}")
    for seat, what in done.items():
        yield f"- **{plain(seat)}**: {plain(cut('; '.join(dict.fromkeys(what)), 300))}"


def _tick(event: Event) -> int:
    """Return when something happened; -1 for what has no time of its own."""
    tick = vars(event).get("tick", -1)
    return tick if isinstance(tick, int) else -1

"""What is told of a town, time by time: the same messages whenever they are made.  Pure."""

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
    """Return the tick at which the time ends that is told next: an hour, a day, or all."""
    game = game_of(table)
    clock: Clock = game.start.clock
    minutes = HOUR if telling is Telling.DIGEST else LIVE_MINUTES
    midnight = clock.tick(GameTime(clock.at(since).day + 1, 0, 0))
    return min(since + clock.ticks(minutes), midnight, game.end)


def posts_of(table: Table, since: int, until: int, telling: Telling) -> Sequence[Post]:
    """Return all that is told of a time that is over for everybody."""
    told = [_heard(table, one) for one in _heard_live(table, since, until, telling)]
    told += _digest(table, since, until, telling)
    clock = game_of(table).start.clock
    if clock.at(until).time == "00:00" or until == game_of(table).end:
        told.append(issue(table, clock.at(until - 1).day))
    if until == game_of(table).end and table.match.outcome:
        end = plain(str(table.match.outcome.reason))
        told.append(Post(Utterance(BOT, end), in_channel=True))
    return told


def issue(table: Table, day: int) -> Post:
    """Return the newspaper of a day."""
    ground = table.match.state.ground
    start = ground.start
    seen = table.match.public_view()
    paper = newspaper(seen, ground.guide, start.catalogue, start.clock, day)
    return Post(Utterance(BOT, paper.markdown()), day, in_channel=True)


def _heard(table: Table, line: Said) -> Post:
    person = table.players[line.seat].startswith("person:")
    voice = Voice(str(line.seat) if person else f"{line.seat} (AI)")
    return Post(Utterance(voice, plain(line.words) or "…"))


def _heard_live(table: Table, since: int, until: int, telling: Telling) -> Sequence[Said]:
    """Return the lines that are heard one by one."""
    if telling is not Telling.LIVE:
        return ()
    lines = [one for one in _happened(table, since, until) if isinstance(one, Said)]
    return lines[:MOST_LINES]


def _digest(table: Table, since: int, until: int, telling: Telling) -> Iterator[Post]:
    """Yield one message with all else of the hour that ends, if there was anything."""
    clock = game_of(table).start.clock
    if telling is Telling.LIVE:
        if clock.at(until).minute and until < game_of(table).end:
            return
        last = clock.at(until - 1)
        since, ten = max(0, clock.tick(GameTime(last.day, last.hour, 0))), clock.ticks(LIVE_MINUTES)
    else:
        ten = until - since
    heard = {
        id(one)
        for start in range(since, until, ten)
        for one in _heard_live(table, start, min(start + ten, until), telling)
    }
    happened = [one for one in _happened(table, since, until) if id(one) not in heard]
    title = f"**{clock.at(since)} to {clock.at(until).time}**"
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


def _happened(table: Table, since: int, until: int) -> Sequence[Event]:
    return [one for one in table.match.log if since <= _tick(one) < until]


def _tick(event: Event) -> int:
    """Return when something happened; -1 for what has no time of its own."""
    tick = vars(event).get("tick", -1)
    return tick if isinstance(tick, int) else -1

"""The newspaper of a town: what a day was like, told by rule from what everybody could watch."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from games.core import Seat, Text, listed
from towns.catalogue import Catalogue, Need
from towns.clock import Clock, GameTime, Hours, clock_text
from towns.events import Finished, MovedAway, MovedIn, Paid, Said, TalkBegun, TownEvent, Used
from towns.ledger import Transfer, is_gift, resident_account
from towns.situation import Guide
from towns.town_hall import Decided, hours_known, town_hall

LONGEST: Final = 2_000
"""Characters; as many as one message of Discord takes."""
LONGEST_QUOTE: Final = 160
_MARKUP: Final = re.compile(r"([\\*_~`|<>#\[\]()])")


@dataclass(frozen=True)
class Story:
    """A headline and what stands below it."""

    headline: Text
    text: Text


@dataclass(frozen=True)
class Newspaper:
    """One issue; the most important stories stand first."""

    title: Text
    day: Text
    stories: tuple[Story, ...]
    tomorrow: Text

    def plain(self) -> str:
        """Return it as lines without markup."""
        told = [f"{story.headline}\n{story.text}" for story in self.stories]
        return "\n\n".join([f"{self.title}, {self.day}", *told, str(self.tomorrow)])

    def markdown(self) -> str:
        """Return it as Markdown of LONGEST characters at most; later stories are left out first."""
        head = f"## {_escaped(self.title)}\n-# {_escaped(self.day)}"
        foot = f"*{_escaped(self.tomorrow)}*"
        kept, room = [head], LONGEST - len(head) - len(foot) - 2
        for story in self.stories:
            told = f"**{_escaped(story.headline)}**\n{_escaped(story.text)}"
            if len(told) + 2 <= room:
                kept.append(told)
                room -= len(told) + 2
        return "\n\n".join([*kept, foot])


@dataclass(frozen=True)
class Day:
    """What was to be seen on one day, sorted."""

    guide: Guide
    catalogue: Catalogue
    number: int
    came: Sequence[MovedIn]
    """Not those who founded the town."""
    left: Sequence[MovedAway]
    decided: Sequence[Decided]
    """What the town itself has done."""
    transfers: Sequence[Transfer]
    uses: Sequence[Used]
    finished: Sequence[Finished]
    talks: Sequence[TalkBegun]
    lines: Sequence[Said]
    cash: Mapping[Seat, int]
    """Of those who live here when the day is over."""
    hours: Mapping[str, Hours]
    """Of all buildings when the day is over."""

    def chance(self, what: str) -> Random:
        """Return the same chance for the same day, so that an issue never changes."""
        return Random(f"{self.guide.name}/{self.number}/{what}")


def newspaper(
    events: Iterable[TownEvent], guide: Guide, catalogue: Catalogue, clock: Clock, day: int
) -> Newspaper:
    """Return the issue of a day, made of what was seen of the town since it was founded."""
    today = _day(events, guide, catalogue, clock, day)
    stories = [story for write in _DESKS for story in write(today)]
    if not stories:
        quiet = Text("Nothing happened, and it happened slowly. The goose has no comment.")
        stories = [Story(Text("A quiet day"), quiet)]
    return Newspaper(
        Text("The {town} Gazette", town=guide.name),
        Text("day {day}", day=day),
        tuple(stories),
        _tomorrow(today.hours, day + 1),
    )


def _day(
    events: Iterable[TownEvent], guide: Guide, catalogue: Catalogue, clock: Clock, day: int
) -> Day:
    since, until = clock.tick(GameTime(day, 0, 0)), clock.tick(GameTime(day + 1, 0, 0))
    dated = [(_tick(event), event) for event in events]
    past = [one for one in dated if one[0] < until]
    later = [event for tick, event in dated if tick >= until]
    today = [event for tick, event in past if tick >= since]
    return Day(
        guide=guide,
        catalogue=catalogue,
        number=day,
        came=[one for one in today if isinstance(one, MovedIn) and one.tick > 0],
        left=[one for one in today if isinstance(one, MovedAway)],
        decided=[one for one in today if isinstance(one, Decided) and one.tick > 0],
        transfers=[one.transfer for one in today if isinstance(one, Paid)],
        uses=[one for one in today if isinstance(one, Used)],
        finished=[one for one in today if isinstance(one, Finished)],
        talks=[one for one in today if isinstance(one, TalkBegun)],
        lines=[one for one in today if isinstance(one, Said)],
        cash=_cash([event for _, event in past]),
        hours=hours_known(guide, catalogue, [event for _, event in past], later),
    )


def _tick(event: TownEvent) -> int:
    match event:
        case Paid(transfer):
            return transfer.tick
        case MovedIn() | MovedAway() | Used() | Finished() | TalkBegun() | Said():
            return event.tick
    return event.tick if isinstance(event, Decided) else 0


def _cash(past: Sequence[TownEvent]) -> Mapping[Seat, int]:
    held: Counter[str] = Counter()
    here: dict[Seat, None] = {}
    for event in past:
        match event:
            case Paid(one):
                held[one.debit] -= one.amount
                held[one.credit] += one.amount
            case MovedIn(seat=seat):
                here[seat] = None
            case MovedAway(seat=seat):
                here.pop(seat, None)
    return {seat: held[resident_account(seat)] for seat in here}


# ---- one desk for each subject


def _town_hall(day: Day) -> Iterator[Story]:
    told = [*town_hall(day.decided, day.transfers)]
    if told:
        named = {f"text{number}": one for number, one in enumerate(told)}
        text = Text(" ".join(f"{{{name}}}" for name in named), **named)
        yield Story(Text("News from the town hall"), text)


def _people(day: Day) -> Iterator[Story]:
    for one in day.came:
        what = f", {one.profile.job}" if one.profile.job else ""
        text = Text(
            "{name}{what}, has moved into {home}. The neighbours counted the boxes.",
            name=one.profile.full_name, what=what, home=one.profile.home,
        )  # fmt: skip
        yield Story(Text("{seat} is new in town", seat=one.seat), text)
    for gone in day.left:
        text = Text("{seat} has left town. The key lies under the flowerpot.", seat=gone.seat)
        yield Story(Text("Goodbye, {seat}", seat=gone.seat), text)


def _work(day: Day) -> Iterator[Story]:
    accounts = {resident_account(seat): seat for seat in day.cash}
    earned: Counter[Seat] = Counter()
    for one in day.transfers:
        if one.credit in accounts and not is_gift(one):
            earned[accounts[one.credit]] += one.amount
    if not earned:
        return
    seat, amount = earned.most_common(1)[0]
    duties = Counter(
        one.act.operation for one in day.finished if one.seat == seat and "earned" in one.act.result
    )
    duty = duties.most_common(1)[0][0] if duties else "work"
    text = day.chance("work").choice(
        (
            "{amount} coins in a day, most of them for this: {duty}. The chair is still warm.",
            "Paid {amount} coins, chiefly to {duty}. We hear that the kettle helped.",
            "{amount} coins. Asked for the secret, our reporter was told to {duty}.",
        )
    )
    yield Story(
        Text("{seat} earned the most", seat=seat), Text(text, amount=f"{amount:,}", duty=duty)
    )


def _shopping(day: Day) -> Iterator[Story]:
    bought: Counter[tuple[str, str]] = Counter()
    for use in day.uses:
        if use.good:
            bought[use.good, use.place] += max(1, use.amount)
    if not bought:
        return
    (good, place), number = bought.most_common(1)[0]
    buyers = dict.fromkeys(use.seat for use in day.uses if (use.good, use.place) == (good, place))
    text = day.chance("shopping").choice(
        (
            "{place} sold {number} × {good} today, to {buyers}. No complaints have reached us.",
            "{number} × {good} went over the counter of {place}. {buyers} would know why.",
        )
    )
    told = Text(text, place=place, number=number, good=good, buyers=_some(list(buyers)))
    yield Story(Text("What the town is eating: {good}", good=good), told)


def _talk(day: Day) -> Iterator[Story]:
    if not day.talks:
        return
    pairs = Counter(tuple(sorted((one.seat, one.person))) for one in day.talks)
    pair, times = pairs.most_common(1)[0]
    topics = [one.topic for one in day.talks if tuple(sorted((one.seat, one.person))) == pair]
    topic = next((" ".join(one.split()) for one in topics if one), "")
    total = Text("One talk", n=1) if len(day.talks) == 1 else Text("{n} talks", n=len(day.talks))
    again = Text("once") if times == 1 else Text("{times} times", times=times)
    about = Text(" Subject: {topic}.", topic=_cut(topic.rstrip("."), 80)) if topic else Text("")
    told = Text(
        "{total} in town today. {pair} sat together {again}.{about}",
        total=total, pair=listed(pair), again=again, about=about,
    )  # fmt: skip
    yield Story(Text("{pair} had a lot to say", pair=listed(pair)), told)


def _overheard(day: Day) -> Iterator[Story]:
    said = [one for one in day.lines if len(one.words.split()) > 3]
    if said:
        one = day.chance("overheard").choice(said)
        words = _cut(" ".join(one.words.split()), LONGEST_QUOTE)
        told = Text("“{words}” That was {seat}, within earshot.", words=words, seat=one.seat)
        yield Story(Text("Overheard"), told)


def _places(day: Day) -> Iterator[Story]:
    public = [use for use in day.uses if not day.guide.places[use.place].private]
    if not public:
        return
    place, times = Counter(use.place for use in public).most_common(1)[0]
    visitors = dict.fromkeys(use.seat for use in public if use.place == place)
    text = day.chance("places").choice(
        (
            "{who} made themselves useful or comfortable there, {times} times in all.",
            "Seen there: {who}. Things done: {times}. Things broken: none that we know of.",
        )
    )
    told = Text(text, who=_some(list(visitors)), times=times)
    yield Story(Text("The place to be: {place}", place=place), told)


def _pleasure(day: Day) -> Iterator[Story]:
    fun = [use for use in day.uses if _need(day, use) in (Need.FUN, Need.HEALTH, Need.COMPANY)]
    if fun:
        one = day.chance("pleasure").choice(fun)
        told = Text(
            "{seat} was at {place} to {operation}. We should all do so more often.",
            seat=one.seat, place=one.place, operation=one.operation,
        )  # fmt: skip
        yield Story(Text("Seen by our reporter"), told)


def _money(day: Day) -> Iterator[Story]:
    if len(day.cash) < 2:
        return
    ordered = sorted(day.cash, key=lambda seat: (-day.cash[seat], seat))
    rich, poor = ordered[0], ordered[-1]
    told = Text(
        "{rich} has {most} coins, more than anybody. {poor} has {least} and is said to be happy.",
        rich=rich, most=f"{day.cash[rich]:,}", poor=poor, least=f"{day.cash[poor]:,}",
    )  # fmt: skip
    yield Story(Text("Purses"), told)


def _tomorrow(hours: Mapping[str, Hours], day: int) -> Text:
    opening = [(one.opens, name) for name, one in hours.items() if one.opens and not one.always]
    if not opening:
        return Text("Tomorrow is day {day}.", day=day)
    minutes, place = min(opening)
    told = "Tomorrow is day {day}. {place} opens first, at {time}."
    return Text(told, day=day, place=place, time=clock_text(minutes))


_DESKS: Final[Sequence[Callable[[Day], Iterator[Story]]]] = (
    _people, _town_hall, _work, _talk, _overheard, _shopping, _places, _pleasure, _money,
)  # fmt: skip
"""In the order of their pages."""


def _need(day: Day, use: Used) -> Need:
    return day.catalogue.equipment[use.equipment].operations[use.operation].need


def _some(names: Sequence[str]) -> str:
    """Return names, of many only the first and the number of the others."""
    return listed(names) if len(names) <= 4 else f"{', '.join(names[:3])} and {len(names) - 3} more"


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _escaped(text: Text) -> str:
    return _MARKUP.sub(r"\\\1", str(text))

"""Where towns live, how their time passes, and what was told of them.  Pure, but for a port."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from functools import partial
from typing import Any, Final, Protocol, Self

from bot.administration import MICRO, Amount, Limit
from bot.arena.evaluation import Evaluation
from bot.arena.house_rules import HouseRules, Pace
from games.core import Ask, Event, Seat
from towns.events import CLOCK, MAYOR, MovedIn
from towns.questions import Question, briefing_of

ROOM: Final = "town"
"""How the name of a town's room begins, for the arena."""
_QUICKEST: Final = 1.0
"""Seconds between two steps of the clock; the arena looks once a second."""
NOBODY: Final = "house:easy"
"""Who sits in the mayor's office while nobody governs: everything stays as it is."""
_BEAT: Final = 600
"""Game seconds that one step gives, where it is not the quickest."""


class CatchUp(StrEnum):
    """What becomes of the time in which the bot was down."""

    SKIP = "skip"
    RUN = "run"


class Telling(StrEnum):
    """How residents are heard."""

    DIGEST = "digest"
    """One message for each game hour at most."""
    LIVE = "live"
    """Every line in the resident's own voice, and the rest of an hour in one message."""


class Per(StrEnum):
    """What a town's budget is for."""

    DAY = "game day"
    ALL = "whole life"


@dataclass(frozen=True)
class Told:
    """How far a town was told of."""

    until: int = 0
    """The tick before which everything was told."""
    posts: int = 0
    """Messages told of the time after it."""
    in_thread: int = 0
    """The last message there; 0 for none."""
    in_channel: int = 0


@dataclass(frozen=True)
class TownPlace:
    """Where a town lives; servers, channels and people by Discord's ids."""

    match_id: str
    guild: int
    channel: int
    opener: int
    """Who has founded it, and pays for it."""
    cause: str
    """The interaction that founded it; unique."""
    open: bool = True
    thread: int = 0
    """Where residents are heard; 0 while there is none."""
    message: int = 0
    """The live message; 0 while there is none."""
    former: int = 0
    """The live message before it, whose thread is gone; 0 for none."""
    going: bool = False
    """Whether its time passes by itself."""
    speed: float = 60.0
    """Game seconds in a second."""
    catch_up: CatchUp = CatchUp.SKIP
    telling: Telling = Telling.DIGEST
    seconds: int = 120
    """How long a member who is a resident may think."""
    seconds_per_tick: int = 10
    """Game seconds; fixed by the town's tables."""
    player: str = "house:hard"
    """Who plays residents that no member is."""
    limit: Limit = field(default_factory=Limit)
    """The most that its models may cost."""
    per: Per = Per.ALL
    before: Amount = field(default_factory=Amount)
    """What its models had cost when the budget began anew."""
    told: Told = field(default_factory=Told)
    evaluation: Evaluation = field(default_factory=Evaluation)
    """What residents are asked on a schedule."""

    @property
    def room(self) -> str:
        """How the arena calls it: server, payer and town."""
        return f"{ROOM}:{self.guild}:{self.opener}:{self.match_id}"

    def house_rules(self) -> HouseRules:
        """Return what the town asks of its table."""
        every = max(_QUICKEST, _BEAT / self.speed)
        pace = Pace(None)
        if self.going:
            pace = Pace(every, self.speed / self.seconds_per_tick, self.catch_up is CatchUp.RUN)
        return HouseRules(
            self.seconds,
            None,
            tells_faults=False,
            paces={CLOCK: pace},
            stand_ins={MAYOR: NOBODY},
            comers=partial(comers, self.player),
        )

    def spent(self, cost: Amount) -> str:
        """Return which budget is used up, in words; "" for none.  `cost` is of its whole life."""
        for unit, limit in vars(self.limit).items():
            used = getattr(cost, unit) - getattr(self.before, unit)
            if limit is not None and used >= limit:
                many = f"{limit / MICRO:,.2f} in money" if unit == "money" else f"{limit:,} {unit}"
                return f"{many} for its {self.per}"
        return ""

    def has_told(self, message: int, *, thread: bool) -> Self:
        """Return it after one more message."""
        where = {"in_thread" if thread else "in_channel": message}
        return replace(self, told=replace(self.told, posts=self.told.posts + 1, **where))

    def has_told_until(self, tick: int) -> Self:
        """Return it after all of a time was told."""
        return replace(self, told=replace(self.told, until=tick, posts=0))

    def has_lost(self, thread: int) -> Self:
        """Return it without this thread, and with a live message to come that can have another."""
        if thread != self.thread:
            return self
        told = replace(self.told, in_thread=0)
        return replace(self, thread=0, message=0, former=self.message, told=told)

    def to_json(self) -> str:
        """Return all of it."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return what `to_json` wrote."""
        kept: dict[str, Any] = json.loads(text)
        return cls(
            **{
                **kept,
                "catch_up": CatchUp(kept["catch_up"]),
                "telling": Telling(kept["telling"]),
                "per": Per(kept["per"]),
                "limit": Limit(**kept["limit"]),
                "before": Amount(**kept["before"]),
                "told": Told(**kept["told"]),
                "evaluation": Evaluation.from_dict(kept.get("evaluation", {})),
            }
        )


def comers(player: str, event: Event) -> Mapping[Seat, str]:
    """Return who moves in with an event, as everybody is played whom no member plays."""
    return {event.seat: player} if isinstance(event, MovedIn) else {}


class TownStore(Protocol):
    """Keeps where towns live."""

    async def save(self, town: TownPlace) -> None:
        """Write a town, new or in place of what it was.  Raises AlreadyDone for a known cause."""

    async def town(self, match_id: str) -> TownPlace | None:
        """Return a town; None where there is none."""

    async def made_by(self, cause: str) -> TownPlace | None:
        """Return the town that an interaction has founded; None where there is none."""

    async def open_towns(self) -> Sequence[TownPlace]:
        """Return all that are not over, in the order of their ids."""


_ASKED: Final = frozenset(
    {Question.JOB, Question.PLAN, Question.ACT, Question.AMOUNT, Question.CRITIC, Question.TALK}
)


def is_for_people(ask: Ask) -> bool:
    """Return whether a member who is a resident is asked; what one remembers is left to rules."""
    return briefing_of(ask).what in _ASKED

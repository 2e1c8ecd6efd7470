"""How house bots play a game from a file: they try answers out and take what pays best."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import TYPE_CHECKING, Final

from games.core import PASS, Ask, Kind, Level, Seat, View
from games.recipes.asking import reply_to, text_for
from games.recipes.events import Begun, RoleGiven, RoleShown, Said, Told, Whispered
from games.recipes.play import Reply
from games.recipes.recipe import MODERATOR, SLOT, Cell, Phase, Points, Ranks
from games.recipes.scoring import Facts, gains

if TYPE_CHECKING:
    from games.recipes.recipe_game import RecipeGame

TRIALS: Final = {Level.EASY: 0, Level.MEDIUM: 8, Level.HARD: 30}
"""How often each answer is tried out against answers that others might give."""
MOSTLY: Final = 0.75
OTHER_ANSWERS: Final = 20
"""Of many numbers, how many are tried."""


def answer_for(game: "RecipeGame", view: View, ask: Ask, level: Level, rng: Random) -> str:
    """Return what a house bot answers: what pays best as far as it can see, or anything legal."""
    begun = [event for event in view.events if isinstance(event, Begun)][-1]
    phase = game.recipe.phases[begun.phase]
    if view.seat == MODERATOR:
        return ask.default or _verdict(ask, rng)
    if ask.kind is Kind.TEXT:
        return _line(view, phase, rng) or ask.sample(rng)
    tried = _tried(ask, rng)
    paying = [one for each in game.recipe.phases for one in each.points if one.phase == phase.name]
    if not (tried and paying and TRIALS[level]):
        return ask.sample(rng)
    worth = dict.fromkeys(tried, 0.0)
    known = _Known(game, view)
    for _ in range(TRIALS[level]):
        replies = known.others(phase, ask, level, rng)
        for answer in tried:
            own = reply_to(phase.question, ask.parse(answer), None)
            worth[answer] += known.worth(paying, phase, {**replies, view.seat: own})
    best = max(worth.values())
    return rng.choice([answer for answer in tried if worth[answer] == best])


def _line(view: View, phase: Phase, rng: Random) -> str:
    """Return one of the lines of a phase, mostly one with a value; "" where it knows none."""
    told = _told(view)
    values = {name: rng.choice(v) if isinstance(v, tuple) else v for name, v in told.items() if v}
    lines = [line for line in phase.lines if values.keys() >= set(SLOT.findall(line))]
    if rng.random() < MOSTLY:
        lines = [line for line in lines if SLOT.search(line)] or lines
    return str(text_for(rng.choice(lines), values)) if lines else ""


def _verdict(ask: Ask, rng: Random) -> str:
    """Return what a moderator says who cannot judge: anything legal, and no words."""
    if not ask.fields:
        return ask.sample(rng)
    said = {
        name: PASS if part.optional and part.kind is Kind.TEXT else part.sample(rng)
        for name, part in ask.fields.items()
    }
    return "\n".join(f"{name}: {value}" for name, value in said.items())


def _tried(ask: Ask, rng: Random) -> Sequence[str]:
    """Return the answers worth trying; none where there are too many kinds of them."""
    if ask.kind is Kind.ONE_OF:
        return ask.choices
    if ask.kind is not Kind.NUMBER:
        return ()
    steps = range(ask.steps + 1)
    tried = steps if len(steps) <= OTHER_ANSWERS else rng.sample(steps, OTHER_ANSWERS)
    return [str(ask.number(step)) for step in sorted(tried)]


def _told(view: View) -> Mapping[str, object]:
    """Return every value that the seat has been told in words, the newest of each name."""
    values: dict[str, object] = {}
    for event in view.events:
        if isinstance(event, (Told, Whispered)):
            values |= event.text.values
    return values


class _Known:
    """What a seat has seen, put as the rules want it."""

    def __init__(self, game: "RecipeGame", view: View) -> None:
        self.game = game
        self.seat = view.seat
        self.seats = view.seats
        self.roles: dict[Seat, str] = {}
        self.said: dict[str, dict[Seat, Reply]] = {}
        """The last answer of each seat in each phase."""
        self._told = _told(view)
        self._won: dict[Seat, float] = {}
        phase = ""
        for event in view.events:
            match event:
                case Begun(number):
                    phase = game.recipe.phases[number].name
                case RoleGiven(seat, role) | RoleShown(seat, role):
                    self.roles[seat] = role
                case Said(seat, words, picks):
                    self.said.setdefault(phase, {})[picks.about or seat] = Reply(words, picks)

    def others(self, phase: Phase, ask: Ask, level: Level, rng: Random) -> Mapping[Seat, Reply]:
        """Return what the others might answer; on the hardest level they may stay as they were."""
        replies = {}
        before = self.said.get(phase.name, {})
        for seat in self.seats:
            if seat in before and level is Level.HARD and rng.random() < 0.5:
                replies[seat] = before[seat]
            elif seat != self.seat:
                replies[seat] = reply_to(phase.question, ask.parse(ask.sample(rng)), None)
        return replies

    def worth(self, paying: Sequence[Points], phase: Phase, replies: Mapping[Seat, Reply]) -> float:
        """Return what these answers are worth to the seat."""
        facts = Facts(
            self.seats,
            self.roles,
            {**self.said, phase.name: replies},
            self._value,
            self.game.option,
            self._won,
        )
        got = [gains(points, facts) for points in paying]
        if self.game.recipe.ranks is Ranks.TOGETHER:
            return sum(sum(each.values()) for each in got)
        own = sum(each.get(self.seat, 0) for each in got)
        return -own if self.game.recipe.ranks is Ranks.FEWEST else own

    def _value(self, name: str, seat: Seat) -> Cell | None:
        told = self._told.get(name) if seat == self.seat else None
        return told if isinstance(told, (str, tuple)) else None

"""One game for every recipe: the phases of a file are gone through in order, and paid for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, make_dataclass
from functools import cache
from random import Random
from typing import Any, ClassVar

from games.core import (
    TABLE,
    Answer,
    Ask,
    BadSetup,
    Game,
    Hidden,
    Level,
    Outcome,
    Seat,
    Text,
    View,
)
from games.recipes.asking import Values, ask_of, reply_to, text_for
from games.recipes.course import Course
from games.recipes.events import Answered, Confided, RecipeEvent, Said
from games.recipes.house import answer_for
from games.recipes.play import Play, Reply, evolved
from games.recipes.reading import read_recipe
from games.recipes.recipe import (
    EVERYONE,
    MODERATOR,
    Amount,
    Cell,
    Order,
    Phase,
    Ranks,
    Recipe,
)
from games.recipes.scoring import Facts


@dataclass(frozen=True)
class RecipeGame(Game[Play, Answer, RecipeEvent]):
    """A game that a file describes."""

    recipe: ClassVar[Recipe]

    deal: Hidden[int] = None
    """A number that fixes every hidden draw, as for a puzzle of the day; otherwise it is chance."""

    @classmethod
    def read(cls, document: str) -> type[Game[Any, Any, Any]] | None:
        itself = super().read(document)
        return itself or (None if cls.document else recipe_game(document))

    def check(self) -> None:
        for name, option in self.recipe.options.items():
            if option.most and not option.least <= getattr(self, name) <= option.most:
                bounds = f"{option.least} to {option.most}"
                raise BadSetup(f"The option {name} needs a number from {bounds}.")

    def initial(self, seats: Sequence[Seat], /) -> Play:
        return Play(tuple(seats))

    def opening(self, play: Play, rng: Random, /) -> Sequence[RecipeEvent]:
        course = Course(self, play, rng)
        course.deal()
        course.go_on()
        return course.events

    def asks(self, play: Play, /) -> Mapping[Seat, Ask]:
        if play.over:
            return {}
        phase = self.recipe.phases[play.phase]
        waiting = self.waiting(play)
        if phase.about:
            return {MODERATOR: self._ask(play, phase, MODERATOR, waiting[0])}
        if phase.order is Order.IN_TURN:
            waiting = waiting[:1]
        return {seat: self._ask(play, phase, seat) for seat in waiting}

    def decide(self, play: Play, seat: Seat, answer: Answer, rng: Random, /) -> list[RecipeEvent]:
        phase = self.recipe.phases[play.phase]
        about = self.waiting(play)[0] if phase.about else None
        reply = reply_to(phase.question, answer, about)
        course = Course(self, play, rng)
        for event in self._answered(play, phase, seat, reply):
            course.add(event)
        if not self.waiting(course.play):
            course.close()
            course.go_on()
        return course.events

    def evolve(self, play: Play, event: RecipeEvent, /) -> Play:
        return evolved(play, event)

    def outcome(self, play: Play, /) -> Outcome:
        won = {seat: float(play.points.get(seat, 0)) for seat in play.seats}
        match self.recipe.ranks:
            case Ranks.TOGETHER:
                total, goal = sum(won.values()), self.amount(self.recipe.goal)
                told = "Together you have {total} of the {goal} points that are needed: all lose."
                if total >= goal:
                    told = "Together you have {total} points, and needed {goal}: all win."
                scores = dict.fromkeys(won, float(total >= goal))
                return Outcome(scores, Text(told, total=total, goal=goal))
            case Ranks.FEWEST:
                scores = {seat: -points for seat, points in won.items()}
                return Outcome(scores, Text("The fewest points win."))
        return Outcome(won, Text("The most points win."))

    def rules(self) -> Text:
        return text_for(self.recipe.rules, self.values(Play(())))

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        return answer_for(self, view, ask, level, rng)

    def waiting(self, play: Play) -> Sequence[Seat]:
        """Return whose answers a phase lacks; of one that judges, those who are not yet judged."""
        replies = play.replies.get(play.phase, {})
        phase = self.recipe.phases[play.phase]
        wanted: Sequence[Seat] = ()
        if phase.ask:
            wanted = play.seats if phase.meanwhile else play.named(phase.of)
        if phase.about:
            judged = self.replies(play, self.recipe.phases[self.recipe.numbers[phase.about]])
            wanted = [seat for seat in play.seats if seat in judged]
        return [seat for seat in wanted if seat not in replies]

    def replies(self, play: Play, phase: Phase) -> Mapping[Seat, Reply]:
        """Return the answers in a phase that count."""
        replies = play.replies.get(self.recipe.numbers[phase.name], {})
        if not phase.meanwhile:
            return replies
        return {seat: replies[seat] for seat in play.holders(phase.of) if seat in replies}

    def amount(self, amount: Amount) -> int:
        """Return a number, or the one that an option holds."""
        return amount if isinstance(amount, int) else self.option(amount)

    def option(self, name: str) -> int:
        """Return what is chosen for an option; a yes is 1."""
        return int(getattr(self, name))

    def facts(self, play: Play) -> Facts:
        """Return what the rules look at."""
        replies = {phase.name: self.replies(play, phase) for phase in self.recipe.phases}

        def value(name: str, seat: Seat) -> Cell | None:
            return self._cell(play, name, seat)

        return Facts(play.seats, play.roles, replies, value, self.option, play.points)

    def values(self, play: Play, seat: Seat | None = None) -> Values:
        """Return what may stand in a template, with what only a seat knows if one is given."""
        values: dict[str, object] = {name: getattr(self, name) for name in self.recipe.options}
        if play.seats:
            values |= {"round": play.round, "leader": play.leader, "seats": tuple(play.seats)}
        values |= {role: tuple(play.holders(role)) for role in self.recipe.roles}
        if seat is not None:
            values |= {"seat": seat, "role": play.roles.get(seat, "")}
        for name in self.recipe.values:
            if (cell := self._cell(play, name, seat or TABLE)) is not None:
                values[name] = cell
        return values

    def _cell(self, play: Play, name: str, seat: Seat) -> Cell | None:
        draw, column = self.recipe.values[name]
        rows = play.drawn.get(draw, {})
        row = rows.get(seat if self.recipe.draws[draw].each else TABLE)
        return None if row is None else self.recipe.draws[draw].rows[row][column]

    def _ask(self, play: Play, phase: Phase, seat: Seat, about: Seat | None = None) -> Ask:
        values = dict(self.values(play, seat))
        if about is not None:
            judged = self.recipe.phases[self.recipe.numbers[phase.about]]
            reply = self.replies(play, judged)[about]
            values |= {"about": about, "answer": reply.picks.said(reply.words)}
        other = phase.meanwhile and play.roles.get(seat) != phase.of
        prompt = text_for(phase.meanwhile if other else phase.ask, values)
        choices = values.get(phase.question.from_value, ())
        named = [one for one in play.seats if one != seat]
        return ask_of(phase, prompt, named, choices if isinstance(choices, tuple) else ())

    def _answered(self, play: Play, phase: Phase, seat: Seat, reply: Reply) -> list[RecipeEvent]:
        """Return the events of an answer, by who may know it."""
        if phase.shown == EVERYONE:
            return [Said(seat, reply.words, reply.picks)]
        other = phase.meanwhile and play.roles.get(seat) != phase.of
        told = phase.shown in (*self.recipe.roles, MODERATOR) and not other
        return [
            Answered(seat, reply.words, reply.picks),
            *(
                Confided(seat, to, reply.words, reply.picks)
                for to in (play.named(phase.shown) if told else ())
                if to != seat
            ),
        ]


@cache
def recipe_game(document: str) -> type[RecipeGame]:
    """Return the game that a TOML text describes.  Raises BadRecipe."""
    recipe = read_recipe(document)
    options = [
        (name, type(option.default), field(default=option.default, metadata={"help": option.help}))
        for name, option in recipe.options.items()
    ]
    inside: dict[str, Any] = {
        "__doc__": recipe.summary,
        "__module__": __name__,
        "name": recipe.name,
        "min_seats": recipe.least,
        "max_seats": recipe.most,
        "environment": (MODERATOR,) if recipe.moderated else (),
        "document": document,
        "recipe": recipe,
    }
    return make_dataclass("RecipeGame", options, bases=(RecipeGame,), namespace=inside, frozen=True)

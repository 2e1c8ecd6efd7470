"""What follows from an answer: points, and the phases up to the next question."""

from random import Random
from typing import TYPE_CHECKING

from games.core import TABLE, Seat, Text
from games.recipes.asking import text_for
from games.recipes.events import (
    Begun,
    Drawn,
    Ended,
    LeftOut,
    RecipeEvent,
    RoleGiven,
    RoleShown,
    Said,
    Scored,
    Told,
    Whispered,
)
from games.recipes.play import Play, evolved
from games.recipes.recipe import AFTERWARDS, EVERYONE, MODERATOR, Condition, Loop, Phase
from games.recipes.scoring import gains, holds

if TYPE_CHECKING:
    from games.recipes.recipe_game import RecipeGame


class Course:
    """The events of one turn, and how the game stands after them."""

    def __init__(self, game: "RecipeGame", play: Play, rng: Random) -> None:
        self.game = game
        self.play = play
        self.events: list[RecipeEvent] = []
        self._rng = rng

    def add(self, event: RecipeEvent) -> None:
        """Let something happen."""
        self.events.append(event)
        self.play = evolved(self.play, event)

    def deal(self) -> None:
        """Deal the roles, and draw what is not drawn in a phase."""
        recipe = self.game.recipe
        pack = [name for name, role in recipe.roles.items() for _ in range(role.count)]
        rest = [name for name, role in recipe.roles.items() if not role.count]
        pack += rest * (len(self.play.seats) - len(pack))
        self._chance("roles").shuffle(pack)
        for seat, name in zip(self.play.seats, pack, strict=False):
            values = {**self.game.values(self.play, seat), "role": name}
            self.add(RoleGiven(seat, name, text_for(recipe.roles[name].text, values)))
        for seat, name in zip(self.play.seats, pack, strict=False):
            self._introduce(seat, name)
        later = {name for phase in recipe.phases for name in phase.draws}
        for name in recipe.draws:
            if name not in later:
                self._draw(name)

    def close(self) -> None:
        """Show the answers of a phase whose time has come, and pay for them."""
        phase = self.game.recipe.phases[self.play.phase]
        replies = self.play.replies[self.play.phase]
        for seat in (*self.play.named(EVERYONE), MODERATOR) if phase.shown == AFTERWARDS else ():
            if seat in replies:  # not in the order of answers, which is nobody's business
                reply = replies[seat]
                self.add(Said(MODERATOR if phase.about else seat, reply.words, reply.picks))
        self._pay(phase)

    def go_on(self) -> None:
        """Begin phases until somebody is asked, or the game is over."""
        while not self.play.over:
            begun = None if self._holds(self.game.recipe.stop) else self._next()
            if begun is None:
                points = {seat: float(self.play.points.get(seat, 0)) for seat in self.play.seats}
                self.add(Ended(points))
                return
            self.add(begun)
            phase = self.game.recipe.phases[begun.phase]
            for draw in phase.draws:
                self._draw(draw)
            self._tell(phase)
            if self.game.waiting(self.play):
                return
            self._pay(phase)

    def _next(self) -> Begun | None:
        """Return the beginning of the next phase that is not left out; None after the last one."""
        recipe = self.game.recipe
        number, round_, anew = self.play.phase, self.play.round, False
        while True:
            loop = recipe.loop_of(number)
            if loop and number == loop.last and self._again(loop, round_):
                number, round_ = loop.first, round_ + 1
            else:
                number += 1
                round_ = round_ if loop and number <= loop.last else 1
            if number == len(recipe.phases):
                return None
            loop = recipe.loop_of(number)
            anew |= bool(loop and number == loop.first and self.game.amount(loop.times) > 1)
            if self._wanted(recipe.phases[number]):
                return Begun(number, round_, anew)
            if self.play.replies.get(number):
                self.add(LeftOut(number))

    def _again(self, loop: Loop, round_: int) -> bool:
        return round_ < self.game.amount(loop.times) and not self._holds(loop.until)

    def _wanted(self, phase: Phase) -> bool:
        return phase.when is None or self._holds(phase.when)

    def _holds(self, condition: Condition | None) -> bool:
        return condition is not None and holds(condition, self.game.facts(self.play))

    def _introduce(self, seat: Seat, name: str) -> None:
        """Tell whatever is to be known of who is what."""
        role = self.game.recipe.roles[name]
        if role.open:
            self.add(RoleShown(seat, name))
        for other in role.knows:
            seats = [one for one in self.play.holders(other) if one != seat]
            if seats:
                told = Text("You know who is {role}: {seats}.", role=other, seats=tuple(seats))
                self.add(Whispered(seat, told))

    def _draw(self, name: str) -> None:
        draw = self.game.recipe.draws[name]
        used = self.play.used.get(name, ())
        seats = self.play.seats if draw.each else (TABLE,)
        left = [row for row in range(len(draw.rows)) if row not in used]
        if len(left) < len(seats):
            left = [*range(len(draw.rows))]
        rows = self._chance(f"{name} {len(used)}").sample(left, len(seats))
        self.add(Drawn(name, dict(zip(seats, rows, strict=True))))

    def _chance(self, what: str) -> Random:
        fixed = self.game.deal
        return self._rng if fixed is None else Random(f"{fixed} {what}")

    def _tell(self, phase: Phase) -> None:
        if not phase.tell:
            return
        if phase.to == EVERYONE and not self.game.recipe.is_personal(phase.tell):
            self.add(Told(text_for(phase.tell, self.game.values(self.play))))
            return
        for seat in self.play.named(phase.to):
            self.add(Whispered(seat, text_for(phase.tell, self.game.values(self.play, seat))))

    def _pay(self, phase: Phase) -> None:
        facts = self.game.facts(self.play)
        for points in phase.points:
            if got := gains(points, facts):
                because = text_for(points.because, self.game.values(self.play))
                self.add(Scored(got, because))

"""Taboo: describe a word to the others without saying it or the words that come to mind first.

The seats take turns to describe a card. After each clue all who may guess do so at the same time;
whoever is right gets a point, and so does the describing seat. In teams, every other seat belongs
together, and a found card is a point for the whole team of the seat that described it.
Source: the boxed game Taboo by Brian Hersch, 1989; TextArena, Taboo-v0 (where a forbidden word is
only found when it is spelled exactly as on the card).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import ClassVar, Final

from games import taboo_house as house
from games.core import (
    PASS,
    Ask,
    BadSetup,
    Board,
    Cell,
    Either,
    Game,
    Grid,
    Hidden,
    IllegalMove,
    Level,
    Lines,
    Look,
    Outcome,
    Seat,
    Text,
    View,
    Words,
    quoted,
)
from games.puzzle_words import Language
from games.taboo_checker import same_word, word_broken
from games.taboo_events import (
    CardClosed,
    CardDrawn,
    CardSeen,
    ClueGiven,
    GaveUp,
    Guessed,
    GuessShown,
    TabooEvent,
)
from games.word_lists import squeezed

CLUE_LENGTH: Final = 200
GUESS_LENGTH: Final = 40
MOST_ROUNDS: Final = 3
MOST_CLUES: Final = 10
SMALLEST_TEAMS: Final = 4
GUESS: Final = Ask(
    "Which word is it? You have one guess for this clue.",
    max_length=GUESS_LENGTH,
    optional=True,
    default=PASS,
    public=True,
)


@dataclass(frozen=True)
class Turn:
    """The card that is described, and what has come of it so far."""

    giver: Seat
    guessers: tuple[Seat, ...]
    target: str = ""
    forbidden: tuple[str, ...] = ()
    clues: int = 0
    guessing: bool = False
    """Whether a clue has been given that not all have guessed at."""
    guesses: Mapping[Seat, Words] = field(default_factory=dict)
    """Those at the last clue, still hidden."""


@dataclass(frozen=True)
class Round:
    """Points by seat, the cards drawn so far, and the one that is described."""

    points: Mapping[Seat, int]
    used: tuple[str, ...] = ()
    turn: Turn | None = None
    closed: int = 0


@dataclass(frozen=True)
class Taboo(Game[Round, str | None, TabooEvent]):
    """Describe a word without the words that are forbidden; the others guess it."""

    name: ClassVar[str] = "taboo"
    max_seats: ClassVar[int] = 8

    rounds: int = 1
    """Cards that each player describes, from 1 to 3."""
    clues: int = 3
    """Clues to a card, from 1 to 10; after each, everybody has one guess."""
    teams: bool = False
    """Whether two teams play, every other player in one; that takes 4, 6 or 8 players."""
    language: Language = Language.ENGLISH
    """The language of the cards."""
    target: Hidden[str] = None
    """The word of the first card, instead of one drawn."""

    def check(self) -> None:
        if not 1 <= self.rounds <= MOST_ROUNDS:
            raise BadSetup(f"The option rounds needs a number from 1 to {MOST_ROUNDS}.")
        if not 1 <= self.clues <= MOST_CLUES:
            raise BadSetup(f"The option clues needs a number from 1 to {MOST_CLUES}.")
        if self.target is not None and not self._first():
            raise BadSetup(f"No card has the word {quoted(self.target)}.")

    def check_seats(self, seats: Sequence[Seat]) -> None:
        super().check_seats(seats)
        if self.teams and (len(seats) < SMALLEST_TEAMS or len(seats) % 2):
            raise BadSetup(f"Two teams need 4, 6 or 8 seats; {len(seats)} were given.")

    def initial(self, seats: Sequence[Seat], /) -> Round:
        return Round(dict.fromkeys(seats, 0))

    def opening(self, state: Round, rng: Random, /) -> Sequence[TabooEvent]:
        return self._drawn(state, rng)

    def asks(self, state: Round, /) -> Mapping[Seat, Ask]:
        turn = state.turn
        if turn is None:
            return {}
        if turn.guessing:
            return {seat: GUESS for seat in turn.guessers if seat not in turn.guesses}
        prompt = Text(
            "Clue {number} of {most} for “{target}”. Do not say {words}.",
            number=turn.clues + 1,
            most=self.clues,
            target=turn.target,
            words=Either(turn.forbidden),
        )
        return {turn.giver: Ask(prompt, max_length=CLUE_LENGTH, optional=True, default=PASS)}

    def decide(
        self, state: Round, seat: Seat, said: str | None, rng: Random, /
    ) -> Sequence[TabooEvent]:
        turn = state.turn
        assert turn
        if turn.guessing:
            return self._guessed(state, turn, seat, Words(said or ""), rng)
        if said is None:
            return GaveUp(seat), *self._closed(state, turn, (), rng)
        clue = " ".join(said.split())
        if word := word_broken(clue, (turn.target, *turn.forbidden), self.language):
            told = "Your clue has “{word}” or a part or form of it. Say it in other words."
            raise IllegalMove(Text(told, word=word))
        return (ClueGiven(seat, Words(clue)),)

    def evolve(self, state: Round, event: TabooEvent, /) -> Round:
        match event:
            case CardDrawn(seat, guessers):
                return replace(state, turn=Turn(seat, guessers))
            case CardClosed(_, scorers):
                points = {seat: won + (seat in scorers) for seat, won in state.points.items()}
                return replace(state, points=points, turn=None, closed=state.closed + 1)
        turn = state.turn
        assert turn
        match event:
            case CardSeen(_, target, forbidden):
                used = (*state.used, target)
                turn = replace(turn, target=target, forbidden=forbidden)
                return replace(state, used=used, turn=turn)
            case ClueGiven():
                turn = replace(turn, clues=turn.clues + 1, guessing=True)
            case Guessed(seat, guess):
                turn = replace(turn, guesses={**turn.guesses, seat: guess})
            case GuessShown():
                turn = replace(turn, guessing=False, guesses={})
        return replace(state, turn=turn)

    def outcome(self, state: Round, /) -> Outcome:
        most = max(state.points.values())
        best = tuple(seat for seat, won in state.points.items() if won == most)
        told = Text("Most points: {points}, for {seats}.", points=most, seats=best)
        return Outcome({seat: float(won) for seat, won in state.points.items()}, told)

    def rules(self) -> Text:
        who = Text("all the others guess. Each who is right gets a point, and so do you.")
        if self.teams:
            who = Text(
                "your team guesses; every other player belongs to it. If one of them is right, "
                "each of your team gets a point."
            )
        return Text(
            "Taboo. In turn, each player describes a word that only they know, {rounds} x each, "
            "and {who} You may not say the word or the forbidden words on the card, in any form: "
            "no part or stem of them, nothing derived from them, and no longer word that begins "
            "or ends with one; such a clue is refused, and you give another. There are up to "
            "{clues} clues for a card, and after each clue everybody has one guess. You may also "
            "pass and give the card up.",
            rounds=self.rounds,
            who=who,
            clues=self.clues,
        )

    def board(self, events: Sequence[TabooEvent], /) -> Board | None:
        points: dict[Seat, int] = {}
        clues: list[tuple[Text, str]] = []
        for event in events:
            match event:
                case CardDrawn(seat, guessers):
                    points |= {one: points.get(one, 0) for one in (seat, *guessers)}
                    clues = []
                case ClueGiven(_, clue):
                    clues.append((Text("Clue {number}", number=len(clues) + 1), clue))
                case CardClosed(_, scorers):
                    points |= {one: points.get(one, 0) + 1 for one in scorers}
        if not points:
            return None
        rows = [(Cell(str(won)),) for won in points.values()]
        grid = Grid(rows, Look.TABLE, (Text("Points"),), tuple(points))
        return Board(Text("Taboo, the points"), (grid, Lines(clues)) if clues else (grid,))

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Easy is vague and guesses wildly; hard gives the best clues and weighs all of them."""
        deck = house.deck(self.language)
        card, clues, wrong = house.heard(view.events)
        if ask == GUESS:
            return house.guess(deck, clues, wrong, level, rng)
        if card not in deck.cards:  # it has left the deck
            return PASS
        return house.clue(deck.cards[card], deck, clues, level, rng)

    def _first(self) -> Sequence[house.Card]:
        """Return the cards with the word of the option."""
        cards = house.deck(self.language).cards.values()
        return [card for card in cards if squeezed(card.target) == squeezed(self.target or "")]

    def _drawn(self, state: Round, rng: Random) -> Sequence[TabooEvent]:
        """Return the next card, for the next seat; nothing after the last."""
        seats, number = list(state.points), state.closed
        if number == self.rounds * len(seats):
            return ()
        place = number % len(seats)
        mates = seats[place % 2 :: 2] if self.teams else seats
        guessers = tuple(seat for seat in mates if seat != seats[place])
        fresh = [c for c in house.deck(self.language).cards.values() if c.target not in state.used]
        card = rng.choice((not number and self._first()) or fresh)
        drawn = CardDrawn(seats[place], guessers, number + 1, self.rounds * len(seats))
        return drawn, CardSeen(seats[place], card.target, card.forbidden)

    def _guessed(
        self, state: Round, turn: Turn, seat: Seat, guess: Words, rng: Random
    ) -> Sequence[TabooEvent]:
        guesses = {**turn.guesses, seat: guess}
        if len(guesses) < len(turn.guessers):
            return (Guessed(seat, guess),)
        right = {one: same_word(guesses[one], turn.target, self.language) for one in turn.guessers}
        shown = [GuessShown(one, guesses[one], right[one]) for one in turn.guessers]
        found = tuple(one for one in turn.guessers if right[one])
        if not found and turn.clues < self.clues:
            return Guessed(seat, guess), *shown
        return Guessed(seat, guess), *shown, *self._closed(state, turn, found, rng)

    def _closed(
        self, state: Round, turn: Turn, found: tuple[Seat, ...], rng: Random
    ) -> Sequence[TabooEvent]:
        """Return the end of a card with its points, and the next card."""
        scorers = (turn.giver, *(turn.guessers if self.teams else found)) if found else ()
        closed = CardClosed(turn.target, scorers)
        return closed, *self._drawn(self.evolve(state, closed), rng)

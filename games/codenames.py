"""Codenames: two teams look for their own words among 25, led by clues of one word each.

Only the two spymasters see the key. The team on turn hears a clue, a word and a number, and
touches one word after the other as long as they are its own, at most one more than the number.
Source: the game Codenames by Vlaada Chvátil (2015), in its usual rules; TextArena, environment
Codenames, for 9, 8, 7 and 1 cards. A clue or guess may be passed here, so that silence has an end.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random
from typing import ClassVar, Final

from games import codenames_house as house
from games.codenames_events import (
    TEAMS,
    Card,
    ClueGiven,
    CluePassed,
    CodenamesEvent,
    KeySeen,
    KeyShown,
    Stopped,
    TeamsFormed,
    Touched,
    TurnBegun,
    WordsLaid,
)
from games.core import (
    PASS,
    Answer,
    Ask,
    BadSetup,
    Board,
    Cell,
    Game,
    Grid,
    Hidden,
    IllegalMove,
    Level,
    Lines,
    Look,
    Mark,
    Outcome,
    Seat,
    Text,
    UnclearMove,
    View,
    Words,
)
from games.puzzle_words import Language
from games.word_lists import squeezed, word_named

WIDTH: Final = 5
DECK: Final = (Card.BLUE,) * 9 + (Card.ORANGE,) * 8 + (Card.BYSTANDER,) * 7 + (Card.ASSASSIN,)
"""Blue has the first turn, and so one card more."""
MOST_ROUNDS: Final = 100
_SPOKEN: Final = re.compile(r"([^\s,:]{1,30})[ ,]+([0-9])")
"""A clue as it is said at a table: "ocean 2"."""
_AROUND: Final = " .,;:!?…\"'“”„‘’"
"""What may stand before and behind a clue."""
SIDES: Final = {Card.BLUE: 1, Card.ORANGE: 2}
LETTERS: Final = {Card.BLUE: "B", Card.ORANGE: "O", Card.BYSTANDER: "-", Card.ASSASSIN: "X"}
"""What stands beside a word on the board: five columns must fit a terminal."""
CLUE: Final = Ask(
    "Give your team a clue of one word, and to how many words it leads.",
    fields={
        "clue": Ask("One word that is not on the table", max_length=30),
        "number": Ask("How many words it leads to; 0 for any number", low=0, high=9),
    },
    optional=True,
    default=PASS,
)


@dataclass(frozen=True)
class Spies:
    """The words, what is under them, and whose turn it is."""

    seats: tuple[Seat, ...]
    words: tuple[str, ...] = ()
    key: tuple[Card, ...] = ()
    touched: frozenset[str] = frozenset()
    turns: int = 0
    """Turns that are over; blue has the first."""
    clue: bool = False
    """Whether the team on turn has its clue."""
    guesses: int = 0
    """Guesses that are left; those of a clue for any number are as many as there are words."""
    assassin: Seat | None = None
    """Who has touched the assassin."""
    over: bool = False

    @property
    def team(self) -> Card:
        """The team on turn."""
        return TEAMS[self.turns % 2]

    def members(self, team: Card) -> tuple[Seat, ...]:
        """Return the seats of a team: every second one, the spymaster first."""
        return self.seats[TEAMS.index(team) :: 2]

    def left(self, team: Card) -> int:
        """Return how many cards of a team nobody has touched."""
        return sum(
            card is team and word not in self.touched
            for word, card in zip(self.words, self.key, strict=True)
        )


@lru_cache(maxsize=1024)
def guess_question(words: tuple[str, ...]) -> Ask:
    """Return the Ask for a guess; a pass ends the turn."""
    return Ask(
        "Which word do you touch? Pass to stop.",
        choices=words,
        optional=True,
        default=PASS,
        public=True,
    )


@dataclass(frozen=True)
class Codenames(Game[Spies, Answer, CodenamesEvent]):
    """Two spymasters lead their teams to their words among 25, past an assassin."""

    name: ClassVar[str] = "codenames"
    min_seats: ClassVar[int] = 4
    max_seats: ClassVar[int] = 10

    language: Language = Language.ENGLISH
    """The language of the words."""
    rounds: int = 20
    """Turns of each team, from 1 to 100; then the team that misses fewer words wins."""
    words: Hidden[tuple[str, ...]] = None
    """The 25 words to lay, row by row, instead of drawn ones."""
    key: Hidden[tuple[Card, ...]] = None
    """What is under the 25 words, row by row, instead of a drawn key."""

    def check(self) -> None:
        if not 1 <= self.rounds <= MOST_ROUNDS:
            raise BadSetup(f"The option rounds needs a number from 1 to {MOST_ROUNDS}.")
        words = self.words
        if words is not None and not (
            len(words) == len(DECK) == len({squeezed(word) for word in words})
        ):
            raise BadSetup("The option words needs 25 different words.")
        if words is not None and not all(1 <= len(word) <= 30 for word in words):
            raise BadSetup("Each of the words needs 1 to 30 characters.")
        if self.key is not None and Counter(self.key) != Counter(DECK):
            raise BadSetup(
                "The option key needs 25 cards: 9 times blue, 8 times orange, 7 times bystander "
                "and once assassin."
            )

    def initial(self, seats: Sequence[Seat], /) -> Spies:
        return Spies(tuple(seats))

    def opening(self, spies: Spies, rng: Random, /) -> Sequence[CodenamesEvent]:
        drawn = rng.sample(house.vocabulary(self.language.value).words, len(DECK))
        words = self.words or tuple(drawn)
        key = self.key or tuple(rng.sample(DECK, len(DECK)))
        teams = [spies.members(team) for team in TEAMS]
        secrets = [KeySeen(team[0], key, words) for team in teams]
        return (TeamsFormed(*teams), WordsLaid(words), *secrets, TurnBegun(Card.BLUE))

    def asks(self, spies: Spies, /) -> Mapping[Seat, Ask]:
        if spies.over:
            return {}
        spymaster, *guessers = spies.members(spies.team)
        if not spies.clue:
            return {spymaster: CLUE}
        guesser = guessers[spies.turns // 2 % len(guessers)]
        return {guesser: guess_question(_hidden(spies.words, spies.touched))}

    def parse(self, spies: Spies, seat: Seat, text: str, /) -> Answer:
        ask = self.asks(spies)[seat]
        try:
            return ask.parse(text)
        except UnclearMove:
            spoken = _SPOKEN.fullmatch(text.strip())
            if not (ask.fields and spoken):
                raise
            return {"clue": spoken.group(1), "number": int(spoken.group(2))}

    def decide(
        self, spies: Spies, seat: Seat, said: Answer, rng: Random, /
    ) -> Sequence[CodenamesEvent]:
        if said is None:
            passed = Stopped(seat) if spies.clue else CluePassed(seat)
            return (passed, *self._next_turn(spies))
        if isinstance(said, Mapping):
            number = said["number"]
            assert isinstance(number, int)
            return (ClueGiven(seat, _checked(spies, str(said["clue"])), number),)
        word = str(said)
        touched = Touched(seat, word, spies.key[spies.words.index(word)])
        spies = self.evolve(spies, touched)
        if touched.card is Card.ASSASSIN or not all(map(spies.left, TEAMS)):
            return (touched, KeyShown(spies.key))
        if touched.card is spies.team and spies.guesses:
            return (touched,)
        return (touched, *self._next_turn(spies))

    def evolve(self, spies: Spies, event: CodenamesEvent, /) -> Spies:
        match event:
            case WordsLaid(words):
                return replace(spies, words=words)
            case KeySeen(_, cards):
                return replace(spies, key=cards)
            case ClueGiven(_, _, number):
                return replace(spies, clue=True, guesses=number + 1 if number else len(DECK))
            case Touched(seat, word, card):
                assassin = seat if card is Card.ASSASSIN else None
                touched = spies.touched | {word}
                guesses = spies.guesses - 1
                return replace(spies, touched=touched, guesses=guesses, assassin=assassin)
            case CluePassed() | Stopped():
                return replace(spies, guesses=0)
            case TurnBegun(team):
                over = spies.turns + (team is not spies.team)
                return replace(spies, turns=over, clue=False, guesses=0)
            case KeyShown():
                return replace(spies, over=True)
            case TeamsFormed():
                return spies

    def outcome(self, spies: Spies, /) -> Outcome:
        blue, orange = map(spies.left, TEAMS)
        other = TEAMS[1 - TEAMS.index(spies.team)]
        if spies.assassin is not None:
            told = "{seat} has touched the assassin: team {team} wins."
            return _won(spies, other, Text(told, seat=spies.assassin, team=other))
        if not blue or not orange:
            team = TEAMS[bool(blue)]
            return _won(
                spies, team, Text("All words of team {team} are found: it wins.", team=team)
            )
        if blue == orange:
            scores = dict.fromkeys(spies.seats, 0.5)
            return Outcome(scores, Text("Time is up, and both teams miss as many words: a draw."))
        team = TEAMS[blue > orange]
        return _won(spies, team, Text("Time is up: team {team} misses fewer words.", team=team))

    def rules(self) -> Text:
        return Text(
            "Codenames. The 1st, 3rd, 5th … seat is team blue, the others are team orange; the "
            "first of each team is its spymaster. Of 25 words 9 are blue, 8 orange, 7 bystanders "
            "and one is the assassin; only the spymasters know which. In turn, a spymaster gives "
            "a clue of one word and the number of words it leads to; it may not name or be part "
            "of an untouched word. A guesser of the team, in turn, then touches words: after one "
            "of the own team they may go on, up to one guess more than the number (any number "
            "after a 0) or a pass; any other word ends the turn. The team whose words are all "
            "found wins; whoever touches the assassin loses for their team. After {rounds} "
            "turns each the team that misses fewer words wins.",
            rounds=self.rounds,
        )

    def board(self, events: Sequence[CodenamesEvent], /) -> Board | None:
        words: tuple[str, ...] = ()
        known: dict[str, Card] = {}
        touched: list[str] = []
        clue: list[tuple[str, Text]] = []
        for event in events:
            match event:
                case WordsLaid(words):
                    pass
                case KeySeen(_, cards) | KeyShown(cards):
                    known = dict(zip(words, cards, strict=True))
                case Touched(_, word, card):
                    known[word] = card
                    touched.append(word)
                case ClueGiven(seat, said, number):
                    clue = [(seat, Text("{clue}, {number}", clue=said, number=number))]
        if not words:
            return None
        cells = [_cell(word, known.get(word), touched) for word in words]
        rows = [cells[start : start + WIDTH] for start in range(0, len(cells), WIDTH)]
        caption = Text("B: blue, O: orange, -: bystander, X: assassin")
        grid = Grid(rows, Look.CARDS, caption=caption, key=Text("touched"))
        return Board(Text("Codenames, the words"), (grid, Lines(clue)) if clue else (grid,))

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Easy leads to one word at a time, medium to many, hard also past the others' words."""
        words = next(event.words for event in view.events if isinstance(event, WordsLaid))
        touched = frozenset(e.word for e in view.events if isinstance(e, Touched))
        hidden = _hidden(words, touched)
        known = house.vocabulary(self.language.value)
        team = TEAMS[view.seats.index(view.seat) % 2]
        if ask.fields:
            key = next(event.cards for event in view.events if isinstance(event, KeySeen))
            cards = {w: c for w, c in zip(words, key, strict=True) if w in hidden}
            legal = [clue for clue in known.hints if _fault(clue, hidden) is None]
            return house.best_clue(known, cards, team, legal, level, rng)
        clues, left = _clues(view, team)
        return house.best_guess(known, hidden, clues, left, level, rng)

    def _next_turn(self, spies: Spies) -> Sequence[CodenamesEvent]:
        if spies.turns + 1 == 2 * self.rounds:
            return (KeyShown(spies.key),)
        return (TurnBegun(TEAMS[(spies.turns + 1) % 2]),)


def _hidden(words: Sequence[str], touched: frozenset[str]) -> tuple[str, ...]:
    return tuple([word for word in words if word not in touched])


def _won(spies: Spies, team: Card, reason: Text) -> Outcome:
    members = spies.members(team)
    return Outcome({seat: float(seat in members) for seat in spies.seats}, reason)


def _cell(word: str, card: Card | None, touched: Sequence[str]) -> Cell:
    if card is None:
        return Cell(word)
    mark = Mark.KEY if word in touched else Mark.NONE
    return Cell(f"{word} {LETTERS[card]}", mark, SIDES.get(card, 0))


def _clues(view: View, team: Card) -> tuple[Sequence[tuple[str, int]], int | None]:
    """Return the clues of a team, and how many words the last one still means, if it told."""
    own = view.seats[TEAMS.index(team) :: 2]
    clues: list[tuple[str, int]] = []
    touched = 0
    for event in view.events:
        match event:
            case ClueGiven(seat, clue, number) if seat in own:
                clues.append((clue, number))
                touched = 0
            case Touched():
                touched += 1
    number = clues[-1][1] if clues else 0
    return clues, number - touched if number else None


def _fault(clue: str, hidden: tuple[str, ...]) -> Text | None:
    """Return what is wrong with a clue; it is the same for both teams, so it tells nothing."""
    if not (squeezed(clue).isalpha() and all(map(_may_stand_in_a_word, clue))):
        return Text("A clue is one word of letters. Give another clue.")
    word = word_named(clue, hidden)
    word = word or next((word for word in hidden if house.shares_part(clue, word)), None)
    if word is None:
        return None
    told = "A clue may not name a word on the table or a part of it, as of “{word}”. Give another."
    return Text(told, word=word)


def _may_stand_in_a_word(char: str) -> bool:
    return char.isalpha() or char in "-‐‑'’" or unicodedata.category(char).startswith("M")


def _checked(spies: Spies, said: str) -> Words:
    """Return a clue without the signs around it.  Raises IllegalMove."""
    clue = said.strip(_AROUND)
    if fault := _fault(clue, _hidden(spies.words, spies.touched)):
        raise IllegalMove(fault)
    return Words(clue)

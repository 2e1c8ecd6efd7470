"""What hangman and wordle share: one hidden word, and seats that guess alone, together or racing.

Together, the seats guess in turn at one puzzle and win or lose as one. In a race each has the
same word for itself, guesses when it likes and sees of the others only how far they are; whoever
needs the fewest guesses is first, so nobody is ahead for typing faster.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random
from typing import ClassVar

from games.core import (
    Ask,
    BadSetup,
    Event,
    Game,
    Hidden,
    Lines,
    Outcome,
    Public,
    Seat,
    Text,
    quoted,
)
from games.core.board import Label
from games.puzzle_words import Language, PuzzleWords, day_number, puzzle_words, word_of_the_day

Guesses = tuple[str, ...]


class Mode(StrEnum):
    """How several seats play."""

    TOGETHER = "together"
    RACE = "race"


@dataclass(frozen=True)
class WordHidden(Event):
    """The word has been chosen; nobody may know it before the end."""

    telling: ClassVar[str] = "The hidden word is “{word}”."
    word: str

    def seen_by(self, viewer: Seat) -> bool:
        return False


@dataclass(frozen=True)
class PuzzleSet(Public):
    """The puzzle is on the table, with what everybody may know of its word."""

    length: int
    topic: str

    def told(self) -> Text:
        told = "The word has {length} letters."
        if self.topic:
            told = "The topic is {topic}, and the word has {length} letters."
        return Text(told, topic=self.topic, length=self.length)


@dataclass(frozen=True)
class Guessed(Event):
    """A seat has guessed, and reads what was right in it; in a race nobody else does."""

    seat: Seat
    guess: str
    result: str
    left: int
    """Guesses, or wrong guesses, that are left after it."""
    in_race: bool

    def seen_by(self, viewer: Seat) -> bool:
        return not self.in_race or viewer == self.seat

    def told(self) -> Text:
        told = "{seat} guesses “{guess}”: {result} ({left} left)"
        return Text(told, seat=self.seat, guess=self.guess, result=self.result, left=self.left)


@dataclass(frozen=True)
class Advanced(Public):
    """A seat in a race has guessed; the others see how far it is, and no letter."""

    telling: ClassVar[str] = "{seat}: {progress} ({left} left)"
    seat: Seat
    progress: str
    left: int


@dataclass(frozen=True)
class Revealed(Public):
    """The puzzle is over and its word told."""

    telling: ClassVar[str] = "The word was “{word}”."
    word: str


PuzzleEvent = WordHidden | PuzzleSet | Guessed | Advanced | Revealed


@dataclass(frozen=True)
class Puzzle:
    """The hidden word, and who has guessed what, oldest first."""

    seats: tuple[Seat, ...]
    word: str = ""
    topic: str = ""
    guesses: tuple[tuple[Seat, str], ...] = ()


@dataclass(frozen=True)
class WordPuzzle(Game[Puzzle, str, PuzzleEvent]):
    """A hidden word that is found by guessing."""

    min_seats: ClassVar[int] = 1
    max_seats: ClassVar[int] = 8

    mode: Mode = Mode.TOGETHER
    """Whether several seats guess together at one puzzle, or race for the same word."""
    language: Language = Language.ENGLISH
    """The language of the words."""
    day: str = ""
    """A day such as 2026-03-01, whose word is the same at every table; by default any word."""
    word: Hidden[str] = None
    """The word to find, instead of one drawn."""

    def check(self) -> None:
        if self.day:
            day_number(self.day)
        if self.word is not None:
            self.check_word(self.word.strip().lower())

    @abstractmethod
    def check_word(self, word: str) -> None:
        """Refuse a word that cannot be found.  Raises BadSetup."""

    @abstractmethod
    def draws(self) -> tuple[str, ...]:
        """Return the words of which one is drawn."""

    @abstractmethod
    def question(self, puzzle: Puzzle, own: Guesses) -> Ask:
        """Return the Ask for one who has made these guesses."""

    @abstractmethod
    def guess_in(self, puzzle: Puzzle, own: Guesses, said: str) -> str:
        """Return the guess in what somebody said.  Raises IllegalMove."""

    @abstractmethod
    def result(self, word: str, own: Guesses) -> str:
        """Return what one who has made these guesses reads after the last of them."""

    @abstractmethod
    def progress(self, word: str, own: Guesses) -> str:
        """Return what others may read of it in a race."""

    @abstractmethod
    def left(self, word: str, own: Guesses) -> int:
        """Return how many guesses, or wrong guesses, are left."""

    @abstractmethod
    def found(self, word: str, own: Guesses) -> bool:
        """Return whether these guesses have found the word."""

    @property
    def in_race(self) -> bool:
        """Whether each seat guesses for itself."""
        return self.mode is Mode.RACE

    @property
    def words(self) -> PuzzleWords:
        """The words of the game's language."""
        return puzzle_words(self.language)

    def topic_of(self, word: str) -> str:
        """Return what everybody is told about the word beside its length."""
        return ""

    def initial(self, seats: Sequence[Seat], /) -> Puzzle:
        return Puzzle(tuple(seats))

    def opening(self, puzzle: Puzzle, rng: Random, /) -> Sequence[PuzzleEvent]:
        if self.word is not None:
            word = self.word.strip().lower()
        elif self.day:
            word = word_of_the_day(self.draws(), self.name, self.day)
        else:
            word = rng.choice(self.draws())
        return WordHidden(word), PuzzleSet(len(word), self.topic_of(word))

    def asks(self, puzzle: Puzzle, /) -> Mapping[Seat, Ask]:
        if not self.in_race:
            turn = puzzle.seats[len(puzzle.guesses) % len(puzzle.seats)]
            own = own_guesses(puzzle, None)
            return {} if self._done(puzzle.word, own) else {turn: self.question(puzzle, own)}
        all_own = {seat: own_guesses(puzzle, seat) for seat in puzzle.seats}
        return {
            seat: self.question(puzzle, own)
            for seat, own in all_own.items()
            if not self._done(puzzle.word, own)
        }

    def decide(
        self, puzzle: Puzzle, seat: Seat, said: str, rng: Random, /
    ) -> Sequence[PuzzleEvent]:
        own = self._own(puzzle, seat)
        guess = self.guess_in(puzzle, own, said)
        own = (*own, guess)
        word, left = puzzle.word, self.left(puzzle.word, own)
        result = self.result(word, own)
        events: list[PuzzleEvent] = [Guessed(seat, guess, result, left, self.in_race)]
        if self.in_race:
            events.append(Advanced(seat, self.progress(word, own), left))
        after = replace(puzzle, guesses=(*puzzle.guesses, (seat, guess)))
        return events if self.asks(after) else [*events, Revealed(word)]

    def evolve(self, puzzle: Puzzle, event: PuzzleEvent, /) -> Puzzle:
        match event:
            case WordHidden(word):
                return replace(puzzle, word=word)
            case PuzzleSet(_, topic):
                return replace(puzzle, topic=topic)
            case Guessed(seat, guess):
                return replace(puzzle, guesses=(*puzzle.guesses, (seat, guess)))
            case Advanced() | Revealed():
                return puzzle

    def outcome(self, puzzle: Puzzle, /) -> Outcome:
        scores = {seat: self._score(puzzle, seat) for seat in puzzle.seats}
        best = max(scores.values())
        first = tuple(seat for seat, score in scores.items() if score == best)
        if best == 0:
            told = "Nobody has found “{word}”."
        elif not self.in_race or len(scores) == 1:
            told = "“{word}” has been found, with {left} left."
        elif len(first) == 1:
            told = "{seats} is first: “{word}”, with {left} left."
        else:
            told = "{seats} are first: “{word}”, with {left} left."
        return Outcome(scores, Text(told, word=puzzle.word, seats=first, left=int(best) - 1))

    def race_lines(self, events: Sequence[PuzzleEvent]) -> Lines | None:
        """Return how far each seat of a race is, for the board; None where there is no race."""
        stands: dict[Seat, tuple[Label, Label]] = {}
        for event in events:
            if isinstance(event, Advanced):
                told = Text("{progress} ({left} left)", progress=event.progress, left=event.left)
                stands[event.seat] = (event.seat, told)
        return Lines(list(stands.values())) if stands else None

    def how(self) -> Text:
        """Return the rule about several players."""
        if self.in_race:
            return Text(
                "Everyone has the same word and guesses for themselves; of the others you see how "
                "far they are. Whoever has the most guesses left in the end is first."
            )
        return Text("Several players guess in turn, and win or lose together.")

    def _own(self, puzzle: Puzzle, seat: Seat) -> Guesses:
        return own_guesses(puzzle, seat if self.in_race else None)

    def _done(self, word: str, own: Guesses) -> bool:
        return self.found(word, own) or self.left(word, own) == 0

    def _score(self, puzzle: Puzzle, seat: Seat) -> float:
        """Return 0 for a word not found, else 1 and what was left."""
        own = self._own(puzzle, seat)
        return float(self.found(puzzle.word, own) and 1 + self.left(puzzle.word, own))


def own_guesses(puzzle: Puzzle, seat: Seat | None) -> Guesses:
    """Return the guesses of a seat, oldest first; of all where none is given."""
    return tuple(guess for who, guess in puzzle.guesses if seat in (None, who))


def letters_only(word: str, letters: str) -> None:
    """Refuse a word that has other signs in it.  Raises BadSetup."""
    if not set(word) <= set(letters):
        raise BadSetup(
            f"The option word needs a word of the letters {letters}, not {quoted(word)}."
        )

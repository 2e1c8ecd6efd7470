"""Wordle: a hidden word of five letters is found by guessing words.

Each letter of a guess is in its right place, elsewhere in the word, or not in it. A letter that a
guess has more often than the word counts only as often as the word has it: those in their right
place first, then from the left.
Source: Josh Wardle's Wordle, 2021; TextArena's Wordle-v0.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from random import Random
from typing import ClassVar, Final

from games.core import (
    Ask,
    BadSetup,
    Board,
    Cell,
    Grid,
    IllegalMove,
    Level,
    Lines,
    Look,
    Mark,
    Text,
    View,
)
from games.core.board import Label
from games.puzzle_words import one_word
from games.word_puzzle import (
    Guessed,
    Guesses,
    Puzzle,
    PuzzleEvent,
    Revealed,
    WordPuzzle,
    letters_only,
)

LENGTH: Final = 5
MOST_TRIES: Final = 12
COMPARED: Final = 40
"""Words that a hard bot weighs, against as many that the word could be."""
LOOKS_BACK: Final = {Level.EASY: 1, Level.MEDIUM: MOST_TRIES, Level.HARD: MOST_TRIES}
"""Guesses that a house bot heeds, the last ones."""


class Place(Enum):
    """Where a letter of a guess is in the word; the value stands in for it in a race."""

    RIGHT = "🟩"
    ELSEWHERE = "🟨"
    NOWHERE = "⬜"


FRAMES: Final = {Place.RIGHT: "[{}]", Place.ELSEWHERE: "({})", Place.NOWHERE: "{}"}


@lru_cache(maxsize=1 << 16)
def places(word: str, guess: str) -> tuple[Place, ...]:
    """Return the place of each letter of a guess; both have the same length."""
    spare = [w for w, g in zip(word, guess, strict=True) if w != g]
    found = []
    for w, g in zip(word, guess, strict=True):
        place = Place.RIGHT if w == g else Place.ELSEWHERE if g in spare else Place.NOWHERE
        if place is Place.ELSEWHERE:
            spare.remove(g)
        found.append(place)
    return tuple(found)


@dataclass(frozen=True)
class Wordle(WordPuzzle):
    """A hidden word of five letters is found by guessing words, alone, together or racing."""

    name: ClassVar[str] = "wordle"

    tries: int = 6
    """Guesses, from 1 to 12."""

    def check(self) -> None:
        super().check()
        if not 1 <= self.tries <= MOST_TRIES:
            raise BadSetup(f"The option tries needs a number from 1 to {MOST_TRIES}.")

    def check_word(self, word: str) -> None:
        if len(word) != LENGTH:
            raise BadSetup(f"The option word needs a word of {LENGTH} letters.")
        letters_only(word, self.words.letters)

    def draws(self) -> tuple[str, ...]:
        return self.words.answers

    def question(self, puzzle: Puzzle, own: Guesses) -> Ask:
        """Return the Ask; who is silent guesses a word that is the same whatever is hidden."""
        left = self.left(puzzle.word, own)
        spoken_for = next(word for word in self.words.answers if word not in own)
        prompt = Text("Which word of {length} letters? ({left} left)", length=LENGTH, left=left)
        return Ask(prompt, max_length=100, default=spoken_for, public=not self.in_race)

    def guess_in(self, puzzle: Puzzle, own: Guesses, said: str) -> str:
        guess = one_word(said)
        if len(guess) != LENGTH or not set(guess) <= set(self.words.letters):
            raise IllegalMove(Text("Say one word of {length} letters.", length=LENGTH))
        if guess in own:
            told = "“{guess}” has been guessed already. Guess another word."
            raise IllegalMove(Text(told, guess=guess))
        listed = self.words.guessable
        if listed and guess not in listed and guess != puzzle.word:
            told = "“{guess}” is not in the list of words. Guess another one."
            raise IllegalMove(Text(told, guess=guess))
        return guess

    def result(self, word: str, own: Guesses) -> str:
        """Return the letters of the last guess, framed as FRAMES has it."""
        return framed(word, own[-1])

    def progress(self, word: str, own: Guesses) -> str:
        return "".join(place.value for place in places(word, own[-1]))

    def left(self, word: str, own: Guesses) -> int:
        return self.tries - len(own)

    def found(self, word: str, own: Guesses) -> bool:
        return word in own

    def rules(self) -> Text:
        listed = Text("A guess must be a word of the list. ")
        return Text(
            "Wordle. Find the hidden word of {length} letters in {tries} guesses. After each guess "
            "you see of each letter whether it is right: [a] is in its right place, (a) is "
            "elsewhere in the word, and a alone is not in it, or not once more. {listed}{how}",
            length=LENGTH,
            tries=self.tries,
            listed=listed if self.words.guessable else "",
            how=self.how(),
        )

    def board(self, events: Sequence[PuzzleEvent], /) -> Board | None:
        seen = [event for event in events if isinstance(event, Guessed)]
        race = self.race_lines(events)
        parts: list[Grid | Lines] = []
        if seen:
            rows = [[_drawn(sign) for sign in event.result.split()] for event in seen]
            numbers = [str(number) for number, _ in enumerate(rows, start=1)]
            key = Text("right letter in the right place")
            parts.append(Grid(rows, Look.TABLE, labels=numbers, key=key))
        if race:
            parts.append(race)
        words = [event.word for event in events if isinstance(event, Revealed)]
        if words:
            line: tuple[Label, Label] = (Text("The word"), words[0])
            parts.append(Lines([line]))
        return Board(Text("Wordle, the guesses"), parts) if parts else None

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Easy minds its last guess only, medium all, hard asks what tells most words apart."""
        seen = [event for event in view.events if isinstance(event, Guessed)]
        tried = {event.guess for event in seen}
        heeded = [(event.guess, read_places(event.result)) for event in seen]
        words = [
            word
            for word in self.words.answers
            if word not in tried
            and all(places(word, guess) == found for guess, found in heeded[-LOOKS_BACK[level] :])
        ]
        if not words:  # a word of no list
            return str(ask.default)
        if level is not Level.HARD or len(words) < 3:
            return rng.choice(words)
        return most_telling(rng.sample(words, min(COMPARED, len(words))))


def framed(word: str, guess: str) -> str:
    """Return the letters of a guess as FRAMES has them."""
    marks = zip(guess, places(word, guess), strict=True)
    return " ".join([FRAMES[place].format(letter) for letter, place in marks])


def read_places(result: str) -> tuple[Place, ...]:
    """Return the places that `framed` has shown."""
    kinds = {"[": Place.RIGHT, "(": Place.ELSEWHERE}
    return tuple(kinds.get(sign[0], Place.NOWHERE) for sign in result.split())


def most_telling(words: Sequence[str]) -> str:
    """Return the word after which the fewest of these words remain, on average."""

    def remaining(guess: str) -> int:
        sizes = Counter(places(word, guess) for word in words)
        return sum(size * size for size in sizes.values())

    return min(words, key=remaining)


def _drawn(sign: str) -> Cell:
    if sign.startswith("["):
        return Cell(sign[1:-1], Mark.KEY, side=1)
    return Cell(sign, side=2 if sign.startswith("(") else 0)

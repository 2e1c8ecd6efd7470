"""Hangman: a hidden word is found letter by letter before too many guesses were wrong.

A guess is a letter or the whole word. Every wrong one, letter or word, counts alike.
Source: the pencil-and-paper game; TextArena's Hangman-v0 (which draws without the seed).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
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
    Text,
    View,
)
from games.core.board import Label
from games.puzzle_words import PuzzleWords, one_word
from games.word_puzzle import (
    Guessed,
    Guesses,
    Puzzle,
    PuzzleEvent,
    PuzzleSet,
    Revealed,
    WordPuzzle,
    letters_only,
)

SHORTEST, LONGEST = 4, 16
"""Letters of a word."""
MOST_MISSES: Final = 12
BLANK: Final = "_"


@dataclass(frozen=True)
class Hangman(WordPuzzle):
    """A hidden word is found letter by letter, alone, together or racing."""

    name: ClassVar[str] = "hangman"

    misses: int = 6
    """Wrong guesses after which the word is lost, from 1 to 12."""

    def check(self) -> None:
        super().check()
        if not 1 <= self.misses <= MOST_MISSES:
            raise BadSetup(f"The option misses needs a number from 1 to {MOST_MISSES}.")

    def check_word(self, word: str) -> None:
        if not SHORTEST <= len(word) <= LONGEST:
            raise BadSetup(f"The option word needs a word of {SHORTEST} to {LONGEST} letters.")
        letters_only(word, self.words.letters)

    def draws(self) -> tuple[str, ...]:
        return all_words(self.words)

    def topic_of(self, word: str) -> str:
        return next((topic for topic, words in self.words.topics.items() if word in words), "")

    def question(self, puzzle: Puzzle, own: Guesses) -> Ask:
        """Return the Ask; who is silent guesses the most frequent letter not yet tried."""
        fresh = next((letter for letter in self.words.letters if letter not in own), None)
        wrong = tuple(guess for guess in own if guess not in _right(puzzle.word))
        told = "{result} Which letter, or which word?"
        if wrong:
            told = "{result} Which letter, or which word? Wrong so far: {wrong}."
        prompt = Text(told, result=self.result(puzzle.word, own), wrong=wrong)
        return Ask(prompt, max_length=100, default=fresh, public=not self.in_race)

    def guess_in(self, puzzle: Puzzle, own: Guesses, said: str) -> str:
        guess = one_word(said)
        length = len(puzzle.word)
        if len(guess) not in (1, length) or not set(guess) <= set(self.words.letters):
            raise IllegalMove(
                Text("Say one letter, or the whole word of {length} letters.", length=length)
            )
        if guess in own:
            told = "“{guess}” has been guessed already. Guess something else."
            raise IllegalMove(Text(told, guess=guess))
        return guess

    def result(self, word: str, own: Guesses) -> str:
        """Return the word with a blank for each letter that has not been found."""
        if word in own:
            return " ".join(word)
        return " ".join(letter if letter in own else BLANK for letter in word)

    def progress(self, word: str, own: Guesses) -> str:
        known = len(word) - self.result(word, own).count(BLANK)
        return "🟩" * known + "⬜" * (len(word) - known)

    def left(self, word: str, own: Guesses) -> int:
        right = _right(word)
        return self.misses - sum(guess not in right for guess in own)

    def found(self, word: str, own: Guesses) -> bool:
        return BLANK not in self.result(word, own)

    def rules(self) -> Text:
        return Text(
            "Hangman. Find the hidden word: guess a letter, and you see wherever it stands in the "
            "word, or guess the whole word. After {misses} wrong guesses the word is lost. {how}",
            misses=self.misses,
            how=self.how(),
        )

    def board(self, events: Sequence[PuzzleEvent], /) -> Board | None:
        length = next((event.length for event in events if isinstance(event, PuzzleSet)), 0)
        if not length:
            return None
        seen = [event for event in events if isinstance(event, Guessed)]
        word = next((event.word for event in events if isinstance(event, Revealed)), "")
        shown = word or (seen[-1].result.replace(" ", "") if seen else BLANK * length)
        grid = Grid([[Cell("" if sign == BLANK else sign) for sign in shown]], Look.CARDS)
        left = seen[-1].left if seen else self.misses
        lines: list[tuple[Label, Label]] = []
        if seen or not self.in_race:
            lines.append((Text("Wrong guesses left"), str(left)))
        if seen:
            lines.append((Text("Guessed"), ", ".join([event.guess for event in seen])))
        parts = (Lines(lines) if lines else None, self.race_lines(events))
        return Board(Text("Hangman, the word"), (grid, *filter(None, parts)))

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Easy guesses frequent letters, medium those of words that fit, hard of the topic too."""
        seen = [event for event in view.events if isinstance(event, Guessed)]
        tried = {event.guess for event in seen}
        fresh = [letter for letter in self.words.letters if letter not in tried]
        if level is Level.EASY:
            return rng.choice(fresh[:6])
        puzzle = next(event for event in view.events if isinstance(event, PuzzleSet))
        listed = self.draws()
        if level is Level.HARD:
            listed = self.words.topics.get(puzzle.topic, listed)
        words = [word for word in listed if len(word) == puzzle.length and self._fits(word, seen)]
        if not words:  # a word of no list
            return fresh[0]
        if len(words) == 1:
            return words[0]
        if level is Level.MEDIUM:
            words = [rng.choice(words)]
        counts = Counter(letter for word in words for letter in set(word) - tried)
        best = max(counts.values())
        return rng.choice([letter for letter in fresh if counts[letter] == best])

    def _fits(self, word: str, seen: Sequence[Guessed]) -> bool:
        """Return whether a word would have led to what was read after the last guess."""
        own = tuple(event.guess for event in seen)
        if not own:
            return True
        return (self.result(word, own), self.left(word, own)) == (seen[-1].result, seen[-1].left)


@cache
def all_words(words: PuzzleWords) -> tuple[str, ...]:
    """Return the words of all topics, each once."""
    fit = (word for topic in words.topics.values() for word in topic)
    return tuple(dict.fromkeys(fit))


def _right(word: str) -> frozenset[str]:
    return frozenset((word, *word))

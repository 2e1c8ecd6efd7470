"""The cards of taboo, and how house bots describe and guess them."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Final

from games.core import PASS, Event, Level
from games.puzzle_words import Language
from games.taboo_events import CardDrawn, CardSeen, ClueGiven, GuessShown
from games.word_lists import DATA, runs, squeezed

SKILL: Final = {Level.EASY: 0.3, Level.MEDIUM: 0.65, Level.HARD: 1.0}
"""How often a bot gives a good clue, and sees what a clue is about."""


@dataclass(frozen=True, eq=False)
class Card:
    """A word, what may not be said of it, and what a house bot says."""

    target: str
    forbidden: tuple[str, ...]
    clues: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """All words that a clue may not name."""
        return (self.target, *self.forbidden)


@dataclass(frozen=True, eq=False)
class Deck:
    """The cards of one language."""

    source: str
    """Where the cards come from, and under what terms."""
    cards: Mapping[str, Card]
    """By their words."""
    vague: tuple[str, ...]
    """Clues that fit any card."""


@cache
def deck(language: Language) -> Deck:
    """Return the deck of a language, read on first use."""
    raw = json.loads((DATA / f"taboo_{language}.json").read_text("utf-8"))
    cards = {
        target: Card(target, tuple(card["forbidden"]), tuple(card["clues"]))
        for target, card in raw["cards"].items()
    }
    return Deck(raw["source"], cards, tuple(raw["vague"]))


def heard(events: Iterable[Event]) -> tuple[str, Sequence[str], Sequence[str]]:
    """Return one's own word, the clues and the wrong guesses of the card that is described."""
    card = ""
    clues: list[str] = []
    wrong: list[str] = []
    for event in events:
        match event:
            case CardDrawn():
                card, clues, wrong = "", [], []
            case CardSeen(_, target):
                card = target
            case ClueGiven(_, clue):
                clues.append(str(clue))
            case GuessShown(_, guess):
                wrong.append(str(guess))
    return card, clues, wrong


def clue(card: Card, deck: Deck, given: Collection[str], level: Level, rng: Random) -> str:
    """Return a clue for a card that has not been given yet; the lower the level, the vaguer.

    It is a pass once there is no other.
    """
    fresh = [said for said in card.clues if said not in given]
    vague = [said for said in deck.vague if said not in given]
    if not fresh and not vague:
        return PASS
    good = fresh and (rng.random() < SKILL[level] or not vague)
    return rng.choice(fresh if good else vague)


def guess(
    deck: Deck, clues: Sequence[str], wrong: Collection[str], level: Level, rng: Random
) -> str:
    """Return the word that the clues fit best; the lower the level, the more often any word."""
    tried = set(map(squeezed, wrong))
    open_cards = [card for card in deck.cards.values() if squeezed(card.target) not in tried]
    if not open_cards or rng.random() > SKILL[level]:
        return rng.choice(list(deck.cards))
    said = {run for text in clues for run in runs(text) if len(run) > 2}
    fitting = {card.target: len(said & _told_of(card)) for card in open_cards}
    return max(fitting, key=lambda target: (fitting[target], rng.random()))


@cache
def _told_of(card: Card) -> frozenset[str]:
    """Return the words that a house bot connects with a card."""
    return frozenset(runs(" ".join((*card.clues, *card.forbidden))))

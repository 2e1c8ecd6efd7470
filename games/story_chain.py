"""Story chain: the seats tell a story together, a part each in turn.

A part may have to use a given word. All read all parts, or each only the one before its own, and
then the story is read out in the end. At last all vote for whose parts they liked best.
Source: the parlour game consequences; with only the last part to be seen, the exquisite corpse of
the surrealists (1925).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from random import Random
from typing import ClassVar, Final

from games import story_chain_house as house
from games.core import (
    PASS,
    TABLE,
    Ask,
    BadSetup,
    Game,
    IllegalMove,
    Level,
    Outcome,
    Seat,
    Text,
    View,
    Words,
)
from games.puzzle_words import Language
from games.story_chain_events import (
    Begun,
    Continued,
    HandedOn,
    ReadOut,
    Skipped,
    StoryEvent,
    Tallied,
    Unfolded,
    Voted,
    WordGiven,
)
from games.word_lists import word_named

PART_LENGTH: Final = 500
BEGINNING_LENGTH: Final = 300
MOST_ROUNDS: Final = 10
FEWEST_VOTERS: Final = 3


class Sight(StrEnum):
    """How much of the story a seat reads before its part."""

    ALL = "all parts"
    LAST = "last part"


@dataclass(frozen=True)
class Tale:
    """How far the story is; parts are kept only until they are read out."""

    seats: tuple[Seat, ...]
    parts: int = 0
    word: str = ""
    """What the next part must use."""
    used: tuple[str, ...] = ()
    unread: tuple[tuple[Seat, Words], ...] = ()
    authors: tuple[Seat, ...] = ()
    """Who has added something."""
    votes: Mapping[Seat, Seat | None] = field(default_factory=dict)


@dataclass(frozen=True)
class StoryChain(Game[Tale, str | None, StoryEvent]):
    """Tell a story together, part by part, and vote for the best teller."""

    name: ClassVar[str] = "story-chain"
    max_seats: ClassVar[int] = 10

    rounds: int = 3
    """Parts that each player adds, from 1 to 10."""
    given_words: bool = False
    """Whether each part must use a word that is drawn for it."""
    sight: Sight = Sight.ALL
    """Whether a player reads all parts before adding one, or only the last."""
    vote: bool = True
    """Whether three or more players vote in the end for whose parts were best."""
    beginning: str = ""
    """The first sentence, up to 300 characters; one is drawn where none is given."""
    language: Language = Language.ENGLISH
    """The language of what is drawn."""

    def check(self) -> None:
        if not 1 <= self.rounds <= MOST_ROUNDS:
            raise BadSetup(f"The option rounds needs a number from 1 to {MOST_ROUNDS}.")
        if len(self.beginning) > BEGINNING_LENGTH:
            raise BadSetup(f"The option beginning takes at most {BEGINNING_LENGTH} characters.")

    def initial(self, seats: Sequence[Seat], /) -> Tale:
        return Tale(tuple(seats))

    def opening(self, tale: Tale, rng: Random, /) -> Sequence[StoryEvent]:
        beginning = self.beginning or rng.choice(house.stories(self.language).beginnings)
        return Begun(beginning), *self._word(tale, rng)

    def asks(self, tale: Tale, /) -> Mapping[Seat, Ask]:
        total = self.rounds * len(tale.seats)
        if tale.parts == total:
            return self._ballots(tale)
        told = "Part {number} of {total}: go on with the story."
        if tale.word:
            told = "Part {number} of {total}: go on with the story, and use the word “{word}”."
        prompt = Text(told, number=tale.parts + 1, total=total, word=tale.word)
        ask = Ask(prompt, max_length=PART_LENGTH, optional=True, default=PASS, public=True)
        return {tale.seats[tale.parts % len(tale.seats)]: ask}

    def decide(
        self, tale: Tale, seat: Seat, said: str | None, rng: Random, /
    ) -> Sequence[StoryEvent]:
        if tale.parts == self.rounds * len(tale.seats):
            choice = None if said is None else Seat(said)
            votes = {**tale.votes, seat: choice}
            voted = Voted(seat, choice)
            return (voted, Tallied(votes)) if len(votes) == len(tale.seats) else (voted,)
        if said is not None and tale.word and not word_named(said, (tale.word,)):
            told = "Your part must use the word “{word}”. Put it in, or pass."
            raise IllegalMove(Text(told, word=tale.word))
        reader = tale.seats[(tale.parts + 1) % len(tale.seats)]
        shown = self.sight is Sight.ALL
        part = Skipped(seat) if said is None else Continued(seat, Words(said), reader, shown)
        after = self.evolve(tale, part)
        if after.parts < self.rounds * len(tale.seats):
            return part, *_handed_on(part, after), *self._word(after, rng)
        if shown or not after.unread:
            return (part,)
        return part, Unfolded(), *(ReadOut(author, words) for author, words in after.unread)

    def evolve(self, tale: Tale, event: StoryEvent, /) -> Tale:
        match event:
            case WordGiven(_, word):
                return replace(tale, word=word, used=(*tale.used, word))
            case Continued(seat, words, _, shown):
                unread = tale.unread if shown else (*tale.unread, (seat, words))
                authors = tuple(dict.fromkeys((*tale.authors, seat)))
                return replace(tale, parts=tale.parts + 1, unread=unread, authors=authors)
            case Skipped():
                return replace(tale, parts=tale.parts + 1)
            case Unfolded():
                return replace(tale, unread=())
            case Voted(seat, choice):
                return replace(tale, votes={**tale.votes, seat: choice})
            case Begun() | HandedOn() | ReadOut() | Tallied():
                return tale

    def outcome(self, tale: Tale, /) -> Outcome:
        counts = Counter(choice for choice in tale.votes.values() if choice is not None)
        scores = {seat: float(counts[seat]) for seat in tale.seats}
        if not counts:
            return Outcome(scores, Text("The story is told, and nobody has won or lost."))
        most = max(counts.values())
        best = tuple(seat for seat in tale.seats if counts[seat] == most)
        return Outcome(scores, Text("Most votes: {votes}, for {seats}.", votes=most, seats=best))

    def rules(self) -> Text:
        seen = Text("All read every part. ")
        if self.sight is Sight.LAST:
            seen = Text("Each reads only the part before; in the end the story is read out. ")
        word: Text | str = ""
        if self.given_words:
            word = Text("Each part must use a word that is drawn for it. ")
        vote: Text | str = ""
        if self.vote:
            vote = Text(
                "In the end, if there are three players or more, all vote in secret for whose "
                "parts were best, but not for themselves; the most votes win."
            )
        return Text(
            "Story chain. The players tell a story together: in turn each adds a part of at most "
            "{length} characters, or passes; {rounds} parts each. {seen}{word}{vote}",
            length=PART_LENGTH,
            rounds=self.rounds,
            seen=seen,
            word=word,
            vote=vote,
        )

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Easy says what fits anywhere; hard takes up the part before, and votes for who did."""
        parts: list[tuple[Seat, str]] = []
        word = ""
        for event in view.events:
            match event:
                case Begun(beginning):
                    parts.append((TABLE, beginning))
                case Continued(seat, words) | HandedOn(seat, words) | ReadOut(seat, words):
                    parts.append((seat, str(words)))
                case WordGiven():
                    word = event.word
                case Unfolded():
                    parts = parts[:1]
        if ask.choices:
            return house.vote(parts, ask.choices, level, rng)
        told = [said for _, said in parts]
        return house.part(house.stories(self.language), told, word, level, rng)

    def _word(self, tale: Tale, rng: Random) -> Sequence[StoryEvent]:
        """Return the word for the next part, where there is one."""
        if not self.given_words:
            return ()
        words = house.stories(self.language).words
        fresh = [word for word in words if word not in tale.used[-len(words) + 1 :]]
        return (WordGiven(tale.seats[tale.parts % len(tale.seats)], rng.choice(fresh)),)

    def _ballots(self, tale: Tale) -> Mapping[Seat, Ask]:
        """Return the Ask of each seat that has still to vote."""
        if not self.vote or len(tale.seats) < FEWEST_VOTERS or len(tale.authors) < 2:
            return {}
        ballots = {
            seat: tuple(one for one in tale.authors if one != seat)
            for seat in tale.seats
            if seat not in tale.votes
        }
        told = "Whose parts of the story were best?"
        return {
            seat: Ask(told, choices=choices, optional=True, default=PASS, public=True)
            for seat, choices in ballots.items()
        }


def _handed_on(part: StoryEvent, tale: Tale) -> Sequence[StoryEvent]:
    """Return the last hidden part for whoever comes after a pass, unless it is their own."""
    if not isinstance(part, Skipped) or not tale.unread:
        return ()
    author, words = tale.unread[-1]
    reader = tale.seats[tale.parts % len(tale.seats)]
    return (HandedOn(author, words, reader),) if reader != author else ()

"""Undercover: all have a word, but a few have another one that is much like it.

Nobody knows whether their own word is the odd one. Each round every player gives a clue, then all
vote at the same time and in secret for whom to send out.
Source: the party game known as Undercover or Who is the Spy, in its usual rules.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from random import Random
from typing import ClassVar, Final

from games import undercover_house as house
from games.core import (
    PASS,
    Ask,
    BadSetup,
    Board,
    Cell,
    Game,
    Grid,
    Hidden,
    IllegalMove,
    Level,
    Look,
    Outcome,
    Seat,
    Text,
    View,
    Words,
    listed,
    quoted,
)
from games.puzzle_words import Language
from games.undercover_events import (
    ClueGiven,
    NobodyVotedOut,
    Passed,
    Revealed,
    RoundBegun,
    Tallied,
    UndercoverEvent,
    Voted,
    VotedOut,
    WordGiven,
    WordsDealt,
)
from games.word_lists import squeezed, word_named

CLUE_LENGTH: Final = 100
LAST_ROUND: Final = 8
"""The round after which whoever is still undercover has won, so that every game ends."""
CLUE: Final = Ask(
    "Give one clue to your word, without naming it.",
    max_length=CLUE_LENGTH,
    optional=True,
    default=PASS,
    public=True,
)


@dataclass(frozen=True)
class Party:
    """Who has which word, who is out, and what has been said and voted so far."""

    seats: tuple[Seat, ...]
    words: Mapping[Seat, str] = field(default_factory=dict)
    out: tuple[Seat, ...] = ()
    round: int = 0
    spoken: int = 0
    """Turns taken in this round."""
    clues: tuple[Words, ...] = ()
    """All clues of the game."""
    votes: Mapping[Seat, Seat | None] = field(default_factory=dict)
    """Those of the present vote, still hidden."""
    over: bool = False

    @property
    def left(self) -> tuple[Seat, ...]:
        """The seats still at the table, in seat order."""
        return tuple([seat for seat in self.seats if seat not in self.out])

    @property
    def odd(self) -> tuple[Seat, ...]:
        """The seats with the rarer word, in seat order."""
        ((word, _), *_) = Counter(self.words.values()).most_common()
        return tuple([seat for seat in self.seats if self.words[seat] != word])


@lru_cache(maxsize=1024)
def ballot(suspects: tuple[Seat, ...]) -> Ask:
    """Return the Ask for a vote; a pass is a vote for nobody."""
    return Ask(
        "Who has the other word?", choices=suspects, optional=True, default=PASS, public=True
    )


@dataclass(frozen=True)
class Undercover(Game[Party, str | None, UndercoverEvent]):
    """All but a few have the same word; clues and votes must find those with the other one."""

    name: ClassVar[str] = "undercover"
    min_seats: ClassVar[int] = 3
    max_seats: ClassVar[int] = 12

    undercover: int = 0
    """How many have the other word; 0 for 1 of up to 6, 2 of up to 9 and 3 of up to 12 players."""
    language: Language = Language.ENGLISH
    """The language of the words."""
    word: Hidden[str] = None
    """The word of most, instead of one drawn; the other word is the one beside it."""
    odd: Hidden[tuple[Seat, ...]] = None
    """The seats with the other word, instead of drawn ones."""

    def check(self) -> None:
        if not 0 <= self.undercover <= 5:
            raise BadSetup("The option undercover needs a number from 0 to 5.")
        if self.word is not None and not self._draws():
            raise BadSetup(f"There is no pair with the word {quoted(self.word)}.")

    def check_seats(self, seats: Sequence[Seat]) -> None:
        super().check_seats(seats)
        odd = self._odd(len(seats))
        if 2 * odd >= len(seats):
            raise BadSetup(
                f"The option undercover is too large: of {len(seats)} players fewer than half "
                "can have the other word."
            )
        if self.odd is not None and (len(set(self.odd)) != odd or not set(self.odd) <= set(seats)):
            raise BadSetup(f"The option odd needs {odd} of the seats {listed(seats)}.")

    def initial(self, seats: Sequence[Seat], /) -> Party:
        return Party(tuple(seats))

    def opening(self, party: Party, rng: Random, /) -> Sequence[UndercoverEvent]:
        pair, word = rng.choice(self._draws())
        count = self._odd(len(party.seats))
        odd = self.odd or rng.sample(party.seats, count)
        dealt = [WordGiven(seat, pair.other(word) if seat in odd else word) for seat in party.seats]
        return (WordsDealt(party.seats, count), *dealt, RoundBegun(1))

    def asks(self, party: Party, /) -> Mapping[Seat, Ask]:
        if party.over:
            return {}
        if party.spoken < len(party.left):
            return {party.left[party.spoken]: CLUE}
        return {
            seat: ballot(tuple([other for other in party.left if other != seat]))
            for seat in party.left
            if seat not in party.votes
        }

    def decide(
        self, party: Party, seat: Seat, said: str | None, rng: Random, /
    ) -> Sequence[UndercoverEvent]:
        if party.spoken < len(party.left):
            return (Passed(seat) if said is None else ClueGiven(seat, _checked(party, seat, said)),)
        vote = Voted(seat, None if said is None else Seat(said))
        party = self.evolve(party, vote)
        return (vote,) if len(party.votes) < len(party.left) else (vote, *self._counted(party))

    def evolve(self, party: Party, event: UndercoverEvent, /) -> Party:
        match event:
            case WordGiven(seat, word):
                return replace(party, words={**party.words, seat: word})
            case RoundBegun(number):
                return replace(party, round=number, spoken=0, votes={})
            case ClueGiven(_, clue):
                return replace(party, spoken=party.spoken + 1, clues=(*party.clues, clue))
            case Passed():
                return replace(party, spoken=party.spoken + 1)
            case Voted(seat, accused):
                return replace(party, votes={**party.votes, seat: accused})
            case VotedOut(seat):
                return replace(party, out=(*party.out, seat))
            case Revealed():
                return replace(party, over=True)
            case WordsDealt() | Tallied() | NobodyVotedOut():
                return party

    def outcome(self, party: Party, /) -> Outcome:
        odd = party.odd
        found = set(odd) <= set(party.out)
        scores = {seat: float((seat in odd) is not found) for seat in party.seats}
        told = "{odd} stayed undercover and won."
        if found:
            told = "Everybody undercover was found out ({odd}): the others win."
        return Outcome(scores, Text(told, odd=odd))

    def rules(self) -> Text:
        return Text(
            "Undercover. Every player has a word. Most have the same one; the others, who are "
            "undercover, have one that is much like it. Nobody knows at first on which side they "
            "are. In each round everybody in turn gives one clue of at most {length} characters "
            "to their own word, without naming it or repeating an earlier clue. Then all vote at "
            "the same time and in secret; whoever has the most votes is out, and it is told "
            "whether they were undercover. A tie sends nobody out. Most win when everybody "
            "undercover is out; those undercover win when they are no longer fewer than the "
            "others, or are there after round {rounds}.",
            length=CLUE_LENGTH,
            rounds=LAST_ROUND,
        )

    def board(self, events: Sequence[UndercoverEvent], /) -> Board | None:
        seats: tuple[Seat, ...] = ()
        state: dict[Seat, Text] = {}
        clues: dict[Seat, list[str]] = {}
        for event in events:
            match event:
                case WordsDealt(seats):
                    clues = {seat: [] for seat in seats}
                case ClueGiven(seat, clue):
                    clues[seat].append(clue)
                case VotedOut(seat, is_odd):
                    state[seat] = Text("was undercover") if is_odd else Text("had the common word")
        if not seats:
            return None
        rows = [[Cell(state.get(s, Text("plays"))), Cell(" / ".join(clues[s]))] for s in seats]
        grid = Grid(rows, Look.TABLE, columns=(Text("State"), Text("Clues")), labels=seats)
        return Board(Text("Undercover, the clues"), (grid,))

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Easy votes at random, medium by the clues, hard also asks itself which side it is on."""
        known = self._knowledge(view, level)
        if known is None:
            return ask.sample(rng)
        if not ask.choices:
            return house.clue(known, rng)
        return house.vote(known, tuple(map(Seat, ask.choices)), rng)

    def _odd(self, seats: int) -> int:
        """Return how many of so many seats have the other word."""
        return self.undercover or (1 if seats <= 6 else 2 if seats <= 9 else 3)

    def _draws(self) -> Sequence[tuple[house.Pair, str]]:
        """Return the pairs that may be drawn, each with the word of most."""
        draws = [(pair, word) for pair in house.pairs(self.language.value) for word in pair.words]
        if self.word is None:
            return draws
        return [draw for draw in draws if squeezed(draw[1]) == squeezed(self.word)]

    def _counted(self, party: Party) -> Sequence[UndercoverEvent]:
        """Return what the votes lead to."""
        tally = Tallied({seat: party.votes[seat] for seat in party.left})
        counts = Counter(accused for accused in party.votes.values() if accused is not None)
        top = [seat for seat in counts if counts[seat] == max(counts.values())]
        result: UndercoverEvent = NobodyVotedOut()
        if len(top) == 1:
            result = VotedOut(top[0], top[0] in party.odd)
        return (tally, result, *self._onward(self.evolve(party, result)))

    def _onward(self, party: Party) -> Sequence[UndercoverEvent]:
        """Return the next round, or the end."""
        left = [seat for seat in party.odd if seat not in party.out]
        if left and 2 * len(left) < len(party.left) and party.round < LAST_ROUND:
            return (RoundBegun(party.round + 1),)
        common = next(seat for seat in party.seats if seat not in party.odd)
        return (Revealed(party.odd, party.words[party.odd[0]], party.words[common]),)

    def _knowledge(self, view: View, level: Level) -> house.Knowledge | None:
        """Return what a view tells a house bot; None when its word has left the list."""
        word = next(event.word for event in view.events if isinstance(event, WordGiven))
        pair = next((p for p in house.pairs(self.language.value) if word in p.words), None)
        odd = next(event.odd for event in view.events if isinstance(event, WordsDealt))
        if pair is None:
            return None
        clues = [(e.seat, e.clue) for e in view.events if isinstance(e, ClueGiven) and e.clue]
        return house.Knowledge(view.seat, level, word, pair, clues, odd)


def _checked(party: Party, seat: Seat, said: str) -> Words:
    """Return a clue on one line.  Raises IllegalMove.

    It is held against the seat's own word alone: a refusal for the other one would tell it.
    """
    clue = " ".join(said.split())
    if word_named(clue, (party.words[seat],)):
        raise IllegalMove("Your clue names your word. Give another clue, or say “pass”.")
    if squeezed(clue) in {squeezed(earlier) for earlier in party.clues}:
        raise IllegalMove("This clue has been given already. Give another one.")
    return Words(clue)

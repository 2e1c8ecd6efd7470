"""Chameleon: everyone but one seat knows the secret word, and that one must not be noticed.

Each seat gives one clue, then all vote in secret for who the chameleon is. Tie or wrong
accusation: the chameleon wins. Caught, it may still win by guessing the word.
Source: ChatArena, environment chameleon, whose default rules these are. There, votes for
oneself counted, unreadable ones were dropped, and a clue could name the word.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from functools import lru_cache
from random import Random
from typing import ClassVar, Final

from games import chameleon_house as house
from games.chameleon_draws import drawn_from, possible_draws, wanted_among
from games.chameleon_events import (
    Accused,
    ChameleonChosen,
    ChameleonEvent,
    ClueGiven,
    Guessed,
    Passed,
    Revealed,
    Spoken,
    Tallied,
    Tied,
    TopicDrawn,
    Voted,
    WordLearnt,
)
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
    Lines,
    Look,
    Mark,
    Outcome,
    Seat,
    Text,
    UnclearMove,
    View,
    Words,
    listed,
    quoted,
)
from games.word_lists import squeezed, word_list, word_named

NOBODY: Final = Seat("")
CLUE_LENGTH: Final = 100
TALK_LENGTH: Final = 300
MOST_ROUNDS: Final = 5
TALK: Final = Ask(
    "Who do you think is the chameleon, and why? You may also pass.",
    max_length=TALK_LENGTH,
    optional=True,
    default=PASS,
    public=True,
)


class Stage(Enum):
    """What the table is doing."""

    CLUES = auto()
    TALK = auto()
    VOTE = auto()
    GUESS = auto()
    OVER = auto()


@dataclass(frozen=True)
class Deal:
    """What was drawn at the start."""

    topic: str = ""
    words: tuple[str, ...] = ()
    word: str = ""
    chameleon: Seat = NOBODY


NOTHING_DEALT: Final = Deal()


@dataclass(frozen=True)
class Hunt:
    """What has been drawn, said and voted so far."""

    seats: tuple[Seat, ...]
    suspects: tuple[Seat, ...]
    """Who may be voted for."""
    deal: Deal = NOTHING_DEALT
    clues: tuple[Words, ...] = ()
    """In seat order."""
    talked: int = 0
    """How many turns of the discussion are over."""
    votes: Mapping[Seat, Seat] = field(default_factory=dict)
    """Those of the present vote, still hidden."""
    voting_again: bool = False
    accused: Seat | None = None
    guess: str | None = None
    over: bool = False


@lru_cache(maxsize=1024)
def clue_question(topic: str, turn: int) -> Ask:
    """Return the Ask for a clue; who is silent gives one that would fit any word."""
    vague = word_list().vague
    prompt = Text("Give one clue to the secret word of the topic {topic}.", topic=topic)
    return Ask(prompt, max_length=CLUE_LENGTH, default=vague[turn % len(vague)])


@lru_cache(maxsize=1024)
def ballot(suspects: tuple[Seat, ...]) -> Ask:
    """Return the Ask for a vote."""
    return Ask("Who is the chameleon?", choices=suspects, public=True)


@lru_cache(maxsize=256)
def guess_question(topic: str, words: tuple[str, ...]) -> Ask:
    """Return the Ask for the chameleon's guess."""
    prompt = Text("You are found out. Which word of {topic} is the secret one?", topic=topic)
    return Ask(prompt, choices=words)


@dataclass(frozen=True)
class Chameleon(Game[Hunt, str | None, ChameleonEvent]):
    """All but one know a secret word; clues and a vote must find the one who does not."""

    name: ClassVar[str] = "chameleon"
    min_seats: ClassVar[int] = 3
    max_seats: ClassVar[int] = 12

    discussion: int = 0
    """Rounds of talk between the clues and the vote, from 0 to 5."""
    revote: bool = False
    """Whether a tied vote is held once more, among the tied seats."""
    topic: Hidden[str] = None
    """The topic to play, instead of one drawn."""
    word: Hidden[str] = None
    """The secret word, instead of one drawn."""
    chameleon: Hidden[Seat] = None
    """The seat of the chameleon, instead of one drawn."""

    def check(self) -> None:
        if not 0 <= self.discussion <= MOST_ROUNDS:
            raise BadSetup(f"The option discussion needs a number from 0 to {MOST_ROUNDS}.")
        if self.topic is not None or self.word is not None:
            possible_draws(self.topic, self.word)

    def check_seats(self, seats: Sequence[Seat]) -> None:
        super().check_seats(seats)
        if self.chameleon is not None and not wanted_among(self.chameleon, seats):
            raise BadSetup(
                f"The option chameleon needs one of the seats {listed(seats, 'or')}, "
                f"not {quoted(self.chameleon)}."
            )

    def initial(self, seats: Sequence[Seat], /) -> Hunt:
        return Hunt(tuple(seats), tuple(seats))

    def opening(self, hunt: Hunt, rng: Random, /) -> Sequence[ChameleonEvent]:
        topic, words = drawn_from(possible_draws(self.topic, self.word), rng)
        word = drawn_from(words, rng)
        chameleon = drawn_from(wanted_among(self.chameleon, hunt.seats), rng)
        return (
            TopicDrawn(topic.name, topic.words),
            *(
                ChameleonChosen(seat) if seat == chameleon else WordLearnt(seat, word)
                for seat in hunt.seats
            ),
        )

    def asks(self, hunt: Hunt, /) -> Mapping[Seat, Ask]:
        match self._stage(hunt):
            case Stage.CLUES:
                turn = len(hunt.clues)
                return {hunt.seats[turn]: clue_question(hunt.deal.topic, turn)}
            case Stage.TALK:
                return {hunt.seats[hunt.talked % len(hunt.seats)]: TALK}
            case Stage.VOTE:
                voter = hunt.seats[len(hunt.votes)]
                return {voter: ballot(tuple([seat for seat in hunt.suspects if seat != voter]))}
            case Stage.GUESS:
                return {hunt.deal.chameleon: guess_question(hunt.deal.topic, hunt.deal.words)}
            case Stage.OVER:
                return {}

    def parse(self, hunt: Hunt, seat: Seat, text: str, /) -> str | None:
        ask = self.asks(hunt)[seat]
        try:
            answer = ask.parse(text)
        except UnclearMove:
            if self._stage(hunt) is Stage.VOTE and _names(seat, text):
                told = Text("You cannot vote for yourself. {hint}", hint=ask.hint())
                raise UnclearMove(told) from None
            raise
        assert answer is None or isinstance(answer, str)
        return answer

    def decide(
        self, hunt: Hunt, seat: Seat, said: str | None, rng: Random, /
    ) -> Sequence[ChameleonEvent]:
        match self._stage(hunt):
            case Stage.TALK:
                return (Passed(seat) if said is None else Spoken(seat, Words(said)),)
            case Stage.CLUES:
                return (ClueGiven(seat, _checked_clue(hunt, said or "")),)
            case Stage.GUESS:
                return (Guessed(seat, said or ""), Revealed(hunt.deal.chameleon, hunt.deal.word))
            case _:
                return self._voted(hunt, seat, Seat(said or ""))

    def evolve(self, hunt: Hunt, event: ChameleonEvent, /) -> Hunt:
        match event:
            case Voted(seat, accused):
                return replace(hunt, votes={**hunt.votes, seat: accused})
            case ClueGiven(_, clue):
                return replace(hunt, clues=(*hunt.clues, clue))
            case Spoken() | Passed():
                return replace(hunt, talked=hunt.talked + 1)
            case TopicDrawn(topic, words):
                return replace(hunt, deal=replace(hunt.deal, topic=topic, words=words))
            case WordLearnt(_, word):
                told = word == hunt.deal.word  # every seat but one learns the same word
                return hunt if told else replace(hunt, deal=replace(hunt.deal, word=word))
            case ChameleonChosen(seat):
                return replace(hunt, deal=replace(hunt.deal, chameleon=seat))
            case Tallied():
                return hunt
            case Tied(seats, again):
                return replace(hunt, suspects=seats, votes={}, voting_again=again)
            case Accused(seat):
                return replace(hunt, accused=seat)
            case Guessed(_, word):
                return replace(hunt, guess=word)
            case Revealed():
                return replace(hunt, over=True)

    def outcome(self, hunt: Hunt, /) -> Outcome:
        caught = hunt.accused == hunt.deal.chameleon and hunt.guess != hunt.deal.word
        scores = {seat: float((seat == hunt.deal.chameleon) is not caught) for seat in hunt.seats}
        if hunt.accused is None:
            told = "The vote was tied, so the chameleon {chameleon} wins."
        elif hunt.accused != hunt.deal.chameleon:
            told = "{accused} was wrongly accused, so the chameleon {chameleon} wins."
        elif caught:
            told = "{chameleon} was found out and did not guess “{word}”: the others win."
        else:
            told = "{chameleon} was found out, but guessed “{word}” and wins."
        values = {"chameleon": hunt.deal.chameleon, "accused": hunt.accused, "word": hunt.deal.word}
        return Outcome(scores, Text(told, **values))

    def rules(self) -> Text:
        talk: Text | str = ""
        if self.discussion == 1:
            talk = Text("Then comes one round of talk; each player may speak or pass. ")
        elif self.discussion:
            told = "Then come {rounds} rounds of talk; each player may speak or pass. "
            talk = Text(told, rounds=self.discussion)
        again: Text | str = ""
        if self.revote:
            again = Text("After a tie all vote once more, for one of the tied players. ")
        return Text(
            "Chameleon. Everyone knows the topic and its list of words. All but one also know "
            "which of the words is the secret one; the one who does not is the chameleon. In "
            "turn, each player gives one clue of at most {length} characters: show that you "
            "know the word, but do not give it away. A clue may not name any word of the list "
            "or repeat an earlier clue. {talk}In the end all vote in secret for who is the "
            "chameleon, but not for themselves. {again}If the vote is tied or accuses the wrong "
            "player, the chameleon wins. A chameleon who is found out has one guess at the word: "
            "if it is right, the chameleon wins, otherwise all the others win.",
            length=CLUE_LENGTH,
            talk=talk,
            again=again,
        )

    def board(self, events: Sequence[ChameleonEvent], /) -> Board | None:
        drawn: TopicDrawn | None = None
        secret = ""
        clues: list[tuple[str, str]] = []
        for event in events:
            match event:
                case TopicDrawn():
                    drawn = event
                case WordLearnt(_, word) | Revealed(_, word):
                    secret = word
                case ClueGiven(seat, clue):
                    clues.append((seat, clue))
        if drawn is None:
            return None
        cards = [Cell(word, Mark.KEY if word == secret else Mark.NONE) for word in drawn.words]
        rows = [cards[start : start + 4] for start in range(0, len(cards), 4)]
        grid = Grid(rows, Look.CARDS, caption=drawn.topic, key=Text("the secret word"))
        title = Text("Chameleon, the words")
        return Board(title, (grid, Lines(clues)) if clues else (grid,))

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Easy is vague and easily misled, medium plain, hard gives little away and weighs all."""
        known = _knowledge(view, level)
        if known is None:
            return ask.sample(rng)
        if ask == TALK:
            return house.remark(known, rng)
        if not ask.choices:
            return house.clue(known, rng)
        if ask.choices == known.topic.words:
            return house.guess(known, rng)
        return house.vote(known, tuple(map(Seat, ask.choices)), rng)

    def _stage(self, hunt: Hunt) -> Stage:
        seats = len(hunt.seats)
        if hunt.over:
            return Stage.OVER
        if len(hunt.clues) < seats:
            return Stage.CLUES
        if hunt.talked < self.discussion * seats:
            return Stage.TALK
        return Stage.VOTE if hunt.accused is None else Stage.GUESS

    def _voted(self, hunt: Hunt, seat: Seat, accused: Seat) -> Sequence[ChameleonEvent]:
        votes = {**hunt.votes, seat: accused}
        if len(votes) < len(hunt.seats):
            return (Voted(seat, accused),)
        counts = Counter(votes.values())
        most = max(counts.values())
        top = tuple([suspect for suspect in hunt.suspects if counts[suspect] == most])
        events: list[ChameleonEvent] = [Voted(seat, accused), Tallied(votes)]
        if len(top) > 1:
            again = self.revote and not hunt.voting_again
            events.append(Tied(top, again))
            if again:
                return events
        else:
            found = top[0] == hunt.deal.chameleon
            events.append(Accused(top[0], found))
            if found:
                return events
        return [*events, Revealed(hunt.deal.chameleon, hunt.deal.word)]


def _checked_clue(hunt: Hunt, said: str) -> Words:
    """Return a clue on one line.  Raises IllegalMove, in the same way for every seat.

    No word of the list may be named: were it only the secret one, a refusal would tell it.
    """
    clue = " ".join(said.split())
    if clue == clue_question(hunt.deal.topic, len(hunt.clues)).default:
        return Words(clue)  # who is silent must never be stuck
    if word := word_named(clue, hunt.deal.words):
        told = (
            "A clue may not name a word of the list, and yours has “{word}” in it. "
            "Give another clue."
        )
        raise IllegalMove(Text(told, word=word))
    if squeezed(clue) in {squeezed(earlier) for earlier in hunt.clues}:
        raise IllegalMove("This clue has been given already. Give another one.")
    return Words(clue)


def _names(seat: Seat, text: str) -> bool:
    """Return whether a text names a seat and can be read as a choice of it."""
    try:
        return ballot((seat,)).parse(text) == seat
    except UnclearMove:
        return False


def _knowledge(view: View, level: Level) -> house.Knowledge | None:
    """Return what a view tells a house bot; None when its topic has left the word list."""
    words = word_list()
    drawn = next(event for event in view.events if isinstance(event, TopicDrawn))
    topic = words.topics.get(drawn.topic)
    if topic is None or topic.words != drawn.words:
        return None
    return house.Knowledge(
        seat=view.seat,
        level=level,
        words=words,
        topic=topic,
        word=next((event.word for event in view.events if isinstance(event, WordLearnt)), None),
        clues={e.seat: e.clue for e in view.events if isinstance(e, ClueGiven) and e.clue},
        remarks=[e.words for e in view.events if isinstance(e, Spoken) and e.seat == view.seat],
    )

"""One match in progress: the driver without input or output that every shell turns."""

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Final, Generic, Self, TypeVar

from games.core.ask import Answer, Ask
from games.core.board import Board
from games.core.codec import codec_of, game_from_json, game_to_json
from games.core.errors import BrokenLog, NotYourTurn
from games.core.game import Event, Game, Outcome, Turn, View, check_names, known_audience
from games.core.text import SPECTATOR, TABLE, Seat, Text, Words, clean

S = TypeVar("S")
A = TypeVar("A", bound=Answer)
E = TypeVar("E", bound=Event)

FORMAT: Final = 1
"""The version of the JSON that `to_json` writes."""


@dataclass(frozen=True)
class Foresight:
    """What a proposed turn would lead to."""

    asks: Mapping[Seat, Ask]
    taken: Mapping[Seat, int]
    """How many turns each seat would have taken."""
    outcome: Outcome | None

    def ask_id(self, seat: Seat) -> str:
        """Return the identity of the question that would be put to a seat."""
        return _ask_id(self.taken.get(seat, 0), self.asks[seat])


class Match(Generic[S, A, E]):
    """A game, its seats, its seed, and everything that has happened.

    A new match has dealt its opening; `turns` brings back one that was stored, and `folded` says
    how many of them a state already holds that was kept with it.

    Raises:
        BadSetup: the seats do not fit the game.

    """

    def __init__(
        self,
        game: Game[S, A, E],
        seats: Sequence[str],
        seed: int = 0,
        turns: Iterable[Turn[E]] | None = None,
        folded: tuple[int, S] | None = None,
    ) -> None:
        self.game = game
        self.seats: Sequence[Seat] = tuple(map(Seat, seats))
        game.check_seats(self.seats)
        self.seed = seed
        self.state: S = game.initial(self.seats)
        self.log: list[E] = []
        self.turns: list[Turn[E]] = []
        self._luck = _LazyRandom(seed)
        self._parses_as_asked = type(game).parse is Game.parse
        self._taken: dict[Seat, int] = {}
        self._asks: Mapping[Seat, Ask] | None = None
        self._aborted: Outcome | None = None
        self._foreseen: tuple[Turn[E], S] | None = None
        self._public_game: Game[S, A, E] | None = None
        self._views: dict[Seat, tuple[int, list[E]]] = {}
        self._for_some: dict[Seat, list[int]] = {}
        """Where in the log a viewer has to look, beside what anybody may see."""
        self._for_any: list[int] = []
        self._looked_through = 0
        """How many events of the log stand in these lists."""
        if turns is None:
            check_names(self.seats)
            events = tuple(game.opening(self.state, self._chance()))
            turns = [Turn(TABLE, events)] if events else []
        done, self.state = folded or (0, self.state)
        for number, turn in enumerate(turns):
            if number < done:
                self._note(turn)
            else:
                self.commit(turn)

    @property
    def version(self) -> int:
        """How many events have happened."""
        return len(self.log)

    @property
    def asks(self) -> Mapping[Seat, Ask]:
        """What each seat may now answer."""
        if self._asks is None:
            self._asks = {} if self._aborted else self.game.asks(self.state)
        return self._asks

    @property
    def asked(self) -> set[Seat]:
        """The seats that may answer now."""
        return set(self.asks)

    @property
    def over(self) -> bool:
        """Whether nobody is asked anything any more."""
        return not self.asks

    @property
    def outcome(self) -> Outcome | None:
        """How the match ended; None while it goes on."""
        return self._aborted or (self.game.outcome(self.state) if self.over else None)

    def ask_id(self, seat: Seat) -> str:
        """Return the identity of the question now put to a seat.

        It stays while the same question stands to the same seat, whatever others do, and
        changes when the seat has answered or is asked something else.
        """
        return _ask_id(self._taken.get(seat, 0), self.asks[seat])

    def propose(self, seat: str, text: str) -> Turn[E]:
        """Return the turn that an answer would be, changing nothing.

        Raises:
            NotYourTurn: nothing is asked of this seat now.
            UnclearMove: the text is not an answer to what was asked.
            IllegalMove: the answer breaks a rule.

        """
        seat = seat if isinstance(seat, Seat) else Seat(seat)
        ask = self.asks.get(seat)
        if ask is None:
            raise NotYourTurn(self._whose_turn(seat))
        if self._parses_as_asked:  # the usual case: do not compute the asks again
            action: A = ask.parse(text)  # type: ignore[assignment]  # the Ask decides
        else:
            action = self.game.parse(self.state, seat, text)
        return Turn(seat, tuple(self.game.decide(self.state, seat, action, self._chance())))

    def foresee(self, turn: Turn[E]) -> "Foresight":
        """Return what would be asked after a proposed turn, and how the match would have ended.

        It changes nothing, so that what follows from a turn can be stored together with it.
        """
        state = self._after(turn)
        self._foreseen = (turn, state)
        asks = self.game.asks(state)
        taken = {**self._taken, turn.seat: self._taken.get(turn.seat, 0) + 1}
        return Foresight(asks, taken, None if asks else self.game.outcome(state))

    def commit(self, turn: Turn[E]) -> None:
        """Take up a turn that is already safe on disk."""
        foreseen = self._foreseen
        self.state = foreseen[1] if foreseen and foreseen[0] is turn else self._after(turn)
        self._foreseen = None
        self._note(turn)

    def forget(self, number: int) -> None:
        """Empty what was said in a turn, as its store has done; `turns[0]` is the first."""
        seat, events = self.turns[number]
        self.turns[number] = Turn(seat, tuple(map(wordless, events)))
        self.log = [event for turn in self.turns for event in turn.events]
        self._views.clear()

    def say(self, seat: str, text: str) -> Turn[E]:
        """Propose and commit in one go, for shells that keep no store.  Raises Refused."""
        turn = self.propose(seat, text)
        self.commit(turn)
        return turn

    def abort(self, reason: Text) -> None:
        """End the match without a contest; nobody wins or loses."""
        self._aborted = Outcome({}, reason, aborted=True)
        self._asks = None

    def view(self, viewer: str) -> list[E]:
        """Return what a seat has been allowed to see, oldest first."""
        seat = Seat(viewer)
        looked_at, seen = self._views.get(seat, (0, []))
        seen.extend(event for event in self._since(seat, looked_at) if event.seen_by(seat))
        self._views[seat] = len(self.log), seen
        return [*seen]

    def public_view(self) -> list[E]:
        """Return what everybody may see, oldest first."""
        return self.view(SPECTATOR)

    def view_of(self, viewer: Seat) -> View:
        """Return all that a player may know who fills this seat."""
        self._public_game = self._public_game or self.game.without_hidden()
        return View(self._public_game, viewer, self.seats, self.view(viewer))

    def board(self, viewer: Seat = SPECTATOR) -> Board | None:
        """Return what a viewer has seen, to be drawn; None where there is nothing to draw."""
        return self.game.board(self.view(viewer))

    def to_json(self) -> str:
        """Return the whole match as JSON: hidden options and secrets are in it."""
        codec = codec_of(type(self.game))
        turns = [[turn.seat, [codec.encode(event) for event in turn.events]] for turn in self.turns]
        whole: dict[str, Any] = {
            "format": FORMAT,
            "game": game_to_json(self.game),
            "seats": self.seats,
            "seed": self.seed,
            "turns": turns,
        }
        if self._aborted:
            whole["aborted"] = str(self._aborted.reason)
        return json.dumps(whole, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return a match as `to_json` left it.  Raises BrokenLog."""
        try:
            whole = json.loads(text)
            if whole["format"] != FORMAT:
                raise BrokenLog(f"The match is not written in format {FORMAT}.")
            game = game_from_json(whole["game"])
            codec = codec_of(type(game))
            turns = [
                Turn(Seat(seat), tuple(codec.decode(kind, body) for kind, body in events))
                for seat, events in whole["turns"]
            ]
            match = cls(game, whole["seats"], whole["seed"], turns)
            if "aborted" in whole:
                match.abort(Text(str(whole["aborted"])))
        except BrokenLog:
            raise
        except Exception as why:  # rules may fail anyhow at events not their own
            raise BrokenLog(f"This is not a match that these rules can read: {why!r}") from why
        return match

    def _since(self, viewer: Seat, number: int) -> Iterator[E]:
        """Yield every event from a number on that a viewer can have seen, and perhaps others.

        It only saves looking: a thousand seats would otherwise each look at all events.
        """
        self._look_through()
        places = [self._for_any, self._for_some.get(viewer, [])]
        later = [at for known in places for at in known[bisect_left(known, number) :]]
        return (self.log[at] for at in sorted(later))

    def _look_through(self) -> None:
        """Note who may have to look at the events that have come since somebody looked."""
        for number in range(self._looked_through, len(self.log)):
            audience = known_audience(self.log[number])
            if audience is None:
                self._for_any.append(number)
            else:
                for viewer in {*audience}:
                    self._for_some.setdefault(viewer, []).append(number)
        self._looked_through = len(self.log)

    def _note(self, turn: Turn[E]) -> None:
        self.log.extend(turn.events)
        self.turns.append(turn)
        self._taken[turn.seat] = self._taken.get(turn.seat, 0) + 1
        self._asks = None

    def _after(self, turn: Turn[E]) -> S:
        state = self.state
        for event in turn.events:
            state = self.game.evolve(state, event)
        return state

    def _whose_turn(self, seat: Seat) -> Text:
        if self.over:
            return Text("The match is over.")
        who = " ".join(clean(seat, 40).split())  # on one line, whoever asks
        told = "Nothing is asked of {who} now; it is the turn of {seats}."
        return Text(told, who=who, seats=tuple(self.asks))

    def _chance(self) -> Random:
        # The seed text alone decides the draws, so a refused answer redraws nothing.
        if self._luck.drawn:
            self._luck = _LazyRandom(self.seed)
        self._luck.version = len(self.log)
        return self._luck  # type: ignore[return-value]  # a stand-in


def wordless(event: E) -> E:
    """Return an event without what was said in it."""
    said = [name for name, value in vars(event).items() if isinstance(value, Words)]
    return replace(event, **dict.fromkeys(said, Words("")))


def _ask_id(taken: int, ask: Ask) -> str:
    return f"{taken}-{ask.digest():08x}"


class _LazyRandom:
    """A Random that is built only when somebody draws: most turns never do, and seeding is slow."""

    __slots__ = ("_random", "_seed", "version")

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.version = 0
        self._random: Random | None = None

    @property
    def drawn(self) -> bool:
        """Whether somebody has drawn, so that nobody may draw from it at another moment."""
        return self._random is not None

    def __getattr__(self, name: str) -> Any:
        if self._random is None:
            self._random = Random(f"{self._seed}/{self.version}")
        return getattr(self._random, name)

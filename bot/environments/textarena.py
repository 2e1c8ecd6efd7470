"""One game of TextArena, behind the seat "referee".

Its wrappers are left out: what they do to prompts and moves, a table does itself.
Source: TextArena 0.7.4; the defects that are worked around here are listed in docs/textarena.md.
"""

import pickle
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from importlib import import_module
from itertools import groupby, islice
from typing import Any, Final

from bot.environments.player_names import PlayerNames
from bot.environments.textarena_library import NotCounted, Told, library
from bot.environments.textarena_moves import likely_moves, listed_moves
from bot.errors import OperatorError
from games.core import Seat
from games.foreign_report import LONGEST_TEXT, Observation, Question, Report

MOST_LISTED: Final = 60
"""Moves; of more, a list is not checked."""
ENOUGH: Final = 6
"""Examples of moves."""
SHORT: Final = 15
"""Characters; a shorter move is taken for one of the game's, and not for somebody's own words."""
REMEMBERED: Final = 12
"""Texts of each seat in which moves are looked for, beside its first."""


class TextArena:
    """An environment of TextArena and what its seats have read."""

    def __init__(self, env: str) -> None:
        """Take its id.  Raises OperatorError."""
        spec = library().envs.registration.ENV_REGISTRY.get(env)
        if spec is None:
            raise OperatorError(f"TextArena has no game {env}.")
        self._id = env
        self._env: Any = None
        self._seats: Sequence[Seat] = ()
        self._names = PlayerNames(())
        wrappers = [wrapper.__name__ for wrapper in spec.default_wrappers or ()]
        self._brackets = "ActionFormattingWrapper" in wrappers  # then it reads nothing else
        """Whether a move is put into brackets where there are none."""
        self._read: list[list[str]] = []
        """What each seat has read last."""
        self._new: list[list[str]] = []
        """What of it was told since the last move."""
        self._moves = 0
        self._mover: Seat | None = None
        with self._started():
            module, _, name = spec.entry_point.partition(":")
            self._make = partial(getattr(import_module(module), name), **spec.kwargs)

    def begin(self, seats: Sequence[Seat], seed: int) -> Report:
        """Start the game.  Raises OperatorError where it does not start so."""
        self._seats, self._names = seats, PlayerNames(seats)
        self._read = [[] for _ in seats]
        with self._started():
            self._env = self._make()
            self._env.reset(num_players=len(seats), seed=seed)
        legend = (Observation(self._names.legend()),) if len(seats) > 1 else ()
        return self._report(legend + self._told())

    def move(self, move: str) -> Report:
        """Take a move of whoever is asked."""
        meant = self._names.meant(move)
        if self._brackets and "[" not in meant and "]" not in meant:
            meant = f"[{meant}]"
        self._moves += 1
        self._mover = self._asked
        try:
            self._env.step(meant)
        except NotCounted as why:
            return Report(refused=self._names.shown(str(why)))
        return self._report(self._told(move, meant))

    @property
    def _state(self) -> Any:
        return self._env.state

    @property
    def _asked(self) -> Seat:
        at: int = self._state.current_player_id
        return self._seats[at]

    @contextmanager
    def _started(self) -> Iterator[None]:
        """Say why a game does not start: a list is missing, a package, a newer Python."""
        try:
            yield
        except (Exception, NotCounted) as why:  # noqa: BLE001 -- a library may fail at anything
            raise OperatorError(f"{self._id} cannot be started: {_reason(why)}.") from None

    def _report(self, told: tuple[Observation, ...]) -> Report:
        state = self._state
        if not state.done:
            return Report((*told, *self._shown_on_asking()), self._question())
        rewards = state.rewards or {}
        scores = {seat: float(rewards.get(at) or 0) for at, seat in enumerate(self._seats)}
        reason = str((state.game_info or {}).get(0, {}).get("reason") or "")
        return Report(told, scores=scores, reason=self._names.shown(reason))

    def _told(self, typed: str = "", meant: str = "") -> tuple[Observation, ...]:
        """Return what was told since the last move, each text once with all who got it."""
        self._new = [[] for _ in self._seats]
        heard: list[Told] = self._state.__dict__.pop("heard", [])
        for queue in self._state.observations.values():  # nobody takes anything out of them here
            queue.clear()
        told = [part for one in heard for part in self._observed(one, typed, meant)]
        return tuple(_merged(told))

    def _observed(self, told: Told, typed: str, meant: str) -> Iterator[Observation]:
        """Give what is told in parts that are short enough, as people read it."""
        readers = self._seats if told.reader == -1 else (self._seats[told.reader],)
        to = None if told.reader == -1 and told.kind != "PROMPT" else tuple(readers)
        said = told.kind == "PLAYER_ACTION"
        author = self._seats[told.author] if told.author >= 0 else self._mover
        quotes = said or (len(meant) > SHORT and meant.strip("[] ") in told.text)
        if not quotes:  # what somebody said must be nobody's example
            self._remember(readers, told.text)
        text = typed if said and told.text == meant else self._names.shown(told.text)
        for at in range(0, len(text), LONGEST_TEXT):
            part = text[at : at + LONGEST_TEXT]
            yield Observation(part, to, author if quotes else None, verbatim=said)

    def _remember(self, readers: Sequence[Seat], text: str) -> None:
        """Keep the rules, which come first, and what was read last."""
        for at, seat in enumerate(self._seats):
            if seat in readers:
                self._new[at].append(text)
                texts = [*self._read[at], text]
                self._read[at] = texts[:1] + texts[1:][-REMEMBERED:]

    def _shown_on_asking(self) -> tuple[Observation, ...]:
        """Return what some environments show only to whoever is asked, when they are."""
        if type(self._env).get_observation is library().Env.get_observation:
            return ()
        player = self._state.current_player_id
        known = len(self._state.observations[player])
        _, seen = self._env.get_observation()
        texts = [self._names.shown(message) for _, message, _ in seen[known:]]
        return tuple(Observation(text, (self._seats[player],)) for text in texts)

    def _question(self) -> Question:
        at, seat = self._state.current_player_id, self._asked
        counts = partial(self._counts, pickle.dumps(self._env))
        listed = listed_moves(self._new[at])
        if 0 < len(listed) <= MOST_LISTED and all(map(counts, listed)):
            return Question(seat, options=tuple(move.strip("[]") for move in listed))
        rng = random.Random(f"{self._id}/{self._moves}")
        for moves in likely_moves(self._read[at], len(self._seats), rng):
            good = islice(filter(counts, moves), ENOUGH)
            if examples := tuple(self._names.shown(move) for move in good):
                return Question(seat, examples=examples)
        return Question(seat)

    def _counts(self, packed: bytes, move: str) -> bool:
        """Return whether a move would count; nothing is changed by the trial."""
        chance, trial = random.getstate(), pickle.loads(packed)  # noqa: S301 -- just packed here
        try:
            trial.step(move)
        except MemoryError:
            raise
        except (Exception, NotCounted):  # noqa: BLE001 -- whatever a move that is made up sets off
            return False
        finally:
            random.setstate(chance)
        return True


def _merged(told: Sequence[Observation]) -> Iterator[Observation]:
    """Give what is told, once where the same is told to several seats in a row."""
    for text, group in groupby(told, key=lambda one: replace(one, to=one.to and ())):
        ones = [*group]
        seats = [seat for one in ones for seat in one.to or ()]
        yield replace(text, to=tuple(dict.fromkeys(seats))) if seats else text


def _reason(why: BaseException) -> str:
    """Return why a game does not start, as the end of a sentence."""
    match why:
        case SyntaxError() if sys.version_info < (3, 12):
            return "it needs a newer Python, 3.12 or later"
        case SyntaxError():
            return "its source cannot be read"
        case ModuleNotFoundError() if str(why.name).startswith("textarena"):
            return "a part of it is missing from the package"
        case ModuleNotFoundError():
            return f"it needs the package {why.name}"
        case ValueError() if "API key" in str(why):
            return "a model judges it that is reached over the network"
        case FileNotFoundError():
            return "its data are missing from the package"
    return " ".join(str(why).split())[:200].rstrip(".") or type(why).__name__

"""One classic game of PettingZoo, behind the seat "referee".

Its wrappers are left out: they end a game at a move that is not legal, and here every move is one
of the options. Source: PettingZoo 1.27.0.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from bot.environments.pettingzoo_tables import READINGS
from bot.errors import OperatorError
from games.core import Seat
from games.foreign_report import Observation, Question, Report

NOT_INSTALLED: Final = "Games of PettingZoo need the extra “pettingzoo”: make more-games."


class PettingZoo:
    """An environment of PettingZoo; what pickles of it is only how it has come about."""

    def __init__(self, env: str) -> None:
        self._id = env
        self._reading = READINGS[env]
        self._seats: Sequence[Seat] = ()
        self._seed = 0
        self._moves: list[str] = []
        self._env: Any = None
        self._scores: dict[str, float] = {}
        self._last_told: dict[Seat | None, str] = {}
        """What each seat, and everybody, has been told last of how things stand."""

    def __getstate__(self) -> Mapping[str, Any]:
        # An environment of PettingZoo pickles without its state.
        return {"id": self._id, "seats": self._seats, "seed": self._seed, "moves": self._moves}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.__init__(state["id"])  # type: ignore[misc]  # what pickles is what begins it
        self.begin(state["seats"], state["seed"])
        for move in state["moves"]:
            self.move(move)

    def begin(self, seats: Sequence[Seat], seed: int) -> Report:
        """Start the game.  Raises OperatorError."""
        self._seats, self._seed = seats, seed
        self._env = _made(self._id, self._reading.options(len(seats)))
        self._env.reset(seed=seed)
        self._scores = dict.fromkeys(self._env.possible_agents, 0.0)
        sides = zip(seats, self._reading.sides, strict=False)
        return self._report([f"{seat} has {side}." for seat, side in sides])

    def move(self, move: str) -> Report:
        """Take a move of the seat that the last report has asked, and return what follows."""
        agent = self._env.agent_selection
        numbers = {name: number for number, name in self._names().items()}
        self._env.step(numbers[move])
        self._moves.append(move)
        for one in self._scores:
            self._scores[one] += float(self._env.rewards[one])
        told = () if self._reading.hidden else (f"{self._seat(agent)}: {move}",)
        return self._report(told)

    def _report(self, said: Sequence[str]) -> Report:
        env, reading = self._env, self._reading
        over = all(env.terminations.values()) or all(env.truncations.values())
        observations = [Observation(text) for text in said]
        observations += self._news(None, reading.seen_by_all(env, self._by_agent()))
        if over:
            observations += self._news(None, reading.shown_at_the_end(env, self._by_agent()))
            scores = {self._seat(agent): score for agent, score in self._scores.items()}
            return Report(tuple(observations), scores=scores, board=reading.board(env))
        for agent in env.possible_agents:
            seat = self._seat(agent)
            observations += self._news(seat, reading.seen_by_one(env, agent))
        options = tuple(self._names().values())
        asked = Question(self._seat(env.agent_selection), options=options)
        return Report(tuple(observations), asked, board=reading.board(env))

    def _news(self, seat: Seat | None, text: str) -> list[Observation]:
        """Return what a seat, or everybody, is told, where it is not what they know already."""
        if not text or self._last_told.get(seat) == text:
            return []
        self._last_told[seat] = text
        return [Observation(text, None if seat is None else (seat,))]

    def _names(self) -> Mapping[int, str]:
        """Return the legal moves of whoever moves, by their number in PettingZoo."""
        agent = self._env.agent_selection
        seen = self._env.observe(agent)
        mask = seen["action_mask"] if isinstance(seen, dict) else None
        count = self._env.action_space(agent).n
        legal = [number for number in range(count) if mask is None or mask[number]]
        return {number: self._reading.name(self._env, number) for number in legal}

    def _by_agent(self) -> Mapping[str, Seat]:
        return dict(zip(self._env.possible_agents, self._seats, strict=True))

    def _seat(self, agent: str) -> Seat:
        return self._by_agent()[agent]


def _made(env: str, options: Mapping[str, Any]) -> Any:
    """Return an environment.  Raises OperatorError where its library is not installed."""
    if find_spec("pettingzoo") is None:
        raise OperatorError(NOT_INSTALLED)
    try:
        return import_module(f"pettingzoo.classic.{env}").raw_env(**options)
    except ImportError as why:
        raise OperatorError(f"{env} cannot be started: {why.name} is missing.") from None

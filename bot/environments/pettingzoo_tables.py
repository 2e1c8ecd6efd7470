"""How each environment of PettingZoo is told: its moves by name, what is seen, and its board."""

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any, Final

from games.core import Seat, listed
from games.foreign_report import Diagram

BY_AGENT = Mapping[str, Seat]
"""Who plays each agent of an environment."""
SUITS: Final = {"S": "♠", "H": "♥", "D": "♦", "C": "♣"}
BETS: Final = {
    "FOLD": "fold",
    "CHECK_CALL": "check or call",
    "RAISE_HALF_POT": "raise half the pot",
    "RAISE_POT": "raise the pot",
    "ALL_IN": "all in",
}


class Reading:
    """What people are told of an environment; by default as little as there is."""

    hidden = False
    """Whether others do not learn of a move when it is made."""
    sides: tuple[str, ...] = ()
    """What each player has, in seat order, where a board shows it."""

    def options(self, seats: int) -> Mapping[str, Any]:
        """Return what the environment is made with."""
        return {}

    def name(self, env: Any, number: int) -> str:
        """Return what people call a move."""
        raise NotImplementedError

    def seen_by_all(self, env: Any, players: BY_AGENT) -> str:
        """Return what everybody may know, beside the board and the moves."""
        return ""

    def seen_by_one(self, env: Any, agent: str) -> str:
        """Return what only this agent may know."""
        return ""

    def shown_at_the_end(self, env: Any, players: BY_AGENT) -> str:
        """Return what everybody learns when the game is over."""
        return ""

    def board(self, env: Any) -> Diagram | None:
        """Return the board that everybody sees, if there is one."""
        return None


class TicTacToe(Reading):
    sides = ("X", "O")

    def name(self, env: Any, number: int) -> str:
        return f"{'abc'[number // 3]}{number % 3 + 1}"

    def board(self, env: Any) -> Diagram:
        squares = [" XO"[square].strip() for square in env.board.squares]
        rows = tuple((squares[row], squares[row + 3], squares[row + 6]) for row in range(3))
        return Diagram(rows, tuple("abc"), tuple("123"), (("X",), ("O",)))


class ConnectFour(Reading):
    sides = ("X", "O")

    def name(self, env: Any, number: int) -> str:
        return "abcdefg"[number]

    def board(self, env: Any) -> Diagram:
        discs = [" XO"[disc].strip() for disc in env.board]
        rows = tuple(tuple(discs[start : start + 7]) for start in range(0, 42, 7))
        return Diagram(rows, tuple("abcdefg"), tuple("654321"), (("X",), ("O",)))


class RockPaperScissors(Reading):
    hidden = True

    def name(self, env: Any, number: int) -> str:
        return str(env._moves[number]).casefold()

    def seen_by_all(self, env: Any, players: BY_AGENT) -> str:
        if not env.num_moves:
            return ""
        throws = [
            f"{seat}: {self.name(env, thrown)}"
            for seat, thrown in zip(players.values(), env.history, strict=False)
        ]
        return f"Round {env.num_moves}. {', '.join(throws)}."


class Go(Reading):
    sides = ("X, which is Black", "O, which is White")

    def options(self, seats: int) -> Mapping[str, Any]:
        return {"board_size": 9}

    def name(self, env: Any, number: int) -> str:
        coords = import_module("pettingzoo.classic.go.coords")
        return str(coords.to_gtp(coords.from_flat(number)))

    def board(self, env: Any) -> Diagram:
        stones = env._go.board
        rows = tuple(tuple(("", "X", "O")[int(stone)] for stone in row) for row in stones)
        return Diagram(rows, tuple("ABCDEFGHJ"), tuple("987654321"), (("X",), ("O",)))


class Chess(Reading):
    sides = ("White, in capital letters", "Black")

    def name(self, env: Any, number: int) -> str:
        moves = import_module("pettingzoo.classic.chess.chess_utils")
        player = env.agents.index(env.agent_selection)
        return str(env.board.san(moves.action_to_move(env.board, number, player)))

    def board(self, env: Any) -> Diagram:
        rows = tuple(
            tuple("" if piece == "." else piece for piece in line.split())
            for line in str(env.board).splitlines()
        )
        return Diagram(
            rows, tuple("abcdefgh"), tuple("87654321"), (tuple("KQRBNP"), tuple("kqrbnp"))
        )


class Poker(Reading):
    """One hand; each player's own cards are secret until those are shown who have not folded."""

    def name(self, env: Any, number: int) -> str:
        actions = env.env.actions
        return actions[number] if isinstance(actions, list) else BETS[actions(number).name]

    def seen_by_all(self, env: Any, players: BY_AGENT) -> str:
        state = env.env.get_state(0)["raw_obs"]
        public = state.get("public_cards", state.get("public_card")) or ()
        chips = zip(players.values(), state["all_chips"], strict=True)
        pot = f"In the pot: {', '.join(f'{seat} {int(count)}' for seat, count in chips)}."
        return f"On the table: {_cards(public)}. {pot}" if public else pot

    def seen_by_one(self, env: Any, agent: str) -> str:
        return f"Your cards: {_cards(self._hand(env, env.possible_agents.index(agent)))}."

    def shown_at_the_end(self, env: Any, players: BY_AGENT) -> str:
        staying = [
            f"{seat} has {_cards(self._hand(env, number))}"
            for number, seat in enumerate(players.values())
            if "folded" not in str(env.env.game.players[number].status).casefold()
        ]
        return f"{listed(staying)}." if len(staying) > 1 else ""

    def _hand(self, env: Any, number: int) -> Iterable[str] | str:
        hand: Iterable[str] | str = env.env.get_state(number)["raw_obs"]["hand"]
        return hand


class Holdem(Poker):
    """Poker for as many as sit at the table."""

    def options(self, seats: int) -> Mapping[str, Any]:
        return {"num_players": seats}


def _cards(cards: Iterable[str] | str) -> str:
    """Return cards as people write them: of "ST", a ten of spades, 10♠."""
    each = [cards] if isinstance(cards, str) else cards
    return " ".join(f"{card[1:].replace('T', '10')}{SUITS[card[0]]}" for card in each)


READINGS: Final[Mapping[str, Reading]] = {
    "tictactoe_v3": TicTacToe(),
    "connect_four_v3": ConnectFour(),
    "rps_v2": RockPaperScissors(),
    "go_v5": Go(),
    "chess_v6": Chess(),
    "leduc_holdem_v4": Poker(),
    "texas_holdem_v4": Holdem(),
    "texas_holdem_no_limit_v6": Holdem(),
}
"""By the id of the environment."""

"""Chess: two sides move in turn; who attacks the other's king so that it cannot escape wins.

The first seat has White. Stalemate, too little material, a position that stands for the third
time and fifty moves without a capture or a pawn's move are draws, without anybody claiming them.
Source: FIDE Laws of Chess, articles 3, 5 and 9. The legal moves are python-chess's, which is why
this file needs the extra “chess”.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random
from typing import ClassVar, Final

import chess

from games import chess_house as house
from games.chess_notation import after, legal_moves, looks_like_a_move, named
from games.core import (
    Ask,
    BadSetup,
    Board,
    Cell,
    Either,
    Game,
    Grid,
    Level,
    Lines,
    Mark,
    Outcome,
    Public,
    Seat,
    Text,
    UnclearMove,
    View,
    clean,
    quoted,
)

RESIGN: Final = "resign"
_RESIGNS: Final = frozenset({"resign", "i resign"})
LONGEST_MOVE: Final = 40
"""Characters of a move; what is longer is a sentence."""
QUIET_MOVES: Final = 50
"""Moves of each side without a capture or a pawn's move, after which a game is drawn."""


@dataclass(frozen=True)
class Moved(Public):
    """A side has moved."""

    telling: ClassVar[str] = "{seat} plays {san}."
    seat: Seat
    san: str
    """The move in standard notation: Nf3."""
    move: str
    """The move in coordinates: g1f3."""


@dataclass(frozen=True)
class Resigned(Public):
    """A side has given the game up."""

    telling: ClassVar[str] = "{seat} resigns."
    seat: Seat


@dataclass(frozen=True)
class Position:
    """What stands on the board, and what of the past still counts."""

    seats: tuple[Seat, Seat]
    fen: str
    played: int = 0
    """Moves of both sides since the game began."""
    earlier: tuple[str, ...] = ()
    """The positions since the last capture or pawn's move, without their move numbers."""
    resigned: Seat | None = None

    @property
    def white_moves(self) -> bool:
        return self.fen.split()[1] == "w"

    @property
    def mover(self) -> Seat:
        return self.seats[not self.white_moves]

    @property
    def rival(self) -> Seat:
        return self.seats[self.white_moves]


@lru_cache(maxsize=2_000)
def question(fen: str) -> Ask:
    """Return the Ask for the legal moves of a position."""
    white = fen.split()[1] == "w"
    return Ask(
        "Which move do you play with White?" if white else "Which move do you play with Black?",
        choices=tuple(legal_moves(fen)),
        public=True,
    )


@dataclass(frozen=True)
class Chess(Game[Position, str, Moved | Resigned]):
    """Two players move the pieces in turn; checkmate wins."""

    name: ClassVar[str] = "chess"

    fen: str = chess.STARTING_FEN
    """The position to begin with, in FEN."""
    moves: int = 100
    """Moves of each side after which the game is a draw, from 1 to 500."""

    def check(self) -> None:
        if not 1 <= self.moves <= 500:
            raise BadSetup("The option moves needs a number from 1 to 500.")
        if not _is_position(self.fen):
            told = f"{quoted(self.fen)} is no position of chess in FEN"
            raise BadSetup(f"{told}; the usual one is {chess.STARTING_FEN}.")
        if self.ending(self.initial((Seat("White"), Seat("Black")))) is not None:
            raise BadSetup(f"In the position {quoted(self.fen)} the game is over; give another.")

    def initial(self, seats: Sequence[Seat], /) -> Position:
        return Position((seats[0], seats[1]), self._start, earlier=(repeatable(self._start),))

    def asks(self, position: Position, /) -> Mapping[Seat, Ask]:
        if self.ending(position) is not None:
            return {}
        return {position.mover: question(position.fen)}

    def parse(self, position: Position, seat: Seat, text: str, /) -> str:
        """Return the move in standard notation, or RESIGN."""
        ask = question(position.fen)
        said = " ".join(clean(text).split())
        if said.casefold().rstrip(".!") in _RESIGNS:
            return RESIGN
        if len(said) > LONGEST_MOVE:
            return str(ask.parse(text))
        found = [said] if said in ask.choices else named(position.fen, said)
        if len(found) > 1:
            told = "“{said}” may be {moves}; say which."
            raise UnclearMove(Text(told, said=said, moves=Either(found)))
        if not found and looks_like_a_move(said):
            raise UnclearMove(
                Text("“{said}” is not legal here. {hint}", said=said, hint=ask.hint())
            )
        return found[0] if found else str(ask.parse(text))

    def decide(
        self, position: Position, seat: Seat, action: str, rng: Random, /
    ) -> Sequence[Moved | Resigned]:
        if action == RESIGN:
            return (Resigned(seat),)
        return (Moved(seat, action, legal_moves(position.fen)[action]),)

    def evolve(self, position: Position, event: Moved | Resigned, /) -> Position:
        if isinstance(event, Resigned):
            return replace(position, resigned=event.seat)
        fen = after(position.fen, event.move)
        earlier = position.earlier if quiet_plies(fen) else ()
        return Position(position.seats, fen, position.played + 1, (*earlier, repeatable(fen)))

    def outcome(self, position: Position, /) -> Outcome:
        ending = self.ending(position)
        assert ending is not None, "The game goes on."
        return ending

    def ending(self, position: Position, /) -> Outcome | None:
        """Return how the game has ended; None while it goes on."""
        if position.resigned is not None:
            winner = next(seat for seat in position.seats if seat != position.resigned)
            return _won(position, winner, Text("{seat} has resigned.", seat=position.resigned))
        if not legal_moves(position.fen):
            if chess.Board(position.fen).is_check():
                winner = position.rival
                return _won(position, winner, Text("Checkmate by {seat}.", seat=winner))
            told = "{seat} cannot move and is not in check: a draw by stalemate."
            return _drawn(position, Text(told, seat=position.mover))
        reason = self._draw(position)
        return None if reason is None else _drawn(position, reason)

    def _draw(self, position: Position) -> Text | None:
        if chess.Board(position.fen).is_insufficient_material():
            return Text("Nobody can mate with what is left: a draw.")
        if position.earlier.count(position.earlier[-1]) >= 3:
            return Text("The same position stands for the third time: a draw.")
        if quiet_plies(position.fen) >= 2 * QUIET_MOVES:
            told = "{count} moves without a capture or a move of a pawn: a draw."
            return Text(told, count=QUIET_MOVES)
        if position.played >= 2 * self.moves:
            return Text("{count} moves have been played: a draw.", count=self.moves)
        return None

    def rules(self) -> Text:
        return Text(
            "Chess. The first player has White. Say a move in standard notation (e4, Nf3, exd5, "
            "O-O, e8=Q) or as two squares (e2e4, e7e8q), or say “resign”. Checkmate wins. "
            "Stalemate, too little material to mate, the third time of a position, 50 moves "
            "without a capture or a move of a pawn, and {count} moves in all make a draw.",
            count=self.moves,
        )

    def board(self, events: Sequence[Moved | Resigned], /) -> Board:
        moves = [event for event in events if isinstance(event, Moved)]
        shown = chess.Board(self._after(moves))
        latest = chess.Move.from_uci(moves[-1].move) if moves else chess.Move.null()
        touched = {latest.from_square, latest.to_square} if moves else set()
        check = shown.king(shown.turn) if shown.is_check() else None
        rows = [
            [_cell(shown, chess.square(file, rank), touched, check) for file in range(8)]
            for rank in reversed(range(8))
        ]
        key = Text("in check")
        grid = Grid(rows, columns="abcdefgh", labels="87654321", key=key, chequered=True)
        players = Lines([(_colour(self.fen, ply), move.seat) for ply, move in enumerate(moves[:2])])
        title = Text("Chess board, White in capital letters")
        return Board(title, (grid, players) if moves else (grid,))

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Easy plays at random, medium takes what it can, hard looks two moves ahead."""
        if level is Level.EASY:
            return ask.sample(rng)
        moves = [event for event in view.events if isinstance(event, Moved)]
        if level is Level.MEDIUM:
            return house.seen_at_once(self._after(moves), rng)
        earlier = {repeatable(self._after(moves[:count])) for count in range(len(moves))}
        return house.seen_ahead(self._after(moves), earlier, rng)

    @property
    def _start(self) -> str:
        return chess.Board(self.fen).fen()  # names an en passant square only where it can be taken

    def _after(self, moves: Sequence[Moved]) -> str:
        fen = self._start
        for event in moves:
            fen = after(fen, event.move)
        return fen


def repeatable(fen: str) -> str:
    """Return what makes two positions the same: pieces, side to move, castling, en passant."""
    return " ".join(fen.split()[:4])


def quiet_plies(fen: str) -> int:
    """Return the moves of both sides since the last capture or pawn's move."""
    return int(fen.split()[4])


def _is_position(fen: str) -> bool:
    try:
        return chess.Board(fen).is_valid()
    except ValueError:
        return False


def _colour(start: str, ply: int) -> Text:
    """Return which side makes a move, counted from 0."""
    return Text("White") if chess.Board(start).turn == (ply % 2 == 0) else Text("Black")


def _cell(shown: chess.Board, square: int, touched: set[int], check: int | None) -> Cell:
    piece = shown.piece_at(square)
    mark = Mark.KEY if square == check else Mark.LATEST if square in touched else Mark.NONE
    return Cell(piece.symbol(), mark, 2 - piece.color) if piece else Cell(mark=mark)


def _won(position: Position, winner: Seat, reason: Text) -> Outcome:
    return Outcome({seat: float(seat == winner) for seat in position.seats}, reason)


def _drawn(position: Position, reason: Text) -> Outcome:
    return Outcome(dict.fromkeys(position.seats, 0.5), reason)

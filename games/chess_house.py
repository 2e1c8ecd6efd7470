"""House bots of chess: the medium one takes what it can, the hard one looks ahead.

What pieces are worth is counted in hundredths of a pawn.
"""

from collections.abc import Container, Iterable
from random import Random
from typing import Final

import chess

WORTH: Final = {
    chess.PAWN: 100,
    chess.KNIGHT: 320,
    chess.BISHOP: 330,
    chess.ROOK: 500,
    chess.QUEEN: 900,
    chess.KING: 0,
}
MATE: Final = 100_000
DEPTH: Final = 2
"""Moves of either side that a hard bot looks ahead; exchanges are always looked at to their end."""
MIDDLE: Final = chess.BB_CENTER
AROUND: Final = sum(chess.BB_FILES[2:6]) & sum(chess.BB_RANKS[2:6])
"""The sixteen squares of the middle."""
FAR: Final = {3: 5, 4: 10, 5: 25, 6: 60}
"""What a pawn is worth beyond its piece, by the row it has come to, counted from 0."""
LONELY: Final = 2
"""Pieces beside pawns, the king among them: with so few, a king is hunted."""
SLACK: Final = 150
"""What the places of the pieces may make good, beside what is taken."""


def seen_at_once(fen: str, rng: Random) -> str:
    """Return a move that mates, else one that takes the most, else any."""
    board = chess.Board(fen)
    moves = list(board.legal_moves)
    gains = {move: _gain(board, move) for move in moves}
    best = max(gains.values())
    return rng.choice([move for move in moves if gains[move] == best]).uci()


def _gain(board: chess.Board, move: chess.Move) -> int:
    """Return what a move takes, less its own piece where that can be taken at once."""
    taken = WORTH[board.piece_type_at(move.to_square) or chess.KING]
    risked = WORTH[board.piece_type_at(move.from_square) or chess.KING]
    mover = board.turn
    board.push(move)
    mates = board.is_checkmate()
    loss = risked if board.is_attacked_by(not mover, move.to_square) else 0
    board.pop()
    return MATE if mates else taken - loss


def seen_ahead(fen: str, earlier: Container[str], rng: Random) -> str:
    """Return a move that leads to the best position; one of `earlier` counts as a draw."""
    board = chess.Board(fen)
    best = -2 * MATE
    found: list[chess.Move] = []
    for move in _promising_first(board, board.legal_moves):
        board.push(move)
        repeats = board.epd() in earlier
        value = 0 if repeats else -_value(board, DEPTH - 1, -2 * MATE, 1 - best)
        board.pop()
        if value > best:
            best, found = value, []
        if value == best:
            found.append(move)
    return rng.choice(found).uci()


def _value(board: chess.Board, depth: int, low: int, high: int) -> int:
    """Return what the position is worth to the side to move, by alpha-beta search."""
    if depth == 0:
        return _settled(board, low, high)
    moves = list(board.legal_moves)
    if not moves:
        return -MATE - depth if board.is_check() else 0
    if board.is_insufficient_material():
        return 0
    for move in _promising_first(board, moves):
        board.push(move)
        low = max(low, -_value(board, depth - 1, -high, -low))
        board.pop()
        if low >= high:
            break
    return low


def _settled(board: chess.Board, low: int, high: int) -> int:
    """Return the worth of a position once nobody wants to take anything any more."""
    now = standing(board)
    low = max(low, now)
    if low >= high:
        return low
    for move in _promising_first(board, board.generate_legal_captures()):
        taken = WORTH[board.piece_type_at(move.to_square) or chess.PAWN]
        if now + taken + SLACK <= low and not move.promotion:
            continue
        board.push(move)
        low = max(low, -_settled(board, -high, -low))
        board.pop()
        if low >= high:
            break
    return low


def _promising_first(board: chess.Board, moves: Iterable[chess.Move]) -> list[chess.Move]:
    """Return moves, those first that take much with little, as they cut the search short."""

    def promise(move: chess.Move) -> int:
        taken = board.piece_type_at(move.to_square)
        mover = board.piece_type_at(move.from_square) or chess.KING
        return 10 * WORTH[taken] - WORTH[mover] if taken else 8 * (move.promotion or 0)

    return sorted(moves, key=promise, reverse=True)


def standing(board: chess.Board) -> int:
    """Return what the pieces on the board are worth to the side to move."""
    white, black = board.occupied_co[chess.WHITE], board.occupied_co[chess.BLACK]
    worth = _hunt(board, chess.WHITE) - _hunt(board, chess.BLACK)
    for pieces, value in (
        (board.pawns, WORTH[chess.PAWN]),
        (board.knights, WORTH[chess.KNIGHT]),
        (board.bishops, WORTH[chess.BISHOP]),
        (board.rooks, WORTH[chess.ROOK]),
        (board.queens, WORTH[chess.QUEEN]),
    ):
        worth += value * ((pieces & white).bit_count() - (pieces & black).bit_count())
    light = board.pawns | board.knights | board.bishops
    for places in (AROUND, MIDDLE):
        worth += 10 * ((light & places & white).bit_count() - (light & places & black).bit_count())
    for far, value in FAR.items():
        worth += value * (board.pawns & white & chess.BB_RANKS[far]).bit_count()
        worth -= value * (board.pawns & black & chess.BB_RANKS[7 - far]).bit_count()
    return worth if board.turn else -worth


def _hunt(board: chess.Board, colour: chess.Color) -> int:
    """Return how near a lonely king of the rival is to an edge and to one's own king."""
    guards = board.occupied_co[not colour] & ~board.pawns
    if guards.bit_count() > LONELY:
        return 0
    rival = chess.msb(guards & board.kings)
    king = chess.msb(board.occupied_co[colour] & board.kings)
    aside = max(abs(2 * chess.square_file(rival) - 7), abs(2 * chess.square_rank(rival) - 7))
    return 4 * aside + 4 * (7 - chess.square_distance(rival, king))

"""How moves of chess are written and read: standard notation, its variants, and coordinates.

Positions are FEN texts, so that they can be kept, compared and cached.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import chess

_NUMBERED = re.compile(r"^\d+\s*\.+\s*|^move\b", re.IGNORECASE)
_PLAIN = re.compile(r"e\.\s?p\.|\bto\b|[\s\-–—:x×=()!?+#.,]", re.IGNORECASE)
_PLACES = re.compile(r"\((\d)\s*,\s*(\d)\)\s*to\s*\((\d)\s*,\s*(\d)\)", re.IGNORECASE)
"""ChatArena's coordinates: column and row of both cells, counted from 0 at the bottom left."""


@lru_cache(maxsize=20_000)
def after(fen: str, move: str) -> str:
    """Return the position after a move, which is given in coordinates: e2e4."""
    board = chess.Board(fen)
    board.push_uci(move)
    return board.fen()


@lru_cache(maxsize=5_000)
def legal_moves(fen: str) -> Mapping[str, str]:
    """Return the legal moves in standard notation, sorted, with their coordinates."""
    board = chess.Board(fen)
    return dict(sorted((board.san(move), move.uci()) for move in board.legal_moves))


def named(fen: str, text: str) -> Sequence[str]:
    """Return the legal moves that a text may mean, in standard notation.

    Capital letters count where they make a difference: bxc3 is a pawn's, Bxc3 a bishop's move.
    """
    said, moves = _bare(text), _spelled(fen)
    exact = [san for san, names in moves.items() if said in names]
    folded = said.casefold()
    return exact or [
        san for san, names in moves.items() if any(name.casefold() == folded for name in names)
    ]


def looks_like_a_move(text: str) -> bool:
    """Return whether a text names a move, legal or not."""
    squares = r"[kqrbn]?[a-h]?[1-8]?[a-h][1-8][qrbn]?"
    return re.fullmatch(rf"{squares}|ooo?", _bare(text), re.IGNORECASE) is not None


@lru_cache(maxsize=5_000)
def _spelled(fen: str) -> Mapping[str, frozenset[str]]:
    board = chess.Board(fen)
    moves = legal_moves(fen).items()
    return {san: frozenset(_spellings(board, san, move)) for san, move in moves}


def _spellings(board: chess.Board, san: str, move: str) -> Iterator[str]:
    """Yield how a move may be written, without signs; some writings may mean several moves."""
    yield _plain(san)
    yield move
    piece = board.piece_at(chess.parse_square(move[:2]))
    assert piece is not None
    if piece.piece_type != chess.PAWN:
        yield f"{piece.symbol().upper()}{move}"
        yield f"{piece.symbol().upper()}{move[2:4]}"
    if move[4:]:
        yield move[:4]
        yield _plain(san)[:-1]


def _bare(text: str) -> str:
    """Return what somebody typed without the number of the move and other signs."""
    return _plain(_NUMBERED.sub("", _coordinates(text.strip())))


def _plain(text: str) -> str:
    """Return a move without the signs that say nothing new; castling may be typed with zeros."""
    return _PLAIN.sub("", text.replace("0", "O"))


def _coordinates(text: str) -> str:
    """Return a move that is given as columns and rows as coordinates: (4, 1) to (4, 3) as e2e4."""
    if not (places := _PLACES.search(text)) or any(int(part) > 7 for part in places.groups()):
        return text
    column, row, to_column, to_row = map(int, places.groups())
    return f"{_square(column, row)}{_square(to_column, to_row)}"


def _square(column: int, row: int) -> str:
    return f"{chess.FILE_NAMES[column]}{chess.RANK_NAMES[row]}"

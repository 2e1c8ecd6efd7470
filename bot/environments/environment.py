"""What an adapter to a library of games must be, to sit behind the seat "referee".

A library is three things: a subclass of `games.foreign.ForeignGame` whose `name` is the library's,
an adapter in a file beside this one, and a line in `adapters.py`. The adapter lives in a worker
process, together with one game; only there is the library imported. There its prints, its use of
`random` (also of numpy's), its hangs and its memory touch nobody, and it has no network.
"""

from collections.abc import Sequence
from typing import Protocol

from games.core import Seat
from games.foreign_report import Report


class Environment(Protocol):
    """One game of a library, made with its id.  It must pickle as it stands: so it is kept.

    Moves of which a report says that they are refused, and moves that end in an exception, need
    not be undone: the worker puts everything back to what it was before.
    """

    def begin(self, seats: Sequence[Seat], seed: int) -> Report:
        """Start the game, and return what is to be told and who moves first.

        The same seed must give the same game. `random` and numpy's global generator have been
        seeded already. Raises OperatorError when the game cannot be played here.
        """

    def move(self, move: str) -> Report:
        """Take a move of the seat that the last report has asked, and return what follows.

        Where the question had options, it is one of them.
        """

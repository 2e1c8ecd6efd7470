"""What can be wrong with a tournament.

- TournamentError
    - BadPlan        whoever plans it can put it right: the message is one sentence for them
"""

from games.core import Text


class TournamentError(Exception):
    """Something is wrong with a tournament."""


class BadPlan(TournamentError):
    """A tournament cannot be played so."""

    def __init__(self, said: Text | str) -> None:
        super().__init__(said)

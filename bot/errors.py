"""What can go wrong outside the rules, sorted by who can put it right.

- ParlourError
    - ShownToUser         whoever typed or clicked can: the message is one sentence for them
        - UnknownMatch    no match has this id
        - BudgetSpent     models may cost no more today; an admin or a new day helps
    - OperatorError       whoever runs Parlour can: a setting, a file, a model, a disk
        - StoreTooNew     the database was made by a newer version
        - ModelError      a model gave no usable answer
        - MatchStopped    a match cannot go on before something is put right
        - RoomGone        a room is closed to the bot: deleted, locked, or without permission
    - StaleMatch          nobody need do anything: somebody else wrote first, so read again
    - AlreadyDone         nobody need do anything: this cause has had its effect
"""

from datetime import datetime


class ParlourError(Exception):
    """Something went wrong outside the rules; the message, a Text or str, is for people."""


class ShownToUser(ParlourError):
    """Whoever typed or clicked can put it right."""


class UnknownMatch(ShownToUser):
    """No match has this id."""


class BudgetSpent(ShownToUser):
    """A budget has no room for another answer of a model."""

    def __init__(self, said: str, begins_anew: datetime) -> None:
        super().__init__(said)
        self.begins_anew = begins_anew
        """UTC; the sentence says it too."""


class OperatorError(ParlourError):
    """Whoever runs Parlour can put it right."""


class StoreTooNew(OperatorError):
    """The database was made by a newer version of Parlour."""


class ModelError(OperatorError):
    """A model gave no usable answer within its time."""


class MatchStopped(OperatorError):
    """A match cannot go on before somebody has put something right, and so it pauses."""


class RoomGone(OperatorError):
    """A room cannot be used any more until somebody opens it again."""


class StaleMatch(ParlourError):
    """Somebody else has appended to the match first: nothing was written, so load it again."""


class AlreadyDone(ParlourError):
    """An entry with this cause is in the journal already: nothing was written again."""

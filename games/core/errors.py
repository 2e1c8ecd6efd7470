"""What can go wrong in a match, sorted by who can put it right.

- GameError
    - Refused            the actor can: the sentence is shown to them, nothing changed
        - NotYourTurn    nothing is asked of this seat now
        - UnclearMove    the words could not be read as an answer
        - IllegalMove    understood, and against the rules
    - BadSetup           whoever opens the match can: seats or options do not fit the game
    - BrokenLog          the operator must: stored events do not fit these rules
"""


class GameError(Exception):
    """Something is wrong with a match; the message, a Text or str, is one sentence for people."""


class Refused(GameError):
    """An answer was not accepted, and nothing has changed."""


class NotYourTurn(Refused):
    """Nothing is asked of this seat now."""


class UnclearMove(Refused):
    """The words could not be read as an answer to what was asked."""


class IllegalMove(Refused):
    """The answer was understood, and the rules forbid it."""


class BadSetup(GameError):
    """The seats or options do not fit the game."""


class BrokenLog(GameError):
    """Stored events cannot be read back with these rules."""

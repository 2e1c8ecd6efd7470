"""A line of a chat as it stands now, the smallest thing that all parts about talk share."""

from dataclasses import dataclass

from games.core import Seat


@dataclass(frozen=True)
class Line:
    """What somebody says in a chat, after every edit and with the alternative that is shown."""

    number: int
    """Counted through the chat from 1; a number that was deleted is not given again."""
    speaker: Seat
    words: str
    """Empty where they have been forgotten."""
    character: bool
    """Whether a character says it, and no person."""

"""The names of seats in place of "Player 0" and the like, and back."""

import re
from collections.abc import Sequence

from games.core import Seat

_PLAYER = re.compile(r"\bPlayer (\d+)\b")


class PlayerNames:
    """Who is which player, counted from 0."""

    def __init__(self, seats: Sequence[Seat]) -> None:
        self._seats = seats
        numbers = {str(seat): f"Player {number}" for number, seat in enumerate(seats)}
        self._numbers = {name: own for name, own in numbers.items() if _can_stand_in_text(name)}
        longest_first = sorted(self._numbers, key=len, reverse=True)
        either = "|".join(map(re.escape, longest_first)) or r"(?!)"
        self._names = re.compile(rf"(?<!\w)(?:{either})(?!\w)")

    def shown(self, text: str) -> str:
        """Return a text of the environment as people read it."""

        def name(found: re.Match[str]) -> str:
            number = int(found[1])
            return self._seats[number] if number < len(self._seats) else found[0]

        return _PLAYER.sub(name, text)

    def meant(self, text: str) -> str:
        """Return what people wrote as the environment reads it."""
        return self._names.sub(lambda found: self._numbers[found[0]], text)

    def legend(self) -> str:
        """Return who is which number, as moves may need one."""
        told = [f"{seat} is Player {number}" for number, seat in enumerate(self._seats)]
        return f"In this game, {', '.join(told)}."


def _can_stand_in_text(name: str) -> bool:
    """Return whether a name is no number or letter, such as moves are made of."""
    return len(name) > 1 and not name.isdecimal()

"""A player that reads its answers from a script, for demonstrations and tests."""

from collections import deque
from collections.abc import Iterable, Sequence

from bot.errors import ShownToUser
from bot.ports import Player
from games.core import Ask, Seat, Text, View, quoted


class Scripted:
    """Gives prepared answers in order, then lets another player go on.

    A refused answer is followed by the next line.
    """

    def __init__(self, answers: Iterable[str], afterwards: Player) -> None:
        self._answers = deque(answers)
        self._afterwards = afterwards

    async def answer(self, view: View, ask: Ask, refusals: Sequence[Text | str]) -> str:
        """Return the next line, or what the player afterwards says."""
        if self._answers:
            return self._answers.popleft()
        return await self._afterwards.answer(view, ask, refusals)


def read_script(text: str) -> dict[Seat, list[str]]:
    """Return the answers of each seat from lines "Seat: text"; "#" begins a comment line.

    A seat is called as it is called first, in whatever case later.

    Raises ShownToUser with the number of the first line that is none of these.
    """
    answers: dict[Seat, list[str]] = {}
    seats: dict[str, Seat] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, colon, said = line.partition(":")
        if not colon or not name.strip():
            raise ShownToUser(f"Line {number} of the script is not “Seat: text”: {quoted(line)}.")
        seat = seats.setdefault(name.strip().casefold(), Seat(name.strip()))
        answers.setdefault(seat, []).append(said.strip())
    return answers

"""The terminal as a room: public messages at once, private ones when their reader looks."""

import os
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text as Styled

from bot.ports import Message
from games.core import SPECTATOR, Seat, Text


class Screen(Console):
    """A console that falls silent when nobody reads any more; a match goes on all the same."""

    def on_broken_pipe(self) -> None:
        """Write to nowhere from now on, at the end of the process too."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class TerminalRoom:
    """Shows messages on a console that one person, or several in turn, look at."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.reader: Seat | None = None
        """Who alone looks at the screen; None while nobody or everybody may."""
        self._held: dict[Seat, list[Text]] = {}
        self._shown: set[str] = set()

    async def deliver(self, message: Message) -> str:
        """Show a message; a private one is held back until its reader looks."""
        if message.nonce not in self._shown:
            self._shown.add(message.nonce)
            if message.audience in (SPECTATOR, self.reader):
                self.show(message.texts, private=message.audience != SPECTATOR)
            else:
                self._held.setdefault(message.audience, []).extend(message.texts)
        return message.nonce

    def let_read(self, seat: Seat) -> None:
        """Let one person look, and show what was held back for it."""
        self.reader = seat
        self.show(self._held.pop(seat, ()), private=True)

    def show(self, texts: Sequence[Text], *, private: bool = False) -> None:
        """Print sentences; private ones are marked as such."""
        for text in texts:
            if private:
                self.console.print(Styled(f"  (only you) {hanging(text)}", style="italic cyan"))
            else:
                self.console.print(Styled(f"  {hanging(text)}"))

    def note(self, sentence: str) -> None:
        """Print something the terminal itself has to say."""
        self.console.print(Styled(sentence, style="dim"))


def hanging(text: Text | str) -> str:
    """Return a sentence whose later lines are set in, so that they cannot pass for another one."""
    return str(text).replace("\n", "\n      ")

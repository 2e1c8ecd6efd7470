"""The terminal as a room: public messages at once, private ones when their reader looks."""

import os
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text as Styled

from bot.languages import ENGLISH, Language
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

    def __init__(self, console: Console, language: Language = ENGLISH) -> None:
        self.console = console
        self.language = language
        self.people: Sequence[Seat] = ()
        """Who looks at the screen, in turn where they are several."""
        self.reader: Seat | None = None
        """Who alone looks at the screen; None while nobody or everybody may."""
        self._held: dict[Seat, list[Message]] = {}
        self._on_screen: set[str] = set()
        self._known: set[str] = set()

    async def deliver(self, message: Message) -> str:
        """Show a message; it is kept for everybody whom it concerns and who does not look now."""
        if message.nonce not in self._known:
            self._known.add(message.nonce)
            public = message.audience == SPECTATOR
            if public:
                self._put(message)
            for seat in self.people if public else (message.audience,):
                self._held.setdefault(seat, []).append(message)
            if self.reader is not None:
                self.let_read(self.reader)
        return message.nonce

    def let_read(self, seat: Seat) -> None:
        """Let one person look, and show what it has missed."""
        self.reader = seat
        for message in self._held.pop(seat, ()):
            if message.nonce not in self._on_screen:
                self._put(message)

    def clear(self) -> None:
        """Empty the screen and what can be scrolled back to, for the eyes of somebody else."""
        self.console.clear()
        if self.console.is_terminal and not self.console.is_dumb_terminal:
            self.console.file.write("\x1b[3J")
            self.console.file.flush()
        self._on_screen.clear()

    def _put(self, message: Message) -> None:
        self._on_screen.add(message.nonce)
        self.show(message.texts, private=message.audience != SPECTATOR)

    def show(self, texts: Sequence[Text], *, private: bool = False) -> None:
        """Print sentences; private ones are marked as such."""
        for text in texts:
            said = hanging(self.language.say(text))
            if private:
                only = self.language.say("(only you)")
                self.console.print(Styled(f"  {only} {said}", style="italic cyan"))
            else:
                self.console.print(Styled(f"  {said}"))

    def note(self, sentence: Text | str) -> None:
        """Print something the terminal itself has to say."""
        self.console.print(Styled(self.language.say(sentence), style="dim"))


def hanging(text: str) -> str:
    """Return a sentence whose later lines are set in, so that they cannot pass for another one."""
    return text.replace("\n", "\n      ")

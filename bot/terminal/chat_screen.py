"""A chat on a terminal: lines as they are said, also while a character is still speaking."""

from rich.live import Live
from rich.text import Text as Styled

from bot.arena.events import Paused, Seated, Substituted
from bot.ports import Entry
from bot.terminal.room import Screen, hanging
from characters.chat_events import Chosen, Continued, Retold, Said
from characters.lines import Line
from games.core import Event, Seat

LONGEST_DRAFT = 2000
"""Characters, from the end, that are shown of what is still being said."""


class ChatScreen:
    """Shows a chat to the one person in front of it, whose own lines stand there already."""

    def __init__(self, console: Screen, me: Seat) -> None:
        self.console = console
        self.me = me
        self._draft: Live | None = None

    def tell(self, entry: Entry) -> None:
        """Show what has happened."""
        self.end_draft()
        for event in entry.events:
            self._tell(event)

    def draft(self, seat: Seat, words: str) -> None:
        """Show words that are still being said, where the screen can take them back."""
        if not self.console.is_terminal:
            return
        if self._draft is None:
            self._draft = Live(console=self.console, auto_refresh=False, transient=True)
            self._draft.start()
        self._draft.update(self._line(seat, words[-LONGEST_DRAFT:], "…"), refresh=True)

    def end_draft(self) -> None:
        """Take away what was shown of an answer that is whole now, or will never be."""
        if self._draft is not None:
            self._draft.stop()
            self._draft = None

    def show(self, line: Line) -> None:
        """Show a line with its number."""
        self.console.print(
            self._line(line.speaker, line.words or "(forgotten)", f"({line.number})")
        )

    def note(self, sentence: str) -> None:
        """Print something the terminal itself has to say."""
        self.console.print(Styled(sentence, style="dim"))

    def _tell(self, event: Event) -> None:
        match event:
            case Said(seat, number, words):
                if seat != self.me:
                    self.console.print(self._line(seat, words, f"({number})"))
            case Retold(seat, number, words):
                self.console.print(self._line(seat, words, f"({number}, said anew)"))
            case Continued(seat, number, words):
                self.console.print(self._line(seat, f"… {words}", f"({number})"))
            case Seated() | Chosen():
                return
            case Substituted(reason=reason):
                self.note(str(reason))
            case _:
                if text := str(event.told()):
                    self.note(hanging(text))
        if isinstance(event, Paused):
            self.note("Go on with /resume.")

    def _line(self, seat: Seat, words: str, after: str) -> Styled:
        name = "bold" if seat == self.me else "bold cyan"
        return Styled.assemble((f"{seat}: ", name), hanging(words), (f"  {after}", "dim"))

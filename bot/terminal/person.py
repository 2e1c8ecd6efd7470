"""A person at the terminal: the Ask as a prompt with numbered options, and a few commands."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from rich.text import Text as Styled

from bot.arena.table import Table
from bot.errors import ShownToUser
from bot.languages import shown_choice
from bot.terminal.lines import Lines
from bot.terminal.room import TerminalRoom
from games.core import SPECTATOR, Ask, Kind, Seat, Text, UnclearMove, View

HELP = Text(
    """\
Type your answer, or the number of an option. Besides that:
  /me      what you alone know
  /board   the board, or what has happened so far
  /rules   how this game is played
  /say …   say something to the table that is no move
  /leave   let a house bot play on for you
  /quit    stop here; the match can be resumed"""
)


class Quit(Exception):
    """The person wants to stop; the match stays open."""


@dataclass
class Desk:
    """What the people at one terminal share: the keyboard, the screen, and the table."""

    lines: Lines
    room: TerminalRoom
    settle: Callable[[], Awaitable[None]]
    """Waits until all that is to be shown has been shown."""
    table: Table | None = None
    keyboard: asyncio.Lock = field(default_factory=asyncio.Lock)
    reader: Seat | None = None
    closed: bool = False
    """Whether somebody has quit, so that nobody else is asked any more."""

    @property
    def shared(self) -> bool:
        """Whether several people sit here, who may not see each other's secrets."""
        return len(self.room.people) > 1

    async def read(self, prompt: str, options: Sequence[str] = ()) -> str:
        """Return the next line.  Raises Quit."""
        try:
            line = (await self.lines.read(prompt, options)).strip()
        except (EOFError, KeyboardInterrupt):
            line = "/quit"
        if line.casefold() == "/quit":
            self.closed = True
            raise Quit
        return line

    async def pass_to(self, seat: Seat) -> None:
        """Give the keyboard to a person; with several, the screen is cleared in between."""
        if self.reader != seat and self.shared:
            if self.reader is not None:
                self.room.clear()
            told = Text("Pass the keyboard to {seat}, who presses Enter: ", seat=seat)
            await self.read(self.room.language.say(told))
            self.room.clear()
        self.reader = seat
        self.room.let_read(seat)


class TerminalPerson:
    """Asks one person at the desk."""

    def __init__(self, desk: Desk, seat: Seat) -> None:
        self._desk = desk
        self._seat = seat

    async def answer(self, view: View, ask: Ask, refusals: Sequence[Text | str]) -> str:
        """Return what the person types.  Raises Quit."""
        desk = self._desk
        async with desk.keyboard:
            if desk.closed:
                raise Quit
            await desk.settle()
            await desk.pass_to(self._seat)
            if refusals:
                desk.room.note(refusals[-1])
            else:
                self._put(view, ask)
            said = await (self._form(view, ask) if ask.fields else self._line(view, ask))
            if desk.shared:  # what comes now is cleared away before this person looks again
                desk.room.reader = None
            return said

    async def _line(self, view: View, ask: Ask) -> str:
        """Return the answer that a person types, after any commands."""
        language = self._desk.room.language
        options = [shown_choice(language, choice) for choice in ask.choices]
        while True:
            line = await self._desk.read(f"{self._seat}> ", options)
            if not line.startswith("/"):
                return language.understand(ask, numbered(ask, line))
            await self._obey(line, view)

    async def _form(self, view: View, ask: Ask) -> str:
        """Return a form as JSON; its fields are asked for one after the other."""
        given: dict[str, str] = {}
        for name, part in ask.fields.items():
            self._put_question(part)
            while name not in given:
                line = await self._line(view, part)
                try:
                    part.parse(line)
                except UnclearMove as why:
                    self._desk.room.note(why.args[0])
                else:
                    given[name] = line
        return json.dumps(given, ensure_ascii=False)

    def _put(self, view: View, ask: Ask) -> None:
        """Print the board and the question with its options."""
        console = self._desk.room.console
        if board := view.game.board(view.events):
            console.print(Styled(f"\n{self._desk.room.language.board(board)}"))
        console.print()
        self._put_question(ask, f"{self._seat}: " if self._desk.shared else "")
        if ask.seconds:
            self._desk.room.note(Text("You have {seconds} seconds.", seconds=f"{ask.seconds:g}"))

    def _put_question(self, ask: Ask, who: str = "") -> None:
        console, language = self._desk.room.console, self._desk.room.language
        console.print(Styled(f"{who}{language.say(ask.prompt)}", style="bold"))
        if ask.choices:
            options = (
                f"{number}) {shown_choice(language, choice)}"
                for number, choice in enumerate(ask.choices, start=1)
            )
            console.print(Styled("  ".join(options)))
        if ask.kind in (Kind.NUMBER, Kind.SEVERAL_OF):
            self._desk.room.note(ask.hint())
        if ask.optional:
            self._desk.room.note(Text("Press Enter to pass."))

    async def _obey(self, line: str, view: View) -> None:
        """Carry out a command such as /me; an unknown one is told and does nothing."""
        command, _, rest = line.partition(" ")
        room, table = self._desk.room, self._desk.table
        assert table is not None
        match command.casefold():
            case "/me":
                self._tell_secrets(view)
            case "/board":
                self._tell_board(view)
            case "/rules":
                room.note(view.game.rules())
            case "/say":
                try:
                    await table.remark(self._seat, rest)
                except ShownToUser as why:
                    room.note(why.args[0])
                await self._desk.settle()
            case "/leave":
                await table.leave(self._seat)
                await asyncio.Event().wait()  # the table stops asking this person now
            case "/help":
                room.note(HELP)
            case _:
                told = "There is no command {command}. /help lists them."
                room.note(Text(told, command=command[:20]))

    def _tell_secrets(self, view: View) -> None:
        room = self._desk.room
        room.note(Text("You are {seat}.", seat=view.seat))
        secrets = [event.told() for event in view.events if not event.seen_by(SPECTATOR)]
        room.show([text for text in secrets if text.template], private=True)
        if not secrets:
            room.note(Text("You know nothing that the others do not know."))

    def _tell_board(self, view: View) -> None:
        room = self._desk.room
        if board := view.game.board(view.events):
            room.console.print(Styled(str(room.language.board(board))))
        else:
            room.show([text for event in view.events if (text := event.told()).template])


def numbered(ask: Ask, line: str) -> str:
    """Return the option whose number was typed: at a terminal the number that is shown counts."""
    if line.isdecimal() and line not in ask.choices and 1 <= int(line) <= len(ask.choices):
        return str(ask.choices[int(line) - 1])
    return line

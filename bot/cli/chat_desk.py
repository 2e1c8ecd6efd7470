"""A person who chats with characters at a terminal: lines, and commands that begin with a slash."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from bot.arena.table import Table
from bot.cast import Cast, Member
from bot.errors import ParlourError, ShownToUser
from bot.memories import Which
from bot.players.chat_memories import HERE
from bot.terminal.chat_screen import ChatScreen
from bot.terminal.lines import Lines
from characters import host
from characters.chat_events import history
from characters.host import HOST
from characters.lines import Line
from characters.memory import Scope
from characters.moment import greetings
from characters.persona import label
from characters.speakers import Mode
from games.core import GameError, Seat, listed, quoted

if TYPE_CHECKING:
    from bot.players.character import CharacterPlayer
    from bot.players.remembering import Remembering

HELP: Final = """\
Say something, or one of these; N is the number behind a line, by default the last one's.
  /regenerate [N]  have a character say a line anew          (/r)
  /swipe V [N]     show version V of a line
  /continue [N]    have a character go on with a line        (/c)
  /edit N WORDS    put other words in the place of a line's
  /delete N        take a line away
  /lines           the last lines, with their numbers
  /speak NAME      have a character speak
  /invite NAME     bring another character in
  /dismiss NAME    send a character away
  /mode MODE       who answers: natural, pooled, list or manual
  /quiet on|off    have characters answer only when they are called by name
  /why [NAME]      which entries of a lorebook went into the last answer, and why
  /memory          what is remembered of you
  /forget N|all    have it forgotten; N is the number in /memory
  /resume          go on after a pause
  /end             close the chat for good
  /quit            stop here; the chat can be gone on with
While a character speaks, Control-C stops it."""
MOST_DIGITS: Final = 18
"""Of a number that a database can hold."""
SHOWN: Final = 20
"""Lines that are shown of what was said before."""


class ChatDesk:
    """One person, the table of a chat, and what can be done at it."""

    def __init__(
        self,
        table: Table,
        screen: ChatScreen,
        lines: Lines,
        cast: Cast,
        remembering: "Remembering",
        players: Mapping[tuple[str, Seat], "CharacterPlayer"],
        model: str,
    ) -> None:
        self.table = table
        self.screen = screen
        self._lines = lines
        self._cast = cast
        self._remembering = remembering
        self._players = players
        self._model = model
        self._moved = asyncio.Event()
        self._stopping: asyncio.Future[None] | None = None
        table.watchers.append(lambda _: self._moved.set())
        table.watchers.append(screen.tell)

    async def sit(self, play: Callable[[Table], "asyncio.Task[object]"]) -> None:
        """Let the person talk until it goes or the chat ends."""
        await self._answers(play)
        while not self.table.over:
            try:
                line = (await self._lines.read(f"{self.screen.me}> ", list(_COMMANDS))).strip()
            except (EOFError, KeyboardInterrupt):
                return
            if line.casefold() in ("/quit", "/q"):
                return
            try:
                await self._take(line)
                await self._answers(play)
            except (ParlourError, GameError) as why:
                self.screen.note(str(why))

    async def invite(self, member: Member, *, greeting: int = 1, company: bool = True) -> None:
        """Bring a character in; `greeting` says with which of its greetings, 0 with none.

        Raises Refused.
        """
        said = greetings(member.card, self.screen.me, company=company)
        words = said[greeting - 1] if 0 < greeting <= len(said) else ""
        seat = self._seat_of(member)
        spec = f"character:{member.character}:{self._model}"
        profile = member.card.profile
        names = (member.card.name, *profile.aliases)
        answer = host.join_character(seat, names, profile.talkativeness, words[: host.LONGEST])
        await self.table.admit(seat, self.table.players.get(seat, spec), by=HOST, answer=answer)

    def recap(self) -> None:
        """Show the last lines."""
        for line in history(self.table.match.log)[-SHOWN:]:
            self.screen.show(line)

    def _seat_of(self, member: Member) -> Seat:
        """Return the seat of a character, the one that it had before if it was here."""
        for seat, player in self.table.players.items():
            if player.split(":")[:2] == ["character", member.character]:
                return seat
        taken = {seat.casefold() for seat in (*self.table.players, "table")}
        name = label(member.card.called)[:36]
        spare = (f"{name} {number}" for number in range(2, len(taken) + 3))
        return Seat(next(one for one in (name, *spare) if one.casefold() not in taken))

    async def _take(self, line: str) -> None:
        """Say a line, or carry out a command."""
        if not line.startswith("/"):
            if line:
                await self.table.submit(self.screen.me, line)
            return
        name, _, rest = line.partition(" ")
        command = _COMMANDS.get(name.casefold())
        if command is None:
            raise ShownToUser(f"There is no command {quoted(name, 20)}; /help lists them.")
        await command(self, rest.strip())

    async def _answers(self, play: Callable[[Table], "asyncio.Task[object]"]) -> None:
        """Wait until nobody is about to speak any more; Control-C stops who is."""
        loop = asyncio.get_running_loop()
        with suppress(NotImplementedError):  # where there are no signals, Control-C ends it all
            loop.add_signal_handler(signal.SIGINT, self._interrupt)
        try:
            running = play(self.table)
            while self.table.match.state.queue and not self.table.paused and not running.done():
                self._moved.clear()
                moved = asyncio.ensure_future(self._moved.wait())
                await asyncio.wait({moved, running}, return_when=asyncio.FIRST_COMPLETED)
                moved.cancel()
            if running.done():
                running.result()
            await self.table.settle()
        finally:
            self.screen.end_draft()
            with suppress(NotImplementedError):
                loop.remove_signal_handler(signal.SIGINT)

    def _interrupt(self) -> None:
        self._stopping = asyncio.ensure_future(self._stop())

    async def _stop(self) -> None:
        with suppress(GameError):  # the answer may have come in the same moment
            await self._hosted(host.stop())

    async def _hosted(self, request: str) -> None:
        await self.table.submit(HOST, request)

    # The commands.

    async def _help(self, rest: str) -> None:
        self.screen.note(HELP)

    async def _regenerate(self, rest: str) -> None:
        await self._hosted(host.regenerate(self._number(rest, of_character=True)))

    async def _continue(self, rest: str) -> None:
        await self._hosted(host.go_on(self._number(rest, of_character=True)))

    async def _swipe(self, rest: str) -> None:
        version, _, number = rest.partition(" ")
        if not _is_number(version):
            raise ShownToUser("Say which version, as in /swipe 2.")
        number_of_line = self._number(number.strip(), of_character=True)
        await self._hosted(host.show(number_of_line, int(version)))
        self._show(number_of_line)

    async def _edit(self, rest: str) -> None:
        number, _, words = rest.partition(" ")
        if not _is_number(number) or not words.strip():
            raise ShownToUser("Say which line and which words, as in /edit 3 I meant Plato.")
        await self._hosted(host.edit(int(number), words.strip()))
        await self._unlearn(int(number))

    async def _delete(self, rest: str) -> None:
        if not _is_number(rest):
            raise ShownToUser("Say which line, as in /delete 3.")
        await self._hosted(host.delete(int(rest)))
        await self._unlearn(int(rest))

    async def _list(self, rest: str) -> None:
        self.recap()

    async def _speak(self, rest: str) -> None:
        await self._hosted(host.speak(self._here(rest)))

    async def _invite(self, rest: str) -> None:
        await self.invite(await self._cast.find(HERE, rest))

    async def _dismiss(self, rest: str) -> None:
        await self._hosted(host.leave(self._here(rest)))

    async def _mode(self, rest: str) -> None:
        await self._hosted(host.change_mode(mode_named(rest)))

    async def _quiet(self, rest: str) -> None:
        if rest not in ("on", "off"):
            raise ShownToUser("Say /quiet on or /quiet off.")
        await self._hosted(host.quiet(rest == "on"))

    async def _why(self, rest: str) -> None:
        seat = self._here(rest) if rest else self._last(of_character=True).speaker
        player = self._players.get((self.table.setup.match_id, seat))
        if player is None or player.prompt is None:
            raise ShownToUser(f"{seat} has not spoken since the chat was opened here.")
        by_reason: dict[str, list[str]] = {}
        for one in sorted(player.prompt.scan.verdicts, key=lambda one: not one.taken):
            reason = f"{'Taken' if one.taken else 'Left out'}, as {one.reason}"
            title = one.entry.title or f"entry {one.entry.number}"
            by_reason.setdefault(reason, []).append(title)
        for reason, titles in by_reason.items():
            self.screen.note(f"{reason}: {listed(titles)}.")
        if not by_reason:
            self.screen.note(f"{seat} has no lorebook.")
        if left_out := player.prompt.left_out:
            self.screen.note(f"There was no room for {listed(left_out)}.")

    async def _memory(self, rest: str) -> None:
        found = await self._remembering.memories.view(_MINE)
        for memory in found:
            name = memory.scope.character
            self.screen.note(f"  {memory.id}. {name}, {memory.created_at:%Y-%m-%d}: {memory.text}")
        if not found:
            self.screen.note("Nothing is remembered of you yet.")

    async def _forget(self, rest: str) -> None:
        if rest != "all" and not _is_number(rest):
            raise ShownToUser("Say which memory, as in /forget 3, or /forget all.")
        which = _MINE if rest == "all" else Which(user=HERE, guild=HERE, id=int(rest))
        gone = await self._remembering.memories.forget(which, datetime.now(UTC))
        said = "1 memory is" if gone.memories == 1 else f"{gone.memories} memories are"
        self.screen.note(f"{said} forgotten.")

    async def _resume(self, rest: str) -> None:
        await self.table.resume()

    async def _end(self, rest: str) -> None:
        await self._hosted(host.end())

    def _show(self, number: int) -> None:
        for line in history(self.table.match.log):
            if line.number == number:
                self.screen.show(line)

    def _number(self, given: str, *, of_character: bool) -> int:
        if given and not _is_number(given):
            raise ShownToUser(f"Lines have numbers; {quoted(given)} is none.")
        return int(given) if given else self._last(of_character=of_character).number

    def _last(self, *, of_character: bool) -> Line:
        for line in reversed(history(self.table.match.log)):
            if line.character or not of_character:
                return line
        raise ShownToUser("No character has said anything yet.")

    def _here(self, name: str) -> Seat:
        """Return the character that is called so.  Raises ShownToUser."""
        names: Mapping[Seat, Sequence[str]] = self.table.match.state.names
        for seat, known in names.items():
            if name.casefold() in [one.casefold() for one in known]:
                return seat
        raise ShownToUser(f"{quoted(name)} is not here; here are {listed(names) or 'none'}.")

    async def _unlearn(self, number: int) -> None:
        """Forget what characters have learnt from a line, and let them learn what it says now."""
        now = [line for line in history(self.table.match.log) if line.number == number]
        for player in self.table.players.values():
            kind, _, rest = player.partition(":")
            if kind == "character":
                scope = Scope(HERE, rest.partition(":")[0], HERE)
                match_id = self.table.setup.match_id
                await self._remembering.unsaid(scope, match_id, number, datetime.now(UTC))
                await self._remembering.heard(scope, now, match_id, datetime.now(UTC))


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= MOST_DIGITS


def mode_named(name: str) -> Mode:
    """Return a mode.  Raises ShownToUser."""
    if name not in list(Mode):
        raise ShownToUser(f"There is no mode {quoted(name)}; say {listed(Mode, 'or')}.")
    return Mode(name)


_MINE: Final = Which(user=HERE, guild=HERE)
_COMMANDS: Final[Mapping[str, Callable[[ChatDesk, str], Awaitable[None]]]] = {
    "/help": ChatDesk._help,
    "/regenerate": ChatDesk._regenerate,
    "/r": ChatDesk._regenerate,
    "/swipe": ChatDesk._swipe,
    "/continue": ChatDesk._continue,
    "/c": ChatDesk._continue,
    "/edit": ChatDesk._edit,
    "/delete": ChatDesk._delete,
    "/lines": ChatDesk._list,
    "/speak": ChatDesk._speak,
    "/invite": ChatDesk._invite,
    "/dismiss": ChatDesk._dismiss,
    "/mode": ChatDesk._mode,
    "/quiet": ChatDesk._quiet,
    "/why": ChatDesk._why,
    "/memory": ChatDesk._memory,
    "/forget": ChatDesk._forget,
    "/resume": ChatDesk._resume,
    "/end": ChatDesk._end,
}

"""The lines of a chat in Discord: each as one or more messages, the same whenever it is shown."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

from discord import ui

from bot.arena.chats import ChatPlace, ShownPart
from bot.arena.table import Table
from bot.cogs.chat_buttons import line_controls
from bot.cogs.speech import BOT, LIMIT, Utterance, Voice, plain, split, spoken_for
from bot.cogs.voices import Where
from characters.chat_events import history
from characters.lines import Line
from games.core import Seat

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient

FORGOTTEN: Final = "(forgotten)"


class ChatLines:
    """Shows lines as they stand now; showing one again changes its messages."""

    def __init__(self, client: "ParlourClient") -> None:
        self._client = client
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def show(self, chat: ChatPlace, number: int, *, again: bool = False) -> str:
        """Show a line as it stands; return the id of its last message, "" for none.

        With `again` it may have been sent without a note of that.
        """
        async with self.lock(chat.match_id):
            table = await self._client.services.arena.wake(chat.match_id)
            lines = history(table.match.log)
            parts = await self._client.services.chats.parts(chat.match_id, number)
            if parts and parts[0].speaker:  # a member's own message
                return str(parts[-1].message)
            line = next((one for one in lines if one.number == number), None)
            shown = await self._show(chat, table, lines, line, parts, again=again)
            if line is None:
                return ""
            before = [one for one in lines if _same(one, line) and one.number < number]
            if before:
                await self._without_controls(chat, table, before[-1])
            return shown

    def lock(self, match_id: str) -> asyncio.Lock:
        """Return what keeps the messages of a chat from being changed by two at a time."""
        return self._locks.setdefault(match_id, asyncio.Lock())

    async def note_own(self, chat: ChatPlace, line: int, message: int, seat: Seat) -> None:
        """Note that a member's own message is a line."""
        part = ShownPart(chat.match_id, line, 0, message, seat)
        await self._client.services.chats.show(part)

    async def _show(
        self,
        chat: ChatPlace,
        table: Table,
        lines: Sequence[Line],
        line: Line | None,
        parts: Sequence[ShownPart],
        *,
        again: bool,
    ) -> str:
        where = where_of(chat)
        wanted = utterances(table, line) if line else []
        for gone in parts[len(wanted) :]:
            await self._client.services.chats.hide(gone)
            await self._client.voices.take_back(where, gone.message)
        last = ""
        for number, utterance in enumerate(wanted):
            view = self._controls(table, lines, line) if number + 1 == len(wanted) else None
            if number < len(parts):
                await self._client.voices.change(where, parts[number].message, utterance, view)
                last = str(parts[number].message)
            elif line:
                one = ShownPart(chat.match_id, line.number, number, 0)
                last = str(await self._say(chat, one, line, utterance, view, again=again))
        return last

    async def _say(
        self,
        chat: ChatPlace,
        part: ShownPart,
        line: Line,
        utterance: Utterance,
        view: ui.View | None,
        *,
        again: bool,
    ) -> int:
        """Say a part of a line, in the place of its draft where there is one."""
        client, where = self._client, where_of(chat)
        draft = await client.drafts.finished(chat, line.speaker) if part.part == 0 else None
        if draft and await client.voices.change(where, draft.message, utterance, view):
            message = draft.message
        else:
            message = await self._found(chat, utterance) if again else 0
            if message and view:
                await client.voices.change(where, message, utterance, view)
            nonce = f"{chat.match_id[:8]}-l{part.line:x}-{part.part}"
            message = message or await client.voices.say(where, utterance, nonce, view)
        shown = ShownPart(chat.match_id, part.line, part.part, message)
        await client.services.chats.show(shown, instead=[draft] if draft else [])
        return message

    async def _found(self, chat: ChatPlace, utterance: Utterance) -> int:
        """Return the message that says this and of which nothing is noted; 0 for none."""
        services = self._client.services
        last = await services.store.last_reference(chat.match_id)
        for message in await self._client.voices.arrived(where_of(chat), [utterance], last):
            if await services.chats.part_in(message) is None:
                return message
        return 0

    def _controls(self, table: Table, lines: Sequence[Line], line: Line | None) -> ui.View | None:
        """Return the controls under a line: a character's newest has some, while it is here."""
        if line is None or not line.character or table.over:
            return None
        newest = [one for one in lines if _same(one, line)][-1]
        if newest.number != line.number or line.speaker not in table.match.state.names:
            return None
        return line_controls(table, line, hears=self._client.intents.message_content)

    async def _without_controls(self, chat: ChatPlace, table: Table, line: Line) -> None:
        parts = await self._client.services.chats.parts(chat.match_id, line.number)
        if parts and not parts[-1].speaker:
            said = utterances(table, line)[-1]
            await self._client.voices.change(where_of(chat), parts[-1].message, said, None)


def where_of(chat: ChatPlace) -> Where:
    """Return where a chat is held."""
    return Where(chat.guild, chat.channel, chat.place)


def utterances(table: Table, line: Line) -> Sequence[Utterance]:
    """Return what to send for a line; at least one."""
    words = spoken(line.words) or FORGOTTEN
    if not line.character:
        return [Utterance(BOT, one) for one in split(f"**{plain(line.speaker)}**: {words}")]
    voice = voice_in(table, line.speaker)
    most = LIMIT - len(spoken_for(Utterance(voice, "")))
    return [Utterance(voice, piece) for piece in split(words, most)]


def voice_in(table: Table, seat: Seat) -> Voice:
    """Return the voice of a character that sits, or has sat, in a chat."""
    _, character, *_ = f"{table.players.get(seat, '')}:".split(":")
    return Voice(f"{seat} (AI)", character)


def spoken(words: str) -> str:
    """Return words of a chat: nothing in them acts, but for *what is stressed or done*."""
    return plain(words).replace("\\*", "*")


def _same(one: Line, other: Line) -> bool:
    return one.speaker == other.speaker and one.character == other.character

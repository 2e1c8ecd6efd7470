"""A chat as a room: lines are shown as they stand now, and the rest is told by the bot itself."""

from typing import TYPE_CHECKING, Final

from bot.arena.chats import ChatPlace
from bot.arena.events import Paused, Resumed, Substituted
from bot.cogs.chat_lines import where_of
from bot.cogs.room import NOTHING_TOLD
from bot.cogs.speech import BOT, Utterance, plain, split
from bot.cogs.voices import outbox_errors
from bot.errors import RoomGone
from bot.ports import Message, Part
from characters.chat_events import (
    Continued,
    Deleted,
    Edited,
    Ended,
    Joined,
    Left,
    ModeChanged,
    Passed,
    Quieted,
    Retold,
    Said,
    Shown,
    history,
)
from games.core import SPECTATOR, Seat

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient

_CHANGED: Final = (Retold, Continued, Edited, Shown, Deleted)
_TOLD: Final = (
    Joined,
    Left,
    Passed,
    Quieted,
    ModeChanged,
    Ended,
    Paused,
    Resumed,
    Substituted,
)


class ChatRoom:
    """The channel or thread of one chat."""

    def __init__(self, match_id: str, client: "ParlourClient") -> None:
        self.match_id = match_id
        self._client = client

    async def deliver(self, message: Message) -> str:
        """Show and tell what has happened.  Raises RoomGone, OSError."""
        if message.audience != SPECTATOR:
            return NOTHING_TOLD
        chat = await self._client.services.chats.chat(self.match_id)
        if chat is None:
            raise RoomGone("The chat has no place.")
        last = NOTHING_TOLD
        async with outbox_errors(_stays):
            for index, part in enumerate(message.parts):
                last = await self._part(chat, message, part, index) or last
        return last

    async def _part(self, chat: ChatPlace, message: Message, part: Part, index: int) -> str:
        """Show one part of what has happened; return its message, "" for none."""
        lines = self._client.lines
        match part.event:
            case Said(seat, number) if own := _own_message(message, seat):
                await lines.note_own(chat, number, own, seat)
                return str(own)
            case Said(_, number):
                return await lines.show(chat, number, again=message.again)
            case Joined(character=False):
                return ""
            case Joined(seat) if _greets(message, seat):
                return ""
            case event if isinstance(event, _CHANGED):
                return await lines.show(chat, event.line)
            case event if isinstance(event, _TOLD):
                if isinstance(event, Left | Ended):
                    await self._without_controls(chat)
                text = self._client.language_of(chat.guild).say(part.text)
                return await self._tell(chat, message, text, index)
        return ""

    async def _tell(self, chat: ChatPlace, message: Message, text: str, index: int) -> str:
        (said, *_) = split(f"-# {plain(text)}")
        utterance = Utterance(BOT, said)
        where = where_of(chat)
        if message.again:
            last = await self._client.services.store.last_reference(self.match_id)
            if arrived := await self._client.voices.arrived(where, [utterance], last):
                return str(arrived[0])
        return str(await self._client.voices.say(where, utterance, f"{message.nonce}-{index}"))

    async def _without_controls(self, chat: ChatPlace) -> None:
        """Show the last lines of characters anew, some of which have left."""
        table = await self._client.services.arena.wake(self.match_id)
        spoken = [line for line in history(table.match.log) if line.character]
        for line in {line.speaker: line for line in spoken}.values():
            await self._client.lines.show(chat, line.number)


def _own_message(message: Message, seat: Seat) -> int:
    """Return the message by which a person has said this; 0 where it was said in another way."""
    kind, _, number = (message.cause or "").partition(":")
    person = message.players.get(seat, "").startswith("person:")
    return int(number) if kind == "m" and person else 0


def _greets(message: Message, seat: Seat) -> bool:
    return any(isinstance(one.event, Said) and one.event.seat == seat for one in message.parts)


async def _stays() -> None:
    """Nobody moves a chat."""

"""A thread as a room: what the arena tells arrives there once, in order, in the right voice."""

from collections.abc import Callable
from functools import partial
from typing import Final

from bot.arena.lobbies import Lobby, LobbyStore
from bot.cogs.speech import utterances
from bot.cogs.voices import Voices, Where, outbox_errors
from bot.errors import RoomGone
from bot.languages import Language
from bot.ports import Message, Store
from games.core import SPECTATOR

NOTHING_TOLD: Final = "-"
"""The reference of a message of which nothing is shown publicly."""


class DiscordRoom:
    """The thread of one match."""

    def __init__(
        self,
        lobby_id: str,
        *,
        lobbies: LobbyStore,
        store: Store,
        voices: Voices,
        mute: Callable[[int], bool],
        language: Callable[[int], Language],
    ) -> None:
        self.lobby_id = lobby_id
        self._lobbies = lobbies
        self._store = store
        self._voices = voices
        self._mute = mute
        self._language = language

    async def deliver(self, message: Message) -> str:
        """Send what everybody may see; a seat reads its secrets in its own view.

        Raises:
            RoomGone: the thread is closed to the bot.
            OSError: Discord cannot be reached now.

        """
        if message.audience != SPECTATOR:
            return NOTHING_TOLD
        lobby = await self._lobbies.lobby(self.lobby_id)
        if lobby is None or not lobby.place.thread:
            raise RoomGone("The match has no thread.")
        async with outbox_errors(partial(self._need_same_place, lobby)):
            return await self._send_all(lobby, message)

    async def _need_same_place(self, lobby: Lobby) -> None:
        """Let the message be tried again where its match was moved to.  Raises OSError."""
        now = await self._lobbies.lobby(lobby.lobby_id)
        if now and now.place.thread != lobby.place.thread:
            raise ConnectionError("The match has moved.")

    async def _send_all(self, lobby: Lobby, message: Message) -> str:
        translate = self._language(lobby.place.guild).translate
        wanted = utterances(message, self._mute, translate)
        place = lobby.place
        where = Where(place.guild, place.channel, place.thread)
        arrived: list[int] = []
        if message.again:
            last = await self._store.last_reference(lobby.lobby_id)
            arrived = await self._voices.arrived(where, wanted, last)
        for index, utterance in enumerate(wanted):
            if index >= len(arrived):
                nonce = f"{message.nonce}-{index}"
                arrived.append(await self._voices.say(where, utterance, nonce))
        return str(arrived[-1]) if arrived else NOTHING_TOLD

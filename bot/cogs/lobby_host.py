"""Lobbies in channels: created, changed and started, each kept on disk before it is shown."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import discord

from bot.arena.arena import new_id, read_players
from bot.arena.events import player_name
from bot.arena.lobbies import (
    Lobby,
    LobbyState,
    Place,
    person_in,
    seat_lines,
    seats_wanted,
    title_of,
)
from bot.cogs.controls import Pressed, button, view
from bot.cogs.live_messages import Shown
from bot.cogs.speech import plain
from bot.cogs.threads import start_thread
from bot.errors import AlreadyDone, OperatorError, ShownToUser, StaleMatch
from bot.languages import Language
from games.core import Game, GameError, Seat, Text

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient


class LobbyHost:
    """Keeps every lobby, one change at a time for each."""

    def __init__(self, client: "ParlourClient") -> None:
        self._client = client
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def create(
        self, place: Place, game: Game[Any, Any, Any], user: discord.abc.User, cause: str
    ) -> Lobby:
        """Open a lobby in which its creator sits; the same cause gives the same lobby."""
        empty = Lobby(new_id(), place, user.id, game, cause, datetime.now(UTC))
        return await self.keep_new(empty.join(user.id, user.display_name))

    async def keep_new(self, lobby: Lobby) -> Lobby:
        """Keep and show a new lobby, or return the one that its cause has made before."""
        try:
            await self._client.services.lobbies.save_lobby(lobby)
        except AlreadyDone:
            known = await self._client.services.lobbies.lobby_made_by(lobby.cause)
            return known or lobby
        self.refresh(lobby)
        return lobby

    async def lobby(self, lobby_id: str) -> Lobby:
        """Return a lobby.  Raises ShownToUser for one that is not known."""
        lobby = await self._client.services.lobbies.lobby(lobby_id)
        if lobby is None:
            raise ShownToUser("That lobby is not known any more; create one with /arena create.")
        return lobby

    async def change(self, lobby_id: str, how: Callable[[Lobby], Lobby]) -> Lobby:
        """Change a lobby, keep it and show it.  Raises ShownToUser when `how` refuses."""
        async with self._lock_of(lobby_id):
            before = await self.lobby(lobby_id)
            try:
                after = how(before)
            except ShownToUser:
                self.refresh(before)  # its message may be older than it
                raise
            if after != before:
                await self._client.services.lobbies.save_lobby(after)
        if after != before:
            self.refresh(after)
        return after

    async def read_to(self, lobby_id: str, message: int) -> None:
        """Note how far the thread of a match was read."""
        async with self._lock_of(lobby_id):
            lobby = await self.lobby(lobby_id)
            if lobby.place.read_to < message:
                await self._client.services.lobbies.save_lobby(lobby.at(read_to=message))

    async def start(self, lobby_id: str) -> Lobby:
        """Begin a match: its thread first, then the lobby, then the match; each step repeats well.

        Raises ShownToUser while seats are missing or a thread cannot be made.
        """
        lobby = await self.lobby(lobby_id)
        lobby.start()
        if not lobby.place.thread:
            thread = await self._thread(lobby)
            await self.change(lobby_id, lambda one: one.at(thread=thread))
        lobby = await self.change(lobby_id, Lobby.start)
        await self.bring_up(lobby)
        return lobby

    async def move(self, lobby: Lobby, channel: int) -> Lobby:
        """Give a match a new thread, started from a new message in a channel."""
        moved = await self.change(
            lobby.lobby_id, lambda one: one.at(channel=channel, lobby_message=0)
        )
        thread = await self._thread(moved)
        moved = await self.change(
            lobby.lobby_id, lambda one: one.at(thread=thread, table_message=0, read_to=0)
        )
        self._client.tables.threads.pop(lobby.place.thread, None)
        self._client.tables.refresh(moved)
        return moved

    async def bring_up(self, lobby: Lobby) -> None:
        """Open the match of a lobby that has started, unless that was done, and let it run."""
        services = self._client.services
        players = read_players(lobby.game, dict(lobby.seats.items()))
        try:
            table = await services.arena.open(
                lobby.game,
                players,
                room=room_name(lobby),
                seed=self._client.tournaments.seed_of(lobby.lobby_id),
                match_id=lobby.lobby_id,
            )
        except StaleMatch:
            table = await services.arena.wake(lobby.lobby_id)
        except (GameError, ShownToUser, OperatorError):  # a model may be gone by now
            await self.change(lobby.lobby_id, Lobby.reopen)
            raise
        services.arena.play(table)
        self._client.tables.refresh(lobby)
        if table.over:
            self._client.spawn(self._client.tables.refresh_match(lobby.lobby_id))

    def refresh(self, lobby: Lobby) -> None:
        """Bring the message of a lobby up to date."""
        lobby_id = lobby.lobby_id

        async def posted(message: int) -> None:
            await self.change(lobby_id, lambda one: one.at(lobby_message=message))

        self._client.live.refresh(
            lobby.place.channel,
            message_key(lobby_id),
            lambda: self._shown(lobby_id),
            posted,
            new=not lobby.place.lobby_message,
        )

    def _lock_of(self, lobby_id: str) -> asyncio.Lock:
        return self._locks.setdefault(lobby_id, asyncio.Lock())

    async def _shown(self, lobby_id: str) -> Shown | None:
        lobby = await self.lobby(lobby_id)
        place = lobby.place
        language = self._client.language_of(place.guild)
        controls = lobby_controls(lobby, language)
        text = lobby_text(lobby, language)
        # A match that is moved needs another message; until it has one its thread is the old one.
        nonce = f"lobby-{lobby_id}-{place.thread % 10**8}"
        return Shown(place.channel, place.guild, place.lobby_message, nonce, text, controls)

    async def _thread(self, lobby: Lobby) -> int:
        """Return the thread started from the lobby's message, started now or before."""
        if not lobby.place.lobby_message:
            await self._client.live.settle(lobby.place.channel, message_key(lobby.lobby_id))
            lobby = await self.lobby(lobby.lobby_id)
        place = lobby.place
        if not place.lobby_message:
            raise ShownToUser("The lobby is not posted yet; try again in a moment.")
        return await start_thread(self._client, place, f"{title_of(lobby.game)} · {lobby.lobby_id}")


def message_key(lobby_id: str) -> str:
    """Return how the message of a lobby is called among those that are kept up to date."""
    return f"lobby {lobby_id}"


def room_name(lobby: Lobby) -> str:
    """Return how the arena calls the place of a match: server, payer, and lobby."""
    return f"discord:{lobby.place.guild}:{lobby.creator}:{lobby.lobby_id}"


def sitters(lobby: Lobby) -> Mapping[Seat, Text | str]:
    """Return who sits where in words, people as mentions."""
    return {
        seat: f"<@{user}>"
        if (user := person_in(spec))
        else Text("{seat}, {player}", seat=plain(seat), player=player_name(spec))
        for seat, spec in lobby.seats.items()
    }


def lobby_text(lobby: Lobby, language: Language) -> str:
    """Return what a lobby's message says."""
    game = lobby.game
    head = Text(
        "**{game}** for {seats} seats · created by {creator}",
        game=title_of(game),
        seats=seats_wanted(game),
        creator=f"<@{lobby.creator}>",
    )
    options = options_line(game)
    lines = [head, *([options] if options else []), *seat_lines(lobby, sitters(lobby))]
    return "\n".join(map(language.say, [*lines, _state(lobby)]))[:2000]


def _state(lobby: Lobby) -> Text:
    thread = f"<#{lobby.place.thread}>"
    match lobby.state:
        case LobbyState.OPEN if lobby.all_ready:
            return Text("Everybody is ready.")
        case LobbyState.OPEN:
            return Text("Waiting for players.")
        case LobbyState.STARTED:
            return Text("The match has begun: {thread}", thread=thread)
        case LobbyState.CLOSED:
            return Text("The match is over: {thread}", thread=thread)
        case _:
            return Text("This lobby was cancelled.")


def options_line(game: Game[Any, Any, Any]) -> Text | None:
    """Return the options that differ from their defaults; hidden ones are not told."""
    from games.core.options import options_of

    public = game.without_hidden()
    told = [
        f"{option.name} {plain(str(value))}"
        for option in options_of(type(game))
        if (value := getattr(public, option.name)) != option.default and not option.hidden
    ]
    return Text("Options: {options}", options=", ".join(told)[:290]) if told else None


def lobby_controls(lobby: Lobby, language: Language) -> discord.ui.View:
    """Return the buttons of a lobby's message; none once it has begun."""

    def press(label: str, verb: str, row: int, **more: Any) -> Any:
        pressed = Pressed("l", lobby.lobby_id, (verb,))
        return button(language.say(label), pressed, row=row, **more)

    if lobby.state is not LobbyState.OPEN:
        return view([press("Rules", "rules", 0)])
    primary, success = discord.ButtonStyle.primary, discord.ButtonStyle.success
    enough = len(lobby.seats) >= lobby.game.min_seats
    return view(
        [
            press("Join", "join", 0, style=primary, disabled=lobby.full),
            press("Leave", "leave", 0),
            press("Add house bot", "house", 0, disabled=lobby.full),
            press("Add model", "model", 0, disabled=lobby.full),
            press("Add character", "character", 0, disabled=lobby.full),
            press("Ready", "ready", 1),
            press("Start", "start", 1, style=success, disabled=not enough),
            press("Options", "options", 1),
            press("Rules", "rules", 1),
            press("Cancel", "cancel", 1, style=discord.ButtonStyle.danger),
        ]
    )

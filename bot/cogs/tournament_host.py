"""Tournaments in channels: every game gets its lobby and thread, and a round follows the other."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

import discord
import structlog

from bot.arena.arena import new_id
from bot.arena.house_rules import HouseRules
from bot.arena.lobbies import Lobby, LobbyState
from bot.arena.table import Table
from bot.arena.tournaments import Tournament, TournamentState, TournamentStore, place_of
from bot.cogs.live_messages import Shown
from bot.cogs.tournament_shown import controls, picture_of, result_text, tournament_text
from bot.errors import AlreadyDone, ParlourError, ShownToUser
from bot.ports import Entry
from games.core import BrokenLog, GameError, Text
from tournaments import Fixture

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient

log = structlog.get_logger(__name__)

UNKNOWN: Final = "That tournament is not known any more; create one with /tournament create."
LAST: Final = 100
"""Tournaments that are over, of which those are found that have no result posted yet."""
LOST: Final = "That tournament waits: its game is not installed here any more, or was changed."


class TournamentHost:
    """Keeps every tournament, one change at a time for each."""

    def __init__(self, client: "ParlourClient") -> None:
        self._client = client
        self._matches: dict[str, tuple[Tournament, Fixture]] = {}
        """Which game of which tournament is played in a match, for those that go on."""
        self._troubles: dict[str, Text | str] = {}
        """Why a game could not be begun, by tournament."""
        self._changing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._advancing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def load(self) -> None:
        """Learn which matches belong to tournaments, before any of them goes on."""
        for one in await self._store.tournaments(TournamentState.RUNNING):
            for fixture in _games_of(one):
                lobby = await self._client.services.lobbies.lobby_made_by(one.cause_of(fixture))
                if lobby:
                    self._matches[lobby.lobby_id] = one, fixture

    async def again(self) -> None:
        """Go on with every tournament, and show those that wait for players or for their result."""
        for one in await self._store.tournaments(TournamentState.OPEN, TournamentState.RUNNING):
            self.refresh(one)
            if one.state is TournamentState.RUNNING:
                self._client.spawn(self.advance(one.tournament_id))
        for one in await self._store.tournaments(TournamentState.OVER, limit=LAST):
            if not one.result_message:
                self.refresh(one)

    def rules(self, match_id: str) -> HouseRules | None:
        """Return what a tournament asks of the table of one of its matches; None for any other."""
        if match_id not in self._matches:
            return None
        one, _ = self._matches[match_id]
        return HouseRules(one.minutes * 60, None, tells_faults=False)

    def seed_of(self, match_id: str) -> int | None:
        """Return what a match of a tournament is dealt by; None for any other."""
        return self._matches[match_id][1].seed if match_id in self._matches else None

    def seated(self, table: Table) -> None:
        """Go on when a match of a tournament ends."""
        if table.setup.match_id not in self._matches:
            return
        one, _ = self._matches[table.setup.match_id]

        def changed(_: Entry) -> None:
            if table.over:
                self._client.spawn(self.advance(one.tournament_id))

        table.watchers.append(changed)

    async def tournament(self, tournament_id: str) -> Tournament:
        """Return a tournament.  Raises ShownToUser for one that is not known or playable."""
        try:
            found = await self._store.tournament(tournament_id)
        except BrokenLog as why:
            log.warning("a tournament waits", tournament=tournament_id, why=str(why))
            raise ShownToUser(LOST) from None
        if found is None:
            raise ShownToUser(UNKNOWN)
        return found

    async def keep_new(self, new: Tournament) -> Tournament:
        """Keep and show a new tournament, or return the one that its cause has made before."""
        try:
            await self._store.save(new)
        except AlreadyDone:
            return await self._store.made_by(new.cause) or new
        self.refresh(new)
        return new

    async def change(
        self, tournament_id: str, how: Callable[[Tournament], Tournament]
    ) -> Tournament:
        """Change a tournament, keep it and show it.  Raises ShownToUser when `how` refuses."""
        async with self._changing.setdefault(tournament_id, asyncio.Lock()):
            before = await self.tournament(tournament_id)
            after = how(before)
            if after != before:
                await self._store.save(after)
        self.refresh(after)
        return after

    async def start(self, tournament_id: str) -> Tournament:
        """Begin to play, or try again to begin the games that are next.  Raises ShownToUser."""
        now = await self.tournament(tournament_id)
        if now.state is not TournamentState.RUNNING:
            now = await self.change(tournament_id, Tournament.start)
        await self.advance(tournament_id)
        return now

    async def stop(self, tournament_id: str) -> None:
        """Play no more, and end what is being played.  Raises ShownToUser."""
        async with self._advancing.setdefault(tournament_id, asyncio.Lock()):
            before = await self.tournament(tournament_id)
            before.stop()
            for fixture in before.next_games():  # first, as nobody ends them later
                await self._end(before.cause_of(fixture))
            await self.change(tournament_id, Tournament.stop)

    async def advance(self, tournament_id: str) -> None:
        """Begin the games that are next and note those that have ended; each step repeats well."""
        async with self._advancing.setdefault(tournament_id, asyncio.Lock()):
            self._troubles.pop(tournament_id, None)
            news = True
            while news:
                now = await self.tournament(tournament_id)
                news = any([await self._took(now, fixture) for fixture in now.next_games()])
        self.refresh(now)

    async def threads_of(self, now: Tournament) -> Mapping[str, int]:
        """Return the threads of the games that are played now, by their names."""
        made_by = self._client.services.lobbies.lobby_made_by
        return {
            fixture.name: lobby.place.thread
            for fixture in now.next_games()
            if (lobby := await made_by(now.cause_of(fixture))) and lobby.place.thread
        }

    def refresh(self, one: Tournament) -> None:
        """Bring the messages of a tournament up to date."""
        tournament_id = one.tournament_id

        async def posted(message: int) -> None:
            await self._keep(tournament_id, lambda now: replace(now, message=message))

        async def told(message: int) -> None:
            await self._keep(tournament_id, lambda now: replace(now, result_message=message))

        self._client.live.refresh(
            one.channel,
            f"tournament {tournament_id}",
            lambda: self._shown(tournament_id),
            posted,
            new=not one.message,
        )
        if one.state is TournamentState.OVER and not one.result_message:
            key = f"tournament {tournament_id} result"
            self._client.live.refresh(one.channel, key, lambda: self._told(tournament_id), told)

    async def _took(self, now: Tournament, fixture: Fixture) -> bool:
        """Begin a game unless it has begun, and note its result; return whether there is one."""
        try:
            ranks = await self._ranks(now, fixture)
        except (ParlourError, GameError, discord.HTTPException) as why:
            log.warning("a game of a tournament waits", game=fixture.name, why=str(why))
            self._troubles[now.tournament_id] = _told_of(why)
            return False
        if ranks is None:
            return False
        await self.change(now.tournament_id, lambda one: one.with_result(fixture.name, ranks))
        return True

    async def _ranks(self, now: Tournament, fixture: Fixture) -> dict[str, int] | None:
        """Return how a game has ended; None while it goes on."""
        services = self._client.services
        lobby = await services.lobbies.lobby_made_by(now.cause_of(fixture))
        if lobby is None:
            empty = Lobby(
                *(new_id(), place_of(now), now.creator, now.game.without_hidden(), ""),
                discord.utils.utcnow(),
            )
            lobby = await self._client.lobbies.keep_new(now.lobby_for(fixture, empty))
        self._matches[lobby.lobby_id] = now, fixture
        if lobby.state is LobbyState.CANCELLED:
            return {}
        if lobby.state is LobbyState.OPEN:
            lobby = await self._client.lobbies.start(lobby.lobby_id)
        table = await services.arena.wake(lobby.lobby_id)
        if table.match.outcome is None:
            return None
        self._matches.pop(lobby.lobby_id, None)
        return dict(now.ranks_in(fixture, table.setup.seats, table.players, table.match.outcome))

    async def _end(self, cause: str) -> None:
        """End the match that a tournament has begun, or its lobby; one that is broken stays."""
        try:
            lobby = await self._client.services.lobbies.lobby_made_by(cause)
            if lobby and lobby.state is LobbyState.OPEN:
                await self._client.lobbies.change(lobby.lobby_id, Lobby.cancel)
            elif lobby and lobby.state is LobbyState.STARTED:
                table = await self._client.services.arena.wake(lobby.lobby_id)
                await table.abort(Text("the tournament was stopped."))
        except (ParlourError, GameError) as why:
            log.warning("a game of a tournament is not ended", game=cause, why=str(why))

    async def _keep(self, tournament_id: str, how: Callable[[Tournament], Tournament]) -> None:
        """Note what nobody needs to see."""
        async with self._changing.setdefault(tournament_id, asyncio.Lock()):
            now = await self._store.tournament(tournament_id)
            if now is not None:
                await self._store.save(how(now))

    async def _shown(self, tournament_id: str) -> Shown | None:
        """Return how the live message looks now."""
        now = await self._store.tournament(tournament_id)
        if now is None:
            return None
        language = self._client.language_of(now.guild)
        going = await self.threads_of(now)
        trouble = self._troubles.get(tournament_id, "")
        return Shown(
            *(now.channel, now.guild, now.message, f"tournament-{tournament_id}"),
            tournament_text(now, going, trouble, language),
            controls(now, language),
        )

    async def _told(self, tournament_id: str) -> Shown | None:
        """Return how the message with the result looks, which comes last."""
        now = await self._store.tournament(tournament_id)
        if now is None:
            return None
        language = self._client.language_of(now.guild)
        settings = await self._client.settings_of(now.guild)
        picture, alt_text = await asyncio.to_thread(picture_of, now, language)
        return Shown(
            *(now.channel, now.guild, now.result_message, f"result-{tournament_id}"),
            result_text(now, language, as_text=settings.text_boards),
            controls(now, language),
            None if settings.text_boards else picture,
            alt_text,
        )

    @property
    def _store(self) -> TournamentStore:
        return self._client.services.tournaments


def _games_of(one: Tournament) -> Sequence[Fixture]:
    """Return what a tournament plays now; nothing where its game has changed and it cannot."""
    try:
        return one.next_games()
    except ShownToUser as why:
        log.warning("a tournament waits", tournament=one.tournament_id, why=str(why))
        return ()


def _told_of(why: Exception) -> Text | str:
    """Return what members may read of why a game could not be begun."""
    if isinstance(why, ShownToUser | GameError):
        said: Text | str = why.args[0]
        return said
    return Text("something is not set up right; whoever runs me finds it in the log.")

"""The Discord client: receives what happens and hands it to whoever deals with it."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import timedelta
from typing import Any

import discord
import structlog
from discord import app_commands

from bot.administration import Payer, ServerSettings
from bot.arena.chats import ROOM, ChatPlace
from bot.arena.deadlines import Deadlines
from bot.arena.house_rules import HouseRules
from bot.arena.lobbies import LobbyState
from bot.arena.table import Table
from bot.arena.towns import ROOM as TOWN
from bot.cogs.answers import Answers
from bot.cogs.chat_drafts import ChatDrafts
from bot.cogs.chat_host import ChatHost
from bot.cogs.chat_lines import ChatLines
from bot.cogs.chat_messages import ChatMessages
from bot.cogs.chat_room import ChatRoom
from bot.cogs.commands import CONTROLS, add_commands
from bot.cogs.controls import Pressed, data_of, read_custom_id
from bot.cogs.leavers import Leavers
from bot.cogs.live_messages import LiveMessages
from bot.cogs.lobby_controls import LobbyControls
from bot.cogs.lobby_host import LobbyHost
from bot.cogs.messages import Messages
from bot.cogs.notices import notice
from bot.cogs.pace import Pace
from bot.cogs.portraits import Portraits
from bot.cogs.remarks import Remarks
from bot.cogs.replies import guarded, tell
from bot.cogs.room import DiscordRoom
from bot.cogs.services import Services
from bot.cogs.sync import sync
from bot.cogs.table_host import TableHost
from bot.cogs.tournament_host import TournamentHost
from bot.cogs.town_evaluations import TownEvaluations
from bot.cogs.town_host import TownHost
from bot.cogs.town_room import TownRoom
from bot.cogs.town_teller import TownTeller
from bot.cogs.town_turns import TownTurns
from bot.cogs.views import Views
from bot.cogs.voices import Voices
from bot.cogs.webhooks import Webhooks
from bot.health import Health
from bot.languages import Language, language
from bot.ports import Room, Setup
from bot.settings import Settings
from games.core import Text

log = structlog.get_logger(__name__)

Handler = Callable[[discord.Interaction[Any], Pressed], Awaitable[None]]
GRACE_SECONDS = 3.0
"""How long what has begun may take to come to its end when the bot stops."""
MUTED = "muted"
"""Key of the people who do not want to be pinged, in the store's settings."""


class CommandTree(app_commands.CommandTree["ParlourClient"]):
    """Slash commands and context menus; whatever goes wrong in one becomes a sentence."""

    _ids: Mapping[str, int] = {}

    async def ids(self) -> Mapping[str, int]:
        """Return Discord's ids of the slash commands, by name; none while it does not tell."""
        if not self._ids:
            try:
                found = await self.fetch_commands()
            except discord.HTTPException as why:
                log.warning("the commands could not be looked up", why=str(why))
                return {}
            slash = discord.AppCommandType.chat_input
            self._ids = {one.name: one.id for one in found if one.type is slash}
        return self._ids

    async def on_error(
        self, interaction: discord.Interaction["ParlourClient"], error: app_commands.AppCommandError
    ) -> None:
        """Tell whoever gave the command."""

        async def again() -> None:
            raise getattr(error, "original", error)

        await guarded(interaction, again())


class ParlourClient(discord.Client):
    """One connection to Discord; `services` must be set before it is started."""

    services: Services

    def __init__(
        self, settings: Settings, health: Health, *, message_content: bool, members: bool
    ) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = True
        intents.message_content = message_content
        intents.members = members
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=settings.discord.ready_seconds,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            enable_debug_events=True,  # for on_socket_raw_receive
        )
        self.settings = settings
        self.health = health
        self.tree = CommandTree(self)
        self.pace = Pace(settings.discord.requests_per_second)
        self.live = LiveMessages(self, self.pace, settings.discord.edit_seconds)
        self.webhooks = Webhooks(self, self.pace)
        self.portraits = Portraits(self, self.pace)
        self.voices = Voices(self)
        self.lobbies = LobbyHost(self)
        self.tables = TableHost(self)
        self.answers = Answers(self)
        self.views = Views(self)
        self.messages = Messages(self)
        self.remarks = Remarks()
        self.leavers = Leavers(self, timedelta(days=settings.discord.forget_days))
        self.chats = ChatHost(self)
        self.chat_messages = ChatMessages(self)
        self.lines = ChatLines(self)
        self.tournaments = TournamentHost(self)
        self.towns = TownHost(self)
        self.town_teller = TownTeller(self)
        self.town_evaluations = TownEvaluations(self)
        self.town_turns = turns = TownTurns(self)
        self.drafts = ChatDrafts(self, settings.discord.edit_seconds)
        self.muted: set[int] = set()
        self._guilds: dict[int, ServerSettings] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._clock: Deadlines | None = None
        self._closing = False
        self.lobby_controls = controls = LobbyControls(self)
        self._pressed: Mapping[str, Handler] = {
            "a": self.answers.press,
            "s": self.answers.select,
            "t": self.answers.open,
            "m": self.answers.submitted,
            "v": self.views.mine,
            "rules": self.views.rules,
            "replay": self.views.replay,
            "stats": self.views.stats,
            "rematch": controls.rematch,
            "l": controls.press,
            "lm": controls.model_picked,
            "lo": controls.options_given,
            "tt": turns.turn,
            "to": turns.open,
            "tm": turns.submitted,
            "office": turns.nothing,
            "tw": turns.look,
            **CONTROLS,
        }

    def room(self, name: str) -> Room:
        """Return the room of a match or chat by the arena's name for it."""
        kind, *_, match_id = name.split(":")
        if kind == ROOM:
            return ChatRoom(match_id, self)
        if kind == TOWN:
            return TownRoom(match_id, self)
        return DiscordRoom(
            match_id,
            lobbies=self.services.lobbies,
            store=self.services.store,
            voices=self.voices,
            mute=self.muted.__contains__,
            language=self.language_of,
        )

    def house_rules(self, room: str) -> HouseRules:
        """Return what a server asks of its tables."""
        kind, guild, *_, match_id = room.split(":")
        if kind == TOWN:
            return self.towns.rules(room)
        if rules := self.tournaments.rules(match_id):
            return rules
        known = self._guilds.get(int(guild), ServerSettings())
        turns = self.settings.discord.max_bot_turns
        return HouseRules(known.seconds, turns, tells_faults=False)

    def seated(self, table: Table) -> None:
        """Follow a table that was loaded."""
        self.tables.seated(table)
        self.tournaments.seated(table)
        self.chats.seated(table)
        self.towns.seated(table)

    def usual_model(self, setup: Setup) -> str:
        """Return the model that a server has chosen for whoever names none; "" for none."""
        _, guild, *_ = setup.room.split(":")
        return self._guilds.get(int(guild), ServerSettings()).default_model

    def language_of(self, guild: int | None) -> Language:
        """Return the language that a server's members read."""
        return language(self._guilds.get(guild or 0, ServerSettings()).language)

    async def settings_of(self, guild: int) -> ServerSettings:
        """Return the settings of a server, from memory once they have been read."""
        if guild not in self._guilds:
            self._guilds[guild] = await self.services.administration.settings_of(guild)
        return self._guilds[guild]

    async def settings_changed(self, guild: int) -> None:
        """Read the settings of a server anew; the old ones hold until the new are there."""
        self._guilds[guild] = await self.services.administration.settings_of(guild)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something in the background; the client cancels it when it closes."""
        task = asyncio.create_task(self._logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def setup_hook(self) -> None:
        """Register the commands, and take up what an earlier process has left."""
        add_commands(self.tree)
        assert self.application_id is not None
        self.muted |= await self._muted()
        await self.towns.load()  # before the clock, which asks how fast their time passes
        await self.tournaments.load()  # and how long their players may think
        await self.services.arena.outbox.redeliver()
        self._clock = Deadlines(self.services.arena)
        self._clock.start()
        self.spawn(self._sync())

    async def on_connect(self) -> None:
        """Note that a new session has begun, which says nothing of what was missed."""
        self.messages.fall_behind()
        self.chat_messages.fall_behind()

    async def on_ready(self) -> None:
        """Go on with every match; Discord may say several times that it is ready."""
        self.health.gateway_seen()
        for guild in self.guilds:
            await self.settings_of(guild.id)
        for lobby in await self.services.lobbies.lobbies(LobbyState.OPEN):
            self.lobbies.refresh(lobby)
        going = await self.services.lobbies.lobbies(LobbyState.STARTED)
        for lobby in going:
            await guarded_in_background(self.lobbies.bring_up(lobby), lobby.lobby_id)
            self.lobbies.refresh(lobby)
        for lobby in going:
            await guarded_in_background(self.messages.catch_up(lobby), lobby.lobby_id)
        await self.tournaments.again()
        self.leavers.start()
        await self._chats_again()
        await self._towns_again()
        log.info("ready", matches=len(going), guilds=len(self.guilds))

    async def on_resumed(self) -> None:
        """Note that the gateway is there again; Discord has replayed what was missed."""
        self.health.gateway_seen()

    async def on_socket_raw_receive(self, _: str) -> None:
        """Note that the gateway is alive; in a quiet server it only acknowledges heartbeats."""
        if self.is_ready():
            self.health.gateway_seen()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take a press, a pick or a modal; commands go through the tree."""
        kinds = (discord.InteractionType.component, discord.InteractionType.modal_submit)
        if interaction.type not in kinds or self._closing:
            return
        pressed = read_custom_id(str(data_of(interaction).get("custom_id", "")))
        handler = self._pressed.get(pressed.verb) if pressed else None
        if pressed and handler:
            await guarded(interaction, handler(interaction, pressed))
        else:
            await guarded(interaction, tell(interaction, "That control is not known any more."))

    async def on_message(self, message: discord.Message) -> None:
        """Take what a person says in the thread of a match."""
        await guarded_in_background(self.messages.said(message), str(message.id))
        await guarded_in_background(self.chat_messages.said(message), str(message.id))

    async def on_raw_message_edit(self, changed: discord.RawMessageUpdateEvent) -> None:
        """Take the new words of a line that a member has changed."""
        work = self.chat_messages.edited(changed)
        await guarded_in_background(work, str(changed.message_id))

    async def on_raw_bulk_message_delete(self, gone: discord.RawBulkMessageDeleteEvent) -> None:
        """Take away the lines whose messages a moderator has deleted together."""
        work = self.chat_messages.deleted(gone.channel_id, gone.message_ids)
        await guarded_in_background(work, "messages")

    async def on_raw_member_remove(self, gone: discord.RawMemberRemoveEvent) -> None:
        """Let characters forget who leaves a server, where Discord tells."""
        self.spawn(self.leavers.left(gone.guild_id, gone.user.id))

    async def on_raw_thread_delete(self, gone: discord.RawThreadDeleteEvent) -> None:
        """Pause the match whose thread was deleted."""
        await self._lost(gone.thread_id, Text("its thread was deleted."))

    async def on_raw_thread_update(self, changed: discord.RawThreadUpdateEvent) -> None:
        """Pause the match whose thread was locked."""
        if changed.data.get("thread_metadata", {}).get("locked"):
            await self._lost(changed.thread_id, Text("its thread was locked."))

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Pause the matches of a channel that was deleted."""
        why = Text("its channel was deleted.")
        for lobby in await self.services.lobbies.lobbies(
            LobbyState.STARTED, guild=channel.guild.id
        ):
            if lobby.place.channel == channel.id:
                await self.tables.pause(lobby.lobby_id, why)
        await self.chats.pause_where(lambda chat: chat.channel == channel.id, why)
        await self.towns.pause_where(lambda town: town.channel == channel.id, why)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Pause the matches of a server that the bot was removed from."""
        why = Text("the bot was removed from the server.")
        for lobby in await self.services.lobbies.lobbies(LobbyState.STARTED, guild=guild.id):
            await self.tables.pause(lobby.lobby_id, why)
        await self.chats.pause_where(lambda chat: chat.guild == guild.id, why)
        await self.towns.pause_where(lambda town: town.guild == guild.id, why)

    async def on_raw_message_delete(self, gone: discord.RawMessageDeleteEvent) -> None:
        """Post the live message of a match again, or take away the line that it was.

        A live message that was just posted is not noted.
        """
        work = self.chat_messages.deleted(gone.channel_id, [gone.message_id])
        await guarded_in_background(work, str(gone.message_id))
        match_id = self.tables.threads.get(gone.channel_id)
        if match_id:
            self.tables.refresh(await self.lobbies.lobby(match_id))

    async def close(self) -> None:
        """Take up nothing more, then let what is being written come to its end."""
        self._closing = True
        await self.chats.close()
        await self.town_evaluations.close()
        await self.town_teller.close()
        if self._clock:
            await self._clock.stop()
            self._clock = None
        await self.leavers.stop()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=GRACE_SECONDS)
            for task in late:
                task.cancel()
        if services := getattr(self, "services", None):  # which a failed start has not given
            await services.arena.close()  # before the session, through which its outbox speaks
        await self.drafts.close()
        await self.live.close()
        await super().close()

    def warn(self, payer: Payer, sentence: str) -> None:
        """Note that little is left of a budget, and tell the admins."""
        log.warning("a budget runs low", guild=payer.guild, user=payer.user, what=sentence)
        self.spawn(notice(self, payer, sentence))

    async def _lost(self, thread: int, why: Text) -> None:
        match_id = self.tables.threads.get(thread) or self.chats.places.get(thread)
        if match_id:
            await self.tables.pause(match_id, why)
        await self.towns.pause_where(lambda town: town.thread == thread, why)

    async def _chats_again(self) -> None:
        """Go on with every chat, and hear what was said in it meanwhile."""
        for chat in await self.services.chats.open_chats():
            await guarded_in_background(self._chat_again(chat), chat.match_id)
        self.chats.start()

    async def _towns_again(self) -> None:
        """Go on with every town, and tell what was not told of it."""
        for town in await self.services.towns.open_towns():
            await guarded_in_background(self.towns.bring_up(town), town.match_id)

    async def _chat_again(self, chat: ChatPlace) -> None:
        await self.chats.bring_up(chat)
        await self.chat_messages.catch_up(chat.match_id)

    async def _sync(self) -> None:
        assert self.application_id is not None
        await sync(self.tree, self.services.store, self.application_id)

    async def _muted(self) -> set[int]:
        kept = await self.services.store.get_setting("discord", MUTED)
        return {int(user) for user in (kept or "").split()}

    async def set_muted(self, user: int, *, muted: bool) -> None:
        """Ping a person no more, or again, when it is their turn."""
        (self.muted.add if muted else self.muted.discard)(user)
        kept = " ".join(map(str, sorted(self.muted)))
        await self.services.store.set_setting("discord", MUTED, kept)

    @staticmethod
    async def _logged(work: Coroutine[Any, Any, None]) -> None:
        await guarded_in_background(work, "task")


async def guarded_in_background(work: Awaitable[None], what: str) -> None:
    """Do something nobody waits for; what goes wrong concerns nothing else, and is logged."""
    try:
        await work
    except Exception:
        log.exception("something in the background failed", what=what)

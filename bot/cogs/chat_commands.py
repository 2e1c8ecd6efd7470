"""/chat: talk with characters in a channel or thread."""

import asyncio
import io
from dataclasses import replace
from zoneinfo import available_timezones

import discord
from discord import app_commands

from bot.arena.chats import ChatPlace, QuietHours, read_hours
from bot.arena.table import Table
from bot.arena.transcript import export
from bot.cast import folded, names_of
from bot.cogs.chat_opening import begin, chat_here
from bot.cogs.chat_rights import need_chat_host, need_speech
from bot.cogs.chat_seats import character_called, members_of
from bot.cogs.controls import cut
from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.rights import need_welcome
from bot.cogs.speech import plain
from bot.cogs.which import CHOICES
from bot.errors import ShownToUser
from characters import host
from characters.chat_events import history
from characters.host import HOST
from characters.speakers import Mode
from games.core import Seat, listed


async def cast(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest the characters of this server by any of their names."""
    members = await interaction.client.services.cast.members(interaction.guild_id or 0)
    wanted = folded(typed)
    return [
        app_commands.Choice(name=cut(member.card.called, 100), value=character)
        for character, member in members.items()
        if len(character) <= 100 and any(wanted in folded(name) for name in names_of(member))
    ][:CHOICES]


async def models(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest the models that this server may use."""
    names = await interaction.client.services.models.names(interaction.guild_id or 0)
    found = [name for name in names if typed.casefold() in name.casefold() and len(name) <= 100]
    return [app_commands.Choice(name=name, value=name) for name in found][:CHOICES]


async def present(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest the characters of the chat here."""
    try:
        _, table = await chat_here(interaction)
    except ShownToUser:
        return []
    names = [str(seat) for seat in table.match.state.names if typed.casefold() in seat.casefold()]
    return [app_commands.Choice(name=name, value=name) for name in names][:CHOICES]


async def zones(_: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest time zones."""
    wanted = typed.casefold().replace(" ", "_")
    found = sorted(zone for zone in available_timezones() if wanted in zone.casefold())
    return [app_commands.Choice(name=zone, value=zone) for zone in found][:CHOICES]


@app_commands.guild_only()
class ChatCommands(app_commands.Group):
    """Talk with characters."""

    def __init__(self) -> None:
        super().__init__(name="chat", description="Talk with characters.")

    @app_commands.command(name="with", description="Talk with a character here, or invite another.")
    @app_commands.describe(
        who="Who is to come; /character list has everybody.",
        thread="Talk in a new thread instead of in this channel.",
        model="The model that speaks; the server's own choice where none is named.",
        topic="What you say first.",
    )
    @app_commands.rename(who="character")
    @app_commands.autocomplete(who=cast, model=models)
    async def with_(
        self,
        interaction: Interaction,
        who: str,
        thread: bool = False,  # noqa: FBT001, FBT002 -- it is the option's own type
        model: str = "",
        topic: app_commands.Range[str, 0, 1500] = "",
    ) -> None:
        await begin(interaction, who, in_thread=thread, model=model, topic=topic)

    @app_commands.command(description="Send a character away from the chat here.")
    @app_commands.autocomplete(character=present)
    async def dismiss(self, interaction: Interaction, character: str) -> None:
        _, table = await self._hosted(interaction)
        seat = character_called(table, character)
        await self._do(interaction, table, host.leave(seat))
        await tell(interaction, f"{plain(seat)} leaves.")

    @app_commands.command(description="Take no part in the chat here any more.")
    async def leave(self, interaction: Interaction) -> None:
        _, table = await chat_here(interaction)
        seats = {user: seat for seat, user in members_of(table).items()}
        if interaction.user.id not in seats:
            raise ShownToUser("You take no part in this chat.")
        seat = seats[interaction.user.id]
        await self._do(interaction, table, host.leave(seat))
        await table.leave(seat)
        await tell(interaction, "You take no part any more; whatever you write joins you again.")

    @app_commands.command(description="End the chat here for good.")
    async def stop(self, interaction: Interaction) -> None:
        _, table = await self._hosted(interaction)
        if table.paused:
            await table.resume()
        await self._do(interaction, table, host.end())
        await tell(interaction, "The chat is over; /chat with begins another.")

    @app_commands.command(description="Go on with the chat here after a pause.")
    async def resume(self, interaction: Interaction) -> None:
        chat, table = await self._hosted(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await table.resume()
        interaction.client.services.arena.outbox.reopen(chat.room)
        interaction.client.services.arena.play(table)
        await tell(interaction, "The chat goes on.")

    @app_commands.command(description="Choose who answers in the chat here.")
    @app_commands.describe(mode="natural: whoever feels like it; pooled: one; list: all in turn.")
    @app_commands.choices(mode=[app_commands.Choice(name=one, value=one) for one in Mode])
    async def mode(self, interaction: Interaction, mode: str) -> None:
        _, table = await self._hosted(interaction)
        await self._do(interaction, table, host.change_mode(Mode(mode)))
        await tell(interaction, f"Speakers are chosen in the mode {mode} from now on.")

    @app_commands.command(
        description="Let characters answer only when called, every day from … to."
    )
    @app_commands.describe(
        begin="When it begins, such as 22 or 22:30; leave out for no quiet hours.",
        end="When it ends, such as 7.",
        timezone="Whose clock counts, such as Europe/Berlin.",
    )
    @app_commands.rename(begin="from", end="to")
    @app_commands.autocomplete(timezone=zones)
    async def quiet(
        self, interaction: Interaction, begin: str = "", end: str = "", timezone: str = "UTC"
    ) -> None:
        chat, table = await self._hosted(interaction)
        hours: QuietHours | None = None
        if begin or end:
            hours = read_hours(begin, end, timezone)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.client.chats.change(chat.match_id, lambda one: replace(one, quiet=hours))
        if hours is None:
            if table.match.state.quiet:
                await table.submit(HOST, host.quiet(on=False))
            await tell(interaction, "There are no quiet hours.")
            return
        await interaction.client.chats.keep_quiet(replace(chat, quiet=hours))
        await tell(interaction, f"Quiet hours are {hours}: then only those answer who are called.")

    @app_commands.command(description="Show who is in the chat here, and how it stands.")
    async def status(self, interaction: Interaction) -> None:
        await need_welcome(interaction, interaction.client.services.administration)
        chat, table = await chat_here(interaction)
        await tell(interaction, status_text(chat, table))

    @app_commands.command(description="Show the last lines of the chat here, and all as a file.")
    async def history(self, interaction: Interaction) -> None:
        await need_welcome(interaction, interaction.client.services.administration)
        _, table = await chat_here(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        stored = await interaction.client.services.store.load(table.setup.match_id)
        text = await asyncio.to_thread(export, stored, "public", "html")
        file = discord.File(io.BytesIO(text.encode()), f"chat-{table.setup.match_id}.html")
        await tell(interaction, last_lines(table), file=file)

    @app_commands.command(description="Let a character of the chat here speak next.")
    @app_commands.autocomplete(character=present)
    async def speak(self, interaction: Interaction, character: str) -> None:
        await need_speech(interaction)
        _, table = await chat_here(interaction)
        seat = character_called(table, character)
        await self._do(interaction, table, host.speak(seat))
        await tell(interaction, f"{plain(seat)} speaks next.")

    async def _hosted(self, interaction: Interaction) -> tuple[ChatPlace, Table]:
        """Return the chat here, for somebody who may decide about it.  Raises ShownToUser."""
        await need_welcome(interaction, interaction.client.services.administration)
        chat, table = await chat_here(interaction)
        need_chat_host(interaction, chat)
        return chat, table

    async def _do(self, interaction: Interaction, table: Table, request: str) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        if table.paused:
            raise ShownToUser("The chat is paused; /chat resume goes on.")
        await table.submit(HOST, request, cause=f"i:{interaction.id}")
        interaction.client.services.arena.play(table)


def status_text(chat: ChatPlace, table: Table) -> str:
    """Return who is in a chat and how it stands."""
    talk = table.match.state
    characters = [f"**{plain(seat)}** ({_model(table, seat)})" for seat in talk.names]
    people = [f"<@{user}>" for user in members_of(table).values()]
    lines = [
        f"Chat `{chat.match_id}`, opened by <@{chat.opener}>; {len(talk.lines)} lines.",
        f"Characters: {listed(characters) or 'none'}.",
        f"People: {listed(people) or 'none yet'}.",
        f"Mode: {talk.mode}." + (" It is quiet now." if talk.quiet else ""),
        f"Quiet hours: {chat.quiet or 'none'}.",
        "Paused; /chat resume goes on." if table.paused else "",
    ]
    return "\n".join(filter(None, lines))[:2000]


def last_lines(table: Table) -> str:
    """Return the newest lines of a chat, as many as fit."""
    told: list[str] = []
    for line in reversed(history(table.match.log)):
        one = f"**{plain(line.speaker)}**: {plain(cut(line.words, 300))}"
        if sum(map(len, told)) + len(one) > 1800:
            break
        told.insert(0, one)
    return "\n".join(told) or "Nothing was said yet."


def _model(table: Table, seat: Seat) -> str:
    model = table.players[seat].removeprefix("character:").partition(":")[2]
    return f"the model {plain(model)}" if model else "the usual model"

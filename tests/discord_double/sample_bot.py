"""A small bot on the real client, with one of each thing, for the double's own tests.

python -m tests.discord_double.sample_bot API_BASE GATEWAY TOKEN runs it as a process of its own.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Protocol

import discord
import pytest
import yarl
from discord import app_commands, ui
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.discord_double.waiting import until


class Served(Protocol):
    """Where a double is to be found."""

    @property
    def api_base(self) -> str: ...
    @property
    def gateway(self) -> str: ...


@contextmanager
def pointed_at(double: Served) -> Iterator[None]:
    """Let every client of this process go to the double."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = double.api_base, yarl.URL(double.gateway)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


@contextmanager
def refused(code: int) -> Iterator[None]:
    """The client must be refused with this code of Discord's."""
    with pytest.raises(discord.HTTPException) as caught:
        yield
    assert caught.value.code == code, caught.value


class Form(ui.Modal, title="Your name"):
    name = ui.TextInput(label="Name", custom_id="name", max_length=20)
    why = ui.Label(text="Why", component=ui.TextInput(custom_id="why", required=False))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        text = f"hello {self.name.value} {self.why.component.value}"
        await interaction.response.send_message(text, ephemeral=True)


class Controls(ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @ui.button(label="Hit", custom_id="hit")
    async def hit(self, interaction: discord.Interaction, _: ui.Button) -> None:
        await interaction.response.edit_message(content="hit")

    @ui.button(label="Later", custom_id="later")
    async def later(self, interaction: discord.Interaction, _: ui.Button) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="later")

    @ui.button(label="Form", custom_id="form")
    async def form(self, interaction: discord.Interaction, _: ui.Button) -> None:
        await interaction.response.send_modal(Form())

    @ui.select(
        custom_id="pick", options=[discord.SelectOption(label=x.upper(), value=x) for x in "abc"]
    )
    async def pick(self, interaction: discord.Interaction, chosen: ui.Select) -> None:
        await interaction.response.send_message(f"picked {chosen.values[0]}", ephemeral=True)

    @ui.select(cls=ui.UserSelect, custom_id="who")
    async def who(self, interaction: discord.Interaction, chosen: ui.UserSelect) -> None:
        await interaction.response.send_message(f"chose {chosen.values[0].name}", ephemeral=True)


class SampleBot(discord.Client):
    """It keeps what it hears, and what went wrong."""

    def __init__(self, intents: discord.Intents, **settings: Any) -> None:
        super().__init__(intents=intents, guild_ready_timeout=0.05, **settings)
        self.tree = app_commands.CommandTree(self)
        self.heard: list[discord.Message] = []
        self.happened: list[str] = []
        self.refused: list[int] = []
        self.ended_with: BaseException | None = None
        self.kept: discord.Interaction | None = None
        for add in (add_answers, add_failures, add_menus, add_arena):
            add(self)

    async def before_identify_hook(self, _shard: int | None, *, initial: bool = False) -> None:
        """Do not sleep five seconds before a new session."""

    async def on_message(self, message: discord.Message) -> None:
        self.heard.append(message)

    async def on_ready(self) -> None:
        self.happened.append("ready")

    async def on_resumed(self) -> None:
        self.happened.append("resumed")

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.happened.append(f"left {guild.name}")

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        self.happened.append(f"lost {channel.name}")

    async def on_thread_delete(self, thread: discord.Thread) -> None:
        self.happened.append(f"lost {thread.name}")

    def texts(self) -> list[str]:
        return [message.content for message in self.heard]


def add_answers(bot: SampleBot) -> None:
    @bot.tree.command(description="Think, then answer")
    async def ask(
        interaction: discord.Interaction, q: str, n: app_commands.Range[int, 1, 9]
    ) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.followup.send(f"{q} {n}", ephemeral=True)
        await interaction.followup.send("and more", ephemeral=True)

    @bot.tree.command(description="Answer at once")
    async def say(interaction: discord.Interaction, whom: discord.Member) -> None:
        await interaction.response.send_message(f"{type(whom).__name__} {whom.name}")
        await interaction.edit_original_response(content=f"said {whom.name}", view=Controls())


def add_failures(bot: SampleBot) -> None:
    @bot.tree.command(description="Too slow for Discord")
    async def slow(interaction: discord.Interaction) -> None:
        await asyncio.sleep(0.3)
        try:
            await interaction.response.send_message("late")
        except discord.NotFound as late:
            bot.refused.append(late.code)

    @bot.tree.command(description="Answer twice")
    async def twice(interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        interaction.response._response_type = None
        try:
            await interaction.response.send_message("again")
        except discord.HTTPException as second:
            bot.refused.append(second.code)

    @bot.tree.command(description="Keep the token")
    async def keep(interaction: discord.Interaction) -> None:
        bot.kept = interaction
        await interaction.response.defer()

    @bot.tree.command(description="Fill in a form")
    async def form(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Form())


def add_menus(bot: SampleBot) -> None:
    @bot.tree.context_menu(name="Who is it")
    async def who(interaction: discord.Interaction, user: discord.Member) -> None:
        await interaction.response.send_message(user.name, ephemeral=True)

    @bot.tree.context_menu(name="Quote")
    async def quote(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"> {message.content}")


def add_arena(bot: SampleBot) -> None:
    arena = app_commands.Group(name="arena", description="Games")

    @arena.command(description="Begin a game")
    async def create(interaction: discord.Interaction, game: str) -> None:
        await interaction.response.send_message(f"game {game}", view=Controls())

    @create.autocomplete("game")
    async def games(_: discord.Interaction, partial: str) -> list[app_commands.Choice[str]]:
        known = ("chess", "checkers", "go")
        return [app_commands.Choice(name=x, value=x) for x in known if x.startswith(partial)]

    bot.tree.add_command(arena)
    admin = app_commands.default_permissions(manage_guild=True)

    @bot.tree.command(description="For admins")
    @admin
    async def settings(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("settings", ephemeral=True)


@asynccontextmanager
async def running(
    double: Served, token: str, intents: discord.Intents | None = None, **settings: Any
) -> AsyncIterator[SampleBot]:
    """A bot that is logged in and ready."""
    with pointed_at(double):
        bot = SampleBot(intents or discord.Intents.all(), **settings)
        task = asyncio.create_task(bot.start(token))
        task.add_done_callback(lambda ended: setattr(bot, "ended_with", ended.exception()))
        try:
            await until(lambda: task.done() or bot.is_ready(), what="the bot to be ready")
            if task.done():
                task.result()
            yield bot
        finally:
            await bot.close()
            await asyncio.wait([task])


async def main(api_base: str, gateway: str, token: str) -> None:
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = api_base, yarl.URL(gateway)
    async with SampleBot(discord.Intents.all()) as bot:
        await bot.login(token)
        await bot.tree.sync()
        await bot.connect()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

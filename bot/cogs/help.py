"""/help: the commands that whoever asks may use, read from the commands themselves."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord
from discord import app_commands, ui

from bot.cogs.controls import Pressed, button, view
from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.errors import ShownToUser

Command = app_commands.Command[Any, ..., Any]
CHOICES = 25
PAGE = 1800
"""Characters."""
HOW_TO_PLAY = (
    "**How to play.** Open a lobby with /arena create; others press Join, and house bots and "
    "models fill the seats that stay free. Press Start: the match gets a thread of its own. "
    "There I call you when it is your turn; press a button, pick from a list, or just write. "
    "*My view* shows what only you know. What begins with // is never an answer."
)


async def names(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest the commands that whoever asks may use."""
    found = [command.qualified_name for command in allowed(interaction)]
    return [
        app_commands.Choice(name=f"/{name}", value=name)
        for name in found
        if typed.casefold().strip(" /") in name
    ][:CHOICES]


@app_commands.command(name="help", description="What I can do for you here.")
@app_commands.describe(command="Show all about one command.")
@app_commands.autocomplete(command=names)
async def help_command(interaction: Interaction, command: str | None = None) -> None:
    """Show the commands, or one of them with its options."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    ids = await interaction.client.tree.ids()
    if command is None:
        text, controls = _page(pages(interaction, ids), 0)
        await tell(interaction, text, view=controls)
        return
    wanted = " ".join(command.casefold().strip(" /").split())
    for one in allowed(interaction):
        if one.qualified_name == wanted:
            await tell(interaction, details(one, ids))
            return
    raise ShownToUser("You have no such command here; /help lists those you have.")


async def turned(interaction: Interaction, pressed: Pressed) -> None:
    """Show another page in the place of this one."""
    number = int(pressed.match_id) if pressed.match_id.isdecimal() else 0
    ids = await interaction.client.tree.ids()
    text, controls = _page(pages(interaction, ids), number)
    await interaction.response.edit_message(content=text, view=controls)


def allowed(interaction: Interaction) -> Iterator[Command]:
    """Yield the slash commands that somebody may use here, by default."""
    for command in interaction.client.tree.walk_commands():
        if isinstance(command, app_commands.Command):
            root = command.root_parent or command
            if _may_use(interaction, root.default_permissions, guild_only=root.guild_only):
                yield command


def pages(interaction: Interaction, ids: Mapping[str, int]) -> Sequence[str]:
    """Return one line a command, on pages that fit into a message."""
    lines = [
        HOW_TO_PLAY,
        *(line(command, ids) for command in allowed(interaction)),
        *_menus(interaction),
    ]
    found = [""]
    for one in lines:
        if len(found[-1]) + len(one) > PAGE:
            found.append("")
        found[-1] += f"{one}\n"
    return found


def line(command: Command, ids: Mapping[str, int]) -> str:
    """Return a command and what it does, on one line."""
    return f"- {mention(command, ids)}: {command.description}"


def details(command: Command, ids: Mapping[str, int]) -> str:
    """Return a command with its options."""
    options = [
        f"- `{one.display_name}`{'' if one.required else ' (optional)'}"
        + (f": {one.description}" if str(one.description) != "…" else "")
        for one in command.parameters
    ]
    return "\n".join([line(command, ids).removeprefix("- "), *options])


def mention(command: Command, ids: Mapping[str, int]) -> str:
    """Return a command as a link that types it, where Discord's id for it is known."""
    root = (command.root_parent or command).name
    name = command.qualified_name
    return f"</{name}:{ids[root]}>" if root in ids else f"**/{name}**"


def _menus(interaction: Interaction) -> Iterator[str]:
    for kind, where in (
        (discord.AppCommandType.message, "a message"),
        (discord.AppCommandType.user, "a member"),
    ):
        for menu in interaction.client.tree.get_commands(type=kind):
            if _may_use(interaction, menu.default_permissions, guild_only=menu.guild_only):
                yield f"- In the menu of {where}, under Apps: **{menu.name}**"


def _may_use(
    interaction: Interaction, needed: discord.Permissions | None, *, guild_only: bool
) -> bool:
    if guild_only and interaction.guild_id is None:
        return False
    mine = interaction.permissions
    return needed is None or mine.administrator or mine >= needed


def _page(found: Sequence[str], number: int) -> tuple[str, ui.View]:
    number = min(number, len(found) - 1)
    turns: list[ui.Item[Any]] = []
    if number:
        turns.append(button("Back", Pressed("help", str(number - 1))))
    if number + 1 < len(found):
        turns.append(button("More", Pressed("help", str(number + 1))))
    return found[number], view(turns)

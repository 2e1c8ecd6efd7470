"""Every command, in one list."""

from typing import Any

from discord import app_commands

from bot.cogs.arena_commands import ArenaCommands, move


def add_commands(tree: app_commands.CommandTree[Any]) -> None:
    """Put every command into the tree."""
    tree.add_command(ArenaCommands())
    tree.add_command(move)

"""Every command, in one list, and what the controls do that belong to no match."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import discord
from discord import app_commands

from bot.cogs import (
    admin_audit,
    admin_budget,
    admin_data,
    admin_models,
    admin_setup,
    character_forms,
    chat_controls,
    lobby_characters,
    memory_forms,
    privacy,
    remarks,
    tournament_commands,
)
from bot.cogs.admin_commands import AdminCommands
from bot.cogs.arena_commands import ArenaCommands, move
from bot.cogs.character_commands import CharacterCommands
from bot.cogs.chat_commands import ChatCommands
from bot.cogs.controls import Pressed
from bot.cogs.help import help_command
from bot.cogs.help import turned as help_turned
from bot.cogs.invitations import add_to_table
from bot.cogs.memory_commands import MemoryCommands
from bot.cogs.stats_commands import StatsCommands
from bot.cogs.town_commands import TownCommands

CONTROLS: Final[Mapping[str, Callable[[discord.Interaction[Any], Pressed], Awaitable[None]]]] = {
    "setup": admin_setup.changed,
    "model": admin_models.pressed,
    "budget": admin_budget.pressed,
    "audit": admin_audit.turned,
    "data": admin_data.confirmed,
    "privacy": privacy.confirmed,
    "help": help_turned,
    "ask": remarks.answered,
    "char": character_forms.pressed,
    "memory": memory_forms.pressed,
    "lc": lobby_characters.character_picked,
    "c": chat_controls.pressed_in_chat,
    "ce": chat_controls.edited,
    "cs": chat_controls.spoken,
    "cup": tournament_commands.pressed,
}
"""By the verb of the custom id; those of matches are in client.py."""


def add_commands(tree: app_commands.CommandTree[Any]) -> None:
    """Put every command into the tree."""
    tree.add_command(ArenaCommands())
    tree.add_command(move)
    tree.add_command(CharacterCommands())
    tree.add_command(StatsCommands())
    tree.add_command(tournament_commands.TournamentCommands())
    tree.add_command(MemoryCommands())
    tree.add_command(ChatCommands())
    tree.add_command(TownCommands())
    tree.add_command(AdminCommands())
    tree.add_command(privacy.PrivacyCommands())
    tree.add_command(help_command)
    tree.add_command(remarks.ask_about)
    tree.add_command(add_to_table)

"""What characters remember of whoever asks, page by page; nobody is ever shown another's."""

from collections.abc import Sequence
from typing import Any, Final

import discord
from discord import app_commands, ui

from bot.cogs.controls import Pressed, button, cut, view
from bot.cogs.interactions import Interaction
from bot.cogs.speech import plain
from bot.errors import ShownToUser
from bot.memories import Which
from characters.memory import Memory

PAGE: Final = 5
"""Memories on a page."""
LAST_PAGE: Final = 2000
CHOICES: Final = 25
VERB: Final = "memory"
ANY: Final = "*"
"""In a custom id: the memories of every character."""


def own(interaction: Interaction, character: str | None = None, number: int | None = None) -> Which:
    """Return which memories somebody may see here: their own, in a server of this server alone."""
    return Which(interaction.user.id, interaction.guild_id, character, number)


async def page(interaction: Interaction, number: int, character: str) -> tuple[str, ui.View]:
    """Return a page of memories, newest first, and what turns it."""
    number = min(number, LAST_PAGE)
    wanted = own(interaction, None if character == ANY else character)
    most = (number + 1) * PAGE + 1
    found = await interaction.client.services.memories.view(wanted, most)
    turns: list[ui.Item[Any]] = []
    if number:
        turns.append(button("Newer", Pressed(VERB, "view", (str(number - 1), character))))
    if len(found) == most:
        turns.append(button("Older", Pressed(VERB, "view", (str(number + 1), character))))
    shown = found[number * PAGE : most - 1]
    text = await lines(interaction, shown)
    return text or "Nothing is remembered of you here.", view(turns)


async def lines(interaction: Interaction, memories: Sequence[Memory]) -> str:
    """Return a line for each memory: its number, whose it is, since when, what, and from where."""
    told = [await _line(interaction, memory) for memory in memories]
    return "\n".join(told)[:2000]


async def numbers(interaction: Interaction, typed: str) -> list[app_commands.Choice[int]]:
    """Suggest somebody's own memories."""
    memories, wanted = interaction.client.services.memories, typed.strip(" #").casefold()
    found = await memories.view(own(interaction), 1000)
    named = {
        memory.id: cut(f"#{memory.id} {memory.scope.character}: {memory.text}", 100)
        for memory in found
        if wanted in f"{memory.id} {memory.scope.character} {memory.text}".casefold()
    }
    return [app_commands.Choice(name=name, value=number) for number, name in named.items()][
        :CHOICES
    ]


async def characters(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest the characters that remember whoever asks."""
    found = await interaction.client.services.memories.view(own(interaction))
    known = sorted({memory.scope.character for memory in found})
    return [
        app_commands.Choice(name=cut(one, 100), value=one)
        for one in known
        if typed.casefold() in one.casefold()
    ][:CHOICES]


async def meant(interaction: Interaction, number: int) -> Memory:
    """Return somebody's own memory of this number.  Raises ShownToUser."""
    found = await interaction.client.services.memories.view(own(interaction, number=number), 1)
    if not found:
        raise ShownToUser("You have no such memory here; /memory view lists those you have.")
    return found[0]


async def character_called(interaction: Interaction, name: str) -> str:
    """Return the id of a character, which may be gone but still remembers.  Raises ShownToUser."""
    wanted = name.strip()
    if len(wanted) <= 40 and await interaction.client.services.memories.view(
        own(interaction, wanted), 1
    ):
        return wanted
    cast, guild = interaction.client.services.cast, interaction.guild_id or 0
    return (await cast.find(guild, wanted)).character


async def _line(interaction: Interaction, memory: Memory) -> str:
    members = await interaction.client.services.cast.members(memory.scope.guild)
    character = memory.scope.character
    name = members[character].card.called if character in members else character
    since = discord.utils.format_dt(memory.created_at, "d")
    about = f", {plain(cut(memory.about, 30))}" if memory.about else ""
    link = await _source(interaction, memory)
    where = f" [where]({link})" if link else ""
    text = plain(cut(memory.text, 160))
    return (
        f"`#{memory.id}` **{plain(cut(name, 30))}**, {since}, {memory.kind}{about}: {text}{where}"
    )


async def _source(interaction: Interaction, memory: Memory) -> str:
    """Return the address of the message from which something was learnt; "" where not known."""
    chats, source = interaction.client.services.chats, memory.source
    parts = await chats.parts(source.match_id, source.line) if source.match_id else ()
    chat = await chats.chat(source.match_id) if parts else None
    if chat is None or not parts[0].message:
        return ""
    return f"https://discord.com/channels/{chat.guild}/{chat.place}/{parts[0].message}"

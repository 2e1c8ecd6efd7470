"""How characters are shown: one line each in a list, and all about one of them."""

import io
from collections.abc import Sequence
from typing import Any, Final

import discord
from discord import app_commands, ui

from bot.cast import Member, facts
from bot.cogs.character_rights import may_change, may_show
from bot.cogs.controls import Pressed, button, cut, view
from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.speech import plain

PAGE: Final = 10
"""Characters on a page of the list."""
VERB: Final = "char"
"""Of the controls of characters; the first part after it says what to do, the next with whom."""
NOTES: Final = 600
"""Characters shown of the notes of whoever made a card."""
CHOICES: Final = 25


async def names(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest the characters of this server."""
    members = await interaction.client.services.cast.members(interaction.guild_id or 0)
    return _choices(interaction, list(members.values()), typed)


async def own_names(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest the characters that this server has brought itself."""
    members = await interaction.client.services.cast.members(interaction.guild_id or 0)
    return _choices(interaction, [member for member in members.values() if member.own], typed)


async def show_list(interaction: Interaction) -> None:
    """Show the first page of the list."""
    text, controls = await _page(interaction, 0)
    await tell(interaction, text, view=controls)


async def turn(interaction: Interaction, page: str) -> None:
    """Show another page in the place of this one."""
    number = int(page) if page.isdecimal() and len(page) < 5 else 0
    text, controls = await _page(interaction, number)
    await interaction.response.edit_message(content=text, view=controls)


async def show(interaction: Interaction, member: Member, sentence: str = "") -> None:
    """Show all about a character, with its portrait and what one can do with it."""
    cast, guild = interaction.client.services.cast, interaction.guild_id or 0
    picture = io.BytesIO(await cast.picture(guild, member))
    alt = cut(f"Portrait of {member.card.called}", 100)
    file = discord.File(picture, "portrait.png", description=alt)
    text = "\n".join(filter(None, (sentence, info_text(member))))
    await tell(interaction, text, file=file, view=view(await _controls(interaction, member)))


def info_text(member: Member) -> str:
    """Return what somebody may want to know about a character; notes first."""
    card = member.card
    lines = [f"**{plain(card.called)}** (`{member.character}`)"]
    if card.creator_notes:
        notes = plain(card.creator_notes[:NOTES]).splitlines()
        lines += [f"> {line}" for line in notes]
    told = [(label, text) for label, text in facts(card) if label != "about"]
    lines += [f"**{label.capitalize()}**: {plain(cut(text, 220))}" for label, text in told]
    return "\n".join(lines)[:1900]


async def _controls(interaction: Interaction, member: Member) -> Sequence[ui.Item[Any]]:
    chat = Pressed(VERB, "chat", (member.character,))
    found: list[ui.Item[Any]] = [button("Chat", chat, discord.ButtonStyle.primary)]
    if not member.own:
        found.append(button("Copy and edit", Pressed(VERB, "copy", (member.character,))))
    elif await may_change(interaction, member):
        found.append(button("Edit", Pressed(VERB, "edit", (member.character,))))
        found.append(button("Remove", Pressed(VERB, "remove", (member.character,))))
    return found


async def _page(interaction: Interaction, number: int) -> tuple[str, ui.View]:
    members = await interaction.client.services.cast.members(interaction.guild_id or 0)
    shown = list(members.values())
    number = min(number, (len(shown) - 1) // PAGE)
    lines = [_line(interaction, one) for one in shown[number * PAGE : (number + 1) * PAGE]]
    controls = []
    if number:
        controls.append(button("Back", Pressed(VERB, "list", (str(number - 1),))))
    if (number + 1) * PAGE < len(shown):
        controls.append(button("More", Pressed(VERB, "list", (str(number + 1),))))
    head = f"**{len(shown)} characters**; /character info tells all about one."
    return "\n".join([head, *lines]), view(controls)


def _line(interaction: Interaction, member: Member) -> str:
    if not may_show(interaction, member.card):
        return f"- `{member.character}`: for adults, in age-restricted channels only"
    card = member.card
    about = card.creator_notes or card.personality or card.description or "…"
    whose = "this server's own" if member.own else "comes with Parlour"
    name = plain(cut(card.called, 40))
    return f"- **{name}** (`{member.character}`, {whose}): {plain(cut(about, 70))}"


def _choices(
    interaction: Interaction, members: Sequence[Member], typed: str
) -> list[app_commands.Choice[str]]:
    wanted = typed.casefold()
    return [
        app_commands.Choice(name=label, value=member.character)
        for member in members
        if may_show(interaction, member.card)
        and wanted in (label := cut(f"{member.card.called} ({member.character})", 100)).casefold()
    ][:CHOICES]

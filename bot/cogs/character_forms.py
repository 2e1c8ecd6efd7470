"""Characters written, changed, copied and removed with forms and buttons."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import discord
from discord import ui

from bot.administration import AuditLine
from bot.cast import Member
from bot.cogs.character_pages import VERB, info_text, turn
from bot.cogs.character_rights import need_author, need_change, need_fitting_channel
from bot.cogs.chat_opening import begin
from bot.cogs.controls import Pressed, button, picked, view
from bot.cogs.forgetting import forget, told
from bot.cogs.forms import form, line, typed_in
from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.speech import plain
from bot.errors import ShownToUser
from bot.memories import Which
from characters.card import Card
from characters.editing import typed_form
from characters.form_fields import NAME, NEW, PARTS, FormField

UNKNOWN: Final = "That control is not known any more; use /character list."


async def pressed(interaction: Interaction, pressed: Pressed) -> None:
    """Do what a control of a character says."""
    match (pressed.match_id, *pressed.rest):
        case ["list", page]:
            await turn(interaction, page)
        case ["new"]:
            await _create(interaction)
        case ["chat", character]:
            await begin(interaction, character)
        case ["copy", character]:
            await _copy(interaction, await _member(interaction, character))
        case ["edit", character]:
            await show_parts(interaction, await _changeable(interaction, character))
        case ["part", character]:
            member = await _changeable(interaction, character)
            await interaction.response.send_modal(part_form(member, _part(picked(interaction))))
        case ["fill", character, part]:
            await _edit(interaction, await _changeable(interaction, character), _part([part]))
        case ["remove", character]:
            await ask_to_remove(interaction, await _changeable(interaction, character))
        case ["removed", character]:
            await _remove(interaction, await _changeable(interaction, character))
        case _:
            raise ShownToUser(UNKNOWN)


def new_form() -> ui.Modal:
    """Return the modal in which a new character is written."""
    fields = [_input(field, "") for field in NEW]
    return form("A new character", Pressed(VERB, "new"), fields)


async def show_parts(interaction: Interaction, member: Member, sentence: str = "") -> None:
    """Show what can be changed about a character, part by part."""
    select: ui.Select[Any] = ui.Select(
        custom_id=Pressed(VERB, "part", (member.character,)).custom_id,
        placeholder="What to change",
        options=[
            discord.SelectOption(label=part, value=str(number)) for number, part in enumerate(PARTS)
        ],
    )
    text = "\n".join(filter(None, (sentence, info_text(member), _elsewhere(member.card))))
    await tell(interaction, text, view=view([select]))


def part_form(member: Member, part: str) -> ui.Modal:
    """Return the modal for one part of a card, as it stands.  Raises ShownToUser."""
    shown = {field: typed_form(member.card, field) for field in PARTS[part]}
    fields = [_input(field, text) for field, text in shown.items() if text is not None]
    if not fields:
        raise ShownToUser(_elsewhere(member.card))
    number = str(list(PARTS).index(part))
    return form(part, Pressed(VERB, "fill", (member.character, number)), fields)


async def ask_to_remove(interaction: Interaction, member: Member) -> None:
    """Ask whether a character is to go for good, with all it remembers."""
    which = Which(guild=interaction.guild_id or 0, character=member.character)
    kept = len(await interaction.client.services.memories.view(which))
    memories = {0: "It remembers nothing.", 1: "It forgets its one memory of a member."}
    what = memories.get(kept, f"It forgets all {kept:,} memories of members.")
    sure = Pressed(VERB, "removed", (member.character,))
    await tell(
        interaction,
        f"Remove {plain(member.card.called)} for good? {what} Where it talks, it falls silent.",
        view=view([button("Remove for good", sure, discord.ButtonStyle.danger)]),
    )


async def _create(interaction: Interaction) -> None:
    await need_author(interaction)
    given = _given(interaction, NEW)
    cast, guild = interaction.client.services.cast, interaction.guild_id or 0
    member = await cast.create(guild, given, interaction.user.id)
    await show_parts(interaction, member, "Here is a new character; more can be said about it.")


async def _copy(interaction: Interaction, member: Member) -> None:
    await need_author(interaction)
    cast, guild = interaction.client.services.cast, interaction.guild_id or 0
    copy = await cast.copy(guild, member, interaction.user.id)
    sentence = f"This copy, `{copy.character}`, is this server's own; change what you like."
    await show_parts(interaction, copy, sentence)


async def _edit(interaction: Interaction, member: Member, part: str) -> None:
    given = _given(interaction, PARTS[part])
    cast, guild = interaction.client.services.cast, interaction.guild_id or 0
    changed = await cast.edit(guild, member.character, given, interaction.user.id)
    await show_parts(interaction, changed, "That is how it is now.")


async def _remove(interaction: Interaction, member: Member) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    client, guild, by = interaction.client, interaction.guild_id or 0, interaction.user.id
    gone = await forget(client, Which(guild=guild, character=member.character))
    if gone:
        what = f"memories of {member.character}"
        line_ = AuditLine(guild, by, what, f"{gone.memories} memories", "", datetime.now(UTC))
        await client.services.administration.note(line_)
    await client.services.cast.remove(guild, member.character, by)
    await client.portraits.remove(guild, member.character)
    await tell(interaction, f"{plain(member.card.called)} is removed. {told(gone)}")


async def _member(interaction: Interaction, character: str) -> Member:
    """Return a character by its id.  Raises ShownToUser."""
    members = await interaction.client.services.cast.members(interaction.guild_id or 0)
    if character not in members:
        raise ShownToUser("There is no such character here any more; see /character list.")
    need_fitting_channel(interaction, members[character].card)
    return members[character]


async def _changeable(interaction: Interaction, character: str) -> Member:
    """Return a character that whoever asks may change.  Raises ShownToUser."""
    member = await _member(interaction, character)
    await need_change(interaction, member)
    return member


def _part(values: Sequence[str]) -> str:
    numbered = {str(number): part for number, part in enumerate(PARTS)}
    if not values or values[0] not in numbered:
        raise ShownToUser(UNKNOWN)
    return numbered[values[0]]


def _input(field: FormField, text: str) -> ui.Label[Any]:
    return line(
        field.name,
        field.label,
        field.hint,
        value=text,
        most=field.most,
        required=field is NAME,
        long=field.long,
    )


def _given(interaction: Interaction, fields: Sequence[FormField]) -> Mapping[str, str]:
    """Return what was typed into these fields and no others."""
    known = {field.name for field in fields}
    return {name: text for name, text in typed_in(interaction).items() if name in known}


def _elsewhere(card: Card) -> str:
    """Return which fields no form can hold; "" where there are none."""
    long = [
        field.label for part in PARTS.values() for field in part if typed_form(card, field) is None
    ]
    if not long:
        return ""
    return (
        f"Too long for a form: {', '.join(long)}. To change that, /character export the card, "
        "edit it in another program and import it."
    )

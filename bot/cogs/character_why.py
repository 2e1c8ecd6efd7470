"""/character why: which entries of a lorebook went into an answer, and why the others did not."""

import io
from collections.abc import Mapping
from typing import Final

import discord

from bot.arena.table import Table
from bot.cogs.character_rights import need_fitting_channel
from bot.cogs.chat_opening import chat_here
from bot.cogs.controls import cut
from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.speech import plain
from bot.errors import ShownToUser
from characters.card import Card
from characters.hindsight import Lore, last_speaker, lore_of
from characters.scan import Place, Verdict
from characters.situation import Summary
from games.core import SPECTATOR, Seat, listed

LONGEST: Final = 1800
"""Characters told in a message; what is longer comes as a file."""


async def explain(interaction: Interaction, name: str) -> None:
    """Tell what became of each entry for the last answer in this channel's chat."""
    _, table = await chat_here(interaction)
    await explain_answer(interaction, table, await _who(interaction, table, name))


async def explain_answer(interaction: Interaction, table: Table, seat: Seat) -> None:
    """Tell what became of each entry for a character's last answer in a chat."""
    services, match_id = interaction.client.services, table.setup.match_id
    members = await services.cast.members(interaction.guild_id or 0)
    character = _characters(table).get(seat, "")
    if character not in members:
        raise ShownToUser(f"{seat} is no character of this server any more.")
    card = members[character].card
    need_fitting_channel(interaction, card)
    player = services.characters.get((match_id, seat))
    kept = await services.memories.summary_of(match_id, seat)
    found = lore_of(
        table.match.view_of(seat),
        card,
        match_id,
        player.prompt if player else None,
        Summary(kept.upto, kept.text) if kept else None,
    )
    if found is None:
        raise ShownToUser(f"{seat} has answered nobody in this chat yet.")
    await _tell(interaction, card, found)


def why_text(card: Card, found: Lore) -> tuple[str, str]:
    """Return the head, and a line for each entry, those that were taken first."""
    taken = list(found.scan.taken)
    rest = [one for one in found.scan.verdicts if one not in taken]
    told = f"{sum(one.tokens for one in taken)} tokens"
    head = (
        f"Line {found.line} of {card.called}: {len(taken)} of {len(found.scan.verdicts)} entries "
        f"of the lorebook went into it, about {told}."
    )
    if found.again:
        head += " (Worked out again, from what the chat and the card say now.)"
    if found.left_out:
        head += f" There was no room for {listed(found.left_out)}."
    lines = [f"+ {_title(one)} ({_where(one)}, {one.tokens} tokens): {one.reason}" for one in taken]
    return head, "\n".join([*lines, *(f"- {_title(one)}: {one.reason}" for one in rest)])


async def _tell(interaction: Interaction, card: Card, found: Lore) -> None:
    if not found.scan.verdicts:
        await tell(interaction, f"{plain(card.called)} has no lorebook.")
        return
    head, lines = why_text(card, found)
    shown = plain(f"{head}\n") + plain(lines)
    if len(shown) <= LONGEST:
        await tell(interaction, shown)
        return
    file = discord.File(io.BytesIO(f"{head}\n\n{lines}\n".encode()), "why.txt")
    await tell(interaction, plain(head), file=file)


async def _who(interaction: Interaction, table: Table, name: str) -> Seat:
    """Return the seat whose answer is meant.  Raises ShownToUser."""
    if not name:
        last = last_speaker(table.match.view_of(SPECTATOR))
        if last is None:
            raise ShownToUser("No character has answered anybody in this chat yet.")
        return last
    wanted = await interaction.client.services.cast.find(interaction.guild_id or 0, name)
    for seat, character in _characters(table).items():
        if character == wanted.character:
            return seat
    raise ShownToUser(f"{wanted.card.called} does not take part in this chat.")


def _characters(table: Table) -> Mapping[Seat, str]:
    """Return which character sits where."""
    return {
        seat: player.split(":")[1]
        for seat, player in table.players.items()
        if player.startswith("character:")
    }


def _title(one: Verdict) -> str:
    return cut(one.entry.title or f"entry {one.entry.number}", 60)


def _where(one: Verdict) -> str:
    return f"{one.depth} messages up" if one.place is Place.DEPTH else str(one.place)

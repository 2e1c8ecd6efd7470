"""/character why: which entries of a lorebook went into an answer, and why the others did not."""

import io
from typing import Final

import discord

from bot.arena.chats import ChatPlace
from bot.arena.table import Table
from bot.cogs.character_rights import need_fitting_channel
from bot.cogs.controls import cut
from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.speech import plain
from bot.errors import ShownToUser
from characters.card import Card
from characters.hindsight import Lore, last_speaker, lore_of
from characters.scan import Place, Verdict
from characters.situation import Summary
from games.core import SPECTATOR, Seat

LONGEST: Final = 1800
"""Characters told in a message; what is longer comes as a file."""


async def explain(interaction: Interaction, name: str) -> None:
    """Tell what became of each entry for the last answer in this channel's chat."""
    services, guild = interaction.client.services, interaction.guild_id or 0
    chat = await _chat_here(interaction)
    table = await services.arena.wake(chat.match_id)
    seat, character = await _who(interaction, table, name)
    members = await services.cast.members(guild)
    if character not in members:
        raise ShownToUser(f"{seat} is no character of this server any more.")
    card = members[character].card
    need_fitting_channel(interaction, card)
    player = services.characters.get((chat.match_id, seat))
    kept = await services.memories.summary_of(chat.match_id, seat)
    found = lore_of(
        table.match.view_of(seat),
        card,
        chat.match_id,
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


async def _chat_here(interaction: Interaction) -> ChatPlace:
    for chat in await interaction.client.services.chats.open_chats():
        if (chat.guild, chat.place) == (interaction.guild_id, interaction.channel_id):
            return chat
    raise ShownToUser("Nobody chats with a character here just now; /chat begins a chat.")


async def _who(interaction: Interaction, table: Table, name: str) -> tuple[Seat, str]:
    """Return whose answer is meant: the seat, and the character in it.  Raises ShownToUser."""
    seats = {
        seat: player.split(":")[1]
        for seat, player in table.players.items()
        if player.startswith("character:")
    }
    if not name:
        last = last_speaker(table.match.view_of(SPECTATOR))
        if last not in seats:
            raise ShownToUser("No character has answered anybody in this chat yet.")
        return last, seats[last]
    wanted = await interaction.client.services.cast.find(interaction.guild_id or 0, name)
    for seat, character in seats.items():
        if character == wanted.character:
            return seat, character
    raise ShownToUser(f"{wanted.card.called} does not take part in this chat.")


def _title(one: Verdict) -> str:
    return cut(one.entry.title or f"entry {one.entry.number}", 60)


def _where(one: Verdict) -> str:
    return f"{one.depth} messages up" if one.place is Place.DEPTH else str(one.place)
